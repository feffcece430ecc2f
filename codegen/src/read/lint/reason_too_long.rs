//! A reason fits into a close frame.

use super::{Finding, Rule, policies};
use crate::model::{Registry, Table};
use crate::text::Diagnostic;

pub(super) const RULE: Rule = Rule {
    name: "reason-too-long",
    explanation: "A close frame has room for 123 bytes of text, and a line of a log is read at a glance: a reason is one short sentence or two. \
                  What more there is to say is for `note`.",
    check,
};

/// What a close frame can hold beside its code.
const MOST: usize = 123;

fn check<'a>(registry: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    let long = policies(registry, table).into_iter().filter(|answered| answered.reviewed && answered.policy.reason.len() > MOST);
    let of_opcodes = table.rows.iter().flat_map(|row| row.effect.policies().into_iter().map(move |(_, policy)| (row, policy)));
    let of_opcodes = of_opcodes.filter(|(row, policy)| row.ending().is_some() && policy.reason.len() > MOST);
    let message = |what: &str, length: usize| format!("the reason of {what} has {length} bytes, and a close frame holds {MOST}");
    let help = "shorten it; what is not needed in a log goes into `note`";
    let own = long.map(|answered| {
        let message = message(&answered.what, answered.policy.reason.len());
        answered.finding(Diagnostic::warning(RULE.name, message).at(&answered.span("reason"), "this text").help(help))
    });
    let opcodes = of_opcodes.map(|(row, policy)| Finding {
        allow: &row.ours.allow,
        diagnostic: Diagnostic::warning(RULE.name, message(&row.facts.number.to_string(), policy.reason.len()))
            .at(&row.place.number(), "of this code")
            .help(help),
    });
    own.chain(opcodes).collect()
}
