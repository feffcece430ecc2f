//! What the tables say, valid by construction.
//!
//! Only [`lower`](crate::lower) builds these values. Whoever has a [`Registry`] may rely on it: identifiers are unique and free
//! to use, numbers fit their type, every close code has a policy, every reference leads somewhere. Rendering it cannot fail.

use std::collections::BTreeMap;

use crate::facts::{Action, Facts};
use crate::folder::TablePath;
use crate::ident::Ident;
use crate::limits::Limits;
use crate::ours::{Ours, Policy, Reconnect};
use crate::table::{ClientAction, Place, Repr, Source};
use crate::text::Text;

/// All systems, in the order of their names, and the identity of the generated crate.
#[derive(Clone, Debug)]
pub struct Registry {
    /// The identity of the generated crate.
    pub package: Package,
    /// The systems.
    pub systems: Vec<System>,
}

impl Registry {
    /// All editions, system by system.
    pub fn editions(&self) -> impl Iterator<Item = &Edition> {
        self.systems.iter().flat_map(|system| &system.editions)
    }

    /// All tables, edition by edition.
    pub fn tables(&self) -> impl Iterator<Item = &Table> {
        self.editions().flat_map(|edition| &edition.tables)
    }

    /// The table at a path.
    #[must_use]
    pub fn table(&self, path: &TablePath) -> Option<&Table> {
        self.tables().find(|table| table.path == *path)
    }
}

/// The identity of the generated crate.
#[derive(Clone, Debug)]
pub struct Package {
    /// The name of the package.
    pub name: String,
    /// Its version.
    pub version: String,
    /// What it is, in a sentence.
    pub description: String,
    /// Its licence, as an SPDX expression.
    pub license: String,
    /// Where its source is.
    pub repository: Option<String>,
    /// Where it is presented.
    pub homepage: Option<String>,
    /// Words to find it by.
    pub keywords: Vec<String>,
    /// Categories of crates.io.
    pub categories: Vec<String>,
    /// Its authors.
    pub authors: Vec<String>,
    /// Its front page, if people wrote one.
    pub readme: Option<String>,
    /// The text that names the documents, if people wrote one.
    pub notice: Option<String>,
}

impl Package {
    /// The name of the library in Rust.
    #[must_use]
    pub fn library(&self) -> String {
        self.name.replace('-', "_")
    }
}

/// What documents its codes as one: a chat service, a library, a protocol.
#[derive(Clone, Debug)]
pub struct System {
    /// The name of its folder and module.
    pub name: String,
    /// Its editions. Numbers in their names count as numbers: `v9` comes before `v10`.
    pub editions: Vec<Edition>,
    /// What real clients do after its codes.
    pub clients: Vec<Client>,
}

/// One state of a system's documentation that users may rely on, such as an API version.
#[derive(Clone, Debug)]
pub struct Edition {
    /// The system's name.
    pub system: String,
    /// The name of its folder and module.
    pub name: String,
    /// Its tables, in the order of their file names.
    pub tables: Vec<Table>,
}

impl Edition {
    /// Its path under the folder of tables, such as `chat/v10`.
    #[must_use]
    pub fn path(&self) -> String {
        format!("{}/{}", self.system, self.name)
    }
}

/// One table of codes.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its path.
    pub path: TablePath,
    /// The title, as documented.
    pub title: Text,
    /// Other headings that mean this table.
    pub headings: Vec<Text>,
    /// The name of its enum.
    pub enum_name: Ident,
    /// The type of its numbers.
    pub repr: Repr,
    /// What its codes say, in our own words.
    pub summary: Text,
    /// Lint rules that do not apply to it.
    pub allow: Vec<Text>,
    /// The document.
    pub source: Source,
    /// Its codes.
    pub codes: Codes,
    /// Removed codes whose number another code has now. They have no variant.
    pub recycled: Vec<Variant>,
    /// Where it is.
    pub place: Place,
}

/// The codes of a table, with what only tables of its kind have. Codes are in numeric order.
#[derive(Clone, Debug)]
#[allow(clippy::enum_variant_names, reason = "close codes are called so everywhere")]
pub enum Codes {
    /// What a message is.
    Opcodes(Vec<Code<Option<Ending>>>),
    /// Why a connection ended.
    CloseCodes(Box<CloseCodes>),
    /// How a request ended.
    Responses(Responses),
}

impl Codes {
    /// What all codes have in common.
    pub fn variants(&self) -> Box<dyn Iterator<Item = &Variant> + '_> {
        match self {
            Self::Opcodes(codes) => Box::new(codes.iter().map(|code| &code.variant)),
            Self::CloseCodes(close) => Box::new(close.codes.iter().map(|code| &code.variant)),
            Self::Responses(responses) => Box::new(responses.codes.iter().map(|code| &code.variant)),
        }
    }

    /// What people call one code.
    #[must_use]
    pub fn noun(&self) -> &'static str {
        match self {
            Self::Opcodes(_) => "opcode",
            Self::CloseCodes(_) => "close code",
            Self::Responses(Responses { class: Class::Status, .. }) => "status code",
            Self::Responses(Responses { class: Class::Error, .. }) => "error code",
        }
    }
}

/// The codes of a table of close codes, and its answers where none of its codes has one.
#[derive(Clone, Debug)]
pub struct CloseCodes {
    /// The codes, each with its policy.
    pub codes: Vec<Code<Policy>>,
    /// The ranges, each with its policy.
    pub ranges: Vec<Range<Policy>>,
    /// The answers for the table as a whole.
    pub reconnect: Reconnect,
    /// How much a client may do on the connection.
    pub limits: Limits,
    /// The table to ask before the answer to unknown codes.
    pub extends: Option<TablePath>,
    /// The clients to compare the policies with: their system, and the file of the codes there.
    pub clients: (String, String),
}

/// The codes of a table of status codes or error codes.
#[derive(Clone, Debug)]
pub struct Responses {
    /// Which of the two.
    pub class: Class,
    /// The codes. `true`: the request may be sent again after a wait.
    pub codes: Vec<Code<bool>>,
    /// The ranges. `true`: the request may be sent again after a wait.
    pub ranges: Vec<Range<bool>>,
}

/// What a table of responses lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Status codes: also of requests that succeeded.
    Status,
    /// Error codes.
    Error,
}

/// A code, with what only codes of its kind have.
#[derive(Clone, Debug)]
pub struct Code<D> {
    /// What all codes have.
    pub variant: Variant,
    /// What people decided about it.
    pub decision: D,
}

/// What all codes have: each is a variant of its table's enum.
#[derive(Clone, Debug)]
pub struct Variant {
    /// Its number.
    pub number: u32,
    /// The name of the variant.
    pub ident: Ident,
    /// What the document says.
    pub facts: Facts,
    /// What people decided.
    pub ours: Ours,
    /// Where its row is.
    pub place: Place,
}

impl Variant {
    /// What the code means: our summary, or else the documented name.
    #[must_use]
    pub fn meaning(&self) -> &str {
        self.ours.summary.as_ref().unwrap_or(&self.facts.name)
    }

    /// Other and former identifiers.
    pub fn other_idents(&self) -> impl Iterator<Item = &Ident> {
        self.ours.aliases.iter().chain(&self.ours.renamed_from)
    }
}

/// Numbers that share a meaning and have no variant.
#[derive(Clone, Debug)]
pub struct Range<D> {
    /// The first number.
    pub first: u32,
    /// The last number.
    pub last: u32,
    /// What the document says.
    pub facts: Facts,
    /// What people decided.
    pub ours: Ours,
    /// What people decided, depending on the kind.
    pub decision: D,
    /// Where its row is.
    pub place: Place,
}

impl<D> Range<D> {
    /// What the numbers mean: our summary, or else the documented name.
    #[must_use]
    pub fn meaning(&self) -> &str {
        self.ours.summary.as_ref().unwrap_or(&self.facts.name)
    }
}

/// What to do after an opcode that ends the connection or the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// When the session can be resumed, or the message does not say.
    pub resumable: Policy,
    /// When the message says that it cannot.
    pub lost: Policy,
}

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
