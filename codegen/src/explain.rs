//! What a code means: every row with a number or a name, and what the generated crate answers where no row has it.
//!
//! In come a [`Registry`] and what a person typed, out come typed [`Meaning`]s, the newest edition first. Meanings that are
//! equal in several editions are one. Nothing is printed here.

use std::cmp::Reverse;

use serde::Serialize;

use crate::answers::CloseAnswers;
use crate::date::Date;
use crate::facts::{Direction, Facts, Format, Status};
use crate::ident::Ident;
use crate::lint::RULES;
use crate::model::{Codes, Registry, Table, Variant};
use crate::ours::{Ours, Policy};
use crate::tally::Tally;
use crate::text::normalized_name;
use crate::warnings::IMPORT_WARNINGS;

/// What was found.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Explanation {
    /// What the code means, the newest edition first.
    pub meanings: Vec<Meaning>,
    /// Codes that look like what was asked for, if nothing was found.
    pub near: Vec<String>,
}

/// One meaning of a code.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Meaning {
    /// The number, or the first and the last number of a range.
    pub number: String,
    /// The documented name. Nothing where no row has the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What people call such a code.
    pub kind: &'static str,
    /// Where the meaning is: Rust paths, the newest edition first.
    pub paths: Vec<String>,
    /// What it means, in a sentence.
    pub summary: String,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Whether the document still lists it.
    pub status: Status,
    /// Who sends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// How its payload is encoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// What to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<Policy>,
    /// What to do if the message says that the session cannot be resumed, where that differs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_unless_resumable: Option<Policy>,
    /// Whether a request may be sent again after a wait.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry: Option<bool>,
    /// What real clients do after it: "11 resume, 1 stop".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clients: Option<String>,
    /// Since when the document lists it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// Until when the document listed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The document's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// All rules that a row or a table can `allow`, with what they ask for: those of the lints, and the warnings of import.
pub fn rules() -> impl Iterator<Item = (&'static str, &'static str)> {
    RULES.iter().map(|rule| (rule.name, rule.explanation)).chain(IMPORT_WARNINGS)
}

/// Explains a number (`4014`, `50_013`, `0xFA0`), an identifier, or a documented name or a part of one, in all editions or in
/// one.
#[must_use]
pub fn explain(registry: &Registry, asked: &str, edition: Option<&str>) -> Explanation {
    let tables = newest_first(registry, edition);
    let found = match number(asked) {
        Some(number) => by_number(registry, &tables, number),
        None => by_name(registry, &tables, asked),
    };
    let near = if found.is_empty() { near(&tables, asked) } else { Vec::new() };
    Explanation { meanings: merged(found), near }
}

/// The tables in scope, those of the newest documents first.
fn newest_first<'a>(registry: &'a Registry, edition: Option<&str>) -> Vec<&'a Table> {
    let in_scope = registry.editions().filter(|own| edition.is_none_or(|edition| own.path() == edition || own.system == edition));
    let mut editions: Vec<_> = in_scope.collect();
    editions.reverse();
    editions.sort_by_key(|edition| Reverse(edition.tables.iter().map(|table| table.source.date).max()));
    editions.into_iter().flat_map(|edition| &edition.tables).collect()
}

/// A number as people write it.
fn number(asked: &str) -> Option<u32> {
    let digits = asked.trim().replace('_', "");
    match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    }
}

/// The rows and ranges with a number, or else what each table of close codes answers.
fn by_number(registry: &Registry, tables: &[&Table], number: u32) -> Vec<Meaning> {
    let rows = |table: &&Table| -> Vec<Meaning> {
        let variants = table.codes.variants().chain(&table.recycled).filter(|variant| variant.number == number);
        let meanings: Vec<Meaning> = variants.map(|variant| of_variant(registry, table, variant)).collect();
        if meanings.is_empty() { of_range(table, number).into_iter().collect() } else { meanings }
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
        let rows =
            tables.iter().flat_map(|table| table.codes.variants().chain(&table.recycled).map(move |variant| (*table, variant)));
        let fitting = rows.filter(|(_, variant)| names(variant).any(|name| fits(&normalized_name(name))));
        fitting.map(|(table, variant)| of_variant(registry, table, variant)).collect()
    };
    let whole = find(&|name| name == wanted);
    if whole.is_empty() { find(&|name| name.contains(&wanted)) } else { whole }
}

fn names(variant: &Variant) -> impl Iterator<Item = &str> {
    [variant.ident.as_str(), variant.facts.name.as_str()].into_iter().chain(variant.other_idents().map(Ident::as_str))
}

/// What a row says.
fn of_variant(registry: &Registry, table: &Table, variant: &Variant) -> Meaning {
    let path = format!("{}::{}", path(table), variant.ident);
    let mut meaning = of_facts(table, variant.number.to_string(), path, variant.meaning(), &variant.facts, &variant.ours);
    match &table.codes {
        Codes::Opcodes(codes) => {
            let ending = codes.iter().find(|code| code.variant.number == variant.number).and_then(|code| code.decision.as_ref());
            meaning.policy = ending.map(|ending| ending.resumable.clone());
            meaning.policy_unless_resumable =
                ending.filter(|ending| ending.lost != ending.resumable).map(|ending| ending.lost.clone());
        }
        Codes::CloseCodes(close) => {
            let code = close.codes.iter().find(|code| code.variant.number == variant.number);
            meaning.policy = code.map(|code| code.decision.clone());
            let tally = Tally::of_code(registry, close, variant.number);
            meaning.clients = (tally.decided() > 0).then(|| tally.to_string());
        }
        Codes::Responses(responses) => {
            let code = responses.codes.iter().find(|code| code.variant.number == variant.number);
            meaning.retry = code.map(|code| code.decision);
        }
    }
    meaning
}

/// What the range says that has a number.
fn of_range(table: &Table, number: u32) -> Option<Meaning> {
    match &table.codes {
        Codes::Opcodes(_) => None,
        Codes::CloseCodes(close) => {
            let range = close.ranges.iter().find(|range| (range.first..=range.last).contains(&number))?;
            let number = range.facts.number.to_string();
            let mut meaning = of_facts(table, number, path(table), range.meaning(), &range.facts, &range.ours);
            meaning.policy = Some(range.decision.clone());
            Some(meaning)
        }
        Codes::Responses(responses) => {
            let range = responses.ranges.iter().find(|range| (range.first..=range.last).contains(&number))?;
            let number = range.facts.number.to_string();
            let mut meaning = of_facts(table, number, path(table), range.meaning(), &range.facts, &range.ours);
            meaning.retry = Some(range.decision);
            Some(meaning)
        }
    }
}

/// What the crate answers to a close code without a row.
fn answer(registry: &Registry, table: &Table, number: u32) -> Option<Meaning> {
    let policy = CloseAnswers::new(registry, table)?.policy_for(Some(u16::try_from(number).ok()?)).into_owned();
    Some(Meaning {
        number: number.to_string(),
        name: None,
        kind: table.codes.noun(),
        paths: vec![format!("{}::policy_for(Some({number}))", path(table))],
        summary: "No row of this table has the number. The crate answers all the same.".to_owned(),
        note: None,
        status: Status::Active,
        direction: None,
        format: None,
        policy: Some(policy),
        policy_unless_resumable: None,
        retry: None,
        clients: None,
        since: None,
        until: None,
        url: table.source.url.as_ref().map(ToString::to_string),
    })
}

fn of_facts(table: &Table, number: String, path: String, summary: &str, facts: &Facts, ours: &Ours) -> Meaning {
    Meaning {
        number,
        name: Some(facts.name.to_string()),
        kind: table.codes.noun(),
        paths: vec![path],
        summary: summary.to_owned(),
        note: ours.note.as_ref().map(ToString::to_string),
        status: facts.status,
        direction: facts.direction,
        format: facts.format,
        policy: None,
        policy_unless_resumable: None,
        retry: None,
        clients: None,
        since: facts.since,
        until: facts.until,
        url: table.source.url.as_ref().map(ToString::to_string),
    }
}

/// The path of an enum in Rust.
fn path(table: &Table) -> String {
    format!("{}::{}::{}", table.path.system, table.path.edition, table.enum_name)
}

/// Meanings that differ in nothing but the place are one.
fn merged(meanings: Vec<Meaning>) -> Vec<Meaning> {
    let mut merged: Vec<Meaning> = Vec::new();
    for meaning in meanings {
        let same = |other: &&mut Meaning| {
            let with_place_of = Meaning {
                paths: meaning.paths.clone(),
                url: meaning.url.clone(),
                since: meaning.since,
                until: meaning.until,
                clients: meaning.clients.clone(),
                ..(**other).clone()
            };
            with_place_of == meaning
        };
        match merged.iter_mut().find(same) {
            Some(other) => other.paths.extend(meaning.paths),
            None => merged.push(meaning),
        }
    }
    merged
}

/// How many near codes are named.
const MOST_NEAR: usize = 3;

/// The codes nearest to what was asked for.
fn near(tables: &[&Table], asked: &str) -> Vec<String> {
    let wanted = normalized_name(asked);
    let number = number(asked);
    let variants = tables.iter().flat_map(|table| table.codes.variants());
    let mut near: Vec<(usize, String)> = variants
        .map(|variant| {
            if let Some(number) = number {
                return (variant.number.abs_diff(number) as usize, variant.number.to_string());
            }
            let distance = |name: &str| strsim::damerau_levenshtein(&normalized_name(name), &wanted);
            (names(variant).map(distance).min().unwrap_or(usize::MAX), variant.ident.to_string())
        })
        .collect();
    near.sort();
    near.dedup();
    near.into_iter().take(MOST_NEAR).map(|(_, name)| name).collect()
}
