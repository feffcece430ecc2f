//! What to do after a connection ended, as tables say it and programs read it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Action;
use super::written::{Written, one_or_many};
use crate::text::{Text, list};

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
    /// Why, in a sentence for the reader of the log.
    pub reason: Text,
    /// What the user can do about it, in a sentence.
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
    /// How many new sessions in a row may follow this ending, before the client stops.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_sessions_before_stop: Option<u32>,
    /// What the policy knowingly contradicts. The reason says why.
    #[serde(default, skip_serializing)]
    pub despite: Vec<Despite>,
}

impl Policy {
    /// What to do, in words: "resume after 1 to 5 s", "stop unless READY follows within 5 s".
    #[must_use]
    pub fn what_to_do(&self) -> String {
        self.what_to_do_because("")
    }

    /// The same, with what it is based on beside the action: no document says within how many seconds an event overrules it.
    #[must_use]
    pub fn what_to_do_because(&self, basis: &str) -> String {
        let mut text = self.action.words().to_owned();
        match self.wait {
            Wait::None => {}
            Wait::Jitter([from, to]) => text += &format!(" after {from} to {to} s"),
            Wait::Backoff([first, max]) => text += &format!(" after a backoff of {first} to {max} s"),
        }
        text += basis;
        if !self.unless.is_empty() {
            let event = |unless: &Unless| unless.in_words(&unless.event);
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
    /// The account: banned for good or logged out. What it was paired with is lost.
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
    /// How long before the ending it may have come instead, in seconds.
    #[serde(skip_serializing_if = "is_zero")]
    pub before: u32,
    /// When the event does not overrule, in words. An event that has such an exception brings the new address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub except: Option<Text>,
}

impl Unless {
    /// The event with its conditions, in words: "READY follows within 5 s".
    #[must_use]
    pub fn in_words(&self, event: &str) -> String {
        let before = if self.before == 0 { String::new() } else { format!(" or came up to {} s before", self.before) };
        let except = self.except.as_ref().map(|except| format!(" (not if {except})")).unwrap_or_default();
        format!("{event} follows within {} s{before}{except}", self.within)
    }
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
        /// How long before the ending it may have come instead, in seconds; 0 if it is not given.
        #[serde(default)]
        before: u32,
        /// When the event does not overrule, in words.
        #[serde(default)]
        except: Option<Text>,
    },
}

impl From<UnlessForm> for Unless {
    fn from(form: UnlessForm) -> Self {
        match form {
            UnlessForm::Name(event) => Self { event, within: usual_within(), before: 0, except: None },
            UnlessForm::Full { event, within, before, except } => Self { event, within, before, except },
        }
    }
}

fn usual_within() -> u32 {
    5
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u32) -> bool {
    *number == 0
}
