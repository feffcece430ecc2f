//! Calls of `Reconnector` and `Fleet` in any order, with any numbers and times. What does not hold is a panic.

use std::time::Duration;

use wirecodes::discord::v10::VoiceCloseCode;
use wirecodes::{Action, CloseCode, Failure, Fleet, Plan, Reconnector, Stage, Turn};

/// One call: which, a close code or a shard, a time, and a random number.
pub type Call = (u8, Option<u16>, u64, u32);

/// The calls that a text has, one a line: four numbers. What is no number, such as a dash, is no close code, or zero.
pub fn calls(text: &str) -> Vec<Call> {
    let call = |line: &str| {
        let mut numbers = line.split_whitespace().map(|word| word.parse::<u64>().ok());
        let mut next = || numbers.next().flatten();
        let call = next().unwrap_or_default().to_le_bytes()[0];
        let code = next().and_then(|code| u16::try_from(code).ok());
        let (time, random) = (next().unwrap_or_default(), next().unwrap_or_default());
        (call, code, time, u32::try_from(random).unwrap_or(u32::MAX))
    };
    text.lines().map(call).collect()
}

fn any_time(time: u64, random: u32) -> Duration {
    if random.is_multiple_of(3) { Duration::new(time, 999_999_999) } else { Duration::from_millis(time % 100_000) }
}

/// Nothing panics, a plan is one line, and while it is stopped every ending gives the same plan.
pub fn reconnector<T: CloseCode>(calls: &[Call]) {
    let mut reconnector = Reconnector::<T>::new();
    for &(call, code, time, random) in calls {
        let now = any_time(time, random);
        match call % 19 {
            0 => reconnector.connecting(now),
            1 => reconnector.opened(now),
            2 => reconnector.identified(now),
            3 => reconnector.ready(now),
            4 => reconnector.set_budget(random, Duration::from_secs(time), now),
            15 => reconnector.greeted(),
            16 => reconnector.restore_session(),
            _ => {
                let plan = planned(&mut reconnector, (call, code, time, random), now);
                assert!(plan.is_none_or(|plan| !plan.to_string().contains('\n')), "{plan:?}");
            }
        }
        let _ = (reconnector.deadline(), reconnector.next_at());
        let mut copy = reconnector.clone();
        let (one, other) = (copy.after_close(code, now, random), copy.after_close(None, now, random));
        assert!(one.action != Action::Stop || one == other, "{one}, then {other}");
    }
}

/// The calls that give a plan.
fn planned<T: CloseCode>(reconnector: &mut Reconnector<T>, call: Call, now: Duration) -> Option<Plan> {
    let (call, code, time, random) = call;
    let refused = Failure::Status { code: 429, retry_after: Some(Duration::from_secs(time)) };
    Some(match call % 19 {
        5 => reconnector.start(now, random),
        6 => return reconnector.wake(now),
        7 => return reconnector.server_moved(random.is_multiple_of(2), now),
        8 => return reconnector.voice_state(random.is_multiple_of(2), now),
        9 => return reconnector.after_event("READY", now, random),
        10 => reconnector.after_failed_connect(refused, now, random),
        11 => reconnector.after_timeout(Stage::Hello, now, random),
        12 => reconnector.after_close_until(code, Duration::from_secs(time), now, random),
        13 => return reconnector.restore(reconnector.save(now), Duration::from_secs(time), now),
        14 => reconnector.leave(),
        17 => reconnector.after_close_of::<VoiceCloseCode>(code, now, random),
        _ => reconnector.after_close(code, now, random),
    })
}

/// Nothing panics, whatever the times are, and whatever was saved.
pub fn fleet<T: CloseCode>(calls: &[Call]) {
    let mut fleet = Fleet::<4>::with_keys(&T::LIMITS);
    for &(call, shard, time, random) in calls {
        let (now, time, shard) = (any_time(time, random), Duration::from_secs(time), shard.map_or(random, u32::from));
        match call % 6 {
            0 => fleet.set(random, shard, time, call.into(), now),
            1 => fleet.sent(shard, now),
            2 => fleet.gave_up(shard, now),
            3 => fleet.restore(fleet.save(now).map(|saved| saved ^ time.as_secs()), time, now),
            _ => _ = fleet.turn(shard, now),
        }
        let _ = fleet.left(now);
    }
}

/// What is known of the shards of a bucket.
#[derive(Clone, Copy, Default)]
struct Bucket {
    /// When the last new session started.
    last: Option<Duration>,
    /// Who has the turn, and when the new session before it started.
    turn: Option<(u16, Option<Duration>)>,
}

/// While time goes on, no bucket has two new sessions nearer than its limit, and nobody has a turn where none is left.
pub fn fleet_in_order<T: CloseCode>(calls: &[Call]) {
    const BUCKETS: u16 = 4;
    let every = T::LIMITS.identify_every;
    let mut now = Duration::from_secs(1);
    let mut fleet = Fleet::<{ BUCKETS as usize }>::with_keys(&T::LIMITS);
    fleet.set(1000, 40, Duration::from_hours(1), BUCKETS.into(), now);
    let mut buckets = [Bucket::default(); BUCKETS as usize];
    for &(call, shard, time, _) in calls {
        now += Duration::from_millis(time % 10_000);
        let shard = shard.unwrap_or_default() % 16;
        let Bucket { last, turn } = &mut buckets[usize::from(shard % BUCKETS)];
        match call % 4 {
            0 => {
                fleet.sent(shard.into(), now);
                *last = Some(now);
                *turn = turn.filter(|(holder, _)| *holder != shard);
            }
            1 => {
                fleet.gave_up(shard.into(), now);
                if let Some((_, before)) = turn.take_if(|(holder, _)| *holder == shard)
                    && last.is_some_and(|last| now < last + every)
                {
                    *last = before;
                }
            }
            _ => {
                let left = fleet.left(now);
                if fleet.turn(shard.into(), now) == Turn::Now {
                    assert!(left > 0, "a turn where none is left");
                    assert!(last.is_none_or(|last| now >= last + every), "{shard} at {now:?}, and before at {last:?}");
                    (*last, *turn) = (Some(now), Some((shard, *last)));
                }
            }
        }
    }
}
