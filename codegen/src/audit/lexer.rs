//! Source text of any language as tokens: words, numbers, texts and signs, without comments.
//!
//! Takes a text and the few habits of its language that change what a comment or a text is. It never fails: what it cannot
//! read is a sign, or nothing.

use std::ops::Range;

/// The habits of a language that change what is a comment, a text, or the name in a declaration.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Language {
    /// Whether `#` starts a comment.
    pub has_hash_comments: bool,
    /// Whether `//` and `/*` start one.
    pub has_slash_comments: bool,
    /// Whether a text in quotes may go on in the next line.
    pub has_long_texts: bool,
    /// Whether `'a` may be a lifetime.
    pub has_lifetimes: bool,
    /// Whether the type stands behind the name, with nothing between: `Name Type = 5`.
    pub has_type_behind: bool,
    /// Whether lines that are indented alike belong together.
    pub has_blocks_by_indent: bool,
}

/// The languages, by the endings of their files.
const LANGUAGES: &[(&str, Language)] = &[
    ("rs", Language { has_long_texts: true, has_lifetimes: true, ..SLASHES }),
    ("ts tsx mts cts js jsx mjs cjs java kt kts cs c h cc cpp cxx hh hpp hxx dart swift scala m mm zig vala", SLASHES),
    ("go", Language { has_type_behind: true, ..SLASHES }),
    ("php", Language { has_hash_comments: true, has_long_texts: true, ..SLASHES }),
    ("py pyi ex exs rb cr nim", Language { has_hash_comments: true, has_blocks_by_indent: true, ..NOTHING }),
];

const NOTHING: Language = Language {
    has_hash_comments: false,
    has_slash_comments: false,
    has_long_texts: false,
    has_lifetimes: false,
    has_type_behind: false,
    has_blocks_by_indent: false,
};
const SLASHES: Language = Language { has_slash_comments: true, ..NOTHING };

impl Language {
    /// The language of a file with this ending, if it is known.
    pub(super) fn of_ending(ending: &str) -> Option<Self> {
        let has = |endings: &str| endings.split(' ').any(|known| known.eq_ignore_ascii_case(ending));
        LANGUAGES.iter().find(|(endings, _)| has(endings)).map(|(_, language)| *language)
    }

    /// For a file that was named although its ending is not known.
    pub(super) const UNKNOWN: Self = SLASHES;
}

/// One token.
#[derive(Clone, Debug)]
pub(super) struct Token<'a> {
    pub kind: Kind<'a>,
    /// Its bytes, with the quotes of a text.
    pub range: Range<usize>,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind<'a> {
    /// A name or a keyword.
    Word(&'a str),
    /// A whole number.
    Number(u32),
    /// What is between quotes.
    Text(&'a str),
    /// A character, or several that are one sign. A number that is no code is `0.`.
    Sign(&'a str),
    /// The end of one line or more. The number is the indent of the next.
    Line(usize),
}

/// The signs of more than one character.
const LONG_SIGNS: &[&str] = &["=>", "->", "==", "!=", "<=", ">=", "::", ":=", "<<", ">>", "&&", "||", "..", "+=", "|="];

/// The tokens of a text.
pub(super) fn tokens(text: &str, language: Language) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let (mut at, mut unclosed) = (0, Vec::new());
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let is_first = tokens.last().is_none_or(|last| matches!(last.kind, Kind::Line(_)));
        let (kind, length) = match comment(rest, language, is_first) {
            Some(length) => {
                // `case name // 4004`
                let beside = rest[..length].strip_prefix("//").and_then(|text| number(text.trim(), text.trim()).0);
                let last: Vec<Kind<'_>> = tokens.iter().rev().take(2).map(|token| token.kind).collect();
                if let (Some(Kind::Number(_)), [Kind::Word(_), Kind::Word("case")]) = (beside, &last[..]) {
                    let place = at + length - rest[..length].trim_start_matches('/').trim_start().len();
                    tokens.push(Token { kind: Kind::Sign("="), range: place..place });
                    tokens.extend(beside.map(|kind| Token { kind, range: place..at + length }));
                }
                (None, length)
            }
            None => token(rest, language, &mut unclosed),
        };
        if let Some(kind) = kind {
            match (kind, tokens.last_mut()) {
                (Kind::Line(_), None) => {}
                (Kind::Line(indent), Some(Token { kind: Kind::Line(last), .. })) => *last = indent,
                _ => tokens.push(Token { kind, range: at..at + length }),
            }
        }
        at += length;
    }
    tokens
}

/// The length of the comment that a text starts with, or of the line of a preprocessor.
fn comment(rest: &str, language: Language, is_first: bool) -> Option<usize> {
    let line = || rest.find('\n').unwrap_or(rest.len());
    let directive = rest.strip_prefix('#').map(str::trim_start).filter(|_| is_first && !language.has_hash_comments);
    let is_ours = |rest: &str| rest.starts_with("define") || !rest.starts_with(|c: char| c.is_ascii_lowercase());
    if language.has_slash_comments && rest.starts_with("/*") {
        return Some(rest[2..].find("*/").map_or(rest.len(), |end| end + 4));
    }
    let is_line = language.has_slash_comments && rest.starts_with("//")
        || language.has_hash_comments && rest.starts_with('#') && !rest.starts_with("#[")
        || directive.is_some_and(|directive| !is_ours(directive));
    is_line.then(line)
}

/// The token that a text starts with, and its length. White space is no token.
fn token<'a>(rest: &'a str, language: Language, unclosed: &mut Vec<String>) -> (Option<Kind<'a>>, usize) {
    let first = rest.chars().next().unwrap_or_default();
    let next = rest[first.len_utf8()..].chars().next().unwrap_or_default();
    if first == '\n' {
        let line = &rest[1..];
        return (Some(Kind::Line(line.len() - line.trim_start_matches([' ', '\t']).len())), 1);
    }
    if let Some((inner, length)) = quoted(rest, language, unclosed) {
        return (Some(Kind::Text(inner)), length);
    }
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let word = &rest[..rest.find(|c: char| !is_part(c)).unwrap_or(rest.len())];
    if first.is_ascii_digit() {
        return number(rest, word);
    }
    if !word.is_empty() {
        return (Some(Kind::Word(word)), word.len());
    }
    let is_long = |sign: &&&str| sign.starts_with(first) && sign.ends_with(next) && rest.starts_with(**sign);
    if let Some(sign) = LONG_SIGNS.iter().find(is_long) {
        return (Some(Kind::Sign(sign)), sign.len());
    }
    let length = first.len_utf8();
    (Some(Kind::Sign(&rest[..length])).filter(|_| !first.is_whitespace()), length)
}

/// A number, and its length. A fraction, and a number that does not fit, is a sign.
fn number<'a>(rest: &'a str, word: &'a str) -> (Option<Kind<'a>>, usize) {
    let after = &rest[word.len()..];
    let fraction = after.strip_prefix('.').filter(|after| after.starts_with(|c: char| c.is_ascii_digit()));
    if let Some(fraction) = fraction {
        let digits = fraction.len() - fraction.trim_start_matches(|c: char| c.is_alphanumeric()).len();
        return (Some(Kind::Sign("0.")), word.len() + 1 + digits);
    }
    let digits = word.replace('_', "");
    let lower = digits.to_ascii_lowercase();
    let value = match lower.strip_prefix("0x") {
        Some(hexadecimal) => u32::from_str_radix(hexadecimal, 16).ok(),
        None => {
            let end = lower.find(|c: char| !c.is_ascii_digit()).unwrap_or(lower.len());
            let (number, suffix) = lower.split_at(end);
            let is_type = matches!(suffix, "" | "l" | "u" | "ul" | "n" | "ll" | "s" | "us") || suffix.starts_with(['u', 'i']);
            number.parse().ok().filter(|_| is_type)
        }
    };
    (Some(value.map_or(Kind::Sign("0."), Kind::Number)), word.len())
}

/// The text in quotes that a text starts with: what is inside, and the length with the quotes. `unclosed` has the ends that do
/// not come any more, so that no text is searched for them twice.
fn quoted<'a>(rest: &'a str, language: Language, unclosed: &mut Vec<String>) -> Option<(&'a str, usize)> {
    let raw = rest.strip_prefix('b').unwrap_or(rest).strip_prefix('r').filter(|_| language.has_lifetimes);
    let raw = raw.and_then(|raw| Some((raw, raw.trim_start_matches('#').strip_prefix('"')?)));
    let three = ["\"\"\"", "'''"].into_iter().find(|three| rest.starts_with(three));
    let (inner, end) = match (raw, three) {
        (Some((raw, inner)), _) => (inner, format!("\"{}", "#".repeat(raw.len() - inner.len() - 1))),
        (None, Some(three)) => (&rest[three.len()..], three.to_owned()),
        (None, None) => return between(rest, language, unclosed),
    };
    if unclosed.contains(&end) {
        return None;
    }
    let Some(length) = inner.find(&end) else {
        unclosed.push(end);
        return None;
    };
    Some((&inner[..length], rest.len() - inner.len() + length + end.len()))
}

/// The text between two single quotation marks, with characters that are escaped.
fn between<'a>(rest: &'a str, language: Language, unclosed: &mut Vec<String>) -> Option<(&'a str, usize)> {
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let mut inside = rest[1..].chars();
    let is_lifetime = quote == '\'' && language.has_lifetimes && inside.next() != Some('\\') && inside.next() != Some('\'');
    if is_lifetime || unclosed.iter().any(|end| end.len() == 1 && end.starts_with(quote)) {
        return None;
    }
    let is_long = quote == '`' || language.has_long_texts && (quote == '"' || !language.has_lifetimes);
    let mut is_escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '\n' if !is_long => return None,
            _ if c == quote => return Some((&rest[1..at], at + 1)),
            _ => {}
        }
    }
    unclosed.push(quote.to_string());
    None
}
