//! A comparison as JSON, for programs. The types are the format: their schemas are printed on demand.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::Comparison;
use super::api::ItemChange;
use super::change::{Change, CodeName, Difference, Section, TableName};
use super::report::summary;
use super::side::Relation;
use crate::model::{Bump, Value};
use crate::text::Span;

/// The version of the formats. It is raised when a program that reads them has to change.
const VERSION: u32 = 1;

/// The output of `diff --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "diff", inline)]
pub struct DiffJson {
    /// The version of this format.
    version: u32,
    /// The old side.
    old: SideJson,
    /// The new side.
    new: SideJson,
    /// What the sides are to each other. It decides what `needs` is about.
    relation: Relation,
    /// The summary in words.
    summary: String,
    /// What all changes need together, except those that are waived.
    needs: Bump,
    /// The versions of the crate, where both sides are states of its tables.
    versions: Option<VersionsJson>,
    /// How many changes are waived.
    waived: usize,
    /// The changes, in the order of a report.
    pub(crate) changes: Vec<ChangeJson>,
    /// Identifiers that have another name now, by their enum. A script can apply them.
    renames: Vec<Rename>,
}

/// The version of the crate on both sides, and what it should be.
#[derive(Debug, Serialize, JsonSchema)]
struct VersionsJson {
    /// The old version.
    old: String,
    /// The new version.
    new: String,
    /// The lowest version after the old one that fits what the changes need.
    lowest: String,
    /// Whether the new version fits.
    fits: bool,
}

/// One side.
#[derive(Debug, Serialize, JsonSchema)]
struct SideJson {
    /// As it was named.
    name: String,
    /// Its revision, if it was read from one.
    revision: Option<String>,
}

/// One change.
#[derive(Debug, Serialize, JsonSchema)]
pub struct ChangeJson {
    /// The table, if it is in one.
    table: Option<TableName>,
    /// The code, if it is about one.
    code: Option<CodeName>,
    /// The kind of change.
    kind: &'static str,
    /// What differs, with both values.
    #[serde(flatten)]
    change: Change,
    /// The documented sentence before, where it is known and matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    old_sentence: Option<String>,
    /// The documented sentence now, where it is known and matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    new_sentence: Option<String>,
    /// Where it belongs in a report.
    section: Section,
    /// What it needs of the version.
    bump: Bump,
    /// What the kind of change means.
    why: String,
    /// The public items of the crate that differ because of it.
    items: Vec<ItemChange>,
    /// Whether the rows were paired by likeness only.
    guess: bool,
    /// The mark by which a waiver knows the change.
    fingerprint: String,
    /// Why the change is accepted, if a waiver accepts it.
    waived: Option<String>,
    /// Where it was.
    old_place: Option<PlaceJson>,
    /// Where it is, or would be.
    new_place: Option<PlaceJson>,
}

/// A place in a file.
#[derive(Debug, Serialize, JsonSchema)]
struct PlaceJson {
    /// The path, as a code host has it.
    file: String,
    /// The line, from 1.
    line: usize,
}

/// A variant that has another name.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
struct Rename {
    /// The enum, by its new name.
    #[serde(rename = "enum")]
    enum_name: String,
    /// The enum's old name.
    old_enum: String,
    /// The old identifier.
    old: String,
    /// The new one.
    new: String,
}

/// A comparison as a document.
pub(super) fn json(comparison: &Comparison) -> DiffJson {
    DiffJson {
        version: VERSION,
        old: SideJson { name: comparison.old.clone(), revision: comparison.old_revision.clone() },
        new: SideJson { name: comparison.new.clone(), revision: comparison.new_revision.clone() },
        relation: comparison.relation,
        summary: summary(comparison),
        needs: comparison.needed(),
        versions: versions(comparison),
        waived: comparison.waived(),
        changes: comparison.differences.iter().map(change).collect(),
        renames: renames(comparison),
    }
}

fn versions(comparison: &Comparison) -> Option<VersionsJson> {
    let [old, new] = comparison.versions.as_ref()?;
    let (lowest, fits) = comparison.lowest_version()?;
    Some(VersionsJson { old: old.to_string(), new: new.to_string(), lowest: lowest.to_string(), fits })
}

fn change(difference: &Difference) -> ChangeJson {
    let place = |span: &Option<Span>| span.as_ref().map(|span| PlaceJson { file: span.file.path.clone(), line: span.line() });
    ChangeJson {
        table: difference.table.clone(),
        code: difference.code.clone(),
        kind: difference.change.kind(),
        change: difference.change.clone(),
        old_sentence: difference.sentences[0].clone(),
        new_sentence: difference.sentences[1].clone(),
        section: difference.change.section(),
        bump: difference.bump,
        why: difference.change.explanation().to_owned(),
        items: difference.items.clone(),
        guess: difference.is_guess,
        fingerprint: difference.fingerprint(),
        waived: difference.waived.clone(),
        old_place: place(&difference.old_place),
        new_place: place(&difference.new_place),
    }
}

/// The old and the new name of every variant and enum that was renamed.
fn renames(comparison: &Comparison) -> Vec<Rename> {
    let renamed = |kind: &'static str| {
        comparison.differences.iter().filter_map(move |difference| match &difference.change {
            Change::Field { old: Some(Value::Word(old)), new: Some(Value::Word(new)), .. }
                if difference.change.kind() == kind =>
            {
                Some((difference.table.as_ref()?, old.clone(), new.clone()))
            }
            _ => None,
        })
    };
    let old_enums: BTreeMap<String, String> = renamed("enum-renamed").map(|(table, old, _)| (table.path(), old)).collect();
    let idents = renamed("ident-renamed").filter_map(|(table, old, new)| {
        let enum_name = table.enum_name.clone()?;
        let old_enum = old_enums.get(&table.path()).unwrap_or(&enum_name).clone();
        Some(Rename { enum_name, old_enum, old, new })
    });
    let mut all: Vec<Rename> = idents.collect();
    all.sort();
    all
}

/// The output of `history --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "history", inline)]
pub struct HistoryJson {
    /// The version of this format.
    version: u32,
    /// The pages, as they were named.
    paths: Vec<String>,
    /// How many versions of the pages there are.
    versions: usize,
    /// What should be known about the history as a whole: where a page begins, what could not be read.
    notes: Vec<String>,
    /// The commits that change something in the tables, the oldest first.
    commits: Vec<CommitJson>,
}

impl HistoryJson {
    /// A history as a document.
    #[must_use]
    pub fn new(paths: Vec<String>, versions: usize, notes: Vec<String>, commits: Vec<CommitJson>) -> Self {
        Self { version: VERSION, paths, versions, notes, commits }
    }
}

/// One commit, and what it changes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CommitJson {
    /// The commit.
    pub commit: String,
    /// The day on which it was committed.
    pub date: String,
    /// Its author.
    pub author: String,
    /// The first line of its message.
    pub subject: String,
    /// The paths of the pages in it.
    pub paths: Vec<String>,
    /// How many rows of the pages could not be read.
    pub unreadable: usize,
    /// Renames, and pages that come and go.
    pub notes: Vec<String>,
    /// What it changes in the tables, as `diff` prints it.
    pub comparison: DiffJson,
}
