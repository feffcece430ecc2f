//! Texts and places in them.
//!
//! A [`Span`] has its file with it, so that an error can point at the place. Nothing here reads a file.

use std::fmt;
use std::ops::Range;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::Diagnostic;

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
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is no text.
    pub fn read(path: &Path) -> Result<Arc<Self>, Diagnostic> {
        super::read_file(path)
    }

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

impl fmt::Debug for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file.path, self.line(), self.column())
    }
}
