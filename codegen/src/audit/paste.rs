//! A code that is missing, as a line that can be pasted.
//!
//! Takes the rows of a group and a code, and writes the code as the row before it is written: in its case, with its prefix.

use super::codes::{Code, Codes};
use super::lexer::Kind;
use super::names::in_case_of;
use super::rows::Row;
use super::tree::Tree;
use crate::model::Variant;
use crate::text::folded;

/// The line of a code. Where no row shows how, it is the name and the number.
pub(super) fn line(tree: &Tree<'_>, source: &str, rows: &[Row<'_>], codes: &Codes<'_>, number: u32) -> String {
    let Some(code) = codes.codes.get(&number) else { return String::new() };
    let sample = |row: &&Row<'_>| codes.codes.get(&row.number).is_some_and(|code| code.prefix(row.name).is_some());
    let written: Vec<&Row<'_>> = rows.iter().filter(sample).collect();
    // A row whose number is written shows more than one that counts, and one in a line is easier to read.
    let text_between = |row: &Row<'_>| {
        let [one, other] = [row.name_at, row.number_at?].map(|at| &tree.tokens[at].range);
        Some(&source[one.end.min(other.end)..one.start.max(other.start)])
    };
    let is_short = |row: &Row<'_>| text_between(row).is_some_and(|between| !between.contains('\n'));
    let end = |row: &Row<'_>| tail(tree, row.number_at?.max(row.name_at), true, code).chars().last();
    let ends = |row: &Row<'_>| [Some(';'), Some(',')].iter().position(|sign| *sign == end(row));
    let before = |row: &&&Row<'_>| (is_short(row), row.number_at.is_some(), ends(row), row.number < number, row.number);
    let Some(sample) = written.iter().max_by_key(before) else { return format!("{} = {number}", name(code)) };
    let own = codes.codes.get(&sample.number).and_then(|code| code.prefix(sample.name));
    let named = format!("{}{}", own.unwrap_or_default(), cased(&sample.name[own.map_or(0, str::len)..], code));
    let is_text = matches!(tree.kind(sample.name_at), Kind::Text(_));
    let quoted = |text: &str| if is_text { format!("\"{text}\"") } else { text.to_owned() };
    let comma = if tree.language.has_type_behind || tree.language.has_blocks_by_indent { "" } else { "," };
    let Some(number_at) = sample.number_at else { return format!("{named} = {number}{comma}") };
    let between = text_between(sample).unwrap_or_default();
    let head = head(tree, source, sample.name_at, number_at);
    let is_bracketed = head.trim_end().ends_with(['(', '[', '{']) || tree.inside[number_at] != tree.inside[sample.name_at];
    if number_at < sample.name_at {
        let tail = tail(tree, sample.name_at, is_bracketed, code);
        return format!("{head}{number}{}{}{tail}", one_line(between), quoted(&named));
    }
    let tail = if between.contains('\n') { ", …".to_owned() } else { tail(tree, number_at, is_bracketed, code) };
    let between = aligned(&one_line(between), sample.name.chars().count(), named.chars().count());
    format!("{head}{}{between}{number}{tail}", quoted(&named))
}

/// The name of a code, where no row shows its case.
fn name(code: &Code<'_>) -> String {
    code.row.variant().map_or_else(|| code.row.facts.name.to_string(), |Variant { ident, .. }| ident.to_string())
}

/// The name of a code in the case of another name; as documented, where names are sentences.
fn cased(sample: &str, code: &Code<'_>) -> String {
    if sample.contains(' ') { code.row.facts.name.replace('`', "") } else { in_case_of(sample, &name(code)) }
}

/// What is between name and number, in one line.
fn one_line(between: &str) -> String {
    if between.contains('\n') { folded(&format!("_{between}_")).trim_matches('_').to_owned() } else { between.to_owned() }
}

/// What is between name and number, so wide that the numbers stand below each other, where they do.
fn aligned(between: &str, old: usize, new: usize) -> String {
    let run = between.split(|c| c != ' ').max_by_key(|run| run.len()).unwrap_or_default();
    let width = (run.len() + old).saturating_sub(new).max(1);
    if run.len() > 1 { between.replacen(run, &" ".repeat(width), 1) } else { between.to_owned() }
}

/// What stands before the first token of a row: `case `, and the bracket that holds nothing else, with its name.
fn head<'s>(tree: &Tree<'_>, source: &'s str, name_at: usize, number_at: usize) -> &'s str {
    const MOST: usize = 4;
    let (first, last) = (name_at.min(number_at), name_at.max(number_at));
    let block = &tree.blocks[tree.inside[first]];
    let start = match (tree.kind(first.wrapping_sub(1)), block.opener) {
        (Kind::Word("case"), _) => first - 1,
        (_, Some(opener)) if opener + 1 == first && (last..=last + MOST).contains(&block.end) => {
            if matches!(tree.kind(opener.wrapping_sub(1)), Kind::Word(_)) { opener - 1 } else { opener }
        }
        _ => first,
    };
    &source[tree.tokens[start].range.start..tree.tokens[first].range.start]
}

/// What stands behind the last token of a row: the documented name as a text where there is one, and what closes it.
fn tail(tree: &Tree<'_>, at: usize, is_bracketed: bool, code: &Code<'_>) -> String {
    let mut tail = String::new();
    let mut next = at + 1;
    if is_bracketed && tree.is_sign(next, &[","]) && matches!(tree.kind(tree.next(next)), Kind::Text(_)) {
        tail = format!(", \"{}\"", code.row.facts.name.replace('`', ""));
        next = tree.next(next) + 1;
        if is_bracketed && tree.is_sign(next, &[","]) && matches!(tree.kind(tree.next(next)), Kind::Word("true" | "false")) {
            tail += if code.reconnects().unwrap_or(true) { ", true" } else { ", false" };
            next = tree.next(next) + 1;
        } else if tree.is_sign(next, &[","]) {
            return tail + ", …";
        }
    }
    if let (Kind::Sign(sign @ (")" | "]" | "}")), true) = (tree.kind(next), is_bracketed) {
        tail += sign;
        next += 1;
    }
    if let Kind::Sign(sign @ ("," | ";")) = tree.kind(next) { tail + sign } else { tail }
}
