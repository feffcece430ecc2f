//! Tables as the pages of other systems write them.

use wirecodes_codegen::ImportOptions;
use wirecodes_tests::desk::{Desk, Done, options};

/// Imports a page into an empty folder with these requests; a second import of the same page changes nothing.
#[track_caller]
fn imported(page: &str, take: &[&str]) -> (Desk, Done) {
    let take = take.iter().map(|wanted| wanted.parse().expect("a request")).collect();
    let (mut desk, options) = (Desk::new(), ImportOptions { take, ..options() });
    let first = desk.import_with(page, &options);
    let second = desk.stays_after_with(page, &options);
    assert!(first.is_failed() || !second.is_failed(), "{:#?}", second.found);
    (desk, first)
}

/// The lines of a table that begin with a key.
fn lines<'a>(desk: &'a Desk, table: &str, key: &str) -> Vec<&'a str> {
    desk.text(table).lines().filter_map(|line| line.strip_prefix(key)?.strip_prefix(" = ")).collect()
}

fn page(heading: &str, table: &str) -> String {
    format!("# Page\n\n### {heading}\n\n{table}")
}

#[test]
fn the_only_text_is_the_sentence_and_says_what_to_do() {
    for header in ["Cause", "Client behaviour"] {
        let rows = "| 4001 | Key not found; do not reconnect |\n| 4200 | Shutting down, reconnect immediately |\n";
        let (desk, done) =
            imported(&page("Close codes", &format!("| Code | {header} |\n|---|---|\n{rows}")), &["Close codes=close-codes"]);
        assert!(!done.is_failed(), "{header}: {:#?}", done.found);
        assert_eq!(lines(&desk, "close-codes", "advice"), ["\"stop\""], "{header}:\n{}", desk.text("close-codes"));
    }
}

#[test]
fn a_longer_text_beside_the_name_is_the_sentence_whatever_its_header() {
    let rows = "| 4001 | Inbound traffic | A client may only send pong; do not reconnect. |\n| 4005 | Timeout | A fault. |\n";
    for header in ["Notes", "What the app does"] {
        let table = format!("| Code | Reason | {header} |\n|---|---|---|\n{rows}");
        let (desk, _) = imported(&page("Close codes", &table), &["Close codes=close-codes"]);
        assert_eq!(lines(&desk, "close-codes", "name"), ["\"Inbound traffic\"", "\"Timeout\""], "{header}");
        assert_eq!(lines(&desk, "close-codes", "advice"), ["\"stop\""], "{header}");
    }
}

#[test]
fn names_that_are_written_like_their_sentences_are_imported_twice_as_once() {
    let rows = "| 29 | TOPIC_DENIED | Topic denied. |\n| 30 | GROUP_DENIED | Group denied. |\n";
    let table = format!("| Code | Name | Message |\n|---|---|---|\n{rows}");
    let (desk, done) = imported(&page("Authorization Errors", &table), &["Authorization Errors=errors"]);
    assert!(!done.is_failed(), "{:#?}", done.found);
    assert_eq!(lines(&desk, "errors", "value"), ["29", "30"]);
}

#[test]
fn a_heading_without_codes_in_its_name_says_what_it_lists() {
    for (heading, header) in [("Disconnect (0x01)", "Reason"), ("Close message", "Code"), ("Closure reasons", "Code")] {
        let table = format!("| {header} | Meaning |\n|---|---|\n| 0 | Asked for |\n| 11 | Ping timeout |\n");
        let (desk, done) = imported(&page(heading, &table), &[&format!("{heading}=ends")]);
        assert_eq!(lines(&desk, "ends", "kind"), ["\"close-codes\""], "{heading}: {:#?}", done.found);
    }
}

#[test]
fn numbers_of_sections_and_of_codes_are_no_part_of_a_name() {
    let table = "| Code | Name |\n|---|---|\n| 3 | UNKNOWN_TOPIC |\n";
    for heading in ["4.5 Error Codes", "Error Codes (-1 to 6)", "Error Codes"] {
        let (desk, _) = imported(&page(heading, table), &[]);
        let files: Vec<&String> = desk.texts.keys().filter(|path| path.ends_with("error-codes.toml")).collect();
        assert_eq!(files.len(), 1, "{heading}: {:?}", desk.texts.keys());
        assert!(!files[0].contains(|c: char| c.is_ascii_digit() && c != '1'), "{heading}: {files:?}");
    }
}

#[test]
fn a_table_without_a_row_that_can_be_read_is_named_and_not_written() {
    let negative = "| Code | Message |\n|---|---|\n| -32700 | Parse error |\n| -32600 | Invalid request |\n";
    let (desk, done) = imported(&page("Error codes", negative), &["Error codes=errors"]);
    assert!(done.message("row-without-code").contains("-32700 is negative"), "{:#?}", done.found);
    assert_eq!(desk.text("errors"), "");
    let words = "| Code | Type | Description |\n|---|---|---|\n| `DENIED` | `acl` | By a rule |\n";
    let closed = "## Disconnect Codes\n\n| Code | Name |\n|---|---|\n| 3000 | Closed |\n";
    let (_, done) = imported(&format!("{}\n{closed}", page("Error Codes", words)), &[]);
    assert!(done.words().contains("Error Codes"), "{}", done.words());
}

#[test]
fn two_requests_for_one_file_are_an_error_that_names_both_tables() {
    let table = |heading: &str, row: &str| format!("### {heading}\n\n| Code | Name |\n|---|---|\n{row}\n\n");
    let text = format!("# Broker\n\n{}{}", table("Topic Errors", "| 3 | TOPIC |"), table("Request Errors", "| 7 | LATE |"));
    let (desk, done) = imported(&text, &["Topic Errors=errors", "Request Errors=errors"]);
    let message = done.message("two-tables");
    assert!(message.contains("Topic Errors") && message.contains("Request Errors"), "{:#?}", done.found);
    assert!(message.contains("--table"), "{message}");
    assert_eq!(lines(&desk, "errors", "value"), ["3"]);
}

/// The column of the names got a header that is not known: the sentence does not become the name.
#[test]
fn a_name_is_not_overwritten_by_the_only_text_that_is_left() {
    let text = |header: &str| {
        page(
            "Close Codes",
            &format!(
                "| Explanation | Colour | Code | {header} |\n|---|---|---|---|\n| The shard sent what was unknown | red | 4000 | Unknown shard |\n"
            ),
        )
    };
    let mut desk = Desk::new();
    let options = ImportOptions { take: vec!["Close Codes=close-codes".parse().expect("a request")], ..options() };
    let _ = desk.import_with(&text("Description"), &options);
    let done = desk.stays_after_with(&text("Word"), &options);
    assert!(done.message("lost-column").contains("for: name or sentence"), "{:?}", done.found);
}
