//! Proposals for identifiers: short, readable, and the same every time.
//!
//! A proposal depends on the name alone; only where several codes of a table would get the same one is the number added, to
//! all of them. A proposal is made once, when a row is new; from then on the table keeps it.

use std::collections::{HashMap, HashSet};

use heck::ToUpperCamelCase;

use crate::model::{Ident, reserved};

/// The longest identifier that is proposed, in characters.
pub const LONGEST: usize = 40;

/// The part of a name that is looked at, in characters.
const LONGEST_NAME: usize = 400;

/// Words that never tell codes apart.
const ARTICLES: [&str; 3] = ["a", "an", "the"];

/// Turns of phrase that say the same in fewer words.
const SHORTER: [(&str, &str); 4] =
    [("maximum number of", "maximum"), (" has been ", " "), (" have been ", " "), (" in order to perform this action", "")];

/// Words that may go where a name is too long, from the first to go to the last.
const FILLERS: [&[&str]; 4] = [
    &[
        "this", "that", "these", "there", "either", "both", "you", "your", "its", "it", "must", "is", "are", "was", "were",
        "has", "have",
    ],
    &["provided", "specified", "being", "been", "perform", "such", "as", "which"],
    &["to", "of", "for", "in", "on", "by", "at", "with", "from", "into", "when", "due", "than"],
    &["be", "or", "and"],
];

/// Words that say nothing at the end of an identifier.
const DANGLING: [&str; 17] =
    ["to", "of", "for", "in", "on", "by", "at", "with", "from", "and", "or", "be", "can", "cannot", "not", "non", "than"];

/// An identifier for a code with this documented name.
#[must_use]
pub fn propose(name: &str, value: u32) -> String {
    let mut words = words(name);
    for fillers in FILLERS {
        if length(&words) <= LONGEST {
            break;
        }
        words.retain(|word| !fillers.contains(&word.lower.as_str()));
    }
    let too_long = length(&words) > LONGEST;
    while words.len() > 1 && too_long && (length(&words) > LONGEST || dangles(&words)) {
        words.pop();
    }
    let ident: String = words.iter().flat_map(|word| word.camel.chars()).take(LONGEST).collect();
    if ident.starts_with(|c: char| c.is_ascii_digit()) {
        format!("Code{ident}")
    } else if ident.is_empty() {
        format!("Code{value}")
    } else if Ident::new(&ident).is_none() || reserved::variant(&ident).is_some() {
        format!("{ident}Code")
    } else {
        ident
    }
}

/// Identifiers for several new codes of one table, none of them alike but for case. `taken` says which are in use there.
///
/// They do not depend on the order of the codes: where several would get the same one, each of them gets its number.
pub fn propose_all(names: &[(&str, u32)], taken: impl Fn(&str) -> bool) -> Vec<String> {
    let mut idents: Vec<String> = names.iter().map(|(name, value)| propose(name, *value)).collect();
    let mut is_numbered = vec![false; names.len()];
    // A number may make an identifier that another code has by its name: that one gets its number in the next round.
    for _ in 0..ROUNDS {
        let keys: Vec<String> = idents.iter().map(|ident| ident.to_ascii_lowercase()).collect();
        let mut count: HashMap<&str, usize> = HashMap::new();
        for key in &keys {
            *count.entry(key).or_default() += 1;
        }
        let collides = |at: &usize| taken(&idents[*at]) || count[keys[*at].as_str()] > 1;
        let colliding: Vec<usize> = (0..idents.len()).filter(collides).collect();
        let fresh: Vec<usize> = colliding.iter().copied().filter(|at| !is_numbered[*at]).collect();
        let next = if fresh.is_empty() { colliding } else { fresh };
        if next.is_empty() {
            break;
        }
        for at in next {
            idents[at] = numbered(&idents[at], names[at].1);
            is_numbered[at] = true;
        }
    }
    distinct(idents, taken)
}

/// How often numbers are added before a counter decides.
const ROUNDS: usize = 4;

fn numbered(ident: &str, value: u32) -> String {
    let between = if ident.ends_with(|c: char| c.is_ascii_digit()) { "Code" } else { "" };
    let end = format!("{between}{value}");
    let stem: String = ident.chars().take(LONGEST - end.len()).collect();
    format!("{stem}{end}")
}

/// The last resort: a letter more for what is still taken.
fn distinct(idents: Vec<String>, taken: impl Fn(&str) -> bool) -> Vec<String> {
    let mut seen = HashSet::new();
    let choose = |mut ident: String| {
        while taken(&ident) || !seen.insert(ident.to_ascii_lowercase()) {
            ident.push('X');
        }
        ident
    };
    idents.into_iter().map(choose).collect()
}

/// A word of a name.
struct Word {
    /// In lower case, for comparing.
    lower: String,
    /// As it is in an identifier.
    camel: String,
}

impl Word {
    fn new(word: &str) -> Self {
        let lower = word.to_ascii_lowercase();
        // An acronym is a word, and so is its plural: "SKUs" becomes "Skus".
        let stem = word.strip_suffix('s').unwrap_or(word);
        let is_acronym = stem.len() > 1 && stem.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        let camel = if is_acronym { lower.to_upper_camel_case() } else { word.to_upper_camel_case() };
        Self { lower, camel }
    }
}

fn length(words: &[Word]) -> usize {
    words.iter().map(|word| word.camel.len()).sum()
}

/// The words of a name that its identifier is made of. All are ASCII.
fn words(name: &str) -> Vec<Word> {
    // The first words tell codes apart; a name that is a whole page is not read to its end.
    let name: String = name.chars().take(LONGEST_NAME).filter(|c| !matches!(c, '\'' | '’' | '`')).collect();
    let name = name.replace("(s)", "s");
    let name = without_parentheses(&name);
    let mut name = first_sentence(&name).to_owned();
    let mut lower = name.to_ascii_lowercase();
    for (long, short) in SHORTER {
        if let Some(at) = lower.find(long) {
            name.replace_range(at..at + long.len(), short);
            lower.replace_range(at..at + long.len(), short);
        }
    }
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty() && word.is_ascii());
    let mut words: Vec<Word> = words.map(Word::new).collect();
    let is_article = |word: &Word| ARTICLES.contains(&word.lower.as_str());
    if !words.iter().all(is_article) {
        words.retain(|word| !is_article(word));
    }
    words
}

/// A text without what is in parentheses; an open parenthesis goes to the end.
fn without_parentheses(text: &str) -> String {
    let mut depth = 0_usize;
    let kept = text.chars().filter(|c| match c {
        '(' => {
            depth += 1;
            false
        }
        ')' => {
            depth = depth.saturating_sub(1);
            false
        }
        _ => depth == 0,
    });
    let kept: String = kept.collect();
    if kept.trim().is_empty() { text.to_owned() } else { kept }
}

/// A text up to the end of its first sentence, or to a limit after a colon.
fn first_sentence(text: &str) -> &str {
    let ends = [". ", "; ", ", "].iter().filter_map(|end| text.find(end));
    let limit = text.find(": ").filter(|at| text[at + 2..].starts_with(|c: char| c.is_ascii_digit()));
    let end = ends.chain(limit).filter(|at| *at > 0).min();
    &text[..end.unwrap_or(text.len())]
}

fn dangles(words: &[Word]) -> bool {
    words.last().is_some_and(|word| DANGLING.contains(&word.lower.as_str()))
}
