//! The drawing of when a document listed its codes, from their `since` and `until`.
//!
//! Takes tables and returns their dates in order, and SVG with a bar up for what was added and down for what was removed.

use std::collections::BTreeMap;

use askama::Template;

use crate::model::{Date, Table};
use crate::output::MARK;
use crate::text::counted;

/// The width of the drawing without its margins.
const WIDTH: u32 = 700;
/// The longest bar.
const LONGEST: u32 = 44;
/// The least space between two numbers that are written.
const LABEL: u32 = 26;

/// The history of a table, as its template prints it.
#[derive(Debug, Template)]
#[template(path = "timeline.svg", escape = "html")]
pub(super) struct Timeline {
    /// Whether it is a file of its own, which brings its style along.
    is_file: bool,
    mark: &'static str,
    title: String,
    /// What happened, in order.
    pub events: Vec<Event>,
    years: Vec<(u32, u16)>,
}

/// What one date added and removed.
#[derive(Debug)]
pub(super) struct Event {
    /// The date.
    pub date: Date,
    /// The numbers that the document listed then for the first time.
    pub added: Vec<String>,
    /// The numbers that it listed then for the last time.
    pub removed: Vec<String>,
    x: u32,
    up: u32,
    down: u32,
    is_labelled: bool,
}

impl Timeline {
    /// The history of a table, if its codes have more than one date.
    pub(super) fn new(table: &Table, is_file: bool) -> Option<Self> {
        let mut dates: BTreeMap<Date, [Vec<String>; 2]> = BTreeMap::new();
        for row in table.all_rows().filter(|row| !row.is_range()) {
            for (date, side) in [(row.facts.since, 0), (row.facts.until, 1)] {
                if let Some(date) = date {
                    dates.entry(date).or_default()[side].push(row.first().to_string());
                }
            }
        }
        if dates.len() < 2 {
            return None;
        }
        let (first, last) = (*dates.keys().next()?, *dates.keys().next_back()?);
        let span = (last.on_axis() - first.on_axis()).max(1);
        let x_of = |at: u32| 30 + at.saturating_sub(first.on_axis()) * WIDTH / span;
        let most = dates.values().flatten().map(Vec::len).max().unwrap_or(1);
        let mut labelled = None;
        let events = dates.into_iter().map(|(date, [added, removed])| {
            let x = x_of(date.on_axis());
            let is_labelled = labelled.is_none_or(|before| x >= before + LABEL);
            if is_labelled {
                labelled = Some(x);
            }
            Event { date, up: bar(added.len(), most), down: bar(removed.len(), most), added, removed, x, is_labelled }
        });
        let years = (first.year() + 1..=last.year()).map(|year| (x_of(u32::from(year) * 372), year));
        let title = format!("{}: when its codes were added and removed", table.title);
        Some(Self { is_file, mark: MARK, title, events: events.collect(), years: years.collect() })
    }

    /// The drawing as SVG.
    pub(super) fn svg(&self) -> String {
        self.render().unwrap_or_default()
    }

    /// What the drawing shows, in a sentence.
    pub(super) fn summary(&self) -> String {
        let count = |side: fn(&Event) -> &Vec<String>| self.events.iter().map(|event| side(event).len()).sum::<usize>();
        let (added, removed) = (count(|event| &event.added), count(|event| &event.removed));
        let span = match self.events.as_slice() {
            [only] => format!("on {}", only.date),
            [first, .., last] => format!("from {} to {}", first.date, last.date),
            [] => String::new(),
        };
        format!("{} added and {removed} removed {span}", counted(added, "code"))
    }
}

/// The height of a bar. Small numbers stay visible beside large ones: the height grows with the square root.
fn bar(count: usize, most: usize) -> u32 {
    let count = u32::try_from(count * 100).unwrap_or(u32::MAX);
    let most = u32::try_from(most * 100).unwrap_or(u32::MAX);
    if count == 0 { 0 } else { (LONGEST * count.isqrt() / most.isqrt()).max(3) }
}
