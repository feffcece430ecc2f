//! What stands between tables and is not read: blocks of code, and comments.
//!
//! A block of code is an example and a comment is no part of a page, so neither adds a row. But rows in them may have belonged to
//! a table the day before, so that each is named where it matters.

use std::ops::Range;

use super::blocks::{Reader, rows_are};
use super::cells;
use super::html;
use super::lines::{Line, comment_of, fence_of, is_separator};
use super::numbers::{is_code, parse_code};
use crate::text::{Diagnostic, Span};

/// What is open and not read: a block of code, or a comment.
pub(super) struct Aside {
    /// What ends it: a fence of at least this length, or the end of a comment.
    end: String,
    is_comment: bool,
    span: Span,
    /// The rows of codes in it, as wide as the table above it, if there is one.
    rows: usize,
}

impl Reader<'_> {
    /// Whether a line belongs to a block of code or to a comment, which are not read.
    pub(super) fn is_aside(&mut self, line: &Line<'_>) -> bool {
        let trimmed = line.text.trim();
        let Some(aside) = &mut self.aside else {
            let fence = fence_of(trimmed).map(|mark| (mark.to_owned(), false));
            let comment = || comment_of(trimmed).map(|end| (end.to_owned(), true));
            let Some((end, is_comment)) = fence.or_else(comment) else { return false };
            let is_closed = is_comment && trimmed.contains(&end);
            if is_comment {
                self.note_row(line.text, line.start);
            }
            if is_closed {
                self.note_html_rows(line.start..line.start + line.text.len());
            }
            self.aside = (!is_closed).then(|| Aside { end, is_comment, span: line.span(self.source), rows: 0 });
            // Behind a comment of one line there may be a row.
            return !is_closed || trimmed.ends_with("-->") || trimmed.ends_with("*/}");
        };
        let cells = cells::split(line.text);
        let has_code = cells.iter().any(|cell| is_code(&cells::plain(&line.text[cell.clone()])));
        let is_row = line.text.contains('|') && has_code && !is_separator(trimmed);
        let is_of_table = self.current.as_ref().is_none_or(|current| current.columns.count == cells.len());
        aside.rows += usize::from(is_row && is_of_table);
        let is_fence = || trimmed.starts_with(&aside.end) && trimmed.trim_start_matches(&aside.end[..1]).is_empty();
        let (is_comment, start) = (aside.is_comment, aside.span.range.start);
        if is_comment && trimmed.contains(&aside.end) || !is_comment && is_fence() {
            self.end_aside();
            if is_comment {
                self.note_html_rows(start..line.start + line.text.len());
            }
        }
        if is_row {
            self.note_row(line.text, line.start);
        }
        true
    }

    /// A row of a code that is not read has not left the page.
    pub(super) fn note_row(&mut self, row: &str, start: usize) {
        let text = row.trim_start_matches(['<', '!', '-', '{', '/', '*', ' ']);
        let first = cells::split(text).into_iter().find_map(|cell| parse_code(&cells::plain(&text[cell])));
        if let Some(code) = first.filter(|_| text.contains('|')) {
            let span = Span::new(self.source, start..start + row.trim_end().len());
            self.page.not_read.entry(code.number).or_default().push(span);
        }
    }

    /// The same of the rows of HTML between two places.
    pub(super) fn note_html_rows(&mut self, places: Range<usize>) {
        let text = &self.source.text;
        for (row, cells) in html::rows(&text[places.clone()], places.start) {
            if let Some(code) = cells.into_iter().find_map(|cell| parse_code(&cells::plain(&text[cell]))) {
                self.page.not_read.entry(code.number).or_default().push(Span::new(self.source, row));
            }
        }
    }

    /// Rows in a block of code right below those of a table may belong to it: nothing can be said to be missing from it.
    fn end_aside(&mut self) {
        let Some(aside) = self.aside.take().filter(|aside| !aside.is_comment && aside.rows > 0) else { return };
        let message = format!("{} of codes in a block of code", rows_are(aside.rows));
        let finding = Diagnostic::warning("rows-in-code", message)
            .at(&aside.span, "what is in it is not read")
            .help("close the block above the rows; a block of code is an example, and no part of a table");
        match self.current.as_ref().and_then(|current| current.table) {
            Some(table) => {
                let table = &mut self.page.tables[table];
                table.unread += aside.rows;
                table.findings.push(finding);
            }
            None => self.page.in_code.extend([finding]),
        }
    }

    /// A block or a comment that is never closed.
    pub(super) fn open_aside(&mut self) {
        let Some(aside) = self.aside.take() else { return };
        if aside.is_comment {
            self.note_html_rows(aside.span.range.start..self.source.text.len());
        }
        if aside.rows > 0 {
            let what = if aside.is_comment { "a comment" } else { "a block of code" };
            // What is below belongs to some table: nothing can be said to be missing.
            self.page.tables.iter_mut().for_each(|table| table.unread += 1);
            self.diagnostics.push(
                Diagnostic::error("open-fence", format!("{what} is never closed, and {} in it", rows_are(aside.rows)))
                    .at(&aside.span, "it is opened here")
                    .help("close it in the page; rows in it are not read"),
            );
        }
    }
}
