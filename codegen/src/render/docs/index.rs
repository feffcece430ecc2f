//! The first page: all tables, and every close code by its number.

use std::collections::BTreeMap;

use super::edition::anchor;
use super::view::{Entry, Section};
use crate::model::{Kind, Registry, Status, System, Table};
use crate::output::{MARK, Tree};
use crate::text::markdown::{code, escape, table as markdown_table};

pub(super) fn render(registry: &Registry, has_clients: bool, tree: &mut Tree) {
    let mut lines = vec![format!("<!-- {MARK} from codes. Do not edit. -->"), String::new()];
    lines.extend(["# All tables".to_owned(), String::new()]);
    let by_number = by_number(registry);
    let mut contents: Vec<String> = registry.systems.iter().map(|system| format!("[{0}](#{0})", system.name)).collect();
    contents.extend((!by_number.is_empty()).then(|| "[close codes by number](#by-number)".to_owned()));
    contents.extend(has_clients.then(|| "[what real clients do](clients.md)".to_owned()));
    lines.push(contents.join(" · "));
    for system in &registry.systems {
        lines.extend(part(system));
    }
    if !by_number.is_empty() {
        lines.extend(["", "<a id=\"by-number\"></a>", "", "## Close codes by number", ""].map(str::to_owned));
        lines.extend(markdown_table(&["code", "where"], &by_number));
    }
    tree.insert("docs/README.md", lines.join("\n") + "\n");
}

/// The tables of a system, its newest edition first.
fn part(system: &System) -> Vec<String> {
    let rows = system.editions.iter().rev().flat_map(|edition| {
        edition.tables.iter().map(|table| {
            let path = edition.path();
            vec![
                format!("[{}]({path}.md)", edition.name),
                format!("[{}]({path}.md#{})", escape(&table.title), table.path.file),
                code(&table.enum_name),
                table.variants().count().to_string(),
                escape(&table.source.to_string()),
            ]
        })
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let mut lines =
        ["", &format!("<a id=\"{}\"></a>", system.name), "", &format!("## {}", system.name), ""].map(str::to_owned).to_vec();
    lines.extend(markdown_table(&["edition", "table", "enum", "codes", "document"], &rows));
    lines
}

/// Where each number means why a connection ended. Newest editions come first.
fn by_number(registry: &Registry) -> Vec<Vec<String>> {
    let mut places: BTreeMap<[u32; 2], Vec<String>> = BTreeMap::new();
    let mut labels: BTreeMap<[u32; 2], String> = BTreeMap::new();
    for edition in registry.systems.iter().flat_map(|system| system.editions.iter().rev()) {
        for table in edition.tables.iter().filter(|table| table.kind == Kind::CloseCodes) {
            for entry in Section::new(registry, table).entries {
                if let Some(numbers) = entry.numbers.filter(|_| entry.status != Status::Removed) {
                    let target = format!("{}/{}", table.path.system, anchor(table, &entry.id));
                    places.entry(numbers).or_default().push(place(table, &entry, &target));
                    labels.insert(numbers, entry.label);
                }
            }
        }
    }
    places.into_iter().map(|(numbers, places)| vec![labels.remove(&numbers).unwrap_or_default(), places.join("<br>")]).collect()
}

fn place(table: &Table, entry: &Entry<'_>, target: &str) -> String {
    let action = entry.answers.first().map(|answer| format!(" → **{}**", answer.action())).unwrap_or_default();
    format!("{}, {}: [{}]({target}){action}", table.path.edition_path(), escape(&table.title), escape(entry.name))
}
