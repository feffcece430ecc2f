//! Tests of the library: no process is started and no generated code is run.
//!
//! `cargo test --package wirecodes-tests --test pure NAME` runs those of a file.

mod bad_tables;
mod diff_print;
mod diff_tables;
mod docs;
mod hostile;
mod import;
mod import_further;
mod import_merge;
mod lowering;
mod schema;
