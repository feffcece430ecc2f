//! What the tables say, valid by construction.
//!
//! Only `read::lower` builds these values. Whoever has a [`Registry`] may rely on it: identifiers are unique and free to use,
//! numbers fit their type, every close code has a policy, every reference leads somewhere. Rendering it cannot fail.

mod answers;
mod bump;
mod clients;
mod date;
mod facts;
mod group;
mod header;
mod ident;
mod key;
mod limits;
mod ours;
mod policy;
pub mod reserved;
mod row;
mod written;

pub use answers::CloseAnswers;
pub use bump::Bump;
pub use clients::{Client, ClientAction, ClientActions, ClientVotes, Compared, thousands};
pub use date::Date;
pub use facts::{Action, Direction, Facts, Fingerprint, Format, Key, Number, Status};
pub use group::{Fault, Group, Retry};
pub use header::{Kind, Repr, Source, TablePath};
pub use ident::{Ident, fault_of_module};
pub use key::{FromCell, Meaning, Page, Value};
pub use limits::{Limit, Limits};
pub use ours::{Decision, NewSessionBy, Ours, Reconnect, Sent};
pub use policy::{Basis, Despite, Policy, Unless, Wait};
pub use row::{Effect, Ending, Response, Row, Variant};

use crate::text::{Diagnostic, Place, Text, did_you_mean, quoted};

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

    /// What to say where no edition has a name.
    pub(crate) fn no_edition(&self, name: &str) -> Diagnostic {
        let editions: Vec<String> = self.editions().map(Edition::path).collect();
        Diagnostic::error("no-such-edition", format!("no edition is called {}", quoted(name)))
            .help_if(did_you_mean(name, editions.iter().map(String::as_str)))
            .help(format!("the editions are {}", editions.join(", ")))
    }

    /// The newest edition of each system, those with the most codes first, and then the older ones, which are history.
    #[must_use]
    pub fn current_and_older(&self) -> [Vec<&Edition>; 2] {
        let mut systems: Vec<&System> = self.systems.iter().collect();
        let size = |edition: &Edition| edition.tables.iter().map(|table| table.variants().count()).sum::<usize>();
        systems.sort_by_key(|system| std::cmp::Reverse(system.editions.last().map(size)));
        let current = systems.iter().filter_map(|system| system.editions.last());
        let older = systems.iter().flat_map(|system| system.editions.iter().rev().skip(1));
        [current.collect(), older.collect()]
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
#[derive(Clone, Debug, Default)]
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
    /// Its front page, if the authors wrote one.
    pub readme: Option<String>,
    /// The text that names the documents, if the authors wrote one.
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

    /// The pages that its tables were read from, each once.
    #[must_use]
    pub fn sources(&self) -> Vec<&Source> {
        let mut sources: Vec<&Source> = Vec::new();
        for source in self.tables.iter().flat_map(|table| table.source.iter().chain(table.further.iter().map(|(_, page)| page))) {
            if !sources.contains(&source) {
                sources.push(source);
            }
        }
        sources
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
    /// The kind of its codes. It decides which effect its rows have.
    pub kind: Kind,
    /// The type of its numbers.
    pub repr: Repr,
    /// What its codes say, in our own words.
    pub summary: Text,
    /// Lint rules that do not apply to it.
    pub allow: Vec<Text>,
    /// The page that it was read from. Nothing where only its name is known, as of a table file without its edition.
    pub source: Option<Source>,
    /// The name of that page in the edition, if other tables may be read from it too.
    pub page: Option<Text>,
    /// The further pages that list some of its rows, by their names.
    pub further: Vec<(Text, Source)>,
    /// Its rows: the codes in numeric order, then the ranges.
    pub rows: Vec<Row>,
    /// Removed codes whose number another code has now. They have no variant and no effect.
    pub recycled: Vec<Row>,
    /// What it answers where none of its rows does: of close codes, and of no other kind.
    pub fallback: Option<Box<Fallback>>,
    /// Where it is.
    pub place: Place,
}

impl Table {
    /// The codes, which are the variants of the enum, in numeric order.
    pub fn variants(&self) -> impl Iterator<Item = Variant<'_>> {
        self.rows.iter().filter_map(Row::variant)
    }

    /// The ranges, in numeric order.
    pub fn ranges(&self) -> &[Row] {
        &self.rows[self.rows.partition_point(|row| !row.is_range())..]
    }

    /// The row of a code.
    #[must_use]
    pub fn code(&self, number: u32) -> Option<&Row> {
        let codes = &self.rows[..self.rows.partition_point(|row| !row.is_range())];
        codes.get(codes.binary_search_by_key(&number, Row::first).ok()?)
    }

    /// The range that has a number.
    #[must_use]
    pub fn range(&self, number: u32) -> Option<&Row> {
        self.ranges().iter().find(|range| range.has(number))
    }

    /// The row that answers for a number: that of the code, or else the range.
    #[must_use]
    pub fn row_for(&self, number: u32) -> Option<&Row> {
        self.code(number).or_else(|| self.range(number))
    }

    /// The page that lists a row.
    #[must_use]
    pub fn source_of(&self, row: &Row) -> Option<&Source> {
        let Some(name) = &row.facts.source else { return self.source.as_ref() };
        self.further.iter().find(|(known, _)| known == name).map(|(_, source)| source)
    }

    /// Whether both were read from a page of one name, as other tables may be: it is compared once for all of them.
    #[must_use]
    pub fn shares_page(&self, other: &Self) -> bool {
        self.page.is_some() && self.page == other.page
    }

    /// All rows, those of recycled codes too.
    pub fn all_rows(&self) -> impl Iterator<Item = &Row> {
        self.rows.iter().chain(&self.recycled)
    }

    /// The path of its enum in Rust, below the crate.
    #[must_use]
    pub fn rust_path(&self) -> String {
        format!("{}::{}::{}", self.path.system, self.path.edition, self.enum_name)
    }
}

/// What a table of close codes answers where none of its rows does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// The answers for the table as a whole.
    pub reconnect: Reconnect,
    /// How much a client may do on the connection.
    pub limits: Limits,
    /// The table to ask before the answer to unknown codes.
    pub extends: Option<TablePath>,
    /// The clients to compare the policies with: their system, and the file of the codes there.
    pub clients: (String, String),
}
