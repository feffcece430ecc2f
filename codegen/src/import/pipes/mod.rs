//! Tables drawn with pipes: Markdown, MDX, a scrape of these to text; and tables that a browser copied, with tabs.
//!
//! [`blocks`] finds headings and tables line by line, [`rows`] reads rows by the [`columns`] of their table, and [`cells`] the
//! Markdown of one cell.

mod asides;
mod blocks;
pub(super) mod cells;
mod columns;
mod direction;
mod facts;
mod html;
mod lines;
mod numbers;
mod rows;

pub(super) use blocks::read;
pub(super) use lines::{Heading, Headings, heading, is_separator};
pub(super) use rows::{read_sentence, without_status};
