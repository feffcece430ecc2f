//! Codes whose name is a label have a summary.

use super::{Finding, Rule};
use crate::model::{Kind, Registry, Row, Table};
use crate::text::Diagnostic;

pub(super) const RULE: Rule = Rule {
    name: "summary-missing",
    explanation: "The name of an opcode, a close code or a status code is a label; a sentence of our own says what it means. Names of \
                  error codes are sentences already and need none.",
    check,
};

fn check<'a>(_: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    if table.kind == Kind::ErrorCodes {
        return Vec::new();
    }
    // A code that is not reviewed is reported by that rule.
    let rows = table.all_rows().filter(|row| row.ours.summary.is_none() && row.ours.reviewed);
    let report = |row: &'a Row| Finding {
        allow: &row.ours.allow,
        diagnostic: Diagnostic::warning(RULE.name, format!("{} has no `summary`", row.facts.number))
            .at(&row.place.number(), "this code")
            .help("say what it means in a plain sentence of your own; do not copy the document's"),
    };
    rows.map(report).collect()
}
