//! A code that is missing, as a line that can be pasted.
//!
//! Takes the rows of a group and a code, and writes the code as another row is written: in its case, with its prefix, and with
//! the documented name in place of its text.

use std::ops::RangeInclusive;

use super::codes::Codes;
use super::lexer::{Habit, Kind};
use super::names::in_case_of;
use super::rows::Row;
use super::tree::Tree;
use crate::text::{folded, plain_name};

/// The line of a code. Where no row shows how, it is the name and the number.
pub(super) fn line(tree: &Tree<'_>, source: &str, rows: &[Row<'_>], codes: &Codes<'_>, number: u32) -> String {
    let Some(code) = codes.by_number.get(&number) else { return String::new() };
    let documented = plain_name(&code.row.facts.name);
    let ident = code.row.ours.ident.as_ref().map_or(documented.as_str(), |ident| ident.as_str());
    let prefix = |row: &Row<'_>| codes.by_number.get(&row.number)?.prefix(row.name).map(str::len);
    let text = |row: &Row<'_>| {
        let (first, last) = row.number_at.map(|at| tokens(tree, row.name_at, at))?.into_inner();
        Some(&source[tree.tokens[first].range.start..tree.tokens[last].range.end])
    };
    // A row whose number is written shows more than one that counts, one in a line is easier to read, and the last has no comma.
    let rank = |row: &&Row<'_>| {
        let text = text(row);
        let ends = text.map(|text| (!text.contains('\n'), text.ends_with(','), text.ends_with(';')));
        (ends, row.number < number, row.number)
    };
    let sample = rows.iter().filter(|row| prefix(row).is_some()).max_by_key(rank);
    let Some((sample, start)) = sample.and_then(|row| Some((row, prefix(row)?))) else { return format!("{ident} = {number}") };
    let cased = if sample.name.contains(' ') { documented.clone() } else { in_case_of(&sample.name[start..], ident) };
    let named = format!("{}{cased}", &sample.name[..start]);
    let Some(number_at) = sample.number_at else {
        return format!("{named} = {number}{}", if tree.language.has(Habit::TypeBehind) { "" } else { "," });
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
