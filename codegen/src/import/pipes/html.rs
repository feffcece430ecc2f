//! Plain HTML tables, as some pages of Markdown have them.
//!
//! Takes a text and the place where a table begins, and returns the places of its cells. A table whose cells span others, or
//! that has another one in it, is not plain: it is named, and not read.

use std::ops::Range;

use super::lines::{COMMENTS, Line, comment_of, heading};

/// A row and its cells, as ranges of the text.
pub(super) type HtmlRow = (Range<usize>, Vec<Range<usize>>);

/// A table between `<table` and `</table>`.
pub(super) struct HtmlTable {
    pub rows: Vec<HtmlRow>,
    /// Why its rows cannot be told apart.
    pub fault: Option<&'static str>,
    /// Its comments, which are not read.
    pub comments: Vec<Range<usize>>,
    /// Where it is.
    pub range: Range<usize>,
}

/// Where a table begins in a line. In a row of pipes, a code span or a comment none does.
pub(super) fn begins(line: &str) -> Option<usize> {
    let at = next(line, 0..line.len(), &["<table"])?;
    let before = &line[..at];
    let is_open = |(start, end): &(&str, &str)| before.rfind(start).is_some_and(|start| !before[start..].contains(end));
    (!before.contains(['|', '`']) && !COMMENTS.iter().any(is_open)).then_some(at)
}

/// The table that begins at a place of the first line. One that is never closed goes on to the heading below the next blank line.
pub(super) fn read(text: &str, lines: &[Line<'_>], start: usize) -> HtmlTable {
    let (mut comments, mut limit, mut is_closed, mut is_below_blank) = (Vec::new(), text.len(), false, false);
    let mut open: Option<(usize, &str)> = None;
    'lines: for line in lines {
        if is_below_blank && heading(line.text.trim()).is_some() {
            limit = line.start;
            break;
        }
        is_below_blank = line.text.trim().is_empty();
        let marks = line.text.match_indices(['<', '{', '-', '*']).map(|(at, _)| line.start + at);
        for at in marks.filter(|at| *at >= start) {
            let rest = &text[at..];
            if let Some((from, end)) = open {
                if rest.starts_with(end) {
                    comments.push(from..at + end.len());
                    open = None;
                }
            } else if is_tag(rest, "</table") {
                let name = "</table".len();
                (limit, is_closed) = (at + name + usize::from(rest[name..].starts_with('>')), true);
                break 'lines;
            } else {
                open = comment_of(rest).map(|end| (at, end));
            }
        }
    }
    comments.extend(open.map(|(from, _)| from..limit));
    let mut inner = text[start..limit].to_ascii_lowercase().into_bytes();
    for comment in &comments {
        inner[comment.start - start..comment.end - start].fill(b' ');
    }
    let inner = String::from_utf8(inner).unwrap_or_default();
    let fault = if !is_closed {
        Some("it is not closed")
    } else if next(&inner, 1..inner.len(), &["<table"]).is_some() {
        Some("it has a table in it")
    } else {
        (inner.contains("rowspan") || inner.contains("colspan")).then_some("its cells span others")
    };
    HtmlTable { rows: rows(&inner, start), fault, comments, range: start..limit }
}

/// The rows of a text, which begins at a place of the page.
pub(super) fn rows(text: &str, start: usize) -> Vec<HtmlRow> {
    let in_page = |part: Range<usize>| start + part.start..start + part.end;
    let cells = |row: &Range<usize>| elements(text, row.clone(), &["<td", "<th"]).into_iter().map(in_page).collect();
    elements(text, 0..text.len(), &["<tr"]).into_iter().map(|row| (in_page(row.clone()), cells(&row))).collect()
}

/// The contents of the elements that begin with one of these marks: each goes on to its end tag, or to the next one.
fn elements(text: &str, range: Range<usize>, marks: &[&str]) -> Vec<Range<usize>> {
    let ends: Vec<String> = marks.iter().map(|mark| mark.replace('<', "</")).collect();
    let ends: Vec<&str> = ends.iter().map(String::as_str).collect();
    let mut found = Vec::new();
    let mut at = range.start;
    while let Some(open) = next(text, at..range.end, marks) {
        let Some(inner) = text[open..range.end].find('>').map(|end| open + end + 1) else { break };
        let following = next(text, inner..range.end, marks).unwrap_or(range.end);
        found.push(inner..next(text, inner..following, &ends).unwrap_or(following));
        at = following;
    }
    found
}

/// The first of the tags with one of these names.
fn next(text: &str, range: Range<usize>, marks: &[&str]) -> Option<usize> {
    let tags = text[range.clone()].match_indices('<').map(|(at, _)| range.start + at);
    tags.into_iter().find(|at| marks.iter().any(|mark| is_tag(&text[*at..range.end], mark)))
}

/// Whether a text begins with a tag of this name: `<td` and not `<tdx`, nor `<thead>` where `<th` is meant.
fn is_tag(text: &str, mark: &str) -> bool {
    let (name, rest) = text.as_bytes().split_at(mark.len().min(text.len()));
    let goes_on = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._:".contains(byte);
    name.eq_ignore_ascii_case(mark.as_bytes()) && !rest.first().is_some_and(goes_on)
}
