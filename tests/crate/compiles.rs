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

use crates::{Workspace, has, load_texts};
use folders::{Folder, IDENTS, MODULES, NOT_MODULES, NOT_VARIANTS, to_toml};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};

/// Tables as texts, by their paths with `.toml`.
fn texts(folder: &Folder) -> BTreeMap<String, String> {
    let text = |table| toml::to_string(&to_toml(table)).expect("a table can be written");
    folder.iter().map(|(path, table)| (format!("{path}.toml"), text(table))).collect()
}

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
    let table = |kind: &str, repr: &str, numbers: &mut dyn Iterator<Item = u32>| {
        let mut table = plain_table(kind);
        (table["repr"], table["code"]) = (json!(repr), numbers.map(|number| row(&table, number)).collect());
        table
    };
    let range = |kind: &str, repr: &str, first: u32, last: u32| {
        let mut table = table(kind, repr, &mut [first].into_iter());
        let range = &mut table["code"][0];
        (range["range"], range["value"], range["ident"]) = (json!([first, last]), Value::Null, Value::Null);
        table
    };
    let mut removed = table("close-codes", "u16", &mut (1..3));
    (removed["code"][0]["status"], removed["code"][1]["status"]) = (json!("removed"), json!("removed"));
    // It says what to do after codes that the client sent, and lists none.
    let mut sent_none = table("close-codes", "u16", &mut [4000].into_iter());
    sent_none["reconnect"]["sent"] = json!({ "codes": [], "policy": sent_none["reconnect"]["absent"] });
    // It cannot resume, and extends one that does.
    let not_resumed = table("close-codes", "u16", &mut [4500].into_iter()).to_string();
    let mut not_resumed: Value = not_resumed.replace("\"resume\"", "\"new-session\"").parse().expect("a table");
    not_resumed["reconnect"]["resumable"] = json!(false);
    not_resumed["reconnect"]["extends"] = json!("shapes/v1/sent-none");
    let tables = [
        ("all-bytes", table("error-codes", "u8", &mut (0..256))),
        ("all-opcodes", table("opcodes", "u8", &mut (0..256))),
        ("one-row", table("opcodes", "u32", &mut [u32::MAX].into_iter())),
        ("removed", removed),
        ("ranges", range("close-codes", "u16", 0, 65_535)),
        ("response-ranges", range("status-codes", "u32", 1, u32::MAX)),
        ("scattered", table("error-codes", "u32", &mut (0..800).map(|number| number * number * 1900))),
        ("scattered-few", table("error-codes", "u16", &mut (0..90).map(|number| number * number * 8))),
        ("not-resumed", not_resumed),
        ("sent-none", sent_none),
    ];
    let named = tables.into_iter().enumerate().map(|(position, (file, mut table))| {
        table["enum"] = json!(format!("Shape{position}"));
        (format!("shapes/v1/{file}"), table)
    });
    named.collect()
}

/// The first row of a table with another number.
fn row(table: &Value, number: u32) -> Value {
    let mut row = table["code"][0].clone();
    (row["value"], row["ident"]) = (json!(number), json!(format!("N{number}")));
    row["name"] = json!(format!("Number {number}"));
    row
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: wirecodes_tests::cases(24), ..ProptestConfig::default() })]

    /// Nothing that TOML can say makes the generator panic, and what is rejected is rejected by errors.
    #[test]
    fn nothing_panics(folder in folders::folder()) {
        let (registry, _) = load_texts(&texts(&folder));
        if let Some(registry) = registry {
            prop_assert!(!wirecodes_codegen::generate(&registry, &wirecodes_codegen::Form::default()).is_empty());
        }
    }
}

const KINDS: [&str; 4] = ["close-codes", "error-codes", "opcodes", "status-codes"];

/// A small table of a kind.
fn plain_table(kind: &str) -> Value {
    let policy = |action: &str| json!({ "action": action, "basis": "judgement", "reason": "It says so.", "fix": "Look." });
    let row = |value: u32, ident: &str| {
        let mut row = json!({ "value": value, "name": ident, "ident": ident });
        match kind {
            "opcodes" => row["direction"] = json!("send"),
            "close-codes" => row["policy"] = policy("resume"),
            "status-codes" => row["retry"] = json!("wait"),
            _ => {}
        }
        row
    };
    let reconnect = json!({ "absent": policy("resume"), "unknown": policy("stop") });
    json!({
        "title": "Codes", "enum": "Plain", "kind": kind, "repr": "u16", "summary": "The codes.",
        "source": { "document": "D", "date": "2026-01-01" },
        "reconnect": if kind == "close-codes" { reconnect } else { Value::Null },
        "code": [row(1, "One"), row(2, "Two")],
    })
}

/// Whether a table is accepted at a place.
fn is_accepted(path: &str, table: Value) -> bool {
    load_texts(&texts(&[(path.to_owned(), table)].into())).0.is_some()
}

/// Every identifier as a variant, an alias, a former name and an enum.
fn identifiers() -> Folder {
    let mut folder = Folder::new();
    for kind in KINDS {
        for key in ["ident", "aliases", "renamed_from"] {
            let named = |ident: &str| if key == "aliases" { json!([ident]) } else { json!(ident) };
            for ident in NOT_VARIANTS {
                let mut table = plain_table(kind);
                table["code"][1][key] = named(ident);
                assert!(!is_accepted("chat/v1/codes", table), "{ident} in {key} of {kind}");
            }
            // `UNKNOWN` would be read as `Unknown` too.
            let idents = IDENTS.split(' ').filter(|ident| !NOT_VARIANTS.contains(ident) && *ident != "UNKNOWN");
            let mut table = plain_table(kind);
            let rows = (0..).zip(idents).map(|(number, ident)| {
                let mut row = row(&table, number);
                (row["name"], row[key]) = (json!(ident), named(ident));
                row
            });
            table["code"] = rows.collect();
            table["enum"] = json!(format!("All{}", folder.len()));
            folder.insert(format!("chat/all/{kind}-{}", key.replace('_', "-")), table);
        }
    }
    for (ident, kind) in IDENTS.split(' ').zip(KINDS.into_iter().cycle()) {
        let mut table = plain_table(kind);
        table["enum"] = json!(ident);
        let path = format!("chat/of_{}/{kind}", ident.to_lowercase());
        assert_eq!(is_accepted(&path, table.clone()), ident != "Self", "{ident} as an enum of {kind}");
        if ident != "Self" {
            folder.insert(path, table);
        }
    }
    folder
}

/// Names that no system can have, whose module is at the root of the crate.
const NOT_SYSTEMS: [&str; 5] = ["lib", "runtime", "core", "std", "alloc"];

/// Every name of a module as a system, an edition and a table.
fn module_names() -> Folder {
    let mut folder = Folder::new();
    for (name, kind) in MODULES.split(' ').zip(KINDS.into_iter().cycle()) {
        let (file, is_module) = (name.replace('_', "-"), !NOT_MODULES.contains(&name));
        let is_system = is_module && !NOT_SYSTEMS.contains(&name);
        for (path, expected) in [
            (format!("{name}/v1/codes"), is_system),
            (format!("chat/{name}/codes"), is_module),
            (format!("chat/v1/{file}"), is_module),
        ] {
            assert_eq!(is_accepted(&path, plain_table(kind)), expected, "{path}");
        }
        // One table has it as all that it may be.
        if is_module {
            let mut table = plain_table(kind);
            table["enum"] = json!(format!("Of{}", folder.len()));
            folder.insert(format!("{}/{name}/{file}", if is_system { name } else { "chat" }), table);
        }
    }
    folder
}
