//! What a document says of a code. A page yields it, a table holds it, import writes it and nothing else.
//!
//! The order of the fields is the order of the keys in a table.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::date::Date;
use crate::text::{Text, folded, short_digest};

/// What a document says of a code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Facts {
    /// The number, or the range of numbers.
    #[serde(flatten)]
    pub number: Number,
    /// The name, as documented.
    pub name: Text,
    /// Whether the document still lists the code.
    #[serde(default, skip_serializing_if = "Status::is_active")]
    pub status: Status,
    /// Who sends the message, from the client's side.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// How the payload is encoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<Format>,
    /// The document's column on whether to reconnect.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconnect: Option<bool>,
    /// The document's column on whether the session can be resumed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resume: Option<bool>,
    /// What the documented sentence says to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<Action>,
    /// When the document first listed the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Date>,
    /// When the document last listed the code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Date>,
    /// The fingerprint of the documented sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<Fingerprint>,
}

impl Facts {
    /// A code of which the document says its number and name.
    #[must_use]
    pub fn new(number: Number, name: Text) -> Self {
        Self {
            number,
            name,
            status: Status::Active,
            direction: None,
            format: None,
            reconnect: None,
            resume: None,
            advice: None,
            since: None,
            until: None,
            text: None,
        }
    }

    /// Whether the document still lists the code.
    #[must_use]
    pub fn is_live(&self) -> bool {
        self.status != Status::Removed
    }
}

/// A number, or a range of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
pub enum Number {
    /// One number.
    #[serde(rename = "value")]
    Value(u32),
    /// The first and the last number of a range.
    #[serde(rename = "range")]
    Range([u32; 2]),
}

impl Number {
    /// The first number.
    #[must_use]
    pub fn first(self) -> u32 {
        match self {
            Self::Value(value) => value,
            Self::Range([first, _]) => first,
        }
    }

    /// The last number.
    #[must_use]
    pub fn last(self) -> u32 {
        match self {
            Self::Value(value) => value,
            Self::Range([_, last]) => last,
        }
    }
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Value(value) => value.fmt(f),
            Self::Range([first, last]) => f.pad(&format!("{first}-{last}")),
        }
    }
}

/// Whether the document still lists a code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// It does.
    #[default]
    Active,
    /// It does, and says not to use it.
    Deprecated,
    /// It removed the code or struck it through.
    Removed,
}

impl Status {
    /// Whether there is nothing special about it.
    #[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
    #[must_use]
    pub fn is_active(&self) -> bool {
        *self == Self::Active
    }
}

/// Who sends a message, from the client's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The client sends it.
    Send,
    /// The client receives it.
    Receive,
    /// Both.
    Both,
}

/// How a payload is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Format {
    /// JSON text.
    Json,
    /// Bytes.
    Binary,
}

/// The three actions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Reconnect and resume the session.
    Resume,
    /// Reconnect and start a new session.
    NewSession,
    /// Stay disconnected.
    Stop,
}

impl Action {
    /// The words for it in a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Resume => "resume",
            Self::NewSession => "new session",
            Self::Stop => "stop",
        }
    }
}

/// The fingerprint of a documented sentence: equal for a page and a scrape of it, different when the wording changes.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fingerprint(String);

impl Fingerprint {
    /// The fingerprint of a sentence as plain text. White space and the final stop do not count.
    #[must_use]
    pub fn new(sentence: &str) -> Self {
        Self(short_digest(folded(sentence).trim_end_matches('.')))
    }

    /// The digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl JsonSchema for Fingerprint {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Fingerprint".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Text::json_schema(generator)
    }
}
