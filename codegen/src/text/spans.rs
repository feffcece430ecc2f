//! Where each value of a TOML file is. The places come from the one parse that also gave the values.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::DeValue;

use super::{SourceFile, Span};

/// The place of a value, and of each value in it by its key or position.
#[derive(Debug)]
struct Spans {
    own: Range<usize>,
    inner: Vec<(String, Spans)>,
}

impl Spans {
    fn new(value: &Spanned<DeValue<'_>>) -> Self {
        let inner = match value.get_ref() {
            DeValue::Table(values) => values.iter().map(|(key, value)| (key.get_ref().to_string(), Self::new(value))).collect(),
            DeValue::Array(values) => values.iter().enumerate().map(|(at, value)| (at.to_string(), Self::new(value))).collect(),
            _ => Vec::new(),
        };
        Self { own: value.span(), inner }
    }

    /// The innermost value on a path such as `policy.reason`, and whether it is where the path leads.
    fn find(&self, path: &str) -> (&Self, bool) {
        let mut spans = self;
        for key in path.split('.') {
            match spans.inner.iter().find(|(name, _)| name == key) {
                Some((_, inner)) => spans = inner,
                None => return (spans, false),
            }
        }
        (spans, true)
    }
}

/// The place of a row of a file, or of what is above the rows, and of the values in it.
#[derive(Clone, Debug)]
pub struct Place {
    file: Arc<SourceFile>,
    spans: Arc<Spans>,
}

impl Place {
    /// The place of a value, which was parsed from the file.
    #[must_use]
    pub fn new(file: &Arc<SourceFile>, value: &Spanned<DeValue<'_>>) -> Self {
        Self { file: Arc::clone(file), spans: Arc::new(Spans::new(value)) }
    }

    /// The span of a key, such as `policy.reason`; that of the innermost table around it if the key is not there.
    #[must_use]
    pub fn key(&self, key: &str) -> Span {
        Span::new(&self.file, self.spans.find(key).0.own.clone())
    }

    /// Whether there is a value under a key, even one that does not fit and was reported.
    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.spans.find(key).1
    }

    /// The span of the number of a row, or else of the row.
    #[must_use]
    pub fn number(&self) -> Span {
        self.key(if self.has("value") { "value" } else { "range" })
    }
}
