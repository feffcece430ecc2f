//! Lists the tables under `codes/` for the tests, so that a new table is tested without a line of Rust.

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs};

fn main() {
    let codes = Path::new("../codes");
    println!("cargo::rerun-if-changed={}", codes.display());
    let mut list = String::new();
    for system in names(codes, Path::is_dir) {
        for edition in names(&codes.join(&system), Path::is_dir) {
            let folder = codes.join(&system).join(&edition);
            for file in &names(&folder, Path::is_file) {
                let text = fs::read_to_string(folder.join(file)).expect("a table can be read");
                let table: toml::Table = text.parse().expect("a table is TOML");
                let key = |key: &str| table[key].as_str().expect("a key holds a string").to_owned();
                let module = format!("{system}_{edition}_{}", file.trim_end_matches(".toml").replace('-', "_"));
                let (enum_name, repr, kind) = (key("enum"), key("repr"), key("kind").replace('-', "_"));
                let _ = writeln!(
                    list,
                    "table_tests!({module}, wirecodes::{system}::{edition}::{enum_name}, {repr}, {kind}, \"{system}/{edition}/{file}\");"
                );
            }
        }
    }
    let out = env::var("OUT_DIR").expect("cargo names the folder");
    fs::write(Path::new(&out).join("tables.rs"), list).expect("the list can be written");
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
