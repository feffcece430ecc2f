//! The page that compares our policies with what real clients do, code by code.

use crate::model::{ClientActions, CloseCodes, Codes, Registry, Table};
use crate::ours::Policy;
use crate::render::markdown::{escape, link, table as markdown_table};
use crate::render::sentences;
use crate::tally::{Tally, compared, thousands};
use crate::text::sentence;
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
    lines.push(
        "For each code: our answer, what the compared clients do, and how many of them do as we say. Where not more than half do, our \
         reason follows."
            .to_owned(),
    );
    for (table, close) in tables {
        lines.push(String::new());
        lines.extend(section(registry, table, close));
    }
    lines.push(String::new());
    lines.extend(["## The clients".to_owned(), String::new()]);
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
    tree.insert("docs/clients.md", lines.join("\n") + "\n");
    true
}

fn section(registry: &Registry, table: &Table, close: &CloseCodes) -> Vec<String> {
    let mut rows: Vec<Vec<String>> = own(registry, close).collect();
    rows.extend(row("none", "", &close.reconnect.absent, &Tally::of_none(registry, close)));
    rows.extend(extended(registry, close));
    for thousand in thousands(close) {
        let what = if thousand == 0 { "unknown".to_owned() } else { format!("unknown, from {thousand}000") };
        rows.extend(row(&what, "", &close.reconnect.unknown, &Tally::of_unknown(registry, close, thousand)));
    }
    let mut lines = vec![format!("## {}: {}", table.path.edition_path(), escape(&table.title)), String::new()];
    lines.extend(markdown_table(&["code", "identifier", "our answer", "what clients do", "as we say", "why we differ"], &rows));
    lines
}

fn own<'a>(registry: &'a Registry, close: &'a CloseCodes) -> impl Iterator<Item = Vec<String>> + 'a {
    close.codes.iter().filter_map(|code| {
        let number = code.variant.number;
        let ident = format!("`{}`", code.variant.ident);
        row(&number.to_string(), &ident, &code.decision, &Tally::of_code(registry, close, number))
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
        let ident = format!("`{}::{}`", table.enum_name, code.variant.ident);
        row(&number.to_string(), &ident, &code.decision, &Tally::of_code(registry, close, number))
    });
    rows.collect()
}

/// The row of one code, if any client does anything after it.
fn row(code: &str, ident: &str, policy: &Policy, tally: &Tally) -> Option<Vec<String>> {
    let agree = format!("{} of {}", tally.agreeing(policy.action), tally.decided());
    let why = if tally.most_agree(policy.action) { String::new() } else { sentence(&escape(&policy.reason)) };
    let cells = [code, ident, &sentences::what_to_do(policy), &tally.to_string(), &agree, &why];
    (tally.decided() > 0).then(|| cells.map(str::to_owned).to_vec())
}
