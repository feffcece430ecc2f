//! What holds for any input, however hostile. Bytes come in; a property that does not hold is a panic.
//!
//! The fuzz targets and `tests/hostile.rs` share this file, so that what was found once is tried again by every `cargo test`.

use std::sync::{Arc, LazyLock};

use serde::Serialize;
use wirecodes::discord::v10::{GatewayCloseCode, VoiceCloseCode};
use wirecodes_codegen::{
    Diagnostic, Files, Form, ImportOptions, Imported, Layout, Page, Registry, Side, Sides, SourceFile, Sources, audit, diff,
    explain, generate, import, load, lowered, read_page, to_json,
};

#[path = "calls.rs"]
mod calls;

/// A property of any input.
pub type Property = fn(&[u8]);

/// All properties, by the names of their targets and corpora.
pub const ALL: [(&str, Property); 8] = [
    ("page", page),
    ("typedoc", typedoc),
    ("table", table),
    ("render", rendered),
    ("changes", compared),
    ("audit", audited),
    ("explain", explained),
    ("calls", called),
];

/// The edition that is imported into and the one that has the table of the input.
const EDITION: &str = "chat/v3";

/// A page, as it looks.
pub fn page(bytes: &[u8]) {
    let Some(source) = source("page.md", bytes) else { return };
    read_and_import(&source, bytes.len());
}

/// A page, read as one of enums.
pub fn typedoc(bytes: &[u8]) {
    let text = [b"# Enumeration: Code\n\n", bytes].concat();
    let Some(source) = source("page.md", &text) else { return };
    read_and_import(&source, text.len());
}

fn read_and_import(source: &Arc<SourceFile>, size: usize) {
    let (page, found) = read_page(source);
    printed(&found, size);
    let tables = || {
        let mut files = chat();
        for (name, text) in TABLES {
            files.insert(format!("{EDITION}/{name}.toml"), text.as_bytes().to_vec());
        }
        files
    };
    for files in [chat as fn() -> Files, tables] {
        imported_twice(&files, &page, size);
    }
}

/// Importing twice is importing once, and what was imported without an error is accepted by the generator.
fn imported_twice(files: &dyn Fn() -> Files, page: &Page, size: usize) {
    let options = ImportOptions::new(EDITION, "2026-07-21".parse().expect("a date"));
    let (imported, found) = import(&files(), std::slice::from_ref(page), &options);
    reported(&imported, &found, size);
    let mut after = files();
    for table in &imported.written {
        let _: toml::Table = table.text.parse().unwrap_or_else(|error| panic!("{}: {error}\n{}", table.path, table.text));
        in_proportion("a table", table.text.len(), size);
        after.insert(table.path.as_str(), table.text.clone().into_bytes());
    }
    let (again, more) = import(&after, std::slice::from_ref(page), &options);
    let rewritten: Vec<&str> = again.written.iter().map(|table| table.text.as_str()).collect();
    assert!(rewritten.is_empty(), "a second import changes {rewritten:#?} after {imported:#?}\n{more:#?}");
    let (registry, refused) = load(&after);
    printed(&refused, size);
    if !Diagnostic::any_error(&found) {
        assert!(registry.is_some(), "import has no error, and the generator has {refused:#?}");
    }
}

/// An import is printed in every format.
fn reported(imported: &Imported, found: &[Diagnostic], size: usize) {
    printed(found, size);
    let report = imported.report(found, Some("codegen"));
    for width in [40, 100] {
        in_proportion("a report", report.text(true, width).len(), size);
    }
    in_proportion("Markdown", report.markdown().len(), size);
    json(&imported.json(found), size);
}

/// A table beside those of the fixture: it is read, lowered and checked, and every mistake can be printed.
pub fn table(bytes: &[u8]) {
    let (_, found) = loaded(bytes);
    printed(&found, bytes.len());
}

/// A table that was accepted renders, the same way each time, to files that parse.
pub fn rendered(bytes: &[u8]) {
    let (Some(registry), _) = loaded(bytes) else { return };
    let form = Form { layout: Layout::Repository, ..Form::default() };
    let tree = generate(&registry, &form);
    for (path, text) in tree.iter().filter(|(path, _)| path.contains("v3") || !path.contains('/')) {
        let fault = match path.rsplit('.').next() {
            Some("rs") => syn::parse_file(text).err().map(|error| error.to_string()),
            Some("toml") => text.parse::<toml::Table>().err().map(|error| error.to_string()),
            Some("json") => serde_json::from_str::<serde_json::Value>(text).err().map(|error| error.to_string()),
            _ => None,
        };
        assert!(fault.is_none(), "{path}: {fault:?}\n{text}");
        in_proportion(path, text.len(), bytes.len());
    }
    assert!(tree == generate(&registry, &form), "rendered twice, and it differs");
}

fn loaded(bytes: &[u8]) -> (Option<Registry>, Vec<Diagnostic>) {
    let mut files = chat();
    files.insert(format!("{EDITION}/codes.toml"), bytes.to_vec());
    load(&files)
}

/// What parts the two sides of a comparison in one input.
const BETWEEN: &str = "\n=====\n";

/// Two sides, each a page or a table: a side differs in nothing from itself, and every format can be printed.
pub fn compared(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let (old, new) = text.split_once(BETWEEN).unwrap_or((&text, ""));
    let sides: Vec<Side> = [("old", old), ("new", new)].into_iter().filter_map(|(name, text)| side(name, text)).collect();
    for one in &sides {
        let same = diff(one, one);
        assert!(same.differences.is_empty(), "a side differs from itself: {:#?}", same.differences);
    }
    for (one, other) in sides.iter().zip(sides.iter().skip(1)).flat_map(|(old, new)| [(old, new), (new, old)]) {
        let comparison = diff(one, other);
        let report = comparison.report();
        for is_verbose in [false, true] {
            in_proportion("text", report.text(is_verbose, 80).len(), bytes.len());
        }
        in_proportion("Markdown", report.markdown().len(), bytes.len());
        json(&comparison.json(), bytes.len());
        let _ = report.sarif(comparison.revisions()).to_string();
        for line in report.github().lines() {
            assert!(line.starts_with("::"), "not a command: {line:?}");
        }
    }
}

/// A table where the text has the header of one, and else a page.
fn side(name: &str, text: &str) -> Option<Side> {
    let mut path = "page.md";
    if text.contains("enum = ") {
        if let (Some(registry), _) = loaded(text.as_bytes()) {
            return Some(Side::new(name, Arc::new(registry), EDITION));
        }
        path = "codes.toml";
    }
    Sides::pages(name, &[SourceFile::new(path, text)]).ok().map(|(side, _)| side)
}

/// Some tables of the repository.
static CODES: LazyLock<Registry> = LazyLock::new(|| {
    let mut files = Files::new("codes");
    for (path, text) in [
        ("crate.toml", include_str!("../../codes/crate.toml")),
        ("discord/clients.toml", include_str!("../../codes/discord/clients.toml")),
        ("discord/v6/sources.toml", include_str!("../../codes/discord/v6/sources.toml")),
        ("discord/v6/gateway-close-codes.toml", include_str!("../../codes/discord/v6/gateway-close-codes.toml")),
        ("discord/v6/gateway-opcodes.toml", include_str!("../../codes/discord/v6/gateway-opcodes.toml")),
        ("discord/v6/http-response-codes.toml", include_str!("../../codes/discord/v6/http-response-codes.toml")),
        ("discord/v6/voice-close-codes.toml", include_str!("../../codes/discord/v6/voice-close-codes.toml")),
        ("websocket/rfc6455/close-codes.toml", include_str!("../../codes/websocket/rfc6455/close-codes.toml")),
    ] {
        files.insert(path, text.as_bytes().to_vec());
    }
    lowered(&files).expect("they have no error")
});

/// A source in some language: it is read the same way twice, and every format can be printed, without a control character.
pub fn audited(bytes: &[u8]) {
    let ending = ["rs", "go", "py", "ts", "c", "php"][bytes.len() % 6];
    let mut sources = Sources::default();
    sources.insert(&format!("src/close.{ending}"), &String::from_utf8_lossy(bytes));
    let read = || audit(&CODES, &sources, None, &mut |_, _| ()).expect("no edition is asked for");
    let (audit, report) = (read(), read().report(true));
    let text = report.text(true, 80);
    harmless(&text);
    in_proportion("a report", text.len(), bytes.len());
    assert_eq!(text, audit.report(true).text(true, 80), "read twice, and it differs");
    json(&audit, bytes.len());
    let _ = report.sarif([None, None]).to_string();
    for line in report.github().lines() {
        assert!(line.starts_with("::"), "not a command: {line:?}");
    }
}

/// Any text that is explained has an answer, or advice, of a page at most.
pub fn explained(bytes: &[u8]) {
    let asked = String::from_utf8_lossy(bytes);
    for edition in [None, Some("discord/v6")] {
        let explanation = explain(&CODES, &asked, edition).expect("the edition is there");
        let text = explanation.text(80);
        harmless(&text);
        assert!(text.len() < 40_000, "{} bytes", text.len());
        assert_eq!(explanation.fault().is_some(), explanation.advice().is_some(), "{asked}");
        json(&explanation, bytes.len());
    }
}

/// Any calls of a client, and of a program that has many.
pub fn called(bytes: &[u8]) {
    let calls = calls::calls(&String::from_utf8_lossy(bytes));
    calls::reconnector::<GatewayCloseCode>(&calls);
    calls::reconnector::<VoiceCloseCode>(&calls);
    calls::fleet::<GatewayCloseCode>(&calls);
    calls::fleet_in_order::<GatewayCloseCode>(&calls);
}

/// The tables of the fixture, without an edition of the input.
fn chat() -> Files {
    let mut files = Files::new("codes");
    for (path, text) in [
        ("crate.toml", include_str!("../fixture/crate.toml")),
        ("chat/v2/opcodes.toml", TABLES[0].1),
        ("chat/v2/close-codes.toml", TABLES[1].1),
        ("ws/v1/close-codes.toml", include_str!("../fixture/ws/v1/close-codes.toml")),
    ] {
        files.insert(path, text.as_bytes().to_vec());
    }
    files
}

const TABLES: [(&str, &str); 2] = [
    ("opcodes", include_str!("../fixture/chat/v2/opcodes.toml")),
    ("close-codes", include_str!("../fixture/chat/v2/close-codes.toml")),
];

/// A file, where its bytes are a text.
fn source(path: &str, bytes: &[u8]) -> Option<Arc<SourceFile>> {
    let mut files = Files::new("");
    files.insert(path, bytes.to_vec());
    files.get(path)?.ok()
}

/// Every diagnostic can be printed, without a control character, whatever the terminal.
fn printed(found: &[Diagnostic], size: usize) {
    for width in [40, 100] {
        let text = Diagnostic::render(found, width);
        harmless(&text);
        in_proportion("diagnostics", text.len(), size);
    }
}

/// No text has a control character, but for line ends and colours.
fn harmless(text: &str) {
    let is_control = |c: char| c.is_control() && c != '\n' && c != '\u{1b}';
    assert!(!text.contains(is_control), "a control character is printed: {text:?}");
}

/// A value is JSON, and in proportion.
fn json<T: Serialize>(value: &T, size: usize) {
    let text = to_json(value);
    assert!(serde_json::from_str::<serde_json::Value>(&text).is_ok(), "{text}");
    in_proportion("JSON", text.len(), size);
}

/// What is made of an input is in proportion to it; a little is made of nothing.
fn in_proportion(what: &str, made: usize, size: usize) {
    assert!(made <= (1 << 20) + 400 * size, "{what} has {made} bytes, made of {size}");
}
