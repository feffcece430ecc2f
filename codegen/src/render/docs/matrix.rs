//! The codes of several editions side by side: what was added, removed and changed.
//!
//! Takes the model and returns a matrix for each file of codes that several editions have. Editions of one system are always
//! compared; tables of another system are beside them if they list mostly the same codes.

use std::collections::BTreeMap;

use super::view::{Entry, Section};
use crate::model::Status;
use crate::text::normalized_name;

/// The codes of some editions side by side.
#[derive(Debug)]
pub(super) struct Matrix<'a> {
    /// The title of the newest table.
    pub title: &'a str,
    /// What names it in links.
    pub id: String,
    /// The editions.
    pub columns: Vec<&'a Section<'a>>,
    /// The codes, in numeric order.
    pub rows: Vec<Row<'a>>,
}

/// One code.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// Its number or numbers.
    pub label: &'a str,
    /// The place of its row in the newest edition that lists it.
    pub target: String,
    /// Its name in the newest edition that lists it.
    pub name: &'a str,
    /// What each edition says.
    pub cells: Vec<Cell<'a>>,
}

/// What an edition says of a code.
#[derive(Debug)]
pub(super) struct Cell<'a> {
    /// The code there, if it is listed.
    pub entry: Option<&'a Entry<'a>>,
    /// How it differs from the edition before.
    pub state: State,
    /// What differs, if it was changed.
    pub changed: Vec<&'static str>,
}

/// How a code differs from the edition of the same system before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Nothing differs, or there is no edition before.
    Same,
    /// It was added.
    Added,
    /// It was removed.
    Removed,
    /// Its name, its answer or another fact is another one.
    Changed,
}

impl State {
    /// The state in a word.
    pub(super) fn word(self) -> Option<&'static str> {
        match self {
            Self::Same => None,
            Self::Added => Some("added"),
            Self::Removed => Some("removed"),
            Self::Changed => Some("changed"),
        }
    }
}

impl Row<'_> {
    /// Whether any two editions say different things.
    pub(super) fn differs(&self) -> bool {
        self.cells.iter().any(|cell| cell.state.word().is_some() || cell.entry.is_none())
            || self.cells.windows(2).any(|pair| actions(pair[0].entry) != actions(pair[1].entry))
    }
}

impl Matrix<'_> {
    /// Whether what differs fits on a screen.
    pub(super) fn is_short(&self) -> bool {
        (1..=20).contains(&self.rows.iter().filter(|row| row.differs()).count())
    }

    /// "3 added, 1 changed".
    pub(super) fn summary(&self) -> String {
        let cells = || self.rows.iter().flat_map(|row| &row.cells);
        let count = |state: State| (cells().filter(|cell| cell.state == state).count(), state);
        let counts = [State::Added, State::Removed, State::Changed].map(count);
        let words =
            counts.iter().filter(|(count, _)| *count > 0).filter_map(|(count, state)| Some(format!("{count} {}", state.word()?)));
        let words: Vec<String> = words.collect();
        if words.is_empty() { "nothing added, removed or changed".to_owned() } else { words.join(", ") }
    }
}

/// The matrices of all files that several editions have.
pub(super) fn matrices<'a>(sections: &'a [Section<'a>]) -> Vec<Matrix<'a>> {
    let mut groups: Vec<Vec<&Section<'_>>> = Vec::new();
    for section in sections {
        let fits = |group: &&mut Vec<&Section<'_>>| group.iter().any(|other| are_comparable(other, section));
        match groups.iter_mut().find(fits) {
            Some(group) => group.push(section),
            None => groups.push(vec![section]),
        }
    }
    groups.into_iter().filter(|group| group.len() > 1).map(matrix).collect()
}

/// Whether two tables list the codes of one thing.
fn are_comparable(one: &Section<'_>, other: &Section<'_>) -> bool {
    let (path, other_path) = (&one.table.path, &other.table.path);
    if path.file != other_path.file {
        return false;
    }
    let names = |section: &Section<'_>| -> Vec<(Option<[u32; 2]>, String)> {
        let entries = section.entries.iter().filter(|entry| entry.numbers.is_some());
        entries.map(|entry| (entry.numbers, normalized_name(entry.name))).collect()
    };
    let (names, others) = (names(one), names(other));
    let common = names.iter().filter(|name| others.contains(name)).count();
    path.system == other_path.system || common * 2 > names.len().min(others.len())
}

fn matrix<'a>(columns: Vec<&'a Section<'a>>) -> Matrix<'a> {
    let mut entries: BTreeMap<([u32; 2], &str), Vec<Option<&Entry<'_>>>> = BTreeMap::new();
    for (at, section) in columns.iter().enumerate() {
        for entry in &section.entries {
            if let Some(numbers) = entry.numbers {
                entries.entry((numbers, &entry.id)).or_insert_with(|| vec![None; columns.len()])[at] = Some(entry);
            }
        }
    }
    let rows = entries.into_values().filter_map(|entries| row(&columns, &entries)).collect();
    let newest = columns[columns.len() - 1];
    let system = &columns[0].table.path.system;
    Matrix { title: &newest.table.title, id: format!("matrix/{system}/{}", newest.table.path.file), columns, rows }
}

fn row<'a>(columns: &[&Section<'_>], entries: &[Option<&'a Entry<'a>>]) -> Option<Row<'a>> {
    let (at, last) = entries.iter().enumerate().filter_map(|(at, entry)| Some((at, (*entry)?))).next_back()?;
    let target = format!("{}/{}", columns[at].table.path, last.id);
    let cells = entries.iter().enumerate().map(|(at, entry)| {
        let before = at.checked_sub(1).filter(|before| columns[*before].table.path.system == columns[at].table.path.system);
        let state = before.map_or(State::Same, |before| state(entries[before], *entry));
        let pair = before.filter(|_| state == State::Changed).and_then(|before| entries[before].zip(*entry));
        Cell { entry: *entry, state, changed: pair.map(|(before, now)| differences(before, now)).unwrap_or_default() }
    });
    Some(Row { label: &last.label, target, name: last.name, cells: cells.collect() })
}

fn state(before: Option<&Entry<'_>>, now: Option<&Entry<'_>>) -> State {
    let is_live = |entry: Option<&Entry<'_>>| entry.is_some_and(|entry| entry.status != Status::Removed);
    match (before, now) {
        _ if !is_live(before) && is_live(now) => State::Added,
        _ if is_live(before) && !is_live(now) => State::Removed,
        (Some(before), Some(now)) if !differences(before, now).is_empty() => State::Changed,
        _ => State::Same,
    }
}

/// What an edition says otherwise of a code than the edition before, in words.
fn differences(before: &Entry<'_>, now: &Entry<'_>) -> Vec<&'static str> {
    let answers =
        |entry: &Entry<'_>| -> Vec<_> { entry.answers.iter().map(|answer| (answer.action(), answer.conditions())).collect() };
    let decided = |entry: &Entry<'_>| (answers(entry), entry.retry);
    let differs = [
        ("name", normalized_name(before.name) != normalized_name(now.name)),
        ("status", before.status != now.status),
        ("direction", before.documented != now.documented),
        ("what to do", decided(before) != decided(now)),
    ];
    differs.iter().filter(|(_, differs)| *differs).map(|(what, _)| *what).collect()
}

fn actions(entry: Option<&Entry<'_>>) -> Vec<crate::model::Action> {
    entry.iter().flat_map(|entry| &entry.answers).map(|answer| answer.policy.action).collect()
}
