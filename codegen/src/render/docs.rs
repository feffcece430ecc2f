//! The tables as Markdown pages: one page an edition, and an index.

use super::words;
use crate::markdown::{escape, sentence, table as markdown_table};
use crate::model::{Code, Detail, Edition, Fallback, Kind, Registry, Status, Table};
use crate::tree::{MARK, Tree};

pub(super) fn render(registry: &Registry, tree: &mut Tree) {
    let editions: Vec<&Edition> = registry.systems.iter().flat_map(|system| &system.editions).collect();
    tree.insert("docs/README.md", index(&editions));
    for edition in editions {
        tree.insert(format!("docs/{}.md", edition.path()), page(edition));
    }
}

fn index(editions: &[&Edition]) -> String {
    let rows: Vec<Vec<String>> = editions
        .iter()
        .flat_map(|edition| {
            edition.tables.iter().map(|table| {
                vec![
                    format!("[{0}]({0}.md)", edition.path()),
                    format!("[{}]({}.md#{})", escape(&table.title), edition.path(), anchor(&table.title)),
                    table.codes.len().to_string(),
                    escape(&table.source.to_string()),
                ]
            })
        })
        .collect();
    let mut lines = vec![format!("<!-- {MARK} from codes. Do not edit. -->"), String::new()];
    lines.push("# All tables".to_owned());
    lines.push(String::new());
    lines.extend(markdown_table(&["edition", "table", "codes", "document"], &rows));
    lines.push(String::new());
    lines.push("What real clients do after close codes, beside what we say: [clients](clients.md).".to_owned());
    finish(&lines)
}

fn page(edition: &Edition) -> String {
    let mut lines = vec![format!("<!-- {MARK} from codes/{}. Do not edit. -->", edition.path()), String::new()];
    lines.push(format!("# {}", edition.path()));
    for table in &edition.tables {
        lines.push(String::new());
        section(edition, table, &mut lines);
    }
    finish(&lines)
}

fn section(edition: &Edition, table: &Table, lines: &mut Vec<String>) {
    lines.push(format!("## {}", escape(&table.title)));
    lines.push(String::new());
    lines.push(sentence(&escape(&table.summary)));
    lines.push(String::new());
    let document = escape(&table.source.document);
    let document = match &table.source.url {
        Some(url) => format!("[{document}]({url})"),
        None => document,
    };
    lines.push(format!(
        "In Rust `{}::{}::{}`. From {document}, {}{}.",
        edition.system,
        edition.name,
        table.enum_name,
        table.source.date,
        table.source.revision.as_ref().map(|revision| format!(", revision {revision}")).unwrap_or_default(),
    ));
    lines.push(String::new());
    let mut codes: Vec<&Code> = table.codes.iter().chain(&table.recycled).collect();
    codes.sort_by_key(|code| (code.value.value, code.status == Status::Removed));
    let mut rows: Vec<Vec<String>> = codes.iter().map(|code| row(table, code)).collect();
    if let Kind::CloseCodes(fallback) = &table.kind {
        rows.extend(unlisted(fallback));
    }
    let mut columns = vec!["code", "name", "identifier", "meaning"];
    if matches!(table.kind, Kind::CloseCodes(_)) {
        columns.extend(["what to do", "wait", "why", "basis"]);
    }
    columns.extend(table.has_directions().then_some("direction"));
    columns.extend(table.has_formats().then_some("format"));
    lines.extend(markdown_table(&columns, &rows));
}

fn row(table: &Table, code: &Code) -> Vec<String> {
    let mut name = escape(&code.name);
    match code.status {
        Status::Active => {}
        Status::Deprecated => name.push_str(" (deprecated)"),
        Status::Removed => name = format!("~~{name}~~ (removed)"),
    }
    let identifier = if table.recycled.contains(code) { String::new() } else { format!("`{}`", identifiers(code).join("`, `")) };
    let mut meaning = code.summary.as_deref().map(|summary| sentence(&escape(summary))).unwrap_or_default();
    if let Detail::Response { retry: true } = code.detail {
        meaning.push_str(" The document says to wait and try again.");
    }
    if let Some(note) = &code.note {
        meaning = format!("{meaning} {}", sentence(&escape(note)));
    }
    let mut cells = vec![code.value.value.to_string(), name, identifier, meaning.trim().to_owned()];
    match &code.detail {
        Detail::Opcode { direction, format, ends } => {
            if let Some(ends) = ends {
                cells[3] = format!("{} {}", cells[3], words::answer(&ends.resumable));
                if ends.otherwise != ends.resumable {
                    cells[3] = format!("{} Otherwise: {}", cells[3], words::answer(&ends.otherwise));
                }
            }
            cells.extend(direction.map(|direction| direction.words().to_owned()));
            cells.extend(format.map(|format| format.word().to_owned()));
        }
        Detail::CloseCode { policy, .. } => cells.extend(policy_cells(policy)),
        Detail::Response { .. } => {}
    }
    cells
}

/// The rows for what has no row: no code, and unknown codes.
fn unlisted(fallback: &Fallback) -> Vec<Vec<String>> {
    let row = |code: &str, meaning: &str, policy| {
        let mut cells = vec![code.to_owned(), String::new(), String::new(), meaning.to_owned()];
        cells.extend(policy_cells(policy));
        cells
    };
    let mut rows = vec![row("none", "The connection ended without a close code.", &fallback.absent)];
    if let Some(extended) = &fallback.extends {
        let link = format!("[{0}](../{0}.md)", format!("{}/{}", extended.path.system, extended.path.edition));
        let mut cells = vec!["others".to_owned(), String::new(), String::new(), format!("A code of {link}.")];
        cells.extend(["as there".to_owned(), String::new(), String::new(), String::new()]);
        rows.push(cells);
    }
    rows.push(row("unknown", "Any other code.", &fallback.unknown));
    rows
}

fn policy_cells(policy: &crate::model::Policy) -> [String; 4] {
    [
        words::action(policy),
        words::wait(policy).to_owned(),
        sentence(&escape(&policy.reason.value)),
        policy.basis.words().to_owned(),
    ]
}

fn identifiers(code: &Code) -> Vec<&str> {
    std::iter::once(&code.ident).chain(&code.aliases).map(String::as_str).collect()
}

/// The anchor that Markdown renderers give a heading.
fn anchor(title: &str) -> String {
    let kept = title.to_lowercase();
    kept.chars().filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-').map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn finish(lines: &[String]) -> String {
    lines.join("\n") + "\n"
}
