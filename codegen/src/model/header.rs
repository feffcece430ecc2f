//! What a table is: where it is, the kind of its codes, the type of its numbers, and its document.

use std::collections::BTreeMap;
use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Date;
use crate::text::{Text, normalized_name};

/// The path of a table: `<system>/<edition>/<file>` under the folder of tables.
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
    /// Reads `<system>/<edition>/<file>`.
    #[must_use]
    pub fn parse(path: &str) -> Option<Self> {
        let mut parts = path.split('/').map(str::to_owned);
        let (system, edition, file) = (parts.next()?, parts.next()?, parts.next()?);
        parts.next().is_none().then_some(Self { system, edition, file })
    }

    /// The name of the table's module.
    #[must_use]
    pub fn module(&self) -> String {
        self.file.replace('-', "_")
    }

    /// The path of its edition.
    #[must_use]
    pub fn edition_path(&self) -> String {
        format!("{}/{}", self.system, self.edition)
    }
}

impl fmt::Display for TablePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}", self.system, self.edition, self.file)
    }
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

impl Kind {
    /// All kinds.
    pub const ALL: &[Self] = &[Self::Opcodes, Self::CloseCodes, Self::StatusCodes, Self::ErrorCodes];

    /// What one code is called.
    #[must_use]
    pub fn noun(self) -> &'static str {
        match self {
            Self::Opcodes => "opcode",
            Self::CloseCodes => "close code",
            Self::StatusCodes => "status code",
            Self::ErrorCodes => "error code",
        }
    }

    /// Whether the codes say how a request ended.
    #[must_use]
    pub fn is_of_responses(self) -> bool {
        matches!(self, Self::StatusCodes | Self::ErrorCodes)
    }
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
    /// Headings of tables of the page that the edition does not want; a `*` at an end stands for any words.
    #[serde(default, skip_serializing)]
    pub ignore: Vec<Text>,
    /// The tables to which the page adds rows while another page is theirs: the file without `.toml`, and the headings of this page
    /// that have the rows; all its tables of codes where none is named.
    #[serde(default, skip_serializing)]
    pub tables: BTreeMap<String, Vec<Text>>,
}

impl Source {
    /// Whether a table of the page adds rows to a table of the edition.
    #[must_use]
    pub fn adds(&self, file: &str, heading: &str) -> bool {
        let heading = normalized_name(heading);
        let is_it = |known: &Text| normalized_name(known) == heading;
        self.tables.get(file).is_some_and(|headings| headings.is_empty() || headings.iter().any(is_it))
    }

    /// Whether a table of the page is not wanted.
    #[must_use]
    pub fn ignores(&self, heading: &str) -> bool {
        let heading = normalized_name(heading);
        self.ignore.iter().any(|pattern| {
            let bare = normalized_name(pattern.trim_matches('*'));
            match (pattern.starts_with('*'), pattern.ends_with('*')) {
                (false, false) => heading == bare,
                (true, false) => heading.ends_with(&bare),
                (false, true) => heading.starts_with(&bare),
                (true, true) => heading.contains(&bare),
            }
        })
    }
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
