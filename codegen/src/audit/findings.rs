//! What differs between a group of rows and the table that it is of.
//!
//! Takes a [`Group`] and the [`Fit`]s of it and returns what is missing, wrong, answered otherwise, unknown or renamed. A finding
//! is a fact: what may be meant otherwise is not said.

use std::collections::BTreeSet;

use super::codes::Codes;
use super::fit::Fit;
use super::names::LIKE;
use super::rows::{Group, Row};
use crate::model::{Kind, Table};

/// What differs.
pub(super) enum Difference<'g, 's> {
    /// The document lists the code, and the group does not have it.
    Missing(u32),
    /// The name belongs to another number.
    Wrong(&'g Row<'s>, u32),
    /// The row says to connect again, or not to, and the document says otherwise.
    Answer(&'g Row<'s>, bool),
    /// No row of the table has the number; another table may.
    Unknown(&'g Row<'s>, Option<String>),
    /// The code has another name.
    Renamed(&'g Row<'s>),
}

/// Words for a member that is no code.
const NO_CODES: &[&str] = &[
    "unknown",
    "invalid",
    "none",
    "undefined",
    "unset",
    "min",
    "max",
    "minvalue",
    "maxvalue",
    "last",
    "count",
    "reserved",
    "default",
];

/// All differences from one of the tables that a group is of.
pub(super) fn differences<'g, 's>(
    group: &'g Group<'s>,
    fit: Fit<'_, '_>,
    fits: &[Fit<'_, '_>],
    tables: &[Codes<'_>],
    elsewhere: &BTreeSet<u32>,
) -> Vec<Difference<'g, 's>> {
    let codes = fit.codes;
    let others = || fits.iter().filter(|other| !std::ptr::eq(other.codes, codes));
    // A row that is a code of another table of the group, and none of this one.
    let is_foreign = |row: &Row<'_>| codes.likeness(row) <= 0.0 && others().any(|other| other.codes.likeness(row) >= LIKE);
    let own: Vec<&Row<'_>> = group.rows.iter().filter(|row| !is_foreign(row)).collect();
    let numbers: BTreeSet<u32> = own.iter().map(|row| row.number).chain(elsewhere.iter().copied()).collect();
    let expected = codes.codes.iter().filter(|(_, code)| code.is_expected()).map(|(number, _)| *number);
    let mut found: Vec<Difference<'_, '_>> =
        expected.filter(|number| !numbers.contains(number)).map(Difference::Missing).collect();
    let prefix = usual_prefix(&own, codes);
    found.extend(own.iter().filter_map(|row| Some(Difference::Wrong(row, right_number(row, &own, codes, prefix, tables)?))));
    found.extend(answers(&own, codes));
    // What is outside of the rows that are like the table's is not of it.
    let is_like = |row: &&Row<'_>| codes.likeness(row) >= LIKE;
    let [first, last] = [own.iter().position(is_like), own.iter().rposition(is_like)].map(Option::unwrap_or_default);
    let inner = own.iter().take(last + 2).skip(first.saturating_sub(1));
    found.extend(inner.filter_map(|row| unknown(row, fit, prefix, tables)));
    found.extend(renamed(&own, codes));
    let is_wrong = |row: &Row<'_>, found: &[Difference<'_, '_>]| {
        found.iter().any(|other| matches!(other, Difference::Wrong(wrong, _) if std::ptr::eq(*wrong, row)))
    };
    let said: Vec<bool> = found
        .iter()
        .map(|one| match one {
            Difference::Unknown(row, _) | Difference::Renamed(row) => !is_wrong(row, &found),
            _ => true,
        })
        .collect();
    found.into_iter().zip(said).filter(|(_, is_said)| *is_said).map(|(one, _)| one).collect()
}

/// What most rows have before the name of their code.
fn usual_prefix<'s>(rows: &[&Row<'s>], codes: &Codes<'_>) -> &'s str {
    let mut prefixes: Vec<&str> = rows.iter().filter_map(|row| codes.codes.get(&row.number)?.prefix(row.name)).collect();
    prefixes.sort_unstable();
    prefixes.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).map_or("", |same| same[0])
}

/// The number that the name of a row belongs to, if it is another one, and no other row has it.
fn right_number(row: &Row<'_>, rows: &[&Row<'_>], codes: &Codes<'_>, prefix: &str, tables: &[Codes<'_>]) -> Option<u32> {
    let number = codes.number_of(row.name.strip_prefix(prefix)?).filter(|number| *number != row.number)?;
    let is_right = codes.has(row) || tables.iter().any(|other| other.has(row));
    let has_other_row = rows.iter().any(|other| other.number == number && codes.has(other));
    (!is_right && !has_other_row).then_some(number)
}

/// The rows whose truth value contradicts the document. Most rows agree, or the value means the opposite in all of them.
fn answers<'g, 's>(rows: &[&'g Row<'s>], codes: &Codes<'_>) -> Vec<Difference<'g, 's>> {
    const FEWEST: usize = 4;
    let said = |row: &&'g Row<'s>| {
        let about: Vec<_> = row.flags.iter().filter(|(field, _)| field.to_lowercase().contains("reconnect")).collect();
        let (_, says) = match (&row.flags[..], &about[..]) {
            ([one], _) => one,
            (_, [one]) => *one,
            _ => return None,
        };
        Some((*row, *says, codes.codes.get(&row.number)?.reconnects()?))
    };
    let said: Vec<(&Row<'_>, bool, bool)> = rows.iter().filter_map(said).collect();
    let agree = said.iter().filter(|(_, says, right)| says == right).count();
    let is_opposite = agree * 3 <= said.len();
    if said.len() < FEWEST || !is_opposite && agree * 3 < said.len() * 2 {
        return Vec::new();
    }
    let wrong = said.into_iter().filter(|(_, says, right)| (says == right) == is_opposite);
    wrong.map(|(row, _, right)| Difference::Answer(row, !right)).collect()
}

/// A row that no code of the table is for, where nearly all others are of it.
fn unknown<'g, 's>(row: &'g Row<'s>, fit: Fit<'_, '_>, prefix: &str, tables: &[Codes<'_>]) -> Option<Difference<'g, 's>> {
    const PURE: f32 = 0.7;
    let name = row.name.strip_prefix(prefix)?.replace('_', "").to_lowercase();
    let is_code = !name.is_empty() && !NO_CODES.contains(&name.as_str());
    // The table of HTTP holds the codes that the document mentions.
    let is_open = fit.codes.table.kind == Kind::StatusCodes;
    let is_own = is_open || !fit.codes.spans(row.number) || fit.codes.knows(row.number);
    let Table { path, kind, .. } = fit.codes.table;
    let is_same = |codes: &&Codes<'_>| codes.table.path.file == path.file && codes.likeness(row) >= LIKE;
    let is_near = |codes: &&Codes<'_>| codes.table.kind == *kind && codes.has(row);
    let other = tables.iter().find(is_same).or_else(|| tables.iter().find(is_near));
    let other = || other.map(|codes| codes.table.path.to_string());
    (is_code && !is_own && fit.purity >= PURE).then(|| Difference::Unknown(row, other()))
}

/// The first row of each number whose rows all have another name than the code.
fn renamed<'g, 's>(rows: &[&'g Row<'s>], codes: &Codes<'_>) -> Vec<Difference<'g, 's>> {
    let mut named: BTreeSet<u32> = rows.iter().filter(|row| codes.has(row)).map(|row| row.number).collect();
    let mut found = Vec::new();
    for row in rows {
        if codes.codes.contains_key(&row.number) && named.insert(row.number) {
            found.push(Difference::Renamed(row));
        }
    }
    found
}
