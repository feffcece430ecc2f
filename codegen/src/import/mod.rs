//! From a documentation page to the tables.
//!
//! 1. [`observe()`] reads what a page documents, whatever its dialect; every row is read, or named in a diagnostic.
//! 2. [`merge()`] brings that into the tables: documented facts are updated, what people wrote is left alone.
//!
//! Both are pure: the texts of the tables go in and come out, and the caller writes them.

mod blocks;
mod cells;
mod columns;
pub mod ident;
pub mod merge;
pub mod observe;
pub mod proposal;
mod tables;
mod typedoc;

pub use merge::{Edition, Merged, Options, merge};
pub use observe::{Dialect, ObservedRow, ObservedTable, ObservedValue, Page, observe};
