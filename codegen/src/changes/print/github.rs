//! A comparison as annotations that GitHub shows beside the lines of a pull request.

use std::fmt::Write as _;

use super::words::{asides, heading, in_brackets, subject, summary, title, what};
use crate::changes::change::Difference;
use crate::changes::{Bump, Comparison};
use crate::text::visible;

/// One workflow command for each change that is no wording and not waived, the most serious first: GitHub shows ten of each
/// level.
#[must_use]
pub fn github(comparison: &Comparison) -> String {
    let title = visible(&title(comparison));
    let mut text = format!("::notice title={}::{}\n", property(&title), data(&summary(comparison)));
    let mut differences: Vec<&Difference> = comparison.open().filter(|difference| !difference.change.is_wording()).collect();
    differences.sort_by_key(|difference| std::cmp::Reverse(difference.bump));
    for difference in differences {
        let level = match difference.bump {
            Bump::Major => "error",
            Bump::Policy => "warning",
            Bump::Minor | Bump::Patch | Bump::None => "notice",
        };
        // A place of the old side may not be in the checkout.
        let place = difference.new_place.as_ref().or(difference.old_place.as_ref());
        let place = place.map(|span| format!("file={},line={},", property(&span.file.path), span.line())).unwrap_or_default();
        let title = format!("{} ({})", difference.change.kind(), difference.bump.word());
        let _ = writeln!(text, "::{level} {place}title={}::{}", property(&title), data(&message(difference)));
    }
    text
}

/// A change in one line without colours: its table, its code, and what was and is.
pub(super) fn message(difference: &Difference) -> String {
    let ident = difference.code.as_ref().and_then(|code| code.ident.clone()).unwrap_or_default();
    let parts = [heading(difference), subject(difference), ident];
    let subject = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
    let asides: String = in_brackets(&asides(difference));
    visible(&format!("{subject}: {}: {}{asides}", difference.change.kind(), what(&difference.change)))
}

/// A text as the message of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn nothing_in_a_text_ends_a_command_or_a_property() {
        assert_eq!(data("100%\r\nx"), "100%25%0D%0Ax");
        assert_eq!(property("a:b,c%\n"), "a%3Ab%2Cc%25%0A");
    }
}
