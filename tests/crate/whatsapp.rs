//! The client of `examples/whatsapp_client.rs` in virtual time: which plan follows, and what becomes of the credentials.

#[path = "../examples/whatsapp_client.rs"]
mod example;

use example::Event::{Closed, Open, Paired, Refused, Start};
use example::{Client, Event, play};
use wirecodes::Action::{NewSession, Resume, Stop};
use wirecodes::{Action, Instead};

/// A client that was paired, and has just been opened for the first time.
const PAIRED: [(u64, Event); 4] = [(1, Start), (30, Paired), (1, Closed(Some(515))), (1, Open)];

/// The actions after these events, with their waits in seconds, and whether there are credentials.
fn plans(events: &[(u64, Event)]) -> Vec<(Action, u64, bool)> {
    let plans = play(&mut Client::default(), events);
    plans.iter().map(|(plan, has_credentials)| (plan.action, plan.delay.as_secs(), *has_credentials)).collect()
}

/// The same after a client was paired.
fn then(events: &[(u64, Event)]) -> Vec<(Action, u64, bool)> {
    plans(&[&PAIRED[..], events].concat()).split_off(2)
}

#[test]
fn a_restart_after_pairing_uses_the_credentials_at_once() {
    assert_eq!(plans(&PAIRED), [(NewSession, 0, false), (Resume, 0, true)]);
}

#[test]
fn codes_that_nobody_scanned_do_not_delay_the_restart_after_pairing() {
    let unscanned = [(900, Start), (160, Closed(Some(408)))].repeat(8);
    let plans = plans(&[&unscanned, &PAIRED[..]].concat());
    assert_eq!(plans.last(), Some(&(Resume, 0, true)), "{plans:?}");
}

#[test]
fn nobody_scans_the_code_and_a_person_starts_again() {
    let mut client = Client::default();
    let plans = play(&mut client, &[(1, Start), (160, Closed(Some(408))), (900, Start)]);
    assert_eq!(plans[1].0.instead, Some(Instead::OnlyPerson));
    assert_eq!(plans.iter().map(|(plan, _)| plan.action).collect::<Vec<_>>(), [NewSession, Stop, NewSession]);
}

#[test]
fn a_stop_keeps_the_credentials_unless_the_account_has_lost_them() {
    let start = [(60, Start)];
    for (code, keeps) in [(402, true), (405, true), (440, true), (401, false), (403, false), (406, false), (516, false)] {
        let plans = then(&[&[(3600, Closed(Some(code)))], &start[..]].concat());
        assert_eq!(plans[0], (Stop, 0, keeps), "{code}");
        assert_eq!(plans[1].0, if keeps { Resume } else { NewSession }, "{code}");
    }
}

#[test]
fn what_says_nothing_of_the_credentials_keeps_them() {
    // HTTP 401 before the WebSocket is open is no 401 of WhatsApp.
    for event in [Refused(401), Refused(503), Closed(None), Closed(Some(428)), Closed(Some(500))] {
        let plans = then(&[&[(3600, Closed(None))][..], &[(1, event); 30]].concat());
        assert!(plans.iter().all(|(action, _, has_credentials)| (*action, *has_credentials) == (Resume, true)), "{plans:?}");
        assert!(plans[29].1 > 100, "the waits grow: {plans:?}");
    }
}
