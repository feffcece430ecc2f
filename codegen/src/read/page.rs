//! What a page documents, as data: its tables of codes, row by row, each with its place. A table file can be read the same way: what
//! the document says, and nothing else.
//!
//! These types say nothing of our tables: which of them a table of a page means, and what changes there, is decided elsewhere.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{RawRow, TableFile, read_table};
use crate::model::{Facts, Key, Kind, Number};
use crate::text::{Diagnostic, SourceFile, Span, normalized_name, plain_name};

/// What one page documents.
#[derive(Clone, Debug)]
pub struct Page {
    /// The text and its path.
    pub source: Arc<SourceFile>,
    /// The title of the page, if it has one.
    pub title: Option<String>,
    /// Its tables with numbers, in its order.
    pub tables: Vec<PageTable>,
    /// The headings of its tables without numbers.
    pub without_codes: Vec<String>,
    /// Rows of codes in comments, in blocks of code and outside of tables, by their numbers.
    pub not_read: BTreeMap<Number, Vec<Span>>,
    /// Rows of codes in blocks of code that are below no table.
    pub in_code: Vec<Diagnostic>,
}

impl Page {
    /// A page of which nothing was read yet.
    pub fn new(source: &Arc<SourceFile>) -> Self {
        Self {
            source: Arc::clone(source),
            title: None,
            tables: Vec::new(),
            without_codes: Vec::new(),
            not_read: BTreeMap::new(),
            in_code: Vec::new(),
        }
    }
}

/// One table, as a page shows it.
#[derive(Clone, Debug)]
pub struct PageTable {
    /// The name of the file that import would write for a comparison, without `.toml`: the words of its heading.
    pub file: String,
    /// Its own heading: the last one above it, or its caption.
    pub heading: String,
    /// The headings around its own, the outermost first. They name a new table, and tell tables of one heading apart.
    pub outer: Vec<String>,
    /// Where the heading, or else the table, starts.
    pub span: Span,
    /// Its headers, as they are written.
    pub headers: Vec<String>,
    /// The facts for which it has a column.
    pub columns: BTreeSet<Key>,
    /// The kind that the header of its codes names, such as "Close code".
    pub kind: Option<Kind>,
    /// Whether it lists the members of an enum, where a number may have several names.
    pub is_enum: bool,
    /// Its rows, in the order of the page.
    pub rows: Vec<PageRow>,
    /// How many of its rows could not be read. Each has its finding.
    pub unread: usize,
    /// What was found while it was read. It matters only where the table does: a page has other tables, too.
    pub findings: Vec<Diagnostic>,
    /// Rows of codes of its page that are not read.
    pub not_read: Arc<BTreeMap<Number, Vec<Span>>>,
}

/// One row, as a page shows it.
#[derive(Clone, Debug)]
pub struct PageRow {
    /// What it says, whatever the kind of its table.
    pub facts: Facts,
    /// Its sentence as plain text, where the page has one.
    pub sentence: Option<String>,
    /// Whether it is another name of a number that has a row.
    pub is_alias: bool,
    /// The line of the source at which a member of an enum is defined, where the page says it.
    pub defined: Option<u32>,
    /// The cells that say something that is not understood.
    pub unclear: BTreeSet<Key>,
    /// Where its number is.
    pub span: Span,
}

impl PageRow {
    /// Whether the page has one text for name and sentence.
    #[must_use]
    pub fn is_one_text(&self) -> bool {
        self.sentence.as_deref() == Some(plain_name(&self.facts.name).as_str())
    }
}

impl PageTable {
    /// A table of which nothing was read yet.
    #[must_use]
    pub fn new(heading: String, outer: Vec<String>, span: Span, columns: BTreeSet<Key>, is_enum: bool) -> Self {
        let file = file_name(&heading);
        Self {
            file,
            heading,
            outer,
            span,
            headers: Vec::new(),
            columns,
            kind: None,
            is_enum,
            rows: Vec::new(),
            unread: 0,
            findings: Vec::new(),
            not_read: Arc::default(),
        }
    }

    /// The other names of a number of an enum.
    pub fn aliases(&self, number: Number) -> impl Iterator<Item = &PageRow> {
        self.rows.iter().filter(move |row| self.is_enum && row.is_alias && row.facts.number == number)
    }

    /// The row of its page that has a code and is not read, in a comment say: it may have left the table for now, or for ever.
    #[must_use]
    pub fn unread_row(&self, facts: &Facts) -> Option<&Span> {
        let name = normalized_name(&facts.name);
        let has_name = |span: &Span| normalized_name(&span.file.text[span.range.clone()]).contains(&name);
        self.not_read.get(&facts.number)?.iter().find(|span| has_name(span))
    }

    /// Whether it lists codes, and none that another one has.
    #[must_use]
    pub fn has_other_numbers(&self, other: &Self) -> bool {
        let numbers: BTreeSet<Number> = other.rows.iter().map(|row| row.facts.number).collect();
        !self.rows.is_empty() && self.rows.iter().all(|row| !numbers.contains(&row.facts.number))
    }

    /// Takes the rows of another part of it.
    pub fn take(&mut self, part: Self) {
        self.rows.extend(part.rows);
        self.unread += part.unread;
        self.findings.extend(part.findings);
    }

    /// What the documents say in a table file, as far as it can be read.
    #[must_use]
    pub fn from_table_file(source: &Arc<SourceFile>) -> (Option<Self>, Vec<Diagnostic>) {
        let (file, diagnostics) = read_table(source);
        let unread = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        let file = file.filter(|file| !file.rows.is_empty() || file.header.is_some());
        (file.map(|file| Self { unread, ..Self::from_rows(&file) }), diagnostics)
    }

    /// What the documents say in the rows of a table file.
    #[must_use]
    pub fn from_rows(file: &TableFile) -> Self {
        let row = |row: &RawRow| PageRow {
            facts: row.facts.clone(),
            sentence: None,
            is_alias: false,
            defined: None,
            unclear: BTreeSet::new(),
            span: row.place.number(),
        };
        let name = file.source.path.rsplit('/').next().unwrap_or(&file.source.path);
        let heading = file.header.as_ref().map(|header| header.title.to_string()).unwrap_or_default();
        // Every row says what it knows.
        let columns = Key::ALL.iter().copied().collect();
        Self {
            file: name.trim_end_matches(".toml").to_owned(),
            rows: file.rows.iter().map(row).collect(),
            ..Self::new(heading, Vec::new(), Span::whole(&file.source), columns, false)
        }
    }
}

/// A heading as the name of a file: its words in lower case.
fn file_name(heading: &str) -> String {
    let words = heading.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}
