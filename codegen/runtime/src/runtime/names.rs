//! From a text to the row that it names, without a search.
//!
//! The compiler fills a hash table with the positions of all rows by the letters of their names, so that a name is found however
//! it is written. The rows of a slot are compared with the text.

use super::row::{letters, Called, Row, DOCUMENTED};

/// A slot of the hash table: the lower half of a hash, then one more than a position. Zero is free.
pub(crate) type Slot = u32;

/// The position in a slot, with one added.
const POSITION: u32 = 0xFFFF;

/// The hash table of these rows. Their number is a power of two, and at least half of them stay free.
pub(crate) const fn slots<D, const SLOTS: usize>(rows: &[Row<D>]) -> [Slot; SLOTS] {
    let mut slots = [0; SLOTS];
    let (mut at, mut nth) = (0, 0);
    while at < rows.len() {
        match rows[at].called().nth(nth) {
            None => {
                at += 1;
                nth = 0;
            }
            Some(name) if name.is_empty() => nth += 1,
            Some(name) => {
                // An identifier has letters alone, and the compiler goes through letters for long.
                let hash = if nth == DOCUMENTED { hash_of_letters(name) } else { hash(name.as_bytes()) };
                slots[slot_for(&slots, hash, at)] = taken(hash, at);
                nth += 1;
            }
        }
    }
    slots
}

/// The position of the row that a text names: exactly, or else ignoring case, spaces and punctuation.
///
/// A name that fits several rows names none of them. Without slots, as for rows that are many, each row is compared.
pub(crate) fn find_name<D>(slots: &[Slot], rows: &[Row<D>], text: &str) -> Option<usize> {
    let hash = hash(text.as_bytes());
    let with_ident = positions(slots, hash).find(|at| rows[*at].ident == text);
    with_ident.or_else(|| find_by_letters(slots, hash, text, rows.len(), &|at| rows[at].called()))
}

/// The same for a text that is no identifier. It is compiled once for all kinds of rows.
#[cold]
fn find_by_letters(slots: &[Slot], hash: u32, text: &str, rows: usize, called: &dyn Fn(usize) -> Called) -> Option<usize> {
    let hash = if has_letters_alone(text) {
        hash
    } else if text.is_ascii() {
        hash_of_ascii_letters(text)
    } else {
        // Outside of ASCII, a letter has other bytes in lower case, and the hash does not see that they are the same.
        return find_in(0..rows, text, called);
    };
    if slots.is_empty() {
        find_in(0..rows, text, called)
    } else {
        find_in(positions(slots, hash), text, called)
    }
}

/// The positions from the first slot of a hash to the next free one, where the lower half of the hash is the same.
#[derive(Clone)]
struct Positions<'a> {
    slots: &'a [Slot],
    hash: u32,
    step: usize,
}

impl Iterator for Positions<'_> {
    type Item = usize;

    #[inline]
    fn next(&mut self) -> Option<usize> {
        loop {
            let at = (first_slot(self.hash) + self.step) & self.slots.len().wrapping_sub(1);
            let slot = *self.slots.get(at).filter(|slot| **slot != 0)?;
            self.step += 1;
            if slot >> 16 == self.hash & POSITION {
                return Some((slot & POSITION) as usize - 1);
            }
        }
    }
}

#[inline]
fn positions(slots: &[Slot], hash: u32) -> Positions<'_> {
    Positions { slots, hash, step: 0 }
}

/// The one of some rows that a text names.
fn find_in(positions: impl Iterator<Item = usize> + Clone, text: &str, called: &dyn Fn(usize) -> Called) -> Option<usize> {
    let exact = positions.clone().find(|at| called(*at).is(&|name| name == text));
    exact.or_else(|| only_one(positions, text, called))
}

/// The only one of some rows that a text names, ignoring case, spaces and punctuation.
fn only_one(mut positions: impl Iterator<Item = usize>, text: &str, called: &dyn Fn(usize) -> Called) -> Option<usize> {
    let is_alike = |name: &str| name.eq_ignore_ascii_case(text) || letters(name).eq(letters(text));
    let fits = |at: &usize| called(*at).is(&is_alike);
    let first = positions.find(fits)?;
    // A text without a letter fits every name without one.
    letters(text).next()?;
    // Names that differ in punctuation alone. An identifier is the only one of its letters.
    if positions.filter(fits).all(|at| at == first) {
        Some(first)
    } else {
        None
    }
}

/// The slot of a hash and a position: the first free one, or the one that they have already, as from a name that differs from
/// another one of the row in punctuation alone.
const fn slot_for<const SLOTS: usize>(slots: &[Slot; SLOTS], hash: u32, at: usize) -> usize {
    let mut slot = first_slot(hash) % SLOTS;
    while slots[slot] != 0 && slots[slot] != taken(hash, at) {
        slot = (slot + 1) % SLOTS;
    }
    slot
}

/// What a slot has for a hash and a position.
#[allow(clippy::cast_possible_truncation)]
const fn taken(hash: u32, at: usize) -> Slot {
    hash << 16 | (at as Slot + 1)
}

/// Where a hash is looked for first: its upper half.
const fn first_slot(hash: u32) -> usize {
    (hash >> 16) as usize
}

/// The hash of all bytes of a text.
const fn hash(text: &[u8]) -> u32 {
    // What `hash_each` does, for eight bytes at a time.
    if let [.., a, b, c, d, e, f, g, h] = text {
        let last = u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]);
        let (mut mixed, mut rest) = (0, text);
        while let [a, b, c, d, e, f, g, h, after @ ..] = rest {
            if after.is_empty() {
                break;
            }
            mixed = mix(mixed, u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]));
            rest = after;
        }
        return end(mixed, last, text.len());
    }
    hash_each(text, false)
}

/// The hash of the letters and digits of a text. Outside of ASCII every character counts as a letter.
const fn hash_of_letters(text: &str) -> u32 {
    hash_each(text.as_bytes(), true)
}

/// The hash of each byte of a text, or of its letters.
const fn hash_each(text: &[u8], only_letters: bool) -> u32 {
    // Of each eight bytes that others follow; the last eight; and how many there are.
    let (mut mixed, mut last, mut bytes) = (0, 0, 0);
    let mut rest = text;
    while let [byte, after @ ..] = rest {
        // The compiler runs this for each name, and takes long to call a function.
        if !only_letters || matches!(*byte, b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | 0x80..=0xFF) {
            if bytes > 0 && bytes % 8 == 0 {
                mixed = mix(mixed, last);
            }
            last = last >> 8 | (*byte as u64) << 56;
            bytes += 1;
        }
        rest = after;
    }
    end(mixed, last, bytes)
}

/// The same for a text in ASCII, in less time.
fn hash_of_ascii_letters(text: &str) -> u32 {
    let mut letters = [0; 128];
    if text.len() > letters.len() {
        return hash_of_letters(text);
    }
    let mut count = 0;
    for byte in text.bytes() {
        // Without a branch: nobody can predict where there is punctuation. The next letter overwrites it.
        letters[count % letters.len()] = byte;
        count += usize::from(byte.is_ascii_alphanumeric());
    }
    hash(&letters[..count])
}

/// The hash after the last eight bytes of so many.
#[allow(clippy::cast_possible_truncation)]
const fn end(mixed: u64, last: u64, bytes: usize) -> u32 {
    (mix(mixed, last).wrapping_add(bytes as u64).wrapping_mul(FACTOR) >> 32) as u32
}

/// Mixes eight bytes into a hash, in which a letter is the same in both cases.
const fn mix(hash: u64, bytes: u64) -> u64 {
    let mixed = (hash ^ (bytes | LOWER_CASE)).wrapping_mul(FACTOR);
    mixed ^ mixed >> 32
}

/// The bit by which the two cases of an ASCII letter differ, in each of eight bytes.
const LOWER_CASE: u64 = 0x2020_2020_2020_2020;

/// The golden ratio in 64 bits: a product with it depends on all lower bits of the other factor.
const FACTOR: u64 = 0x9E37_79B9_7F4A_7C15;

/// Whether a text has ASCII letters and digits alone, so that the hash of its letters is that of the text.
fn has_letters_alone(text: &str) -> bool {
    let mut rest = text.as_bytes();
    while let [a, b, c, d, e, f, g, h, after @ ..] = rest {
        if !are_letters(u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h])) {
            return false;
        }
        rest = after;
    }
    rest.iter().all(u8::is_ascii_alphanumeric)
}

/// Whether eight bytes are ASCII letters and digits.
///
/// A sum sets the highest bit of each byte that is at least the first letter or digit, or is more than the last one. Of ASCII
/// no byte carries into the next one.
const fn are_letters(bytes: u64) -> bool {
    const fn each(byte: u8) -> u64 {
        u64::from_ne_bytes([byte; 8])
    }
    let lower = bytes | LOWER_CASE;
    let letters = lower.wrapping_add(each(0x80 - b'a')) & !lower.wrapping_add(each(0x7F - b'z'));
    let digits = bytes.wrapping_add(each(0x80 - b'0')) & !bytes.wrapping_add(each(0x7F - b'9'));
    (letters | digits) & !bytes & each(0x80) == each(0x80)
}
