//! Which row of a table is which row of a page.
//!
//! Rows pair by their number and, where a number has several, by name and sentence before anything else: whatever the order on
//! the page, a removed code keeps its row, and the code that has its number now gets one of its own.

use std::collections::HashMap;

use crate::model::{Facts, Number};
use crate::read::PageRow;
use crate::read::RawRow;
use crate::text::normalized_name;

/// How the rows of a page and a table belong together.
#[derive(Debug, Default)]
pub(super) struct Pairing {
    /// The positions of a row of the page and its row of the table.
    pub pairs: Vec<(usize, usize)>,
    /// The rows that only the page has.
    pub new: Vec<usize>,
    /// The rows that only the table has.
    pub missing: Vec<usize>,
}

/// How much two rows of one number have to have in common.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// The number is enough: it is the same table, and the code was renamed.
    Number,
    /// The name or the sentence too: it may be another table.
    NameOrText,
}

/// Pairs the rows of a page with those of a table.
pub(super) fn pair(page: &[&PageRow], table: &[RawRow], likeness: Likeness) -> Pairing {
    let mut of_number: HashMap<Number, (Vec<usize>, Vec<usize>)> = HashMap::new();
    for (at, row) in page.iter().enumerate() {
        of_number.entry(row.facts.number).or_default().0.push(at);
    }
    for (at, row) in table.iter().enumerate() {
        of_number.entry(row.facts.number).or_default().1.push(at);
    }
    let mut pairing = Pairing::default();
    for (mut page_rows, mut table_rows) in of_number.into_values() {
        for test in tests(likeness) {
            page_rows.retain(|at| {
                let found = table_rows.iter().position(|other| test(&page[*at].facts, &table[*other].facts));
                pairing.pairs.extend(found.map(|found| (*at, table_rows.remove(found))));
                found.is_none()
            });
        }
        pairing.new.extend(page_rows);
        pairing.missing.extend(table_rows);
    }
    pair_ranges(page, table, &mut pairing);
    pairing.pairs.sort_unstable();
    pairing.new.sort_unstable();
    pairing.missing.sort_unstable();
    pairing
}

/// Pairs a range with the one that it was before it grew or shrank: the only one that shares numbers with it.
fn pair_ranges(page: &[&PageRow], table: &[RawRow], pairing: &mut Pairing) {
    let is_range = |facts: &Facts| matches!(facts.number, Number::Range(_));
    let share = |one: Number, other: Number| one.first() <= other.last() && other.first() <= one.last();
    let sharing = |number: Number, of: &[usize]| -> Vec<usize> {
        let fitting = of.iter().copied().filter(|at| is_range(&table[*at].facts) && share(table[*at].facts.number, number));
        fitting.collect()
    };
    let ranges: Vec<usize> = pairing.new.iter().copied().filter(|at| is_range(&page[*at].facts)).collect();
    for at in ranges {
        let number = page[at].facts.number;
        let [before] = sharing(number, &pairing.missing)[..] else { continue };
        let rivals = pairing
            .new
            .iter()
            .filter(|other| is_range(&page[**other].facts) && share(page[**other].facts.number, table[before].facts.number));
        if rivals.count() == 1 {
            pairing.pairs.push((at, before));
            pairing.new.retain(|other| *other != at);
            pairing.missing.retain(|other| *other != before);
        }
    }
}

type Test = fn(&Facts, &Facts) -> bool;

/// The reasons for which two rows of one number belong together, the best first.
fn tests(likeness: Likeness) -> &'static [Test] {
    const SAME_LIVENESS: Test = |page, table| same_name(page, table) && page.is_live() == table.is_live();
    const SAME_NAME: Test = |page, table| same_name(page, table);
    const SAME_TEXT: Test = |page, table| page.text.is_some() && page.text == table.text;
    const LIVE: Test = |page, table| page.is_live() && table.is_live();
    // A row that was struck through and renamed at once.
    const STRUCK: Test = |page, table| !page.is_live() && table.is_live();
    const REMOVED: Test = |page, table| !page.is_live() && !table.is_live();
    match likeness {
        Likeness::Number => &[SAME_LIVENESS, SAME_NAME, SAME_TEXT, LIVE, STRUCK, REMOVED],
        Likeness::NameOrText => &[SAME_LIVENESS, SAME_NAME, SAME_TEXT],
    }
}

/// Whether two rows have one name, but for its style.
pub(super) fn same_name(one: &Facts, other: &Facts) -> bool {
    one.name == other.name || normalized_name(&one.name) == normalized_name(&other.name)
}

/// For each new row, the row of the table before which it belongs: the first one with a greater number.
pub(super) fn places(new: &[Facts], table: &[RawRow]) -> Vec<Option<usize>> {
    // The greatest number up to each row: the first row that exceeds a number is the first where this does.
    let greatest: Vec<(u32, u32, bool)> = table
        .iter()
        .scan((0, 0, false), |greatest, row| {
            *greatest = order(&row.facts).max(*greatest);
            Some(*greatest)
        })
        .collect();
    let place = |facts: &Facts| {
        let at = greatest.partition_point(|greatest| *greatest <= order(facts));
        (at < table.len()).then_some(at)
    };
    new.iter().map(place).collect()
}

/// Rows are in the order of their numbers; of one number, the removed row comes first.
pub(super) fn order(facts: &Facts) -> (u32, u32, bool) {
    (facts.number.first(), facts.number.last(), facts.is_live())
}
