//! The tables, ready to be asked for numbers and names.
//!
//! Takes tables of a [`Registry`] and returns, for a row of a source, how much it is like the code of its number.

use std::collections::{BTreeMap, BTreeSet};

use super::names::{EXACT, Name, prefix};
use super::rows::Row;
use crate::model::{self, Action, Ident, Registry, Table};
use crate::text::normalized_name;

/// A table to compare with.
pub(super) struct Codes<'a> {
    pub table: &'a Table,
    /// The codes by number.
    pub by_number: BTreeMap<u32, Code<'a>>,
    /// Those that a source should have: the document lists them.
    pub expected: BTreeSet<u32>,
    /// The table that it extends.
    extended: Option<&'a Table>,
}

/// One code.
pub(super) struct Code<'a> {
    pub row: &'a model::Row,
    pub names: Vec<Name>,
}

impl Code<'_> {
    /// Whether a client should connect again, where the document says it.
    pub(super) fn reconnects(&self) -> Option<bool> {
        let advice = self.row.facts.advice.map(|advice| advice != Action::Stop);
        self.row.facts.reconnect.or(advice)
    }

    /// What stands before the name of the code in a name of a source, if that ends with it.
    pub(super) fn prefix<'n>(&self, name: &'n str) -> Option<&'n str> {
        self.names.iter().find_map(|own| prefix(name, &own.letters))
    }
}

impl<'a> Codes<'a> {
    pub(super) fn new(registry: &'a Registry, table: &'a Table) -> Self {
        let code = |row: &'a model::Row| {
            let idents = row.ours.ident.iter().chain(row.other_idents()).map(Ident::as_str);
            let names = idents.chain([row.facts.name.as_str()]).map(Name::new).collect();
            Some((row.first(), Code { row, names })).filter(|_| !row.is_range())
        };
        let extended = table.fallback.as_ref().and_then(|fallback| registry.table(fallback.extends.as_ref()?));
        let by_number: BTreeMap<u32, Code<'a>> = table.rows.iter().filter_map(code).collect();
        let is_expected = |code: &&Code<'_>| code.row.facts.is_live() && code.row.ours.documented;
        let expected = by_number.values().filter(is_expected).map(|code| code.row.first()).collect();
        Self { table, by_number, expected, extended }
    }

    /// How much a name of a row is like that of its number: 1 if it is the same, 0 if it is another one or there is no such number.
    pub(super) fn likeness(&self, row: &Row<'_>) -> f32 {
        let Some(code) = self.by_number.get(&row.number) else { return 0.0 };
        if row.names().any(|name| code.prefix(name).is_some()) {
            return 1.0;
        }
        let like = |name: Name| code.names.iter().map(|own| own.likeness(&name)).fold(0.0, f32::max);
        row.names().map(|name| like(Name::new(name))).fold(0.0, f32::max)
    }

    /// Whether the number and a name of a row are those of one code.
    pub(super) fn has(&self, row: &Row<'_>) -> bool {
        self.likeness(row) >= EXACT
    }

    /// Whether a number has a row here, or in the table that is extended.
    pub(super) fn knows(&self, number: u32) -> bool {
        self.table.row_for(number).or_else(|| self.extended?.row_for(number)).is_some()
    }

    /// Whether a number is between the first code and the last.
    pub(super) fn spans(&self, number: u32) -> bool {
        let ends = (self.by_number.keys().next(), self.by_number.keys().next_back());
        matches!(ends, (Some(first), Some(last)) if (*first..=*last).contains(&number))
    }

    /// The number that a whole name belongs to, if it is one alone.
    pub(super) fn number_of(&self, name: &str) -> Option<u32> {
        let letters = normalized_name(name);
        let has = |code: &&Code<'_>| code.names.iter().any(|own| own.letters == letters);
        let mut found = self.by_number.values().filter(has).map(|code| code.row.first());
        let number = found.next()?;
        found.next().is_none().then_some(number)
    }
}
