//! Acknowledged warnings of import: a row or a table allows them, and they are not repeated on every import.

use crate::read::PageTable;
use crate::read::TableFile;
use crate::text::Diagnostic;

/// The findings of a table of a page that its table file does not allow. An error cannot be allowed.
pub(super) fn not_allowed(findings: Vec<Diagnostic>, observed: &PageTable, table: &TableFile) -> Vec<Diagnostic> {
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
fn in_row(table: &TableFile, finding: &Diagnostic, observed: &PageTable) -> Option<bool> {
    let at = |line: usize| observed.rows.iter().find(|row| row.span.line() == line);
    let number = finding.labels.iter().find_map(|label| at(label.span.line()))?.facts.number;
    let row = table.rows.iter().find(|row| row.facts.number == number && row.facts.is_live())?;
    Some(row.ours.allow.iter().any(|allowed| allowed.as_str() == finding.rule))
}
