//! The tables of a page, for comparing. Table files can be read the same way: what the document says, and nothing else.

use std::path::Path;
use std::sync::Arc;

use crate::diff::{PageRow, PageTable, Side};
use crate::import::{Observed, ObservedTable, read_page};
use crate::text::{Diagnostic, SourceFile};

/// The side of a comparison that some pages are together.
#[must_use]
pub fn side_of(name: &str, sources: &[Arc<SourceFile>]) -> (Side, Vec<Diagnostic>) {
    let (tables, diagnostics): (Vec<_>, Vec<_>) = sources.iter().map(read_tables).unzip();
    (Side::from_page(name, tables.concat()), diagnostics.concat())
}

/// Reads the tables of a page or of a table file, as far as they can be read.
pub fn read_tables(source: &Arc<SourceFile>) -> (Vec<PageTable>, Vec<Diagnostic>) {
    if Path::new(&source.path).extension().is_some_and(|extension| extension == "toml") {
        let (table, diagnostics) = PageTable::from_table_file(source);
        return (table.into_iter().collect(), diagnostics);
    }
    let (page, mut diagnostics) = read_page(source);
    diagnostics.extend(page.tables.iter().flat_map(|table| table.findings.iter().cloned()));
    (page.tables.into_iter().map(table).collect(), diagnostics)
}

fn table(observed: ObservedTable) -> PageTable {
    let row = |row: Observed| PageRow { facts: row.facts, sentence: row.sentence, unclear: row.unclear, span: row.span };
    PageTable {
        file: file_name(&observed.heading),
        title: observed.heading,
        // A second name of a number is no code of its own.
        rows: observed.rows.into_iter().filter(|row| !row.is_alias).map(row).collect(),
        unreadable: observed.unread,
        columns: Some(observed.columns),
        span: observed.span,
    }
}

/// A heading as the name of a file: its words in lower case.
fn file_name(heading: &str) -> String {
    let words = heading.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect::<Vec<_>>().join("-")
}
