//! What import proposed is reviewed.

use super::{Finding, Rule};
use crate::model::{Registry, Row, Table};
use crate::text::Diagnostic;

pub(super) const RULE: Rule = Rule {
    name: "not-reviewed",
    explanation: "Import proposes an identifier and a policy for a new code and marks its row with `reviewed = false`. The proposal is \
                  safe, but it is not a decision: correct it, write a summary, and remove the mark.",
    check,
};

fn check<'a>(_: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    let rows = table.all_rows().filter(|row| !row.ours.reviewed);
    let report = |row: &'a Row| Finding {
        allow: &row.ours.allow,
        diagnostic: Diagnostic::warning(RULE.name, format!("{} is not reviewed yet", row.facts.number))
            .at(&row.place.key("reviewed"), "as import proposed it")
            .help("check `ident` and `policy`, write a `summary`, and remove this line"),
    };
    rows.map(report).collect()
}
