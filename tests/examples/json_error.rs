//! What to do when the API has refused a request: a match on the code in the JSON body of its answer.
//!
//! `cargo run --package wirecodes-tests --example json_error -- '{"message": "Unknown Message", "code": 10008}'`

use serde::Deserialize;
use wirecodes::discord::v10::JsonErrorCode;
use wirecodes::{Group, Wire};

/// The body of an answer that refuses a request.
#[derive(Debug, Deserialize)]
struct Refusal {
    code: Wire<JsonErrorCode>,
    message: String,
}

fn main() {
    let body = std::env::args().nth(1).unwrap_or_else(|| r#"{"message": "Unknown Message", "code": 10008}"#.to_owned());
    match serde_json::from_str::<Refusal>(&body) {
        Ok(refusal) => println!("{}", advice(&refusal)),
        Err(error) => println!("not an answer of the API: {error}"),
    }
}

fn advice(refusal: &Refusal) -> String {
    match refusal.code {
        Wire::Known(code) if code.group() == Some(Group::NotFound) => format!("it is gone, forget it: {}", code.summary()),
        Wire::Known(code) if code.group() == Some(Group::PermissionDenied) => {
            format!("ask an admin of the server for more permissions: {}", code.summary())
        }
        Wire::Known(code) if code.is_retryable() => format!("try again in a moment: {}", code.summary()),
        Wire::Known(code) => {
            let fix = code.fix().map(|fix| format!(" {fix}")).unwrap_or_default();
            format!("refused with {} ({}): {}{fix}", code.code(), code.name(), code.summary())
        }
        Wire::Unknown(code) => format!("refused with {code}, which no table knows yet: {}", refusal.message),
    }
}
