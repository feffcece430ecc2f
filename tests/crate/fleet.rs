//! Many connections of one account, in virtual time: a gateway that refuses an early Identify, slow senders, and shards that die.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::Duration;

use wirecodes::discord::v10::GatewayCloseCode;
use wirecodes::{Failure, Fleet, Reconnector, Turn};

const SECOND: Duration = Duration::from_secs(1);
const DAY: Duration = Duration::from_hours(24);
/// No shard takes longer from its turn to Identify.
const SLOWEST: Duration = Duration::from_secs(2);

/// What a shard does next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Next {
    Connect,
    Ask,
    Send,
    GiveUp,
}

/// Random numbers that are the same in each run.
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn millis(&mut self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.below(to - from))
    }
}

/// The shards of an account, and its gateway.
struct World<const KEYS: usize> {
    fleet: Fleet<KEYS>,
    concurrency: u32,
    /// When the program that has the budget restarts.
    restarts_at: Duration,
    /// Until when no connection can be opened.
    network_from: Duration,
    shards: Vec<(Reconnector<GatewayCloseCode>, Option<Duration>)>,
    events: BinaryHeap<Reverse<(Duration, usize, Next)>>,
    random: Random,
    /// The last Identify of each bucket, and what its turns took at least.
    buckets: BTreeMap<u32, (Option<Duration>, Duration)>,
    too_early: usize,
    /// How many will still die after they have got their turn.
    deaths: usize,
    /// How many died without a word after they had got their turn.
    silent: u32,
    /// How many turns were given in the bucket of a shard since it first asked, and how many shards waited before it.
    waited: Vec<Option<(u32, u32)>>,
    unfair: usize,
}

impl<const KEYS: usize> World<KEYS> {
    fn new(shards: usize, concurrency: u32, network_from: Duration, seed: u64) -> Self {
        let mut fleet = Fleet::with_keys(&GatewayCloseCode::LIMITS);
        fleet.set(2000, 2000, DAY, concurrency, SECOND);
        let mut world = Self {
            fleet,
            concurrency,
            restarts_at: Duration::MAX,
            network_from,
            shards: vec![(Reconnector::new().without_budget(), None); shards],
            events: BinaryHeap::new(),
            random: Random(seed),
            buckets: BTreeMap::new(),
            too_early: 0,
            deaths: 0,
            silent: 0,
            waited: vec![None; shards],
            unfair: 0,
        };
        for shard in 0..shards {
            let random = u32::try_from(world.random.below(1 << 32)).unwrap();
            let plan = world.shards[shard].0.start(SECOND, random);
            world.events.push(Reverse((SECOND + plan.delay, shard, Next::Connect)));
        }
        world
    }

    /// Runs until all shards are up. When that was.
    fn run(&mut self) -> Duration {
        self.deaths = self.shards.len() / 10;
        while let Some(Reverse((now, shard, next))) = self.events.pop() {
            assert!(now < DAY, "shard {shard} does not come up");
            if now > self.restarts_at {
                self.restarts_at = Duration::MAX;
                let saved = self.fleet.save(now);
                self.fleet = Fleet::with_keys(&GatewayCloseCode::LIMITS);
                self.fleet.restore(saved, Duration::ZERO, now);
            }
            let number = u32::try_from(shard).unwrap();
            let then = match next {
                Next::Connect => Some(self.connect(shard, now)),
                Next::Ask => Some(self.ask(shard, now)),
                Next::Send => {
                    self.fleet.sent(number, now);
                    self.identify(shard, now);
                    None
                }
                Next::GiveUp => {
                    self.fleet.gave_up(number, now);
                    Some((now + SECOND, Next::Connect))
                }
            };
            self.events.extend(then.map(|(at, next)| Reverse((at, shard, next))));
        }
        self.shards.iter().filter_map(|(_, up)| *up).max().expect("all shards are up")
    }

    /// A shard asks for its turn.
    fn ask(&mut self, shard: usize, now: Duration) -> (Duration, Next) {
        let number = u32::try_from(shard).unwrap();
        match self.fleet.turn(number, now) {
            Turn::Now => {}
            Turn::At(at) => {
                self.waits(shard);
                assert!(at > now, "asked to come at once");
                return (at + self.random.millis(0, 3), Next::Ask);
            }
            Turn::Spent { until } => panic!("{:?} is spent until {until:?}", self.fleet.left(now)),
        }
        self.count_turn(shard);
        let pause = self.random.millis(50, 2000);
        let dies = self.random.below(20) == 0 && self.deaths > 0;
        self.deaths -= usize::from(dies);
        // Every second one dies without a word, and comes again later. Its turn counts as one that was used.
        let is_silent = dies && self.deaths % 2 == 1;
        self.silent += u32::from(is_silent);
        self.buckets.entry(number % self.concurrency).or_default().1 += if is_silent { 5 * SECOND } else { pause };
        match (dies, is_silent) {
            (false, _) => (now + pause, Next::Send),
            (true, false) => (now + pause, Next::GiveUp),
            (true, true) => (now + 8 * SECOND, Next::Connect),
        }
    }

    fn connect(&mut self, shard: usize, now: Duration) -> (Duration, Next) {
        let random = u32::try_from(self.random.below(1 << 32)).unwrap();
        let reconnector = &mut self.shards[shard].0;
        reconnector.connecting(now);
        if now < self.network_from {
            return (now + reconnector.after_failed_connect(Failure::Network, now, random).delay, Next::Connect);
        }
        reconnector.opened(now);
        (now, Next::Ask)
    }

    /// The gateway receives Identify. One that is too early is answered with opcode 9.
    fn identify(&mut self, shard: usize, now: Duration) {
        let (last, took) = self.buckets.entry(u32::try_from(shard).unwrap() % self.concurrency).or_default();
        let is_early = last.is_some_and(|last| now < last + 5 * SECOND);
        *took += if last.is_some() { 5 * SECOND } else { Duration::ZERO };
        *last = Some(now);
        self.too_early += usize::from(is_early);
        self.shards[shard].0.ready(now);
        self.shards[shard].1 = Some(now);
    }

    fn waits(&mut self, shard: usize) {
        if self.waited[shard].is_some() {
            return;
        }
        let concurrency = usize::try_from(self.concurrency).unwrap();
        let neighbours = self.waited.iter().skip(shard % concurrency).step_by(concurrency);
        let before = u32::try_from(neighbours.flatten().count()).unwrap();
        self.waited[shard] = Some((0, before));
    }

    /// Nobody waits for more than twice its fair share of turns.
    fn count_turn(&mut self, shard: usize) {
        let (turns, before) = self.waited[shard].take().unwrap_or_default();
        self.unfair += usize::from(turns > 2 * (before + 1));
        let concurrency = usize::try_from(self.concurrency).unwrap();
        for (turns, _) in self.waited.iter_mut().skip(shard % concurrency).step_by(concurrency).flatten() {
            *turns += 1;
        }
    }

    /// The least time in which all can come up, if nobody waits for nothing.
    fn least(&self) -> Duration {
        self.buckets.values().map(|(_, least)| *least).max().unwrap_or_default()
    }
}

fn starts<const KEYS: usize>(shards: usize, concurrency: u32) {
    for seed in 0..5 {
        let mut world = World::<KEYS>::new(shards, concurrency, Duration::ZERO, seed);
        let all_up = world.run().saturating_sub(SECOND);
        assert_eq!((world.too_early, world.unfair), (0, 0), "{shards} shards, {concurrency} at once");
        let most = world.least().mul_f64(1.1) + SLOWEST;
        assert!(all_up <= most, "{shards} shards, {concurrency} at once: {all_up:?}, at least {:?}", world.least());
    }
}

#[test]
fn no_identify_is_too_early_and_no_time_is_lost() {
    for shards in [1, 10, 64, 200, 400] {
        starts::<16>(shards, 1);
        starts::<16>(shards, 16);
    }
}

#[test]
fn more_buckets_than_keys_are_slower_and_never_early() {
    let mut world = World::<4>::new(64, 16, Duration::ZERO, 7);
    world.run();
    assert_eq!(world.too_early, 0);
}

#[test]
fn a_restart_amid_the_start_is_no_reason_to_be_early() {
    for (seed, at) in [(1, 20), (2, 33), (3, 41), (4, 57)] {
        let mut world = World::<16>::new(200, 16, Duration::ZERO, seed);
        world.restarts_at = at * SECOND;
        let all_up = world.run().saturating_sub(SECOND);
        assert!(world.too_early == 0 && all_up <= world.least().mul_f64(1.1) + SLOWEST + 5 * SECOND, "{all_up:?}");
    }
}

#[test]
fn a_network_that_was_gone_costs_minutes() {
    let outage = 600 * SECOND;
    for seed in 0..5 {
        let mut world = World::<16>::new(200, 16, outage, seed);
        let all_up = world.run();
        assert!(world.too_early == 0 && all_up <= outage + 900 * SECOND, "{all_up:?}");
        let left = world.fleet.left(all_up) + world.silent;
        assert!((800..810).contains(&left), "connects that failed used up something: {left} left");
    }
}

#[test]
fn a_fleet_that_restarts_goes_on() {
    let mut fleet = Fleet::new(&GatewayCloseCode::LIMITS);
    fleet.set(1000, 3, DAY, 1, SECOND);
    assert_eq!(fleet.turn(0, SECOND), Turn::Now);
    let saved = fleet.save(SECOND);
    let mut other = Fleet::new(&GatewayCloseCode::LIMITS);
    other.restore(saved, Duration::ZERO, SECOND);
    assert_eq!(other.left(SECOND), 2);
    assert!(matches!(other.turn(1, SECOND), Turn::At(at) if at >= 6 * SECOND), "the turn that was given counts");
    for now in [7, 13] {
        assert_eq!(other.turn(1, now * SECOND), Turn::Now);
        other.sent(1, now * SECOND);
    }
    assert!(matches!(other.turn(2, 20 * SECOND), Turn::Spent { until } if until >= DAY));
    // Given back, and taken by another one.
    other.set(1000, 1, DAY, 1, 30 * SECOND);
    assert_eq!(other.turn(2, 30 * SECOND), Turn::Now);
    other.gave_up(3, 30 * SECOND);
    assert_eq!(other.left(30 * SECOND), 0, "it was not the turn of 3");
    other.gave_up(2, 30 * SECOND);
    assert_eq!((other.left(30 * SECOND), other.turn(3, 30 * SECOND)), (1, Turn::Now));
    // Nothing and no number of any size ends in a panic.
    let mut none = Fleet::<0>::with_keys(&GatewayCloseCode::LIMITS);
    none.set(u32::MAX, u32::MAX, Duration::MAX, 0, Duration::MAX);
    none.restore([2, u64::MAX, u64::MAX, u64::MAX, u64::MAX, 5, 5, 0, 0, 0, 0, 0, 0, 0], Duration::ZERO, SECOND);
    none.sent(7, SECOND);
    assert!(matches!(none.turn(u32::MAX, Duration::MAX), Turn::Spent { .. }));
}

#[test]
fn a_turn_that_is_given_counts_as_sent_when_it_is_saved() {
    let mut fleet = Fleet::new(&GatewayCloseCode::LIMITS);
    assert_eq!(fleet.turn(0, SECOND), Turn::Now);
    let mut other = Fleet::new(&GatewayCloseCode::LIMITS);
    other.restore(fleet.save(4 * SECOND), Duration::ZERO, 4 * SECOND);
    assert!(matches!(other.turn(1, 4 * SECOND), Turn::At(at) if at >= 9 * SECOND), "it may have been sent just now");
    // Where none is allowed, none is left.
    other.set(0, 0, Duration::ZERO, 1, DAY);
    assert!(other.left(DAY) == 0 && matches!(other.turn(1, DAY), Turn::Spent { .. }));
}

/// What the server allows is asked for while a shard has a turn: the turn is one of those that are allowed.
#[test]
fn a_turn_that_is_given_is_one_of_those_that_the_server_allows() {
    for gives_up in [false, true] {
        let mut fleet = Fleet::new(&GatewayCloseCode::LIMITS);
        fleet.set(1000, 1000, DAY, 1, SECOND);
        assert_eq!(fleet.turn(0, SECOND), Turn::Now);
        fleet.set(1000, 1, DAY, 1, 2 * SECOND);
        if gives_up {
            fleet.gave_up(0, 2 * SECOND);
        } else {
            fleet.sent(0, 2 * SECOND);
        }
        assert_eq!(fleet.left(2 * SECOND), u32::from(gives_up));
        assert_eq!(fleet.turn(1, 8 * SECOND) == Turn::Now, gives_up);
    }
}
