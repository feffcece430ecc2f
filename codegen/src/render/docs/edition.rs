//! The page of an edition: a section for each table, a row for each code.

use crate::facts::{Facts, Status};
use crate::model::{CloseCodes, Codes, Edition, Range, Registry, Table, Variant};
use crate::ours::Policy;
use crate::render::markdown::{code, escape, link, table as markdown_table};
use crate::render::sentences;
use crate::text::{key_word, sentence};
use crate::tree::{MARK, Tree};

pub(super) fn render(registry: &Registry, tree: &mut Tree) {
    for edition in registry.editions() {
        tree.insert(format!("docs/{}.md", edition.path()), page(edition));
    }
}

fn page(edition: &Edition) -> String {
    let mut lines = vec![format!("<!-- {MARK} from codes/{}. Do not edit. -->", edition.path()), String::new()];
    lines.push(format!("# {}", edition.path()));
    for table in &edition.tables {
        lines.push(String::new());
        lines.extend(section(edition, table));
    }
    lines.join("\n") + "\n"
}

fn section(edition: &Edition, table: &Table) -> Vec<String> {
    let document = match &table.source.url {
        Some(url) => link(&table.source.document, url),
        None => escape(&table.source.document),
    };
    let revision = table.source.revision.as_ref().map(|revision| format!(", revision {}", escape(revision))).unwrap_or_default();
    let path = format!("{}::{}::{}", edition.system, edition.name, table.enum_name);
    let from = format!("In Rust {}. From {document}, {}{revision}.", code(&path), table.source.date);
    let mut lines = vec![format!("## {}", escape(&table.title)), String::new(), sentence(&escape(&table.summary))];
    lines.extend([String::new(), from, String::new()]);
    let (header, mut rows) = match &table.codes {
        Codes::Opcodes(codes) => {
            let rows = codes.iter().map(|code| {
                let mut meaning = vec![meaning(&code.variant)];
                meaning.extend(code.decision.iter().flat_map(sentences::ending));
                row(&code.variant, [meaning.join(" "), direction(&code.variant.facts)])
            });
            (["meaning", "direction"], rows.collect())
        }
        Codes::CloseCodes(close) => (["meaning", "what to do"], close_codes(close)),
        Codes::Responses(responses) => {
            let retry = |is_retryable: bool| if is_retryable { "after a wait".to_owned() } else { String::new() };
            let codes = responses.codes.iter().map(|code| row(&code.variant, [meaning(&code.variant), retry(code.decision)]));
            let ranges = responses.ranges.iter().map(|range| range_row(range, retry(range.decision)));
            (["meaning", "send again"], codes.chain(ranges).collect())
        }
    };
    rows.extend(table.recycled.iter().map(|variant| row(variant, [meaning(variant), String::new()])));
    rows.sort_by_key(|(numbers, _)| *numbers);
    let mut rows: Vec<Vec<String>> = rows.into_iter().map(|(_, cells)| cells).collect();
    if let Codes::CloseCodes(close) = &table.codes {
        rows.extend(unlisted(close));
    }
    lines.extend(markdown_table(&["code", "name", "identifier", header[0], header[1]], &rows));
    lines
}

/// The numbers of a row, by which rows are sorted, and its cells.
type Row = ((u32, u32), Vec<String>);

fn row(variant: &Variant, more: [String; 2]) -> Row {
    let idents = std::iter::once(&variant.ident).chain(&variant.ours.aliases);
    let idents: Vec<String> = idents.map(|ident| code(ident)).collect();
    let mut cells = vec![variant.number.to_string(), name(&variant.facts), idents.join(", ")];
    cells.extend(more);
    ((variant.number, variant.number), cells)
}

fn range_row<D>(range: &Range<D>, more: String) -> Row {
    let numbers = format!("{} to {}", range.first, range.last);
    let meaning = range.ours.summary.as_ref().map(|summary| sentence(&escape(summary))).unwrap_or_default();
    ((range.first, range.last), vec![numbers, name(&range.facts), String::new(), meaning, more])
}

fn name(facts: &Facts) -> String {
    let name = escape(&facts.name);
    match facts.status {
        Status::Active => name,
        Status::Deprecated => format!("{name} (deprecated)"),
        Status::Removed => format!("~~{name}~~ (removed)"),
    }
}

fn meaning(variant: &Variant) -> String {
    let texts = variant.ours.summary.iter().chain(&variant.ours.note);
    texts.map(|text| sentence(&escape(text))).collect::<Vec<_>>().join(" ")
}

fn direction(facts: &Facts) -> String {
    let words = [facts.direction.map(key_word), facts.format.map(key_word)];
    words.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn close_codes(close: &CloseCodes) -> Vec<Row> {
    let codes = close.codes.iter().map(|code| row(&code.variant, [meaning(&code.variant), policy(&code.decision)]));
    codes.chain(close.ranges.iter().map(|range| range_row(range, policy(&range.decision)))).collect()
}

fn policy(policy: &Policy) -> String {
    sentences::policy(policy)
}

/// The rows for what has no row: no code, and unknown codes.
fn unlisted(close: &CloseCodes) -> Vec<Vec<String>> {
    let row = |code: &str, meaning: String, policy: String| vec![code.to_owned(), String::new(), String::new(), meaning, policy];
    let without = "The connection ended without a close code.".to_owned();
    let mut rows = vec![row("none", without, policy(&close.reconnect.absent))];
    if let Some(extended) = &close.extends {
        let path = extended.edition_path();
        let but = if close.reconnect.resumable { "" } else { ", with a new session instead of a resume" };
        rows.push(row("others", format!("A code of [{path}](../{path}.md)."), format!("As listed there{but}.")));
    }
    rows.push(row("unknown", "Any other code.".to_owned(), policy(&close.reconnect.unknown)));
    rows
}

/// The anchor that Markdown renderers give a heading.
pub(super) fn anchor(title: &str) -> String {
    let kept = title.to_lowercase();
    kept.chars().filter(|c| c.is_alphanumeric() || *c == ' ' || *c == '-').map(|c| if c == ' ' { '-' } else { c }).collect()
}
