//! What the columns of a table mean, and how a row is read by them.

use std::ops::Range;
use std::sync::Arc;

use super::cells::{self, Cell};
use super::observe::{ObservedRow, ObservedValue, place};
use crate::diagnostic::{Diagnostic, quoted};
use crate::model::{Direction, Format, Status};
use crate::source::{SourceFile, Span};

/// Which column holds what.
pub(super) struct Columns {
    /// How many columns the table has.
    pub count: usize,
    /// The headers of columns that mean nothing to us.
    pub unknown: Vec<String>,
    code: usize,
    name: Option<usize>,
    sentence: Option<usize>,
    direction: Option<usize>,
    format: Option<usize>,
    binary: Option<usize>,
    reconnect: Option<usize>,
}

const CODE: [&str; 9] = ["code", "value", "opcode", "op", "op code", "close code", "status code", "error code", "status"];
const NAME: [&str; 4] = ["name", "enumeration member", "member", "title"];
const SENTENCE: [&str; 5] = ["explanation", "meaning", "description", "message", "details"];
const DIRECTION: [&str; 4] = ["client action", "action", "sent by", "direction"];
const UNUSED: [&str; 2] = ["defined in", "cat"];

/// Whether a line begins with what the column of codes is called.
pub(super) fn begins_header(line: &str) -> bool {
    let first = cells::split(line).into_iter().next();
    first.is_some_and(|cell| CODE.contains(&cells::plain(&line[cell]).to_lowercase().as_str()))
}

/// Whether any header is one of a column of codes.
pub(super) fn has_code_header(headers: &[String]) -> bool {
    headers.iter().any(|header| CODE.contains(&header.to_lowercase().as_str()))
}

impl Columns {
    /// Finds the columns by their headers. `count` is the number of cells in the row of dashes.
    pub(super) fn of(headers: &[String], count: usize) -> Self {
        let headers: Vec<String> = headers.iter().map(|header| header.to_lowercase()).collect();
        let find = |names: &[&str]| names.iter().find_map(|name| headers.iter().position(|header| header == name));
        let code = find(&CODE).unwrap_or(0);
        let besides = |column: &usize| *column != code;
        let name = find(&NAME).filter(besides);
        let sentences: Vec<usize> =
            SENTENCE.iter().filter_map(|name| headers.iter().position(|header| header == name)).filter(besides).collect();
        // Without a column for the name, the shorter of two texts is the name: "Description" beside "Explanation".
        let (name, sentence) = match (name, sentences.as_slice()) {
            (Some(name), sentences) => (Some(name), sentences.first().copied()),
            (None, [sentence, name, ..]) => (Some(*name), Some(*sentence)),
            (None, [both]) => (None, Some(*both)),
            (None, []) => (headers.len().gt(&1).then_some(usize::from(code == 0)), None),
        };
        let direction = find(&DIRECTION);
        let (format, binary, reconnect) = (find(&["format"]), find(&["binary"]), find(&["reconnect"]));
        let known = [Some(code), name, sentence, direction, format, binary, reconnect];
        let unknown = headers.iter().enumerate().filter(|(column, header)| {
            !known.contains(&Some(*column)) && !header.is_empty() && !UNUSED.contains(&header.as_str())
        });
        let unknown = unknown.map(|(_, header)| header.clone()).collect();
        Self { count: count.max(headers.len()), unknown, code, name, sentence, direction, format, binary, reconnect }
    }

    /// The number of a row, if it has one.
    pub(super) fn number_of(&self, line: &str) -> Option<u32> {
        let cell = self.split(line).get(self.code).cloned()?;
        parse_code(&cells::read(&line[cell]).plain).map(|code| code.value.first())
    }

    /// Reads a row. Odd cells become warnings; a row without a code is an error, which is returned.
    pub(super) fn row(
        &self,
        page: &Arc<SourceFile>,
        start: usize,
        text: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<ObservedRow, Diagnostic> {
        let mut line = RowLine { page, start, text, cells: self.split(text), what: String::new(), diagnostics };
        let code_cell = line.cell(Some(self.code));
        let Some(code) = parse_code(&code_cell.plain) else {
            let shown =
                if code_cell.plain.is_empty() { "no code".to_owned() } else { format!("the code {}", quoted(&code_cell.plain)) };
            return Err(
                Diagnostic::error("row-without-code", format!("a row with {shown}")).at(&line.span(), "this row is not read")
            );
        };
        line.what = format!("in the row of {}", code.value);
        let sentence = line.cell(self.sentence);
        let name_cell = match (self.name, &code.name) {
            (Some(_), _) => line.cell(self.name),
            (None, Some(name)) => Cell { plain: name.clone(), with_code: name.clone(), ..Cell::default() },
            (None, None) => sentence.clone(),
        };
        let (name, mut status) = without_status(&name_cell.with_code);
        if name.is_empty() {
            return Err(Diagnostic::error("row-without-name", format!("the row of {} has no name", code.value))
                .at(&line.span(), "this row is not read"));
        }
        if code_cell.struck || name_cell.struck && self.name.is_some() {
            status = Status::Removed;
        }
        if line.cells.len() > self.count {
            let counts = format!("{} cells under {} headers", line.cells.len(), self.count);
            line.warn(
                "surplus-cells",
                "more cells than the table has columns",
                &line.span(),
                counts,
                "a `|` inside a cell is written `\\|`",
            );
        }
        if code_cell.footnote || name_cell.footnote {
            let help = "read the note below the table; what matters of it goes into `note` or `summary`";
            line.warn("footnote", "a footnote", &line.span(), "its mark is not part of the name", help);
        }
        let format = line.read(self.format, "a format", parse_format);
        let binary = line.read(self.binary, "a mark", parse_mark);
        Ok(ObservedRow {
            value: code.value,
            name,
            sentence: Some(sentence.plain).filter(|sentence| !sentence.is_empty()),
            status,
            direction: line.read(self.direction, "a direction", parse_direction),
            format: format.or(binary).or(self.binary.map(|_| Format::Json)),
            reconnect: line.read(self.reconnect, "an answer to whether to reconnect", parse_answer),
            is_alias: false,
            span: line.span_of(self.code),
        })
    }

    /// The cells of a row. A row with more cells than its header has an open pipe in its last cell, or in a code span.
    fn split(&self, text: &str) -> Vec<Range<usize>> {
        let mut cells = cells::split(text);
        // In a row that was broken over lines, a pipe at a break ends a cell once, not twice.
        if text.contains('\n') && cells.len() > self.count {
            cells.retain(|cell| !text[cell.clone()].trim().is_empty());
        }
        cells
    }
}

/// A row while it is being read.
struct RowLine<'a> {
    page: &'a Arc<SourceFile>,
    start: usize,
    text: &'a str,
    cells: Vec<Range<usize>>,
    /// Which row it is, in words.
    what: String,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl RowLine<'_> {
    /// What a cell says; nothing if the row or the table does not have it.
    fn cell(&self, column: Option<usize>) -> Cell {
        let range = column.and_then(|column| self.cells.get(column));
        range.map(|range| cells::read(&self.text[range.clone()])).unwrap_or_default()
    }

    /// Reads a cell that holds one of a few words. An empty cell says nothing; another word is odd.
    fn read<T>(&mut self, column: Option<usize>, expected: &str, parse: fn(&str) -> Option<T>) -> Option<T> {
        let said = self.cell(column).plain;
        let parsed = parse(&said.to_lowercase());
        if let (None, Some(column), false) = (&parsed, column, said.is_empty()) {
            let message = format!("{} is not {expected}", quoted(&said));
            self.warn("odd-cell", &message, &self.span_of(column), "it is not read", "mend the page, or add the key by hand");
        }
        parsed
    }

    fn warn(&mut self, rule: &'static str, message: &str, span: &Span, label: impl Into<String>, help: &str) {
        self.diagnostics.push(Diagnostic::warning(rule, format!("{message}, {}", self.what)).at(span, label).help(help));
    }

    fn span(&self) -> Span {
        place(self.page, self.start, 0..self.text.lines().next().unwrap_or_default().trim_end().len())
    }

    fn span_of(&self, column: usize) -> Span {
        match self.cells.get(column) {
            Some(range) => place(self.page, self.start, trimmed(self.text, range.clone())),
            None => self.span(),
        }
    }
}

/// A code cell: the number or range, and the name that stands in the same cell.
struct CodeCell {
    value: ObservedValue,
    name: Option<String>,
}

/// Reads `4000`, `204 (NO CONTENT)`, `5xx (SERVER ERROR)`, `4000-4999`.
fn parse_code(text: &str) -> Option<CodeCell> {
    let text = text.trim().trim_matches('`');
    let (number, name) = match text.split_once('(') {
        Some((number, name)) => (number.trim(), Some(name.trim_end().trim_end_matches(')').trim().to_owned())),
        None => (text, None),
    };
    let value = parse_value(number)?;
    Some(CodeCell { value, name: name.filter(|name| !name.is_empty()) })
}

fn parse_value(text: &str) -> Option<ObservedValue> {
    if let Some(value) = digits(text) {
        return Some(ObservedValue::Value(value));
    }
    let lower = text.to_ascii_lowercase();
    let stem = lower.trim_end_matches('x');
    let places = u32::try_from(lower.len() - stem.len()).ok()?;
    if let (1..=4, Some(stem)) = (places, digits(stem)) {
        let size = 10_u32.pow(places);
        let first = stem.checked_mul(size)?;
        return Some(ObservedValue::Range([first, first.checked_add(size - 1)?]));
    }
    let (first, last) = text.split_once(['-', '–', '—', '‑'])?;
    let (first, last) = (digits(first.trim())?, digits(last.trim())?);
    (first < last).then_some(ObservedValue::Range([first, last]))
}

fn digits(text: &str) -> Option<u32> {
    let all_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| text.parse().ok()).flatten()
}

fn parse_format(text: &str) -> Option<Format> {
    match text {
        "json" => Some(Format::Json),
        "binary" => Some(Format::Binary),
        _ => None,
    }
}

/// Reads a column of marks: those that are marked are binary.
fn parse_mark(text: &str) -> Option<Format> {
    match text {
        "x" | "yes" | "true" | "✓" | "✔" => Some(Format::Binary),
        "no" | "false" => Some(Format::Json),
        _ => None,
    }
}

fn parse_answer(text: &str) -> Option<bool> {
    match text {
        "true" | "yes" => Some(true),
        "false" | "no" => Some(false),
        _ => None,
    }
}

fn parse_direction(text: &str) -> Option<Direction> {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).collect();
    let has = |names: &[&str]| words.iter().any(|word| names.contains(word));
    let sends = has(&["send", "sends", "sent", "client", "both"]);
    let receives = has(&["receive", "receives", "received", "server", "both"]);
    match (sends, receives) {
        (true, true) => Some(Direction::Both),
        (true, false) => Some(Direction::Send),
        (false, true) => Some(Direction::Receive),
        (false, false) => None,
    }
}

/// A name without the word that calls it deprecated, and what that word says.
pub(super) fn without_status(name: &str) -> (String, Status) {
    for mark in ["(deprecated)", "[deprecated]"] {
        // The marks are ASCII, so that lower case keeps every byte in its place.
        if let Some(at) = name.to_ascii_lowercase().find(mark) {
            let rest = format!("{} {}", &name[..at], &name[at + mark.len()..]);
            return (cells::without_footnote(&cells::folded(&rest)).0, Status::Deprecated);
        }
    }
    (name.to_owned(), Status::Active)
}

/// A range without the white space at its ends.
fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let cell = &text[range.clone()];
    let start = range.start + (cell.len() - cell.trim_start().len());
    start..start + cell.trim().len()
}
