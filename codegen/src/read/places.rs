//! Where the tables, keys and values of a TOML text are, so that it can be edited.
//!
//! Takes what a TOML parser found and returns ranges of bytes; nothing is changed here.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::lines::line_start;

/// Where a table is.
pub(super) struct Place {
    pub(super) span: Range<usize>,
    pub(super) form: Form,
    pub(super) keys: Vec<KeyPlace>,
    /// Where its last value ends, those of tables in it included.
    pub(super) end: usize,
}

/// How a table is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Under a header of its own.
    Header,
    /// Between braces.
    Inline,
    /// With dotted keys.
    Dotted,
}

/// Where a key is.
pub(super) struct KeyPlace {
    pub(super) name: String,
    pub(super) key: Range<usize>,
    pub(super) value: Range<usize>,
    /// Where the value ends, or the first of several dotted ones.
    pub(super) end: usize,
}

/// Where a table and its keys are.
pub(super) fn place(text: &str, span: Range<usize>, table: &DeTable<'_>) -> Place {
    let form = match text[span.clone()].chars().next() {
        Some('{') => Form::Inline,
        Some('[') => Form::Header,
        _ => Form::Dotted,
    };
    let mut all = vec![span.end];
    let mut keys = Vec::new();
    for (key, value) in table {
        let mut inner = Vec::new();
        ends(value.get_ref(), value.span(), &mut inner);
        all.extend(&inner);
        // Tables under a header of their own are not between the keys.
        let is_apart = matches!(value.get_ref(), DeValue::Table(_) | DeValue::Array(_))
            && text[..key.span().start].ends_with(['[', '.', ' '])
            && text[line_start(text, key.span().start)..].trim_start().starts_with('[');
        if !is_apart || form == Form::Inline {
            let end = first_end(value.get_ref(), value.span());
            keys.push(KeyPlace { name: key.get_ref().to_string(), key: key.span(), value: value.span(), end });
        }
    }
    keys.sort_by_key(|key| key.key.start);
    Place { end: all.into_iter().max().unwrap_or(span.end), span, form, keys }
}

/// The headers of a table and of all tables in it.
pub(super) fn headers(text: &str, span: Range<usize>, table: &DeTable<'_>, all: &mut Vec<usize>) {
    all.extend(text[span.clone()].starts_with('[').then_some(span.start));
    for value in table.values() {
        if let DeValue::Table(table) = value.get_ref() {
            headers(text, value.span(), table, all);
        }
    }
}

/// Where a value and all in it end.
pub(super) fn ends(value: &DeValue<'_>, span: Range<usize>, all: &mut Vec<usize>) {
    all.push(span.end);
    match value {
        DeValue::Table(table) => table.iter().for_each(|(_, value)| ends(value.get_ref(), value.span(), all)),
        DeValue::Array(array) => array.iter().for_each(|value| ends(value.get_ref(), value.span(), all)),
        _ => {}
    }
}

/// Where a value ends; of a table with dotted keys, the first of its values.
fn first_end(value: &DeValue<'_>, span: Range<usize>) -> usize {
    let DeValue::Table(table) = value else { return span.end };
    let first = table.iter().min_by_key(|(key, _)| key.span().start).filter(|(key, _)| key.span().start >= span.end);
    first.map_or(span.end, |(_, value)| first_end(value.get_ref(), value.span()))
}
