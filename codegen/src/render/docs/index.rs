//! The first page: all tables.

use crate::model::{Edition, Registry};
use crate::output::{MARK, Tree};
use crate::text::markdown::{code, escape, grouped, table as markdown_table};

pub(super) fn render(registry: &Registry, has_clients: bool, tree: &mut Tree) {
    let [current, older] = registry.current_and_older();
    let mut lines = vec![format!("<!-- {MARK} from codes. Do not edit. -->"), String::new()];
    lines.extend(["# All tables".to_owned(), String::new()]);
    lines.extend(tables(&current));
    if !older.is_empty() {
        lines.extend(["", "<details><summary>Older editions</summary>", ""].map(str::to_owned));
        lines.extend(tables(&older));
        lines.extend(["", "</details>"].map(str::to_owned));
    }
    lines.extend(has_clients.then(|| "\n[What real clients do](clients.md)".to_owned()));
    tree.insert("docs/README.md", lines.join("\n") + "\n");
}

fn tables(editions: &[&Edition]) -> Vec<String> {
    let rows = editions.iter().flat_map(|edition| {
        let path = edition.path();
        edition.tables.iter().map(move |table| {
            vec![
                format!("[{path}]({path}.md)"),
                format!("[{}]({path}.md#{})", escape(&table.title), table.path.file),
                code(&table.enum_name),
                table.source.as_ref().map(|source| escape(&source.document)).unwrap_or_default(),
            ]
        })
    });
    markdown_table(&["edition", "table", "enum", "document"], &grouped(rows.collect()))
}
