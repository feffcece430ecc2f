//! Which codes a text means: by its numbers, its names, or its words.
//!
//! The first way that finds something is taken. What fits the text best comes first; what fits it less has the number as well.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::meaning::{Meaning, answer, of_row};
use super::pasted::{Numbers, Pasted, number};
use crate::model::{CloseAnswers, Edition, Ident, Registry, Row, Table};
use crate::text::normalized_name;

/// A text, and the tables in which it is looked for.
pub(super) struct Search<'a> {
    registry: &'a Registry,
    /// Those of the newest documents first.
    tables: Vec<&'a Table>,
    pasted: Pasted,
    /// The letters and digits of the text.
    letters: String,
}

/// A meaning, and how well it fits the text.
pub(super) struct Found {
    pub fit: i32,
    pub meaning: Meaning,
}

/// How much better it fits if the text has the name of the code.
const NAMED: i32 = 10;

impl<'a> Search<'a> {
    /// In all tables, or those of one edition or system.
    pub(super) fn new(registry: &'a Registry, edition: Option<&str>, text: &str) -> Self {
        let is_in = |own: &&Edition| edition.is_none_or(|edition| own.path() == edition || own.system == edition);
        let mut editions: Vec<&Edition> = registry.editions().filter(is_in).collect();
        editions.reverse();
        let date = |table: &Table| table.source.as_ref().map(|source| source.date);
        editions.sort_by_key(|edition| Reverse(edition.tables.iter().map(date).max()));
        let tables = editions.into_iter().flat_map(|edition| &edition.tables).collect();
        let pasted = Pasted::new(text);
        Self { registry, tables, letters: normalized_name(&pasted.text), pasted }
    }

    /// What the text means, the best first.
    pub(super) fn find(&self) -> Vec<Found> {
        let Self { pasted, letters, .. } = self;
        let is_called = |row: &Row| number(letters).is_none() && names(row).any(|name| normalized_name(name) == *letters);
        let is_ident = |row: &Row| names(row).any(|name| pasted.idents.contains(&normalized_name(name)));
        let ways: [&dyn Fn() -> Vec<Found>; 8] = [
            &|| self.by_row(&|_, row| is_called(row)),
            &|| self.with_others(self.by_line()),
            &|| self.by_numbers(&pasted.codes),
            &|| self.with_others(self.by_row(&|_, row| !pasted.idents.is_empty() && is_ident(row))),
            &|| self.by_numbers(&pasted.numbers),
            &|| self.by_row(&|_, row| name_in(letters, row).is_some()),
            &|| self.by_words(),
            &|| self.by_answers(),
        ];
        let mut found = ways.iter().map(|way| way()).find(|found| !found.is_empty()).unwrap_or_default();
        found.sort_by_key(|found| Reverse(found.fit));
        merged(found)
    }

    /// The rows, each with its table, that fit.
    fn by_row(&self, fits: &dyn Fn(&Table, &Row) -> bool) -> Vec<Found> {
        let rows = self.tables.iter().flat_map(|table| table.all_rows().map(move |row| (*table, row)));
        rows.filter(|(table, row)| fits(table, row)).map(|(table, row)| self.of_row(table, row)).collect()
    }

    /// What a line that is printed here is of.
    fn by_line(&self) -> Vec<Found> {
        const SHORTEST: usize = 12;
        let text = &self.pasted.text;
        if text.len() < SHORTEST || !text.contains([' ', ':']) {
            return Vec::new();
        }
        let mut found = self.by_row(&|table, row| of_row(self.registry, table, row).has_line(text));
        for table in &self.tables {
            let extended = table.fallback.as_ref().and_then(|fallback| self.registry.table(fallback.extends.as_ref()?));
            let Some((answers, extended)) = CloseAnswers::new(self.registry, table).zip(extended) else { continue };
            let inherited = extended.rows.iter().filter_map(|row| answer(self.registry, table, &answers, row.first()));
            let inherited = inherited.filter(|meaning| meaning.has_line(text));
            found.extend(inherited.map(|meaning| Found { fit: self.fit(table), meaning }));
        }
        found
    }

    /// What was found by a name, and what else has its number, if that is one.
    fn with_others(&self, mut found: Vec<Found>) -> Vec<Found> {
        let numbers: BTreeSet<&str> = found.iter().map(|found| found.meaning.number.as_str()).collect();
        if let (1, Some(number)) = (numbers.len(), numbers.first().and_then(|number| number.parse().ok())) {
            found.extend(self.by_number(number).into_iter().map(|other| Found { fit: other.fit - 100 * NAMED, ..other }));
        }
        found
    }

    /// The first number that has a row, then the others.
    fn by_numbers(&self, numbers: &[Numbers]) -> Vec<Found> {
        let of = |numbers: &Numbers| match (numbers.start(), numbers.end()) {
            (first, last) if first == last => self.by_number(*first),
            (first, last) => self.by_row(&|_, row| row.first() <= *last && *first <= row.last()),
        };
        let mut all: Vec<Vec<Found>> = numbers.iter().map(of).filter(|found| !found.is_empty()).collect();
        all.sort_by_key(|found| found.iter().all(|found| found.meaning.facts.is_none()));
        let mut found = all.into_iter();
        let first = found.next().unwrap_or_default();
        let worst = first.iter().map(|found| found.fit).min().unwrap_or_default();
        let others = found.flatten().map(|other| Found { fit: other.fit.min(worst) - 1, ..other });
        first.into_iter().chain(others).collect()
    }

    /// Every table that answers for a number. One without a row for it does if the table that it extends has one, or if its own
    /// codes are of the same thousand; where others have the code, they are of its edition then.
    fn by_number(&self, number: u32) -> Vec<Found> {
        let codes = |table: &'a Table| {
            let recycled = table.recycled.iter().filter(move |row| row.has(number));
            table.code(number).into_iter().chain(recycled).collect::<Vec<&Row>>()
        };
        let with_code = self.tables.iter().filter(|table| !codes(table).is_empty());
        let known: BTreeSet<String> = with_code.map(|table| table.path.edition_path()).collect();
        let is_near =
            |table: &Table| has_thousand(table, number) && (known.is_empty() || known.contains(&table.path.edition_path()));
        let mut all = Vec::new();
        for table in &self.tables {
            let rows = [codes(table), table.range(number).into_iter().collect()].into_iter().find(|rows| !rows.is_empty());
            let found: Vec<Found> = rows.into_iter().flatten().map(|row| self.of_row(table, row)).collect();
            let answers = CloseAnswers::new(self.registry, table).filter(|_| found.is_empty());
            let answer = answers.and_then(|answers| answer(self.registry, table, &answers, number));
            let answer = answer.filter(|answer| answer.facts.is_some() || is_near(table));
            let fit = |answer: &Meaning| self.fit(table) - i32::from(answer.facts.is_none());
            let answer = answer.map(|meaning| Found { fit: fit(&meaning), meaning });
            all.extend(found.into_iter().chain(answer));
        }
        all
    }

    /// What all tables of close codes answer for a number that none of them is near to.
    fn by_answers(&self) -> Vec<Found> {
        let number = number(&self.pasted.text).or_else(|| self.pasted.codes.first().map(|numbers| *numbers.start()));
        let answer = |table: &&Table| answer(self.registry, table, &CloseAnswers::new(self.registry, table)?, number?);
        self.tables.iter().filter_map(answer).map(|meaning| Found { fit: 0, meaning }).collect()
    }

    /// The codes whose names have all words of the text, and then those that are explained with them.
    fn by_words(&self) -> Vec<Found> {
        if self.letters.is_empty() || !self.pasted.numbers.is_empty() {
            return Vec::new();
        }
        let letters: Vec<String> = self.pasted.text.split(' ').map(normalized_name).collect();
        let has_name = |row: &Row| names(row).map(normalized_name).any(|name| letters.iter().all(|word| name.contains(word)));
        let has_words = |table: &Table, row: &Row| {
            let said = of_row(self.registry, table, row).sentences().to_lowercase();
            letters.iter().all(|word| said.split(|c: char| !c.is_alphanumeric()).any(|said| said.starts_with(word)))
        };
        let mut found = self.by_row(&|_, row| has_name(row));
        let said = self.by_row(&|table, row| !has_name(row) && has_words(table, row));
        found.extend(said.into_iter().map(|found| Found { fit: found.fit - 1, ..found }));
        found
    }

    fn of_row(&self, table: &Table, row: &Row) -> Found {
        let is_vague = row.is_range() && !self.pasted.words.is_empty();
        let named = name_in(&self.letters, row).map_or(0, |letters| NAMED + letters);
        Found { fit: self.fit(table) + named - i32::from(is_vague), meaning: of_row(self.registry, table, row) }
    }

    /// How well a table fits, in even numbers: of two that fit alike, the one with a row comes first.
    fn fit(&self, table: &Table) -> i32 {
        2 * self.pasted.fit(table)
    }

    /// The code whose name is nearest to the text, if one alone is.
    pub(super) fn nearest(&self) -> Option<String> {
        let by_distance = self.by_distance();
        let [(distance, name), others @ ..] = by_distance.as_slice() else { return None };
        let is_clear = distance * 4 <= self.letters.len() && others.first().is_none_or(|(other, _)| other > distance);
        (is_clear && number(&self.pasted.text).is_none()).then(|| name.clone())
    }

    /// The codes nearest to the text, as far as they are like it.
    pub(super) fn near(&self) -> Vec<String> {
        const MOST: usize = 3;
        let is_like = |distance: usize| number(&self.pasted.text).is_some() || distance * 2 <= self.letters.len();
        let near = self.by_distance().into_iter().take_while(|(distance, _)| is_like(*distance));
        near.map(|(_, name)| name).take(MOST).collect()
    }

    /// How far away from the text codes are, and what they are called, the nearest first. A long text is like none.
    fn by_distance(&self) -> Vec<(usize, String)> {
        const LONGEST: usize = 60;
        if self.letters.len() > LONGEST {
            return Vec::new();
        }
        let number = number(&self.pasted.text);
        let distance = |name: &str| strsim::damerau_levenshtein(&normalized_name(name), &self.letters);
        let variants = self.tables.iter().flat_map(|table| table.variants());
        let near = variants.map(|variant| match number {
            Some(number) => (variant.number.abs_diff(number) as usize, variant.number.to_string()),
            None => (names(variant.row).map(distance).min().unwrap_or(usize::MAX), variant.ident.to_string()),
        });
        near.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

fn names(row: &Row) -> impl Iterator<Item = &str> {
    row.ours.ident.iter().chain(row.other_idents()).map(Ident::as_str).chain([row.facts.name.as_str()])
}

/// How many letters the longest name of a row has that is among those of a text, and is long enough to be no accident.
fn name_in(letters: &str, row: &Row) -> Option<i32> {
    const SHORTEST: usize = 7;
    let among = names(row).map(normalized_name).filter(|name| name.len() >= SHORTEST && letters.contains(name));
    among.filter_map(|name| i32::try_from(name.len()).ok()).max()
}

/// Whether a table has codes of the thousand of a number.
fn has_thousand(table: &Table, number: u32) -> bool {
    let ends = (table.rows.iter().map(Row::first).min(), table.rows.iter().map(Row::last).max());
    matches!(ends, (Some(first), Some(last)) if (first / 1000..=last / 1000).contains(&(number / 1000)))
}

/// Meanings that differ in nothing but the place are one.
fn merged(all: Vec<Found>) -> Vec<Found> {
    let mut merged: Vec<(Meaning, Found)> = Vec::new();
    for found in all {
        let key = found.meaning.without_places();
        let Some((_, other)) = merged.iter_mut().find(|(other, _)| *other == key) else {
            merged.push((key, found));
            continue;
        };
        for path in found.meaning.paths {
            if !other.meaning.paths.contains(&path) {
                other.meaning.paths.push(path);
            }
        }
    }
    merged.into_iter().map(|(_, found)| found).collect()
}
