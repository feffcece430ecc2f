//! The only place that writes rendered files.
//!
//! A folder is brought in step with a [`Tree`], or held against it. A file that bears the generator's mark but is no longer
//! rendered is stale and goes; a file without the mark is a person's, is never touched, and is reported.

use std::collections::{BTreeMap, BTreeSet};

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use similar::TextDiff;
use tempfile::NamedTempFile;

use crate::text::{digest as fingerprint, display_path as shown};
use crate::tree::{MARK, Tree};

/// Whether to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Bring the folder in step.
    Write,
    /// Only tell what differs.
    Verify,
}

/// How the files of a folder that we wrote are told from those of a person.
#[derive(Clone, Copy, Debug)]
pub enum Owner<'a> {
    /// The whole folder is ours; what we wrote bears the mark.
    Whole,
    /// What we wrote stands in a list, with the fingerprint of each text; other files are none of our business.
    Listed(&'a BTreeMap<String, String>),
    /// The same, and edits of a person are overwritten.
    ListedAndForced(&'a BTreeMap<String, String>),
}

/// One difference between a folder and what it should hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The path under the root.
    pub path: String,
    /// What is the matter with it.
    pub kind: DriftKind,
}

impl Drift {
    /// Whether it is a person's, so that nothing may be written.
    #[must_use]
    pub fn is_in_the_way(&self) -> bool {
        matches!(self.kind, DriftKind::Foreign | DriftKind::Edited { .. })
    }
}

/// What is the matter with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DriftKind {
    /// It should be there.
    Missing,
    /// Its text is another.
    Changed {
        /// The difference, as a unified diff from what is there to what should be.
        diff: String,
    },
    /// It was rendered once and is no longer.
    Stale,
    /// It was not rendered.
    Foreign,
    /// A person has changed it since we wrote it, or has put a file of their own in its place.
    Edited {
        /// The difference, as a unified diff from what is there to what should be.
        diff: String,
    },
}

/// A file or folder that could not be read or written.
#[derive(Debug)]
pub struct SyncError {
    /// What was tried.
    pub action: &'static str,
    /// On which path.
    pub path: PathBuf,
    /// What came of it.
    pub error: io::Error,
}

impl std::fmt::Display for SyncError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot {} {}: {}", self.action, shown(&self.path), self.error)
    }
}

impl std::error::Error for SyncError {}

/// Brings a folder in step with a tree, or tells what differs.
///
/// In mode [`Write`](Mode::Write) the differences that are returned have been mended, except foreign and edited files: when
/// there is one, nothing at all is written.
pub fn sync(tree: &Tree, root: &Path, mode: Mode, owner: Owner<'_>) -> Result<Vec<Drift>, SyncError> {
    let drift = compare(tree, root, owner)?;
    if mode == Mode::Write && !drift.iter().any(Drift::is_in_the_way) {
        let changed = drift.iter().filter_map(|drift| tree.get(&drift.path).map(|text| (root.join(&drift.path), text)));
        write(&changed.collect::<Vec<_>>())?;
        for stale in drift.iter().filter(|drift| drift.kind == DriftKind::Stale) {
            remove(&root.join(&stale.path), root)?;
        }
    }
    Ok(drift)
}

/// Replaces files, each in one step, so that no reader ever sees half of one.
///
/// All texts are on the disk before the first file is replaced: a disk that is full or a folder that cannot be written
/// leaves every file as it was.
pub fn write(files: &[(PathBuf, &str)]) -> Result<(), SyncError> {
    let staged: Vec<(NamedTempFile, &Path)> =
        files.iter().map(|(path, text)| Ok((stage(path, text)?, path.as_path()))).collect::<Result<_, SyncError>>()?;
    for (file, path) in staged {
        file.persist(path).map_err(|error| SyncError { action: "write", path: path.to_owned(), error: error.error })?;
    }
    Ok(())
}

/// Puts a text on the disk beside the file that it will replace.
fn stage(path: &Path, text: &str) -> Result<NamedTempFile, SyncError> {
    let failed = |error: io::Error| SyncError { action: "write", path: path.to_owned(), error };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let mut options = tempfile::Builder::new();
    #[cfg(unix)]
    options.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = options.tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    Ok(file)
}

fn compare(tree: &Tree, root: &Path, owner: Owner<'_>) -> Result<Vec<Drift>, SyncError> {
    let mut drift = Vec::new();
    let present = present(root)?;
    for (path, text) in tree.iter() {
        let full = root.join(path);
        let kind = match fs::read(&full) {
            Ok(bytes) if bytes == text.as_bytes() => continue,
            Ok(bytes) => {
                let there = String::from_utf8_lossy(&bytes);
                let diff = unified(path, &there, text);
                if is_edited(path, &there, owner) { DriftKind::Edited { diff } } else { DriftKind::Changed { diff } }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => DriftKind::Missing,
            Err(error) => return Err(SyncError { action: "read", path: full, error }),
        };
        drift.push(Drift { path: path.to_owned(), kind });
    }
    for path in present {
        if tree.get(&path).is_none() {
            drift.extend(left_over(&path, root, owner).map(|kind| Drift { path, kind }));
        }
    }
    drift.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(drift)
}

/// Whether a person has changed a file since we wrote it.
fn is_edited(path: &str, there: &str, owner: Owner<'_>) -> bool {
    match owner {
        Owner::Whole | Owner::ListedAndForced(_) => false,
        Owner::Listed(files) => files.get(path).is_none_or(|ours| *ours != fingerprint(there)),
    }
}

/// What is the matter with a file that is not rendered, if anything is.
fn left_over(path: &str, root: &Path, owner: Owner<'_>) -> Option<DriftKind> {
    match owner {
        Owner::Whole if bears_mark(&root.join(path)) => Some(DriftKind::Stale),
        Owner::Whole => Some(DriftKind::Foreign),
        Owner::Listed(files) => {
            let ours = files.get(path)?;
            let there = fs::read_to_string(root.join(path)).unwrap_or_default();
            let edited = *ours != fingerprint(&there);
            Some(if edited { DriftKind::Edited { diff: unified(path, &there, "") } } else { DriftKind::Stale })
        }
        Owner::ListedAndForced(files) => files.contains_key(path).then_some(DriftKind::Stale),
    }
}

/// The paths of all files below a folder. A link counts as a file.
fn present(root: &Path) -> Result<BTreeSet<String>, SyncError> {
    let mut files = BTreeSet::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |error: io::Error| SyncError { action: "read the folder", path: folder.clone(), error };
        let listing = match fs::read_dir(&folder) {
            Err(error) if error.kind() == io::ErrorKind::NotFound && folder == root => break,
            listing => listing.map_err(failed)?,
        };
        for entry in listing {
            let entry = entry.map_err(failed)?;
            if entry.file_type().map_err(failed)?.is_dir() {
                folders.push(entry.path());
            } else if let Ok(path) = entry.path().strip_prefix(root) {
                files.insert(shown(path));
            }
        }
    }
    Ok(files)
}

/// Whether the top of a file says that it was rendered.
fn bears_mark(path: &Path) -> bool {
    let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    !is_link && fs::read_to_string(path).is_ok_and(|text| text.lines().take(3).any(|line| line.contains(MARK)))
}

/// Removes a file, and the folders that are empty without it.
fn remove(path: &Path, root: &Path) -> Result<(), SyncError> {
    fs::remove_file(path).map_err(|error| SyncError { action: "remove", path: path.to_owned(), error })?;
    let parents = path.ancestors().skip(1).take_while(|folder| *folder != root);
    for folder in parents {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

fn unified(path: &str, there: &str, wanted: &str) -> String {
    let diff = TextDiff::from_lines(there, wanted);
    diff.unified_diff().header(&format!("{path} (on disk)"), &format!("{path} (from the tables)")).to_string()
}
