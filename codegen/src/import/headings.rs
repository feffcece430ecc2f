//! Headings: which of our tables a table of a page means, and what a new table is.
//!
//! A table is found by its `title` or its `headings`, and if no name leads to it, by equal numbers and names. The headings
//! around its own find no table by themselves: they name a new one where its own heading is generic ("Close Codes"), and tell
//! tables under one such heading apart.

use heck::{ToKebabCase, ToUpperCamelCase};

use crate::model::{Ident, Kind, Repr, fault_of_module};
use crate::text::quoted;

/// What the words of a heading say a table lists, if they say it.
pub fn kind_of(heading: &str) -> Option<Kind> {
    let words = words(heading);
    let has = |wanted: &[&str]| words.iter().any(|word| wanted.contains(&word.as_str()));
    if has(&["opcode"]) {
        Some(Kind::Opcodes)
    } else if has(&["disconnect", "disconnection", "closure"]) || has(&["close"]) && has(&["code", "reason", "event", "message"])
    {
        Some(Kind::CloseCodes)
    } else if has(&["status", "response"]) && has(&["code"]) {
        Some(Kind::StatusCodes)
    } else if has(&["error"]) {
        Some(Kind::ErrorCodes)
    } else {
        None
    }
}

/// The header of a table that is new.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewTable {
    /// The name of its file, without `.toml`.
    pub file: String,
    /// The name of its enum.
    pub enum_name: String,
    /// What its codes say.
    pub summary: String,
}

impl NewTable {
    /// Names a new table by its heading, with the headings around it as far as its own is generic.
    pub fn new(heading: &str, outer: &[String]) -> Self {
        let mut words = words_of_name(heading);
        let is_generic = |words: &[String]| words.iter().all(|word| GENERIC.contains(&word.as_str()));
        let outer = || outer.iter().rev().map(|outer| words_of_name(outer)).find(|words| !is_generic(words));
        if let Some(outer) = is_generic(&words).then(outer).flatten() {
            words = [outer, words].concat();
        }
        if let Some(last) = words.last_mut() {
            *last = plural(last);
        }
        let name = words.join("-").to_kebab_case();
        let name = if name.starts_with(|c: char| c.is_ascii_lowercase()) { name } else { format!("codes-{name}") };
        Self::of_file(name.trim_matches('-'), heading)
    }

    /// Names a new table by the file that was asked for.
    pub fn of_file(file: &str, heading: &str) -> Self {
        let mut file = file.to_owned();
        if fault_of_module(&file.replace('-', "_")).is_some() {
            file = format!("{file}-codes");
        }
        let mut words: Vec<String> = file.split('-').map(str::to_owned).collect();
        if let Some(last) = words.last_mut() {
            *last = singular(last);
        }
        let name = words.join("-").to_upper_camel_case();
        let enum_name = if Ident::new(&name).is_some() { name } else { "Code".to_owned() };
        Self { file, enum_name, summary: format!("The codes of the table {}.", quoted(heading)) }
    }
}

/// The narrowest type that tables of a kind usually have.
pub fn usual_repr(kind: Kind) -> Repr {
    match kind {
        Kind::Opcodes => Repr::U8,
        Kind::CloseCodes | Kind::StatusCodes => Repr::U16,
        Kind::ErrorCodes => Repr::U32,
    }
}

/// Words that name no table by themselves.
const GENERIC: [&str; 10] =
    ["opcode", "opcodes", "code", "codes", "close", "error", "errors", "status", "response", "disconnect"];

/// The words of the name of a new table: those of its heading that tell it from others.
fn words_of_name(heading: &str) -> Vec<String> {
    let mut words: Vec<String> =
        words(without_numbering(heading)).into_iter().filter(|word| !["list", "the", "and"].contains(&word.as_str())).collect();
    if words.iter().any(|word| word == "close") {
        words.retain(|word| word != "event");
    }
    words
}

/// A heading without the number of its section, and without the numbers of its codes in brackets.
fn without_numbering(heading: &str) -> &str {
    let heading = heading.trim();
    let number = heading.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
    let heading = if number.starts_with(' ') && heading[..heading.len() - number.len()].contains('.') {
        number.trim_start()
    } else {
        heading
    };
    match heading.strip_suffix(')').and_then(|rest| rest.rsplit_once('(')) {
        Some((before, inner)) if inner.contains(|c: char| c.is_ascii_digit()) && !before.trim().is_empty() => before.trim_end(),
        _ => heading,
    }
}

/// The words of a heading in lower case and singular; the name of an enum is taken apart, and "OP codes" is one word.
fn words(heading: &str) -> Vec<String> {
    let kebab = |word: &str| if is_initialism(word) { word.to_lowercase() } else { word.to_kebab_case() };
    let words = heading.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    let kebab = words.map(kebab).collect::<Vec<_>>().join("-").replace("op-code", "opcode");
    kebab.split('-').filter(|word| !word.is_empty()).map(singular).collect()
}

/// Whether a word is capital letters with a short end, such as `RESTful` or `APIs`.
fn is_initialism(word: &str) -> bool {
    const LONGEST_END: usize = 3;
    let end = word.trim_start_matches(|c: char| c.is_ascii_uppercase());
    word.len() - end.len() > 1 && end.len() <= LONGEST_END && end.chars().all(|c| c.is_ascii_lowercase())
}

fn singular(word: &str) -> String {
    if let Some(stem) = word.strip_suffix("ies").filter(|stem| stem.len() > 1) {
        return format!("{stem}y");
    }
    match word.strip_suffix('s') {
        Some(stem) if stem.len() > 1 && !stem.ends_with(['s', 'u', 'i']) => stem.to_owned(),
        _ => word.to_owned(),
    }
}

fn plural(word: &str) -> String {
    let before_y = word.strip_suffix('y').filter(|stem| !stem.is_empty() && !stem.ends_with(['a', 'e', 'i', 'o', 'u']));
    match before_y {
        Some(stem) => format!("{stem}ies"),
        None if word.ends_with('s') => word.to_owned(),
        None if ["x", "ch", "sh"].iter().any(|end| word.ends_with(end)) => format!("{word}es"),
        None => format!("{word}s"),
    }
}
