//! The basis of a policy is really there.

use super::{Answered, Finding, Rule, policies};
use crate::model::{Action, Basis, Registry, Table};
use crate::text::Diagnostic;

pub(super) const RULE: Rule = Rule {
    name: "basis-without-source",
    explanation: "`documented` needs a column, or a sentence that says not to reconnect. `documented-text` needs a sentence that says \
                  what the policy does. `consensus` needs more than half of the compared clients. Everything else is `judgement`. \
                  The answers for no close code and for unknown codes may be documented outside of the table.",
    check,
};

fn check<'a>(registry: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    let findings = policies(registry, table).into_iter().filter_map(|answered| {
        let fault = fault(&answered)?;
        Some(
            answered.finding(
                Diagnostic::warning(RULE.name, format!("the policy of {} has a basis that is not there", answered.what))
                    .at(&answered.span("basis"), fault)
                    .help("write `basis = \"judgement\"`, or the basis that it really has"),
            ),
        )
    });
    findings.collect()
}

fn fault(answered: &Answered<'_>) -> Option<String> {
    let action = answered.policy.action;
    let says_so = answered.advice == Some(action);
    let is_fallback = answered.key != "policy";
    match answered.policy.basis {
        Basis::Documented | Basis::DocumentedText if is_fallback => None,
        Basis::Documented => {
            let column = answered.documented.is_some_and(|reconnect| reconnect == (action != Action::Stop));
            let sentence = says_so && action == Action::Stop;
            let fault = "the document has no column that says so, and no sentence that says not to reconnect";
            (!column && !sentence).then(|| fault.to_owned())
        }
        Basis::DocumentedText => (!says_so).then(|| "no documented sentence says so".to_owned()),
        Basis::Consensus if answered.votes.decided() == 0 => Some("no compared client does anything about it".to_owned()),
        Basis::Consensus => {
            let votes = &answered.votes;
            (!votes.most_agree(action)).then(|| format!("of {} clients: {votes}", votes.decided()))
        }
        Basis::Judgement => None,
    }
}
