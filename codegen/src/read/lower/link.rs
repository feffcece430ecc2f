//! References between tables: `extends` leads to a table of close codes, and never in a circle.

use std::collections::BTreeMap;

use crate::model::{Table, TablePath};
use crate::text::{Diagnostic, did_you_mean, quoted};

/// Checks the references of all tables.
pub(super) fn check(tables: &[Table]) -> Vec<Diagnostic> {
    let mut extends: BTreeMap<String, Option<&TablePath>> = BTreeMap::new();
    for table in tables {
        if let Some(fallback) = &table.fallback {
            extends.insert(table.path.to_string(), fallback.extends.as_ref());
        }
    }
    let mut diagnostics = Vec::new();
    for table in tables {
        let Some(written) = table.fallback.as_ref().and_then(|fallback| fallback.reconnect.extends.as_ref()) else { continue };
        let span = || table.place.key("reconnect.extends");
        if !extends.contains_key(written.as_str()) {
            let near = did_you_mean(written, extends.keys().map(String::as_str));
            diagnostics.push(
                Diagnostic::error("unknown-reference", format!("`extends` names no table of close codes: {}", quoted(written)))
                    .at(&span(), "no such table")
                    .help_if(near)
                    .help("write `<system>/<edition>/<file without .toml>`"),
            );
        } else if let Some(circle) = circle(&table.path, &extends) {
            diagnostics.push(
                Diagnostic::error("circular-reference", format!("the table extends itself: {}", circle.join(" → ")))
                    .at(&span(), "leads back to this table")
                    .help("remove `extends` from one of these tables"),
            );
        }
    }
    diagnostics
}

/// The tables from one back to itself, if `extends` leads there.
fn circle(start: &TablePath, extends: &BTreeMap<String, Option<&TablePath>>) -> Option<Vec<String>> {
    let mut way = vec![start.to_string()];
    loop {
        let next = extends.get(way.last()?)?.as_ref()?.to_string();
        if next == way[0] {
            way.push(next);
            return Some(way);
        }
        if way.contains(&next) {
            return None;
        }
        way.push(next);
    }
}
