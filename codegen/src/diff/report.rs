//! A comparison in words.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::answers::Question;
use super::api::{Item, ItemChange};
use super::change::{Change, ConnectionRules, Difference, Section};
use super::kinds::Field;
use super::side::Relation;
use super::{Comparison, Versions};
use crate::model::{Bump, Policy, Retry, Value};
use crate::print;
use crate::text::{counted, key_word};

impl Comparison {
    /// It in words: what clients do differently first, and wording last.
    #[must_use]
    pub fn report(&self) -> print::Report {
        // A side without a name, as in a history, is left out.
        let names = [&self.old, &self.new].map(|side| side.name.as_str()).into_iter().filter(|name| !name.is_empty());
        let title = names.collect::<Vec<_>>().join(" → ");
        print::Report { title, summary: self.summary(), sections: rows(self), closing: Vec::new() }
    }

    /// The whole in one line: "1 policy, 3 added, 1 renamed; needs: major; 1 waived".
    #[must_use]
    pub fn summary(&self) -> String {
        let mut counts: BTreeMap<_, usize> = BTreeMap::new();
        for difference in self.open().filter(|difference| difference.section != Section::Wording) {
            *counts.entry((difference.section, difference.kind != "policy", difference.kind)).or_default() += 1;
        }
        let counted: Vec<String> = counts.into_iter().map(|((_, _, kind), count)| format!("{count} {kind}")).collect();
        let open = self.open().count();
        let mut parts = vec![match (counted.is_empty(), open) {
            (true, 0) if self.waived() > 0 => "no other change".to_owned(),
            (true, 0) => "no change".to_owned(),
            (true, _) => format!("only wording changed ({open})"),
            (false, _) => counted.join(", "),
        }];
        if open > 0 {
            parts.push(needs(self));
        }
        if self.waived() > 0 {
            parts.push(format!("{} waived", self.waived()));
        }
        parts.join("; ")
    }
}

/// The rows of a comparison, section by section.
fn rows(comparison: &Comparison) -> Vec<print::Section> {
    let of = |section: Section| -> Vec<print::Row> {
        let differences = comparison.differences.iter().filter(|difference| difference.section == section);
        differences.map(|difference| row(comparison, difference)).collect()
    };
    let section = |section: Section| print::Section {
        title: title(section).to_owned(),
        is_folded: section == Section::Wording,
        rows: of(section),
    };
    Section::ALL.into_iter().map(section).filter(|section| !section.rows.is_empty()).collect()
}

fn title(section: Section) -> &'static str {
    match section {
        Section::Behaviour => "policy, clients act differently",
        Section::Advice => "the document says otherwise",
        Section::Removed => "removed and renamed",
        Section::Added => "added and changed",
        Section::Wording => "only wording",
    }
}

fn row(comparison: &Comparison, difference: &Difference) -> print::Row {
    let values = values(difference);
    print::Row {
        group: heading(comparison, difference),
        kind: difference.kind,
        why: difference.why,
        bump: Some(difference.bump),
        subject: subject(difference),
        ident: ident(difference, &values),
        values,
        asides: asides(difference),
        waived: difference.waived.clone(),
        fingerprint: Some(difference.fingerprint.clone()),
        places: [difference.old_place.clone(), difference.new_place.clone()],
    }
}

/// The identifier of the code. A code of a page, and a range, has none: then it is the name, unless a value says it.
fn ident(difference: &Difference, values: &[Option<String>]) -> String {
    let Some(code) = &difference.code else { return String::new() };
    let says_it = values.iter().flatten().any(|value| value.contains(&code.name));
    code.ident.clone().unwrap_or_else(|| if says_it { String::new() } else { code.name.clone() })
}

/// What a bump means for two sides like these: "needs: minor, at least 0.2.0 after 0.1.0".
fn needs(comparison: &Comparison) -> String {
    let word = comparison.needed().word();
    match (comparison.relation, comparison.crate_version()) {
        (Relation::States, None) => format!("needs: {word}"),
        (Relation::States, Some(Versions { old, new, fits: true, .. })) => format!("needs: {word}, as from {old} to {new}"),
        (Relation::States, Some(Versions { old, lowest, .. })) => format!("needs: {word}, at least {lowest} after {old}"),
        (Relation::Editions, _) => format!("to move over: {word}"),
        (Relation::Page, _) => format!("if imported: {word}"),
    }
}

/// A value before and after, as texts. Nothing on both sides: the kind says it all.
fn values(difference: &Difference) -> [Option<String>; 2] {
    let (old_sentence, new_sentence) = (difference.old_sentence.as_ref(), difference.new_sentence.as_ref());
    let both = |old: String, new: String| [Some(old), Some(new)];
    match &difference.change {
        Change::Answer { old: Some(old), new: Some(new), .. } if difference.section == Section::Wording => {
            both(words(old, new), words(new, old))
        }
        Change::Answer { old, new, .. } => both(answer(old.as_ref()), answer(new.as_ref())),
        Change::Retry { old, new, .. } => both(retry(*old), retry(*new)),
        Change::Limits { old, new } => both(rules(old), rules(new)),
        Change::Edition { tables, is_added } => on_one_side(counted(*tables, "table"), *is_added),
        Change::Table { codes, is_added } => on_one_side(counted(*codes, "code"), *is_added),
        Change::Removed { name } | Change::CannotTell { name, .. } => [Some(name.clone()), None],
        Change::Added { name, says } if says.is_empty() => [None, Some(name.clone())],
        Change::Added { name, says } => [None, Some(format!("{name} ({says})"))],
        Change::Recycled { name, new } => both(name.clone(), new.clone()),
        Change::Renumbered { old, new } => both(old.to_string(), new.to_string()),
        Change::Moved { old, new } => both(old.clone(), new.clone()),
        Change::Redefined { old, new, name_was_of: _ } => {
            both(with_sentence(old, old_sentence), with_sentence(new, new_sentence))
        }
        Change::Item { name, old, new } => {
            [old, new].map(|item| item.as_ref().map(|item| format!("{} {name}", self::item(item))))
        }
        Change::Status { .. } => [None, None],
        Change::Field { field, old, new } => {
            [field_value(*field, old.as_ref(), old_sentence), field_value(*field, new.as_ref(), new_sentence)]
        }
    }
}

/// A value of a key. A sentence says more than its fingerprint, and stands beside what it advises.
fn field_value(field: Field, value: Option<&Value>, sentence: Option<&String>) -> Option<String> {
    let is_fingerprint = field.kind == "reworded";
    let none = (!field.none.is_empty()).then(|| field.none.to_owned());
    match (value.map(ToString::to_string).or(none), sentence) {
        (Some(value), Some(sentence)) if !is_fingerprint => Some(format!("{value} (\"{sentence}\")")),
        (Some(value), None) if is_fingerprint && value.bytes().all(|byte| byte.is_ascii_hexdigit()) => {
            Some(format!("sentence {value}"))
        }
        (value, sentence) => sentence.cloned().or(value),
    }
}

fn on_one_side(text: String, is_new: bool) -> [Option<String>; 2] {
    if is_new { [None, Some(text)] } else { [Some(text), None] }
}

/// What a change says besides its values, if anything: a guess, another code's name, what it breaks.
fn asides(difference: &Difference) -> Vec<String> {
    let mut asides = Vec::new();
    if difference.is_guess {
        asides.push("a guess: only the wording is alike".to_owned());
    }
    if let Change::Redefined { name_was_of: Some(number), .. } = &difference.change {
        asides.push(format!("{number} had this name: the codes may have been swapped"));
    }
    if let Change::CannotTell { unreadable, .. } = &difference.change {
        asides.push(match unreadable {
            0 => "cannot tell: a part of the page that is not read has it".to_owned(),
            _ => format!("cannot tell: {} could not be read", counted(*unreadable, "row")),
        });
    }
    asides.extend(difference.aside.clone());
    asides.extend(breaks(&difference.items));
    if difference.items.is_empty() && matches!(difference.change, Change::Field { .. }) && difference.bump == Bump::Major {
        asides.push("breaks users: the types and methods of the enum differ".to_owned());
    }
    asides
}

/// What code that names these items no longer finds, or finds different.
fn breaks(items: &[ItemChange]) -> Option<String> {
    let mut broken: Vec<&ItemChange> = items.iter().filter(|item| item.bump() == Bump::Major).collect();
    // An enum says more than its variants.
    broken.sort_by_key(|item| item.old.as_ref().and_then(Item::number).is_some());
    let first = broken.first()?;
    let more = if broken.len() > 1 { format!(" and {} more", broken.len() - 1) } else { String::new() };
    let path = &first.path;
    let number = |item: &Option<Item>| item.as_ref().and_then(Item::number);
    let said = match (&first.old, &first.new) {
        (Some(Item::Variant { .. }), Some(Item::Constant { .. })) => format!("`{path}` is a constant instead of a variant"),
        (_, None) => format!("`{path}` is removed"),
        (old, new) => match (number(old), number(new)) {
            (Some(old), Some(new)) => format!("`{path}` is {new} instead of {old}"),
            _ => format!("`{path}` differs"),
        },
    };
    Some(format!("breaks users: {said}{more}"))
}

/// What a change is about: its code, or the question that has another answer, or its table.
fn subject(difference: &Difference) -> String {
    match &difference.change {
        Change::Answer { asked, .. } => self::asked(asked),
        Change::Retry { numbers, .. } => runs(&[*numbers]),
        _ => difference.code.as_ref().map(|code| code.number.to_string()).unwrap_or_default(),
    }
}

/// A question in words: "4000", "no code", "after sending 1000".
fn asked(asked: &Question) -> String {
    match asked {
        Question::NoCode => "no code".to_owned(),
        Question::Code { numbers } => runs(numbers),
        Question::HeartbeatTimeout => "after a missed heartbeat".to_owned(),
        Question::AfterSendingNothing => "after dropping the connection".to_owned(),
        Question::AfterSending { numbers } => format!("after sending {}", runs(numbers)),
        Question::Opcode { number, resumable: None } => number.to_string(),
        Question::Opcode { number, resumable: Some(true) } => format!("{number} resumable"),
        Question::Opcode { number, resumable: Some(false) } => format!("{number} not resumable"),
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

/// "resume after 1 to 300 s, doubling", "stop unless READY follows".
fn answer(policy: Option<&Policy>) -> String {
    let Some(policy) = policy else { return "nothing to do".to_owned() };
    // All that `acts_differently` compares: `what_to_do` has the action, the wait and the events.
    let mut text = policy.what_to_do();
    if let Some(most) = policy.new_sessions_before_stop {
        let _ = write!(text, ", stop after {most} in a row");
    }
    if let Some(code) = policy.close_with {
        let _ = write!(text, ", close with {code}");
    }
    if let Some(cause) = policy.cause {
        let _ = write!(text, " ({})", key_word(cause).replace('-', " "));
    }
    text
}

/// The parts of an answer that differ from another one in words only.
fn words(policy: &Policy, other: &Policy) -> String {
    let mut parts = Vec::new();
    if policy.cause != other.cause {
        parts.push(format!("cause: {}", policy.cause.map_or("none".to_owned(), |cause| key_word(cause).replace('-', " "))));
    }
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
}

/// "1000 new sessions a day, 5 s apart; 120 messages a minute; 3 resumes; answers within 10, 30, 30, 60 s; opened by: connection".
fn rules(rules: &ConnectionRules) -> String {
    let ConnectionRules { identify_every, resumes_before_new, .. } = rules;
    let within = rules.answers_within.map(|seconds| seconds.to_string()).join(", ");
    let per_day = rules.identifies_per_day.map_or("new sessions".to_owned(), |count| format!("{count} new sessions a day"));
    let commands = rules.commands_per_minute.map(|count| format!("{count} messages a minute; ")).unwrap_or_default();
    let opener = key_word(rules.new_session_by).replace('-', " ");
    format!(
        "{per_day}, {identify_every} s apart; {commands}{resumes_before_new} resumes; answers within {within} s; opened by: {opener}"
    )
}

fn retry(retry: Option<Retry>) -> String {
    retry.map_or_else(|| "no such code or range".to_owned(), Retry::words)
}

fn with_sentence(name: &str, sentence: Option<&String>) -> String {
    match sentence.filter(|sentence| sentence.as_str() != name) {
        Some(sentence) => format!("{name}: {sentence}"),
        None => name.to_owned(),
    }
}

/// A name of the crate in a word.
fn item(item: &Item) -> &'static str {
    match item {
        Item::Module => "module",
        Item::Enum => "enum",
        Item::Variant { .. } => "variant",
        Item::Constant { is_former: false, .. } => "another name",
        Item::Constant { is_former: true, .. } => "former name",
    }
}

/// Where a difference is: the title of its table with its enum, and the edition among those of a crate.
fn heading(comparison: &Comparison, difference: &Difference) -> String {
    let Some(table) = &difference.table else { return "The crate".to_owned() };
    let title = if table.title.is_empty() { table.path() } else { table.title.clone() };
    let edition = table.edition.as_ref().filter(|edition| comparison.relation == Relation::States && **edition != title);
    let names: Vec<&str> = edition.into_iter().chain(&table.enum_name).map(String::as_str).collect();
    if names.is_empty() { title } else { format!("{title} ({})", names.join(" ")) }
}
