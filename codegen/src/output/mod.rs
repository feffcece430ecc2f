//! The only place that writes: files in memory, the forms that a copy may have, and folders made equal to them.

mod compare;
mod disk;
mod drift;
mod owner;
mod steps;
mod sync;
mod target;
mod tree;

pub use compare::{altered, foreign};
pub use disk::SyncError;
pub(crate) use disk::present;
pub use drift::{Drift, DriftKind};
pub(crate) use drift::{drift_text, written_text};
pub use owner::{List, Owner};
pub use sync::{Mode, sync};
pub(crate) use sync::{is_among_tables, is_inside, write_texts};
pub use target::{Feature, Form, Layout};
pub use tree::{MARK, Tree};
