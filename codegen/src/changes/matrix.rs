//! Several editions side by side: for each code its name and its answer in each edition.
//!
//! In come editions of one registry, out comes a table for each file of codes that at least two of them have.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::print::words;
use crate::facts::{Number, Status};
use crate::model::{Codes, Edition, Ending, Registry, Responses, Table, Variant};
use crate::ours::{Again, Policy};
use crate::text::normalized_name;

/// Several editions side by side.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Matrix {
    /// The editions, in the order in which they were named.
    pub editions: Vec<String>,
    /// The tables that at least two of them have.
    pub tables: Vec<MatrixTable>,
}

/// The codes of one table in several editions.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MatrixTable {
    /// The file without `.toml`.
    pub file: String,
    /// The title in the last edition that has the table.
    pub title: String,
    /// Its rows, in numeric order.
    pub rows: Vec<MatrixRow>,
}

/// One code in several editions.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct MatrixRow {
    /// Its number or numbers. Nothing: the answers without a close code, or after an unknown one.
    pub number: Option<Number>,
    /// What is asked, where it is not about a number: `no code`, `unknown`.
    pub asked: Option<String>,
    /// What each edition says; nothing where it has no such code.
    pub cells: Vec<Option<Cell>>,
    /// Whether the editions that have the code say different things.
    pub differs: bool,
}

/// What an edition says of a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Cell {
    /// The documented name.
    pub name: String,
    /// The identifier, where there is a variant.
    pub ident: Option<String>,
    /// Whether the document still lists it.
    pub status: Status,
    /// What to do, in words, where the table has answers.
    pub answer: Option<String>,
}

impl Cell {
    /// Whether two editions say the same, apart from the style of the name.
    fn says_the_same(&self, other: &Self) -> bool {
        let Self { name, ident, status, answer } = other;
        (&self.ident, self.status, &self.answer) == (ident, *status, answer)
            && normalized_name(&self.name) == normalized_name(name)
    }
}

/// Compares editions. Those that the registry does not have are left out.
#[must_use]
pub fn matrix(registry: &Registry, editions: &[&str]) -> Matrix {
    let found: Vec<&Edition> =
        editions.iter().filter_map(|name| registry.editions().find(|edition| edition.path() == *name)).collect();
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for table in found.iter().flat_map(|edition| &edition.tables) {
        *counts.entry(&table.path.file).or_default() += 1;
    }
    let files = counts.into_iter().filter(|(_, count)| *count > 1).map(|(file, _)| file);
    Matrix {
        editions: found.iter().map(|edition| edition.path()).collect(),
        tables: files.map(|file| matrix_table(&found, file)).collect(),
    }
}

fn matrix_table(editions: &[&Edition], file: &str) -> MatrixTable {
    let tables: Vec<Option<&Table>> =
        editions.iter().map(|edition| edition.tables.iter().find(|table| table.path.file == file)).collect();
    let cells: Vec<BTreeMap<Number, Cell>> = tables.iter().map(|table| table.map(of_table).unwrap_or_default()).collect();
    let numbers: BTreeSet<Number> = cells.iter().flat_map(BTreeMap::keys).copied().collect();
    let mut numbers: Vec<Number> = numbers.into_iter().collect();
    numbers.sort_by_key(|number| (number.first(), number.last()));
    let with = |number, asked, cells: Vec<Option<Cell>>| {
        let known: Vec<&Cell> = cells.iter().flatten().collect();
        let differs = known.windows(2).any(|pair| !pair[0].says_the_same(pair[1])) || known.len() < cells.len();
        MatrixRow { number, asked, cells, differs }
    };
    let mut rows: Vec<MatrixRow> = numbers
        .into_iter()
        .map(|number| with(Some(number), None, cells.iter().map(|cells| cells.get(&number).cloned()).collect()))
        .collect();
    for (asked, is_absent) in [("no code", true), ("unknown code", false)] {
        let answers = tables.iter().map(|table| {
            let Codes::CloseCodes(close) = &(*table)?.codes else { return None };
            let reconnect = &close.reconnect;
            let answer = Some(words::short_policy(if is_absent { &reconnect.absent } else { &reconnect.unknown }));
            Some(Cell { name: String::new(), ident: None, status: Status::Active, answer })
        });
        let cells: Vec<Option<Cell>> = answers.collect();
        if cells.iter().any(Option::is_some) {
            rows.push(with(None, Some(asked.to_owned()), cells));
        }
    }
    let title = tables.iter().flatten().last().map(|table| table.title.to_string()).unwrap_or_default();
    MatrixTable { file: file.to_owned(), title, rows }
}

/// What to do after an opcode.
fn ends(ending: &Ending) -> String {
    let (resumable, lost) = (words::short_policy(&ending.resumable), words::short_policy(&ending.lost));
    if resumable == lost { resumable } else { format!("{resumable}; not resumable: {lost}") }
}

fn of_table(table: &Table) -> BTreeMap<Number, Cell> {
    let cell = |variant: &Variant, answer: Option<String>| {
        let (name, ident) = (variant.facts.name.to_string(), Some(variant.ident.to_string()));
        (variant.facts.number, Cell { name, ident, status: variant.facts.status, answer })
    };
    let range = |facts: &crate::facts::Facts, answer: Option<String>| {
        (facts.number, Cell { name: facts.name.to_string(), ident: None, status: facts.status, answer })
    };
    let policy = |policy: &Policy| Some(words::short_policy(policy));
    match &table.codes {
        Codes::Opcodes(codes) => codes.iter().map(|code| cell(&code.variant, code.decision.as_ref().map(ends))).collect(),
        Codes::CloseCodes(close) => {
            let codes = close.codes.iter().map(|code| cell(&code.variant, policy(&code.decision)));
            codes.chain(close.ranges.iter().map(|item| range(&item.facts, policy(&item.decision)))).collect()
        }
        Codes::Responses(Responses { class: _, codes, ranges }) => {
            let retry = |decision: bool| decision.then(|| Again::new(decision).words());
            let codes = codes.iter().map(|code| cell(&code.variant, retry(code.decision)));
            codes.chain(ranges.iter().map(|item| range(&item.facts, retry(item.decision)))).collect()
        }
    }
}
