//! What the commands say, as data, and the forms in which it is printed. Each form has the same bytes for the same input.

mod github;
mod markdown;
mod report;
mod sarif;
mod text;

pub use report::{Report, Row, Section};
