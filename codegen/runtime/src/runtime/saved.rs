//! What outlives a restart of the program: numbers and times that remain, never an answer of a table.

use core::convert::TryFrom;
use core::time::Duration;

use super::budget::Budget;
use super::close_code::CloseCode;
use super::decide::{Counts, Ended, Progress};
use super::fleet::Fleet;
use super::plan::{Ending, Instead, Plan, Why};
use super::policy::{Action, Policy};
use super::reconnector::Reconnector;

/// What a [`Reconnector`] or a [`Fleet`] keeps over a restart. The first number is a version; times are milliseconds that remain.
pub type Saved = [u64; 14];

/// The versions of what is saved here.
const CONNECTION: u64 = 1;
const FLEET: u64 = 2;

/// A stop that is not the answer to a close code. One that is has the code and 1.
const OTHER_STOP: u64 = 65_537;

const WAITING: Policy = Policy::new(Action::Resume, "The client was restarted while it waited.");
const STOPPED: Policy = Policy::new(Action::Stop, "The client was stopped.").fix("See why in the log of that time.");

impl<T: CloseCode> Reconnector<T> {
    /// What to keep over a restart. A new session that is about to start counts as started.
    #[must_use]
    pub fn save(&self, now: Duration) -> Saved {
        let now = self.clock.clone().tick(now);
        let mut budget = self.budget;
        let mut wait = 0;
        match &self.pending {
            Some(pending) if pending.waits() && now < pending.due => wait = remaining(pending.due, now),
            Some(pending) if pending.is_counted && pending.progress < Progress::Sent => {
                budget.spend(pending.due.max(now), &self.limits);
            }
            _ => {}
        }
        let stop = self.stopped.map_or(0, |stopped| match (stopped.plan.ending, stopped.plan.instead) {
            (Ending::Close(Some(code), _), None) if self.closed(Some(code)).policy == stopped.plan.policy => u64::from(code) + 1,
            _ => OTHER_STOP,
        });
        let counts = self.counts;
        let [failures, short, resumes] = [counts.failures, counts.short, counts.resumes].map(u64::from);
        let [unreachable, new_sessions] = [counts.unreachable, counts.new_sessions].map(u64::from);
        let [next, earned, left, until] = budget.save(now);
        let has_session = self.has_session.into();
        [CONNECTION, has_session, failures, short, resumes, unreachable, new_sessions, stop, wait, next, earned, left, until, 0]
    }

    /// Takes up what was saved, `away` ago by a clock that goes on meanwhile. Zero if nobody knows: waits are longer then, never
    /// shorter. The plan of the stop, if the client was stopped; otherwise, and after that is repaired, [`start`](Self::start).
    ///
    /// Nothing if a version wrote it that this one does not know: a fresh start.
    pub fn restore(&mut self, saved: Saved, away: Duration, now: Duration) -> Option<Plan> {
        let [version, has_session, failures, short, resumes, unreachable, new_sessions, stop, wait, next, earned, left, until, _] =
            saved;
        if version != CONNECTION {
            return None;
        }
        let now = self.clock.tick(now);
        self.budget = Budget::restore([next, earned, left, until], away, now);
        let ended = match u16::try_from(stop.saturating_sub(1)) {
            Ok(code) => self.closed(Some(code)),
            Err(_) => Ended::new(Ending::Restored, &STOPPED),
        };
        // The tables of another version may have another answer to the code.
        let ended = if ended.action == Action::Stop { ended } else { Ended::new(Ending::Restored, &STOPPED) };
        let stopped = Some(ended).filter(|_| stop > 0).map(|ended| self.plan(ended, (now, Why::Policy), now));
        if let Some(stopped) = &mut self.stopped {
            // Nobody knows how long ago it was.
            stopped.is_final = true;
        }
        self.has_session = has_session != 0;
        let own = (at(wait, away, now), Why::Waiting);
        if stopped.is_none() && own.0 > now {
            let again = Ended::new(Ending::Restored, &WAITING);
            let new = Ended { action: Action::NewSession, instead: Some(Instead::NoSession), ..again };
            self.plan(if self.has_session { again } else { new }, own, now);
        }
        let [failures, short, resumes] = [failures, short, resumes].map(number);
        let [unreachable, new_sessions] = [unreachable, new_sessions].map(number);
        self.counts = Counts { failures, short, resumes, unreachable, new_sessions };
        stopped
    }
}

impl<const KEYS: usize> Fleet<KEYS> {
    /// What to keep over a restart. Turns that are given count as sent.
    #[must_use]
    pub fn save(&self, now: Duration) -> Saved {
        let now = self.clock.clone().tick(now);
        let [_, earned, left, until] = self.budget.save(now);
        let total = self.limits.identifies_per_day.map_or(0, |all| u64::from(all) + 1);
        let next = remaining(self.latest(now), now);
        [FLEET, self.concurrency.into(), total, next, earned, left, until, 0, 0, 0, 0, 0, 0, 0]
    }

    /// Takes up what was saved, as [`Reconnector::restore`] does.
    pub fn restore(&mut self, saved: Saved, away: Duration, now: Duration) {
        let [version, concurrency, total, next, earned, left, until, ..] = saved;
        if version != FLEET {
            return;
        }
        let now = self.clock.tick(now);
        self.concurrency = number(concurrency).max(1);
        self.limits.identifies_per_day = total.checked_sub(1).map(number);
        self.budget = Budget::restore([0, earned, left, until], away, now);
        for key in &mut self.keys {
            key.free = key.free.max(at(next, away, now));
        }
    }
}

impl Budget {
    fn save(&self, now: Duration) -> [u64; 4] {
        let (left, until) = self.window.map_or((0, now), |(left, until)| (u64::from(left) + 1, until));
        [remaining(self.next, now), remaining(self.earned, now), left, remaining(until, now)]
    }

    fn restore([next, earned, left, until]: [u64; 4], away: Duration, now: Duration) -> Self {
        let window = left.checked_sub(1).map(|left| (number(left), at(until, away, now)));
        Self { next: at(next, away, now), earned: at(earned, away, now), window }
    }
}

/// What remains of a time, in milliseconds, rounded up.
fn remaining(at: Duration, now: Duration) -> u64 {
    match at.saturating_sub(now) {
        Duration::ZERO => 0,
        time => super::policy::millis(time).saturating_add(1),
    }
}

/// The end of a time of which so much remained.
fn at(remaining: u64, away: Duration, now: Duration) -> Duration {
    now.saturating_add(Duration::from_millis(remaining).saturating_sub(away))
}

fn number(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
