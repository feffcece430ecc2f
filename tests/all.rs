//! All tests in one program, which compiles and links once, and whose long tests run beside the others.
//!
//! `cargo test --package wirecodes-tests diff::` runs those of one file.

mod api;
mod bad_tables;
mod browser;
mod codegen;
mod compiles;
mod connection;
mod data;
mod diff;
mod diff_answers;
mod diff_history;
mod diff_print;
mod diff_tables;
mod diff_truth;
mod docs;
mod explain;
#[cfg(unix)]
mod faults;
#[cfg(unix)]
mod help;
mod hostile;
#[cfg(unix)]
mod hostile_repository;
mod import;
mod import_commands;
mod import_merge;
mod lowering;
mod protocols;
mod reconnector;
mod runtime;
mod schema;
mod tables;
mod vendor;
