//! A policy that most clients do not share says why.

use super::{Rule, policies};
use crate::diagnostic::Diagnostic;
use crate::model::{Registry, Table};

pub(super) const RULE: Rule = Rule {
    name: "against-clients",
    explanation: "Where not more than half of the clients that were looked at do what our policy says, the answer is contested or \
                  against them all. That may be right, but whoever comes from such a client must find in the reason why.",
    check,
};

fn check(registry: &Registry, table: &Table, diagnostics: &mut Vec<Diagnostic>) {
    for answered in policies(registry, table) {
        let (policy, tally) = (answered.policy, &answered.tally);
        let explained = policy.reason.value.contains("clients");
        if tally.decided() > 0 && !tally.most_agree(policy.action.value) && !explained {
            diagnostics.push(
                Diagnostic::error(
                    RULE.name,
                    format!("the policy of {} is not what most clients do, and does not say why", answered.what),
                )
                .at(&policy.reason.span, "speaks of no clients")
                .at(&policy.action.span, format!("of {} clients: {tally}", tally.decided()))
                .help("say in `reason` what the clients do and why we do otherwise, or do as they do"),
            );
        }
    }
}
