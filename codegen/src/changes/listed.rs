//! Since when, and until when, pages have had each code of an edition.
//!
//! In come the versions of pages, the oldest first; out come dates for the rows of tables, and tables with the dates in them.

use std::collections::BTreeMap;

use toml_edit::{DocumentMut, Item, TomlError, Value};

use super::side::{Listing, PageTable, Side};
use crate::date::Date;
use crate::facts::{Facts, Number};
use crate::text::normalized_name;

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
    tables: Vec<(Listing<'a>, BTreeMap<Number, Vec<Listed>>)>,
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
                pages.iter().filter(|page| listing.is_titled(&page.title) || page.file == listing.file).collect();
            let rows = || same.iter().flat_map(|page| &page.rows).map(|row| &row.facts);
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

    /// The dates of the rows of each table, by its file.
    #[must_use]
    pub fn finish(self) -> Vec<(String, Vec<RowDates>)> {
        let of_table = |(listing, codes): (Listing<'_>, BTreeMap<Number, Vec<Listed>>)| {
            let dates = listing.rows.iter().filter_map(|row| of_row(row.facts, codes.get(&row.facts.number)?)).collect();
            (listing.file.to_owned(), dates)
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

/// Writes dates into the text of a table. Comments, order and line ends stay; an earlier `since` stays, too.
///
/// # Errors
///
/// If the text is not TOML.
pub fn set_dates(text: &str, rows: &[RowDates]) -> Result<String, TomlError> {
    let mut document: DocumentMut = text.parse()?;
    let Some(codes) = document.get_mut("code").and_then(Item::as_array_of_tables_mut) else { return Ok(text.to_owned()) };
    let mut is_changed = false;
    for table in codes.iter_mut() {
        let Some(row) = rows.iter().find(|row| is_row(table, row)) else { continue };
        let since = written(table, "since").and_then(|text| Date::parse(&text)).map_or(row.since, |known| known.min(row.since));
        let mut set: Vec<(&str, Date)> = vec![("since", since)];
        match row.until {
            Some(until) => set.push(("until", until)),
            // It is back: a removed row has the day on which it went.
            None => is_changed |= table.remove("until").is_some(),
        }
        for (key, date) in set {
            if written(table, key).as_deref() != Some(&*date.to_string()) {
                is_changed = true;
                insert(table, key, date);
            }
        }
    }
    if !is_changed {
        return Ok(text.to_owned());
    }
    let edited = document.to_string();
    Ok(if text.contains("\r\n") { edited.replace("\r\n", "\n").replace('\n', "\r\n") } else { edited })
}

/// The keys of a row that stand before the dates.
const BEFORE: [&str; 11] =
    ["value", "range", "name", "status", "direction", "format", "reconnect", "resume", "advice", "since", "until"];

/// Writes a date over the one that is there, or below the other facts; the keys that are there keep their order.
fn insert(row: &mut toml_edit::Table, key: &str, date: Date) {
    if let Some(item) = row.get_mut(key) {
        let mut value = date.to_toml();
        // A comment beside the date stays.
        if let Some(old) = item.as_value() {
            value.decor_mut().clone_from(old.decor());
        }
        *item = Item::Value(value);
        return;
    }
    let keys: Vec<String> = row.iter().map(|(key, _)| key.to_owned()).collect();
    let before = BEFORE.iter().take_while(|before| **before != key);
    let last = before.filter_map(|before| keys.iter().position(|known| known == before)).max();
    let rank = |name: &str| match keys.iter().position(|known| known == name) {
        Some(position) => (Some(position), false),
        None => (last, true),
    };
    row.insert(key, toml_edit::value(date.to_toml()));
    row.sort_values_by(|a, _, b, _| rank(a.get()).cmp(&rank(b.get())));
}

/// A date as it is written in a row.
fn written(row: &toml_edit::Table, key: &str) -> Option<String> {
    match row.get(key)?.as_value()? {
        Value::String(text) => Some(text.value().clone()),
        Value::Datetime(date) => Some(date.value().to_string()),
        _ => None,
    }
}

fn is_row(table: &toml_edit::Table, row: &RowDates) -> bool {
    let number = |item: &Item| item.as_integer().and_then(|number| u32::try_from(number).ok());
    let is_number = match row.number {
        Number::Value(value) => table.get("value").and_then(number) == Some(value),
        Number::Range(bounds) => table.get("range").and_then(Item::as_array).is_some_and(|range| {
            let written: Vec<i64> = range.iter().filter_map(Value::as_integer).collect();
            written == bounds.map(i64::from)
        }),
    };
    is_number && table.get("name").and_then(Item::as_str) == Some(&*row.name)
}
