//! What the tables' authors decide about a code. Import may propose it for a new code; it never changes it.
//!
//! The order of the fields is the order of the keys in a table, below the facts.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::written::{Written, one_or_many};
use super::{Fault, Group, Ident, Kind, Policy, Retry};
use crate::text::Text;

/// What the authors decide about a code of any kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Ours {
    /// The name of the variant. A range has no variant and needs none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ident: Option<Ident>,
    /// Other names of the variant.
    #[serde(default)]
    pub aliases: Vec<Ident>,
    /// The identifier, or identifiers, that the code had before.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "Written<Ident>")]
    pub renamed_from: Vec<Ident>,
    /// What the code means, in our own sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub summary: Option<Text>,
    /// The kind of the answer: of status codes and error codes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<Group>,
    /// Who can do something about it, where that is not as usual for its group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<Fault>,
    /// Who does what about it: of status codes and error codes. A policy has its own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Text>,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// `false`: import proposed it, and it is not reviewed yet.
    #[serde(default = "yes")]
    pub reviewed: bool,
    /// `false`: the document does not list the code. It was added because it is seen on the wire.
    #[serde(default = "yes")]
    pub documented: bool,
    /// Lint rules that do not apply to this code.
    #[serde(default, skip_serializing)]
    pub allow: Vec<Text>,
}

impl Ours {
    /// The keys that only status codes and error codes have, and whether each is there.
    #[must_use]
    pub fn of_responses(&self) -> [(&'static str, bool); 3] {
        [("group", self.group.is_some()), ("fault", self.fault.is_some()), ("fix", self.fix.is_some())]
    }

    /// Who can do something about it.
    #[must_use]
    pub fn whose_fault(&self) -> Option<Fault> {
        self.fault.or_else(|| self.group?.fault())
    }
}

/// What the authors decide about a code, depending on its kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct Decision {
    /// What to do after it: of close codes, and of opcodes that end the connection or the session.
    #[serde(default)]
    pub policy: Option<Policy>,
    /// What to do after an opcode whose message says that the session cannot be resumed.
    #[serde(default)]
    pub policy_unless_resumable: Option<Policy>,
    /// Whether a client may send the same request again: of status codes and error codes. `no`, if it is not given.
    #[serde(default)]
    pub retry: Option<Retry>,
}

impl Decision {
    /// Each key, the kinds of tables that have it, and whether it is there.
    #[must_use]
    pub fn keys(&self) -> [(&'static str, &'static [Kind], bool); 3] {
        // Without `..`: a new key has to say which kinds have it.
        let Self { policy, policy_unless_resumable, retry } = self;
        [
            ("policy", &[Kind::Opcodes, Kind::CloseCodes], policy.is_some()),
            ("policy_unless_resumable", &[Kind::Opcodes], policy_unless_resumable.is_some()),
            ("retry", &[Kind::StatusCodes, Kind::ErrorCodes], retry.is_some()),
        ]
    }
}

/// What a table of close codes answers where none of its codes does.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct Reconnect {
    /// The connection ended without a close code.
    pub absent: Policy,
    /// The close code has no row.
    pub unknown: Policy,
    /// A table to ask before `unknown`: `<system>/<edition>/<file without .toml>`.
    #[serde(default)]
    pub extends: Option<Text>,
    /// `false`: this system cannot resume. A `resume` of the extended table becomes `new-session`.
    #[serde(default = "yes")]
    pub resumable: bool,
    /// What to do after the client itself closed the connection.
    #[serde(default)]
    pub sent: Option<Sent>,
    /// What to do when the server does not acknowledge a heartbeat; `absent` if it is not given.
    #[serde(default)]
    pub heartbeat_timeout: Option<Policy>,
    /// Who opens a new session.
    #[serde(default)]
    pub new_session_by: NewSessionBy,
    /// The events that `unless` may name.
    #[serde(default)]
    pub events: Vec<Text>,
    /// The clients to compare the policies with, if not those of the same system: `<system>/<file without .toml>`.
    #[serde(default)]
    pub clients: Option<Text>,
}

/// Who opens a new session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NewSessionBy {
    /// The connection itself, after it has connected again.
    #[default]
    Connection,
    /// Another connection, the main one: it asks for the session and receives its address.
    MainConnection,
    /// A person, for example by pairing a device.
    Person,
}

/// What to do after the client itself closed the connection.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct Sent {
    /// The close codes that do something else when the client sends them.
    pub codes: Vec<u16>,
    /// What to do after sending one of them.
    pub policy: Policy,
    /// What to do after sending another one; `absent` if it is not given.
    #[serde(default)]
    pub others: Option<Policy>,
}

fn yes() -> bool {
    true
}
