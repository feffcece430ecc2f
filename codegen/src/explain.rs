//! What a code means: every row with a number or a name, and what the generated crate answers where no row has it.
//!
//! It takes a [`Registry`] and what was typed, and returns typed [`Meaning`]s, the newest edition first. Meanings that are equal in
//! several editions are one.

use std::cmp::Reverse;

use anstyle::Style;
use schemars::JsonSchema;
use serde::Serialize;

use crate::diff::kinds;
use crate::model::{self, CloseAnswers, Compared, Edition, Facts, Fault, Group, Ident, Key, Policy, Registry, Retry, Row, Table};
use crate::read::{IMPORT_WARNINGS, RULES};
use crate::text::{Diagnostic, capitalized, closest, did_you_mean, key_word, normalized_name, quoted, visible};

/// What was found.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
#[schemars(title = "explain", inline)]
pub struct Explanation {
    /// The lint rule that has this name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<RuleMeaning>,
    /// What the code means, the newest edition first.
    pub meanings: Vec<Meaning>,
    /// Codes that look like what was asked for, if nothing was found.
    pub near: Vec<String>,
    /// How to ask for a rule that looks like it, if nothing was found.
    #[serde(skip)]
    near_rule: Option<String>,
    /// What was asked.
    #[serde(skip)]
    asked: String,
}

/// What a lint rule asks for.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct RuleMeaning {
    /// Its name.
    pub name: &'static str,
    /// What it asks for, and why.
    pub explanation: &'static str,
}

/// One meaning of a code.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct Meaning {
    /// The number, or the first and the last number of a range.
    pub number: String,
    /// What the document says. Nothing where no row has the number.
    #[serde(flatten)]
    pub facts: Option<Facts>,
    /// The usual name of such a code.
    pub kind: &'static str,
    /// Where the meaning is: Rust paths, the newest edition first.
    pub paths: Vec<String>,
    /// What it means, in a sentence.
    pub summary: String,
    /// The kind of the answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// Who can do something about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// Who does what about it, where no policy says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fix: Option<String>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
    /// What to do if the message says that the session cannot be resumed, where that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_unless_resumable: Option<Policy>,
    /// Whether a request may be sent again after a wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<Retry>,
    /// What real clients do after it: "11 resume, 1 stop".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clients: Option<String>,
    /// The document's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// All rules that a row or a table can `allow`, with what they ask for: those of the lints, and the warnings of import.
pub fn rules() -> impl Iterator<Item = (&'static str, &'static str)> {
    let rules = RULES.iter().map(|rule| (rule.name, rule.explanation));
    rules.chain(IMPORT_WARNINGS).chain(kinds())
}

/// Explains a number (`4014`, `50_013`, `0xFA0`), an identifier, or a documented name or a part of one, in all editions or in
/// one; or a lint rule.
///
/// # Errors
///
/// If there is no such edition.
pub fn explain(registry: &Registry, asked: &str, edition: Option<&str>) -> Result<Explanation, Diagnostic> {
    if let Some((name, explanation)) = rules().find(|(name, _)| *name == asked) {
        return Ok(Explanation { rule: Some(RuleMeaning { name, explanation }), ..Explanation::default() });
    }
    let is_named = |name: &&str| registry.editions().any(|edition| edition.system == *name || edition.path() == *name);
    if let Some(name) = edition.filter(|name| !is_named(name)) {
        let editions: Vec<String> = registry.editions().map(Edition::path).collect();
        let near = did_you_mean(name, editions.iter().map(String::as_str));
        return Err(Diagnostic::error("no-such-edition", format!("no edition is called {}", quoted(name)))
            .help_if(near)
            .help(format!("the editions are {}", editions.join(", "))));
    }
    let tables = newest_first(registry, edition);
    let found = match number(asked) {
        Some(number) => by_number(registry, &tables, number),
        None => by_name(registry, &tables, asked),
    };
    let rule = || closest(asked, rules().map(|(name, _)| name)).map(|rule| format!("did you mean the rule {}?", quoted(rule)));
    let (near, near_rule) = if found.is_empty() { (near(&tables, asked), rule()) } else { (Vec::new(), None) };
    Ok(Explanation { rule: None, meanings: merged(found), near, near_rule, asked: asked.to_owned() })
}

impl Explanation {
    /// What to say where nothing has that number or name.
    #[must_use]
    pub fn fault(&self) -> Option<String> {
        let is_empty = self.rule.is_none() && self.meanings.is_empty();
        is_empty.then(|| format!("no table has a code {}", quoted(&self.asked)))
    }

    /// How to ask instead, if nothing was found.
    #[must_use]
    pub fn advice(&self) -> Option<String> {
        let near = (!self.near.is_empty()).then(|| format!("near it are {}", self.near.join(", ")));
        self.near_rule.clone().or(near)
    }

    /// The explanation in lines of at most this width.
    ///
    /// The text has ANSI colours; strip them for a plain stream.
    #[must_use]
    pub fn text(&self, width: usize) -> String {
        let mut text = String::new();
        if let Some(RuleMeaning { name, explanation }) = &self.rule {
            text += &format!("{STRONG}{name}{STRONG:#}  rule\n");
            text += &paragraph(explanation, PLAIN, width);
            let allow = format!("A row or a table that the rule does not suit says so: `allow = [\"{name}\"]`.");
            text += &paragraph(&allow, PLAIN, width);
        }
        self.meanings.iter().for_each(|meaning| text += &meaning.text(width));
        text
    }
}

const STRONG: Style = Style::new().bold();
const WEAK: Style = Style::new().dimmed();
const PLAIN: Style = Style::new();

impl Meaning {
    fn text(&self, width: usize) -> String {
        let facts = self.facts.as_ref();
        let name = facts.map_or("(no row)", |facts| facts.name.as_str());
        let status = facts.map(|facts| facts.status).filter(|status| !status.is_active());
        let status = status.map(|status| format!(", {}", key_word(status))).unwrap_or_default();
        let mut text = format!("{STRONG}{} {}{STRONG:#}  {}{status}\n", self.number, visible(name), self.kind);
        text.extend(self.paths.iter().map(|path| format!("  {WEAK}{path}{WEAK:#}\n")));
        let mut say = |said: &str, style: Style| text += &paragraph(said, style, width);
        say(&self.summary, PLAIN);
        self.fix.iter().for_each(|fix| say(&format!("Fix: {fix}"), PLAIN));
        if let Some(group) = self.group {
            let fault = self.fault.map(|fault| format!(", fault: {}", key_word(fault))).unwrap_or_default();
            say(&format!("Group: {}{fault}.", key_word(group)), PLAIN);
        }
        self.note.iter().for_each(|note| say(note, PLAIN));
        let documented: Vec<String> =
            facts.into_iter().flat_map(Key::said).map(|(key, value)| format!("{}: {value}", key.noun())).collect();
        if !documented.is_empty() {
            say(&capitalized(&format!("{}.", documented.join(", "))), PLAIN);
        }
        let policies = [("", &self.policy), ("If the session cannot be resumed: ", &self.policy_unless_resumable)];
        for (when, policy) in policies.iter().filter_map(|(when, policy)| Some((when, policy.as_ref()?))) {
            let basis = key_word(policy.basis).replace('-', " ");
            say(&format!("{when}{} ({basis})", policy.what_to_do()), STRONG);
            say(&policy.reason, PLAIN);
            policy.fix.iter().for_each(|fix| say(&format!("Fix: {fix}"), PLAIN));
        }
        self.retry.iter().for_each(|retry| say(&retry.sentence(), STRONG));
        self.clients.iter().for_each(|clients| say(&format!("Clients: {clients}."), PLAIN));
        let date = |key: Key| Some(format!("{} {}", key.name(), key.get(facts?)?));
        let dates: Vec<String> = [Key::Since, Key::Until].into_iter().filter_map(date).chain(self.url.clone()).collect();
        if !dates.is_empty() {
            text += &format!("  {WEAK}{}{WEAK:#}\n", dates.join(", "));
        }
        text + "\n"
    }
}

/// A text as indented lines that fit the terminal.
fn paragraph(text: &str, style: Style, width: usize) -> String {
    const INDENT: &str = "  ";
    let lines = textwrap::wrap(text, width.saturating_sub(INDENT.len()).max(1));
    lines.into_iter().map(|line| format!("{INDENT}{style}{line}{style:#}\n")).collect()
}

/// The tables in scope, those of the newest documents first.
fn newest_first<'a>(registry: &'a Registry, edition: Option<&str>) -> Vec<&'a Table> {
    let in_scope = registry.editions().filter(|own| edition.is_none_or(|edition| own.path() == edition || own.system == edition));
    let mut editions: Vec<_> = in_scope.collect();
    editions.reverse();
    editions
        .sort_by_key(|edition| Reverse(edition.tables.iter().map(|table| table.source.as_ref().map(|source| source.date)).max()));
    editions.into_iter().flat_map(|edition| &edition.tables).collect()
}

/// A number as it is written.
fn number(asked: &str) -> Option<u32> {
    let digits = asked.trim().replace('_', "");
    match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    }
}

/// The rows with a number, or else what each table of close codes answers.
fn by_number(registry: &Registry, tables: &[&Table], number: u32) -> Vec<Meaning> {
    let rows = |table: &&Table| -> Vec<Meaning> {
        let codes = table.code(number).into_iter().chain(table.recycled.iter().filter(|row| row.has(number)));
        let meanings: Vec<Meaning> = codes.map(|row| of_row(registry, table, row)).collect();
        if meanings.is_empty() {
            table.range(number).map(|row| of_row(registry, table, row)).into_iter().collect()
        } else {
            meanings
        }
    };
    let found: Vec<Meaning> = tables.iter().flat_map(rows).collect();
    if found.is_empty() { tables.iter().filter_map(|table| answer(registry, table, number)).collect() } else { found }
}

/// The meanings of a name: of an identifier or a whole name, or else of a part of a name.
fn by_name(registry: &Registry, tables: &[&Table], asked: &str) -> Vec<Meaning> {
    let wanted = normalized_name(asked);
    if wanted.is_empty() {
        return Vec::new();
    }
    let find = |fits: &dyn Fn(&str) -> bool| -> Vec<Meaning> {
        let fitting = codes(tables).filter(|(_, row)| names(row).any(|name| fits(&normalized_name(name))));
        fitting.map(|(table, row)| of_row(registry, table, row)).collect()
    };
    let whole = find(&|name| name == wanted);
    if whole.is_empty() { find(&|name| name.contains(&wanted)) } else { whole }
}

/// All codes, each with its table.
fn codes<'a>(tables: &'a [&'a Table]) -> impl Iterator<Item = (&'a Table, &'a Row)> {
    tables.iter().flat_map(|table| table.all_rows().filter(|row| !row.is_range()).map(move |row| (*table, row)))
}

fn names(row: &Row) -> impl Iterator<Item = &str> {
    row.ours.ident.iter().chain(row.other_idents()).map(Ident::as_str).chain([row.facts.name.as_str()])
}

/// What a row says.
fn of_row(registry: &Registry, table: &Table, row: &Row) -> Meaning {
    let mut policies = row.effect.policies().into_iter().map(|(_, policy)| policy.clone());
    let compared = table.fallback.as_ref().map(|fallback| Compared::new(registry, fallback)).unwrap_or_default();
    let votes = row.policy().filter(|_| !row.is_range()).map(|_| compared.after(row.first()));
    let ident = row.ours.ident.as_ref().map(|ident| format!("::{ident}")).unwrap_or_default();
    Meaning {
        number: row.facts.number.to_string(),
        facts: Some(row.facts.clone()),
        kind: table.kind.noun(),
        paths: vec![format!("{}{ident}", table.rust_path())],
        summary: row.meaning().to_owned(),
        group: row.ours.group,
        fault: row.ours.whose_fault(),
        fix: row.ours.fix.as_ref().map(ToString::to_string),
        note: row.ours.note.as_ref().map(ToString::to_string),
        policy: policies.next(),
        policy_unless_resumable: policies.next(),
        retry: row.effect.retry(),
        clients: votes.filter(|votes| votes.decided() > 0).map(|votes| votes.to_string()),
        url: table.source.as_ref().and_then(|source| source.url.as_ref()).map(ToString::to_string),
    }
}

/// What the crate answers to a close code without a row.
fn answer(registry: &Registry, table: &Table, number: u32) -> Option<Meaning> {
    let policy = CloseAnswers::new(registry, table)?.policy_for(Some(u16::try_from(number).ok()?)).clone();
    Some(Meaning {
        number: number.to_string(),
        kind: table.kind.noun(),
        paths: vec![format!("{}::policy_for(Some({number}))", table.rust_path())],
        summary: "No row of this table has the number. The crate answers all the same.".to_owned(),
        policy: Some(policy),
        url: table.source.as_ref().and_then(|source| source.url.as_ref()).map(ToString::to_string),
        ..Meaning::default()
    })
}

/// Meanings that differ in nothing but the place are one.
fn merged(meanings: Vec<Meaning>) -> Vec<Meaning> {
    let mut merged: Vec<Meaning> = Vec::new();
    for meaning in meanings {
        match merged.iter_mut().find(|other| without_places(other) == without_places(&meaning)) {
            Some(other) => other.paths.extend(meaning.paths),
            None => merged.push(meaning),
        }
    }
    merged
}

/// A meaning without what differs from edition to edition by nature: its places and dates, and what clients do.
fn without_places(meaning: &Meaning) -> Meaning {
    let mut facts = meaning.facts.clone();
    for key in Key::ALL.iter().filter(|key| key.about().meaning != model::Meaning::Fact) {
        if let Some(facts) = &mut facts {
            key.clear(facts);
        }
    }
    Meaning { facts, paths: Vec::new(), url: None, clients: None, ..meaning.clone() }
}

/// How many near codes are named.
const MOST_NEAR: usize = 3;

/// The codes nearest to what was asked for.
fn near(tables: &[&Table], asked: &str) -> Vec<String> {
    let wanted = normalized_name(asked);
    let number = number(asked);
    let mut near: Vec<(usize, String)> = tables
        .iter()
        .flat_map(|table| table.variants())
        .map(|variant| {
            if let Some(number) = number {
                return (variant.number.abs_diff(number) as usize, variant.number.to_string());
            }
            let distance = |name: &str| strsim::damerau_levenshtein(&normalized_name(name), &wanted);
            (names(variant.row).map(distance).min().unwrap_or(usize::MAX), variant.ident.to_string())
        })
        .collect();
    near.sort();
    near.dedup();
    near.into_iter().take(MOST_NEAR).map(|(_, name)| name).collect()
}
