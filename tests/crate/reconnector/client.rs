//! A client in virtual time that follows the plans, and what must be true of each plan.

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use wirecodes::{
    Action, Cause, CloseCode, Ending as Followed, Failure, Limits, NewSessionBy, Opcode, Plan, Policy, Reconnector, Stage, Url,
    Wait,
};

pub const SECOND: Duration = Duration::from_secs(1);
pub const MINUTE: Duration = Duration::from_mins(1);
pub const DAY: Duration = Duration::from_hours(24);

/// What ends a connection.
#[derive(Clone, Copy, Debug)]
pub enum Ending {
    Close(Option<u16>),
    Sent(Option<u16>),
    Opcode(usize, bool),
    HeartbeatTimeout,
    /// The connection cannot be opened.
    Unreachable,
    /// An answer does not come.
    Timeout(Stage),
}

/// One connection: how the server takes it, how long it lives, and what ends it.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// How long it takes until Identify or Resume is sent.
    opens: Duration,
    is_accepted: bool,
    pub lives: Duration,
    pub ending: Ending,
    /// A second report of the ending, as another close code.
    again: Option<Second>,
    /// How long after a stop its event arrives, or a person starts the client again.
    pause: Duration,
    pub random: u32,
}

/// A second report: the close code, if there is one.
#[derive(Clone, Copy, Debug)]
pub struct Second(Option<u16>);

fn endings() -> impl Strategy<Value = Ending> {
    let codes = prop_oneof![0..600_u16, 1000..1020_u16, 2999..3010_u16, 3999..4025_u16, any::<u16>()];
    prop_oneof![
        6 => codes.clone().prop_map(|code| Ending::Close(Some(code))),
        1 => Just(Ending::Close(None)),
        1 => codes.prop_map(|code| Ending::Sent(Some(code))),
        2 => any::<(usize, bool)>().prop_map(|(opcode, resumable)| Ending::Opcode(opcode, resumable)),
        1 => Just(Ending::HeartbeatTimeout),
        1 => Just(Ending::Unreachable),
        1 => prop::sample::select(&[Stage::Upgrade, Stage::Hello, Stage::Ready][..]).prop_map(Ending::Timeout),
    ]
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
    let lives =
        prop_oneof![0..90_000_u64, Just(0), Just(59_999), Just(60_000), 0..10_000_000_u64].prop_map(Duration::from_millis);
    let random = prop_oneof![Just(0), Just(u32::MAX), any::<u32>()];
    let pause = prop_oneof![0..60_000_u64, 4_990..5_010_u64].prop_map(Duration::from_millis);
    let code = prop_oneof![Just(None), (4000..4025_u16).prop_map(Some), (400..600_u16).prop_map(Some)];
    let again = prop_oneof![3 => Just(None), 1 => code.prop_map(|code| Some(Second(code)))];
    let opens = prop_oneof![Just(0), 0..9_000_u64].prop_map(Duration::from_millis);
    let step = (opens, prop::bool::weighted(0.8), lives, endings(), again, pause, random);
    let step = step.prop_map(|(opens, is_accepted, lives, ending, again, pause, random)| Step {
        opens,
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
pub type Opcodes<T> = fn(&mut Reconnector<T>, usize, bool, Duration, u32) -> Option<(&'static Policy, Plan)>;

pub fn opcodes<T: CloseCode, O: Opcode>(
    reconnector: &mut Reconnector<T>,
    at: usize,
    resumable: bool,
    now: Duration,
    random: u32,
) -> Option<(&'static Policy, Plan)> {
    let opcode = O::ALL[at % O::ALL.len()];
    let plan = reconnector.after_opcode(opcode, resumable, now, random);
    assert_eq!(plan.is_some(), opcode.policy(resumable).is_some(), "{opcode}");
    opcode.policy(resumable).zip(plan)
}

/// The steps that a caller reports. Those that it leaves out happen all the same.
#[derive(Clone, Copy, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each call is left out or not")]
pub struct Told {
    pub connecting: bool,
    pub opened: bool,
    pub identified: bool,
    pub accepted: bool,
}

impl Told {
    pub const ALL: Self = Self { connecting: true, opened: true, identified: true, accepted: true };
}

/// A client that follows the plans, and what it did.
pub struct Client<T> {
    opcodes: Opcodes<T>,
    pub reconnector: Reconnector<T>,
    limits: Limits,
    pub told: Told,
    /// Whether each plan is foretold. It is not where the caller leaves something out.
    pub is_exact: bool,
    pub now: Duration,
    pub plan: Plan,
    /// When it started new sessions.
    pub identifies: Vec<Duration>,
    /// How often it resumed since a session was last accepted, or a new one began.
    resumes: u32,
    has_session: bool,
    /// How many attempts there were since a session was last accepted.
    failures: u32,
    /// How many sessions ended soon, less a step for each five seconds that one lived.
    short: u32,
    /// How many new sessions came after endings that allow only some in a row.
    new_sessions: u32,
    /// How many attempts to resume in a row found no server.
    unreachable: u32,
}

impl<T: CloseCode> Client<T> {
    pub fn new(limits: Limits, opcodes: Opcodes<T>) -> Self {
        let mut reconnector = Reconnector::with_limits(limits);
        // Not at zero, so that a clock can be set back.
        let now = Duration::from_secs(1_000_000);
        let plan = reconnector.start(now, 0);
        assert_eq!(plan.delay, Duration::ZERO, "the first start waits");
        Self {
            opcodes,
            reconnector,
            limits,
            told: Told::ALL,
            is_exact: true,
            now,
            plan,
            identifies: Vec::new(),
            resumes: 0,
            has_session: false,
            failures: 0,
            short: 0,
            new_sessions: 0,
            unreachable: 0,
        }
    }

    /// Carries out the plan, and lives until the next ending.
    pub fn run(&mut self, step: Step) -> TestCaseResult {
        if self.plan.action == Action::Stop {
            return self.stay(step);
        }
        self.now += self.plan.delay;
        let begun = self.now;
        if self.told.connecting {
            self.reconnector.connecting(self.now);
        }
        self.now += step.opens;
        let is_free = matches!(step.ending, Ending::Unreachable | Ending::Timeout(Stage::Upgrade | Stage::Hello));
        let asks_main = self.plan.by == NewSessionBy::MainConnection;
        self.count_plan(!is_free, if asks_main { begun } else { self.now })?;
        if is_free {
            let (policy, plan) = self.end(step.ending, step.random).expect("it ends");
            if !asks_main {
                self.failures = self.failures.max(1);
            }
            return self.check(plan, policy, !asks_main, false);
        }
        if self.told.opened {
            self.reconnector.opened(self.now);
        }
        if self.told.identified {
            self.reconnector.identified(self.now);
        }
        self.live(step);
        let accepted = step.is_accepted;
        let was_short = accepted && step.lives < MINUTE;
        let Some((policy, plan)) = self.end(step.ending, step.random) else {
            // The opcode ends nothing, so the connection lives on until it is lost.
            self.settle(accepted, step.lives, T::policy_for(None));
            let plan = self.reconnector.after_close(None, self.now, step.random);
            return self.check(plan, T::policy_for(None), false, was_short);
        };
        self.settle(accepted, step.lives, policy);
        self.check(plan, policy, false, was_short)?;
        match step.again {
            Some(Second(code)) if self.told.connecting => self.report_again(code, step.random),
            _ => Ok(()),
        }
    }

    /// The server takes the connection, or not.
    fn live(&mut self, step: Step) {
        if !step.is_accepted {
            self.now += step.lives.min(10 * SECOND);
            return;
        }
        if self.told.accepted {
            match self.plan.action {
                Action::Resume => self.reconnector.resumed(self.now),
                _ => self.reconnector.ready(self.now),
            }
        }
        let half = step.lives / 2;
        self.now += half;
        if self.told.accepted {
            // A client may report each message as a success.
            self.reconnector.resumed(self.now);
        }
        self.now += step.lives.saturating_sub(half);
    }

    /// What an ending makes of the counters.
    fn settle(&mut self, is_accepted: bool, lives: Duration, policy: &Policy) {
        if !is_accepted {
            return;
        }
        (self.has_session, self.unreachable, self.resumes, self.failures) = (true, 0, 0, 0);
        if lives >= MINUTE {
            (self.short, self.new_sessions) = (0, 0);
        } else if policy.cause != Some(Cause::ClientBug) {
            self.short = self.short.saturating_sub(u32::try_from(lives.as_secs() / 5).expect("a small number"));
        }
    }

    fn end(&mut self, ending: Ending, random: u32) -> Option<(&'static Policy, Plan)> {
        let (reconnector, now) = (&mut self.reconnector, self.now);
        let own = |plan: Plan| (plan.policy, plan);
        Some(match ending {
            Ending::Close(code) => (T::policy_for(code), reconnector.after_close(code, now, random)),
            Ending::Sent(code) => (T::policy_after_sending(code), reconnector.after_sending(code, now, random)),
            Ending::HeartbeatTimeout => (T::policy_after_heartbeat_timeout(), reconnector.after_heartbeat_timeout(now, random)),
            Ending::Opcode(at, resumable) => (self.opcodes)(reconnector, at, resumable, now, random)?,
            Ending::Unreachable => own(reconnector.after_failed_connect(Failure::Network, now, random)),
            Ending::Timeout(stage) => own(reconnector.after_timeout(stage, now, random)),
        })
    }

    /// Counts what the plan makes the server see.
    fn count_plan(&mut self, reaches_server: bool, at: Duration) -> TestCaseResult {
        match self.plan.action {
            Action::Resume if reaches_server => {
                self.resumes += 1;
                let most = self.limits.resumes_before_new;
                let is_kept = self.resumes <= most || T::NEW_SESSION_BY == NewSessionBy::Person;
                prop_assert!(is_kept, "resumed {} times of {most}", self.resumes);
            }
            Action::Resume => self.unreachable += 1,
            _ => {
                // A client that waits for its main connection has used up its turn all the same.
                if reaches_server || self.plan.by == NewSessionBy::MainConnection {
                    self.identifies.push(at);
                }
            }
        }
        Ok(())
    }

    /// The steps by which waits have grown.
    fn steps(&self, policy: &Policy) -> u32 {
        let free = if policy.cause == Some(Cause::ClientBug) { 0 } else { 2 };
        self.failures + self.short.saturating_sub(free)
    }

    fn expected(&self, policy: &Policy, is_free: bool) -> Action {
        let may_resume = self.resumes < self.limits.resumes_before_new || T::NEW_SESSION_BY == NewSessionBy::Person;
        match policy.action {
            Action::Resume if self.has_session && may_resume => Action::Resume,
            Action::Stop => Action::Stop,
            _ if policy.new_sessions_before_stop.is_some_and(|most| self.new_sessions >= most) => Action::Stop,
            _ if T::NEW_SESSION_BY == NewSessionBy::Person && !is_free => Action::Stop,
            _ => Action::NewSession,
        }
    }

    /// The plan after an ending of which the table says this.
    fn check(&mut self, plan: Plan, policy: &'static Policy, is_free: bool, was_short: bool) -> TestCaseResult {
        if !self.is_exact {
            self.plan = plan;
            let is_kept = plan.action == Action::Stop || plan.delay >= policy.wait.delay(0, 0);
            prop_assert!(is_kept, "the wait of the policy is lost: {plan}");
            return Ok(());
        }
        prop_assert_eq!(plan.policy, policy);
        prop_assert_eq!(plan.action, self.expected(policy, is_free), "{}", plan);
        prop_assert_eq!(plan.instead.is_some(), plan.action != policy.action, "{}", plan);
        let steps = self.steps(policy);
        match plan.action {
            Action::Resume => {
                let is_known = self.unreachable < self.limits.resumes_before_new;
                prop_assert_eq!(plan.url, if is_known { Url::Resume } else { Url::Main });
                prop_assert_eq!(plan.by, NewSessionBy::Connection);
            }
            Action::NewSession => {
                prop_assert_eq!((plan.url, plan.by), (Url::Main, T::NEW_SESSION_BY));
                self.new_sessions += u32::from(policy.new_sessions_before_stop.is_some());
                (self.resumes, self.unreachable, self.has_session) = (0, 0, false);
            }
            Action::Stop => prop_assert_eq!(plan.delay, Duration::ZERO),
        }
        if plan.action == Action::Stop {
            self.has_session &= keeps_session::<T>(policy);
        } else {
            prop_assert!(plan.delay >= policy.wait.delay(0, 0), "the wait of the policy is lost: {plan}");
            let has_own_wait = policy.action == Action::NewSession && policy.wait != Wait::None;
            let is_enough = plan.action == Action::Resume || has_own_wait || plan.delay >= 5 * SECOND;
            prop_assert!(is_enough, "a new session comes too soon: {plan}");
            let is_prompt = steps > 0 || plan.delay <= self.longest_first_wait(plan, policy);
            prop_assert!(is_prompt, "the first attempt waits too long: {plan}");
            prop_assert!(!self.has_usual_limits() || plan.delay <= 10 * MINUTE, "no progress: {plan}");
            prop_assert!(plan.delay >= shortest(plan.action, steps), "{steps} steps: {plan}");
        }
        self.failures += 1;
        self.short += u32::from(was_short);
        self.plan = plan;
        Ok(())
    }

    /// The longest wait before the first attempt after a session that lived, where the policy says how long to wait.
    fn longest_first_wait(&self, plan: Plan, policy: &Policy) -> Duration {
        let asked = policy.wait.delay(0, u32::MAX);
        match plan.action {
            _ if plan.action != policy.action => Duration::MAX,
            Action::Resume => asked,
            _ if policy.wait != Wait::None && self.has_sessions_left() => asked.max(self.limits.identify_every),
            _ => Duration::MAX,
        }
    }

    fn has_usual_limits(&self) -> bool {
        self.limits.identifies_per_day.is_none_or(|all| all >= 1000)
    }

    /// Whether a new session may start as soon as the shortest distance allows.
    fn has_sessions_left(&self) -> bool {
        self.has_usual_limits() && self.identifies.len() < 100
    }

    /// The same ending is reported again before the plan is carried out: it is not a second ending, and the stricter answer counts.
    fn report_again(&mut self, code: Option<u16>, random: u32) -> TestCaseResult {
        let after = self.plan.delay.min(SECOND) / 2;
        let policy = T::policy_for(code);
        let is_instant = self.plan.action == Action::Resume && policy.action == Action::Resume && policy.wait == Wait::None;
        let is_echo = self.plan.delay > Duration::ZERO || is_instant;
        if self.plan.action == Action::Stop || !is_echo {
            return Ok(());
        }
        self.now += after;
        let remaining = self.plan.delay.saturating_sub(after);
        let again = self.reconnector.after_close(code, self.now, random);
        if policy.action > self.plan.action {
            prop_assert!(again.action == Action::Stop || again.delay >= remaining, "the wait is lost: {again}");
            return self.check(again, policy, false, false);
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
        self.reconnector.connecting(self.now);
        self.reconnector.identified(self.now);
        prop_assert_eq!(self.reconnector.after_event("no such event", self.now, step.random), None);
        let since = self.now;
        self.now += step.pause;
        let address = stopped.policy.unless.iter().find(|unless| unless.except.is_some());
        if let Some(unless) = address.filter(|_| stopped.instead.is_none()) {
            let plan = self.reconnector.after_event(unless.event, self.now, step.random);
            prop_assert_eq!(plan.is_some(), self.now.saturating_sub(since) <= unless.within, "{} after {:?}", unless, step.pause);
            if let Some(plan) = plan {
                let expected = (Action::NewSession, NewSessionBy::Connection, Duration::ZERO);
                prop_assert_eq!((plan.action, plan.by, plan.delay), expected, "{}", plan);
                (self.failures, self.short) = (self.failures.saturating_sub(1), self.short.saturating_sub(1));
                self.plan = plan;
                // A new session at an address that is known takes nothing from the main connection.
                self.told = Told::ALL;
                self.reconnector.connecting(self.now);
                self.reconnector.identified(self.now);
                self.reconnector.ready(self.now);
                self.now += 70 * SECOND;
                self.settle(true, 70 * SECOND, T::policy_for(None));
                let plan = self.reconnector.after_close(None, self.now, step.random);
                return self.check(plan, T::policy_for(None), false, false);
            }
        }
        (self.short, self.new_sessions) = (0, 0);
        let steps = self.steps(T::policy_for(None));
        self.plan = self.reconnector.start(self.now, step.random);
        if self.is_exact {
            let may_resume = self.has_session && self.expected(self.plan.policy, true) == Action::Resume;
            prop_assert_eq!(self.plan.action == Action::Resume, may_resume, "{}", self.plan);
            prop_assert!(steps < 2 || self.plan.delay >= shortest(self.plan.action, steps), "{steps} steps: {}", self.plan);
        }
        prop_assert_eq!(self.plan.ending, Followed::Start);
        Ok(())
    }

    /// What all of its new sessions together must keep.
    pub fn check_budget(&self) -> TestCaseResult {
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

/// The shortest wait after so many steps.
fn shortest(action: Action, steps: u32) -> Duration {
    let first = if action == Action::Resume { SECOND } else { 5 * SECOND };
    steps.checked_sub(1).map_or(Duration::ZERO, |steps| (first * (1 << steps.min(20))).min(150 * SECOND))
}

/// Whether a session can be resumed after a stop, when its cause is removed.
fn keeps_session<T: CloseCode>(policy: &Policy) -> bool {
    match (T::NEW_SESSION_BY, policy.cause) {
        (NewSessionBy::Person, cause) => cause != Some(Cause::Account),
        (NewSessionBy::MainConnection, _) => false,
        (_, cause) => !cause.is_some_and(|cause| {
            matches!(cause, Cause::Token | Cause::Shards | Cause::Intents | Cause::ApiVersion | Cause::Protocol)
                || matches!(cause, Cause::Encryption | Cause::EndToEndEncryption)
        }),
    }
}
