//! The kinds of changes: what each is called and means, the section of a report that it stands in, and what it needs.
//!
//! The list below is all that is known of them. Those of the keys of facts follow from the declaration of the keys.

use super::change::Section;
use crate::model::{Bump, Key, Meaning};

/// What is known of a kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub(super) kind: &'static str,
    pub(super) why: &'static str,
    pub(super) section: Section,
    pub(super) bump: Bump,
    /// What is said where there is no value.
    pub(super) none: &'static str,
}

impl Field {
    /// What the document says under a key. It is advice only against other advice: a new column changes no behaviour.
    pub(super) fn of_key(key: Key, was_there: bool, is_there: bool) -> Self {
        let about = key.about();
        let (section, bump) = match about.meaning {
            Meaning::Advice if was_there && is_there => (Section::Advice, Bump::Policy),
            Meaning::Advice => (Section::Added, Bump::Patch),
            Meaning::Fact => (Section::Added, Bump::Minor),
            Meaning::Wording => (Section::Wording, Bump::Patch),
        };
        let kind = if about.change.is_empty() { key.name() } else { about.change };
        Self { kind, why: about.why, section, bump, none: about.none }
    }
}

/// The name of each kind, and what it means.
pub fn kinds() -> impl Iterator<Item = (&'static str, &'static str)> {
    let of_keys = Key::ALL.iter().map(|key| Field::of_key(*key, true, true));
    ALL.iter().copied().chain(of_keys).map(|field| (field.kind, field.why))
}

macro_rules! kinds {
    ($($NAME:ident: $kind:literal, $why:literal, $section:ident, $bump:ident;)*) => {
        $(pub(super) const $NAME: Field = Field { kind: $kind, why: $why, section: Section::$section, bump: Bump::$bump, none: "" };)*

        /// Those that are no keys of facts.
        const ALL: &[Field] = &[$($NAME),*];
    };
}

kinds! {
    REASON: "reason", "The words of an answer differ; what to do does not.", Wording, Patch;
    POLICY: "policy", "The answer to what to do differs: clients act differently.", Behaviour, Policy;
    RETRY: "retry", "Whether a request may be sent again differs.", Behaviour, Policy;
    LIMITS: "limits", "How much a client may do, or who opens a new session, differs.", Behaviour, Policy;
    EDITION_ADDED: "edition-added", "An edition was added.", Added, Patch;
    EDITION_REMOVED: "edition-removed", "An edition was removed, with all its tables.", Removed, Patch;
    TABLE_ADDED: "table-added", "A table was added.", Added, Patch;
    TABLE_REMOVED: "table-removed", "A table was removed, with its enum.", Removed, Patch;
    ADDED: "added", "A code was added.", Added, Patch;
    REMOVED: "removed", "The row of a code was removed.", Removed, Patch;
    CANNOT_TELL: "cannot-tell", "Whether a code was added or removed cannot be said: rows could not be read, or are in a comment.", Added, Patch;
    RECYCLED: "recycled", "The number was given to another code.", Removed, Patch;
    RENUMBERED: "renumbered", "A code has another number.", Removed, Patch;
    RANGE_CHANGED: "range-changed", "A range has other numbers.", Removed, Minor;
    MOVED: "moved", "A code is in another table.", Removed, Patch;
    REDEFINED: "redefined", "The number may mean something else.", Removed, Minor;
    SWAPPED: "redefined", "The number may mean something else.", Removed, Major;
    STRUCK_OUT: "struck-out", "The document strikes the code out, or lists it no more.", Added, Minor;
    RESTORED: "restored", "The document lists a code again.", Added, Minor;
    DEPRECATED: "deprecated", "The document calls a code deprecated.", Added, Minor;
    UNDEPRECATED: "undeprecated", "The document no longer calls a code deprecated.", Added, Minor;
    ITEM_REMOVED: "item-removed", "Another public item was removed.", Removed, Patch;
    ITEM_ADDED: "item-added", "Another public item was added.", Added, Patch;
    ITEM_CHANGED: "item-changed", "Another public item differs.", Removed, Patch;
    ITEM_RENAMED: "item-changed", "Another public item differs.", Added, Patch;
    PACKAGE: "package-renamed", "The crate has another name.", Removed, Major;
    ENUM: "enum-renamed", "The enum of a table has another name.", Removed, Patch;
    IDENT: "ident-renamed", "The variant has another name.", Removed, Patch;
    METHODS: "kind-changed", "A table has codes of another kind, and so other methods.", Removed, Major;
    KIND: "kind-changed", "A table has codes of another kind.", Removed, Patch;
    REPR: "repr", "The numbers of a table have another type.", Removed, Major;
    RENAMED: "renamed", "The documented name differs; the identifier stays.", Added, Minor;
    FILE: "file-renamed", "The file of a table has another name.", Added, Patch;
    RESTYLED: "restyled", "The name differs in case, punctuation or markup only.", Wording, Patch;
    LOST_COLUMN: "lost-column", "The page has no such column any more: what it said is not known.", Added, Patch;
    SUMMARY: "summary", "Our summary of a code differs.", Wording, Patch;
    GROUP: "group", "The kind of an answer differs.", Behaviour, Policy;
    FAULT: "fault", "Who can do something about an answer differs.", Behaviour, Policy;
    FIX: "fix", "What a user can do about a code differs.", Wording, Patch;
    NOTE: "note", "Our remark on a code differs.", Wording, Patch;
    TITLE: "retitled", "The title of a table differs.", Wording, Patch;
    TABLE_SUMMARY: "table-summary", "Our summary of a table differs.", Wording, Patch;
    SOURCE: "source", "The document of a table differs.", Wording, Patch;
    DOCS: "docs", "Texts of the crate differ that belong to no table.", Wording, Patch;
}
