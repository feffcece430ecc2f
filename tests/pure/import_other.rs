//! Tables as the pages of other systems write them.

use wirecodes_codegen::{ImportOptions, Page, SourceFile, read_page};
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

/// A page with one table, under a heading that says what it lists.
fn read(table: &str) -> Page {
    read_page(&SourceFile::new("page.md", page("Gateway Opcodes", table))).0
}

#[test]
fn a_name_is_the_text_of_its_cell() {
    for (cell, name) in [
        ("a \\| b", "a | b"),
        ("`c|d` of it", "`c|d` of it"),
        ("an open ` tick", "an open ` tick"),
        ("Invalid `seq` at [the **end**](</a(b)>)<br/>of it", "Invalid `seq` at the end of it"),
        ("~~12~~ Guild Sync", "12 Guild Sync"),
        ("SERVER ERROR[^2]", "SERVER ERROR"),
        ("- dash", "- dash"),
        ("# mark", "# mark"),
        ("> more", "> more"),
        ("1. one", "1. one"),
        ("    four spaces", "four spaces"),
        ("x marks", "x marks"),
    ] {
        for table in [
            "| Code | Name | Description |\n|---|---|---|\n| 1 | NAME | Words. |\n",
            "Code | Name | Description\n---|---|---\n1 | NAME | Words.\n",
        ] {
            let read = read(&table.replace("NAME", cell));
            let read: Vec<_> =
                read.tables[0].rows.iter().map(|row| (&*row.facts.name, row.facts.is_live(), row.sentence.as_deref())).collect();
            assert_eq!(read, [(name, true, Some("Words."))], "{cell}");
        }
    }
}

#[test]
fn tables_of_html_are_read_where_they_are_plain() {
    let read = |body: &str| {
        let table = format!("<table><thead><tr><th>Code</th><TH a=\"b\">Name</TH></tr></thead>\n{body}</table>\n");
        let (read, found) = read_page(&SourceFile::new("page.md", page("Gateway Opcodes", &table)));
        let rows = read.tables.iter().flat_map(|table| &table.rows);
        let rows: Vec<String> = rows.map(|row| format!("{} {}", row.facts.number, row.facts.name)).collect();
        (rows.join(", "), !found.is_empty() || read.tables.iter().any(|table| table.unread > 0))
    };
    assert_eq!(read("<tr><td>5<td>Five</tr>"), ("5 Five".to_owned(), false));
    let hidden = "<tr><td>1</td><td>One</td></tr><!-- <tr><td>2</td><td>Two</td></tr> --><tr><td>3</td><td>Three</td></tr>";
    assert_eq!(read(hidden), ("1 One, 3 Three".to_owned(), false), "a comment is not read");
    let two = "<tr><td><code>5</code><code>6</code></td><td>Five</td></tr><tr><td>7</td><td><b>Se</b>v<i>en</i></td></tr>";
    assert_eq!(read(two), ("7 Seven".to_owned(), true), "two elements are two words");
    let spans = "<tr><td>5</td><td>Five</td></tr><tr><td colspan=2>1</td></tr>";
    assert_eq!(read(spans), (String::new(), true), "it is named");
}

/// Where a table of HTML begins and ends. One that cannot be read is named, and its rows count.
#[test]
fn a_table_of_html_ends_where_it_ends() {
    let head = "<tr><th>Code</th><th>Name</th></tr>\n";
    let row = |code: u32| format!("<tr><td>{code}</td><td>Code {code}</td></tr>\n");
    let table = |rows: &str| format!("<table>\n{head}{rows}</table>");
    let both = |between: &str| table(&format!("{}{between}\n{}", row(1), row(2)));
    let next = "\n\n## Voice Opcodes\n\n| Code | Name |\n|---|---|\n| 2 | Code 2 |\n";
    for (text, rows, unread) in [
        (both("<!-- this </table> was moved -->"), "1 2", 0),
        (both("{/* <tr><td>3</td></tr> </table> */}"), "1 2", 0),
        (format!("{}{}", table(&row(1)), table(&row(2))), "1 2", 0),
        (format!("{}<!--\n-->\n", table(&row(1))), "1", 0),
        (format!("<table>{}{}</table>", row(1), row(2)), "1 2", 0),
        (format!("<table>{}</table>", row(1)), "1", 0),
        (format!("<table><thead><th>Code</th><th>Name</th></thead>{}{}</table>", row(1), row(2)), "1 2", 0),
        (format!("<div><table>{head}{}</table></div>", row(1)), "1", 0),
        (format!("<TableOfContents />\n\n{}", both("")), "1 2", 0),
        (format!("Use `<table>`.\n\n{}", both("")), "1 2", 0),
        (format!("<!-- <table>{} --> text\n{}", row(3), both("")), "1 2", 0),
        (format!("<table>\n{head}{}{next}", row(1)), "2", 1),
        (format!("<table>\n{head}{}<!-- {next}", row(1)), "2", 1),
        (format!("{}</td></tr></table>", table(&format!("{}<tr><td>{}", row(1), table(&row(2))))), "", 2),
        (format!("{}\n\n{}", table(&row(1)), both("").replace("<td>2", "<td rowspan=2>2")), "1", 2),
        (format!("{}\n\n{}", both("").replace("<td>2", "<td rowspan=2>2"), table(&row(3))), "3", 2),
    ] {
        let (read, found) = read_page(&SourceFile::new("page.md", page("Gateway Opcodes", &text)));
        let codes = read.tables.iter().flat_map(|table| &table.rows).map(|row| row.facts.number.to_string());
        assert_eq!(codes.collect::<Vec<_>>().join(" "), rows, "{text}");
        assert_eq!(read.tables.iter().map(|table| table.unread).sum::<usize>(), unread, "{text}");
        assert_eq!(found.iter().any(|found| found.rule == "html-table"), unread > 0, "{text}: {found:?}");
        assert_eq!(read.tables.len(), 1 + usize::from(unread == 1), "{text}");
    }
}

#[test]
fn a_direction_is_read_in_any_wording() {
    let words = [
        ("Send", "send, client, sent by client, client->server, client → server, client to server, to server"),
        ("Send", "to the server from the client"),
        ("Receive", "receive, server, server to client, server->client, server → client, client <- server, s → c"),
        ("Receive", "from the server to the client, received by client"),
        ("Both", "send/receive, client and server, server / client, both, client <-> server, client ↔ server"),
        ("", "sometimes, client maybe, peer, received by server, sendish"),
    ];
    for (direction, cell) in words.iter().flat_map(|(direction, cells)| cells.split(", ").map(move |cell| (direction, cell))) {
        let table = format!("| Code | Name | Direction |\n|---|---|---|\n| 1 | One | {cell} |\n| 2 | Two | send |\n");
        let read = read(&table).tables[0].rows[0].facts.direction.map(|direction| format!("{direction:?}"));
        assert_eq!(read.unwrap_or_default(), *direction, "{cell}");
    }
}

#[test]
fn the_whole_sentence_says_what_to_do() {
    let sentences = [
        ("You were kicked. Should not reconnect.", "stop"),
        ("Do not reconnect with this session; start a new one.", "new-session"),
        ("Do not attempt to reconnect until the rate limit resets.", ""),
        ("Do not reconnect immediately.", ""),
        ("Your session timed out. Reconnect and start a new one.", "new-session"),
        ("The server crashed. Try resuming.", "resume"),
        ("Do not start a new session.", ""),
        ("Something broke.", ""),
    ];
    let rows: String = (4000..).zip(sentences).map(|(code, (said, _))| format!("| {code} | Code {code} | {said} |\n")).collect();
    let table = format!("| Code | Name | Description |\n|---|---|---|\n{rows}");
    let (desk, _) = imported(&page("Close codes", &table), &["Close codes=close-codes"]);
    assert_eq!(of_rows(&desk, "close-codes", "advice"), sentences.map(|(_, advice)| advice));
}

/// What each row of a table has for a key.
fn of_rows<'a>(desk: &'a Desk, table: &str, key: &str) -> Vec<&'a str> {
    let rows = desk.text(table).split("[[code]]").skip(1);
    let value = |row: &'a str| row.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "));
    rows.map(|row| value(row).unwrap_or_default().trim_matches('"')).collect()
}

/// The identifiers that are proposed for new codes with these names.
fn idents(names: &[impl AsRef<str>]) -> Vec<String> {
    let rows: String = (1..).zip(names).map(|(code, name)| format!("| {code} | {} |\n", name.as_ref())).collect();
    let (desk, _) = imported(&page("Error codes", &format!("| Code | Name |\n|---|---|\n{rows}")), &["Error codes=errors"]);
    of_rows(&desk, "errors", "ident").into_iter().map(str::to_owned).collect()
}

#[test]
fn an_identifier_is_short_and_readable() {
    let names = [
        ("Invalid `seq`", "InvalidSeq"),
        ("Disallowed intent(s)", "DisallowedIntents"),
        ("NO CONTENT", "NoContent"),
        ("Maximum number of guilds reached (100)", "MaximumGuildsReached"),
        ("Unauthorized. Provide a valid token and try again", "Unauthorized"),
        ("Only consumable SKUs can be consumed", "OnlyConsumableSkusCanBeConsumed"),
        ("connectionLost", "ConnectionLost"),
        ("Failed to resize asset below the maximum size: 262144", "FailedToResizeAssetBelowMaximumSize"),
        ("2FA required", "Code2faRequired"),
        ("Self", "SelfCode"),
        ("…", "Code11"),
        ("日本語", "Code12"),
        // Each of several gets its number.
        ("Disconnected", "Disconnected13"),
        ("Rate limited", "RateLimited"),
        ("Disconnected", "Disconnected15"),
    ];
    assert_eq!(idents(&names.map(|(name, _)| name)), names.map(|(_, ident)| ident));
}

#[test]
fn a_long_name_is_not_cut_within_a_phrase() {
    const DANGLING: [&str; 17] =
        ["to", "of", "for", "in", "on", "by", "at", "with", "from", "and", "or", "be", "can", "cannot", "not", "non", "than"];
    let lengths = DANGLING.iter().flat_map(|word| (20..=40).map(move |length| (*word, length)));
    // Too long by the last word, so that the cut leaves the small word at the end.
    let name = |(at, (word, length)): (usize, (&str, usize))| format!("{at:x>length$} {word} {}", "y".repeat(40));
    let names: Vec<String> = lengths.clone().enumerate().map(name).collect();
    for (ident, (word, length)) in idents(&names).iter().zip(lengths) {
        let is_cut = ident.to_lowercase().ends_with(word);
        assert!(ident.len() <= 40 && ident.starts_with('X') && !is_cut, "{word} after {length}: {ident}");
    }
}

#[test]
fn a_new_table_is_named_by_its_heading() {
    for (heading, outer, file, enum_name, kind) in [
        ("Gateway Close Event Codes", "", "gateway-close-codes", "GatewayCloseCode", "close-codes"),
        ("Close Codes", "## Voice", "voice-close-codes", "VoiceCloseCode", "close-codes"),
        ("VoiceCloseEventCodes", "", "voice-close-codes", "VoiceCloseCode", "close-codes"),
        ("DisconnectReason", "", "disconnect-reasons", "DisconnectReason", "close-codes"),
        ("GatewayOpcode", "## X", "gateway-opcodes", "GatewayOpcode", "opcodes"),
        ("RPC OpCodes", "", "rpc-opcodes", "RpcOpcode", "opcodes"),
        ("Gateway OP Codes/Payloads", "", "gateway-opcode-payloads", "GatewayOpcodePayload", "opcodes"),
        ("HTTP Response Codes", "## HTTP", "http-response-codes", "HttpResponseCode", "status-codes"),
        ("HTTPStatus codes", "", "http-status-codes", "HttpStatusCode", "status-codes"),
        ("RPC Errors", "", "rpc-errors", "RpcError", "error-codes"),
        ("401 errors", "", "codes-401-errors", "Codes401Error", "error-codes"),
        ("RESTful API error code", "", "restful-api-error-codes", "RestfulApiErrorCode", "error-codes"),
        ("4.5 Error Codes", "## API", "api-error-codes", "ApiErrorCode", "error-codes"),
        ("Topic Errors (-1 to 6)", "", "topic-errors", "TopicError", "error-codes"),
        ("Error privacy", "", "error-privacies", "ErrorPrivacy", "error-codes"),
        ("エラー error", "", "topic-errors", "TopicError", "error-codes"),
    ] {
        let page = format!("# Topics\n\n{outer}\n\n### {heading}\n\n| Code | Name |\n|---|---|\n| 3 | UNKNOWN_TOPIC |\n");
        let (desk, done) = imported(&page, &[]);
        assert_eq!(
            lines(&desk, file, "enum"),
            [format!("\"{enum_name}\"")],
            "{heading}: {:?}, {:#?}",
            desk.texts.keys(),
            done.found
        );
        assert_eq!(lines(&desk, file, "kind"), [format!("\"{kind}\"")], "{heading}");
    }
    for heading in ["Interaction Callback Type", "Payload Limits", "Gateway Intents", "Party Privacy"] {
        let (desk, _) = imported(&page(heading, "| Value | Name |\n|---|---|\n| 3 | UNKNOWN_TOPIC |\n"), &[]);
        assert_eq!(desk.texts.len(), 1, "{heading} lists no codes: {:?}", desk.texts.keys());
    }
}
