//! Where a text stands: files, spans, and values that know their place.
//!
//! A [`Span`] carries its file, so that whoever holds a value can point at it; nothing here reads a file.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Range;
use std::sync::Arc;

/// A text and the path under which people know it.
#[derive(Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// The path, with forward slashes, as a person would type it.
    pub path: String,
    /// The whole text.
    pub text: String,
}

impl SourceFile {
    /// A file, ready to be shared by the spans that point into it.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into() })
    }
}

/// A place in a file: a range of bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Span {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The bytes.
    pub range: Range<usize>,
}

impl Span {
    /// A place in a file. A range that does not fit the text is cut to it.
    #[must_use]
    pub fn new(file: &Arc<SourceFile>, range: Range<usize>) -> Self {
        let end = file.text.floor_char_boundary(range.end.min(file.text.len()));
        let start = file.text.floor_char_boundary(range.start.min(end));
        Self { file: Arc::clone(file), range: start..end }
    }

    /// The line of its first byte, counted from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.before().matches('\n').count() + 1
    }

    /// The column of its first character, counted from 1 in characters.
    #[must_use]
    pub fn column(&self) -> usize {
        let before = self.before();
        before.rsplit('\n').next().unwrap_or_default().chars().count() + 1
    }

    fn before(&self) -> &str {
        &self.file.text[..self.range.start]
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.path, self.line(), self.column())
    }
}

/// A value and its place. Two are equal when their values are.
#[derive(Clone, Debug)]
pub struct Located<T> {
    /// The value.
    pub value: T,
    /// Where it was written.
    pub span: Span,
}

impl<T: PartialEq> PartialEq for Located<T> {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl<T: Eq> Eq for Located<T> {}

impl<T: Hash> Hash for Located<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.value.hash(state);
    }
}
