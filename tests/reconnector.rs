//! The reconnector in virtual time: whatever ends the connections of any table, the limits hold and no wait is lost.
//!
//! `build.rs` lists the connections. The rules are checked from outside, on what a client that follows the plans would do: it
//! waits as long as a plan says, connects, and is ended again.

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use wirecodes::{Action, CloseCode, Limits, Opcode, Opener, Plan, Policy, Reconnector, Url, Wait};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const DAY: Duration = Duration::from_hours(24);

/// What ends a connection.
#[derive(Clone, Copy, Debug)]
enum Ending {
    Close(Option<u16>),
    Sent(Option<u16>),
    Opcode(usize, bool),
    Silence,
    /// The connection cannot be opened.
    Unreachable,
}

/// One connection: how the server takes it, how long it lives, and what ends it.
#[derive(Clone, Copy, Debug)]
struct Step {
    is_accepted: bool,
    lives: Duration,
    ending: Ending,
    /// A second report of the ending, as another close code.
    again: Option<Second>,
    /// How long after a stop its event arrives, or a person starts the client again.
    pause: Duration,
    random: u32,
}

/// A second report: the close code, if there is one.
#[derive(Clone, Copy, Debug)]
struct Second(Option<u16>);

fn endings() -> impl Strategy<Value = Ending> {
    let codes = prop_oneof![0..600_u16, 1000..1020_u16, 2999..3010_u16, 3999..4025_u16, any::<u16>()];
    prop_oneof![
        6 => codes.clone().prop_map(|code| Ending::Close(Some(code))),
        1 => Just(Ending::Close(None)),
        1 => codes.prop_map(|code| Ending::Sent(Some(code))),
        2 => any::<(usize, bool)>().prop_map(|(opcode, resumable)| Ending::Opcode(opcode, resumable)),
        1 => Just(Ending::Silence),
        1 => Just(Ending::Unreachable),
    ]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let lives =
        prop_oneof![0..90_000_u64, Just(0), Just(59_999), Just(60_000), 0..10_000_000_u64].prop_map(Duration::from_millis);
    let random = prop_oneof![Just(0), Just(u32::MAX), any::<u32>()];
    let pause = prop_oneof![0..60_000_u64, 4_990..5_010_u64].prop_map(Duration::from_millis);
    let code = prop_oneof![Just(None), (4000..4025_u16).prop_map(Some), (400..600_u16).prop_map(Some)];
    let again = prop_oneof![3 => Just(None), 1 => code.prop_map(|code| Some(Second(code)))];
    let step = (prop::bool::weighted(0.8), lives, endings(), again, pause, random);
    let step = step.prop_map(|(is_accepted, lives, ending, again, pause, random)| Step {
        is_accepted,
        lives,
        ending,
        again,
        pause,
        random,
    });
    prop::collection::vec(step, 1..6)
}

/// Receives the opcode at a position of the table of the connection: what the table says, and the plan.
type Opcodes<T> = fn(&mut Reconnector<T>, usize, bool, Duration, u32) -> Option<(Policy, Plan)>;

fn opcodes<T: CloseCode, O: Opcode>(
    reconnector: &mut Reconnector<T>,
    at: usize,
    resumable: bool,
    now: Duration,
    random: u32,
) -> Option<(Policy, Plan)> {
    let opcode = O::ALL[at % O::ALL.len()];
    let plan = reconnector.after_opcode(opcode, resumable, now, random);
    assert_eq!(plan.is_some(), opcode.policy(resumable).is_some(), "{opcode}");
    opcode.policy(resumable).zip(plan)
}

/// A client that follows the plans, and what it did.
struct Client<T> {
    opcodes: Opcodes<T>,
    reconnector: Reconnector<T>,
    limits: Limits,
    now: Duration,
    plan: Plan,
    /// When it started new sessions.
    identifies: Vec<Duration>,
    /// How often it resumed since a session last lived a minute, or a new one began.
    resumes: u32,
    has_session: bool,
    /// How many endings in a row came before a session had lived a minute.
    failures: u32,
    /// How many attempts to resume in a row found no server.
    unreachable: u32,
}

impl<T: CloseCode> Client<T> {
    fn new(limits: Limits, opcodes: Opcodes<T>) -> Self {
        let mut reconnector = Reconnector::with_limits(limits);
        // Not at zero, so that a clock can be set back.
        let now = Duration::from_secs(1_000_000);
        let plan = reconnector.start(now, 0);
        assert_eq!(plan.delay, Duration::ZERO, "the first start waits");
        let identifies = Vec::new();
        Self { opcodes, reconnector, limits, now, plan, identifies, resumes: 0, has_session: false, failures: 0, unreachable: 0 }
    }

    /// Carries out the plan, and lives until the next ending.
    fn run(&mut self, step: Step) -> TestCaseResult {
        if self.plan.action == Action::Stop {
            return self.stay(step);
        }
        self.now += self.plan.delay;
        if matches!(step.ending, Ending::Unreachable) {
            self.count_plan(false)?;
            let plan = self.reconnector.after_failed_connect(self.now, step.random);
            self.failures = self.failures.max(1);
            return self.check(plan, T::policy_for(None));
        }
        self.count_plan(true)?;
        let lived = self.live(step);
        if lived {
            (self.failures, self.resumes) = (0, 0);
        }
        if step.is_accepted {
            (self.has_session, self.unreachable) = (true, 0);
        }
        let Some((policy, plan)) = self.end(step.ending, step.random) else {
            // The opcode ends nothing, so the connection lives on until it is lost.
            let plan = self.reconnector.after_close(None, self.now, step.random);
            return self.check(plan, T::policy_for(None));
        };
        self.check(plan, policy)?;
        match step.again {
            Some(Second(code)) => self.report_again(code, step.random),
            None => Ok(()),
        }
    }

    /// The server takes the connection, or not. Whether the session lives a minute.
    fn live(&mut self, step: Step) -> bool {
        if !step.is_accepted {
            self.now += step.lives.min(10 * SECOND);
            return false;
        }
        match self.plan.action {
            Action::Resume => self.reconnector.resumed(self.now),
            _ => self.reconnector.ready(self.now),
        }
        let half = step.lives / 2;
        self.now += half;
        // A client may report each message as a success.
        self.reconnector.resumed(self.now);
        self.now += step.lives.saturating_sub(half);
        step.lives >= MINUTE
    }

    fn end(&mut self, ending: Ending, random: u32) -> Option<(Policy, Plan)> {
        let (reconnector, now) = (&mut self.reconnector, self.now);
        Some(match ending {
            Ending::Close(code) => (T::policy_for(code), reconnector.after_close(code, now, random)),
            Ending::Sent(code) => (T::policy_after_sending(code), reconnector.after_sending(code, now, random)),
            Ending::Silence => (T::policy_after_silence(), reconnector.after_silence(now, random)),
            Ending::Opcode(at, resumable) => (self.opcodes)(reconnector, at, resumable, now, random)?,
            Ending::Unreachable => (T::policy_for(None), reconnector.after_failed_connect(now, random)),
        })
    }

    /// Counts what the plan makes the server see.
    fn count_plan(&mut self, reaches_server: bool) -> TestCaseResult {
        match self.plan.action {
            Action::Resume if reaches_server => {
                self.resumes += 1;
                let most = self.limits.resumes_before_new;
                prop_assert!(self.resumes <= most, "resumed {} times of {most}", self.resumes);
            }
            Action::Resume => self.unreachable += 1,
            // A client that waits for its main connection has used up its turn all the same.
            _ => {
                self.identifies.push(self.now);
                (self.resumes, self.unreachable, self.has_session) = (0, 0, false);
            }
        }
        Ok(())
    }

    /// The plan after an ending of which the table says this.
    fn check(&mut self, plan: Plan, policy: Policy) -> TestCaseResult {
        prop_assert_eq!(plan.policy, policy);
        let may_resume = self.has_session && self.resumes < self.limits.resumes_before_new;
        let expected = match policy.action {
            Action::Resume if may_resume => Action::Resume,
            Action::Stop => Action::Stop,
            _ if T::OPENER == Opener::Person => Action::Stop,
            _ => Action::NewSession,
        };
        prop_assert_eq!(plan.action, expected, "{}", plan);
        prop_assert_eq!(plan.instead.is_some(), plan.action != policy.action, "{}", plan);
        match plan.action {
            Action::Resume => {
                let is_known = self.unreachable < self.limits.resumes_before_new;
                prop_assert_eq!(plan.url, if is_known { Url::Resume } else { Url::Main });
                prop_assert_eq!(plan.by, Opener::Connection);
            }
            Action::NewSession => prop_assert_eq!((plan.url, plan.by), (Url::Main, T::OPENER)),
            Action::Stop => prop_assert_eq!(plan.delay, Duration::ZERO),
        }
        if plan.action == Action::Stop {
            self.has_session = false;
        } else {
            prop_assert!(plan.delay >= policy.wait.delay(0, 0), "the wait of the policy is lost: {plan}");
            let has_own_wait = policy.action == Action::NewSession && policy.wait != Wait::None;
            let is_enough = plan.action == Action::Resume || has_own_wait || plan.delay >= 5 * SECOND;
            prop_assert!(is_enough, "a new session comes too soon: {plan}");
            let is_prompt = plan.delay <= self.longest_first_wait(plan, policy);
            prop_assert!(is_prompt, "the first attempt waits too long: {plan}");
            prop_assert!(!self.has_usual_limits() || plan.delay <= 10 * MINUTE, "no progress: {plan}");
            prop_assert!(plan.delay >= self.shortest(plan.action), "{} failures: {plan}", self.failures);
        }
        self.failures += 1;
        self.plan = plan;
        Ok(())
    }

    /// The longest wait before the first attempt after a session that lived, where the policy says how long to wait.
    fn longest_first_wait(&self, plan: Plan, policy: Policy) -> Duration {
        let asked = policy.wait.delay(0, u32::MAX);
        let is_first = self.failures == 0 && plan.action == policy.action;
        match plan.action {
            Action::Resume if is_first => asked,
            Action::NewSession if is_first && policy.wait != Wait::None && self.has_sessions_left() => {
                asked.max(self.limits.identify_every)
            }
            _ => Duration::MAX,
        }
    }

    fn has_usual_limits(&self) -> bool {
        self.limits.identifies_per_day.is_none_or(|all| all >= 1000)
    }

    /// Whether a new session may start as soon as the shortest distance allows.
    fn has_sessions_left(&self) -> bool {
        self.has_usual_limits() && self.identifies.len() < 400
    }

    /// The shortest wait after so many failures.
    fn shortest(&self, action: Action) -> Duration {
        let first = if action == Action::Resume { SECOND } else { 5 * SECOND };
        match self.failures {
            0 => Duration::ZERO,
            failures => (first * (1 << (failures - 1).min(20))).min(150 * SECOND),
        }
    }

    /// The same ending is reported again before the plan is due: it is not a second ending, and the stricter answer counts.
    fn report_again(&mut self, code: Option<u16>, random: u32) -> TestCaseResult {
        if self.plan.action == Action::Stop || self.plan.delay <= SECOND {
            return Ok(());
        }
        self.now += SECOND / 2;
        let remaining = self.plan.delay.saturating_sub(SECOND / 2);
        let policy = T::policy_for(code);
        let again = self.reconnector.after_close(code, self.now, random);
        if policy.action > self.plan.action {
            prop_assert!(again.action == Action::Stop || again.delay >= remaining, "the wait is lost: {again}");
            return self.check(again, policy);
        }
        let mut expected = self.plan;
        expected.delay = remaining;
        prop_assert_eq!(again, expected, "another plan");
        self.plan = again;
        Ok(())
    }

    /// A stop is a stop, until its event arrives or a person starts the client.
    fn stay(&mut self, step: Step) -> TestCaseResult {
        let stopped = self.plan;
        if let Some((_, plan)) = self.end(step.ending, step.random) {
            prop_assert_eq!(plan, stopped, "a stop was overruled");
        }
        self.reconnector.ready(self.now);
        prop_assert_eq!(self.reconnector.after_event("no such event", self.now, step.random), None);
        let since = self.now;
        self.now += step.pause;
        if let Some(unless) = stopped.policy.unless.first() {
            let plan = self.reconnector.after_event(unless.event, self.now, step.random);
            prop_assert_eq!(plan.is_some(), self.now.saturating_sub(since) <= unless.within, "{} after {:?}", unless, step.pause);
            if let Some(plan) = plan {
                prop_assert_eq!((plan.action, plan.by), (Action::NewSession, Opener::Connection));
                match self.failures {
                    1 => prop_assert!(!self.has_sessions_left() || plan.delay <= self.limits.identify_every, "late: {plan}"),
                    _ => prop_assert!(plan.delay >= self.shortest(plan.action), "{} failures: {plan}", self.failures),
                }
                self.failures += 1;
                self.plan = plan;
                return Ok(());
            }
        }
        self.plan = self.reconnector.start(self.now, step.random);
        prop_assert_eq!(self.plan.action, Action::NewSession);
        prop_assert!(self.plan.delay >= self.shortest(Action::NewSession), "{} failures: {}", self.failures, self.plan);
        Ok(())
    }

    /// What all of its new sessions together must keep.
    fn check_budget(&self) -> TestCaseResult {
        for pair in self.identifies.windows(2) {
            prop_assert!(pair[1].saturating_sub(pair[0]) >= self.limits.identify_every, "new sessions at {pair:?}");
        }
        let Some(all) = self.limits.identifies_per_day else { return Ok(()) };
        let all = usize::try_from(all).expect("a small number");
        for (at, time) in self.identifies.iter().enumerate().skip(all) {
            prop_assert!(time.saturating_sub(self.identifies[at - all]) >= DAY, "more than {all} new sessions in 24 hours");
        }
        Ok(())
    }
}

/// Two days of the same endings again and again.
fn days<T: CloseCode>(opcodes: Opcodes<T>, limits: Limits, steps: &[Step]) -> TestCaseResult {
    let mut client = Client::<T>::new(limits, opcodes);
    let end = client.now + 2 * DAY;
    for (count, step) in steps.iter().cycle().enumerate() {
        if client.now > end || count > 3_000 {
            break;
        }
        client.run(*step)?;
    }
    client.check_budget()
}

/// Whatever the times are, nothing panics and no wait is shorter than that of the policy.
fn any_clock<T: CloseCode>(calls: &[(Option<u16>, u64, u32, bool)]) -> TestCaseResult {
    let mut reconnector = Reconnector::<T>::new();
    let _ = reconnector.start(Duration::from_nanos(calls[0].1), 0);
    for (code, now, random, is_large) in calls {
        let now = if *is_large { Duration::new(*now, 999_999_999) } else { Duration::from_millis(now % 100_000) };
        reconnector.ready(now);
        let plan = reconnector.after_close(*code, now, *random);
        let shortest = plan.policy.wait.delay(0, 0);
        prop_assert!(plan.action == Action::Stop || plan.delay >= shortest, "{plan}");
        prop_assert!(plan.delay <= 2 * DAY, "{plan}");
        if plan.action == Action::Stop {
            let _ = reconnector.start(now, *random);
        }
    }
    Ok(())
}

/// The server says how many new sessions it still allows: until its count starts again, there are no more.
fn server_budget<T: CloseCode>(remaining: u32, reset_after: Duration, code: Option<u16>) -> TestCaseResult {
    let mut client = Client::<T>::new(T::LIMITS, |_, _, _, _, _| None);
    let start = client.now;
    client.reconnector.set_budget(remaining, reset_after, start);
    // The first new session was planned before.
    client.now += client.plan.delay;
    let mut used = 0;
    for _ in 0..100 {
        client.reconnector.ready(client.now);
        client.now += MINUTE;
        client.plan = client.reconnector.after_close(code, client.now, 0);
        if client.plan.action == Action::Stop {
            client.plan = client.reconnector.start(client.now, 0);
        }
        if client.plan.action == Action::NewSession {
            let is_left = used < remaining || client.now >= start + reset_after;
            prop_assert!(!is_left || client.plan.delay <= MINUTE, "{used} of {remaining} used: {}", client.plan);
        }
        client.now += client.plan.delay;
        if client.plan.action == Action::NewSession && client.now < start + reset_after {
            used += 1;
        }
    }
    prop_assert!(used <= remaining, "{used} of {remaining}");
    Ok(())
}

/// A close code after which a new session follows.
fn a_code_of_new_sessions<T: CloseCode>() -> Option<u16> {
    (0..=u16::MAX).find(|code| T::policy_for(Some(*code)).action == Action::NewSession)
}

/// Half of a day's new sessions may follow each other at once, and no more: the others are spread over the day.
fn half_a_day_at_once<T: CloseCode>(all: u32) -> TestCaseResult {
    let Some(code) = a_code_of_new_sessions::<T>().filter(|_| T::OPENER != Opener::Person) else { return Ok(()) };
    let mut reconnector = Reconnector::<T>::with_limits(T::LIMITS.with_identifies_per_day(all));
    let mut now = SECOND;
    let _ = reconnector.start(now, 0);
    for used in 1..=all / 2 {
        reconnector.ready(now);
        now += MINUTE;
        let plan = reconnector.after_close(Some(code), now, 0);
        let is_spread = plan.delay > 10 * MINUTE;
        prop_assert_eq!(is_spread, used == all / 2, "{} of {} used: {}", used, all, plan);
        now += plan.delay;
    }
    Ok(())
}

/// A first session that ends at once: the next one keeps its distance, whatever ended the first.
fn distance<T: CloseCode>(opcodes: Opcodes<T>) {
    let first = || {
        let mut reconnector = Reconnector::<T>::new();
        let _ = reconnector.start(SECOND, 0);
        reconnector.ready(SECOND);
        reconnector
    };
    let closes = (0..=u16::MAX).map(|code| first().after_close(Some(code), SECOND, 0));
    let opcodes = (0..=usize::from(u8::MAX)).filter_map(|at| Some(opcodes(&mut first(), at, false, SECOND, 0)?.1));
    for plan in closes.chain(opcodes).filter(|plan| plan.action == Action::NewSession) {
        assert!(plan.delay >= T::LIMITS.identify_every, "{plan}");
    }
}

/// Connections that share the new sessions of a day never start more than these, and waste less than one each.
fn shared<T: CloseCode>(all: u32, connections: u32) -> TestCaseResult {
    let limits = T::LIMITS.with_identifies_per_day(all);
    prop_assert_eq!(limits.identifies_per_day, Some(all));
    let each = u64::from(limits.shared_by(connections).identifies_per_day.expect("a share of a limit is a limit"));
    prop_assert!(each * u64::from(connections) <= all.into(), "{each} each");
    prop_assert!((each + 1) * u64::from(connections.max(1)) > all.into(), "{each} each");
    Ok(())
}

/// A stop that is overruled again and again: the first time at once, then later and later.
fn overruled_again<T: CloseCode>() {
    let has_event = |code: &u16| !T::policy_for(Some(*code)).unless.is_empty();
    let Some(code) = (0..=u16::MAX).find(has_event) else { return };
    let mut reconnector = Reconnector::<T>::new();
    let mut now = SECOND;
    let _ = reconnector.start(now, 0);
    for times in 0..10 {
        let stop = reconnector.after_close(Some(code), now, 0);
        assert_eq!(stop.action, Action::Stop);
        let plan = reconnector.after_event(stop.policy.unless[0].event, now, 0).expect("the event overrules");
        match times {
            0 => assert!(plan.delay <= T::LIMITS.identify_every, "{plan}"),
            _ => assert!(plan.delay >= (5 * SECOND * (1 << times)).min(150 * SECOND), "overruled {times} times before: {plan}"),
        }
        now += plan.delay;
    }
}

/// Limits that allow no new session: whatever happens, none starts, and a session that is there is still resumed.
fn no_new_session<T: CloseCode>(steps: &[Step]) -> TestCaseResult {
    let limits = T::LIMITS.with_identifies_per_day(1).shared_by(2);
    let mut reconnector = Reconnector::<T>::with_limits(limits);
    let mut now = SECOND;
    prop_assert_eq!(reconnector.start(now, 0).action, Action::Stop);
    reconnector.restore_session();
    let plan = reconnector.start(now, 0);
    prop_assert_eq!((plan.action, plan.url), (Action::Resume, Url::Resume));
    for step in steps {
        now += step.lives;
        let plan = match step.ending {
            Ending::Close(code) => reconnector.after_close(code, now, step.random),
            Ending::Sent(code) => reconnector.after_sending(code, now, step.random),
            _ => reconnector.after_failed_connect(now, step.random),
        };
        prop_assert!(plan.action != Action::NewSession, "{plan}");
        for unless in plan.policy.unless {
            let plan = reconnector.after_event(unless.event, now, step.random);
            prop_assert!(plan.is_none_or(|plan| plan.action == Action::Stop));
        }
    }
    Ok(())
}

/// The server cannot be reached for long: the session is kept, the address changes, and a stricter answer loses no wait.
fn server_is_gone<T: CloseCode>(codes: std::ops::Range<u16>) -> TestCaseResult {
    let mut reconnector = Reconnector::<T>::new();
    let mut now = SECOND;
    let _ = reconnector.start(now, 0);
    reconnector.ready(now);
    let mut plan = reconnector.after_close(None, now, u32::MAX);
    for failures in 1..20 {
        if plan.action != Action::Resume {
            return Ok(());
        }
        now += plan.delay;
        plan = reconnector.after_failed_connect(now, u32::MAX);
        let is_known = failures < T::LIMITS.resumes_before_new;
        prop_assert_eq!((plan.action, plan.url == Url::Resume), (Action::Resume, is_known), "after {} failures", failures);
    }
    prop_assert!(plan.delay > 299 * SECOND, "{plan}");
    for code in codes {
        let again = reconnector.clone().after_close(Some(code), now + SECOND, 0);
        prop_assert!(again.action == Action::Stop || again.delay + SECOND >= plan.delay, "after {code}: {again}");
    }
    reconnector.resumed(now);
    let next = reconnector.after_close(None, now, 0);
    prop_assert_eq!((next.action, next.url), (Action::Resume, Url::Resume));
    Ok(())
}

/// A clock that swings, and is never ahead of the true time: in true time the limits hold all the same.
fn clock_that_swings<T: CloseCode>(behind: &[u64]) -> TestCaseResult {
    let code = a_code_of_new_sessions::<T>();
    let mut client = Client::<T>::new(T::LIMITS, |_, _, _, _, _| None);
    let mut behind = behind.iter().cycle().map(|seconds| Duration::from_secs(*seconds));
    let mut read = |now: Duration| now.saturating_sub(behind.next().expect("an endless list"));
    for _ in 0..2_000 {
        client.now += client.plan.delay;
        if client.plan.action == Action::NewSession {
            client.identifies.push(client.now);
        }
        client.reconnector.ready(read(client.now));
        client.now += MINUTE;
        client.plan = client.reconnector.after_close(code, read(client.now), 0);
        if client.plan.action == Action::Stop {
            client.plan = client.reconnector.start(read(client.now), 0);
        }
    }
    client.check_budget()
}

/// A clock that stands still: a session that cannot be resumed is given up all the same.
fn clock_stands_still<T: CloseCode>(code: Option<u16>) -> TestCaseResult {
    let mut reconnector = Reconnector::<T>::new();
    let _ = reconnector.start(SECOND, 0);
    reconnector.ready(SECOND);
    let reports = 2 * (T::LIMITS.resumes_before_new + 1);
    let is_given_up = (0..reports).any(|_| reconnector.after_close(code, SECOND, 0).action != Action::Resume);
    prop_assert!(is_given_up, "resumed after {reports} endings");
    Ok(())
}

/// A clock that jumps ahead and is set right again: after two days at most it counts, and a session can prove itself.
fn clock_that_jumps<T: CloseCode>(ahead: Duration) -> TestCaseResult {
    let mut reconnector = Reconnector::<T>::new();
    let mut now = SECOND;
    let _ = reconnector.start(now, 0);
    reconnector.ready(now);
    let _ = reconnector.after_close(None, now.saturating_add(ahead), 0);
    reconnector.ready(now);
    now += 2 * DAY;
    reconnector.ready(now);
    now += MINUTE;
    let plan = reconnector.after_close(None, now, 0);
    let is_first = plan.action != Action::Resume || plan.delay <= plan.policy.wait.delay(0, u32::MAX);
    prop_assert!(is_first, "after {ahead:?} ahead: {plan}");
    Ok(())
}

/// The tests of one connection.
macro_rules! connection_tests {
    ($module:ident, $table:ty, [], $path:literal) => {
        connection_tests!(@$module, $table, |_, _, _, _, _| None);
    };
    ($module:ident, $table:ty, [$opcodes:ty], $path:literal) => {
        connection_tests!(@$module, $table, opcodes::<$table, $opcodes>);
    };
    (@$module:ident, $table:ty, $opcodes:expr) => {
        mod $module {
            use super::*;

            proptest! {
                #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(96) })]

                #[test]
                fn every_rule_holds(steps in steps(), few in 1..50_u32) {
                    days::<$table>($opcodes, <$table>::LIMITS, &steps)?;
                    days::<$table>($opcodes, <$table>::LIMITS.with_identifies_per_day(few), &steps)?;
                }

                #[test]
                fn a_server_that_is_gone_costs_no_session(first in 0..5000_u16) {
                    server_is_gone::<$table>(first..first + 500)?;
                }

                #[test]
                fn new_sessions_keep_their_number(
                    steps in steps(),
                    code in any::<Option<u16>>(),
                    remaining in 0..50_u32,
                    all in 4..30_u32,
                    connections: u32,
                ) {
                    server_budget::<$table>(remaining, DAY, code)?;
                    half_a_day_at_once::<$table>(all)?;
                    no_new_session::<$table>(&steps)?;
                    shared::<$table>(all, connections % 50)?;
                }

                #[test]
                fn any_clock_is_survived(
                    calls in prop::collection::vec(any::<(Option<u16>, u64, u32, bool)>(), 1..40),
                    behind in prop::collection::vec(prop_oneof![0..100_u64, 0..170_000_u64], 1..5),
                    code in any::<Option<u16>>(),
                    ahead in prop_oneof![0..10_000_000_u64, any::<u64>()],
                ) {
                    any_clock::<$table>(&calls)?;
                    clock_that_swings::<$table>(&behind)?;
                    clock_stands_still::<$table>(code)?;
                    clock_that_jumps::<$table>(Duration::from_secs(ahead))?;
                }
            }

            #[test]
            fn the_second_new_session_keeps_its_distance() {
                distance::<$table>($opcodes);
            }

            #[test]
            fn an_event_that_overrules_again_waits_longer() {
                overruled_again::<$table>();
            }
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/connections.rs"));
