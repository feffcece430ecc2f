//! Finishing what was read of a page: names that cannot be, other names of one number, and rows that repeat others.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use crate::model::{Number, Status};
use crate::read::{Page, PageRow, PageTable};
use crate::text::{Diagnostic, is_unprintable, quoted};

/// Finishes the tables of a page: rows that cannot be, and rows that repeat others.
pub(super) fn settle(page: &mut Page) {
    join_parts(page);
    let not_read = Arc::new(std::mem::take(&mut page.not_read));
    for table in &mut page.tables {
        table.not_read = Arc::clone(&not_read);
        reject_unprintable(table);
        if table.is_enum {
            mark_aliases(table);
        }
        settle_repetitions(table);
    }
}

/// Tables under one heading with the same columns and other numbers are one: a paragraph or a fold stands between its parts.
fn join_parts(page: &mut Page) {
    let mut joined: Vec<PageTable> = Vec::with_capacity(page.tables.len());
    for table in std::mem::take(&mut page.tables) {
        let is_part = |first: &PageTable| {
            let is_under_one = first.heading == table.heading && first.span.line() == table.span.line();
            let is_like = || first.columns == table.columns && first.is_enum == table.is_enum && table.has_other_numbers(first);
            // Rows that cannot be read belong to those that can.
            is_under_one && (first.rows.is_empty() || table.rows.is_empty() || is_like())
        };
        match joined.last_mut().filter(|first| is_part(first)) {
            Some(first) if first.rows.is_empty() => {
                let unread = std::mem::replace(first, table);
                first.take(unread);
            }
            Some(first) => first.take(table),
            None => joined.push(table),
        }
    }
    page.tables = joined;
}

/// A name with escape codes or direction marks is no name.
fn reject_unprintable(table: &mut PageTable) {
    table.rows.retain(|row| {
        let Some(bad) = row.facts.name.chars().find(|c| is_unprintable(*c)) else { return true };
        let message = format!("the name of {} contains the character {}", row.facts.number, bad.escape_unicode());
        table.unread += 1;
        table.findings.push(
            Diagnostic::error("unprintable-character", message)
                .at(&row.span, "this row is not read")
                .help("remove the character from the page"),
        );
        false
    });
}

/// Of several members with one number, one is the name and the others are aliases: a live one before a deprecated one, then
/// the one that is defined last, as in the enum itself. Where the page does not say it, its own order decides.
fn mark_aliases(table: &mut PageTable) {
    let rank = |position: usize, row: &PageRow| (Reverse(row.facts.status), row.defined, position);
    let mut main: HashMap<Number, _> = HashMap::new();
    for (position, row) in table.rows.iter().enumerate() {
        let best = main.entry(row.facts.number).or_insert_with(|| rank(position, row));
        *best = rank(position, row).max(*best);
    }
    for (position, row) in table.rows.iter_mut().enumerate() {
        row.is_alias = main.get(&row.facts.number).is_some_and(|(_, _, main)| *main != position);
    }
}

/// A live number has one row: the same row twice is read once, two different ones are an error.
fn settle_repetitions(table: &mut PageTable) {
    let mut kept: Vec<PageRow> = Vec::with_capacity(table.rows.len());
    let mut places: HashMap<_, usize> = HashMap::new();
    for row in std::mem::take(&mut table.rows) {
        // A number may have had several meanings before: removed rows are told apart by their names.
        let removed_name = (row.facts.status == Status::Removed).then(|| row.facts.name.clone());
        let key = (row.facts.number, removed_name);
        let earlier = places.get(&key).map(|place| &kept[*place]).filter(|_| !row.is_alias);
        let Some(earlier) = earlier else {
            if !row.is_alias {
                places.insert(key, kept.len());
            }
            kept.push(row);
            continue;
        };
        let same = earlier.facts == row.facts && earlier.sentence == row.sentence;
        table.findings.push(repetition(&row, earlier, same));
    }
    table.rows = kept;
}

fn repetition(row: &PageRow, earlier: &PageRow, same: bool) -> Diagnostic {
    let number = row.facts.number;
    if same {
        return Diagnostic::warning("repeated-row", format!("{number} has the same row twice"))
            .at(&row.span, "again here")
            .at(&earlier.span, "first here")
            .help("it is read once; remove one of them from the page");
    }
    Diagnostic::warning("contradicting-rows", format!("{number} has two different rows"))
        .at(&row.span, format!("here {}", quoted(&row.facts.name)))
        .at(&earlier.span, format!("here {}", quoted(&earlier.facts.name)))
        .help("the first one is read; strike the wrong one out in the page, or write `allow = [\"contradicting-rows\"]` into the row")
}
