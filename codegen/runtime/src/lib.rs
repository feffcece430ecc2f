#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]
// A code that a document has removed keeps its variant, marked as deprecated. The tables still name it.
#![allow(deprecated)]
// Names, numbers and texts are as documented, and an edition may be called like its system.
#![allow(clippy::doc_link_with_quotes, clippy::doc_markdown)]
#![allow(clippy::module_inception)]
#![allow(clippy::unicode_not_nfc, clippy::unreadable_literal)]
// Rows are written in words of their own.
#![allow(clippy::wildcard_imports)]

// A crate with some of the tables needs some of what they share.
#[allow(dead_code, unused_imports, unused_macros)]
#[rustfmt::skip]
mod runtime;

pub use runtime::*;
