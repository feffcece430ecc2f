//! How a folder differs from what it should contain, and how that is printed.

use std::path::Path;

use super::Tree;
use crate::text::display_path;

/// One difference between a folder and what it should contain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The path under the root.
    pub path: String,
    /// How it differs.
    pub kind: DriftKind,
}

impl Drift {
    /// Whether it was written by hand, so that nothing may be written.
    #[must_use]
    pub fn blocks(&self) -> bool {
        matches!(self.kind, DriftKind::Foreign | DriftKind::Edited(_))
    }
}

/// How a file differs. A difference is a unified diff from the text on the disk to the text that was rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DriftKind {
    /// It is not there.
    Missing,
    /// Its text differs.
    Changed(String),
    /// It was rendered once and no longer is.
    Stale,
    /// It was never rendered.
    Foreign,
    /// A person has changed it since it was written, or has another file in its place.
    Edited(String),
    /// Like the one above, and overwritten or removed, because that was asked for.
    Overwritten(String),
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
            DriftKind::Changed(diff) => format!("changed  {path}\n{diff}\n"),
            DriftKind::Edited(diff) | DriftKind::Overwritten(diff) => {
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
            DriftKind::Overwritten(diff) if is_removed(&difference) => format!("removed  {path} (it was edited)\n{diff}\n"),
            DriftKind::Overwritten(diff) => format!("overwrote  {path} (it was edited)\n{diff}\n"),
            DriftKind::Stale => format!("removed  {path}\n"),
            DriftKind::Missing => format!("added    {path}\n"),
            DriftKind::Changed(_) | DriftKind::Foreign | DriftKind::Edited(_) => format!("changed  {path}\n"),
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
