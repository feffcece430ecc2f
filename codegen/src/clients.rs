//! What most real clients do after a code, counted from what was read in their sources.

use std::collections::BTreeMap;

use crate::model::{Action, Answer, Client, Fallback, Registry};

/// The code under which clients report a connection that ended without one.
const NO_STATUS: u32 = 1005;

/// How many clients do what.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The clients that decide anything, by what they do.
    pub clients: BTreeMap<Answer, Vec<String>>,
}

impl Tally {
    /// What the clients do after one code of a table with this fallback.
    #[must_use]
    pub fn of_code(registry: &Registry, fallback: &Fallback, code: u32) -> Self {
        let application = (4000..5000).contains(&code);
        Self::count(registry, fallback, |named, unknown| named.get(&code).copied().or(unknown.filter(|_| application)))
    }

    /// What the clients do when there is no close code.
    #[must_use]
    pub fn of_none(registry: &Registry, fallback: &Fallback) -> Self {
        Self::count(registry, fallback, |named, _| named.get(&NO_STATUS).copied())
    }

    /// What the clients do after a code that they do not know.
    #[must_use]
    pub fn of_unknown(registry: &Registry, fallback: &Fallback) -> Self {
        Self::count(registry, fallback, |_, unknown| unknown)
    }

    fn count(
        registry: &Registry,
        fallback: &Fallback,
        answer: impl Fn(&BTreeMap<u32, Answer>, Option<Answer>) -> Option<Answer>,
    ) -> Self {
        let mut tally = Self::default();
        for client in clients(registry, fallback) {
            let answers = &client.tables[&fallback.clients.1];
            if let Some(answer) = answer(&answers.named, answers.unknown) {
                tally.clients.entry(answer).or_default().push(client.name.clone());
            }
        }
        tally
    }

    /// How many clients decide anything.
    #[must_use]
    pub fn decided(&self) -> usize {
        self.clients.values().map(Vec::len).sum()
    }

    /// How many of them do what our action says.
    #[must_use]
    pub fn agreeing(&self, action: Action) -> usize {
        self.clients.iter().filter(|(answer, _)| answer.agrees_with(action)).map(|(_, clients)| clients.len()).sum()
    }

    /// Whether more than half of them do what our action says.
    #[must_use]
    pub fn most_agree(&self, action: Action) -> bool {
        self.agreeing(action) * 2 > self.decided()
    }
}

impl std::fmt::Display for Tally {
    /// Writes "9 resume, 4 new session", the most frequent first.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut counts: Vec<(usize, Answer)> = self.clients.iter().map(|(answer, clients)| (clients.len(), *answer)).collect();
        counts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let counts: Vec<String> = counts.iter().map(|(count, answer)| format!("{count} {}", answer.words())).collect();
        f.write_str(&counts.join(", "))
    }
}

/// The clients that a table is held against.
pub fn clients<'a>(registry: &'a Registry, fallback: &'a Fallback) -> impl Iterator<Item = &'a Client> {
    let (system, file) = &fallback.clients;
    let systems = registry.systems.iter().filter(move |other| other.name == *system);
    systems.flat_map(|system| &system.clients).filter(move |client| client.tables.contains_key(file))
}
