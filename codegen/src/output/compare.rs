//! How a folder differs from a tree.

use std::collections::BTreeSet;
use std::path::Path;

use similar::TextDiff;

use super::disk::{SyncError, has_mark, present, text_at};
use super::{Drift, DriftKind, List, Owner, Tree};
use crate::text::digest;

pub(super) fn compare(tree: &Tree, root: &Path, owner: Owner<'_>) -> Result<Vec<Drift>, SyncError> {
    let mut paths: BTreeSet<&str> = tree.iter().map(|(path, _)| path).collect();
    if let Owner::Listed { list, .. } = owner {
        paths.extend(list.digests.keys().map(String::as_str));
    }
    let mut drift = Vec::new();
    for path in paths {
        let (rendered, present) = (tree.get(path), text_at(root, path)?);
        let diff = || unified(path, present.as_deref().unwrap_or_default(), rendered.unwrap_or_default());
        let kind = match (rendered, &present) {
            (None, None) => continue,
            (Some(text), Some(present)) if with_line_feeds(present) == text => continue,
            _ if is_edited(path, present.as_deref(), owner) => match owner {
                Owner::Listed { overwrite: true, .. } => DriftKind::Overwritten(diff()),
                _ => DriftKind::Edited(diff()),
            },
            (Some(_), Some(_)) => DriftKind::Changed(diff()),
            (Some(_), None) => DriftKind::Missing,
            (None, Some(_)) => DriftKind::Stale,
        };
        drift.push(Drift { path: path.to_owned(), kind });
    }
    if let Owner::Whole = owner {
        for path in present(root)?.into_iter().filter(|path| tree.get(path).is_none()) {
            let kind = if has_mark(&root.join(&path)) { DriftKind::Stale } else { DriftKind::Foreign };
            drift.push(Drift { path, kind });
        }
    }
    drift.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(drift)
}

/// A text as it was written, also where version control has changed its line ends on check-out.
fn with_line_feeds(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// Whether a file was changed by hand, or by another run, since it was written or read.
fn is_edited(path: &str, present: Option<&str>, owner: Owner<'_>) -> bool {
    match owner {
        Owner::Whole | Owner::Rendered => false,
        Owner::Read(texts) => {
            let without_mark = present.map(|present| present.strip_prefix('\u{FEFF}').unwrap_or(present));
            let read = texts.iter().find(|(known, _)| known == path).and_then(|(_, text)| text.as_deref());
            read != without_mark
        }
        Owner::Listed { list, .. } => present.is_some_and(|present| {
            let digest = digest(&with_line_feeds(present));
            list.digests.get(path).is_none_or(|written| !written.contains(&digest))
        }),
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

/// How a folder differs from its list alone.
///
/// # Errors
///
/// If a file or the folder cannot be read.
pub fn altered(root: &Path, list: &List) -> Result<Vec<Drift>, SyncError> {
    let mut drift = foreign(&Tree::default(), root, list)?;
    for path in list.digests.keys() {
        let present = text_at(root, path)?;
        let kind = match &present {
            None => DriftKind::Missing,
            Some(_) if is_edited(path, present.as_deref(), Owner::Listed { list, overwrite: false }) => {
                DriftKind::Edited(String::new())
            }
            Some(_) => continue,
        };
        drift.push(Drift { path: path.clone(), kind });
    }
    Ok(drift)
}

fn unified(path: &str, present: &str, rendered: &str) -> String {
    let diff = TextDiff::from_lines(present, rendered);
    diff.unified_diff().header(&format!("{path} (on disk)"), &format!("{path} (from the tables)")).to_string()
}
