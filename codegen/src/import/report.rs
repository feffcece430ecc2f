//! Printers of an import: text for a person, JSON for programs, Markdown for a pull request.
//!
//! All three are read from the top: what needs a person, what changed, what was passed over, and what to do next.

use serde::Serialize;
use serde_json::Value;

use super::merge::{CodeChange, Imported, Need, PageCode, PassedOver, Reason, TableReport};
use crate::diagnostic::{Diagnostic, any_error};
use crate::fact_change::FactChange;
use crate::facts::Status;
use crate::source::Span;
use crate::text::{capitalized, counted, plain_name, visible};

/// How to print text.
#[derive(Clone, Debug)]
pub struct TextOptions {
    /// The width of the terminal.
    pub width: usize,
    /// Whether names that changed in style and reworded sentences are listed too.
    pub verbose: bool,
    /// Whether nothing was written.
    pub is_dry_run: bool,
    /// The command that comes next.
    pub next: String,
}

/// Text for a person, fitted to the terminal.
#[must_use]
pub fn text(imported: &Imported, diagnostics: &[Diagnostic], options: &TextOptions) -> String {
    // A page of which something was not read says nothing of the rest.
    if imported.is_up_to_date() && !any_error(diagnostics) {
        let lines = std::iter::once(format!("{} is up to date", imported.edition)).chain(passed_over(imported));
        return lines.flat_map(|line| wrapped(&line, 2, options.width)).flat_map(|line| [line, "\n".to_owned()]).collect();
    }
    let mut lines = vec![headline(imported), String::new()];
    let needs = imported.needs();
    if !needs.is_empty() {
        lines.push(format!("needs a person ({})", needs.len()));
        lines.extend(columns(&needs, options.width));
        lines.push(String::new());
    }
    if options.verbose {
        let changes: Vec<String> = imported.tables.iter().flat_map(change_lines).collect();
        if !changes.is_empty() {
            lines.push("changed".to_owned());
            lines.extend(changes.iter().flat_map(|line| wrapped(line, 4, options.width)));
            lines.push(String::new());
        }
    }
    lines.extend(passed_over(imported).iter().flat_map(|line| wrapped(line, 2, options.width)));
    lines.extend(wrapped(&outcome(imported, options), 2, options.width));
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

/// The page, the edition, and how much changed.
fn headline(imported: &Imported) -> String {
    let pages: Vec<&str> = imported.pages.iter().map(|page| page.rsplit('/').next().unwrap_or(page)).collect();
    let provenance: Vec<String> =
        imported.date.iter().map(ToString::to_string).chain(imported.revision.iter().map(|revision| visible(revision))).collect();
    let provenance = if provenance.is_empty() { String::new() } else { format!(" ({})", provenance.join(", ")) };
    format!("{} ← {}{provenance}   {}", imported.edition, pages.join(", "), counts(imported))
}

/// "22 added, 1 removed".
fn counts(imported: &Imported) -> String {
    let changes = || imported.tables.iter().flat_map(|table| &table.changes);
    let count = |test: fn(&CodeChange) -> bool| changes().filter(|change| test(change)).count();
    let has = |test: fn(&FactChange) -> bool| {
        changes().filter(|change| matches!(change, CodeChange::Changed { facts, .. } if facts.iter().any(test))).count()
    };
    let counts = [
        (count(|change| matches!(change, CodeChange::Added { .. })), "added"),
        (count(|change| matches!(change, CodeChange::Removed { .. })), "removed"),
        (count(|change| matches!(change, CodeChange::Restored { .. })), "restored"),
        (has(is_policy), "policy"),
        (has(|fact| matches!(fact, FactChange::Name { .. })), "renamed"),
        (
            has(|fact| matches!(fact, FactChange::Direction { .. } | FactChange::Format { .. } | FactChange::Status { .. })),
            "facts",
        ),
        (has(|fact| matches!(fact, FactChange::Text { .. })), "reworded"),
        (has(|fact| matches!(fact, FactChange::Style { .. })), "restyled"),
    ];
    let counts: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if counts.is_empty() { "no change".to_owned() } else { counts.join(", ") }
}

fn is_policy(fact: &FactChange) -> bool {
    matches!(fact, FactChange::Advice { .. } | FactChange::Reconnect { .. } | FactChange::Resume { .. })
}

/// The codes that need a person, in columns: number, table, what to decide.
fn columns(needs: &[&Need], width: usize) -> Vec<String> {
    let tables: Vec<String> = needs.iter().map(|need| need.table.replace('-', " ")).collect();
    let numbers: Vec<String> = needs.iter().map(|need| need.number.to_string()).collect();
    let widest = |texts: &[String]| texts.iter().map(|text| text.chars().count()).max().unwrap_or(0);
    let (first, second) = (widest(&numbers), widest(&tables).min(width / 3));
    let indent = 2 + first + 2 + second + 2;
    let line = |((need, number), table): ((&&Need, &String), &String)| {
        wrapped(&format!("  {number:first$}  {table:second$}  {}", visible(&need.message)), indent, width)
    };
    needs.iter().zip(&numbers).zip(&tables).flat_map(line).collect()
}

/// Every change of a table, one a line.
fn change_lines(table: &TableReport) -> Vec<String> {
    let name = table.table.replace('-', " ");
    let line = |change: &CodeChange| {
        let (number, what) = match change {
            CodeChange::Added { number, name, .. } => (number, format!("added: {name}")),
            CodeChange::Removed { number, name, struck: true, .. } => (number, format!("struck through: {name}")),
            CodeChange::Removed { number, name, .. } => (number, format!("left the page: {name}")),
            CodeChange::Restored { number, name } => (number, format!("restored: {name}")),
            CodeChange::Changed { number, facts, .. } => (number, facts.iter().map(fact_line).collect::<Vec<_>>().join("; ")),
        };
        format!("  {number}  {name}  {}", visible(&what))
    };
    table.changes.iter().map(line).collect()
}

fn fact_line(fact: &FactChange) -> String {
    let Ok(Value::Object(fields)) = serde_json::to_value(fact) else { return String::new() };
    let field = |key: &str| match fields.get(key) {
        None | Some(Value::Null) => "nothing".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(value) => value.to_string(),
    };
    format!("{}: {} → {}", field("fact"), field("old"), field("new"))
}

/// One line for each reason to pass over tables.
fn passed_over(imported: &Imported) -> Vec<String> {
    let of =
        |reason: Reason| -> Vec<&PassedOver> { imported.passed_over.iter().filter(|table| table.reason == reason).collect() };
    let names = |tables: &[&PassedOver]| {
        const MOST: usize = 12;
        let mut names: Vec<String> = tables.iter().take(MOST).map(|table| format!("\"{}\"", visible(&table.heading))).collect();
        names.extend((tables.len() > MOST).then(|| "…".to_owned()));
        names.join(", ")
    };
    let (without, unasked) = (of(Reason::WithoutCodes), of(Reason::NotAskedFor));
    let mut lines = Vec::new();
    if !unasked.is_empty() {
        let count = counted(unasked.len(), "table");
        lines.push(format!(
            "passed over: {count} that nobody asked for ({}); take one with --table 'Heading=file'",
            names(&unasked)
        ));
    }
    if !without.is_empty() {
        lines.push(format!("passed over: {} without codes ({})", counted(without.len(), "table"), names(&without)));
    }
    lines
}

fn outcome(imported: &Imported, options: &TextOptions) -> String {
    let files = counted(imported.written.len(), "file");
    match (imported.written.is_empty(), options.is_dry_run) {
        (true, _) => format!("{}: no file changed", imported.edition),
        (false, true) => format!("would change: {files}"),
        (false, false) => format!("changed: {files}. Next: {}", options.next),
    }
}

/// A line cut at spaces to the width of the terminal; what goes on is indented.
fn wrapped(line: &str, indent: usize, width: usize) -> Vec<String> {
    let indent = indent.min(width / 2);
    let mut lines: Vec<String> = Vec::new();
    let (mut current, mut columns) = (String::new(), 0);
    for word in line.split_inclusive(' ') {
        if columns + word.trim_end().chars().count() > width && !current.trim().is_empty() {
            lines.push(current.trim_end().to_owned());
            (current, columns) = (" ".repeat(indent), indent);
        }
        current.push_str(word);
        columns += word.chars().count();
    }
    lines.push(current.trim_end().to_owned());
    lines
}

/// JSON for programs: what the pages say, what is different, and every finding.
#[must_use]
pub fn json(imported: &Imported, diagnostics: &[Diagnostic]) -> String {
    let warnings = imported.warnings();
    let report = Report {
        tables: imported.tables.iter().map(TableJson::of).collect(),
        passed_over: &imported.passed_over,
        diagnostics: diagnostics.iter().chain(&warnings).map(DiagnosticJson::of).collect(),
    };
    // Only maps with other keys than texts cannot be written, and there is none.
    serde_json::to_string(&report).unwrap_or_default()
}

#[derive(Serialize)]
struct Report<'a> {
    tables: Vec<TableJson<'a>>,
    passed_over: &'a [PassedOver],
    diagnostics: Vec<DiagnosticJson<'a>>,
}

#[derive(Serialize)]
struct TableJson<'a> {
    table: &'a str,
    heading: &'a str,
    codes: Vec<CodeJson<'a>>,
    changes: &'a [CodeChange],
}

impl<'a> TableJson<'a> {
    fn of(table: &'a TableReport) -> Self {
        let codes = table.codes.iter().map(CodeJson::of).collect();
        Self { table: &table.table, heading: &table.heading, codes, changes: &table.changes }
    }
}

/// A code as the page shows it.
#[derive(Serialize)]
struct CodeJson<'a> {
    #[serde(flatten)]
    code: &'a PageCode,
    /// A table leaves the usual status out; programs always find one.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Status>,
}

impl<'a> CodeJson<'a> {
    fn of(code: &'a PageCode) -> Self {
        Self { code, status: code.facts.status.is_active().then_some(Status::Active) }
    }
}

#[derive(Serialize)]
struct DiagnosticJson<'a> {
    level: &'static str,
    rule: &'static str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    message: &'a str,
    help: &'a [String],
}

impl<'a> DiagnosticJson<'a> {
    fn of(diagnostic: &'a Diagnostic) -> Self {
        let place = diagnostic.labels.first().map(|label| &label.span);
        Self {
            level: diagnostic.severity.word(),
            rule: diagnostic.rule,
            file: diagnostic.file(),
            line: place.map(Span::line),
            column: place.map(Span::column),
            message: &diagnostic.message,
            help: &diagnostic.help,
        }
    }
}

/// Markdown for the body of a pull request.
#[must_use]
pub fn markdown(imported: &Imported, diagnostics: &[Diagnostic]) -> String {
    let bump = imported.bump().map(|bump| format!("Version: at least {bump}."));
    let mut lines = vec![format!("## {}", escaped(&headline(imported))), String::new()];
    lines.extend(bump.into_iter().flat_map(|bump| [bump, String::new()]));
    let needs = imported.needs();
    if !needs.is_empty() {
        lines.extend([format!("### Needs a person ({})", needs.len()), String::new()]);
        lines.extend(["| Code | Table | What to decide |".to_owned(), "| --- | --- | --- |".to_owned()]);
        lines.extend(needs.iter().map(|need| {
            format!("| {} | {} | {} |", need.number, escaped(&need.table.replace('-', " ")), escaped(&need.message))
        }));
        lines.push(String::new());
    }
    let found: Vec<String> = diagnostics.iter().map(finding).collect();
    if !found.is_empty() {
        lines.extend(["### Findings".to_owned(), String::new()]);
        lines.extend(found);
        lines.push(String::new());
    }
    for table in imported.tables.iter().filter(|table| !table.changes.is_empty()) {
        lines.extend([format!("### {}", escaped(&capitalized(&table.heading))), String::new()]);
        lines.extend(table.changes.iter().map(change_item));
        lines.push(String::new());
    }
    lines.extend(passed_over(imported).iter().map(|line| format!("{}\n", escaped(&capitalized(line)))));
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    let mut text = lines.join("\n");
    text.push('\n');
    text
}

fn change_item(change: &CodeChange) -> String {
    let (number, what) = match change {
        CodeChange::Added { number, name, ident, .. } => {
            let ident = ident.as_deref().map(|ident| format!(" as `{ident}`")).unwrap_or_default();
            (number, format!("added{ident}: {}", escaped(&plain_name(name))))
        }
        CodeChange::Removed { number, name, struck, .. } => {
            let what = if *struck { "struck through" } else { "left the page" };
            (number, format!("{what}: {}", escaped(&plain_name(name))))
        }
        CodeChange::Restored { number, name } => (number, format!("restored: {}", escaped(&plain_name(name)))),
        CodeChange::Changed { number, facts, .. } => {
            (number, facts.iter().map(|fact| escaped(&fact_line(fact))).collect::<Vec<_>>().join("; "))
        }
    };
    format!("- **{number}** {what}")
}

fn finding(diagnostic: &Diagnostic) -> String {
    let place = diagnostic.labels.first().map(|label| format!(" ({}:{})", label.span.file.path, label.span.line()));
    let help = diagnostic.help.first().map(|help| format!(": {help}")).unwrap_or_default();
    let text = format!("{}{}{help}", diagnostic.message, place.unwrap_or_default());
    format!("- {}: {}", diagnostic.severity.word(), escaped(&text))
}

/// A text in which nothing is markup, but for code spans that the message itself has.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut in_code = false;
    let is_balanced = text.matches('`').count().is_multiple_of(2);
    for c in visible(text).chars() {
        match c {
            '`' if is_balanced => {
                in_code = !in_code;
                escaped.push(c);
            }
            '|' => escaped.push_str("\\|"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '#' | '~' | '@' if !in_code => {
                escaped.push('\\');
                escaped.push(c);
            }
            c => escaped.push(c),
        }
    }
    escaped
}
