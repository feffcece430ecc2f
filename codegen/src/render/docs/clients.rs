//! The page that compares our policies with what real clients do, code by code.

use super::edition::anchor;
use crate::model::{ClientActions, CloseCodes, Codes, Registry, Table};
use crate::ours::Policy;
use crate::render::markdown::{escape, link, table as markdown_table};
use crate::render::sentences;
use crate::tally::{Tally, compared, thousands};
use crate::text::{key_word, sentence};
use crate::tree::{MARK, Tree};

/// Renders the page, if any client is compared. Whether it did.
pub(super) fn render(registry: &Registry, tree: &mut Tree) -> bool {
    let tables: Vec<(&Table, &CloseCodes)> = registry
        .tables()
        .filter_map(|table| match &table.codes {
            Codes::CloseCodes(close) if compared(registry, close).next().is_some() => Some((table, close.as_ref())),
            _ => None,
        })
        .collect();
    if tables.is_empty() {
        return false;
    }
    let mut lines = vec![format!("<!-- {MARK} from codes. Do not edit. -->"), String::new()];
    lines.extend(["# What clients do".to_owned(), String::new()]);
    lines.extend(["[All tables](README.md)".to_owned(), String::new()]);
    lines.push(
        "For each code: our answer, and which of the compared clients do as we say and which do something else (≠). Where not more than \
         half do as we say, our reason follows."
            .to_owned(),
    );
    lines.push(String::new());
    for (table, _) in &tables {
        lines.push(format!("- [{}: {}](#{})", table.path.edition_path(), escape(&table.title), anchor_of(table)));
    }
    lines.push("- [The clients](#the-clients)".to_owned());
    for (table, close) in tables {
        lines.push(String::new());
        lines.extend(section(registry, table, close));
    }
    lines.extend(list_of_clients(registry));
    tree.insert("docs/clients.md", lines.join("\n") + "\n");
    true
}

/// Every client, with the version that was read.
fn list_of_clients(registry: &Registry) -> Vec<String> {
    let mut lines = ["", "<a id=\"the-clients\"></a>", "", "## The clients", ""].map(str::to_owned).to_vec();
    let clients = registry.systems.iter().flat_map(|system| &system.clients);
    let rows: Vec<Vec<String>> = clients
        .map(|client| {
            let table = |(file, actions): (&String, &ClientActions)| match &actions.measured {
                Some(release) => format!("{file} (read, and measured with {})", escape(release)),
                None => format!("{file} (read)"),
            };
            let tables: Vec<String> = client.tables.iter().map(table).collect();
            let kind = if client.application { " (an application, not counted)" } else { "" };
            let name = link(&client.name, &client.repository) + kind;
            vec![name, escape(&client.version), tables.join(", ")]
        })
        .collect();
    lines.extend(markdown_table(&["client", "version", "tables"], &rows));
    lines
}

fn section(registry: &Registry, table: &Table, close: &CloseCodes) -> Vec<String> {
    let mut rows: Vec<Vec<String>> = own(registry, table, close).collect();
    rows.extend(row("no code", "", &close.reconnect.absent, &Tally::of_none(registry, close)));
    rows.extend(extended(registry, close));
    for thousand in thousands(close) {
        let what = if thousand == 0 { "unknown".to_owned() } else { format!("unknown, from {thousand}000") };
        rows.extend(row(&what, "", &close.reconnect.unknown, &Tally::of_unknown(registry, close, thousand)));
    }
    let mut lines = vec![format!("<a id=\"{}\"></a>", anchor_of(table)), String::new()];
    lines.extend([format!("## {}: {}", table.path.edition_path(), escape(&table.title)), String::new()]);
    lines.extend(markdown_table(&["code", "our answer", "who does what", "why we differ"], &rows));
    lines
}

/// The place of a table on the page.
fn anchor_of(table: &Table) -> String {
    table.path.to_string().replace('/', "-")
}

fn own<'a>(registry: &'a Registry, table: &'a Table, close: &'a CloseCodes) -> impl Iterator<Item = Vec<String>> + 'a {
    close.codes.iter().filter_map(move |code| {
        let number = code.variant.number;
        let target = format!("[{number}]({}/{})", table.path.system, anchor(table, &number.to_string()));
        row(&target, &escape(&code.variant.facts.name), &code.decision, &Tally::of_code(registry, close, number))
    })
}

/// The codes of the table that this one extends and that it does not list itself.
fn extended(registry: &Registry, close: &CloseCodes) -> Vec<Vec<String>> {
    let Some(table) = close.extends.as_ref().and_then(|path| registry.table(path)) else { return Vec::new() };
    let Codes::CloseCodes(other) = &table.codes else { return Vec::new() };
    let is_own = |number: u32| close.codes.iter().any(|own| own.variant.number == number);
    let codes = other.codes.iter().filter(|code| !is_own(code.variant.number));
    let rows = codes.filter_map(|code| {
        let number = code.variant.number;
        let target = format!("[{number}]({}/{})", table.path.system, anchor(table, &number.to_string()));
        row(&target, &escape(&code.variant.facts.name), &code.decision, &Tally::of_code(registry, close, number))
    });
    rows.collect()
}

/// The row of one code, if any client does anything after it.
fn row(code: &str, name: &str, policy: &Policy, tally: &Tally) -> Option<Vec<String>> {
    let who = tally.clients.iter().map(|(action, clients)| {
        let clients: Vec<String> = clients.iter().map(|client| escape(client)).collect();
        let mark = if action.agrees_with(policy.action) { "" } else { " ≠" };
        format!("{}{mark}: {}", key_word(action).replace('-', " "), clients.join(", "))
    });
    let who: Vec<String> =
        std::iter::once(format!("**{} of {} agree**", tally.agreeing(policy.action), tally.decided())).chain(who).collect();
    let why = if tally.most_agree(policy.action) { String::new() } else { sentence(&escape(&policy.reason)) };
    let name = if name.is_empty() { String::new() } else { format!("<br>{name}") };
    let cells = [format!("{code}{name}"), sentences::what_to_do(policy), who.join("<br>"), why];
    (tally.decided() > 0).then(|| cells.to_vec())
}
