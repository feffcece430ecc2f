//! What a user of a reconnector gets: connections that are up, whatever the network does.

use std::collections::BTreeMap;
use std::time::Duration;

use wirecodes::{Action, Cause, CloseCode, Failure, Instead, NewSessionBy, Plan, Reconnector, Stage, Wait};

use super::client::{DAY, MINUTE, SECOND};

const HOUR: Duration = Duration::from_hours(1);

/// A reconnector whose session has lived for an hour, and the time.
fn lived<T: CloseCode>() -> (Reconnector<T>, Duration) {
    let mut reconnector = Reconnector::<T>::new();
    reconnector.restore_session();
    let _ = reconnector.start(SECOND, 0);
    reconnector.connecting(SECOND);
    reconnector.resumed(SECOND);
    (reconnector, SECOND + HOUR)
}

/// Carries out a plan up to the acceptance.
fn carry_out<T: CloseCode>(reconnector: &mut Reconnector<T>, plan: &Plan, now: &mut Duration) {
    *now += plan.delay;
    reconnector.connecting(*now);
    reconnector.opened(*now);
    reconnector.identified(*now);
    match plan.action {
        Action::Resume => reconnector.resumed(*now),
        _ => reconnector.ready(*now),
    }
}

/// Each Resume is answered with RESUMED, and the connection ends again soon: no session is given up, and waits do not grow.
pub fn accepted_resumes_stay_up<T: CloseCode>() {
    // One code of each answer.
    let codes = (0..5000).map(Some).chain([None]).map(|code| (std::ptr::from_ref(T::policy_for(code)), code));
    for code in codes.collect::<BTreeMap<_, _>>().into_values() {
        let policy = T::policy_for(code);
        if policy.action != Action::Resume || policy.cause == Some(Cause::ClientBug) {
            continue;
        }
        for (lives, least) in [(6, 85), (20, 99), (50, 99)] {
            let lives = lives * SECOND;
            let (mut reconnector, mut now) = lived::<T>();
            let (start, mut up) = (now, Duration::ZERO);
            while now < start + HOUR {
                let plan = reconnector.after_close(code, now, u32::MAX);
                assert!(plan.action == Action::Resume && plan.delay <= policy.wait.delay(0, u32::MAX), "{code:?}: {plan}");
                carry_out(&mut reconnector, &plan, &mut now);
                (now, up) = (now + lives, up + lives);
            }
            let share = up.as_secs() * 100 / now.saturating_sub(start).as_secs();
            assert!(policy.wait != Wait::None || share >= least, "{code:?}: up {share} % with lives of {lives:?}");
        }
    }
    // A storm is damped all the same.
    let (mut reconnector, mut now) = lived::<T>();
    for _ in 0..12 {
        let plan = reconnector.after_close(None, now, 0);
        if plan.action != Action::Resume {
            return;
        }
        carry_out(&mut reconnector, &plan, &mut now);
    }
    assert!(reconnector.after_close(None, now, 0).delay >= 150 * SECOND, "a storm goes on");
}

/// Connects that fail, for days: the session is kept, no new session is used up, and the waits stay at the cap.
pub fn outages_cost_nothing<T: CloseCode>() {
    let (mut reconnector, mut now) = lived::<T>();
    let mut plan = reconnector.after_close(None, now, u32::MAX);
    if plan.action == Action::Resume {
        let end = now + 5 * DAY;
        for stage in [None, Some(Stage::Upgrade), Some(Stage::Hello)].into_iter().cycle() {
            now += plan.delay;
            reconnector.connecting(now);
            now += SECOND;
            plan = match stage {
                None => reconnector.after_failed_connect(Failure::Network, now, u32::MAX),
                Some(stage) => reconnector.after_timeout(stage, now, u32::MAX),
            };
            assert!(plan.action == Action::Resume && plan.delay <= 300 * SECOND && reconnector.has_session(), "{plan}");
            if now > end {
                break;
            }
        }
        assert!(plan.to_string().contains(&format!("failures in a row: {}", reconnector.attempts())), "{plan}");
    }
    if T::NEW_SESSION_BY == NewSessionBy::Person {
        // WhatsApp's servers are down, and the library reports it as an ending.
        for code in (0..1000).filter(|code| T::policy_for(Some(*code)).action == Action::Resume) {
            let (mut reconnector, mut now) = lived::<T>();
            for _ in 0..100 {
                let plan = reconnector.after_close(Some(code), now, 0);
                assert!(plan.action == Action::Resume && plan.delay <= 300 * SECOND, "{code}: {plan}");
                now += plan.delay + SECOND;
                reconnector.connecting(now.saturating_sub(SECOND));
            }
        }
    }
    no_new_session_is_used_up::<T>();
}

/// The first of those that are left starts when the network is back.
fn no_new_session_is_used_up<T: CloseCode>() {
    let mut reconnector = Reconnector::<T>::new();
    reconnector.set_budget(1, 20 * HOUR, SECOND);
    let mut plan = reconnector.start(SECOND, 0);
    let mut now = SECOND;
    for _ in 0..50 {
        now += plan.delay;
        reconnector.connecting(now);
        plan = reconnector.after_failed_connect(Failure::Network, now, 0);
        let is_main = T::NEW_SESSION_BY == NewSessionBy::MainConnection;
        assert!(plan.action == Action::NewSession && (is_main || plan.delay <= 300 * SECOND), "{plan}");
    }
}

/// The server of a voice connection moves, and says so before the close, after it, or without one.
pub fn moves_are_prompt<T: CloseCode>() {
    if T::NEW_SESSION_BY != NewSessionBy::MainConnection {
        let (mut reconnector, now) = lived::<T>();
        assert_eq!(reconnector.server_moved(true, now), None);
        return;
    }
    let stops = |code: &u16| T::policy_for(Some(*code)).unless.iter().any(|unless| unless.before > Duration::ZERO);
    for code in (4000..5000).filter(stops) {
        let (mut reconnector, mut now) = lived::<T>();
        // A moderator drags the client through channels.
        for order in 0..20 {
            let before = now;
            let plan = moved(&mut reconnector, code, order, &mut now);
            let expected = (Action::NewSession, NewSessionBy::Connection, Duration::ZERO);
            assert_eq!((plan.action, plan.by, plan.delay), expected, "{plan}");
            carry_out(&mut reconnector, &plan, &mut now);
            assert!(now.saturating_sub(before) <= SECOND, "{plan}");
            now += 10 * SECOND;
        }
        // A kick: the channel is gone, and nothing overrules the stop, whether that is said before the close or after it.
        let mut kicked = reconnector.clone();
        assert_eq!(kicked.after_close(Some(code), now, 0).instead, None);
        let stop = kicked.voice_state(false, now).expect("that settles it");
        assert_eq!((stop.action, stop.instead), (Action::Stop, Some(Instead::NotInChannel)));
        assert_eq!((kicked.deadline(), kicked.server_moved(true, now)), (None, None));
        assert_eq!(reconnector.voice_state(false, now), None);
        let stop = reconnector.after_close(Some(code), now, 0);
        assert_eq!((stop.action, stop.instead), (Action::Stop, Some(Instead::NotInChannel)));
        assert_eq!((reconnector.deadline(), reconnector.server_moved(true, now)), (None, None));
    }
    one_move_explains_one_ending::<T>();
    answers_of_the_main_connection_are_no_moves::<T>();
}

/// A client that is thrown out at once after a move is not thrown out for the move.
fn one_move_explains_one_ending<T: CloseCode>() {
    let stops = |code: &u16| T::policy_for(Some(*code)).unless.iter().any(|unless| unless.before > Duration::ZERO);
    for code in (4000..5000).filter(stops) {
        let (mut reconnector, now) = lived::<T>();
        let plan = reconnector.server_moved(true, now).expect("it moved");
        let mut then = now;
        carry_out(&mut reconnector, &plan, &mut then);
        assert_eq!(reconnector.after_close(Some(code), now + SECOND, 0).action, Action::NewSession, "the old connection, late");
        reconnector.connecting(now + SECOND);
        assert_eq!(reconnector.after_close(Some(code), now + 2 * SECOND, 0).action, Action::Stop);
        // A move of long ago explains nothing.
        let (mut reconnector, now) = lived::<T>();
        let _ = reconnector.server_moved(true, now);
        reconnector.connecting(now);
        reconnector.ready(now);
        assert_eq!(reconnector.after_close(Some(code), now + 6 * SECOND, 0).action, Action::Stop);
    }
}

/// The server moves, in one of four orders of events.
fn moved<T: CloseCode>(reconnector: &mut Reconnector<T>, code: u16, order: u32, now: &mut Duration) -> Plan {
    match order % 4 {
        0 => {
            let plan = reconnector.server_moved(true, *now).expect("it moved");
            assert_eq!(reconnector.after_close(Some(code), *now, 0).action, Action::NewSession);
            assert_eq!(reconnector.after_close(None, *now, 0), plan, "the echo of the close");
            plan
        }
        1 => {
            assert_eq!(reconnector.after_close(Some(code), *now, 0).action, Action::Stop);
            *now += SECOND / 2;
            reconnector.server_moved(true, *now).expect("it moved")
        }
        2 => {
            let gone = reconnector.server_moved(false, *now).expect("it is gone");
            assert_eq!((gone.action, reconnector.after_close(Some(code), *now, 0)), (Action::Stop, gone));
            reconnector.server_moved(true, *now).expect("it moved")
        }
        _ => {
            assert_eq!(reconnector.after_close(Some(code), *now, 0).action, Action::Stop);
            assert_eq!(reconnector.voice_state(true, *now), None);
            assert_eq!(
                reconnector.deadline(),
                Some(*now + 30 * SECOND).filter(|_| is_long::<T>(code)).or(Some(*now + 10 * SECOND))
            );
            reconnector.server_moved(true, *now + 9 * SECOND).expect("it moved")
        }
    }
}

fn is_long<T: CloseCode>(code: u16) -> bool {
    T::policy_for(Some(code)).unless.iter().any(|unless| unless.within == 30 * SECOND)
}

/// The address that the client asked for is no move; the next one is.
fn answers_of_the_main_connection_are_no_moves<T: CloseCode>() {
    let mut reconnector = Reconnector::<T>::new();
    let first = reconnector.start(SECOND, 0);
    assert_eq!(first.by, NewSessionBy::MainConnection);
    reconnector.connecting(SECOND);
    assert_eq!(reconnector.server_moved(false, SECOND), None);
    assert_eq!(reconnector.server_moved(true, SECOND), None);
    let moved = reconnector.server_moved(true, 2 * SECOND).expect("the second address is another one");
    assert_eq!((moved.by, moved.delay), (NewSessionBy::Connection, Duration::ZERO));
    // A full channel never answers. Each question counts, and they come later and later.
    let mut reconnector = Reconnector::<T>::new();
    let (mut now, mut asked) = (SECOND, 0);
    let mut plan = reconnector.start(now, 0);
    while now < DAY {
        now += plan.delay;
        reconnector.connecting(now);
        asked += 1;
        now = reconnector.deadline().expect("somebody has to look after the time");
        plan = reconnector.after_timeout(Stage::Upgrade, now, 0);
    }
    assert!(asked < 600, "asked {asked} times a day");
}

/// A program that restarts: waits and counts go on.
pub fn restarts_keep_waits<T: CloseCode>() {
    for code in (0..5000).map(Some).chain([None]) {
        let (mut reconnector, now) = lived::<T>();
        reconnector.set_budget(3, DAY, now);
        let plan = reconnector.after_close(code, now, u32::MAX);
        let mut other = Reconnector::<T>::new();
        let saved = reconnector.save(now + SECOND);
        let stop = other.restore(saved, SECOND, 7 * SECOND);
        assert_eq!(stop.is_some(), plan.action == Action::Stop, "{plan}");
        assert_eq!((other.has_session(), other.attempts()), (reconnector.has_session(), reconnector.attempts()));
        if plan.action == Action::Stop {
            let expected = if plan.instead.is_none() { Some(plan.policy) } else { stop.map(|stop| stop.policy) };
            assert_eq!(stop.map(|stop| stop.policy), expected);
            continue;
        }
        let again = other.start(7 * SECOND, 0);
        assert!(again.delay + 2 * SECOND >= plan.delay && again.action == plan.action, "{plan}, then {again}");
        let mut fresh = Reconnector::<T>::new();
        let unknown = saved.map(|number| number + 1);
        assert_eq!((fresh.restore(unknown, SECOND, SECOND), fresh.attempts(), fresh.has_session()), (None, 0, false));
        assert_eq!(fresh.restore([u64::MAX; 14], Duration::MAX, Duration::MAX), None);
    }
    // Arbitrary numbers of a known version are survived.
    for number in [0, 1, u64::MAX] {
        let mut reconnector = Reconnector::<T>::new();
        let mut saved = [number; 14];
        saved[0] = 1;
        let _ = (reconnector.restore(saved, Duration::ZERO, SECOND), reconnector.start(SECOND, 0), reconnector.save(MINUTE));
    }
}
