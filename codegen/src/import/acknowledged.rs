//! Warnings of import that a person has read: a row or a table allows them, and they are not repeated on every import.

use super::page::ObservedTable;
use crate::diagnostic::Diagnostic;
use crate::table::TableFile;

/// The warnings that can be allowed, with what they mean.
pub const IMPORT_WARNINGS: [(&str, &str); 6] = [
    ("footnote", "The row has a footnote on the page, which is not read. Put what matters into `note` or `summary`."),
    ("lost-column", "The page has no column any more for facts of the table. They stay as they are."),
    ("repeated-row", "The page has the same row twice. It is read once."),
    ("surplus-cells", "The row has more cells on the page than its table has columns. The last ones are not read."),
    ("table-not-on-page", "The edition has the table, and the imported page does not. It stays as it is."),
    ("unknown-column", "The table has a column on the page that is not read."),
];

/// The findings of a table of a page that its table file does not allow. An error cannot be allowed.
pub(super) fn unknown(findings: Vec<Diagnostic>, observed: &ObservedTable, table: &TableFile) -> Vec<Diagnostic> {
    let is_known = |finding: &Diagnostic| {
        !finding.is_error() && (in_header(table, finding.rule) || in_row(table, finding, observed).unwrap_or(false))
    };
    findings.into_iter().filter(|finding| !is_known(finding)).collect()
}

/// Whether the header of a table allows a warning.
pub(super) fn in_header(table: &TableFile, rule: &str) -> bool {
    table.header.as_ref().is_some_and(|header| header.allow.iter().any(|allowed| allowed.as_str() == rule))
}

/// Whether the row that a warning is about allows it.
fn in_row(table: &TableFile, finding: &Diagnostic, observed: &ObservedTable) -> Option<bool> {
    let line = finding.labels.first()?.span.line();
    let number = observed.rows.iter().find(|row| row.span.line() == line)?.facts.number;
    let row = table.rows.iter().find(|row| row.facts.number == number && row.facts.is_live())?;
    Some(row.ours.allow.iter().any(|allowed| allowed.as_str() == finding.rule))
}
