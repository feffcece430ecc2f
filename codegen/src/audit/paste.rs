//! A code that is missing, as a line that can be pasted.
//!
//! Takes the rows of a group and a code, and writes the code as another row is written: in its case, with its prefix, and with
//! the documented name in place of its text.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use super::codes::{Code, Codes};
use super::lexer::{Habit, Kind};
use super::names::in_case_of;
use super::rows::Row;
use super::tree::Tree;
use crate::text::{folded, plain_name};

/// The rows that show best how a row is written, by their numbers, each with the length of what stands before its name.
pub(super) type Samples<'g, 's> = BTreeMap<u32, (&'g Row<'s>, usize)>;

/// A row whose number is written shows more than one that counts, one in a line is easier to read, and the last has no comma.
pub(super) fn samples<'g, 's>(tree: &Tree<'_>, source: &str, rows: &'g [Row<'s>], codes: &Codes<'_>) -> Samples<'g, 's> {
    let rank = |row: &Row<'_>| {
        let (first, last) = row.number_at.map(|at| tokens(tree, row.name_at, at))?.into_inner();
        let text = &source[tree.tokens[first].range.start..tree.tokens[last].range.end];
        Some((!text.contains('\n'), text.ends_with(','), text.ends_with(';')))
    };
    let prefix = |row: &Row<'_>| codes.by_number.get(&row.number)?.prefix(row.name).map(str::len);
    let ranked: Vec<_> = rows.iter().filter_map(|row| Some((rank(row), row, prefix(row)?))).collect();
    let best = ranked.iter().map(|(rank, ..)| *rank).max();
    let samples = ranked.into_iter().filter(|(rank, ..)| Some(*rank) == best);
    samples.map(|(_, row, start)| (row.number, (row, start))).collect()
}

/// The line of a code, as the sample with the next lower number is written. Without a sample it is the name and the number.
pub(super) fn line(tree: &Tree<'_>, source: &str, samples: &Samples<'_, '_>, code: &Code<'_>) -> String {
    let number = code.row.first();
    let documented = plain_name(&code.row.facts.name);
    let ident = code.row.ours.ident.as_ref().map_or(documented.as_str(), |ident| ident.as_str());
    let sample = samples.range(..number).next_back().or_else(|| samples.last_key_value());
    let Some((_, (sample, start))) = sample else { return format!("{ident} = {number}") };
    let cased = if sample.name.contains(' ') { documented.clone() } else { in_case_of(&sample.name[*start..], ident) };
    let named = format!("{}{cased}", &sample.name[..*start]);
    let Some(number_at) = sample.number_at else {
        let is_by_line = [Habit::TypeBehind, Habit::IndentBlocks].into_iter().any(|habit| tree.language.has(habit));
        return format!("{named} = {number}{}", if is_by_line { "" } else { "," });
    };
    let mut line = String::new();
    let mut end = None;
    for at in tokens(tree, sample.name_at, number_at) {
        let range = tree.tokens[at].range.clone();
        line += &source[end.unwrap_or(range.start)..range.start];
        line += &match tree.kind(at) {
            Kind::Text(_) if at == sample.name_at => format!("\"{named}\""),
            Kind::Word(_) if at == sample.name_at => named.clone(),
            Kind::Number(own) if own == sample.number => number.to_string(),
            Kind::Text(_) => format!("\"{documented}\""),
            Kind::Word("true" | "false") => code.reconnects().unwrap_or(true).to_string(),
            _ => source[range.clone()].to_owned(),
        };
        end = Some(range.end);
    }
    folded(&line)
}

/// The tokens of a row: with `case`, `#define` or `@`, or the bracket that holds nothing else and its name, and with the sign behind it.
fn tokens(tree: &Tree<'_>, name_at: usize, number_at: usize) -> RangeInclusive<usize> {
    const MOST: usize = 24;
    let (mut first, mut last) = (name_at.min(number_at), name_at.max(number_at));
    let block = &tree.blocks[tree.inside[last]];
    let is_own = tree.inside[name_at] != tree.inside[number_at] || block.opener == first.checked_sub(1);
    if is_own && block.end <= last + MOST && tree.is_sign(block.end, &[")", "]", "}"]) {
        let opener = block.opener.unwrap_or(first);
        let is_named = opener < first && matches!(tree.kind(opener.wrapping_sub(1)), Kind::Word(_));
        (first, last) = (first.min(opener - usize::from(is_named)), block.end);
    } else {
        first -= match tree.kind(first.wrapping_sub(1)) {
            Kind::Word("define") => 2,
            Kind::Word("case") | Kind::Sign("@") => 1,
            _ => 0,
        };
    }
    first..=last + usize::from(tree.is_sign(last + 1, &[",", ";"]))
}
