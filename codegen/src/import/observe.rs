//! What a page documents: its tables of codes, row by row, each with its place.
//!
//! In comes the text of a page, out come [`ObservedTable`]s and a diagnostic for every row that could not be read. A page in
//! any state is read without panic, and one bad row never hides the next.

use std::sync::Arc;

use serde::Serialize;

use super::{blocks, tables, typedoc};
use crate::diagnostic::{Diagnostic, is_unprintable, quoted};
use crate::model::{Direction, Format, Status};
use crate::source::{SourceFile, Span};

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// Pipe tables: Markdown, MDX, or a scrape of these to text.
    Tables,
    /// The members of one enum, as TypeDoc prints them.
    TypeDoc,
}

/// What one page documents.
#[derive(Debug)]
pub struct Page {
    /// The title of the page, if it has one.
    pub title: Option<String>,
    /// Its tables of codes, in its order.
    pub tables: Vec<ObservedTable>,
}

/// One table of codes, as a page shows it.
#[derive(Debug)]
pub struct ObservedTable {
    /// What kind of table it is.
    pub form: tables::Form,
    /// Its heading.
    pub title: String,
    /// Where the heading, or else the table, begins.
    pub span: Span,
    /// Its rows, in the order of the page.
    pub rows: Vec<ObservedRow>,
    /// How many of its rows could not be read. Each has its diagnostic.
    pub unread: usize,
}

/// One row, as a page shows it.
#[derive(Clone, Debug)]
pub struct ObservedRow {
    /// Its number or numbers.
    pub value: ObservedValue,
    /// Its name: markup dropped, code spans kept.
    pub name: String,
    /// Its sentence as plain text, where the page has one.
    pub sentence: Option<String>,
    /// Whether it is struck out or called deprecated.
    pub status: Status,
    /// Which way it travels, where the page says.
    pub direction: Option<Direction>,
    /// How its payload is encoded, where the page says.
    pub format: Option<Format>,
    /// Whether to reconnect, where the page says.
    pub reconnect: Option<bool>,
    /// Whether it is another name of a number that a later member of the same enum has.
    pub is_alias: bool,
    /// Where its number stands.
    pub span: Span,
}

/// A number, or a range of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ObservedValue {
    /// One number.
    Value(u32),
    /// The first and the last number.
    Range([u32; 2]),
}

impl ObservedValue {
    /// The first number.
    #[must_use]
    pub fn first(self) -> u32 {
        match self {
            Self::Value(value) => value,
            Self::Range([first, _]) => first,
        }
    }

    /// The last number.
    #[must_use]
    pub fn last(self) -> u32 {
        match self {
            Self::Value(value) => value,
            Self::Range([_, last]) => last,
        }
    }
}

impl std::fmt::Display for ObservedValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Value(value) => write!(f, "{value}"),
            Self::Range([first, last]) => write!(f, "{first}-{last}"),
        }
    }
}

/// The largest page that is read, in bytes. The largest known page has a hundredth of that.
const LARGEST_PAGE: usize = 16 << 20;

/// Reads a page. The dialect is found by looking, unless it is given.
pub fn observe(page: &Arc<SourceFile>, dialect: Option<Dialect>, diagnostics: &mut Vec<Diagnostic>) -> Page {
    if page.text.len() > LARGEST_PAGE {
        let size = page.text.len() >> 20;
        diagnostics.push(
            Diagnostic::error("page-too-large", format!("the page has {size} MiB, more than any page of tables"))
                .in_file(&page.path)
                .help(format!("pages of up to {} MiB are read; give the page itself, not an archive of it", LARGEST_PAGE >> 20)),
        );
        return Page { title: None, tables: Vec::new() };
    }
    let errors_before = diagnostics.len();
    let mut observed = match dialect.unwrap_or_else(|| find_dialect(&page.text)) {
        Dialect::Tables => blocks::read(page, diagnostics),
        Dialect::TypeDoc => typedoc::read(page, diagnostics),
    };
    for table in &mut observed.tables {
        refuse_unprintable(table, diagnostics);
        settle_repetitions(table, diagnostics);
    }
    if observed.tables.is_empty() && diagnostics.len() == errors_before {
        diagnostics.push(
            Diagnostic::error("no-table", "the page has no table of codes")
                .in_file(&page.path)
                .help("a table has a header row with a column `Code`, `Value` or `Opcode`; an enum page lists its members"),
        );
    }
    observed
}

fn find_dialect(text: &str) -> Dialect {
    let members = text.lines().filter(|line| typedoc::is_member(line)).count();
    let rows = text.lines().filter(|line| blocks::is_separator(line)).count();
    if members > 0 && rows == 0 || members > 2 { Dialect::TypeDoc } else { Dialect::Tables }
}

/// A name with escape codes or direction marks is no name.
fn refuse_unprintable(table: &mut ObservedTable, diagnostics: &mut Vec<Diagnostic>) {
    let mut refused = 0;
    table.rows.retain(|row| {
        let bad = row.name.chars().find(|c| is_unprintable(*c));
        if let Some(bad) = bad {
            refused += 1;
            diagnostics.push(
                Diagnostic::error(
                    "unprintable-character",
                    format!("the name of {} holds the character {}", row.value, bad.escape_unicode()),
                )
                .at(&row.span, "this row is not read")
                .help("remove the character from the page"),
            );
        }
        bad.is_none()
    });
    table.unread += refused;
}

/// A live number has one row: the same row twice is read once, two different ones are an error.
pub(super) fn settle_repetitions(table: &mut ObservedTable, diagnostics: &mut Vec<Diagnostic>) {
    let mut kept: Vec<ObservedRow> = Vec::new();
    let mut places: std::collections::HashMap<(ObservedValue, bool), usize> = std::collections::HashMap::new();
    for row in std::mem::take(&mut table.rows) {
        let key = (row.value, row.status == Status::Removed);
        let earlier = places.get(&key).map(|place| &kept[*place]);
        match earlier {
            Some(earlier) if !row.is_alias && !earlier.is_alias => {
                let same = earlier.name == row.name
                    && earlier.sentence == row.sentence
                    && earlier.direction == row.direction
                    && earlier.format == row.format
                    && earlier.reconnect == row.reconnect;
                let struck = row.status == Status::Removed;
                diagnostics.push(if same {
                    Diagnostic::warning("repeated-row", format!("{} has the same row twice", row.value))
                        .at(&row.span, "again here")
                        .at(&earlier.span, "first here")
                        .help("one of them can go from the page; it is read once")
                } else if struck && earlier.name != row.name {
                    // Two former meanings of one number: both are history, and the first one written stands for it.
                    Diagnostic::warning("repeated-row", format!("{} has two struck-out rows", row.value))
                        .at(&row.span, format!("{} is not read", quoted(&row.name)))
                        .at(&earlier.span, "first here")
                        .help("note the second one by hand if it matters")
                } else {
                    Diagnostic::error("contradicting-rows", format!("{} has two different rows", row.value))
                        .at(&row.span, format!("here {}", quoted(&row.name)))
                        .at(&earlier.span, format!("here {}", quoted(&earlier.name)))
                        .help("mend the page: strike one out, or remove it; the first one is read")
                });
                table.unread += usize::from(!same);
            }
            _ => {
                places.insert(key, kept.len());
                kept.push(row);
            }
        }
    }
    table.rows = kept;
}

/// The place of a piece of a line.
pub(super) fn place(page: &Arc<SourceFile>, line_start: usize, within: std::ops::Range<usize>) -> Span {
    Span::new(page, line_start + within.start..line_start + within.end)
}
