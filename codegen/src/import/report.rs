//! An import in words, and as JSON for programs: what differs, what was not read, and what is to review.

use schemars::JsonSchema;
use serde::Serialize;

use super::outcome::{Imported, Review, TableReport};
use super::target::{PassedOver, Reason};
use crate::diff::Difference;
use crate::model::Number;
use crate::print::{self, Report};
use crate::text::{Diagnostic, Span, counted, visible};

/// The warnings of import that say what it did not read.
const NOT_READ: [&str; 10] = [
    "contradicting-rows",
    "cannot-tell",
    "html-table",
    "lost-column",
    "rows-in-code",
    "rows-in-comment",
    "split-table",
    "table-not-on-page",
    "unknown-column",
    "unknown-table",
];

impl Imported {
    /// Whether the tables say what the pages say, and nothing of the pages was left out.
    #[must_use]
    pub fn is_up_to_date(&self, diagnostics: &[Diagnostic]) -> bool {
        let is_refused = self.tables.iter().any(|table| table.is_refused);
        let is_whole = !self.tables.is_empty() && !is_refused && !diagnostics.iter().any(is_not_read);
        is_whole && self.written.is_empty() && self.review.is_empty()
    }

    /// Whether something of the pages was not read that the tables are about. A column that no table ever had is only named.
    #[must_use]
    pub fn is_incomplete(diagnostics: &[Diagnostic]) -> bool {
        diagnostics.iter().any(|found| is_not_read(found) && found.rule != "unknown-column")
    }

    /// It in words: what differs, what was not read, and what is to review. `next` is the command that comes next, if
    /// one does; nothing where nothing was to be written.
    #[must_use]
    pub fn report(&self, diagnostics: &[Diagnostic], next: Option<&str>) -> Report {
        if self.is_up_to_date(diagnostics) {
            let summary = "up to date".to_owned();
            return Report { title: title(self), summary, closing: passed_over(self), ..Report::default() };
        }
        let (not_read, odd): (Vec<&Diagnostic>, Vec<&Diagnostic>) = diagnostics.iter().partition(|found| is_not_read(found));
        let mut sections = self.comparison.report().sections;
        sections.push(section("not read", not_read.into_iter().map(finding).collect()));
        sections.push(section("to review", self.review.iter().map(review).chain(odd.into_iter().map(finding)).collect()));
        sections.retain(|section| !section.rows.is_empty());
        let is_same = self.written.is_empty();
        let summary = if is_same { "no file changed".to_owned() } else { self.comparison.summary() };
        let closing = passed_over(self).into_iter().chain((!is_same).then(|| outcome(self, next))).collect();
        Report { title: title(self), summary, sections, closing }
    }

    /// It as a document for programs.
    #[must_use]
    pub fn json<'a>(&'a self, diagnostics: &'a [Diagnostic]) -> ImportJson<'a> {
        let found = diagnostics.iter().filter(|found| is_not_read(found));
        let found = found.map(|found| NotReadJson { rule: found.rule, what: &found.message, rows: None });
        let skipped = self.passed_over.iter().filter(|table| table.reason == Reason::NotAskedFor);
        ImportJson {
            tables: &self.tables,
            changes: &self.comparison.differences,
            not_read: found
                .chain(skipped.map(|table| NotReadJson { rule: "skipped-table", what: &table.heading, rows: Some(table.rows) }))
                .collect(),
            to_review: self.review.iter().map(ReviewJson::new).collect(),
            diagnostics: diagnostics.iter().map(DiagnosticJson::new).collect(),
        }
    }
}

/// The edition, the page, and when it was read.
fn title(imported: &Imported) -> String {
    let pages: Vec<&str> = imported.pages.iter().map(|page| page.rsplit('/').next().unwrap_or(page)).collect();
    let provenance: Vec<String> =
        imported.date.iter().map(ToString::to_string).chain(imported.revision.iter().map(|revision| visible(revision))).collect();
    let provenance = if provenance.is_empty() { String::new() } else { format!(" ({})", provenance.join(", ")) };
    format!("{} ← {}{provenance}", imported.edition, pages.join(", "))
}

fn is_not_read(found: &Diagnostic) -> bool {
    found.is_error() || NOT_READ.contains(&found.rule)
}

fn section(title: &str, rows: Vec<print::Row>) -> print::Section {
    print::Section { title: format!("{title} ({})", rows.len()), is_folded: false, rows }
}

fn finding(found: &Diagnostic) -> print::Row {
    let help = found.help.first().map(|help| format!(": {help}")).unwrap_or_default();
    print::Row {
        kind: found.rule,
        values: [None, Some(format!("{}{help}{}", found.message, place(found)))],
        places: [None, found.labels.first().map(|label| label.span.clone())],
        ..print::Row::default()
    }
}

/// Where it is, for readers of the report elsewhere.
fn place(found: &Diagnostic) -> String {
    let line = found.labels.first().map(|label| format!(":{}", label.span.line())).unwrap_or_default();
    found.file().map(|file| format!(" ({}{line})", visible(file))).unwrap_or_default()
}

fn review(review: &Review) -> print::Row {
    print::Row {
        kind: review.rule,
        subject: format!("{} {}", review.number, review.table.replace('-', " ")),
        values: [None, Some(review.message.clone())],
        places: [None, Some(review.span.clone())],
        ..print::Row::default()
    }
}

/// One line for each reason to pass over tables.
fn passed_over(imported: &Imported) -> Vec<String> {
    const MOST: usize = 12;
    let line = |tables: &[&PassedOver], what: &str| {
        let mut names: Vec<String> = tables.iter().take(MOST).map(|table| format!("\"{}\"", visible(&table.heading))).collect();
        names.extend((tables.len() > MOST).then(|| "…".to_owned()));
        (!tables.is_empty()).then(|| what.replace("COUNT", &counted(tables.len(), "table")).replace("NAMES", &names.join(", ")))
    };
    let without: Vec<_> = imported.passed_over.iter().filter(|table| table.reason == Reason::WithoutCodes).collect();
    let ignored: Vec<_> = imported.ignored.iter().filter(|_| !imported.written.is_empty()).collect();
    let without = line(&without, "skipped: COUNT without codes (NAMES)");
    without.into_iter().chain(line(&ignored, "left out, and listed under `ignore` in `sources.toml`: COUNT (NAMES)")).collect()
}

fn outcome(imported: &Imported, next: Option<&str>) -> String {
    let files = counted(imported.written.len(), "file");
    match next {
        None => format!("would change: {files}"),
        Some("") => format!("changed: {files}"),
        Some(next) => format!("changed: {files}. Next: {next}"),
    }
}

/// The output of `import --format json`.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "import", inline)]
pub struct ImportJson<'a> {
    /// What the pages say, table by table.
    tables: &'a [TableReport],
    /// What differs between the tables before and after, as `diff` prints it.
    changes: &'a [Difference],
    /// What was not read.
    not_read: Vec<NotReadJson<'a>>,
    /// What is to review.
    to_review: Vec<ReviewJson<'a>>,
    /// Every finding, with its place.
    diagnostics: Vec<DiagnosticJson<'a>>,
}

/// What was not read.
#[derive(Serialize, JsonSchema)]
struct NotReadJson<'a> {
    rule: &'static str,
    what: &'a str,
    /// How many rows with numbers a table has that was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    rows: Option<usize>,
}

#[derive(Serialize, JsonSchema)]
struct ReviewJson<'a> {
    rule: &'static str,
    table: &'a str,
    #[serde(flatten)]
    number: Number,
    message: &'a str,
    file: &'a str,
    line: usize,
    column: usize,
}

impl<'a> ReviewJson<'a> {
    fn new(review: &'a Review) -> Self {
        let Review { rule, table, number, message, span } = review;
        Self { rule, table, number: *number, message, file: &span.file.path, line: span.line(), column: span.column() }
    }
}

#[derive(Serialize, JsonSchema)]
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
    fn new(diagnostic: &'a Diagnostic) -> Self {
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
