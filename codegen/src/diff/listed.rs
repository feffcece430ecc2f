//! Since when, and until when, pages have had each code of an edition.
//!
//! Takes the versions of pages, the oldest first, and returns dates for the rows of tables, and tables with the dates in them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::side::{ComparedTable, Side};
use crate::model::{Date, Facts, Number};
use crate::read::{Editor, PageTable, read_table};
use crate::text::{SourceFile, normalized_name};

/// The dates of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowDates {
    /// The number of the row.
    pub number: Number,
    /// The documented name of the row: a number may have several rows.
    pub name: String,
    /// When the pages first had it.
    pub since: Date,
    /// When they last had it, for a row that is marked as removed.
    pub until: Option<Date>,
}

/// What the versions so far say of the codes of an edition.
pub struct ListedDates<'a> {
    tables: Vec<(ComparedTable<'a>, BTreeMap<Number, Vec<Listed>>)>,
}

/// A time during which the pages had a code under a number.
struct Listed {
    name: String,
    since: Date,
    until: Option<Date>,
}

impl<'a> ListedDates<'a> {
    /// For the tables of an edition.
    #[must_use]
    pub fn new(edition: &'a Side) -> Self {
        Self { tables: edition.listings().into_iter().map(|listing| (listing, BTreeMap::new())).collect() }
    }

    /// Adds the next version of the pages. Where rows could not be read, nothing is taken for removed.
    pub fn add(&mut self, pages: &[PageTable], date: Date, is_partial: bool) {
        for (listing, codes) in &mut self.tables {
            let same: Vec<&PageTable> =
                pages.iter().filter(|page| listing.is_titled(&page.heading) || page.file == listing.file).collect();
            let rows = || same.iter().flat_map(|page| &page.rows).filter(|row| !row.is_alias).map(|row| &row.facts);
            for facts in rows().filter(|facts| facts.is_live()) {
                appear(codes.entry(facts.number).or_default(), facts, date, rows());
            }
            let is_whole = !same.is_empty() && !is_partial;
            for (number, times) in codes.iter_mut().filter(|_| is_whole) {
                if let Some(last) = times.last_mut().filter(|last| last.until.is_none())
                    && !rows().any(|facts| facts.number == *number && facts.is_live())
                {
                    last.until = Some(date);
                }
            }
        }
    }

    /// The dates of the rows of each table, by its path below the folder of tables.
    #[must_use]
    pub fn finish(self) -> Vec<(String, Vec<RowDates>)> {
        let of_table = |(listing, codes): (ComparedTable<'_>, BTreeMap<Number, Vec<Listed>>)| {
            let dates = listing.rows.iter().filter_map(|row| of_row(row.facts, codes.get(&row.facts.number)?)).collect();
            (format!("{}/{}.toml", listing.edition.as_deref().unwrap_or_default(), listing.file), dates)
        };
        self.tables.into_iter().map(of_table).collect()
    }
}

/// A code that a version has: it goes on, comes back, or takes the number of another one.
fn appear<'f>(times: &mut Vec<Listed>, facts: &Facts, date: Date, mut rows: impl Iterator<Item = &'f Facts>) {
    let name = normalized_name(&facts.name);
    let Some(last) = times.last_mut() else {
        times.push(Listed { name, since: date, until: None });
        return;
    };
    let is_same = last.name == name;
    // The old code of a number that is used again stays on the page, struck through.
    let is_recycled = !is_same
        && rows.any(|other| other.number == facts.number && !other.is_live() && normalized_name(&other.name) == last.name);
    if is_recycled || !is_same && last.until.is_some() {
        last.until.get_or_insert(date);
        times.push(Listed { name, since: date, until: None });
    } else {
        last.until = None;
        last.name = name;
    }
}

/// The dates of a row: the last time of its number, or that under its name if it is marked as removed.
fn of_row(facts: &Facts, times: &[Listed]) -> Option<RowDates> {
    let name = normalized_name(&facts.name);
    let listed = if facts.is_live() {
        times.last().filter(|last| last.until.is_none())
    } else {
        times.iter().rev().find(|time| time.until.is_some() && time.name == name)
    }?;
    let until = listed.until.filter(|_| !facts.is_live());
    Some(RowDates { number: facts.number, name: facts.name.to_string(), since: listed.since, until })
}

/// The text of a table with dates in it. Comments, order and line ends stay; an earlier `since` stays, too.
#[must_use]
pub fn set_dates(source: &Arc<SourceFile>, dates: &[RowDates]) -> String {
    let (Some(table), _) = read_table(source) else { return source.text.clone() };
    let mut editor = Editor::new(&source.text);
    for row in &table.rows {
        let is_same = |dates: &&RowDates| dates.number == row.facts.number && *dates.name == *row.facts.name;
        let Some(dates) = dates.iter().find(is_same) else { continue };
        let since = row.facts.since.map_or(dates.since, |known| known.min(dates.since));
        // The dates of commits may be in another order than the commits.
        let until = dates.until.filter(|until| *until >= since).or(row.facts.until.filter(|_| dates.until.is_some()));
        let pairs = [("since", Some(since), row.facts.since), ("until", until, row.facts.until)];
        let changed = pairs.into_iter().filter(|(_, new, old)| new != old);
        let changed: Vec<_> = changed.map(|(key, new, _)| (key, new.map(Date::to_toml))).collect();
        editor.set_in_row(row.position, &changed);
    }
    editor.finish()
}
