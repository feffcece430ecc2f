//! The list of all tables.

use super::edition::anchor;
use crate::model::{Edition, Registry};
use crate::render::markdown::{escape, table as markdown_table};
use crate::tree::{MARK, Tree};

pub(super) fn render(registry: &Registry, has_clients: bool, tree: &mut Tree) {
    let rows: Vec<Vec<String>> = registry.editions().flat_map(rows).collect();
    let mut lines = vec![format!("<!-- {MARK} from codes. Do not edit. -->"), String::new()];
    lines.extend(["# All tables".to_owned(), String::new()]);
    lines.extend(markdown_table(&["edition", "table", "codes", "document"], &rows));
    if has_clients {
        lines.extend([String::new(), "What real clients do after close codes: [clients](clients.md).".to_owned()]);
    }
    tree.insert("docs/README.md", lines.join("\n") + "\n");
}

fn rows(edition: &Edition) -> impl Iterator<Item = Vec<String>> {
    let path = edition.path();
    edition.tables.iter().map(move |table| {
        vec![
            format!("[{path}]({path}.md)"),
            format!("[{}]({path}.md#{})", escape(&table.title), anchor(&table.title)),
            table.codes.variants().count().to_string(),
            escape(&table.source.to_string()),
        ]
    })
}
