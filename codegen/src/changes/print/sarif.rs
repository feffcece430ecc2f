//! A comparison as SARIF 2.1.0, for tools that show findings.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::github::message;
use crate::changes::change::Difference;
use crate::changes::{Bump, Comparison};
use crate::source::Span;

/// A comparison as a SARIF log with one run. Each kind of change is a rule, and waived changes are suppressed results.
#[must_use]
pub fn sarif(comparison: &Comparison) -> Value {
    let kinds: BTreeMap<&str, &str> =
        comparison.differences.iter().map(|difference| (difference.change.kind(), difference.change.explanation())).collect();
    let rules: Vec<Value> =
        kinds.iter().map(|(kind, text)| json!({ "id": kind, "shortDescription": { "text": text } })).collect();
    let positions: BTreeMap<&str, usize> = kinds.keys().enumerate().map(|(position, kind)| (*kind, position)).collect();
    let results: Vec<Value> =
        comparison.differences.iter().map(|difference| result(comparison, difference, &positions)).collect();
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "wirecodes",
                "version": env!("CARGO_PKG_VERSION"),
                "informationUri": env!("CARGO_PKG_REPOSITORY"),
                "rules": rules,
            }},
            "results": results,
        }],
    })
}

fn result(comparison: &Comparison, difference: &Difference, positions: &BTreeMap<&str, usize>) -> Value {
    let level = match difference.bump {
        Bump::Major => "error",
        Bump::Policy => "warning",
        Bump::Minor | Bump::Patch | Bump::None => "note",
    };
    let place = difference.new_place.as_ref().or(difference.old_place.as_ref());
    let before = difference.old_place.as_ref().filter(|_| difference.new_place.is_some());
    let kind = difference.change.kind();
    let mut result = json!({
        "ruleId": kind,
        "ruleIndex": positions.get(kind),
        "level": level,
        "message": { "text": message(difference) },
        "locations": place.map(location).into_iter().collect::<Vec<_>>(),
        "partialFingerprints": { "change/v1": difference.fingerprint() },
        "properties": {
            "bump": difference.bump.word(),
            "oldRevision": comparison.old_revision,
            "newRevision": comparison.new_revision,
        },
    });
    if let Some(before) = before {
        result["relatedLocations"] = json!([location(before)]);
    }
    if let Some(reason) = &difference.waived {
        result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": reason }]);
    }
    result
}

fn location(span: &Span) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri(&span.file.path) },
        "region": { "startLine": span.line(), "startColumn": span.column() },
    }})
}

/// A path as a relative reference: every byte that has a meaning in a URI is escaped.
fn uri(path: &str) -> String {
    let escaped = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
        _ => format!("%{byte:02X}"),
    };
    path.bytes().map(escaped).collect()
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_is_a_reference() {
        assert_eq!(uri("codes/a b:ü#?.toml"), "codes/a%20b%3A%C3%BC%23%3F.toml");
    }
}
