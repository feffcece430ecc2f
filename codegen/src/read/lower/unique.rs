//! What must be different from row to row, and from table to table.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::hash::Hash;

use crate::model::{Ident, Number, Table};
use crate::read::{RawRow, TableFile};
use crate::text::{Diagnostic, quoted};

/// Compares the rows of a table with each other.
pub(super) fn check(file: &TableFile) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let live: Vec<&RawRow> = file.rows.iter().filter(|row| row.facts.is_live()).collect();
    diagnostics.extend(check_numbers(&live));
    diagnostics.extend(check_ranges(file));
    diagnostics.extend(check_idents(file));
    diagnostics
}

/// A number has at most one live row.
fn check_numbers(live: &[&RawRow]) -> Vec<Diagnostic> {
    let repeated = repeated(live.iter().map(|row| (row.facts.number, *row)));
    let report = |(number, again, first): (Number, &RawRow, &RawRow)| {
        Diagnostic::error("duplicate-value", format!("{number} has two rows"))
            .at(&again.place.number(), "again here")
            .at(&first.place.number(), "first here")
            .help("keep one row: merge them, list the second name under `aliases`, or mark one as `status = \"removed\"`")
    };
    repeated.into_iter().map(report).collect()
}

/// A number is in at most one range.
fn check_ranges(file: &TableFile) -> Vec<Diagnostic> {
    let ranges = file.rows.iter().filter_map(|row| match row.facts.number {
        Number::Range([first, last]) if first < last => Some((first, last, row)),
        _ => None,
    });
    let mut ranges: Vec<(u32, u32, &RawRow)> = ranges.collect();
    ranges.sort_by_key(|(first, last, row)| (*first, *last, row.position));
    let mut diagnostics = Vec::new();
    let mut widest: Option<(u32, &RawRow)> = None;
    for (first, last, row) in ranges {
        // Two live rows of one range are reported as those of one number are.
        let is_repeated =
            |earlier: &RawRow| earlier.facts.number == row.facts.number && earlier.facts.is_live() && row.facts.is_live();
        if let Some((end, earlier)) = widest.filter(|(end, earlier)| first <= *end && !is_repeated(earlier)) {
            diagnostics.push(
                Diagnostic::error("overlapping-ranges", format!("two ranges share the numbers {first} to {}", end.min(last)))
                    .at(&row.place.key("range"), "this range")
                    .at(&earlier.place.key("range"), "and this range")
                    .help("put each number into one range; a single code may be inside a range"),
            );
        }
        widest = widest.into_iter().chain([(last, row)]).max_by_key(|(end, _)| *end);
    }
    diagnostics
}

/// An identifier means one thing, whatever its case: names are parsed ignoring case.
fn check_idents(file: &TableFile) -> Vec<Diagnostic> {
    let live: HashSet<Number> = file.rows.iter().filter(|row| row.facts.is_live()).map(|row| row.facts.number).collect();
    // A removed code whose number a live one has now has no variant.
    let has_variant = |row: &&RawRow| {
        matches!(row.facts.number, Number::Value(_)) && (row.facts.is_live() || !live.contains(&row.facts.number))
    };
    let named =
        file.rows.iter().filter(has_variant).flat_map(|row| idents(row).map(move |(key, ident)| Named { row, key, ident }));
    let report = |(_, again, first): (String, Named<'_>, Named<'_>)| {
        let message = if again.ident == first.ident {
            format!("{} means two things", quoted(again.ident))
        } else {
            format!("{} and {} differ in case only", quoted(first.ident), quoted(again.ident))
        };
        Diagnostic::error("duplicate-ident", message)
            .at(&again.row.place.key(again.key), "again here")
            .at(&first.row.place.key(first.key), "first here")
            .help("rename one: the identifiers, aliases and former identifiers of a table must differ, ignoring case")
    };
    repeated(named.map(|named| (named.ident.to_lowercase(), named))).into_iter().map(report).collect()
}

/// An identifier, and where it is written.
#[derive(Clone, Copy)]
struct Named<'a> {
    row: &'a RawRow,
    key: &'static str,
    ident: &'a Ident,
}

/// All identifiers of a row, each with its key.
fn idents(row: &RawRow) -> impl Iterator<Item = (&'static str, &Ident)> {
    let ours = &row.ours;
    let aliases = ours.aliases.iter().map(|alias| ("aliases", alias));
    let former = ours.renamed_from.iter().map(|former| ("renamed_from", former));
    ours.ident.iter().map(|ident| ("ident", ident)).chain(aliases).chain(former)
}

/// Each edition has one enum of a name.
pub(super) fn check_enums(tables: &[Table]) -> Vec<Diagnostic> {
    let mut seen: BTreeMap<(String, &str), &Table> = BTreeMap::new();
    let mut diagnostics = Vec::new();
    for table in tables {
        match seen.get(&(table.path.edition_path(), table.enum_name.as_str())) {
            None => {
                seen.insert((table.path.edition_path(), &table.enum_name), table);
            }
            Some(first) => diagnostics.push(
                Diagnostic::error(
                    "duplicate-enum",
                    format!("two tables of {} are called {}", table.path.edition_path(), quoted(&table.enum_name)),
                )
                .at(&table.place.key("enum"), "again here")
                .at(&first.place.key("enum"), "first here")
                .help("give each table of an edition its own name in `enum`"),
            ),
        }
    }
    diagnostics
}

/// Each item whose key another item had before: the key, the item, and the first item with it.
fn repeated<K: Clone + Eq + Hash, V: Clone>(items: impl Iterator<Item = (K, V)>) -> Vec<(K, V, V)> {
    let mut first: HashMap<K, V> = HashMap::new();
    let mut again = Vec::new();
    for (key, item) in items {
        match first.get(&key) {
            Some(earlier) => again.push((key, item, earlier.clone())),
            None => {
                first.insert(key, item);
            }
        }
    }
    again
}
