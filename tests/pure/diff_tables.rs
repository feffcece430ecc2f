//! Which table and which row is compared with which, where a change is, and the words for each kind of change.

use std::sync::Arc;

use proptest::prelude::*;
use wirecodes_codegen::{Bump, Comparison, Report, Side, Sides, SourceFile, diff, lowered, rules};

use serde_json::{Value as Json, json};

use wirecodes_tests::tables::{self, HEADER, bare, compare, compare_rows, header, kinds, opcodes, registry, row, value};

/// A table of error codes.
fn responses(rows: &str) -> String {
    opcodes(rows).replace("\"opcodes\"", "\"error-codes\"").replace("\"u8\"", "\"u16\"")
}

/// The whole folder of a single table.
fn side(file: &str, text: &str) -> Side {
    Side::new("tables", registry(&[(&format!("s/v1/{file}"), text)]), "")
}

/// A page with one table under a heading, which an import would write into this file.
fn page(file: &str, heading: &str, rows: &str) -> Side {
    let source = SourceFile::new(format!("{file}.toml"), HEADER.replace("Gateway Close Event Codes", heading) + rows);
    Sides::pages("page", &[source]).expect("it is a page").0
}

fn words(comparison: &Comparison) -> String {
    tables::words(&comparison.report())
}

#[test]
fn a_folder_is_compared_with_an_edition_by_that_edition_alone() {
    let table = opcodes(&bare(1, "One"));
    let other = table.replace("\"Opcode\"", "\"Other\"");
    let folder = registry(&[("s/v1/a", &table), ("t/v1/a", &other)]);
    let all = Side::new("all", Arc::clone(&folder), "");
    let edition = |name: &str| Side::new(name, Arc::clone(&folder), name);
    assert_eq!(kinds(&diff(&all, &edition("s/v1"))), []);
    assert_eq!(kinds(&diff(&edition("t/v1"), &all)), []);
    let mut found = kinds(&diff(&side("a", &table), &edition("t/v1")));
    found.sort_unstable();
    assert_eq!(found, [("edition-added", Bump::Minor), ("edition-removed", Bump::Major)], "a folder without the edition");
}

#[test]
fn tables_of_two_editions_are_paired_by_file_then_enum_then_title() {
    let table = opcodes(&bare(1, "One"));
    let common = |file: &str, text: &str| {
        let folder = registry(&[("s/v1/a", &table), (&format!("s/v2/{file}"), text)]);
        let edition = |name: &str| Side::new(name, Arc::clone(&folder), name);
        diff(&edition("s/v1"), &edition("s/v2")).common_tables
    };
    let (other_enum, other_title) = (table.replace("\"Opcode\"", "\"Other\""), table.replace("\"Opcodes\"", "\"Operations\""));
    assert_eq!(common("a", &other_title.replace("\"Opcode\"", "\"Other\"")), 1, "the file is the same");
    assert_eq!(common("b", &other_title), 1, "the enum is the same");
    assert_eq!(common("b", &other_enum), 1, "the title is the same");
    assert_eq!(common("b", &other_title.replace("\"Opcode\"", "\"Other\"")), 0, "nothing is the same");
}

#[test]
fn a_table_of_a_page_is_known_by_heading_or_file_or_most_of_its_codes() {
    let rows = |rows: &[(u32, &str)]| -> String { rows.iter().map(|(value, ident)| row(*value, ident, "")).collect() };
    let common = |table: &str, page: Side| diff(&side("t", &format!("{HEADER}{table}")), &page).common_tables;
    let (three, two) = (rows(&[(1, "A"), (2, "B"), (3, "C")]), rows(&[(1, "A"), (2, "B")]));
    let half = rows(&[(1, "A"), (3, "C")]);
    assert_eq!(common(&two, page("other", "gateway close event codes.", &half)), 1, "the heading is the same");
    let with_heading = format!("headings = [\"Reasons\"]\n{HEADER}{two}");
    assert_eq!(diff(&side("t", &with_heading), &page("other", "Reasons", &half)).common_tables, 1, "a heading of the table");
    assert_eq!(common(&two, page("t", "Reasons", &half)), 1, "the file is the same");
    assert_eq!(common(&two, page("u", "Reasons", &half)), 0, "half of the codes are too few");
    assert_eq!(
        common(&three, page("u", "Reasons", &rows(&[(1, "A"), (2, "B"), (8, "X"), (9, "Y")]))),
        1,
        "most codes are the same"
    );
    assert_eq!(common(&two, page("u", "Reasons", &rows(&[(1, "X"), (2, "Y")]))), 0, "the same numbers mean something else");
    let old = page("some", "Some", &two);
    assert_eq!(diff(&old, &page("other", "Reasons", &half)).common_tables, 0, "two pages have nothing in common");
}

#[test]
fn a_change_is_where_it_can_be_looked_at() {
    let rest = row(3, "C", "") + &row(4, "D", "") + &row(5, "E", "");
    let rows = row(1, "A", "") + &row(2, "B", "") + &rest;
    let without = row(1, "A", "") + &rest;
    let lines = |comparison: &Comparison, kind: &str| {
        let found = comparison.differences.iter().find(|one| one.kind == kind).expect("the change is there");
        let [old, new] = [&found.old_place, &found.new_place]
            .map(|span| span.as_ref().map(|span| span.file.text.lines().nth(span.line() - 1).unwrap_or_default().to_owned()));
        (old, new)
    };
    let line = |text: &str| Some(text.to_owned());
    assert_eq!(
        lines(&compare_rows(&rows, &without), "removed"),
        (line("value = 2"), line("value = 3")),
        "where it was, and what is there now"
    );
    assert_eq!(lines(&compare_rows(&without, &rows), "added"), (None, line("value = 2")));
    let header = |text: &str| format!("{HEADER}{rows}").replace(text, &text.replace("resume", "stop"));
    for key in ["absent", "unknown"] {
        let changed = header(&format!("{key} = {{ action = \"resume\""));
        let comparison = compare(&[("s/v1/a", &header(""))], &[("s/v1/a", &changed)]);
        let found = value(&comparison)["changes"].as_array().cloned().expect("a list");
        let is_key =
            |place: &Json, table: &str| (1..).zip(table.lines()).any(|(at, line)| place["line"] == at && line.starts_with(key));
        let is_there = |one: &Json| is_key(&one["old_place"], &header("")) && is_key(&one["new_place"], &changed);
        assert!(found.iter().any(is_there), "{key}");
    }
    let alias = compare_rows(&rows, &(row(1, "A", "") + &row(2, "B", "aliases = [\"Odd\"]") + &rest));
    assert_eq!(
        alias.differences[0].code.as_ref().map(|code| json!(code.number)),
        Some(serde_json::json!({ "value": 2 })),
        "the row of the alias"
    );
}

#[test]
fn a_retry_is_compared_for_the_codes_and_ranges_of_both_sides() {
    let code = |value: u32, retry: bool| bare(value, &format!("Code{value}")) + if retry { "retry = \"wait\"\n" } else { "" };
    let range = |first: u32, last: u32, retry: bool| {
        format!(
            "\n[[code]]\nrange = [{first}, {last}]\nname = \"From {first}\"\nsummary = \"S.\"\n{}",
            if retry { "retry = \"wait\"\n" } else { "" }
        )
    };
    let compared = |old: &str, new: &str| compare(&[("s/v1/a", &responses(old))], &[("s/v1/a", &responses(new))]);
    let added = compared(&code(1, false), &(code(1, false) + &code(2, true)));
    assert_eq!(kinds(&added), [("added", Bump::Minor)], "nobody asked about a code that is new");
    let flipped = words(&compared(&code(1, false), &code(1, true)));
    assert!(flipped.contains("retry 1 Code1 do not send again → send again after a wait"), "{flipped}");
    let careful = words(&compared(&code(1, true), &code(1, true).replace("wait", "if-idempotent")));
    assert!(careful.contains("send again after a wait → send again after a wait, if it can be repeated"), "{careful}");
    let split = compared(&range(500, 599, true), &(range(500, 549, true) + &range(550, 599, false)));
    assert!(words(&split).contains("retry 550-599 send again after a wait → do not send again"), "{}", words(&split));
    let came = compared(&code(1, false), &(code(1, false) + &range(500, 599, false)));
    assert!(!words(&came).contains("retry"), "nobody asked about a range that is new: {}", words(&came));
    // The answer of a range of one number is not that of the code.
    let both = |last: u32| code(100, false) + &range(1, last, true);
    let shorter = words(&compared(&both(100), &both(99)));
    assert!(shorter.contains("retry 100 send again") && !shorter.contains("retry 100 Code100"), "{shorter}");
    let lost = compared(&(code(1, false) + &range(500, 599, true)), &code(1, false));
    assert!(words(&lost).contains("retry 500-599 send again after a wait → no such code or range"), "{}", words(&lost));
}

/// Programs decide by the group and the fault: another one is another answer.
#[test]
fn a_group_and_a_fault_that_differ_are_changes_of_an_answer() {
    let table = |keys: &str| responses(&(bare(1, "One") + keys));
    let cases: [(&str, &str, &[&str]); 5] = [
        ("", "group = \"not-found\"\n", &["fault", "group"]),
        ("group = \"not-found\"\n", "group = \"internal\"\n", &["fault", "group"]),
        ("group = \"not-found\"\n", "group = \"limit-reached\"\n", &["group"]),
        ("group = \"not-found\"\n", "group = \"not-found\"\nfault = \"user\"\n", &[]),
        ("group = \"not-found\"\n", "group = \"not-found\"\nfault = \"service\"\n", &["fault"]),
    ];
    for (old, new, expected) in cases {
        let mut found = kinds(&compare(&[("s/v1/a", &table(old))], &[("s/v1/a", &table(new))]));
        found.sort_unstable();
        let expected: Vec<_> = expected.iter().map(|kind| (*kind, Bump::Policy)).collect();
        assert_eq!(found, expected, "{old} {new}");
    }
}

/// What a user can do about an error is a sentence: a reworded one breaks nobody.
#[test]
fn a_fix_that_differs_is_named() {
    let table = |fix: &str| responses(&(bare(1, "One") + fix));
    for (old, new) in [("", "fix = \"Wait.\"\n"), ("fix = \"Wait.\"\n", "fix = \"Ask.\"\n"), ("fix = \"Ask.\"\n", "")] {
        let comparison = compare(&[("s/v1/a", &table(old))], &[("s/v1/a", &table(new))]);
        assert_eq!(kinds(&comparison), [("fix", Bump::Patch)], "{old} {new}");
    }
}

#[test]
fn what_breaks_users_is_named() {
    let cases = [
        (row(1, "A", ""), row(1, "B", ""), "`s::v1::GatewayCloseCode::A` is removed"),
        (row(1, "A", ""), row(1, "B", "renamed_from = \"A\""), "`s::v1::GatewayCloseCode::A` is a constant instead of a variant"),
        (row(1, "A", ""), row(2, "A", ""), "`s::v1::GatewayCloseCode::A` is 2 instead of 1"),
        (
            row(1, "A", "aliases = [\"Odd\"]") + &row(2, "B", ""),
            row(1, "A", "") + &row(2, "B", "aliases = [\"Odd\"]"),
            "`s::v1::GatewayCloseCode::Odd` is 2 instead of 1",
        ),
    ];
    for (old, new, breaks) in cases {
        let text = words(&compare(&[("s/v1/a", &format!("{HEADER}{old}"))], &[("s/v1/a", &format!("{HEADER}{new}"))]));
        assert!(text.contains(&format!("(breaks users: {breaks})")), "{breaks}:\n{text}");
    }
    let table = opcodes(&bare(1, "One"));
    let changed = |new: &str| words(&compare(&[("s/v1/a", &table)], &[("s/v1/a", new)]));
    let kind = changed(&table.replace("\"opcodes\"", "\"error-codes\""));
    assert!(kind.contains("kind-changed opcode → error code"), "{kind}");
    let repr = changed(&table.replace("\"u8\"", "\"u16\""));
    assert!(repr.contains("needs: major") && repr.contains("repr u8 → u16"), "{repr}");
    let edition = words(&compare(&[("s/v1/a", &table), ("t/v1/a", &table)], &[("t/v1/a", &table)]));
    assert!(edition.contains("(breaks users: `s::v1` is removed and 1 more)"), "{edition}");
}

#[test]
fn names_that_stay_break_nobody() {
    let stays = compare_rows(&row(1, "A", "aliases = [\"Odd\"]"), &row(1, "A", "renamed_from = \"Odd\""));
    let text = words(&stays);
    assert!(text.contains("added and changed") && !text.contains("removed and renamed"), "{text}");
    assert!(text.contains("another name Odd → former name Odd"), "{text}");
    let moves = compare_rows(
        &(row(1, "A", "aliases = [\"Odd\"]") + &row(2, "B", "")),
        &(row(1, "A", "") + &row(2, "B", "renamed_from = \"Odd\"")),
    );
    assert!(words(&moves).contains("removed and renamed"), "{}", words(&moves));
}

#[test]
fn the_old_code_of_a_recycled_number_may_have_any_identifier() {
    let rows = |ident: &str| {
        row(11, ident, "status = \"removed\"").replace(&format!("name = \"{ident}\""), "name = \"Reset\"")
            + &row(11, "Connect", "")
    };
    assert_eq!(kinds(&compare_rows(&rows("Reset"), &rows("Resets"))), [], "the crate has no such variant");
    let recycled = compare_rows(&row(11, "Reset", ""), &rows("Resets"));
    let found = value(&recycled);
    assert!(kinds(&recycled).contains(&("recycled", Bump::Major)), "{:?}", kinds(&recycled));
    assert_eq!(found["renames"], json!([]), "no variant is called so");
}

#[test]
fn each_date_of_a_code_is_a_change_of_its_own() {
    let dates = |dates: &str| row(1, "A", &format!("status = \"removed\"\n{dates}"));
    let (none, until, both) = (dates(""), dates("until = 2021-01-01"), dates("since = 2020-01-01\nuntil = 2021-01-01"));
    assert_eq!(kinds(&compare_rows(&none, &until)), [("until", Bump::Patch)]);
    assert_eq!(kinds(&compare_rows(&none, &both)), [("since", Bump::Patch), ("until", Bump::Patch)]);
    assert!(
        words(&compare_rows(&until, &both)).contains("since 1 A no date → 2020-01-01"),
        "{}",
        words(&compare_rows(&until, &both))
    );
}

#[test]
fn words_of_a_page_are_quoted() {
    let side = |name: &str, sentence: &str| {
        let text = format!("###### Codes\n\n| Code | Name | Explanation |\n|---|---|---|\n| 1 | {name} | {sentence} |\n");
        Sides::pages("page", &[SourceFile::new("page.md", text)]).expect("it is a page").0
    };
    let comparison = diff(&side("Reset", "The session ended."), &side("Moved", "Another server takes over."));
    for text in [words(&comparison), comparison.report().markdown()] {
        assert!(text.contains("Reset: The session ended. → Moved: Another server takes over."), "{text}");
    }
    let comparison = diff(&side("Reset", "The session ended."), &side("Reset", "The session is over."));
    assert!(words(&comparison).contains("The session ended. → The session is over."), "{}", words(&comparison));
}

/// Codes of a page have no identifier: each line has the name, once.
#[test]
fn each_line_about_a_code_of_a_page_names_it() {
    let side = |row: &str| {
        let text = format!("###### Opcodes\n\n| Code | Name | Client Action |\n|---|---|---|\n| 1 | One | Send |\n{row}");
        Sides::pages("page", &[SourceFile::new("page.md", text)]).expect("it is a page").0
    };
    let (none, some) = (side(""), side("| 2 | Toggle | Send |\n"));
    let (received, struck) = (side("| 2 | Toggle | Receive |\n"), side("| ~~2~~ | ~~Toggle~~ | Send |\n"));
    for (new, kind) in [(&none, "removed"), (&received, "direction"), (&struck, "struck-out")] {
        let comparison = diff(&some, new);
        for text in [words(&comparison), comparison.report().markdown()] {
            assert!(text.contains(kind) && text.matches("Toggle").count() == 1, "{kind}: {text}");
        }
    }
}

#[test]
fn limits_and_sources_are_compared_part_by_part() {
    let rows = row(1, "A", "");
    let with = |key: &str, value: &str| format!("{HEADER}{rows}").replace(key, value);
    let compared = |new: &str| compare(&[("s/v1/a", &with("", ""))], &[("s/v1/a", new)]);
    let source = words(&compared(&with("document = \"Codes\"\n", "document = \"Codes\"\nurl = \"https://example.org/codes\"\n")));
    assert!(source.contains("source") && source.contains("→") && source.contains(", https://example.org/codes"), "{source}");
    let limits = with("[reconnect]\n", "[limits]\nresumes_before_new = { value = 9, reason = \"R.\" }\n\n[reconnect]\n");
    let limits = words(&compared(&limits));
    assert!(limits.contains("9 resumes; answers within 10, 30, 30, 60 s; opened by: "), "{limits}");
    assert!(limits.contains("new sessions, 5 s apart; "), "{limits}");
}

#[test]
fn many_numbers_with_one_answer_are_gathered() {
    let stop = "policy = { action = \"stop\", basis = \"judgement\", reason = \"Why.\" }";
    let other = |text: &str| {
        format!("{HEADER}{}{}", row(10, "A", stop), row(20, "B", stop)).replace("unknown = { action = \"resume\"", text)
    };
    let comparison = compare(
        &[("s/v1/a", &other("unknown = { action = \"resume\""))],
        &[("s/v1/a", &other("unknown = { action = \"new-session\""))],
    );
    assert!(words(&comparison).contains("policy 0-9, 11-19, 21-65535 resume → new session"), "{}", words(&comparison));
    assert!(comparison.differences.iter().all(|one| one.code.is_none()), "no single code is meant");
    let range = |first: u32, action: &str| {
        format!(
            "\n[[code]]\nrange = [{first}, {}]\nname = \"From {first}\"\nsummary = \"S.\"\npolicy = {{ action = \"{action}\", basis = \"judgement\", reason = \"Why.\", wait = \"backoff\" }}\n",
            first + 99
        )
    };
    let two = compare_rows(
        &(range(100, "resume") + &range(300, "new-session")),
        &(range(100, "stop") + &range(300, "stop")).replace(", wait = \"backoff\"", ""),
    );
    let text = words(&two);
    assert!(text.contains("policy 100-199 resume") && text.contains("policy 300-399 new session"), "two answers before: {text}");
    let stop = compare_rows(&row(1, "A", ""), &row(1, "A", &stop.replace("Why.", "Over.")));
    assert!(words(&stop).contains("policy 1 A resume"), "{}", words(&stop));
    let with = |unknown: &str| opcodes(&(bare(1, "One") + unknown));
    let policy = "policy = { action = \"stop\", basis = \"judgement\", reason = \"Why.\" }\n";
    let opcode = compare(&[("s/v1/a", &with(""))], &[("s/v1/a", &with(policy))]);
    assert!(words(&opcode).contains("policy 1 One nothing to do → stop"), "{}", words(&opcode));
    // Of many runs the first are named and the others counted.
    let rows: String = (1..=5).map(|ten| row(10 * ten, &format!("N{ten}"), "")).collect();
    let unknown =
        |action: &str| HEADER.replace("unknown = { action = \"resume\"", &format!("unknown = {{ action = \"{action}\"")) + &rows;
    let many = compare(&[("s/v1/a", &unknown("resume"))], &[("s/v1/a", &unknown("new-session"))]);
    assert!(words(&many).contains("policy 0-9, 11-19, 21-29, 31-39, 2 more resume → new session"), "{}", words(&many));
    // What a client sent is about a code where it is about one.
    for (codes, named) in [("10", true), ("10, 30", false)] {
        let policy = |action: &str| format!("{{ action = \"{action}\", basis = \"judgement\", reason = \"Why.\" }}");
        let sent = |action: &str| format!("{HEADER}sent = {{ codes = [{codes}], policy = {} }}\n{rows}", policy(action));
        let sent = compare(&[("s/v1/a", &sent("resume"))], &[("s/v1/a", &sent("stop"))]);
        let changes: Vec<bool> = sent.differences.iter().map(|one| one.code.is_some()).collect();
        assert_eq!(changes, [named], "{}", words(&sent));
    }
}

#[test]
fn a_change_without_values_says_what_it_means() {
    for more in ["status = \"deprecated\"", "status = \"removed\""] {
        let comparison = compare_rows(&row(1, "A", ""), &row(1, "A", more));
        let [difference] = comparison.differences.as_slice() else { panic!("one change: {:?}", kinds(&comparison)) };
        let means = difference.why;
        assert!(!means.is_empty() && words(&comparison).contains(&format!("1 A {means}")), "{}", words(&comparison));
    }
}

#[test]
fn a_page_says_nothing_of_what_a_kind_does_not_have() {
    let opcode = side("a", &opcodes(&bare(1, "One")));
    let advice = page("a", "Opcodes", &row(1, "One", "advice = \"stop\"\nreconnect = false\nresume = false"));
    assert_eq!(kinds(&diff(&opcode, &advice)), [], "a sentence about an opcode is no advice");
    let close = side("a", &format!("{HEADER}{}", row(1, "One", "")));
    let direction = page("a", "Gateway Close Event Codes", &row(1, "One", "direction = \"send\"\nformat = \"json\""));
    assert_eq!(kinds(&diff(&close, &direction)), [], "a close code has no direction");
    let advice = page("a", "Gateway Close Event Codes", &row(1, "One", "advice = \"stop\""));
    assert_eq!(kinds(&diff(&close, &advice)), [("advice", Bump::Patch)]);
}

#[test]
fn the_identity_of_the_crate_and_its_clients_are_compared() {
    let manifest = |name: &str| format!("name = \"{name}\"\nversion = \"1.0.0\"\ndescription = \"D\"\n");
    let client = |version: &str| {
        format!(
            "[[client]]\nname = \"one\"\nversion = \"{version}\"\nrepository = \"https://example.org\"\n[[client.table]]\ncodes = \"t\"\nresume = [1]\n"
        )
    };
    let folder = |name: &str, notice: &str, version: &str| {
        let table = format!("{HEADER}{}", row(1, "A", ""));
        let texts = [
            ("crate.toml", manifest(name)),
            ("NOTICE", notice.to_owned()),
            ("s/v1/t.toml", table.clone()),
            ("s/clients.toml", client(version)),
            ("t/v1/t.toml", table),
            ("t/clients.toml", client("7")),
        ];
        let registry = lowered(&tables::folder(texts)).unwrap_or_else(|found| panic!("{found:?}"));
        Side::new(name, Arc::new(registry), "")
    };
    let old = folder("codes", "N.", "1");
    let changed = |new: &Side| words(&diff(&old, new));
    assert_eq!(diff(&old, &folder("codes", "N.", "1")).differences.len(), 0);
    assert!(changed(&folder("their-codes", "N.", "1")).contains("package-renamed codes → their-codes"));
    assert!(changed(&folder("codes", "Another.", "1")).contains("the notice of the crate"));
    let clients = changed(&folder("codes", "N.", "2"));
    assert!(clients.contains("what clients of s do") && !clients.contains("what clients of t do"), "{clients}");
}

#[test]
fn a_line_that_fits_is_not_broken() {
    let comparison = compare_rows(&row(1, "A", ""), &row(1, "B", ""));
    let first = |width: usize| {
        let text = anstream::adapter::strip_str(&comparison.report().text(false, width)).to_string();
        text.lines().next().unwrap_or_default().to_owned()
    };
    let whole = first(1000);
    let width = whole.chars().count();
    assert_eq!(first(width), whole);
    assert_ne!(first(width - 1), whole);
}

#[test]
fn the_changes_of_a_table_have_one_heading() {
    let stop = "policy = { action = \"stop\", basis = \"judgement\", reason = \"Why.\" }";
    let comparison = compare_rows(&(row(1, "A", "") + &row(2, "B", "")), &(row(1, "A", stop) + &row(2, "B", stop)));
    let text = comparison.report().markdown();
    assert_eq!(text.matches("\nGateway Close Event Codes (a/v1 GatewayCloseCode)\n").count(), 1, "{text}");
    assert_eq!(text.matches("\n- **policy**").count(), 2, "{text}");
}

/// Where several editions are compared at once, it is said which one changed.
#[test]
fn the_edition_of_a_change_is_named() {
    let (old, new) = (HEADER.to_owned() + &row(1, "A", ""), HEADER.to_owned() + &row(1, "B", ""));
    let comparison = compare(&[("s/v1/a", &old), ("s/v2/a", &old)], &[("s/v1/a", &old), ("s/v2/a", &new)]);
    for text in [words(&comparison), comparison.report().markdown()] {
        assert!(text.contains("(s/v2 ") && !text.contains("(s/v1 "), "{text}");
    }
}

#[test]
fn an_annotation_names_the_table_the_code_and_what_changed() {
    let old = HEADER.to_owned() + &(row(4000, "One", "") + &row(4001, "Two", ""));
    let new = HEADER.to_owned() + &row(4001, "Two", "policy = { action = \"stop\", basis = \"judgement\", reason = \"Why.\" }");
    let comparison = compare(&[("s/v1/a", &old)], &[("s/v1/a", &new)]);
    let text = comparison.report().github();
    for (number, ident, kind) in [("4000", "One", "removed"), ("4001", "Two", "policy")] {
        let message = |line: &&str| line.contains(number) && line.contains(ident) && line.contains(&format!("{kind}: "));
        assert!(text.lines().any(|line| message(&line)), "{kind}: {text}");
    }
    assert!(text.contains("is removed)"), "what breaks is said: {text}");
}

#[test]
fn rows_are_paired_by_the_surest_sign() {
    let found = |old: &str, new: &str| {
        let mut kinds: Vec<&str> = kinds(&compare_rows(old, new)).into_iter().map(|(kind, _)| kind).collect();
        kinds.retain(|kind| !["policy", "reason"].contains(kind));
        kinds.sort_unstable();
        kinds
    };
    let range = |first: u32, last: u32, name: &str| {
        format!(
            "\n[[code]]\nrange = [{first}, {last}]\nname = \"{name}\"\nsummary = \"S.\"\npolicy = {{ action = \"resume\", basis = \"judgement\", reason = \"Why.\" }}\n"
        )
    };
    assert_eq!(
        found(&row(1, "A", ""), &row(2, "B", "renamed_from = \"A\"")),
        ["ident-renamed", "renamed", "renumbered"],
        "the new row says what it was called"
    );
    assert_eq!(found(&range(1, 5, "A"), &range(1, 9, "B")), ["range-changed", "renamed"], "the range starts where it did");
    assert_eq!(found(&range(1, 5, "A"), &range(3, 5, "B")), ["range-changed", "renamed"], "the range ends where it did");
    assert_eq!(found(&range(1, 5, "A"), &range(3, 9, "B")), ["added", "removed"], "nothing is common");
}

#[test]
fn codes_of_pages_are_paired_by_likeness_as_a_guess() {
    let side = |rows: &str| page("t", "Codes", rows);
    let pairs = |old: &str, new: &str| -> Vec<(&str, bool)> {
        let comparison = diff(&side(old), &side(new));
        comparison.differences.iter().map(|one| (one.kind, one.is_guess)).collect()
    };
    let named = |value: u32, name: &str| row(value, "A", "").replace("name = \"A\"", &format!("name = \"{name}\""));
    assert_eq!(pairs(&named(1, "Reset"), &named(2, "reset.")), [("renumbered", true), ("restyled", true)]);
    assert_eq!(pairs(&named(1, "…"), &named(2, "?")), [("removed", false), ("added", false)], "a name without letters is none");
}

#[test]
fn the_order_of_the_rows_of_a_page_does_not_matter() {
    let text = "text = \"The same.\"";
    let rows = [row(1, "A", text), row(2, "B", text), row(3, "C", ""), row(9, "D", "")];
    let new = row(4, "X", text) + &row(5, "Y", text) + &row(9, "Z", "");
    let words_of = |rows: &str| {
        let old = page("t", "Codes", rows);
        let comparison = diff(&old, &page("t", "Codes", &new));
        comparison.differences.iter().map(|one| format!("{:?} {:?}", one.code, one.change)).collect::<Vec<_>>()
    };
    let backwards: String = rows.iter().rev().cloned().collect();
    assert_eq!(words_of(&rows.concat()), words_of(&backwards));
}

#[test]
fn an_answer_is_of_the_row_that_has_the_variant() {
    let gone =
        |ident: &str, day: u32, more: &str| row(11, ident, &format!("status = \"removed\"\nuntil = 2020-01-{day:02}\n{more}"));
    let stop = "policy = { action = \"stop\", basis = \"judgement\", reason = \"Why.\" }";
    let comparison =
        compare_rows(&(gone("Azure", 1, "") + &gone("Reset", 2, "")), &(gone("Azure", 1, "") + &gone("Reset", 2, stop)));
    let idents: Vec<Option<&str>> =
        comparison.differences.iter().map(|one| one.code.as_ref().and_then(|code| code.ident.as_deref())).collect();
    assert_eq!((kinds(&comparison), idents), (vec![("policy", Bump::Policy)], vec![Some("Reset")]), "it was removed last");
}

#[test]
fn rows_move_within_an_edition_only() {
    let table = |rows: &str, name: &str| opcodes(rows).replace("\"Opcode\"", &format!("\"{name}\""));
    let (with, without) = (bare(1, "One") + &bare(7, "Seven"), bare(7, "Seven"));
    let moved = |to: &str| {
        let old = [("s/v1/a", table(&with, "A")), (to, table(&bare(2, "Two"), "B"))];
        let new = [("s/v1/a", table(&without, "A")), (to, table(&(bare(2, "Two") + &bare(3, "One")), "B"))];
        let side = |tables: &[(&str, String); 2]| {
            Side::new("tables", registry(&tables.each_ref().map(|(path, text)| (*path, text.as_str()))), "")
        };
        kinds(&diff(&side(&old), &side(&new)))
    };
    assert_eq!(kinds(&compare_rows(&row(1, "A", ""), &row(3, "A", "")))[0], ("renumbered", Bump::Major));
    assert_eq!(moved("s/v1/b"), [("moved", Bump::Major)]);
    assert_eq!(moved("s/v2/b"), [("removed", Bump::Major), ("added", Bump::Minor)]);
}

#[test]
fn a_code_of_a_page_may_be_there_and_unreadable() {
    let (one, two) = (row(1, "A", ""), row(1, "A", "") + &row(2, "B", ""));
    let side = |rows: &str| page("t", "Codes", rows);
    let unreadable = |name: &str| format!("{one}\n[[code]]\nvalue = \"x\"\nname = \"{name}\"\n");
    assert_eq!(kinds(&diff(&side(&one), &side(&two))), [("added", Bump::Minor)]);
    assert_eq!(kinds(&diff(&side(&two), &side(&one))), [("removed", Bump::Minor)]);
    assert_eq!(kinds(&diff(&side(&unreadable("B")), &side(&two))), [("cannot-tell", Bump::Patch)]);
    // What a page lacks of a table, import keeps.
    let table =
        |page: &str| diff(&self::side("t", &format!("{HEADER}{two}").replace("Gateway Close Event Codes", "Codes")), &side(page));
    assert_eq!(kinds(&table(&unreadable("B"))), [("cannot-tell", Bump::Patch)]);
    assert!(kinds(&table(&one)) == [("removed", Bump::Minor)] && table(&one).summary().ends_with("if imported: minor"));
    // Neither its number nor its name was there.
    assert_eq!(kinds(&diff(&side(&unreadable("Other")), &side(&two))), [("added", Bump::Minor)]);
}

#[test]
fn another_way_to_the_same_answers_is_a_change_of_the_documentation() {
    let table = format!("{HEADER}{}", row(1, "A", ""));
    let base = table.replace("GatewayCloseCode", "Base");
    let with = |key: &str| table.replace("[reconnect]\n", &format!("[reconnect]\n{key}\n"));
    let compared = |new: &str| compare(&[("base/v1/t", &base), ("s/v1/t", &table)], &[("base/v1/t", &base), ("s/v1/t", new)]);
    let resume = "{ action = \"resume\", basis = \"judgement\", reason = \"Nothing.\" }";
    for key in ["extends = \"base/v1/t\"".to_owned(), format!("sent = {{ codes = [1000], policy = {resume} }}")] {
        let comparison = compared(&with(&key));
        assert_eq!(kinds(&comparison), [("docs", Bump::Patch)], "{key}");
        assert!(words(&comparison).contains("how the table finds its answers; the answers are the same"), "{key}");
    }
    assert_eq!(kinds(&compared(&with("resumable = true"))), []);
}

#[test]
fn tables_that_a_side_cannot_have_are_not_missing() {
    let table = opcodes(&bare(1, "One"));
    let folder =
        registry(&[("s/v1/a", &table), ("s/v1/b", &table.replace("\"Opcode\"", "\"Other\"").replace("Opcodes", "Others"))]);
    let side = |scope: &str| Side::new("tables", Arc::clone(&folder), scope);
    let one = || side("s/v1/a");
    assert_eq!(kinds(&diff(&side(""), &one())), []);
    assert_eq!(kinds(&diff(&one(), &side(""))), []);
    let page = page("a", "Opcodes", &bare(1, "One"));
    assert_eq!(kinds(&diff(&side(""), &page)), [], "a page is of one table");
}

#[test]
fn an_edition_is_named_as_a_whole() {
    let table = opcodes(&bare(1, "One"));
    let comparison = compare(&[("s/v1/a", &table), ("t/v1/a", &table)], &[("t/v1/a", &table)]);
    let found = value(&comparison);
    let name = json!({ "edition": "s/v1", "file": "", "title": "s/v1", "enum": null });
    assert_eq!(found["changes"][0]["table"], name);
    assert!(words(&comparison).contains("removed and renamed: s/v1 edition-removed"), "{}", words(&comparison));
}

#[test]
fn each_change_has_the_items_that_follow_from_it() {
    let old = opcodes(&(bare(1, "One") + &bare(2, "Two")));
    let new = opcodes(&bare(1, "One")).replace("\"u8\"", "\"u16\"");
    let comparison = compare(&[("s/v1/a", &old)], &[("s/v1/a", &new)]);
    let items = |kind: &str| -> Vec<&str> {
        let of_kind = comparison.differences.iter().filter(|one| one.kind == kind);
        of_kind.flat_map(|one| &one.items).map(|item| item.path.as_str()).collect()
    };
    assert_eq!(items("removed"), ["s::v1::Opcode::Two"]);
    assert!(items("repr").is_empty() && kinds(&comparison).contains(&("repr", Bump::Major)));
}

/// A cell that is not understood, or a column that a page does not have, says nothing of a code.
#[test]
fn what_a_page_does_not_say_is_no_change_of_a_code() {
    let page = |header: &str, cells: &str| {
        let columns = header.matches('|').count() - 1;
        let text = format!("###### Opcodes\n\n{header}\n|{}\n{cells}\n", "---|".repeat(columns));
        Sides::pages("page", &[SourceFile::new("opcodes.md", text)]).expect("it is a page").0
    };
    let whole = page("| Code | Name | Client Action |", "| 1 | One | Send |");
    let other = page("| Code | Name | Client Action |", "| 1 | One | Receive |");
    let odd = page("| Code | Name | Client Action |", "| 1 | One | sometimes |");
    let lost = page("| Code | Name |", "| 1 | One |");
    assert_eq!(kinds(&diff(&whole, &other)), [("direction", Bump::Minor)]);
    for (less, said) in [(&odd, vec![]), (&lost, vec![("lost-column", Bump::Patch)])] {
        assert_eq!(kinds(&diff(&whole, less)), said);
        let table = opcodes(&(bare(1, "One") + "direction = \"send\"\n"));
        assert_eq!(kinds(&diff(&side("opcodes", &table), less)), said);
    }
}

/// A code that is struck through while another number gets its name says where it seems to be now.
#[test]
fn a_code_that_seems_to_have_moved_says_where() {
    let (old, new) = (row(1, "Shard", "") + &row(2, "Other", ""), row(1, "Shard", "status = \"removed\"") + &row(2, "Other", ""));
    let moved = new.clone() + &row(7, "Shard", "").replace("ident = \"Shard\"", "ident = \"Shard7\"");
    let found = words(&compare_rows(&old, &moved));
    assert!(found.contains("looks moved: 7 has its name or sentence"), "{found}");
    assert!(!words(&compare_rows(&old, &new)).contains("looks moved"));
}

/// Tables that swap their files are the same tables: the enum is what users name.
#[test]
fn tables_that_swap_their_files_are_paired_by_their_enums() {
    let (one, other) =
        (header("One", "One", "opcodes", "u8") + &bare(1, "A"), header("Other", "Other", "opcodes", "u8") + &bare(2, "B"));
    let swapped = compare(&[("s/v1/one", &one), ("s/v1/other", &other)], &[("s/v1/one", &other), ("s/v1/other", &one)]);
    assert_eq!(kinds(&swapped), [("file-renamed", Bump::Patch); 2], "{}", words(&swapped));
}

#[test]
fn a_code_that_was_added_shows_its_columns() {
    let added = compare_rows(&row(4000, "A", ""), &(row(4000, "A", "") + &row(4001, "B", "reconnect = false")));
    assert!(words(&added).contains("added 4001 B B (reconnect: no)"), "{}", words(&added));
}

/// Every kind that a report names can be asked for, and says what it means; a meaning of two kinds would help with neither.
#[test]
fn each_kind_of_change_is_explained() {
    let known: Vec<&str> = rules().map(|(name, _)| name).collect();
    let mut meanings = std::collections::BTreeMap::new();
    for (kind, meaning) in wirecodes_codegen::kinds() {
        assert!(known.contains(&kind) && !meaning.is_empty(), "{kind}: {meaning}");
        assert_eq!(*meanings.entry(meaning).or_insert(kind), kind, "{meaning}");
    }
}

#[test]
fn the_first_five_rows_of_a_section_are_open_and_the_others_folded() {
    let rows = |codes: std::ops::Range<u32>| codes.map(|code| row(code, &format!("C{code}"), "")).collect::<String>();
    let text = compare_rows(&rows(1..2), &rows(1..9)).report().markdown();
    let (open, folded) = text.split_once("<details><summary>2 more</summary>").expect("what is folded");
    assert_eq!((open.matches("**added**").count(), folded.matches("**added**").count()), (5, 2), "{text}");
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(wirecodes_tests::cases(48)) })]

    /// A report that is cut has no more than it may, and every part that it opens is closed.
    #[test]
    fn a_report_that_is_cut_fits(codes in 2_u32..100, most in 400_usize..9000) {
        let rows = |last: u32| (1..last).map(|code| row(code, &format!("C{code}"), "")).collect::<String>();
        let whole = compare_rows(&rows(2), &rows(codes)).report().markdown();
        let cut = Report::within(&whole, most);
        prop_assert!(cut.chars().count() <= most, "{}", cut.chars().count());
        prop_assert_eq!(cut.matches("<details>").count(), cut.matches("</details>").count());
        prop_assert_eq!(cut == whole, whole.chars().count() <= most);
    }
}

/// Whatever a page says and however wide a line is, no line begins with what a runner of workflows obeys.
#[test]
fn no_line_of_a_report_is_a_command_for_a_runner() {
    let old = row(1, "A", "note = \"The old ::error file=x::note and ##[error] of a page\"");
    let mut comparison = compare_rows(&old, &old.replace("The old", "What is new and ::warning::there, or"));
    for difference in &mut comparison.differences {
        difference.table.as_mut().expect("it is in a table").title = "::stop-commands::x".to_owned();
    }
    let texts = (10..100).map(|width| (width, anstream::adapter::strip_str(&comparison.report().text(true, width)).to_string()));
    for (width, text) in texts.chain([(0, comparison.report().markdown())]) {
        let obeyed = text.lines().find(|line| line.trim_start().starts_with("::") || line.contains("##["));
        assert_eq!(obeyed, None, "{width}: {text}");
    }
}

/// The lowest version that fits a change, and whether others fit.
#[test]
fn each_change_needs_its_version() {
    for (released, bump, lowest, too_low) in [
        ("1.2.3", Bump::None, "1.2.3", "1.2.2"),
        ("1.2.3", Bump::Patch, "1.2.4", "1.2.3"),
        ("1.2.3", Bump::Minor, "1.3.0", "1.2.4-rc.1"),
        ("1.2.3", Bump::Policy, "1.3.0", "1.2.9"),
        ("1.2.3", Bump::Major, "2.0.0", "1.9.9"),
        ("0.2.3", Bump::Policy, "0.2.4", "0.2.3"),
        ("0.2.3", Bump::Major, "0.3.0", "0.2.9"),
        ("0.0.3", Bump::Patch, "0.0.4", "0.0.3"),
        ("0.0.3", Bump::Major, "0.0.4", "0.0.3"),
        ("1.0.0-rc.1", Bump::Major, "1.0.0", "1.0.0-rc.1"),
        ("1.0.0-rc.1", Bump::None, "1.0.0-rc.1", "0.9.0"),
        ("1.0.0-rc.2", Bump::Patch, "1.0.0", "1.0.0-rc.1"),
    ] {
        let version = |text: &str| text.parse().expect("a version");
        assert_eq!(bump.lowest_version(&version(released)).to_string(), lowest, "{released} {bump:?}");
        for (candidate, fits) in [(lowest, true), (too_low, false)] {
            assert_eq!(bump.fits(&version(candidate), &version(released)), fits, "{released} {bump:?} {candidate}");
        }
    }
    for (released, candidate) in [("1.2.3", "2.0.0-rc.1"), ("1.0.0-rc.1", "1.0.0-rc.2")] {
        let fits = Bump::Major.fits(&candidate.parse().expect("a version"), &released.parse().expect("a version"));
        assert!(fits, "{released} {candidate}");
    }
}
