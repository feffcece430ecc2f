//! A policy that import proposed without a word of the document is looked at by a person.

use super::Rule;
use crate::diagnostic::Diagnostic;
use crate::import::proposal::UNREVIEWED;
use crate::model::{Detail, Registry, Table};

pub(super) const RULE: Rule = Rule {
    name: "policy-unreviewed",
    explanation: "Import treats a new close code like an unknown one where the document does not say what to do. That is safe, but \
                  it is not an answer: a person decides, and writes the reason.",
    check,
};

fn check(_: &Registry, table: &Table, diagnostics: &mut Vec<Diagnostic>) {
    for code in &table.codes {
        let Detail::CloseCode { policy, .. } = &code.detail else { continue };
        if policy.reason.value == UNREVIEWED {
            diagnostics.push(
                Diagnostic::warning(RULE.name, format!("nobody has looked at the policy of {}", code.value.value))
                    .at(&policy.reason.span, "as import proposed it")
                    .help("decide what to do, and write why in `reason`"),
            );
        }
    }
}
