//! Bringing tables up to date: what an unattended import must never do, each rule on small pages of its own.

use proptest::prelude::*;
use wirecodes_codegen::{ImportOptions, Sides, SourceFile, diff};
use wirecodes_tests::desk::{Desk, Done, date, options};

const CLOSE: &str = "###### Gateway Close Event Codes\n\n| Code | Description | Explanation | Reconnect |\n|---|---|---|---|\n";
const OPCODES: &str = "###### Voice Opcodes\n\n| Code | Name | Sent By | Description |\n|---|---|---|---|\n";
const ERRORS: &str = "###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n";

fn close(rows: &str) -> String {
    format!("# Codes\n\n{CLOSE}{rows}")
}

fn opcodes(rows: &str) -> String {
    format!("# Codes\n\n{OPCODES}{rows}")
}

fn errors(codes: impl Iterator<Item = u32>) -> String {
    let rows: String = codes.map(|code| format!("| {code} | Error number {code} |\n")).collect();
    format!("# Codes\n\n{ERRORS}{rows}")
}

const TABLE: &str = r#"# A comment at the top.
title = "Gateway Close Event Codes"
enum = "GatewayCloseCode"   # beside a key
kind = "close-codes"
repr = "u16"
summary = "Why it closed."

[reconnect]
absent = { action = "resume", basis = "judgement", reason = "Nothing was said." }
unknown = { action = "resume", wait = "backoff", basis = "judgement", reason = "Nothing is known." }

# Above the first row.
  [[code]]
  summary = "Ours."   # and odd order
  value   = 4000
  ident = "SomethingElse"
  name = "Unknown error" # beside the name
  note = "A note."
  policy = { action = "stop", basis = "judgement", reason = "Because." }
  reconnect = true
  # above the status
  status = "deprecated" # beside the status
  text = "000000000000"

[[code]]
value = 4002
name = "Decode error"
ident = "DecodeError"

[code.policy]
action = "resume"
basis = "judgement"
reason = "Because."
# The end of the rows.

[source]
document = "Codes"
date = 2020-01-01
revision = "old"
"#;

/// Of "We do not know." and of "Bad.".
const FINGERPRINTS: [&str; 2] = ["c9e460cc0296", "6fe7d7112caa"];

#[test]
fn every_byte_that_is_no_fact_stays() {
    for (text, eol) in [(TABLE.to_owned(), "\n"), (TABLE.replace('\n', "\r\n"), "\r\n")] {
        let mut desk = Desk::with("gateway-close-codes", &text);
        let rows = "| 4000 | Unknown error! | We do not know. | false |\n| 4001 | Unknown opcode | Bad opcode. | true |\n| 4002 | Decode error | Bad. | true |\n| 4003 | Last | One. | true |\n";
        let done = desk.import_with(&close(rows), &ImportOptions { revision: Some("new".to_owned()), ..options() });
        assert!(!done.is_failed(), "{:?}", done.found);
        let after = desk.text("gateway-close-codes").to_owned();
        let expected = text
            .replace("2020-01-01", "2026-07-21")
            .replace("\"old\"", "\"new\"")
            .replace("\"Unknown error\" #", "\"Unknown error!\" #")
            .replace("reconnect = true", "reconnect = false")
            .replace("status = \"deprecated\" # beside the status", "# beside the status")
            .replace("000000000000", FINGERPRINTS[0])
            .replace(
                &format!("name = \"Decode error\"{eol}"),
                &format!("name = \"Decode error\"{eol}reconnect = true{eol}text = \"{}\"{eol}", FINGERPRINTS[1]),
            );
        let without_new = |text: &str| {
            let mut rest = text.to_owned();
            for number in ["4001", "4003"] {
                let at = rest.find(&format!("value = {number}")).expect("the new row is there");
                let from = rest[..at].rfind("[[code]]").unwrap();
                let to =
                    rest[at..].find(&format!("reason = \"Not reviewed yet: treated like an unknown code.\" }}{eol}")).unwrap();
                let end = at + to + format!("reason = \"Not reviewed yet: treated like an unknown code.\" }}{eol}").len();
                // With the blank line that separates it.
                let from = if number == "4003" { from - eol.len() } else { from };
                let end = if number == "4001" { end + eol.len() } else { end };
                rest.replace_range(from..end, "");
            }
            rest
        };
        assert_eq!(without_new(&after), expected, "{after}");
        assert!(after.find("4001").unwrap() < after.find("4002").unwrap());
        let again = desk.import_with(&close(rows), &ImportOptions { revision: Some("new".to_owned()), ..options() });
        assert!(again.imported.written.is_empty() && again.is_up_to_date(), "{:?}", again.imported.tables);
        desk.loads();
    }
}

#[test]
fn n01_two_tables_never_become_one() {
    let mut desk = Desk::of(&(close("| 4000 | A | B. | true |\n") + "\n" + OPCODES + "| 0 | Identify | client | Begin. |\n"));
    let page = close("| 4000 | A | B. | true |\n")
        + "\n"
        + OPCODES
        + "| 0 | Identify | client | Begin. |\n\n###### Activity Opcodes\n\n| Code | Name |\n|---|---|\n| 100 | Handshake |\n| 101 | Frame |\n";
    assert_eq!(desk.stays_after(&page).imported.passed_over.len(), 1);
    // Two headings that lead to one file are an error that names both.
    desk.replace("voice-opcodes", "enum =", "headings = [\"Activity Opcodes\"]\nenum =");
    let done = desk.import(&page);
    let message = done.message("two-tables");
    assert!(message.contains("`Voice Opcodes`") && message.contains("`Activity Opcodes`"), "{:?}", done.found);
}

/// However many tables are under one heading, and whichever of them have the rows of the file: a second import either knows the
/// one, or reads none. Before, of three tables the third was taken for the first.
#[test]
fn n01_tables_of_one_heading_never_replace_each_other() {
    let parts =
        ["| 4000 | A | B. | true |\n| 4001 | C | D. | true |\n", "| 4000 | A | Other. | false |\n| 4001 | C | D. | true |\n"];
    let other = "| 4009 | X | Y. | true |\n";
    let orders: [&[&str]; 6] = [
        &[parts[0], other, parts[1]],
        &[parts[0], parts[1], other],
        &[other, parts[0], parts[1]],
        &[parts[0], other, other],
        &[parts[0], parts[1], parts[0], other],
        &[parts[0], parts[0], parts[1]],
    ];
    for order in orders {
        let mut desk = Desk::new();
        let page: String = order.iter().map(|rows| close(rows) + "\n").collect();
        let first = desk.import(&page);
        assert_eq!(first.found.iter().filter(|found| found.rule == "two-tables").count(), order.len() - 1, "{:?}", first.found);
        let again = desk.stays_after(&page);
        let is_told = again.has("two-tables") || again.has("unknown-table") || again.is_up_to_date();
        assert!(is_told, "{order:?}: {:?}", again.found);
    }
}

/// Tables under one generic heading are told apart by the headings around it, each time in the same way. Before, one with two
/// names for its number took the file of the other.
#[test]
fn n01_tables_of_one_generic_heading_stay_in_their_files() {
    let table = |outer: &str, rows: &str| format!("## {outer}\n\n### Close Codes\n\n| Code | Meaning |\n|---|---|\n{rows}\n");
    let rows = ["| 4001 | Other |\n", "| 4001 | Other |\n| 4002 | Late |\n", "| 4002 | Late |\n"];
    for (one, two) in [(0, 0), (0, 1), (1, 0), (1, 1), (0, 2), (2, 1)] {
        let page = format!("# Page\n\n{}{}", table("Voice", rows[one]), table("Gateway", rows[two]));
        let mut desk = Desk::of(&page);
        assert_eq!(desk.texts.len(), 4, "{:?}", desk.texts.keys());
        for page in [page.clone(), format!("# Page\n\n{}{}", table("Gateway", rows[two]), table("Voice", rows[one]))] {
            let again = desk.stays_after(&page);
            assert!(again.is_up_to_date() && !again.is_failed(), "{page}: {again:#?}");
        }
    }
}

/// Where two tables under its heading cannot be told apart, a file is not given to a third, however like it is.
#[test]
fn n01_a_table_that_is_ambiguous_goes_to_nobody_else() {
    let rows = "| 4000 | A | B. | true |\n| 4001 | C | D. | true |\n| 4002 | E | F. | true |\n";
    let mut desk = Desk::of(&close(rows));
    let page = close(rows)
        + "\n"
        + &close(rows)
        + "\n"
        + &close(&(rows.to_owned() + "| 4003 | G | H. | true |\n")).replace("Gateway", "Voice");
    let done = desk.stays_after(&page);
    assert!(done.has("two-tables") && !done.has("renamed-heading"), "{:?}", done.found);
}

/// Of two tables that look like one whose heading is gone, neither is guessed to be it.
#[test]
fn n01_a_renamed_heading_is_never_guessed() {
    let rows = "| 4000 | A | B. | true |\n| 4001 | C | D. | true |\n| 4002 | E | F. | true |\n";
    let mut desk = Desk::of(&close(rows));
    let [one, other] = ["Old", "New"].map(|name| close(rows).replace("Gateway Close Event Codes", &format!("{name} Codes")));
    let done = desk.stays_after(&(one.clone() + "\n" + &other));
    let message = done.message("two-tables");
    assert!(
        message.contains("`Old Codes` and `New Codes`") && message.contains("add its heading to `headings`"),
        "{:?}",
        done.found
    );
    let done = desk.stays_after(&one);
    assert!(done.message("renamed-heading").contains("headings = [\"Old Codes\"]"), "{:?}", done.found);
}

/// What is suggested reads a table that is meant, and not another one under the same heading.
#[test]
fn n01_a_suggested_command_reads_what_it_says() {
    let table = |outer: &str, name: &str| {
        format!("## {outer}\n\n### Close Codes\n\n| Code | Meaning |\n|---|---|\n| 4001 | {name} |\n| 4002 | Late |\n\n")
    };
    let page = format!("# Page\n\n{}{}{}", table("Voice", "Other"), table("Gateway", "Odd"), table("Gateway", "Even"));
    let mut desk = Desk::new();
    let first = desk.import(&page);
    // By this heading the table below "Voice" would be asked for.
    assert!(first.message("two-tables").contains("a heading of its own"), "{:?}", first.found);
    let renamed = desk.text("gateway-close-codes").replace("\"Odd", "\"Other");
    let renamed: Vec<&str> = renamed.lines().filter(|line| !line.starts_with("text = ")).collect();
    desk.texts.insert("test/v1/gateway-close-codes.toml".to_owned(), renamed.join("\n"));
    let again = desk.import(&page.replace("Even", "Other").replace("Odd", "Other"));
    assert!(again.message("two-tables").contains("'Close Codes=gateway-close-codes'"), "{:?}", again.found);
    let take = vec!["Close Codes=gateway-close-codes".parse().unwrap()];
    let done = desk.import_with(&page, &ImportOptions { take, ..options() });
    assert!(desk.text("gateway-close-codes").contains("Odd"), "{:?}", done.found);
    assert!(desk.text("voice-close-codes").contains("Other"), "{:?}", done.found);
}

/// Rows count once: two that repeat one number are not twice like the table.
#[test]
fn n01_a_row_is_like_one_row() {
    let mut desk = Desk::of(&close("| 4001 | A | B. | true |\n"));
    let twice = "| ~~4001~~ | ~~A~~ | ~~C.~~ | |\n| 4001 | A! | D. | true |\n";
    let done = desk.stays_after(&(close("| 4001 | A | B. | true |\n") + "\n" + &close(twice)));
    assert!(done.has("two-tables"), "{:?}", done.found);
}

#[test]
fn what_is_said_of_a_heading_can_be_printed_and_typed() {
    let page = close("| 4000 | A | B. | true |\n").replace("Event", "Ev\u{1b}'t");
    let done = Desk::new().import(&(page.clone() + "\n" + &page));
    let found = done.found.iter().find(|found| found.rule == "two-tables").expect("two tables lead to one file");
    let help = &found.help[0];
    assert!(help.contains(r#""Gateway Close Ev\u{1b}'t Codes=another-name""#), "{help}");
}

#[test]
fn a_warning_that_a_row_or_a_table_allows_is_not_repeated() {
    let page = "# Codes\n\n###### Gateway Close Event Codes\n\n| Code | Description | Explanation | Reconnect | Colour |\n|---|---|---|---|---|\n\
                | 4000 | Unknown | It failed. | true | red |\n| 4001 | Odd* | It is odd. | true | red |\n| 4002 | Other* | Too. | true | red |\n";
    let warnings = |done: &Done| -> Vec<&str> { done.found.iter().map(|finding| finding.rule).collect() };
    let mut desk = Desk::of(page);
    assert_eq!(warnings(&desk.import(page)), ["unknown-column", "footnote", "footnote"]);
    desk.replace("gateway-close-codes", "enum =", "allow = [\"unknown-column\"]\nenum =");
    desk.replace("gateway-close-codes", "value = 4001", "allow = [\"footnote\"]\nvalue = 4001");
    desk.loads();
    let done = desk.import(page);
    assert_eq!(warnings(&done), ["footnote"]);
    assert!(done.found[0].message.contains("4002"), "{}", done.found[0].message);
    // What is lost is an error whatever the row says.
    assert!(warnings(&desk.import(&page.replace("| 4001 |", "| 4OO1 |"))).contains(&"row-without-code"));
}

#[test]
fn a_row_that_cannot_be_read_matters_only_in_a_table_that_is_imported() {
    let words = "\n\n###### Close Reasons\n\n| Code | Meaning |\n|---|---|\n| Ends | No number. |\n";
    let numbers = "\n\n###### Payload Limits\n\n| Code | Meaning |\n|---|---|\n| 1 | One |\n| Ends | No number. |\n";
    let good = close("| 4000 | Unknown | It failed. | true |\n");
    let unread = |done: &Done| done.found.iter().filter(|finding| finding.rule == "row-without-code").count();
    let mut desk = Desk::new();
    assert_eq!(unread(&desk.import(&good)), 0);
    assert_eq!(unread(&desk.import(&format!("{good}{words}{numbers}"))), 0);
    assert_eq!(unread(&desk.import(&close("| 4000 | Unknown | It failed. | true |\n| 4OO1 | Odd | | |\n"))), 1);
    let taken = ImportOptions { take: vec!["Payload Limits=limits".parse().unwrap()], ..options() };
    assert_eq!(unread(&desk.import_with(&format!("{good}{words}{numbers}"), &taken)), 1);
}

#[test]
fn n02_nothing_comes_that_nobody_asked_for() {
    let mut desk = Desk::new();
    let page = close("| 4000 | A | B. | true |\n") + "\n## Payload Limits\n\n| Value | Name |\n|---|---|\n| 1 | Guilds |\n";
    let done = desk.import(&page);
    assert_eq!(done.imported.passed_over[0].heading, "Payload Limits");
    assert_eq!(desk.texts.len(), 3);
    let take = vec!["Payload Limits=limits".parse().unwrap()];
    let _ = desk.import_with(&page, &ImportOptions { take, ..options() });
    assert!(desk.text("limits").contains("kind = \"error-codes\"") && desk.text("limits").contains("enum = \"Limit\""));
    // The TOML decides the kind.
    desk.replace("limits", "error-codes", "opcodes");
    let done = desk.import(&page.replace("| 1 | Guilds |", "| 1 | Guilds |\n| 2 | Roles |"));
    assert!(!done.is_failed() && desk.text("limits").contains("kind = \"opcodes\""));
    desk.loads();
}

#[test]
fn n03_a_change_of_advice_is_a_policy_matter() {
    let mut desk = Desk::of(&close("| 4008 | Limited | Slow down. Try resuming. | |\n| 4009 | Other | Text. | |\n"));
    let done = desk.import(&close("| 4008 | Limited | Slow down. Should not reconnect. | |\n| 4009 | Other | Text. | |\n"));
    let needs = done.review("policy-contradicted");
    assert!(
        needs.len() == 1 && needs[0].contains("resume → stop") && needs[0].contains("the policy is still resume"),
        "{needs:?}"
    );
    assert_eq!(done.changed("advice"), ["4008"]);
    assert_eq!(done.imported.comparison.needed(), wirecodes_codegen::Bump::Policy);
}

#[test]
fn n04_a_lost_column_wipes_no_fact() {
    let mut desk = Desk::new();
    let rows = "| 4000 | A | B. Should not reconnect. | false |\n| 4001 | C | D. | true |\n";
    let _ = desk.import(&close(rows));
    let renamed = close(rows).replace("| Explanation | Reconnect |", "| What it means | Can reconnect |");
    let done = desk.stays_after(&renamed);
    assert_eq!(done.found.iter().filter(|found| found.rule == "lost-column").count(), 1, "{:?}", done.found);
}

#[test]
fn n04_a_direction_that_is_not_understood_is_an_error_and_changes_nothing() {
    let mut desk = Desk::of(&opcodes("| 0 | A | Server to client | B. |\n| 1 | C | client->server | D. |\n"));
    assert!(
        desk.text("voice-opcodes").contains("direction = \"receive\"")
            && desk.text("voice-opcodes").contains("direction = \"send\"")
    );
    let done = desk.stays_after(&opcodes("| 0 | A | sometimes | B. |\n| 1 | C | client->server | D. |\n"));
    assert!(done.has("odd-cell") && done.is_failed());
}

#[test]
fn n04_a_column_on_resuming_is_read() {
    let mut desk = Desk::new();
    let page = "# Codes\n\n###### Close Codes\n\n| Code | Name | Description | Reconnect | Resumable |\n|---|---|---|---|---|\n| 4000 | A | B. | Yes | Yes |\n| 4001 | C | D. | Yes | No |\n";
    let _ = desk.import(page);
    let text = desk.text("close-codes").to_owned();
    assert!(text.contains("resume = true") && text.contains("resume = false"), "{:?}", desk.texts);
    assert!(text.contains("action = \"new-session\", wait = { backoff = [5, 300] }, basis = \"documented\""), "{text}");
    desk.loads();
}

#[test]
fn n05_no_row_leaves_without_a_word() {
    let mut desk = Desk::of(&errors(1..=20));
    let done = desk.import(&errors(1..=18));
    assert_eq!(done.changed("struck-out"), ["19", "20"]);
    desk.replace("json-error-codes", "status = \"removed\"\n", "status = \"removed\"\nuntil = 2026-01-01\n");
    desk.loads();
    let restored = desk.import(&errors(1..=20));
    assert_eq!(restored.changed("restored"), ["19", "20"]);
    assert!(!desk.text("json-error-codes").contains("removed") && !desk.text("json-error-codes").contains("until"));
    desk.loads();
}

#[test]
fn n05_more_than_a_fifth_needs_a_person() {
    for (live, left, is_refused) in [(20, 4, false), (20, 5, true), (25, 5, false), (25, 6, true), (5, 3, false), (5, 4, true)] {
        let mut desk = Desk::new();
        let two = |codes: u32| errors(1..=codes) + "\n" + OPCODES + "| 0 | A | client | B. |\n";
        let _ = desk.import(&two(live));
        let before = desk.text("json-error-codes").to_owned();
        let page = two(live - left).replace("| 0 | A |", "| 0 | A new name |");
        let done = desk.import(&page);
        assert_eq!(done.is_failed(), is_refused, "{left} of {live}");
        assert_eq!(desk.text("json-error-codes") == before, is_refused, "{left} of {live}");
        assert!(desk.text("voice-opcodes").contains("A new name"), "one table does not block the others");
        if is_refused {
            assert!(!done.message("too-many-removals").contains("--prune"));
            let accept_removals = Some(vec!["json-error-codes".to_owned()]);
            let done = desk.import_with(&page, &ImportOptions { accept_removals, ..options() });
            assert!(!done.is_failed());
            assert_eq!(desk.text("json-error-codes").matches("status = \"removed\"").count(), left as usize);
        }
    }
}

#[test]
fn n05_a_code_that_moved_is_told_from_one_that_left() {
    let mut desk = Desk::new();
    let rows = |code: u32| {
        close(&format!(
            "| 4000 | A | B. | true |\n| {code} | Sharding required | Use shards. | true |\n| 4020 | Z | Z. | true |\n"
        ))
    };
    let _ = desk.import(&rows(4011));
    let done = desk.import(&rows(4111));
    assert_eq!((done.changed("struck-out"), done.changed("added")), (vec!["4011".to_owned()], vec!["4111".to_owned()]));
    assert!(done.words().contains("4111"), "{}", done.words());
}

#[test]
fn n05_what_cannot_be_read_removes_and_prunes_nothing() {
    let mut desk = Desk::of(&errors(1..=20));
    let page = errors(1..=20).replace("| 9 |", "| nine |");
    for prune in [false, true] {
        let done = desk.stays_after_with(&page, &ImportOptions { prune, ..options() });
        assert!(done.has("row-without-code") && done.has("cannot-tell"));
    }
    let done = desk.import_with(&errors(1..=19), &ImportOptions { prune: true, ..options() });
    assert!(!done.is_failed() && !desk.text("json-error-codes").contains("value = 20"));
    let _ = desk.import_with(&errors(1..=20), &options());
    assert!(desk.text("json-error-codes").contains("value = 20"));
}

#[test]
fn n05_a_table_that_the_page_does_not_have_stays() {
    let one = close("| 4000 | A | B. | true |\n");
    let mut desk = Desk::of(&(one.clone() + "\n" + OPCODES + "| 0 | A | client | B. |\n"));
    let done = desk.stays_after_with(&one, &ImportOptions { prune: true, ..options() });
    assert_eq!(done.found.iter().filter(|found| found.rule == "table-not-on-page").count(), 1);
    // It is that page even if only its tables say so: it has no title, and another file name.
    let later = ImportOptions { date: Some(date("2026-07-22")), ..options() };
    let done = desk.import_pages(&[("copy.md", one.trim_start_matches("# Codes"))], &later);
    assert!(done.message("table-not-on-page").contains("voice-opcodes"), "{:?}", done.found);
}

/// The first import says of the tables that it leaves out what the second one says: that `ignore` names them, or that nothing does.
#[test]
fn n05_the_first_import_names_what_the_second_one_names() {
    let table = "| Value | Name |\n|---|---|\n| 1 | One |\n\n";
    for (page, is_ignored) in [
        (format!("{table}{CLOSE}| 4000 | A | B. | true |\n"), false),
        (format!("## Limits\n\n{table}{CLOSE}| 4000 | A | B. | true |\n"), true),
        (format!("## Lim\u{1b}its\n\n{table}{CLOSE}| 4000 | A | B. | true |\n"), false),
    ] {
        let mut desk = Desk::new();
        let first = desk.import(&page);
        assert_eq!(first.words().contains("listed under `ignore`"), is_ignored, "{page}: {}", first.words());
        let second = desk.stays_after(&page);
        let named = |done: &Done| done.message("unknown-table");
        assert_eq!((named(&first), named(&second).is_empty()), (named(&second), is_ignored), "{page}");
    }
}

/// A row that lost cells says nothing of their columns, and changes nothing there.
#[test]
fn n04_a_cell_that_a_row_lost_is_named_and_its_facts_stay() {
    let mut desk = Desk::of(&close("| 4000 | A | B. | true |\n| 4001 | C | D. | true |\n"));
    for (row, says) in [("| 4001 | C | D. |", "for: column"), ("| 4001 | C |", "for: ")] {
        let done = desk.stays_after(&close(&format!("| 4000 | A | B. | true |\n{row}\n")));
        assert!(done.message("missing-cells").contains("in the row of 4001"), "{says}: {:?}", done.found);
    }
    let done = desk.import(&close("| 4000 | A | B. | true |\n| ~~4001~~ | ~~C~~ |\n"));
    assert!(!done.has("missing-cells"), "a row that is struck through often loses its other cells");
}

/// What stands between two rows that go is not of them.
#[test]
fn n05_what_is_between_pruned_rows_stays() {
    let row = |number: u32| format!("| {number} | Name {number} | B. | true |\n");
    let mut desk = Desk::of(&close(&(4000..4012).map(row).collect::<String>()));
    let between = "# Written by hand.\n[limits]\nidentify_every = { value = 6, reason = \"R.\" }\n\n";
    desk.replace("gateway-close-codes", "[[code]]\nvalue = 4001", &format!("{between}[[code]]\nvalue = 4001"));
    desk.loads();
    let page = close(&(4002..4012).map(row).collect::<String>());
    let done = desk.import_with(&page, &ImportOptions { prune: true, ..options() });
    assert!(!done.is_failed(), "{:?}", done.found);
    let after = desk.text("gateway-close-codes");
    assert!(after.contains(between) && !after.contains("value = 4001") && !after.contains("value = 4000"), "{after}");
    desk.loads();
}

/// The keys of a page have one order: that in which an import puts in a key that was not there.
#[test]
fn a_new_key_of_the_source_stands_in_its_place() {
    let page = close("| 4000 | A | B. | true |\n");
    let mut desk = Desk::of(&page);
    desk.replace("sources", "date = 2026-07-21\n", "date = 2026-07-21\npath = \"page.md\"\n");
    let repository = Some(("https://example.org/docs".to_owned(), "page.md".to_owned()));
    let _ = desk.import_with(&page, &ImportOptions { revision: Some("one".to_owned()), repository, ..options() });
    let source = desk.text("sources").split("]\n").nth(1).expect("a page");
    let keys: Vec<&str> = source.lines().map_while(|line| line.split_once(" = ")).map(|(key, _)| key).collect();
    assert_eq!(keys, ["document", "date", "revision", "repository", "path"], "{source}");
    desk.loads();
}

#[test]
fn n06_the_revision_is_that_of_the_text() {
    let row = |name: &str| close(&format!("| 4000 | {name} | B. | true |\n"));
    let with = |date_text: &str, revision: Option<&str>| ImportOptions {
        date: Some(date(date_text)),
        revision: revision.map(str::to_owned),
        ..options()
    };
    let mut desk = Desk::new();
    let _ = desk.import_with(&row("A"), &with("2026-01-01", Some("one")));
    assert!(desk.text("sources").contains("revision = \"one\""));
    let _ = desk.import_with(&row("A"), &with("2026-01-01", None));
    assert!(desk.text("sources").contains("revision = \"one\""), "the same text of the same day");
    let _ = desk.import_with(&row("B"), &with("2026-01-01", None));
    assert!(!desk.text("sources").contains("revision"), "another text of the same day");
    let _ = desk.import_with(&row("B"), &with("2026-01-01", Some("two")));
    let _ = desk.import_with(&row("C"), &ImportOptions { date: None, ..options() });
    assert!(!desk.text("sources").contains("revision") && desk.text("sources").contains("2026-08-01"));
    assert!(desk.stays_after_with(&row("D"), &with("2020-01-01", None)).has("older-page"));
    let done = desk.import_with(&row("D"), &ImportOptions { allow_older: true, ..with("2020-01-01", None) });
    assert!(!done.is_failed() && desk.text("gateway-close-codes").contains("name = \"D\""));
}

#[test]
fn n06_the_wrong_page_is_refused() {
    let mut desk = Desk::of(&errors(1..=20));
    let other = errors(1..=20).replace("# Codes", "# Another service").replace("Error number", "Another");
    assert!(desk.stays_after(&other).has("wrong-page"));
    // The same names under another title are the same page.
    let done = desk.import(&errors(1..=21).replace("# Codes", "# Status codes"));
    assert!(!done.is_failed());
}

#[test]
fn n07_a_recycled_number_keeps_the_identifier_of_each_code() {
    let rows = ["| ~~11~~ | ~~Reset~~ | ~~client~~ | ~~Reset it.~~ |\n", "| 11 | Clients Connect | server | They come. |\n"];
    let mut results = Vec::new();
    for order in [[0, 1], [1, 0]] {
        let mut desk = Desk::of(&opcodes("| 10 | Signal | client | S. |\n| 11 | Reset | client | Reset it. |\n"));
        let page = opcodes(&format!("| 10 | Signal | client | S. |\n{}{}", rows[order[0]], rows[order[1]]));
        let _ = desk.import(&page);
        let text = desk.text("voice-opcodes").to_owned();
        assert!(text.contains("name = \"Reset\"\nstatus = \"removed\"") && text.contains("ident = \"ClientsConnect\""), "{text}");
        let again = desk.import(&page);
        assert!(again.imported.written.is_empty(), "{}", desk.text("voice-opcodes"));
        results.push(text);
        desk.loads();
    }
    assert_eq!(results[0], results[1]);
    // Struck through and renamed at once: it is one row.
    let mut desk = Desk::of(&opcodes("| 6 | S | client | S. |\n| 7 | Seven | client | Old. |\n"));
    let page = opcodes("| 6 | S | client | S. |\n| ~~7~~ | ~~Other~~ | ~~client~~ | ~~New.~~ |\n");
    let _ = desk.import(&page);
    assert_eq!(desk.text("voice-opcodes").matches("value = 7").count(), 1);
    assert!(desk.import(&page).imported.written.is_empty());
}

#[test]
fn n08_an_alias_is_offered_and_never_a_second_row() {
    let page = |names: &[&str]| {
        let members: String = names.iter().map(|name| format!("### {name}\n\n> **{name}**: `408`\n\n***\n\n")).collect();
        format!("# Enumeration: DisconnectReason\n\n## Enumeration Members\n\n{members}")
    };
    let mut desk = Desk::of(&page(&["connectionLost", "timedOut"]));
    let text = desk.text("disconnect-reasons");
    assert!(text.contains("ident = \"TimedOut\"\naliases = [\"ConnectionLost\"]"), "{text}");
    let done = desk.import(&page(&["gone", "connectionLost", "timedOut"]));
    assert_eq!(done.review("new-alias").len(), 1, "{:?}", done.imported.review);
    assert!(done.imported.written.is_empty());
    desk.loads();
}

#[test]
fn n09_what_is_written_is_accepted_by_codegen() {
    let pages = [
        close(
            "| 4000 | Error | B. Should not reconnect. | false |\n| 4001 | ALL | Start a new session. | true |\n| 4002 | Self | Try resuming. | |\n",
        ),
        "###### Errors\n\n| Code | Name |\n|---|---|\n| 1 | Foo |\n| 2 | Foo |\n| 3 | Foo1 |\n| 4 | foo 2 |\n".to_owned(),
        "###### Type of status code\n\n| Code | Name |\n|---|---|\n| 1 | Error |\n".to_owned(),
        opcodes("| 0 | A | | B. |\n| 300 | Far | client | C. |\n"),
        "###### HTTP Status Codes\n\n| Code | Meaning |\n|---|---|\n| 5xx (SERVER ERROR) | Bad. |\n| 500 (ERROR) | Bad. |\n"
            .to_owned(),
    ];
    for page in pages {
        let mut desk = Desk::new();
        let done = desk.import(&page);
        assert!(!done.imported.written.is_empty(), "{page}: {:?}", done.found);
        desk.loads();
    }
    // A number that does not fit is an error, and the rest is imported.
    let mut desk = Desk::of(&opcodes("| 0 | A | client | B. |\n"));
    let done = desk.import(&opcodes(
        "| 0 | A | client | B. |\n| 1 | C | client | D. |\n| 300 | Far | client | C. |\n| 5xx | Range | client | C. |\n",
    ));
    assert!(done.has("out-of-range") && done.has("range-of-opcodes") && desk.text("voice-opcodes").contains("value = 1\n"));
    desk.loads();
}

#[test]
fn n10_every_new_code_is_listed_once_with_its_identifier() {
    let mut desk = Desk::of(&errors(1..=5));
    let done = desk.import(&errors(1..=9));
    let needs = done.review("new-code");
    assert_eq!(needs.len(), 4);
    assert!(needs.iter().all(|need| need.contains("`ErrorNumber")), "{needs:?}");
    assert_eq!(done.found.len(), 0, "{:?}", done.found);
}

#[test]
fn a_reworded_name_renames_no_variant() {
    let mut desk = Desk::of(&opcodes("| 2 | Ratelimited | client | L. |\n| 3 | Status Update | client | P. |\n"));
    let done = desk.import(&opcodes("| 2 | Rate limited | client | L. |\n| 3 | Presence Update | client | P. |\n"));
    let text = desk.text("voice-opcodes");
    assert!(text.contains("ident = \"Ratelimited\"") && text.contains("name = \"Rate limited\""), "{text}");
    assert!(text.contains("ident = \"StatusUpdate\"") && text.contains("name = \"Presence Update\""), "{text}");
    let needs = done.review("renamed");
    assert!(needs.len() == 1 && needs[0].contains("`renamed_from = \"StatusUpdate\"`"), "{needs:?}");
    assert_eq!((done.changed("restyled"), done.changed("renamed")), (vec!["2".to_owned()], vec!["3".to_owned()]));
}

#[test]
fn a_new_edition_takes_what_people_decided() {
    let mut desk = Desk::with("gateway-close-codes", TABLE);
    let like = ImportOptions { edition: "test/v2".to_owned(), like: Some("test/v1".to_owned()), ..options() };
    let done = desk.import_with(
        &close("| 4000 | Unknown error | Who. | true |\n| 4002 | Something else | No. | true |\n| 4005 | New | One. | true |\n"),
        &like,
    );
    assert!(!done.is_failed(), "{:?}", done.found);
    let text = &desk.texts["test/v2/gateway-close-codes.toml"];
    assert!(
        text.contains("ident = \"SomethingElse\"") && text.contains("summary = \"Ours.\"") && text.contains("note = \"A note.\""),
        "{text}"
    );
    assert!(
        !text.contains("DecodeError") && text.matches("reviewed = false").count() == 2,
        "another code of that number is new: {text}"
    );
    assert_eq!(desk.text("gateway-close-codes"), TABLE);
    desk.loads();
}

#[test]
fn a_broken_table_stops_the_import() {
    let mut desk = Desk::with("gateway-close-codes", "title = \"broken\n");
    let page = close("| 4000 | A | B. | true |\n") + "\n" + OPCODES + "| 0 | A | client | B. |\n";
    assert!(desk.stays_after(&page).is_failed());
}

/// A table as a person may write it: keys in any order, comments, inline rows, sub-tables, any line ends.
fn tables() -> impl Strategy<Value = String> {
    let row = (0..12_u32, prop::bool::ANY, prop::bool::ANY, 0..4_usize, prop::bool::ANY);
    (prop::collection::vec(row, 0..8), prop::bool::ANY, prop::bool::ANY, prop::bool::ANY).prop_map(|(rows, is_list, source_last, crlf)| {
        let source = "[source]\ndocument = 'Codes' # here\ndate = 2026-01-01\n";
        let mut seen = std::collections::BTreeSet::new();
        let rows: Vec<_> = rows.into_iter().filter(|(number, ..)| seen.insert(*number)).collect();
        let key_rows = |(number, removed, comments, rotation, sub): &(u32, bool, bool, usize, bool)| {
            let mut keys = vec![
                format!("value = {number}"),
                format!("name = \"\"\"Name {number}\"\"\""),
                format!("ident = 'N{number}'"),
                format!("\"summary\" = \"S {number} # no comment\""),
            ];
            if *removed {
                keys.push("status = \"removed\"".to_owned());
            }
            keys.rotate_left(*rotation);
            let dotted = if *sub { "policy.action = \"resume\"\npolicy.basis = \"judgement\"\npolicy.reason = \"R\"\n" } else { "" };
            let table = if *sub { "" } else { "\n[code.policy]\naction = \"stop\"\nbasis = \"judgement\"\nreason = \"R\"\n" };
            let comment = if *comments { "# above\n" } else { "" };
            let keys: String = keys.iter().map(|key| format!("{comment}  {key} # beside\n")).collect();
            format!("{comment}[[code]] # header\n{keys}{dotted}{table}\n")
        };
        let inline = |(number, removed, _, _, _): &(u32, bool, bool, usize, bool)| {
            let status = if *removed { "status = \"removed\", " } else { "" };
            format!("  {{ {status}ident = \"N{number}\", value = {number}, policy = {{ action = \"stop\", basis = \"judgement\", reason = \"R\" }}, name = \"Name {number}\" }}, # row\n")
        };
        let header = "title = \"Voice Opcodes\"\nenum = \"VoiceOpcode\"\nkind = \"opcodes\"\nrepr = \"u8\"\nsummary = \"S.\"\n";
        let text = if is_list {
            format!("{header}code = [\n{}]\n\n{source}", rows.iter().map(inline).collect::<String>())
        } else {
            let rows: String = rows.iter().map(key_rows).collect();
            if source_last { format!("{header}\n{rows}{source}") } else { format!("{header}\n{source}\n{rows}# the end") }
        };
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

/// A row that is in a comment, in a block of code or outside of a table is not read, and is not taken for one that left the
/// page. Two pages that are compared say the same.
#[test]
fn a_row_in_a_comment_or_in_code_has_not_left_the_page() {
    let pipes = |code: u32| format!("| {code} | Code {code} | It means {code}. | true |\n");
    let html = |code: u32| format!("<tr><td>{code}</td><td>Code {code}</td><td>It means {code}.</td><td>true</td></tr>\n");
    let page = |rows: String| close(&(pipes(4000) + &pipes(4001) + &rows + &pipes(4005)));
    let header = "<tr><th>Code</th><th>Description</th><th>Explanation</th><th>Reconnect</th></tr>\n";
    let heading = "# Codes\n\n###### Gateway Close Event Codes\n\n";
    let html_page =
        |rows: String| format!("{heading}<table>\n{header}{}{}{rows}{}</table>\n", html(4000), html(4001), html(4005));
    let below = |open: &str, end: &str, row: &dyn Fn(u32) -> String| format!("{open}\n{}{}{end}\n", row(4002), row(4003));
    let beside = |open: &str, end: &str| [4002, 4003].map(|code| format!("{open} {} {end}\n", pipes(code).trim_end())).concat();
    let elsewhere = |rows: String| format!("{}\n###### Old codes\n\n{rows}", page(String::new()));
    let fence = below("```json", "```", &pipes);
    for (hidden, rule) in [
        (page(below("<!--", "-->", &pipes)), "rows-in-comment"),
        (page(beside("<!--", "-->")), "rows-in-comment"),
        (page(below("{/*", "*/}", &pipes)), "rows-in-comment"),
        (page(beside("{/*", "*/}")), "rows-in-comment"),
        (page(fence.replace("Code", "Other")), "rows-in-code"),
        (html_page(below("<!--", "-->", &html)), "rows-in-comment"),
        (page(below("<!--", "-->", &html)), "rows-in-comment"),
        (page(below("<!--", "", &html)), "rows-in-comment"),
        (elsewhere(below("", "", &pipes)), "rows-in-comment"),
        (elsewhere(below("~~~text", "~~~", &pipes)), "rows-in-comment"),
        (html_page(html(4002).replace("<td>Code", "<td rowspan=2>Code") + &html(4003)), "html-table"),
    ] {
        let mut desk = Desk::new();
        let whole = page(pipes(4002) + &pipes(4003));
        let _ = desk.import(&whole);
        let before = desk.text("gateway-close-codes").to_owned();
        let done = desk.import(&hidden);
        assert_eq!(desk.text("gateway-close-codes"), before, "{hidden}");
        let is_named = done.has(rule) && !done.has("lost-column");
        assert!(is_named && done.changed("struck-out").is_empty(), "{hidden}: {:?}", done.found);
        let side = |text: &str| Sides::pages("page", &[SourceFile::new("page.md", text.to_owned())]).expect("a page").0;
        let compared = diff(&side(&whole), &side(&hidden));
        let kinds: Vec<_> = compared.differences.iter().filter(|one| one.code.is_some()).map(|one| one.kind).collect();
        let is_whole = hidden.contains("rowspan") || !hidden.contains("-->") && hidden.contains("<!--");
        assert!(kinds.len() >= 2 && kinds.iter().all(|kind| *kind == "cannot-tell"), "{hidden}: {kinds:?}");
        assert!(kinds.len() == 2 || is_whole, "{hidden}: {kinds:?}");
    }
}

/// Neither of two rows on one line is read, so neither has left the page. A carriage return alone ends a line.
#[test]
fn two_rows_on_one_line_remove_nothing() {
    let row = |code: u32| format!("| {code} | Code {code} | It means {code}. | true |");
    let page = |between: &str| close(&format!("{}\n{}{between}{}\n{}\n", row(4000), row(4001), row(4002), row(4003)));
    let mut desk = Desk::new();
    let _ = desk.import(&page("\n"));
    let before = desk.texts.clone();
    for (between, is_read) in [("\r", true), (" ", false), ("", false)] {
        let done = desk.import(&page(between));
        assert_eq!((done.has("two-rows"), done.is_failed()), (!is_read, !is_read), "{between:?}: {:?}", done.found);
        assert_eq!(desk.texts, before, "{between:?}");
    }
}

/// A comment above a row stays above it when a row comes in before, in both forms of a table.
#[test]
fn a_comment_stays_above_its_row() {
    let header = "title = \"JSON Error Codes\"\nenum = \"E\"\nkind = \"error-codes\"\nrepr = \"u16\"\nsummary = \"S.\"\n";
    let source = "[source]\ndocument = \"Codes\"\ndate = 2020-01-01\n";
    let keys = |code: u32| format!("value = {code}{{}}name = \"Error number {code}\"{{}}ident = \"E{code}\"{{}}summary = \"S.\"");
    let list = |code: u32| format!("  {{ {} }},\n", keys(code).replace("{}", ", "));
    let block = |code: u32| format!("\n[[code]]\n{}\n", keys(code).replace("{}", "\n"));
    for text in [
        format!("{header}code = [\n{}  # Of 31.\n{}]\n{source}", list(1), list(31)),
        format!("{header}{source}{}\n# Of 31.{}", block(1), block(31)),
    ] {
        let mut desk = Desk::with("json-error-codes", &text);
        let _ = desk.import(&errors([1, 12, 31].into_iter()));
        let text = desk.text("json-error-codes");
        let (before, after) = text.split_once("# Of 31.").expect("the comment");
        assert!(before.contains("value = 12") && after.contains("value = 31") && !after.contains("value = 12"), "{text}");
    }
}

/// Rows of a page: some equal to those of the table, some renamed, struck through or new.
fn pages() -> impl Strategy<Value = String> {
    let row = (0..14_u32, 0..4_usize, prop::sample::select(vec!["client", "server", "", "server → client", "odd"]));
    prop::collection::vec(row, 0..10).prop_map(|rows| {
        let row = |(number, form, way): (u32, usize, &str)| match form {
            0 => format!("| {number} | Name {number} | {way} | A sentence. |\n"),
            1 => format!("| {number} | Other {number} | {way} | Words with `code`. |\n"),
            2 => format!("| ~~{number}~~ | ~~Name {number}~~ | | |\n"),
            _ => format!("| {number} | Name {number} **(deprecated)** | {way} | |\n"),
        };
        opcodes(&rows.into_iter().map(row).collect::<String>())
    })
}

/// The decisions of each row, as TOML says.
fn decisions(text: &str) -> Vec<String> {
    const FACTS: [&str; 12] =
        ["value", "range", "name", "status", "direction", "format", "reconnect", "resume", "advice", "since", "until", "text"];
    let table: toml::Table = text.parse().unwrap();
    let rows = table.get("code").and_then(toml::Value::as_array).cloned().unwrap_or_default();
    let decision = |row: toml::Value| {
        let mut row = row.as_table().cloned().unwrap();
        let number = row["value"].clone();
        for key in FACTS {
            row.remove(key);
        }
        format!("{number} {row}")
    };
    rows.into_iter().map(decision).collect()
}

/// The lines of a text that import may not touch: comments.
fn comments(text: &str) -> usize {
    text.matches("# ").count()
}

/// Tables under headings that may be equal, generic or in a section of their own.
fn sections() -> impl Strategy<Value = Vec<String>> {
    let outer = prop::sample::select(vec!["", "## Voice\n\n", "## Gateway\n\n"]);
    let heading = prop::sample::select(vec!["Close Codes", "Voice Close Codes", "Gateway Close Event Codes", "Errors"]);
    let row = (4000..4004_u32, prop::sample::select(vec!["Late", "Early", "~~Late~~"])).prop_map(|(number, name)| {
        let number = if name.starts_with('~') { format!("~~{number}~~") } else { number.to_string() };
        format!("| {number} | {name} | It was. |\n")
    });
    let section = (outer, heading, prop::collection::vec(row, 1..5)).prop_map(|(outer, heading, rows)| {
        let rows = rows.concat();
        format!("{outer}### {heading}\n\n| Code | Description | Explanation |\n|---|---|---|\n{rows}\n")
    });
    prop::collection::vec(section, 1..5)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: wirecodes_tests::cases(96), ..ProptestConfig::default() })]

    /// Whatever the headings of a page, a second import finds for each file the table that it was made of, or none.
    #[test]
    fn no_table_takes_the_file_of_another(sections in sections()) {
        let page = format!("# Page\n\n{}", sections.concat());
        let mut desk = Desk::of(&page);
        let again = desk.stays_after(&page);
        let is_named = ["unknown-table", "contradicting-rows"].iter().any(|rule| again.has(rule));
        prop_assert!(again.is_failed() || is_named || again.is_up_to_date(), "{page}\n{again:#?}");
    }

    #[test]
    fn importing_twice_is_importing_once_and_decisions_stay(table in tables(), page in pages()) {
        let mut desk = Desk::with("voice-opcodes", &table);
        let options = ImportOptions { accept_removals: Some(Vec::new()), ..options() };
        let _ = desk.import_with(&page, &options);
        let once = desk.texts.clone();
        let after = desk.text("voice-opcodes").to_owned();
        let new = decisions(&after);
        let mut rest = new.iter();
        for old in decisions(&table) {
            prop_assert!(rest.any(|new| *new == old), "lost {old}\n{table}\n=>\n{after}");
        }
        prop_assert!(comments(&after) >= comments(&table), "a comment is lost\n{table}\n=>\n{after}");
        prop_assert_eq!(after.contains("\r\n") && after.replace("\r\n", "").contains('\n'), false, "mixed line ends\n{}", after);
        let again = desk.import_with(&page, &options);
        prop_assert!(again.imported.written.is_empty(), "{page}\n{table}\n=>\n{}\n=>\n{}", once["test/v1/voice-opcodes.toml"], desk.text("voice-opcodes"));
    }
}

/// A new edition names its page once, however the edition that it is like names its own.
#[test]
fn a_table_of_a_new_edition_names_its_page_in_sources() {
    let rows = "| 4000 | A | B. | true |\n";
    let of_own = "[source]\ndocument = \"Codes\"\nurl = \"https://example.org\"\ndate = 2020-01-01\n";
    let inline = "source = { document = \"Codes\", url = \"https://example.org\", date = 2020-01-01 }\n";
    let dotted = "source.document = \"Codes\"\nsource.url = \"https://example.org\"\nsource.date = 2020-01-01\n";
    for own in ["source = \"codes\"\n", of_own, inline, dotted] {
        let mut desk = Desk::of(&close(rows));
        let old = desk.texts.remove("test/v1/gateway-close-codes.toml").unwrap().replace("source = \"codes\"\n", own);
        let sources = desk.texts.remove("test/v1/sources.toml").unwrap();
        desk.texts.insert("old/v1/gateway-close-codes.toml".to_owned(), old);
        if own.contains("\"codes\"") {
            let sources = sources.replace("date =", "url = \"https://example.org\"\ndate =");
            desk.texts.insert("old/v1/sources.toml".to_owned(), sources);
        }
        let done = desk.import_with(&close(rows), &ImportOptions { like: Some("old/v1".to_owned()), ..options() });
        assert!(!done.is_failed(), "{own}: {:?}", done.found);
        let text = desk.text("gateway-close-codes");
        let header = text.split("[reconnect]").next().unwrap();
        assert!(header.contains("\nsource = \"codes\"\n") && !header.contains("2020"), "{own}: {text}");
        let page = "[codes]\ndocument = \"Codes\"\nurl = \"https://example.org\"\ndate = 2026-07-21\n";
        assert_eq!(desk.text("sources"), page, "{own}");
        desk.loads();
        let again = desk.import(&close(rows));
        assert!(again.is_up_to_date(), "{own}: {again:?}");
    }
}

/// A range that shrinks, grows or splits is the same range, with the keys that were written by hand.
#[test]
fn a_range_with_other_bounds_keeps_its_keys() {
    let page = |range: &str, more: &str| {
        format!(
            "# Rooms\n\n## Close codes\n\n| Close code | Meaning |\n|---|---|\n| 1000 | All done |\n{more}| {range} | Free for programs |\n"
        )
    };
    for (range, more, expected) in
        [("4011 - 4999", "| 4000 | Left by wish |\n", "range = [4011, 4999]"), ("4000 - 5999", "", "range = [4000, 5999]")]
    {
        let mut desk = Desk::of(&page("4000 - 4999", ""));
        let name = "name = \"Free for programs\"";
        desk.replace("room-close-codes", name, &format!("{name}\nnote = \"Ours.\""));
        let done = desk.import(&page(range, more));
        assert!(!done.is_failed(), "{range}: {:?}", done.found);
        let text = desk.text("room-close-codes");
        assert!(text.contains(expected) && text.contains("note = \"Ours.\"") && !text.contains("removed"), "{range}: {text}");
        desk.loads();
        assert!(desk.import(&page(range, more)).imported.written.is_empty(), "{range}");
    }
}

/// A paragraph between two parts of a table, and a code that moved into another table, remove nothing.
#[test]
fn a_code_that_stands_elsewhere_on_the_page_has_not_left_it() {
    let rows = |numbers: std::ops::Range<u32>| -> String {
        numbers.map(|number| format!("| {number} | Error {number}th | It was {number}. | true |\n")).collect()
    };
    let whole = close(&rows(4000..4010));
    let header = close("").split("\n\n").last().unwrap().to_owned();
    let mut desk = Desk::of(&whole);
    let before = desk.text("gateway-close-codes").to_owned();
    let split = close(&rows(4000..4008)) + "\nMore of them:\n\n" + &header + &rows(4008..4010);
    let done = desk.import(&split);
    assert!(done.imported.written.is_empty() && !done.is_failed(), "{:?}", done.found);
    // Under another heading it is an error that names both places.
    let apart = close(&rows(4000..4008)) + "\n## Others\n\n" + &header + &rows(4008..4010);
    let done = desk.import(&apart);
    assert!(done.has("split-table"), "{:?}", done.found);
    assert_eq!(desk.text("gateway-close-codes"), before);
    // A new range holds a code: it is documented.
    let done = desk.import(&close(&(rows(4000..4009) + "| 4009-4012 | A range | Of four. | true |\n")));
    assert!(!desk.text("gateway-close-codes").contains("removed"), "{:?}", done.found);
}

/// Names that are those of other rows, or of nothing, are refused where they are many; a few are told apart from renames.
#[test]
fn names_of_other_codes_are_no_renames() {
    let names = ["Alpha lost", "Bravo found", "Charlie kept", "Delta gone", "Echo back", "Foxtrot up", "Golf down", "Hotel left"];
    let page = |names: &[&str]| {
        let rows = names.iter().enumerate().map(|(at, name)| format!("| {} | {name} | It is {name}. | true |\n", 4000 + at));
        close(&rows.collect::<String>())
    };
    let mut desk = Desk::of(&page(&names));
    let shifted: Vec<&str> = names.iter().skip(1).chain(["India new"].iter()).copied().collect();
    assert!(desk.stays_after(&page(&shifted)).has("other-names"));
    let mut swapped = names;
    swapped.swap(1, 2);
    let done = desk.import(&page(&swapped));
    let review = done.review("redefined");
    assert!(
        review.len() == 2 && review.iter().all(|text| text.contains("may mean something else") && !text.contains("renamed_from")),
        "{review:?}"
    );
    assert_eq!(done.imported.comparison.needed(), wirecodes_codegen::Bump::Major);
}

/// From another system come identifiers and our own words, and nothing that its document says.
#[test]
fn a_table_like_one_of_another_system_has_nothing_of_its_document() {
    let mut desk = Desk::new();
    let policy = "{ action = \"stop\", basis = \"documented\", reason = \"It says so.\", fix = \"Fix it.\", cause = \"token\" }";
    let limits = "\n[limits]\nidentify_every = { value = 9, reason = \"R.\" }\n";
    let row = format!(
        "\n[[code]]\nvalue = 4004\nname = \"Bad token\"\nreconnect = false\nsince = 2020-01-01\nident = \"BadToken\"\nsummary = \"Ours.\"\npolicy = {policy}\n"
    );
    let (head, _) = TABLE.split_once("# Above the first row.").unwrap();
    desk.texts.insert(
        "other/v1/gateway-close-codes.toml".to_owned(),
        format!("{head}\n[source]\ndocument = \"D\"\ndate = 2020-01-01\n{limits}{row}"),
    );
    let page = "# Page\n\n## Gateway Close Event Codes\n\n| Code | Name |\n|---|---|\n| 4004 | Bad token |\n";
    let done = desk.import_with(page, &ImportOptions { like: Some("other/v1".to_owned()), ..options() });
    let text = desk.text("gateway-close-codes");
    for kept in [
        "ident = \"BadToken\"",
        "summary = \"Ours.\"",
        "cause = \"token\"",
        "reviewed = false",
        "\"judgement\", reason = \"It says so.\"",
    ] {
        assert!(text.contains(kept), "{kept}: {text}\n{}", done.words());
    }
    for gone in ["since", "reconnect = false", "[limits]", "\"documented\""] {
        assert!(!text.contains(gone), "{gone}: {text}");
    }
    desk.loads();
}

/// Two reasons for one number are named until a person has taken note.
#[test]
fn two_rows_of_one_number_can_be_acknowledged() {
    let page = "# Page\n\n## Close codes\n\n| Code | Reason | Cause |\n|---|---|---|\n| 4004 | Refused | No. |\n| 4004 | Withdrawn | Later. |\n";
    let mut desk = Desk::new();
    assert!(desk.import(page).has("contradicting-rows"));
    assert!(!desk.import(page).is_up_to_date());
    desk.replace("page-close-codes", "reviewed = false", "reviewed = false\nallow = [\"contradicting-rows\"]");
    desk.replace("page-close-codes", "summary =", "allow = [\"unknown-column\"]\nsummary =");
    let done = desk.import(page);
    assert!(!done.has("contradicting-rows"), "{}", done.words());
}

/// A new table of which no row can be read is named each time, until somebody decides what it is.
#[test]
fn a_new_table_that_cannot_be_read_is_named_each_time() {
    let good = close("| 4000 | A | B. | true |\n");
    let header = "| Code | Description |\n|---|---|\n";
    let html = "<table><tr><th>Code</th><th>Name</th></tr><tr><td rowspan=2>4001</td><td>One</td></tr></table>\n";
    for table in [
        format!("{header}| 4001. | Unknown opcode |\n"),
        format!("- {header}  | 4001 | Unknown opcode |\n").replace("\n|--", "\n  |--"),
        html.to_owned(),
    ] {
        let page = format!("{good}\n## Voice Close Event Codes\n\n{table}");
        for first in [&good, &page] {
            let mut desk = Desk::new();
            let _ = desk.import(first);
            for _ in 0..2 {
                let done = desk.import(&page);
                assert!(done.has("unknown-table"), "{table}: {:?}", done.found);
            }
        }
    }
}
