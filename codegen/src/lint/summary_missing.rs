//! Codes whose name is a label have a summary.

use super::{Finding, Rule};
use crate::diagnostic::Diagnostic;
use crate::model::{Class, Codes, Registry, Responses, Table, Variant};

pub(super) const RULE: Rule = Rule {
    name: "summary-missing",
    explanation: "The name of an opcode, a close code or a status code is a label; a sentence of our own says what it means. Names of \
                  error codes are sentences already and need none.",
    check,
};

fn check<'a>(_: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    if matches!(table.codes, Codes::Responses(Responses { class: Class::Error, .. })) {
        return Vec::new();
    }
    // A code that nobody has reviewed is reported by that rule.
    let rows = table.codes.variants().filter(|variant| variant.ours.summary.is_none() && variant.ours.reviewed);
    let report = |variant: &'a Variant| Finding {
        allow: &variant.ours.allow,
        diagnostic: Diagnostic::warning(RULE.name, format!("{} has no `summary`", variant.number))
            .at(&variant.place.number(), "this code")
            .help("say what it means in a plain sentence of your own; do not copy the document's"),
    };
    rows.map(report).collect()
}
