//! The first page: all tables.

use crate::model::{Registry, System};
use crate::output::{MARK, Tree};
use crate::text::markdown::{code, escape, table as markdown_table};

pub(super) fn render(registry: &Registry, has_clients: bool, tree: &mut Tree) {
    let mut lines = vec![format!("<!-- {MARK} from codes. Do not edit. -->"), String::new()];
    lines.extend(["# All tables".to_owned(), String::new()]);
    let mut contents: Vec<String> = registry.systems.iter().map(|system| format!("[{0}](#{0})", system.name)).collect();
    contents.extend(has_clients.then(|| "[what real clients do](clients.md)".to_owned()));
    lines.push(contents.join(" · "));
    for system in &registry.systems {
        lines.extend(part(system));
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
                table.source.as_ref().map(|source| escape(&source.document)).unwrap_or_default(),
            ]
        })
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let mut lines =
        ["", &format!("<a id=\"{}\"></a>", system.name), "", &format!("## {}", system.name), ""].map(str::to_owned).to_vec();
    lines.extend(markdown_table(&["edition", "table", "enum", "document"], &rows));
    lines
}
