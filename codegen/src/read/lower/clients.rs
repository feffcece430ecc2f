//! The files of clients, compared with the tables that they speak of.

use std::collections::{BTreeMap, BTreeSet};

use super::url::check_url;
use crate::model::{Client, ClientAction, ClientActions, Table};
use crate::read::raw::{self, ClientTable, ClientsFile};
use crate::text::{Diagnostic, Place, did_you_mean, key_word, quoted};

/// The clients of each system, and all that is wrong with them or with references to them.
pub(super) fn clients(files: &[ClientsFile], tables: &[Table]) -> (BTreeMap<String, Vec<Client>>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut systems = BTreeMap::new();
    for file in files {
        if !tables.iter().any(|table| table.path.system == file.system) {
            diagnostics.push(
                Diagnostic::error("unknown-reference", format!("the system {} has clients but no table", quoted(&file.system)))
                    .in_file(&file.source.path)
                    .help("add a table, or delete the file"),
            );
        }
        let clients = file.clients.iter().map(|(place, client)| client_of(client, place, file, tables, &mut diagnostics));
        systems.insert(file.system.clone(), clients.collect());
    }
    diagnostics.extend(check_references(&systems, tables));
    (systems, diagnostics)
}

/// The clients of a system as far as they can be read, whatever tables there are.
pub(crate) fn clients_of(file: &ClientsFile) -> Vec<Client> {
    file.clients.iter().map(|(place, client)| client_of(client, place, file, &[], &mut Vec::new())).collect()
}

fn client_of(
    client: &raw::Client,
    place: &Place,
    file: &ClientsFile,
    tables: &[Table],
    diagnostics: &mut Vec<Diagnostic>,
) -> Client {
    let raw::Client { name, version, application, repository, date: _, table } = client.clone();
    let known: BTreeSet<&str> =
        tables.iter().filter(|table| table.path.system == file.system).map(|table| table.path.file.as_str()).collect();
    diagnostics.extend(check_url(&repository, || place.key("repository")));
    let mut actions = BTreeMap::new();
    for (position, of_table) in table.iter().enumerate() {
        let key = format!("table.{position}");
        if !known.contains(of_table.codes.as_str()) {
            diagnostics.push(
                Diagnostic::error("unknown-reference", format!("no edition has the table {}", quoted(&of_table.codes)))
                    .at(&place.key(&format!("{key}.codes")), "no such table")
                    .help_if(did_you_mean(&of_table.codes, known.iter().copied())),
            );
        }
        let (of_codes, mut found) = actions_of(of_table, place, &key);
        diagnostics.append(&mut found);
        if actions.insert(of_table.codes.to_string(), of_codes).is_some() {
            diagnostics.push(
                Diagnostic::error("two-actions", format!("the client has two tables for {}", quoted(&of_table.codes)))
                    .at(&place.key(&format!("{key}.codes")), "again here")
                    .help("write one table with all codes"),
            );
        }
    }
    Client { name, version, application, repository, tables: actions }
}

/// What a client does after each code; a code with two actions is an error.
fn actions_of(table: &ClientTable, place: &Place, key: &str) -> (ClientActions, Vec<Diagnostic>) {
    let ClientTable {
        codes: _,
        measured,
        resume,
        new_session,
        reconnect,
        stop,
        unknown_1xxx,
        unknown_3xxx,
        unknown_4xxx,
        unknown,
    } = table;
    let lists = [
        (ClientAction::Resume, resume),
        (ClientAction::NewSession, new_session),
        (ClientAction::Reconnect, reconnect),
        (ClientAction::Stop, stop),
    ];
    let ranges = [(Some(1), unknown_1xxx), (Some(3), unknown_3xxx), (Some(4), unknown_4xxx), (None, unknown)];
    let unknown = ranges.into_iter().filter_map(|(thousand, action)| Some((thousand, (*action)?))).collect();
    let mut actions = ClientActions { named: BTreeMap::new(), unknown, measured: measured.clone() };
    let mut diagnostics = Vec::new();
    for (action, codes) in lists {
        for code in codes {
            if let Some(other) = actions.named.insert(*code, action).filter(|other| *other != action) {
                let (other, word) = (key_word(other), key_word(action));
                diagnostics.push(
                    Diagnostic::error("two-actions", format!("{code} is under `{other}` and `{word}`"))
                        .at(&place.key(&format!("{key}.{word}")), "again here")
                        .at(&place.key(&format!("{key}.{other}")), "first here")
                        .help("a client does one thing after a code"),
                );
            }
        }
    }
    (actions, diagnostics)
}

/// `clients` of a table must lead to clients, or the rules that need them would be silent.
fn check_references(systems: &BTreeMap<String, Vec<Client>>, tables: &[Table]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for table in tables {
        let Some(fallback) = &table.fallback else { continue };
        let Some(written) = fallback.reconnect.clients.as_ref().filter(|clients| clients.contains('/')) else { continue };
        let (system, file) = &fallback.clients;
        let compared = systems.get(system).into_iter().flatten().any(|client| client.tables.contains_key(file));
        if !compared {
            let all = systems.iter().flat_map(|(system, clients)| {
                clients.iter().flat_map(move |client| client.tables.keys().map(move |file| format!("{system}/{file}")))
            });
            let all: BTreeSet<String> = all.collect();
            let near = did_you_mean(written, all.iter().map(String::as_str));
            diagnostics.push(
                Diagnostic::error("unknown-reference", format!("no client is compared for {}", quoted(written)))
                    .at(&table.place.key("reconnect.clients"), "no such clients")
                    .help_if(near)
                    .help("write `<system>/<file without .toml>` as in that system's `clients.toml`"),
            );
        }
    }
    diagnostics
}
