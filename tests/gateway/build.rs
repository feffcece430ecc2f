//! Lists the connections under `codes/`, so that a new table is played and tested without a line of Rust.
//!
//! A connection is a table of close codes, with the table of opcodes beside it whose file has the same first word.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    let codes = Path::new("../../codes");
    println!("cargo::rerun-if-changed={}", codes.display());
    let mut connections = String::new();
    for system in folders(codes) {
        for edition in folders(&codes.join(&system)) {
            let folder = codes.join(&system).join(&edition);
            for file in files(&folder).iter().filter(|file| key(&folder.join(file), "kind").as_deref() == Some("close-codes")) {
                let module = format!("{system}_{edition}_{}", file.trim_end_matches(".toml").replace('-', "_"));
                let path =
                    |file: &str| key(&folder.join(file), "enum").map(|name| format!("wirecodes::{system}::{edition}::{name}"));
                let table = path(file).expect("a table names its enum");
                let opcodes = file.strip_suffix("close-codes.toml").map(|first| format!("{first}opcodes.toml"));
                let opcodes = opcodes.and_then(|file| path(&file)).unwrap_or_default();
                let _ = writeln!(connections, "$each!({module}, {table}, [{opcodes}], \"{system}/{edition}/{file}\");");
            }
        }
    }
    let doc = "/// Calls a macro for each connection: its name, its close codes, its opcodes if it has some, and its file.";
    let list = format!("{doc}\n#[macro_export]\nmacro_rules! connections {{ ($each:ident) => {{\n{connections}}}; }}\n");
    let out = env::var("OUT_DIR").expect("cargo names the folder");
    fs::write(Path::new(&out).join("connections.rs"), list).expect("the list can be written");
}

/// A key of a table. None if there is no such file.
fn key(path: &Path, key: &str) -> Option<String> {
    let table: toml::Table = fs::read_to_string(path).ok()?.parse().expect("a table is TOML");
    table.get(key)?.as_str().map(str::to_owned)
}

fn folders(folder: &Path) -> Vec<String> {
    names(folder, Path::is_dir)
}

fn files(folder: &Path) -> Vec<String> {
    names(folder, Path::is_file)
}

/// The names of the files or the folders in a folder, in order.
fn names(folder: &Path, fits: impl Fn(&Path) -> bool) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder of tables can be read").map(|entry| entry.expect("an entry can be read"));
    let fitting = entries.filter(|entry| fits(&entry.path()));
    let mut names: Vec<String> = fitting.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
    names.retain(|name| !name.starts_with('.'));
    names.sort();
    names
}
