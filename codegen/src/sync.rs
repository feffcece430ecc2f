//! The only place that writes rendered files.
//!
//! In come a [`Tree`] and a folder. Either the folder is made equal to the tree, or the differences are returned. A generated
//! file that is no longer rendered is removed. A file that was not generated is never touched: it is reported, and nothing is
//! written. Nothing outside of the folder is written, and no symbolic link is followed.

use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use similar::TextDiff;
use tempfile::NamedTempFile;

use crate::text::{digest, display_path};
use crate::tree::{MARK, Tree};

/// Whether to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Make the folder equal to the tree.
    Write,
    /// Only return the differences.
    Verify,
}

/// Which files of a folder are generated.
#[derive(Clone, Copy, Debug)]
pub enum Owner<'a> {
    /// All files: each has the generator's mark.
    Whole,
    /// Those of the tree. Other files are not looked at.
    Rendered,
    /// Those in a list, with the digest of each text as it was written. Other files are not looked at.
    Listed {
        /// The digest of each file.
        digests: &'a BTreeMap<String, String>,
        /// Whether to overwrite files that a person has edited.
        overwrite: bool,
    },
}

/// One difference between a folder and what it should contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The path under the root.
    pub path: String,
    /// How it differs.
    pub kind: DriftKind,
}

impl Drift {
    /// Whether a person wrote it, so that nothing may be written.
    #[must_use]
    pub fn blocks(&self) -> bool {
        matches!(self.kind, DriftKind::Foreign | DriftKind::Edited { .. })
    }
}

/// How a file differs. A difference is a unified diff from the text on the disk to the text that was rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DriftKind {
    /// It is not there.
    Missing,
    /// Its text differs.
    Changed {
        /// The difference.
        diff: String,
    },
    /// It was rendered once and no longer is.
    Stale,
    /// It was never rendered.
    Foreign,
    /// A person has changed it since it was written, or has another file in its place.
    Edited {
        /// The difference.
        diff: String,
    },
}

/// A file or folder that could not be read or written.
#[derive(Debug)]
pub struct SyncError {
    /// What was tried.
    pub action: &'static str,
    /// The path.
    pub path: PathBuf,
    /// Why it failed.
    pub error: io::Error,
}

impl std::fmt::Display for SyncError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot {} {}: {}", self.action, display_path(&self.path), self.error)
    }
}

impl std::error::Error for SyncError {}

/// Makes a folder equal to a tree, or returns how it differs.
///
/// In mode [`Write`](Mode::Write) the returned differences no longer exist, unless one of them [blocks](Drift::blocks): then
/// nothing at all is written.
///
/// # Errors
///
/// If a file cannot be read or written, or another run writes into the folder at the same time.
pub fn sync(tree: &Tree, root: &Path, mode: Mode, owner: Owner<'_>) -> Result<Vec<Drift>, SyncError> {
    let drift = compare(tree, root, owner)?;
    if mode == Mode::Write && !drift.is_empty() && !drift.iter().any(Drift::blocks) {
        let changed = drift.iter().filter_map(|drift| tree.get(&drift.path).map(|text| (drift.path.as_str(), text)));
        let stale = drift.iter().filter(|drift| drift.kind == DriftKind::Stale).map(|drift| drift.path.as_str());
        write(root, &changed.collect::<Vec<_>>(), &stale.collect::<Vec<_>>())?;
    }
    Ok(drift)
}

/// Replaces some files of a folder, and removes others. Paths are relative to the folder.
///
/// All texts are on the disk before the first file is replaced, and each file is replaced in one step: when the disk is full or
/// a folder cannot be written, every file is as it was, and at no time does a reader see half of one.
///
/// # Errors
///
/// If a file cannot be written, or another run writes into the folder at the same time.
pub fn write(root: &Path, changed: &[(&str, &str)], stale: &[&str]) -> Result<(), SyncError> {
    if changed.is_empty() && stale.is_empty() {
        return Ok(());
    }
    let _lock = lock(root)?;
    for (path, _) in changed {
        no_link_above(root, path)?;
    }
    let staged = changed.iter().map(|(path, text)| Ok((stage(&root.join(path), text)?, root.join(path))));
    let staged: Vec<(NamedTempFile, PathBuf)> = staged.collect::<Result<_, SyncError>>()?;
    for (file, path) in staged {
        file.persist(&path).map_err(|error| SyncError { action: "write", path, error: error.error })?;
    }
    stale.iter().try_for_each(|path| remove(&root.join(path), root))
}

/// Keeps other runs from writing into a folder until it is dropped, or the process ends for whatever reason.
///
/// The locked file is in the folder for temporary files, so that it never appears among a person's files.
fn lock(root: &Path) -> Result<File, SyncError> {
    let failed = |error| SyncError { action: "write into", path: root.to_owned(), error };
    let name = fs::canonicalize(root).unwrap_or_else(|_| root.to_owned());
    let file = format!("wirecodes-{}.lock", &digest(&name.to_string_lossy())[..16]);
    let file = File::options().create(true).truncate(false).write(true).open(env::temp_dir().join(file)).map_err(failed)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => {
            Err(failed(io::Error::other("another run is writing there; try again when it has ended")))
        }
        Err(TryLockError::Error(error)) => Err(failed(error)),
    }
}

/// Rejects a path that leads through a symbolic link: it could lead out of the folder.
fn no_link_above(root: &Path, path: &str) -> Result<(), SyncError> {
    let below = Path::new(path).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    for folder in below.map(|folder| root.join(folder)) {
        if folder.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink()) {
            let error = io::Error::other("it is a symbolic link; remove it");
            return Err(SyncError { action: "write into", path: folder, error });
        }
    }
    Ok(())
}

/// The start of the name of a file that is being written.
const STAGED: &str = ".wirecodes-";

/// Writes a text to the disk beside the file that it will replace, and removes what an interrupted run left there.
fn stage(path: &Path, text: &str) -> Result<NamedTempFile, SyncError> {
    let failed = |error: io::Error| SyncError { action: "write", path: path.to_owned(), error };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let mut options = tempfile::Builder::new();
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let prefix = format!("{STAGED}{name}-");
    remove_left_over(folder, &prefix).map_err(failed)?;
    options.prefix(&prefix);
    #[cfg(unix)]
    options.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    let mut file = options.tempfile_in(folder).map_err(failed)?;
    file.write_all(text.as_bytes()).map_err(failed)?;
    Ok(file)
}

/// Removes staged files of a run that was interrupted. No other run is writing: the folder is locked.
fn remove_left_over(folder: &Path, prefix: &str) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(prefix) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}

fn compare(tree: &Tree, root: &Path, owner: Owner<'_>) -> Result<Vec<Drift>, SyncError> {
    let mut drift = Vec::new();
    for (path, text) in tree.iter() {
        no_link_above(root, path)?;
        let full = root.join(path);
        let kind = match fs::read(&full) {
            Ok(bytes) => {
                let present = String::from_utf8_lossy(&bytes);
                if with_line_feeds(&present) == text {
                    continue;
                }
                let diff = unified(path, &present, text);
                if is_edited(path, &present, owner) { DriftKind::Edited { diff } } else { DriftKind::Changed { diff } }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => DriftKind::Missing,
            Err(error) => return Err(SyncError { action: "read", path: full, error }),
        };
        drift.push(Drift { path: path.to_owned(), kind });
    }
    drift.extend(left_over(tree, root, owner)?);
    drift.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(drift)
}

/// A text as it was written, also where version control has changed its line ends on check-out.
fn with_line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Whether a person has changed a file since it was written.
fn is_edited(path: &str, present: &str, owner: Owner<'_>) -> bool {
    match owner {
        Owner::Whole | Owner::Rendered => false,
        Owner::Listed { digests, overwrite } => {
            !overwrite && digests.get(path).is_none_or(|written| *written != digest(&with_line_feeds(present)))
        }
    }
}

/// The files that are there and are not rendered.
fn left_over(tree: &Tree, root: &Path, owner: Owner<'_>) -> Result<Vec<Drift>, SyncError> {
    let mut drift = Vec::new();
    match owner {
        Owner::Rendered => {}
        Owner::Whole => {
            for path in present(root)?.into_iter().filter(|path| tree.get(path).is_none()) {
                let kind = if has_mark(&root.join(&path)) { DriftKind::Stale } else { DriftKind::Foreign };
                drift.push(Drift { path, kind });
            }
        }
        Owner::Listed { digests, .. } => {
            for path in digests.keys().filter(|path| tree.get(path).is_none()) {
                no_link_above(root, path)?;
                let Ok(present) = fs::read_to_string(root.join(path)) else { continue };
                let kind = if is_edited(path, &present, owner) {
                    DriftKind::Edited { diff: unified(path, &present, "") }
                } else {
                    DriftKind::Stale
                };
                drift.push(Drift { path: path.clone(), kind });
            }
        }
    }
    Ok(drift)
}

/// What cargo leaves in the folder of a crate.
const OF_CARGO: [&str; 2] = ["Cargo.lock", "target"];

/// The paths of all files below a folder. A link counts as a file. Names that start with a dot, and what cargo writes, belong to
/// other programs.
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
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || (folder == root && OF_CARGO.contains(&name.as_str())) {
                continue;
            }
            if entry.file_type().map_err(failed)?.is_dir() {
                folders.push(entry.path());
            } else if let Ok(path) = entry.path().strip_prefix(root) {
                files.insert(display_path(path));
            }
        }
    }
    Ok(files)
}

/// Whether the first lines of a file say that it was generated.
fn has_mark(path: &Path) -> bool {
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

fn unified(path: &str, present: &str, rendered: &str) -> String {
    let diff = TextDiff::from_lines(present, rendered);
    diff.unified_diff().header(&format!("{path} (on disk)"), &format!("{path} (from the tables)")).to_string()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use super::{DriftKind, Mode, Owner, lock, sync, write};
    use crate::tree::{MARK, Tree};

    fn tree(files: &[(&str, &str)]) -> Tree {
        let mut tree = Tree::default();
        for (path, text) in files {
            tree.insert(*path, format!("// {MARK}\n{text}\n"));
        }
        tree
    }

    fn kinds(tree: &Tree, root: &std::path::Path, mode: Mode) -> Vec<(String, &'static str)> {
        let word = |kind: &DriftKind| match kind {
            DriftKind::Missing => "missing",
            DriftKind::Changed { .. } => "changed",
            DriftKind::Stale => "stale",
            DriftKind::Foreign => "foreign",
            DriftKind::Edited { .. } => "edited",
        };
        let drift = sync(tree, root, mode, Owner::Whole).expect("the folder can be read");
        drift.into_iter().map(|drift| (drift.path, word(&drift.kind))).collect()
    }

    #[test]
    fn a_folder_becomes_equal_to_the_tree() {
        let folder = tempfile::tempdir().expect("a folder");
        let (old, new) = (tree(&[("a", "1"), ("b/c", "2"), ("b/d", "3")]), tree(&[("a", "one"), ("b/d", "3"), ("e", "4")]));
        assert_eq!(kinds(&old, folder.path(), Mode::Write).len(), 3);
        let wanted = [("a", "changed"), ("b/c", "stale"), ("e", "missing")].map(|(path, kind)| (path.to_owned(), kind));
        assert_eq!(kinds(&new, folder.path(), Mode::Verify), wanted);
        assert_eq!(kinds(&new, folder.path(), Mode::Write), wanted);
        assert_eq!(kinds(&new, folder.path(), Mode::Write), []);
        assert!(!folder.path().join("b/c").exists());
    }

    #[test]
    fn a_foreign_file_or_link_blocks_and_survives() {
        let folder = tempfile::tempdir().expect("a folder");
        let tree = tree(&[("a", "1")]);
        fs::write(folder.path().join("mine"), "text").expect("a file");
        assert_eq!(kinds(&tree, folder.path(), Mode::Write), [("a".to_owned(), "missing"), ("mine".to_owned(), "foreign")]);
        assert!(!folder.path().join("a").exists());
        fs::remove_file(folder.path().join("mine")).expect("a file");
        #[cfg(unix)]
        {
            let other = tempfile::tempdir().expect("a folder");
            // A link to a generated file, and a link to a folder: both lead elsewhere.
            fs::write(other.path().join("generated"), format!("// {MARK}\n")).expect("a file");
            std::os::unix::fs::symlink(other.path().join("generated"), folder.path().join("link")).expect("a link");
            assert_eq!(kinds(&tree, folder.path(), Mode::Write), [("a".to_owned(), "missing"), ("link".to_owned(), "foreign")]);
            fs::remove_file(folder.path().join("link")).expect("a link");
            std::os::unix::fs::symlink(other.path(), folder.path().join("src")).expect("a link");
            let error = write(folder.path(), &[("src/x", "text")], &[]).expect_err("a link is not followed");
            assert!(error.to_string().contains("symbolic link"), "{error}");
            assert!(!other.path().join("x").exists());
        }
    }

    #[test]
    fn line_ends_of_a_check_out_are_no_difference() {
        let folder = tempfile::tempdir().expect("a folder");
        let tree = tree(&[("a", "1")]);
        fs::write(folder.path().join("a"), format!("// {MARK}\r\n1\r\n")).expect("a file");
        assert_eq!(kinds(&tree, folder.path(), Mode::Verify), []);
        for other in [".DS_Store", "Cargo.lock"] {
            fs::write(folder.path().join(other), "x").expect("a file");
        }
        assert_eq!(kinds(&tree, folder.path(), Mode::Verify), []);
    }

    #[test]
    fn edits_of_listed_files_are_found() {
        let folder = tempfile::tempdir().expect("a folder");
        let tree = tree(&[("a", "1")]);
        let text = tree.get("a").expect("a file").to_owned();
        let digests = BTreeMap::from([("a".to_owned(), crate::text::digest(&text)), ("b".to_owned(), String::new())]);
        fs::write(folder.path().join("a"), "edited").expect("a file");
        fs::write(folder.path().join("b"), "edited too").expect("a file");
        fs::write(folder.path().join("c"), "mine").expect("a file");
        let of =
            |overwrite| sync(&tree, folder.path(), Mode::Write, Owner::Listed { digests: &digests, overwrite }).expect("drift");
        assert_eq!(of(false).iter().filter(|drift| drift.blocks()).count(), 2);
        assert_eq!(fs::read_to_string(folder.path().join("a")).expect("a file"), "edited");
        let overwritten = of(true);
        assert!(matches!(overwritten[0].kind, DriftKind::Changed { .. }) && overwritten[1].kind == DriftKind::Stale);
        assert_eq!(fs::read_to_string(folder.path().join("a")).expect("a file"), text);
        assert!(!folder.path().join("b").exists() && folder.path().join("c").exists());
    }

    #[test]
    fn two_runs_at_once_do_not_mix() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = lock(folder.path()).expect("a lock");
        let error = write(folder.path(), &[("a", "1")], &[]).expect_err("the other run has the lock");
        assert!(error.to_string().contains("another run"), "{error}");
        drop(held);
        fs::write(folder.path().join(".wirecodes-a-123"), "half").expect("a file");
        write(folder.path(), &[("a", "1")], &[]).expect("the lock is free");
        assert!(!folder.path().join(".wirecodes-a-123").exists(), "a leftover stays");
    }
}
