//! Lists the tables and the connections under `codes/` for the tests, so that a new table is tested without a line of Rust.
//!
//! A connection is a table of close codes, with the table of opcodes beside it whose file has the same first word.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    let codes = Path::new("../codes");
    println!("cargo::rerun-if-changed={}", codes.display());
    let (mut list, mut connections) = (String::new(), String::new());
    for system in names(codes, Path::is_dir) {
        for edition in names(&codes.join(&system), Path::is_dir) {
            let folder = codes.join(&system).join(&edition);
            let files = names(&folder, Path::is_file);
            for file in &files {
                let text = fs::read_to_string(folder.join(file)).expect("a table can be read");
                let table: toml::Table = text.parse().expect("a table is TOML");
                let key = |key: &str| table[key].as_str().expect("a key holds a string").to_owned();
                let module = format!("{system}_{edition}_{}", file.trim_end_matches(".toml").replace('-', "_"));
                let (enum_name, repr, kind) = (key("enum"), key("repr"), key("kind").replace('-', "_"));
                let _ = writeln!(
                    list,
                    "table_tests!({module}, wirecodes::{system}::{edition}::{enum_name}, {repr}, {kind}, \"{system}/{edition}/{file}\");"
                );
                if kind == "close_codes" {
                    let opcodes = files.iter().find(|other| Some(other.as_str()) == opcodes_of(file).as_deref());
                    let opcodes = opcodes.map(|opcodes| enum_of(&folder.join(opcodes)));
                    let opcodes = opcodes.map(|name| format!("wirecodes::{system}::{edition}::{name}")).unwrap_or_default();
                    let _ = writeln!(
                        connections,
                        "connection_tests!({module}, wirecodes::{system}::{edition}::{enum_name}, [{opcodes}], \"{system}/{edition}/{file}\");"
                    );
                }
            }
        }
    }
    let out = env::var("OUT_DIR").expect("cargo names the folder");
    fs::write(Path::new(&out).join("tables.rs"), list).expect("the list can be written");
    fs::write(Path::new(&out).join("connections.rs"), connections).expect("the list can be written");
}

/// The file of the opcodes that belong to a file of close codes.
fn opcodes_of(file: &str) -> Option<String> {
    file.strip_suffix("close-codes.toml").map(|first| format!("{first}opcodes.toml"))
}

fn enum_of(path: &Path) -> String {
    let table: toml::Table = fs::read_to_string(path).expect("a table can be read").parse().expect("a table is TOML");
    table["enum"].as_str().expect("a key holds a string").to_owned()
}

/// The names of the files or the folders in a folder, in order.
fn names(folder: &Path, fits: impl Fn(&Path) -> bool) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder of tables can be read").map(|entry| entry.expect("an entry can be read"));
    let fitting = entries.filter(|entry| fits(&entry.path()));
    let mut names: Vec<String> = fitting.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.starts_with('.') && name != "sources.toml");
    names.sort();
    names
}
