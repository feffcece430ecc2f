//! What a document says of a code, key by key. A page yields it, a table holds it, import writes it and nothing else.
//!
//! The list below is all that is known of each key. The fields of a row, their order in a file, the kinds of tables that have
//! them, the columns of pages, the comparison of two states and the words for a difference follow from it.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::key::{About, FromCell, Meaning, Page, Value, keys};
use super::{Date, Kind};
use crate::text::{Text, folded, key_word, short_digest};

keys! {
    /// Who sends the message, from the client's side.
    Direction direction: Direction {
        kinds: &[Kind::Opcodes],
        page: Page::Column { headers: &["client action", "action", "sent by", "direction"], expected: "`Send`, `Receive`, `client` or `server`" },
        meaning: Meaning::Fact,
        why: "Who sends an opcode differs.",
    }
    /// How the payload is encoded.
    Format format: Format {
        kinds: &[Kind::Opcodes],
        page: Page::Column { headers: &["format", "binary"], expected: "`JSON` or `Binary`, or a mark such as `X` under `Binary`" },
        meaning: Meaning::Fact,
        why: "How a payload is encoded differs.",
    }
    /// The document's column on whether to reconnect.
    Reconnect reconnect: bool {
        kinds: &[Kind::CloseCodes],
        page: Page::Column { headers: &["reconnect", "should reconnect", "can reconnect", "recoverable", "reconnectable", "retryable", "retriable", "fatal"], expected: "`true` or `false`" },
        meaning: Meaning::Advice,
        why: "The documented column on whether to reconnect differs.",
    }
    /// The document's column on whether the session can be resumed.
    Resume resume: bool {
        kinds: &[Kind::CloseCodes],
        page: Page::Column { headers: &["resume", "resumable", "can resume"], expected: "`true` or `false`" },
        meaning: Meaning::Advice,
        why: "The documented column on whether to resume differs.",
    }
    /// What the documented sentence says to do.
    Advice advice: Action {
        kinds: &[Kind::CloseCodes],
        page: Page::Sentence,
        meaning: Meaning::Advice,
        why: "What the documented sentence says to do differs.",
        none: "no advice",
    }
    /// The HTTP status that comes with the code.
    Http http: u16 {
        kinds: &[Kind::ErrorCodes],
        page: Page::Column { headers: &["http status", "http status code", "http"], expected: "a status such as `403`" },
        why: "The HTTP status that comes with a code differs.",
        noun: "HTTP status",
    }
    /// How many there may be, of a code that says that there are as many.
    Limit limit: u32 { kinds: &[Kind::ErrorCodes], why: "The limit that a code speaks of differs.", none: "no limit" }
    /// The page that lists the code, if it is not the one of the table: its name in `sources.toml`.
    Source source: Text { meaning: Meaning::Wording, why: "Another page lists the code.", change: "listed-by", noun: "page", none: "the page of the table" }
    /// When the document first listed the code.
    Since since: Date { meaning: Meaning::Wording, why: "The day on which the document first listed a code differs.", none: "no date" }
    /// When the document last listed the code.
    Until until: Date { meaning: Meaning::Wording, why: "The day on which the document last listed a code differs.", none: "no date" }
    /// The fingerprint of the documented sentence.
    Text text: Fingerprint {
        page: Page::Sentence,
        meaning: Meaning::Wording,
        why: "The documented sentence differs.",
        change: "reworded",
        noun: "sentence",
        none: "no sentence",
    }
}

impl Facts {
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
    #[must_use]
    pub fn is_active(self) -> bool {
        self == Self::Active
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

impl From<Direction> for Value {
    fn from(direction: Direction) -> Self {
        Self::Word(key_word(direction))
    }
}

impl From<Format> for Value {
    fn from(format: Format) -> Self {
        Self::Word(key_word(format))
    }
}

impl From<Action> for Value {
    fn from(action: Action) -> Self {
        Self::Action(action)
    }
}

impl From<Fingerprint> for Value {
    fn from(fingerprint: Fingerprint) -> Self {
        Self::Word(fingerprint.0)
    }
}

impl Key {
    /// Whether tables of a kind have it.
    #[must_use]
    pub fn is_of(self, kind: Kind) -> bool {
        self.about().kinds.contains(&kind)
    }

    /// What its value is called.
    #[must_use]
    pub fn noun(self) -> &'static str {
        Some(self.about().noun).filter(|noun| !noun.is_empty()).unwrap_or(self.name())
    }

    /// The column of a page that it comes and goes with.
    #[must_use]
    pub fn column(self) -> Option<Self> {
        match self.about().page {
            Page::Column { .. } => Some(self),
            Page::Sentence => Some(Self::Text),
            Page::Nowhere => None,
        }
    }

    /// The keys on whose values programs may rely, with their values.
    pub fn said(facts: &Facts) -> impl Iterator<Item = (Self, Value)> {
        let is_fact = |key: &&Self| key.about().meaning == Meaning::Fact;
        Self::ALL.iter().filter(is_fact).filter_map(|key| Some((*key, key.get(facts)?)))
    }

    /// The keys whose values differ.
    #[must_use]
    pub fn differing(old: &Facts, new: &Facts) -> Vec<Self> {
        Self::ALL.iter().copied().filter(|key| key.get(old) != key.get(new)).collect()
    }
}
