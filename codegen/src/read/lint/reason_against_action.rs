//! A reason gives grounds for its action, not for another one.

use super::{Answered, Finding, Rule, policies};
use crate::model::{Action, CloseAnswers, Policy, Registry, Row, Table};
use crate::text::{Diagnostic, Place, quoted};

pub(super) const RULE: Rule = Rule {
    name: "reason-against-action",
    explanation: "The reason of a policy is printed beside its action: \"new session: … Most clients resume.\" contradicts itself. A \
                  policy that knowingly does otherwise says so with `despite`.",
    check,
};

/// Words of a reason, and the actions that they are grounds for.
const GROUNDS: [(&str, &[Action]); 10] = [
    ("document says to resume", &[Action::Resume]),
    ("most clients resume", &[Action::Resume]),
    ("document says to start a new", &[Action::NewSession]),
    ("most clients start a new", &[Action::NewSession]),
    ("a new one is started", &[Action::NewSession]),
    ("a resume would fail", &[Action::NewSession, Action::Stop]),
    ("cannot be resumed", &[Action::NewSession, Action::Stop]),
    ("document says not to reconnect", &[Action::Stop]),
    ("would be refused again", &[Action::Stop]),
    ("most clients reconnect", &[Action::Resume, Action::NewSession]),
];

fn check<'a>(registry: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    let of_table = |answered: Answered<'a>| {
        let finding = contradiction(&answered.what, answered.policy, answered.place, answered.key)?;
        Some(answered.finding(finding))
    };
    let of_opcode = |row: &'a Row| {
        let ending = row.ending()?;
        let resumable = contradiction("the opcode", &ending.resumable, &row.place, "policy");
        let lost = || contradiction("the opcode", &ending.lost, &row.place, "policy_unless_resumable");
        Some(Finding { allow: &row.ours.allow, diagnostic: resumable.or_else(lost)? })
    };
    let answers = CloseAnswers::new(registry, table);
    let instead = answers.iter().flat_map(CloseAnswers::not_resumed).filter_map(|one| {
        let diagnostic = contradiction(&one.first.to_string(), &one.policy, &table.place, "reconnect.extends")?;
        Some(Finding { allow: &[], diagnostic })
    });
    let rows = table.rows.iter().filter_map(of_opcode);
    policies(registry, table).into_iter().filter_map(of_table).chain(rows).chain(instead).collect()
}

/// What is wrong with the reason of a policy, if anything is.
fn contradiction(what: &str, policy: &Policy, place: &Place, key: &str) -> Option<Diagnostic> {
    let reason = policy.reason.to_lowercase();
    let is_against = |(words, actions): &&(&str, &[Action])| reason.contains(words) && !actions.contains(&policy.action);
    let (words, _) = GROUNDS.iter().find(is_against).filter(|_| policy.despite.is_empty())?;
    let action = policy.action.words();
    Some(
        Diagnostic::warning(RULE.name, format!("the reason for what to do after {what} speaks against its action"))
            .at(&place.key(&format!("{key}.reason")), format!("{} is no reason for {}", quoted(words), quoted(action)))
            .help("say in `reason` what leads to this action, or say with `despite` what it contradicts"),
    )
}
