//! Changes as SARIF 2.1.0, for tools that show findings.

use serde_json::{Value, json};

use super::text::told;
use super::{Bump, Change, Kind};
use crate::source::Span;

/// The changes as a SARIF log with one run. Each kind of change is a rule.
#[must_use]
pub fn sarif(changes: &[Change]) -> Value {
    let mut kinds: Vec<Kind> = changes.iter().map(|change| change.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    let rules: Vec<Value> =
        kinds.iter().map(|kind| json!({ "id": kind.name(), "shortDescription": { "text": kind.explanation() } })).collect();
    let results: Vec<Value> = changes.iter().map(|change| result(change, &kinds)).collect();
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

fn result(change: &Change, kinds: &[Kind]) -> Value {
    let level = match change.bump {
        Bump::Major => "error",
        Bump::Policy => "warning",
        Bump::Minor | Bump::Patch | Bump::None => "note",
    };
    let place = change.new_span.as_ref().or(change.old_span.as_ref());
    let before = change.old_span.as_ref().filter(|_| change.new_span.is_some());
    let mut result = json!({
        "ruleId": change.kind.name(),
        "ruleIndex": kinds.iter().position(|kind| *kind == change.kind),
        "level": level,
        "message": { "text": told(change) },
        "locations": place.map(location).into_iter().collect::<Vec<_>>(),
        "partialFingerprints": { "change/v1": change.fingerprint() },
        "properties": { "bump": change.bump.word() },
    });
    if let Some(before) = before {
        result["relatedLocations"] = json!([location(before)]);
    }
    result
}

fn location(span: &Span) -> Value {
    let uri: String = span
        .file
        .path
        .bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect();
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": uri },
        "region": { "startLine": span.line(), "startColumn": span.column() },
    }})
}
