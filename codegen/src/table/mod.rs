//! Table files as written: typed, with the place of every value, and checked for their shape alone.
//!
//! In comes the text of a file, out come its header and rows, and a diagnostic for everything that does not fit. A part that
//! does not fit is left out and the rest is still read, so that one mistake never hides another.

mod editor;
mod places;
mod raw;
mod read;
mod schema;
mod shape;

pub(crate) use editor::{Editor, Pair};
pub use places::Place;
pub use raw::{Client, ClientAction, ClientTable, ClientsFile, Header, Kind, Manifest, RawRow, Repr, Source, TableFile};
pub use read::{read_clients, read_manifest, read_table};
pub use schema::schema_of_tables;
