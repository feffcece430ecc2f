//! What real clients do after a code, counted.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::facts::Action;
use crate::model::{Client, ClientActions, CloseCodes, Registry};
use crate::table::ClientAction;
use crate::text::key_word;

/// The code under which clients report a connection that ended without one.
const NO_STATUS: u16 = 1005;

/// How many clients do what.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// The clients that do anything, by what they do.
    pub clients: BTreeMap<ClientAction, Vec<String>>,
}

impl Tally {
    /// What the clients do after a code.
    #[must_use]
    pub fn of_code(registry: &Registry, close: &CloseCodes, code: u32) -> Self {
        Self::count(registry, close, |actions| actions.after(u16::try_from(code).ok()?))
    }

    /// What the clients do without a close code.
    #[must_use]
    pub fn of_none(registry: &Registry, close: &CloseCodes) -> Self {
        Self::count(registry, close, |actions| actions.named.get(&NO_STATUS).copied())
    }

    /// What the clients do after a code of a thousand that they do not know.
    #[must_use]
    pub fn of_unknown(registry: &Registry, close: &CloseCodes, thousand: u16) -> Self {
        Self::count(registry, close, |actions| actions.after_unknown(thousand))
    }

    fn count(registry: &Registry, close: &CloseCodes, action: impl Fn(&ClientActions) -> Option<ClientAction>) -> Self {
        let mut tally = Self::default();
        for (client, actions) in compared(registry, close) {
            if let Some(action) = action(actions) {
                tally.clients.entry(action).or_default().push(client.name.to_string());
            }
        }
        tally
    }

    /// How many clients do anything.
    #[must_use]
    pub fn decided(&self) -> usize {
        self.clients.values().map(Vec::len).sum()
    }

    /// How many of them do what the action says.
    #[must_use]
    pub fn agreeing(&self, action: Action) -> usize {
        self.clients.iter().filter(|(client, _)| client.agrees_with(action)).map(|(_, clients)| clients.len()).sum()
    }

    /// Whether more than half of them do what the action says.
    #[must_use]
    pub fn most_agree(&self, action: Action) -> bool {
        self.agreeing(action) * 2 > self.decided()
    }
}

impl fmt::Display for Tally {
    /// Writes "9 resume, 4 new session", the most frequent first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut counts: Vec<(usize, ClientAction)> =
            self.clients.iter().map(|(action, clients)| (clients.len(), *action)).collect();
        counts.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
        let counts: Vec<String> =
            counts.iter().map(|(count, action)| format!("{count} {}", key_word(action).replace('-', " "))).collect();
        f.write_str(&counts.join(", "))
    }
}

/// The thousands that the codes of a table are in: an answer to unknown codes speaks of these.
#[must_use]
pub fn thousands(close: &CloseCodes) -> Vec<u16> {
    let codes = close.codes.iter().filter_map(|code| u16::try_from(code.variant.number / 1000).ok());
    codes.collect::<BTreeSet<u16>>().into_iter().collect()
}

/// The clients that a table is compared with. An application is none.
pub fn compared<'a>(registry: &'a Registry, close: &'a CloseCodes) -> impl Iterator<Item = (&'a Client, &'a ClientActions)> {
    let (system, file) = &close.clients;
    let systems = registry.systems.iter().filter(move |other| other.name == *system);
    let clients = systems.flat_map(|system| &system.clients).filter(|client| !client.application);
    clients.filter_map(move |client| Some((client, client.tables.get(file)?)))
}
