//! The pages of an edition: their addresses, and that each is used.

use super::header::source_urls;
use crate::model::Table;
use crate::read::SourcesFile;
use crate::text::{Diagnostic, did_you_mean, quoted};

/// What is wrong with the pages of an edition, whose tables are among these.
pub(super) fn check(sources: &SourcesFile, tables: &[Table]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (name, place, source) in &sources.pages {
        diagnostics.extend(source_urls(source, place, ""));
        let own = || tables.iter().filter(|table| table.path.edition_path() == sources.edition);
        for file in source.tables.keys().filter(|file| own().all(|table| table.path.file != **file)) {
            diagnostics.push(
                Diagnostic::error("unknown-reference", format!("{} has no table {}", sources.edition, quoted(file)))
                    .at(&place.key("tables"), "the page adds rows to it")
                    .help("write the name of its file without `.toml`")
                    .help_if(did_you_mean(file, own().map(|table| table.path.file.as_str()))),
            );
        }
        if source.tables.is_empty() && !own().any(|table| table.page.as_deref() == Some(name)) {
            diagnostics.push(
                Diagnostic::warning("unused-source", format!("no table of {} was read from {}", sources.edition, quoted(name)))
                    .at(&place.key("document"), "this page")
                    .help(format!("remove the page, or write `source = \"{name}\"` in a table that was read from it")),
            );
        }
    }
    diagnostics
}
