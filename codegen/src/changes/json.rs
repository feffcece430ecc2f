//! Changes as JSON, for programs.
//!
//! ```json
//! {
//!   "summary": "1 added; needs: minor",
//!   "needs": "minor",
//!   "changes": [{
//!     "table": "gateway-opcodes", "kind": "added", "value": 43, "subject": "RequestChannelInfo",
//!     "old": null, "new": "Request Channel Info", "bump": "minor", "why": "a variant is new", "guess": false, "fingerprint": "0123456789ab",
//!     "old_place": null, "new_place": {"file": "codes/discord/v10/gateway-opcodes.toml", "line": 100}
//!   }]
//! }
//! ```
//!
//! `value` is a number, `[first, last]` for a range, or null for a change of a table as a whole.

use serde_json::{Value, json};

use super::text::summary;
use super::{Change, needed};
use crate::import::ObservedValue;
use crate::source::Span;

/// The changes as a JSON value.
#[must_use]
pub fn json(changes: &[Change]) -> Value {
    json!({
        "summary": summary(changes),
        "needs": needed(changes).word(),
        "changes": changes.iter().map(of_change).collect::<Vec<_>>(),
    })
}

fn of_change(change: &Change) -> Value {
    let value = match change.value {
        None => Value::Null,
        Some(ObservedValue::Value(value)) => json!(value),
        Some(ObservedValue::Range(range)) => json!(range),
    };
    let place = |span: &Option<Span>| span.as_ref().map(|span| json!({ "file": span.file.path, "line": span.line() }));
    json!({
        "table": change.table,
        "kind": change.kind.name(),
        "value": value,
        "subject": change.subject,
        "old": change.old,
        "new": change.new,
        "bump": change.bump.word(),
        "why": change.why,
        "guess": change.guess,
        "fingerprint": change.fingerprint(),
        "old_place": place(&change.old_span),
        "new_place": place(&change.new_span),
    })
}
