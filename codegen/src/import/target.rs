//! Where tables of pages go: to a file that is there, to a new one, or nowhere.

use serde::Serialize;

use super::headings::NewTable;
use crate::model::Kind;
use crate::read::TableFile;
use crate::read::{Page, PageTable};
use crate::text::{Diagnostic, normalized_name};

/// A table of the edition, or of the one that it is made like.
pub(super) struct Known<'a> {
    /// The name of its file, without `.toml`.
    pub file: String,
    /// Its content.
    pub table: &'a TableFile,
    /// Whether it belongs to the edition that a new one is made like.
    pub is_pattern: bool,
}

impl Known<'_> {
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
}

/// Where a table goes.
#[derive(Clone, Debug)]
pub(super) enum Target {
    /// To a known table, by its position.
    Known(usize),
    /// To a new file.
    New(NewTable, Kind),
}

/// A table of a page that goes nowhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PassedOver {
    /// Its heading.
    pub heading: String,
    /// How many rows with numbers it has.
    pub rows: usize,
    /// Why it goes nowhere.
    pub reason: Reason,
}

impl PassedOver {
    pub(super) fn of(table: &PageTable) -> Self {
        let reason = if table.rows.is_empty() { Reason::WithoutCodes } else { Reason::NotAskedFor };
        Self { heading: table.heading.clone(), rows: table.rows.len(), reason }
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
