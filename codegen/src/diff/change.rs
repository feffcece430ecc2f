//! One difference, as data: what it is, with typed values before and after. Printers render it and waivers hash it.

use schemars::JsonSchema;
use serde::Serialize;

use super::answers::{Question, acts_differently};
use super::api::{Item, ItemChange};
use crate::model::{Bump, Key, Meaning, NewSessionBy, Number, Policy, Status, Value};
use crate::text::{Span, short_digest};

/// What differs.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
#[allow(missing_docs, reason = "`old` is the value before, `new` the value after")]
pub enum Change {
    /// The answer to what to do. Nothing: the code asks for nothing.
    Answer { asked: Question, old: Option<Policy>, new: Option<Policy> },
    /// Whether a request may be sent again. Nothing: there is no such code or range.
    Retry { numbers: [u32; 2], old: Option<bool>, new: Option<bool> },
    /// How much a client may do on the connection, or who opens a new session.
    Limits { old: ConnectionRules, new: ConnectionRules },
    /// An edition that one side has, with all its tables.
    Edition {
        tables: usize,
        #[serde(skip)]
        is_added: bool,
    },
    /// A table that one side has, with its enum.
    Table {
        codes: usize,
        #[serde(skip)]
        is_added: bool,
    },
    /// A code was added.
    Added { name: String },
    /// The row of a code was removed.
    Removed { name: String },
    /// It cannot be said whether a code was added or removed: rows of the other side could not be read.
    CannotTell { name: String, unreadable: usize },
    /// The number was given to another code.
    Recycled { name: String, new: String },
    /// A code has another number, or a range has other bounds.
    Renumbered { old: Number, new: Number },
    /// A code is in another table.
    Moved { old: String, new: String },
    /// The number may mean something else: it has another name and another sentence, or the name that another code lost.
    Redefined { old: String, new: String, name_was_of: Option<Number> },
    /// Whether the document still lists a code.
    Status { old: Status, new: Status },
    /// Another name of the crate was added, removed or changed, such as the constant of an alias.
    Item { name: String, old: Option<Item>, new: Option<Item> },
    /// The value of a key, of a header or of the crate.
    Field {
        #[serde(skip)]
        field: Field,
        old: Option<Value>,
        new: Option<Value>,
    },
}

/// What is known of a value that is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    kind: &'static str,
    why: &'static str,
    section: Section,
    bump: Bump,
    none: &'static str,
}

impl Field {
    const fn new(kind: &'static str, why: &'static str, section: Section, bump: Bump) -> Self {
        Self { kind, why, section, bump, none: "" }
    }

    /// What a change of it is called.
    pub(super) fn kind(self) -> &'static str {
        self.kind
    }

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

pub(super) const PACKAGE: Field = Field::new("package-renamed", "The crate has another name.", Section::Removed, Bump::Major);
pub(super) const ENUM: Field = Field::new("enum-renamed", "The enum of a table has another name.", Section::Removed, Bump::Patch);
pub(super) const IDENT: Field = Field::new("ident-renamed", "The variant has another name.", Section::Removed, Bump::Patch);
pub(super) const METHODS: Field =
    Field::new("kind-changed", "A table has codes of another kind, and so other methods.", Section::Removed, Bump::Major);
pub(super) const KIND: Field = Field::new("kind-changed", "A table has codes of another kind.", Section::Removed, Bump::Patch);
pub(super) const REPR: Field = Field::new("repr", "The numbers of a table have another type.", Section::Removed, Bump::Major);
pub(super) const RENAMED: Field =
    Field::new("renamed", "The documented name differs; the identifier stays.", Section::Added, Bump::Minor);
pub(super) const FILE: Field = Field::new("file-renamed", "The file of a table has another name.", Section::Added, Bump::Patch);
pub(super) const RESTYLED: Field =
    Field::new("restyled", "The name differs in case, punctuation or markup only.", Section::Wording, Bump::Patch);
pub(super) const LOST_COLUMN: Field =
    Field::new("lost-column", "The page has no such column any more: what it said is not known.", Section::Added, Bump::Patch);
pub(super) const SUMMARY: Field = Field::new("summary", "Our summary of a code differs.", Section::Wording, Bump::Patch);
pub(super) const GROUP: Field = Field::new("group", "The kind of an answer differs.", Section::Behaviour, Bump::Policy);
pub(super) const FAULT: Field =
    Field::new("fault", "Who can do something about an answer differs.", Section::Behaviour, Bump::Policy);
pub(super) const FIX: Field = Field::new("fix", "What a user can do about a code differs.", Section::Wording, Bump::Patch);
pub(super) const NOTE: Field = Field::new("note", "Our remark on a code differs.", Section::Wording, Bump::Patch);
pub(super) const TITLE: Field = Field::new("retitled", "The title of a table differs.", Section::Wording, Bump::Patch);
pub(super) const TABLE_SUMMARY: Field =
    Field::new("table-summary", "Our summary of a table differs.", Section::Wording, Bump::Patch);
pub(super) const SOURCE: Field = Field::new("source", "The document of a table differs.", Section::Wording, Bump::Patch);
pub(super) const DOCS: Field =
    Field::new("docs", "Texts of the crate differ that belong to no table.", Section::Wording, Bump::Patch);

/// What a client may do on a connection: the constants `LIMITS` and `NEW_SESSION_BY` of the crate.
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
    /// How long the server may take, in seconds: to open the connection, to greet, to accept a new session, and a resumed one.
    pub answers_within: [u32; 4],
    /// Who opens a new session.
    pub new_session_by: NewSessionBy,
}

/// What a change is about, for the order of a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    /// What clients do.
    Behaviour,
    /// What the document says to do, where no answer differs because of it.
    Advice,
    /// What was removed or renamed.
    Removed,
    /// What was added, and other facts.
    Added,
    /// Words alone.
    Wording,
}

impl Section {
    /// All of them, in the order of a report.
    pub(super) const ALL: [Self; 5] = [Self::Behaviour, Self::Advice, Self::Removed, Self::Added, Self::Wording];
}

/// What is known of a kind of change: its name, what it means, where it belongs, and what it needs by itself, besides the names
/// of the crate that it adds, removes or changes.
type Described = (&'static str, &'static str, Section, Bump);

impl Change {
    /// A value under a key of facts.
    pub(super) fn of_key(key: Key, old: Option<Value>, new: Option<Value>) -> Self {
        Self::Field { field: Field::of_key(key, old.is_some(), new.is_some()), old, new }
    }

    /// Two values that differ.
    pub(super) fn between(field: Field, old: &(impl ToString + ?Sized), new: &(impl ToString + ?Sized)) -> Self {
        let value = |text: String| Some(Value::Word(text));
        Self::Field { field, old: value(old.to_string()), new: value(new.to_string()) }
    }

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

    /// Where it belongs in a report.
    #[must_use]
    pub fn section(&self) -> Section {
        self.described().2
    }

    /// Whether it is a matter of words, which reports leave out unless asked.
    #[must_use]
    pub fn is_wording(&self) -> bool {
        self.section() == Section::Wording
    }

    /// What it needs by itself.
    pub(super) fn own_bump(&self) -> Bump {
        self.described().3
    }

    /// The value before and now, of a key; and what is said where there is none.
    pub(super) fn field_values(&self) -> Option<[Option<String>; 2]> {
        let Self::Field { field, old, new } = self else { return None };
        let text = |value: &Option<Value>| {
            value.as_ref().map(ToString::to_string).or_else(|| (!field.none.is_empty()).then(|| field.none.to_owned()))
        };
        Some([text(old), text(new)])
    }

    fn described(&self) -> Described {
        use Section::{Added, Behaviour, Removed, Wording};
        match self {
            Self::Answer { old: Some(old), new: Some(new), .. } if !acts_differently(old, new) => {
                ("reason", "The words of an answer differ; what to do does not.", Wording, Bump::Patch)
            }
            Self::Answer { .. } => {
                ("policy", "The answer to what to do differs: clients act differently.", Behaviour, Bump::Policy)
            }
            Self::Retry { .. } => ("retry", "Whether a request may be sent again differs.", Behaviour, Bump::Policy),
            Self::Limits { .. } => {
                ("limits", "How much a client may do, or who opens a new session, differs.", Behaviour, Bump::Policy)
            }
            Self::Edition { is_added: true, .. } => ("edition-added", "An edition was added.", Added, Bump::Patch),
            Self::Edition { .. } => ("edition-removed", "An edition was removed, with all its tables.", Removed, Bump::Patch),
            Self::Table { is_added: true, .. } => ("table-added", "A table was added.", Added, Bump::Patch),
            Self::Table { .. } => ("table-removed", "A table was removed, with its enum.", Removed, Bump::Patch),
            Self::Added { .. } => ("added", "A code was added.", Added, Bump::Patch),
            Self::Removed { .. } => ("removed", "The row of a code was removed.", Removed, Bump::Patch),
            Self::CannotTell { .. } => {
                ("cannot-tell", "Whether a code was added or removed cannot be said: rows could not be read.", Added, Bump::Patch)
            }
            Self::Recycled { .. } => ("recycled", "The number was given to another code.", Removed, Bump::Patch),
            Self::Renumbered { old: Number::Value(_), new: Number::Value(_) } => {
                ("renumbered", "A code has another number.", Removed, Bump::Patch)
            }
            Self::Renumbered { .. } => ("range-changed", "A range has other numbers.", Removed, Bump::Minor),
            Self::Moved { .. } => ("moved", "A code is in another table.", Removed, Bump::Patch),
            Self::Redefined { name_was_of, .. } => {
                let bump = if name_was_of.is_some() { Bump::Major } else { Bump::Minor };
                ("redefined", "The number may mean something else.", Removed, bump)
            }
            Self::Status { old, new } => status(*old, *new),
            Self::Item { new: None, .. } => ("item-removed", "Another public item was removed.", Removed, Bump::Patch),
            Self::Item { old: None, .. } => ("item-added", "Another public item was added.", Added, Bump::Patch),
            Self::Item { old: Some(old), new: Some(new), .. } => {
                // A constant that only became, or no longer is, a former name breaks no user.
                let both = matches!((old, new), (Item::Constant { .. }, Item::Constant { .. })) && old.number() == new.number();
                ("item-changed", "Another public item differs.", if both { Added } else { Removed }, Bump::Patch)
            }
            Self::Field { field, .. } => (field.kind, field.why, field.section, field.bump),
        }
    }

    /// What it needs when import reads it from a page: a row that a page no longer has keeps its variant.
    pub(super) fn bump_of_page(&self) -> Bump {
        match self {
            Self::Recycled { .. } => Bump::Major,
            Self::Added { .. }
            | Self::Removed { .. }
            | Self::Renumbered { old: Number::Value(_), new: Number::Value(_) }
            | Self::Moved { .. }
            | Self::Table { is_added: true, .. } => Bump::Minor,
            other => other.own_bump(),
        }
    }
}

fn status(old: Status, new: Status) -> Described {
    match (old, new) {
        (_, Status::Removed) => ("struck-out", "The document no longer lists a code.", Section::Added, Bump::Minor),
        (Status::Removed, _) => ("restored", "The document lists a code again.", Section::Added, Bump::Minor),
        (_, Status::Deprecated) => ("deprecated", "The document calls a code deprecated.", Section::Added, Bump::Minor),
        (_, Status::Active) => ("undeprecated", "The document no longer calls a code deprecated.", Section::Added, Bump::Minor),
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
    /// The documented sentences before and now, where they are known and matter.
    pub sentences: [Option<String>; 2],
    /// The names of the crate that differ because of it.
    pub items: Vec<ItemChange>,
    /// What it needs of the version.
    pub bump: Bump,
    /// Whether the two rows were paired by likeness only.
    pub is_guess: bool,
    /// Where a code seems to be now that is no longer listed here.
    pub looks_moved: Option<String>,
    /// Whether the document says to do something else, and no answer differs.
    pub is_unanswered: bool,
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

impl Difference {
    /// A difference in a table, or of the crate as a whole.
    pub(super) fn new(table: Option<TableName>, change: Change, items: Vec<ItemChange>, bump: Bump) -> Self {
        Self {
            table,
            code: None,
            change,
            sentences: [None, None],
            items,
            bump,
            is_guess: false,
            looks_moved: None,
            is_unanswered: false,
            old_place: None,
            new_place: None,
            waived: None,
        }
    }

    /// A short mark by which a waiver knows the change: it depends on what differs, and not on where or how it is printed.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let table = self.table.as_ref().map(TableName::path);
        let code = self.code.as_ref().map(|code| (code.number, &code.ident));
        let data = serde_json::json!([table, code, self.change.kind(), self.change, self.items]);
        short_digest(&data.to_string())
    }

    /// Whether a waiver accepts it.
    #[must_use]
    pub fn is_waived(&self) -> bool {
        self.waived.is_some()
    }
}
