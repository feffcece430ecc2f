//! A stop says what the user can do.

use super::{Finding, Rule, policies};
use crate::model::{Action, Registry, Table};
use crate::text::Diagnostic;

pub(super) const RULE: Rule = Rule {
    name: "stop-without-fix",
    explanation: "A stopped client goes on only when its user has done something. `fix` says what: \"Set a valid bot token.\" A stop that an event overrules needs \
                  none.",
    check,
};

fn check<'a>(registry: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    let stops = policies(registry, table).into_iter().filter(|answered| {
        let policy = answered.policy;
        answered.reviewed && policy.action == Action::Stop && policy.fix.is_none() && policy.unless.is_empty()
    });
    let report = |answered: super::Answered<'a>| {
        answered.finding(
            Diagnostic::warning(RULE.name, format!("{} stops the client and has no `fix`", answered.what))
                .at(&answered.span("action"), "stops")
                .help("add `fix = \"…\"`: what the user can do about it, in a sentence"),
        )
    };
    stops.map(report).collect()
}
