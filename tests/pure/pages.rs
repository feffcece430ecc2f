//! Pages of a writer that knows what they say. Import reads what was written, or names what it did not read; and what an editor of
//! such a page changes is what changes in the tables.
//!
//! `WIRECODES_CASES=50` tries that many times as many pages, and `WIRECODES_SEED=9` other ones.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestCaseError, TestRng, TestRunner};
use toml::Value;
use wirecodes_codegen::{Diagnostic, load};
use wirecodes_tests::desk::{Desk, Done};

use drawn::{Draw, HEADINGS, page, pages};
use edited::{Edit, edit};
use written::{Code, Column, Page, Table, Written};

mod drawn;
mod edited;
mod written;

/// Tries cases that follow from a seed.
fn tried<S: Strategy>(few: u32, cases: S, holds: impl Fn(S::Value) -> Result<(), String>) {
    let config = ProptestConfig {
        failure_persistence: None,
        cases: wirecodes_tests::cases(few),
        max_shrink_iters: 3000,
        ..ProptestConfig::default()
    };
    let seed = std::env::var("WIRECODES_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(7);
    let mut runner = TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]));
    let result = runner.run(&cases, |case| holds(case).map_err(TestCaseError::fail));
    result.unwrap_or_else(|error| panic!("{error}"));
}

/// The table of a heading: its kind, and its rows by their first numbers.
fn read_table(desk: &Desk, heading: &str) -> Option<(String, BTreeMap<u32, toml::Table>)> {
    let tables = desk.texts.values().map(|text| text.parse::<toml::Table>().expect("TOML"));
    let table = tables.into_iter().find(|table| table.get("title").and_then(Value::as_str) == Some(heading))?;
    let rows = table["code"].as_array().expect("rows").iter().map(|row| {
        let row = row.as_table().expect("a row").clone();
        let number = row.get("value").unwrap_or_else(|| &row["range"][0]).as_integer().expect("a number");
        (u32::try_from(number).expect("a number"), row)
    });
    Some((table["kind"].as_str().expect("a kind").to_owned(), rows.collect()))
}

/// Whether all columns and all codes of a table were read.
fn has_all(desk: &Desk, page: &Table, done: &Done) -> bool {
    let is_named = |(column, header): &(Column, &str)| *column != Column::Colour && names(done, &(0..0), &[header]);
    let rows = read_table(desk, page.heading).map(|table| table.1).unwrap_or_default();
    let has = |code: &Code| {
        rows.get(&code.numbers[0])
            .is_some_and(|row| row["name"].as_str().unwrap_or_default().replace('`', "") == code.name.replace('`', ""))
    };
    page.codes.iter().all(has) && !page.columns.iter().any(is_named)
}

/// Whether a table is left out, which the report says.
fn leaves_out(done: &Done) -> bool {
    done.imported.passed_over.iter().any(|table| table.rows > 0)
}

/// Whether the report names a line of the page, or one of these words.
fn names(done: &Done, lines: &std::ops::Range<usize>, words: &[&str]) -> bool {
    let is_there = |found: &Diagnostic| {
        found.labels.iter().any(|label| lines.contains(&label.span.line()))
            || words.iter().any(|word| found.message.to_lowercase().contains(&format!("`{}`", word.to_lowercase())))
    };
    let report = done.imported.report(&done.found, None).text(true, 1000);
    done.found.iter().any(is_there) || words.iter().any(|word| report.contains(&format!("\"{word}\"")))
}

fn said(done: &Done) -> String {
    let said = done.found.iter().map(|found| format!("{}: {}", found.rule, found.message));
    said.chain(done.imported.passed_over.iter().map(|table| format!("{table:?}"))).collect::<Vec<_>>().join("\n")
}

/// What import makes of a sentence.
fn fingerprint(sentence: &str) -> String {
    let desk = Desk::of(&format!(
        "# C\n\n###### Error Codes\n\n| Code | Name | Description |\n|---|---|---|\n| 1 | One | {} |\n",
        sentence.replace('|', "\\|")
    ));
    read_table(&desk, "Error Codes").expect("a table").1[&1]["text"].as_str().expect("a fingerprint").to_owned()
}

/// The headings of a page.
fn words(page: &Page) -> Vec<&'static str> {
    page.tables.iter().map(|table| table.heading).chain(["More of them", "Codes", "Apart"]).collect()
}

/// What the tables lack of what the page says, without a word in the report.
fn silent(page: &Page, written: &Written, desk: &Desk, done: &Done) -> Vec<String> {
    let mut missing = Vec::new();
    for (at, table) in page.tables.iter().enumerate() {
        let Some((kind, rows)) = read_table(desk, table.heading) else {
            let lines = table.codes.iter().filter_map(|code| written.rows.get(&(at, code.numbers[0])));
            if !names(done, &(0..0), &[table.heading]) && !lines.into_iter().all(|line| names(done, &(*line..*line + 1), &[])) {
                missing.push(format!("no table {}", table.heading));
            }
            continue;
        };
        if kind != table.kind {
            missing.push(format!("{} has {kind}", table.heading));
        }
        let expected: BTreeSet<u32> = table.codes.iter().map(|code| code.numbers[0]).collect();
        let is_decoy =
            |row: &toml::Table| row["name"].as_str() == Some("Decoy here") && ["quote", "html"].contains(&table.decoy[0]);
        let invented = rows.iter().filter(|(number, row)| !expected.contains(number) && !is_decoy(row));
        missing.extend(invented.map(|(number, _)| format!("{number} was never written")));
        for code in table.codes.iter().filter(|code| code.place.is_empty()) {
            let line = written.rows[&(at, code.numbers[0])];
            let words = words(page);
            match rows.get(&code.numbers[0]) {
                Some(row) => missing.extend(wrong(table, code, row, done, line)),
                None if names(done, &(line..line + 1), if table.split.0 == "none" { &[] } else { &words }) => {}
                None => missing.push(format!("{} is lost", code.numbers[0])),
            }
        }
    }
    let unsaid = written.junk.iter().filter(|line| !names(done, &(**line..**line + 1), &words(page)));
    missing.extend(unsaid.map(|line| format!("line {line} is not named")));
    let read: String = desk.texts.values().map(String::as_str).collect();
    let hidden = written.decoys.iter().filter(|(form, _)| ["quote", "html"].contains(form) && !read.contains("Decoy here"));
    missing.extend(
        hidden
            .filter(|(_, lines)| !names(done, lines, &[]) && !leaves_out(done))
            .map(|(form, _)| format!("the {form} is passed over")),
    );
    missing
}

/// What a row has otherwise than the page, and what it lacks without a word.
fn wrong(table: &Table, code: &Code, row: &toml::Table, done: &Done, line: usize) -> Vec<String> {
    let text = |key: &str| row.get(key).map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned));
    let status = match code.status {
        "active" => None,
        "struck" => Some("removed".to_owned()),
        _ => Some("deprecated".to_owned()),
    };
    let last = code.numbers[1] > code.numbers[0];
    let way = ["send", "receive", "both"][code.direction];
    let facts = [
        ("range", Column::Code, last.then(|| format!("[{}, {}]", code.numbers[0], code.numbers[1]))),
        ("name", Column::Name, Some(code.name.clone())),
        ("status", Column::Name, status),
        ("text", Column::Sentence, table.has(Column::Sentence).map(|_| fingerprint(&code.sentence))),
        ("reconnect", Column::Reconnect, table.has(Column::Reconnect).map(|_| code.reconnect.to_string())),
        ("direction", Column::Direction, table.has(Column::Direction).map(|_| way.to_owned())),
    ];
    let is_right = |(key, column, expected): &(&str, Column, Option<String>)| {
        let header = table.has(*column).unwrap_or_default();
        let is_alone = table.has(Column::Sentence).is_none() && *key == "text";
        let found = text(key).map(|text| if *key == "name" && !code.name.contains('`') { text.replace('`', "") } else { text });
        let is_named = (found.is_none() || *key == "name") && names(done, &(line..line + 1), &[header]);
        found == *expected || is_named || is_alone
    };
    let facts = facts.into_iter().filter(|fact| !is_right(fact));
    facts.map(|(key, _, expected)| format!("{}: {key} is {:?}, not {expected:?}", code.numbers[0], text(key))).collect()
}

#[test]
fn every_row_is_read_right_or_named() {
    tried(30, pages(), |case| {
        let page = page(&case);
        let written = page.write();
        let text = page.text(&written);
        let mut desk = Desk::new();
        let done = desk.import(&text);
        let silent = silent(&page, &written, &desk, &done);
        let once = desk.texts.clone();
        if !silent.is_empty() {
            return Err(format!("{silent:#?}\n{text}\n{}", said(&done)));
        }
        let again = desk.import(&text);
        if desk.texts != once || !again.imported.written.is_empty() {
            return Err(format!("a second import writes\n{text}\n{}", said(&again)));
        }
        // What a first import left out is named then, and stands under `ignore`.
        if !leaves_out(&done)
            && again.imported.is_up_to_date(&again.found)
            && !page.tables.iter().all(|table| has_all(&desk, table, &again))
        {
            return Err(format!("up to date\n{text}\n{}", said(&again)));
        }
        let (registry, refused) = load(&desk.files());
        let refused: Vec<&Diagnostic> = refused.iter().filter(|found| found.rule != "not-reviewed").collect();
        if done.imported.written.is_empty() || registry.is_some() && refused.is_empty() {
            return Ok(());
        }
        Err(format!("{refused:#?}\n{text}"))
    });
}

/// What differs between the tables otherwise than by the edit.
fn otherwise(edit: &Edit, page: &Page, written: &Written, before: &Desk, after: &Desk, done: &Done) -> Vec<String> {
    let mut wrong = Vec::new();
    let is_failed = done.found.iter().any(Diagnostic::is_error);
    let is_unsure = done.found.iter().any(|found| found.rule == "cannot-tell");
    let is_refused = is_failed && edit.may_refuse && read_table(before, edit.heading) == read_table(after, edit.heading);
    for heading in HEADINGS.iter().flat_map(|(_, headings, _)| *headings) {
        let (old, new) = (read_table(before, heading).map(|table| table.1), read_table(after, heading).map(|table| table.1));
        let (old, new) = (old.unwrap_or_default(), new.unwrap_or_default());
        for number in old.keys().chain(new.keys()).collect::<BTreeSet<_>>() {
            let expected = edit.rows.get(number).filter(|_| edit.heading == *heading);
            let moved = page.tables.iter().filter(|table| table.heading == *heading).flat_map(|table| &table.codes);
            let moved = moved.into_iter().find(|code| code.numbers[0] == *number && !code.place.is_empty());
            let lines = written.decoys.iter().find(|(form, _)| moved.is_some_and(|code| code.place == *form));
            if lines.is_some_and(|(_, lines)| names(done, lines, &[])) {
                continue;
            }
            match (old.get(number), new.get(number)) {
                (None, Some(_)) if expected.is_some_and(|(kind, _)| *kind == "added") => {}
                (Some(one), Some(other)) => {
                    let keys: BTreeSet<&String> =
                        one.keys().chain(other.keys()).filter(|key| one.get(*key) != other.get(*key)).collect();
                    let is_expected = |key: &&&String| expected.is_some_and(|(_, keys)| keys.contains(&key.as_str()));
                    wrong.extend(
                        keys.iter()
                            .filter(|key| !is_expected(key))
                            .map(|key| format!("{number}: {key} {:?} -> {:?}", one.get(*key), other.get(*key))),
                    );
                    if keys.is_empty() && expected.is_some_and(|(kind, _)| !(is_unsure && *kind == "struck-out")) && !is_refused {
                        wrong.push(format!("{number} did not change"));
                    }
                }
                (None, None) => {}
                (one, other) => wrong.push(format!("{number}: {one:?} -> {other:?}")),
            }
        }
    }
    let told: Vec<(u32, &str)> = done
        .imported
        .comparison
        .differences
        .iter()
        .map(|one| (one.code.as_ref().map_or(0, |code| code.number.first()), one.kind))
        .collect();
    wrong.extend(
        told.iter()
            .filter(|(number, kind)| {
                !edit.rows.contains_key(number)
                    && !((edit.name.starts_with("widen") || edit.name == "absorb") && ["reason", "policy"].contains(kind))
            })
            .map(|told| format!("{told:?} is said")),
    );
    if !is_refused {
        wrong.extend(
            edit.rows
                .iter()
                .filter(|(_, (kind, _))| !(*kind == "added" && leaves_out(done)))
                .filter(|(number, (kind, _))| !(is_unsure && *kind == "struck-out" || told.contains(&(**number, kind))))
                .map(|row| format!("{row:?} is not said: {told:?}")),
        );
    }
    wrong
}

#[test]
fn what_the_editor_changed_is_what_changes() {
    tried(40, (pages(), prop::collection::vec(any::<u8>(), 24)), |(case, edits)| {
        let mut page = page(&case);
        let mut desk = Desk::new();
        let written = page.write();
        let first = page.text(&written);
        let done = desk.import(&first);
        let is_whole = page.tables.iter().all(|table| has_all(&desk, table, &done));
        let mut draw = Draw(edits.iter());
        let Some(edit) = (0..6)
            .find_map(|_| edit(&mut page, &mut draw))
            .filter(|_| is_whole && !done.found.iter().any(|found| found.is_error() && found.rule != "row-without-code"))
        else {
            return Ok(());
        };
        let before = Desk { texts: desk.texts.clone() };
        let written = page.write();
        let text = page.text(&written);
        let done = desk.import(&text);
        let wrong = otherwise(&edit, &page, &written, &before, &desk, &done);
        let is_silent = edit.is_partial && done.imported.is_up_to_date(&done.found);
        if !wrong.is_empty() || is_silent {
            return Err(format!("{edit:?}: {wrong:#?}\n{first}\n=====\n{text}\n{}", said(&done)));
        }
        let once = desk.texts.clone();
        let again = desk.import(&text);
        if desk.texts != once {
            return Err(format!("{edit:?}: a second import writes\n{first}\n=====\n{text}\n{}", said(&again)));
        }
        Ok(())
    });
}
