//! The page that sets our policies beside what real clients do, code by code.

use crate::clients::{Tally, clients};
use crate::markdown::{escape, sentence, table as markdown_table};
use crate::model::{Detail, Fallback, Kind, Policy, Registry, Table};
use crate::tree::{MARK, Tree};

pub(super) fn render(registry: &Registry, tree: &mut Tree) {
    let editions = registry.systems.iter().flat_map(|system| &system.editions);
    let compared: Vec<(&Table, &Fallback)> = editions
        .flat_map(|edition| &edition.tables)
        .filter_map(|table| match &table.kind {
            Kind::CloseCodes(fallback) if clients(registry, fallback).next().is_some() => Some((table, fallback.as_ref())),
            _ => None,
        })
        .collect();
    if compared.is_empty() {
        return;
    }
    let mut lines = vec![format!("<!-- {MARK} from codes. Do not edit. -->"), String::new()];
    lines.push("# What clients do, and what we say".to_owned());
    lines.push(String::new());
    lines.push(
        "For each code: our answer, what the clients that were looked at do, and how many of them do as we say. Where not more than \
         half do, our reason follows."
            .to_owned(),
    );
    for (table, fallback) in compared {
        lines.push(String::new());
        section(registry, table, fallback, &mut lines);
    }
    lines.push(String::new());
    lines.push("## The clients".to_owned());
    lines.push(String::new());
    let all = registry.systems.iter().flat_map(|system| &system.clients);
    let rows: Vec<Vec<String>> = all
        .map(|client| {
            let tables: Vec<&str> = client.tables.keys().map(String::as_str).collect();
            vec![format!("[{}]({})", escape(&client.name), client.repository), escape(&client.version), tables.join(", ")]
        })
        .collect();
    lines.extend(markdown_table(&["client", "version", "looked at for"], &rows));
    tree.insert("docs/clients.md", lines.join("\n") + "\n");
}

fn section(registry: &Registry, table: &Table, fallback: &Fallback, lines: &mut Vec<String>) {
    lines.push(format!("## {}: {}", table.path.system.clone() + "/" + &table.path.edition, escape(&table.title)));
    lines.push(String::new());
    let mut rows = Vec::new();
    let mut row = |code: String, ident: &str, policy: &Policy, tally: &Tally| {
        if tally.decided() == 0 {
            return;
        }
        let action = policy.action.value;
        let agree = format!("{} of {}", tally.agreeing(action), tally.decided());
        let why = if tally.most_agree(action) { String::new() } else { sentence(&escape(&policy.reason.value)) };
        rows.push(vec![code, ident.to_owned(), super::words::action(policy), tally.to_string(), agree, why]);
    };
    for code in &table.codes {
        let Detail::CloseCode { policy, .. } = &code.detail else { continue };
        let number = code.value.value.discriminant();
        row(number.to_string(), &format!("`{}`", code.ident), policy, &Tally::of_code(registry, fallback, number));
    }
    row("none".to_owned(), "", &fallback.absent, &Tally::of_none(registry, fallback));
    if let Some(extended) = extended(registry, fallback) {
        for code in &extended.codes {
            let Detail::CloseCode { policy, .. } = &code.detail else { continue };
            let number = code.value.value.discriminant();
            let own = table.codes.iter().any(|own| own.value.value == code.value.value);
            if !own {
                row(
                    number.to_string(),
                    &format!("`{}::{}`", extended.enum_name, code.ident),
                    policy,
                    &Tally::of_code(registry, fallback, number),
                );
            }
        }
    }
    row("unknown".to_owned(), "", &fallback.unknown, &Tally::of_unknown(registry, fallback));
    lines.extend(markdown_table(&["code", "identifier", "our answer", "what clients do", "as we say", "why we differ"], &rows));
}

fn extended<'a>(registry: &'a Registry, fallback: &Fallback) -> Option<&'a Table> {
    let path = &fallback.extends.as_ref()?.path;
    let editions = registry.systems.iter().flat_map(|system| &system.editions);
    editions.flat_map(|edition| &edition.tables).find(|table| table.path == *path)
}
