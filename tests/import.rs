//! Reading pages: every way in which real pages are odd, each on a small page of our own.
//!
//! Each page is read four times: as written here, with the line ends of Windows, with a byte-order mark, and without a final
//! newline. Nothing may depend on which.

use proptest::prelude::*;
use wirecodes_codegen::diagnostic::Diagnostic;
use wirecodes_codegen::import::{Dialect, ObservedRow, ObservedTable, ObservedValue, Page, observe};
use wirecodes_codegen::model::{Direction, Format, Status};
use wirecodes_codegen::source::SourceFile;

fn read_as(text: &str, dialect: Option<Dialect>) -> (Page, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let page = observe(&SourceFile::new("page.md", text), dialect, &mut diagnostics);
    (page, diagnostics)
}

/// What a page says, after checking that its line ends, its mark and its last newline change nothing.
#[track_caller]
fn read(text: &str) -> (Vec<ObservedTable>, Vec<String>) {
    let variants = [text.replace('\n', "\r\n"), format!("\u{FEFF}{text}"), text.trim_end().to_owned()];
    let (page, diagnostics) = read_as(text, None);
    for variant in variants {
        let (other, others) = read_as(&variant, None);
        assert_eq!(shape(&other.tables), shape(&page.tables), "{variant:?}");
        assert_eq!(said(&others), said(&diagnostics), "{variant:?}");
    }
    let said = said(&diagnostics);
    (page.tables, said)
}

fn said(diagnostics: &[Diagnostic]) -> Vec<String> {
    let line = |diagnostic: &Diagnostic| {
        let line = diagnostic.labels.first().map_or(0, |label| label.span.line());
        format!("{} {}:{line} {}", diagnostic.severity.word(), diagnostic.rule, diagnostic.help.join("; "))
    };
    diagnostics.iter().map(line).collect()
}

fn shape(tables: &[ObservedTable]) -> Vec<(String, Vec<String>)> {
    let row =
        |row: &ObservedRow| format!("{} {:?} {:?} {:?} line {}", row.value, row.name, row.sentence, row.status, row.span.line());
    tables.iter().map(|table| (table.form.file.clone(), table.rows.iter().map(row).collect())).collect()
}

/// The numbers and names of a table.
#[track_caller]
fn names<'a>(tables: &'a [ObservedTable], file: &str) -> Vec<(u32, &'a str)> {
    let table = tables.iter().find(|table| table.form.file == file).unwrap_or_else(|| panic!("no table {file}"));
    table.rows.iter().map(|row| (row.value.first(), row.name.as_str())).collect()
}

const OPCODES: &str = "| Code | Name | Client Action | Description |\n|---|---|---|---|\n";

#[test]
fn p01_a_component_above_a_heading_swallows_nothing() {
    let page = format!(
        "---\ntitle: Codes\n---\n\nimport {{Anchor}} from '/x.jsx'\n\n<ManualAnchor id=\"a\" />\n###### Gateway Opcodes\n\n{OPCODES}\
         | 0 | Dispatch | Receive | An event. |\n"
    );
    let (tables, said) = read(&page);
    assert_eq!(names(&tables, "gateway-opcodes"), [(0, "Dispatch")]);
    assert_eq!(said, [""; 0]);
    assert_eq!(read_as(&page, None).0.title.as_deref(), Some("Codes"));
}

#[test]
fn p02_a_row_broken_over_two_lines_ends_no_table() {
    let page = "###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | One |\n| 2 | Two \n |\n| 3 | Three \nand more |\n| 4 | Four |\n";
    let (tables, said) = read(page);
    assert_eq!(names(&tables, "json-error-codes"), [(1, "One"), (2, "Two"), (3, "Three and more"), (4, "Four")]);
    assert_eq!(said, [""; 0]);
}

#[test]
fn p02_rows_after_a_blank_line_belong_to_their_table() {
    let page = "###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | One |\n\n| 2 | Two |\n";
    assert_eq!(names(&read(page).0, "json-error-codes"), [(1, "One"), (2, "Two")]);
}

#[test]
fn p03_a_scrape_has_captions_and_no_blank_lines() {
    let page = format!(
        "Codes\nGateway\nSome words about it.\nGateway Opcodes\n{OPCODES}| 0 | Dispatch | Receive | An event |\nGateway Close Event Codes\n\
         | Code | Description | Explanation |\n|---|---|---|\n| 4000 | Unknown error | Who knows |\nVoice\nVoice Opcodes\n\
         | Code | Name | Action | Description | Format |\n|---|---|---|---|---|\n| 0 | Identify | Send | Begin | JSON |\n"
    );
    let (tables, said) = read(&page);
    assert_eq!(names(&tables, "gateway-opcodes"), [(0, "Dispatch")]);
    assert_eq!(names(&tables, "gateway-close-codes"), [(4000, "Unknown error")]);
    assert_eq!(names(&tables, "voice-opcodes"), [(0, "Identify")]);
    assert_eq!(tables[2].rows[0].format, Some(Format::Json));
    assert_eq!(said, [""; 0]);
}

#[test]
fn p04_a_row_without_a_code_is_named_with_the_likely_codes() {
    let page = "Voice Opcodes\n| Code | Name | Action | Description | Format |\n|---|---|---|---|---|\n| 9 | Resumed | Receive | Yes | JSON |\n\
                | JSON | ||||\n| 12 | Video | Send | Pictures | JSON |\n";
    let (tables, said) = read(page);
    assert_eq!(names(&tables, "voice-opcodes"), [(9, "Resumed"), (12, "Video")]);
    assert_eq!(tables[0].unread, 1);
    let [said] = said.as_slice() else { panic!("{said:?}") };
    assert!(said.starts_with("error row-without-code:5 ") && said.contains("it may be 10, 11"), "{said}");
}

#[test]
fn p05_a_struck_out_row_and_a_live_one_share_a_code() {
    let page = "###### Voice Opcodes\n\n| Code | Name | Action | Description |\n|---|---|---|---|\n| ~~11~~ | ~~Reset~~ | ~~Send~~ | ~~Reset it~~ |\n\
                | 11 | Clients Connect | Receive | They come |\n";
    let (tables, said) = read(page);
    let rows: Vec<(&str, Status)> = tables[0].rows.iter().map(|row| (row.name.as_str(), row.status)).collect();
    assert_eq!(rows, [("Reset", Status::Removed), ("Clients Connect", Status::Active)]);
    assert_eq!(said, [""; 0]);
}

#[test]
fn p06_the_same_row_twice_is_one_and_a_different_one_is_an_error() {
    let page =
        "###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | One |\n| 2 | Two |\n| 1 | One |\n| 2 | Another |\n";
    let (tables, said) = read(page);
    assert_eq!(names(&tables, "json-error-codes"), [(1, "One"), (2, "Two")]);
    assert!(said[0].starts_with("warning repeated-row:7"), "{said:?}");
    assert!(said[1].starts_with("error contradicting-rows:8"), "{said:?}");
}

#[test]
fn p07_one_name_for_several_codes_is_read_as_it_is() {
    let page = "###### Voice Close Event Codes\n\n| Code | Description | Explanation |\n|---|---|---|\n| 4014 | Disconnected | You. |\n| 4022 | Disconnected | All. |\n";
    assert_eq!(names(&read(page).0, "voice-close-codes"), [(4014, "Disconnected"), (4022, "Disconnected")]);
}

#[test]
fn p08_one_value_may_have_two_names() {
    let page = "# Enumeration: DisconnectReason\n\n## Enumeration Members\n\n### connectionLost\n\n> **connectionLost**: `408`\n\n\
                Defined in: [a.ts:28](https://x/a.ts#L28)\n\n***\n\n### timedOut\n\n> **timedOut**: `408`\n\nDefined in: [a.ts:30](https://x/a.ts#L30)\n";
    let (tables, said) = read(page);
    let rows: Vec<(&str, bool)> = tables[0].rows.iter().map(|row| (row.name.as_str(), row.is_alias)).collect();
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
        let (tables, said) = read(&page);
        assert_eq!(names(&tables, "http-response-codes"), [(500, "SERVER ERROR")], "{mark}");
        assert!(said.len() == 1 && said[0].starts_with("warning footnote:5"), "{said:?}");
    }
    let page = format!("###### Gateway Opcodes\n\n{OPCODES}| 36 | Request Statuses **(deprecated)** ^1^ | Send | ~~Old~~ |\n");
    let row = &read(&page).0[0].rows[0];
    assert_eq!((row.name.as_str(), row.status), ("Request Statuses", Status::Deprecated));
}

#[test]
fn p10_a_range_and_a_name_in_the_code_cell() {
    let page = "###### HTTP Response Codes\n\n| Code | Meaning |\n|---|---|\n| 204 (NO CONTENT) | Nothing. |\n| 5xx (SERVER ERROR) | Failed. |\n| 600-699 | Beyond. |\n";
    let (tables, _) = read(page);
    let values: Vec<ObservedValue> = tables[0].rows.iter().map(|row| row.value).collect();
    assert_eq!(values, [ObservedValue::Value(204), ObservedValue::Range([500, 599]), ObservedValue::Range([600, 699])]);
    assert_eq!(names(&tables, "http-response-codes"), [(204, "NO CONTENT"), (500, "SERVER ERROR"), (600, "Beyond.")]);
}

#[test]
fn p11_a_heading_without_a_table_is_no_table() {
    let page = format!(
        "###### Gateway Opcodes\n\n{OPCODES}| 0 | Dispatch | Receive | An event. |\n\n###### JSON Error Codes\n\n<Alert>\n\nGone: see [there](https://x).\n\n</Alert>\n"
    );
    let (tables, said) = read(&page);
    assert_eq!(tables.len(), 1);
    assert_eq!(said, [""; 0]);
}

#[test]
fn p12_what_may_stand_in_a_cell_and_between_tables() {
    let page = format!(
        "<Alert>\n\nNote | well\n\n</Alert>\n\n###### Gateway Opcodes\n\n{OPCODES}| 0 | Dis\\|patch | Receive | See [it](</a(b)>) or `a|b`<br/>or—so |\n\n\
         ```json\n{{ \"code\": 1 }}\n| 7 | not a row | x | y |\n```\n\n###### RPC Errors\n\n| Code | Name |\n|---|---|\n| 1000 | `GET_GUILD` timed out |\n"
    );
    let (tables, said) = read(&page);
    assert_eq!(names(&tables, "gateway-opcodes"), [(0, "Dis|patch")]);
    assert_eq!(tables[0].rows[0].sentence.as_deref(), Some("See it or a|b or—so"));
    assert_eq!(names(&tables, "rpc-error-codes"), [(1000, "`GET_GUILD` timed out")]);
    assert_eq!(said, [""; 0]);
}

#[test]
fn a_row_of_dashes_inside_a_table_makes_no_header_of_the_row_above() {
    let (tables, said) = read("###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | One |\n| - | - |\n| 2 | Two |\n");
    assert_eq!(names(&tables, "json-error-codes"), [(1, "One"), (2, "Two")]);
    assert!(said.len() == 1 && said[0].starts_with("error row-without-code:6"), "{said:?}");
}

#[test]
fn a_table_of_something_else_is_one_warning() {
    let page = format!(
        "## Files\n\n| File | What |\n|---|---|\n| a.rs | code |\n| b.rs | more |\n\n###### Gateway Opcodes\n\n{OPCODES}| 0 | Dispatch | Receive | E. |\n"
    );
    let (tables, said) = read(&page);
    assert_eq!(names(&tables, "gateway-opcodes"), [(0, "Dispatch")]);
    assert!(said.len() == 1 && said[0].starts_with("warning not-of-codes:3"), "{said:?}");
    assert_eq!(names(&read("## Error Codes\n\n| Number | What |\n|---|---|\n| 7 | Seven |\n").0, "error-codes"), [(7, "Seven")]);
}

#[test]
fn columns_are_found_by_what_they_are_called() {
    let page = "###### Voice Opcodes\n\n| Opcode | Name | Sent By | Description | Binary | Colour |\n|---|---|---|---|---|---|\n\
                | `0` | Identify | client | Begin. | | red |\n| `1` | Both | client and server | Do. | X | |\n| 2 | Odd | Receive | Do. | maybe | |\n\n\
                ###### Gateway Close Codes\n\n| Value | Description | Explanation | Reconnect |\n|---|---|---|---|\n| 4000 | Unknown | Who knows. | true |\n";
    let (tables, said) = read(page);
    let row = |at: usize| (tables[0].rows[at].direction, tables[0].rows[at].format);
    assert_eq!(row(0), (Some(Direction::Send), Some(Format::Json)));
    assert_eq!(row(1), (Some(Direction::Both), Some(Format::Binary)));
    assert_eq!(row(2), (Some(Direction::Receive), Some(Format::Json)));
    assert_eq!(tables[1].rows[0].reconnect, Some(true));
    assert!(said.iter().any(|said| said.starts_with("warning unknown-column:3")), "{said:?}");
    assert!(said.iter().any(|said| said.starts_with("warning odd-cell:7")), "{said:?}");
}

#[test]
fn enum_pages_old_and_new() {
    let old = "# Enumeration: VoiceCloseEventCodes\n\n## Enumeration Members\n\n### Disconnect\n\n• **Disconnect** = `4014`\n\nYou were [kicked](https://x).\n\n\
               #### Defined in\n\n[a.ts:715](https://x/a.ts#L715)\n\n---\n\n### Crashed\n\n• `Const` **Crashed** = ``4015``\n\n#### Deprecated\n\nGone.\n\n___\n\n### Bad\n\n• **Bad** = `\"x\"`\n";
    let (tables, said) = read(old);
    assert_eq!(names(&tables, "voice-close-codes"), [(4014, "Disconnect"), (4015, "Crashed")]);
    assert_eq!(tables[0].rows[0].sentence.as_deref(), Some("You were kicked."));
    assert_eq!((tables[0].rows[1].status, tables[0].rows[1].sentence.as_deref()), (Status::Deprecated, None));
    assert!(said.len() == 1 && said[0].starts_with("error row-without-code:"), "{said:?}");
    let table = "# Enumeration: GatewayOpcodes\n\n## Enumeration Members\n\n| Enumeration Member | Value | Description | Defined in |\n| ------ | ------ | ------ | ------ |\n| `Hello` | `10` | Hi. | [a.ts:1](https://x) |\n";
    let (tables, said) = read(table);
    assert_eq!(tables[0].rows[0].value, ObservedValue::Value(10));
    assert_eq!((names(&tables, "gateway-opcodes"), tables[0].rows[0].sentence.as_deref()), (vec![(10, "`Hello`")], Some("Hi.")));
    assert_eq!(said, [""; 0]);
    let new = "# Enumeration: GatewayOpcodes\n\n### ~~Old~~\n\n> **Old**: `5`\n\n#### Deprecated\n\n***\n\n### Hello\n\n> **Hello** = `10`\n";
    let (tables, said) = read(new);
    assert_eq!(names(&tables, "gateway-opcodes"), [(5, "Old"), (10, "Hello")]);
    assert_eq!(tables[0].rows[0].status, Status::Deprecated);
    assert_eq!(said, [""; 0]);
}

#[test]
fn pages_that_are_no_pages_get_one_clear_error() {
    for text in ["", "\n\n", "# Title\n\nWords | with a pipe\n", "\u{0}\u{1}\u{2}"] {
        let (page, diagnostics) = read_as(text, None);
        assert!(page.tables.is_empty());
        assert_eq!(diagnostics.len(), 1, "{text:?}: {diagnostics:?}");
        assert_eq!(diagnostics[0].rule, "no-table");
    }
    let pipes = "|".repeat(100 << 20);
    assert_eq!(read_as(&pipes, None).1[0].rule, "page-too-large");
    let (_, diagnostics) = read_as(&"|".repeat(1 << 20), None);
    assert!(diagnostics.len() <= 1, "{}", diagnostics.len());
}

#[test]
fn a_table_of_a_hundred_thousand_rows_is_read() {
    let rows: String = (0..100_000).map(|code| format!("| {code} | Error number {code} |\n")).collect::<Vec<_>>().concat();
    let (page, diagnostics) = read_as(&format!("###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n{rows}"), None);
    assert_eq!(page.tables[0].rows.len(), 100_000);
    assert!(diagnostics.is_empty());
}

#[test]
fn names_made_to_break_out_stay_names_or_are_refused() {
    let page = "###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | \\\"); } // \" |\n| 2 | \u{1b}[31mred |\n| 3 | left\u{202e}right |\n| 4 | */ #![x] {} |\n";
    let (tables, said) = read(page);
    assert_eq!(names(&tables, "json-error-codes"), [(1, "\"); } // \""), (4, "*/ #![x] {}")]);
    assert_eq!(said.iter().filter(|said| said.starts_with("error unprintable-character")).count(), 2, "{said:?}");
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

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in "(?s).{0,400}", tables in any::<bool>()) {
        let dialect = if tables { Dialect::Tables } else { Dialect::TypeDoc };
        let _ = read_as(&text, None);
        let _ = read_as(&text, Some(dialect));
    }

    #[test]
    fn no_page_of_pipes_and_marks_makes_it_panic(text in "[|`~*\\\\<>#\\-:\\n 0-9a-z^(){}\\[\\]•=\"]{0,300}") {
        let page = format!("###### Gateway Opcodes\n\n{OPCODES}{text}\n• **A** = `1`\n");
        let _ = read_as(&page, None);
        let _ = read_as(&page, Some(Dialect::TypeDoc));
    }

    #[test]
    fn every_row_is_read_or_named(rows in rows()) {
        let page = format!("###### JSON Error Codes\n\n| Code | Name | Meaning |\n|---|---|---|\n{}\n", rows.join("\n"));
        let (page, diagnostics) = read_as(&page, None);
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
