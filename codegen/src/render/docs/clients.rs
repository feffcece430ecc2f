//! The page that compares our policies with what real clients do, code by code.

use super::edition::anchor;
use crate::model::{ClientActions, ClientVotes, Compared, Policy, Registry, Table, Variant, thousands};
use crate::output::{MARK, Tree};
use crate::render::sentences;
use crate::text::markdown::{escape, link, table as markdown_table};
use crate::text::{key_word, sentence};

/// Renders the page, if any client is compared. Whether it did.
pub(super) fn render(registry: &Registry, tree: &mut Tree) -> bool {
    let editions = registry.current_and_older().into_iter().flatten();
    let with_clients = editions.flat_map(|edition| &edition.tables).filter_map(|table| {
        let compared = Compared::new(registry, table.fallback.as_deref()?);
        (!compared.0.is_empty()).then_some((table, compared))
    });
    let tables: Vec<(&Table, Compared<'_>)> = with_clients.collect();
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
    for (table, compared) in tables {
        lines.push(String::new());
        lines.extend(section(registry, table, &compared));
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

fn section(registry: &Registry, table: &Table, compared: &Compared<'_>) -> Vec<String> {
    let Some(fallback) = table.fallback.as_deref() else { return Vec::new() };
    let own = table.variants();
    // The codes of the table that this one extends and that it does not list itself.
    let extended = fallback.extends.as_ref().and_then(|path| registry.table(path));
    let others = extended.into_iter().flat_map(|other| other.variants().map(move |variant| (other, variant)));
    let others = others.filter(|(_, variant)| table.code(variant.number).is_none());
    let mut rows: Vec<Vec<String>> = own.filter_map(|variant| row_of(table, variant, compared)).collect();
    rows.extend(row("no code", "", &fallback.reconnect.absent, &compared.without_code()));
    rows.extend(others.filter_map(|(other, variant)| row_of(other, variant, compared)));
    for thousand in thousands(table.variants().map(|variant| variant.number)) {
        let what = if thousand == 0 { "unknown".to_owned() } else { format!("unknown, from {thousand}000") };
        rows.extend(row(&what, "", &fallback.reconnect.unknown, &compared.after_unknown(thousand)));
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

/// The row of a code of a table.
fn row_of(table: &Table, variant: Variant<'_>, compared: &Compared<'_>) -> Option<Vec<String>> {
    let target = format!("[{0}]({1}/{2})", variant.number, table.path.system, anchor(table, &variant.number.to_string()));
    row(&target, &escape(&variant.facts.name), variant.policy()?, &compared.after(variant.number))
}

/// The row of one code, if any client does anything after it.
fn row(code: &str, name: &str, policy: &Policy, votes: &ClientVotes) -> Option<Vec<String>> {
    let who = votes.clients.iter().map(|(action, clients)| {
        let clients: Vec<String> = clients.iter().map(|client| escape(client)).collect();
        let mark = if action.agrees_with(policy.action) { "" } else { " ≠" };
        format!("{}{mark}: {}", key_word(action).replace('-', " "), clients.join(", "))
    });
    let who: Vec<String> =
        std::iter::once(format!("**{} of {} agree**", votes.agreeing(policy.action), votes.decided())).chain(who).collect();
    let why = if votes.most_agree(policy.action) { String::new() } else { sentence(&escape(&policy.reason)) };
    let name = if name.is_empty() { String::new() } else { format!("<br>{name}") };
    let cells = [format!("{code}{name}"), sentences::what_to_do(policy), who.join("<br>"), why];
    (votes.decided() > 0).then(|| cells.to_vec())
}
