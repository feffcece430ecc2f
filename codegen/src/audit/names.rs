//! Names of codes, compared whatever their case, punctuation and prefix.
//!
//! Takes identifiers and documented names, and says how much alike two of them are.

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
        let mut words: Vec<String> = words(name).map(|(_, word)| word.to_lowercase()).collect();
        words.retain(|word| !EMPTY.contains(&format!(" {word} ")));
        Self { letters: normalized_name(name), words }
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

/// The words of a name, each with the byte at which it starts: at capital letters and after other characters than letters.
fn words(name: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut starts: Vec<usize> = Vec::new();
    let characters: Vec<(usize, char)> = name.char_indices().collect();
    for (position, &(at, c)) in characters.iter().enumerate() {
        let before = position.checked_sub(1).map(|before| characters[before].1);
        let after = characters.get(position + 1).map(|(_, after)| *after);
        let is_start = match before {
            None => true,
            Some(before) if !before.is_alphanumeric() || !c.is_alphanumeric() => true,
            Some(before) if c.is_uppercase() => !before.is_uppercase() || after.is_some_and(char::is_lowercase),
            Some(_) => false,
        };
        starts.extend(is_start.then_some(at));
    }
    let ends: Vec<usize> = starts.iter().skip(1).copied().chain([name.len()]).collect();
    let is_word = |(start, end): &(usize, usize)| name[*start..*end].starts_with(char::is_alphanumeric);
    starts.into_iter().zip(ends).filter(is_word).map(|(start, end)| (start, &name[start..end]))
}

/// What stands before the words of a name that are all of another name, if they are its end.
pub(super) fn prefix<'a>(name: &'a str, letters: &str) -> Option<&'a str> {
    words(name).map(|(start, _)| start).find(|start| normalized_name(&name[*start..]) == letters).map(|start| &name[..start])
}

/// An identifier in the case of another name.
pub(super) fn in_case_of(sample: &str, ident: &str) -> String {
    let words: Vec<&str> = words(ident).map(|(_, word)| word).collect();
    let joined = |between: &str| words.join(between);
    let has_lower = sample.contains(char::is_lowercase);
    match (sample.contains('_'), has_lower) {
        (_, false) => joined("_").to_uppercase(),
        (true, true) => joined("_").to_lowercase(),
        (false, true) if sample.starts_with(char::is_lowercase) => {
            let first = words.first().map_or(0, |first| first.len());
            ident[..first].to_lowercase() + &ident[first..]
        }
        (false, true) => ident.to_owned(),
    }
}
