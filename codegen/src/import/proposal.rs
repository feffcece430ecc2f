//! A first policy for a close code that is new on the page: what the document says, or else what an unknown code gets.
//!
//! A proposal never makes a client bolder than it was: without a word of the document the code is treated as it was before
//! it was known. A person looks at it in the review, as at the proposed identifier.

use toml_edit::{InlineTable, Item};

use super::observe::ObservedRow;

/// The reason of a policy that nobody has thought about yet. A rule warns for as long as it stands in a table.
pub const UNREVIEWED: &str = "Not looked at yet: the code is treated like an unknown one.";

/// A policy for a new row of a table of close codes; `unknown` is that table's answer to unknown codes.
pub(super) fn propose_policy(row: &ObservedRow, unknown: Option<&Item>) -> Option<InlineTable> {
    let sentence = row.sentence.as_deref().unwrap_or_default().to_lowercase();
    let said = |words: &str| sentence.contains(words);
    let said_in_words = |action, reason| Some(policy(action, "none", "documented-text", reason));
    if row.reconnect == Some(false) || said("not reconnect") || said("not attempt to reconnect") {
        return Some(policy("stop", "none", "documented", "The document says not to reconnect."));
    }
    if said("start a new") || said("new session") {
        return said_in_words("new-session", "The document says to start a new session.");
    }
    if said("try resuming") || said("should resume") || said("and resume") {
        return said_in_words("resume", "The document says to resume.");
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
