//! Tests of the generated crate: it is compiled, run, and vendored.
//!
//! `cargo test --package wirecodes-tests --test crate NAME` runs those of a file.

mod api;
#[allow(missing_docs)]
mod ask;
mod compiles;
mod connection;
mod data;
mod diff_answers;
mod diff_truth;
mod fleet;
mod reconnector;
mod redis;
mod runtime;
mod tables;
mod vendor;
mod whatsapp;
