//! What differs between a group of rows and a table that it is of.
//!
//! Takes a [`View`] of a group and returns an [`Enum`] with what is missing, wrong, answered otherwise, unknown or renamed. A
//! finding is a fact: what may be meant otherwise is not said.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::codes::Codes;
use super::fit::Fit;
use super::names::LIKE;
use super::paste;
use super::rows::{Group, Row};
use super::tree::Tree;
use super::{Enum, Finding, FindingKind};
use crate::model::{Kind, Table};
use crate::text::{SourceFile, Span, plain_name};

/// A group with all that is needed to judge it.
pub(super) struct View<'v, 's, 'c, 'a> {
    pub file: &'v Arc<SourceFile>,
    pub tree: &'v Tree<'s>,
    pub group: &'v Group<'s>,
    /// All tables that the group is of, and the one that it is held against.
    pub fits: &'v [Fit<'c, 'a>],
    pub fit: Fit<'c, 'a>,
    pub tables: &'v [Codes<'a>],
}

/// Words for a member that is no code.
const NO_CODES: &str = " unknown invalid none undefined unset min max minvalue maxvalue last count reserved default ";

impl View<'_, '_, '_, '_> {
    /// The group and its findings. The codes that are elsewhere in the file are not missing.
    pub(super) fn judged(&self, elsewhere: &BTreeSet<u32>) -> Enum {
        let Codes { table, by_number, .. } = self.fit.codes;
        let own = self.own();
        let numbers: BTreeSet<u32> = own.iter().map(|row| row.number).chain(elsewhere.iter().copied()).collect();
        let expected = by_number.iter().filter(|(_, code)| code.is_expected()).map(|(number, _)| *number);
        let missing: Vec<u32> = expected.clone().filter(|number| !numbers.contains(number)).collect();
        let of = expected.count();
        Enum {
            name: self.group.name(),
            place: self.place(&self.group.rows[0]),
            table: table.path.to_string(),
            title: table.title.to_string(),
            has: of - missing.len(),
            of,
            sure: self.fit.purity,
            findings: missing.into_iter().map(|number| self.missing(number)).chain(self.differing(&own)).collect(),
        }
    }

    /// The rows but those that are codes of another table of the group, and nothing like this one's.
    fn own(&self) -> Vec<&Row<'_>> {
        let is_other = |row: &Row<'_>| {
            let others = self.fits.iter().filter(|other| !std::ptr::eq(other.codes, self.fit.codes));
            others.into_iter().any(|other| other.codes.likeness(row) >= LIKE)
        };
        self.group.rows.iter().filter(|row| self.fit.codes.likeness(row) > 0.0 || !is_other(row)).collect()
    }

    fn place(&self, row: &Row<'_>) -> Span {
        Span::new(self.file, self.tree.tokens[row.name_at].range.clone())
    }

    /// A code that the document lists and the group does not have. Its place is at the next lower number.
    fn missing(&self, number: u32) -> Finding {
        let is_of_table = |row: &&Row<'_>| self.fit.codes.likeness(row) > 0.0;
        let rows = self.group.rows.iter().filter(is_of_table);
        let below = rows.clone().filter(|row| row.number < number).max_by_key(|row| row.number);
        let place = self.place(below.or_else(|| rows.min_by_key(|row| row.number)).unwrap_or(&self.group.rows[0]));
        let action = self.fit.codes.by_number.get(&number).and_then(|code| code.row.policy()).map(|policy| policy.action.words());
        let paste = paste::line(self.tree, &self.file.text, &self.group.rows, self.fit.codes, number);
        let (name, says) = (self.documented(number).unwrap_or_default(), action.unwrap_or_default().to_owned());
        let table = self.fit.codes.table.path.to_string();
        Finding { kind: FindingKind::Missing, value: number, name, says, paste: Some(paste), place, table }
    }

    fn documented(&self, number: u32) -> Option<String> {
        self.fit.codes.by_number.get(&number).map(|code| plain_name(&code.row.facts.name))
    }

    /// What is to be said of rows.
    fn differing(&self, own: &[&Row<'_>]) -> Vec<Finding> {
        let codes = self.fit.codes;
        let is_like = |row: &&Row<'_>| codes.likeness(row) >= LIKE;
        // What is outside of the rows that are like the table's is not of it.
        let [first, last] = [own.iter().position(is_like), own.iter().rposition(is_like)].map(Option::unwrap_or_default);
        let inner = first.saturating_sub(1)..last + 2;
        let prefix = usual_prefix(own, codes);
        let mut named: BTreeSet<u32> = own.iter().filter(|row| codes.has(row)).map(|row| row.number).collect();
        let mut found: Vec<Finding> = self.answers(own);
        for (at, row) in own.iter().enumerate() {
            let documented = self.documented(row.number);
            let (kind, says) = if let Some(right) = self.right_number(row, own, prefix) {
                let own = documented.map(|name| format!("; {} is {name}", row.number)).unwrap_or_default();
                (FindingKind::Wrong, format!("documented: {right}{own}"))
            } else if let (Some(name), true) = (documented, named.insert(row.number)) {
                (FindingKind::Renamed, format!("documented: {name}"))
            } else if let Some(says) = self.unknown(row, prefix).filter(|_| inner.contains(&at)) {
                (FindingKind::Unknown, says)
            } else {
                continue;
            };
            found.push(self.finding(kind, row, says));
        }
        found
    }

    fn finding(&self, kind: FindingKind, row: &Row<'_>, says: String) -> Finding {
        let (name, table) = (row.name.to_owned(), self.fit.codes.table.path.to_string());
        Finding { kind, value: row.number, name, says, paste: None, place: self.place(row), table }
    }

    /// The number that the name of a row belongs to, if it is another one, and no other row has it.
    fn right_number(&self, row: &Row<'_>, own: &[&Row<'_>], prefix: &str) -> Option<u32> {
        let codes = self.fit.codes;
        let number = codes.number_of(row.name.strip_prefix(prefix)?).filter(|number| *number != row.number)?;
        let is_right = codes.has(row) || self.tables.iter().any(|other| other.has(row));
        let has_other_row = own.iter().any(|other| other.number == number && codes.has(other));
        (!is_right && !has_other_row).then_some(number)
    }

    /// Which other edition lists a number that no code of this table has, where nearly all rows are of this one. A code of
    /// another table, as of voice in an enum of all close codes, is not unknown.
    fn unknown(&self, row: &Row<'_>, prefix: &str) -> Option<String> {
        const PURE: f32 = 0.7;
        let Codes { table: Table { path, kind, .. }, .. } = self.fit.codes;
        let name = row.name.strip_prefix(prefix)?.replace('_', "").to_lowercase();
        let is_code = !name.is_empty() && !NO_CODES.contains(&format!(" {name} "));
        // The table of HTTP holds the codes that the document mentions.
        let is_open = *kind == Kind::StatusCodes || !self.fit.codes.spans(row.number) || self.fit.codes.knows(row.number);
        let is_same = |codes: &&Codes<'_>| codes.table.path.file == path.file && codes.likeness(row) >= LIKE;
        let is_of_other = |codes: &Codes<'_>| codes.table.path.file != path.file && codes.table.kind == *kind && codes.has(row);
        let is_open = is_open || self.tables.iter().any(is_of_other);
        let other = self.tables.iter().find(is_same);
        let says = other.map_or("no table lists it".to_owned(), |codes| format!("{} lists it", codes.table.path));
        (is_code && !is_open && self.fit.purity >= PURE).then_some(says)
    }

    /// The rows whose truth value contradicts the document. Most rows agree, or the value means the opposite in all of them.
    fn answers(&self, own: &[&Row<'_>]) -> Vec<Finding> {
        const FEWEST: usize = 4;
        let said = |row: &Row<'_>| {
            let about: Vec<_> = row.flags.iter().filter(|(field, _)| field.to_lowercase().contains("reconnect")).collect();
            match (&row.flags[..], &about[..]) {
                ([(_, says)], _) | (_, [(_, says)]) => Some((*says, self.fit.codes.by_number.get(&row.number)?.reconnects()?)),
                _ => None,
            }
        };
        let said: Vec<(&Row<'_>, (bool, bool))> = own.iter().filter_map(|row| Some((*row, said(row)?))).collect();
        let agree = said.iter().filter(|(_, (says, right))| says == right).count();
        let is_opposite = agree * 3 <= said.len();
        if said.len() < FEWEST || !is_opposite && agree * 3 < said.len() * 2 {
            return Vec::new();
        }
        let wrong = said.into_iter().filter(|(_, (says, right))| (says == right) == is_opposite);
        let words = |right| if right { "does not reconnect, documented: yes" } else { "reconnects, documented: no" };
        wrong.map(|(row, (_, right))| self.finding(FindingKind::Answer, row, words(right).to_owned())).collect()
    }
}

/// What most rows have before the name of their code.
fn usual_prefix<'s>(rows: &[&Row<'s>], codes: &Codes<'_>) -> &'s str {
    let mut prefixes: Vec<&str> = rows.iter().filter_map(|row| codes.by_number.get(&row.number)?.prefix(row.name)).collect();
    prefixes.sort_unstable();
    prefixes.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).map_or("", |same| same[0])
}
