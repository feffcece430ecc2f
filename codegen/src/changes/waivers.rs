//! Changes that somebody has looked at and accepted, each with a reason and perhaps a last day.
//!
//! ```toml
//! [[waiver]]
//! change = "0123456789ab"          # the fingerprint, as `-v` and JSON show it
//! reason = "Nobody has shipped this variant."
//! until = 2026-12-31               # optional
//! ```

use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::Change;
use crate::diagnostic::{Diagnostic, quoted};
use crate::source::{SourceFile, Span};

/// A file of waivers.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Waivers {
    #[serde(default)]
    waiver: Vec<Waiver>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Waiver {
    change: Spanned<String>,
    reason: Spanned<String>,
    until: Option<Datetime>,
}

/// The changes that no waiver accepts. A waiver that matches nothing, or is past its last day, is a warning; one without a
/// reason is an error. `today` is a date such as `2026-07-21`.
pub fn waive(
    changes: Vec<Change>,
    file: &std::sync::Arc<SourceFile>,
    today: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Change> {
    let waivers: Waivers = match toml::from_str(&file.text) {
        Ok(waivers) => waivers,
        Err(error) => {
            diagnostics.push(
                Diagnostic::error("waivers", format!("the waivers cannot be read: {}", error.message()))
                    .at(&Span::new(file, error.span().unwrap_or(0..0)), "here")
                    .help("write `[[waiver]]` with `change = \"…\"`, `reason = \"…\"`, and perhaps `until = 2026-12-31`"),
            );
            return changes;
        }
    };
    let mut left = changes;
    for waiver in waivers.waiver {
        let (change, span) = (waiver.change.get_ref(), Span::new(file, waiver.change.span()));
        if waiver.reason.get_ref().trim().is_empty() {
            diagnostics.push(
                Diagnostic::error("waivers", format!("the waiver of {} has no reason", quoted(change)))
                    .at(&Span::new(file, waiver.reason.span()), "empty")
                    .help("say why the change is accepted"),
            );
        }
        if waiver.until.is_some_and(|until| until.to_string().as_str() < today) {
            diagnostics.push(
                Diagnostic::warning("waivers", format!("the waiver of {} is past its last day", quoted(change)))
                    .at(&span, "no longer in force")
                    .help("remove it, or look again and move `until`"),
            );
            continue;
        }
        let before = left.len();
        left.retain(|candidate| candidate.fingerprint() != *change);
        if left.len() == before {
            diagnostics.push(
                Diagnostic::warning("waivers", format!("the waiver of {} matches no change", quoted(change)))
                    .at(&span, "not among the changes")
                    .help("remove it"),
            );
        }
    }
    left
}
