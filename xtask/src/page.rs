//! The tables of a page, for comparing. Table files can be read the same way: what the document says, and nothing else.

use std::sync::Arc;

use wirecodes_codegen::{Diagnostic, PageTable, SourceFile};

/// Reads the tables of a page or of a table file, as far as they can be read.
pub fn read_page(source: &Arc<SourceFile>) -> (Vec<PageTable>, Vec<Diagnostic>) {
    let (table, diagnostics) = PageTable::from_table_file(source);
    (table.into_iter().collect(), diagnostics)
}
