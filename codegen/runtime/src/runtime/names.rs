//! From a text to the row that it names, for texts that are no identifier: rows are compared.

use super::row::Row;

/// The position of the row that a text names: exactly, or else ignoring case, spaces and punctuation.
///
/// An ambiguous name resolves to nothing.
#[cold]
pub(crate) fn find_name<D>(rows: &[Row<D>], text: &str) -> Option<usize> {
    let exact = rows.iter().position(|row| row.is_called(|name| name == text));
    exact.or_else(|| only_one(rows, text))
}

/// The only row that a text names, ignoring case, spaces and punctuation.
fn only_one<D>(rows: &[Row<D>], text: &str) -> Option<usize> {
    // A text without a letter fits every name without one.
    letters(text).next()?;
    let is_alike = |name: &str| letters(name).eq(letters(text));
    let mut fitting = (0..rows.len()).filter(|at| rows[*at].is_called(is_alike));
    // Names that differ in punctuation alone. An identifier is the only one of its letters.
    match (fitting.next(), fitting.next()) {
        (only, None) => only,
        (_, Some(_)) => None,
    }
}

/// The letters and digits of a text, in lower case.
fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase)
}
