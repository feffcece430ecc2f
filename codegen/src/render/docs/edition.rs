//! The page of an edition: a section for each table, a row for each code, and its drawings as files.

use super::decision::Decision;
use super::view::{Answer, Entry, SEND_AGAIN, Section};
use crate::model::{Edition, Registry, Retry, Status, Table};
use crate::output::{MARK, Tree};
use crate::render::sentences;
use crate::text::markdown::{code, escape, link, table as markdown_table};
use crate::text::{counted, sentence};

pub(super) fn render(registry: &Registry, tree: &mut Tree) {
    for edition in registry.editions() {
        tree.insert(format!("docs/{}.md", edition.path()), page(registry, edition));
        for table in &edition.tables {
            if let Some(drawing) = Decision::new(registry, table, true) {
                tree.insert(format!("docs/{}/{}", table.path.system, drawing_of(table)), drawing.svg());
            }
        }
    }
}

/// The place of a code in the documentation, as seen from the folder of its system.
pub(super) fn anchor(table: &Table, id: &str) -> String {
    format!("{}.md#{}-{id}", table.path.edition, table.path.file)
}

/// The file of the drawing of a table.
fn drawing_of(table: &Table) -> String {
    format!("{}/{}.svg", table.path.edition, table.path.file)
}

fn page(registry: &Registry, edition: &Edition) -> String {
    let mut lines = vec![format!("<!-- {MARK} from codes/{}. Do not edit. -->", edition.path()), String::new()];
    lines.push("<a id=\"top\"></a>".to_owned());
    lines.extend([String::new(), format!("# {}", edition.path()), String::new()]);
    let sections: Vec<Section<'_>> = edition.tables.iter().map(|table| Section::new(registry, table)).collect();
    lines.push(format!("[All tables](../README.md){}", other_pages(registry, edition)));
    lines.extend([String::new(), "Read from:".to_owned(), String::new()]);
    lines.extend(edition.sources().into_iter().map(|source| format!("- {}", escape(&source.to_string()))));
    lines.extend([String::new(), "Tables:".to_owned(), String::new()]);
    for section in &sections {
        let title = escape(&section.title());
        lines.push(format!("- [{title}](#{}): {}", section.table.path.file, counted(section.count(), section.table.kind.noun())));
    }
    for section in &sections {
        lines.push(String::new());
        lines.extend(part(registry, section));
    }
    lines.join("\n") + "\n"
}

/// Links to the other editions of the same system.
fn other_pages(registry: &Registry, edition: &Edition) -> String {
    let others = registry.editions().filter(|other| other.system == edition.system && other.name != edition.name);
    others.map(|other| format!(" · [{}]({}.md)", other.path(), other.name)).collect()
}

fn part(registry: &Registry, section: &Section<'_>) -> Vec<String> {
    let table = section.table;
    let document = table.source.as_ref().map(|source| match &source.url {
        Some(url) => link(&source.document, url),
        None => escape(&source.document),
    });
    let document = document.map(|document| format!(", from {document}")).unwrap_or_default();
    let from = format!("{} in Rust{document}.", code(&section.rust));
    let mut lines = vec![format!("<a id=\"{}\"></a>", table.path.file), String::new()];
    lines.extend([
        format!("## {}", escape(&section.title())),
        String::new(),
        format!("{} {from}", sentence(&escape(&table.summary))),
    ]);
    lines.extend(section.responds().then(|| SEND_AGAIN.to_owned()));
    lines.push(String::new());
    if Decision::new(registry, table, true).is_some() {
        lines.extend([format!("![What to do after a connection ended]({})", drawing_of(table)), String::new()]);
    }
    lines.extend(rows(section));
    lines.extend([String::new(), "[Back to top](#top)".to_owned()]);
    lines
}

fn rows(section: &Section<'_>) -> Vec<String> {
    let header = ["code", "meaning", "what to do", "why"];
    let columns = if section.has_answers() { 4 } else { 2 };
    let rows: Vec<Vec<String>> = section.entries.iter().map(|entry| row(section, entry)).collect();
    markdown_table(&header[..columns], &rows)
}

fn row(section: &Section<'_>, entry: &Entry<'_>) -> Vec<String> {
    let id = format!("<a id=\"{}-{}\"></a>", section.table.path.file, entry.id);
    let mut cells = vec![format!("{id}{}", entry.label), meaning(entry)];
    if section.has_answers() {
        let answers = |say: fn(&Answer<'_>) -> String| entry.answers.iter().map(say).collect::<Vec<_>>().join("<br>");
        cells.extend([answers(what_to_do), answers(why)]);
    } else {
        cells[1].extend(entry.answers.iter().map(|answer| format!("<br>{}. {}", what_to_do(answer), why(answer))));
    }
    cells
}

/// The name, the identifiers and what they mean.
fn meaning(entry: &Entry<'_>) -> String {
    let name = escape(entry.name);
    let name = match entry.status {
        Status::Active => name,
        Status::Deprecated => format!("{name} (deprecated)"),
        Status::Removed => format!("~~{name}~~ (removed)"),
    };
    let idents: Vec<String> = entry.idents.iter().map(|ident| code(ident)).collect();
    let head = if idents.is_empty() { name } else { format!("{name} {}", idents.join(", ")) };
    let see = entry.see.map(|(path, is_lost)| {
        let but = if is_lost { ", with a new session instead of a resume" } else { "" };
        format!("The answer is that of [{path}](../{}.md#{}){but}.", path.edition_path(), path.file)
    });
    let fault = entry.fault.as_ref().map(|fault| format!(", fault `{fault}`")).unwrap_or_default();
    let group = entry.group.as_ref().map(|group| format!("Group `{group}`{fault}."));
    let texts = entry.meaning.iter().map(|text| escape(text)).chain(group).chain(see);
    let again = entry.retry.filter(|retry| *retry != Retry::No).map(sentences::again);
    [head, texts.collect::<Vec<_>>().join(" "), again.unwrap_or_default()]
        .into_iter()
        .filter(|text| !text.is_empty())
        .collect::<Vec<_>>()
        .join("<br>")
}

/// The action, its wait and its conditions, and what the user can do.
fn what_to_do(answer: &Answer<'_>) -> String {
    let when = answer.when.map(|when| format!("{when}: ")).unwrap_or_default();
    let conditions = answer.conditions();
    let conditions = if conditions.is_empty() { conditions } else { format!(" {}", escape(&conditions)) };
    let fix = answer.fix().map(|fix| format!("<br>**Fix:** {}", escape(&fix))).unwrap_or_default();
    format!("{when}**{}**{conditions}{fix}", answer.action())
}

fn why(answer: &Answer<'_>) -> String {
    format!("{} ({})", escape(&answer.reason()), sentences::basis(answer.policy.basis))
}
