//! From tables as written to the model: every mistake of every file in one run.
//!
//! Takes the [`Folder`] and returns a [`Registry`] that cannot hold an invalid value, and all that is wrong. What needs
//! judgement is left to [`lint`](crate::lint).
//!
//! Rows are first compared with each other ([`unique`]), then each value is built once ([`row`], [`header`]), and last the
//! references between tables are resolved ([`link`]).

mod clients;
mod header;
mod limits;
mod link;
mod package;
mod row;
mod sources;
mod unique;
mod url;

pub(crate) use clients::clients_of;

use std::collections::BTreeMap;

use super::{Folder, SourcesFile};
use crate::model::{Client, Edition, Registry, System, Table, TablePath, reserved};
use crate::text::{Diagnostic, any_error, quoted};

/// Builds the model, if nothing is wrong.
#[must_use]
pub fn lower(folder: &Folder) -> (Option<Registry>, Vec<Diagnostic>) {
    let (tables, mut diagnostics) = tables(folder, |_| true);
    let (clients, mut found) = clients::clients(&folder.clients, &tables);
    diagnostics.append(&mut found);
    let (package, mut found) = package::package(folder);
    diagnostics.append(&mut found);
    let registry = (!any_error(&diagnostics)).then(|| Registry { package, systems: systems(tables, clients) });
    (registry, diagnostics)
}

/// Builds the model of one edition, with the tables that it extends and without clients, if nothing is wrong there.
#[must_use]
pub fn lower_edition(folder: &Folder, edition: &str) -> (Option<Registry>, Vec<Diagnostic>) {
    let mut wanted: Vec<&TablePath> =
        folder.tables.iter().map(|(path, _)| path).filter(|path| path.edition_path() == edition).collect();
    let mut next = 0;
    while let Some(path) = wanted.get(next) {
        let table = folder.tables.iter().find(|(other, _)| other == *path).map(|(_, table)| table);
        let reconnect = table.and_then(|table| table.header.as_ref()?.reconnect.as_ref());
        let extends = reconnect.and_then(|reconnect| TablePath::parse(reconnect.extends.as_ref()?));
        let extended = folder.tables.iter().map(|(path, _)| path).find(|path| Some(*path) == extends.as_ref());
        wanted.extend(extended.filter(|path| !wanted.contains(path)));
        next += 1;
    }
    let (tables, diagnostics) = tables(folder, |path| wanted.contains(&path));
    let package = package::package(folder).0;
    let registry = (!any_error(&diagnostics)).then(|| Registry { package, systems: systems(tables, BTreeMap::new()) });
    (registry, diagnostics)
}

/// Builds tables as far as they can be read, and compares them with each other.
fn tables(folder: &Folder, is_wanted: impl Fn(&TablePath) -> bool) -> (Vec<Table>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut tables = Vec::new();
    for (path, file) in folder.tables.iter().filter(|(path, _)| is_wanted(path)) {
        diagnostics.extend(reserved_module(path, file.source.path.as_str()));
        diagnostics.extend(unique::check(file));
        let (table, mut found) = header::table(path, file, folder.sources(&path.edition_path()));
        diagnostics.append(&mut found);
        tables.extend(table);
    }
    diagnostics.extend(unique::check_enums(&tables));
    diagnostics.extend(link::check(&tables));
    let is_read = |sources: &&SourcesFile| tables.iter().any(|table: &Table| table.path.edition_path() == sources.edition);
    diagnostics.extend(folder.sources.iter().filter(is_read).flat_map(|sources| sources::check(sources, &tables)));
    (tables, diagnostics)
}

/// Sorts tables into systems and editions.
fn systems(tables: Vec<Table>, mut clients: BTreeMap<String, Vec<Client>>) -> Vec<System> {
    let mut systems: BTreeMap<String, Editions> = BTreeMap::new();
    for table in tables {
        let TablePath { system, edition, .. } = table.path.clone();
        systems.entry(system).or_default().entry((ordered(&edition), edition)).or_default().push(table);
    }
    let build = |(name, editions): (String, Editions)| {
        let edition = |((_, edition), mut tables): ((String, String), Vec<Table>)| {
            tables.sort_by(|a, b| a.path.cmp(&b.path));
            Edition { system: name.clone(), name: edition, tables }
        };
        let editions = editions.into_iter().map(edition).collect();
        System { clients: clients.remove(&name).unwrap_or_default(), editions, name }
    };
    systems.into_iter().map(build).collect()
}

/// The tables of each edition, by the place of its name in the order and the name.
type Editions = BTreeMap<(String, String), Vec<Table>>;

/// A name with all numbers in it equally long, so that they are ordered by their size.
fn ordered(name: &str) -> String {
    let is_digit = |one: char| one.is_ascii_digit();
    let pieces = name.split_inclusive(|c| !is_digit(c));
    pieces
        .map(|piece| format!("{:0>20}{}", piece.trim_end_matches(|c| !is_digit(c)), piece.trim_start_matches(is_digit)))
        .collect()
}

/// The name of a system's module may be one that the generated crate uses itself.
fn reserved_module(path: &TablePath, file: &str) -> Option<Diagnostic> {
    let reason = reserved::module(&path.system)?;
    Some(
        Diagnostic::error("reserved-name", format!("a system cannot be called {}", quoted(&path.system)))
            .in_file(file)
            .help(format!("rename the folder: {reason}")),
    )
}
