//! The source files of a client.
//!
//! Takes the paths that were named and returns the files that a person wrote in a language that is known. Folders are walked as
//! git would; tests, and what no person wrote, are passed over. Nothing here looks into a file.

use std::path::Path;
use std::sync::Arc;
use std::{fs, io};

use ignore::WalkBuilder;

use super::lexer::Language;
use crate::text::{Diagnostic, SourceFile, display_path};

/// What is read of the paths that were named.
#[derive(Debug, Default)]
pub struct Sources {
    pub(super) files: Vec<(Arc<SourceFile>, Language)>,
    /// What was named and cannot be read, and files of a known language that cannot be.
    pub found: Vec<Diagnostic>,
}

/// Files above this are not written by people.
const LARGEST: u64 = 2 << 20;
/// Nor are lines above this.
const LONGEST_LINE: usize = 20_000;

impl Sources {
    /// Reads files, and the files below folders.
    #[must_use]
    pub fn read(paths: &[impl AsRef<Path>]) -> Self {
        let mut sources = Self::default();
        for path in paths.iter().map(AsRef::as_ref) {
            let before = sources.files.len();
            match fs::metadata(path) {
                Ok(metadata) if metadata.is_dir() => {
                    sources.add_folder(path);
                    if sources.files.len() == before {
                        sources.refuse(path, true, "the folder has no source file in a language that is known");
                    }
                }
                Ok(metadata) if metadata.is_file() => {
                    let language = language(path).unwrap_or(Language::UNKNOWN);
                    sources.add(path, metadata.len(), language, true);
                }
                Ok(_) => sources.refuse(path, true, "it is neither a file nor a folder"),
                Err(error) => sources.refuse(path, true, &format!("cannot read it: {error}")),
            }
        }
        sources
    }

    /// Adds a source that was read somewhere else.
    pub fn insert(&mut self, path: &str, text: &str) {
        let language = language(Path::new(path)).unwrap_or(Language::UNKNOWN);
        self.files.push((SourceFile::new(path, text), language));
    }

    /// Whether something that was named cannot be read.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        !Diagnostic::any_error(&self.found)
    }

    fn add_folder(&mut self, folder: &Path) {
        let is_test = |path: &Path| path.strip_prefix(folder).is_ok_and(is_test);
        let mut walk = WalkBuilder::new(folder);
        // A copy of the crate is held against its tables by `vendor --check`.
        walk.filter_entry(|entry| entry.depth() == 0 || !entry.path().join("VENDORED.toml").is_file());
        for entry in walk
            .require_git(false)
            .sort_by_file_path(Path::cmp)
            .build()
            .filter_map(Result::ok)
            .filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
        {
            let path = entry.path();
            if let Some(language) = language(path).filter(|_| !is_test(path)) {
                self.add(path, entry.metadata().map_or(0, |metadata| metadata.len()), language, false);
            }
        }
    }

    fn add(&mut self, path: &Path, bytes: u64, language: Language, is_named: bool) {
        if bytes > LARGEST {
            let size = bytes >> 20;
            return self.refuse(
                path,
                is_named,
                &format!("it has {size} MB: no person wrote it; name the source that it is made of"),
            );
        }
        match fs::read(path).and_then(text) {
            Ok(text) if text.lines().any(|line| line.len() > LONGEST_LINE) => {
                self.refuse(
                    path,
                    is_named,
                    "it is minified: it has a line of more than 20,000 characters; name the source that it is made of",
                );
            }
            Ok(text) => self.files.push((SourceFile::new(display_path(path), text), language)),
            Err(error) => self.refuse(path, is_named, &error.to_string()),
        }
    }

    /// An error for what was named, a warning for what was found.
    fn refuse(&mut self, path: &Path, is_named: bool, why: &str) {
        let new = if is_named { Diagnostic::error } else { Diagnostic::warning };
        self.found.push(new("not-a-source", why.to_owned()).in_file(display_path(path)));
    }
}

fn language(path: &Path) -> Option<Language> {
    Language::of_ending(path.extension()?.to_str()?)
}

/// Whether a file is a test by its name or its folder.
fn is_test(path: &Path) -> bool {
    const FOLDERS: &[&str] = &["test", "tests", "__tests__", "spec", "node_modules", "vendor", "dist"];
    let is_folder = path.iter().any(|part| part.to_str().is_some_and(|part| FOLDERS.contains(&part)));
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    is_folder || stem.starts_with("test_") || [".test", ".spec", "_test", "_spec"].iter().any(|end| stem.ends_with(end))
}

/// Bytes as text. A character in another encoding is in a comment or in a text, and does not matter.
fn text(bytes: Vec<u8>) -> io::Result<String> {
    if bytes.contains(&0) {
        return Err(io::Error::other("it is binary, or UTF-16: it is no source"));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
