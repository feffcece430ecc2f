//! Time that only goes forward, and when new sessions may start.

use core::convert::TryFrom;
use core::time::Duration;

use super::limits::Limits;
use super::plan::Why;

/// The time that the number of new sessions is counted in.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest step back that a clock is believed to take: no limit looks back as far.
const LONGEST_BACK: Duration = Duration::from_secs(48 * 60 * 60);

/// The longest step forward: no wait that a server asks for is as long, and no number of such steps reaches the end of time.
const LONGEST_FORWARD: Duration = Duration::from_secs(366 * 24 * 60 * 60);

/// Time that only goes forward.
///
/// A clock that is set back stands still until it is where it was, so that one that swings does not make time run too fast.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Clock {
    last: Option<Duration>,
    /// How far the clock is behind where it was.
    pub(super) behind: Duration,
    pub(super) now: Duration,
}

impl Clock {
    pub(super) fn tick(&mut self, now: Duration) -> Duration {
        let last = self.last.replace(now).unwrap_or(now);
        let back = last.saturating_sub(now);
        let forward = now.saturating_sub(last).min(LONGEST_FORWARD);
        let caught_up = forward.min(self.behind);
        self.behind = self.behind.saturating_sub(caught_up).saturating_add(back).min(LONGEST_BACK);
        self.now = self.now.saturating_add(forward.saturating_sub(caught_up));
        self.now
    }

    /// A moment on the scale of the caller.
    pub(super) fn outside(&self, at: Duration) -> Duration {
        self.last.unwrap_or_default().saturating_add(at.saturating_sub(self.now))
    }
}

/// When new sessions may start.
///
/// Half of a day's number may follow each other at the shortest distance; the other half is spread over the day. So no 24
/// hours ever have more than the number, without a list of all times.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Budget {
    /// When the next new session may start, by the shortest distance.
    pub(super) next: Duration,
    /// When all that was used is earned again.
    pub(super) earned: Duration,
    /// How many the server still allows, and until when.
    pub(super) window: Option<(u32, Duration)>,
}

impl Budget {
    /// The first moment from `at` on at which a new session may start, and why it is later, if it is.
    pub(super) fn earliest(&self, at: Duration, limits: &Limits) -> (Duration, Option<Why>) {
        let mut why = None;
        let mut first = at;
        if self.next > first {
            (first, why) = (self.next, Some(Why::Distance));
        }
        let left = self.window.map_or(0, |(left, until)| if first < until { left } else { 0 });
        let spread = spread(limits).map_or(first, |(at_once, step)| self.earned.saturating_sub(step * (at_once - 1)));
        if spread > first {
            (first, why) = (spread, Some(Why::Budget { left, until: spread }));
        }
        match self.window {
            Some((0, until)) if first < until => (until, Some(Why::Budget { left: 0, until })),
            _ => (first, why),
        }
    }

    /// A new session started.
    pub(super) fn spend(&mut self, at: Duration, limits: &Limits) {
        if let Some((_, step)) = spread(limits) {
            self.earned = self.earned.max(at).saturating_add(step);
        }
        if let Some((left, until)) = self.window.filter(|(_, until)| at < *until) {
            self.window = Some((left.saturating_sub(1), until));
        }
        self.next = self.next.max(at.saturating_add(limits.identify_every));
    }

    /// The last one that was spent did not start after all.
    pub(super) fn give_back(&mut self, now: Duration, limits: &Limits) {
        if let Some((_, step)) = spread(limits) {
            self.earned = self.earned.saturating_sub(step);
        }
        if let Some((left, until)) = self.window.filter(|(_, until)| now < *until) {
            self.window = Some((left.saturating_add(1), until));
        }
    }

    /// How many may start at once.
    pub(super) fn left(&self, now: Duration, limits: &Limits) -> u32 {
        let (at_once, step) = spread(limits).unwrap_or((u32::MAX, Duration::from_nanos(1)));
        let used = self.earned.saturating_sub(now).as_nanos();
        let used = (used + step.as_nanos() - 1) / step.as_nanos();
        let at_once = at_once.min(limits.identifies_per_day.unwrap_or(u32::MAX));
        let earned = at_once.saturating_sub(TryFrom::try_from(used).unwrap_or(u32::MAX));
        match self.window {
            Some((left, until)) if now < until => left.min(earned),
            _ => earned,
        }
    }
}

/// How many new sessions may follow each other, and in what time one more is earned.
fn spread(limits: &Limits) -> Option<(u32, Duration)> {
    let all = limits.identifies_per_day?;
    let at_once = (all / 2).max(1);
    Some((at_once, DAY / all.saturating_sub(at_once).max(1) + Duration::from_nanos(1)))
}
