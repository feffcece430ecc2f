//! References between tables: `extends` leads to a table of close codes, and never in a circle.

use std::collections::BTreeMap;

use crate::diagnostic::Diagnostic;
use crate::folder::TablePath;
use crate::model::{Codes, Table};
use crate::text::{closest, quoted};

/// Checks the references of all tables.
pub(super) fn check(tables: &[Table]) -> Vec<Diagnostic> {
    let mut extends: BTreeMap<String, Option<&TablePath>> = BTreeMap::new();
    for table in tables {
        if let Codes::CloseCodes(close) = &table.codes {
            extends.insert(table.path.to_string(), close.extends.as_ref());
        }
    }
    let mut diagnostics = Vec::new();
    for table in tables {
        let Codes::CloseCodes(close) = &table.codes else { continue };
        let Some(written) = &close.reconnect.extends else { continue };
        let span = || table.place.key("reconnect.extends");
        if !extends.contains_key(written.as_str()) {
            let near = closest(written, extends.keys().map(String::as_str));
            diagnostics.push(
                Diagnostic::error("unknown-reference", format!("`extends` names no table of close codes: {}", quoted(written)))
                    .at(&span(), "no such table")
                    .help_if(near.map(|near| format!("did you mean `{near}`?")))
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
