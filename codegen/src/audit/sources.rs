//! The source files of a client.
//!
//! Takes the paths that were named and returns the files that a person wrote in a language that is known. Folders are walked as
//! git would; tests, and what no person wrote, are passed over. Nothing here looks into a file.

use std::path::Path;
use std::sync::Arc;

use ignore::WalkBuilder;

use super::lexer::Language;
use crate::text::{Diagnostic, SourceFile, display_path, read_bytes};

/// What is read of the paths that were named.
#[derive(Debug, Default)]
pub struct Sources {
    pub(super) files: Vec<(Arc<SourceFile>, Language)>,
    /// What was named and cannot be read, and files of a known language that cannot be.
    pub found: Vec<Diagnostic>,
}

/// Lines above this are not written by people.
const LONGEST_LINE: usize = 20_000;
/// Nobody knows what is in it.
const NOT_READ: &str = "not-read";

impl Sources {
    /// Reads files, and the files below folders.
    #[must_use]
    pub fn read(paths: &[impl AsRef<Path>]) -> Self {
        let mut sources = Self::default();
        for path in paths.iter().map(AsRef::as_ref) {
            if path.is_dir() {
                sources.add_folder(path);
            } else {
                sources.add(path, language(path).unwrap_or(Language::USUAL), Diagnostic::error);
            }
        }
        sources
    }

    /// Adds a source that was read somewhere else.
    pub fn insert(&mut self, path: &str, text: &str) {
        let language = language(Path::new(path)).unwrap_or(Language::USUAL);
        self.files.push((SourceFile::new(path, text), language));
    }

    /// Whether all that was named can be read.
    #[must_use]
    pub fn is_usable(&self) -> bool {
        !Diagnostic::any_error(&self.found)
    }

    /// Whether all that was found can be read.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.found.iter().all(|found| found.rule != NOT_READ)
    }

    fn add_folder(&mut self, folder: &Path) {
        let before = self.files.len();
        let is_test = |path: &Path| path.strip_prefix(folder).is_ok_and(is_test);
        let mut walk = WalkBuilder::new(folder);
        // A copy of the crate is held against its tables by `vendor --check`.
        walk.filter_entry(|entry| entry.depth() == 0 || !entry.path().join("VENDORED.toml").is_file());
        let walk = walk.require_git(false).sort_by_file_path(Path::cmp).build();
        for entry in walk {
            match entry.map(|entry| (language(entry.path()), entry)) {
                Ok((Some(language), entry)) if entry.file_type().is_some_and(|kind| kind.is_file()) && !is_test(entry.path()) => {
                    self.add(entry.path(), language, Diagnostic::warning);
                }
                Ok(_) => {}
                Err(why) => {
                    let why = format!("cannot read all of it: {why}");
                    self.found.push(Diagnostic::warning(NOT_READ, why).in_file(display_path(folder)));
                }
            }
        }
        if self.files.len() == before {
            let why = "the folder has no source file in a language that is known, or git ignores all";
            self.found.push(Diagnostic::error("not-a-source", why).in_file(display_path(folder)));
        }
    }

    /// Adds a file, or what is wrong with it: an error for what was named, a warning for what was found.
    fn add(&mut self, path: &Path, language: Language, new: fn(&'static str, String) -> Diagnostic) {
        let read = read_bytes(path).map_err(|reason| (NOT_READ, format!("cannot read it: {reason}")));
        match read.and_then(|bytes| text(&bytes).map_err(|why| ("not-a-source", why.to_owned()))) {
            Ok(text) => self.files.push((SourceFile::new(display_path(path), text), language)),
            Err((rule, why)) => self.found.push(new(rule, why).in_file(display_path(path))),
        }
    }
}

fn language(path: &Path) -> Option<Language> {
    Language::of_ending(path.extension()?.to_str()?)
}

/// Whether a file is a test by its name or its folder.
fn is_test(path: &Path) -> bool {
    const FOLDERS: &[&str] = &["test", "tests", "__tests__", "spec", "node_modules", "vendor", "dist"];
    let is_folder = path.iter().any(|part| FOLDERS.iter().any(|folder| part == *folder));
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    is_folder || stem.starts_with("test_") || [".test", ".spec", "_test", "_spec"].iter().any(|end| stem.ends_with(end))
}

/// The text of a file, or why it is no source. A character in another encoding is in a comment or in a text, and does not matter.
fn text(bytes: &[u8]) -> Result<String, &'static str> {
    if bytes.contains(&0) {
        return Err("it is binary, or UTF-16: it is no source");
    }
    if bytes.split(|byte| *byte == b'\n').any(|line| line.len() > LONGEST_LINE) {
        return Err("it is minified: it has a line of more than 20,000 bytes; name the source that it is made of");
    }
    Ok(String::from_utf8_lossy(bytes).into_owned())
}
