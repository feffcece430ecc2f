//! The generated crate in its repository, made equal to the tables.

use std::path::Path;

use crate::model::Registry;
use crate::output::{Drift, Form, Layout, Mode, Owner, SyncError, drift_text, is_among_tables, sync, written_text};
use crate::render::{generate, render_schema};
use crate::text::display_path;

/// What became of the generated crate.
#[derive(Debug)]
pub struct Build {
    /// What to print as the result.
    pub text: String,
    /// Whether there are files that were not generated, so that nothing was written.
    pub is_blocked: bool,
    /// Whether the folder still differs from the tables.
    pub differs: bool,
}

/// Makes the folder of the generated crate, and the schema beside the tables, equal to the tables; or only says how they differ.
///
/// # Errors
///
/// If a file cannot be read or written, or the folder of the crate is inside that of the tables.
pub fn build(registry: &Registry, codes: &Path, out: &Path, check: bool) -> Result<Build, String> {
    if let Some(fault) = is_among_tables(out, codes) {
        return Err(fault);
    }
    let failed = |error: SyncError| error.to_string();
    let tree = generate(registry, &Form { layout: Layout::Repository, ..Form::default() });
    let mode = if check { Mode::Verify } else { Mode::Write };
    let drift = sync(&tree, out, mode, Owner::Whole).map_err(failed)?;
    let is_blocked = drift.iter().any(Drift::blocks);
    let schema = render_schema();
    let of_schema = sync(&schema, codes, if is_blocked { Mode::Verify } else { mode }, Owner::Rendered).map_err(failed)?;
    let differs = (check || is_blocked) && !(drift.is_empty() && of_schema.is_empty());
    let text = if drift.is_empty() && of_schema.is_empty() {
        format!("{} is up to date: {} files\n", display_path(out), tree.len())
    } else if differs {
        drift_text(&drift, out) + &drift_text(&of_schema, codes)
    } else {
        written_text(&drift, &tree, out) + &written_text(&of_schema, &schema, codes)
    };
    Ok(Build { text, is_blocked, differs })
}
