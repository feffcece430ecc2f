//! What differs between two states of the tables, two editions or two pages, and what it needs of the crate's version.
//!
//! Takes two [`Side`]s and returns a [`Comparison`]: a list of typed [`Difference`]s in a fixed order. The printers beside
//! this file turn it into text, Markdown, JSON, GitHub annotations and SARIF. Nothing here reads a file or runs a command.
//!
//! What a difference needs is not looked up in a list of cases. It follows from three comparisons:
//!
//! 1. the names that the generated crate has (`api`): removals are major, additions minor;
//! 2. what the crate answers for every number (`answers`): another answer is a change of policy;
//! 3. what the documents say and the authors wrote (`rows`, `tables`): texts are patches.

mod answers;
mod api;
mod change;
mod json;
mod kinds;
mod listed;
mod package;
mod pairing;
mod report;
mod rows;
mod side;
mod tables;
mod waivers;

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use semver::Version;
use serde::Serialize;

pub use change::{Change, Difference, TableName};
pub use json::{CommitJson, DiffJson, HistoryJson, Versions};
use kinds::SOURCE;
pub use kinds::kinds;
pub use listed::{ListedDates, set_dates};
pub use side::{Relation, Seen, Side, Sighting};

use api::{Item, on_one_side};
use side::ComparedTable;
use tables::{Compared, find_moved, one_table, source_text, table_name};

use crate::model::Bump;

/// Everything that differs between two sides.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The old side.
    pub old: SideName,
    /// The new side.
    pub new: SideName,
    /// What the sides are to each other.
    pub relation: Relation,
    /// The versions of the crate on both sides, where both are states of its tables.
    pub versions: Option<[Version; 2]>,
    /// How many tables both sides have.
    pub common_tables: usize,
    /// What differs, in the order of a report.
    pub differences: Vec<Difference>,
}

/// How a side is called.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct SideName {
    /// As it was named.
    pub name: String,
    /// Its revision, if it was read from one.
    pub revision: Option<String>,
}

impl Comparison {
    /// What all differences that no waiver accepts need together.
    #[must_use]
    pub fn needed(&self) -> Bump {
        self.open().map(|difference| difference.bump).max().unwrap_or(Bump::None)
    }

    /// The version of the crate on both sides, and what it should be, where both are states of its tables.
    #[must_use]
    pub fn crate_version(&self) -> Option<Versions> {
        let [old, new] = self.versions.as_ref()?;
        let (needed, lowest) = (self.needed(), self.needed().lowest_version(old).to_string());
        Some(Versions { old: old.to_string(), new: new.to_string(), lowest, fits: needed.fits(new, old) })
    }

    /// The same comparison with other differences.
    #[must_use]
    pub fn with(self, mut differences: Vec<Difference>) -> Self {
        differences.sort_by_cached_key(order);
        Self { differences, ..self }
    }

    /// The differences that no waiver accepts.
    pub fn open(&self) -> impl Iterator<Item = &Difference> {
        self.differences.iter().filter(|difference| difference.waived.is_none())
    }

    /// The revisions of both sides, where they have any.
    #[must_use]
    pub fn revisions(&self) -> [Option<&str>; 2] {
        [self.old.revision.as_deref(), self.new.revision.as_deref()]
    }

    /// How many differences a waiver accepts.
    #[must_use]
    pub fn waived(&self) -> usize {
        self.differences.len() - self.open().count()
    }
}

/// Compares two sides.
#[must_use]
pub fn changes(old: &Side, new: &Side) -> Comparison {
    let relation = Relation::new(old, new);
    let (mut before, mut after) = (old.listings(), new.listings());
    narrow(&mut before, old, new);
    narrow(&mut after, new, old);
    let (pairs, removed, added) = pair_tables(&before, &after, relation);
    let mut differences = Vec::new();
    let mut compared: Vec<Compared<'_>> = pairs.iter().map(|(old, new)| Compared::new(old, new, relation)).collect();
    compared.sort_by(|a, b| a.edition().cmp(&b.edition()));
    compared.chunk_by_mut(|a, b| a.edition() == b.edition()).for_each(find_moved);
    differences.extend(compared.into_iter().flat_map(Compared::finish));
    differences.extend(sources(&pairs, relation));
    differences.extend(one_sided(removed, &after, new, true, relation));
    differences.extend(one_sided(added, &before, old, false, relation));
    differences.extend(package::differences(old, new, relation));
    differences.iter_mut().for_each(Difference::mark);
    differences.sort_by_cached_key(order);
    Comparison {
        old: SideName { name: old.name.clone(), revision: old.revision.clone() },
        new: SideName { name: new.name.clone(), revision: new.revision.clone() },
        relation,
        versions: versions(old, new).filter(|_| relation == Relation::States),
        common_tables: pairs.len(),
        differences,
    }
}

/// The pages of an edition that several tables were read from: each once, whatever the number of tables.
fn sources(pairs: &[(&ComparedTable<'_>, &ComparedTable<'_>)], relation: Relation) -> Vec<Difference> {
    let mut compared: BTreeSet<(Option<&str>, &str)> = BTreeSet::new();
    let mut found = Vec::new();
    for (old, new) in pairs.iter().filter(|_| relation == Relation::States) {
        let (Some((_, before)), Some((_, after))) = (old.table, new.table) else { continue };
        let Some(page) = after.page.as_deref().filter(|_| before.shares_page(after)) else { continue };
        if source_text(before) == source_text(after) || !compared.insert((new.edition.as_deref(), page)) {
            continue;
        }
        let change = Change::between(SOURCE, &source_text(before), &source_text(after));
        let table = TableName { file: "sources".to_owned(), title: page.to_owned(), enum_name: None, ..table_name(new) };
        found.push(Difference::new(Some(table), change, Vec::new(), relation).at(Some(old.place), Some(new.place)));
    }
    found
}

/// The versions of the crate on both sides. A version that is none is a mistake that reading the tables names.
fn versions(old: &Side, new: &Side) -> Option<[Version; 2]> {
    let version = |side: &Side| side.registry()?.package.version.parse().ok();
    Some([version(old)?, version(new)?])
}

/// Whether it means anything that the other side lacks a table: a page or a single table does not have the others.
fn is_reported(listing: &ComparedTable<'_>, other: &Side) -> bool {
    if other.registry().is_none() { listing.table.is_none() } else { !other.is_table() }
}

/// Compares a whole folder with one edition by that edition alone.
fn narrow(listings: &mut Vec<ComparedTable<'_>>, side: &Side, other: &Side) {
    if let (Some(edition), None) = (other.edition(), side.edition())
        && listings.iter().any(|listing| listing.edition.as_deref() == Some(edition))
    {
        listings.retain(|listing| listing.edition.as_deref() == Some(edition));
    }
}

/// A way to know the table of one side on the other.
type IsSame = fn(&ComparedTable<'_>, &ComparedTable<'_>) -> bool;

/// Which table of the new side is which of the old one, and the tables that only one side has.
fn pair_tables<'a>(
    old: &'a [ComparedTable<'a>],
    new: &'a [ComparedTable<'a>],
    relation: Relation,
) -> (Vec<(&'a ComparedTable<'a>, &'a ComparedTable<'a>)>, Vec<&'a ComparedTable<'a>>, Vec<&'a ComparedTable<'a>>) {
    let passes: &[IsSame] = match relation {
        Relation::States => &[
            |old, new| old.edition == new.edition && old.enum_name().is_some() && old.enum_name() == new.enum_name(),
            |old, new| old.edition == new.edition && old.file == new.file,
        ],
        Relation::Editions => {
            &[|old, new| old.file == new.file, |old, new| old.enum_name() == new.enum_name(), |old, new| new.is_titled(old.title)]
        }
        Relation::Page => &[
            |old, new| old.is_titled(new.title) || new.is_titled(old.title),
            |old, new| !old.file.is_empty() && old.file == new.file,
            |old, new| old.shares_most_codes(new),
        ],
    };
    let (mut removed, mut added): (Vec<&ComparedTable<'_>>, Vec<&ComparedTable<'_>>) =
        (old.iter().collect(), new.iter().collect());
    let mut pairs = Vec::new();
    for is_same in passes {
        removed.retain(|old| {
            let found = added.iter().position(|new| is_same(old, new));
            if let Some(found) = found {
                pairs.push((*old, added.remove(found)));
            }
            found.is_none()
        });
    }
    (pairs, removed, added)
}

/// Reports tables that only one side has. All those of an edition that the other side does not have are one change.
fn one_sided<'a>(
    tables: Vec<&'a ComparedTable<'a>>,
    others: &[ComparedTable<'a>],
    other: &Side,
    is_old: bool,
    relation: Relation,
) -> Vec<Difference> {
    let known: BTreeSet<&str> = others.iter().filter_map(|listing| listing.edition.as_deref()).collect();
    let mut unknown: BTreeMap<&str, Vec<&ComparedTable<'_>>> = BTreeMap::new();
    let mut found = Vec::new();
    for table in tables {
        match table.edition.as_deref() {
            Some(edition) if relation == Relation::States && !known.contains(edition) => {
                unknown.entry(edition).or_default().push(table);
            }
            _ => found.extend(is_reported(table, other).then(|| one_table(table, is_old, relation))),
        }
    }
    found.extend(unknown.into_iter().map(|(edition, tables)| one_edition(edition, &tables, &known, is_old)));
    found
}

/// An edition that only one side has, with its module, and that of its system if it is the only one.
fn one_edition(edition: &str, tables: &[&ComparedTable<'_>], known: &BTreeSet<&str>, is_old: bool) -> Difference {
    let system = |edition: &str| edition.split('/').next().unwrap_or_default().to_owned();
    let mut items = vec![on_one_side(edition.replace('/', "::"), Item::Module, is_old)];
    if !known.iter().any(|other| system(other) == system(edition)) {
        items.push(on_one_side(system(edition), Item::Module, is_old));
    }
    let change = Change::Edition { tables: tables.len(), is_added: !is_old };
    let table = TableName { file: String::new(), title: edition.to_owned(), enum_name: None, ..table_name(tables[0]) };
    let place = |is_there: bool| is_there.then_some(tables[0].place);
    Difference::new(Some(table), change, items, Relation::States).at(place(is_old), place(!is_old))
}

/// The place of a difference in a report.
fn order(difference: &Difference) -> impl Ord + use<> {
    let numbers = difference.code.as_ref().map(|code| (code.number.first(), code.number.last()));
    let table = difference.table.as_ref().map(TableName::path);
    let change = format!("{:?}", difference.change);
    (difference.section, table, numbers, difference.kind, difference.code.clone(), change)
}
