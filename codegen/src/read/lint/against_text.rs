//! A policy that differs from what the documented sentence says to do says so.

use super::{Finding, Rule, policies};
use crate::model::{Despite, Registry, Table};
use crate::text::{Diagnostic, key_word};

pub(super) const RULE: Rule = Rule {
    name: "against-text",
    explanation: "`advice` records what the documented sentence says to do. A policy may know better: then it has \
                  `despite = [\"document\"]`, and its reason explains it.",
    check,
};

fn check<'a>(registry: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    let mut findings = Vec::new();
    for answered in policies(registry, table) {
        let policy = answered.policy;
        let Some(advice) = answered.advice.filter(|_| answered.contradicts(Despite::Document)) else { continue };
        if !policy.despite.contains(&Despite::Document) {
            let message = format!("the policy of {} is not what the document says", answered.what);
            findings.push(
                answered.finding(
                    Diagnostic::error(RULE.name, message)
                        .at(&answered.span("action"), format!("the document says `{}`", key_word(advice)))
                        .help("do as the document says, or say in `reason` why not and add `despite = [\"document\"]`"),
                ),
            );
        }
    }
    findings
}
