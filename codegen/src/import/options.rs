//! How to import, as it is asked for.

use std::collections::BTreeMap;
use std::str::FromStr;

use crate::model::{Date, Kind, Number, fault_of_module};
use crate::text::{key_word, quoted, quoted_list};

/// A table of a page that is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// Its heading.
    pub heading: String,
    /// The file that it goes to, without `.toml`.
    pub file: String,
    /// The kind of its codes, where it is said.
    pub kind: Option<Kind>,
    /// The header of its codes, where it is said.
    pub code: Option<String>,
    /// The header of its names, where it is said.
    pub name: Option<String>,
}

impl FromStr for Wanted {
    type Err = String;

    /// Reads `Heading=file`, and behind it `,kind=…`, `,code=…` and `,name=…`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut wanted = Self { heading: String::new(), file: String::new(), kind: None, code: None, name: None };
        let mut rest = text;
        while let Some((before, (key, value))) = rest.rsplit_once(',').and_then(|(rest, key)| Some((rest, key.split_once('=')?)))
        {
            // A heading may have a comma, too.
            if !before.contains('=') {
                break;
            }
            match key.trim() {
                "kind" => wanted.kind = Some(kind(value.trim())?),
                "code" => wanted.code = Some(value.trim().to_owned()),
                "name" => wanted.name = Some(value.trim().to_owned()),
                other => return Err(format!("{} is not `kind`, `code` or `name`", quoted(other))),
            }
            rest = before;
        }
        let (heading, file) = rest.rsplit_once('=').ok_or("write `Heading=file`, such as `RPC Opcodes=rpc-opcodes`")?;
        let file = file.trim_end_matches(".toml");
        let underscore = file.contains('_').then_some("contains an underscore");
        match fault_of_module(&file.replace('-', "_")).or(underscore) {
            Some(fault) => Err(format!("the name of the file {fault}; write it like `gateway-opcodes`")),
            None => Ok(Self { heading: heading.trim().to_owned(), file: file.to_owned(), ..wanted }),
        }
    }
}

fn kind(word: &str) -> Result<Kind, String> {
    let kinds = || Kind::ALL.iter().copied().map(|kind| (key_word(kind), kind));
    let names: Vec<String> = kinds().map(|(name, _)| name).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let found = kinds().find(|(name, _)| name == word).map(|(_, kind)| kind);
    found.ok_or_else(|| format!("{} is no kind; write {}", quoted(word), quoted_list(&names, "or")))
}

/// How to import.
#[derive(Clone, Debug)]
pub struct Options {
    /// The edition: `<system>/<edition>`.
    pub edition: String,
    /// The edition to take decisions from where a table is new.
    pub like: Option<String>,
    /// Tables to take.
    pub take: Vec<Wanted>,
    /// The tables that the pages document, without `.toml`; all of the edition if it is empty.
    pub tables: Vec<String>,
    /// The date of the pages.
    pub date: Option<Date>,
    /// The revision of the pages.
    pub revision: Option<String>,
    /// Which page of the edition it is, by its name in `sources.toml`, where that is said.
    pub source: Option<String>,
    /// The repository of the pages, and the path in it.
    pub repository: Option<(String, String)>,
    /// The sentences of the page that the tables were read from, where it is known: by heading, as
    /// `normalized_name` has it, and number. They are only printed.
    pub former_sentences: BTreeMap<(String, Number), String>,
    /// Since when the page has each code that is new, where its history is known: by heading and number, as above.
    pub first_listed: BTreeMap<(String, Number), Date>,
    /// The date to write where a change needs one and none was given.
    pub today: Date,
    /// Tables that may lose many rows, without `.toml`: these, or all if none is named.
    pub accept_removals: Option<Vec<String>>,
    /// Whether rows that left the pages are deleted instead of marked as removed.
    pub prune: bool,
    /// Whether pages may be older than the tables.
    pub allow_older: bool,
    /// Whether a given date and revision are written where nothing else changed.
    pub stamp_unchanged: bool,
}

impl Options {
    /// Reads the name of an edition.
    ///
    /// # Errors
    ///
    /// If it is none: how to write one.
    pub fn edition(text: &str) -> Result<String, String> {
        match text.split_once('/') {
            Some((system, edition)) if [system, edition].iter().all(|name| fault_of_module(name).is_none()) => {
                Ok(text.to_owned())
            }
            _ => {
                Err("write a system and an edition, such as discord/v10, in lower-case letters, digits and underscores"
                    .to_owned())
            }
        }
    }

    pub(super) fn accepts_all_removals(&self) -> bool {
        self.accept_removals.as_ref().is_some_and(Vec::is_empty)
    }

    pub(super) fn accepts_removals(&self, file: &str) -> bool {
        self.accept_removals.as_ref().is_some_and(|files| files.is_empty() || files.iter().any(|accepted| accepted == file))
    }

    /// The usual way to import into an edition.
    #[must_use]
    pub fn new(edition: impl Into<String>, today: Date) -> Self {
        Self {
            edition: edition.into(),
            like: None,
            take: Vec::new(),
            tables: Vec::new(),
            date: None,
            revision: None,
            source: None,
            repository: None,
            former_sentences: BTreeMap::new(),
            first_listed: BTreeMap::new(),
            today,
            accept_removals: None,
            prune: false,
            allow_older: false,
            stamp_unchanged: true,
        }
    }
}

/// The part of a table's rows that may leave at once: beyond a fifth, the page is more likely broken.
pub(super) const LARGEST_LOSS: usize = 5;

/// As many rows may leave a table of any size.
pub(super) const SMALLEST_LOSS: usize = 3;
