//! The blocks of a page: headings, captions and pipe tables, found line by line.
//!
//! Markdown parsers lose rows of real pages: a component above a heading swallows it, a row broken over two lines ends its
//! table, a scrape has no blank lines. So the lines are read here by simple rules: a separator row makes the line above it a
//! header; a row goes on until its pipes are closed; and a row is never outside of every table.

use std::ops::Range;
use std::sync::Arc;

use super::cells;
use super::columns::{self, Columns};
use super::observe::{ObservedTable, Page, place};
use super::tables::{self, Heading};
use crate::diagnostic::Diagnostic;
use crate::source::SourceFile;

/// One line of a page, without its end.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    start: usize,
}

/// Reads all tables of a page.
pub(super) fn read(page: &Arc<SourceFile>, diagnostics: &mut Vec<Diagnostic>) -> Page {
    let lines = lines(&page.text);
    let mut reader = Reader { page, diagnostics, title: None, headings: Vec::new(), tables: Vec::new(), current: None };
    let mut at = 0;
    let mut fence: Option<&str> = None;
    while let Some(line) = lines.get(at) {
        let trimmed = line.text.trim();
        if let Some(open) = fence {
            if trimmed.starts_with(open) && trimmed.trim_start_matches(&open[..1]).is_empty() {
                fence = None;
            }
            at += 1;
        } else if let Some(open) = fence_of(trimmed) {
            fence = Some(open);
            at += 1;
        } else if at == 0 && trimmed == "---" {
            at = reader.front_matter(&lines);
        } else if let Some((level, text)) = heading(trimmed) {
            reader.heading(level, text, line);
            at += 1;
        } else if is_header(&lines, at) {
            let caption = caption(&lines, at);
            reader.table(&lines[at..], caption);
            at += 2;
        } else if line.text.contains('|') && (reader.current.is_some() || trimmed.starts_with('|')) {
            at = reader.row(&lines, at);
        } else {
            at += 1;
        }
    }
    reader.finish()
}

/// Whether a line is the row of dashes below a header.
pub(super) fn is_separator(line: &str) -> bool {
    let line = line.trim();
    let dashes = |cell: &str| {
        let cell = cell.trim();
        let dashes = cell.strip_prefix(':').unwrap_or(cell);
        let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
        !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
    };
    line.contains('|') && line.contains('-') && line.trim_matches('|').split('|').all(dashes)
}

struct Reader<'a> {
    page: &'a Arc<SourceFile>,
    diagnostics: &'a mut Vec<Diagnostic>,
    title: Option<String>,
    /// The headings that the place read is under, outermost first.
    headings: Vec<Heading>,
    tables: Vec<ObservedTable>,
    current: Option<Current>,
}

/// The table that is being read.
struct Current {
    columns: Option<Columns>,
    /// Its place in `tables`, if it is one of codes.
    table: Option<usize>,
    /// The number of the row before, for saying what a row without a number may be.
    before: Option<u32>,
    /// Whether it lists codes at all.
    is_of_codes: bool,
}

impl Reader<'_> {
    /// Passes over the front matter, and takes the title from it. Returns the line after it.
    fn front_matter(&mut self, lines: &[Line<'_>]) -> usize {
        let Some(end) = lines.iter().skip(1).position(|line| line.text.trim() == "---") else { return 1 };
        for line in &lines[1..=end] {
            if let Some(title) = line.text.strip_prefix("title:") {
                self.title = Some(title.trim().trim_matches(['"', '\'']).to_owned());
            }
        }
        end + 2
    }

    fn heading(&mut self, level: usize, text: &str, line: &Line<'_>) {
        let text = cells::plain(text);
        self.current = None;
        if text.eq_ignore_ascii_case("enumeration members") {
            // An enum page may list its members in a table; the enum is what the heading above names.
            return;
        }
        let text = text.strip_prefix("Enumeration:").map_or(text.as_str(), str::trim_start).to_owned();
        if level == 1 && self.title.is_none() {
            self.title = Some(text.clone());
        }
        self.headings.retain(|heading| heading.level < level);
        let span = place(self.page, line.start, 0..line.text.len());
        self.headings.push(Heading { level, text, span });
    }

    /// Begins the table whose header is the first of some lines.
    fn table(&mut self, lines: &[Line<'_>], caption: Option<Line<'_>>) {
        let [header, separator, rows @ ..] = lines else { return };
        let header_span = place(self.page, header.start, 0..header.text.trim_end().len());
        let count = cells::split(separator.text).len();
        let names: Vec<String> = cells::split(header.text).into_iter().map(|cell| cells::plain(&header.text[cell])).collect();
        let columns = Columns::of(&names, count);
        let first_row = rows.first().filter(|row| row.text.contains('|'));
        let has_codes = first_row.is_none_or(|row| columns.number_of(row.text).is_some());
        if !columns::has_code_header(&names) && !has_codes {
            self.diagnostics.push(
                Diagnostic::warning("not-of-codes", "a table without a column of codes")
                    .at(&header_span, "it is not read")
                    .help("if it lists codes, call their column `Code`"),
            );
            self.current = Some(Current { columns: None, table: None, before: None, is_of_codes: false });
            return;
        }
        let mut path = self.headings.clone();
        if let Some(caption) = caption {
            let span = place(self.page, caption.start, 0..caption.text.len());
            path.push(Heading { level: usize::MAX, text: cells::plain(caption.text), span });
        }
        let Some(heading) = path.last() else {
            self.diagnostics.push(
                Diagnostic::error("table-without-heading", "a table without a heading: nothing says what it lists")
                    .at(&header_span, "its rows are not read")
                    .help("put the heading, such as `###### Gateway Opcodes`, on the line above"),
            );
            self.current = Some(Current { columns: None, table: None, before: None, is_of_codes: true });
            return;
        };
        let form = tables::form_of(&path);
        let index = self.tables.iter().position(|table| table.form.file == form.file).unwrap_or(self.tables.len());
        for unknown in &columns.unknown {
            self.diagnostics.push(
                Diagnostic::warning("unknown-column", format!("the column {} is not read", crate::diagnostic::quoted(unknown)))
                    .at(&header_span, "in this table"),
            );
        }
        if index == self.tables.len() {
            self.tables.push(ObservedTable {
                form,
                title: heading.text.clone(),
                span: heading.span.clone(),
                rows: Vec::new(),
                unread: 0,
            });
        }
        self.current = Some(Current { columns: Some(columns), table: Some(index), before: None, is_of_codes: true });
    }

    /// Reads a row, which may go on over several lines. Returns the line after it.
    fn row(&mut self, lines: &[Line<'_>], at: usize) -> usize {
        let columns = self.current.as_ref().and_then(|current| current.columns.as_ref());
        let end = end_of_row(lines, at, columns.map_or(0, |columns| columns.count));
        let first = lines[at];
        let text = match lines[at..end].last() {
            Some(last) => &self.page.text[first.start..last.start + last.text.len()],
            None => first.text,
        };
        let span = place(self.page, first.start, 0..first.text.trim_end().len());
        if text.trim().chars().all(|c| c == '|' || c.is_whitespace()) {
            return end;
        }
        let Some(current) = &mut self.current else {
            self.diagnostics.push(
                Diagnostic::error("row-without-table", "a row outside of any table")
                    .at(&span, "it is not read")
                    .help("a table begins with a header row and a row of dashes"),
            );
            return end;
        };
        if !current.is_of_codes {
            return end;
        }
        let (Some(columns), Some(table)) = (&current.columns, current.table) else {
            self.diagnostics
                .push(Diagnostic::error("unread-row", "a row of a table that could not be read").at(&span, "it is not read"));
            return end;
        };
        let table = &mut self.tables[table];
        match columns.row(self.page, first.start, text, self.diagnostics) {
            Ok(row) => {
                current.before = Some(row.value.last());
                table.rows.push(row);
            }
            Err(fault) => {
                table.unread += 1;
                let after = lines[end..].iter().find_map(|line| columns.number_of(line.text));
                self.diagnostics.push(unreadable(fault, current.before, after));
            }
        }
        end
    }

    fn finish(self) -> Page {
        let mut tables = self.tables;
        tables.retain(|table| !table.rows.is_empty() || table.unread > 0);
        Page { title: self.title, tables }
    }
}

/// Says which codes a row without a number may have been: those between its neighbours.
fn unreadable(fault: Diagnostic, before: Option<u32>, after: Option<u32>) -> Diagnostic {
    let likely = match (before, after) {
        (Some(before), Some(after)) if before + 1 < after && after - before <= 16 => {
            let codes: Vec<String> = (before + 1..after).map(|code| code.to_string()).collect();
            format!("going by its neighbours {before} and {after}, it may be {}", codes.join(", "))
        }
        (Some(before), Some(after)) => format!("it stands between {before} and {after}"),
        (Some(before), None) => format!("it stands after {before}"),
        (None, Some(after)) => format!("it stands before {after}"),
        (None, None) => "it is the only row of its table".to_owned(),
    };
    fault.help(likely).help("mend the row in the page, or add it to the table by hand")
}

/// The lines of a text. A byte-order mark and carriage returns belong to no line.
fn lines(text: &str) -> Vec<Line<'_>> {
    let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut lines = Vec::new();
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        lines.push(Line { text: line.trim_end_matches(['\n', '\r']), start: at });
        at += line.len();
    }
    lines
}

/// The fence that a line opens, if it does.
fn fence_of(trimmed: &str) -> Option<&str> {
    let mark = trimmed.chars().next().filter(|c| *c == '`' || *c == '~')?;
    let length = trimmed.len() - trimmed.trim_start_matches(mark).len();
    // A row may begin with a code span or with struck text; a fence has nothing but a word after it.
    (length >= 3 && !trimmed[length..].contains(mark) && !trimmed.contains('|')).then(|| &trimmed[..length])
}

fn heading(trimmed: &str) -> Option<(usize, &str)> {
    let level = trimmed.len() - trimmed.trim_start_matches('#').len();
    let text = &trimmed[level..];
    let is_heading = (1..=6).contains(&level) && text.starts_with([' ', '\t']);
    is_heading.then(|| (level, text.trim().trim_end_matches('#').trim()))
}

/// Whether a header row stands here: the line below is a row of dashes.
fn is_header(lines: &[Line<'_>], at: usize) -> bool {
    let (Some(line), Some(next)) = (lines.get(at), lines.get(at + 1)) else { return false };
    // Right below a row only what is called like a header is one: a row of dashes may stand inside a table.
    let below_row = at > 0 && lines[at - 1].text.trim_start().starts_with('|');
    let is_plausible = !below_row || columns::begins_header(line.text);
    line.text.contains('|') && !is_separator(line.text) && is_separator(next.text) && is_plausible
}

/// The line that names a table: the one above its header, if that is bare text directly there.
///
/// Only a scrape has it; elsewhere a blank line or a heading comes first.
fn caption<'a>(lines: &[Line<'a>], header: usize) -> Option<Line<'a>> {
    let line = *lines[..header].last()?;
    let text = line.text.trim();
    let is_bare =
        !text.is_empty() && !text.contains('|') && heading(text).is_none() && !text.starts_with(['<', '>', '`', '~', '!', '{']);
    (is_bare && text.chars().count() <= 80 && !text.ends_with(['.', ':'])).then_some(line)
}

/// The line after a row: the row goes on while its last cell is open and no other row or block begins.
fn end_of_row(lines: &[Line<'_>], at: usize, columns: usize) -> usize {
    let mut end = at + 1;
    let mut seen = cells::split(lines[at].text).len();
    while !is_closed(lines[end - 1].text) {
        let Some(next) = lines.get(end) else { break };
        let text = next.text.trim();
        let only_pipes = !text.is_empty() && text.chars().all(|c| c == '|' || c.is_whitespace());
        let begins_row = text.starts_with('|') && !only_pipes;
        let here: Range<usize> = 0..next.text.len();
        let rest_of_row =
            begins_row && seen < columns && !starts_with_number(text) && seen + cells::split(&next.text[here]).len() <= columns;
        let caption = is_header(lines, end + 1) || is_header(lines, end);
        let block = text.is_empty() || heading(text).is_some() || fence_of(text).is_some() || text.starts_with('<') || caption;
        if block || begins_row && !rest_of_row {
            break;
        }
        if !begins_row && !only_pipes && !is_closed(text) && seen >= columns {
            // Bare text below a row that is complete without a last pipe: a paragraph.
            break;
        }
        seen += cells::split(text).len().saturating_sub(1);
        end += 1;
    }
    end
}

fn is_closed(line: &str) -> bool {
    let line = line.trim_end();
    line.ends_with('|') && !line.ends_with("\\|")
}

fn starts_with_number(row: &str) -> bool {
    row.trim_start_matches(['|', ' ', '\t', '~', '`', '*']).starts_with(|c: char| c.is_ascii_digit())
}
