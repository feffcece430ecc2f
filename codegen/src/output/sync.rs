//! The only place that writes rendered files.
//!
//! Takes a [`Tree`] and a folder. Either the folder is made equal to the tree, or the differences are returned. A generated
//! file that is no longer rendered is removed. A file that was not generated is never touched: it is reported, and nothing is
//! written. Nothing outside of the folder is written, and no symbolic link below it is followed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};

use super::compare::compare;
use super::disk::{RANDOM, STAGED, SyncError, lock, staged_prefix};
use super::steps::{steps, write};
use super::{Drift, Owner, Tree};
use crate::text::{display_path, read_bytes};

/// Whether to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// Make the folder equal to the tree.
    Write,
    /// Only return the differences.
    Verify,
}

/// Writes texts below a folder, one after the other, each with the text that was read at its path; or none of them, where one was
/// changed since.
///
/// # Errors
///
/// If a file cannot be written, or was changed: a sentence that says so.
pub(crate) fn write_texts(root: &Path, texts: impl IntoIterator<Item = (String, Option<String>, String)>) -> Result<(), String> {
    let (mut tree, mut read) = (Tree::default(), Vec::new());
    for (path, before, text) in texts {
        read.push((path.clone(), before));
        tree.insert(path, text);
    }
    let drift = sync(&tree, root, Mode::Write, Owner::Read(&read)).map_err(|error| error.to_string())?;
    let changed = drift.iter().find(|drift| drift.blocks()).map(|drift| display_path(&root.join(&drift.path)));
    changed.map_or(Ok(()), |path| Err(format!("{path} changed since it was read; run the command again")))
}

/// Whether a path leads into a folder that is there, also where parts of the path are not.
#[must_use]
pub(crate) fn is_inside(path: &Path, folder: &Path) -> bool {
    let mut resolved = PathBuf::new();
    for part in std::path::absolute(path).unwrap_or_else(|_| path.to_owned()).components() {
        match part {
            Component::ParentDir => _ = resolved.pop(),
            part => resolved.push(part),
        }
        resolved = resolved.canonicalize().unwrap_or(resolved);
    }
    folder.canonicalize().is_ok_and(|folder| resolved.starts_with(folder))
}

/// Why a folder cannot have what is written there, if it cannot: it is the folder of tables, or inside of it.
#[must_use]
pub(crate) fn is_among_tables(folder: &Path, codes: &Path) -> Option<String> {
    is_inside(folder, codes)
        .then(|| format!("{} is inside the folder of tables {}; name another folder", display_path(folder), display_path(codes)))
}

/// Makes a folder equal to a tree, or returns how it differs.
///
/// In mode [`Write`](Mode::Write) the returned differences no longer exist, unless one of them blocks: then
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

/// The staged files of a run that was interrupted. A file counts as one only if a text that belongs there begins with all that is
/// in it: any other file of such a name is the user's own.
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
            let Ok(written) = read_bytes(&entry.path()) else { continue };
            let is_staged =
                |prefix: &str| name.strip_prefix(prefix).is_some_and(|rest| rest.len() == RANDOM && !rest.contains('-'));
            let is_start = |(prefix, text): &(String, &str)| is_staged(prefix) && text.as_bytes().starts_with(&written);
            found.extend(texts.iter().any(is_start).then(|| entry.path()));
        }
    }
    found
}
