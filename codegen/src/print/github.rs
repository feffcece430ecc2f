//! A report as annotations that GitHub shows beside the lines of a pull request.

use std::cmp::Reverse;
use std::fmt::Write as _;

use super::report::{Report, Row};
use crate::model::Bump;
use crate::text::visible;

impl Report {
    /// For annotations that GitHub shows beside the lines of a pull request: one workflow command for each row that is not folded up and not waived, the most serious first: GitHub shows ten of each
    /// level.
    #[must_use]
    pub fn github(&self) -> String {
        let mut text = format!("::notice title={}::{}\n", property(&visible(&self.title)), data(&self.summary));
        let rows = self.rows().filter(|(section, row)| !section.is_folded && row.waived.is_none());
        let mut rows: Vec<&Row> = rows.map(|(_, row)| row).collect();
        rows.sort_by_key(|row| Reverse(row.bump));
        for row in rows {
            let level = row.level("notice");
            // A place of the old side may not be in the checkout.
            let place = row.place().map(|span| format!("file={},line={},", property(&span.file.path), span.line()));
            let needs = row.bump.filter(|bump| *bump > Bump::None).map(|bump| format!(" ({})", bump.word())).unwrap_or_default();
            let title = property(&format!("{}{needs}", row.kind));
            let _ = writeln!(text, "::{level} {}title={title}::{}", place.unwrap_or_default(), data(&row.message()));
        }
        text
    }
}

/// A text as the message of a workflow command.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A text as a property of a workflow command.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
