//! What is known of a key of a row, and the one declaration from which the rest follows.

use std::fmt;

use schemars::JsonSchema;
use serde::Serialize;

use super::{Action, Date, Kind};
use crate::text::{Text, key_word, toml_string};

/// All that is known of a key.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The kinds of tables that have it.
    pub kinds: &'static [Kind],
    /// Where a page has it.
    pub page: Page,
    /// What a change of it means.
    pub meaning: Meaning,
    /// What a change of it means, in a sentence.
    pub why: &'static str,
    /// What a change of it is called, if not like the key.
    pub change: &'static str,
    /// What its value is called, if not like the key.
    pub noun: &'static str,
    /// What is said where there is no value.
    pub none: &'static str,
}

impl About {
    /// What is left out in a declaration.
    pub const USUAL: Self = Self {
        kinds: Kind::ALL,
        page: Page::Nowhere,
        meaning: Meaning::Fact,
        why: "",
        change: "",
        noun: "",
        none: "not documented",
    };
}

/// Where a page has the value of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    /// In a column.
    Column {
        /// What pages call the column, in lower case.
        headers: &'static [&'static str],
        /// What may be in a cell, for an error message.
        expected: &'static str,
    },
    /// In the documented sentence.
    Sentence,
    /// Not on the page: it is known from the page's history.
    Nowhere,
}

/// What a change of a key means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    /// What the document says to do, which a policy may contradict from then on.
    Advice,
    /// Something that programs may rely on.
    Fact,
    /// Words, which no program sees.
    Wording,
}

/// A value that a page can have.
pub trait FromCell: Sized {
    /// Reads a cell in lower case, under a header, or a sentence. A blank cell may say something, too. No column has a date.
    fn from_cell(_header: &str, _cell: &str) -> Option<Self> {
        None
    }
}

/// A value of a key, for comparing and printing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(untagged)]
pub enum Value {
    /// A boolean.
    Flag(bool),
    /// A number.
    Count(u32),
    /// A date.
    Date(Date),
    /// What to do.
    Action(Action),
    /// A word, or a text.
    Word(String),
}

impl Value {
    /// The value as TOML has it.
    #[must_use]
    pub fn to_toml(&self) -> String {
        match self {
            Self::Flag(flag) => flag.to_string(),
            Self::Count(count) => count.to_string(),
            Self::Date(date) => date.to_toml(),
            Self::Action(action) => toml_string(&key_word(action)),
            Self::Word(word) => toml_string(word),
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(if *flag { "yes" } else { "no" }),
            Self::Count(count) => count.fmt(f),
            Self::Date(date) => date.fmt(f),
            Self::Action(action) => f.write_str(action.words()),
            Self::Word(word) => f.write_str(word),
        }
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Flag(flag)
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<u16> for Value {
    fn from(count: u16) -> Self {
        Self::Count(count.into())
    }
}

impl From<u32> for Value {
    fn from(count: u32) -> Self {
        Self::Count(count)
    }
}

impl From<Text> for Value {
    fn from(text: Text) -> Self {
        Self::Word(text.to_string())
    }
}

impl FromCell for Date {}

impl FromCell for Text {}

impl FromCell for u32 {}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Word(text.to_owned())
    }
}

/// Declares the keys of facts: the struct that holds them, the list of them, and what is known of each.
macro_rules! keys {
    ($($(#[doc = $doc:literal])* $Key:ident $field:ident: $Type:ty { $($part:ident: $value:expr),* $(,)? })*) => {
        /// What a document says of a code.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
        pub struct Facts {
            /// The number, or the range of numbers.
            #[serde(flatten)]
            pub number: Number,
            /// The name, as documented.
            pub name: Text,
            /// Whether the document still lists the code.
            #[serde(default)]
            pub status: Status,
            $(
                $(#[doc = $doc])*
                #[serde(default, skip_serializing_if = "Option::is_none")]
                pub $field: Option<$Type>,
            )*
        }

        impl Facts {
            /// A code of which the document says its number and name.
            #[must_use]
            pub fn new(number: Number, name: Text) -> Self {
                Self { number, name, status: Status::Active, $($field: None),* }
            }
        }

        /// A key of facts, besides number, name and status, which every row has.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Key {
            $($(#[doc = $doc])* $Key,)*
        }

        impl Key {
            /// All keys, in the order of a file.
            pub const ALL: &[Self] = &[$(Self::$Key),*];

            /// Its name in a file.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$Key => stringify!($field),)* }
            }

            /// All that is known of it.
            #[must_use]
            pub fn about(self) -> About {
                match self { $(Self::$Key => About { $($part: $value,)* ..About::USUAL },)* }
            }

            /// Its value.
            #[must_use]
            pub fn get(self, facts: &Facts) -> Option<Value> {
                match self { $(Self::$Key => facts.$field.clone().map(Value::from),)* }
            }

            /// Gives it the value that it has in other facts.
            pub fn copy(self, from: &Facts, to: &mut Facts) {
                match self { $(Self::$Key => to.$field.clone_from(&from.$field),)* }
            }

            /// Takes its value away.
            pub fn clear(self, facts: &mut Facts) {
                match self { $(Self::$Key => facts.$field = None,)* }
            }

            /// Reads a cell of a page, in lower case, or a documented sentence. Whether the cell says anything.
            pub fn read(self, header: &str, cell: &str, facts: &mut Facts) -> bool {
                match self {
                    $(Self::$Key => {
                        let value = <$Type as FromCell>::from_cell(header, cell);
                        let is_read = value.is_some();
                        if is_read {
                            facts.$field = value;
                        }
                        is_read
                    })*
                }
            }
        }
    };
}
pub(super) use keys;
