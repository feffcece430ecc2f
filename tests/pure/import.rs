//! Reading pages: every way in which real pages are odd, each on a small page of our own.
//!
//! Each page is read four times: as written here, with the line ends of Windows, with a byte-order mark, and without a final
//! newline. Nothing may depend on which.

use proptest::prelude::*;
use wirecodes_codegen::{Diagnostic, ImportOptions, Page, SourceFile, Wanted, read_page};
use wirecodes_tests::desk::{Desk, options};

fn read_as(text: &str) -> (Page, Vec<Diagnostic>) {
    let (page, mut diagnostics) = read_page(&SourceFile::new("page.md", text));
    diagnostics.extend(page.tables.iter().flat_map(|table| table.findings.iter().cloned()));
    (page, diagnostics)
}

/// What a page says, after checking that its line ends, its mark and its last newline change nothing.
#[track_caller]
fn read(text: &str) -> (Page, Vec<String>) {
    let variants = [text.replace('\n', "\r\n"), format!("\u{FEFF}{text}"), text.trim_end().to_owned()];
    let (page, diagnostics) = read_as(text);
    for variant in variants {
        let (other, others) = read_as(&variant);
        assert_eq!(shape(&other), shape(&page), "{variant:?}");
        assert_eq!(said(&others), said(&diagnostics), "{variant:?}");
    }
    let said = said(&diagnostics);
    (page, said)
}

fn said(diagnostics: &[Diagnostic]) -> Vec<String> {
    let line = |diagnostic: &Diagnostic| {
        let line = diagnostic.labels.first().map_or(0, |label| label.span.line());
        format!("{} {}:{line} {}", diagnostic.severity.word(), diagnostic.rule, diagnostic.help.join("; "))
    };
    diagnostics.iter().map(line).collect()
}

fn shape(page: &Page) -> Vec<(String, Vec<String>)> {
    let tables = page.tables.iter().map(|table| {
        let rows = table.rows.iter().map(|row| format!("{:?} {:?} line {}", row.facts, row.sentence, row.span.line()));
        (table.heading.clone(), rows.collect())
    });
    tables.collect()
}

/// A value as one word.
fn word(value: impl std::fmt::Debug) -> String {
    format!("{value:?}")
}

/// The numbers and names of a table.
#[track_caller]
fn names<'a>(page: &'a Page, heading: &str) -> Vec<(u32, &'a str)> {
    let table = page.tables.iter().find(|table| table.heading == heading).unwrap_or_else(|| panic!("no table under {heading}"));
    table.rows.iter().map(|row| (row.facts.number.first(), row.facts.name.as_str())).collect()
}

const OPCODES: &str = "| Code | Name | Client Action | Description |\n|---|---|---|---|\n";

#[test]
fn p01_a_component_above_a_heading_swallows_nothing() {
    let page = format!(
        "---\ntitle: Codes\n---\n\nimport {{Anchor}} from '/x.jsx'\n\n<ManualAnchor id=\"a\" />\n###### Gateway Opcodes\n\n{OPCODES}\
         | 0 | Dispatch | Receive | An event. |\n"
    );
    let (found, said) = read(&page);
    assert_eq!(names(&found, "Gateway Opcodes"), [(0, "Dispatch")]);
    assert_eq!(said, [""; 0]);
    assert_eq!(read_as(&page).0.title.as_deref(), Some("Codes"));
}

#[test]
fn p02_a_row_broken_over_two_lines_ends_no_table() {
    let page = "###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | One |\n| 2 | Two \n |\n| 3 | Three \nand more |\n| 4 | Four |\n";
    let (found, said) = read(page);
    assert_eq!(names(&found, "JSON Error Codes"), [(1, "One"), (2, "Two"), (3, "Three and more"), (4, "Four")]);
    assert_eq!(said, [""; 0]);
}

#[test]
fn p02_rows_after_a_blank_line_belong_to_their_table() {
    let page = "###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | One |\n\n| 2 | Two |\n";
    assert_eq!(names(&read(page).0, "JSON Error Codes"), [(1, "One"), (2, "Two")]);
}

/// A row without pipes around it may end in a blank cell, and the next one is still a row of its own.
#[test]
fn p02_a_row_that_is_not_closed_takes_in_no_other() {
    for (rows, codes) in [
        ("1 | One | x\n2 | Two |\n3 | Three | \n4 | Four | x\n", "1 2 3 4"),
        ("1 | One\n2 | Two |\n", "1 2"),
        ("1 | One | x\nfive | Five | y |\n6 | Six | z\n", "1 6"),
        ("| 1 | One | x\n| 2 | Two | x |\n", "1 2"),
        ("1 | One | it is\nlong |\n2 | Two | x |\n", "1 2"),
    ] {
        let (found, said) = read(&format!("###### JSON Error Codes\n\nCode | Name | Meaning\n---|---|---\n{rows}"));
        let read: Vec<String> = found.tables[0].rows.iter().map(|row| row.facts.number.to_string()).collect();
        assert_eq!(read.join(" "), codes, "{rows}");
        assert_eq!(
            (found.tables[0].unread, said.iter().any(|said| said.starts_with("error"))),
            (rows.matches("five").count(), rows.contains("five"))
        );
    }
}

#[test]
fn p03_a_scrape_has_captions_and_no_blank_lines() {
    let page = format!(
        "Codes\nGateway\nSome words about it.\nGateway Opcodes\n{OPCODES}| 0 | Dispatch | Receive | An event |\nGateway Close Event Codes\n\
         | Code | Description | Explanation |\n|---|---|---|\n| 4000 | Unknown error | Who knows |\nVoice\nVoice Opcodes\n\
         | Code | Name | Action | Description | Format |\n|---|---|---|---|---|\n| 0 | Identify | Send | Begin | JSON |\n"
    );
    let (found, said) = read(&page);
    assert_eq!(names(&found, "Gateway Opcodes"), [(0, "Dispatch")]);
    assert_eq!(names(&found, "Gateway Close Event Codes"), [(4000, "Unknown error")]);
    assert_eq!(names(&found, "Voice Opcodes"), [(0, "Identify")]);
    assert_eq!(found.tables[2].rows[0].facts.format.map(word).as_deref(), Some("Json"));
    assert_eq!(said, [""; 0]);
}

#[test]
fn p04_a_row_without_a_code_is_named_with_the_likely_codes() {
    let page = "Voice Opcodes\n| Code | Name | Action | Description | Format |\n|---|---|---|---|---|\n| 9 | Resumed | Receive | Yes | JSON |\n\
                | JSON | ||||\n| 12 | Video | Send | Pictures | JSON |\n";
    let (found, said) = read(page);
    assert_eq!(names(&found, "Voice Opcodes"), [(9, "Resumed"), (12, "Video")]);
    assert_eq!(found.tables[0].unread, 1);
    let [said] = said.as_slice() else { panic!("{said:?}") };
    assert!(said.starts_with("error row-without-code:5 ") && said.contains("it may be 10, 11"), "{said}");
}

#[test]
fn p05_a_struck_out_row_and_a_live_one_share_a_code() {
    let page = "###### Voice Opcodes\n\n| Code | Name | Action | Description |\n|---|---|---|---|\n| ~~11~~ | ~~Reset~~ | ~~Send~~ | ~~Reset it~~ |\n\
                | 11 | Clients Connect | Receive | They come |\n";
    let (found, said) = read(page);
    let rows: Vec<(&str, String)> =
        found.tables[0].rows.iter().map(|row| (row.facts.name.as_str(), word(row.facts.status))).collect();
    assert_eq!(rows, [("Reset", "Removed".to_owned()), ("Clients Connect", "Active".to_owned())]);
    assert_eq!(said, [""; 0]);
}

#[test]
fn p06_the_same_row_twice_is_one_and_a_different_one_is_named() {
    let page =
        "###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | One |\n| 2 | Two |\n| 1 | One |\n| 2 | Another |\n";
    let (found, said) = read(page);
    assert_eq!(names(&found, "JSON Error Codes"), [(1, "One"), (2, "Two")]);
    assert!(said[0].starts_with("warning repeated-row:7"), "{said:?}");
    assert!(said[1].starts_with("warning contradicting-rows:8"), "{said:?}");
}

#[test]
fn p07_one_name_for_several_codes_is_read_as_it_is() {
    let page = "###### Voice Close Event Codes\n\n| Code | Description | Explanation |\n|---|---|---|\n| 4014 | Disconnected | You. |\n| 4022 | Disconnected | All. |\n";
    assert_eq!(names(&read(page).0, "Voice Close Event Codes"), [(4014, "Disconnected"), (4022, "Disconnected")]);
}

#[test]
fn p08_one_value_may_have_two_names() {
    let page = "# Enumeration: DisconnectReason\n\n## Enumeration Members\n\n### connectionLost\n\n> **connectionLost**: `408`\n\n\
                Defined in: [a.ts:28](https://x/a.ts#L28)\n\n***\n\n### timedOut\n\n> **timedOut**: `408`\n\nDefined in: [a.ts:30](https://x/a.ts#L30)\n";
    let (found, said) = read(page);
    let rows: Vec<(&str, bool)> = found.tables[0].rows.iter().map(|row| (row.facts.name.as_str(), row.is_alias)).collect();
    assert_eq!(rows, [("connectionLost", true), ("timedOut", false)]);
    assert_eq!(said, [""; 0]);
}

#[test]
fn p09_a_footnote_mark_belongs_to_no_name() {
    for mark in ["\\*", " ^1^", "<sup>1</sup>"] {
        let page = format!(
            "###### HTTP Response Codes\n\n| Code | Meaning |\n|---|---|\n| 5xx (SERVER ERROR){mark} | It failed. |\n\n{} Try again.\n",
            mark.trim()
        );
        let (found, said) = read(&page);
        assert_eq!(names(&found, "HTTP Response Codes"), [(500, "SERVER ERROR")], "{mark}");
        assert!(said.len() == 1 && said[0].starts_with("warning footnote:5"), "{said:?}");
    }
    let page = format!("###### Gateway Opcodes\n\n{OPCODES}| 36 | Request Statuses **(deprecated)** ^1^ | Send | ~~Old~~ |\n");
    let row = &read(&page).0.tables[0].rows[0];
    assert_eq!((row.facts.name.as_str(), word(row.facts.status).as_str()), ("Request Statuses", "Deprecated"));
}

#[test]
fn p10_a_range_and_a_name_in_the_code_cell() {
    let page = "###### HTTP Response Codes\n\n| Code | Meaning |\n|---|---|\n| 204 (NO CONTENT) | Nothing. |\n| 5xx (SERVER ERROR) | Failed. |\n| 600-699 | Beyond. |\n";
    let (found, _) = read(page);
    let values: Vec<String> = found.tables[0].rows.iter().map(|row| row.facts.number.to_string()).collect();
    assert_eq!(values, ["204", "500-599", "600-699"]);
    assert_eq!(names(&found, "HTTP Response Codes"), [(204, "NO CONTENT"), (500, "SERVER ERROR"), (600, "Beyond.")]);
}

#[test]
fn p11_a_heading_without_a_table_is_no_table() {
    let page = format!(
        "###### Gateway Opcodes\n\n{OPCODES}| 0 | Dispatch | Receive | An event. |\n\n###### JSON Error Codes\n\n<Alert>\n\nGone: see [there](https://x).\n\n</Alert>\n"
    );
    let (found, said) = read(&page);
    assert_eq!(found.tables.len(), 1);
    assert_eq!(said, [""; 0]);
}

#[test]
fn p12_what_may_stand_in_a_cell_and_between_tables() {
    let page = format!(
        "<Alert>\n\nNote | well\n\n</Alert>\n\n###### Gateway Opcodes\n\n{OPCODES}| 0 | Dis\\|patch | Receive | See [it](</a(b)>) or `a|b`<br/>or—so |\n\n\
         ```json\n{{ \"code\": 1 }}\n| 7 | not a row | x | y |\n```\n\n###### RPC Errors\n\n| Code | Name |\n|---|---|\n| 1000 | `GET_GUILD` timed out |\n"
    );
    let (found, said) = read(&page);
    assert_eq!(names(&found, "Gateway Opcodes"), [(0, "Dis|patch")]);
    assert_eq!(found.tables[0].rows[0].sentence.as_deref(), Some("See it or a|b or—so"));
    assert_eq!(names(&found, "RPC Errors"), [(1000, "`GET_GUILD` timed out")]);
    // As wide as the table above, it may be a row that a stray fence has taken in.
    assert!(said.len() == 1 && said[0].starts_with("warning rows-in-code:13"), "{said:?}");
}

#[test]
fn a_row_of_dashes_inside_a_table_makes_no_header_of_the_row_above() {
    let (found, said) = read("###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | One |\n| - | - |\n| 2 | Two |\n");
    assert_eq!(names(&found, "JSON Error Codes"), [(1, "One"), (2, "Two")]);
    assert!(said.len() == 1 && said[0].starts_with("error row-without-code:6"), "{said:?}");
}

#[test]
fn a_table_of_something_else_is_passed_over() {
    let page = format!(
        "## Files\n\n| File | What |\n|---|---|\n| a.rs | code |\n| b.rs | more |\n\n###### Gateway Opcodes\n\n{OPCODES}| 0 | Dispatch | Receive | E. |\n"
    );
    let (found, said) = read(&page);
    assert_eq!(names(&found, "Gateway Opcodes"), [(0, "Dispatch")]);
    assert_eq!(said, [""; 0]);
    assert_eq!(read_as(&page).0.without_codes, ["Files"]);
    assert_eq!(names(&read("## Error Codes\n\n| Number | What |\n|---|---|\n| 7 | Seven |\n").0, "Error Codes"), [(7, "Seven")]);
}

#[test]
fn columns_are_found_by_what_they_are_called() {
    let page = "###### Voice Opcodes\n\n| Opcode | Name | Sent By | Description | Binary | Colour |\n|---|---|---|---|---|---|\n\
                | `0` | Identify | client | Begin. | | red |\n| `1` | Both | client and server | Do. | X | |\n| 2 | Odd | Receive | Do. | maybe | |\n\n\
                ###### Gateway Close Codes\n\n| Value | Description | Explanation | Reconnect |\n|---|---|---|---|\n| 4000 | Unknown | Who knows. | true |\n";
    let (found, said) = read(page);
    let row = |at: usize| word((found.tables[0].rows[at].facts.direction, found.tables[0].rows[at].facts.format));
    assert_eq!(row(0), "(Some(Send), Some(Json))");
    assert_eq!(row(1), "(Some(Both), Some(Binary))");
    assert_eq!(row(2), "(Some(Receive), None)", "a mark that is not understood is no mark");
    assert_eq!(found.tables[1].rows[0].facts.reconnect, Some(true));
    assert!(said.iter().any(|said| said.starts_with("warning unknown-column:3")), "{said:?}");
    assert!(said.iter().any(|said| said.starts_with("error odd-cell:7")), "{said:?}");
}

#[test]
fn enum_pages_old_and_new() {
    let old = "# Enumeration: VoiceCloseEventCodes\n\n## Enumeration Members\n\n### Disconnect\n\n• **Disconnect** = `4014`\n\nYou were [kicked](https://x).\n\n\
               #### Defined in\n\n[a.ts:715](https://x/a.ts#L715)\n\n---\n\n### Crashed\n\n• `Const` **Crashed** = ``4015``\n\n#### Deprecated\n\nGone.\n\n___\n\n### Bad\n\n• **Bad** = `\"x\"`\n";
    let (found, said) = read(old);
    assert_eq!(names(&found, "VoiceCloseEventCodes"), [(4014, "Disconnect"), (4015, "Crashed")]);
    assert_eq!(found.tables[0].rows[0].sentence.as_deref(), Some("You were kicked."));
    let old = &found.tables[0].rows[1];
    assert_eq!((word(old.facts.status).as_str(), old.sentence.as_deref()), ("Deprecated", None));
    assert!(said.len() == 1 && said[0].starts_with("error row-without-code:"), "{said:?}");
    let table = "# Enumeration: GatewayOpcodes\n\n## Enumeration Members\n\n| Enumeration Member | Value | Description | Defined in |\n| ------ | ------ | ------ | ------ |\n| `Hello` | `10` | Hi. | [a.ts:1](https://x) |\n";
    let (found, said) = read(table);
    assert_eq!(found.tables[0].rows[0].facts.number.to_string(), "10");
    assert_eq!(
        (names(&found, "GatewayOpcodes"), found.tables[0].rows[0].sentence.as_deref()),
        (vec![(10, "Hello")], Some("Hi."))
    );
    assert_eq!(said, [""; 0]);
    let new = "# Enumeration: GatewayOpcodes\n\n### ~~Old~~\n\n> **Old**: `5`\n\n#### Deprecated\n\n***\n\n### Hello\n\n> **Hello** = `10`\n";
    let (found, said) = read(new);
    assert_eq!(names(&found, "GatewayOpcodes"), [(5, "Old"), (10, "Hello")]);
    assert_eq!(word(found.tables[0].rows[0].facts.status), "Deprecated");
    assert_eq!(said, [""; 0]);
}

#[test]
fn a_table_of_twenty_thousand_rows_is_read() {
    let rows: String = (0..20_000).map(|code| format!("| {code} | Error number {code} |\n")).collect::<Vec<_>>().concat();
    let (page, diagnostics) = read_as(&format!("###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n{rows}"));
    assert_eq!(page.tables[0].rows.len(), 20_000);
    assert!(diagnostics.is_empty());
}

#[test]
fn names_made_to_break_out_stay_names_or_are_refused() {
    let page = "###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | \\\"); } // \" |\n| 2 | \u{1b}[31mred |\n| 3 | left\u{202e}right |\n| 4 | */ #![x] {} |\n";
    let (found, said) = read(page);
    assert_eq!(names(&found, "JSON Error Codes"), [(1, "\"); } // \""), (4, "*/ #![x] {}")]);
    assert_eq!(said.iter().filter(|said| said.starts_with("error unprintable-character")).count(), 2, "{said:?}");
}

#[test]
fn three_quotes_in_bold_make_no_page_of_enums() {
    let page = "# Codes\n\n> **Note**: one.\n\n> **Warning**: `two`.\n\n> **Tip**: 3 things.\n\n###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | One |\n";
    assert_eq!(names(&read(page).0, "JSON Error Codes"), [(1, "One")]);
}

#[test]
fn of_several_names_the_live_one_that_is_defined_last_is_the_name() {
    let member = |name: &str, more: &str| format!("### {name}\n\n> **{name}**: `408`\n\n{more}\n\n***\n\n");
    let page =
        |members: [String; 2]| format!("# Enumeration: DisconnectReason\n\n## Enumeration Members\n\n{}", members.concat());
    let aliases = |page: &str| {
        let (found, said) = read(page);
        assert_eq!(said, [""; 0]);
        found.tables[0].rows.iter().filter(|row| row.is_alias).map(|row| row.facts.name.to_string()).collect::<Vec<_>>()
    };
    let line = |line: u32| format!("Defined in: [a.ts:{line}](https://x)");
    assert_eq!(aliases(&page([member("lost", &line(30)), member("timedOut", &line(20))])), ["timedOut"], "the source decides");
    let heading = |line: u32| format!("#### Defined in\n\n[a.ts:{line}](https://x)");
    assert_eq!(
        aliases(&page([member("lost", &heading(30)), member("timedOut", &heading(20))])),
        ["timedOut"],
        "as it was printed"
    );
    assert_eq!(aliases(&page([member("lost", ""), member("timedOut", "")])), ["lost"], "the page decides");
    assert_eq!(
        aliases(&page([member("lost", ""), member("timedOut", "#### Deprecated\n\nGone.")])),
        ["timedOut"],
        "a live one is the name"
    );
}

#[test]
fn sentences_and_marks_belong_to_their_own_member() {
    let page = "# Enumeration: CloseCodes\n\n## Enumeration Members\n\n### Bad\n\n> **Bad**: `\"x\"`\n\n**`Deprecated`**\n\n***\n\n### Good\n\n\
                > **Good**: `4000`\n\nDefined in: [a.ts:1](https://x)\n\nA sentence.\n\n> **Other**: `9`\n\n***\n\n### ~~Old~~\n\n> **Old**: `4001`\n\n***\n\n### Lost\n\n> **Lost*: `4002`\n";
    let (found, said) = read(page);
    let rows: Vec<(&str, String)> =
        found.tables[0].rows.iter().map(|row| (row.facts.name.as_str(), word(row.facts.status))).collect();
    assert_eq!(rows, [("Good", "Active".to_owned()), ("Old", "Deprecated".to_owned())]);
    assert!(found.tables[0].rows[0].sentence.as_deref().is_some_and(|sentence| sentence.starts_with("A sentence.")));
    assert_eq!(said.iter().filter(|said| said.starts_with("error row-without-code")).count(), 2, "{said:?}");
}

#[test]
fn modules_with_several_enums_and_constant_objects() {
    let page = "# types\n\n## Enumerations\n\n### GatewayOpcodes\n\n#### Enumeration Members\n\n##### Hello\n\n> **Hello**: `10`\n\n***\n\n### VoiceOpcodes\n\n\
                #### Enumeration Members\n\n##### Ready\n\n> **Ready**: `2`\n\n# Variable: CloseCodes\n\n## Type declaration\n\n### Normal\n\n> `readonly` **Normal**: `1000` = `1000`\n";
    let (found, said) = read(page);
    assert_eq!(names(&found, "GatewayOpcodes"), [(10, "Hello")]);
    assert_eq!(names(&found, "VoiceOpcodes"), [(2, "Ready")]);
    assert_eq!(names(&found, "CloseCodes"), [(1000, "Normal")]);
    assert_eq!(said, [""; 0]);
}

#[test]
fn tables_that_a_browser_copied_are_read() {
    let page = "Codes\n\nGateway Close Event Codes\n\nCode\tDescription\tExplanation\tReconnect\n4000\tUnknown error\tWho knows.\ttrue\n4001\tBad | opcode\tNo.\tfalse\n\nMore text.\n";
    let (found, said) = read(page);
    assert_eq!(names(&found, "Gateway Close Event Codes"), [(4000, "Unknown error"), (4001, "Bad | opcode")]);
    assert_eq!(found.tables[0].rows[1].facts.reconnect, Some(false));
    assert_eq!(said, [""; 0]);
}

#[test]
fn a_block_of_code_that_is_never_closed_hides_nothing_in_silence() {
    let page = "###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | One |\n\n```json\n\n###### RPC Errors\n\n| Code | Name |\n|---|---|\n| 2 | Two |\n";
    for opened in ["```json", "<!-- A draft", "{/* A draft"] {
        let (found, said) = read(&page.replace("```json", opened));
        assert!(said.len() == 1 && said[0].starts_with("error open-fence:7"), "{opened}: {said:?}");
        assert!(found.tables[0].unread > 0, "{opened}: nothing may be said to be missing");
    }
}

#[test]
fn a_row_in_the_place_of_a_lost_header_is_read() {
    let page = "###### JSON Error Codes\n\n| 1 | One |\n|---|---|\n| 2 | Two |\n";
    assert_eq!(names(&read(page).0, "JSON Error Codes"), [(1, "One"), (2, "Two")]);
}

#[test]
fn names_are_never_directions_or_hexadecimal_numbers() {
    let page = "## Opcodes\n\n| Code | Way | Hex | Label |\n|---|---|---|---|\n| 0 | server->client | 0x00 | Event |\n| 1 | client->server | 0x01 | Ping |\n";
    assert_eq!(names(&read(page).0, "Opcodes"), [(0, "Event"), (1, "Ping")]);
}

#[test]
fn the_greatest_number_overflows_nothing() {
    let page = "###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n| 4294967295 | Last |\n| oops | x |\n| 5 | Five |\n";
    assert_eq!(names(&read(page).0, "JSON Error Codes"), [(4_294_967_295, "Last"), (5, "Five")]);
}

/// Lines that look like rows, odd ones among them.
fn rows() -> impl Strategy<Value = Vec<String>> {
    let cell = prop_oneof![
        "[0-9]{1,6}",
        "[a-zA-Z ]{0,12}",
        "~~[0-9]{1,4}~~",
        "`[a-z|]{0,5}`",
        "[0-9]xx \\([A-Z]{2,8}\\)",
        "[^|\\r\\n]{0,8}"
    ];
    let row = prop::collection::vec(cell, 1..5).prop_map(|cells| format!("| {} |", cells.join(" | ")));
    prop::collection::vec(row, 0..12)
}

/// A header, the rows below it, and the codes that they are.
type Columns = (&'static str, &'static str, &'static [(u32, &'static str)]);

/// Whatever a column is called: codes are where codes are, and names where identifiers are.
#[test]
fn columns_are_known_by_their_cells() {
    let cases: [Columns; 7] = [
        (
            "Value | Code | Description",
            "0x00 | NO_ERROR | None\n0x2A | INTERNAL_ERROR | A fault",
            &[(0, "NO_ERROR"), (42, "INTERNAL_ERROR")],
        ),
        (
            "Reason Code | Meaning | Reaction",
            "0x00 | Success | none\n0x80 | Unspecified | wait",
            &[(0, "Success"), (128, "Unspecified")],
        ),
        (
            "Close code (uint16) | Codename | Description",
            "`1000` | `CLOSE_NORMAL` | All went well\n`4001` | `SHUTDOWN` | It stops",
            &[(1000, "CLOSE_NORMAL"), (4001, "SHUTDOWN")],
        ),
        (
            "Type | Value | Description",
            "DURABLE_ITEM | 2 | Bought once\nUSED_ITEM | 3 | Used up",
            &[(2, "DURABLE_ITEM"), (3, "USED_ITEM")],
        ),
        (
            "Scenario | Close Code | Reason",
            "No upstream | 1014 (Bad Gateway) | `gone`\nNo pong | 1001 (Going Away) | `no pong`",
            &[(1014, "Bad Gateway"), (1001, "Going Away")],
        ),
        ("Code | Symbol", "1 | FirstOne\n2 | SecondOne", &[(1, "FirstOne"), (2, "SecondOne")]),
        ("Opcode | Name | Direction", "`0x01` | HELLO | C→S\n`0x10` | DATA | Both", &[(1, "HELLO"), (16, "DATA")]),
    ];
    for (header, rows, expected) in cases {
        let dashes = header.split(" | ").map(|_| "---").collect::<Vec<_>>().join("|");
        let rows: String = rows.lines().map(|row| format!("| {row} |\n")).collect();
        let (found, said) = read(&format!("# P\n\n## Codes\n\n| {header} |\n|{dashes}|\n{rows}"));
        assert_eq!(names(&found, "Codes"), expected, "{header}: {said:?}");
    }
}

/// Yes and no are read as the header means them.
#[test]
fn columns_of_reconnect_are_read_as_they_are_meant() {
    for (header, says) in
        [("Reconnect?", true), ("Recoverable", true), ("Should reconnect", true), ("Retryable", true), ("Fatal", false)]
    {
        let (found, _) = read(&format!(
            "# P\n\n## Close codes\n\n| Code | Name | {header} |\n|---|---|---|\n| 4000 | A | yes |\n| 4001 | B | no |\n"
        ));
        let read: Vec<Option<bool>> = found.tables[0].rows.iter().map(|row| row.facts.reconnect).collect();
        assert_eq!(read, [Some(says), Some(!says)], "{header}");
    }
    // What to do is no direction.
    let (found, said) =
        read("# P\n\n## Close codes\n\n| Code | Name | Action |\n|---|---|---|\n| 4000 | A | Reconnect |\n| 4001 | B | Stop |\n");
    assert!(
        found.tables[0].rows.iter().all(|row| row.facts.direction.is_none()) && !said.concat().contains("odd-cell"),
        "{said:?}"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: wirecodes_tests::cases(256), ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in "(?s).{0,400}") {
        let _ = read_as(&text);
        let _ = read_as(&format!("# Enumeration: Code\n\n{text}"));
    }

    #[test]
    fn every_row_is_read_or_named(rows in rows()) {
        let page = format!("###### JSON Error Codes\n\n| Code | Name | Meaning |\n|---|---|---|\n{}\n", rows.join("\n"));
        let (page, diagnostics) = read_as(&page);
        // A row of nothing but blank cells says nothing.
        let rows: Vec<usize> = rows.iter().enumerate().filter(|(_, row)| row.contains(|c: char| c != '|' && !c.is_whitespace())).map(|(at, _)| at + 5).collect();
        let read = page.tables.iter().flat_map(|table| &table.rows).map(|row| row.span.line());
        let named = diagnostics.iter().filter(|diagnostic| diagnostic.rule != "footnote" && diagnostic.rule != "surplus-cells").filter_map(|diagnostic| diagnostic.labels.first()).map(|label| label.span.line());
        let seen: std::collections::BTreeSet<usize> = read.chain(named).collect();
        for row in rows {
            prop_assert!(seen.contains(&row), "the row on line {} is lost: {:?}", row, diagnostics);
        }
    }
}

/// Rows that stand outside of any table are named, each with its line.
#[test]
fn a_row_outside_of_a_table_is_named() {
    let row = "| 7 | Seven |";
    for (page, lines) in [
        (format!("# Codes\n\n{row}\n\n###### Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | One |\n"), vec![3]),
        (format!("###### Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | One |\n\n## Others\n\n{row}\n{row}\n"), vec![9, 10]),
    ] {
        let (read, found) = read_as(&page);
        let read: Vec<u32> = read.tables.iter().flat_map(|table| &table.rows).map(|row| row.facts.number.first()).collect();
        let named = found.iter().filter(|found| found.is_error()).map(|found| found.labels[0].span.line());
        assert_eq!((read, named.collect::<Vec<_>>()), (vec![1], lines), "{page}\n{found:?}");
    }
}

#[test]
fn what_no_rule_should_guess_can_be_said() {
    let page = "# Page\n\n## Reasons\n\n| Id | Level | Slug | Text |\n|---|---|---|---|\n| 1 | 10 | A_B | One. |\n| 2 | 20 | C_D | Two. |\n";
    let take = |asked: &str| {
        let mut desk = Desk::new();
        let take = vec![asked.parse().unwrap_or_else(|error| panic!("{error}"))];
        let done = desk.import_with(page, &ImportOptions { take, ..options() });
        (desk, done)
    };
    let (desk, _) = take("Reasons=reasons,kind=close-codes,code=Level,name=Text");
    let text = desk.text("reasons");
    assert!(text.contains("kind = \"close-codes\"") && text.contains("value = 20\nname = \"Two.\""), "{text}");
    let (desk, _) = take("Reasons=reasons,name=Slug,code=Id");
    assert!(desk.text("reasons").contains("value = 2\nname = \"C_D\""), "{}", desk.text("reasons"));
    let (_, done) = take("Reasons=reasons,code=Code");
    assert!(done.message("no-such-column").contains("`Id`, `Level`, `Slug` and `Text`"), "{}", done.words());
    for (asked, says) in [
        ("Reasons=r,kind=errors", "`close-codes`"),
        ("Reasons=r,column=Id", "`kind`, `code` or `name`"),
        ("Reasons", "Heading=file"),
    ] {
        let error = asked.parse::<Wanted>().expect_err(asked);
        assert!(error.contains(says), "{error}");
    }
    let comma = "Errors, and more=errors,code=Id".parse::<Wanted>().expect("a heading with a comma");
    assert_eq!((comma.heading.as_str(), comma.code.as_deref()), ("Errors, and more", Some("Id")));
}

/// A table between two lines of dashes at the top is a table, and what is between them elsewhere is the front matter.
#[test]
fn a_front_matter_hides_no_row() {
    for table in [
        "| Code | Name |\n|---|---|\n| 7 | Seven |\n",
        "Code | Name\n---|---\n7 | Seven\n",
        "Code\tName\n7\tSeven\n",
        "<table><tr><th>Code</th><th>Name</th></tr>\n<tr><td>7</td><td>Seven</td></tr></table>\n",
    ] {
        let (found, said) = read(&format!("---\ntitle: Codes\n\n# Error Codes\n\n{table}\n---\n\nWords.\n"));
        assert_eq!((names(&found, "Error Codes"), said), (vec![(7, "Seven")], vec![]), "{table}");
        assert_eq!(found.title.as_deref(), Some("Codes"));
    }
    let (found, said) = read("---\n| 7 | Seven |\n---\n\n## Codes\n\n| Code | Name |\n|---|---|\n| 1 | One |\n");
    assert_eq!(names(&found, "Codes"), [(1, "One")]);
    assert!(said.len() == 1 && said[0].starts_with("error row-without-table:2"), "{said:?}");
}

/// Two numbers in one cell are none, whatever stands between them.
#[test]
fn two_numbers_in_a_cell_are_named() {
    for cell in
        ["4014 4015", "4014<br>4015", "4014<br/>4015", "4014\n4015", "<p>4014</p><p>4015</p>", "<ul><li>4014<li>4015</ul>"]
    {
        let html = format!(
            "## Codes\n\n<table><tr><th>Code</th><th>Name</th></tr><tr><td>1</td><td>One</td></tr>\n<tr><td>{cell}</td><td>Two</td></tr></table>\n"
        );
        let (found, said) = read(&html);
        assert_eq!(names(&found, "Codes"), [(1, "One")], "{cell}");
        assert!(said.len() == 1 && said[0].starts_with("error row-without-code:4"), "{cell}: {said:?}");
    }
}

/// A file that is no page is told what it is, and how its codes can be read all the same.
#[test]
fn what_is_no_page_is_told_what_it_is() {
    for (text, says) in [
        ("<?xml version='1.0'?>\n<registry><value>1000</value></registry>\n", "it is XML"),
        ("<!DOCTYPE html>\n<html><body>Codes</body></html>\n", "it is HTML"),
        ("package codes\n\nconst (\n\tOne = 1\n)\n", "it is source code"),
        ("#ifndef A_H\nenum code { ONE = 1 };\n#endif\n", "it is source code"),
        ("# A provider\n\n```js\nimport * as Y from 'y'\nclass A {}\n```\n", "only Markdown, MDX and TypeDoc"),
        ("\u{1F600} words\n", "only Markdown, MDX and TypeDoc"),
        ("<html><table><tr><td>1</td></tr></table></html>", "pandoc"),
        ("code,name\n1,One\n", "pandoc"),
        ("", "pandoc"),
        ("# Title\n\nWords | with a pipe\n", "pandoc"),
        ("\u{0}\u{1}\u{2}", "pandoc"),
    ] {
        let (page, found) = read_as(text);
        let [only] = found.as_slice() else { panic!("{text:?}: {found:?}") };
        assert!(page.tables.is_empty() && only.rule == "no-table", "{found:?}");
        assert!(only.help.iter().any(|help| help.contains(says)), "{says}: {found:?}");
    }
    let (_, found) = read_as(&"|".repeat(1 << 20));
    assert!(found.len() <= 1, "{}", found.len());
}

/// A constant object says that it is one, and its numbers may be written twice, in two bases.
#[test]
fn numbers_of_a_constant_object_are_read_in_both_bases() {
    let page = "# Variable: REASON\n\n> **REASON**: `object`\n\n## Type Declaration\n\n### A\n\n> `readonly` **A**: `0` = `0x00`\n\n### B\n\n> `readonly` **B**: `10` = `0x0a`\n\n### C\n\n> `readonly` **C**: `5` = `0x06`\n";
    let (found, said) = read(page);
    assert_eq!(names(&found, "REASON"), [(0, "A"), (10, "B")]);
    assert!(said.len() == 1 && said[0].starts_with("error row-without-code"), "two numbers are none: {said:?}");
}

#[test]
fn a_sentence_may_begin_with_deprecated() {
    let (found, _) = read(
        "## Close codes\n\n| Code | Name | Description |\n|---|---|---|\n| 1 | A | **Deprecated.** Gone. |\n| 2 | B | Deprecated things. |\n",
    );
    let statuses: Vec<_> = found.tables[0].rows.iter().map(|row| row.facts.status.is_active()).collect();
    assert_eq!(statuses, [false, true]);
}
