//! Bringing tables in step with pages: `cargo xtask import`, run as its users do.

use std::fs;
use std::path::Path;

use serde_json::Value;
use wirecodes_codegen::import::{ObservedValue, observe};
use wirecodes_codegen::load;
use wirecodes_codegen::model::{Code, Detail, Direction, Status, Table};
use wirecodes_codegen::source::SourceFile;
use wirecodes_tests::{Run, files, root, xtask};

/// A folder with a page and tables, for importing the one into the others.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn import(&self, page: &str, options: &[&str]) -> Run {
        let path = self.folder.path().join("page.md");
        fs::write(&path, page).unwrap();
        self.import_file(&path, options)
    }

    fn import_file(&self, page: &Path, options: &[&str]) -> Run {
        let (page, codes) = (page.display().to_string(), self.codes().display().to_string());
        let mut arguments = vec!["import", &page, "--into", "test/v1", "--codes", &codes];
        if !options.contains(&"--date") {
            arguments.extend(["--date", "2026-07-21"]);
        }
        arguments.extend(options);
        xtask(&arguments)
    }

    fn codes(&self) -> std::path::PathBuf {
        self.folder.path().join("codes")
    }

    fn table(&self, name: &str) -> std::path::PathBuf {
        self.codes().join(format!("test/v1/{name}.toml"))
    }

    fn text(&self, name: &str) -> String {
        fs::read_to_string(self.table(name)).unwrap()
    }
}

fn page(rows: &str) -> String {
    format!(
        "# Codes\n\n###### Gateway Close Event Codes\n\n| Code | Description | Explanation | Reconnect |\n|---|---|---|---|\n{rows}"
    )
}

const TABLE: &str = r#"# A comment of ours at the top.
title = "Gateway Close Event Codes"
enum = "GatewayCloseCode"   # beside a key
kind = "close-codes"
repr = "u16"
summary = "Why it closed."

[source]
document = "Codes"
date = 2020-01-01
revision = "old"

[reconnect]
absent = { action = "resume", basis = "judgement", reason = "Nothing was said." }
unknown = { action = "resume", wait = "backoff", basis = "judgement", reason = "Nothing is known." }

# Above the first row.
[[code]]
summary = "Ours."   # and odd order
value   = 4000
ident = "SomethingElse"
name = "Unknown error"
note = "A note."
policy = { action = "stop", basis = "judgement", reason = "Because." }
reconnect = true
text = "000000000000"

[[code]]
value = 4002
name = "Decode error"
ident = "DecodeError"
policy = { action = "resume", basis = "judgement", reason = "Because." }
# The last line is a comment.
"#;

fn desk_with_table() -> Desk {
    let desk = Desk::new();
    fs::create_dir_all(desk.codes().join("test/v1")).unwrap();
    fs::write(desk.table("gateway-close-codes"), TABLE).unwrap();
    desk
}

#[test]
fn what_people_wrote_stays_byte_for_byte() {
    let desk = desk_with_table();
    let rows = "| 4000 | Unknown error! | We do not know. | false |\n| 4001 | Unknown opcode | Bad opcode. Should not reconnect. | |\n| 4002 | Decode error | | |\n";
    let _ = desk.import(&page(rows), &["--revision", "new"]).ends(0);
    let text = desk.text("gateway-close-codes");
    let expected = TABLE
        .replace("2020-01-01", "2026-07-21")
        .replace("\"old\"", "\"new\"")
        .replace("\"Unknown error\"", "\"Unknown error!\"")
        .replace("reconnect = true", "reconnect = false")
        .replace("000000000000", &wirecodes_codegen::import::merge::fingerprint("We do not know"));
    let new_row = "[[code]]\nvalue = 4001\nname = \"Unknown opcode\"\nident = \"UnknownOpcode\"\nadvice = \"stop\"\npolicy = { action = \"stop\", wait = \"none\", basis = \"documented\", reason = \"The document says not to reconnect; clients that do not know the code yet may try all the same.\" }\ntext = \"";
    let (before, after) = text.split_once("[[code]]\nvalue = 4001").expect("the new row is between its neighbours");
    let (_, after) = after.split_once("\"\n\n").expect("the new row ends");
    assert_eq!(format!("{before}{after}"), expected);
    assert!(text.contains(new_row), "{text}");
}

#[test]
fn importing_twice_changes_nothing() {
    let desk = desk_with_table();
    let rows = "| 4000 | Unknown error | We do not know. | true |\n| 4002 | Decode error | Bad. | true |\n| 4005 | New | One. | true |\n";
    let _ = desk.import(&page(rows), &[]).ends(0);
    let after = files(&desk.codes());
    for options in [&[][..], &["--date", "2026-07-21"], &["--check"]] {
        let again = desk.import(&page(rows), options).ends(0);
        assert!(again.stdout.contains("up to date"), "{}", again.stdout);
        assert_eq!(files(&desk.codes()), after);
    }
}

#[test]
fn rows_that_leave_the_page_are_removed_and_may_come_back() {
    let desk = Desk::new();
    let row = |code: u32| format!("| {code} | Error {code} | Text {code}. | true |\n");
    let all: String = (4000..4010).map(row).collect();
    let _ = desk.import(&page(&all), &[]).ends(0);
    let full = desk.text("gateway-close-codes");
    let one_gone: String = (4000..4010).filter(|code| *code != 4004).map(row).collect();
    let run = desk.import(&page(&one_gone), &[]).ends(0);
    assert!(run.stdout.contains("struck-out  4004"), "{}", run.stdout);
    assert!(desk.text("gateway-close-codes").contains("ident = \"Error4004\"\nstatus = \"removed\"\n"));
    let _ = desk.import(&page(&all), &[]).ends(0);
    assert_eq!(desk.text("gateway-close-codes"), full, "a row that comes back is as it was");
    let _ = desk.import(&page(&one_gone), &["--prune"]).ends(0);
    assert!(!desk.text("gateway-close-codes").contains("4004"));
}

#[test]
fn more_than_a_fifth_gone_needs_prune_and_changes_no_file() {
    let desk = Desk::new();
    let rows = |codes: std::ops::Range<u32>| -> String {
        codes.map(|code| format!("| {code} | Error {code} | T. | true |\n")).collect::<Vec<_>>().concat()
    };
    let _ = desk.import(&page(&rows(4000..4010)), &[]).ends(0);
    let before = files(&desk.codes());
    let run = desk.import(&page(&rows(4000..4007)), &[]).ends(1);
    assert!(run.stderr.contains("too-many-gone") && run.stderr.contains("--prune"), "{}", run.stderr);
    assert_eq!(files(&desk.codes()), before);
    let _ = desk.import(&page(&rows(4000..4007)), &["--prune"]).ends(0);
    assert!(!desk.text("gateway-close-codes").contains("4008"));
}

#[test]
fn a_table_that_is_not_on_the_page_is_one_finding() {
    let desk = Desk::new();
    let opcodes = "\n###### Gateway Opcodes\n\n| Code | Name | Action | Description |\n|---|---|---|---|\n| 0 | Dispatch | Receive | Event. |\n| 1 | Heartbeat | Send | Alive. |\n";
    let both = page("| 4000 | Unknown | Who knows. | true |\n") + opcodes;
    let _ = desk.import(&both, &[]).ends(0);
    let before = files(&desk.codes());
    let run = desk.import(&page("| 4000 | Unknown | Who knows. | true |\n"), &[]).ends(0);
    assert_eq!(run.stderr.matches("table-not-on-page").count(), 1, "{}", run.stderr);
    assert_eq!(files(&desk.codes()), before);
    let _ = desk.import(&page("| 4000 | Unknown | Who knows. | true |\n"), &["--prune"]).ends(0);
    assert!(!desk.table("gateway-opcodes").exists());
}

#[test]
fn struck_restored_recycled_and_deprecated_rows() {
    let desk = Desk::new();
    let page = |rows: &str| format!("###### Voice Opcodes\n\n| Code | Name | Action | Description |\n|---|---|---|---|\n{rows}");
    let _ = desk.import(&page("| 10 | Signal | Send | S. |\n| 11 | Reset | Send | R. |\n"), &[]).ends(0);
    let _ = desk.import(&page("| ~~10~~ | ~~Signal~~ | ~~Send~~ | ~~S.~~ |\n| ~~11~~ | ~~Reset~~ | ~~Send~~ | ~~R.~~ |\n| 11 | Clients Connect | Receive | C. |\n"), &[]).ends(0);
    let text = desk.text("voice-opcodes");
    assert_eq!(text.matches("status = \"removed\"").count(), 2, "{text}");
    let (reset, connect) = (text.find("\"Reset\"").unwrap(), text.find("\"Clients Connect\"").unwrap());
    assert!(reset < connect, "{text}");
    let _ = desk.import(&page("| 10 | Signal **(deprecated)** | Send | S. |\n| ~~11~~ | ~~Reset~~ | ~~Send~~ | ~~R.~~ |\n| 11 | Clients Connect | Receive | C. |\n"), &[]).ends(0);
    assert!(desk.text("voice-opcodes").contains("ident = \"Signal\"\nstatus = \"deprecated\"\n"));
}

#[test]
fn a_reworded_name_renames_no_variant() {
    let desk = Desk::new();
    let page = |limited: &str, presence: &str| {
        format!(
            "###### Gateway Opcodes\n\n| Code | Name | Action | Description |\n|---|---|---|---|\n| 2 | {limited} | Send | L. |\n| 3 | {presence} | Send | P. |\n"
        )
    };
    let _ = desk.import(&page("Ratelimited", "Status Update"), &[]).ends(0);
    let run = desk.import(&page("Rate limited", "Presence Update"), &[]).ends(0);
    let text = desk.text("gateway-opcodes");
    assert!(text.contains("ident = \"Ratelimited\"") && text.contains("name = \"Rate limited\""), "{text}");
    assert!(text.contains("ident = \"StatusUpdate\"") && text.contains("name = \"Presence Update\""), "{text}");
    assert!(run.stderr.contains("write `ident = \"PresenceUpdate\"` and `renamed_from = \"StatusUpdate\"`"), "{}", run.stderr);
    assert!(!run.stderr.contains("RateLimited"), "a restyled name offers no renaming: {}", run.stderr);
    assert!(run.stdout.contains("renamed  3"), "{}", run.stdout);
}

#[test]
fn identifiers_do_not_depend_on_the_rest_of_the_page() {
    let page =
        |rows: &str| format!("###### Voice Close Event Codes\n\n| Code | Description | Explanation |\n|---|---|---|\n{rows}");
    let (one, two) = (Desk::new(), Desk::new());
    let rows = ["| 4014 | Disconnected | You. |\n", "| 4015 | Crashed | It. |\n", "| 4022 | Disconnected | All. |\n"];
    let _ = one.import(&page(&rows.concat()), &[]).ends(0);
    let _ = two.import(&page(&[rows[2], rows[1], rows[0]].concat()), &[]).ends(0);
    let idents = |desk: &Desk| {
        let mut idents: Vec<String> =
            desk.text("voice-close-codes").lines().filter(|line| line.starts_with("ident")).map(str::to_owned).collect();
        idents.sort();
        idents
    };
    assert_eq!(idents(&one), ["ident = \"Crashed\"", "ident = \"Disconnected4014\"", "ident = \"Disconnected4022\""]);
    assert_eq!(idents(&one), idents(&two));
    let later = Desk::new();
    let _ = later.import(&page(&rows[..2].concat()), &[]).ends(0);
    let _ = later.import(&page(&rows.concat()), &[]).ends(0);
    assert_eq!(idents(&later), ["ident = \"Crashed\"", "ident = \"Disconnected\"", "ident = \"Disconnected4022\""]);
}

#[test]
fn a_row_that_cannot_be_read_removes_nothing() {
    let desk = Desk::new();
    let rows = |five: &str| -> String {
        (4000..4010)
            .map(|code| if code == 4005 { five.to_owned() } else { format!("| {code} | Error {code} | T. | true |\n") })
            .collect()
    };
    let _ = desk.import(&page(&rows("| 4005 | Five | T. | true |\n")), &[]).ends(0);
    let run = desk.import(&page(&(rows("| Five | T. |\n") + "| 4011 | New | T. | true |\n")), &[]).ends(1);
    assert!(run.stderr.contains("it may be 4005"), "{}", run.stderr);
    let text = desk.text("gateway-close-codes");
    assert!(!text.contains("removed") && text.contains("4005"), "{text}");
    assert!(text.contains("4011"), "the other rows are imported: {text}");
}

#[test]
fn the_json_lists_the_rows_in_the_order_of_the_page() {
    let desk = Desk::new();
    let page = "###### HTTP Response Codes\n\n| Code | Meaning |\n|---|---|\n| 502 (GATEWAY UNAVAILABLE) | Wait. |\n| 5xx (SERVER ERROR) | Bad. |\n| | Lost |\n| 200 (OK) | Fine. |\n";
    let run = desk.import(page, &["--dry-run", "--format", "json"]).ends(1);
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    let codes = json["tables"][0]["codes"].as_array().unwrap();
    assert_eq!(json["tables"][0]["table"], "http-response-codes");
    assert_eq!(
        (&codes[0]["value"], &codes[0]["name"], &codes[0]["status"]),
        (&502.into(), &"GATEWAY UNAVAILABLE".into(), &"active".into())
    );
    assert_eq!(codes[1]["range"], serde_json::json!([500, 599]));
    assert_eq!(codes[2]["value"], 200);
    let error = json["diagnostics"].as_array().unwrap().iter().find(|diagnostic| diagnostic["level"] == "error").unwrap();
    assert_eq!((&error["line"], &error["column"]), (&7.into(), &1.into()));
    assert!(error["file"].as_str().unwrap().ends_with("page.md"));
    assert!(!desk.codes().exists(), "a dry run writes nothing");
}

#[test]
fn check_tells_a_page_that_differs() {
    let desk = Desk::new();
    let _ = desk.import(&page("| 4000 | Unknown | Who knows. | true |\n"), &["--check"]).ends(1);
    assert!(!desk.codes().exists());
}

#[test]
fn several_pages_fill_one_edition() {
    let desk = Desk::new();
    let other = desk.folder.path().join("enum.md");
    fs::write(&other, "# Enumeration: VoiceOpcodes\n\n### Hello\n\n> **Hello**: `8`\n").unwrap();
    let other = other.display().to_string();
    let _ = desk.import(&page("| 4000 | Unknown | Who knows. | true |\n"), &[&other]).ends(0);
    assert!(desk.table("gateway-close-codes").exists() && desk.table("voice-opcodes").exists());
}

#[test]
fn an_import_that_fails_changes_no_file() {
    let desk = desk_with_table();
    fs::write(desk.table("gateway-opcodes"), "title = \"broken\n").unwrap();
    let before = files(&desk.codes());
    let both = page("| 4000 | Unknown! | Who knows. | true |\n| 4002 | Decode | D. | true |\n")
        + "\n###### Gateway Opcodes\n\n| Code | Name |\n|---|---|\n| 0 | Dispatch |\n";
    let run = desk.import(&both, &[]).ends(1);
    assert!(run.stderr.contains("gateway-opcodes.toml:1") && run.stderr.contains("no file was changed"), "{}", run.stderr);
    assert_eq!(files(&desk.codes()), before);
    // A file stands where a folder has to be.
    let desk = Desk::new();
    fs::create_dir_all(desk.codes()).unwrap();
    fs::write(desk.codes().join("test"), "a file").unwrap();
    let run = desk.import(&page("| 4000 | Unknown | Who knows. | true |\n"), &[]).ends(1);
    assert!(run.stderr.contains("error") && run.stderr.contains("codes/test"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(desk.codes().join("test")).unwrap(), "a file");
}

#[test]
fn bad_input_gets_a_clear_error() {
    let desk = Desk::new();
    let run = desk.import_file(Path::new("no/such/page.md"), &[]).ends(1);
    assert!(run.stderr.contains("no/such/page.md") && run.stderr.contains("cannot read"), "{}", run.stderr);
    let binary = desk.folder.path().join("page.bin");
    fs::write(&binary, [0xFF, 0xFE, 0x00, 0x41]).unwrap();
    assert!(desk.import_file(&binary, &[]).ends(1).stderr.contains("not UTF-8"));
    assert!(desk.import("", &[]).ends(1).stderr.contains("no table of codes"));
    let _ = desk.import(&page("| 4000 | A | B. | true |\n"), &["--date", "yesterday"]).ends(2);
    let _ = xtask(&["import", "page.md", "--into", "Discord"]).ends(2);
    let _ = xtask(&["import", "--into", "discord/v10"]).ends(2);
    assert!(!desk.codes().exists());
}

#[test]
fn an_imported_table_is_ready_for_codegen() {
    let desk = desk_with_table();
    let rows = "| 4000 | Unknown error | We do not know. | true |\n| 4002 | Decode error | Bad. | true |\n| 4005 | New one | Nobody knows. | true |\n| 4006 | Final | Over. | false |\n";
    let _ = desk.import(&page(rows), &[]).ends(0);
    let out = tempfile::tempdir().unwrap();
    let run =
        xtask(&["codegen", "--codes", &desk.codes().display().to_string(), "--out", &out.path().display().to_string()]).ends(0);
    assert!(run.stderr.contains("warning[policy-unreviewed]"), "{}", run.stderr);
    assert!(run.stderr.contains("warning[summary-missing]"), "{}", run.stderr);
}

/// A table as a page in some dialect.
type Print = fn(&Table) -> String;

/// Every table of this repository, as a page in each dialect that can hold it, read again.
#[test]
fn all_tables_survive_every_dialect() {
    let registry = load(&root().join("codes"), &mut Vec::new()).expect("the tables are sound");
    let tables = registry.systems.iter().flat_map(|system| &system.editions).flat_map(|edition| &edition.tables);
    let dialects: [(&str, Print); 5] =
        [("markdown", markdown), ("mdx", mdx), ("scrape", scrape), ("typedoc old", typedoc_old), ("typedoc new", typedoc_new)];
    let mut printed = 0;
    for table in tables {
        for (dialect, print) in &dialects {
            let page = print(table);
            if page.is_empty() {
                continue;
            }
            printed += 1;
            let mut diagnostics = Vec::new();
            let observed = observe(&SourceFile::new("page.md", page.clone()), None, &mut diagnostics);
            assert_eq!(diagnostics, [], "{} as {dialect}:\n{page}", table.path);
            let [observed] = observed.tables.as_slice() else {
                panic!("{} as {dialect}: {} tables", table.path, observed.tables.len())
            };
            let typedoc = dialect.starts_with("typedoc");
            let expected: Vec<String> = rows(table).into_iter().map(|code| facts(code, typedoc)).collect();
            let found: Vec<String> = observed
                .rows
                .iter()
                .map(|row| {
                    let value = match row.value {
                        ObservedValue::Value(value) => value.to_string(),
                        ObservedValue::Range([first, last]) => format!("{first}-{last}"),
                    };
                    format!("{value} {} {:?} {:?} {:?} {:?}", row.name, row.status, row.direction, row.format, row.reconnect)
                })
                .collect();
            assert_eq!(found, expected, "{} as {dialect}", table.path);
        }
    }
    assert!(printed > 70, "only {printed} pages");
}

fn rows(table: &Table) -> Vec<&Code> {
    let mut rows: Vec<&Code> = table.recycled.iter().chain(&table.codes).collect();
    rows.sort_by_key(|code| (code.value.value, code.status != Status::Removed));
    rows
}

fn facts(code: &Code, typedoc: bool) -> String {
    let (direction, format, reconnect) = match &code.detail {
        Detail::Opcode { direction, format, .. } if !typedoc => (*direction, *format, None),
        Detail::CloseCode { documented, .. } if !typedoc => (None, None, *documented),
        _ => (None, None, None),
    };
    let name = if typedoc { code.ident.clone() } else { code.name.clone() };
    format!("{} {name} {:?} {direction:?} {format:?} {reconnect:?}", code.value.value, code.status)
}

fn heading(table: &Table) -> &'static str {
    match table.path.file.as_str() {
        "gateway-opcodes" => "Gateway Opcodes",
        "gateway-close-codes" => "Gateway Close Event Codes",
        "voice-opcodes" => "Voice Opcodes",
        "voice-close-codes" => "Voice Close Event Codes",
        "http-response-codes" => "HTTP Response Codes",
        "json-error-codes" => "JSON Error Codes",
        "rpc-error-codes" => "RPC Error Codes",
        "rpc-close-codes" => "RPC Close Event Codes",
        "disconnect-reasons" => "Disconnect Reasons",
        _ => "Close Codes",
    }
}

/// The lines of a pipe table.
fn pipes(table: &Table, struck: bool) -> String {
    let with_formats = table.has_formats();
    let header = match table.path.file.as_str() {
        "json-error-codes" | "http-response-codes" => "| Code | Meaning |\n|---|---|\n".to_owned(),
        file if file.ends_with("opcodes") && with_formats => {
            "| Code | Name | Action | Description | Format |\n|--|--|--|--|--|\n".to_owned()
        }
        file if file.ends_with("opcodes") => "| Code | Name | Client Action | Description |\n|--|--|--|--|\n".to_owned(),
        _ => "| Code | Description | Explanation | Reconnect |\n| :--- | --- | --- | ---: |\n".to_owned(),
    };
    let row = |code: &Code| {
        let strike = |text: &str| if struck && code.status == Status::Removed { format!("~~{text}~~") } else { text.to_owned() };
        let name = code.name.replace('|', "\\|").replace('*', "\\*");
        let name = if code.status == Status::Deprecated { format!("{name} **(deprecated)**") } else { name };
        let value = code.value.value.to_string();
        let meaning = format!("A sentence about {value}.");
        match &code.detail {
            Detail::Response { .. } if table.path.file == "http-response-codes" => {
                let value = if value == "500-599" { "5xx".to_owned() } else { value };
                format!("| {value} ({name}) | {meaning} |\n")
            }
            Detail::Response { .. } if table.path.file == "json-error-codes" => format!("| {value} | {name} |\n"),
            Detail::Response { .. } => format!("| {value} | {name} | {meaning} | |\n"),
            Detail::Opcode { direction, format, .. } => {
                let direction = match direction {
                    Some(Direction::Send) => "Send",
                    Some(Direction::Receive) => "server",
                    Some(Direction::Both) => "client and server",
                    None => "",
                };
                let format = format.map(|format| format!(" {} |", format.word())).unwrap_or_default();
                format!("| {} | {} | {} | {meaning} |{format}\n", strike(&value), strike(&name), strike(direction))
            }
            Detail::CloseCode { documented, .. } => {
                let reconnect = documented.map(|documented| documented.to_string()).unwrap_or_default();
                format!("| {} | {} | {meaning} | {reconnect} |\n", strike(&value), strike(&name))
            }
        }
    };
    header + &rows(table).into_iter().map(row).collect::<String>()
}

fn markdown(table: &Table) -> String {
    format!("# Codes\n\n###### {}\n\nSome words.\n\n{}", heading(table), pipes(table, true))
}

fn mdx(table: &Table) -> String {
    format!(
        "---\ntitle: Codes\n---\n\nimport {{A}} from '/a.jsx'\n\n<A id=\"x\" />\n###### {}\n\n{}",
        heading(table),
        pipes(table, true)
    )
}

fn scrape(table: &Table) -> String {
    // A scrape loses what is struck out.
    if rows(table).iter().any(|code| code.status == Status::Removed) {
        return String::new();
    }
    format!("Codes\nSome words.\n{}\n{}", heading(table), pipes(table, false))
}

fn typedoc(table: &Table, member: fn(&str, u32) -> String) -> String {
    if rows(table).iter().any(|code| code.status == Status::Removed || !code.aliases.is_empty())
        || table.path.file.starts_with("http")
    {
        return String::new();
    }
    let members = rows(table).into_iter().map(|code| {
        let deprecated = if code.status == Status::Deprecated { "\n#### Deprecated\n" } else { "" };
        format!(
            "### {}\n\n{}\n{deprecated}\n#### Defined in\n\n[a.ts:1](https://x/a.ts#L1)\n\n***\n\n",
            code.ident,
            member(&code.ident, code.value.value.discriminant())
        )
    });
    format!("# Enumeration: {}\n\n## Enumeration Members\n\n{}", heading(table).replace(' ', ""), members.collect::<String>())
}

fn typedoc_old(table: &Table) -> String {
    typedoc(table, |name, value| format!("• **{name}** = ``{value}``"))
}

fn typedoc_new(table: &Table) -> String {
    typedoc(table, |name, value| format!("> **{name}**: `{value}`"))
}

/// A page in a git repository of its own, through a renaming and a commit with a date of long ago.
#[test]
fn history_follows_a_page_in_the_order_of_the_commits() {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str], date: &str| {
        let status = std::process::Command::new("git")
            .args(["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"])
            .args(arguments)
            .current_dir(folder.path())
            .env("GIT_COMMITTER_DATE", date)
            .env("GIT_AUTHOR_DATE", date)
            .output()
            .unwrap();
        assert!(status.status.success(), "{}", String::from_utf8_lossy(&status.stderr));
    };
    let commit = |file: &str, text: &str, message: &str, date: &str| {
        fs::write(folder.path().join(file), text).unwrap();
        git(&["add", "-A"], date);
        git(&["commit", "-qm", message], date);
    };
    git(&["init", "-q"], "2020-01-01T00:00:00");
    commit("old.md", &page("| 4000 | Unknown | U. | true |\n"), "first", "2020-01-01T00:00:00");
    commit("old.md", &page("| 4000 | Unknown | U. | true |\n| 4001 | Opcode | O. | true |\n"), "second", "2010-01-01T00:00:00");
    git(&["mv", "old.md", "new name.mdx"], "2021-01-01T00:00:00");
    git(&["commit", "-qm", "moved"], "2021-01-01T00:00:00");
    commit(
        "new name.mdx",
        &page("| 4000 | Unknown | U. | true |\n| 4001 | Opcode | O. | false |\n"),
        "third",
        "2022-01-01T00:00:00",
    );
    let repository = folder.path().display().to_string();
    let run = xtask(&["history", &repository, "new name.mdx", "--format", "json"]).ends(0);
    let json: Value = serde_json::from_str(&run.stdout).unwrap();
    let commits: Vec<(&str, &str)> = json["commits"]
        .as_array()
        .unwrap()
        .iter()
        .map(|commit| (commit["subject"].as_str().unwrap(), commit["changes"]["summary"].as_str().unwrap()))
        .collect();
    let expected =
        [("first", "1 table-added; needs: minor"), ("second", "1 added; needs: minor"), ("third", "1 reconnect; needs: policy")];
    assert_eq!(commits, expected);
    let markdown = xtask(&["history", &repository, "new name.mdx", "--format", "markdown"]).ends(0).stdout;
    assert!(markdown.contains("## 2022-01-01 ") && markdown.contains("true → false"), "{markdown}");
    assert!(xtask(&["history", &repository, "nothing.md"]).ends(1).stderr.contains("nothing.md"));
    assert!(xtask(&["history", "/no/such/folder", "x.md"]).ends(1).stderr.contains("git: "));
}
