//! Further pages: those that list some codes of a table whose own page is another one.
//!
//! `tables` of a page in `sources.toml` says to which files it adds rows, and under which of its headings they are. What such a
//! page lists is compared with the rows that name it as their `source`, and with no others.

use std::collections::BTreeSet;

use super::task::Edition;
use crate::read::{Page, PageTable};
use crate::text::{Diagnostic, quoted, quoted_list};

/// What a page adds to one table of the edition: its name in `sources.toml`, the table of the page, and the known table.
pub(super) struct Addition {
    pub page: String,
    pub table: usize,
    pub known: usize,
}

/// The additions of a page. Where several of its tables add rows to one file, the first one gets the rows of all.
pub(super) fn additions(page: &mut Page, edition: &Edition<'_>) -> Vec<Addition> {
    let name = edition.names.name(page);
    let Some(source) = edition.sources.and_then(|sources| sources.page(name)) else { return Vec::new() };
    let own = edition.known.iter().enumerate().filter(|(_, known)| !known.is_pattern);
    let mut additions = Vec::new();
    for (at, known) in own {
        let kind = known.table.header.as_ref().map(|header| header.kind);
        let is_kind = |table: &PageTable| table.kind.is_none_or(|named| Some(named) == kind);
        let adds = |table: &PageTable| source.adds(&known.file, &table.heading) && is_kind(table) && !table.rows.is_empty();
        let Some(table) = page.tables.iter().position(adds) else { continue };
        while let Some(part) = page.tables.iter().rposition(adds).filter(|part| *part != table) {
            let rows = page.tables.remove(part);
            page.tables[table].take(rows);
            additions
                .iter_mut()
                .filter(|addition: &&mut Addition| addition.table > part)
                .for_each(|addition| addition.table -= 1);
        }
        additions.push(Addition { page: name.to_owned(), table, known: at });
    }
    additions
}

/// An error for a table whose rows would come from several pages in one run.
pub(super) fn at_once(additions: &[Vec<Addition>], edition: &Edition<'_>) -> Option<Diagnostic> {
    let Edition { known, names, .. } = edition;
    let mut taken = BTreeSet::new();
    let is_own = |at: usize| known[at].page.as_deref().is_some_and(|page| names.has(page));
    let again = additions.iter().flatten().find(|addition| is_own(addition.known) || !taken.insert(addition.known))?;
    let file = quoted(&known[again.known].file);
    let error = Diagnostic::error("pages-at-once", format!("several of the pages list codes of {file}"));
    Some(error.in_file(&known[again.known].table.source.path).help("import these pages one after the other"))
}

/// A warning for each page on which tables are missing that add rows.
pub(super) fn absent(pages: &[Page], additions: &[Vec<Addition>], edition: &Edition<'_>) -> Vec<Diagnostic> {
    let Edition { known, names, sources, .. } = edition;
    let warning = |(page, additions): (&Page, &Vec<Addition>)| {
        let name = names.name(page);
        let files = (*sources)?.page(name)?.tables.keys();
        let is_there = |file: &str| additions.iter().any(|addition| known[addition.known].file == file);
        let absent: Vec<&str> = files.map(String::as_str).filter(|file| !is_there(file)).collect();
        (!absent.is_empty()).then(|| {
            let message = format!("the page has no table with codes of {}", quoted_list(&absent, "and"));
            Diagnostic::warning("table-not-on-page", message)
                .in_file(&page.source.path)
                .help(format!("correct `tables` of [{name}] in `sources.toml`: a heading may have been renamed"))
        })
    };
    pages.iter().zip(additions).filter_map(warning).collect()
}
