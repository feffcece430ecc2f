//! The basis of a policy is really there.

use super::{Answered, Rule, policies};
use crate::diagnostic::Diagnostic;
use crate::model::{Action, Basis, Registry, Table};

pub(super) const RULE: Rule = Rule {
    name: "basis-without-source",
    explanation: "`documented` needs the column, or a sentence that says not to reconnect; `documented-text` needs a sentence that \
                  says what the policy does; `consensus` needs more than half of the clients that were looked at. All else is \
                  `judgement`.",
    check,
};

fn check(registry: &Registry, table: &Table, diagnostics: &mut Vec<Diagnostic>) {
    for answered in policies(registry, table) {
        let policy = answered.policy;
        if let Some(fault) = fault(&answered) {
            diagnostics.push(
                Diagnostic::warning(RULE.name, format!("the policy of {} rests on what is not there", answered.what))
                    .at(&policy.action.span, fault)
                    .help("write `basis = \"judgement\"`, or the basis that it really has"),
            );
        }
    }
}

fn fault(answered: &Answered<'_>) -> Option<String> {
    let action = answered.policy.action.value;
    let says_so = answered.advice == Some(action);
    match answered.policy.basis {
        Basis::Documented => {
            let column = answered.documented.is_some_and(|reconnect| reconnect == (action != Action::Stop));
            let sentence = says_so && action == Action::Stop;
            (!column && !sentence)
                .then(|| "the document has no column that says so, nor a sentence that says not to reconnect".to_owned())
        }
        Basis::DocumentedText => (!says_so).then(|| "no documented sentence says so".to_owned()),
        Basis::Consensus if answered.tally.decided() == 0 => Some("no client that was looked at decides about it".to_owned()),
        Basis::Consensus => {
            let tally = &answered.tally;
            (!tally.most_agree(action)).then(|| format!("of {} clients: {tally}", tally.decided()))
        }
        Basis::Judgement => None,
    }
}
