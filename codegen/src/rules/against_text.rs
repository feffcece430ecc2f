//! A policy that differs from what the documented sentence says to do says why.

use super::{Rule, policies};
use crate::diagnostic::Diagnostic;
use crate::model::{Registry, Table};

pub(super) const RULE: Rule = Rule {
    name: "against-text",
    explanation: "`advice` records what the documented sentence says to do. A policy may know better, but then its reason has to \
                  speak of the document.",
    check,
};

fn check(registry: &Registry, table: &Table, diagnostics: &mut Vec<Diagnostic>) {
    for answered in policies(registry, table) {
        let policy = answered.policy;
        let Some(advice) = answered.advice.filter(|advice| *advice != policy.action.value) else { continue };
        if !policy.reason.value.contains("document") {
            diagnostics.push(
                Diagnostic::error(
                    RULE.name,
                    format!("the policy of {} is not what the document says, and does not say why", answered.what),
                )
                .at(&policy.action.span, format!("the document says: {}", advice.words()))
                .at(&policy.reason.span, "does not speak of the document")
                .help("do as the document says, or say in `reason` why not"),
            );
        }
    }
}
