//! One budget of new sessions for many connections of an account.

use core::convert::TryFrom;
use core::time::Duration;

use super::budget::{Budget, Clock};
use super::limits::Limits;

/// How long a turn is kept for the shard that comes next.
const KEPT: Duration = Duration::from_millis(100);

/// How often to ask while somebody has a turn, who may give it up.
const AGAIN: Duration = Duration::from_secs(1);

/// Whose turn it is to start a new session, where many connections of an account share the limits.
///
/// A shard asks at Hello, before it sends Identify. `KEYS` is how many buckets of `max_concurrency` are told apart; if there
/// are more, some share a key: slower, never early. Like a [`Reconnector`](super::Reconnector) it has no clock and allocates
/// nothing; the connections themselves are made [`without_budget`](super::Reconnector::without_budget).
///
/// ```
/// use core::time::Duration;
/// use wirecodes::{example::AnyCloseCode, Fleet, Turn};
///
/// let second = Duration::from_secs(1);
/// let mut fleet = Fleet::new(&AnyCloseCode::LIMITS);
/// fleet.set(1000, 1000, 86_400 * second, 1, second);
/// assert_eq!(fleet.turn(0, second), Turn::Now);
/// fleet.sent(0, second);
/// assert_eq!(fleet.turn(1, second), Turn::At(6 * second));
/// assert_eq!(fleet.turn(1, 6 * second), Turn::Now);
/// ```
#[derive(Clone, Debug)]
pub struct Fleet<const KEYS: usize = 16> {
    /// The shortest time between two new sessions of a bucket.
    every: Duration,
    /// The other limits.
    pub(super) limits: Limits,
    pub(super) concurrency: u32,
    pub(super) clock: Clock,
    pub(super) budget: Budget,
    pub(super) keys: [Key; KEYS],
}

/// The answer to a shard that wants to start a new session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[must_use]
pub enum Turn {
    /// Send Identify now, and report it.
    Now,
    /// Ask again then, on the scale of `now`. Whoever asks first gets the turn.
    At(Duration),
    /// No new session is left for the account.
    Spent {
        /// When there is one again, on the scale of `now`.
        until: Duration,
    },
}

/// Connections that follow each other at the shortest distance.
#[derive(Clone, Copy, Debug)]
pub(super) struct Key {
    /// When the next turn may be given.
    pub(super) free: Duration,
    /// Who has the turn, and since when.
    held: Option<(u32, Duration)>,
    /// Who had the last turn in the order of their numbers.
    last: u32,
    /// Who comes next in this order, among those who have asked since.
    next: Option<u32>,
}

impl Fleet {
    /// A fleet of the usual size, with the limits of a table. [`set`](Self::set) gives it those of the account.
    #[must_use]
    pub fn new(limits: &Limits) -> Self {
        Self::with_keys(limits)
    }
}

impl<const KEYS: usize> Fleet<KEYS> {
    /// A fleet that tells so many buckets apart.
    #[must_use]
    pub fn with_keys(limits: &Limits) -> Self {
        let keys = [Key { free: Duration::ZERO, held: None, last: u32::MAX, next: None }; KEYS];
        let (every, limits) = (limits.identify_every, Limits { identify_every: Duration::ZERO, ..*limits });
        Self { every, limits, concurrency: 1, clock: Clock::default(), budget: Budget::default(), keys }
    }

    /// What Get Gateway Bot says: how many new sessions a day, how many are left, when their count starts again, and how many
    /// may start at the same time.
    pub fn set(&mut self, total: u32, remaining: u32, reset_after: Duration, max_concurrency: u32, now: Duration) {
        let now = self.expire(now);
        self.limits = self.limits.with_identifies_per_day(total);
        // Turns that are given are not sent yet, as far as the server knows.
        let held = self.keys.iter().filter(|key| key.held.is_some()).map(|_| 1).sum();
        self.budget.window = Some((remaining.saturating_sub(held), now.saturating_add(reset_after)));
        if self.concurrency != max_concurrency.max(1) {
            self.concurrency = max_concurrency.max(1);
            // Shards have other neighbours now.
            let free = self.latest(now);
            self.keys = [Key { free, held: None, last: u32::MAX, next: None }; KEYS];
        }
    }

    /// Whether a shard may start a new session. `Now` reserves the turn until [`sent`](Self::sent), [`gave_up`](Self::gave_up),
    /// or until the distance between two sessions has passed: then it counts as sent when the turn was given.
    pub fn turn(&mut self, shard: u32, now: Duration) -> Turn {
        let now = self.expire(now);
        let (every, clock) = (self.every, self.clock);
        let is_none_left = self.limits.identifies_per_day == Some(0);
        let (first, why) = self.budget.earliest(now, &self.limits);
        let key = match self.key(shard).and_then(|key| self.keys.get_mut(key)) {
            Some(key) if !is_none_left => key,
            _ => return Turn::Spent { until: Duration::MAX },
        };
        let free = key.held.map_or(key.free, |(_, since)| since.saturating_add(every));
        if why.is_some() && first > free {
            return Turn::Spent { until: clock.outside(first) };
        }
        // In the order of their numbers, so that each has its turn before one has a second one.
        let last = key.last;
        let distance = |shard: u32| shard.wrapping_sub(last).wrapping_sub(1);
        if key.next.map_or(true, |next| distance(shard) < distance(next)) {
            key.next = Some(shard);
        }
        let is_next = key.next == Some(shard);
        let kept = match key.held {
            Some(_) => free.min(now.saturating_add(AGAIN)),
            None if is_next => free,
            None => free.saturating_add(KEPT),
        };
        if key.held.is_some() || now < kept {
            return Turn::At(clock.outside(kept));
        }
        (key.held, key.next) = (Some((shard, now)), None);
        if is_next {
            key.last = shard;
        }
        self.budget.spend(now, &self.limits);
        Turn::Now
    }

    /// A shard sent Identify. It counts also if it had no turn.
    pub fn sent(&mut self, shard: u32, now: Duration) {
        let now = self.expire(now);
        let every = self.every;
        if let Some(key) = self.key(shard).and_then(|key| self.keys.get_mut(key)) {
            let had_turn = key.has_turn(shard);
            key.free = key.free.max(now.saturating_add(every));
            if had_turn {
                key.held = None;
                self.budget.give_back(now, &self.limits);
            }
            self.budget.spend(now, &self.limits);
        }
    }

    /// A shard that had a turn will not send Identify. Nothing if it had none, or if that was too long ago.
    pub fn gave_up(&mut self, shard: u32, now: Duration) {
        let now = self.expire(now);
        if let Some(key) = self.key(shard).and_then(|key| self.keys.get_mut(key)).filter(|key| key.has_turn(shard)) {
            key.held = None;
            if key.next.is_some() {
                // Until all who wait have asked.
                key.free = key.free.max(now.saturating_add(AGAIN));
            }
            self.budget.give_back(now, &self.limits);
        }
    }

    /// How many new sessions may start now, as far as their number is concerned.
    #[must_use]
    pub fn left(&self, now: Duration) -> u32 {
        let mut clock = self.clock;
        self.budget.left(clock.tick(now), &self.limits)
    }

    /// Turns that nobody reported count as sent.
    fn expire(&mut self, now: Duration) -> Duration {
        let now = self.clock.tick(now);
        for key in &mut self.keys {
            if let Some((_, since)) = key.held {
                let until = since.saturating_add(self.every);
                if now >= until {
                    (key.free, key.held) = (key.free.max(until), None);
                }
            }
        }
        now
    }

    /// When all keys are free, on the scale of the clock. A turn that is given counts as sent now.
    pub(super) fn latest(&self, now: Duration) -> Duration {
        let every = self.every;
        let free = |key: &Key| key.held.map_or(key.free, |_| now.saturating_add(every));
        self.keys.iter().map(free).max().unwrap_or_default()
    }

    /// The position of the bucket of a shard.
    fn key(&self, shard: u32) -> Option<usize> {
        let bucket: usize = TryFrom::try_from(shard % self.concurrency).unwrap_or(0);
        bucket.checked_rem(KEYS)
    }
}

impl Key {
    fn has_turn(&self, shard: u32) -> bool {
        self.held.map_or(false, |(holder, _)| holder == shard)
    }
}
