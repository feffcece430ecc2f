//! How to import, as it is asked for.

use std::collections::BTreeMap;

use crate::model::{Date, Number, fault_of_module};

/// How to import.
#[derive(Clone, Debug)]
pub struct Options {
    /// The edition: `<system>/<edition>`.
    pub edition: String,
    /// The edition to take decisions from where a table is new.
    pub like: Option<String>,
    /// Tables to take: a heading of the page, and the file without `.toml`.
    pub take: Vec<(String, String)>,
    /// The tables that the pages document, without `.toml`; all of the edition if it is empty.
    pub tables: Vec<String>,
    /// The date of the pages.
    pub date: Option<Date>,
    /// The revision of the pages.
    pub revision: Option<String>,
    /// The repository of the pages, and the path in it.
    pub repository: Option<(String, String)>,
    /// The sentences of the page that the tables were read from, where it is known: by heading, as
    /// `normalized_name` has it, and number. They are only printed.
    pub former_sentences: BTreeMap<(String, Number), String>,
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

    /// Reads the heading and the file of a table to take.
    ///
    /// # Errors
    ///
    /// If it is none: how to write one.
    pub fn table(text: &str) -> Result<(String, String), String> {
        let (heading, file) = text.rsplit_once('=').ok_or("write `Heading=file`, such as `RPC Opcodes=rpc-opcodes`")?;
        let file = file.trim_end_matches(".toml");
        let underscore = file.contains('_').then_some("contains an underscore");
        match fault_of_module(&file.replace('-', "_")).or(underscore) {
            Some(fault) => Err(format!("the name of the file {fault}; write it like `gateway-opcodes`")),
            None => Ok((heading.trim().to_owned(), file.to_owned())),
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
            repository: None,
            former_sentences: BTreeMap::new(),
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
