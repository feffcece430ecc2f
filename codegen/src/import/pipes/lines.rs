//! The lines of a page, and what a line looks like: a heading, a header, a row of dashes.

use std::sync::Arc;

use super::cells;
use super::columns;
use super::numbers::is_code;
use crate::text::{SourceFile, Span};

/// One line of a page, without its end.
#[derive(Clone, Copy)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    pub(super) start: usize,
}

impl Line<'_> {
    pub(super) fn span(&self, page: &Arc<SourceFile>) -> Span {
        Span::new(page, self.start..self.start + self.text.trim_end().len())
    }
}

/// A heading of a page.
#[derive(Clone)]
pub(in crate::import) struct Heading {
    pub(in crate::import) level: usize,
    pub(in crate::import) text: String,
    pub(in crate::import) span: Span,
}

/// The headings around a line, the outermost first.
#[derive(Default)]
pub(in crate::import) struct Headings(pub(in crate::import) Vec<Heading>);

impl Headings {
    pub(in crate::import) fn push(&mut self, heading: Heading) {
        self.0.retain(|outer| outer.level < heading.level);
        self.0.push(heading);
    }

    /// Those with another text.
    pub(in crate::import) fn around(&self, heading: &str) -> Vec<String> {
        self.0.iter().filter(|outer| outer.text != heading).map(|outer| outer.text.clone()).collect()
    }
}

/// Whether a line is the row of dashes below a header.
pub(in crate::import) fn is_separator(line: &str) -> bool {
    let line = line.trim();
    let dashes = |cell: &str| {
        let cell = cell.trim();
        let dashes = cell.strip_prefix(':').unwrap_or(cell);
        let dashes = dashes.strip_suffix(':').unwrap_or(dashes);
        !dashes.is_empty() && dashes.bytes().all(|byte| byte == b'-')
    };
    line.contains('|') && line.contains('-') && line.trim_matches('|').split('|').all(dashes)
}

/// The lines of a text. A byte-order mark, carriage returns and the marks of a quote belong to no line: a quote is read like the rest.
pub(super) fn lines(text: &str) -> Vec<Line<'_>> {
    let start = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut lines = Vec::new();
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        // A carriage return alone ends a line as well.
        let mut start = at;
        for text in line.trim_end_matches(['\n', '\r']).split('\r') {
            let inner = unquoted(text);
            lines.push(Line { text: inner, start: start + text.len() - inner.len() });
            start += text.len() + 1;
        }
        at += line.len();
    }
    lines
}

/// A line without the marks of the quotes that it is in.
fn unquoted(line: &str) -> &str {
    match line.trim_start().strip_prefix('>') {
        Some(rest) => unquoted(rest.strip_prefix(' ').unwrap_or(rest)),
        None => line,
    }
}

/// The fence that a line opens, if it does.
pub(super) fn fence_of(trimmed: &str) -> Option<&str> {
    let mark = trimmed.chars().next().filter(|c| *c == '`' || *c == '~')?;
    let length = trimmed.len() - trimmed.trim_start_matches(mark).len();
    // A row may start with a code span or with text that is struck through; a fence has nothing but a word after it.
    (length >= 3 && !trimmed[length..].contains(mark) && !trimmed.contains('|')).then(|| &trimmed[..length])
}

/// What begins a comment, and what ends it.
pub(super) const COMMENTS: [(&str, &str); 2] = [("<!--", "-->"), ("{/*", "*/}")];

/// What ends the comment that a line begins, if it begins one.
pub(super) fn comment_of(trimmed: &str) -> Option<&'static str> {
    COMMENTS.into_iter().find(|(start, _)| trimmed.starts_with(start)).map(|(_, end)| end)
}

pub(in crate::import) fn heading(trimmed: &str) -> Option<(usize, &str)> {
    let level = trimmed.len() - trimmed.trim_start_matches('#').len();
    let text = &trimmed[level..];
    let is_heading = (1..=6).contains(&level) && text.starts_with([' ', '\t']);
    is_heading.then(|| (level, text.trim().trim_end_matches('#').trim()))
}

/// Whether a line is a header row: the line below is a row of dashes.
pub(super) fn is_header(lines: &[Line<'_>], at: usize) -> bool {
    let (Some(line), Some(next)) = (lines.get(at), lines.get(at + 1)) else { return false };
    // Right below a row only what is called like a header is one: a row of dashes may be inside a table.
    let below_row = at > 0 && lines[at - 1].text.trim_start().starts_with('|');
    let is_plausible = !below_row || columns::begins_header(line.text);
    line.text.contains('|') && !is_separator(line.text) && is_separator(next.text) && is_plausible
}

/// Whether a line is the header of a table that a browser copied: cells with tabs between them, and a row of such cells below.
pub(super) fn is_tab_header(lines: &[Line<'_>], at: usize) -> bool {
    let line = lines[at].text;
    if !line.contains('\t') || line.contains('|') || !columns::begins_header(line.split('\t').next().unwrap_or_default()) {
        return false;
    }
    let next = lines[at + 1..].iter().find(|line| !line.text.trim().is_empty());
    next.and_then(|next| next.text.split('\t').next().filter(|_| next.text.contains('\t')))
        .is_some_and(|cell| is_code(&cells::plain(cell)))
}

/// The line that names a table: the one above its header, if that is bare text directly there.
///
/// Only a scrape has it; elsewhere a blank line or a heading comes first.
pub(super) fn caption<'a>(lines: &[Line<'a>], header: usize) -> Option<Line<'a>> {
    lines[..header].last().filter(|line| is_caption(line.text)).copied()
}

pub(super) fn is_caption(line: &str) -> bool {
    let text = line.trim();
    let is_bare = !text.is_empty()
        && !text.contains(['|', '\t'])
        && heading(text).is_none()
        && !text.starts_with(['<', '>', '`', '~', '!', '{']);
    is_bare && text.chars().count() <= 80 && !text.ends_with(['.', ':'])
}

/// The line after a row: the row goes on while its last cell is open and no other row or block starts.
pub(super) fn end_of_row(lines: &[Line<'_>], at: usize, columns: usize) -> usize {
    let mut end = at + 1;
    let mut seen = cells::split(lines[at].text).len();
    while !is_closed(lines[end - 1].text) {
        let Some(next) = lines.get(end) else { break };
        let text = next.text.trim();
        let only_pipes = !text.is_empty() && text.chars().all(|c| c == '|' || c.is_whitespace());
        let begins_row = text.starts_with('|') && !only_pipes;
        let own = cells::split(text);
        let rest_of_row = begins_row && seen < columns && !starts_with_number(text) && seen + own.len() <= columns;
        let caption = is_header(lines, end + 1) || is_header(lines, end);
        let block = text.is_empty() || heading(text).is_some() || fence_of(text).is_some() || text.starts_with('<') || caption;
        if block || begins_row && !rest_of_row {
            break;
        }
        // Below a row that is complete without a last pipe, bare text is a paragraph, and what has a code or too many cells a row.
        let has_code = || is_code(&cells::plain(&text[own[0].clone()]));
        let is_row = own.len() > 1 && (has_code() || seen + own.len() - 1 > columns);
        if !begins_row && !only_pipes && (is_row || !is_closed(text) && seen >= columns) {
            break;
        }
        seen += own.len().saturating_sub(1);
        end += 1;
    }
    end
}

fn is_closed(line: &str) -> bool {
    let line = line.trim_end();
    line.ends_with('|') && !line.ends_with("\\|")
}

pub(super) fn starts_with_number(row: &str) -> bool {
    row.trim_start_matches(['|', ' ', '\t', '~', '`', '*']).starts_with(|c: char| c.is_ascii_digit())
}
