//! The limits of a connection: each is a number that can be kept, and says where it is known from.

use crate::model::{Kind, Limit, Limits};
use crate::text::{Diagnostic, Place};

use super::url::check_url;

/// What is wrong with the limits of a table.
pub(super) fn check(limits: &Limits, kind: Kind, place: &Place) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for (key, limit) in limits.by_key() {
        diagnostics.extend(check_limit(limit, key, place));
        let url = limit.url.as_ref();
        diagnostics.extend(url.and_then(|url| check_url(url, || place.key(&format!("limits.{key}.url")))));
    }
    if kind != Kind::CloseCodes {
        diagnostics.push(
            Diagnostic::error("key-of-other-kind", "`[limits]` belongs to tables of close codes")
                .at(&place.key("kind"), "this is a table of another kind")
                .help("move `[limits]` to the table of the connection's close codes"),
        );
    }
    diagnostics
}

fn check_limit(limit: &Limit, key: &str, place: &Place) -> Vec<Diagnostic> {
    let span = |field: &str| place.key(&format!("limits.{key}.{field}"));
    let mut diagnostics = Vec::new();
    if limit.value == 0 {
        diagnostics.push(
            Diagnostic::error("out-of-range", format!("`{key}` is 0: a client could never connect"))
                .at(&span("value"), "must be 1 or more")
                .help("correct the number, or remove the limit"),
        );
    }
    if Limits::TIMES.iter().any(|(time, _)| *time == key) && limit.value > 86_400 {
        diagnostics.push(
            Diagnostic::error("out-of-range", format!("`{key}` is more than a day: {} seconds", limit.value))
                .at(&span("value"), "must be at most 86400")
                .help("write the time in seconds"),
        );
    }
    if limit.document.is_none() && limit.reason.is_none() {
        diagnostics.push(
            Diagnostic::error("missing-key", format!("nothing says where `{key}` is known from"))
                .at(&span("value"), "this number")
                .help("add `document` and `url`, or `reason` if no document sets it"),
        );
    }
    if limit.url.is_some() && limit.document.is_none() {
        diagnostics.push(
            Diagnostic::error("missing-key", format!("`{key}` has an address, but no `document`"))
                .at(&span("url"), "of which document?")
                .help("add the title of the document: `document = \"…\"`"),
        );
    }
    diagnostics
}
