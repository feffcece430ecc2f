//! What all printers share: the summary, and a change in a few words.

use std::fmt::Write as _;

use std::collections::BTreeMap;

use crate::changes::answers::Asked;
use crate::changes::change::{Change, ConnectionRules, Difference, ItemChange, Section};
use crate::changes::side::Relation;
use crate::changes::{Bump, Comparison};
use crate::facts::{Action, Fingerprint};
use crate::ours::{Again, Policy};
use crate::changes::api::Item;
use crate::text::key_word;

/// "1 policy, 3 added, 1 renamed; needs: major; 1 waived".
#[must_use]
pub fn summary(comparison: &Comparison) -> String {
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    for difference in comparison.open().filter(|difference| !difference.change.is_wording()) {
        let kind = difference.change.kind();
        *counts.entry((difference.change.section(), kind != "policy", kind)).or_default() += 1;
    }
    let counted: Vec<String> = counts.into_iter().map(|((_, _, kind), count)| format!("{count} {kind}")).collect();
    let open = comparison.open().count();
    let mut parts = vec![match (counted.is_empty(), open) {
        (true, 0) if comparison.waived() > 0 => "no other change".to_owned(),
        (true, 0) => "no change".to_owned(),
        (true, _) => format!("only wording changed ({open})"),
        (false, _) => counted.join(", "),
    }];
    if open > 0 {
        parts.push(needs(comparison));
    }
    if comparison.waived() > 0 {
        parts.push(format!("{} waived", comparison.waived()));
    }
    parts.join("; ")
}

/// The sections that have differences, in the order of a report.
pub(in crate::changes) fn sections(comparison: &Comparison) -> Vec<(Section, Vec<&Difference>)> {
    let of = |section: Section| -> Vec<&Difference> {
        comparison.differences.iter().filter(|difference| difference.change.section() == section).collect()
    };
    Section::ALL.map(|section| (section, of(section))).into_iter().filter(|(_, differences)| !differences.is_empty()).collect()
}

/// "old → new"; a side without a name, as in a history, is left out.
pub(in crate::changes) fn title(comparison: &Comparison) -> String {
    let names = [&comparison.old, &comparison.new];
    names.into_iter().filter(|name| !name.is_empty()).cloned().collect::<Vec<_>>().join(" → ")
}

/// What a bump means for two sides like these.
fn needs(comparison: &Comparison) -> String {
    let word = comparison.needed().word();
    match comparison.relation {
        Relation::States => format!("needs: {word}{}", version(comparison).unwrap_or_default()),
        Relation::Editions => format!("to move over: {word}"),
        Relation::Page => format!("if imported: {word}"),
    }
}

/// What the need means for the version of the crate: ", at least 0.2.0 after 0.1.0".
fn version(comparison: &Comparison) -> Option<String> {
    let [old, new] = comparison.versions.as_ref()?;
    let (lowest, fits) = comparison.lowest_version()?;
    Some(if fits { format!(", as from {old} to {new}") } else { format!(", at least {lowest} after {old}") })
}

/// A value before and after, as texts. `None` on both sides: the kind says it all.
#[expect(clippy::too_many_lines, reason = "one line for each change")]
pub(in crate::changes) fn values(change: &Change) -> (Option<String>, Option<String>) {
    let of = |text: &String| Some(text.clone());
    let yes = |value: &Option<bool>| Some(value.map_or("not documented", |yes| if yes { "yes" } else { "no" }).to_owned());
    let dates = |since: &Option<String>, until: &Option<String>| {
        let since = since.iter().map(|date| format!("since {date}"));
        let parts: Vec<String> = since.chain(until.iter().map(|date| format!("until {date}"))).collect();
        Some(if parts.is_empty() { "no dates".to_owned() } else { parts.join(" ") })
    };
    match change {
        Change::Policy { old, new, .. } => (Some(answer(old.as_ref())), Some(answer(new.as_ref()))),
        Change::Reason { old, new, .. } => reasons(old.as_ref(), new.as_ref()),
        Change::Retry { old, new, .. } => (Some(retry(*old)), Some(retry(*new))),
        Change::Limits { old, new } => (Some(rules(old)), Some(rules(new))),
        Change::Reconnect { old, new } | Change::Resume { old, new } => (yes(old), yes(new)),
        Change::Advice { old, new, old_sentence, new_sentence } => {
            (Some(advice(*old, old_sentence.as_ref())), Some(advice(*new, new_sentence.as_ref())))
        }
        Change::Direction { old, new } => (Some(word(*old)), Some(word(*new))),
        Change::Format { old, new } => (Some(word(*old)), Some(word(*new))),
        Change::Removed { name } | Change::CannotTell { name, .. } => (of(name), None),
        Change::Added { name } => (None, of(name)),
        Change::Recycled { name, new } => (of(name), of(new)),
        Change::Renumbered { old, new } | Change::RangeChanged { old, new } => (Some(old.to_string()), Some(new.to_string())),
        Change::Redefined { old, new, old_sentence, new_sentence, name_was_of: _ } => {
            (Some(with_sentence(old, old_sentence.as_ref())), Some(with_sentence(new, new_sentence.as_ref())))
        }
        Change::Reworded { old, new, old_sentence, new_sentence } => {
            let (before, after) = (old_sentence.as_ref(), new_sentence.as_ref());
            (Some(sentence(old.as_ref(), before)), Some(sentence(new.as_ref(), after)))
        }
        Change::PackageRenamed { old, new }
        | Change::EnumRenamed { old, new }
        | Change::Repr { old, new }
        | Change::Moved { old, new }
        | Change::IdentRenamed { old, new }
        | Change::Renamed { old, new }
        | Change::FileRenamed { old, new }
        | Change::Restyled { old, new }
        | Change::Retitled { old, new }
        | Change::TableSummary { old, new }
        | Change::Source { old, new } => (of(old), of(new)),
        Change::Summary { old, new } | Change::Note { old, new } => (old.clone(), new.clone()),
        Change::Listed { old_since, new_since, old_until, new_until } => {
            (dates(old_since, old_until), dates(new_since, new_until))
        }
        Change::KindChanged { old, new, .. } => (of(old), of(new)),
        Change::EditionRemoved { tables } => (Some(count(*tables, "table")), None),
        Change::EditionAdded { tables } => (None, Some(count(*tables, "table"))),
        Change::TableRemoved { codes } => (Some(count(*codes, "code")), None),
        Change::TableAdded { codes } => (None, Some(count(*codes, "code"))),
        Change::Item { name, old, new } => (
            old.as_ref().map(|item| format!("{} {name}", self::item(item))),
            new.as_ref().map(|item| format!("{} {name}", self::item(item))),
        ),
        Change::Docs { what } => (None, of(what)),
        Change::StruckOut { .. } | Change::Restored { .. } | Change::Deprecated | Change::Undeprecated => (None, None),
    }
}

/// "old → new", or the one that is there, or what the kind means.
pub(in crate::changes) fn what(change: &Change) -> String {
    match values(change) {
        (Some(old), Some(new)) => format!("{old} → {new}"),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => change.explanation().to_owned(),
    }
}

/// What a change says besides its values, if anything: a guess, another code's name, what it breaks, a waiver.
pub(in crate::changes) fn asides(difference: &Difference) -> Vec<String> {
    let mut asides = Vec::new();
    if difference.is_guess {
        asides.push("a guess: only the wording is alike".to_owned());
    }
    if let Change::Redefined { name_was_of: Some(number), .. } = &difference.change {
        asides.push(format!("{number} had this name: the codes may have been swapped"));
    }
    if let Change::CannotTell { unreadable, .. } = &difference.change {
        asides.push(format!("cannot tell: {} could not be read", count(*unreadable, "row")));
    }
    if let Some(breaks) = breaks(&difference.items) {
        asides.push(breaks);
    }
    if let Some(reason) = &difference.waived {
        asides.push(format!("waived: {reason}"));
    }
    asides
}

/// " (one) (two)".
pub(in crate::changes) fn in_brackets(asides: &[String]) -> String {
    let asides: Vec<String> = asides.iter().map(|aside| format!(" ({aside})")).collect();
    asides.concat()
}

/// What code that names these items no longer finds, or finds different.
fn breaks(items: &[ItemChange]) -> Option<String> {
    let mut broken: Vec<&ItemChange> = items.iter().filter(|item| item.bump() == Bump::Major).collect();
    // An enum says more than its variants.
    broken.sort_by_key(|item| item.old.as_ref().and_then(Item::number).is_some());
    let first = broken.first()?;
    let more = if broken.len() > 1 { format!(" and {} more", broken.len() - 1) } else { String::new() };
    let path = &first.path;
    let said = match (&first.old, &first.new) {
        (Some(Item::Variant { .. }), Some(Item::Constant { .. })) => format!("`{path}` is a constant instead of a variant"),
        (
            Some(Item::Variant { number: old } | Item::Constant { number: old, .. }),
            Some(Item::Variant { number: new } | Item::Constant { number: new, .. }),
        ) => format!("`{path}` is {new} instead of {old}"),
        (_, None) => format!("`{path}` is removed"),
        _ => format!("`{path}` differs"),
    };
    Some(format!("breaks users: {said}{more}"))
}

/// What a change is about: its code, or the question that has another answer, or its table.
pub(in crate::changes) fn subject(difference: &Difference) -> String {
    if let Change::Policy { asked, .. } | Change::Reason { asked, .. } = &difference.change {
        return self::asked(asked);
    }
    match &difference.change {
        Change::Retry { numbers, .. } => runs(&[*numbers]),
        _ => difference.code.as_ref().map(|code| code.number.to_string()).unwrap_or_default(),
    }
}

/// A question in words: "4000", "no code", "after sending 1000".
pub(in crate::changes) fn asked(asked: &Asked) -> String {
    match asked {
        Asked::NoCode => "no code".to_owned(),
        Asked::Code { numbers } => runs(numbers),
        Asked::Silence => "after a missed heartbeat".to_owned(),
        Asked::AfterSendingNothing => "after dropping the connection".to_owned(),
        Asked::AfterSending { numbers } => format!("after sending {}", runs(numbers)),
        Asked::Opcode { number, resumable: None } => number.to_string(),
        Asked::Opcode { number, resumable: Some(true) } => format!("{number} resumable"),
        Asked::Opcode { number, resumable: Some(false) } => format!("{number} not resumable"),
    }
}

/// "1000-1014, 4100".
fn runs(numbers: &[[u32; 2]]) -> String {
    const MOST: usize = 4;
    let run = |[first, last]: &[u32; 2]| if first == last { first.to_string() } else { format!("{first}-{last}") };
    let mut shown: Vec<String> = numbers.iter().take(MOST).map(run).collect();
    if numbers.len() > MOST {
        shown.push(format!("{} more", numbers.len() - MOST));
    }
    shown.join(", ")
}

fn answer(policy: Option<&Policy>) -> String {
    policy.map_or("nothing to do".to_owned(), self::policy)
}

/// "resume after 1 to 300 s, doubling", "stop unless READY follows".
pub(in crate::changes) fn policy(policy: &Policy) -> String {
    // Without `..`: what clients do is all in these words. `what_to_do` has the action, the wait and the events.
    let Policy { action: _, wait: _, basis: _, reason: _, fix: _, cause, unless: _, close_with, despite: _ } = policy;
    let mut text = policy.what_to_do();
    if let Some(code) = close_with {
        let _ = write!(text, ", close with {code}");
    }
    if let Some(cause) = cause {
        let _ = write!(text, " ({})", key_word(*cause).replace('-', " "));
    }
    text
}

/// The parts of two answers that differ in words only.
fn reasons(old: Option<&Policy>, new: Option<&Policy>) -> (Option<String>, Option<String>) {
    let part = |policy: &Policy, other: &Policy| {
        let mut parts = Vec::new();
        if policy.basis != other.basis {
            parts.push(format!("basis: {}", key_word(policy.basis).replace('-', " ")));
        }
        if policy.reason != other.reason {
            parts.push(policy.reason.to_string());
        }
        if policy.fix != other.fix {
            parts.push(policy.fix.as_ref().map_or("no fix".to_owned(), |fix| format!("fix: {fix}")));
        }
        parts.join(" ")
    };
    match (old, new) {
        (Some(old), Some(new)) => (Some(part(old, new)), Some(part(new, old))),
        _ => (old.map(|old| old.reason.to_string()), new.map(|new| new.reason.to_string())),
    }
}

/// "1000 new sessions a day, 5 s apart; 120 messages a minute; 3 resumes; opened by: connection".
fn rules(rules: &ConnectionRules) -> String {
    let ConnectionRules { identifies_per_day, identify_every, commands_per_minute, resumes_before_new, new_session_by } = rules;
    let per_day = identifies_per_day.map_or("new sessions".to_owned(), |count| format!("{count} new sessions a day"));
    let commands = commands_per_minute.map(|count| format!("{count} messages a minute; ")).unwrap_or_default();
    let opener = key_word(*new_session_by).replace('-', " ");
    format!("{per_day}, {identify_every} s apart; {commands}{resumes_before_new} resumes; opened by: {opener}")
}

fn retry(retry: Option<bool>) -> String {
    retry.map_or_else(|| "no such code or range".to_owned(), |is_retryable| Again::new(is_retryable).words())
}

fn advice(action: Option<Action>, sentence: Option<&String>) -> String {
    let said = action.map_or("no advice", Action::words);
    sentence.map_or(said.to_owned(), |sentence| format!("{said} (\"{sentence}\")"))
}

fn word<T: serde::Serialize>(value: Option<T>) -> String {
    value.map_or("not documented".to_owned(), key_word)
}

fn with_sentence(name: &str, sentence: Option<&String>) -> String {
    sentence.map_or(name.to_owned(), |sentence| format!("{name}: {sentence}"))
}

fn sentence(fingerprint: Option<&Fingerprint>, sentence: Option<&String>) -> String {
    let digits = || fingerprint.map_or("no sentence".to_owned(), |text| format!("sentence {}", text.as_str()));
    sentence.cloned().unwrap_or_else(digits)
}

/// An item in a word.
fn item(item: &Item) -> String {
    match item {
        Item::Module => "module".to_owned(),
        Item::Enum => "enum".to_owned(),
        Item::Variant { .. } => "variant".to_owned(),
        Item::Constant { is_former: false, .. } => "another name".to_owned(),
        Item::Constant { is_former: true, .. } => "former name".to_owned(),
    }
}

fn count(count: usize, noun: &str) -> String {
    crate::text::counted(count, noun)
}

/// Where a difference is, for a heading: the title of its table.
pub(in crate::changes) fn heading(difference: &Difference) -> String {
    match &difference.table {
        None => "The crate".to_owned(),
        Some(table) if table.title.is_empty() => table.path(),
        Some(table) => table.title.clone(),
    }
}

/// The same among other tables: of all editions of a crate, with the edition.
pub(in crate::changes) fn heading_among(comparison: &Comparison, difference: &Difference) -> String {
    let heading = heading(difference);
    let edition = difference.table.as_ref().and_then(|table| table.edition.as_ref());
    match edition.filter(|edition| comparison.relation == Relation::States && **edition != heading) {
        Some(edition) => format!("{heading} ({edition})"),
        None => heading,
    }
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn of_many_runs_the_first_are_named_and_the_others_counted() {
        let many: Vec<[u32; 2]> = (1..=6).map(|ten| [10 * ten, 10 * ten + 5]).collect();
        assert_eq!(runs(&[[7, 7]]), "7");
        assert_eq!(runs(&many[..4]), "10-15, 20-25, 30-35, 40-45");
        assert_eq!(runs(&many), "10-15, 20-25, 30-35, 40-45, 2 more");
    }
}
