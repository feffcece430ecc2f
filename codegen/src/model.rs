//! What the tables say, valid by construction.
//!
//! Only [`lower`](crate::lower) builds these values. Whoever holds a [`Registry`] may rely on it: identifiers are Rust
//! identifiers and unique, numbers fit their type, every close code has its policy. Rendering it therefore cannot fail.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::source::{Located, Span};

/// All systems, in the order of their names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Registry {
    /// The systems.
    pub systems: Vec<System>,
}

/// What documents its codes as one: Discord, Baileys, the WebSocket protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    /// The name of its folder and module.
    pub name: String,
    /// Its editions, in the order of their names, numbers counted as numbers.
    pub editions: Vec<Edition>,
    /// What real clients do after its codes.
    pub clients: Vec<Client>,
}

/// What one real client does when a connection ended, as its source was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// Its name.
    pub name: String,
    /// The version that was read.
    pub version: String,
    /// Where its source is.
    pub repository: String,
    /// What it does, by the file of the codes.
    pub tables: BTreeMap<String, Answers>,
}

/// What a client does after the codes of one table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// After codes that it names.
    pub named: BTreeMap<u32, Answer>,
    /// After others of the same range.
    pub unknown: Option<Answer>,
}

/// What a client does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Answer {
    /// It connects again and resumes.
    Resume,
    /// It connects again and starts anew.
    NewSession,
    /// It connects again; its source does not tell the two apart.
    Reconnect,
    /// It stays away.
    Stop,
}

impl Answer {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Resume => "resume",
            Self::NewSession => "new session",
            Self::Reconnect => "reconnect",
            Self::Stop => "stop",
        }
    }

    /// Whether a client that does this does what our action says.
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

/// One state of a system's documentation that users may hold on to, such as an API version.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Edition {
    /// The system's name.
    pub system: String,
    /// The name of its folder and module.
    pub name: String,
    /// Its tables, in the order of their file names.
    pub tables: Vec<Table>,
}

impl Edition {
    /// Its place under the folder of tables, such as `discord/v10`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/{}", self.system, self.name)
    }
}

/// One table of codes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    /// Its place.
    pub path: TablePath,
    /// The title, as documented.
    pub title: String,
    /// The name of its enum.
    pub enum_name: String,
    /// The type of its numbers.
    pub repr: Repr,
    /// What its codes tell, in our words.
    pub summary: String,
    /// The document.
    pub source: Source,
    /// What kind of codes it holds, with what such a table says as a whole.
    pub kind: Kind,
    /// Its codes in the order of their numbers. Each has a variant.
    pub codes: Vec<Code>,
    /// Removed codes whose number a live code has taken over. They have no variant.
    pub recycled: Vec<Code>,
}

impl Table {
    /// Whether the document says which way opcodes travel.
    #[must_use]
    pub fn has_directions(&self) -> bool {
        self.codes.iter().any(|code| matches!(code.detail, Detail::Opcode { direction: Some(_), .. }))
    }

    /// Whether the document says how payloads are encoded.
    #[must_use]
    pub fn has_formats(&self) -> bool {
        self.codes.iter().any(|code| matches!(code.detail, Detail::Opcode { format: Some(_), .. }))
    }
}

/// The place of a table: `<system>/<edition>/<file>` under the folder of tables.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TablePath {
    /// The system's name.
    pub system: String,
    /// The edition's name.
    pub edition: String,
    /// The file's name without `.toml`.
    pub file: String,
}

impl TablePath {
    /// The name of the table's module.
    #[must_use]
    pub fn module(&self) -> String {
        self.file.replace('-', "_")
    }

    /// What people call the table: its file's name in words.
    #[must_use]
    pub fn words(&self) -> String {
        self.file.replace('-', " ")
    }
}

impl fmt::Display for TablePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.system, self.edition, self.file)
    }
}

/// The document a table was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Its title.
    pub document: String,
    /// Where it is published, where known.
    pub url: Option<String>,
    /// The day, or the month, of the text that was read.
    pub date: String,
    /// The revision, where known.
    pub revision: Option<String>,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{}\", {}", self.document, self.date)?;
        match &self.revision {
            Some(revision) => write!(f, ", revision {revision}"),
            None => Ok(()),
        }
    }
}

/// The type of a table's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Repr {
    /// One byte.
    U8,
    /// Two bytes.
    U16,
    /// Four bytes.
    U32,
}

impl Repr {
    /// The name of the Rust type.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::U8 => "u8",
            Self::U16 => "u16",
            Self::U32 => "u32",
        }
    }

    /// The greatest number it holds.
    #[must_use]
    pub fn max(self) -> u32 {
        match self {
            Self::U8 => u8::MAX.into(),
            Self::U16 => u16::MAX.into(),
            Self::U32 => u32::MAX,
        }
    }
}

/// What kind of codes a table holds, with what such a table says as a whole.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Opcodes: what a message is.
    Opcodes,
    /// Close codes and disconnect reasons: why a connection ended.
    CloseCodes(Box<Fallback>),
    /// Status codes: how a request went.
    StatusCodes,
    /// Error codes: what was wrong with a request.
    ErrorCodes,
}

impl Kind {
    /// What people call one of its codes.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Opcodes => "opcode",
            Self::CloseCodes(_) => "close code",
            Self::StatusCodes => "status code",
            Self::ErrorCodes => "error code",
        }
    }
}

/// What a table of close codes answers for codes without a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// The connection ended without a close code.
    pub absent: Policy,
    /// The close code has no row here nor in the extended table.
    pub unknown: Policy,
    /// The table to ask before `unknown`.
    pub extends: Option<Extended>,
    /// The client itself closed the connection.
    pub sent: Option<Sent>,
    /// The events that may overrule a stop.
    pub events: Vec<String>,
    /// The clients to hold the policies against: their system, and the file of the codes there.
    pub clients: (String, String),
}

/// A table that another one extends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Extended {
    /// Its place.
    pub path: TablePath,
    /// The name of its enum.
    pub enum_name: String,
}

/// Close codes that do something else when the client sends them than when it receives them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// The close codes.
    pub codes: Vec<u16>,
    /// What to do after sending one of them.
    pub policy: Policy,
}

/// One code of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Code {
    /// Its number or numbers.
    pub value: Located<Value>,
    /// The name, as documented.
    pub name: String,
    /// The name of its variant.
    pub ident: String,
    /// Other names of the same value.
    pub aliases: Vec<String>,
    /// The identifier it had before.
    pub renamed_from: Vec<String>,
    /// What it means, in our words.
    pub summary: Option<String>,
    /// Whether the document still has it.
    pub status: Status,
    /// A remark of ours.
    pub note: Option<String>,
    /// The fingerprint of the documented sentence.
    pub text: Option<String>,
    /// What only codes of its kind have.
    pub detail: Detail,
    /// Where its row begins.
    pub span: Span,
}

impl Code {
    /// What it means, in our words; the documented name where that says all.
    #[must_use]
    pub fn meaning(&self) -> &str {
        self.summary.as_deref().unwrap_or(&self.name)
    }
}

/// The number of a code, or the range of numbers that share a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// One number.
    Single(u32),
    /// All numbers from the first to the last that have no row of their own.
    Range {
        /// The first number.
        first: u32,
        /// The last number.
        last: u32,
        /// The number that stands for the range: its first without a row of its own.
        representative: u32,
    },
}

impl Value {
    /// The number of the variant.
    #[must_use]
    pub fn discriminant(self) -> u32 {
        match self {
            Self::Single(value) | Self::Range { representative: value, .. } => value,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Single(value) => value.fmt(f),
            Self::Range { first, last, .. } => write!(f, "{first}-{last}"),
        }
    }
}

/// Whether the document still has a code.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// It has.
    #[default]
    Active,
    /// It has, and says not to use it.
    Deprecated,
    /// It struck the code out, or dropped it.
    Removed,
}

/// What only codes of one kind have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Detail {
    /// An opcode.
    Opcode {
        /// Which way it travels, where documented.
        direction: Option<Direction>,
        /// How its payload is encoded, where documented.
        format: Option<Format>,
        /// What to do on receiving it, where it ends the session.
        ends: Option<Ending>,
    },
    /// A close code.
    CloseCode {
        /// Whether to reconnect, where the document has a column for it.
        documented: Option<bool>,
        /// What the documented sentence says to do, where it does.
        advice: Option<Action>,
        /// What to do.
        policy: Policy,
    },
    /// A status or error code.
    Response {
        /// Whether the document says to wait and try again.
        retry: bool,
    },
}

/// What to do after an opcode that ends the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// When the session can be resumed, or the message does not say.
    pub resumable: Policy,
    /// When the message says that it cannot.
    pub otherwise: Policy,
}

/// Which way an opcode travels, from the client's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// The client sends it.
    Send,
    /// The client receives it.
    Receive,
    /// Both.
    Both,
}

impl Direction {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Send => "send",
            Self::Receive => "receive",
            Self::Both => "send and receive",
        }
    }
}

/// How a payload is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A JSON text.
    Json,
    /// Bytes.
    Binary,
}

impl Format {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Json => "JSON",
            Self::Binary => "binary",
        }
    }
}

/// What to do after a connection ended, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// What to do.
    pub action: Located<Action>,
    /// How long to wait first.
    pub wait: Wait,
    /// What the answer rests on.
    pub basis: Basis,
    /// Why, in a sentence.
    pub reason: Located<String>,
    /// The event that overrules a stop.
    pub unless: Option<Located<String>>,
}

/// The three answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// Resume the session.
    Resume,
    /// Start a new session.
    NewSession,
    /// Stay away.
    Stop,
}

impl Action {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Resume => "resume",
            Self::NewSession => "new session",
            Self::Stop => "stop",
        }
    }
}

/// How long to wait before the first attempt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Wait {
    /// Not at all.
    #[default]
    None,
    /// A while, and longer each time.
    Backoff,
}

/// What an answer rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A documented column, or "should not reconnect".
    Documented,
    /// The documented sentence.
    DocumentedText,
    /// What most clients do.
    Consensus,
    /// Ours.
    Judgement,
}

impl Basis {
    /// The words for it.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::DocumentedText => "documented text",
            Self::Consensus => "consensus of clients",
            Self::Judgement => "judgement",
        }
    }
}
