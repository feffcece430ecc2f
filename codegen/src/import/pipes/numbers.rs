//! How a page writes the number of a code: alone, as a range, in hexadecimal, or with the name beside it.

use super::cells::without_footnote;
use crate::model::Number;

/// Whether a text is the number of a code, or a range of numbers.
pub(super) fn is_code(text: &str) -> bool {
    parse_code(text).is_some()
}

/// The cell of a code: the number or range, and the name where it is in the same cell.
pub(super) struct CodeCell {
    pub number: Number,
    pub name: Option<String>,
}

/// Reads `4000`, `204 (NO CONTENT)`, `5xx (SERVER ERROR)`, `4000-4999`.
pub(super) fn parse_code(text: &str) -> Option<CodeCell> {
    let text = text.trim().replace('`', "");
    let text = text.as_str();
    let (number, name) = match text.split_once('(') {
        Some((number, name)) => (number.trim(), Some(closed(name).to_owned())),
        None => (text, None),
    };
    let number = parse_number(&without_footnote(number).0)?;
    Some(CodeCell { number, name: name.filter(|name| !name.is_empty()) })
}

/// What is between the brackets around a name, which may have some of its own.
fn closed(name: &str) -> &str {
    let name = name.trim_end();
    name.strip_suffix(')').unwrap_or(name).trim()
}

fn parse_number(text: &str) -> Option<Number> {
    if let Some(value) = digits(text) {
        return Some(Number::Value(value));
    }
    let lower = text.to_ascii_lowercase();
    let stem = lower.trim_end_matches(['x', 'y']);
    let places = u32::try_from(lower.len() - stem.len()).ok()?;
    if let (1..=4, Some(stem)) = (places, digits(stem)) {
        let size = 10_u32.pow(places);
        let first = stem.checked_mul(size)?;
        return Some(Number::Range([first, first.checked_add(size - 1)?]));
    }
    let (first, last) = text.split_once(['-', '–', '—', '‑', '~'])?;
    let (first, last) = (digits(first.trim())?, digits(last.trim())?);
    (first < last).then_some(Number::Range([first, last]))
}

fn digits(text: &str) -> Option<u32> {
    if let Some(hex) = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X")) {
        let is_hex = !hex.is_empty() && hex.bytes().all(|byte| byte.is_ascii_hexdigit());
        return is_hex.then(|| u32::from_str_radix(hex, 16).ok()).flatten();
    }
    let all_digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    all_digits.then(|| text.parse().ok()).flatten()
}
