//! What the main connection says of a connection whose sessions it opens: the server moved, or the client left its channel.

use core::time::Duration;

use super::close_code::CloseCode;
use super::decide::{Ended, Stopped};
use super::limits::NewSessionBy;
use super::plan::{Ending, Instead, Plan, Why};
use super::policy::{Action, Policy, Unless};
use super::reconnector::Reconnector;

/// What is said of the channel counts so long for a stop that follows.
const LATELY: Duration = Duration::from_secs(5);

const MOVED: Policy = Policy::new(Action::NewSession, "The session goes on at the new address.").close_with(1000);
const GONE: Policy =
    Policy::new(Action::Stop, "Another server is being looked for.").fix("Wait for its address.").close_with(1000);

impl<T: CloseCode> Reconnector<T> {
    /// An event arrived that may overrule a stop. A plan if it does, or if it says that the server moved.
    ///
    /// Whether an exception of the policy applies, the caller must see: [`Unless::except`]. An event that has one brings the new
    /// address, and is the same as [`server_moved`](Self::server_moved). After others the main connection has to be asked.
    pub fn after_event(&mut self, event: &str, now: Duration, random: u32) -> Option<Plan> {
        let now = self.clock.tick(now);
        let all = T::ALL.iter().flat_map(|code| code.policy().unless);
        if all.clone().any(|unless| unless.event == event && unless.has_address()) {
            return self.moved(now);
        }
        let stopped = self.stopped?;
        let unless = stopped.plan.policy.unless.iter().find(|unless| unless.event == event)?;
        if !stopped.is_overruled(unless, now) || self.limits.identifies_per_day == Some(0) {
            return None;
        }
        self.stopped = None;
        let (action, instead) = (Action::NewSession, Some(Instead::Event));
        let ended = Ended { action, instead, ..Ended::new(Ending::Event(unless.event), stopped.plan.policy) };
        Some(self.try_again(ended, now, random))
    }

    /// The main connection says that the server changed: its new address has come, or it has none yet.
    ///
    /// A plan to connect there at once, or to stop until there is an address. None if the client has asked for the address and
    /// this is the answer, if it is stopped and the policy says nothing of it, and where no main connection opens sessions.
    pub fn server_moved(&mut self, has_endpoint: bool, now: Duration) -> Option<Plan> {
        let now = self.clock.tick(now);
        if has_endpoint {
            return self.moved(now);
        }
        let is_asking = self.pending.map_or(self.live_since.is_none(), |pending| !pending.has_address);
        if T::NEW_SESSION_BY != NewSessionBy::MainConnection || self.stopped.is_some() || is_asking {
            return None;
        }
        self.settle(&GONE, now);
        self.charge(now);
        let ended = Ended { close_with: GONE.close_with, ..Ended::new(Ending::Gone, &GONE) };
        Some(self.plan(ended, (now, Why::Policy), now))
    }

    /// The main connection says whether the client is in a channel. A plan if that settles a stop that could be overruled.
    pub fn voice_state(&mut self, in_channel: bool, now: Duration) -> Option<Plan> {
        let now = self.clock.tick(now);
        self.voice = Some((in_channel, now));
        let stopped = self.stopped.as_mut()?;
        if stopped.plan.policy.unless.is_empty() || stopped.plan.instead.is_some() {
            return None;
        }
        stopped.in_channel = Some(in_channel);
        stopped.plan.instead = Some(Instead::NotInChannel).filter(|_| !in_channel);
        stopped.plan.instead.map(|_| stopped.plan)
    }

    /// The new address of the server has come.
    fn moved(&mut self, now: Duration) -> Option<Plan> {
        if T::NEW_SESSION_BY != NewSessionBy::MainConnection || self.limits.identifies_per_day == Some(0) {
            return None;
        }
        let is_due = |due: Duration| !self.says_connecting && due <= now;
        match (self.stopped, self.pending) {
            (Some(stopped), _) => {
                let mut events = stopped.plan.policy.unless.iter().filter(|unless| unless.has_address());
                let is_expected = stopped.plan.ending == Ending::Gone || events.any(|unless| stopped.is_overruled(unless, now));
                if !is_expected {
                    return None;
                }
                self.stopped = None;
                // The stop was no failure.
                self.counts.failures = self.counts.failures.saturating_sub(1);
                self.counts.short = self.counts.short.saturating_sub(1);
                return Some(match stopped.plan.ending {
                    Ending::Gone => self.plan_move(Ended::new(Ending::Moved, &MOVED), now),
                    ending => self.plan_move(Ended::new(ending, stopped.plan.policy), now),
                });
            }
            // The answer that the client has asked for.
            (None, Some(pending)) if !pending.has_address && (!pending.waits() || is_due(pending.due)) => {
                self.pending.as_mut()?.has_address = true;
                return None;
            }
            (None, Some(pending)) if !pending.waits() || pending.due <= now => self.charge(now),
            (None, None) if self.live_since.is_none() => return None,
            (None, _) => {}
        }
        self.settle(&MOVED, now);
        self.moved_at = Some(now);
        let ended = Ended { close_with: MOVED.close_with, ..Ended::new(Ending::Moved, &MOVED) };
        Some(self.plan_move(ended, now))
    }

    /// Connects to the new address at once. It takes no new session from the main connection, and is no failure.
    pub(super) fn plan_move(&mut self, ended: Ended, now: Duration) -> Plan {
        let action = Action::NewSession;
        let instead = Some(Instead::Moved).filter(|_| ended.policy.action != action);
        self.plan(Ended { action, instead, ..ended }, (now, Why::Event), now)
    }

    /// Whether the server moved just before this ending, which explains it. One move explains one ending.
    pub(super) fn has_moved(&mut self, policy: &Policy, now: Duration) -> bool {
        let ago = self.moved_at.map(|at| now.saturating_sub(at));
        let explains = |unless: &Unless| unless.has_address() && ago.map_or(false, |ago| ago <= unless.before);
        let is_explained = policy.unless.iter().any(explains);
        if is_explained {
            self.moved_at = None;
        }
        is_explained
    }

    /// Whether the client is in a channel, if that was said just now.
    pub(super) fn said_lately(&self, now: Duration) -> Option<bool> {
        let (in_channel, at) = self.voice?;
        Some(in_channel).filter(|_| now.saturating_sub(at) <= LATELY)
    }
}

impl Stopped {
    /// Whether an event that comes now overrules the stop.
    fn is_overruled(&self, unless: &Unless, now: Duration) -> bool {
        self.plan.instead.is_none() && !self.is_final && now.saturating_sub(self.since) <= self.within(unless)
    }
}
