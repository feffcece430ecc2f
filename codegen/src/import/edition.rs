//! What pages document, brought into the tables of an edition.
//!
//! Takes the files of a folder of tables and pages, and returns new texts and what changed. Only
//! [`Facts`](crate::model::Facts) are compared and written; a decision is proposed for a code that is new, and never changed. A
//! table that must not be written keeps its text, and the others go on.

use std::collections::BTreeSet;

use super::assign::assign;
use super::further;
use super::guards;
use super::merge::Merged;
use super::options::Options;
use super::outcome::Imported;
use super::pages::PageNames;
use super::target::{Known, PassedOver, Reason};
use super::task::{Edition, Task};
use crate::read::{Folder, Page, SOURCES, read_folder};
use crate::text::{Diagnostic, Files, Text, any_error, quoted};

/// Imports pages into an edition. Without an error among the diagnostics all of the result may be written.
#[must_use]
pub fn import(files: &Files, pages: &[Page], options: &Options) -> (Imported, Vec<Diagnostic>) {
    let mut imported = Imported::new(pages, options);
    let (folder, found) = read_folder(files);
    let mut diagnostics = faults(&folder, found, files, options);
    let sources = folder.sources(&options.edition);
    let (names, mut more) = PageNames::new(pages, sources, options);
    diagnostics.append(&mut more);
    if any_error(&diagnostics) {
        return (imported, diagnostics);
    }
    let of = |edition: &str, is_pattern: bool| {
        let sources = folder.sources(edition);
        let tables = folder.tables.iter().filter(|(path, _)| path.edition_path() == edition);
        tables.map(|(path, table)| Known::new(&path.file, table, sources, is_pattern)).collect::<Vec<_>>()
    };
    let mut known = of(&options.edition, false);
    known.extend(options.like.iter().flat_map(|like| of(like, true)));
    let edition = Edition { files, folder: &folder, options, known: &known, names: &names, sources };
    edition.run(pages.to_vec(), &mut imported, &mut diagnostics);
    (imported, diagnostics)
}

impl Edition<'_> {
    /// Finds the tables of the pages, and merges each.
    fn run(&self, mut pages: Vec<Page>, imported: &mut Imported, diagnostics: &mut Vec<Diagnostic>) {
        let &Edition { options, sources, .. } = self;
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
        let merged: Vec<Merged<'_>> = assigned.iter().map(|assigned| Task { edition: self, assigned }.merge()).collect();
        // A table that could not be read, or that may be the rest of another one, is named each time.
        let is_whole = |table: &&PassedOver| !table.is_unread && table.rest_of.is_none();
        let unknown = imported.passed_over.iter().filter(|table| table.reason == Reason::NotAskedFor).filter(is_whole);
        let unknown = unknown.filter(|table| Text::fault(&table.heading).is_none());
        let unknown: Vec<Text> = unknown.map(|table| Text::new(table.heading.as_str())).collect();
        let stamped = self.stamped(assigned, &merged, &unknown);
        let after = stamped.sources.as_ref().map(|(_, after)| after).or(sources);
        let named = guards::without_ignored(&imported.passed_over, self, after);
        diagnostics.extend(guards::unknown_tables(&named, options));
        imported.ignored = imported.passed_over.iter().filter(|table| !named.contains(table)).cloned().collect();
        let refused = imported.finish(self, merged, stamped, diagnostics);
        diagnostics.extend(refused);
    }
}

/// What is wrong with the files of the edition that is imported into, and of the one that it is like.
fn faults(folder: &Folder, mut found: Vec<Diagnostic>, files: &Files, options: &Options) -> Vec<Diagnostic> {
    let editions = [Some(&options.edition), options.like.as_ref()];
    let folders: Vec<String> = editions.into_iter().flatten().map(|edition| files.display(&format!("{edition}/"))).collect();
    found.retain(|one| one.file().is_some_and(|file| folders.iter().any(|folder| file.starts_with(folder.as_str()))));
    let broken = found.iter().filter(|one| one.is_error()).filter_map(Diagnostic::file);
    let broken: BTreeSet<String> = broken.filter(|file| !file.ends_with(SOURCES)).map(str::to_owned).collect();
    found.extend(broken.into_iter().map(|file| {
        Diagnostic::error("broken-table", "a table with errors cannot be updated")
            .in_file(file)
            .help("correct it first; no file was changed")
    }));
    let is_there = |like: &&String| folder.tables.iter().any(|(path, _)| path.edition_path() == **like);
    found.extend(options.like.as_ref().filter(|like| !is_there(like)).map(|like| {
        Diagnostic::error("no-such-edition", format!("the edition {} has no table", quoted(like)))
            .help("name an edition of the folder of tables with `--like`")
    }));
    found
}

/// Errors of the import as a whole, after which no table is looked at.
fn any_error_that_stops(diagnostics: &[Diagnostic]) -> bool {
    diagnostics
        .iter()
        .any(|diagnostic| matches!(diagnostic.rule, "wrong-page" | "older-page" | "nothing-to-import" | "pages-at-once"))
}
