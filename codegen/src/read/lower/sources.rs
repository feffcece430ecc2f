//! The pages of an edition: their addresses, and that each is used.

use super::header::source_urls;
use crate::model::Table;
use crate::read::SourcesFile;
use crate::text::{Diagnostic, quoted};

/// What is wrong with the pages of an edition, whose tables are among these.
pub(super) fn check(sources: &SourcesFile, tables: &[Table]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (name, place, source) in &sources.pages {
        diagnostics.extend(source_urls(source, place, ""));
        let is_used = |table: &Table| table.path.edition_path() == sources.edition && table.page.as_deref() == Some(name);
        if !tables.iter().any(is_used) {
            diagnostics.push(
                Diagnostic::warning("unused-source", format!("no table of {} was read from {}", sources.edition, quoted(name)))
                    .at(&place.key("document"), "this page")
                    .help(format!("remove the page, or write `source = \"{name}\"` in a table that was read from it")),
            );
        }
    }
    diagnostics
}
