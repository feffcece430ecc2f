//! What the columns of a table mean.
//!
//! Takes the headers and some rows of a table, and returns the [`Columns`] by which each row is read.

use std::collections::BTreeSet;
use std::ops::Range;

use super::cells;
use super::direction::{is_way, parse_direction};
use super::facts::is_blank;
use super::numbers::is_code;
use super::rows::{RowText, without_status};
use crate::import::Wanted;
use crate::model::{Key, Kind, Page};

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
    pub(super) code: usize,
    pub(super) name: Option<usize>,
    /// The column of names, where its header says that it is one.
    pub(super) is_named: Option<usize>,
    pub(super) sentence: Option<usize>,
    /// The columns of other facts: the key, the header, and the position.
    pub(super) facts: Vec<(Key, &'static str, usize)>,
    pub(super) defined: Option<usize>,
    /// Whether names are identifiers of a program, which have no code spans.
    pub(super) plain_names: bool,
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
const SENTENCE: [&str; 6] = ["solution", "explanation", "details", "description", "meaning", "message"];
const UNUSED: [&str; 1] = ["cat"];
/// Columns of texts about a code that are no names.
const NO_NAME: [&str; 4] = ["since", "version", "reference", "notes"];

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
        let written = headers;
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
            unknown: unknown.map(|(at, _)| written[at].clone()).collect(),
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
    pub(super) fn is_status_alone(&self, of_status: &Self, RowText { text, cells, .. }: &RowText<'_>) -> bool {
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

    /// The cells of a row. A row with more cells than its header has an open pipe in its last cell, or in a code span.
    pub(super) fn split(&self, text: &str) -> Vec<Range<usize>> {
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
        let identifiers =
            || free.clone().find(|at| !sentences.is_empty() && self.all(*at, |cell| is_identifier(&without_status(cell).0)));
        match (named.or_else(identifiers), sentences.as_slice()) {
            (Some(name), []) => {
                let mut others = free.filter(|at| *at != name && self.length(*at) > self.length(name));
                (Some(name), others.find(|at| !self.cells(*at).any(|cell| is_no_name(cell))))
            }
            (Some(name), [sentence, ..]) => (Some(name), Some(*sentence)),
            // Without a column for the name, the shorter of two texts is the name: "Description" beside "Explanation".
            (None, [sentence, name, ..]) => (Some(*name), Some(*sentence)),
            // A sentence is the name only where no shorter text is between it and the code.
            (None, [sentence]) => (free.find(|at| at < sentence && self.is_name(*at, *sentence)), Some(*sentence)),
            // The only text is both; names that are beside their numbers leave it for the sentence.
            (None, []) => (None, free.find(|at| !self.cells(*at).any(|cell| is_no_name(cell)))),
        }
    }

    /// How long the cells of a column are, together.
    fn length(&self, column: usize) -> usize {
        self.cells(column).map(String::len).sum()
    }

    /// Whether a column without a known header may have the names: each row has one of its own, shorter than the sentences.
    fn is_name(&self, column: usize, sentence: usize) -> bool {
        let mut seen = BTreeSet::new();
        let is_own =
            |cell: Option<&String>| cell.is_some_and(|cell| !is_blank(cell) && !is_no_name(cell) && seen.insert(cell.clone()));
        let is_about = |header: &String| NO_NAME.contains(&header.as_str());
        !self.headers.get(column).is_some_and(is_about)
            && self.length(column) < self.length(sentence)
            && self.rows.iter().map(|row| row.get(column)).all(is_own)
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
