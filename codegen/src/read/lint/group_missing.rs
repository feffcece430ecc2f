//! Status codes and error codes have a group.

use super::{Finding, Rule};
use crate::model::{Registry, Row, Table};
use crate::text::Diagnostic;

pub(super) const RULE: Rule = Rule {
    name: "group-missing",
    explanation: "The group of a status code or an error code says whether the thing is gone, whose fault it is, and which metric counts it. \
                  A table in which no row has one yet is left alone.",
    check,
};

fn check<'a>(_: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    if !table.rows.iter().any(|row| row.ours.group.is_some()) {
        return Vec::new();
    }
    let rows = table.rows.iter().filter(|row| row.ours.group.is_none() && row.facts.is_live() && row.ours.reviewed);
    let report = |row: &'a Row| Finding {
        allow: &row.ours.allow,
        diagnostic: Diagnostic::warning(RULE.name, format!("{} has no `group`", row.facts.number))
            .at(&row.place.number(), "this code")
            .help("write the one that fits, such as `group = \"not-found\"`; the schema lists them"),
    };
    rows.map(report).collect()
}
