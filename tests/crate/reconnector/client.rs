//! A client in virtual time that follows the plans, and checks each of them on what it did so far.

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use wirecodes::{Action, CloseCode, Limits, NewSessionBy, Opcode, Plan, Policy, Reconnector, Url, Wait};

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
}

/// One connection: how the server takes it, how long it lives, and what ends it.
#[derive(Clone, Copy, Debug)]
pub struct Step {
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
    ]
}

pub fn steps() -> impl Strategy<Value = Vec<Step>> {
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

/// A client that follows the plans, and what it did.
pub struct Client<T> {
    opcodes: Opcodes<T>,
    pub reconnector: Reconnector<T>,
    limits: Limits,
    pub now: Duration,
    pub plan: Plan,
    /// When it started new sessions.
    pub identifies: Vec<Duration>,
    /// How often it resumed since a session last lived a minute, or a new one began.
    resumes: u32,
    has_session: bool,
    /// How many endings in a row came before a session had lived a minute.
    failures: u32,
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
        let identifies = Vec::new();
        Self { opcodes, reconnector, limits, now, plan, identifies, resumes: 0, has_session: false, failures: 0, unreachable: 0 }
    }

    /// Carries out the plan, and lives until the next ending.
    pub fn run(&mut self, step: Step) -> TestCaseResult {
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

    fn end(&mut self, ending: Ending, random: u32) -> Option<(&'static Policy, Plan)> {
        let (reconnector, now) = (&mut self.reconnector, self.now);
        Some(match ending {
            Ending::Close(code) => (T::policy_for(code), reconnector.after_close(code, now, random)),
            Ending::Sent(code) => (T::policy_after_sending(code), reconnector.after_sending(code, now, random)),
            Ending::HeartbeatTimeout => (T::policy_after_heartbeat_timeout(), reconnector.after_heartbeat_timeout(now, random)),
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
    fn check(&mut self, plan: Plan, policy: &Policy) -> TestCaseResult {
        prop_assert_eq!(plan.policy, policy);
        let may_resume = self.has_session && self.resumes < self.limits.resumes_before_new;
        let expected = match policy.action {
            Action::Resume if may_resume => Action::Resume,
            Action::Stop => Action::Stop,
            _ if T::NEW_SESSION_BY == NewSessionBy::Person => Action::Stop,
            _ => Action::NewSession,
        };
        prop_assert_eq!(plan.action, expected, "{}", plan);
        prop_assert_eq!(plan.instead.is_some(), plan.action != policy.action, "{}", plan);
        match plan.action {
            Action::Resume => {
                let is_known = self.unreachable < self.limits.resumes_before_new;
                prop_assert_eq!(plan.url, if is_known { Url::Resume } else { Url::Main });
                prop_assert_eq!(plan.by, NewSessionBy::Connection);
            }
            Action::NewSession => prop_assert_eq!((plan.url, plan.by), (Url::Main, T::NEW_SESSION_BY)),
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
    fn longest_first_wait(&self, plan: Plan, policy: &Policy) -> Duration {
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

    /// Whether a new session may start as soon as the shortest distance allows. A few plans are used up for each one that starts:
    /// those that a stop or a second report took the place of.
    fn has_sessions_left(&self) -> bool {
        self.has_usual_limits() && self.identifies.len() < 100
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
                prop_assert_eq!((plan.action, plan.by), (Action::NewSession, NewSessionBy::Connection));
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
