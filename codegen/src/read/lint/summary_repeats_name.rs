//! A summary says more than the name.

use std::collections::BTreeSet;

use super::{Finding, Rule};
use crate::model::{Registry, Row, Table};
use crate::text::{Diagnostic, plain_name};

pub(super) const RULE: Rule = Rule {
    name: "summary-repeats-name",
    explanation: "A summary whose words are all in the documented name says nothing that the name does not. Say what happened, or leave it out.",
    check,
};

fn check<'a>(_: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    let words = |text: &str| -> BTreeSet<String> {
        text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).map(str::to_lowercase).collect()
    };
    let repeats = |row: &&Row| {
        let summary = row.ours.summary.as_ref().filter(|_| table.kind.is_of_responses());
        summary.is_some_and(|summary| words(&plain_name(summary)).is_subset(&words(&plain_name(&row.facts.name))))
    };
    let report = |row: &'a Row| Finding {
        allow: &row.ours.allow,
        diagnostic: Diagnostic::warning(RULE.name, format!("the summary of {} repeats its name", row.facts.number))
            .at(&row.place.key("summary"), "each of these words is in the name")
            .help("say what happened and why, in a sentence of your own, or remove the summary"),
    };
    table.all_rows().filter(repeats).map(report).collect()
}
