//! Where the document says not to reconnect, the policy is to stop.

use super::{Finding, Rule, policies};
use crate::model::{Action, Registry, Table};
use crate::text::Diagnostic;

pub(super) const RULE: Rule = Rule {
    name: "documented-no-means-stop",
    explanation: "A row with `reconnect = false` documents that a client must not reconnect. Any other action than `stop` would let \
                  clients loop against a server that has said no.",
    check,
};

fn check<'a>(registry: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    let policies = policies(registry, table).into_iter();
    let wrong = policies.filter(|answered| answered.documented == Some(false) && answered.policy.action != Action::Stop);
    let report = |answered: super::Answered<'a>| {
        answered.finding(
            Diagnostic::error(RULE.name, format!("{} is documented as final, but its policy reconnects", answered.what))
                .at(&answered.span("action"), "reconnects")
                .at(&answered.place.key("reconnect"), "documented")
                .help("write `action = \"stop\"`"),
        )
    };
    wrong.map(report).collect()
}
