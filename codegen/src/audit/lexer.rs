//! Source text of any language as tokens: words, numbers, texts and signs, without comments.
//!
//! Takes a text and the few habits of its language that change what a comment, a text or a declaration is. It never fails: what
//! it cannot read is a sign, or nothing.

use std::ops::Range;

/// A language, by its habits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Language(&'static [Habit]);

/// What a language does, and others do not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Habit {
    /// `#` starts a comment.
    HashComments,
    /// `//` and `/*` start a comment.
    SlashComments,
    /// A text in quotes may go on in the next line.
    LongTexts,
    /// `'a` may be a lifetime, and `r#"` starts a text.
    Lifetimes,
    /// The type stands behind the name, with nothing between: `Name Type = 5`.
    TypeBehind,
    /// Lines that are indented alike belong together.
    IndentBlocks,
}

/// The languages, by the endings of their files. The first is also for a file whose ending is not known.
const LANGUAGES: &[(&str, Language)] = &[
    (
        "ts tsx mts cts js jsx mjs cjs java kt kts cs c h cc cpp cxx hh hpp hxx dart swift scala groovy zig fs fsx d m mm v vb ml hs erl clj lua luau",
        Language(&[Habit::SlashComments]),
    ),
    ("rs", Language(&[Habit::SlashComments, Habit::LongTexts, Habit::Lifetimes])),
    ("go", Language(&[Habit::SlashComments, Habit::TypeBehind])),
    ("php", Language(&[Habit::SlashComments, Habit::HashComments, Habit::LongTexts])),
    ("py pyi ex exs rb cr nim gd jl r pl pm", Language(&[Habit::HashComments, Habit::IndentBlocks])),
];

impl Language {
    /// The language of a file with this ending, if it is known.
    pub(super) fn of_ending(ending: &str) -> Option<Self> {
        let has = |endings: &str| endings.split(' ').any(|known| known.eq_ignore_ascii_case(ending));
        LANGUAGES.iter().find(|(endings, _)| has(endings)).map(|(_, language)| *language)
    }

    /// For a file that was named although its ending is not known.
    pub(super) const USUAL: Self = LANGUAGES[0].1;

    pub(super) fn has(self, habit: Habit) -> bool {
        self.0.contains(&habit)
    }
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

/// The signs of more than one character that would mean something else by their parts.
const LONG_SIGNS: &[&str] = &["=>", "->", "==", "!=", "<=", ">=", "::", ":=", "+=", "|="];

/// The tokens of a text.
pub(super) fn tokens(text: &str, language: Language) -> Vec<Token<'_>> {
    let mut tokens: Vec<Token<'_>> = Vec::new();
    let (mut at, mut unclosed) = (0, Vec::new());
    while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
        let is_first = tokens.last().is_none_or(|last| matches!(last.kind, Kind::Line(_)));
        let comment = comment(rest, language, is_first);
        let (kind, length) = match comment {
            Some(length) => (None, length),
            None => token(rest, language, &mut unclosed),
        };
        if let (Some(Kind::Line(_)), Some(Kind::Line(_))) = (kind, tokens.last().map(|last| last.kind)) {
            tokens.pop();
        }
        if let Some(kind) = kind.filter(|kind| !(tokens.is_empty() && matches!(kind, Kind::Line(_)))) {
            tokens.push(Token { kind, range: at..at + length });
        }
        // Some write a number as a comment: `case name // 4004`.
        if let (Some(_), [.., Token { kind: Kind::Word("case"), .. }, Token { kind: Kind::Word(_), .. }]) =
            (comment, tokens.as_slice())
            && let digits = rest[..length].trim_start_matches(['/', ' '])
            && let number @ Kind::Number(_) = number(digits.trim_end())
        {
            let place = at + length - digits.len();
            tokens.push(Token { kind: Kind::Sign("="), range: place..place });
            tokens.push(Token { kind: number, range: place..place + digits.trim_end().len() });
        }
        at += length;
    }
    tokens
}

/// The length of the comment that a text starts with, or of the line of a preprocessor.
fn comment(rest: &str, language: Language, is_first: bool) -> Option<usize> {
    if language.has(Habit::SlashComments) && rest.starts_with("/*") {
        return Some(rest[2..].find("*/").map_or(rest.len(), |end| end + 4));
    }
    let is_comment = match rest.strip_prefix('#') {
        Some(hash) if language.has(Habit::HashComments) => !hash.starts_with('['),
        Some(hash) => is_first && hash.trim_start().starts_with(char::is_lowercase) && !hash.trim_start().starts_with("define"),
        None => language.has(Habit::SlashComments) && rest.starts_with("//"),
    };
    is_comment.then(|| rest.find('\n').unwrap_or(rest.len()))
}

/// The token that a text starts with, and its length. White space is no token.
fn token<'a>(rest: &'a str, language: Language, unclosed: &mut Vec<Unclosed>) -> (Option<Kind<'a>>, usize) {
    if let Some(line) = rest.strip_prefix('\n') {
        return (Some(Kind::Line(line.len() - line.trim_start_matches([' ', '\t']).len())), 1);
    }
    if let Some((inner, length)) = quoted(rest, language, unclosed) {
        return (Some(Kind::Text(inner)), length);
    }
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let word = &rest[..rest.find(|c: char| !is_part(c)).unwrap_or(rest.len())];
    if !word.is_empty() {
        return (Some(if word.starts_with(|c: char| c.is_ascii_digit()) { number(word) } else { Kind::Word(word) }), word.len());
    }
    let first = rest.chars().next().unwrap_or_default();
    let length = LONG_SIGNS.iter().find(|sign| rest.starts_with(**sign)).map_or(first.len_utf8(), |sign| sign.len());
    (Some(Kind::Sign(&rest[..length])).filter(|_| !first.is_whitespace()), length)
}

/// A number, which may have a type behind it. One that does not fit is a sign.
fn number(word: &str) -> Kind<'_> {
    let digits = word.replace('_', "").to_ascii_lowercase();
    let prefixed =
        [("0x", 16), ("0o", 8), ("0b", 2)].into_iter().find_map(|(start, radix)| Some((digits.strip_prefix(start)?, radix)));
    let (digits, radix) = prefixed.unwrap_or((&digits, 10));
    let (digits, kind) = digits.split_at(digits.find(|c: char| !c.is_digit(radix)).unwrap_or(digits.len()));
    // What `07647` is, the languages do not agree on.
    let is_clear = radix != 10 || digits.len() == 1 || !digits.starts_with('0');
    let is_whole = is_clear && (kind.is_empty() || kind.starts_with(['u', 'i', 'l', 'n', 's']));
    let value = u32::from_str_radix(digits, radix).ok().filter(|_| is_whole);
    value.map_or(Kind::Sign("0."), Kind::Number)
}

/// The end of a text in quotes that does not come before so many bytes are left.
type Unclosed = (String, usize);

/// The text in quotes that a text starts with: what is inside, and the length with the quotes. Nothing is searched for an end twice.
fn quoted<'a>(rest: &'a str, language: Language, unclosed: &mut Vec<Unclosed>) -> Option<(&'a str, usize)> {
    let has_lifetimes = language.has(Habit::Lifetimes);
    let raw = rest.strip_prefix('b').unwrap_or(rest).strip_prefix('r').filter(|_| has_lifetimes);
    let raw = raw.and_then(|raw| Some((raw, raw.trim_start_matches('#').strip_prefix('"')?)));
    // Nobody writes as many `#`, and each number of them is another end.
    let raw = raw.filter(|(raw, inner)| raw.len() - inner.len() < 16);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'' | '`'));
    let (inner, end, is_long) = match (raw, quote) {
        (Some((raw, inner)), _) => (inner, format!("\"{}", "#".repeat(raw.len() - inner.len() - 1)), true),
        (None, None) => return None,
        (None, Some(quote)) if rest.starts_with("\"\"\"") || rest.starts_with("'''") => {
            (&rest[3..], quote.to_string().repeat(3), true)
        }
        (None, Some(quote)) => {
            let is_long = quote == '`' || language.has(Habit::LongTexts) && (quote == '"' || !has_lifetimes);
            (&rest[1..], quote.to_string(), is_long)
        }
    };
    let mut first = inner.chars();
    let is_lifetime = end == "'" && has_lifetimes && first.next() != Some('\\') && first.next() != Some('\'');
    if is_lifetime || unclosed.iter().any(|(other, left)| *other == end && rest.len() > *left) {
        return None;
    }
    let mut left = 0;
    let mut is_escaped = false;
    for (at, c) in inner.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = raw.is_none(),
            '\n' if !is_long => {
                left = inner.len() - at;
                break;
            }
            _ if inner[at..].starts_with(&end) => return Some((&inner[..at], rest.len() - inner.len() + at + end.len())),
            _ => {}
        }
    }
    unclosed.retain(|(other, _)| *other != end);
    unclosed.push((end, left));
    None
}
