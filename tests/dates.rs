//! Since when, and until when, the versions of a page have had each code.

use wirecodes_codegen::{Date, ListedDates, Number, RowDates, Scope, Side, set_dates};

use crate::diff::{HEADER, registry, row};
use crate::diff_tables::page;

const HEADING: &str = "Gateway Close Event Codes";

fn date(day: usize) -> Date {
    Date::parse(&format!("2020-01-{day:02}")).expect("a date")
}

/// A version of the page: its file, its heading, its rows, and whether some of them could not be read.
type Version<'a> = (&'a str, &'a str, &'a str, bool);

/// The dates of the rows of a table, as name, day of `since` and day of `until`. The versions are of one day after another.
fn dates(rows: &str, versions: &[Version<'_>]) -> Vec<(String, String, Option<String>)> {
    let edition = Side::new("s/v1", registry(&[("s/v1/t", &format!("{HEADER}{rows}"))]), Scope::Edition("s/v1".to_owned()));
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
    let written = |row: RowDates| set_dates(&text, &[row]).expect("it is TOML");
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
    assert_eq!(set_dates(&text("until = 2020-01-09\n"), &[row]).expect("it is TOML"), text(""));
}

#[test]
fn the_earlier_of_two_dates_is_that_of_a_code() {
    let text = |since: &str| format!("[[code]]\nvalue = 1\nname = \"A\"{since}\n");
    let row = RowDates { number: Number::Value(1), name: "A".to_owned(), since: date(15), until: None };
    let written = |since: &str| set_dates(&text(since), std::slice::from_ref(&row)).expect("it is TOML");
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
