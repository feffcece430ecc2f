//! The blocks of a page: headings, captions and tables, found line by line.
//!
//! Markdown parsers lose rows of real pages: a component above a heading swallows it, a row broken over two lines ends its
//! table, a scrape has no blank lines. So the lines are read here by simple rules: a row of dashes makes the line above it a
//! header; a row goes on until its pipes are closed; and a row is never outside of every table without an error.

use std::ops::Range;
use std::sync::Arc;

use super::asides::Aside;
use super::cells;
use super::columns::{self, Columns, split};
use super::html::{self, HtmlTable};
use super::lines::{Heading, Headings, Line, caption, end_of_row, heading, is_caption, is_header, is_tab_header, lines};
use super::numbers::is_code;
use super::rows::RowText;
use crate::import::Wanted;
use crate::import::headings::kind_of;
use crate::model::Key;
use crate::read::{Page, PageTable};
use crate::text::{Diagnostic, SourceFile, Span, counted, normalized_name, quoted, quoted_list};

/// Reads all tables of a page.
pub(in crate::import) fn read(source: &Arc<SourceFile>, wanted: &[Wanted]) -> (Page, Vec<Diagnostic>) {
    let mut lines = lines(&source.text);
    let mut reader = Reader {
        source,
        wanted,
        page: Page::new(source),
        diagnostics: Vec::new(),
        headings: Headings::default(),
        current: None,
        aside: None,
    };
    let mut at = 0;
    while at < lines.len() {
        at = reader.block(&mut lines, at);
    }
    reader.finish()
}

pub(super) struct Reader<'a> {
    pub(super) source: &'a Arc<SourceFile>,
    /// The tables that are asked for.
    wanted: &'a [Wanted],
    pub(super) page: Page,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// The headings around the line that is read, the outermost first.
    headings: Headings,
    pub(super) current: Option<Current>,
    pub(super) aside: Option<Aside>,
}

/// How a table is drawn: the cells in its row of dashes, and whether tabs separate cells.
#[derive(Clone, Copy)]
struct Drawn {
    count: usize,
    tabs: bool,
}

/// The table that is being read.
pub(super) struct Current {
    pub(super) columns: Columns,
    /// Its position in the page, if it lists codes.
    pub(super) table: Option<usize>,
    /// Its rows that have an HTTP status and no code are a table of their own: its columns, and its position once it is there.
    statuses: Option<(Columns, Option<usize>)>,
    /// The last number that was read.
    before: Option<u32>,
    /// The rows since then that could not be read: the next number says what they may have been.
    pending: Vec<Diagnostic>,
}

impl Reader<'_> {
    /// Reads what starts at a line. Returns the line after it.
    fn block(&mut self, lines: &mut [Line<'_>], at: usize) -> usize {
        let line = &lines[at];
        let trimmed = line.text.trim();
        if self.is_aside(line) {
            return at + 1;
        }
        if at == 0 && trimmed == "---" {
            return self.front_matter(lines);
        }
        if let Some((level, text)) = heading(trimmed) {
            self.heading(level, text, line);
            return at + 1;
        }
        if is_header(lines, at) {
            let caption = caption(lines, at).or_else(|| self.kind_above(lines, at));
            self.drawn_table(&lines[at], &lines[at + 2..], cells::split(lines[at + 1].text).len(), caption);
            return at + 2;
        }
        if is_tab_header(lines, at) {
            let caption = lines[..at].iter().rev().find(|line| !line.text.trim().is_empty()).copied();
            self.drawn_table(line, &lines[at + 1..], 0, caption.filter(|line| is_caption(line.text)));
            return at + 1;
        }
        if let Some(begin) = html::begins(line.text) {
            let table = html::read(&self.source.text, &lines[at..], line.start + begin);
            let last = at + lines[at..].iter().take_while(|line| line.start + line.text.len() < table.range.end).count();
            if let Some(line) = lines.get_mut(last) {
                // What is behind the table is a line of its own.
                line.text = &line.text[table.range.end - line.start..];
                line.start = table.range.end;
            }
            self.html_table(&table);
            return last;
        }
        self.other(lines, at)
    }

    /// The line above a table that names a kind of codes, such as bold words, where its heading has a table already.
    fn kind_above<'l>(&self, lines: &[Line<'l>], header: usize) -> Option<Line<'l>> {
        let heading = &self.headings.0.last()?.span;
        let is_second = self.page.tables.last().is_some_and(|table| table.span.line() == heading.line());
        let above = lines[..header].iter().rev().find(|line| !line.text.trim().is_empty()).copied();
        above.filter(|line| is_second && is_caption(line.text) && kind_of(&cells::plain(line.text)).is_some())
    }

    /// Reads an HTML table, if it is plain.
    fn html_table(&mut self, table: &HtmlTable) {
        for comment in &table.comments {
            self.note_html_rows(comment.clone());
        }
        if let Some(fault) = table.fault {
            return self.unread_table(table, fault);
        }
        let text = self.source.text.as_str();
        let plain = |cell: &Range<usize>| cells::plain(&text[cell.clone()]);
        let [(header, names), rows @ ..] = table.rows.as_slice() else { return };
        let names: Vec<String> = names.iter().map(plain).collect();
        let samples: Vec<Vec<String>> = rows.iter().take(SAMPLES).map(|(_, cells)| cells.iter().map(plain).collect()).collect();
        let span = Span::new(self.source, header.clone());
        self.table(&names, samples, Drawn { count: names.len(), tabs: false }, None, &span);
        let rows = if self.has_lost_header(&names) { table.rows.as_slice() } else { rows };
        for (row, cells) in rows {
            let cells = cells.iter().map(|cell| cell.start - row.start..cell.end - row.start).collect();
            self.row(&RowText { start: row.start, text: &text[row.clone()], cells });
        }
        self.end_table();
    }

    /// An HTML table of codes that is not read: a table of rows that are not read.
    fn unread_table(&mut self, table: &HtmlTable, fault: &str) {
        self.end_table();
        let unread = self.source.text[table.range.clone()].split(['<', '>']).filter(|text| is_code(text)).count();
        if unread == 0 {
            return;
        }
        self.note_html_rows(table.range.clone());
        let span = Span::new(self.source, table.range.start..table.range.start + "<table".len());
        let (heading, place) = self.heading_of(None, &span);
        self.diagnostics.push(
            Diagnostic::warning("html-table", format!("the HTML table under {} is not read", quoted(&heading)))
                .at(&span, fault)
                .help("only plain HTML tables are read: write it as a table of Markdown"),
        );
        let (outer, columns) = (self.headings.around(&heading), Key::ALL.iter().copied().collect());
        self.page.tables.push(PageTable { unread, ..PageTable::new(heading, outer, place, columns, false) });
    }

    /// Whether the table has a row in the place of its header.
    fn has_lost_header(&self, names: &[String]) -> bool {
        let is_of_codes = self.current.as_ref().is_some_and(|current| current.table.is_some());
        is_of_codes && names.iter().any(|name| is_code(name))
    }

    /// Starts a table that is drawn with pipes or tabs, at its header. `count` is the number of cells in its row of dashes.
    fn drawn_table(&mut self, header: &Line<'_>, rows: &[Line<'_>], count: usize, caption: Option<Line<'_>>) {
        let tabs = !header.text.contains('|');
        let cells_of =
            |line: &str| -> Vec<String> { split(line, tabs).into_iter().map(|cell| cells::plain(&line[cell])).collect() };
        let names = cells_of(header.text);
        let rows_of_table = rows.iter().take_while(|row| row.text.contains(if tabs { '\t' } else { '|' }));
        let samples: Vec<Vec<String>> = rows_of_table.take(SAMPLES).map(|row| cells_of(row.text)).collect();
        self.table(&names, samples, Drawn { count, tabs }, caption, &header.span(self.source));
        if self.has_lost_header(&names) {
            self.text_row(header.start, header.text);
        }
    }

    /// A row of a table, or text.
    fn other(&mut self, lines: &[Line<'_>], at: usize) -> usize {
        let line = &lines[at];
        match &self.current {
            Some(current) if current.columns.tabs => {
                if line.text.contains('\t') {
                    self.text_row(line.start, line.text);
                } else if !line.text.trim().is_empty() {
                    self.end_table();
                }
                at + 1
            }
            current if line.text.contains('|') && (current.is_some() || line.text.trim().starts_with('|')) => {
                let end = end_of_row(lines, at, current.as_ref().map_or(0, |current| current.columns.count));
                let last = lines[end - 1];
                self.text_row(line.start, &self.source.text[line.start..last.start + last.text.len()]);
                end
            }
            _ => at + 1,
        }
    }

    /// Passes over the front matter, and takes the title from it. Returns the line after it. What has a row of a table is none.
    fn front_matter(&mut self, lines: &[Line<'_>]) -> usize {
        let Some(end) = lines.iter().skip(1).position(|line| line.text.trim() == "---") else { return 1 };
        let has_rows = (1..=end).any(|at| {
            let line = lines[at].text.trim_start();
            line.starts_with('|') || html::begins(line).is_some() || is_header(lines, at) || is_tab_header(lines, at)
        });
        for line in &lines[1..=end] {
            if let Some(title) = line.text.strip_prefix("title:") {
                self.page.title = Some(title.trim().trim_matches(['"', '\'']).to_owned());
            }
        }
        if has_rows { 1 } else { end + 2 }
    }

    fn heading(&mut self, level: usize, text: &str, line: &Line<'_>) {
        let text = cells::plain(text);
        self.end_table();
        if text.eq_ignore_ascii_case("enumeration members") || text.eq_ignore_ascii_case("type declaration") {
            // An enum page may list its members in a table; the enum is what the heading above names.
            return;
        }
        let text = ["Enumeration:", "Enum:", "Variable:"]
            .iter()
            .find_map(|mark| text.strip_prefix(mark))
            .map_or(text.as_str(), str::trim_start)
            .to_owned();
        if level == 1 && self.page.title.is_none() {
            self.page.title = Some(text.clone());
        }
        self.headings.push(Heading { level, text, span: line.span(self.source) });
    }

    /// Starts a table with these headers, of whose rows some are known.
    fn table(&mut self, names: &[String], samples: Vec<Vec<String>>, drawn: Drawn, caption: Option<Line<'_>>, span: &Span) {
        self.end_table();
        let heading = self.captioned_above(caption, names).unwrap_or_else(|| self.heading_of(caption, span));
        let wanted = self.wanted.iter().find(|wanted| normalized_name(&wanted.heading) == normalized_name(&heading.0));
        // A header with a code is a row, whose header was lost.
        let header = (names.len() > 1 && names.iter().any(|name| is_code(name))).then(|| names.to_vec());
        let samples: Vec<Vec<String>> = header.into_iter().chain(samples).collect();
        let columns = Columns::new(names, drawn.count, drawn.tabs, &samples, wanted);
        let has_codes = samples.is_empty() || samples.iter().any(|row| row.iter().any(|cell| is_code(cell)));
        let has_code_column = columns::has_code_header(names) || samples.iter().any(|row| columns.has_code(row));
        let mut table = None;
        if has_code_column && (has_codes || !heading.0.is_empty()) {
            table = Some(self.page.tables.len());
            let mut findings = unknown_columns(&columns, span);
            findings.extend(wanted.into_iter().flat_map(|wanted| no_such_columns(wanted, names, span)));
            self.page.tables.push(PageTable { findings, headers: names.to_vec(), ..self.new_table(heading, &columns) });
        } else {
            self.page.without_codes.push(heading.0);
        }
        let statuses = columns.of_status().map(|columns| (columns, None));
        self.current = Some(Current { columns, table, statuses, before: None, pending: Vec::new() });
    }

    /// The caption of the table above, where one without a caption has its columns: it is the rest of that table.
    fn captioned_above(&self, caption: Option<Line<'_>>, names: &[String]) -> Option<(String, Span)> {
        let above = self.page.tables.last().filter(|above| caption.is_none() && above.headers == names)?;
        let is_captioned = self.headings.0.last().is_none_or(|heading| above.span.line() > heading.span.line());
        is_captioned.then(|| (above.heading.clone(), above.span.clone()))
    }

    /// The heading of a table: its caption, the last heading above it, or the title of the page.
    fn heading_of(&self, caption: Option<Line<'_>>, table: &Span) -> (String, Span) {
        match (caption, self.headings.0.last()) {
            (Some(caption), _) => (cells::plain(caption.text), caption.span(self.source)),
            (None, Some(heading)) => (heading.text.clone(), heading.span.clone()),
            (None, None) => (self.page.title.clone().unwrap_or_default(), table.clone()),
        }
    }

    fn new_table(&self, (heading, span): (String, Span), columns: &Columns) -> PageTable {
        let outer = self.headings.around(&heading);
        PageTable { kind: columns.kind, ..PageTable::new(heading, outer, span, columns.facts(), columns.is_enum()) }
    }

    /// Reads a row that is drawn with pipes or tabs, which may go on over several lines.
    fn text_row(&mut self, start: usize, text: &str) {
        if text.trim().chars().all(|c| c == '|' || c.is_whitespace()) {
            return;
        }
        let Some(current) = &self.current else {
            self.note_row(text, start);
            let line = text.lines().next().unwrap_or_default();
            self.diagnostics.push(
                Diagnostic::error("row-without-table", "a row outside of any table")
                    .at(&Span::new(self.source, start..start + line.len()), "it is not read")
                    .help("start a table with a header row and a row of dashes"),
            );
            return;
        };
        let cells = current.columns.split(text);
        self.row(&RowText { start, text, cells });
    }

    /// Reads a row of the table. One of an error that has an HTTP status and no code belongs to a table of statuses under the same
    /// heading.
    fn row(&mut self, line: &RowText<'_>) {
        let Some(current) = &mut self.current else { return };
        let Some(own) = current.table else { return };
        let status = current.statuses.as_mut().filter(|(of_status, _)| current.columns.is_status_alone(of_status, line));
        let (columns, position) = match status {
            Some((columns, at)) => {
                let at = *at.get_or_insert_with(|| {
                    let PageTable { heading, outer, span, .. } = self.page.tables[own].clone();
                    let table = PageTable::new(heading, outer, span, columns.facts(), false);
                    self.page.tables.push(PageTable { kind: columns.kind, ..table });
                    self.page.tables.len() - 1
                });
                (&*columns, at)
            }
            None => (&current.columns, own),
        };
        let table = &mut self.page.tables[position];
        let (row, mut found) = columns.row(self.source, line);
        table.findings.append(&mut found);
        match row {
            Ok(row) if position != own => table.rows.push(row),
            Ok(row) => {
                let first = row.facts.number.first();
                let faults = std::mem::take(&mut current.pending).into_iter();
                table.findings.extend(faults.map(|fault| likely(fault, current.before, Some(first))));
                current.before = Some(row.facts.number.last());
                table.rows.push(row);
            }
            Err(fault) => {
                table.unread += 1;
                current.pending.push(fault);
                self.note_row(line.text, line.start);
            }
        }
    }

    fn end_table(&mut self) {
        if let Some(Current { before, pending, table: Some(table), .. }) = self.current.take() {
            self.page.tables[table].findings.extend(pending.into_iter().map(|fault| likely(fault, before, None)));
        }
    }

    fn finish(mut self) -> (Page, Vec<Diagnostic>) {
        self.end_table();
        self.open_aside();
        self.page.tables.retain(|table| !table.rows.is_empty() || table.unread > 0);
        (self.page, self.diagnostics)
    }
}

/// The columns that are asked for and are not there.
fn no_such_columns(wanted: &Wanted, headers: &[String], span: &Span) -> Vec<Diagnostic> {
    let asked = [("code", &wanted.code), ("name", &wanted.name)];
    let asked = asked.into_iter().filter_map(|(key, header)| Some((key, header.as_ref()?)));
    let absent = asked.filter(|(_, header)| !headers.iter().any(|known| normalized_name(known) == normalized_name(header)));
    let names: Vec<&str> = headers.iter().map(String::as_str).collect();
    let finding = |(key, header): (&str, &String)| {
        Diagnostic::error("no-such-column", format!("the table {} has no column {}", quoted(&wanted.heading), quoted(header)))
            .at(span, "in this table")
            .help(format!("its columns are {}; write one of them as `{key}=…`", quoted_list(&names, "and")))
    };
    absent.map(finding).collect()
}

fn unknown_columns(columns: &Columns, span: &Span) -> Vec<Diagnostic> {
    let unknown = columns.unknown.iter().map(|unknown| {
        Diagnostic::warning("unknown-column", format!("the column {} is not read", quoted(unknown))).at(span, "in this table")
    });
    unknown.collect()
}

/// How many rows are looked at to find out what a column holds.
const SAMPLES: usize = 20;

pub(super) fn rows_are(count: usize) -> String {
    format!("{} {}", counted(count, "row"), if count == 1 { "is" } else { "are" })
}

/// Says which codes a row without a number may have been: those between its neighbours.
fn likely(fault: Diagnostic, before: Option<u32>, after: Option<u32>) -> Diagnostic {
    const MOST: u32 = 16;
    let likely = match (before, after) {
        (Some(before), Some(after)) if after > before && after - before > 1 && after - before <= MOST => {
            let codes: Vec<String> = (before + 1..after).map(|code| code.to_string()).collect();
            format!("by its neighbours {before} and {after}, it may be {}", codes.join(", "))
        }
        (Some(before), Some(after)) => format!("it is between {before} and {after}"),
        (Some(before), None) => format!("it is after {before}"),
        (None, Some(after)) => format!("it is before {after}"),
        (None, None) => "no row of its table has a code".to_owned(),
    };
    fault.help(likely).help("correct the row in the page, or add it to the table by hand")
}
