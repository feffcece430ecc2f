//! What pages document, brought into the tables of an edition.
//!
//! Takes the files of a folder of tables and pages, and returns new texts and what changed. Only
//! [`Facts`](crate::model::Facts) are compared and written; a decision is proposed for a code that is new, and never changed. A
//! table that must not be written keeps its text, and the others go on.

use super::assign::assign;
use super::further;
use super::guards;
use super::merge::Merged;
use super::options::Options;
use super::outcome::Imported;
use super::pages::PageNames;
use super::target::{Known, Reason};
use super::task::{Edition, Task};
use crate::read::{Page, SOURCES, SourcesFile, TableFile, read_sources, read_table};
use crate::text::{Diagnostic, Files, Text, any_error, quoted};

/// Imports pages into an edition. Without an error among the diagnostics all of the result may be written.
#[must_use]
pub fn import(files: &Files, pages: &[Page], options: &Options) -> (Imported, Vec<Diagnostic>) {
    let mut imported = Imported::new(pages, options);
    let ([own, pattern], mut diagnostics) = editions(files, options);
    let (sources, mut more) = sources(files, &options.edition);
    diagnostics.append(&mut more);
    let of_pattern = options.like.as_deref().and_then(|like| self::sources(files, like).0);
    let (names, mut more) = PageNames::new(pages, sources.as_ref(), options);
    diagnostics.append(&mut more);
    if any_error(&diagnostics) {
        return (imported, diagnostics);
    }
    let known = own.iter().map(|table| Known::new(table, sources.as_ref(), false));
    let patterns = pattern.iter().map(|table| Known::new(table, of_pattern.as_ref(), true));
    let known: Vec<Known<'_>> = known.chain(patterns).collect();
    let edition = Edition { files, options, known: &known, names: &names, sources: sources.as_ref() };
    edition.run(pages.to_vec(), &mut imported, &mut diagnostics);
    (imported, diagnostics)
}

impl Edition<'_> {
    /// Finds the tables of the pages, and merges each.
    fn run(&self, mut pages: Vec<Page>, imported: &mut Imported, diagnostics: &mut Vec<Diagnostic>) {
        let &Edition { files, options, sources, .. } = self;
        let additions: Vec<_> = pages.iter_mut().map(|page| further::additions(page, self)).collect();
        let mut assignment = assign(&pages, self, &additions);
        diagnostics.append(&mut assignment.diagnostics);
        imported.passed_over = guards::without_ignored(&assignment.passed_over, self, sources);
        let assigned = assignment.assigned.as_slice();
        diagnostics.extend(further::at_once(&additions, self));
        diagnostics.extend(further::absent(&pages, &additions, self));
        diagnostics.extend(guards::not_on_page(self, assigned));
        if assigned.is_empty() {
            diagnostics.extend(guards::nothing_found(&pages, &imported.passed_over, &options.edition));
        }
        diagnostics.extend(guards::wrong_page(self, assigned));
        diagnostics.extend(guards::older_page(self, assigned));
        if any_error_that_stops(diagnostics) {
            return;
        }
        let merged: Vec<Merged<'_>> = assigned.iter().map(|assigned| Task { edition: self, options, assigned }.merge()).collect();
        let unknown = imported.passed_over.iter().filter(|table| table.reason == Reason::NotAskedFor && table.rest_of.is_none());
        let unknown = unknown.filter(|table| Text::fault(&table.heading).is_none());
        let unknown: Vec<Text> = unknown.map(|table| Text::new(table.heading.as_str())).collect();
        let stamped = self.stamped(assigned, &merged, &unknown);
        let after = stamped.sources.as_ref().map(|(_, after)| after).or(sources);
        let named = guards::without_ignored(&imported.passed_over, self, after);
        diagnostics.extend(guards::unknown_tables(&named, options));
        imported.ignored = imported.passed_over.iter().filter(|table| !named.contains(table)).cloned().collect();
        let refused = imported.finish(files, merged, stamped, options, diagnostics);
        diagnostics.extend(refused);
    }
}

/// The tables of an edition, by their files.
type Tables = Vec<(String, TableFile)>;

/// The tables of the edition that is imported into, and of the one that it is like.
fn editions(files: &Files, options: &Options) -> ([Tables; 2], Vec<Diagnostic>) {
    let (own, mut diagnostics) = edition(files, &options.edition);
    let (pattern, mut more) = options.like.as_deref().map(|like| edition(files, like)).unwrap_or_default();
    diagnostics.append(&mut more);
    if let Some(like) = options.like.as_deref().filter(|_| pattern.is_empty()) {
        diagnostics.push(
            Diagnostic::error("no-such-edition", format!("the edition {} has no table", quoted(like)))
                .help("name an edition of the folder of tables with `--like`"),
        );
    }
    ([own, pattern], diagnostics)
}

fn edition(files: &Files, edition: &str) -> (Tables, Vec<Diagnostic>) {
    let mut tables = Vec::new();
    let mut diagnostics = Vec::new();
    let prefix = format!("{edition}/");
    for path in files.paths() {
        let Some(file) = path.strip_prefix(&prefix).filter(|file| *file != SOURCES && !file.contains('/')) else { continue };
        let Some(file) = file.strip_suffix(".toml") else { continue };
        let source = match files.get(path) {
            Some(Ok(source)) => source,
            Some(Err(error)) => {
                diagnostics.push(error);
                continue;
            }
            None => continue,
        };
        let (table, found) = read_table(&source);
        let is_broken = any_error(&found) || table.as_ref().is_none_or(|table| table.header.is_none());
        diagnostics.extend(found);
        if is_broken {
            diagnostics.push(
                Diagnostic::error("broken-table", "a table with errors cannot be updated")
                    .in_file(&source.path)
                    .help("correct it first; no file was changed"),
            );
        }
        tables.extend(table.map(|table| (file.to_owned(), table)));
    }
    (tables, diagnostics)
}

/// The pages of an edition, if it has any.
fn sources(files: &Files, edition: &str) -> (Option<SourcesFile>, Vec<Diagnostic>) {
    match files.get(&format!("{edition}/{SOURCES}")) {
        Some(Ok(source)) => {
            let (sources, found) = read_sources(edition, &source);
            (Some(sources), found)
        }
        Some(Err(error)) => (None, vec![error]),
        None => (None, Vec::new()),
    }
}

/// Errors of the import as a whole, after which no table is looked at.
fn any_error_that_stops(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|diagnostic| matches!(diagnostic.rule, "wrong-page" | "older-page" | "nothing-to-import" | "pages-at-once"))
}
