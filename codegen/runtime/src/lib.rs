#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]
// A code that a document has removed keeps its variant, marked as deprecated. The tables still name it.
#![allow(deprecated)]
// Names are as documented, and a table is as long as its document makes it.
#![allow(clippy::doc_markdown, clippy::too_many_lines)]

#[cfg(feature = "std")]
extern crate std;

// A crate with some of the tables needs some of what they share.
#[allow(dead_code, unused_imports, unused_macros)]
mod runtime;

pub use runtime::{
    Action, Basis, Cause, CloseCode, Code, CodeRange, Direction, Format, Limits, Number, Opcode,
    Opener, Plan, Policy, Reconnector, ResponseCode, UnknownCode, UnknownName, Unless, Url, Wait,
    Wire,
};
