//! From the files of a folder to the model: read as written, checked, and judged.
//!
//! 1. [`read_folder`] takes the files, each typed and with the place of every value. A part that does not fit is left out and
//!    the rest is still read, so that one mistake never hides another.
//! 2. [`lower`] turns them into a [`Registry`](crate::model::Registry) that cannot hold an invalid value.
//! 3. [`lint`] asks what needs judgement: does each stop say how to go on?

mod editor;
mod folder;
mod lines;
mod lint;
mod lower;
mod page;
mod parse;
mod places;
mod raw;
mod schema;
mod shape;

pub(crate) use editor::{Editor, Pair};
pub use folder::{Folder, SOURCES, read_folder};
pub use lint::{IMPORT_WARNINGS, RULES, lint};
pub(crate) use lower::clients_of;
pub use lower::{lower, lower_edition};
pub use page::{Page, PageRow, PageTable};
pub use parse::{read_sources, read_table};
pub use raw::{Header, Manifest, PageOf, RawRow, SourcesFile, TableFile};
pub use schema::schema_of_tables;

use crate::model::Registry;
use crate::text::{Diagnostic, Files, any_error, sort};

/// Reads and lowers the files of a folder of tables, without judging them.
///
/// # Errors
///
/// If anything is wrong with them: all of it.
pub fn lowered(files: &Files) -> Result<Registry, Vec<Diagnostic>> {
    let (folder, mut diagnostics) = read_folder(files);
    let (registry, mut found) = lower(&folder);
    diagnostics.append(&mut found);
    registry.filter(|_| !any_error(&diagnostics)).ok_or(diagnostics)
}

/// Reads, lowers and lints the files of a folder of tables. Without an error among the diagnostics there is a registry.
#[must_use]
pub fn load(files: &Files) -> (Option<Registry>, Vec<Diagnostic>) {
    let (folder, mut diagnostics) = read_folder(files);
    let (registry, mut found) = lower(&folder);
    diagnostics.append(&mut found);
    diagnostics.extend(registry.iter().flat_map(lint));
    sort(&mut diagnostics);
    let registry = registry.filter(|_| !any_error(&diagnostics));
    (registry, diagnostics)
}
