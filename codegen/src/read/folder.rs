//! The folder of tables, as written: every table, the clients of each system, and the identity of the generated crate.
//!
//! Takes the files of a folder and returns their contents in a fixed order. What does not belong there is reported, never
//! skipped in silence.

use std::sync::Arc;

use super::parse::{read_clients, read_manifest, read_sources, read_table};
use super::raw::{ClientsFile, Manifest, SourcesFile, TableFile};
use crate::model::{TablePath, fault_of_module};
use crate::text::{Diagnostic, Files, Place, SourceFile, quoted};

/// The folder of tables, as far as it could be read.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    /// The tables, in the order of their paths.
    pub tables: Vec<(TablePath, TableFile)>,
    /// The pages of each edition.
    pub sources: Vec<SourcesFile>,
    /// The clients of each system.
    pub clients: Vec<ClientsFile>,
    /// `crate.toml`, and where it is.
    pub manifest: Option<(Manifest, Place)>,
    /// `README.md`, the front page of the generated crate.
    pub readme: Option<Arc<SourceFile>>,
    /// `NOTICE`, which names the documents.
    pub notice: Option<Arc<SourceFile>>,
}

/// Files that may be beside the systems. The schema is generated.
const BESIDE_SYSTEMS: [&str; 4] = ["crate.toml", "README.md", "NOTICE", "schema.json"];

/// The name of the file of clients in the folder of a system.
const CLIENTS: &str = "clients.toml";

/// The name of the file of pages in the folder of an edition.
pub const SOURCES: &str = "sources.toml";

/// Reads everything in the folder of tables.
#[must_use]
pub fn read_folder(files: &Files) -> (Folder, Vec<Diagnostic>) {
    let mut folder = Folder::default();
    let mut diagnostics = Vec::new();
    for path in files.paths() {
        match files.get(path) {
            Some(Ok(source)) => diagnostics.extend(folder.read(path, source)),
            Some(Err(error)) => diagnostics.push(error),
            None => {}
        }
    }
    (folder, diagnostics)
}

impl Folder {
    /// The pages of an edition.
    #[must_use]
    pub fn sources(&self, edition: &str) -> Option<&SourcesFile> {
        self.sources.iter().find(|sources| sources.edition == edition)
    }

    /// Reads one file into its place.
    fn read(&mut self, path: &str, source: Arc<SourceFile>) -> Vec<Diagnostic> {
        let parts: Vec<&str> = path.split('/').collect();
        match parts.as_slice() {
            ["crate.toml"] => {
                let (manifest, found) = read_manifest(&source);
                self.manifest = manifest;
                found
            }
            [name] if BESIDE_SYSTEMS.contains(name) => {
                match *name {
                    "README.md" => self.readme = Some(source),
                    "NOTICE" => self.notice = Some(source),
                    _ => {}
                }
                Vec::new()
            }
            [system, CLIENTS] if fault_of_module(system).is_none() => {
                let (clients, found) = read_clients(system, &source);
                self.clients.push(clients);
                found
            }
            [system, edition, SOURCES] if [system, edition].iter().all(|name| fault_of_module(name).is_none()) => {
                let (sources, found) = read_sources(&format!("{system}/{edition}"), &source);
                self.sources.push(sources);
                found
            }
            parts => match table_path(parts) {
                Ok(place) => {
                    let (table, found) = read_table(&source);
                    self.tables.extend(table.map(|table| (place, table)));
                    found
                }
                Err((fault, help)) => {
                    let name = quoted(parts.last().unwrap_or(&path));
                    vec![Diagnostic::error("invalid-name", format!("{name} {fault}")).in_file(&source.path).help(help)]
                }
            },
        }
    }
}

/// The path of a table, if its folders and its file are named as those of a table.
fn table_path(parts: &[&str]) -> Result<TablePath, (String, &'static str)> {
    const PLACE: &str = "tables are `<system>/<edition>/<table>.toml`; move or remove the file";
    const FOLDER: &str = "rename the folder: lower-case letters, digits and underscores, a letter first, no Rust keyword";
    const FILE: &str = "rename the file: lower-case letters, digits and hyphens, a letter first, such as `gateway-opcodes.toml`";
    let [system, edition, file] = parts else { return Err(("is not a table".to_owned(), PLACE)) };
    let Some(stem) = file.strip_suffix(".toml") else { return Err(("is not a table".to_owned(), PLACE)) };
    for folder in [system, edition] {
        if let Some(fault) = fault_of_module(folder) {
            return Err((format!("is in the folder {}, whose name {fault}", quoted(folder)), FOLDER));
        }
    }
    let module = stem.replace('-', "_");
    let fault = if stem.contains('_') { Some("contains an underscore") } else { fault_of_module(&module) };
    match fault {
        Some(fault) => Err((format!("cannot be the name of a table: it {fault}"), FILE)),
        None => Ok(TablePath { system: (*system).to_owned(), edition: (*edition).to_owned(), file: stem.to_owned() }),
    }
}
