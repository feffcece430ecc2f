//! Whether the new texts are tables that the next command accepts, and policies that its rules accept.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Imported, ProposedPolicy, WrittenTable, source_of};
use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::folder::read;
use crate::lint::lint;
use crate::lower::lower;
use crate::table::read_table;

/// The errors that the new texts would bring.
pub(super) fn check(files: &Files, imported: &Imported) -> Vec<Diagnostic> {
    let errors = errors(&with_written(files, &imported.written));
    let is_written = |error: &Diagnostic| imported.written.iter().any(|table| error.file() == Some(&files.display(&table.path)));
    let ours: Vec<Diagnostic> = errors.into_iter().filter(is_written).collect();
    if ours.is_empty() {
        return ours;
    }
    let before: HashSet<(&'static str, String)> = self::errors(files).into_iter().map(|error| (error.rule, error.message)).collect();
    ours.into_iter().filter(|error| !before.contains(&(error.rule, error.message.clone()))).collect()
}

/// The proposed policies that most of the compared clients contradict.
pub(super) fn against_clients(files: &Files, imported: &Imported) -> BTreeSet<ProposedPolicy> {
    let files = with_written(files, &imported.written);
    let (folder, _) = read(&files);
    let (Some(registry), _) = lower(&folder) else { return BTreeSet::new() };
    let found = lint(&registry).into_iter().filter(|diagnostic| diagnostic.rule == "against-clients");
    let mut places: HashMap<String, HashSet<usize>> = HashMap::new();
    for span in found.filter_map(|diagnostic| diagnostic.labels.into_iter().next()).map(|label| label.span) {
        places.entry(span.file.path.clone()).or_default().insert(span.range.start);
    }
    imported.written.iter().flat_map(|table| proposals_at(&files, table, &places)).collect()
}

/// The proposals of a table that are at these places.
fn proposals_at(files: &Files, written: &WrittenTable, places: &HashMap<String, HashSet<usize>>) -> Vec<ProposedPolicy> {
    let display = files.display(&written.path);
    let Some(places) = places.get(&display) else { return Vec::new() };
    let (Some(table), _) = read_table(&source_of(&display, &written.text)) else { return Vec::new() };
    let rows = table.rows.iter().filter(|row| !row.ours.reviewed && places.contains(&table.row_place(row).key("policy.action").range.start));
    let rows = rows.map(|row| (written.path.clone(), row.facts.number.to_string()));
    let answers = ["absent", "unknown"].into_iter().filter(|key| {
        written.before.is_none() && places.contains(&table.header_place().key(&format!("reconnect.{key}.action")).range.start)
    });
    rows.chain(answers.map(|key| (written.path.clone(), key.to_owned()))).collect()
}

/// The files with the new texts among them.
fn with_written(files: &Files, written: &[WrittenTable]) -> Files {
    let mut new = Files::new(files.root.clone());
    for path in files.paths() {
        if let Some(Ok(source)) = files.get(path) {
            new.insert(path, source.text.clone().into_bytes());
        }
    }
    for table in written {
        new.insert(table.path.as_str(), table.text.clone().into_bytes());
    }
    new
}

fn errors(files: &Files) -> Vec<Diagnostic> {
    let (folder, mut diagnostics) = read(files);
    diagnostics.extend(lower(&folder).1);
    diagnostics.into_iter().filter(Diagnostic::is_error).collect()
}
