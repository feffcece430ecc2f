//! The parts of the files under `codes/`, as they are written.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::places::{Place, Places};
use crate::date::Date;
use crate::facts::Facts;
use crate::ident::Ident;
use crate::limits::Limits;
use crate::ours::{Decision, Ours, Reconnect};
use crate::source::SourceFile;
use crate::text::Text;

/// A table file, as far as it could be read.
#[derive(Clone, Debug)]
pub struct TableFile {
    /// The text and its path.
    pub source: Arc<SourceFile>,
    /// What is above the rows, if all of it fits.
    pub header: Option<Header>,
    /// The rows that fit, in the order of the file.
    pub rows: Vec<RawRow>,
    /// Whether the file lists any row, even one that does not fit.
    pub has_rows: bool,
    /// Where each value is.
    pub(super) places: Arc<Places>,
}

/// One `[[code]]`.
#[derive(Clone, Debug)]
pub struct RawRow {
    /// What the document says.
    pub facts: Facts,
    /// What people decided, for codes of all kinds.
    pub ours: Ours,
    /// What people decided, depending on the kind.
    pub decision: Decision,
    /// Its position among the rows of the file, for finding its place.
    pub position: usize,
}

/// What is above the rows.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Header {
    /// The title, as documented. Import finds the table by it.
    pub title: Text,
    /// Other headings that mean this table, where a page has or had them.
    #[serde(default)]
    pub headings: Vec<Text>,
    /// The name of the enum.
    #[serde(rename = "enum")]
    pub enum_name: Ident,
    /// The kind of codes. It decides which methods the enum has.
    pub kind: Kind,
    /// The type of the numbers.
    pub repr: Repr,
    /// What the codes say, in our own words.
    pub summary: Text,
    /// Lint rules that do not apply to this table.
    #[serde(default)]
    pub allow: Vec<Text>,
    /// The document.
    pub source: Source,
    /// What a table of close codes answers where none of its codes does.
    #[serde(default)]
    pub reconnect: Option<Reconnect>,
    /// How much a client may do on the connection: of tables of close codes.
    #[serde(default)]
    pub limits: Option<Limits>,
}

/// The kind of codes in a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// What a message is.
    Opcodes,
    /// Why a connection ended.
    CloseCodes,
    /// How a request ended.
    StatusCodes,
    /// What was wrong with a request.
    ErrorCodes,
}

/// The type of a table's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Repr {
    /// One byte.
    U8,
    /// Two bytes.
    U16,
    /// Four bytes.
    U32,
}

impl Repr {
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

/// The document that a table was read from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Source {
    /// Its title.
    pub document: Text,
    /// Where it is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Text>,
    /// The day, or the month, of the text that was read.
    pub date: Date,
    /// The revision, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<Text>,
    /// The repository of the page, where `update` reads it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<Text>,
    /// The path of the page in the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<Text>,
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "\"{}\", {}", self.document, self.date)?;
        match &self.revision {
            Some(revision) => write!(f, ", revision {revision}"),
            None => Ok(()),
        }
    }
}

/// The file of a system's clients, as far as it could be read.
#[derive(Debug)]
pub struct ClientsFile {
    /// The system's name.
    pub system: String,
    /// The text and its path.
    pub source: Arc<SourceFile>,
    /// The clients that fit.
    pub clients: Vec<Client>,
    /// Where each value is.
    pub(super) places: Arc<Places>,
}

/// What one real client does, as its source was read.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
pub struct Client {
    /// Its name.
    pub name: Text,
    /// The version that was read.
    pub version: Text,
    /// It is a program for its own users, no library: it is shown, but not counted.
    #[serde(default)]
    pub application: bool,
    /// Where its source is.
    pub repository: Text,
    /// The date of that version, where known.
    #[serde(default)]
    pub date: Option<Date>,
    /// What it does, table by table.
    #[serde(default)]
    pub table: Vec<ClientTable>,
}

/// What a client does after the codes of one table.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ClientTable {
    /// The file of the codes, without `.toml`.
    pub codes: Text,
    /// The release that was run against a gateway and did the same. Otherwise the source was only read.
    #[serde(default)]
    pub measured: Option<Text>,
    /// Codes after which it resumes.
    #[serde(default)]
    pub resume: Vec<u16>,
    /// Codes after which it starts a new session.
    #[serde(default)]
    pub new_session: Vec<u16>,
    /// Codes after which it reconnects, one way or the other.
    #[serde(default)]
    pub reconnect: Vec<u16>,
    /// Codes after which it stays disconnected.
    #[serde(default)]
    pub stop: Vec<u16>,
    /// What it does after codes from 1000 that it does not name.
    #[serde(default, rename = "unknown-1xxx")]
    pub unknown_1xxx: Option<ClientAction>,
    /// What it does after codes from 3000 that it does not name.
    #[serde(default, rename = "unknown-3xxx")]
    pub unknown_3xxx: Option<ClientAction>,
    /// What it does after codes from 4000 that it does not name.
    #[serde(default, rename = "unknown-4xxx")]
    pub unknown_4xxx: Option<ClientAction>,
    /// What it does after other codes that it does not name.
    #[serde(default)]
    pub unknown: Option<ClientAction>,
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

/// The identity of the generated crate: `crate.toml`.
#[derive(Clone, Debug, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Manifest {
    /// The name of the package.
    pub name: Text,
    /// Its version.
    pub version: Text,
    /// What it is, in a sentence.
    pub description: Text,
    /// Its licence, as an SPDX expression; `MIT OR Apache-2.0` if it is not given.
    #[serde(default)]
    pub license: Option<Text>,
    /// Where its source is.
    #[serde(default)]
    pub repository: Option<Text>,
    /// Where it is presented.
    #[serde(default)]
    pub homepage: Option<Text>,
    /// At most five words to find it by.
    #[serde(default)]
    pub keywords: Vec<Text>,
    /// Categories of crates.io.
    #[serde(default)]
    pub categories: Vec<Text>,
    /// Its authors.
    #[serde(default)]
    pub authors: Vec<Text>,
}

impl TableFile {
    /// The place of what is above the rows.
    #[must_use]
    pub fn header_place(&self) -> Place {
        Place::of_header(&self.places)
    }

    /// The place of a row.
    #[must_use]
    pub fn row_place(&self, row: &RawRow) -> Place {
        Place::of_row(&self.places, row.position)
    }
}

impl ClientsFile {
    /// The place of a client, by its position.
    #[must_use]
    pub fn client_place(&self, position: usize) -> Place {
        Place::of_row(&self.places, position)
    }
}
