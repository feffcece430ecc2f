//! Names of codes, compared whatever their case, punctuation and prefix.
//!
//! Takes identifiers and documented names, and says how much alike two of them are.

use heck::{ToLowerCamelCase as _, ToShoutySnakeCase as _, ToSnakeCase as _};

use crate::text::normalized_name;

/// A name, ready to be compared.
#[derive(Clone, Debug)]
pub(super) struct Name {
    /// Its letters and digits.
    pub letters: String,
    words: Vec<String>,
}

/// From here on two names mean the same.
pub(super) const EXACT: f32 = 0.99;
/// From here on they may.
pub(super) const LIKE: f32 = 0.5;

/// Words that say nothing.
const EMPTY: &str = " a an the is are of to in has been this for and or be on you your have with was that ";

impl Name {
    pub(super) fn new(name: &str) -> Self {
        let words = name.to_snake_case();
        let words = words.split('_').filter(|word| !EMPTY.contains(&format!(" {word} ")));
        Self { letters: normalized_name(name), words: words.map(str::to_owned).collect() }
    }

    /// How much a name of a source is like this one: the part of this one's words that are in it.
    pub(super) fn likeness(&self, other: &Self) -> f32 {
        if self.words.is_empty() {
            return 0.0;
        }
        let found = self.words.iter().filter(|word| other.words.iter().any(|other| are_alike(word, other))).count();
        let share = u16::try_from(found).map_or(0.0, f32::from) / u16::try_from(self.words.len()).map_or(1.0, f32::from);
        // All words in another order, or with another one between them, are not the same name.
        share.min(0.9)
    }
}

/// Whether two words have one stem: "timed" and "timeout", "seq" and "sequence".
fn are_alike(one: &str, other: &str) -> bool {
    const STEM: usize = 4;
    let common = one.bytes().zip(other.bytes()).take_while(|(a, b)| a == b).count();
    let shorter = one.len().min(other.len());
    one == other || common == shorter && shorter > 2 || common >= STEM.max(shorter.saturating_sub(1))
}

/// What stands before the words of a name that are all of another name, if they are its end.
pub(super) fn prefix<'a>(name: &'a str, letters: &str) -> Option<&'a str> {
    let own = name.char_indices().rev().filter(|(_, c)| c.is_alphanumeric());
    let mut own = own.flat_map(|(at, c)| c.to_lowercase().rev().map(move |c| (at, c)));
    let mut start = None;
    for letter in letters.chars().rev() {
        start = Some(own.next().filter(|(_, c)| *c == letter)?.0);
    }
    let (before, word) = name.split_at(start?);
    (word.starts_with(char::is_uppercase) || !before.ends_with(char::is_alphanumeric)).then_some(before)
}

/// An identifier in the case of another name.
pub(super) fn in_case_of(sample: &str, ident: &str) -> String {
    match (sample.contains('_'), sample.contains(char::is_lowercase)) {
        (_, false) => ident.to_shouty_snake_case(),
        (true, true) => ident.to_snake_case(),
        (false, true) if sample.starts_with(char::is_lowercase) => ident.to_lower_camel_case(),
        (false, true) => ident.to_owned(),
    }
}
