//! Changes as annotations that GitHub shows beside the lines of a pull request.

use std::fmt::Write as _;

use super::text::{summary, told};
use super::{Bump, Change};

/// One workflow command a change, at its new place or else its old one.
#[must_use]
pub fn github(title: &str, changes: &[Change]) -> String {
    let mut text = format!("::notice title={}::{}\n", property(title), data(&summary(changes)));
    for change in changes {
        let level = match change.bump {
            Bump::Major => "error",
            Bump::Policy => "warning",
            Bump::Minor | Bump::Patch | Bump::None => "notice",
        };
        let place = change.new_span.as_ref().or(change.old_span.as_ref());
        let place = place.map(|span| format!("file={},line={},", property(&span.file.path), span.line())).unwrap_or_default();
        let title = format!("{} ({})", change.kind.name(), change.bump.word());
        let _ = writeln!(text, "::{level} {place}title={}::{}", property(&title), data(&told(change)));
    }
    text
}

/// A text as the message of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
