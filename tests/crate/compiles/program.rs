//! The program that asks the enums of a generated crate: what it asks is in `ask.rs`, and which enums there are comes from the
//! tables.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::crates::Workspace;
use super::folders::Folder;

/// Writes the program, the tables that it compares with, and the workspace around it and the crate.
pub fn write(workspace: &Workspace, folder: &Folder) {
    workspace.write("Cargo.toml", WORKSPACE);
    workspace.write("ask/Cargo.toml", MANIFEST);
    workspace.write("ask/src/ask.rs", include_str!("../ask.rs"));
    workspace.write("ask/src/main.rs", &main(folder));
    workspace.write("tables.json", &json!(folder).to_string());
    workspace.write("ask/tests/examples.rs", &examples(workspace));
}

const WORKSPACE: &str = r#"[workspace]
resolver = "2"
members = ["ask", "krate"]

[profile.dev]
debug = false
incremental = false
"#;

const MANIFEST: &str = r#"[package]
name = "ask"
version = "0.1.0"
edition = "2024"

# Its examples are tested, and the program is run.
[[bin]]
name = "ask"
test = false

[dependencies]
wirecodes = { package = "krate", path = "../krate", features = ["serde"] }
serde = "1"
serde_json = "1"
"#;

fn main(folder: &Folder) -> String {
    let mut text = "#![allow(dead_code, deprecated)]\n\nmod ask;\n\nfn main() {\n    let text = std::fs::read_to_string(\"tables.json\").expect(\"the tables are beside the program\");\n    let tables = ask::Tables(text.parse().expect(\"they are JSON\"));\n".to_owned();
    let mut constants = String::new();
    for (path, table) in folder {
        let mut parts = path.split('/');
        let (system, edition) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let name = format!("wirecodes::{system}::{edition}::{}", table["enum"].as_str().unwrap_or_default());
        let (kind, repr) = (table["kind"].as_str().unwrap_or_default(), table["repr"].as_str().unwrap_or_default());
        let asked = match kind {
            "opcodes" => "opcodes",
            "close-codes" => "close_codes",
            _ => "responses",
        };
        let names: String = names(table).iter().map(|ident| format!("(\"{ident}\", <{name}>::{ident} as u32), ")).collect();
        let _ = writeln!(text, "    ask::code::<{name}>(&tables.table(\"{path}\"), &[{names}]);");
        let _ = writeln!(text, "    ask::{asked}::<{name}>(&tables.table(\"{path}\"));");
        constants.push_str(&constant(&name, kind, repr));
    }
    text + "}\n\n" + &constants
}

/// The identifiers, aliases and former identifiers of rows that have a variant whatever the others say.
fn names(table: &Value) -> Vec<&str> {
    let rows = table["code"].as_array().map(Vec::as_slice).unwrap_or_default();
    let shares = |row: &Value| rows.iter().filter(|other| other["value"] == row["value"]).count() > 1;
    let rows = rows.iter().filter(|row| !row["value"].is_null() && !shares(row));
    let values = rows.flat_map(|row| ["ident", "aliases", "renamed_from"].map(|key| &row[key]));
    values
        .flat_map(|value| value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice))
        .filter_map(Value::as_str)
        .collect()
}

/// The methods in a constant: all of them are `const fn`.
fn constant(name: &str, kind: &str, repr: &str) -> String {
    let methods = match kind {
        "opcodes" => "let _ = (code.direction(), code.format(), code.is_sent(), code.is_received(), code.policy(true));",
        "close-codes" => "let _ = code.policy();",
        _ => "let _ = (code.retry(), code.group(), code.fault(), code.fix(), code.http(), code.limit());",
    };
    let functions = match kind {
        "opcodes" => String::new(),
        "close-codes" => format!("let _ = (<{name}>::policy_for(None), <{name}>::policy_after_sending(Some(1)));"),
        _ => format!("let _ = <{name}>::range_of(1);"),
    };
    format!(
        "const _: () = {{\n    let _: &[{name}] = <{name}>::ALL;\n    let _: &str = <{name}>::TITLE;\n    {functions}\n    if let Some(code) = <{name}>::from_code(1) {{\n        let _: ({repr}, &str, &str, &str, bool, bool) = (code.code(), code.name(), code.ident(), code.summary(), code.is_deprecated(), code.is_removed());\n        {methods}\n    }}\n}};\n"
    )
}

/// The examples in the documentation of the crate as tests, which are compiled together.
fn examples(workspace: &Workspace) -> String {
    let mut text = "#![allow(deprecated, unused)]\n\nextern crate wirecodes as krate;\n\n".to_owned();
    let mut folders = vec![workspace.path("krate/src")];
    let mut count = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = std::fs::read_to_string(&path).expect("a file can be read");
            let lines = source
                .lines()
                .filter_map(|line| line.trim_start().strip_prefix("///"))
                .map(|line| line.strip_prefix(' ').unwrap_or(line));
            let mut inside = false;
            for line in lines {
                if line.starts_with("```") {
                    inside = !inside;
                    count += usize::from(inside);
                    text.push_str(&if inside { format!("#[test]\nfn example_{count}() {{\n") } else { "}\n\n".to_owned() });
                } else if inside {
                    text.push_str(&format!("    {line}\n"));
                }
            }
        }
    }
    text
}
