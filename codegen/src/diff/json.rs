//! A comparison as JSON, for programs. The types are the format: their schemas are printed on demand.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use super::change::{Change, Difference};
use super::side::Relation;
use super::{Comparison, SideName};
use crate::model::{Bump, Value};

/// The version of the formats. It is raised when a program that reads them has to change.
const VERSION: u32 = 1;

/// The output of `diff --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "diff", inline)]
pub struct DiffJson<'a> {
    /// The version of this format.
    version: u32,
    /// The old side.
    old: &'a SideName,
    /// The new side.
    new: &'a SideName,
    /// What the sides are to each other. It decides what `needs` is about.
    relation: Relation,
    /// The summary in words.
    summary: String,
    /// What all changes need together, except those that are waived.
    needs: Bump,
    /// The versions of the crate, where both sides are states of its tables.
    versions: Option<Versions>,
    /// How many changes are waived.
    waived: usize,
    /// The changes, in the order of a report.
    changes: &'a [Difference],
    /// Identifiers that have another name now, by their enum. A script can apply them.
    renames: Vec<Rename>,
}

/// The version of the crate on both sides, and what it should be.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Versions {
    /// The old version.
    pub old: String,
    /// The new version.
    pub new: String,
    /// The lowest version after the old one that fits what the changes need.
    pub lowest: String,
    /// Whether the new version fits.
    pub fits: bool,
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

impl Comparison {
    /// It as a document for programs.
    #[must_use]
    pub fn json(&self) -> DiffJson<'_> {
        DiffJson {
            version: VERSION,
            old: &self.old,
            new: &self.new,
            relation: self.relation,
            summary: self.summary(),
            needs: self.needed(),
            versions: self.crate_version(),
            waived: self.waived(),
            changes: &self.differences,
            renames: renames(self),
        }
    }
}

/// The old and the new name of every variant and enum that was renamed.
fn renames(comparison: &Comparison) -> Vec<Rename> {
    let renamed = |kind: &'static str| {
        comparison.differences.iter().filter_map(move |difference| match &difference.change {
            Change::Field { old: Some(Value::Word(old)), new: Some(Value::Word(new)), .. } if difference.kind == kind => {
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
pub struct HistoryJson<'a> {
    /// The version of this format.
    version: u32,
    /// The pages, as they were named.
    paths: Vec<String>,
    /// How many versions of the pages there are.
    versions: usize,
    /// What should be known about the history as a whole: where a page begins, what could not be read.
    notes: Vec<String>,
    /// The commits that change something in the tables, the oldest first.
    commits: Vec<CommitJson<'a>>,
}

impl<'a> HistoryJson<'a> {
    /// A history as a document.
    #[must_use]
    pub fn new(paths: Vec<String>, versions: usize, notes: Vec<String>, commits: Vec<CommitJson<'a>>) -> Self {
        Self { version: VERSION, paths, versions, notes, commits }
    }
}

/// One commit, and what it changes.
#[derive(Debug, Serialize, JsonSchema)]
pub struct CommitJson<'a> {
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
    pub comparison: DiffJson<'a>,
}
