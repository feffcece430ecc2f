//! The steps by which a folder becomes equal to a tree: each is done as a whole or not at all.

use std::path::Path;

use super::disk::{SyncError, remove, stage};
use super::{Drift, Owner, Tree};

/// One change of a folder, which is done as a whole or not at all: a path, and the text of the file there. Without a text the file
/// is removed.
type Step<'a> = (&'a str, Option<&'a str>);

/// What removes the differences, in the order in which it is done.
///
/// Between any two steps the next run knows every file as generated, also when it starts from other tables: a list of files is
/// replaced first, by one that has the old and the new digests, and at the end by the one that was rendered.
pub(super) fn steps<'a>(tree: &'a Tree, drift: &'a [Drift], owner: Owner<'a>) -> Vec<Step<'a>> {
    let list = match owner {
        Owner::Listed { list, .. } if !drift.is_empty() => Some(list),
        _ => None,
    };
    let is_list = |path: &str| list.is_some_and(|list| list.path == path);
    let (rendered, stale): (Vec<&Drift>, Vec<&Drift>) = drift.iter().partition(|drift| tree.get(&drift.path).is_some());
    let mut changed: Vec<&Drift> = rendered.into_iter().filter(|drift| !is_list(&drift.path)).collect();
    if let Owner::Read(texts) = owner {
        changed.sort_by_key(|drift| texts.iter().position(|(path, _)| *path == drift.path));
    }
    let mut steps: Vec<Step<'a>> = Vec::new();
    steps.extend(list.map(|list| (list.path.as_str(), Some(list.while_writing.as_str()))));
    steps.extend(changed.into_iter().chain(stale).map(|drift| (drift.path.as_str(), tree.get(&drift.path))));
    steps.extend(list.and_then(|list| Some((list.path.as_str(), Some(tree.get(&list.path)?)))));
    steps
}

/// Does the steps.
///
/// All texts are on the disk before the first file is replaced, and each file is replaced in one step: when the disk is full or
/// a folder cannot be written, every file is as it was, and at no time does a reader see half of one.
pub(super) fn write(root: &Path, steps: &[Step<'_>]) -> Result<(), SyncError> {
    let mut staged = Vec::new();
    for (path, text) in steps {
        let path = root.join(path);
        let file = text.map(|text| stage(&path, text)).transpose()?;
        staged.push((path, file));
    }
    for (path, file) in staged {
        if let Some(file) = file {
            file.persist(&path).map_err(|error| SyncError { action: "write", path, error: error.error })?;
        } else {
            remove(&path, root)?;
        }
    }
    Ok(())
}
