//! How a folder differs from a tree.

use std::path::Path;

use similar::TextDiff;

use super::disk::{SyncError, has_mark, present, text_at};
use super::{Drift, DriftKind, List, Owner, Tree};
use crate::text::digest;

pub(super) fn compare(tree: &Tree, root: &Path, owner: Owner<'_>) -> Result<Vec<Drift>, SyncError> {
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
            Some(_) => DriftKind::Changed(diff()),
            None => DriftKind::Missing,
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

/// How a file differs that was changed by hand.
fn of_edited(diff: String, owner: Owner<'_>) -> DriftKind {
    match owner {
        Owner::Listed { overwrite: true, .. } => DriftKind::Overwritten(diff),
        _ => DriftKind::Edited(diff),
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

fn unified(path: &str, present: &str, rendered: &str) -> String {
    let diff = TextDiff::from_lines(present, rendered);
    diff.unified_diff().header(&format!("{path} (on disk)"), &format!("{path} (from the tables)")).to_string()
}
