//! A report as SARIF 2.1.0, for tools that show findings.

use std::collections::BTreeMap;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use super::report::{Report, Row};
use crate::model::Bump;
use crate::text::Span;

/// What has a meaning in a relative reference, or cannot be in one.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'_').remove(b'.').remove(b'~');

impl Report {
    /// For tools that show findings: a SARIF 2.1.0 log with one run. Each kind of row is a rule, and waived rows are suppressed
    /// results. `revisions` are those of both sides, where they have any.
    #[must_use]
    pub fn sarif(&self, revisions: [Option<&str>; 2]) -> Value {
        let rows: Vec<&Row> = self.rows().map(|(_, row)| row).collect();
        let kinds: BTreeMap<&str, &Row> = rows.iter().map(|row| (row.kind, *row)).collect();
        let rules: Vec<Value> = kinds.values().map(|row| rule(row)).collect();
        let positions: BTreeMap<&str, usize> = kinds.keys().enumerate().map(|(position, kind)| (*kind, position)).collect();
        let results: Vec<Value> = rows.iter().map(|row| result(row, revisions, positions[row.kind])).collect();
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
                "automationDetails": { "id": format!("{}/", self.title) },
                "results": results,
            }],
        })
    }
}

/// A kind of row, as the first of its rows has it.
fn rule(row: &Row) -> Value {
    let help = format!("{} `cargo xtask explain {}` says it again; a waiver accepts a change that is meant.", row.why, row.kind);
    json!({
        "id": row.kind,
        "shortDescription": { "text": row.why },
        "fullDescription": { "text": row.why },
        "help": { "text": help },
        "helpUri": env!("CARGO_PKG_REPOSITORY"),
        "defaultConfiguration": { "level": row.level("note") },
    })
}

fn result(row: &Row, [old_revision, new_revision]: [Option<&str>; 2], rule: usize) -> Value {
    let mut result = json!({
        "ruleId": row.kind,
        "ruleIndex": rule,
        "level": row.level("note"),
        "message": { "text": row.message() },
        "locations": row.place().map(location).into_iter().collect::<Vec<_>>(),
        "partialFingerprints": row.fingerprint.iter().map(|mark| ("change/v1", mark)).collect::<BTreeMap<_, _>>(),
        "properties": {
            "bump": row.bump.map(Bump::word),
            "oldRevision": old_revision,
            "newRevision": new_revision,
        },
    });
    if let [Some(before), Some(_)] = &row.places {
        let mut before = location(before);
        before["message"] = json!({ "text": "before" });
        result["relatedLocations"] = json!([before]);
    }
    if let Some(reason) = &row.waived {
        result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": reason }]);
    }
    result
}

fn location(span: &Span) -> Value {
    json!({ "physicalLocation": {
        "artifactLocation": { "uri": utf8_percent_encode(&span.file.path, RESERVED).to_string() },
        "region": { "startLine": span.line(), "startColumn": span.column() },
    }})
}
