//! How a row is read by the columns of its table.
//!
//! Takes a row with its cells, and returns what it says. A cell that is not understood is an error, and never a guess.

use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

use super::cells::{self, Cell};
use super::columns::Columns;
use super::facts::is_blank;
use super::numbers::parse_code;
use crate::model::{Facts, Key, Number, Page, Status};
use crate::read::PageRow;
use crate::text::{Diagnostic, SourceFile, Span, Text, folded, list, quoted};

/// A row as it is written, with its cells as ranges of it.
pub(super) struct RowText<'a> {
    pub start: usize,
    pub text: &'a str,
    pub cells: Vec<Range<usize>>,
}

impl Columns {
    /// Reads a row: what it says, or why it cannot be read; and what is odd about it.
    pub(super) fn row(&self, page: &Arc<SourceFile>, line: &RowText<'_>) -> (Result<PageRow, Diagnostic>, Vec<Diagnostic>) {
        let RowText { start, text, cells } = line;
        let cells = cells.clone();
        let mut row = Row { page, start: *start, text, cells, number: None, unclear: BTreeSet::new(), found: Vec::new() };
        let observed = row.read(self);
        (observed, row.found)
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
        let (code_text, code_status) = without_status(&code_cell.plain);
        let Some(code) = parse_code(&code_text) else { return Err(self.without_code(&code_cell.plain)) };
        self.number = Some(code.number);
        self.another_row(columns).map_or(Ok(()), Err)?;
        let mut sentence = self.cell(columns.sentence);
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
        let (plain, (with_code, mut status)) = (without_status(&name_cell.plain).0, without_status(&name_cell.with_code));
        if name_cell == sentence {
            // What calls the code deprecated is no part of the sentence, either.
            sentence.plain.clone_from(&plain);
        }
        let is_all_code = with_code.matches('`').count() == 2 && with_code.trim_matches('`') == plain;
        let name = if columns.plain_names || is_all_code { plain } else { with_code };
        status = status.max(code_status);
        if is_blank(&name) || name.eq_ignore_ascii_case("n/a") {
            return Err(Diagnostic::error("row-without-name", format!("the row of {} has no name", code.number))
                .at(&self.span(), "this row is not read")
                .help("add the name to the page"));
        }
        if code_cell.struck || name_cell.struck && (columns.name.is_some() || columns.sentence.is_some()) {
            // A documentation generator strikes out what the source calls deprecated; the member is still there.
            status = if columns.plain_names { Status::Deprecated } else { Status::Removed };
        }
        if status == Status::Active && begins_deprecated(&sentence.plain) {
            status = Status::Deprecated;
        }
        self.note_odd_cells(columns, code_cell.footnote || name_cell.footnote, status != Status::Removed);
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

    fn note_odd_cells(&mut self, columns: &Columns, footnote: bool, is_live: bool) {
        if self.cells.len() > columns.count {
            let counts = format!("{} cells under {} headers", self.cells.len(), columns.count);
            self.found.push(
                Diagnostic::warning("surplus-cells", format!("more cells than the table has columns{}", self.of_number()))
                    .at(&self.span(), counts)
                    .help("write a `|` inside a cell as `\\|`"),
            );
        }
        let read = columns.facts.iter().map(|(key, _, at)| (*key, *at)).chain(columns.sentence.map(|at| (Key::Text, at)));
        let missing: Vec<Key> = read.filter(|(_, at)| *at >= self.cells.len()).map(|(key, _)| key).collect();
        if !missing.is_empty() && is_live {
            let nouns: Vec<String> = missing.iter().map(|key| key.noun().to_owned()).collect();
            self.found.push(
                Diagnostic::warning("missing-cells", format!("no cell for: {}{}", list(&nouns, "and"), self.of_number()))
                    .at(&self.span(), format!("{} cells under {} headers", self.cells.len(), columns.count))
                    .help("these facts stay as they are in the table; add the cells to the page"),
            );
            self.unclear.extend(missing);
        }
        if footnote {
            self.found.push(
                Diagnostic::warning("footnote", format!("a footnote{}", self.of_number()))
                    .at(&self.span(), "its mark is not part of the name")
                    .help("read the note below the table; put what matters into `note` or `summary`"),
            );
        }
    }

    /// The row of another code on the same line.
    fn another_row(&self, columns: &Columns) -> Option<Diagnostic> {
        let is_code = |at: usize| parse_code(&self.cell(Some(at)).plain).is_some();
        let is_there = self.cells.len() >= 2 * columns.count && (columns.count..self.cells.len()).any(is_code);
        is_there.then(|| {
            Diagnostic::error("two-rows", format!("another row begins on the same line{}", self.of_number()))
                .at(&self.span(), "neither is read")
                .help("end the line behind the first row")
        })
    }

    fn without_code(&self, cell: &str) -> Diagnostic {
        if cell.strip_prefix('-').is_some_and(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())) {
            let message = format!("{cell} is negative, and negative numbers cannot be codes");
            return Diagnostic::error("row-without-code", message).at(&self.span(), "this row is not read");
        }
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

/// Whether a sentence begins with the word that calls the code deprecated.
fn begins_deprecated(sentence: &str) -> bool {
    let rest = sentence.get(..10).filter(|word| word.eq_ignore_ascii_case("deprecated")).map(|_| &sentence[10..]);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ':', '!', ',', ';']))
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
