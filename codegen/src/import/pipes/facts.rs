//! What the cells of columns and the documented sentences say, fact by fact.

use super::direction::parse_direction;
use crate::import::propose::advice;
use crate::model::{Action, Direction, Fingerprint, Format, FromCell};

impl FromCell for Direction {
    fn from_cell(_: &str, cell: &str) -> Option<Self> {
        parse_direction(cell)
    }
}

impl FromCell for Format {
    /// A column of marks has one for what is binary. Where it is blank, the payload is JSON.
    fn from_cell(header: &str, cell: &str) -> Option<Self> {
        match (header, cell) {
            ("binary", "x" | "yes" | "true" | "✓" | "✔" | "✅") | (_, "binary") => Some(Self::Binary),
            ("binary", "no" | "false" | "✗" | "✘" | "❌") | (_, "json" | "text") => Some(Self::Json),
            ("binary", cell) if is_blank(cell) => Some(Self::Json),
            _ => None,
        }
    }
}

impl FromCell for bool {
    /// What is fatal is not to be tried again.
    fn from_cell(header: &str, cell: &str) -> Option<Self> {
        let says = match cell {
            "true" | "yes" | "✓" | "✔" | "✅" => true,
            "false" | "no" | "✗" | "✘" | "❌" => false,
            _ => return None,
        };
        Some(says != (header == "fatal"))
    }
}

impl FromCell for u16 {
    /// An HTTP status.
    fn from_cell(_: &str, cell: &str) -> Option<Self> {
        cell.parse().ok().filter(|status| (100..600).contains(status))
    }
}

impl FromCell for Action {
    fn from_cell(_: &str, sentence: &str) -> Option<Self> {
        advice(sentence)
    }
}

impl FromCell for Fingerprint {
    fn from_cell(_: &str, sentence: &str) -> Option<Self> {
        Some(Self::new(sentence))
    }
}

/// Whether a cell says nothing.
pub(super) fn is_blank(cell: &str) -> bool {
    cell.chars().all(|c| matches!(c, '-' | '–' | '—') || c.is_whitespace())
}
