//! Which table a group of rows is of.
//!
//! Takes a [`Group`] and the tables, and returns those that it is of, by equal numbers and names, never by one alone. A group may
//! be of several tables, as a class of all constants is.

use std::collections::{BTreeMap, BTreeSet};

use super::codes::Codes;
use super::names::{EXACT, LIKE};
use super::rows::{Group, Row};
use crate::model::{Edition, Kind, Registry, Table, TablePath};

/// A table that a group is of.
#[derive(Clone, Copy)]
pub(super) struct Fit<'c, 'a> {
    pub codes: &'c Codes<'a>,
    /// How well they fit: of both together, the part that is alike.
    pub score: f32,
    /// How many codes are in one of both alone.
    different: usize,
    /// The part of the rows among the table's numbers that is alike.
    pub purity: f32,
}

/// The tables to compare with: of the edition, of the newest edition of a system, or of each system.
pub(super) fn tables<'a>(registry: &'a Registry, wanted: Option<&str>) -> Vec<Codes<'a>> {
    let newest = registry.systems.iter().filter_map(|system| system.editions.last());
    let is_wanted = |edition: &&Edition| wanted.is_none_or(|wanted| edition.path() == wanted || edition.system == wanted);
    let mut editions: Vec<&Edition> = newest.filter(is_wanted).collect();
    if editions.is_empty() {
        editions = registry.editions().filter(is_wanted).collect();
    }
    // Nobody needs all codes of a protocol that others extend: it is compared if it is named.
    let extended: Vec<&TablePath> = registry.tables().filter_map(|table| table.fallback.as_ref()?.extends.as_ref()).collect();
    let is_compared = |table: &&Table| wanted.is_some() || !extended.contains(&&table.path);
    editions.iter().flat_map(|edition| &edition.tables).filter(is_compared).map(|table| Codes::new(registry, table)).collect()
}

/// How many rows of a further table have to be codes of it by name and number, and of no other.
const FEWEST: usize = 3;
/// One code of so many of a further table has to be like a row that is of no other.
const LEAST_NEW: usize = 3;

/// The tables that a group is of, the best first.
pub(super) fn fits<'c, 'a>(group: &Group<'_>, tables: &'c [Codes<'a>]) -> Vec<Fit<'c, 'a>> {
    let mut fits: Vec<Fit<'c, 'a>> = rivals(tables).into_iter().filter_map(|rivals| best(group, rivals)).collect();
    fits.sort_by(|a, b| b.score.total_cmp(&a.score));
    let mut found: Vec<Fit<'c, 'a>> = Vec::new();
    for fit in fits {
        let is_new = |row: &&Row<'_>| !found.iter().any(|other| other.codes.likeness(row) >= LIKE);
        let new = |least: f32| {
            let rows = group.rows.iter().filter(is_new).filter(|row| fit.codes.likeness(row) >= least);
            rows.map(|row| row.number).collect::<BTreeSet<u32>>().len()
        };
        if found.is_empty() || new(EXACT) >= FEWEST && new(LIKE) * LEAST_NEW >= fit.codes.expected.len() {
            found.push(fit);
        }
    }
    found
}

/// The tables that describe the same: those of one name. One whose document is much older than another's does not count.
fn rivals<'c, 'a>(tables: &'c [Codes<'a>]) -> Vec<Vec<&'c Codes<'a>>> {
    const YEAR: u32 = 372;
    let mut by_name: BTreeMap<&str, Vec<&Codes<'a>>> = BTreeMap::new();
    for codes in tables {
        by_name.entry(&codes.table.path.file).or_default().push(codes);
    }
    let day = |codes: &Codes<'_>| codes.table.source.as_ref().map_or(0, |source| source.date.on_axis());
    for rivals in by_name.values_mut() {
        let newest = rivals.iter().map(|codes| day(codes)).max().unwrap_or_default();
        rivals.retain(|codes| day(codes) + YEAR > newest);
    }
    by_name.into_values().collect()
}

/// The table that fits best, if one fits at all: the one with the fewest differences.
fn best<'c, 'a>(group: &Group<'_>, rivals: Vec<&'c Codes<'a>>) -> Option<Fit<'c, 'a>> {
    let fits = rivals.into_iter().filter_map(|codes| fit(group, codes));
    fits.min_by(|a, b| a.different.cmp(&b.different).then(b.score.total_cmp(&a.score)))
}

/// How well a table fits, if it does.
#[expect(clippy::cast_precision_loss, reason = "the counts are small")]
fn fit<'c, 'a>(group: &Group<'_>, codes: &'c Codes<'a>) -> Option<Fit<'c, 'a>> {
    const LEAST_PURE: f32 = 0.35;
    const CERTAINLY: f32 = 40.0;
    let mut likeness: BTreeMap<u32, f32> = BTreeMap::new();
    for row in group.rows.iter().filter(|row| codes.spans(row.number)) {
        let best = likeness.entry(row.number).or_default();
        *best = codes.likeness(row).max(*best);
    }
    let unlike = likeness.values().filter(|likeness| **likeness <= 0.0).count();
    let exact = likeness.values().filter(|likeness| **likeness >= EXACT).count();
    if exact < 2 {
        return None;
    }
    let expected = &codes.expected;
    let missing = expected.iter().filter(|number| likeness.get(number).is_none_or(|likeness| *likeness <= 0.0)).count();
    likeness.values_mut().filter(|likeness| **likeness < LIKE).for_each(|likeness| *likeness = 0.0);
    let sum: f32 = likeness.values().sum();
    let covered: f32 = likeness.iter().filter(|(number, _)| expected.contains(number)).map(|(_, likeness)| likeness).sum();
    let (all, rows) = (expected.len() as f32, likeness.len() as f32);
    // Of the codes of HTTP everybody has some, and nobody all.
    let least_covered = match (codes.table.kind, group.is_look_up) {
        (Kind::StatusCodes, _) => 0.75,
        (_, true) => 0.5,
        (_, false) => 0.3,
    };
    // So many names are no selection that somebody made on purpose.
    let is_table = covered >= least_covered * all || sum >= CERTAINLY && !group.is_look_up;
    let fits = sum >= 2.5 && is_table && sum >= LEAST_PURE * rows;
    fits.then(|| Fit { codes, score: 2.0 * sum / (all + rows), different: missing + unlike, purity: sum / rows })
}
