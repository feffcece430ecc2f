//! Plain HTML tables, as some pages of Markdown have them.
//!
//! Takes a text and the place where a table begins, and returns the places of its cells. A table whose cells span others, or
//! that has another one in it, is not plain: it is named, and not read.

use std::ops::Range;

/// A row and its cells, as ranges of the text.
pub(super) type HtmlRow = (Range<usize>, Vec<Range<usize>>);

/// A table between `<table` and `</table>`.
pub(super) struct HtmlTable {
    /// Its rows. Nothing if it is not plain.
    pub rows: Option<Vec<HtmlRow>>,
    /// Its comments, which are not read.
    pub comments: Vec<Range<usize>>,
    /// Where it is.
    pub range: Range<usize>,
}

/// The table that begins at a place. One that is never closed goes on to the end.
pub(super) fn read(text: &str, start: usize) -> HtmlTable {
    const END: &[u8] = b"</table>";
    let rest = &text.as_bytes()[start..];
    let end = rest.windows(END.len()).position(|window| window.eq_ignore_ascii_case(END)).map(|at| start + at + END.len());
    let range = start..end.unwrap_or(text.len());
    let inner = text[range.clone()].to_ascii_lowercase();
    let comments = comments(&inner);
    let mut inner = inner.into_bytes();
    for comment in &comments {
        inner[comment.clone()].fill(b' ');
    }
    let inner = String::from_utf8(inner).unwrap_or_default();
    let is_plain = inner.matches("<table").count() == 1 && !inner.contains("rowspan") && !inner.contains("colspan");
    let comments = comments.into_iter().map(|comment| start + comment.start..start + comment.end).collect();
    HtmlTable { rows: is_plain.then(|| rows(&inner, start)), comments, range }
}

/// The rows of a text in lower case, which begins at a place of the page.
pub(super) fn rows(text: &str, start: usize) -> Vec<HtmlRow> {
    let in_page = |part: Range<usize>| start + part.start..start + part.end;
    let cells = |row: &Range<usize>| elements(text, row.clone(), &["<td", "<th"]).into_iter().map(in_page).collect();
    elements(text, 0..text.len(), &["<tr"]).into_iter().map(|row| (in_page(row.clone()), cells(&row))).collect()
}

fn comments(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    while let Some(open) = text[found.last().map_or(0, |last| last.end)..].find("<!--") {
        let open = open + found.last().map_or(0, |last| last.end);
        let end = text[open..].find("-->").map_or(text.len(), |end| open + end + "-->".len());
        found.push(open..end);
    }
    found
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

/// The first of the tags with one of these names: `<td` and not `<tdx`, nor `<thead>` where `<th` is meant.
fn next(text: &str, range: Range<usize>, marks: &[&str]) -> Option<usize> {
    let is_named =
        |tag: &str, mark: &str| tag.strip_prefix(mark).is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()));
    let tags = text[range.clone()].match_indices('<').map(|(at, _)| range.start + at);
    tags.into_iter().find(|at| marks.iter().any(|mark| is_named(&text[*at..range.end], mark)))
}
