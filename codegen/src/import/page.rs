//! What a page documents, as data: its tables of codes, row by row, each with its place.
//!
//! These types say nothing of our tables: which of them a table of a page means is decided in [`headings`](super::headings),
//! and what changes there in [`merge`](super::merge).

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use crate::model::{Facts, Key, Number, Status};
use crate::text::{Diagnostic, SourceFile, Span, is_unprintable, quoted};

/// What one page documents.
#[derive(Debug)]
pub struct Page {
    /// The text and its path.
    pub source: Arc<SourceFile>,
    /// The title of the page, if it has one.
    pub title: Option<String>,
    /// Its tables with numbers, in its order.
    pub tables: Vec<ObservedTable>,
    /// The headings of its tables without numbers.
    pub without_codes: Vec<String>,
}

impl Page {
    /// A page of which nothing was read yet.
    pub(super) fn new(source: &Arc<SourceFile>) -> Self {
        Self { source: Arc::clone(source), title: None, tables: Vec::new(), without_codes: Vec::new() }
    }
}

/// One table, as a page shows it.
#[derive(Debug)]
pub struct ObservedTable {
    /// Its own heading: the last one above it, or its caption.
    pub heading: String,
    /// The headings around its own, the outermost first. They name a new table, and tell tables of one heading apart.
    pub outer: Vec<String>,
    /// Where the heading, or else the table, starts.
    pub span: Span,
    /// The facts for which it has a column.
    pub columns: BTreeSet<Key>,
    /// Whether it lists the members of an enum, where a number may have several names.
    pub is_enum: bool,
    /// Its rows, in the order of the page.
    pub rows: Vec<Observed>,
    /// How many of its rows could not be read. Each has its finding.
    pub unread: usize,
    /// What was found while it was read. It matters only where the table does: a page has tables that nobody asked for.
    pub findings: Vec<Diagnostic>,
}

/// One row, as a page shows it.
#[derive(Clone, Debug)]
pub struct Observed {
    /// What it says, whatever the kind of its table.
    pub facts: Facts,
    /// Its sentence as plain text, where the page has one.
    pub sentence: Option<String>,
    /// Whether it is another name of a number that has a row.
    pub is_alias: bool,
    /// The line of the source at which a member of an enum is defined, where the page says it.
    pub(super) defined: Option<u32>,
    /// The cells that say something that is not understood.
    pub unclear: BTreeSet<Key>,
    /// Where its number is.
    pub span: Span,
}

/// Finishes the tables of a page: rows that cannot be, and rows that repeat others.
pub(super) fn settle(page: &mut Page) {
    for table in &mut page.tables {
        reject_unprintable(table);
        if table.is_enum {
            mark_aliases(table);
        }
        settle_repetitions(table);
    }
}

/// A name with escape codes or direction marks is no name.
fn reject_unprintable(table: &mut ObservedTable) {
    table.rows.retain(|row| {
        let Some(bad) = row.facts.name.chars().find(|c| is_unprintable(*c)) else { return true };
        let message = format!("the name of {} contains the character {}", row.facts.number, bad.escape_unicode());
        table.unread += 1;
        table.findings.push(
            Diagnostic::error("unprintable-character", message)
                .at(&row.span, "this row is not read")
                .help("remove the character from the page"),
        );
        false
    });
}

/// Of several members with one number, one is the name and the others are aliases: a live one before a deprecated one, then
/// the one that is defined last, as in the enum itself. Where the page does not say it, its own order decides.
fn mark_aliases(table: &mut ObservedTable) {
    let rank = |position: usize, row: &Observed| (Reverse(row.facts.status), row.defined, position);
    let mut main: HashMap<Number, _> = HashMap::new();
    for (position, row) in table.rows.iter().enumerate() {
        let best = main.entry(row.facts.number).or_insert_with(|| rank(position, row));
        *best = rank(position, row).max(*best);
    }
    for (position, row) in table.rows.iter_mut().enumerate() {
        row.is_alias = main.get(&row.facts.number).is_some_and(|(_, _, main)| *main != position);
    }
}

/// A live number has one row: the same row twice is read once, two different ones are an error.
fn settle_repetitions(table: &mut ObservedTable) {
    let mut kept: Vec<Observed> = Vec::with_capacity(table.rows.len());
    let mut places: HashMap<_, usize> = HashMap::new();
    for row in std::mem::take(&mut table.rows) {
        // A number may have had several meanings before: removed rows are told apart by their names.
        let removed_name = (row.facts.status == Status::Removed).then(|| row.facts.name.clone());
        let key = (row.facts.number, removed_name);
        let earlier = places.get(&key).map(|place| &kept[*place]).filter(|_| !row.is_alias);
        let Some(earlier) = earlier else {
            if !row.is_alias {
                places.insert(key, kept.len());
            }
            kept.push(row);
            continue;
        };
        let same = earlier.facts == row.facts && earlier.sentence == row.sentence;
        table.unread += usize::from(!same);
        table.findings.push(repetition(&row, earlier, same));
    }
    table.rows = kept;
}

fn repetition(row: &Observed, earlier: &Observed, same: bool) -> Diagnostic {
    let number = row.facts.number;
    if same {
        return Diagnostic::warning("repeated-row", format!("{number} has the same row twice"))
            .at(&row.span, "again here")
            .at(&earlier.span, "first here")
            .help("it is read once; remove one of them from the page");
    }
    Diagnostic::error("contradicting-rows", format!("{number} has two different rows"))
        .at(&row.span, format!("here {}", quoted(&row.facts.name)))
        .at(&earlier.span, format!("here {}", quoted(&earlier.facts.name)))
        .help("the first one is read; strike the wrong one out in the page, or remove it")
}
