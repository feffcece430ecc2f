//! What the name of an error says is what its group and its `retry` say.

use super::{Finding, Rule};
use crate::model::{Group, Registry, Retry, Row, Table};
use crate::text::{Diagnostic, key_word, plain_name, quoted};

pub(super) const RULE: Rule = Rule {
    name: "name-against-group",
    explanation: "A name that says \"Unknown …\", \"Maximum number of …\", \"too fast\", \"temporarily\" or \"try again\" has a group and a \
                  `retry` that say so too. Some names mislead: where the document or the service says otherwise, `allow` keeps the row.",
    check,
};

/// What a name says: its words, the groups that agree, and whether a wait helps.
const SAID: [(&str, &[Group], bool); 5] = [
    ("unknown ", &[Group::NotFound], false),
    ("maximum number of", &[Group::LimitReached, Group::RateLimited], false),
    ("too fast", &[Group::RateLimited], true),
    ("temporarily", &[], true),
    ("try again", &[], true),
];

fn check<'a>(_: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    let rows = table.rows.iter().filter(|row| row.facts.is_live() && row.ours.reviewed);
    rows.filter_map(|row| Some(Finding { allow: &row.ours.allow, diagnostic: contradiction(row)? })).collect()
}

fn contradiction(row: &Row) -> Option<Diagnostic> {
    let retry = row.effect.retry()?;
    let name = plain_name(&row.facts.name).to_lowercase();
    // That nothing else is known is what an unknown error says.
    let is_said =
        |words: &str| name.contains(words) && (words != "unknown " || name.starts_with(words) && name != "unknown error");
    let (words, groups, waits) = SAID.into_iter().find(|(words, groups, waits)| {
        let is_other = !groups.is_empty() && row.ours.group.is_some_and(|group| !groups.contains(&group));
        is_said(words) && (is_other || *waits && retry == Retry::No)
    })?;
    let mut wanted: Vec<String> = groups.iter().map(|group| format!("`group = \"{}\"`", key_word(group))).collect();
    wanted.extend(waits.then(|| "`retry = \"wait\"`".to_owned()));
    let message = format!("the name of {} says {}, and its row does not", row.facts.number, quoted(words.trim()));
    Some(Diagnostic::warning(RULE.name, message).at(&row.place.key("name"), "this name").help(format!(
        "write {}, or `allow = [\"{}\"]` where the name misleads",
        wanted.join(" or "),
        RULE.name
    )))
}
