//! One difference, as data: what it is, with typed values before and after. Printers render it and waivers hash it.

use schemars::JsonSchema;
use serde::Serialize;

use super::answers::{Question, acts_differently};
use super::api::{Item, ItemChange};
use super::kinds::{self, Field};
use super::side::{Relation, Where};
use crate::model::{Bump, Key, NewSessionBy, Number, Policy, Retry, Status, Value};
use crate::text::{Span, short_digest};

/// What differs.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[serde(untagged)]
#[allow(missing_docs, reason = "`old` is the value before, `new` the value after")]
pub enum Change {
    /// The answer to what to do. Nothing: the code asks for nothing.
    Answer { asked: Question, old: Option<Policy>, new: Option<Policy> },
    /// Whether a request may be sent again. Nothing: there is no such code or range.
    Retry { numbers: [u32; 2], old: Option<Retry>, new: Option<Retry> },
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
    /// A code was added; `says` is what its columns say, in words.
    Added {
        name: String,
        #[serde(skip)]
        says: String,
    },
    /// The row of a code was removed.
    Removed { name: String },
    /// It cannot be said whether a code was added or removed: rows of the other side could not be read, or,
    /// where it is none, a part of the page that is not read has the code.
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

    /// What is known of its kind.
    fn described(&self) -> Field {
        match self {
            Self::Answer { old: Some(old), new: Some(new), .. } if !acts_differently(old, new) => kinds::REASON,
            Self::Answer { .. } => kinds::POLICY,
            Self::Retry { .. } => kinds::RETRY,
            Self::Limits { .. } => kinds::LIMITS,
            Self::Edition { is_added: true, .. } => kinds::EDITION_ADDED,
            Self::Edition { .. } => kinds::EDITION_REMOVED,
            Self::Table { is_added: true, .. } => kinds::TABLE_ADDED,
            Self::Table { .. } => kinds::TABLE_REMOVED,
            Self::Added { .. } => kinds::ADDED,
            Self::Removed { .. } => kinds::REMOVED,
            Self::CannotTell { .. } => kinds::CANNOT_TELL,
            Self::Recycled { .. } => kinds::RECYCLED,
            Self::Renumbered { old: Number::Value(_), new: Number::Value(_) } => kinds::RENUMBERED,
            Self::Renumbered { .. } => kinds::RANGE_CHANGED,
            Self::Moved { .. } => kinds::MOVED,
            Self::Redefined { name_was_of: Some(_), .. } => kinds::SWAPPED,
            Self::Redefined { .. } => kinds::REDEFINED,
            Self::Status { old, new } => status(*old, *new),
            Self::Item { new: None, .. } => kinds::ITEM_REMOVED,
            Self::Item { old: None, .. } => kinds::ITEM_ADDED,
            Self::Item { old: Some(old), new: Some(new), .. } => {
                // A constant that only became, or no longer is, a former name breaks no user.
                let both = matches!((old, new), (Item::Constant { .. }, Item::Constant { .. })) && old.number() == new.number();
                if both { kinds::ITEM_RENAMED } else { kinds::ITEM_CHANGED }
            }
            Self::Field { field, .. } => *field,
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
            other => other.described().bump,
        }
    }
}

fn status(old: Status, new: Status) -> Field {
    match (old, new) {
        (_, Status::Removed) => kinds::STRUCK_OUT,
        (Status::Removed, _) => kinds::RESTORED,
        (_, Status::Deprecated) => kinds::DEPRECATED,
        (_, Status::Active) => kinds::UNDEPRECATED,
    }
}

/// One difference: what it is, where, and what it needs.
#[derive(Clone, Debug, Serialize, JsonSchema)]
pub struct Difference {
    /// The table, if it is in one.
    pub table: Option<TableName>,
    /// The code, if it is about one.
    pub code: Option<CodeName>,
    /// The kind of change.
    pub kind: &'static str,
    /// What differs, with both values.
    #[serde(flatten)]
    pub change: Change,
    /// The documented sentence before, where it is known and matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old_sentence: Option<String>,
    /// The documented sentence now, where it is known and matters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_sentence: Option<String>,
    /// Where it belongs in a report.
    pub section: Section,
    /// What it needs of the version.
    pub bump: Bump,
    /// What the kind of change means.
    pub why: &'static str,
    /// The public items of the crate that differ because of it.
    pub items: Vec<ItemChange>,
    /// Whether the rows were paired by likeness only.
    #[serde(rename = "guess")]
    pub is_guess: bool,
    /// What else is to be said, which only a look at the other differences shows.
    #[serde(skip)]
    pub aside: Option<String>,
    /// The mark by which a waiver knows the change: it depends on what differs, and not on where or how it is printed.
    pub fingerprint: String,
    /// Why the change is accepted, if a waiver accepts it.
    pub waived: Option<String>,
    /// Where it was.
    pub old_place: Option<Span>,
    /// Where it is, or would be.
    pub new_place: Option<Span>,
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
    pub(super) fn new(table: Option<TableName>, change: Change, items: Vec<ItemChange>, relation: Relation) -> Self {
        let Field { kind, why, section, bump, .. } = change.described();
        let own = if relation == Relation::Page { change.bump_of_page() } else { bump };
        Self {
            table,
            code: None,
            kind,
            change,
            old_sentence: None,
            new_sentence: None,
            section,
            bump: items.iter().map(ItemChange::bump).fold(own, Bump::max),
            why,
            items,
            is_guess: false,
            aside: None,
            fingerprint: String::new(),
            waived: None,
            old_place: None,
            new_place: None,
        }
    }

    /// The same at these places.
    pub(super) fn at(self, old: Option<Where<'_>>, new: Option<Where<'_>>) -> Self {
        Self { old_place: old.map(Where::span), new_place: new.map(Where::span), ..self }
    }

    /// Gives it its mark, when all that it depends on is known.
    pub(super) fn mark(&mut self) {
        let table = self.table.as_ref().map(TableName::path);
        let code = self.code.as_ref().map(|code| (code.number, &code.ident));
        let data = serde_json::json!([table, code, self.kind, self.change, self.items]);
        self.fingerprint = short_digest(&data.to_string());
    }
}
