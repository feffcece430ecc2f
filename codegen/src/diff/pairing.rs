//! Which row of the new table is which row of the old one.
//!
//! Rows are paired in passes, the surest sign first, and each pass pairs all rows that it can before the next one starts. In
//! come rows that are sorted by what they say, so that the result does not depend on their order in a file.

use std::collections::HashMap;
use std::hash::Hash;

use super::side::Row;
use crate::model::{Ident, Number};
use crate::text::normalized_name;

/// The pairs of two lists, by their positions, and what has no pair.
#[derive(Debug)]
pub(super) struct Pairs<'a> {
    old_rows: &'a [Row<'a>],
    new_rows: &'a [Row<'a>],
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

/// Pairs the rows of one table.
pub(super) fn rows<'a>(old: &'a [Row<'a>], new: &'a [Row<'a>]) -> Pairs<'a> {
    let mut pairs = Pairs::new(old, new);
    pairs.pass(|row| Some((row.facts.number, row.ident()?)));
    pairs.pass(|row| Some((row.facts.number, normalized_name(&row.facts.name))));
    pairs.pass(|row| Some((row.facts.number, row.facts.is_live())));
    pairs.pass(|row| Some(row.facts.number));
    pairs.pass(Row::ident);
    pairs.pass_by(false, Row::ident, former_idents);
    pairs.pass(|row| range(row).map(|[first, _]| first));
    pairs.pass(|row| range(row).map(|[_, last]| last));
    pairs.guess_by_text();
    pairs.guess_by_name();
    pairs.found.sort_by_key(|pair| (pair.new, pair.old));
    pairs
}

/// Pairs rows that have left one table and come into another one: the same identifier and name, or the same sentence. An
/// identifier alone, such as `Unknown`, is common to many tables.
pub(super) fn moved<'a>(old: &'a [Row<'a>], new: &'a [Row<'a>]) -> Vec<Pair> {
    let mut pairs = Pairs::new(old, new);
    pairs.pass(|row| Some((row.ident()?, normalized_name(&row.facts.name))));
    pairs.guess_by_text();
    pairs.found
}

/// Pairs rows that have one sentence, or else one name.
pub(super) fn alike<'a>(old: &'a [Row<'a>], new: &'a [Row<'a>]) -> Vec<Pair> {
    let mut pairs = Pairs::new(old, new);
    pairs.guess_by_text();
    pairs.guess_by_name();
    pairs.found
}

fn former_idents<'a>(row: &Row<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    row.ours.into_iter().flat_map(|ours| &ours.renamed_from).map(Ident::as_str)
}

fn range(row: &Row<'_>) -> Option<[u32; 2]> {
    match row.facts.number {
        Number::Range(bounds) => Some(bounds),
        Number::Value(_) => None,
    }
}

impl<'a> Pairs<'a> {
    fn new(old_rows: &'a [Row<'a>], new_rows: &'a [Row<'a>]) -> Self {
        let (old, new) = ((0..old_rows.len()).collect(), (0..new_rows.len()).collect());
        Self { old_rows, new_rows, found: Vec::new(), old, new }
    }

    /// Pairs what certainly is the same code, as it has the same key.
    fn pass<K: Eq + Hash>(&mut self, key: impl Fn(&Row<'a>) -> Option<K>) {
        self.pass_by(false, &key, &key);
    }

    fn guess_by_text(&mut self) {
        let text = |row: &Row<'a>| row.facts.text.as_ref();
        self.pass_by(true, text, text);
    }

    fn guess_by_name(&mut self) {
        let name = |row: &Row<'a>| Some(normalized_name(&row.facts.name)).filter(|name| !name.is_empty());
        self.pass_by(true, name, name);
    }

    /// Pairs an old row that has a key with a new row that has it among its keys, in the order of the new rows.
    fn pass_by<K: Eq + Hash, Keys: IntoIterator<Item = K>>(
        &mut self,
        is_guess: bool,
        of_old: impl Fn(&Row<'a>) -> Option<K>,
        of_new: impl Fn(&Row<'a>) -> Keys,
    ) {
        let mut by_key: HashMap<K, Vec<usize>> = HashMap::new();
        for at in self.old.iter().rev() {
            if let Some(key) = of_old(&self.old_rows[*at]) {
                by_key.entry(key).or_default().push(*at);
            }
        }
        let mut taken = vec![false; self.old_rows.len()];
        self.new.retain(|at| {
            let found = of_new(&self.new_rows[*at]).into_iter().find_map(|key| by_key.get_mut(&key)?.pop());
            if let Some(found) = found {
                taken[found] = true;
                self.found.push(Pair { old: found, new: *at, is_guess });
            }
            found.is_none()
        });
        self.old.retain(|at| !taken[*at]);
    }
}
