//! The folder of tables on disk: every `<system>/<edition>/<table>.toml`, read and parsed.
//!
//! In comes a folder, out come its files in a fixed order. What is not a table is reported, never skipped in silence; names
//! that begin with a dot belong to editors and version control and are passed over.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use crate::diagnostic::{Diagnostic, quoted};
use crate::import;
use crate::lower::{Placed, PlacedClients};
use crate::model::TablePath;
use crate::raw;
use crate::source::SourceFile;

/// The name of the file of clients in the folder of a system.
const CLIENTS: &str = "clients.toml";

/// Reads all tables below a folder, and what is known of the clients of each system.
pub fn read(codes: &Path, diagnostics: &mut Vec<Diagnostic>) -> (Vec<Placed>, Vec<PlacedClients>) {
    let mut files = Vec::new();
    let mut clients = Vec::new();
    let root = shown(codes);
    for system in entries(codes, &root, Expect::System, diagnostics) {
        let root = format!("{root}/{system}");
        let of_clients = codes.join(&system).join(CLIENTS);
        if let Some(source) = of_clients.exists().then(|| file(&of_clients, diagnostics)).flatten() {
            clients.push(PlacedClients { system: system.clone(), file: raw::parse_clients(&source, diagnostics) });
        }
        for edition in entries(&codes.join(&system), &root, Expect::Edition, diagnostics) {
            let root = format!("{root}/{edition}");
            for file in entries(&codes.join(&system).join(&edition), &root, Expect::Table, diagnostics) {
                let path = codes.join(&system).join(&edition).join(&file);
                let Some(source) = self::file(&path, diagnostics) else { continue };
                let place = TablePath {
                    system: system.clone(),
                    edition: edition.clone(),
                    file: file.trim_end_matches(".toml").to_owned(),
                };
                files.push(Placed { path: place, file: raw::parse(&source, diagnostics) });
            }
        }
    }
    (files, clients)
}

/// A path as people see it, with forward slashes.
#[must_use]
pub fn shown(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

/// Reads one file; what cannot be read becomes a diagnostic.
pub fn file(path: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<Arc<SourceFile>> {
    let shown = shown(path);
    text(path, &shown, diagnostics).map(|text| SourceFile::new(shown, text))
}

/// Reads the tables of one edition, as they are. An edition that does not exist has none.
pub fn edition(folder: &Path, diagnostics: &mut Vec<Diagnostic>) -> import::Edition {
    let shown = shown(folder);
    let mut edition = import::Edition { folder: shown.clone(), tables: BTreeMap::new() };
    if folder.exists() {
        for name in entries(folder, &shown, Expect::Table, diagnostics) {
            if let Some(source) = file(&folder.join(&name), diagnostics) {
                edition.tables.insert(name.trim_end_matches(".toml").to_owned(), source);
            }
        }
    }
    edition
}

fn text(path: &Path, shown: &str, diagnostics: &mut Vec<Diagnostic>) -> Option<String> {
    let unreadable =
        |reason: String| Diagnostic::error("unreadable-file", format!("cannot read the file: {reason}")).in_file(shown);
    match fs::read(path).map(String::from_utf8) {
        Ok(Ok(text)) => return Some(text),
        Ok(Err(error)) => {
            let sound = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = sound.split(|byte| *byte == b'\n').count();
            diagnostics.push(unreadable(format!("line {line} is not UTF-8")).help("save the file as UTF-8"));
        }
        Err(error) => diagnostics.push(unreadable(error.to_string())),
    }
    None
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Expect {
    System,
    Edition,
    Table,
}

/// The names in a folder that are as expected, sorted.
fn entries(folder: &Path, shown: &str, expect: Expect, diagnostics: &mut Vec<Diagnostic>) -> Vec<String> {
    let listing = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let listing = match listing {
        Ok(listing) => listing,
        Err(error) => {
            diagnostics.push(
                Diagnostic::error("unreadable-folder", format!("cannot read the folder: {error}"))
                    .in_file(shown)
                    .help("name the folder of tables with `--codes`, or run from the root of the repository"),
            );
            return Vec::new();
        }
    };
    let mut names = Vec::new();
    for entry in listing {
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        let is_folder = entry.path().is_dir();
        let fault = match expect {
            Expect::Edition if name == CLIENTS && !is_folder => continue,
            Expect::System | Expect::Edition => fault_of_folder(&name, is_folder),
            Expect::Table => fault_of_table(&name, is_folder),
        };
        match fault {
            None => names.push(name),
            Some((fault, help)) => diagnostics.push(
                Diagnostic::error("invalid-name", format!("{} {fault}", quoted(&name)))
                    .in_file(format!("{shown}/{}", quoted(&name).trim_matches('`')))
                    .help(help),
            ),
        }
    }
    names.sort();
    names
}

/// The modules that the generated crate has already.
const TAKEN_MODULES: [&str; 9] = ["code", "lib", "macros", "opcode", "policy", "row", "std", "core", "wire"];

fn fault_of_folder(name: &str, is_folder: bool) -> Option<(&'static str, &'static str)> {
    if !is_folder {
        Some(("is not a folder", "tables stand in `<system>/<edition>/<table>.toml`; move or remove the file"))
    } else if TAKEN_MODULES.contains(&name) {
        Some(("is a module that the generated crate has already", "choose another name"))
    } else if !is_module(name) {
        Some(("is no name of a module", "use lower case letters, digits and underscores, a letter first, and no Rust keyword"))
    } else {
        None
    }
}

fn fault_of_table(name: &str, is_folder: bool) -> Option<(&'static str, &'static str)> {
    let help = "name it in lower case letters, digits and hyphens, a letter first, such as `gateway-opcodes.toml`";
    match name.strip_suffix(".toml") {
        _ if is_folder => Some(("is a folder", "tables stand directly in the folder of their edition")),
        None => Some(("is not a table", "only `.toml` files belong here; move or remove the file")),
        Some(stem) if stem.contains('_') || !is_module(&stem.replace('-', "_")) => Some(("is no name of a table", help)),
        Some(_) => None,
    }
}

/// Whether a module can have this name.
#[must_use]
pub fn is_module(name: &str) -> bool {
    let plain = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    plain && name.starts_with(|c: char| c.is_ascii_lowercase()) && syn::parse_str::<syn::Ident>(name).is_ok()
}
