//! Small operations on text that several parts share: comparing names, quoting, digests, lists of words.

mod diagnostic;
mod files;
pub mod markdown;
mod source;
mod spans;

use std::ops::Deref;
use std::path::Path;

pub(crate) use diagnostic::any_error;
pub use diagnostic::{Diagnostic, Severity, printable, sort};
pub use files::Files;
pub(crate) use files::{fits, fits_together, read_bytes};
pub use source::{SourceFile, Span};
pub use spans::Place;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use toml_writer::{ToTomlValue as _, TomlStringBuilder};

/// A text to be read: not empty, and every character can be printed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline, description = "", extend("format" = "text", "minLength" = 1))]
pub struct Text(String);

impl Text {
    /// A text from a page or a program, where control characters do not occur.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// What makes a text unfit to be read, if anything does: a message and the fix.
    #[must_use]
    pub fn fault(text: &str) -> Option<(String, &'static str)> {
        if text.trim().is_empty() {
            return Some(("the text is empty".to_owned(), "write a text, or remove the key if it is optional"));
        }
        let character = text.chars().find(|c| is_unprintable(*c))?;
        let message = format!("the text contains the character {}", character.escape_unicode());
        Some((message, "remove the character: control and direction-changing characters are not allowed"))
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Display for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.0)
    }
}

/// Whether a character is unfit for a text to be read: a control character, or one that reorders or hides text.
///
/// Joiners are allowed: scripts and emoji need them.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}'
            | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// A text with unprintable characters escaped.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        if is_unprintable(c) {
            visible.extend(c.escape_unicode());
        } else {
            visible.push(c);
        }
    }
    visible
}

/// A value as JSON in which every character can be printed: others are written by their numbers.
///
/// # Panics
///
/// If the value is not one of JSON.
#[must_use]
pub fn to_json<T: Serialize>(value: &T) -> String {
    let json = serde_json::to_string_pretty(value).expect("a value of JSON");
    let mut text = String::with_capacity(json.len());
    for c in json.chars() {
        if c == '\n' || !is_unprintable(c) {
            text.push(c);
        } else {
            text.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    text
}

/// A written text, between backticks, with unprintable characters escaped and a long text cut.
#[must_use]
pub fn quoted(text: &str) -> String {
    const LONGEST: usize = 300;
    let cut: String = text.chars().take(LONGEST).collect();
    let dots = if cut.len() < text.len() { "…" } else { "" };
    format!("`{}{dots}`", visible(&cut))
}

/// A path as a reader sees it, with forward slashes and unprintable characters escaped.
#[must_use]
pub fn display_path(path: &Path) -> String {
    visible(&path.display().to_string().replace('\\', "/"))
}

/// A name for comparing: its letters and digits, in lower case. Names that are equal then differ in style alone.
#[must_use]
pub fn normalized_name(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether two names have a word in common, or words of one stem, such as "revoke" and "revoked".
#[must_use]
pub fn share_a_word(one: &str, other: &str) -> bool {
    const STEM: usize = 4;
    let words = |name: &str| -> Vec<String> {
        let parts = name.split(|c: char| !c.is_alphanumeric()).map(str::to_lowercase);
        parts.filter(|word| word.chars().count() >= STEM || word.chars().any(|c| c.is_ascii_digit())).collect()
    };
    let others = words(other);
    let stem = |word: &str| word.chars().take(word.chars().count().max(STEM + 2) - 2).collect::<String>();
    words(one)
        .iter()
        .any(|word| others.iter().any(|other| word == other || other.starts_with(&stem(word)) || word.starts_with(&stem(other))))
}

/// A documented name without the backticks of its code spans.
#[must_use]
pub fn plain_name(name: &str) -> String {
    name.replace('`', "")
}

/// The word for a value in a table, such as `new-session`.
#[must_use]
pub fn key_word<T: Serialize>(value: T) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

/// A text with each run of white space as one space, and none at its ends.
#[must_use]
pub fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first 48 bits of the SHA-256 digest of a text, in hexadecimal.
#[must_use]
pub fn short_digest(text: &str) -> String {
    digest(text)[..12].to_owned()
}

/// The SHA-256 digest of a text, in hexadecimal.
#[must_use]
pub fn digest(text: &str) -> String {
    Sha256::digest(text.as_bytes()).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A string as TOML, in one line.
#[must_use]
pub fn toml_string(text: &str) -> String {
    TomlStringBuilder::new(text).as_basic().to_toml_value()
}

/// A text with a full stop at its end.
#[must_use]
pub fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?', ':', '…']) { text.to_owned() } else { format!("{text}.") }
}

/// A text that starts with an upper-case letter.
#[must_use]
pub fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// "1 row", "2 rows".
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

/// "`a`, `b` and `c`".
#[must_use]
pub fn quoted_list(items: &[&str], conjunction: &str) -> String {
    let items: Vec<String> = items.iter().map(|item| quoted(item)).collect();
    list(&items, conjunction)
}

/// "a, b and c".
#[must_use]
pub fn list(items: &[String], conjunction: &str) -> String {
    match items {
        [] => String::new(),
        [one] => one.clone(),
        [others @ .., last] => format!("{} {conjunction} {last}", others.join(", ")),
    }
}

/// The choice that a misspelt word probably means.
#[must_use]
pub fn closest<'a>(written: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let most = |choice: &str| choice.chars().count().div_ceil(3);
    // The distance of two texts is at least how much longer one of them is.
    let length = written.chars().count();
    let may_be = choices.into_iter().filter(|choice| length.abs_diff(choice.chars().count()) <= most(choice));
    let near = may_be.map(|choice| (strsim::damerau_levenshtein(written, choice), choice));
    let (distance, choice) = near.min()?;
    (distance <= most(choice)).then_some(choice)
}

/// The question after a misspelt word, where one of the choices is near.
#[must_use]
pub fn did_you_mean<'a>(written: &str, choices: impl IntoIterator<Item = &'a str>) -> Option<String> {
    closest(written, choices).map(|near| format!("did you mean {}?", quoted(near)))
}
