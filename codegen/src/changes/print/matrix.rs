//! A matrix of editions as text and as Markdown.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;

use super::text::{DIM, HEADING, padded};
use crate::changes::Matrix;
use crate::changes::matrix::{Cell, MatrixRow, MatrixTable};
use crate::facts::Status;
use crate::render::escape;
use crate::text::visible;

/// The style of a row whose editions differ.
const DIFFERS: Style = AnsiColor::Yellow.on_default();

impl Matrix {
    /// The matrix as text in lines of at most this width. Rows whose editions differ are marked with `*`.
    ///
    /// The text has ANSI colours; strip them for a plain stream.
    #[must_use]
    pub fn text(&self, width: usize) -> String {
        let mut text = String::new();
        for table in &self.tables {
            text.push_str(&self.table_text(table, width));
        }
        text
    }

    fn table_text(&self, table: &MatrixTable, width: usize) -> String {
        let numbers = table.rows.iter().map(|row| number(row).width()).max().unwrap_or(0);
        let columns = self.editions.len();
        let column = (width.saturating_sub(numbers + 2) / columns.max(1)).saturating_sub(2).max(12);
        let mut text = format!("{HEADING}{}{HEADING:#}\n", visible(&table.title));
        let line = |style: Style, mark: &str, number: &str, cells: &[String]| {
            let cells: Vec<String> = cells.iter().map(|cell| padded(&cut(cell, column), column)).collect();
            let line = format!("{mark} {}  {}", padded(number, numbers), cells.join("  "));
            format!("{style}{}{style:#}\n", line.trim_end())
        };
        text.push_str(&line(DIM, " ", "", &self.editions));
        for row in &table.rows {
            let (style, mark) = if row.differs { (DIFFERS, "*") } else { (Style::new(), " ") };
            let names: Vec<String> = row.cells.iter().map(|cell| cell.as_ref().map_or("-".to_owned(), name)).collect();
            let has_names = row.number.is_some();
            if has_names {
                text.push_str(&line(style, mark, &number(row), &names));
            }
            let answers: Vec<String> =
                row.cells.iter().map(|cell| cell.as_ref().and_then(|cell| cell.answer.clone()).unwrap_or_default()).collect();
            if answers.iter().any(|answer| !answer.is_empty()) {
                let (mark, first) = if has_names { (" ", String::new()) } else { (mark, number(row)) };
                text.push_str(&line(style, mark, &first, &answers));
            }
        }
        text.push('\n');
        text
    }

    /// The matrix as Markdown. Rows whose editions differ are bold.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = format!("## {}\n", escape(&self.editions.join(", ")));
        for table in &self.tables {
            let _ = write!(text, "\n### {}\n\n| code |", escape(&visible(&table.title)));
            text.extend(self.editions.iter().map(|edition| format!(" {} |", escape(edition))));
            let _ = write!(text, "\n| --- |{}\n", " --- |".repeat(self.editions.len()));
            for row in &table.rows {
                let bold = if row.differs { "**" } else { "" };
                let _ = write!(text, "| {bold}{}{bold} |", number(row));
                text.extend(row.cells.iter().map(|cell| format!(" {} |", cell.as_ref().map(markdown_cell).unwrap_or_default())));
                text.push('\n');
            }
        }
        text
    }
}

fn number(row: &MatrixRow) -> String {
    row.number.map(|number| number.to_string()).or_else(|| row.asked.clone()).unwrap_or_default()
}

fn name(cell: &Cell) -> String {
    let status = match cell.status {
        Status::Active => "",
        Status::Deprecated => " (deprecated)",
        Status::Removed => " (removed)",
    };
    visible(&format!("{}{status}", cell.name))
}

fn markdown_cell(cell: &Cell) -> String {
    let parts = [Some(name(cell)).filter(|name| !name.is_empty()), cell.answer.clone()];
    let parts: Vec<String> = parts.into_iter().flatten().map(|part| escape(&part).replace('\n', " ")).collect();
    // An escaped pipe stays escaped; one in code has to be, too.
    parts.join(": ").replace("\\|", "|").replace('|', "\\|")
}

/// A text cut to a width of columns.
fn cut(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut cut = String::new();
    for c in text.chars() {
        if cut.width() + unicode_width::UnicodeWidthChar::width(c).unwrap_or(0) + 1 > width {
            break;
        }
        cut.push(c);
    }
    cut + "…"
}
