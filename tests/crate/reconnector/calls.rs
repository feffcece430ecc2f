//! Calls that few programs need: answers of their own, giving up, leaving, and waking up.

use std::time::Duration;

use wirecodes::baileys::v6::DisconnectReason;
use wirecodes::discord::v10::{GatewayCloseCode, GatewayOpcode, VoiceCloseCode};
use wirecodes::whatsapp::web::{ConnectFailure, StreamError};
use wirecodes::{Action, End, Ending, Failure, Instead, NewSessionBy, Policy, Reconnector, Stage, Why};

use super::client::{DAY, MINUTE, SECOND};

const HOUR: Duration = Duration::from_hours(1);

fn live<T: wirecodes::CloseCode>(mut reconnector: Reconnector<T>) -> Reconnector<T> {
    reconnector.restore_session();
    let _ = reconnector.start(SECOND, 0);
    reconnector.connecting(SECOND);
    reconnector.resumed(SECOND);
    reconnector
}

#[test]
fn a_program_may_answer_otherwise() {
    const LATER: Policy = Policy::new(Action::Resume, "Another client is connected.").backoff(30, 300);
    let answers = |code| Some(&LATER).filter(|_| code == Some(440));
    let mut whatsapp = live(Reconnector::<DisconnectReason>::new().with_answers(answers));
    assert_eq!(whatsapp.clone().after_close(Some(401), HOUR, 0).action, Action::Stop);
    let plan = whatsapp.after_close(Some(440), HOUR, 0);
    assert_eq!((plan.action, plan.delay, plan.policy), (Action::Resume, 30 * SECOND, &LATER));
}

#[test]
fn three_strikes_and_no_outage_among_them() {
    let mut strict = live(Reconnector::<GatewayCloseCode>::new().give_up_after(3));
    let mut now = 2 * SECOND;
    for strike in 1..=3 {
        let plan = strict.after_close(Some(1008), now, 0);
        let expected = if strike == 3 { Some(Instead::GaveUp(3)) } else { None };
        assert_eq!((plan.instead, plan.action == Action::Stop), (expected, strike == 3), "{plan}");
        for _ in 0..20 {
            now += 5 * MINUTE;
            strict.connecting(now);
            let failed = strict.after_failed_connect(Failure::Network, now, 0);
            assert!(strike == 3 || failed.action == Action::Resume, "an outage is no strike: {failed}");
        }
        now += 5 * MINUTE;
        strict.connecting(now);
        strict.resumed(now);
    }
    assert!(strict.has_session(), "the session is sound");
    assert_eq!(strict.start(now, 0).action, Action::Resume);
    let mut stable = live(Reconnector::<GatewayCloseCode>::new().give_up_after(1));
    assert_eq!(stable.after_close(Some(1008), HOUR, 0).instead, None, "it did not end soon");
}

/// A client that leaves `connecting` out, on a clock that is set back by little again and again.
#[test]
fn small_steps_of_a_clock_hide_no_new_session() {
    const MILLI: Duration = Duration::from_millis(1);
    let limits = GatewayCloseCode::LIMITS.with_identifies_per_day(10);
    let mut reconnector = Reconnector::<GatewayCloseCode>::with_limits(limits);
    let (mut time, mut behind, mut sent) = (DAY, Duration::ZERO, 0);
    let mut plan = reconnector.start(time, 0);
    while time + plan.delay < 2 * DAY {
        time += plan.delay;
        sent += 1;
        behind += if plan.delay > SECOND { 150 * MILLI } else { Duration::ZERO };
        time += 100 * MILLI;
        plan = reconnector.after_close(Some(4007), time.saturating_sub(behind), 0);
    }
    assert!(sent <= 10, "{sent} new sessions in a day");
}

#[test]
fn a_wait_of_a_week_ends_when_it_was_said() {
    let mut banned = live(Reconnector::<DisconnectReason>::new());
    let plan = banned.after_close_until(Some(402), 7 * DAY, HOUR, 0);
    assert_eq!((plan.action, plan.delay), (Action::Resume, 7 * DAY));
    assert_eq!(banned.wake(HOUR + 7 * DAY).map(|plan| plan.delay), Some(Duration::ZERO));
}

#[test]
fn credentials_are_kept_unless_the_account_is_the_cause() {
    let [by_person, itself] = [NewSessionBy::Person, NewSessionBy::Connection];
    for (code, by) in [(402, itself), (405, itself), (440, itself), (501, itself), (401, by_person), (406, by_person)] {
        let mut whatsapp = live(Reconnector::<DisconnectReason>::new());
        assert_eq!(whatsapp.after_close(Some(code), HOUR, 0).action, Action::Stop);
        assert_eq!(whatsapp.start(2 * HOUR, 0).by, by, "{code}");
    }
    // A ban with an end is waited for.
    let mut banned = live(Reconnector::<DisconnectReason>::new());
    let plan = banned.after_close_until(Some(402), 5 * HOUR, HOUR, 0);
    assert_eq!((plan.action, plan.delay, plan.instead), (Action::Resume, 5 * HOUR, Some(Instead::Ends)));
}

#[test]
fn one_ending_that_is_reported_often_is_one() {
    let mut reconnector = live(Reconnector::<GatewayCloseCode>::new());
    let plan = reconnector.after_opcode(GatewayOpcode::Reconnect, true, HOUR, 0).expect("it ends the connection");
    for (code, millis) in [(Some(4000), 1), (Some(1006), 3), (None, 10), (None, 20)] {
        assert_eq!(reconnector.after_close(code, HOUR + Duration::from_millis(millis), 0), plan);
    }
    assert_eq!((reconnector.failed_resumes(), reconnector.attempts()), (1, 0));
    // Nor does a client that is started again and again lose its session.
    for _ in 0..5 {
        assert_eq!(reconnector.start(HOUR + SECOND / 20, 0).action, Action::Resume);
    }
    // Once it is carried out, the next ending is another one.
    reconnector.connecting(HOUR + SECOND / 10);
    assert_eq!(reconnector.after_close(None, HOUR + SECOND / 2, 0).why, Why::Backoff { failures: 1 });
}

#[test]
fn a_status_of_http_is_no_close_code() {
    let mut whatsapp = live(Reconnector::<DisconnectReason>::new());
    let _ = whatsapp.after_close(None, HOUR, 0);
    whatsapp.connecting(HOUR + MINUTE);
    let refused = Failure::Status { code: 401, retry_after: Some(10 * MINUTE) };
    let plan = whatsapp.after_failed_connect(refused, HOUR + MINUTE, 0);
    let expected = (Action::Resume, 10 * MINUTE, Why::RetryAfter, Ending::Failure(refused));
    assert_eq!((plan.action, plan.delay, plan.why, plan.ending), expected);
}

#[test]
fn waiting_plans_are_asked_again() {
    let mut reconnector = Reconnector::<GatewayCloseCode>::new();
    reconnector.set_budget(0, 4 * HOUR, SECOND);
    let plan = reconnector.start(SECOND, 0);
    assert_eq!(plan.why, Why::Budget { left: 0, until: SECOND + 4 * HOUR });
    assert_eq!((plan.delay, reconnector.next_at()), (4 * HOUR, Some(SECOND + 4 * HOUR)));
    assert_eq!(reconnector.start(MINUTE, 0).delay, (4 * HOUR + SECOND).saturating_sub(MINUTE), "a second start waits as long");
    reconnector.set_budget(900, 4 * HOUR, HOUR);
    assert_eq!(reconnector.wake(HOUR).map(|plan| plan.delay), Some(Duration::ZERO));
    reconnector.connecting(HOUR);
    assert_eq!((reconnector.wake(HOUR), reconnector.next_at()), (None, None));
    // Who leaves has left, whatever arrives.
    let left = reconnector.leave();
    assert_eq!((left.action, left.close_with, left.ending), (Action::Stop, Some(1000), Ending::Left));
    assert_eq!(reconnector.after_close(None, HOUR, 0), left);
    assert_eq!((reconnector.wake(HOUR), reconnector.deadline(), reconnector.has_session()), (None, None, false));
}

#[test]
fn there_is_a_deadline_for_each_answer() {
    let limits = GatewayCloseCode::LIMITS;
    let mut reconnector = Reconnector::<GatewayCloseCode>::new();
    assert_eq!((reconnector.deadline(), reconnector.stage()), (None, None));
    let _ = reconnector.start(SECOND, 0);
    reconnector.opened(SECOND);
    assert_eq!(reconnector.deadline(), None, "nothing was opened");
    reconnector.connecting(SECOND);
    assert_eq!((reconnector.deadline(), reconnector.stage()), (Some(SECOND + limits.upgrade), Some(Stage::Upgrade)));
    reconnector.opened(3 * SECOND);
    assert_eq!((reconnector.deadline(), reconnector.stage()), (Some(3 * SECOND + limits.hello), Some(Stage::Hello)));
    reconnector.greeted();
    assert_eq!((reconnector.deadline(), reconnector.stage()), (None, None), "a shard may wait for its turn for ever");
    reconnector.identified(4 * SECOND);
    reconnector.greeted();
    assert_eq!((reconnector.deadline(), reconnector.stage()), (Some(4 * SECOND + limits.ready), Some(Stage::Ready)));
    reconnector.ready(5 * SECOND);
    assert_eq!((reconnector.deadline(), reconnector.stage()), (None, None));
    let plan = reconnector.after_close(None, HOUR, 0);
    reconnector.connecting(HOUR + plan.delay);
    reconnector.identified(HOUR + plan.delay);
    assert_eq!(reconnector.deadline(), Some(HOUR + plan.delay + limits.resumed));
    // The plan says so if it fails, and the connection is closed in a way that keeps the session.
    let plan = reconnector.after_timeout(Stage::Resumed, HOUR + 2 * MINUTE, 0);
    assert_eq!((plan.action, plan.close_with), (Action::Resume, Some(4000)));
}

/// A failed login of WhatsApp has numbers of its own, and a restart of the program knows its stop as no stream error.
#[test]
fn a_code_of_another_table_is_answered_and_named_by_that_table() {
    let mut reconnector = Reconnector::<StreamError>::new();
    reconnector.restore_session();
    let _ = reconnector.start(SECOND, 0);
    let plan = reconnector.after_close_of::<ConnectFailure>(Some(405), SECOND, 0);
    assert_eq!(plan.policy, ConnectFailure::policy_for(Some(405)));
    assert_eq!((plan.action, plan.ending), (Action::Stop, Ending::Close(Some(405), Some(ConnectFailure::ClientOutdated.name()))));
    let mut restored = Reconnector::<StreamError>::new();
    let stop = restored.restore(reconnector.save(SECOND), Duration::ZERO, SECOND).expect("it was stopped");
    assert_eq!((stop.action, stop.ending), (Action::Stop, Ending::Restored));
}

#[test]
fn a_plan_that_is_begun_early_has_its_deadline_from_when_it_is_due() {
    let mut reconnector = live(Reconnector::<GatewayCloseCode>::new());
    let plan = reconnector.after(End::Close(Some(4008)), HOUR, 0);
    assert_eq!((plan, reconnector.attempts()), (reconnector.after_close(Some(4008), HOUR, 0), 0));
    reconnector.connecting(HOUR);
    assert_eq!(reconnector.deadline(), Some(HOUR + plan.delay + GatewayCloseCode::LIMITS.upgrade));
    for failed in 1..4 {
        let _ = reconnector.after(End::Failure(Failure::Network), failed * DAY, 0);
        assert_eq!(reconnector.attempts(), failed);
        reconnector.connecting(failed * DAY);
    }
}

#[test]
fn what_is_restored_waits_for_no_event_and_resumes_no_session_that_is_lost() {
    let mut voice = live(Reconnector::<VoiceCloseCode>::new());
    let stop = voice.after_close(Some(4014), HOUR, 0);
    assert_eq!((stop.action, voice.deadline().is_some()), (Action::Stop, true));
    let mut restored = Reconnector::<VoiceCloseCode>::new();
    let again = restored.restore(voice.save(2 * HOUR), DAY, SECOND).expect("it was stopped");
    assert_eq!((again.policy, restored.deadline()), (stop.policy, None));
    assert_eq!((restored.after_event("READY", 2 * SECOND, 0), restored.server_moved(true, 2 * SECOND)), (None, None));
    // A new session that waits is one after the restart as well.
    let mut gateway = live(Reconnector::<GatewayCloseCode>::new());
    let plan = gateway.after_close(Some(4009), HOUR, 0);
    assert_eq!((plan.action, gateway.has_session()), (Action::NewSession, false));
    let mut restored = Reconnector::<GatewayCloseCode>::new();
    assert_eq!(restored.restore(gateway.save(HOUR), Duration::ZERO, SECOND), None);
    assert_eq!(restored.wake(SECOND).map(|plan| plan.action), Some(Action::NewSession));
}

/// Tables of another version have other answers: what was a stop stays one, and is not said to follow from a policy to go on.
#[test]
fn a_stop_that_is_restored_has_the_policy_of_a_stop() {
    let mut stopped = live(Reconnector::<GatewayCloseCode>::new());
    let _ = stopped.after_close(Some(4004), HOUR, 0);
    let mut saved = stopped.save(HOUR);
    assert_eq!(saved[7], 4005);
    for (code, is_known) in [(4004, true), (4000, false), (1000, false)] {
        saved[7] = code + 1;
        let mut restored = Reconnector::<GatewayCloseCode>::new();
        let plan = restored.restore(saved, Duration::ZERO, SECOND).expect("it was stopped");
        assert_eq!((plan.action, plan.policy.action), (Action::Stop, Action::Stop), "{code}: {plan}");
        assert_eq!(plan.ending != Ending::Restored, is_known, "{code}");
    }
}

/// A clock that is set back hides no new session of a caller who does not say when it connects.
#[test]
fn a_clock_that_is_set_back_hides_no_new_session() {
    let limits = GatewayCloseCode::LIMITS.with_identifies_per_day(4);
    for back in [Duration::ZERO, 30 * SECOND] {
        let mut reconnector = Reconnector::<GatewayCloseCode>::with_limits(limits);
        let _ = reconnector.start(HOUR, 0);
        let second = reconnector.after_close(Some(4009), HOUR + SECOND, 0);
        assert!(second.delay < MINUTE, "{second}");
        let third = reconnector.after_close(Some(4009), (HOUR + 2 * SECOND + second.delay).saturating_sub(back), 0);
        assert!(third.delay > HOUR, "two of four are spent: {third}");
    }
}

#[test]
fn a_fleet_elsewhere_has_the_budget() {
    let mut shard = Reconnector::<GatewayCloseCode>::new().without_budget();
    let mut now = SECOND;
    let mut plan = shard.start(now, 0);
    for _ in 0..3000 {
        assert!(plan.delay <= 10 * SECOND, "{plan}");
        now += plan.delay;
        shard.connecting(now);
        shard.ready(now);
        now += MINUTE;
        plan = shard.after_close(Some(4009), now, u32::MAX);
    }
    assert!(now < 3 * DAY);
}

#[test]
fn a_voice_session_is_asked_for_five_times() {
    let mut voice = Reconnector::<VoiceCloseCode>::new();
    let mut now = SECOND;
    let mut plan = voice.start(now, 0);
    let mut asked = 0;
    while plan.action != Action::Stop {
        assert_eq!(plan.by, NewSessionBy::MainConnection);
        (now, asked) = (now + plan.delay, asked + 1);
        assert!(asked < 100, "it asks for ever");
        voice.connecting(now);
        voice.ready(now);
        plan = voice.after_close(Some(4006), now + SECOND, 0);
    }
    assert_eq!((asked, plan.instead), (6, Some(Instead::NewSessionsFailed(5))));
}

#[test]
fn a_plan_is_data() {
    let mut voice = Reconnector::<VoiceCloseCode>::new();
    let plan = voice.start(SECOND, 0);
    let data = serde_json::to_value(plan).expect("a plan is data");
    let expected = serde_json::json!({
        "action": "new-session", "delay_ms": 0, "close_with": null, "url": "main", "by": "main-connection",
        "policy": serde_json::to_value(plan.policy).unwrap(),
        "ending": "at the start", "instead": "there is no session to resume", "why": "the policy says so",
    });
    assert_eq!(data, expected);
}
