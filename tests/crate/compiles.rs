//! Every table that is accepted compiles, without a warning, and its enum answers as the TOML says.
//!
//! Folders of tables are made at random ([`folders`]). Each is rejected with errors, or it is rendered together with others
//! into a crate that is built, checked by clippy and rustdoc with warnings denied, and asked everything by a program
//! ([`ask.rs`](compiles/ask.rs)).
//!
//! `WIRECODES_CASES=50` makes that many times as many folders, and `WIRECODES_SEED=7` makes other ones.

pub(crate) mod crates;
mod folders;
mod program;

use std::collections::{BTreeMap, BTreeSet};
use std::env;

use crates::{Workspace, has, load_texts, texts};
use folders::{Folder, IDENTS, MODULES, NOT_MODULES, NOT_VARIANTS};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use toml::Value;

/// Builds a crate from tables that are accepted, and does with it all that users and their tools do.
fn check(name: &str, folder: &Folder) {
    let mut files = texts(folder);
    files.insert("crate.toml".to_owned(), "name = \"krate\"\nversion = \"0.1.0\"\ndescription = \"Codes.\"\n".to_owned());
    let (registry, diagnostics) = load_texts(&files);
    let errors: Vec<&String> = diagnostics.iter().filter(|found| found.is_error()).map(|found| &found.message).collect();
    let registry = registry.unwrap_or_else(|| panic!("{name} is rejected: {errors:#?}"));
    let workspace = Workspace::new(name);
    for (path, text) in &files {
        workspace.write(&format!("codes/{path}"), text);
    }
    workspace.render(&registry, "krate");
    program::write(&workspace, folder);
    workspace.cargo_succeeds(&["run", "--quiet", "--package", "ask"]);
    workspace.cargo_succeeds(&["test", "--quiet", "--package", "ask"]);
    if has("clippy") {
        let deny = ["--", "-D", "warnings", "-W", "clippy::pedantic"];
        workspace.cargo_succeeds(&[&["clippy", "--quiet", "--package", "krate", "--all-features"][..], &deny[..]].concat());
    }
    workspace.cargo_succeeds(&["doc", "--quiet", "--package", "krate", "--no-deps", "--all-features"]);
    if has("fmt") {
        workspace.cargo_succeeds(&["fmt", "--check", "--package", "krate"]);
    }
}

/// A folder without the tables that are rejected, and why those are.
fn accepted(mut folder: Folder) -> (Folder, Vec<String>) {
    let mut reasons = Vec::new();
    loop {
        let (registry, diagnostics) = load_texts(&texts(&folder));
        if registry.is_some() {
            return (folder, reasons);
        }
        reasons.extend(
            diagnostics.iter().filter(|found| found.is_error()).map(|found| format!("{}: {}", found.rule, found.message)),
        );
        let files: BTreeSet<&str> =
            diagnostics.iter().filter(|found| found.is_error()).filter_map(|found| found.file()).collect();
        let named = files.iter().filter_map(|file| file.strip_prefix("codes/")?.strip_suffix(".toml"));
        let named: Vec<&str> = named.filter(|path| folder.contains_key(*path)).collect();
        assert!(!named.is_empty(), "an error names a file of the folder: {diagnostics:#?}");
        for path in named {
            folder.remove(path);
        }
    }
}

fn setting(name: &str) -> Option<u32> {
    env::var(name).ok()?.parse().ok()
}

/// Folders at random: the same ones on every run, unless a seed is given.
fn random_folders(count: u32) -> Vec<Folder> {
    let seed = setting("WIRECODES_SEED").unwrap_or(0);
    let seed: Vec<u8> = seed.to_le_bytes().into_iter().cycle().take(32).collect();
    let mut runner = TestRunner::new_with_rng(ProptestConfig::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &seed));
    let strategy = folders::folder();
    (0..count).map(|_| strategy.new_tree(&mut runner).expect("a folder").current()).collect()
}

#[test]
fn what_is_accepted_compiles_and_answers_as_the_toml_says() {
    const FOLDERS_A_CRATE: usize = 12;
    // With so many folders a mistake that was planted in each part of a row turned the test red.
    const FEW: u32 = 8;
    let folders = random_folders(wirecodes_tests::cases(FEW));
    for (position, chunk) in folders.chunks(FOLDERS_A_CRATE).enumerate() {
        let mut all = Folder::new();
        let (mut made, mut reasons) = (0, Vec::new());
        for folder in chunk {
            made += folder.len();
            let (folder, mut rejected) = accepted(folder.clone());
            reasons.append(&mut rejected);
            all.extend(folder);
        }
        // Two folders may have a table at the same place, or enums of one name in an edition.
        let (all, mut rejected) = accepted(all);
        reasons.append(&mut rejected);
        assert!(all.len() * 2 > made, "of {made} tables {} are accepted: {reasons:#?}", all.len());
        let mut all = all;
        if position == 0 {
            all.extend(shapes().into_iter().chain(identifiers()).chain(module_names()));
        }
        check(&format!("random-{position}"), &all);
    }
}

/// Tables of shapes that are at the edge of what there can be.
fn shapes() -> Folder {
    let kinds = plain_tables();
    let table = |kind: &str, repr: &str, rows: Vec<toml::Table>| {
        let mut table = kinds[kind].clone();
        table.insert("repr".to_owned(), repr.into());
        table.insert("code".to_owned(), rows.into_iter().map(Value::Table).collect::<Vec<_>>().into());
        table
    };
    let rows = |kind: &str, numbers: &mut dyn Iterator<Item = i64>| numbers.map(|number| row(&kinds[kind], number)).collect();
    let range = |kind: &str, first, last| vec![range(&kinds[kind], first, last)];
    let removed = |number| {
        let mut row = row(&kinds["close-codes"], number);
        row.insert("status".to_owned(), "removed".into());
        row
    };
    let tables = [
        ("all-bytes", table("error-codes", "u8", rows("error-codes", &mut (0..256)))),
        ("all-opcodes", table("opcodes", "u8", rows("opcodes", &mut (0..256)))),
        ("one-row", table("opcodes", "u32", rows("opcodes", &mut [u32::MAX.into()].into_iter()))),
        ("removed", table("close-codes", "u16", vec![removed(1), removed(2)])),
        ("ranges", table("close-codes", "u16", range("close-codes", 0, 65_535))),
        ("response-ranges", table("status-codes", "u32", range("status-codes", 1, u32::MAX.into()))),
        ("scattered", table("error-codes", "u32", rows("error-codes", &mut (0..800).map(|number| number * number * 1900)))),
        ("scattered-few", table("error-codes", "u16", rows("error-codes", &mut (0..90).map(|number| number * number * 8)))),
        ("not-resumed", not_resumed(table("close-codes", "u16", rows("close-codes", &mut [4500].into_iter())))),
        ("sent-none", sent_nothing(table("close-codes", "u16", rows("close-codes", &mut [4000].into_iter())))),
    ];
    let named = tables.into_iter().enumerate().map(|(position, (file, mut table))| {
        table.insert("enum".to_owned(), format!("Shape{position}").into());
        (format!("shapes/v1/{file}"), table)
    });
    named.collect()
}

/// The first row of a table with another number.
fn row(table: &toml::Table, number: i64) -> toml::Table {
    let mut row = table["code"][0].as_table().expect("a row").clone();
    row.insert("value".to_owned(), number.into());
    row.insert("ident".to_owned(), format!("N{number}").into());
    row.insert("name".to_owned(), format!("Number {number}").into());
    row
}

/// The first row of a table as a range.
fn range(table: &toml::Table, first: i64, last: i64) -> toml::Table {
    let mut range = row(table, first);
    range.insert("range".to_owned(), vec![Value::from(first), Value::from(last)].into());
    range.remove("value");
    range.remove("ident");
    range
}

/// A table that says what to do after codes that the client sent, and lists none.
fn sent_nothing(mut table: toml::Table) -> toml::Table {
    let reconnect = table["reconnect"].as_table_mut().expect("a table");
    let policy = reconnect["absent"].clone();
    let sent = [("codes".to_owned(), Value::Array(Vec::new())), ("policy".to_owned(), policy)];
    reconnect.insert("sent".to_owned(), sent.into_iter().collect::<toml::Table>().into());
    table
}

/// A table that cannot resume, and extends one that does.
fn not_resumed(mut table: toml::Table) -> toml::Table {
    let text = table.to_string().replace("\"resume\"", "\"new-session\"");
    table = text.parse().expect("a table");
    let reconnect = table["reconnect"].as_table_mut().expect("a table");
    reconnect.insert("resumable".to_owned(), false.into());
    reconnect.insert("extends".to_owned(), "shapes/v1/sent-none".into());
    table
}

#[test]
fn a_table_without_rows_is_rejected() {
    for (kind, mut table) in plain_tables() {
        table.insert("code".to_owned(), Value::Array(Vec::new()));
        let (_, empty) = accepted([("chat/v1/codes".to_owned(), table.clone())].into());
        table.remove("code");
        let (_, missing) = accepted([("chat/v1/codes".to_owned(), table)].into());
        assert_eq!(
            (empty, missing),
            (vec!["empty-table: the table has no row".to_owned()], vec!["empty-table: the table has no row".to_owned()]),
            "{kind}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: wirecodes_tests::cases(64), ..ProptestConfig::default() })]

    /// Nothing that TOML can say makes the generator panic, and what is rejected is rejected by errors.
    #[test]
    fn nothing_panics(folder in folders::folder()) {
        let (registry, _) = load_texts(&texts(&folder));
        if let Some(registry) = registry {
            prop_assert!(!wirecodes_codegen::generate(&registry, &wirecodes_codegen::Form::default()).is_empty());
        }
    }
}

/// A small table of each kind.
fn plain_tables() -> BTreeMap<&'static str, toml::Table> {
    let policy = r#"policy = { action = "resume", basis = "judgement", reason = "It says so." }"#;
    let reconnect = "[reconnect]\nabsent = { action = \"resume\", basis = \"judgement\", reason = \"Lost.\" }\nunknown = { action = \"stop\", basis = \"judgement\", reason = \"Unknown.\", fix = \"Look.\" }\n";
    let kinds = [
        ("opcodes", "", "direction = \"send\"\n"),
        ("close-codes", reconnect, policy),
        ("status-codes", "", "retry = \"wait\"\n"),
        ("error-codes", "", ""),
    ];
    kinds
        .into_iter()
        .map(|(kind, reconnect, decision)| {
            let text = format!(
                "title = \"Codes\"\nenum = \"Plain\"\nkind = \"{kind}\"\nrepr = \"u16\"\nsummary = \"The codes.\"\n[source]\ndocument = \"D\"\ndate = 2026-01-01\n{reconnect}\n[[code]]\nvalue = 1\nname = \"One\"\nident = \"One\"\n{decision}\n[[code]]\nvalue = 2\nname = \"Two\"\nident = \"Two\"\n{decision}\n"
            );
            (kind, text.parse().expect("a table"))
        })
        .collect()
}

fn set(table: &mut toml::Table, row: usize, key: &str, value: impl Into<Value>) {
    table["code"][row].as_table_mut().expect("a row").insert(key.to_owned(), value.into());
}

/// Every identifier as a variant, an alias, a former name and an enum.
fn identifiers() -> Folder {
    let kinds = plain_tables();
    let mut folder = Folder::new();
    for (kind, plain) in &kinds {
        for key in ["ident", "aliases", "renamed_from"] {
            for ident in IDENTS {
                let mut table = plain.clone();
                set(&mut table, 1, key, named(key, ident));
                let (_, reasons) = accepted([("chat/v1/codes".to_owned(), table)].into());
                assert_eq!(reasons.is_empty(), !NOT_VARIANTS.contains(&ident), "{ident} in {key} of {kind}: {reasons:?}");
            }
            let mut table = with_all_idents(plain, key);
            table.insert("enum".to_owned(), format!("All{}", folder.len()).into());
            folder.insert(format!("chat/all/{kind}-{}", key.replace('_', "-")), table);
        }
    }
    for (ident, (kind, plain)) in IDENTS.iter().zip(kinds.iter().cycle()) {
        let mut table = plain.clone();
        table.insert("enum".to_owned(), (*ident).into());
        let path = format!("chat/of_{}/{kind}", ident.to_lowercase());
        let (kept, reasons) = accepted([(path, table)].into());
        assert_eq!(reasons.is_empty(), *ident != "Self", "{ident} as an enum of {kind}: {reasons:?}");
        folder.extend(kept);
    }
    folder
}

/// An identifier as the value of a key.
fn named(key: &str, ident: &str) -> Value {
    if key == "aliases" { Value::Array(vec![ident.into()]) } else { ident.into() }
}

/// A table whose rows have all identifiers under a key. `UNKNOWN` would be read as `Unknown` too.
fn with_all_idents(plain: &toml::Table, key: &str) -> toml::Table {
    let idents = IDENTS.iter().filter(|ident| !NOT_VARIANTS.contains(ident) && **ident != "UNKNOWN");
    let rows = idents.enumerate().map(|(number, ident)| {
        let mut row = plain["code"][0].as_table().expect("a row").clone();
        row.insert("value".to_owned(), i64::try_from(number).expect("a few").into());
        row.insert("ident".to_owned(), format!("Number{number}").into());
        row.insert("name".to_owned(), (*ident).into());
        row.insert(key.to_owned(), named(key, ident));
        Value::Table(row)
    });
    let mut table = plain.clone();
    table.insert("code".to_owned(), rows.collect::<Vec<_>>().into());
    table
}

/// Names that no system can have, whose module is at the root of the crate.
const NOT_SYSTEMS: [&str; 5] = ["lib", "runtime", "core", "std", "alloc"];

/// Every name of a module as a system, an edition and a table.
fn module_names() -> Folder {
    let kinds = plain_tables();
    let mut folder = Folder::new();
    for (name, plain) in MODULES.into_iter().zip(kinds.values().cycle()) {
        for path in [format!("{name}/v1/codes"), format!("chat/{name}/codes"), format!("chat/v1/{}", name.replace('_', "-"))] {
            let alone: Folder = [(path.clone(), plain.clone())].into();
            let is_system = path.starts_with(&format!("{name}/"));
            let expected = !(NOT_MODULES.contains(&name) || is_system && NOT_SYSTEMS.contains(&name));
            let (registry, diagnostics) = load_texts(&texts(&alone));
            assert_eq!(registry.is_some(), expected, "{path}: {diagnostics:#?}");
        }
        // One table has it as all that it may be.
        if !NOT_MODULES.contains(&name) {
            let system = if NOT_SYSTEMS.contains(&name) { "chat" } else { name };
            let mut table = plain.clone();
            table.insert("enum".to_owned(), format!("Of{}", folder.len()).into());
            folder.insert(format!("{system}/{name}/{}", name.replace('_', "-")), table);
        }
    }
    folder
}
