//! Numbers that nobody wrote: members of an enum that count on from the last, and lines after `iota`.
//!
//! Takes a [`Tree`] and the rows that were written, and returns the others, each with its block.

use std::collections::BTreeMap;

use super::lexer::Kind;
use super::rows::Row;
use super::tree::Tree;

/// The rows that were written, by block.
type Written<'a> = BTreeMap<usize, Vec<(Row<'a>, bool)>>;

/// The rows that count.
pub(super) fn counted<'a>(tree: &Tree<'a>, written: &Written<'a>) -> Vec<(usize, Row<'a>)> {
    let rows = |block: usize| {
        let opener = tree.blocks[block].opener.unwrap_or_default();
        if tree.is_sign(opener, &["{"]) && tree.is_enum(block) {
            members(tree, block, written.get(&block).map_or(&[], Vec::as_slice))
        } else if tree.is_sign(opener, &["("]) && tree.kind(opener.wrapping_sub(1)) == Kind::Word("const") {
            constants(tree, block)
        } else {
            Vec::new()
        }
    };
    (1..tree.blocks.len()).flat_map(|block| rows(block).into_iter().map(move |row| (block, row))).collect()
}

/// The members of an enum without a number. One whose number cannot be read ends the counting until the next that has one.
fn members<'a>(tree: &Tree<'a>, block: usize, written: &[(Row<'a>, bool)]) -> Vec<Row<'a>> {
    let mut numbers: BTreeMap<&str, u32> = BTreeMap::new();
    let written: BTreeMap<usize, u32> = written.iter().map(|(row, _)| (row.name_at, row.number)).collect();
    let mut rows = Vec::new();
    let mut next = Some(0);
    for item in items(tree, block, |at| tree.is_sign(at, &[","])) {
        let Some(&[at, ref value @ ..]) =
            item.iter().position(|at| matches!(tree.kind(*at), Kind::Word(_))).map(|at| &item[at..])
        else {
            continue;
        };
        let Kind::Word(name) = tree.kind(at) else { continue };
        let other = value.last().and_then(|at| if let Kind::Word(other) = tree.kind(*at) { numbers.get(other) } else { None });
        let number = match (written.get(&at), value) {
            (Some(number), _) => Some(*number),
            (None, []) => next,
            (None, _) => other.copied(),
        };
        if let (Some(number), None) = (number, written.get(&at)) {
            rows.push(Row { name, also: Vec::new(), number, name_at: at, number_at: None, flags: Vec::new() });
        }
        numbers.extend(number.map(|number| (name, number)));
        next = number.and_then(|number| number.checked_add(1));
    }
    rows
}

/// The constants of a block that count with `iota`, or `iota` and a number.
fn constants<'a>(tree: &Tree<'a>, block: usize) -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let mut first = None;
    for (line, item) in (0..).zip(items(tree, block, |at| matches!(tree.kind(at), Kind::Line(_)))) {
        let sign = item.iter().position(|at| tree.is_sign(*at, &["="]));
        if let Some(sign) = sign {
            let number = |at: usize| if let Kind::Number(number) = tree.kind(at) { Some(number) } else { None };
            first = match item[sign + 1..] {
                [iota] if tree.kind(iota) == Kind::Word("iota") => Some(0),
                [one, plus, other] if tree.is_sign(plus, &["+"]) => {
                    let has_iota = [one, other].into_iter().any(|at| tree.kind(at) == Kind::Word("iota"));
                    number(one).or(number(other)).filter(|_| has_iota)
                }
                _ => None,
            };
        }
        if let (Some(first), Kind::Word(name)) = (first, tree.kind(item[0])) {
            let number = u32::saturating_add(first, line);
            rows.extend((name != "_").then(|| Row {
                name,
                also: Vec::new(),
                number,
                name_at: item[0],
                number_at: None,
                flags: Vec::new(),
            }));
        }
    }
    rows
}

/// The tokens of a block, item by item, without what is in brackets and without empty items.
fn items(tree: &Tree<'_>, block: usize, is_end: impl Fn(usize) -> bool) -> Vec<Vec<usize>> {
    let mut items = vec![Vec::new()];
    for at in tree.children(block) {
        if tree.is_sign(at, &[";"]) && tree.is_enum(block) {
            break;
        } else if is_end(at) {
            items.push(Vec::new());
        } else if !matches!(tree.kind(at), Kind::Line(_)) && !tree.is_sign(at, &["#"]) {
            items.last_mut().into_iter().for_each(|item| item.push(at));
        }
    }
    items.retain(|item| !item.is_empty());
    items
}
