//! What the columns of a table mean, and how a row is read by them.
//!
//! Takes the headers and some rows of a table, and returns the [`Columns`] by which each row becomes a [`PageRow`]. A cell
//! that is not understood is an error, and never a guess.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::cells::{self, Cell};
use super::direction::{is_way, parse_direction};
use super::facts::is_blank;
use super::numbers::{is_code, parse_code};
use crate::import::Wanted;
use crate::model::{Facts, Key, Kind, Number, Page, Status};
use crate::read::PageRow;
use crate::text::{Diagnostic, SourceFile, Span, Text, folded, quoted};

/// Which column holds what.
pub(super) struct Columns {
    /// How many columns the table has.
    pub count: usize,
    /// The headers of columns that mean nothing here.
    pub unknown: Vec<String>,
    /// The kind that the header of the codes names.
    pub kind: Option<Kind>,
    /// Whether cells are separated by tabs, as a browser copies them.
    pub tabs: bool,
    code: usize,
    name: Option<usize>,
    /// The column of names, where its header says that it is one.
    is_named: Option<usize>,
    sentence: Option<usize>,
    /// The columns of other facts: the key, the header, and the position.
    facts: Vec<(Key, &'static str, usize)>,
    defined: Option<usize>,
    /// Whether names are identifiers of a program, which have no code spans.
    plain_names: bool,
}

const CODE: [&str; 12] = [
    "code",
    "value",
    "opcode",
    "op",
    "op code",
    "close code",
    "http code",
    "status code",
    "error code",
    "reason code",
    "status",
    "number",
];
const MEMBER: [&str; 2] = ["enumeration member", "member"];
const NAME: [&str; 10] =
    ["name", "title", "identifier", "codename", "code name", "constant", "symbol", "reason code name", "reason", "status"];
const SENTENCE: [&str; 6] = ["solution", "explanation", "meaning", "description", "message", "details"];
const UNUSED: [&str; 1] = ["cat"];

/// Whether a line starts with what the column of codes is called.
pub(super) fn begins_header(line: &str) -> bool {
    let first = cells::split(line).into_iter().next();
    first.is_some_and(|cell| CODE.contains(&cells::plain(&line[cell]).to_lowercase().as_str()))
}

/// Whether any header is one of a column of codes.
pub(super) fn has_code_header(headers: &[String]) -> bool {
    headers.iter().any(|header| CODE.contains(&plain_header(header).as_str()))
}

/// The kind of codes that a header names.
fn kind_of_header(header: &str) -> Option<Kind> {
    match header {
        "close code" => Some(Kind::CloseCodes),
        "opcode" | "op" | "op code" => Some(Kind::Opcodes),
        "http code" | "http status" | "status code" => Some(Kind::StatusCodes),
        "error code" => Some(Kind::ErrorCodes),
        _ => None,
    }
}

/// A header in lower case, without a question mark and without a type in parentheses.
fn plain_header(header: &str) -> String {
    let header = header.split_once(" (").map_or(header, |(header, _)| header);
    header.trim().trim_end_matches('?').trim_end().to_lowercase()
}

/// The cells of a line, separated by pipes or by tabs.
pub(super) fn split(line: &str, tabs: bool) -> Vec<Range<usize>> {
    if !tabs {
        return cells::split(line);
    }
    let mut start = 0;
    line.split('\t')
        .map(|cell| {
            let range = start..start + cell.len();
            start = range.end + 1;
            range
        })
        .collect()
}

impl Columns {
    /// Finds the columns by their headers and, where these say nothing, by the first rows.
    pub(super) fn new(headers: &[String], count: usize, tabs: bool, samples: &[Vec<String>], wanted: Option<&Wanted>) -> Self {
        let headers: Vec<String> = headers.iter().map(|header| plain_header(header)).collect();
        let table = Sample { headers: &headers, rows: samples };
        let asked = |header: &Option<String>| header.as_ref().and_then(|header| table.headed(&[&plain_header(header)]).next());
        let code = wanted.and_then(|wanted| asked(&wanted.code)).unwrap_or_else(|| table.code());
        let facts = table.facts(code);
        let has_status = facts.iter().any(|(key, ..)| *key == Key::Http);
        let defined = table.headed(&["defined in"]).next();
        let taken: Vec<usize> = facts.iter().map(|(.., at)| *at).chain(defined).chain([code]).collect();
        let member = table.headed(&MEMBER).next();
        let asked = wanted.and_then(|wanted| asked(&wanted.name)).filter(|at| *at != code);
        let named = asked.or_else(|| table.headed(&NAME).find(|at| *at != code));
        let (name, sentence) = table.texts(member.or(named), &taken);
        let is_known = |at: usize| taken.contains(&at) || name == Some(at) || sentence == Some(at);
        let unknown = headers
            .iter()
            .enumerate()
            .filter(|(at, header)| !is_known(*at) && !header.is_empty() && !UNUSED.contains(&header.as_str()));
        Self {
            count: count.max(headers.len()),
            unknown: unknown.map(|(_, header)| header.clone()).collect(),
            kind: headers.get(code).and_then(|header| kind_of_header(header)).or(has_status.then_some(Kind::ErrorCodes)),
            tabs,
            code,
            name,
            is_named: member.or(named.filter(|at| !["reason", "status"].contains(&headers[*at].as_str()))),
            sentence,
            facts,
            defined,
            plain_names: member.is_some(),
        }
    }

    /// The facts for which there is a column.
    pub(super) fn facts(&self) -> BTreeSet<Key> {
        self.facts.iter().map(|(key, ..)| *key).chain(self.sentence.map(|_| Key::Text)).collect()
    }

    /// The columns of rows that have no code and an HTTP status alone, if the table has one for it.
    pub(super) fn of_status(&self) -> Option<Self> {
        let code = self.facts.iter().find(|(key, ..)| *key == Key::Http)?.2;
        let (unknown, facts) = (Vec::new(), Vec::new());
        Some(Self { code, facts, unknown, kind: Some(Kind::StatusCodes), ..*self })
    }

    /// Whether a row has no code, and the number that these columns read.
    pub(super) fn is_status_alone(&self, of_status: &Self, text: &str) -> bool {
        let cells = self.split(text);
        let plain = |at: usize| cells.get(at).map(|cell| cells::plain(&text[cell.clone()])).unwrap_or_default();
        is_blank(&plain(self.code)) && is_code(&plain(of_status.code))
    }

    /// Whether a row of plain cells has a code where the codes are.
    pub(super) fn has_code(&self, cells: &[String]) -> bool {
        cells.get(self.code).is_some_and(|cell| is_code(cell))
    }

    /// Whether the table lists the members of an enum.
    pub(super) fn is_enum(&self) -> bool {
        self.plain_names
    }

    /// Reads a row: what it says, or why it cannot be read; and what is odd about it.
    pub(super) fn row(&self, page: &Arc<SourceFile>, start: usize, text: &str) -> (Result<PageRow, Diagnostic>, Vec<Diagnostic>) {
        let mut row =
            Row { page, start, text, cells: self.split(text), number: None, unclear: BTreeSet::new(), found: Vec::new() };
        let observed = row.read(self);
        (observed, row.found)
    }

    /// The cells of a row. A row with more cells than its header has an open pipe in its last cell, or in a code span.
    fn split(&self, text: &str) -> Vec<Range<usize>> {
        let mut cells = split(text, self.tabs);
        // In a row that was broken over lines, a pipe at a break ends a cell once, not twice.
        if text.contains('\n') && cells.len() > self.count {
            cells.retain(|cell| !text[cell.clone()].trim().is_empty());
        }
        cells
    }
}

/// The headers of a table and some of its rows, by which its columns are found.
struct Sample<'a> {
    headers: &'a [String],
    rows: &'a [Vec<String>],
}

impl Sample<'_> {
    /// The columns with one of these headers, the best header first.
    fn headed<'a>(&'a self, names: &'a [&str]) -> impl Iterator<Item = usize> + 'a {
        names.iter().filter_map(|name| self.headers.iter().position(|header| header == name))
    }

    /// The cells of a column that say something.
    fn cells(&self, column: usize) -> impl Iterator<Item = &String> {
        self.rows.iter().filter_map(move |row| row.get(column)).filter(|cell| !is_blank(cell))
    }

    /// Whether a column has cells, and each passes a test.
    fn all(&self, column: usize, test: fn(&str) -> bool) -> bool {
        self.cells(column).next().is_some() && self.cells(column).all(|cell| test(cell))
    }

    /// The column of codes. Whatever the headers say, it is one whose cells are codes.
    fn code(&self) -> usize {
        let half = |column: &usize| {
            let codes = self.cells(*column).filter(|cell| is_code(cell)).count();
            codes > 0 && codes * 2 >= self.cells(*column).count()
        };
        let with_codes = self.headed(&CODE).find(half);
        let with_codes = with_codes.or_else(|| (0..self.headers.len()).find(|column| self.all(*column, is_code)));
        with_codes.or_else(|| self.headed(&CODE).next()).unwrap_or(0)
    }

    /// The columns of facts besides that of the codes: of each key by its best header, and of the others that mean it too.
    fn facts(&self, code: usize) -> Vec<(Key, &'static str, usize)> {
        let mut columns = Vec::new();
        for key in Key::ALL {
            let Page::Column { headers: names, .. } = key.about().page else { continue };
            let found = names.iter().filter_map(|name| Some((*key, *name, self.headed(&[*name]).next()?)));
            columns.extend(found.filter(|(.., at)| *at != code));
        }
        // An action is a direction only where it is one: a table of close codes has another kind of actions.
        let is_direction = |at: usize| self.cells(at).any(|cell| parse_direction(&cell.to_lowercase()).is_some());
        columns.retain(|(key, header, at)| *key != Key::Direction || *header != "action" || is_direction(*at));
        columns
    }

    /// The columns of the name and of the sentence, beside those that are taken.
    fn texts(&self, named: Option<usize>, taken: &[usize]) -> (Option<usize>, Option<usize>) {
        let sentences: Vec<usize> = self.headed(&SENTENCE).filter(|at| !taken.contains(at)).collect();
        let mut free = (0..self.headers.len()).filter(|at| !taken.contains(at) && !sentences.contains(at));
        // A column of identifiers beside a sentence is the name, whatever its header.
        let identifiers = || free.clone().find(|at| !sentences.is_empty() && self.all(*at, is_identifier));
        match (named.or_else(identifiers), sentences.as_slice()) {
            (Some(name), sentences) => (Some(name), sentences.first().copied()),
            // Without a column for the name, the shorter of two texts is the name: "Description" beside "Explanation".
            (None, [sentence, name, ..]) => (Some(*name), Some(*sentence)),
            (None, [both]) => (None, Some(*both)),
            (None, []) => (free.find(|at| !self.cells(*at).any(|cell| is_no_name(cell))), None),
        }
    }
}

/// Reads what is in the documented sentence.
pub(in crate::import) fn read_sentence(sentence: Option<&str>, facts: &mut Facts) {
    for key in Key::ALL.iter().filter(|key| key.about().page == Page::Sentence) {
        key.clear(facts);
        if let Some(sentence) = sentence {
            key.read("", sentence, facts);
        }
    }
}

/// A row while it is being read.
struct Row<'a> {
    page: &'a Arc<SourceFile>,
    start: usize,
    text: &'a str,
    cells: Vec<Range<usize>>,
    number: Option<Number>,
    unclear: BTreeSet<Key>,
    found: Vec<Diagnostic>,
}

impl Row<'_> {
    fn read(&mut self, columns: &Columns) -> Result<PageRow, Diagnostic> {
        let code_cell = self.cell(Some(columns.code));
        let Some(code) = parse_code(&code_cell.plain) else { return Err(self.without_code(&code_cell.plain)) };
        self.number = Some(code.number);
        let sentence = self.cell(columns.sentence);
        let name_cell = match (columns.name, &code.name) {
            (Some(_), None) => self.cell(columns.name),
            // The words beside a number are its name; a column of names wins, if that is what its header says.
            (Some(at), Some(_)) if columns.is_named == Some(at) => self.cell(columns.name),
            (_, Some(name)) => Cell { plain: name.clone(), with_code: name.clone(), ..Cell::default() },
            (None, None) => sentence.clone(),
        };
        // A range often has words alone.
        let name_cell =
            if name_cell.plain.is_empty() && matches!(code.number, Number::Range(_)) { sentence.clone() } else { name_cell };
        let is_all_code =
            name_cell.with_code.matches('`').count() == 2 && name_cell.with_code.trim_matches('`') == name_cell.plain;
        let written = if columns.plain_names || is_all_code { &name_cell.plain } else { &name_cell.with_code };
        let (name, mut status) = without_status(written);
        if is_blank(&name) || name.eq_ignore_ascii_case("n/a") {
            return Err(Diagnostic::error("row-without-name", format!("the row of {} has no name", code.number))
                .at(&self.span(), "this row is not read")
                .help("add the name to the page"));
        }
        if code_cell.struck || name_cell.struck && (columns.name.is_some() || columns.sentence.is_some()) {
            // A documentation generator strikes out what the source calls deprecated; the member is still there.
            status = if columns.plain_names { Status::Deprecated } else { Status::Removed };
        }
        self.note_odd_cells(columns, code_cell.footnote || name_cell.footnote);
        let mut facts = Facts::new(code.number, Text::new(name));
        facts.status = status;
        self.read_facts(columns, &mut facts);
        let sentence = Some(sentence.plain).filter(|sentence| !sentence.is_empty());
        read_sentence(sentence.as_deref(), &mut facts);
        let (defined, span) = (self.defined(columns), self.span_of(columns.code));
        Ok(PageRow { facts, sentence, is_alias: false, defined, unclear: std::mem::take(&mut self.unclear), span })
    }

    /// Reads the cells that hold one of a few words. A blank cell says nothing; another word is an error.
    fn read_facts(&mut self, columns: &Columns, facts: &mut Facts) {
        for (key, header, column) in &columns.facts {
            let cell = self.cell(Some(*column)).plain;
            // The best header wins where two mean one key.
            if self.unclear.contains(key)
                || key.get(facts).is_some()
                || key.read(header, &cell.to_lowercase(), facts)
                || is_blank(&cell)
            {
                continue;
            }
            self.unclear.insert(*key);
            key.clear(facts);
            let message = format!("{} is not understood in the column of the {}{}", quoted(&cell), key.noun(), self.of_number());
            let Page::Column { expected, .. } = key.about().page else { continue };
            self.found.push(
                Diagnostic::error("odd-cell", message)
                    .at(&self.span_of(*column), "the fact stays as it is in the table")
                    .help(format!("write {expected} in the page, or correct the table by hand")),
            );
        }
    }

    fn note_odd_cells(&mut self, columns: &Columns, footnote: bool) {
        if self.cells.len() > columns.count {
            let counts = format!("{} cells under {} headers", self.cells.len(), columns.count);
            self.found.push(
                Diagnostic::warning("surplus-cells", format!("more cells than the table has columns{}", self.of_number()))
                    .at(&self.span(), counts)
                    .help("write a `|` inside a cell as `\\|`"),
            );
        }
        if footnote {
            self.found.push(
                Diagnostic::warning("footnote", format!("a footnote{}", self.of_number()))
                    .at(&self.span(), "its mark is not part of the name")
                    .help("read the note below the table; put what matters into `note` or `summary`"),
            );
        }
    }

    fn without_code(&self, cell: &str) -> Diagnostic {
        let what = if cell.is_empty() { "no code".to_owned() } else { format!("the code {}", quoted(cell)) };
        Diagnostic::error("row-without-code", format!("a row with {what}")).at(&self.span(), "this row is not read")
    }

    /// The line of the source, as in `[shared.ts:705](…)`.
    fn defined(&self, columns: &Columns) -> Option<u32> {
        let cell = self.cell(columns.defined).plain;
        cell.rsplit(':').next()?.trim().parse().ok()
    }

    /// The content of a cell; blank if the row or the table does not have it.
    fn cell(&self, column: Option<usize>) -> Cell {
        let range = column.and_then(|column| self.cells.get(column));
        range.map(|range| cells::read(&self.text[range.clone()])).unwrap_or_default()
    }

    fn of_number(&self) -> String {
        self.number.map(|number| format!(", in the row of {number}")).unwrap_or_default()
    }

    fn span(&self) -> Span {
        let line = self.text.lines().next().unwrap_or_default().trim_end();
        Span::new(self.page, self.start..self.start + line.len())
    }

    fn span_of(&self, column: usize) -> Span {
        let Some(range) = self.cells.get(column) else { return self.span() };
        let cell = &self.text[range.clone()];
        let start = self.start + range.start + (cell.len() - cell.trim_start().len());
        Span::new(self.page, start..start + cell.trim().len())
    }
}

/// A name as programs write it: `DISALLOWED_INTENTS`, `DisallowedIntents`, and no word of plain English.
fn is_identifier(cell: &str) -> bool {
    let cell = cell.trim_matches('`');
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let upper = cell.chars().filter(char::is_ascii_uppercase).count();
    cell.len() > 1
        && cell.starts_with(|c: char| c.is_ascii_alphabetic())
        && cell.chars().all(is_word)
        && (upper > 1 || cell.contains('_'))
}

/// Whether a cell is certainly not a name: a direction, or a number.
pub(super) fn is_no_name(cell: &str) -> bool {
    let cell = cell.trim().trim_matches('`').to_lowercase();
    is_code(&cell) || is_way(&cell)
}

/// A name without the word that calls it deprecated, and what that word says.
pub(in crate::import) fn without_status(name: &str) -> (String, Status) {
    for mark in ["(deprecated)", "[deprecated]"] {
        // The marks are ASCII, so that lower case keeps every byte in its place.
        if let Some(at) = name.to_ascii_lowercase().find(mark) {
            let rest = format!("{} {}", &name[..at], &name[at + mark.len()..]);
            return (cells::without_footnote(&folded(&rest)).0, Status::Deprecated);
        }
    }
    (name.to_owned(), Status::Active)
}
