//! The parts of the files under `codes/`, as they are written.

use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::model::{ClientAction, Date, Decision, Facts, Ident, Kind, Limits, Ours, Reconnect, Repr, Source};
use crate::text::{Place, SourceFile, Text};

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
    /// The place of what is above the rows.
    pub place: Place,
}

/// One `[[code]]`.
#[derive(Clone, Debug)]
pub struct RawRow {
    /// What the document says.
    pub facts: Facts,
    /// What the authors decided, for codes of all kinds.
    pub ours: Ours,
    /// What the authors decided, depending on the kind.
    pub decision: Decision,
    /// Its position among the rows of the file, for the editor.
    pub position: usize,
    /// Where it is.
    pub place: Place,
}

/// The keys of a row.
#[derive(Debug, Deserialize)]
pub(super) struct RowKeys {
    #[serde(flatten)]
    pub(super) facts: Facts,
    #[serde(flatten)]
    pub(super) ours: Ours,
    #[serde(flatten)]
    pub(super) decision: Decision,
}

/// What is above the rows.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
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
    /// The page that it was read from: one of `sources.toml` by its name, or one of its own.
    pub source: PageOf,
    /// What a table of close codes answers where none of its codes does.
    #[serde(default)]
    pub reconnect: Option<Reconnect>,
    /// How much a client may do on the connection: of tables of close codes.
    #[serde(default)]
    pub limits: Option<Limits>,
}

/// The page that a table was read from, as a table says it.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum PageOf {
    /// The name of a page in `sources.toml` of the edition.
    Named(Text),
    /// A page that no other table was read from.
    Own(Source),
}

/// `sources.toml` of an edition, as far as it could be read: the pages that its tables were read from.
#[derive(Clone, Debug)]
pub struct SourcesFile {
    /// The edition: `<system>/<edition>`.
    pub edition: String,
    /// The text and its path.
    pub source: Arc<SourceFile>,
    /// The pages that fit, by their names, each with its place.
    pub pages: Vec<(String, Place, Source)>,
    /// The names of the pages that do not fit, which has been reported.
    pub broken: Vec<String>,
}

impl SourcesFile {
    /// The page of a name.
    #[must_use]
    pub fn page(&self, name: &str) -> Option<&Source> {
        self.pages.iter().find(|(known, ..)| known == name).map(|(.., source)| source)
    }
}

impl PageOf {
    /// The page, with what `sources.toml` says of it. Nothing for a name that is not there.
    #[must_use]
    pub fn resolve<'a>(&'a self, sources: Option<&'a SourcesFile>) -> Option<&'a Source> {
        match self {
            Self::Own(source) => Some(source),
            Self::Named(name) => sources?.page(name),
        }
    }

    /// The name in `sources.toml`.
    #[must_use]
    pub fn name(&self) -> Option<&Text> {
        if let Self::Named(name) = self { Some(name) } else { None }
    }
}

/// The file of a system's clients, as far as it could be read.
#[derive(Clone, Debug)]
pub struct ClientsFile {
    /// The system's name.
    pub system: String,
    /// The text and its path.
    pub source: Arc<SourceFile>,
    /// The clients that fit, each with its place.
    pub clients: Vec<(Place, Client)>,
}

/// What one real client does, as its source was read.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
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
    /// The date of that version, where known: for readers of the file.
    #[serde(default)]
    #[allow(dead_code, reason = "nothing is printed from it yet")]
    pub date: Option<Date>,
    /// What it does, table by table.
    #[serde(default)]
    pub table: Vec<ClientTable>,
}

/// What a client does after the codes of one table.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
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

/// The identity of the generated crate: `crate.toml`.
#[derive(Clone, Debug, Deserialize, JsonSchema)]
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
