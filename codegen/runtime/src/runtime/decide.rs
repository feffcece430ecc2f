//! How a reconnector decides: from an ending to the plan.

use core::convert::TryFrom;
use core::time::Duration;

use super::close_code::CloseCode;
use super::limits::NewSessionBy;
use super::plan::{Ending, Instead, Plan, Url, Why};
use super::policy::{Action, Cause, Policy, Unless, Wait};
use super::reconnector::Reconnector;

/// A session that lived so long has proved itself: all counters start again.
const PROOF: Duration = Duration::from_secs(60);

/// A session that lived so long takes back one step.
const STEP: Duration = Duration::from_secs(5);

/// So many sessions that ended soon are free.
const FREE: u32 = 2;

/// An ending is reported by several events within this time, even if the plan after it waits for nothing.
const ECHO: Duration = Duration::from_secs(1);

/// How long to wait for a new address, once it is known that the client is still in its channel.
const IN_CHANNEL: Duration = Duration::from_secs(10);

/// The wait before a further resume, where the policy of the first one has none or a constant one.
const RETRY: Wait = Wait::Backoff { first: Duration::from_secs(1), max: Duration::from_secs(300) };

/// The wait before a new session, where the policy has none.
const NEW_SESSION: Wait = Wait::Backoff { first: Duration::from_secs(5), max: Duration::from_secs(300) };

/// What went wrong lately.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    /// Attempts since a session was last accepted.
    pub(super) failures: u32,
    /// Sessions that ended soon after they were accepted.
    pub(super) short: u32,
    /// Resumes since one was last accepted.
    pub(super) resumes: u32,
    /// Connections for a resume that could not be opened.
    pub(super) unreachable: u32,
    /// New sessions after endings that allow only some in a row.
    pub(super) new_sessions: u32,
}

/// How far a plan is carried out, as far as is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Progress {
    Waits,
    Begun,
    /// Identify or Resume was sent.
    Sent,
}

/// A plan that waits, or is carried out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pending {
    pub(super) plan: Plan,
    /// When it may be carried out by its policy alone, and why then.
    pub(super) own: (Duration, Why),
    /// When it may be carried out.
    pub(super) due: Duration,
    /// Whether it takes a new session from the budget.
    pub(super) is_counted: bool,
    pub(super) progress: Progress,
    /// Whether the address to connect to is known, on a connection whose sessions the main one opens.
    pub(super) has_address: bool,
    /// Whether it was handed out twice.
    pub(super) repeated: bool,
}

impl Pending {
    /// Whether it is not carried out yet, as far as is known.
    pub(super) fn waits(&self) -> bool {
        self.progress == Progress::Waits
    }
}

/// A stop, and what may still overrule it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stopped {
    pub(super) plan: Plan,
    pub(super) since: Duration,
    pub(super) in_channel: Option<bool>,
    /// Whether no event overrules it any more.
    pub(super) is_final: bool,
}

impl Stopped {
    /// How long the event may take.
    pub(super) fn within(&self, unless: &Unless) -> Duration {
        match (self.in_channel, unless.has_address()) {
            (Some(true), true) => unless.within.max(IN_CHANNEL),
            _ => unless.within,
        }
    }

    /// Until when an event may overrule the stop.
    pub(super) fn until(&self) -> Option<Duration> {
        let events = self.plan.policy.unless.iter().filter(|_| self.plan.instead.is_none() && !self.is_final);
        Some(self.since.saturating_add(events.map(|unless| self.within(unless)).max()?))
    }
}

/// What ended, what its policy says, and what becomes of that.
#[derive(Clone, Copy)]
pub(super) struct Ended {
    pub(super) ending: Ending,
    pub(super) policy: &'static Policy,
    pub(super) action: Action,
    pub(super) instead: Option<Instead>,
    pub(super) close_with: Option<u16>,
    pub(super) retry_after: Option<Duration>,
    /// Whether it costs nothing if nothing was sent.
    pub(super) is_free: bool,
}

impl Ended {
    pub(super) fn new(ending: Ending, policy: &'static Policy) -> Self {
        let action = policy.action;
        Self { ending, policy, action, instead: None, close_with: None, retry_after: None, is_free: false }
    }
}

impl<T: CloseCode> Reconnector<T> {
    /// The plan after an ending.
    pub(super) fn end(&mut self, ended: Ended, now: Duration, random: u32) -> Plan {
        let now = self.clock.tick(now);
        if let Some(stopped) = &self.stopped {
            return stopped.plan;
        }
        let again = self.pending.filter(|pending| self.is_again(pending, ended.policy, now));
        let has_moved = self.has_moved(ended.policy, now);
        let mut floor = (now, Why::Policy);
        if let Some(pending) = again {
            if has_moved || ended.policy.action <= pending.plan.action {
                self.pending = Some(Pending { repeated: true, ..pending });
                return Plan { delay: pending.due.saturating_sub(now), ..pending.plan };
            }
            floor = self.take_back(&pending);
        }
        let is_free = ended.is_free && again.is_none() && self.give_back();
        let was_short = again.is_none() && self.settle(ended.policy, now);
        if again.is_none() {
            self.charge(now);
        }
        if has_moved {
            return self.plan_move(ended, now);
        }
        self.counts.short = self.counts.short.saturating_add(was_short.into());
        let ended = self.possible(ended, is_free, was_short);
        let own = self.delay(&ended, self.steps(ended.policy, was_short), now, random);
        let told = (now.saturating_add(ended.retry_after.unwrap_or_default()), Why::RetryAfter);
        self.plan(ended, longer(longer(own, floor), told), now)
    }

    /// Whether the ending of the same connection is reported once more: the plan after it was not carried out yet.
    fn is_again(&self, pending: &Pending, policy: &Policy, now: Duration) -> bool {
        let is_resume = pending.plan.action == Action::Resume;
        // No new session of the budget could go uncounted.
        let is_echoed = !pending.is_counted && (!is_resume || (self.says_connecting && policy.wait == Wait::None));
        let echo = if is_echoed && pending.plan.delay == Duration::ZERO { ECHO } else { Duration::ZERO };
        // Who does not say `connecting` may have carried it out by another clock: only what comes right behind it is sure.
        let at_once = pending.due.saturating_sub(pending.plan.delay).saturating_add(ECHO);
        let is_sure = self.says_connecting || (!pending.repeated && self.clock.behind == Duration::ZERO && now < at_once);
        pending.waits() && now < pending.due.saturating_add(echo) && is_sure
    }

    /// The plan was not carried out. Its wait goes on.
    fn take_back(&mut self, pending: &Pending) -> (Duration, Why) {
        self.counts.resumes = self.counts.resumes.saturating_sub((pending.plan.action == Action::Resume).into());
        (pending.own.0, Why::Waiting)
    }

    /// Nothing was sent, so the plan used up nothing. Whether that is so.
    fn give_back(&mut self) -> bool {
        let is_main = |pending: &Pending| pending.plan.by == NewSessionBy::MainConnection;
        match self.pending.filter(|pending| pending.progress < Progress::Sent && !is_main(pending)) {
            Some(pending) => {
                self.take_back(&pending);
                self.counts.unreachable = self.counts.unreachable.saturating_add((pending.plan.action == Action::Resume).into());
                self.counts.failures = self.counts.failures.max(1);
                self.pending = None;
                true
            }
            None => false,
        }
    }

    /// The plan was carried out, as far as is known: what it reserved is used up.
    pub(super) fn charge(&mut self, now: Duration) {
        if let Some(pending) = self.pending.as_mut().filter(|pending| pending.progress < Progress::Sent) {
            pending.progress = Progress::Sent;
            if pending.is_counted {
                self.budget.spend(now, &self.limits);
            }
        }
    }

    /// The session is live, new or resumed.
    pub(super) fn live(&mut self, now: Duration) {
        let now = self.clock.tick(now);
        if self.stopped.is_some() {
            return;
        }
        self.charge(now);
        self.has_session = true;
        self.counts = Counts { failures: 0, resumes: 0, unreachable: 0, ..self.counts };
        (self.pending, self.stage) = (None, None);
        // A client may report each message as a success: the first time counts.
        self.live_since = self.live_since.or(Some(now));
    }

    /// The connection has ended: counters go back by the time that a session lived. Whether there was one that ended soon.
    pub(super) fn settle(&mut self, policy: &Policy, now: Duration) -> bool {
        self.stage = None;
        let lived = match self.live_since.take() {
            Some(since) => now.saturating_sub(since),
            None => return false,
        };
        if lived >= PROOF {
            self.counts = Counts { failures: 0, short: 0, new_sessions: 0, ..self.counts };
        } else if policy.cause != Some(Cause::ClientBug) {
            let steps = lived.as_secs() / STEP.as_secs();
            self.counts.short = self.counts.short.saturating_sub(TryFrom::try_from(steps).unwrap_or(u32::MAX));
        }
        lived < PROOF
    }

    /// How far waits have grown. A session that has just ended is not counted yet.
    pub(super) fn steps(&self, policy: &Policy, was_short: bool) -> u32 {
        let free = if policy.cause == Some(Cause::ClientBug) { 0 } else { FREE };
        let short = self.counts.short.saturating_sub(u32::from(was_short));
        self.counts.failures.saturating_add(short.saturating_sub(free))
    }

    /// With the action, or what takes its place, and why. `may_open`: the session that only a person opens is about to be opened.
    pub(super) fn possible(&self, ended: Ended, may_open: bool, was_short: bool) -> Ended {
        let counts = &self.counts;
        let (action, instead) = match (ended.policy.action, ended.retry_after) {
            (Action::Resume, _) => self.resumable(),
            (Action::Stop, Some(_)) => (self.resumable().0, Some(Instead::Ends)),
            (action, _) => (action, None),
        };
        let is_new = action == Action::NewSession;
        let most = ended.policy.new_sessions_before_stop.filter(|most| is_new && counts.new_sessions >= *most);
        let gives_up = was_short && self.give_up_after.map_or(false, |most| counts.short >= most);
        let (action, instead) = if gives_up && action != Action::Stop {
            (Action::Stop, Some(Instead::GaveUp(counts.short)))
        } else if let Some(most) = most {
            (Action::Stop, Some(Instead::NewSessionsFailed(most)))
        } else if is_new && T::NEW_SESSION_BY == NewSessionBy::Person && !may_open {
            (Action::Stop, Some(Instead::OnlyPerson))
        } else if is_new && self.limits.identifies_per_day == Some(0) {
            (Action::Stop, Some(Instead::NoBudget))
        } else {
            (action, instead)
        };
        Ended { action, instead, ..ended }
    }

    /// Whether the session can be resumed once more, and if not, why not. One that only a person can open is never given up.
    pub(super) fn resumable(&self) -> (Action, Option<Instead>) {
        let resumes = self.counts.resumes;
        if !self.has_session {
            (Action::NewSession, Some(Instead::NoSession))
        } else if resumes >= self.limits.resumes_before_new && T::NEW_SESSION_BY != NewSessionBy::Person {
            (Action::NewSession, Some(Instead::ResumesFailed(resumes)))
        } else {
            (Action::Resume, None)
        }
    }

    /// When the wait of the policy is over, or a longer one after attempts that failed.
    fn delay(&self, ended: &Ended, steps: u32, now: Duration, random: u32) -> (Duration, Why) {
        let Ended { policy, action, .. } = *ended;
        let (is_new, backoff) = (action == Action::NewSession && self.has_budget, Why::Backoff { failures: steps });
        let asked = policy.wait.delay(steps, random);
        let mut wait = (asked, if asked > policy.wait.delay(0, random) { backoff } else { Why::Policy });
        if is_new && (policy.action != action || policy.wait == Wait::None) {
            let why = if steps > 0 { backoff } else { Why::Distance };
            wait = longer(wait, (NEW_SESSION.delay(steps, random), why));
        }
        let growing = (self.growing(action, steps, random), backoff);
        let (delay, why) = longer(wait, growing);
        (now.saturating_add(delay), why)
    }

    /// The shortest wait after attempts that failed.
    fn growing(&self, action: Action, steps: u32, random: u32) -> Duration {
        let wait = if action == Action::NewSession && self.has_budget { NEW_SESSION } else { RETRY };
        steps.checked_sub(1).map_or(Duration::ZERO, |steps| wait.delay(steps, random))
    }

    /// A start, or an event that overrules a stop: at once, unless it happens again and again.
    pub(super) fn try_again(&mut self, ended: Ended, now: Duration, random: u32) -> Plan {
        let mut wait = (now, if ended.ending == Ending::Start { Why::Policy } else { Why::Event });
        // A plan that was not due yet was not carried out, and its wait is not lost.
        match self.pending.filter(|pending| self.is_again(pending, ended.policy, now) || (pending.waits() && now < pending.due)) {
            Some(pending) => wait = longer(wait, self.take_back(&pending)),
            None => self.charge(now),
        }
        let steps = self.steps(ended.policy, false);
        if steps > 1 {
            let at = now.saturating_add(self.growing(ended.action, steps, random));
            wait = longer(wait, (at, Why::Backoff { failures: steps }));
        }
        self.plan(ended, wait, now)
    }

    /// The plan: a stop, or to reconnect when its own wait is over and the limits allow it.
    pub(super) fn plan(&mut self, ended: Ended, own: (Duration, Why), now: Duration) -> Plan {
        let Ended { ending, policy, action, mut instead, close_with, .. } = ended;
        // A move takes no new session from the main connection, and is no failure.
        let is_move = ending == Ending::Moved || instead == Some(Instead::Moved);
        let by = if action == Action::NewSession && !is_move { T::NEW_SESSION_BY } else { NewSessionBy::Connection };
        let is_known = self.counts.unreachable < self.limits.resumes_before_new;
        let url = if action == Action::Resume && is_known { Url::Resume } else { Url::Main };
        let in_channel = self.said_lately(now).filter(|_| action == Action::Stop && !policy.unless.is_empty());
        match action {
            Action::Resume => self.counts.resumes = self.counts.resumes.saturating_add(1),
            Action::NewSession => {
                let is_limited = policy.new_sessions_before_stop.is_some();
                self.counts.new_sessions = self.counts.new_sessions.saturating_add(is_limited.into());
                self.forget_session();
            }
            Action::Stop => {
                instead = Some(Instead::NotInChannel).filter(|_| in_channel == Some(false)).or(instead);
                if ending == Ending::Left || Self::is_lost(policy) {
                    self.forget_session();
                }
            }
        }
        if ending != Ending::Start && !is_move {
            self.counts.failures = self.counts.failures.saturating_add(1);
        }
        let plan = Plan { action, delay: Duration::ZERO, close_with, url, by, policy, ending, instead, why: own.1 };
        if action == Action::Stop {
            self.stopped = Some(Stopped { plan, since: now, in_channel, is_final: false });
            (self.pending, self.stage, self.live_since) = (None, None, None);
            return plan;
        }
        let has_address = by != NewSessionBy::MainConnection;
        let is_counted = action == Action::NewSession && !is_move;
        self.hold(Pending { plan, own, due: own.0, is_counted, has_address, progress: Progress::Waits, repeated: false }, now)
    }

    /// The plan waits until its own wait is over and the limits allow it.
    pub(super) fn hold(&mut self, pending: Pending, now: Duration) -> Plan {
        let (mut due, mut why) = (pending.own.0.max(now), pending.own.1);
        if pending.is_counted {
            match self.budget.earliest(due, &self.limits) {
                (at, Some(Why::Budget { left, until })) => {
                    (due, why) = (at, Why::Budget { left, until: self.clock.outside(until) });
                }
                (at, later) => (due, why) = (at, later.unwrap_or(why)),
            }
        }
        let plan = Plan { delay: due.saturating_sub(now), why, ..pending.plan };
        self.pending = Some(Pending { plan, due, ..pending });
        plan
    }

    /// Whether what has to be repaired before a stop ends makes a new session necessary.
    fn is_lost(policy: &Policy) -> bool {
        match T::NEW_SESSION_BY {
            NewSessionBy::Person => policy.cause == Some(Cause::Account),
            // Its address came with the call that has ended.
            NewSessionBy::MainConnection => true,
            NewSessionBy::Connection => matches!(
                policy.cause,
                Some(
                    Cause::Token
                        | Cause::Shards
                        | Cause::Intents
                        | Cause::ApiVersion
                        | Cause::Protocol
                        | Cause::Encryption
                        | Cause::EndToEndEncryption
                )
            ),
        }
    }

    pub(super) fn forget_session(&mut self) {
        self.has_session = false;
        self.counts = Counts { resumes: 0, unreachable: 0, ..self.counts };
    }
}

fn longer(wait: (Duration, Why), other: (Duration, Why)) -> (Duration, Why) {
    if other.0 > wait.0 {
        other
    } else {
        wait
    }
}
