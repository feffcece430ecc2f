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
        systems.entry(system).or_default().entry((pieces(&edition), edition)).or_default().push(table);
    }
    let build = |(name, editions): (String, Editions)| {
        let edition = |((_, edition), mut tables): ((Vec<Piece>, String), Vec<Table>)| {
            tables.sort_by(|a, b| a.path.cmp(&b.path));
            Edition { system: name.clone(), name: edition, tables }
        };
        let editions = editions.into_iter().map(edition).collect();
        System { clients: clients.remove(&name).unwrap_or_default(), editions, name }
    };
    systems.into_iter().map(build).collect()
}

/// The tables of each edition, by the pieces of its name.
type Editions = BTreeMap<(Vec<Piece>, String), Vec<Table>>;

/// A piece of a name: digits, which compare as a number, or other characters.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Piece {
    Number(u64),
    Word(String),
}

fn pieces(name: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = name;
    while let Some(first) = rest.chars().next() {
        let is_digit = first.is_ascii_digit();
        let end = rest.find(|c: char| c.is_ascii_digit() != is_digit).unwrap_or(rest.len());
        let piece = &rest[..end];
        pieces.push(piece.parse().ok().filter(|_| is_digit).map_or_else(|| Piece::Word(piece.to_owned()), Piece::Number));
        rest = &rest[end..];
    }
    pieces
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

#[cfg(test)]
mod tests {
    use super::pieces;

    #[test]
    fn numbers_in_names_count_as_numbers() {
        let mut names = ["v10", "v9", "rfc6455", "v10a", "v10_2", "99999999999999999999"];
        names.sort_by_key(|name| pieces(name));
        assert_eq!(names, ["99999999999999999999", "rfc6455", "v9", "v10", "v10_2", "v10a"].map(|name| name), "{names:?}");
    }
}
