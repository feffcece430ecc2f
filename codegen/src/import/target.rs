//! Where tables of pages go: to a file that is there, to a new one, or nowhere.

use serde::Serialize;

use super::headings::{NewTable, kind_of};
use crate::model::{Kind, Source};
use crate::read::{Page, PageTable, SourcesFile, TableFile};
use crate::text::{Diagnostic, Span, normalized_name};

/// A table of the edition, or of the one that it is made like.
pub(super) struct Known<'a> {
    /// The name of its file, without `.toml`.
    pub file: String,
    /// Its content.
    pub table: &'a TableFile,
    /// The page that it was read from.
    pub source: Option<&'a Source>,
    /// The name of that page in the edition, if it has one there.
    pub page: Option<String>,
    /// Where the date of the page is.
    pub dated: Span,
    /// Whether it belongs to the edition that a new one is made like.
    pub is_pattern: bool,
}

impl<'a> Known<'a> {
    /// A table, with what the pages of its edition say of its own.
    pub(super) fn new(file: &str, table: &'a TableFile, sources: Option<&'a SourcesFile>, is_pattern: bool) -> Self {
        let page = table.header.as_ref().map(|header| &header.source);
        let name = page.and_then(|page| page.name());
        let place = name.and_then(|name| sources?.pages.iter().find(|(known, ..)| *known == **name));
        Self {
            file: file.to_owned(),
            table,
            source: page.and_then(|page| page.resolve(sources)),
            page: name.map(ToString::to_string),
            dated: place.map_or_else(|| table.place.key("source.date"), |(_, place, _)| place.key("date")),
            is_pattern,
        }
    }

    /// Its title and its headings, for comparing.
    pub(super) fn names(&self) -> Vec<String> {
        let header = self.table.header.iter();
        let names = header.flat_map(|header| std::iter::once(&header.title).chain(&header.headings));
        names.map(|name| normalized_name(name)).collect()
    }
}

/// A table of a page, and where it goes.
pub(super) struct Assigned<'a> {
    /// The page.
    pub page: &'a Page,
    /// The table.
    pub observed: &'a PageTable,
    /// Where it goes.
    pub target: Target,
    /// The name of its page in the edition, if it adds rows to a table that has another page.
    pub further: Option<String>,
}

/// Where a table goes.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// To a known table, by its position.
    Known(usize),
    /// To a new file.
    New(NewTable, Kind),
}

impl Target {
    /// The name of its file, without `.toml`.
    pub(super) fn file<'t>(&'t self, known: &'t [Known<'_>]) -> &'t str {
        match self {
            Self::Known(at) => &known[*at].file,
            Self::New(new, _) => &new.file,
        }
    }
}

/// A table of a page that goes nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PassedOver {
    /// Its heading.
    pub heading: String,
    /// How many rows with numbers it has, or that cannot be read.
    pub rows: usize,
    /// Whether none of them can be read.
    #[serde(skip)]
    pub is_unread: bool,
    /// Why it goes nowhere.
    pub reason: Reason,
    /// The table right above it, which it may be the rest of: it has the same columns, and other numbers.
    #[serde(skip)]
    pub rest_of: Option<String>,
}

impl PassedOver {
    pub(super) fn of(table: &PageTable, above: Option<&PageTable>) -> Self {
        let is_unread = table.rows.is_empty();
        let is_of_codes = !is_unread || table.unread > 0 && kind_of(&table.heading).is_some();
        let reason = if is_of_codes { Reason::NotAskedFor } else { Reason::WithoutCodes };
        let is_rest = |above: &&PageTable| {
            above.headers == table.headers && table.has_other_numbers(above) && reason == Reason::NotAskedFor
        };
        let rest_of = above.filter(is_rest).map(|above| above.heading.clone());
        Self { heading: table.heading.clone(), rows: table.rows.len() + table.unread, is_unread, reason, rest_of }
    }
}

/// Why a table goes nowhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// It has no column of codes, or no code in it.
    WithoutCodes,
    /// No table of the edition means it.
    NotAskedFor,
}

/// The result of the assignment.
#[derive(Default)]
pub(super) struct Assignment<'a> {
    pub assigned: Vec<Assigned<'a>>,
    pub passed_over: Vec<PassedOver>,
    pub diagnostics: Vec<Diagnostic>,
}
