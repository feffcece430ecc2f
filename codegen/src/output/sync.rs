//! The only place that writes rendered files.
//!
//! In come a [`Tree`] and a folder. Either the folder is made equal to the tree, or the differences are returned. A generated
//! file that is no longer rendered is removed. A file that was not generated is never touched: it is reported, and nothing is
//! written. Nothing outside of the folder is written, and no symbolic link below it is followed.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use similar::TextDiff;
use tempfile::NamedTempFile;

use crate::output::{MARK, Tree};
use crate::text::{digest, display_path};

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
    /// Those of the tree, which were made from the texts that were read at their paths. Other files are not looked at, and one
    /// that was changed since it was read is not overwritten.
    Read(&'a BTreeMap<String, String>),
    /// Those in a list. Other files are never touched; [`foreign`] names them.
    Listed {
        /// The list.
        list: &'a List,
        /// Whether to overwrite files that a person has edited.
        overwrite: bool,
    },
}

/// A list of generated files, which is itself one of the files of the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The path of the list.
    pub path: String,
    /// For each file the digests of the texts that may have been written there.
    pub digests: BTreeMap<String, Vec<String>>,
    /// The text of the list while files are being replaced: it has the old and the new digest of each.
    pub while_writing: String,
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
    /// The same, and it is overwritten or removed all the same, because that was asked for.
    Overwritten {
        /// The difference.
        diff: String,
    },
}

/// How a folder differs, a paragraph for each difference.
#[must_use]
pub(crate) fn drift_text(drift: &[Drift], root: &Path) -> String {
    let line = |difference: &Drift| {
        let path = format!("{}/{}", display_path(root), difference.path);
        match &difference.kind {
            DriftKind::Missing => format!("missing  {path}\n"),
            DriftKind::Stale => format!("stale    {path} (no longer generated)\n"),
            DriftKind::Foreign => format!("foreign  {path} (not generated)\n"),
            DriftKind::Changed { diff } => format!("changed  {path}\n{diff}\n"),
            DriftKind::Edited { diff } | DriftKind::Overwritten { diff } => {
                format!("edited   {path} (changed since it was written)\n{diff}\n")
            }
        }
    };
    drift.iter().map(line).collect()
}

/// What was written, and how much. What was edited there is printed too, so that nothing is lost without a word.
#[must_use]
pub(crate) fn written_text(drift: &[Drift], tree: &Tree, root: &Path) -> String {
    let is_removed = |difference: &&Drift| tree.get(&difference.path).is_none();
    let line = |difference: &Drift| {
        let path = format!("{}/{}", display_path(root), difference.path);
        match &difference.kind {
            DriftKind::Overwritten { diff } if is_removed(&difference) => format!("removed  {path} (it was edited)\n{diff}\n"),
            DriftKind::Overwritten { diff } => format!("overwrote  {path} (it was edited)\n{diff}\n"),
            DriftKind::Stale => format!("removed  {path}\n"),
            DriftKind::Missing => format!("added    {path}\n"),
            DriftKind::Changed { .. } | DriftKind::Foreign | DriftKind::Edited { .. } => format!("changed  {path}\n"),
        }
    };
    if drift.is_empty() {
        return String::new();
    }
    let removed = drift.iter().filter(is_removed).count();
    let and_removed = if removed == 0 { String::new() } else { format!(", {removed} removed") };
    let lines: String = drift.iter().map(line).collect();
    format!("{lines}{}: {} written{and_removed}\n", display_path(root), drift.len() - removed)
}

/// Writes texts below a folder, each with the text that was read at its path; or none of them, where one was changed since.
///
/// # Errors
///
/// If a file cannot be written, or was changed: a sentence that says so.
pub(crate) fn write_texts(root: &Path, texts: impl IntoIterator<Item = (String, Option<String>, String)>) -> Result<(), String> {
    let (mut tree, mut read) = (Tree::default(), BTreeMap::new());
    for (path, before, text) in texts {
        read.extend(before.map(|before| (path.clone(), before)));
        tree.insert(path, text);
    }
    let drift = sync(&tree, root, Mode::Write, Owner::Read(&read)).map_err(|error| error.to_string())?;
    let changed = drift.iter().find(|drift| drift.blocks()).map(|drift| display_path(&root.join(&drift.path)));
    changed.map_or(Ok(()), |path| Err(format!("{path} was changed by somebody else since it was read; run the command again")))
}

/// Why a folder cannot have what is written there, if it cannot: it is the folder of tables, or inside of it.
#[must_use]
pub(crate) fn is_among_tables(folder: &Path, codes: &Path) -> Option<String> {
    let existing = folder.ancestors().find_map(|ancestor| {
        let ancestor = if ancestor.as_os_str().is_empty() { Path::new(".") } else { ancestor };
        ancestor.canonicalize().ok()
    })?;
    existing
        .starts_with(codes.canonicalize().ok()?)
        .then(|| format!("{} is inside the folder of tables {}; name another folder", display_path(folder), display_path(codes)))
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
/// nothing at all is written. What an interrupted run left there is removed.
///
/// # Errors
///
/// If a file cannot be read or written, another run writes into the folder at the same time, or there is a symbolic link, a
/// folder or a pipe in the place of a file.
pub fn sync(tree: &Tree, root: &Path, mode: Mode, owner: Owner<'_>) -> Result<Vec<Drift>, SyncError> {
    let drift = compare(tree, root, owner)?;
    if mode == Mode::Verify || drift.is_empty() && left_behind(tree, root, owner).is_empty() {
        return Ok(drift);
    }
    let _lock = lock(root)?;
    // Another run may have ended since.
    let drift = compare(tree, root, owner)?;
    if !drift.iter().any(Drift::blocks) {
        for path in left_behind(tree, root, owner) {
            // Best effort; the next run tries again.
            let _ = fs::remove_file(path);
        }
        write(root, &steps(tree, &drift, owner))?;
    }
    Ok(drift)
}

/// One change of a folder. Each is done as a whole or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step<'a> {
    /// Replaces the file at a path by a text.
    Replace(&'a str, &'a str),
    /// Removes the file at a path.
    Remove(&'a str),
}

/// What removes the differences, in the order in which it is done.
///
/// Between any two steps the next run knows every file as generated, also when it starts from other tables: a list of files is
/// replaced first, by one that has the old and the new digests, and at the end by the one that was rendered.
fn steps<'a>(tree: &'a Tree, drift: &'a [Drift], owner: Owner<'a>) -> Vec<Step<'a>> {
    let list = match owner {
        Owner::Listed { list, .. } => Some(list),
        Owner::Whole | Owner::Rendered | Owner::Read(_) => None,
    };
    let is_list = |path: &str| list.is_some_and(|list| list.path == path);
    let (rendered, stale): (Vec<&Drift>, Vec<&Drift>) = drift.iter().partition(|drift| tree.get(&drift.path).is_some());
    let changed = rendered.into_iter().filter(|drift| !is_list(&drift.path));
    let mut steps = Vec::new();
    if let Some(list) = list.filter(|_| !drift.is_empty()) {
        steps.push(Step::Replace(&list.path, &list.while_writing));
    }
    steps.extend(changed.filter_map(|drift| Some(Step::Replace(&drift.path, tree.get(&drift.path)?))));
    steps.extend(stale.into_iter().map(|drift| Step::Remove(&drift.path)));
    if let Some(list) = list.filter(|_| !drift.is_empty()) {
        steps.extend(tree.get(&list.path).map(|text| Step::Replace(&list.path, text)));
    }
    steps
}

/// Does the steps.
///
/// All texts are on the disk before the first file is replaced, and each file is replaced in one step: when the disk is full or
/// a folder cannot be written, every file is as it was, and at no time does a reader see half of one.
fn write(root: &Path, steps: &[Step<'_>]) -> Result<(), SyncError> {
    let mut staged = Vec::new();
    for step in steps {
        staged.push(match step {
            Step::Replace(path, text) => Some(stage(&root.join(path), text)?),
            Step::Remove(_) => None,
        });
    }
    for (step, file) in steps.iter().zip(staged) {
        match (step, file) {
            (Step::Replace(path, _), Some(file)) => {
                let path = root.join(path);
                file.persist(&path).map_err(|error| SyncError { action: "write", path, error: error.error })?;
            }
            (Step::Replace(path, _) | Step::Remove(path), _) => remove(&root.join(path), root)?,
        }
    }
    Ok(())
}

/// Keeps other runs from writing into a folder until it is dropped, or the process ends for whatever reason.
///
/// A file system that has no locks is written without one: the files are whole all the same.
fn lock(root: &Path) -> Result<Option<File>, SyncError> {
    let failed = |error| SyncError { action: "write into", path: root.to_owned(), error };
    fs::create_dir_all(root).map_err(failed)?;
    // The folder itself is locked, so that no other file appears anywhere. Not every system can.
    let Ok(file) = File::open(root) else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => {
            Err(failed(io::Error::other("another run is writing there; try again when it has ended")))
        }
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// Rejects a path that could lead out of the folder: by its own words, or through a symbolic link.
fn stays_inside(root: &Path, path: &str) -> Result<(), SyncError> {
    if !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
        let error = io::Error::other("it leads out of the folder");
        return Err(SyncError { action: "read", path: root.join(path), error });
    }
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

/// Writes a text to the disk beside the file that it will replace, with the rights of that file.
fn stage(path: &Path, text: &str) -> Result<NamedTempFile, SyncError> {
    let failed = |error: io::Error| SyncError { action: "write", path: path.to_owned(), error: without_path(error) };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let mut options = tempfile::Builder::new();
    let prefix = staged_prefix(path);
    options.prefix(&prefix);
    #[cfg(unix)]
    options.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = options.tempfile_in(folder).map_err(failed)?;
    if let Ok(present) = path.symlink_metadata() {
        file.as_file().set_permissions(present.permissions()).map_err(failed)?;
    }
    file.write_all(text.as_bytes()).map_err(failed)?;
    Ok(file)
}

/// The error without the name of the staged file, which says nothing to a person: the name of the file is printed beside it.
fn without_path(error: io::Error) -> io::Error {
    // The crate that makes the file puts its name around the error, and does not hand out what is inside.
    if error.get_ref().is_some() { io::Error::from(error.kind()) } else { error }
}

/// The staged files of a run that was interrupted. A file counts as one only if a text that belongs there begins with all that is
/// in it: whatever else has such a name is somebody's own.
fn left_behind(tree: &Tree, root: &Path, owner: Owner<'_>) -> Vec<PathBuf> {
    let list = match owner {
        Owner::Listed { list, .. } => Some((list.path.as_str(), list.while_writing.as_str())),
        Owner::Whole | Owner::Rendered | Owner::Read(_) => None,
    };
    let mut texts: BTreeMap<&Path, Vec<(String, &str)>> = BTreeMap::new();
    for (path, text) in tree.iter().chain(list) {
        let path = Path::new(path);
        let folder = path.parent().unwrap_or(Path::new(""));
        texts.entry(folder).or_default().push((staged_prefix(path), text));
    }
    let mut found = Vec::new();
    for (folder, texts) in texts {
        for entry in fs::read_dir(root.join(folder)).into_iter().flatten().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if !name.starts_with(STAGED) || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
                continue;
            }
            let Ok(written) = fs::read(entry.path()) else { continue };
            let is_start = |(prefix, text): &(String, &str)| name.starts_with(prefix) && text.as_bytes().starts_with(&written);
            found.extend(texts.iter().any(is_start).then(|| entry.path()));
        }
    }
    found
}

/// The start of the name of a file that is being written, before it takes the place of another.
fn staged_prefix(path: &Path) -> String {
    format!("{STAGED}{}-", path.file_name().unwrap_or_default().to_string_lossy())
}

fn compare(tree: &Tree, root: &Path, owner: Owner<'_>) -> Result<Vec<Drift>, SyncError> {
    let mut drift = Vec::new();
    for (path, text) in tree.iter() {
        let present = text_at(root, path)?;
        if present.as_deref().is_some_and(|present| with_line_feeds(present) == text) {
            continue;
        }
        let edited = is_edited(path, present.as_deref(), owner);
        let diff = || unified(path, present.as_deref().unwrap_or_default(), text);
        let kind = match present {
            _ if edited => of_edited(diff(), owner),
            Some(_) => DriftKind::Changed { diff: diff() },
            None => DriftKind::Missing,
        };
        drift.push(Drift { path: path.to_owned(), kind });
    }
    drift.extend(left_over(tree, root, owner)?);
    drift.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(drift)
}

/// The text of a file below a folder, if there is one.
///
/// Nothing but a plain file is opened: a link could lead out of the folder, and reading from a pipe could take forever.
fn text_at(root: &Path, path: &str) -> Result<Option<String>, SyncError> {
    stays_inside(root, path)?;
    let full = root.join(path);
    let failed = |error: io::Error| SyncError { action: "read", path: full.clone(), error };
    let kind = match full.symlink_metadata() {
        Ok(metadata) => metadata.file_type(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if kind.is_symlink() {
        return Err(failed(io::Error::other("it is a symbolic link; remove it")));
    }
    if !kind.is_file() {
        return Err(failed(io::Error::other("it is not a file; remove it")));
    }
    match fs::read(&full) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(failed(error)),
    }
}

/// A text as it was written, also where version control has changed its line ends on check-out.
fn with_line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Whether a person, or another run, has changed a file since it was written or read.
fn is_edited(path: &str, present: Option<&str>, owner: Owner<'_>) -> bool {
    match owner {
        Owner::Whole | Owner::Rendered => false,
        Owner::Read(texts) => {
            let without_mark = present.map(|present| present.strip_prefix('\u{FEFF}').unwrap_or(present));
            texts.get(path).map(String::as_str) != without_mark
        }
        Owner::Listed { list, .. } => present.is_some_and(|present| {
            let digest = digest(&with_line_feeds(present));
            list.digests.get(path).is_none_or(|written| !written.contains(&digest))
        }),
    }
}

/// How a file differs that a person has changed.
fn of_edited(diff: String, owner: Owner<'_>) -> DriftKind {
    match owner {
        Owner::Listed { overwrite: true, .. } => DriftKind::Overwritten { diff },
        _ => DriftKind::Edited { diff },
    }
}

/// The files of a folder that are neither rendered nor in its list, nor what version control and cargo leave there.
///
/// # Errors
///
/// If the folder cannot be read.
pub fn foreign(tree: &Tree, root: &Path, list: &List) -> Result<Vec<Drift>, SyncError> {
    let is_known = |path: &String| tree.get(path).is_some() || list.digests.contains_key(path);
    let paths = present(root)?.into_iter().filter(|path| !is_known(path));
    Ok(paths.map(|path| Drift { path, kind: DriftKind::Foreign }).collect())
}

/// The files that are there and are not rendered.
fn left_over(tree: &Tree, root: &Path, owner: Owner<'_>) -> Result<Vec<Drift>, SyncError> {
    let mut drift = Vec::new();
    match owner {
        Owner::Rendered | Owner::Read(_) => {}
        Owner::Whole => {
            for path in present(root)?.into_iter().filter(|path| tree.get(path).is_none()) {
                let kind = if has_mark(&root.join(&path)) { DriftKind::Stale } else { DriftKind::Foreign };
                drift.push(Drift { path, kind });
            }
        }
        Owner::Listed { list, .. } => {
            for path in list.digests.keys().filter(|path| tree.get(path).is_none()) {
                let Some(present) = text_at(root, path)? else { continue };
                let kind = if is_edited(path, Some(&present), owner) {
                    of_edited(unified(path, &present, ""), owner)
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
            // It is not there yet, or has gone since it was listed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
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
    let is_file = path.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    is_file && fs::read_to_string(path).is_ok_and(|text| text.lines().take(3).any(|line| line.contains(MARK)))
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

    use super::{Drift, DriftKind, List, Mode, Owner, Step, lock, steps, sync, write};
    use crate::output::{MARK, Tree};

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
            DriftKind::Overwritten { .. } => "overwritten",
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
            let below = super::tests::tree(&[("src/x", "1")]);
            let error = sync(&below, folder.path(), Mode::Write, Owner::Rendered).expect_err("a link is not followed");
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
        let tree = tree(&[("a", "1"), ("list", "1")]);
        let text = tree.get("a").expect("a file").to_owned();
        let digests = [("a", crate::text::digest(&text)), ("b", String::new())];
        let list = List {
            digests: digests.map(|(path, digest)| (path.to_owned(), vec![digest])).into(),
            path: "list".to_owned(),
            ..List::default()
        };
        fs::write(folder.path().join("a"), "edited").expect("a file");
        fs::write(folder.path().join("b"), "edited too").expect("a file");
        fs::write(folder.path().join("c"), "mine").expect("a file");
        let of = |overwrite| sync(&tree, folder.path(), Mode::Write, Owner::Listed { list: &list, overwrite }).expect("drift");
        assert_eq!(of(false).iter().filter(|drift| drift.blocks()).count(), 2);
        assert_eq!(fs::read_to_string(folder.path().join("a")).expect("a file"), "edited");
        let overwritten = of(true);
        let of_edited = overwritten.iter().filter(|drift| matches!(drift.kind, DriftKind::Overwritten { .. }));
        assert_eq!(of_edited.map(|drift| drift.path.as_str()).collect::<Vec<_>>(), ["a", "b"], "{overwritten:?}");
        assert_eq!(fs::read_to_string(folder.path().join("a")).expect("a file"), text);
        assert!(!folder.path().join("b").exists() && folder.path().join("c").exists());
    }

    #[test]
    fn a_list_never_leads_out_of_the_folder() {
        let home = tempfile::tempdir().expect("a folder");
        let folder = home.path().join("copy");
        fs::create_dir(&folder).expect("a folder");
        let outside = home.path().join("outside");
        fs::write(&outside, "known text").expect("a file");
        for path in ["../outside", "a/../../outside", &outside.display().to_string()] {
            let digests = [(path.to_owned(), vec![crate::text::digest("known text")])].into();
            let list = List { digests, ..List::default() };
            let owner = Owner::Listed { list: &list, overwrite: true };
            let error = sync(&tree(&[("b", "1")]), &folder, Mode::Write, owner).expect_err(path);
            assert!(error.to_string().contains("leads out of the folder"), "{error}");
            assert!(outside.exists() && !folder.join("b").exists(), "{path}");
        }
    }

    #[test]
    fn after_any_number_of_steps_every_listed_file_is_known() {
        let (old, new) =
            (tree(&[("a", "1"), ("b", "1"), ("c", "1"), ("l", "1")]), tree(&[("a", "2"), ("b", "2"), ("d", "2"), ("l", "2")]));
        let digests = |trees: &[&Tree]| {
            let mut digests: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (path, text) in trees.iter().flat_map(|tree| tree.iter()) {
                digests.entry(path.to_owned()).or_default().push(crate::text::digest(text));
            }
            digests
        };
        let list = List { path: "l".to_owned(), digests: digests(&[&old]), while_writing: "both".to_owned() };
        let owner = Owner::Listed { list: &list, overwrite: false };
        let mut done = 0;
        loop {
            let folder = tempfile::tempdir().expect("a folder");
            sync(&old, folder.path(), Mode::Write, Owner::Rendered).expect("the first copy");
            let drift = sync(&new, folder.path(), Mode::Verify, owner).expect("drift");
            let all = steps(&new, &drift, owner);
            write(folder.path(), &all[..done]).expect("some steps");
            // What the list says now decides what is known: the old texts, both, or the new ones.
            let known = match fs::read_to_string(folder.path().join("l")).expect("a list") {
                text if text == "both" => digests(&[&old, &new]),
                text if Some(text.as_str()) == new.get("l") => digests(&[&new]),
                _ => digests(&[&old]),
            };
            let mut known = List { digests: known, path: "l".to_owned(), while_writing: "both".to_owned() };
            known.digests.remove("l");
            let third = tree(&[("a", "3"), ("d", "3")]);
            let drift =
                sync(&third, folder.path(), Mode::Verify, Owner::Listed { list: &known, overwrite: false }).expect("drift");
            assert!(!drift.iter().any(Drift::blocks), "after {done} steps: {drift:?}");
            if done == all.len() {
                break;
            }
            done += 1;
        }
        assert_eq!(done, 6, "the list, three files, one removal, the list");
    }

    #[cfg(unix)]
    #[test]
    fn only_plain_files_are_opened_and_what_is_left_behind_is_removed() {
        let (home, other) = (tempfile::tempdir().expect("a folder"), tempfile::tempdir().expect("a folder"));
        let tree = tree(&[("a", "1"), ("b/c", "1")]);
        let sync = |mode| sync(&tree, home.path(), mode, Owner::Rendered);
        // A folder and a link are in the place of a file.
        fs::create_dir(home.path().join("a")).expect("a folder");
        assert!(sync(Mode::Write).expect_err("a folder").to_string().contains("it is not a file"));
        fs::remove_dir(home.path().join("a")).expect("a folder");
        let target = other.path().join("target");
        fs::write(&target, tree.get("a").expect("a text")).expect("a file");
        std::os::unix::fs::symlink(&target, home.path().join("a")).expect("a link");
        for mode in [Mode::Verify, Mode::Write] {
            assert!(sync(mode).expect_err("a link").to_string().contains("it is a symbolic link"));
        }
        assert!(!home.path().join("b").exists(), "written beside a link");
        fs::remove_file(home.path().join("a")).expect("a link");
        sync(Mode::Write).expect("nothing is in the way");
        // The first half of a text, and a file of somebody who likes such names.
        let half = |path: &str| &tree.get(path).expect("a text")[..1];
        for (path, text) in [(".wirecodes-a-123", half("a")), ("b/.wirecodes-c-456", ""), (".wirecodes-a-notes", "mine")] {
            fs::write(home.path().join(path), text).expect("a file");
        }
        assert_eq!(sync(Mode::Write).expect("nothing differs"), []);
        let is_there = |path: &str| home.path().join(path).exists();
        assert!(!is_there(".wirecodes-a-123") && !is_there("b/.wirecodes-c-456") && is_there(".wirecodes-a-notes"));
    }

    #[test]
    fn a_file_that_changed_since_it_was_read_is_not_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let tree = tree(&[("a", "1")]);
        let sync = |texts: &[(&str, &str)]| {
            let texts = texts.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
            sync(&tree, folder.path(), Mode::Write, Owner::Read(&texts)).expect("drift")
        };
        assert!(sync(&[("a", "read")])[0].blocks(), "it was removed");
        fs::write(folder.path().join("a"), "\u{FEFF}theirs").expect("a file");
        assert!(sync(&[])[0].blocks(), "it came");
        assert!(sync(&[("a", "read")])[0].blocks(), "it was changed");
        assert_eq!(fs::read_to_string(folder.path().join("a")).expect("a file"), "\u{FEFF}theirs");
        assert!(!sync(&[("a", "theirs")])[0].blocks());
        assert_eq!(fs::read_to_string(folder.path().join("a")).ok().as_deref(), tree.get("a"));
    }

    #[test]
    fn an_error_names_the_file_and_not_what_is_written_before_it() {
        let folder = tempfile::tempdir().expect("a folder");
        // No file system has names that long: the staged file is longer than the file, and fails first.
        let name = "n".repeat(250);
        let error = write(folder.path(), &[Step::Replace(&name, "new")]).expect_err("the name is too long");
        let text = error.to_string();
        assert!(text.contains(&format!("/{name}: ")) && !text.contains(super::STAGED), "{text}");
    }

    #[test]
    fn two_runs_at_once_do_not_mix() {
        let folder = tempfile::tempdir().expect("a folder");
        let held = lock(folder.path()).expect("a lock");
        let tree = tree(&[("a", "1")]);
        let error = sync(&tree, folder.path(), Mode::Write, Owner::Whole).expect_err("the other run has the lock");
        assert!(error.to_string().contains("another run"), "{error}");
        drop(held);
        assert_eq!(sync(&tree, folder.path(), Mode::Write, Owner::Whole).expect("the lock is free").len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_replaced_file_keeps_its_rights() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        fs::write(&path, "old").expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("rights");
        write(folder.path(), &[Step::Replace("a", "new")]).expect("a step");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "new");
        assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o640);
    }
}
