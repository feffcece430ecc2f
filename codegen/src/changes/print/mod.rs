//! Comparisons in every form in which they are printed. Each form has the same bytes for the same input.

mod github;
mod json;
mod markdown;
mod sarif;
mod text;
pub(super) mod words;

pub use github::github;
pub use json::{CommitJson, HistoryJson, diff_schema, history_schema, json};
pub use markdown::markdown;
pub use sarif::sarif;
pub use text::{Verbosity, text};
pub use words::summary;
