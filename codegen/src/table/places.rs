//! Where each value of a file is. Diagnostics are rare, so places are looked up only when one is made.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::source::{SourceFile, Span};

/// A file and the places of its values.
pub struct Places {
    source: Arc<SourceFile>,
    /// The name of the list of tables that most places are in: `code` or `client`.
    list: &'static str,
    /// Where each row starts, if all of them are written as `[[code]]`. Such a row is parsed again alone when it is asked for.
    starts: Vec<usize>,
    /// What is above the rows is parsed again alone too, if nothing of it is written after the first row.
    has_header_first: bool,
    /// Of what is not parsed alone; found on first use.
    ranges: OnceLock<Ranges>,
}

/// The range of each value by its path.
#[derive(Default)]
struct Ranges {
    /// Of what is above the rows, such as `source.url`. As a whole it is the start of the file.
    header: (Range<usize>, Paths),
    /// Of each row as a whole, and of what is in it, such as `policy.reason`.
    rows: Vec<(Range<usize>, Paths)>,
}

/// Few enough to be searched one after the other.
type Paths = Vec<(String, Range<usize>)>;

impl Places {
    /// The places of a file.
    pub fn new(source: &Arc<SourceFile>, list: &'static str) -> Arc<Self> {
        Self::with_rows(source, list, Vec::new(), 0)
    }

    /// The places of a file whose rows start at these bytes, and whose other values end at this one.
    pub fn with_rows(source: &Arc<SourceFile>, list: &'static str, mut starts: Vec<usize>, header_end: usize) -> Arc<Self> {
        let is_header = |start: &usize| source.text.get(*start..).is_some_and(|text| text.starts_with("[["));
        if !starts.iter().all(is_header) || !starts.is_sorted() {
            starts.clear();
        }
        let has_header_first = starts.first().is_some_and(|first| header_end <= *first);
        Arc::new(Self { source: Arc::clone(source), list, starts, has_header_first, ranges: OnceLock::new() })
    }

    fn ranges(&self) -> &Ranges {
        self.ranges.get_or_init(|| {
            let end = self.starts.first().filter(|_| self.has_header_first);
            let (document, _) = DeTable::parse_recoverable(&self.source.text[..end.copied().unwrap_or(self.source.text.len())]);
            let mut ranges = Ranges::default();
            for (key, item) in document.get_ref() {
                match item.get_ref() {
                    DeValue::Array(rows) if key.get_ref() == self.list => ranges.rows.extend(rows.iter().map(row)),
                    _ => entry(key.get_ref(), item, "", &mut ranges.header.1),
                }
            }
            ranges
        })
    }

    /// A row and the paths in it, or those in what is above the rows.
    fn paths(&self, row: Option<usize>) -> Cow<'_, (Range<usize>, Paths)> {
        match row {
            Some(at) => match self.starts.get(at) {
                Some(start) => Cow::Owned(self.row_alone(at, *start)),
                None => self.ranges().rows.get(at).map_or(Cow::Owned((0..0, Paths::new())), Cow::Borrowed),
            },
            None => Cow::Borrowed(&self.ranges().header),
        }
    }

    /// A row that is parsed without the others.
    fn row_alone(&self, at: usize, start: usize) -> (Range<usize>, Paths) {
        let end = self.starts.get(at + 1).copied().unwrap_or(self.source.text.len());
        let (document, _) = DeTable::parse_recoverable(&self.source.text[start..end]);
        let rows = document.get_ref().get(self.list).and_then(|rows| rows.get_ref().as_array());
        let (range, mut paths) = rows.and_then(|rows| rows.first()).map(row).unwrap_or_default();
        let moved = |range: &Range<usize>| range.start + start..range.end + start;
        for (_, range) in &mut paths {
            *range = moved(range);
        }
        (moved(&range), paths)
    }

    /// Whether there is a value at a path.
    fn has(&self, row: Option<usize>, path: &str) -> bool {
        self.paths(row).1.iter().any(|(other, _)| other == path)
    }

    /// The place of a value by its path; that of the innermost table around it if the value is not there.
    fn span(&self, row: Option<usize>, path: &str) -> Span {
        let paths = self.paths(row);
        let (whole, paths) = paths.as_ref();
        let mut path = path;
        loop {
            if let Some((_, range)) = paths.iter().find(|(other, _)| other == path) {
                return Span::new(&self.source, range.clone());
            }
            match path.rsplit_once('.') {
                Some((outer, _)) => path = outer,
                None => return Span::new(&self.source, whole.clone()),
            }
        }
    }
}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

/// A row, with the paths of all values in it.
fn row(row: &Spanned<DeValue<'_>>) -> (Range<usize>, Paths) {
    let mut paths = Paths::new();
    inside(row.get_ref(), "", &mut paths);
    (row.span(), paths)
}

fn entry(key: &str, item: &Spanned<DeValue<'_>>, prefix: &str, paths: &mut Paths) {
    let path = if prefix.is_empty() { key.to_owned() } else { format!("{prefix}.{key}") };
    inside(item.get_ref(), &path, paths);
    paths.push((path, item.span()));
}

fn inside(item: &DeValue<'_>, path: &str, paths: &mut Paths) {
    match item {
        DeValue::Table(values) => {
            for (key, item) in values {
                entry(key.get_ref(), item, path, paths);
            }
        }
        DeValue::Array(values) => {
            for (position, item) in values.iter().enumerate() {
                entry(&position.to_string(), item, path, paths);
            }
        }
        _ => {}
    }
}

/// The place of a row, or of what is above the rows.
#[derive(Clone, Debug)]
pub struct Place {
    places: Arc<Places>,
    row: Option<usize>,
}

impl Place {
    /// The place of what is above the rows.
    pub fn of_header(places: &Arc<Places>) -> Self {
        Self { places: Arc::clone(places), row: None }
    }

    /// The place of a row.
    pub fn of_row(places: &Arc<Places>, row: usize) -> Self {
        Self { places: Arc::clone(places), row: Some(row) }
    }

    /// The span of a key, such as `policy.reason`; that of the row if the key is not there.
    #[must_use]
    pub fn key(&self, key: &str) -> Span {
        self.places.span(self.row, key)
    }

    /// Whether there is a value under a key, even one that does not fit and was reported.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.places.has(self.row, key)
    }

    /// The span of the number of a row, or else of the row.
    #[must_use]
    pub fn number(&self) -> Span {
        let value = self.key("value");
        if value.text().starts_with(|c: char| c.is_ascii_digit()) { value } else { self.key("range") }
    }

    /// The file.
    #[must_use]
    pub fn file(&self) -> &Arc<SourceFile> {
        &self.places.source
    }
}

#[cfg(test)]
mod tests {
    use crate::source::SourceFile;
    use crate::table::read_table;

    #[test]
    fn values_are_found_wherever_they_are_written() {
        let title = "title = \"T\"\n";
        let source = "[source]\ndocument = \"D\"\n";
        let (one, two) = ("[[code]]\nvalue = 1\nname = \"One\"\n", "[[code]]\nvalue = 2\nname = \"Two\"\n");
        let both = "code = [{ value = 1, name = \"One\" }, { value = 2, name = \"Two\" }]\n";
        let files = [
            vec![title, source, one, two],
            vec![title, one, source, two],
            vec![title, one, two, source],
            vec![title, both, source],
        ];
        for file in files.map(|parts| parts.concat()) {
            let (table, _) = read_table(&SourceFile::new("t.toml", &*file));
            let table = table.expect("it is TOML");
            assert_eq!(table.header_place().key("title").text(), "\"T\"", "{file}");
            assert_eq!(table.header_place().key("source.document").text(), "\"D\"", "{file}");
            for (row, name) in table.rows.iter().zip(["\"One\"", "\"Two\""]) {
                assert_eq!(table.row_place(row).key("name").text(), name, "{file}");
            }
            assert_eq!(table.rows.len(), 2, "{file}");
        }
    }
}
