//! The account of an import: what changed, and what needs a person. Typed data; printing is done elsewhere.

use std::collections::HashMap;
use std::sync::Arc;

use serde::Serialize;

use super::{Options, PassedOver};
use crate::date::Date;
use crate::diagnostic::Diagnostic;
use crate::fact_change::FactChange;
use crate::facts::{Facts, Fingerprint, Number};
use crate::import::page::Page;
use crate::source::{SourceFile, Span};
use crate::text::normalized_name;

/// What an import did, or would do.
#[derive(Clone, Debug, Serialize)]
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
    /// The texts to write.
    #[serde(skip)]
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

/// What happened to one table.
#[derive(Clone, Debug, Serialize)]
pub struct TableReport {
    /// Its file, without `.toml`.
    pub table: String,
    /// The heading on the page.
    pub heading: String,
    /// Whether it is a new table.
    pub is_new: bool,
    /// Whether it lost too many rows to be written.
    pub is_refused: bool,
    /// What the page says, in its order.
    pub codes: Vec<PageCode>,
    /// What is different from the table.
    pub changes: Vec<CodeChange>,
    /// What a person has to decide.
    pub needs: Vec<Need>,
    /// Whether a policy was proposed.
    #[serde(skip)]
    pub proposes_policies: bool,
}

/// A code of a page, with its other names.
#[derive(Clone, Debug, Serialize)]
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

/// What is different about one code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "change", rename_all = "kebab-case")]
pub enum CodeChange {
    /// It is new.
    Added {
        /// Its number.
        number: Number,
        /// Its name.
        name: String,
        /// The proposed identifier; a range has none.
        ident: Option<String>,
        /// The fingerprint of its sentence.
        text: Option<Fingerprint>,
    },
    /// It is no longer documented.
    Removed {
        /// Its number.
        number: Number,
        /// Its name.
        name: String,
        /// Whether the page strikes it through; otherwise it left the page.
        struck: bool,
        /// Whether its row was deleted.
        deleted: bool,
        /// The fingerprint of its sentence.
        text: Option<Fingerprint>,
    },
    /// It is documented again.
    Restored {
        /// Its number.
        number: Number,
        /// Its name.
        name: String,
    },
    /// The page says something else of it.
    Changed {
        /// Its number.
        number: Number,
        /// Its name.
        name: String,
        /// What differs.
        facts: Vec<FactChange>,
    },
}

/// What a person has to decide about one code.
#[derive(Clone, Debug, Serialize)]
pub struct Need {
    /// Why.
    pub kind: NeedKind,
    /// The number of the code.
    pub number: Number,
    /// The file of its table, without `.toml`.
    pub table: String,
    /// What happened, and what was done.
    pub message: String,
    /// The place on the page, or in the table.
    #[serde(skip)]
    pub span: Span,
}

/// Why a code needs a person, the most urgent first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum NeedKind {
    /// The page says to do something else than the policy.
    Policy,
    /// Another fact that clients act on changed.
    Fact,
    /// The name changed.
    Renamed,
    /// The code looks renumbered, or moved to another table.
    Moved,
    /// The code left the page, or was struck through.
    Left,
    /// The code is documented again.
    Restored,
    /// The code is new.
    New,
    /// A number has another name.
    Alias,
    /// The sentence changed.
    Reworded,
}

impl NeedKind {
    /// The name of the rule under which it is reported.
    #[must_use]
    pub fn rule(self) -> &'static str {
        match self {
            Self::Policy => "policy-contradicted",
            Self::Fact => "fact-changed",
            Self::Renamed => "renamed",
            Self::Moved => "looks-moved",
            Self::Left => "left-the-page",
            Self::Restored => "restored",
            Self::New => "new-code",
            Self::Alias => "new-alias",
            Self::Reworded => "reworded",
        }
    }
}

impl Imported {
    pub(super) fn new(pages: &[Page], options: &Options) -> Self {
        Self {
            edition: options.edition.clone(),
            pages: pages.iter().map(|page| page.source.path.clone()).collect(),
            date: options.date,
            revision: options.revision.clone(),
            tables: Vec::new(),
            passed_over: Vec::new(),
            written: Vec::new(),
        }
    }

    /// Whether a policy was proposed for a new code or a new table.
    pub(super) fn proposes_policies(&self) -> bool {
        self.tables.iter().any(|table| table.proposes_policies)
    }

    /// Whether the tables say what the pages say.
    #[must_use]
    pub fn is_up_to_date(&self) -> bool {
        let is_same = |table: &TableReport| table.changes.is_empty() && table.needs.is_empty() && !table.is_refused;
        !self.tables.is_empty() && self.written.is_empty() && self.tables.iter().all(is_same)
    }

    /// The part of the version of the generated crate that has to change, if it has to.
    #[must_use]
    pub fn bump(&self) -> Option<&'static str> {
        let changes = || self.tables.iter().flat_map(|table| &table.changes);
        if changes().any(|change| matches!(change, CodeChange::Removed { deleted: true, .. })) {
            Some("major")
        } else if changes().any(|change| !matches!(change, CodeChange::Changed { .. }))
            || self.tables.iter().any(|table| table.is_new)
        {
            Some("minor")
        } else {
            (!self.written.is_empty()).then_some("patch")
        }
    }

    /// Everything that needs a person, the most urgent first.
    #[must_use]
    pub fn needs(&self) -> Vec<&Need> {
        let mut needs: Vec<&Need> = self.tables.iter().flat_map(|table| &table.needs).collect();
        needs.sort_by_key(|need| need.kind);
        needs
    }

    /// The same as warnings, for programs that read diagnostics.
    #[must_use]
    pub fn warnings(&self) -> Vec<Diagnostic> {
        let warning = |need: &Need| {
            Diagnostic::warning(need.kind.rule(), format!("{} of `{}`: {}", need.number, need.table, need.message))
                .at(&need.span, "here")
        };
        self.needs().into_iter().map(warning).collect()
    }

    /// Codes that left one place and came to another look renumbered or moved: equal in name and sentence.
    pub(super) fn find_moves(&mut self) {
        let has_left = |change: &CodeChange| matches!(change, CodeChange::Removed { struck: false, .. });
        if !self.tables.iter().flat_map(|table| &table.changes).any(has_left) {
            return;
        }
        let mut added: HashMap<(String, Option<Fingerprint>), (Number, String)> = HashMap::new();
        for table in &self.tables {
            for change in &table.changes {
                if let CodeChange::Added { number, name, text, .. } = change {
                    added.insert((normalized_name(name), text.clone()), (*number, table.table.clone()));
                }
            }
        }
        for table in &mut self.tables {
            for change in &table.changes {
                let CodeChange::Removed { number, name, text, struck: false, .. } = change else { continue };
                let Some((new, file)) = added.get(&(normalized_name(name), text.clone())) else { continue };
                let need = table.needs.iter_mut().find(|need| need.number == *number && need.kind == NeedKind::Left);
                let Some(need) = need else { continue };
                need.kind = NeedKind::Moved;
                let looks = if *file == table.table {
                    format!("looks renumbered: {new} has its name and sentence")
                } else {
                    format!("looks moved: {new} of `{file}` has its name and sentence")
                };
                need.message = format!("{looks}; {}", need.message);
            }
        }
    }
}
