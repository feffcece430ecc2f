//! Tests of the library: no process is started and no generated code is run.
//!
//! `cargo test --package wirecodes-tests --test pure NAME` runs those of a file.

mod audit_forms;
mod bad_tables;
mod defences;
mod diff_print;
mod diff_tables;
mod docs;
mod explain;
mod hostile;
mod identity;
mod import;
mod import_further;
mod import_merge;
mod import_other;
mod lowering;
#[allow(clippy::too_many_lines, clippy::assigning_clones, reason = "a list of choices is as long as it has to be")]
mod pages;
mod schema;
mod source;
mod sync;
