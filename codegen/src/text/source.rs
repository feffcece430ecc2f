//! Texts and places in them.
//!
//! A [`Span`] has its file with it, so that an error can point at the place. Nothing here reads a file.

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Serialize, Serializer};

/// A text and its path as it is shown.
pub struct SourceFile {
    /// The path, with forward slashes, as it would be typed.
    pub path: String,
    /// The whole text.
    pub text: String,
    /// Where each line starts; found on first use.
    lines: OnceLock<Vec<usize>>,
}

impl SourceFile {
    /// A file, ready to be shared by the spans that point into it.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self { path: path.into(), text: text.into(), lines: OnceLock::new() })
    }

    /// The line of a byte and the byte at which that line starts. Lines count from 1.
    fn line_at(&self, byte: usize) -> (usize, usize) {
        let starts = self.lines.get_or_init(|| {
            let ends = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
            std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect()
        });
        let line = starts.partition_point(|start| *start <= byte);
        (line, starts.get(line.saturating_sub(1)).copied().unwrap_or_default())
    }
}

impl fmt::Debug for SourceFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

/// A place in a file: a range of bytes.
#[derive(Clone)]
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

    /// The file as a whole.
    #[must_use]
    pub fn whole(file: &Arc<SourceFile>) -> Self {
        Self::new(file, 0..0)
    }

    /// The line of its first byte. Lines count from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.file.line_at(self.range.start).0
    }

    /// The column of its first character. Columns count characters, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        let (_, start) = self.file.line_at(self.range.start);
        self.file.text[start..self.range.start].chars().count() + 1
    }

    /// The text at this place.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.file.text[self.range.clone()]
    }
}

/// A place as programs read it.
#[derive(Serialize, JsonSchema)]
#[schemars(rename = "Place")]
struct FileAndLine<'a> {
    /// The path, as a code host has it.
    file: &'a str,
    /// The line, from 1.
    line: usize,
}

impl Serialize for Span {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        FileAndLine { file: &self.file.path, line: self.line() }.serialize(serializer)
    }
}

impl JsonSchema for Span {
    fn schema_name() -> Cow<'static, str> {
        FileAndLine::schema_name()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        FileAndLine::json_schema(generator)
    }
}

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.path, self.line(), self.column())
    }
}
