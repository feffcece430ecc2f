//! What import proposed is reviewed by a person.

use super::{Finding, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{Registry, Table};

pub(super) const RULE: Rule = Rule {
    name: "not-reviewed",
    explanation: "Import proposes an identifier and a policy for a new code and marks its row with `reviewed = false`. The proposal is \
                  safe, but it is not a decision: a person corrects it, writes a summary, and removes the mark.",
    check,
};

fn check<'a>(_: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    let rows = table.codes.variants().filter(|variant| !variant.ours.reviewed);
    let report = |variant: &'a crate::model::Variant| Finding {
        allow: &variant.ours.allow,
        diagnostic: Diagnostic::warning(RULE.name, format!("nobody has reviewed {} yet", variant.number))
            .at(&variant.place.key("reviewed"), "as import proposed it")
            .help("check `ident` and `policy`, write a `summary`, and remove this line"),
    };
    rows.map(report).collect()
}
