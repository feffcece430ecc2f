//! `despite` names only what the policy really contradicts.

use super::{Finding, Rule, policies};
use crate::model::{Registry, Table};
use crate::text::{Diagnostic, key_word};

pub(super) const RULE: Rule = Rule {
    name: "despite-nothing",
    explanation: "`despite` silences the rules `against-clients` and `against-text`. Where the policy no longer contradicts the clients \
                  or the document, it would silence them for a later change too.",
    check,
};

fn check<'a>(registry: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    let mut findings = Vec::new();
    for answered in policies(registry, table) {
        for despite in answered.policy.despite.iter().filter(|despite| !answered.contradicts(**despite)) {
            let word = key_word(despite);
            findings.push(
                answered.finding(
                    Diagnostic::warning(RULE.name, format!("the policy of {} does not contradict the {word}", answered.what))
                        .at(&answered.span("despite"), "here")
                        .help(format!("remove `{word}` from `despite`")),
                ),
            );
        }
    }
    findings
}
