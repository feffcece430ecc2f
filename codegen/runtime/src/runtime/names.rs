//! From a text to the row that it names, without a search.
//!
//! The compiler fills a hash table with the positions of all rows by their names. The hash ignores case, spaces and
//! punctuation, so that a name is found however it is written. The rows of a slot are compared with the text.

use super::row::{letters, Row};

/// A hash table of the positions of rows. At least half of the slots are free.
pub(crate) struct Names<const SLOTS: usize>([Slot; SLOTS]);

/// The lower half of a hash, then one more than a position. Zero is free.
type Slot = u32;

/// The position in a slot, with one added.
const POSITION: u32 = 0xFFFF;

impl<const SLOTS: usize> Names<SLOTS> {
    /// The table for these rows.
    #[allow(clippy::cast_possible_truncation)]
    pub(crate) const fn new<D>(rows: &[Row<D>]) -> Self {
        let mut slots = [0; SLOTS];
        let (mut at, mut nth) = (0, 0);
        while at < rows.len() {
            match rows[at].nth_name(nth) {
                None => {
                    at += 1;
                    nth = 0;
                }
                Some(name) if name.is_empty() => nth += 1,
                Some(name) => {
                    let hash = hash(name);
                    let mut slot = first_slot(hash) % SLOTS;
                    let taken = hash << 16 | (at as u32 + 1);
                    // Names of a row that have the same letters share a slot.
                    while slots[slot] != 0 && slots[slot] != taken {
                        slot = (slot + 1) % SLOTS;
                    }
                    slots[slot] = taken;
                    nth += 1;
                }
            }
        }
        Self(slots)
    }

    /// The position of the row that a text names: exactly, or else ignoring case, spaces and punctuation.
    ///
    /// A name that fits several rows names none of them.
    pub(crate) fn find<D>(&self, rows: &[Row<D>], text: &str) -> Option<usize> {
        let hash = hash(text);
        let exact = self.positions(hash).find(|at| rows[*at].has(&|name| name == text));
        exact.or_else(|| self.find_loosely(rows, text, hash))
    }

    #[cold]
    fn find_loosely<D>(&self, rows: &[Row<D>], text: &str, hash: u32) -> Option<usize> {
        // Outside of ASCII, a letter has other bytes in lower case, and the hash does not see that they are the same.
        if text.is_ascii() {
            only_one(rows, text, self.positions(hash))
        } else {
            only_one(rows, text, 0..rows.len())
        }
    }

    /// The positions from the first slot of a hash to the next free one, where the lower half of the hash is the same.
    fn positions(&self, hash: u32) -> impl Iterator<Item = usize> + '_ {
        let slots = (0..SLOTS).map(move |step| self.0[(first_slot(hash) + step) % SLOTS]);
        let same = slots.take_while(|slot| *slot != 0).filter(move |slot| slot >> 16 == hash & POSITION);
        same.map(|slot| (slot & POSITION) as usize - 1)
    }
}

/// The position of the row that a text names, for rows that are too many for [`Names`].
pub(crate) fn find_name<D>(rows: &[Row<D>], text: &str) -> Option<usize> {
    let exact = rows.iter().position(|row| row.has(&|name| name == text));
    exact.or_else(|| only_one(rows, text, 0..rows.len()))
}

/// The only one of some rows that a text names, ignoring case, spaces and punctuation.
fn only_one<D>(rows: &[Row<D>], text: &str, mut positions: impl Iterator<Item = usize>) -> Option<usize> {
    // Most texts differ in case alone.
    let is_alike = |name: &str| name.eq_ignore_ascii_case(text) || letters(name).eq(letters(text));
    let fits = |at: &usize| rows[*at].has(&is_alike);
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

/// Where a hash is looked for first: its upper half, which depends on all of its letters.
const fn first_slot(hash: u32) -> usize {
    (hash >> 16) as usize
}

/// The hash of a text: the sum of the numbers of its letters and digits, each times its place among them.
const fn hash(text: &str) -> u32 {
    let (mut hash, mut place): (u32, u32) = (0, 1);
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        let number = NUMBERS[*byte as usize];
        hash = hash.wrapping_add(number.wrapping_mul(place));
        place = place.wrapping_add(number & 1);
        rest = after;
    }
    hash
}

/// An odd number without a pattern for each byte: the same for a letter in both cases, and zero for a space or punctuation.
const NUMBERS: &[u32; 256] = &numbers();

#[allow(clippy::cast_possible_truncation)]
const fn numbers() -> [u32; 256] {
    let mut numbers = [0; 256];
    let mut at = 0;
    while at < 256 {
        let byte = at as u8;
        if byte.is_ascii_alphanumeric() || !byte.is_ascii() {
            // The factor is the golden ratio in 64 bits. A sum of plain products would be the product of a sum.
            let mixed = (byte.to_ascii_lowercase() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
            numbers[at] = ((mixed ^ mixed >> 32).wrapping_mul(mixed) >> 32) as u32 | 1;
        }
        at += 1;
    }
    numbers
}
