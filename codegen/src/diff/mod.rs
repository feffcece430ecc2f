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
use std::sync::Arc;

use semver::Version;

use answers::Question;
use change::Section;
pub use change::{Change, Difference, TableName};
pub use json::{ChangeJson, CommitJson, DiffJson, HistoryJson};
use kinds::SOURCE;
pub use kinds::kinds;
pub use listed::{ListedDates, set_dates};
pub use side::{Relation, Seen, Side, Sighting};

use api::{Item, on_one_side};
use side::{ComparedTable, Row};
use tables::{Compared, difference, one_sided, source_text, table_name};

use crate::model::{Bump, Date};
use crate::print::Report;
use crate::text::{Diagnostic, SourceFile};

/// Everything that differs between two sides.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The name of the old side.
    pub old: String,
    /// The name of the new side.
    pub new: String,
    /// The revision of the old side, if it is one.
    pub old_revision: Option<String>,
    /// The revision of the new side, if it is one.
    pub new_revision: Option<String>,
    /// What the sides are to each other.
    pub relation: Relation,
    /// The versions of the crate on both sides, where both are states of its tables.
    pub versions: Option<[Version; 2]>,
    /// How many tables both sides have.
    pub common_tables: usize,
    /// What differs, in the order of a report.
    pub differences: Vec<Difference>,
}

impl Comparison {
    /// What all differences that no waiver accepts need together.
    #[must_use]
    pub fn needed(&self) -> Bump {
        self.open().map(|difference| difference.bump).max().unwrap_or(Bump::None)
    }

    /// The lowest version of the crate that fits what is needed together, and whether the one of the new side does.
    #[must_use]
    pub fn lowest_version(&self) -> Option<(Version, bool)> {
        let [old, new] = self.versions.as_ref()?;
        Some((self.needed().lowest_version(old), self.needed().fits(new, old)))
    }

    /// The same comparison with other differences.
    #[must_use]
    pub fn with(self, mut differences: Vec<Difference>) -> Self {
        differences.sort_by_cached_key(order);
        Self { differences, ..self }
    }

    /// The differences that no waiver accepts.
    pub fn open(&self) -> impl Iterator<Item = &Difference> {
        self.differences.iter().filter(|difference| !difference.is_waived())
    }

    /// The whole in one line: "1 policy, 3 added, 1 renamed; needs: major; 1 waived".
    #[must_use]
    pub fn summary(&self) -> String {
        report::summary(self)
    }

    /// It in words: what clients do differently first, and wording last.
    #[must_use]
    pub fn report(&self) -> Report {
        report::report(self)
    }

    /// It as a document for programs.
    #[must_use]
    pub fn json(&self) -> DiffJson {
        json::json(self)
    }

    /// The revisions of both sides, where they have any.
    #[must_use]
    pub fn revisions(&self) -> [Option<&str>; 2] {
        [self.old_revision.as_deref(), self.new_revision.as_deref()]
    }

    /// Marks the differences that a file of waivers accepts, today.
    ///
    /// A waiver that matches nothing, or is past its last day, is a warning; one without a reason is an error.
    pub fn waive(&mut self, file: &Arc<SourceFile>, today: Date) -> Vec<Diagnostic> {
        waivers::waive(self, file, today)
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
    find_moved(&mut compared);
    differences.extend(compared.into_iter().flat_map(Compared::finish));
    differences.extend(sources(&pairs, relation));
    let (removed, added) = editions(removed, added, (&before, &after), relation, &mut differences);
    differences
        .extend(removed.iter().filter(|listing| is_reported(listing, new)).map(|listing| one_sided(listing, true, relation)));
    differences
        .extend(added.iter().filter(|listing| is_reported(listing, old)).map(|listing| one_sided(listing, false, relation)));
    differences.extend(package::differences(old, new, relation));
    mark_unanswered(&mut differences, relation);
    differences.sort_by_cached_key(order);
    Comparison {
        old: old.name.clone(),
        new: new.name.clone(),
        old_revision: old.revision.clone(),
        new_revision: new.revision.clone(),
        relation,
        versions: versions(old, new).filter(|_| relation == Relation::States),
        common_tables: pairs.len(),
        differences,
    }
}

/// Marks what the document says otherwise where the answer to the code is the same as before.
fn mark_unanswered(differences: &mut [Difference], relation: Relation) {
    if relation == Relation::Page {
        return;
    }
    let answered: Vec<(Option<TableName>, Vec<[u32; 2]>)> = differences
        .iter()
        .filter_map(|difference| match &difference.change {
            Change::Answer { asked: Question::Code { numbers }, .. } => Some((difference.table.clone(), numbers.clone())),
            _ => None,
        })
        .collect();
    for difference in differences.iter_mut().filter(|difference| difference.change.section() == Section::Advice) {
        let Some(number) = difference.code.as_ref().map(|code| code.number.first()) else { continue };
        let has = |[first, last]: &[u32; 2]| *first <= number && number <= *last;
        difference.is_unanswered = !answered.iter().any(|(table, runs)| *table == difference.table && runs.iter().any(has));
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
        found.push(difference(table, change, Vec::new(), relation, Some(old.place), Some(new.place)));
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

/// Reports rows that moved from one table of an edition to another one.
fn find_moved(compared: &mut [Compared<'_>]) {
    let mut editions: BTreeMap<Option<String>, Vec<usize>> = BTreeMap::new();
    for (at, table) in compared.iter().enumerate() {
        editions.entry(table.edition().map(str::to_owned)).or_default().push(at);
    }
    for tables in editions.into_values() {
        let places = |rows: fn(&Compared<'_>) -> usize| -> Vec<(usize, usize)> {
            tables.iter().flat_map(|table| (0..rows(&compared[*table])).map(move |row| (*table, row))).collect()
        };
        let (removed, added) = (places(|table| table.removed().len()), places(|table| table.added().len()));
        let old: Vec<_> = tables.iter().flat_map(|table| compared[*table].removed()).collect();
        let new: Vec<_> = tables.iter().flat_map(|table| compared[*table].added()).collect();
        let mut gone: BTreeMap<usize, (Vec<usize>, Vec<usize>)> = BTreeMap::new();
        for pair in pairing::moved(&old, &new).found {
            let ((from, position), (to, into)) = (removed[pair.old], added[pair.new]);
            if let Ok([source, target]) = compared.get_disjoint_mut([from, to]) {
                source.move_away(position, target, into, pair.is_guess);
                gone.entry(from).or_default().0.push(position);
                gone.entry(to).or_default().1.push(into);
            }
        }
        for (table, (removed, added)) in gone {
            compared[table].forget(&removed, &added);
        }
        find_looks(compared, &tables);
    }
}

/// Notes for each code that is no longer listed in an edition which of the codes that were added looks like it.
fn find_looks(compared: &mut [Compared<'_>], tables: &[usize]) {
    let struck: Vec<(usize, usize, Row<'_>)> =
        tables.iter().flat_map(|table| compared[*table].struck().iter().map(|(at, row)| (*table, *at, row.clone()))).collect();
    let added: Vec<(&str, Row<'_>)> =
        tables.iter().flat_map(|table| compared[*table].added().into_iter().map(|row| (compared[*table].file(), row))).collect();
    let old: Vec<Row<'_>> = struck.iter().map(|(.., row)| row.clone()).collect();
    let new: Vec<Row<'_>> = added.iter().map(|(_, row)| row.clone()).collect();
    for pair in pairing::alike(&old, &new) {
        let ((table, at, _), (file, row)) = (&struck[pair.old], &added[pair.new]);
        compared[*table].note_look(*at, row, file);
    }
}

/// Tables that only one side has.
type OneSided<'a> = Vec<&'a ComparedTable<'a>>;

/// Reports editions that only one side has; the tables of other editions are returned.
fn editions<'a>(
    removed: OneSided<'a>,
    added: OneSided<'a>,
    sides: (&[ComparedTable<'a>], &[ComparedTable<'a>]),
    relation: Relation,
    differences: &mut Vec<Difference>,
) -> (OneSided<'a>, OneSided<'a>) {
    if relation != Relation::States {
        return (removed, added);
    }
    let mut split = |tables: OneSided<'a>, other: &[ComparedTable<'a>], is_old: bool| {
        let known: BTreeSet<&str> = other.iter().filter_map(|listing| listing.edition.as_deref()).collect();
        let is_known = |listing: &&ComparedTable<'_>| listing.edition.as_deref().is_none_or(|edition| known.contains(edition));
        let (kept, others): (OneSided<'a>, OneSided<'a>) = tables.into_iter().partition(is_known);
        let mut by_edition: BTreeMap<&str, OneSided<'a>> = BTreeMap::new();
        for listing in others {
            by_edition.entry(listing.edition.as_deref().unwrap_or_default()).or_default().push(listing);
        }
        differences.extend(by_edition.into_values().map(|tables| one_edition(&tables, &known, is_old, relation)));
        kept
    };
    let removed = split(removed, sides.1, true);
    let added = split(added, sides.0, false);
    (removed, added)
}

/// An edition that only one side has, with its module, and that of its system if it is the only one.
fn one_edition(tables: &[&ComparedTable<'_>], known: &BTreeSet<&str>, is_old: bool, relation: Relation) -> Difference {
    let first = tables[0];
    let edition = first.edition.clone().unwrap_or_default();
    let system = edition.split('/').next().unwrap_or_default();
    let mut items = vec![on_one_side(edition.replace('/', "::"), Item::Module, is_old)];
    if !known.iter().any(|other| other.split('/').next() == Some(system)) {
        items.push(on_one_side(system, Item::Module, is_old));
    }
    let count = tables.len();
    let change = Change::Edition { tables: count, is_added: !is_old };
    let (old, new) = if is_old { (Some(first.place), None) } else { (None, Some(first.place)) };
    let table = TableName { file: String::new(), title: edition.clone(), enum_name: None, ..table_name(first) };
    difference(table, change, items, relation, old, new)
}

/// The place of a difference in a report.
fn order(difference: &Difference) -> impl Ord + use<> {
    let numbers = difference.code.as_ref().map(|code| (code.number.first(), code.number.last()));
    let table = difference.table.as_ref().map(TableName::path);
    let change = format!("{:?}", difference.change);
    (difference.change.section(), table, numbers, difference.change.kind(), difference.code.clone(), change)
}
