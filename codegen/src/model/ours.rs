//! What people decide about a code. Import may propose it for a code that is new; it never changes it.
//!
//! The order of the fields is the order of the keys in a table, below the facts.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize};

use super::{Action, Ident, Kind};
use crate::text::{Text, capitalized, list};

/// What people decide about a code of any kind.
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
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// `false`: import proposed it, and nobody has reviewed it yet.
    #[serde(default = "yes")]
    pub reviewed: bool,
    /// `false`: the document does not list the code. People added it, because it is sent all the same.
    #[serde(default = "yes")]
    pub documented: bool,
    /// Lint rules that do not apply to this code.
    #[serde(default, skip_serializing)]
    pub allow: Vec<Text>,
}

/// What people decide about a code, depending on its kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub struct Decision {
    /// What to do after it: of close codes, and of opcodes that end the connection or the session.
    #[serde(default)]
    pub policy: Option<Policy>,
    /// What to do after an opcode whose message says that the session cannot be resumed.
    #[serde(default)]
    pub policy_unless_resumable: Option<Policy>,
    /// Whether a client may send the same request again after a wait: of status codes and error codes. Not, if it is not given.
    #[serde(default)]
    pub retry: Option<bool>,
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

/// Whether a request may be sent again, in words: the same in all that is printed and rendered, and what the generated function
/// answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Again {
    /// What to do.
    pub action: &'static str,
    /// When.
    pub wait: Option<&'static str>,
    /// Why.
    pub reason: &'static str,
}

impl Again {
    /// The words for an answer.
    #[must_use]
    pub const fn new(is_retryable: bool) -> Self {
        if is_retryable {
            Self { action: "send again", wait: Some("after a wait"), reason: "the same request may succeed then" }
        } else {
            Self { action: "do not send again", wait: None, reason: "a wait is not known to change the answer" }
        }
    }

    /// In a few words.
    #[must_use]
    pub fn words(self) -> String {
        [Some(self.action), self.wait].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// As a sentence.
    #[must_use]
    pub fn sentence(self) -> String {
        format!("{}: {}.", capitalized(&self.words()), self.reason)
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
    pub silence: Option<Policy>,
    /// Who opens a new session.
    #[serde(default)]
    pub new_session_by: Opener,
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
pub enum Opener {
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

/// What to do after a connection ended, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Policy {
    /// What to do.
    pub action: Action,
    /// How long to wait first.
    #[serde(default)]
    pub wait: Wait,
    /// What the answer is based on.
    pub basis: Basis,
    /// Why, in a sentence for the person who reads the log.
    pub reason: Text,
    /// What a person can do about it, in a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Text>,
    /// What has to change, for programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// The events that overrule a stop.
    #[serde(default, deserialize_with = "one_or_many")]
    #[schemars(with = "Written<Unless>")]
    pub unless: Vec<Unless>,
    /// The code to close the connection with, where the client has to close it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub close_with: Option<u16>,
    /// What the policy knowingly contradicts. The reason says why.
    #[serde(default)]
    pub despite: Vec<Despite>,
}

impl Policy {
    /// What to do, in words: "resume after 1 to 5 s", "stop unless READY follows within 5 s".
    #[must_use]
    pub fn what_to_do(&self) -> String {
        let mut text = self.action.words().to_owned();
        match self.wait {
            Wait::None => {}
            Wait::Jitter([from, to]) => text += &format!(" after {from} to {to} s"),
            Wait::Backoff([first, max]) => text += &format!(" after a backoff of {first} to {max} s"),
        }
        if !self.unless.is_empty() {
            let event = |unless: &Unless| {
                let except = unless.except.as_ref().map(|except| format!(" (not if {except})")).unwrap_or_default();
                format!("{} follows within {} s{except}", unless.event, unless.within)
            };
            text += &format!(" unless {}", list(&self.unless.iter().map(event).collect::<Vec<_>>(), "or"));
        }
        text
    }
}

/// How long to wait, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(from = "WaitForm", into = "WaitData")]
pub enum Wait {
    /// Not at all.
    #[default]
    None,
    /// A random time between two limits.
    Jitter([u32; 2]),
    /// A random time that doubles with each failed attempt: the shortest first wait, and the longest of all.
    Backoff([u32; 2]),
}

impl Wait {
    /// The limits of a backoff that gives none.
    const USUAL: [u32; 2] = [1, 300];

    /// The wait of a policy that was made for a resume, where a new session follows instead: not below 5 seconds.
    #[must_use]
    pub fn before_new_session(self) -> Self {
        const SHORTEST: u32 = 5;
        let raised = |[first, last]: [u32; 2]| [first.max(SHORTEST), last.max(first.max(SHORTEST))];
        match self {
            Self::None => Self::Backoff([SHORTEST, Self::USUAL[1]]),
            Self::Jitter(limits) => Self::Jitter(raised(limits)),
            Self::Backoff(limits) => Self::Backoff(raised(limits)),
        }
    }

    /// The wait as TOML has it; nothing for none, which is left out.
    #[must_use]
    pub fn to_toml(self) -> Option<String> {
        match self {
            Self::None => None,
            Self::Backoff(Self::USUAL) => Some("\"backoff\"".to_owned()),
            Self::Jitter([from, to]) => Some(format!("{{ jitter = [{from}, {to}] }}")),
            Self::Backoff([first, max]) => Some(format!("{{ backoff = [{first}, {max}] }}")),
        }
    }

    /// The limits, in seconds.
    #[must_use]
    pub fn limits(self) -> Option<[u32; 2]> {
        match self {
            Self::None => None,
            Self::Jitter(limits) | Self::Backoff(limits) => Some(limits),
        }
    }
}

/// A wait as programs read it, in seconds.
#[derive(Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum WaitData {
    /// Not at all.
    None,
    /// A random time between `min` and `max`.
    Jitter { min: u32, max: u32 },
    /// A random time that doubles with each failed attempt: at least `min` first, at most `max`.
    Backoff { min: u32, max: u32 },
}

impl From<Wait> for WaitData {
    fn from(wait: Wait) -> Self {
        match wait {
            Wait::None => Self::None,
            Wait::Jitter([min, max]) => Self::Jitter { min, max },
            Wait::Backoff([min, max]) => Self::Backoff { min, max },
        }
    }
}

/// A wait as it is written: a word, or its limits.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum WaitForm {
    Word(WaitWord),
    Limits(WaitLimits),
}

/// A wait in a word.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum WaitWord {
    /// At once.
    None,
    /// A backoff of 1 to 300 seconds.
    Backoff,
}

/// A wait with its limits in seconds.
#[derive(Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
enum WaitLimits {
    /// The shortest and the longest wait.
    Jitter([u32; 2]),
    /// The shortest first wait, and the longest of all.
    Backoff([u32; 2]),
}

impl From<WaitForm> for Wait {
    fn from(form: WaitForm) -> Self {
        match form {
            WaitForm::Word(WaitWord::None) => Self::None,
            WaitForm::Word(WaitWord::Backoff) => Self::Backoff(Self::USUAL),
            WaitForm::Limits(WaitLimits::Jitter(limits)) => Self::Jitter(limits),
            WaitForm::Limits(WaitLimits::Backoff(limits)) => Self::Backoff(limits),
        }
    }
}

/// What an answer is based on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A documented column, or a sentence that says not to reconnect.
    Documented,
    /// The documented sentence says what to do.
    DocumentedText,
    /// More than half of the compared clients do it.
    Consensus,
    /// Our own decision.
    Judgement,
}

/// What has to change before the same thing can succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The token or another credential.
    Token,
    /// The number of shards, or the shard.
    Shards,
    /// The events that the client asked for.
    Intents,
    /// The version of the API.
    ApiVersion,
    /// The protocol that the client chose, or an extension of it.
    Protocol,
    /// The encryption mode that the client chose.
    Encryption,
    /// Support for end-to-end encryption.
    EndToEndEncryption,
    /// The account: banned, logged out, or in use elsewhere.
    Account,
    /// The program: it sent something that the server does not accept.
    ClientBug,
    /// The server.
    Server,
    /// The network.
    Network,
}

/// What a policy may knowingly contradict.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Despite {
    /// What most of the compared clients do.
    Clients,
    /// What the documented sentence says to do.
    Document,
}

/// An event that overrules a stop when it follows.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(from = "UnlessForm")]
pub struct Unless {
    /// The name of the event, as it is sent.
    pub event: Text,
    /// How long to wait for it, in seconds.
    pub within: u32,
    /// When the event does not overrule, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub except: Option<Text>,
}

/// An event as it is written: its name, or all of it.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum UnlessForm {
    /// The name of the event.
    Name(Text),
    /// The event with its conditions.
    Full {
        /// The name of the event, as it is sent.
        event: Text,
        /// How long to wait for it, in seconds; 5 if it is not given.
        #[serde(default = "usual_within")]
        within: u32,
        /// When the event does not overrule, in words.
        #[serde(default)]
        except: Option<Text>,
    },
}

impl From<UnlessForm> for Unless {
    fn from(form: UnlessForm) -> Self {
        match form {
            UnlessForm::Name(event) => Self { event, within: usual_within(), except: None },
            UnlessForm::Full { event, within, except } => Self { event, within, except },
        }
    }
}

fn usual_within() -> u32 {
    5
}

/// One item, or a list.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

/// One item or a list as it is written; a list as programs read it.
struct Written<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for Written<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Written".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let is_read = generator.contract().is_serialize();
        if is_read { generator.subschema_for::<Vec<T>>() } else { generator.subschema_for::<OneOrMany<T>>() }
    }
}

fn one_or_many<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}

fn yes() -> bool {
    true
}
