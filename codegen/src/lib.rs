//! From tables of gateway codes to a crate.
//!
//! 1. [`read`](read::read) takes the TOML files of a folder as they are written ([`raw`]).
//! 2. [`lower`](lower::lower) turns them into a [`model`] that cannot hold an invalid value, and collects every mistake.
//! 3. [`lint`](rules::lint) asks what only a person can answer: does each policy have its reason?
//! 4. [`render`](render::render) writes Rust and Markdown into a [`tree`], without touching the disk.
//! 5. [`sync`](sync::sync) brings a folder in step with the tree, or tells how it differs.
//!
//! Mistakes are data all the way ([`diagnostic`]); whoever called prints them.
//!
//! ```no_run
//! use std::path::Path;
//! use wirecodes_codegen::{load, render::render, sync::{Mode, Owner, sync}};
//!
//! let mut diagnostics = Vec::new();
//! if let Some(registry) = load(Path::new("codes"), &mut diagnostics) {
//!     let drift = sync(&render(&registry), Path::new("generated"), Mode::Verify, Owner::Whole)?;
//!     println!("{} files differ", drift.len());
//! }
//! # Ok::<(), wirecodes_codegen::sync::SyncError>(())
//! ```

pub mod changes;
pub mod clients;
pub mod diagnostic;
pub mod import;
pub mod lower;
pub mod markdown;
pub mod model;
pub mod raw;
pub mod read;
pub mod render;
pub mod rules;
pub mod source;
pub mod sync;
pub mod tree;
pub mod vendor;

use std::path::Path;

use diagnostic::{Diagnostic, any_error};
use model::Registry;

/// Reads, lowers and lints a folder of tables. Without an error among the diagnostics there is a registry.
pub fn load(codes: &Path, diagnostics: &mut Vec<Diagnostic>) -> Option<Registry> {
    let (files, clients) = read::read(codes, diagnostics);
    let registry = lower::lower(&files, &clients, diagnostics);
    diagnostics.extend(registry.iter().flat_map(rules::lint));
    diagnostics.sort_by_cached_key(Diagnostic::place);
    registry.filter(|_| !any_error(diagnostics))
}
