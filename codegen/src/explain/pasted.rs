//! What was typed or pasted, taken apart: numbers, names, and words that say which table is meant.

use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use heck::ToSnakeCase as _;

use crate::model::{Kind, Table};
use crate::text::{folded, normalized_name};

/// A number, or all numbers of a range or of `5xx`.
pub(super) type Numbers = RangeInclusive<u32>;

/// A text, taken apart.
#[derive(Debug, Default)]
pub(super) struct Pasted {
    /// The text, with each run of white space as one space.
    pub text: String,
    /// The numbers that a word calls codes, those of most digits first.
    pub codes: Vec<Numbers>,
    /// The other numbers, in the same order.
    pub numbers: Vec<Numbers>,
    /// What may be an identifier: the end of a path, and what is of several words.
    pub idents: BTreeSet<String>,
    /// All words, in lower case.
    pub words: BTreeSet<String>,
}

impl Pasted {
    /// Of a text that is no line any more, the start is read, and of its numbers a few.
    pub(super) fn new(text: &str) -> Self {
        const LONGEST: usize = 2000;
        const MOST: usize = 8;
        let text = folded(text).chars().take(LONGEST).map(plain_digit).collect();
        let mut pasted = Self { text, ..Self::default() };
        let mut before = String::new();
        // The letters of other scripts stand beside a number without a blank, and are in no name.
        for chunk in without_commas(&pasted.text).split(|c: char| !(c.is_ascii_alphanumeric() || "_.:/-".contains(c))) {
            pasted.read(chunk, &mut before);
        }
        for numbers in [&mut pasted.codes, &mut pasted.numbers] {
            numbers.sort_by_key(|numbers| std::cmp::Reverse(numbers.start().checked_ilog10()));
            numbers.truncate(MOST);
        }
        pasted
    }

    /// How many words say that this table is meant, by its name or by its kind; `code` says it of most.
    pub(super) fn fit(&self, table: &Table) -> i32 {
        let path = format!("{} {} {}", table.path, table.enum_name, table.path.file);
        let own: BTreeSet<String> = path.split(['/', ' ']).flat_map(words).collect();
        let fit = |word: &String| i32::from(own.contains(word)) + i32::from(kind_of(word) == Some(table.kind));
        self.words.iter().filter(|word| *word != "code").map(fit).sum()
    }

    /// Reads what has no blank, bracket or quote in it, after a word.
    fn read(&mut self, chunk: &str, before: &mut String) {
        let is_id = matches!(before.as_str(), "id" | "shard");
        let pair = |sign| chunk.split_once(sign).and_then(|(first, last)| Some((number(first)?, number(last)?)));
        match (pair('-'), pair('/')) {
            (Some(_), _) | (_, Some(_)) if is_id => return before.clear(),
            (Some((first, last)), _) if first < last => return self.codes.push(first..=last),
            // `4014/4015`; a smaller one is part of a date, or the number of a shard.
            (_, Some((one, other))) if one.min(other) > 99 => return self.codes.extend([one..=one, other..=other]),
            _ => {}
        }
        let pieces: Vec<&str> =
            chunk.split(['.', ':', '/', '-']).flat_map(word_and_number).filter(|piece| !piece.is_empty()).collect();
        let is_digits = |at: usize| pieces.get(at).is_some_and(|piece| piece.starts_with(|c: char| c.is_ascii_digit()));
        for (at, piece) in pieces.iter().enumerate() {
            if is_digits(at) {
                // Dates, times, versions and addresses are no codes, and neither is an id.
                let is_part = is_digits(at + 1) || at.checked_sub(1).is_some_and(is_digits);
                let is_id = matches!(before.as_str(), "id" | "shard");
                let called = if says_code(before) { &mut self.codes } else { &mut self.numbers };
                called.extend(numbers(piece).filter(|_| !is_part && !is_id));
                if is_id {
                    before.clear();
                }
                continue;
            }
            let words = words(piece);
            if words.len() > 1 || (pieces.len() > 1 && at + 1 == pieces.len()) {
                self.idents.insert(normalized_name(piece));
            }
            words.last().into_iter().for_each(|word| before.clone_from(word));
            self.words.extend(words);
        }
    }
}

/// A digit or a comma of East Asian text as the usual one.
fn plain_digit(c: char) -> char {
    "０１２３４５６７８９，".chars().zip("0123456789,".chars()).find(|(wide, _)| *wide == c).map_or(c, |(_, plain)| plain)
}

/// A text without the commas of `4,014` and `4,014,000`. Behind three digits of another number a comma is between two.
fn without_commas(text: &str) -> String {
    let is_digit = |c: char| c.is_ascii_digit();
    let mut joined = String::new();
    let mut is_open = false;
    for piece in text.split(',') {
        let before = joined.len() - joined.trim_end_matches(is_digit).len();
        let behind = piece.len() - piece.trim_start_matches(is_digit).len();
        let is_one = behind == 3 && (is_open || matches!(before, 1 | 2));
        is_open = is_one && piece.len() == behind;
        joined = joined + if is_one { "" } else { "," } + piece;
    }
    joined
}

/// A number as it is written.
pub(super) fn number(written: &str) -> Option<u32> {
    let digits = written.trim().replace('_', "");
    match digits.strip_prefix("0x").or_else(|| digits.strip_prefix("0X")) {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => digits.parse().ok(),
    }
}

/// A number, or those of `5xx`.
fn numbers(written: &str) -> Option<Numbers> {
    let places = u32::try_from(written.len() - written.trim_end_matches(['x', 'X']).len()).ok().filter(|places| *places > 1);
    let Some(places) = places else { return number(written).map(|number| number..=number) };
    let (size, start) = (10_u32.checked_pow(places)?, number(written.trim_end_matches(['x', 'X']))?);
    let first = start.checked_mul(size)?;
    Some(first..=first.checked_add(size - 1)?)
}

/// `op7` as a word and a number; what is no such word stays whole, as `v10`.
fn word_and_number(piece: &str) -> [&str; 2] {
    let (word, number) = piece.split_at(piece.find(|c: char| c.is_ascii_digit()).unwrap_or(piece.len()));
    if says_code(&word.to_lowercase()) { [word, number] } else { [piece, ""] }
}

/// The words of an identifier, in lower case.
fn words(ident: &str) -> Vec<String> {
    ident.to_snake_case().split('_').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether a number after this word is a code.
fn says_code(word: &str) -> bool {
    kind_of(word).is_some() || matches!(word, "code" | "with" | "some" | "library" | "reason")
}

/// The kind of tables that a word speaks of.
fn kind_of(word: &str) -> Option<Kind> {
    Some(match word {
        "op" | "opcode" | "opcodes" => Kind::Opcodes,
        "close" | "closed" | "closing" | "closure" | "disconnect" | "disconnected" | "websocket" | "ws" => Kind::CloseCodes,
        "http" | "status" => Kind::StatusCodes,
        "error" | "errors" | "api" | "json" => Kind::ErrorCodes,
        _ => return None,
    })
}
