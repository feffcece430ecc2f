//! A first policy for a close code that is new on the page: what the document says, or else what an unknown code gets.
//!
//! A proposal never makes a client bolder than it was: without a word of the document the code is treated as it was before
//! it was known. A person looks at it in the review, as at the proposed identifier.

use toml_edit::{InlineTable, Item};

use super::observe::ObservedRow;
use crate::model::Action;

/// The reason of a policy that nobody has thought about yet. A rule warns for as long as it stands in a table.
pub const UNREVIEWED: &str = "Not looked at yet: treated like an unknown code, as by clients that do not know it.";

/// What a documented sentence says to do after a close code, if it does.
#[must_use]
pub fn advice(sentence: &str) -> Option<Action> {
    let sentence = sentence.to_lowercase();
    let says = |words: &[&str]| words.iter().any(|words| sentence.contains(words));
    if says(&["not reconnect", "not attempt to reconnect"]) {
        Some(Action::Stop)
    } else if says(&["start a new", "new session"]) {
        Some(Action::NewSession)
    } else if says(&["try resuming", "should resume", "and resume"]) {
        Some(Action::Resume)
    } else {
        None
    }
}

/// The word for an action in a table.
pub(super) fn action_word(action: Action) -> &'static str {
    match action {
        Action::Resume => "resume",
        Action::NewSession => "new-session",
        Action::Stop => "stop",
    }
}

/// A policy for a new row of a table of close codes; `unknown` is that table's answer to unknown codes.
pub(super) fn propose_policy(row: &ObservedRow, unknown: Option<&Item>) -> Option<InlineTable> {
    let advice = row.sentence.as_deref().and_then(advice);
    if row.reconnect == Some(false) || advice == Some(Action::Stop) {
        return Some(policy(
            "stop",
            "none",
            "documented",
            "The document says not to reconnect; clients that do not know the code yet may try all the same.",
        ));
    }
    if let Some(advice) = advice {
        let reason = format!("The document says so: {}; clients that do not know the code yet may do otherwise.", advice.words());
        return Some(policy(action_word(advice), "none", "documented-text", &reason));
    }
    let unknown = unknown?.as_table_like()?;
    let word = |key: &str| unknown.get(key).and_then(Item::as_str);
    Some(policy(word("action")?, word("wait").unwrap_or("none"), "judgement", UNREVIEWED))
}

fn policy(action: &str, wait: &str, basis: &str, reason: &str) -> InlineTable {
    let mut policy = InlineTable::new();
    for (key, value) in [("action", action), ("wait", wait), ("basis", basis), ("reason", reason)] {
        policy.insert(key, value.into());
    }
    policy
}
