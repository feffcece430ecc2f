#![doc = include_str!("../README.md")]
#![no_std]
#![forbid(unsafe_code)]
#![warn(missing_docs)]
// Codes that a document has removed keep their variant, marked as deprecated; the tables themselves still name them.
#![allow(deprecated)]
// Names appear as they are documented, and a table is as long as its document makes it.
#![allow(clippy::doc_markdown, clippy::too_many_lines)]

#[cfg(feature = "std")]
extern crate std;

// A crate with only some of the tables needs only some of what they share.
#[allow(unused_macros)]
#[macro_use]
mod macros;
#[allow(dead_code)]
mod row;

mod code;
mod opcode;
mod policy;
mod wire;

pub use code::{Code, Number, ParseCodeError, UnknownCode};
pub use opcode::{Direction, Format};
pub use policy::{Basis, Policy, Reconnect, Wait};
pub use wire::Wire;
