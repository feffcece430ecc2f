//! The work on one table of a page, and the table that it starts from.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::options::Options;
use super::pages::PageNames;
use super::target::{Assigned, Known, Target};
use crate::model::{Client, Facts, Fingerprint, Key};
use crate::read::PageRow;
use crate::read::{Editor, Folder, Header, SourcesFile, TableFile, clients_of, read_table};
use crate::text::{Diagnostic, Files, SourceFile, Text, plain_name};

/// How many there may be, where a name ends so: `Maximum number of pins reached for the channel (250)`.
fn limit_in(name: &str) -> Option<u32> {
    name.trim_end().strip_suffix(')')?.rsplit_once('(')?.1.parse().ok()
}

/// Whether a code has a sentence beside its name.
pub(super) fn has_sentence(facts: &Facts) -> bool {
    facts.text.as_ref().is_some_and(|text| *text != Fingerprint::new(&plain_name(&facts.name)))
}

/// What is known of an edition before its pages are read.
pub(super) struct Edition<'a> {
    pub files: &'a Files,
    pub folder: &'a Folder,
    pub options: &'a Options,
    pub known: &'a [Known<'a>],
    pub names: &'a PageNames,
    pub sources: Option<&'a SourcesFile>,
}

impl<'a> Edition<'a> {
    /// Its tables, without those of the edition that it is made like.
    pub(super) fn own(&self) -> impl Iterator<Item = &'a Known<'a>> {
        self.known.iter().filter(|known| !known.is_pattern)
    }

    /// The table of the edition that a table of a page goes to, if it is there.
    pub(super) fn own_table(&self, assigned: &Assigned<'_>) -> Option<&'a Known<'a>> {
        let Target::Known(at) = assigned.target else { return None };
        Some(&self.known[at]).filter(|known| !known.is_pattern)
    }
}

/// The work on one table.
pub(super) struct Task<'a> {
    pub edition: &'a Edition<'a>,
    pub assigned: &'a Assigned<'a>,
}

impl Task<'_> {
    /// The clients of a system, as far as they can be read.
    pub(super) fn clients(&self, system: &str) -> Vec<Client> {
        let file = self.edition.folder.clients.iter().find(|file| file.system == system);
        file.map(clients_of).unwrap_or_default()
    }
}

/// The table before the import.
pub(super) struct Base<'a> {
    pub file: String,
    pub path: String,
    /// The text on the disk; nothing for a new table.
    pub before: Option<Arc<SourceFile>>,
    pub table: Cow<'a, TableFile>,
    pub header: Header,
    /// The name of the page that is read, if the table has another one.
    pub further: Option<String>,
    /// The columns that the page does not have and the table has facts of.
    pub lost: BTreeSet<Key>,
    /// The positions of the rows to mark as removed.
    pub marked: Vec<usize>,
}

impl Base<'_> {
    /// What a table of this kind takes from a row; what the page does not say stays as it was.
    pub(super) fn facts(&self, observed: &PageRow, old: Option<&Facts>) -> Facts {
        let mut facts = observed.facts.clone();
        for key in Key::ALL.iter().copied() {
            if !key.is_of(self.header.kind) {
                key.clear(&mut facts);
            } else if let Some(old) = old
                && self.keeps(key, observed)
            {
                key.copy(old, &mut facts);
            }
        }
        if let Some(old) = old.filter(|old| observed.is_one_text() && has_sentence(old) && old.text == observed.facts.text) {
            // The only text of the page is the sentence of the table, so it is the name that the page does not have.
            facts.name.clone_from(&old.name);
        }
        facts.source = self.further.as_deref().map(Text::new);
        facts.limit = limit_in(&facts.name).filter(|_| Key::Limit.is_of(self.header.kind)).or(facts.limit);
        // A code that is back was not last listed on any day.
        facts.until = facts.until.filter(|_| !facts.is_live());
        facts
    }

    /// Whether it is the page that is read which lists a row.
    pub(super) fn is_listed(&self, facts: &Facts) -> bool {
        facts.source.as_deref() == self.further.as_deref()
    }

    /// Whether a key keeps its value, as the page says nothing of it.
    fn keeps(&self, key: Key, observed: &PageRow) -> bool {
        key.column().is_none_or(|column| {
            // A row that is struck through often loses its other cells.
            let is_lost = !observed.facts.is_live() && column.get(&observed.facts).is_none();
            self.lost.contains(&column) || observed.unclear.contains(&column) || is_lost
        })
    }

    /// Takes out the rows at these positions; why not, where that cannot be done.
    pub(super) fn delete(&mut self, positions: &[usize]) -> Option<Diagnostic> {
        let mut editor = Editor::new(&self.table.source.text);
        if !editor.delete_rows(positions) {
            let fault = Diagnostic::error("split-row", "a row has another table between its parts; no row was removed");
            let help = "put all keys of the row together, and import again";
            return Some(fault.in_file(&self.table.source.path).help(help));
        }
        let source = SourceFile::new(&self.table.source.path, editor.finish());
        if let (Some(table), _) = read_table(&source) {
            self.table = Cow::Owned(table);
        }
        None
    }
}
