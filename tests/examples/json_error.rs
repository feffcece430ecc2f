//! An error of the REST API, handled: when to send again, what is gone, whom to tell, and what is a bug.
//!
//! `cargo run --package wirecodes-tests --example json_error`

use std::time::Duration;

use wirecodes::discord::v10::{HttpResponseCode, JsonErrorCode};
use wirecodes::{Fault, Group, Retry};

/// A request that was refused.
struct Refused {
    status: u16,
    code: Option<u32>,
    retry_after: Option<Duration>,
}

/// What to do about it.
#[derive(Debug, PartialEq)]
enum Next {
    SendAgain { after: Duration },
    Forget,
    Tell(&'static str),
    Report(&'static str),
}

/// `is_repeatable`: the request can be carried out twice, as GET, PUT and DELETE can, and a message with an enforced nonce.
fn handle(refused: &Refused, attempt: u32, is_repeatable: bool) -> Next {
    let Refused { status, code, retry_after } = *refused;
    // The more careful of both: a code says more than its status, and a number in no table says nothing.
    let retry = code.and_then(JsonErrorCode::retry_for).max(HttpResponseCode::retry_for(status)).unwrap_or(Retry::No);
    if attempt < 5 && (retry == Retry::Wait || retry == Retry::IfIdempotent && is_repeatable) {
        return Next::SendAgain { after: retry_after.unwrap_or(Duration::from_secs(1 << attempt)) };
    }
    let group = code.and_then(JsonErrorCode::group_for).or_else(|| HttpResponseCode::group_for(status));
    let fault = code.and_then(JsonErrorCode::fault_for).or_else(|| HttpResponseCode::fault_for(status));
    let summary = code.and_then(JsonErrorCode::from_code).map_or("refused", JsonErrorCode::summary);
    match (group, fault) {
        (Some(Group::NotFound), Some(Fault::User)) => Next::Forget,
        // Permissions, limits, a user who takes no messages: expected in operation, and no alert.
        (_, Some(Fault::User)) => Next::Tell(summary),
        _ => Next::Report(summary),
    }
}

/// A stand-in for the API: it fails twice, and refuses then.
fn send(attempt: u32) -> Refused {
    match attempt {
        0 => Refused { status: 429, code: None, retry_after: Some(Duration::from_millis(5)) },
        1 => Refused { status: 503, code: Some(0), retry_after: Some(Duration::from_millis(5)) },
        _ => Refused { status: 403, code: Some(50_007), retry_after: None },
    }
}

fn main() {
    for attempt in 0.. {
        let next = handle(&send(attempt), attempt, true);
        println!("attempt {attempt}: {next:?}");
        match next {
            Next::SendAgain { after } => std::thread::sleep(after),
            _ => break,
        }
    }
    let refused = |status, code| Refused { status, code: Some(code), retry_after: None };
    assert_eq!(handle(&refused(404, 10_008), 0, false), Next::Forget);
    assert!(matches!(handle(&refused(403, 50_013), 0, false), Next::Tell(_)), "a permission is missing");
    assert!(matches!(handle(&refused(400, 50_035), 0, false), Next::Report(_)), "a bug");
    assert!(matches!(handle(&refused(500, 1), 0, false), Next::Report(_)), "it may have been posted already");
    assert!(matches!(handle(&refused(500, 1), 0, true), Next::SendAgain { .. }), "it can be repeated");
    assert!(matches!(handle(&refused(400, 40_003), 0, false), Next::SendAgain { .. }), "too fast, whatever the status");
}
