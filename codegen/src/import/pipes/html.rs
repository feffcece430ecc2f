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
    /// Where it is.
    pub range: Range<usize>,
}

/// The table that begins at a place. One that is never closed goes on to the end.
pub(super) fn read(text: &str, start: usize) -> HtmlTable {
    let end = find(text, start, "</table>").map_or(text.len(), |at| at + "</table>".len());
    let range = start..end;
    let inner = &text[range.clone()].to_ascii_lowercase();
    let is_plain = inner.matches("<table").count() == 1 && !inner.contains("rowspan") && !inner.contains("colspan");
    let rows = is_plain.then(|| elements(text, range.clone(), &["<tr"]).into_iter());
    let rows = rows.map(|rows| rows.map(|row| (row.clone(), elements(text, row, &["<td", "<th"]))).collect());
    HtmlTable { rows, range }
}

/// The contents of the elements that begin with one of these marks: each goes on to its end tag, or to the next one.
fn elements(text: &str, range: Range<usize>, marks: &[&str]) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = range.start;
    while let Some(open) = next(text, at..range.end, marks) {
        let Some(inner) = text[open..range.end].find('>').map(|end| open + end + 1) else { break };
        let following = next(text, inner..range.end, marks).unwrap_or(range.end);
        let ends: Vec<String> = marks.iter().map(|mark| mark.replace('<', "</")).collect();
        let ends: Vec<&str> = ends.iter().map(String::as_str).collect();
        let end = next(text, inner..following, &ends).unwrap_or(following);
        found.push(inner..end);
        at = following;
    }
    found
}

/// The first of the tags with one of these names: `<td` and not `<tdx`, nor `<thead>` where `<th` is meant.
fn next(text: &str, range: Range<usize>, marks: &[&str]) -> Option<usize> {
    let is_name_end = |at: usize| !text[at..].starts_with(|c: char| c.is_ascii_alphanumeric());
    let first = |mark: &&str| {
        let mut from = range.start;
        while let Some(at) = find(text, from, mark).filter(|at| at + mark.len() <= range.end) {
            if is_name_end(at + mark.len()) {
                return Some(at);
            }
            from = at + mark.len();
        }
        None
    };
    marks.iter().filter_map(first).min()
}

/// Where a mark of ASCII is, in any case.
fn find(text: &str, from: usize, mark: &str) -> Option<usize> {
    let bytes = text.as_bytes().get(from..)?;
    bytes.windows(mark.len()).position(|window| window.eq_ignore_ascii_case(mark.as_bytes())).map(|at| from + at)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn the_cells_of_a_plain_table_are_found() {
        let text = "x <table><thead><tr><th>Code</th><TH a=\"b\">Name</TH></tr></thead>\n<tr><td>5<td>Five</tr></table> y";
        let table = read(text, 2);
        let cells =
            |(_, cells): &(_, Vec<std::ops::Range<usize>>)| cells.iter().map(|cell| &text[cell.clone()]).collect::<Vec<_>>();
        assert_eq!(table.rows.unwrap().iter().map(cells).collect::<Vec<_>>(), [["Code", "Name"], ["5", "Five"]]);
        assert_eq!(&text[table.range.end..], " y");
        assert!(read("<table><tr><td colspan=2>1</table>", 0).rows.is_none());
    }
}
