//! Errors and close codes as log levels, and as labels of metrics with few values.
//!
//! `cargo run --package wirecodes-tests --example error_metrics`

use wirecodes::discord::v10::{GatewayCloseCode, JsonErrorCode};
use wirecodes::{Fault, Group, Level};

/// The level of an error: what users cause is no reason to wake anybody.
fn level(code: u32) -> Level {
    match (JsonErrorCode::group_for(code), JsonErrorCode::fault_for(code)) {
        (_, Some(Fault::User)) => Level::Info,
        (Some(Group::RateLimited), _) | (_, Some(Fault::Service)) => Level::Warn,
        // A bug, or a number that the tables do not have yet.
        _ => Level::Error,
    }
}

/// The labels of a counter: a dozen groups instead of hundreds of codes.
fn labels(code: u32) -> [(&'static str, &'static str); 2] {
    let group = JsonErrorCode::group_for(code).map_or("unknown", Group::as_str);
    let fault = JsonErrorCode::fault_for(code).map_or("unknown", Fault::as_str);
    [("group", group), ("fault", fault)]
}

fn main() {
    for code in [10_008, 50_007, 50_013, 50_035, 40_062, 130_000, 999_999] {
        println!("{code} {:?} {:?}", level(code), labels(code));
    }
    assert_eq!((level(50_007), level(130_000), level(50_035)), (Level::Info, Level::Warn, Level::Error));
    for code in [None, Some(4000), Some(4004), Some(4008)] {
        println!("{code:?} {:?}", GatewayCloseCode::policy_for(code).level());
    }
    assert_eq!(GatewayCloseCode::policy_for(Some(4004)).level(), Level::Error);
}
