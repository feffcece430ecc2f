//! Tests of the commands, each run as a process.
//!
//! `cargo test --package wirecodes-tests --test commands NAME` runs those of a file.

mod audit;
mod browser;
mod codegen;
mod diff;
mod diff_history;
mod explain;
#[cfg(unix)]
mod faults;
#[cfg(unix)]
mod help;
#[cfg(unix)]
mod hostile_repository;
mod import_commands;
#[cfg(unix)]
mod release;
#[cfg(target_os = "linux")]
mod terminal;
#[cfg(unix)]
mod update_job;
#[cfg(unix)]
mod update_replay;
