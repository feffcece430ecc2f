//! A state machine that says what to do after each ending, and keeps the limits of the connection.
//!
//! Takes endings with their times and random numbers, and returns plans. It never reads a clock, sleeps or connects.

use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;

use super::close_code::CloseCode;
use super::limits::{Limits, NewSessionBy};
use super::opcode::Opcode;
use super::policy::{Action, Policy, Wait};

/// A session that lived so long has proved itself: counters of failures start again.
const PROOF: Duration = Duration::from_secs(60);

/// The time that the number of new sessions is counted in.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The wait before a further resume, where the policy of the first one has none or a constant one.
const RETRY: Wait = Wait::Backoff { first: Duration::from_secs(1), max: Duration::from_secs(300) };

/// The wait before a new session, where the policy has none.
const NEW_SESSION: Wait =
    Wait::Backoff { first: Duration::from_secs(5), max: Duration::from_secs(300) };

/// The longest step that a clock is believed to take, forward or back. Every rule looks back less far.
const LONGEST_STEP: Duration = Duration::from_secs(48 * 60 * 60);

/// What to do next on one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Plan {
    /// What to do.
    pub action: Action,
    /// How long to wait first. Keep it also if the program does other things meanwhile.
    pub delay: Duration,
    /// The code to close the connection with now, if it is still open.
    pub close_with: Option<u16>,
    /// Where to connect.
    pub url: Url,
    /// Who acts: on a connection whose sessions another one opens, that one asks for the new session.
    pub by: NewSessionBy,
    /// The answer of the table that the plan follows, with its reason and its fix.
    pub policy: &'static Policy,
    /// Why the action is not the one of the policy, where it is not.
    pub instead: Option<&'static str>,
}

impl fmt::Display for Plan {
    /// Writes one line for a log: the action, the delay, why it differs from the policy, and the policy.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.action)?;
        if self.action.reconnects() {
            write!(f, " in {:?}", self.delay)?;
        }
        if let Some(instead) = self.instead {
            write!(f, " ({instead})")?;
        }
        write!(f, "; {}", self.policy)
    }
}

/// Where to connect.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Url {
    /// The address for resuming that the server gave, or the last one where it gives none.
    Resume,
    /// The address for new sessions.
    Main,
}

/// Says what to do after each ending of one connection, and keeps the limits of the connection.
///
/// `T` is the table of close codes of the connection. A reconnector has no clock and no source of randomness: `now` is the
/// time since any fixed moment, such as the start of the program, and `random` is a random number. A clock that is set back
/// counts as one that stands still until it has caught up.
///
/// - After a few failed resumes a new session follows, at the main address.
/// - New sessions keep their distance and their number a day, whatever ends them. If none a day is allowed, it stops.
/// - Waits grow until a session has lived a minute.
/// - A stop is final until [`start`](Self::start), or until an event of the policy overrules it.
///
/// ```
/// use core::time::Duration;
/// use wirecodes::{example::AnyCloseCode, Action, Reconnector};
///
/// let mut reconnector = Reconnector::<AnyCloseCode>::new();
/// let first = reconnector.start(Duration::ZERO, 0);
/// assert_eq!((first.action, first.delay), (Action::NewSession, Duration::ZERO));
///
/// // The server cannot be reached: the next attempt comes later.
/// let again = reconnector.after_failed_connect(Duration::from_secs(1), 0);
/// assert!(again.action == Action::Stop || again.delay >= Duration::from_secs(1));
/// println!("{again}");
/// ```
#[derive(Clone, Debug)]
pub struct Reconnector<T> {
    limits: Limits,
    clock: Clock,
    budget: Budget,
    /// Whether there is a session that can be resumed.
    has_session: bool,
    /// Since when the session is live on this connection.
    live_since: Option<Duration>,
    /// How often the session was resumed since it last lived a minute.
    resumes: u32,
    /// How many attempts failed since a session last lived a minute.
    failures: u32,
    /// How many connections for a resume failed to open.
    unreachable: u32,
    /// The plan that the client has not carried out yet, as far as is known.
    pending: Option<Pending>,
    /// The stop, and when it was.
    stopped: Option<(Plan, Duration)>,
    table: PhantomData<fn() -> T>,
}

/// A plan that waits for its time.
#[derive(Clone, Copy, Debug)]
struct Pending {
    plan: Plan,
    due: Duration,
    /// Whether it was handed out twice.
    repeated: bool,
}

impl<T: CloseCode> Default for Reconnector<T> {
    fn default() -> Self {
        Self::new()
    }
}

impl<T: CloseCode> Reconnector<T> {
    /// A reconnector with the limits of the table.
    #[must_use]
    pub fn new() -> Self {
        Self::with_limits(T::LIMITS)
    }

    /// A reconnector with limits that the server gave this account.
    #[must_use]
    pub fn with_limits(limits: Limits) -> Self {
        Self {
            limits,
            clock: Clock::default(),
            budget: Budget::default(),
            has_session: false,
            live_since: None,
            resumes: 0,
            failures: 0,
            unreachable: 0,
            pending: None,
            stopped: None,
            table: PhantomData,
        }
    }

    /// There is a session to resume that this reconnector did not see: saved to disk, or opened by pairing.
    pub fn restore_session(&mut self) {
        self.has_session = true;
    }

    /// How many new sessions the server still allows, and when its count starts again.
    pub fn set_budget(&mut self, remaining: u32, reset_after: Duration, now: Duration) {
        let now = self.clock.tick(now);
        self.budget.window = Some((remaining, now.saturating_add(reset_after)));
    }

    /// The first plan, and the one after the cause of a stop is removed of a stop.
    pub fn start(&mut self, now: Duration, random: u32) -> Plan {
        let now = self.clock.tick(now);
        let policy = T::policy_for(None);
        self.stopped = None;
        self.pending = None;
        self.settle(now);
        let (action, _) = self.resumable();
        let delay = if self.failures == 0 { Duration::ZERO } else { self.growing(action, random) };
        let instead = Some("the client starts");
        let plan = self.plan(Draft { action, delay, policy, instead, close_with: None }, now);
        // What ends this connection is the first ending, not a further attempt.
        self.failures -= 1;
        plan
    }

    /// The server accepted a new session.
    pub fn ready(&mut self, now: Duration) {
        self.live(now);
    }

    /// The server accepted a resumed session.
    pub fn resumed(&mut self, now: Duration) {
        self.live(now);
    }

    /// The connection ended, with a close code or without one.
    pub fn after_close(&mut self, close_code: Option<u16>, now: Duration, random: u32) -> Plan {
        self.end(T::policy_for(close_code), None, now, random)
    }

    /// The client itself closed the connection with this code, in order to connect again.
    pub fn after_sending(&mut self, close_code: Option<u16>, now: Duration, random: u32) -> Plan {
        self.end(T::policy_after_sending(close_code), None, now, random)
    }

    /// A message arrived. Nothing if its opcode does not end the connection or the session.
    ///
    /// `resumable` is what the message says of the session. Pass `true` if it does not say.
    pub fn after_opcode<O: Opcode>(
        &mut self,
        opcode: O,
        resumable: bool,
        now: Duration,
        random: u32,
    ) -> Option<Plan> {
        let policy = opcode.policy(resumable)?;
        Some(self.end(policy, policy.close_with, now, random))
    }

    /// The server did not acknowledge a heartbeat in time.
    pub fn after_heartbeat_timeout(&mut self, now: Duration, random: u32) -> Plan {
        let policy = T::policy_after_heartbeat_timeout();
        self.end(policy, policy.close_with, now, random)
    }

    /// The connection could not be opened.
    pub fn after_failed_connect(&mut self, now: Duration, random: u32) -> Plan {
        if let (None, Some(pending)) = (self.stopped, self.pending.take()) {
            // Nothing was resumed: the server never saw the attempt.
            if pending.plan.action == Action::Resume {
                self.resumes = self.resumes.saturating_sub(1);
                self.unreachable = self.unreachable.saturating_add(1);
            }
        }
        self.failures = self.failures.max(1);
        self.end(T::policy_for(None), None, now, random)
    }

    /// An event arrived while the client is stopped. A plan if the policy says that the event overrules the stop.
    ///
    /// Whether an exception of the policy applies, the caller must see: [`Unless::except`](super::Unless::except).
    ///
    /// The plan takes the event for the answer of the main connection, with a new address. After an event without one, such as
    /// the start of a new main session, ask the main connection first.
    pub fn after_event(&mut self, event: &str, now: Duration, random: u32) -> Option<Plan> {
        let now = self.clock.tick(now);
        let (stop, since) = self.stopped?;
        let waited = now.saturating_sub(since);
        let overrules = |unless: &super::Unless| unless.event == event && waited <= unless.within;
        if !stop.policy.unless.iter().any(overrules) {
            return None;
        }
        self.stopped = None;
        let delay = if self.failures > 1 {
            self.growing(Action::NewSession, random)
        } else {
            Duration::ZERO
        };
        let draft = Draft {
            action: Action::NewSession,
            delay,
            policy: stop.policy,
            instead: Some("the event overrules the stop"),
            close_with: None,
        };
        let mut plan = self.plan(draft, now);
        // The event is the answer of the main connection.
        plan.by = NewSessionBy::Connection;
        Some(plan)
    }

    /// The plan after an ending.
    fn end(&mut self, policy: &'static Policy, close_with: Option<u16>, now: Duration, random: u32) -> Plan {
        let now = self.clock.tick(now);
        if let Some((plan, _)) = self.stopped {
            return plan;
        }
        let floor = match self.pending {
            Some(pending) if now < pending.due && !pending.repeated => {
                let remaining = pending.due.saturating_sub(now);
                if policy.action <= pending.plan.action {
                    // The ending of the same connection, reported twice.
                    self.pending = Some(Pending { repeated: true, ..pending });
                    return Plan { delay: remaining, ..pending.plan };
                }
                remaining
            }
            _ => {
                self.settle(now);
                Duration::ZERO
            }
        };
        let (action, instead) = self.possible(policy.action);
        let delay = match action {
            Action::Stop => Duration::ZERO,
            _ => self.delay(action, policy, random).max(floor),
        };
        self.plan(Draft { action, delay, policy, instead, close_with }, now)
    }

    /// The action, or what takes its place, and why.
    fn possible(&self, action: Action) -> (Action, Option<&'static str>) {
        let (action, instead) = match action {
            Action::Resume => self.resumable(),
            other => (other, None),
        };
        match action {
            Action::NewSession if T::NEW_SESSION_BY == NewSessionBy::Person => {
                (Action::Stop, Some("only a person can open a new session"))
            }
            other => (other, instead),
        }
    }

    /// Whether the session can be resumed once more, and if not, why not.
    fn resumable(&self) -> (Action, Option<&'static str>) {
        if !self.has_session {
            (Action::NewSession, Some("there is no session to resume"))
        } else if self.resumes >= self.limits.resumes_before_new {
            (Action::NewSession, Some("too many resumes failed"))
        } else {
            (Action::Resume, None)
        }
    }

    /// The wait of the policy, and more after attempts that failed.
    fn delay(&self, action: Action, policy: &Policy, random: u32) -> Duration {
        let asked = policy.wait.delay(self.failures, random);
        let is_new = action == Action::NewSession;
        let has_own_wait = policy.action == Action::NewSession && policy.wait != Wait::None;
        let asked = if is_new && !has_own_wait {
            asked.max(NEW_SESSION.delay(self.failures, random))
        } else {
            asked
        };
        if self.failures == 0 {
            asked
        } else {
            asked.max(self.growing(action, random))
        }
    }

    /// The shortest wait after attempts that failed.
    fn growing(&self, action: Action, random: u32) -> Duration {
        let wait = if action == Action::NewSession { NEW_SESSION } else { RETRY };
        wait.delay(self.failures.saturating_sub(1), random)
    }

    /// A draft becomes the plan, and is counted.
    fn plan(&mut self, draft: Draft, now: Duration) -> Plan {
        let Draft { action, mut delay, policy, instead, close_with } = self.allowed(draft);
        let mut url = Url::Main;
        let mut by = NewSessionBy::Connection;
        match action {
            Action::Resume => {
                if self.unreachable < self.limits.resumes_before_new {
                    url = Url::Resume;
                }
                self.resumes = self.resumes.saturating_add(1);
            }
            Action::NewSession => {
                by = T::NEW_SESSION_BY;
                delay = self
                    .budget
                    .reserve(now.saturating_add(delay), &self.limits)
                    .saturating_sub(now);
                self.forget_session();
            }
            Action::Stop => self.forget_session(),
        }
        let plan = Plan { action, delay, close_with, url, by, policy, instead };
        self.failures = self.failures.saturating_add(1);
        if action == Action::Stop {
            self.stopped = Some((plan, now));
            self.pending = None;
        } else {
            let due = now.saturating_add(delay);
            self.pending = Some(Pending { plan, due, repeated: false });
        }
        plan
    }

    /// The draft, or a stop if the limits allow no new session at all.
    fn allowed(&self, draft: Draft) -> Draft {
        if draft.action != Action::NewSession || self.limits.identifies_per_day != Some(0) {
            return draft;
        }
        let instead = Some("the limits allow no new session");
        Draft { action: Action::Stop, delay: Duration::ZERO, instead, ..draft }
    }

    fn forget_session(&mut self) {
        self.has_session = false;
        self.resumes = 0;
        self.unreachable = 0;
    }

    /// The session is live, new or resumed.
    fn live(&mut self, now: Duration) {
        let now = self.clock.tick(now);
        if self.stopped.is_some() {
            return;
        }
        self.has_session = true;
        self.unreachable = 0;
        self.pending = None;
        // A client may report each message as a success: the first time counts.
        self.live_since = self.live_since.or(Some(now));
    }

    /// The counters start again if the session has lived long enough.
    fn settle(&mut self, now: Duration) {
        if let Some(since) = self.live_since.take() {
            if now.saturating_sub(since) >= PROOF {
                self.failures = 0;
                self.resumes = 0;
            }
        }
    }
}

/// A plan before limits are applied.
#[derive(Clone, Copy)]
struct Draft {
    action: Action,
    delay: Duration,
    policy: &'static Policy,
    instead: Option<&'static str>,
    close_with: Option<u16>,
}

/// Time that only goes forward.
///
/// A clock that is set back stands still until it is where it was, so that one that swings does not make time run too fast.
#[derive(Clone, Copy, Debug, Default)]
struct Clock {
    last: Option<Duration>,
    /// How far the clock is behind where it was.
    behind: Duration,
    now: Duration,
}

impl Clock {
    fn tick(&mut self, now: Duration) -> Duration {
        let last = self.last.replace(now).unwrap_or(now);
        let back = last.saturating_sub(now);
        let forward = now.saturating_sub(last).min(LONGEST_STEP);
        let caught_up = forward.min(self.behind);
        self.behind =
            self.behind.saturating_sub(caught_up).saturating_add(back).min(LONGEST_STEP);
        self.now = self.now.saturating_add(forward.saturating_sub(caught_up));
        self.now
    }
}

/// When new sessions may start.
///
/// Half of a day's number may follow each other at the shortest distance; the other half is spread over the day. So no 24
/// hours ever have more than the number, without a list of all times.
#[derive(Clone, Copy, Debug, Default)]
struct Budget {
    /// When the next new session may start, by the shortest distance.
    next: Duration,
    /// When all that was used is earned again.
    earned: Duration,
    /// How many the server still allows, and until when.
    window: Option<(u32, Duration)>,
}

impl Budget {
    /// The first moment from `at` on at which a new session may start. It is used up.
    fn reserve(&mut self, at: Duration, limits: &Limits) -> Duration {
        let mut at = at.max(self.next);
        if let Some((remaining, until)) = self.window {
            if at < until && remaining == 0 {
                at = until;
            }
        }
        if let Some(all) = limits.identifies_per_day {
            let at_once = (all / 2).max(1);
            let spread = all.saturating_sub(at_once).max(1);
            let step = DAY / spread + Duration::from_nanos(1);
            at = at.max(self.earned.saturating_sub(step * (at_once - 1)));
            self.earned = self.earned.max(at).saturating_add(step);
        }
        if let Some((remaining, until)) = self.window {
            if at < until {
                self.window = Some((remaining.saturating_sub(1), until));
            }
        }
        self.next = at.saturating_add(limits.identify_every);
        at
    }
}
