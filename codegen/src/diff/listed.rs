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
        let since = Some(row.facts.since.map_or(dates.since, |known| known.min(dates.since)));
        // A code that is back has no day on which it was removed.
        let pairs = [("since", since, row.facts.since), ("until", dates.until, row.facts.until)];
        let changed = pairs.into_iter().filter(|(_, new, old)| new != old);
        let changed: Vec<_> = changed.map(|(key, new, _)| (key, new.map(Date::to_toml))).collect();
        editor.set_in_row(row.position, &changed);
    }
    editor.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read::lowered;
    use crate::text::Files;

    fn set(text: &str, dates: &[RowDates]) -> String {
        set_dates(&SourceFile::new("t.toml", text.to_owned()), dates)
    }

    const HEADER: &str = "title = \"Gateway Close Event Codes\"\nenum = \"E\"\nkind = \"error-codes\"\nrepr = \"u16\"\nsummary = \"S.\"\n\
                          [source]\ndocument = \"Codes\"\ndate = 2020-01-01\n";

    fn row(value: u32, ident: &str, more: &str) -> String {
        format!("\n[[code]]\nvalue = {value}\nname = \"{ident}\"\nident = \"{ident}\"\nsummary = \"S.\"\n{more}\n")
    }

    fn page(file: &str, heading: &str, rows: &str) -> PageTable {
        let text = HEADER.replace("Gateway Close Event Codes", heading) + rows;
        PageTable::from_table_file(&SourceFile::new(format!("{file}.toml"), text)).0.expect("it has rows")
    }

    const HEADING: &str = "Gateway Close Event Codes";

    fn date(day: usize) -> Date {
        Date::parse(&format!("2020-01-{day:02}")).expect("a date")
    }

    /// A version of the page: its file, its heading, its rows, and whether some of them could not be read.
    type Version<'a> = (&'a str, &'a str, &'a str, bool);

    /// The dates of the rows of a table, as name, day of `since` and day of `until`. The versions are of one day after another.
    fn dates(rows: &str, versions: &[Version<'_>]) -> Vec<(String, String, Option<String>)> {
        let mut files = Files::new("codes");
        files.insert("s/v1/t.toml", format!("{HEADER}{rows}").into_bytes());
        let edition = Side::new("s/v1", Arc::new(lowered(&files).expect("valid tables")), "s/v1");
        let mut dates = ListedDates::new(&edition);
        for (at, (file, heading, rows, is_partial)) in versions.iter().enumerate() {
            dates.add(&[page(file, heading, rows)], date(at + 1), *is_partial);
        }
        let day = |date: &Date| date.to_string()[8..].to_owned();
        let row = |row: &RowDates| (row.name.clone(), day(&row.since), row.until.as_ref().map(day));
        dates.finish().iter().flat_map(|(_, rows)| rows.iter().map(row)).collect()
    }

    fn listed(rows: &str, versions: &[&str]) -> Vec<(String, String, Option<String>)> {
        dates(rows, &versions.iter().map(|rows| ("", HEADING, *rows, false)).collect::<Vec<_>>())
    }

    fn dated(name: &str, since: &str, until: Option<&str>) -> (String, String, Option<String>) {
        (name.to_owned(), since.to_owned(), until.map(str::to_owned))
    }

    fn removed(value: u32, ident: &str) -> String {
        row(value, ident, "status = \"removed\"")
    }

    #[test]
    fn a_code_goes_on_under_another_name_and_after_it_was_away() {
        let (a, b, z) = (row(1, "A", ""), row(1, "B", ""), row(2, "Z", ""));
        assert_eq!(listed(&b, &[&a, &b]), [dated("B", "01", None)], "renamed");
        assert_eq!(listed(&a, &[&(a.clone() + &z), &z, &a]), [dated("A", "01", None)], "back again");
        assert_eq!(listed(&b, &[&(a.clone() + &z), &z, &b]), [dated("B", "03", None)], "another code came after it was away");
        assert_eq!(listed(&removed(1, "A"), &[&a, &a, &z, &z]), [dated("A", "01", Some("03"))], "gone");
        assert_eq!(listed(&removed(1, "B"), &[&a, &z]), [], "the pages never had it");
    }

    #[test]
    fn the_number_of_a_code_that_is_struck_through_has_another_code() {
        let (old, new) = (row(11, "Reset", ""), row(11, "Connect", ""));
        let both = removed(11, "Reset") + &new;
        assert_eq!(listed(&both, &[&old, &both]), [dated("Connect", "02", None), dated("Reset", "01", Some("02"))]);
        let other_number = removed(12, "Reset") + &new;
        assert_eq!(listed(&new, &[&old, &other_number]), [dated("Connect", "01", None)], "another number is struck through");
        let other_name = removed(11, "Open") + &new;
        assert_eq!(listed(&new, &[&old, &other_name]), [dated("Connect", "01", None)], "another name is struck through");
    }

    #[test]
    fn a_version_that_says_nothing_of_a_table_removes_nothing() {
        let (a, b, z) = (row(1, "A", ""), row(1, "B", ""), row(2, "Z", ""));
        let away = |second: Version<'_>| dates(&b, &[("", HEADING, &a, false), second, ("", HEADING, &b, false)]);
        assert_eq!(away(("", HEADING, &z, false)), [dated("B", "03", None)]);
        assert_eq!(away(("", HEADING, &z, true)), [dated("B", "01", None)], "some rows could not be read");
        assert_eq!(away(("u", "Other", &z, false)), [dated("B", "01", None)], "another table");
        assert_eq!(away(("t", "Other", &z, false)), [dated("B", "03", None)], "the same file");
    }

    #[test]
    fn dates_are_written_into_the_row_that_they_are_of() {
        let range = |first: u32| format!("[[code]]\nrange = [{first}, {}]\nname = \"Range\"\n", first + 9);
        let text = range(10) + &range(20) + "[[code]]\nvalue = 20\nname = \"Range\"\n";
        let of = |number: Number, name: &str| RowDates { number, name: name.to_owned(), since: date(1), until: None };
        let written = |row: RowDates| set(&text, &[row]);
        let with = |before: &str| text.replace(before, &format!("{before}since = 2020-01-01\n"));
        assert_eq!(written(of(Number::Range([20, 29]), "Range")), with(&range(20)));
        assert_eq!(written(of(Number::Value(20), "Range")), with("value = 20\nname = \"Range\"\n"));
        for other in [of(Number::Range([20, 28]), "Range"), of(Number::Value(20), "Other"), of(Number::Value(10), "Range")] {
            assert_eq!(written(other), text);
        }
    }

    #[test]
    fn a_code_that_is_back_was_not_last_listed_on_any_day() {
        let text =
            |until: &str| format!("[[code]]\nvalue = 1\nname = \"A\"\nsince = 2020-01-01\n{until}summary = \"S.\"   # Ours.\n");
        let row = RowDates { number: Number::Value(1), name: "A".to_owned(), since: date(1), until: None };
        assert_eq!(set(&text("until = 2020-01-09\n"), &[row]), text(""));
    }

    #[test]
    fn the_earlier_of_two_dates_is_that_of_a_code() {
        let text = |since: &str| format!("[[code]]\nvalue = 1\nname = \"A\"{since}\n");
        let row = RowDates { number: Number::Value(1), name: "A".to_owned(), since: date(15), until: None };
        let written = |since: &str| set(&text(since), std::slice::from_ref(&row));
        for known in ["\nsince = 2020-01-14", "\nsince = \"2019-12\"", "\nsince = 2020-01-15   # From the page."] {
            assert_eq!(written(known), text(known), "what is written is earlier, or the same");
        }
        for (known, set) in [
            ("\nsince = 2020-01-16", "\nsince = 2020-01-15"),
            ("\nsince = \"2020-02\"", "\nsince = 2020-01-15"),
            ("\n# Guessed.\nsince = 2020-01-16 # Or later.", "\n# Guessed.\nsince = 2020-01-15 # Or later."),
        ] {
            assert_eq!(written(known), text(set), "the pages had it earlier");
        }
        assert_eq!(written(""), text("\nsince = 2020-01-15"));
    }
}
