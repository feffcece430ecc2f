//! The tables of a page, for comparing. Table files can be read the same way: what the document says, and nothing else.

use std::path::Path;
use std::sync::Arc;

use crate::import::read_page;
use crate::read::PageTable;
use crate::text::{Diagnostic, SourceFile};

/// Reads the tables of a page or of a table file, as far as they can be read.
pub fn read_tables(source: &Arc<SourceFile>) -> (Vec<PageTable>, Vec<Diagnostic>) {
    if Path::new(&source.path).extension().is_some_and(|extension| extension == "toml") {
        let (table, diagnostics) = PageTable::from_table_file(source);
        return (table.into_iter().collect(), diagnostics);
    }
    let (page, mut diagnostics) = read_page(source);
    diagnostics.extend(page.tables.iter().flat_map(|table| table.findings.iter().cloned()));
    (page.tables, diagnostics)
}
