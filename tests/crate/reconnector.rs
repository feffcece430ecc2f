//! The reconnector in virtual time: whatever ends the connections of any table, the limits hold and no wait is lost.
//!
//! `wirecodes-gateway` lists the connections. The rules are checked from outside, on what a client that follows the plans would do: it
//! waits as long as a plan says, connects, and is ended again.

#[path = "../fuzz/calls.rs"]
#[allow(dead_code, reason = "the fuzz targets call all of it")]
mod any_calls;
mod calls;
mod client;
mod goals;
mod lines;

use std::time::Duration;

use proptest::prelude::*;
use proptest::test_runner::TestCaseResult;
use wirecodes::{Action, CloseCode, Ending as Followed, Failure, Limits, NewSessionBy, Reconnector, Url};

use self::client::{Client, DAY, Ending, MINUTE, Opcodes, SECOND, Step, Told, opcodes, steps};

/// Two days of the same endings again and again.
fn days<T: CloseCode>(opcodes: Opcodes<T>, limits: Limits, steps: &[Step]) -> TestCaseResult {
    let mut client = Client::<T>::new(limits, opcodes);
    let end = client.now + 2 * DAY;
    for (count, step) in steps.iter().cycle().enumerate() {
        if client.now > end || count > 3_000 {
            break;
        }
        client.run(*step)?;
    }
    client.check_budget()
}

/// A caller that leaves out any of the calls that say how far it is: the limits hold all the same.
fn calls_left_out<T: CloseCode>(opcodes: Opcodes<T>, limits: Limits, steps: &[Step], told: &[Told]) -> TestCaseResult {
    let mut client = Client::<T>::new(limits, opcodes);
    let end = client.now + 2 * DAY;
    for (count, (step, told)) in steps.iter().cycle().zip(told.iter().cycle()).enumerate() {
        if client.now > end || count > 1_500 {
            break;
        }
        (client.told, client.is_exact) = (*told, false);
        client.run(*step)?;
    }
    client.check_budget()
}

/// Whatever the times are, nothing panics and no wait is shorter than that of the policy.
fn any_clock<T: CloseCode>(calls: &[(Option<u16>, u64, u32, bool)]) -> TestCaseResult {
    let mut reconnector = Reconnector::<T>::new();
    let _ = reconnector.start(Duration::from_nanos(calls[0].1), 0);
    for (code, now, random, is_large) in calls {
        let now = if *is_large { Duration::new(*now, 999_999_999) } else { Duration::from_millis(now % 100_000) };
        reconnector.connecting(now);
        reconnector.ready(now);
        let plan = reconnector.after_close(*code, now, *random);
        let _ = (reconnector.deadline(), reconnector.next_at(), reconnector.wake(now), reconnector.save(now));
        let shortest = plan.policy.wait.delay(0, 0);
        prop_assert!(plan.action == Action::Stop || plan.delay >= shortest, "{plan}");
        prop_assert!(plan.delay <= 2 * DAY, "{plan}");
        if plan.action == Action::Stop {
            let _ = reconnector.start(now, *random);
        }
    }
    Ok(())
}

/// The server says how many new sessions it still allows: until its count starts again, there are no more.
fn server_budget<T: CloseCode>(remaining: u32, reset_after: Duration, code: Option<u16>) -> TestCaseResult {
    let mut client = Client::<T>::new(T::LIMITS, |_, _, _, _, _| None);
    let start = client.now;
    client.reconnector.set_budget(remaining, reset_after, start);
    client.now += client.plan.delay;
    // The first new session was planned before, and is carried out now.
    let mut used = 1;
    for _ in 0..100 {
        client.reconnector.ready(client.now);
        client.now += MINUTE;
        client.plan = client.reconnector.after_close(code, client.now, 0);
        if client.plan.action == Action::Stop {
            client.plan = client.reconnector.start(client.now, 0);
        }
        if client.plan.action == Action::NewSession {
            let is_left = used < remaining || client.now >= start + reset_after;
            prop_assert!(!is_left || client.plan.delay <= MINUTE, "{used} of {remaining} used: {}", client.plan);
        }
        client.now += client.plan.delay;
        if client.plan.action == Action::NewSession && client.now < start + reset_after {
            used += 1;
        }
    }
    prop_assert!(used <= remaining.max(1), "{used} of {remaining}");
    Ok(())
}

/// A close code after which a new session follows.
fn a_code_of_new_sessions<T: CloseCode>() -> Option<u16> {
    (0..=u16::MAX).find(|code| T::policy_for(Some(*code)).action == Action::NewSession)
}

/// Half of a day's new sessions may follow each other at once, and no more: the others are spread over the day.
fn half_a_day_at_once<T: CloseCode>(all: u32) -> TestCaseResult {
    let Some(code) = a_code_of_new_sessions::<T>().filter(|_| T::NEW_SESSION_BY != NewSessionBy::Person) else { return Ok(()) };
    let mut reconnector = Reconnector::<T>::with_limits(T::LIMITS.with_identifies_per_day(all));
    let mut now = SECOND;
    let _ = reconnector.start(now, 0);
    for used in 1..=all / 2 {
        reconnector.ready(now);
        now += MINUTE;
        let plan = reconnector.after_close(Some(code), now, 0);
        let is_spread = plan.delay > 10 * MINUTE;
        prop_assert_eq!(is_spread, used == all / 2, "{} of {} used: {}", used, all, plan);
        now += plan.delay;
    }
    Ok(())
}

/// A first session that ends at once: the next one keeps its distance, whatever ended the first, and waits no longer than the
/// policy says.
fn distance<T: CloseCode>(opcodes: Opcodes<T>) {
    let first = || {
        let mut reconnector = Reconnector::<T>::new();
        let _ = reconnector.start(SECOND, 0);
        reconnector.ready(SECOND);
        reconnector
    };
    for random in [0, u32::MAX] {
        let closes = (0..=u16::MAX).map(|code| first().after_close(Some(code), SECOND, random));
        let opcodes = (0..=usize::from(u8::MAX)).filter_map(|at| Some(opcodes(&mut first(), at, false, SECOND, random)?.1));
        for plan in closes.chain(opcodes).filter(|plan| plan.action == Action::NewSession) {
            assert!(plan.delay >= T::LIMITS.identify_every, "{plan}");
            let longest = plan.policy.wait.delay(0, u32::MAX).max(T::LIMITS.identify_every);
            assert!(plan.policy.action != plan.action || plan.delay <= longest, "{plan}");
        }
    }
}

/// A plan in a log: what is done, when, and why.
fn log_line<T: CloseCode>() {
    let mut reconnector = Reconnector::<T>::new();
    let start = reconnector.start(SECOND, 0);
    assert_eq!(start.to_string(), "new session at once at the start (there is no session to resume): The client starts.");
    reconnector.connecting(SECOND);
    let failed = reconnector.after_failed_connect(Failure::Network, SECOND, 0);
    for plan in [start, failed, reconnector.after_close(Some(4004), 2 * MINUTE, 0)] {
        let line = plan.to_string();
        assert!(line.starts_with(&plan.action.to_string()) && line.contains(plan.policy.reason), "{line}");
        assert!(plan.instead.is_none_or(|instead| line.contains(&format!("({instead}"))), "{line}");
        assert_eq!(line.contains(" at once "), plan.action.reconnects() && plan.delay == Duration::ZERO, "{line}");
        assert!(!line.contains('\n') && !line.contains("0ns"), "{line}");
    }
}

/// A stop that an event without an address overrules again and again: the first time at once, then later and later.
fn overruled_again<T: CloseCode>() {
    let event = |code: u16| T::policy_for(Some(code)).unless.iter().find(|unless| unless.except.is_none());
    let Some((code, unless)) = (0..=u16::MAX).find_map(|code| Some((code, event(code)?))) else { return };
    let mut reconnector = Reconnector::<T>::new();
    let mut now = SECOND;
    let _ = reconnector.start(now, 0);
    for times in 0..10 {
        let stop = reconnector.after_close(Some(code), now, 0);
        assert_eq!(stop.action, Action::Stop);
        let plan = reconnector.after_event(unless.event, now, 0).expect("the event overrules");
        assert_eq!((plan.by, plan.ending), (T::NEW_SESSION_BY, Followed::Event(unless.event)));
        match times {
            0 => assert!(plan.delay <= T::LIMITS.identify_every, "{plan}"),
            _ => assert!(plan.delay >= (5 * SECOND * (1 << times)).min(150 * SECOND), "overruled {times} times before: {plan}"),
        }
        now += plan.delay;
    }
}

/// Limits that allow no new session: whatever happens, none starts, and a session that is there is still resumed.
fn no_new_session<T: CloseCode>(steps: &[Step]) -> TestCaseResult {
    let limits = T::LIMITS.with_identifies_per_day(0);
    let mut reconnector = Reconnector::<T>::with_limits(limits);
    let mut now = SECOND;
    prop_assert_eq!(reconnector.start(now, 0).action, Action::Stop);
    reconnector.restore_session();
    let plan = reconnector.start(now, 0);
    prop_assert_eq!((plan.action, plan.url), (Action::Resume, Url::Resume));
    for step in steps {
        now += step.lives;
        let plan = match step.ending {
            Ending::Close(code) => reconnector.after_close(code, now, step.random),
            Ending::Sent(code) => reconnector.after_sending(code, now, step.random),
            _ => reconnector.after_failed_connect(Failure::Network, now, step.random),
        };
        prop_assert!(plan.action != Action::NewSession, "{plan}");
        for unless in plan.policy.unless {
            let plan = reconnector.after_event(unless.event, now, step.random);
            prop_assert!(plan.is_none_or(|plan| plan.action == Action::Stop));
        }
    }
    Ok(())
}

/// The server cannot be reached for long: the session is kept, the address changes, and a stricter answer loses no wait.
fn server_is_gone<T: CloseCode>(codes: std::ops::Range<u16>) -> TestCaseResult {
    let mut reconnector = Reconnector::<T>::new();
    let mut now = SECOND;
    let _ = reconnector.start(now, 0);
    reconnector.ready(now);
    let mut plan = reconnector.after_close(None, now, u32::MAX);
    for failures in 1..20 {
        if plan.action != Action::Resume {
            return Ok(());
        }
        now += plan.delay;
        reconnector.connecting(now);
        plan = reconnector.after_failed_connect(Failure::Network, now, u32::MAX);
        let is_known = failures < T::LIMITS.resumes_before_new;
        prop_assert_eq!((plan.action, plan.url == Url::Resume), (Action::Resume, is_known), "after {} failures", failures);
    }
    prop_assert!(plan.delay > 299 * SECOND, "{plan}");
    for code in codes {
        let again = reconnector.clone().after_close(Some(code), now + SECOND, 0);
        prop_assert!(again.action == Action::Stop || again.delay + SECOND >= plan.delay, "after {code}: {again}");
    }
    reconnector.resumed(now);
    let next = reconnector.after_close(None, now, 0);
    prop_assert_eq!((next.action, next.url), (Action::Resume, Url::Resume));
    Ok(())
}

/// A clock that swings, and is never ahead of the true time: in true time the limits hold all the same.
fn clock_that_swings<T: CloseCode>(behind: &[u64]) -> TestCaseResult {
    let code = a_code_of_new_sessions::<T>();
    let mut client = Client::<T>::new(T::LIMITS, |_, _, _, _, _| None);
    let mut behind = behind.iter().cycle().map(|seconds| Duration::from_secs(*seconds));
    let mut read = |now: Duration| now.saturating_sub(behind.next().expect("an endless list"));
    for _ in 0..2_000 {
        client.now += client.plan.delay;
        if client.plan.action == Action::NewSession {
            client.identifies.push(client.now);
        }
        client.reconnector.ready(read(client.now));
        client.now += MINUTE;
        client.plan = client.reconnector.after_close(code, read(client.now), 0);
        if client.plan.action == Action::Stop {
            client.plan = client.reconnector.start(read(client.now), 0);
        }
    }
    client.check_budget()
}

/// A clock that stands still: a session that cannot be resumed is given up all the same.
fn clock_stands_still<T: CloseCode>(code: Option<u16>) -> TestCaseResult {
    let mut reconnector = Reconnector::<T>::new();
    let _ = reconnector.start(SECOND, 0);
    reconnector.ready(SECOND);
    let reports = 2 * (T::LIMITS.resumes_before_new + 1);
    let is_given_up = (0..reports).any(|_| reconnector.after_close(code, SECOND, 0).action != Action::Resume);
    prop_assert!(is_given_up || T::NEW_SESSION_BY == NewSessionBy::Person, "resumed after {reports} endings");
    Ok(())
}

/// A clock that jumps ahead and is set right again: after two days at most it counts, and a session can prove itself.
fn clock_that_jumps<T: CloseCode>(ahead: Duration) -> TestCaseResult {
    let mut reconnector = Reconnector::<T>::new();
    let mut now = SECOND;
    let _ = reconnector.start(now, 0);
    reconnector.ready(now);
    let _ = reconnector.after_close(None, now.saturating_add(ahead), 0);
    reconnector.ready(now);
    now += 2 * DAY;
    reconnector.ready(now);
    now += MINUTE;
    let plan = reconnector.after_close(None, now, 0);
    let is_first = plan.action != Action::Resume || plan.delay <= plan.policy.wait.delay(0, u32::MAX);
    prop_assert!(is_first, "after {ahead:?} ahead: {plan}");
    Ok(())
}

/// The tests of one connection.
macro_rules! connection_tests {
    ($module:ident, $table:ty, [], $path:literal) => {
        connection_tests!(@$module, $table, |_, _, _, _, _| None);
    };
    ($module:ident, $table:ty, [$opcodes:ty], $path:literal) => {
        connection_tests!(@$module, $table, opcodes::<$table, $opcodes>);
    };
    (@$module:ident, $table:ty, $opcodes:expr) => {
        mod $module {
            use super::*;

            proptest! {
                #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(wirecodes_tests::cases(24)) })]

                #[test]
                fn every_rule_holds(steps in steps(), few in 1..50_u32) {
                    days::<$table>($opcodes, <$table>::LIMITS, &steps)?;
                    days::<$table>($opcodes, <$table>::LIMITS.with_identifies_per_day(few), &steps)?;
                }

                #[test]
                fn calls_may_be_left_out(
                    steps in steps(),
                    told in prop::collection::vec(any::<(bool, bool, bool, bool)>(), 1..5),
                    few in 1..50_u32,
                ) {
                    let told = told.into_iter().map(|(connecting, opened, identified, accepted)| Told { connecting, opened, identified, accepted });
                    let told: Vec<Told> = told.collect();
                    calls_left_out::<$table>($opcodes, <$table>::LIMITS.with_identifies_per_day(few), &steps, &told)?;
                }

                #[test]
                fn a_server_that_is_gone_costs_no_session(first in 0..5000_u16) {
                    server_is_gone::<$table>(first..first + 500)?;
                }

                #[test]
                fn new_sessions_keep_their_number(
                    steps in steps(),
                    code in any::<Option<u16>>(),
                    remaining in 0..50_u32,
                    all in 4..30_u32,
                ) {
                    server_budget::<$table>(remaining, DAY, code)?;
                    half_a_day_at_once::<$table>(all)?;
                    no_new_session::<$table>(&steps)?;
                }

                #[test]
                fn any_clock_is_survived(
                    calls in prop::collection::vec(any::<(Option<u16>, u64, u32, bool)>(), 1..40),
                    any in prop::collection::vec(any::<(u8, Option<u16>, u64, u32)>(), 1..60),
                    behind in prop::collection::vec(prop_oneof![0..100_u64, 0..170_000_u64], 1..5),
                    code in any::<Option<u16>>(),
                    ahead in prop_oneof![0..10_000_000_u64, any::<u64>()],
                ) {
                    any_clock::<$table>(&calls)?;
                    any_calls::reconnector::<$table>(&any);
                    clock_that_swings::<$table>(&behind)?;
                    clock_stands_still::<$table>(code)?;
                    clock_that_jumps::<$table>(Duration::from_secs(ahead))?;
                }
            }

            #[test]
            fn the_second_new_session_keeps_its_distance() {
                distance::<$table>($opcodes);
            }

            #[test]
            fn goals() {
                goals::accepted_resumes_stay_up::<$table>();
                goals::outages_cost_nothing::<$table>();
                goals::moves_are_prompt::<$table>();
                goals::restarts_keep_waits::<$table>();
            }

            #[test]
            fn a_plan_is_one_line_of_a_log() {
                log_line::<$table>();
            }

            #[test]
            fn an_event_that_overrules_again_waits_longer() {
                overruled_again::<$table>();
            }
        }
    };
}

wirecodes_gateway::connections!(connection_tests);
