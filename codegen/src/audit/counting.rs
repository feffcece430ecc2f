//! Numbers that nobody wrote: members of an enum that count on from the last, and lines after `iota`.
//!
//! Takes a [`Tree`] and the numbers that were written, by the tokens of their names, and returns the other rows with their blocks.

use std::collections::BTreeMap;

use super::lexer::Kind;
use super::rows::Row;
use super::tree::Tree;

/// The rows that count.
pub(super) fn counted<'a>(tree: &Tree<'a>, written: &BTreeMap<usize, u32>) -> Vec<(usize, Row<'a>)> {
    let rows = |block: usize| {
        let opener = tree.blocks[block].opener.unwrap_or_default();
        match tree.kind(opener) {
            Kind::Sign("{") if tree.is_enum(block) => members(tree, block, written),
            Kind::Sign("(") if tree.kind(opener.wrapping_sub(1)) == Kind::Word("const") => constants(tree, block),
            _ => Vec::new(),
        }
    };
    (1..tree.blocks.len()).flat_map(|block| rows(block).into_iter().map(move |row| (block, row))).collect()
}

/// The members of an enum without a number. One whose number cannot be read ends the counting until the next that has one.
fn members<'a>(tree: &Tree<'a>, block: usize, written: &BTreeMap<usize, u32>) -> Vec<Row<'a>> {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let mut rows = Vec::new();
    let mut next = Some(0);
    for item in items(tree, block, |kind| matches!(kind, Kind::Sign(",") | Kind::Word("case"))) {
        let is_word = |at: &usize| matches!(tree.kind(*at), Kind::Word(_));
        let Some(at) = item.iter().copied().find(is_word) else { continue };
        let (Kind::Word(name), Some(last)) = (tree.kind(at), item.last()) else { continue };
        let number = match (written.get(&at), tree.kind(*last)) {
            (Some(number), _) => Some(*number),
            (None, _) if *last == at => next,
            (None, Kind::Word(other)) => numbers.get(other).copied(),
            _ => None,
        };
        rows.extend(number.filter(|_| !written.contains_key(&at)).map(|number| Row::counted(name, number, at)));
        numbers.extend(number.map(|number| (name, number)));
        next = number.and_then(|number| number.checked_add(1));
    }
    rows
}

/// The constants of a block that count with `iota`, or `iota` and a number.
fn constants<'a>(tree: &Tree<'a>, block: usize) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut first = None;
    for (line, item) in (0..).zip(items(tree, block, |kind| matches!(kind, Kind::Line(_)))) {
        let kinds: Vec<Kind<'_>> = item.iter().map(|at| tree.kind(*at)).collect();
        first = match kinds.as_slice() {
            [.., Kind::Sign("="), Kind::Word("iota")] => Some(0),
            [.., Kind::Sign("="), Kind::Word("iota"), Kind::Sign("+"), Kind::Number(number)]
            | [.., Kind::Sign("="), Kind::Number(number), Kind::Sign("+"), Kind::Word("iota")] => Some(*number),
            kinds if kinds.contains(&Kind::Sign("=")) => None,
            _ => first,
        };
        if let (Some(first), Kind::Word(name)) = (first, kinds[0]) {
            rows.extend((name != "_").then(|| Row::counted(name, u32::saturating_add(first, line), item[0])));
        }
    }
    rows
}

/// The tokens of a block, item by item, without what is in brackets and without empty items.
fn items(tree: &Tree<'_>, block: usize, is_end: impl Fn(Kind<'_>) -> bool) -> Vec<Vec<usize>> {
    let mut items = vec![Vec::new()];
    for at in tree.children(block).take_while(|at| !tree.is_sign(*at, &[";"])) {
        let kind = tree.kind(at);
        if is_end(kind) {
            items.push(Vec::new());
        } else if let (Kind::Word(_) | Kind::Sign("=" | "+" | "!" | "." | "(" | "{") | Kind::Number(_), Some(item)) =
            (kind, items.last_mut())
        {
            item.push(at);
        }
    }
    items.retain(|item| !item.is_empty());
    items
}
