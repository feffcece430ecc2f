//! Codes whose name does not say all have a summary.

use super::Rule;
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, Registry, Table};

pub(super) const RULE: Rule = Rule {
    name: "summary-missing",
    explanation: "The name of an opcode, a close code or a status is a label; a sentence of ours says what it means. Messages of \
                  error codes are sentences already and may go without.",
    check,
};

fn check(_: &Registry, table: &Table, diagnostics: &mut Vec<Diagnostic>) {
    if table.kind == Kind::ErrorCodes {
        return;
    }
    for code in table.codes.iter().filter(|code| code.summary.is_none()) {
        diagnostics.push(
            Diagnostic::warning(RULE.name, format!("{} has no `summary`", code.value.value))
                .at(&code.value.span, "this one")
                .help("say in a plain sentence of your own what it means; do not copy the document's"),
        );
    }
}
