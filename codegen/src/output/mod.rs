//! The only place that writes: files in memory, the forms that a copy may have, and folders made equal to them.

mod sync;
mod target;
mod tree;

pub use sync::{Drift, DriftKind, List, Mode, Owner, SyncError, foreign, sync};
pub(crate) use sync::{drift_text, is_among_tables, write_texts, written_text};
pub use target::{Feature, Form, Layout};
pub use tree::{MARK, Tree};
