//! A folder of small text files in memory: read from the disk, or from a revision of a git repository.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;
use std::sync::Arc;

use crate::text::{Diagnostic, SourceFile, counted, display_path, visible};

/// A folder and the files below it, by their paths with forward slashes.
#[derive(Debug, Default)]
pub struct Files {
    /// The name of the folder.
    pub root: String,
    entries: BTreeMap<String, Result<Arc<SourceFile>, String>>,
}

/// How many folders below the root are looked into.
const DEEPEST: usize = 3;

impl Files {
    /// An empty folder.
    #[must_use]
    pub fn new(root: impl Into<String>) -> Self {
        Self { root: root.into(), entries: BTreeMap::new() }
    }

    /// Reads a folder. A file that cannot be read keeps its place, with the reason.
    ///
    /// Names that start with a dot belong to editors and version control and are left out.
    ///
    /// # Errors
    ///
    /// If the folder itself cannot be read.
    pub fn from_folder(folder: &Path) -> Result<Self, Diagnostic> {
        Self::from_folder_named(folder, display_path(folder))
    }

    /// Reads a folder that may not be there yet: then it is empty.
    ///
    /// # Errors
    ///
    /// If the folder itself cannot be read.
    pub fn from_new_folder(folder: &Path) -> Result<Self, Diagnostic> {
        if folder.symlink_metadata().is_err() { Ok(Self::new(display_path(folder))) } else { Self::from_folder(folder) }
    }

    /// Reads a folder that is shown under another name, such as by its path in a repository.
    ///
    /// # Errors
    ///
    /// If the folder itself cannot be read.
    pub fn from_folder_named(folder: &Path, name: impl Into<String>) -> Result<Self, Diagnostic> {
        let mut files = Self::new(name);
        files.add_folder(folder, "", 0).map_err(|error| {
            Diagnostic::error("unreadable-folder", format!("cannot read the folder: {error}"))
                .in_file(display_path(folder))
                .help("name the folder of tables with `--codes`")
        })?;
        Ok(files)
    }

    /// Adds a file.
    pub fn insert(&mut self, path: impl Into<String>, bytes: Vec<u8>) {
        let path = path.into();
        let source = decode(bytes).map(|text| SourceFile::new(self.display(&path), text));
        self.entries.insert(path, source);
    }

    /// Adds a file that was read somewhere else, and is named as it is there.
    pub fn insert_source(&mut self, path: impl Into<String>, source: Arc<SourceFile>) {
        self.entries.insert(path.into(), Ok(source));
    }

    /// The path of a file as it is shown.
    #[must_use]
    pub fn display(&self, path: &str) -> String {
        visible(&if self.root.is_empty() { path.to_owned() } else { format!("{}/{path}", self.root) })
    }

    /// All paths, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.entries.keys().map(String::as_str)
    }

    /// A file.
    ///
    /// # Errors
    ///
    /// If it cannot be read.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Result<Arc<SourceFile>, Diagnostic>> {
        let entry = self.entries.get(path)?.clone();
        Some(entry.map_err(|reason| unreadable(self.display(path), &reason)))
    }

    fn add_folder(&mut self, folder: &Path, prefix: &str, depth: usize) -> io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') {
                continue;
            }
            let path = format!("{prefix}{name}");
            // What cannot be read keeps its place, with the reason: a folder like a file.
            let read = match fs::metadata(entry.path()) {
                Ok(metadata) if metadata.is_dir() && depth < DEEPEST => {
                    self.add_folder(&entry.path(), &format!("{path}/"), depth + 1).map_err(|error| error.to_string())
                }
                Ok(metadata) if metadata.is_dir() => Err("it is a folder".to_owned()),
                Ok(metadata) if metadata.is_file() && is_read(&name) => {
                    read_bytes(&entry.path()).map(|bytes| self.insert(path.clone(), bytes))
                }
                Ok(_) => Err("it is not a text file of tables".to_owned()),
                Err(error) => Err(error.to_string()),
            };
            if let Err(reason) = read {
                self.entries.insert(path, Err(reason));
            }
        }
        Ok(())
    }
}

/// Whether a file of this name is read. Others only take part with their names.
fn is_read(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
    matches!(extension, Some("toml" | "md" | "json")) || extension.is_none()
}

/// How large a page, a source or a table may be. What is larger is refused before memory is taken for it.
const LARGEST: u64 = 16 << 20;

/// How much all versions of pages may have together.
const TOGETHER: u64 = 16 * LARGEST;

/// Whether a file of so many bytes is read.
///
/// # Errors
///
/// If it is too large: its size, and that of the largest.
pub(crate) fn fits(size: u64) -> Result<(), String> {
    within(size, LARGEST).map_err(|too_much| format!("it has {too_much}"))
}

/// Whether so many files of so many bytes are read at once.
///
/// # Errors
///
/// If they are too large: their size, and that of the largest.
pub(crate) fn fits_together(size: u64, count: usize) -> Result<(), String> {
    within(size, TOGETHER).map_err(|too_much| format!("{} have together {too_much}", counted(count, "text")))
}

fn within(size: u64, most: u64) -> Result<(), String> {
    let megabytes = |size: u64| size.div_ceil(1 << 20);
    if size <= most { Ok(()) } else { Err(format!("{} MB; nothing above {} MB is read", megabytes(size), megabytes(most))) }
}

/// The bytes of a plain file that is not too large.
///
/// # Errors
///
/// If it is neither, or cannot be read.
pub(crate) fn read_bytes(path: &Path) -> Result<Vec<u8>, String> {
    let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
    if !metadata.is_file() {
        return Err("it is not a file".to_owned());
    }
    fits(metadata.len())?;
    let mut bytes = Vec::new();
    // Not every file says how large it is.
    File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes)).map_err(|error| error.to_string())?;
    fits(bytes.len() as u64)?;
    Ok(bytes)
}

impl SourceFile {
    /// Reads a file.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is not UTF-8.
    pub fn read(path: &Path) -> Result<Arc<Self>, Diagnostic> {
        let display = display_path(path);
        let text = read_bytes(path).and_then(decode);
        text.map(|text| Self::new(display.clone(), text)).map_err(|reason| unreadable(display, &reason))
    }
}

fn unreadable(path: String, reason: &str) -> Diagnostic {
    Diagnostic::error("unreadable-file", format!("cannot read the file: {reason}")).in_file(path)
}

/// Bytes as text. A byte-order mark is dropped.
fn decode(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        return Err("it is UTF-16; save it as UTF-8".to_owned());
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").map(<[u8]>::to_vec).unwrap_or(bytes);
    String::from_utf8(bytes).map_err(|error| {
        let valid = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = valid.split(|byte| *byte == b'\n').count();
        format!("line {line} is not UTF-8; save it as UTF-8")
    })
}
