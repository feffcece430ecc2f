//! Facts and policies as TOML has them.

use crate::model::{Facts, Key, Number, Policy, Value};
use crate::text::{key_word, toml_string};

/// The keys of a row whose values differ, with the new ones.
pub(super) fn differing(old: &Facts, new: &Facts) -> Vec<(&'static str, Option<String>)> {
    let (old, new) = (optional_pairs(old), optional_pairs(new));
    old.into_iter().zip(new).filter(|(old, new)| old.1 != new.1).map(|(_, new)| new).collect()
}

/// The facts that a row has as TOML.
pub(super) fn all_pairs(facts: &Facts) -> Vec<(&'static str, String)> {
    optional_pairs(facts).into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// Every fact as TOML, in the order of the keys of a row.
fn optional_pairs(facts: &Facts) -> Vec<(&'static str, Option<String>)> {
    let status = Some(facts.status).filter(|status| !status.is_active());
    let mut pairs = vec![
        ("value", if let Number::Value(value) = facts.number { Some(value.to_string()) } else { None }),
        ("range", if let Number::Range([first, last]) = facts.number { Some(format!("[{first}, {last}]")) } else { None }),
        ("name", Some(toml_string(&facts.name))),
        ("status", status.map(|status| toml_string(&key_word(status)))),
    ];
    pairs.extend(Key::ALL.iter().map(|key| (key.name(), key.get(facts).as_ref().map(Value::to_toml))));
    pairs
}

/// A policy as an inline table of TOML.
pub(super) fn policy_text(policy: &Policy) -> String {
    // What is proposed has no other keys.
    let Policy { action, wait, basis, reason, despite, .. } = policy;
    let word = |key: &str, word: String| format!("{key} = {}", toml_string(&word));
    let despite: Vec<String> = despite.iter().map(|one| toml_string(&key_word(one))).collect();
    let keys = [
        Some(word("action", key_word(action))),
        wait.to_toml().map(|wait| format!("wait = {wait}")),
        Some(word("basis", key_word(basis))),
        Some(word("reason", reason.to_string())),
        (!despite.is_empty()).then(|| format!("despite = [{}]", despite.join(", "))),
    ];
    format!("{{ {} }}", keys.into_iter().flatten().collect::<Vec<_>>().join(", "))
}
