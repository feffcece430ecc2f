//! What differs between a group of rows and a table that it is of.
//!
//! Takes a [`View`] of a group and returns an [`Enum`] with what is missing, wrong, answered otherwise, unknown or renamed. A
//! finding is a fact: what may be meant otherwise is not said.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::codes::Codes;
use super::fit::Fit;
use super::lexer::Kind;
use super::names::LIKE;
use super::paste;
use super::rows::{Group, Row};
use super::tree::{DECLARING, Tree};
use super::{Enum, Finding, FindingKind};
use crate::model::{self, Table};
use crate::text::{SourceFile, Span, normalized_name, plain_name};

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
        let Codes { table, expected, .. } = self.fit.codes;
        let own = self.own();
        let numbers: BTreeSet<u32> = own.iter().map(|row| row.number).chain(elsewhere.iter().copied()).collect();
        let absent: Vec<u32> = expected.difference(&numbers).copied().collect();
        let prefix = usual_prefix(&own, self.fit.codes);
        let mut findings = self.missing(&absent, prefix);
        findings.extend(self.differing(&own, prefix));
        Enum {
            name: self.group.name(),
            place: self.place(&self.group.rows[0]),
            table: table.path.to_string(),
            title: table.title.to_string(),
            has: expected.len() - absent.len(),
            of: expected.len(),
            sure: self.fit.purity,
            findings,
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

    /// The codes that the document lists and the group does not have. The place of one is at the next lower number. One whose
    /// name the group has is not missing: its number cannot be read.
    fn missing(&self, absent: &[u32], prefix: &str) -> Vec<Finding> {
        let of_table = self.group.rows.iter().filter(|row| self.fit.codes.likeness(row) > 0.0);
        let of_table: BTreeMap<u32, usize> = of_table.map(|row| (row.number, row.name_at)).collect();
        let unread = self.unread(prefix);
        let samples = paste::samples(self.tree, &self.file.text, &self.group.rows, self.fit.codes);
        let finding = |number: &u32| {
            let code = self.fit.codes.by_number.get(number)?;
            if let Some((name, at)) = code.names.iter().find_map(|name| unread.get(&name.letters)) {
                let row = Row::counted(name, *number, *at);
                return Some(self.finding(FindingKind::Unread, &row, "its number cannot be read"));
            }
            let at = of_table.range(..number).next_back().or_else(|| of_table.first_key_value())?.1;
            let says = code.row.policy().map(|policy| policy.action.words()).unwrap_or_default();
            let paste = Some(paste::line(self.tree, &self.file.text, &samples, code));
            let name = plain_name(&code.row.facts.name);
            Some(Finding { paste, ..self.finding(FindingKind::Missing, &Row::counted(&name, *number, *at), says) })
        };
        absent.iter().filter_map(finding).collect()
    }

    /// The names of the group that have no number that can be read, as in `NAME = BASE + 2`, by their letters. They have a value,
    /// or are members of an enum, and are written as the others are.
    fn unread(&self, prefix: &str) -> BTreeMap<String, (&str, usize)> {
        let Group { rows, block, .. } = self.group;
        let read: BTreeSet<usize> = rows.iter().map(|row| row.name_at).collect();
        let is_lower = |name: &str| name.contains(char::is_lowercase);
        let is_enum = self.tree.is_enum(*block);
        let members = |at: usize| match self.tree.kind(at) {
            Kind::Sign("=" | ":=") => self.tree.several(at).concat().into_iter().chain(self.tree.declared(at)).collect(),
            Kind::Sign(":" | "=>") => vec![at - 1],
            Kind::Word(_) if is_enum && !matches!(self.tree.kind(at + 1), Kind::Word(_) | Kind::Sign("." | "::")) => vec![at],
            _ => Vec::new(),
        };
        let name = |at: usize| match (self.tree.kind(at.wrapping_sub(1)), self.tree.kind(at)) {
            (Kind::Word(word), _) if word != "object" && DECLARING.contains(&format!(" {word} ")) => None,
            (_, Kind::Word(name) | Kind::Text(name)) if is_lower(name) == is_lower(rows[0].name) => {
                Some((normalized_name(name.strip_prefix(prefix)?), (name, at)))
            }
            _ => None,
        };
        let members = self.tree.children(*block).flat_map(members);
        members.filter(|at| !read.contains(at)).filter_map(name).collect()
    }

    fn documented(&self, number: u32) -> Option<String> {
        self.fit.codes.by_number.get(&number).map(|code| plain_name(&code.row.facts.name))
    }

    /// What is to be said of rows.
    fn differing(&self, own: &[&Row<'_>], prefix: &str) -> Vec<Finding> {
        let codes = self.fit.codes;
        let is_like = |row: &&Row<'_>| codes.likeness(row) >= LIKE;
        // What is outside of the rows that are like the table's is not of it.
        let [first, last] = [own.iter().position(is_like), own.iter().rposition(is_like)].map(Option::unwrap_or_default);
        let inner = first.saturating_sub(1)..last + 2;
        let right: BTreeSet<u32> = own.iter().filter(|row| codes.has(row)).map(|row| row.number).collect();
        let mut named = right.clone();
        let mut found: Vec<Finding> = self.answers(own);
        for (at, row) in own.iter().enumerate() {
            let documented = self.documented(row.number);
            let (kind, says) = if let Some(right) = self.right_number(row, prefix).filter(|number| !right.contains(number)) {
                let own = documented.map(|name| format!("; {} is {name}", row.number)).unwrap_or_default();
                (FindingKind::Wrong, format!("documented: {right}{own}"))
            } else if let (Some(name), true) = (documented, named.insert(row.number)) {
                (FindingKind::Renamed, format!("documented: {name}"))
            } else if let Some(says) = self.unknown(row, prefix).filter(|_| inner.contains(&at)) {
                (FindingKind::Unknown, says)
            } else {
                continue;
            };
            found.push(self.finding(kind, row, &says));
        }
        found
    }

    fn finding(&self, kind: FindingKind, row: &Row<'_>, says: &str) -> Finding {
        let (name, says, table) = (row.name.to_owned(), says.to_owned(), self.fit.codes.table.path.to_string());
        Finding { kind, value: row.number, name, says, paste: None, place: self.place(row), table }
    }

    /// The number that the name of a row belongs to, if it is another one.
    fn right_number(&self, row: &Row<'_>, prefix: &str) -> Option<u32> {
        let codes = self.fit.codes;
        let number = codes.number_of(row.name.strip_prefix(prefix)?).filter(|number| *number != row.number)?;
        let is_right = codes.has(row) || self.tables.iter().any(|other| other.has(row));
        (!is_right).then_some(number)
    }

    /// Which other edition lists a number that no code of this table has, where nearly all rows are of this one. A code of
    /// another table, as of voice in an enum of all close codes, is not unknown.
    fn unknown(&self, row: &Row<'_>, prefix: &str) -> Option<String> {
        const PURE: f32 = 0.7;
        let Codes { table: Table { path, kind, .. }, .. } = self.fit.codes;
        let name = row.name.strip_prefix(prefix)?.replace('_', "").to_lowercase();
        let is_code = !name.is_empty() && !NO_CODES.contains(&format!(" {name} "));
        // The table of HTTP holds the codes that the document mentions.
        let is_open = *kind == model::Kind::StatusCodes || !self.fit.codes.spans(row.number) || self.fit.codes.knows(row.number);
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
        wrong.map(|(row, (_, right))| self.finding(FindingKind::Answer, row, words(right))).collect()
    }
}

/// What most rows have before the name of their code.
fn usual_prefix<'s>(rows: &[&Row<'s>], codes: &Codes<'_>) -> &'s str {
    let mut prefixes: Vec<&str> = rows.iter().filter_map(|row| codes.by_number.get(&row.number)?.prefix(row.name)).collect();
    prefixes.sort_unstable();
    prefixes.chunk_by(|a, b| a == b).max_by_key(|same| same.len()).map_or("", |same| same[0])
}
