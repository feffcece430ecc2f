//! The addresses of documents.

use crate::text::{Diagnostic, Span, quoted};

/// An address is a link in the documentation: only web addresses may be.
pub(super) fn check_url(url: &str, span: impl FnOnce() -> Span) -> Option<Diagnostic> {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    let is_whole = !url.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '\\'));
    (!is_web || !is_whole).then(|| {
        Diagnostic::error("invalid-url", format!("{} is not a web address", quoted(url)))
            .at(&span(), "here")
            .help("write an address that starts with `https://`, without spaces, quotes and angle brackets")
    })
}
