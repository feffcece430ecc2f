//! What real clients do after a code, and how many of them agree with us.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Action, Fallback, Registry};
use crate::text::{Text, key_word};

/// The code under which clients report a connection that ended without one.
const NO_STATUS: u16 = 1005;

/// What one real client does when a connection ended, as its source was read.
#[derive(Clone, Debug)]
pub struct Client {
    /// Its name.
    pub name: Text,
    /// The version that was read.
    pub version: Text,
    /// Whether it is a program for its own users, no library. It is not counted.
    pub application: bool,
    /// Where its source is.
    pub repository: Text,
    /// What it does, by the file of the codes.
    pub tables: BTreeMap<String, ClientActions>,
}

/// What a client does after the codes of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ClientActions {
    /// After codes that it names.
    pub named: BTreeMap<u16, ClientAction>,
    /// After others, by the thousand that they are in. `None` is all thousands that have no answer of their own.
    pub unknown: BTreeMap<Option<u16>, ClientAction>,
    /// The release that was run against a gateway. Otherwise the source was only read.
    pub measured: Option<Text>,
}

impl ClientActions {
    /// What the client does after a code.
    #[must_use]
    pub fn after(&self, code: u16) -> Option<ClientAction> {
        self.named.get(&code).copied().or_else(|| self.after_unknown(code / 1000))
    }

    /// What the client does after a code of this thousand that it does not name.
    #[must_use]
    pub fn after_unknown(&self, thousand: u16) -> Option<ClientAction> {
        self.unknown.get(&Some(thousand)).or_else(|| self.unknown.get(&None)).copied()
    }
}

impl ClientAction {
    /// Whether a client that does this does what the action says.
    #[must_use]
    pub fn agrees_with(self, action: Action) -> bool {
        match self {
            Self::Resume => action == Action::Resume,
            Self::NewSession => action == Action::NewSession,
            Self::Reconnect => action != Action::Stop,
            Self::Stop => action == Action::Stop,
        }
    }
}

/// What a client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ClientAction {
    /// It reconnects and resumes.
    Resume,
    /// It reconnects and starts a new session.
    NewSession,
    /// It reconnects; its source does not tell the two apart.
    Reconnect,
    /// It stays disconnected.
    Stop,
}

/// The clients that a table is compared with, each with what it does after the codes of the table. Applications are left out.
#[derive(Clone, Debug, Default)]
pub struct Compared<'a>(pub Vec<(&'a Client, &'a ClientActions)>);

impl<'a> Compared<'a> {
    /// The clients that a table of the registry names.
    #[must_use]
    pub fn new(registry: &'a Registry, fallback: &Fallback) -> Self {
        let (system, file) = &fallback.clients;
        let systems = registry.systems.iter().filter(|other| other.name == *system);
        Self::among(systems.flat_map(|system| &system.clients), file)
    }

    /// Those of some clients that say what they do after the codes of a file.
    pub fn among(clients: impl Iterator<Item = &'a Client>, file: &str) -> Self {
        Self(clients.filter(|client| !client.application).filter_map(|client| Some((client, client.tables.get(file)?))).collect())
    }

    /// What the clients do after a code.
    #[must_use]
    pub fn after(&self, code: u32) -> ClientVotes {
        self.count(|actions| actions.after(u16::try_from(code).ok()?))
    }

    /// What the clients do without a close code.
    #[must_use]
    pub fn without_code(&self) -> ClientVotes {
        self.count(|actions| actions.named.get(&NO_STATUS).copied())
    }

    /// What the clients do after a code of a thousand that they do not know.
    #[must_use]
    pub fn after_unknown(&self, thousand: u16) -> ClientVotes {
        self.count(|actions| actions.after_unknown(thousand))
    }

    fn count(&self, action: impl Fn(&ClientActions) -> Option<ClientAction>) -> ClientVotes {
        let mut votes = ClientVotes::default();
        for (client, actions) in &self.0 {
            if let Some(action) = action(actions) {
                votes.clients.entry(action).or_default().push(client.name.to_string());
            }
        }
        votes
    }
}

/// How many clients do what.
#[derive(Clone, Debug, Default)]
pub struct ClientVotes {
    /// The clients that do anything, by what they do.
    pub clients: BTreeMap<ClientAction, Vec<String>>,
}

impl ClientVotes {
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

    /// Whether there are any, and not more than half of them do what the action says.
    #[must_use]
    pub fn contradict(&self, action: Action) -> bool {
        self.decided() > 0 && !self.most_agree(action)
    }
}

impl fmt::Display for ClientVotes {
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

/// The thousands that some codes are in: an answer to unknown codes speaks of these.
#[must_use]
pub fn thousands(codes: impl Iterator<Item = u32>) -> Vec<u16> {
    codes.filter_map(|code| u16::try_from(code / 1000).ok()).collect::<BTreeSet<u16>>().into_iter().collect()
}
