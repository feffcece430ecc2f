//! Whether the new texts are tables that the next command accepts, and policies that its rules accept.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Imported, ProposedPolicy, WrittenTable, source_of};
use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::folder::{TablePath, read};
use crate::lint::lint;
use crate::lower::lower;
use crate::table::{TableFile, read_table};

/// The errors that the new texts would bring. They come parsed, by their paths.
pub(super) fn check(files: &Files, imported: &Imported, parsed: Vec<(String, TableFile)>) -> Vec<Diagnostic> {
    if imported.written.is_empty() {
        return Vec::new();
    }
    let is_written = |path: &str| imported.written.iter().any(|table| table.path == path);
    let mut others = Files::new(files.root.clone());
    for path in files.paths().filter(|path| !is_written(path)) {
        if let Some(Ok(source)) = files.get(path) {
            others.insert(path, source.text.clone().into_bytes());
        }
    }
    let (mut folder, _) = read(&others);
    let place = |(path, table): (String, TableFile)| Some((TablePath::parse(path.strip_suffix(".toml")?)?, table));
    folder.tables.extend(parsed.into_iter().filter_map(place));
    folder.tables.sort_by(|(one, _), (other, _)| one.cmp(other));
    let displays: Vec<String> = imported.written.iter().map(|table| files.display(&table.path)).collect();
    let is_ours =
        |error: &Diagnostic| error.is_error() && error.file().is_some_and(|file| displays.iter().any(|display| display == file));
    let ours: Vec<Diagnostic> = lower(&folder).1.into_iter().filter(is_ours).collect();
    if ours.is_empty() {
        return ours;
    }
    let before: HashSet<(&'static str, String)> = errors(files).into_iter().map(|error| (error.rule, error.message)).collect();
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
    let rows = table
        .rows
        .iter()
        .filter(|row| !row.ours.reviewed && places.contains(&table.row_place(row).key("policy.action").range.start));
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
