//! What the generated crate has beside its tables: waits, limits, and how its values are written.

use std::time::Duration;

use proptest::prelude::*;
use wirecodes::{Action, Basis, Cause, Direction, Format, Wait};

/// Two durations of whole milliseconds, the shorter one first.
fn durations(most: u64) -> impl Strategy<Value = (Duration, Duration)> {
    let one = prop_oneof![0..10_u64, 0..600_000_u64, 0..=most].prop_map(Duration::from_millis);
    (one.clone(), one).prop_map(|(one, other)| (one.min(other), one.max(other)))
}

/// The part of a range that a random number stands for.
fn part(from: Duration, to: Duration, random: u32) -> Duration {
    let millis = (to.saturating_sub(from).as_millis() * u128::from(random)) >> 32;
    from + Duration::from_millis(u64::try_from(millis).expect("not more than the range"))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_jitter_uses_its_whole_range_evenly((from, to) in durations(u64::MAX), attempt: u32, random: u32) {
        let delay = Wait::Jitter { from, to }.delay(attempt, random);
        prop_assert_eq!(delay, part(from, to, random));
        prop_assert_eq!(Wait::Jitter { from, to }.delay(attempt, 0), from);
    }

    #[test]
    fn a_backoff_doubles_up_to_half_of_its_maximum((first, max) in durations(1 << 40), attempt: u32, random: u32) {
        // Most attempts are few; of the others all wait the longest.
        for attempt in [attempt, attempt % 20] {
            let doubled = first.as_millis() << attempt.min(60);
            let half = (max / 2).max(first).as_millis();
            let from = Duration::from_millis(u64::try_from(doubled.min(half)).expect("below half of the maximum"));
            let to = max.min(2 * from);
            let delay = Wait::Backoff { first, max }.delay(attempt, random);
            prop_assert_eq!(delay, part(from, to, random), "{:?} to {:?}", from, to);
            prop_assert!((first..=max).contains(&delay));
        }
    }
}

#[test]
fn no_wait_is_no_wait() {
    assert_eq!(Wait::None.delay(u32::MAX, u32::MAX), Duration::ZERO);
    for longest in [Duration::MAX, Duration::from_secs(u64::MAX)] {
        let wait = Wait::Jitter { from: longest, to: longest };
        assert_eq!(wait.delay(0, u32::MAX), Duration::from_millis(u64::MAX));
    }
}

#[test]
fn values_are_written_as_people_say_them() {
    fn written<T: ToString>(values: impl IntoIterator<Item = T>) -> Vec<String> {
        values.into_iter().map(|value| value.to_string()).collect()
    }
    assert_eq!(written([Action::Resume, Action::NewSession, Action::Stop]), ["resume", "new session", "stop"]);
    assert_eq!(written([Direction::Send, Direction::Receive, Direction::Both]), ["send", "receive", "send and receive"]);
    assert_eq!(written([Format::Json, Format::Binary]), ["JSON", "binary"]);
    let bases = [Basis::Documented, Basis::DocumentedText, Basis::Consensus, Basis::Judgement];
    assert_eq!(written(bases), ["documented", "documented text", "consensus of clients", "judgement"]);
    assert_eq!(written([Cause::ApiVersion, Cause::EndToEndEncryption]), ["API version", "end-to-end encryption"]);
    let wait = Wait::Jitter { from: Duration::from_secs(1), to: Duration::from_secs(5) };
    let backoff = Wait::Backoff { first: Duration::from_secs(1), max: Duration::from_mins(5) };
    assert_eq!(written([Wait::None, wait, backoff]), ["at once", "after 1s to 5s", "after a backoff of 1s to 300s"]);
    assert!(Action::Resume.reconnects() && Action::NewSession.reconnects() && !Action::Stop.reconnects());
}
