//! What an import did: what the pages say, what differs, what is to review, and the texts to write.

use std::path::Path;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Serialize;

use super::options::Options;
use super::target::PassedOver;
use crate::diff::Comparison;
use crate::model::{Date, Facts, Number};
use crate::output::write_texts;
use crate::read::Page;
use crate::text::{SourceFile, Span};

/// What an import did, or would do.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// The edition.
    pub edition: String,
    /// The files of the pages.
    pub pages: Vec<String>,
    /// The date of the pages, if it was given.
    pub date: Option<Date>,
    /// The revision of the pages, if it was given.
    pub revision: Option<String>,
    /// The tables that were found, in the order of the pages.
    pub tables: Vec<TableReport>,
    /// The tables of the pages that go nowhere.
    pub passed_over: Vec<PassedOver>,
    /// Those of them that `ignore` of a new page names.
    pub ignored: Vec<PassedOver>,
    /// What differs between the tables before and after.
    pub comparison: Comparison,
    /// What is to review.
    pub review: Vec<Review>,
    /// The texts to write.
    pub written: Vec<WrittenTable>,
}

/// The new text of a table.
#[derive(Clone, Debug)]
pub struct WrittenTable {
    /// Its path below the folder of tables.
    pub path: String,
    /// Its text before; nothing for a new table.
    pub before: Option<Arc<SourceFile>>,
    /// Its text now.
    pub text: String,
}

/// What a page says of one table.
#[derive(Clone, Debug, Default, Serialize, JsonSchema)]
pub struct TableReport {
    /// Its file, without `.toml`.
    pub table: String,
    /// The heading on the page.
    pub heading: String,
    /// Whether it lost too many rows to be written.
    #[serde(skip)]
    pub is_refused: bool,
    /// What the page says, in its order.
    pub codes: Vec<PageCode>,
}

/// A code of a page, with its other names.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct PageCode {
    /// What the page says.
    #[serde(flatten)]
    pub facts: Facts,
    /// Its other names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The line of the page.
    pub line: usize,
}

/// What is to review of one code.
#[derive(Clone, Debug)]
pub struct Review {
    /// Why.
    pub rule: &'static str,
    /// The file of its table, without `.toml`.
    pub table: String,
    /// The number of the code.
    pub number: Number,
    /// What happened, and what was done.
    pub message: String,
    /// The place on the page, or in the table.
    pub span: Span,
}

impl Imported {
    pub(super) fn new(pages: &[Page], options: &Options) -> Self {
        Self {
            edition: options.edition.clone(),
            pages: pages.iter().map(|page| page.source.path.clone()).collect(),
            date: options.date,
            revision: options.revision.clone(),
            ..Self::default()
        }
    }

    /// Writes the new texts, or none of them, where a table was changed since it was read.
    ///
    /// # Errors
    ///
    /// If a file cannot be written, or was changed: a sentence that says so.
    pub fn write(&self, codes: &Path) -> Result<(), String> {
        let before = |table: &WrittenTable| table.before.as_ref().map(|before| before.text.clone());
        write_texts(codes, self.written.iter().map(|table| (table.path.clone(), before(table), table.text.clone())))
    }
}
