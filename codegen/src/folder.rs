//! The folder of tables, as written: every table, the clients of each system, and the identity of the generated crate.
//!
//! In come the files of a folder, out come their contents in a fixed order. What does not belong there is reported, never
//! skipped in silence.

use std::fmt;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::files::Files;
use crate::ident::fault_of_module;
use crate::source::SourceFile;
use crate::table::{ClientsFile, Manifest, Place, TableFile, read_clients, read_manifest, read_table};
use crate::text::quoted;

/// The folder of tables, as far as it could be read.
#[derive(Debug, Default)]
pub struct Folder {
    /// The tables, in the order of their paths.
    pub tables: Vec<(TablePath, TableFile)>,
    /// The clients of each system.
    pub clients: Vec<ClientsFile>,
    /// `crate.toml`, and where it is.
    pub manifest: Option<(Manifest, Place)>,
    /// `README.md`, the front page of the generated crate.
    pub readme: Option<Arc<SourceFile>>,
    /// `NOTICE`, which names the documents.
    pub notice: Option<Arc<SourceFile>>,
}

/// The path of a table: `<system>/<edition>/<file>` under the folder of tables.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TablePath {
    /// The system's name.
    pub system: String,
    /// The edition's name.
    pub edition: String,
    /// The file's name without `.toml`.
    pub file: String,
}

impl TablePath {
    /// Reads `<system>/<edition>/<file>`.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let mut parts = path.split('/').map(str::to_owned);
        let (system, edition, file) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then_some(Self { system, edition, file })
    }

    /// The name of the table's module.
    #[must_use]
    pub fn module(&self) -> String {
        self.file.replace('-', "_")
    }

    /// The path of its edition.
    #[must_use]
    pub fn edition_path(&self) -> String {
        format!("{}/{}", self.system, self.edition)
    }
}

impl fmt::Display for TablePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.system, self.edition, self.file)
    }
}

/// Files that may be beside the systems. The schema is generated.
const BESIDE_SYSTEMS: [&str; 4] = ["crate.toml", "README.md", "NOTICE", "schema.json"];

/// The name of the file of clients in the folder of a system.
const CLIENTS: &str = "clients.toml";

/// Reads everything in the folder of tables.
#[must_use]
pub fn read(files: &Files) -> (Folder, Vec<Diagnostic>) {
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
