//! One difference, as data: what it is, with typed values before and after; printers render it and waivers hash it.

use schemars::JsonSchema;
use serde::Serialize;

use super::answers::Asked;
use super::api::Item;
use super::bump::Bump;
use crate::facts::{Action, Direction, Fingerprint, Format, Number};
use crate::ours::{Opener, Policy};
use crate::source::Span;
use crate::text::short_digest;

/// What differs.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "`old` is the value before, `new` the value after")]
pub enum Change {
    /// The answer to what to do differs: clients act differently.
    Policy { asked: Asked, old: Option<Policy>, new: Option<Policy> },
    /// Whether a request may be sent again differs. Nothing: there is no such code or range.
    Retry { numbers: [u32; 2], old: Option<bool>, new: Option<bool> },
    /// How much a client may do on the connection differs, or who opens a new session.
    Limits { old: ConnectionRules, new: ConnectionRules },
    /// The documented column on whether to reconnect differs.
    Reconnect { old: Option<bool>, new: Option<bool> },
    /// The documented column on whether the session can be resumed differs.
    Resume { old: Option<bool>, new: Option<bool> },
    /// What the documented sentence says to do differs.
    Advice { old: Option<Action>, new: Option<Action>, old_sentence: Option<String>, new_sentence: Option<String> },
    /// The crate has another name.
    PackageRenamed { old: String, new: String },
    /// An edition was removed, with all its tables.
    EditionRemoved { tables: usize },
    /// A table was removed, with its enum.
    TableRemoved { codes: usize },
    /// The enum of a table has another name.
    EnumRenamed { old: String, new: String },
    /// A table has codes of another kind. Status codes and error codes have the same methods.
    KindChanged { old: String, new: String, has_other_methods: bool },
    /// The numbers of a table have another type.
    Repr { old: String, new: String },
    /// The row of a code was removed.
    Removed { name: String },
    /// The number was given to another code.
    Recycled { name: String, new: String },
    /// A code has another number.
    Renumbered { old: Number, new: Number },
    /// A range has other bounds, or became a single code, or the other way round.
    RangeChanged { old: Number, new: Number },
    /// A code is in another table.
    Moved { old: String, new: String },
    /// The variant has another name.
    IdentRenamed { old: String, new: String },
    /// The number means something else: it has another name and another sentence, or the name of another code.
    Redefined {
        old: String,
        new: String,
        old_sentence: Option<String>,
        new_sentence: Option<String>,
        name_was_of: Option<Number>,
    },
    /// Another public item was added, removed or changed, such as the constant of an alias.
    Item { name: String, old: Option<Item>, new: Option<Item> },
    /// An edition was added.
    EditionAdded { tables: usize },
    /// A table was added.
    TableAdded { codes: usize },
    /// A code was added.
    Added { name: String },
    /// The document no longer lists a code; its variant stays, deprecated.
    StruckOut { was_deprecated: bool },
    /// The document lists a code again.
    Restored { is_deprecated: bool },
    /// The document calls a code deprecated.
    Deprecated,
    /// The document no longer calls a code deprecated.
    Undeprecated,
    /// The documented name differs; the identifier stays.
    Renamed { old: String, new: String },
    /// Who sends an opcode differs.
    Direction { old: Option<Direction>, new: Option<Direction> },
    /// How a payload is encoded differs.
    Format { old: Option<Format>, new: Option<Format> },
    /// It cannot be said whether a code was added or removed: rows of the other side could not be read.
    CannotTell { name: String, unreadable: usize },
    /// The file of a table has another name.
    FileRenamed { old: String, new: String },
    /// The documented sentence differs.
    Reworded { old: Option<Fingerprint>, new: Option<Fingerprint>, old_sentence: Option<String>, new_sentence: Option<String> },
    /// The words or the basis of an answer differ, and what to do does not.
    Reason { asked: Asked, old: Option<Policy>, new: Option<Policy> },
    /// The documented name differs in case, punctuation or markup only.
    Restyled { old: String, new: String },
    /// Our summary of a code differs.
    Summary { old: Option<String>, new: Option<String> },
    /// Our remark on a code differs.
    Note { old: Option<String>, new: Option<String> },
    /// The date since which or until which a code is listed differs.
    Listed { old_since: Option<String>, new_since: Option<String>, old_until: Option<String>, new_until: Option<String> },
    /// The title of a table differs.
    Retitled { old: String, new: String },
    /// Our summary of a table differs.
    TableSummary { old: String, new: String },
    /// The document of a table differs, or its date or revision.
    Source { old: String, new: String },
    /// Texts of the crate differ that belong to no table: its description, its front page, the comparison with clients.
    Docs { what: String },
}

/// What a client may do on a connection: the constants `LIMITS` and `OPENER` of the crate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ConnectionRules {
    /// How many new sessions a client may start in 24 hours.
    pub identifies_per_day: Option<u32>,
    /// The shortest time between two new sessions, in seconds.
    pub identify_every: u32,
    /// How many messages a client may send in 60 seconds.
    pub commands_per_minute: Option<u32>,
    /// How many resumes in a row may fail before a new session follows.
    pub resumes_before_new: u32,
    /// Who opens a new session.
    pub new_session_by: Opener,
}

/// What a change is about, for the order of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// What clients do.
    Behaviour,
    /// What was removed or renamed.
    Removed,
    /// What was added, and other facts.
    Added,
    /// Words alone.
    Wording,
}

impl Section {
    /// All of them, in the order of a report.
    pub(super) const ALL: [Self; 4] = [Self::Behaviour, Self::Removed, Self::Added, Self::Wording];
}

impl Change {
    /// The name of its kind, as in JSON.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        self.described().0
    }

    /// What the kind means, in a sentence.
    #[must_use]
    pub fn explanation(&self) -> &'static str {
        self.described().1
    }

    /// Whether it is a matter of words, which reports leave out unless asked.
    #[must_use]
    pub fn is_wording(&self) -> bool {
        self.section() == Section::Wording
    }

    /// Where it belongs in a report.
    #[must_use]
    pub fn section(&self) -> Section {
        match self {
            Self::Item {
                old: Some(Item::Constant { number: old, .. }), new: Some(Item::Constant { number: new, .. }), ..
            } if old == new => Section::Added,
            // A column that the document did not have before asks nobody to act differently.
            Self::Reconnect { .. } | Self::Resume { .. } | Self::Advice { .. } if self.own_bump() < Bump::Policy => {
                Section::Added
            }
            _ => self.described().2,
        }
    }

    /// Its name, what it means, and where it belongs.
    #[expect(clippy::too_many_lines, reason = "one line for each change")]
    fn described(&self) -> (&'static str, &'static str, Section) {
        use Section::{Added, Behaviour, Removed, Wording};
        match self {
            Self::Policy { .. } => ("policy", "The answer to what to do differs: clients act differently.", Behaviour),
            Self::Retry { .. } => ("retry", "Whether a request may be sent again differs.", Behaviour),
            Self::Limits { .. } => ("limits", "How much a client may do, or who opens a new session, differs.", Behaviour),
            Self::Reconnect { .. } => ("reconnect", "The documented column on whether to reconnect differs.", Behaviour),
            Self::Resume { .. } => ("resume", "The documented column on whether to resume differs.", Behaviour),
            Self::Advice { .. } => ("advice", "What the documented sentence says to do differs.", Behaviour),
            Self::PackageRenamed { .. } => ("package-renamed", "The crate has another name.", Removed),
            Self::EditionRemoved { .. } => ("edition-removed", "An edition was removed, with all its tables.", Removed),
            Self::TableRemoved { .. } => ("table-removed", "A table was removed, with its enum.", Removed),
            Self::EnumRenamed { .. } => ("enum-renamed", "The enum of a table has another name.", Removed),
            Self::KindChanged { .. } => ("kind-changed", "A table has codes of another kind.", Removed),
            Self::Repr { .. } => ("repr", "The numbers of a table have another type.", Removed),
            Self::Removed { .. } => ("removed", "The row of a code was removed.", Removed),
            Self::Recycled { .. } => ("recycled", "The number was given to another code.", Removed),
            Self::Renumbered { .. } => ("renumbered", "A code has another number.", Removed),
            Self::RangeChanged { .. } => ("range-changed", "A range has other numbers.", Removed),
            Self::Moved { .. } => ("moved", "A code is in another table.", Removed),
            Self::IdentRenamed { .. } => ("ident-renamed", "The variant has another name.", Removed),
            Self::Redefined { .. } => ("redefined", "The number means something else.", Removed),
            Self::Item { new: None, .. } => ("item-removed", "Another public item was removed.", Removed),
            Self::Item { old: None, .. } => ("item-added", "Another public item was added.", Added),
            Self::Item { .. } => ("item-changed", "Another public item differs.", Removed),
            Self::EditionAdded { .. } => ("edition-added", "An edition was added.", Added),
            Self::TableAdded { .. } => ("table-added", "A table was added.", Added),
            Self::Added { .. } => ("added", "A code was added.", Added),
            Self::StruckOut { .. } => ("struck-out", "The document no longer lists a code.", Added),
            Self::Restored { .. } => ("restored", "The document lists a code again.", Added),
            Self::Deprecated => ("deprecated", "The document calls a code deprecated.", Added),
            Self::Undeprecated => ("undeprecated", "The document no longer calls a code deprecated.", Added),
            Self::Renamed { .. } => ("renamed", "The documented name differs; the identifier stays.", Added),
            Self::Direction { .. } => ("direction", "Who sends an opcode differs.", Added),
            Self::Format { .. } => ("format", "How a payload is encoded differs.", Added),
            Self::CannotTell { .. } => {
                ("cannot-tell", "Whether a code was added or removed cannot be said: rows could not be read.", Added)
            }
            Self::FileRenamed { .. } => ("file-renamed", "The file of a table has another name.", Added),
            Self::Reworded { .. } => ("reworded", "The documented sentence differs.", Wording),
            Self::Reason { .. } => ("reason", "The words of an answer differ; what to do does not.", Wording),
            Self::Restyled { .. } => ("restyled", "The name differs in case, punctuation or markup only.", Wording),
            Self::Summary { .. } => ("summary", "Our summary of a code differs.", Wording),
            Self::Note { .. } => ("note", "Our remark on a code differs.", Wording),
            Self::Listed { .. } => ("listed", "The dates of a code differ.", Wording),
            Self::Retitled { .. } => ("retitled", "The title of a table differs.", Wording),
            Self::TableSummary { .. } => ("table-summary", "Our summary of a table differs.", Wording),
            Self::Source { .. } => ("source", "The document of a table differs.", Wording),
            Self::Docs { .. } => ("docs", "Texts of the crate differ that belong to no table.", Wording),
        }
    }

    /// What it needs by itself, besides the items of the crate that it adds, removes or changes.
    pub(super) fn own_bump(&self) -> Bump {
        match self {
            Self::Policy { .. } | Self::Retry { .. } | Self::Limits { .. } => Bump::Policy,
            Self::Reconnect { old, new } | Self::Resume { old, new } if old.is_some() && new.is_some() => Bump::Policy,
            Self::Advice { old, new, .. } if old.is_some() && new.is_some() => Bump::Policy,
            Self::Redefined { name_was_of: Some(_), .. } | Self::PackageRenamed { .. } | Self::Repr { .. } => Bump::Major,
            Self::KindChanged { has_other_methods: true, .. } => Bump::Major,
            Self::StruckOut { was_deprecated: false }
            | Self::Restored { is_deprecated: false }
            | Self::Deprecated
            | Self::Undeprecated
            | Self::Redefined { .. }
            | Self::Renamed { .. }
            | Self::Direction { .. }
            | Self::Format { .. } => Bump::Minor,
            _ => Bump::Patch,
        }
    }

    /// What it needs when import reads it from a page: a row that a page no longer has keeps its variant.
    pub(super) fn bump_of_page(&self) -> Bump {
        match self {
            Self::Recycled { .. } => Bump::Major,
            Self::Added { .. }
            | Self::Removed { .. }
            | Self::Renumbered { .. }
            | Self::Moved { .. }
            | Self::TableAdded { .. } => Bump::Minor,
            other => other.own_bump(),
        }
    }
}

/// One difference: what it is, where, and what it needs.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The table, if it is in one.
    pub table: Option<TableName>,
    /// The code, if it is about one.
    pub code: Option<CodeName>,
    /// What differs.
    pub change: Change,
    /// The public items of the crate that differ because of it.
    pub items: Vec<ItemChange>,
    /// What it needs of the version.
    pub bump: Bump,
    /// Whether the two rows were paired by likeness only.
    pub is_guess: bool,
    /// The place before.
    pub old_place: Option<Span>,
    /// The place now; for what was removed, where it would be.
    pub new_place: Option<Span>,
    /// Why it is accepted, if a waiver accepts it.
    pub waived: Option<String>,
}

/// The table that a difference is in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct TableName {
    /// The edition, where it has one.
    pub edition: Option<String>,
    /// The file without `.toml`.
    pub file: String,
    /// The title, as documented.
    pub title: String,
    /// The enum, where it has one.
    #[serde(rename = "enum")]
    pub enum_name: Option<String>,
}

impl TableName {
    /// `chat/v10/opcodes`, or `opcodes` of a page.
    #[must_use]
    pub fn path(&self) -> String {
        match &self.edition {
            Some(edition) => format!("{edition}/{}", self.file),
            None => self.file.clone(),
        }
    }
}

/// The code that a difference is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct CodeName {
    /// Its number or numbers: the new ones, or the old ones of a removed code.
    #[serde(flatten)]
    pub number: Number,
    /// Its documented name.
    pub name: String,
    /// Its identifier, where it has one.
    pub ident: Option<String>,
}

/// A public item that differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ItemChange {
    /// Its path in the crate, or in the edition where two editions are compared.
    pub path: String,
    /// What it was.
    pub old: Option<Item>,
    /// What it is.
    pub new: Option<Item>,
}

impl ItemChange {
    /// What it needs: users may name what was there.
    #[must_use]
    pub fn bump(&self) -> Bump {
        match (&self.old, &self.new) {
            (None, _) => Bump::Minor,
            // A variant can be used wherever the constant of the same name could.
            (
                Some(Item::Constant { number: old, .. }),
                Some(Item::Variant { number: new } | Item::Constant { number: new, .. }),
            ) if old == new => Bump::Minor,
            _ => Bump::Major,
        }
    }
}

impl Difference {
    /// A short mark by which a waiver knows the change: it depends on what differs, and not on where or how it is printed.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let table = self.table.as_ref().map(TableName::path);
        let code = self.code.as_ref().map(|code| (code.number, &code.ident));
        let data = serde_json::json!([table, code, self.change, self.items]);
        short_digest(&data.to_string())
    }

    /// The kind of a waived change is still its kind.
    #[must_use]
    pub fn is_waived(&self) -> bool {
        self.waived.is_some()
    }
}
