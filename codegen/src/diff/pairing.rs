//! Which row of the new table is which row of the old one.
//!
//! Rows are paired in passes, the surest sign first, and each pass pairs all rows that it can before the next one starts. In
//! come rows that are sorted by what they say, so that the result does not depend on their order in a file.

use std::collections::HashMap;
use std::hash::Hash;

use super::side::Row;
use crate::model::Number;
use crate::text::normalized_name;

/// The pairs of two lists, by their positions, and what has no pair.
#[derive(Debug, Default)]
pub(super) struct Pairs {
    pub(super) found: Vec<Pair>,
    /// Positions in the old list.
    pub(super) old: Vec<usize>,
    /// Positions in the new list.
    pub(super) new: Vec<usize>,
}

/// Two rows about the same code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pair {
    pub(super) old: usize,
    pub(super) new: usize,
    /// Whether only likeness says so.
    pub(super) is_guess: bool,
}

/// What two rows have in common when a pass pairs them.
#[derive(PartialEq, Eq, Hash)]
enum Key<'a> {
    NumberAndIdent(Number, &'a str),
    NumberAndName(Number, String),
    NumberAndState(Number, bool),
    Number(Number),
    Ident(&'a str),
    Text(&'a str),
    Name(String),
    FirstOfRange(u32),
    LastOfRange(u32),
}

type Keys<'a> = fn(&Row<'a>) -> Vec<Key<'a>>;

/// Pairs the rows of one table.
pub(super) fn rows<'a>(old: &[Row<'a>], new: &[Row<'a>]) -> Pairs {
    let mut pairs = Pairs { found: Vec::new(), old: (0..old.len()).collect(), new: (0..new.len()).collect() };
    let sure: [(Keys<'a>, Keys<'a>); 8] = [
        both(|row| row.ident().map(|ident| Key::NumberAndIdent(row.facts.number, ident)).into_iter().collect()),
        both(|row| vec![Key::NumberAndName(row.facts.number, normalized_name(&row.facts.name))]),
        both(|row| vec![Key::NumberAndState(row.facts.number, row.facts.is_live())]),
        both(|row| vec![Key::Number(row.facts.number)]),
        both(|row| row.ident().map(Key::Ident).into_iter().collect()),
        (ident, former_idents),
        both(|row| range(row).map(|[first, _]| Key::FirstOfRange(first)).into_iter().collect()),
        both(|row| range(row).map(|[_, last]| Key::LastOfRange(last)).into_iter().collect()),
    ];
    for (of_old, of_new) in sure {
        pass(&mut pairs, old, new, of_old, of_new, false);
    }
    for keys in LIKENESS {
        pass(&mut pairs, old, new, keys, keys, true);
    }
    pairs.found.sort_by_key(|pair| (pair.new, pair.old));
    pairs
}

/// What makes two rows alike that have nothing sure in common.
const LIKENESS: [for<'a> fn(&Row<'a>) -> Vec<Key<'a>>; 2] = [
    |row| row.facts.text.iter().map(|text| Key::Text(text.as_str())).collect(),
    |row| Some(normalized_name(&row.facts.name)).filter(|name| !name.is_empty()).map(Key::Name).into_iter().collect(),
];

/// Pairs rows that have left one table and come into another one: the same identifier and name, or the same sentence.
pub(super) fn moved<'a>(old: &[Row<'a>], new: &[Row<'a>]) -> Pairs {
    let mut pairs = Pairs { found: Vec::new(), old: (0..old.len()).collect(), new: (0..new.len()).collect() };
    let named: Keys<'a> = |row| row.ident().map(Key::Ident).into_iter().collect();
    let alike = |old: usize, new: usize, olds: &[Row<'a>], news: &[Row<'a>]| {
        normalized_name(&olds[old].facts.name) == normalized_name(&news[new].facts.name)
    };
    pass(&mut pairs, old, new, named, named, false);
    // An identifier alone, such as `Unknown`, is common to many tables.
    let (kept, given_up) = std::mem::take(&mut pairs.found).into_iter().partition(|pair| alike(pair.old, pair.new, old, new));
    pairs.found = kept;
    let given_up: Vec<Pair> = given_up;
    pairs.old.extend(given_up.iter().map(|pair| pair.old));
    pairs.new.extend(given_up.iter().map(|pair| pair.new));
    pairs.old.sort_unstable();
    pairs.new.sort_unstable();
    pass(&mut pairs, old, new, LIKENESS[0], LIKENESS[0], true);
    pairs
}

/// Pairs rows that have one sentence, or else one name.
pub(super) fn alike<'a>(old: &[Row<'a>], new: &[Row<'a>]) -> Vec<Pair> {
    let mut pairs = Pairs { found: Vec::new(), old: (0..old.len()).collect(), new: (0..new.len()).collect() };
    for keys in LIKENESS {
        pass(&mut pairs, old, new, keys, keys, true);
    }
    pairs.found
}

fn both(keys: Keys<'_>) -> (Keys<'_>, Keys<'_>) {
    (keys, keys)
}

fn ident<'a>(row: &Row<'a>) -> Vec<Key<'a>> {
    row.ours.and_then(|ours| ours.ident.as_ref()).map(|ident| Key::Ident(ident)).into_iter().collect()
}

fn former_idents<'a>(row: &Row<'a>) -> Vec<Key<'a>> {
    row.ours.into_iter().flat_map(|ours| &ours.renamed_from).map(|ident| Key::Ident(ident)).collect()
}

fn range(row: &Row<'_>) -> Option<[u32; 2]> {
    match row.facts.number {
        Number::Range(bounds) => Some(bounds),
        Number::Value(_) => None,
    }
}

/// Pairs what has a key in common, in the order of the new rows.
fn pass<'a>(pairs: &mut Pairs, old: &[Row<'a>], new: &[Row<'a>], of_old: Keys<'a>, of_new: Keys<'a>, is_guess: bool) {
    let mut by_key: HashMap<Key<'a>, Vec<usize>> = HashMap::new();
    for at in pairs.old.iter().rev() {
        for key in of_old(&old[*at]) {
            by_key.entry(key).or_default().push(*at);
        }
    }
    let mut taken = vec![false; old.len()];
    pairs.new.retain(|at| {
        let found = of_new(&new[*at]).into_iter().find_map(|key| by_key.get_mut(&key)?.pop());
        if let Some(found) = found {
            taken[found] = true;
            pairs.found.push(Pair { old: found, new: *at, is_guess });
        }
        found.is_none()
    });
    pairs.old.retain(|at| !taken[*at]);
}
