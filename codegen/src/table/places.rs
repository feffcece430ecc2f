//! Where each value of a file is. Diagnostics are rare, so places are looked up only when one is made.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use toml::de::{DeTable, DeValue};

use crate::source::{SourceFile, Span};

/// A file and the places of its values.
pub struct Places {
    source: Arc<SourceFile>,
    /// The name of the list of tables that most places are in: `code` or `client`.
    list: &'static str,
    /// The range of each value by its path, such as `code.3.policy.reason`; found on first use.
    ranges: OnceLock<BTreeMap<String, Range<usize>>>,
}

impl Places {
    /// The places of a file.
    pub fn new(source: &Arc<SourceFile>, list: &'static str) -> Arc<Self> {
        Arc::new(Self { source: Arc::clone(source), list, ranges: OnceLock::new() })
    }

    /// Whether there is a value at a path.
    fn has(&self, path: &str) -> bool {
        self.ranges().contains_key(path)
    }

    fn ranges(&self) -> &BTreeMap<String, Range<usize>> {
        self.ranges.get_or_init(|| {
            let (document, _) = DeTable::parse_recoverable(&self.source.text);
            let mut ranges = BTreeMap::new();
            table(document.get_ref(), "", &mut ranges);
            ranges
        })
    }

    /// The place of a value by its path; that of the innermost table around it if the value is not there.
    fn span(&self, path: &str) -> Span {
        let ranges = self.ranges();
        let mut path = path;
        loop {
            if let Some(range) = ranges.get(path) {
                return Span::new(&self.source, range.clone());
            }
            match path.rsplit_once('.') {
                Some((outer, _)) => path = outer,
                None => return Span::whole(&self.source),
            }
        }
    }
}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

fn table(values: &DeTable<'_>, prefix: &str, ranges: &mut BTreeMap<String, Range<usize>>) {
    for (key, item) in values {
        let path = if prefix.is_empty() { key.get_ref().to_string() } else { format!("{prefix}.{}", key.get_ref()) };
        value(item.get_ref(), &path, ranges);
        ranges.insert(path, item.span());
    }
}

fn value(item: &DeValue<'_>, path: &str, ranges: &mut BTreeMap<String, Range<usize>>) {
    match item {
        DeValue::Table(values) => table(values, path, ranges),
        DeValue::Array(values) => {
            for (position, item) in values.iter().enumerate() {
                let path = format!("{path}.{position}");
                value(item.get_ref(), &path, ranges);
                ranges.insert(path, item.span());
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
        match self.row {
            Some(row) => self.places.span(&format!("{}.{row}.{key}", self.places.list)),
            None => self.places.span(key),
        }
    }

    /// Whether there is a value under a key, even one that does not fit and was reported.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        match self.row {
            Some(row) => self.places.has(&format!("{}.{row}.{key}", self.places.list)),
            None => self.places.has(key),
        }
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
