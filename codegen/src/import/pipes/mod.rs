//! Tables drawn with pipes: Markdown, MDX, a scrape of these to text; and tables that a browser copied, with tabs.
//!
//! [`blocks`] finds headings and tables line by line, [`columns`] reads rows by the headers of their table, and [`cells`] the
//! Markdown of one cell.

mod blocks;
pub(super) mod cells;
mod columns;
mod direction;
mod facts;
mod lines;
mod numbers;

pub(super) use blocks::read;
pub(super) use columns::{read_sentence, without_status};
pub(super) use lines::is_separator;
