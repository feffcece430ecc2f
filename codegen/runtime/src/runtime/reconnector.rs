//! A state machine that says what to do after each ending, and keeps the limits of the connection.
//!
//! Takes what happens, with times and random numbers, and returns plans. It never reads a clock, sleeps or connects.

use core::marker::PhantomData;
use core::time::Duration;

use super::budget::{Budget, Clock};
use super::close_code::CloseCode;
use super::decide::{Counts, Ended, Pending, Progress, Stopped};
use super::limits::{Limits, NewSessionBy};
use super::opcode::Opcode;
use super::plan::{Ending, Failure, Plan, Stage, Why};
use super::policy::{Action, Cause, Policy};

const START: Policy = Policy::new(Action::Resume, "The client starts.");
const UNREACHABLE: Policy = Policy::new(Action::Resume, "No connection was opened, so no session is lost.").cause(Cause::Network);
const SILENT: Policy = Policy::new(Action::Resume, "The connection is dead.").cause(Cause::Network);
const LEFT: Policy = Policy::new(Action::Stop, "The client was told to leave.").close_with(1000);

/// How a connection ended, for [`Reconnector::after`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum End {
    /// With a close code, or without one.
    Close(Option<u16>),
    /// The client itself closed it with this code, or dropped it, in order to connect again.
    Sent(Option<u16>),
    /// A heartbeat was not acknowledged.
    HeartbeatTimeout,
    /// The server did not answer in time.
    Timeout(Stage),
    /// It could not be opened.
    Failure(Failure),
}

type Answer = fn(Option<u16>) -> Option<&'static Policy>;

/// Says what to do after each ending of one connection, and keeps the limits of the connection.
///
/// `T` is the table of close codes of the connection. A reconnector has no clock and no source of randomness: `now` is the
/// time since any fixed moment, such as the start of the program, and `random` is a random number. A clock that is set back
/// counts as one that stands still until it has caught up. Take a clock that goes on while the machine sleeps: on Linux and
/// macOS `std::time::Instant` does not.
///
/// - After a few failed resumes a new session follows, at the main address. A resume that the server accepted is no failed one.
/// - New sessions keep their distance and their number a day, whatever ends them. If none a day is allowed, it stops.
/// - Waits grow while attempts fail, and while sessions end soon. Each five seconds of a session take one step back, a minute all.
/// - A connection that cannot be opened costs nothing, and never ends the client or its session, however often it happens.
/// - A stop is final until [`start`](Self::start), or until an event of the policy overrules it.
///
/// What each call may follow: [`connecting`](Self::connecting) a plan, when its delay is over; [`opened`](Self::opened),
/// [`greeted`](Self::greeted) and [`identified`](Self::identified) follow that, [`ready`](Self::ready) or
/// [`resumed`](Self::resumed) comes last. Each of them may be left out: then limits are kept by the most that can have happened.
/// Called where they make no sense they change nothing. The endings always return a plan: the present one if they are reported
/// twice, and the stop while the client is stopped.
///
/// ```
/// use core::time::Duration;
/// use wirecodes::{example::AnyCloseCode, Action, Failure, Reconnector};
///
/// let mut reconnector = Reconnector::<AnyCloseCode>::new();
/// let first = reconnector.start(Duration::ZERO, 0);
/// assert_eq!((first.action, first.delay), (Action::NewSession, Duration::ZERO));
///
/// // The server cannot be reached: the next attempt comes later.
/// reconnector.connecting(Duration::ZERO);
/// let again = reconnector.after_failed_connect(Failure::Network, Duration::from_secs(1), 0);
/// assert!(again.delay >= Duration::from_secs(1));
/// println!("{again}");
/// ```
#[derive(Clone, Debug)]
pub struct Reconnector<T> {
    pub(super) limits: Limits,
    /// Whether new sessions are counted here. Otherwise a [`Fleet`](super::Fleet) or a queue elsewhere does it.
    pub(super) has_budget: bool,
    answers: Option<Answer>,
    pub(super) give_up_after: Option<u32>,
    pub(super) clock: Clock,
    pub(super) budget: Budget,
    /// Whether there is a session that can be resumed.
    pub(super) has_session: bool,
    /// Since when the session is live on this connection.
    pub(super) live_since: Option<Duration>,
    pub(super) counts: Counts,
    /// The plan that the client has not carried out to the end yet, as far as is known.
    pub(super) pending: Option<Pending>,
    /// Whether the caller says when it carries out a plan.
    pub(super) says_connecting: bool,
    /// What the client waits for, and until when.
    pub(super) stage: Option<(Stage, Duration)>,
    pub(super) stopped: Option<Stopped>,
    /// When the server last moved.
    pub(super) moved_at: Option<Duration>,
    /// Whether the client was in a channel when that was last said, and when.
    pub(super) voice: Option<(bool, Duration)>,
    table: PhantomData<fn() -> T>,
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
            has_budget: true,
            answers: None,
            give_up_after: None,
            clock: Clock::default(),
            budget: Budget::default(),
            has_session: false,
            live_since: None,
            counts: Counts::default(),
            pending: None,
            says_connecting: false,
            stage: None,
            stopped: None,
            moved_at: None,
            voice: None,
            table: PhantomData,
        }
    }

    /// Without a distance and a number of new sessions: a [`Fleet`](super::Fleet) or a queue elsewhere keeps them.
    #[must_use]
    pub fn without_budget(mut self) -> Self {
        self.limits = Limits { identifies_per_day: None, identify_every: Duration::ZERO, ..self.limits };
        self.has_budget = false;
        self
    }

    /// With answers of the program's own, which are asked before the table: `None` leaves the answer to the table.
    #[must_use]
    pub fn with_answers(mut self, answers: fn(Option<u16>) -> Option<&'static Policy>) -> Self {
        self.answers = Some(answers);
        self
    }

    /// With a stop after so many sessions in a row that ended soon after they were accepted. An outage does not count.
    #[must_use]
    pub fn give_up_after(mut self, sessions: u32) -> Self {
        self.give_up_after = Some(sessions);
        self
    }

    /// There is a session to resume that this reconnector did not see: saved to disk, or opened by pairing. Attempts that failed
    /// before are forgotten.
    pub fn restore_session(&mut self) {
        self.has_session = true;
        self.counts = Counts { failures: 0, resumes: 0, unreachable: 0, ..self.counts };
    }

    /// How many new sessions the server still allows, and when its count starts again. A waiting plan takes it up when it is
    /// asked again: [`wake`](Self::wake).
    pub fn set_budget(&mut self, remaining: u32, reset_after: Duration, now: Duration) {
        let now = self.clock.tick(now);
        self.budget.window = Some((remaining, now.saturating_add(reset_after)));
    }

    /// The first plan, and the one after the cause of a stop is removed. A plan that still waits keeps its wait.
    pub fn start(&mut self, now: Duration, random: u32) -> Plan {
        let now = self.clock.tick(now);
        self.settle(&START, now);
        if self.stopped.take().is_some() {
            self.counts = Counts { short: 0, new_sessions: 0, ..self.counts };
        }
        let ended = Ended::new(Ending::Start, &START);
        self.try_again(self.possible(ended, true, false), now, random)
    }

    /// The plan is carried out: the client connects, or asks the main connection. Nothing if no plan waits. If it is called before
    /// the delay is over, the deadline counts from when it is.
    pub fn connecting(&mut self, now: Duration) {
        let now = self.clock.tick(now);
        if let Some(pending) = self.pending.as_mut().filter(|pending| pending.waits()) {
            pending.progress = Progress::Begun;
            self.says_connecting = true;
            self.stage = Some((Stage::Upgrade, pending.due.max(now).saturating_add(self.limits.upgrade)));
        }
    }

    /// The connection is open: the server has to greet. Nothing if no connection was being opened.
    pub fn opened(&mut self, now: Duration) {
        let now = self.clock.tick(now);
        if let (Some(pending), Some((Stage::Upgrade, _))) = (&mut self.pending, self.stage) {
            pending.has_address = true;
            self.stage = Some((Stage::Hello, now.saturating_add(self.limits.hello)));
        }
    }

    /// The server greeted: nothing is timed until Identify or Resume is sent, as by a shard that waits for its turn.
    pub fn greeted(&mut self) {
        self.stage = self.stage.filter(|(stage, _)| *stage != Stage::Hello);
    }

    /// The client sent Identify or Resume. Nothing if no plan is carried out, or if the session is live.
    pub fn identified(&mut self, now: Duration) {
        let now = self.clock.tick(now);
        self.charge(now);
        if let Some(pending) = &mut self.pending {
            pending.has_address = true;
            let (stage, time) = match pending.plan.action {
                Action::Resume => (Stage::Resumed, self.limits.resumed),
                _ => (Stage::Ready, self.limits.ready),
            };
            // A person takes any time.
            let is_timed = pending.plan.by != NewSessionBy::Person;
            self.stage = Some((stage, now.saturating_add(time))).filter(|_| is_timed);
        }
    }

    /// The server accepted a new session. Nothing while the client is stopped. It may be said again with each message.
    pub fn ready(&mut self, now: Duration) {
        self.live(now);
    }

    /// The server accepted a resumed session. Nothing while the client is stopped. It may be said again with each message.
    pub fn resumed(&mut self, now: Duration) {
        self.live(now);
    }

    /// The connection ended in any of these ways, each of which has a method of its own as well.
    pub fn after(&mut self, end: End, now: Duration, random: u32) -> Plan {
        match end {
            End::Close(close_code) => self.after_close(close_code, now, random),
            End::Sent(close_code) => self.after_sending(close_code, now, random),
            End::HeartbeatTimeout => self.after_heartbeat_timeout(now, random),
            End::Timeout(stage) => self.after_timeout(stage, now, random),
            End::Failure(failure) => self.after_failed_connect(failure, now, random),
        }
    }

    /// The connection ended, with a close code or without one.
    pub fn after_close(&mut self, close_code: Option<u16>, now: Duration, random: u32) -> Plan {
        self.end(self.closed(close_code), now, random)
    }

    /// The same with a code of another table, where one service has several: a failed login beside the errors of the stream.
    pub fn after_close_of<U: CloseCode>(&mut self, close_code: Option<u16>, now: Duration, random: u32) -> Plan {
        let name = close_code.and_then(U::from_code).map(U::name);
        self.end(Ended::new(Ending::Close(close_code, name), U::policy_for(close_code)), now, random)
    }

    /// The same as [`after_close`](Self::after_close) where the server says how long to wait, as it does of a ban with an end. Then
    /// a stop becomes a wait.
    pub fn after_close_until(&mut self, close_code: Option<u16>, retry_after: Duration, now: Duration, random: u32) -> Plan {
        self.end(Ended { retry_after: Some(retry_after), ..self.closed(close_code) }, now, random)
    }

    /// The client itself closed the connection with this code, in order to connect again.
    pub fn after_sending(&mut self, close_code: Option<u16>, now: Duration, random: u32) -> Plan {
        self.end(Ended::new(Ending::Sent(close_code), T::policy_after_sending(close_code)), now, random)
    }

    /// A message arrived. Nothing if its opcode does not end the connection or the session.
    ///
    /// `resumable` is what the message says of the session. Pass `true` if it does not say.
    pub fn after_opcode<O: Opcode>(&mut self, opcode: O, resumable: bool, now: Duration, random: u32) -> Option<Plan> {
        let policy = opcode.policy(resumable)?;
        let ending = Ending::Opcode(opcode.code().into(), opcode.name());
        Some(self.end(Ended { close_with: policy.close_with, ..Ended::new(ending, policy) }, now, random))
    }

    /// The server did not acknowledge a heartbeat in time.
    pub fn after_heartbeat_timeout(&mut self, now: Duration, random: u32) -> Plan {
        let policy = T::policy_after_heartbeat_timeout();
        let close_with = policy.close_with;
        self.end(Ended { close_with, ..Ended::new(Ending::HeartbeatTimeout, policy) }, now, random)
    }

    /// The connection could not be opened. If Identify or Resume was not sent, it costs nothing.
    pub fn after_failed_connect(&mut self, failure: Failure, now: Duration, random: u32) -> Plan {
        let retry_after = match failure {
            Failure::Status { retry_after, .. } => retry_after,
            Failure::Network => None,
        };
        let ended = Ended::new(Ending::Failure(failure), &UNREACHABLE);
        self.end(Ended { retry_after, is_free: true, ..ended }, now, random)
    }

    /// The server did not answer in time: [`deadline`](Self::deadline). Before Identify or Resume was sent, it costs nothing.
    pub fn after_timeout(&mut self, stage: Stage, now: Duration, random: u32) -> Plan {
        let ended = Ended::new(Ending::Timeout(stage), &SILENT);
        let close_with = T::policy_after_heartbeat_timeout().close_with;
        let is_free = matches!(stage, Stage::Upgrade | Stage::Hello);
        self.end(Ended { close_with, is_free, ..ended }, now, random)
    }

    /// The client leaves for good: a stop.
    pub fn leave(&mut self) -> Plan {
        let now = self.clock.now;
        if self.pending.map_or(false, |pending| !pending.waits() || pending.due <= now) {
            self.charge(now);
        }
        let ended = Ended { close_with: LEFT.close_with, ..Ended::new(Ending::Left, &LEFT) };
        self.plan(ended, (now, Why::Policy), now)
    }

    /// A waiting plan is asked again, after a sleep of the machine or [`set_budget`](Self::set_budget): the wait of its policy
    /// stays, that for the limits is reckoned anew. Nothing if no plan waits.
    pub fn wake(&mut self, now: Duration) -> Option<Plan> {
        let now = self.clock.tick(now);
        let pending = self.pending.filter(Pending::waits)?;
        Some(self.hold(pending, now))
    }

    /// When the client has waited long enough for an answer, or for an event that overrules a stop, on the scale of `now`.
    #[must_use]
    pub fn deadline(&self) -> Option<Duration> {
        let until = match &self.stopped {
            Some(stopped) => stopped.until()?,
            None => self.stage?.1,
        };
        Some(self.clock.outside(until))
    }

    /// Which answer of the server the client waits for.
    #[must_use]
    pub fn stage(&self) -> Option<Stage> {
        Some(self.stage?.0)
    }

    /// How many attempts failed since a session was last accepted. The one that goes on is not counted.
    #[must_use]
    pub fn attempts(&self) -> u32 {
        self.counts.failures.saturating_sub(1)
    }

    /// How many resumes failed since one was last accepted, with one that is going on.
    #[must_use]
    pub fn failed_resumes(&self) -> u32 {
        self.counts.resumes
    }

    /// Whether there is a session that can be resumed.
    #[must_use]
    pub fn has_session(&self) -> bool {
        self.has_session
    }

    /// When the waiting plan is due, on the scale of `now`.
    #[must_use]
    pub fn next_at(&self) -> Option<Duration> {
        let pending = self.pending.filter(Pending::waits)?;
        Some(self.clock.outside(pending.due))
    }

    /// A close, with the answer of the program or else of the table.
    pub(super) fn closed(&self, close_code: Option<u16>) -> Ended {
        let name = close_code.and_then(T::from_code).map(T::name);
        let own = self.answers.and_then(|answers| answers(close_code));
        Ended::new(Ending::Close(close_code, name), own.unwrap_or_else(|| T::policy_for(close_code)))
    }
}
