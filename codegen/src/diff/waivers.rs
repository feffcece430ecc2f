//! Differences that were reviewed and accepted, each with a reason and perhaps a last day.
//!
//! ```toml
//! [[waiver]]
//! change = "0123456789ab"          # the fingerprint, as `diff -v` and JSON print it
//! reason = "Nobody has shipped this variant."
//! until = 2026-12-31               # optional: the last day on which it is accepted
//! ```
//!
//! A waived difference stays in every report, marked as waived; it no longer counts for the exit code and the version.

use std::sync::Arc;

use serde::Deserialize;
use toml::Spanned;

use super::Comparison;
use crate::model::Date;
use crate::text::{Diagnostic, SourceFile, Span, quoted};

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
    until: Option<Date>,
}

impl Comparison {
    /// Marks the differences that a file of waivers accepts, today.
    ///
    /// A waiver that matches nothing, or is past its last day, is a warning; one without a reason is an error.
    pub fn waive(&mut self, file: &Arc<SourceFile>, today: Date) -> Vec<Diagnostic> {
        let waivers: Waivers = match toml::from_str(&file.text) {
            Ok(waivers) => waivers,
            Err(error) => return vec![unreadable(file, &error)],
        };
        let mut diagnostics = Vec::new();
        for waiver in waivers.waiver {
            let (change, span) = (waiver.change.get_ref(), Span::new(file, waiver.change.span()));
            if waiver.reason.get_ref().trim().is_empty() {
                diagnostics.push(
                    Diagnostic::error("waivers", format!("the waiver of {} has no reason", quoted(change)))
                        .at(&Span::new(file, waiver.reason.span()), "empty")
                        .help("say why the change is accepted"),
                );
            } else if waiver.until.is_some_and(|until| until.is_before(today)) {
                diagnostics.push(
                    Diagnostic::warning("waivers", format!("the waiver of {} is past its last day", quoted(change)))
                        .at(&span, "no longer valid")
                        .help("remove it, or review the change again and set a later `until`"),
                );
            } else if !self.mark(change, waiver.reason.get_ref()) {
                diagnostics.push(
                    Diagnostic::warning("waivers", format!("the waiver of {} matches no change", quoted(change)))
                        .at(&span, "not among the changes")
                        .help("remove it"),
                );
            }
        }
        diagnostics
    }

    /// Marks the difference with a fingerprint; whether there is one. A second waiver of the same change is superfluous.
    fn mark(&mut self, change: &str, reason: &str) -> bool {
        let mut marked = false;
        for difference in self.differences.iter_mut().filter(|difference| difference.fingerprint == change) {
            marked |= difference.waived.is_none();
            difference.waived.get_or_insert(reason.to_owned());
        }
        marked
    }
}

fn unreadable(file: &Arc<SourceFile>, error: &toml::de::Error) -> Diagnostic {
    Diagnostic::error("waivers", format!("the waivers cannot be read: {}", error.message()))
        .at(&Span::new(file, error.span().unwrap_or(0..0)), "here")
        .help("write `[[waiver]]` with `change = \"…\"`, `reason = \"…\"`, and perhaps `until = 2026-12-31`")
}
