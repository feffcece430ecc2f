//! A policy that most clients do not share says so.

use super::{Finding, Rule, policies};
use crate::model::{Despite, Registry, Table};
use crate::text::Diagnostic;

pub(super) const RULE: Rule = Rule {
    name: "against-clients",
    explanation: "Not more than half of the compared clients do what the policy says. That may be right, but a user who comes from \
                  such a client must find out why: the policy has `despite = [\"clients\"]`, and its reason explains it.",
    check,
};

fn check<'a>(registry: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    let mut findings = Vec::new();
    for answered in policies(registry, table) {
        let policy = answered.policy;
        if answered.contradicts(Despite::Clients) && !policy.despite.contains(&Despite::Clients) {
            let message = format!("the policy of {} is not what most clients do", answered.what);
            let label = format!("of {} clients: {}", answered.votes.decided(), answered.votes);
            findings.push(
                answered.finding(
                    Diagnostic::error(RULE.name, message)
                        .at(&answered.span("action"), label)
                        .help("do as most clients do, or say in `reason` why not and add `despite = [\"clients\"]`"),
                ),
            );
        }
    }
    findings
}
