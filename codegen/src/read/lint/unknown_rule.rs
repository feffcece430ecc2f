//! `allow` names rules that exist.

use super::{Finding, IMPORT_WARNINGS, RULES, Rule};
use crate::model::{Registry, Table};
use crate::text::{Diagnostic, Place, Text, did_you_mean, quoted};

pub(super) const RULE: Rule = Rule {
    name: "unknown-rule",
    explanation: "`allow` lists the names of rules that a row or a table may break. A misspelt name would allow nothing.",
    check,
};

fn check<'a>(_: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    let rows = table.all_rows().map(|row| (row.ours.allow.as_slice(), &row.place));
    let all = rows.chain(std::iter::once((table.allow.as_slice(), &table.place)));
    all.flat_map(|(allow, place)| allow.iter().filter_map(move |name| unknown(name, place))).collect()
}

fn unknown<'a>(name: &Text, place: &Place) -> Option<Finding<'a>> {
    let known = || RULES.iter().map(|rule| rule.name).chain(IMPORT_WARNINGS.iter().map(|(name, _)| *name));
    if known().any(|rule| rule == name.as_str()) {
        return None;
    }
    let near = did_you_mean(name, known());
    let diagnostic = Diagnostic::error(RULE.name, format!("no rule is called {}", quoted(name)))
        .at(&place.key("allow"), "here")
        .help_if(near)
        .help("`cargo xtask explain <rule>` explains a rule");
    Some(Finding { allow: &[], diagnostic })
}
