//! From a text to the row that it names, without a search.
//!
//! The compiler fills two hash tables with the positions of all rows by their names: one for names as they are written, and
//! one that ignores case, spaces and punctuation. A slot has a position, and the row that is there is compared with the text.

use super::row::{letters, Row};

/// Hash tables of the positions of rows. At least half of the slots are free.
pub(crate) struct Names<const SLOTS: usize> {
    /// By the hash of each name. Zero is free; the other numbers are one more than a position.
    exact: [u16; SLOTS],
    /// By the hash of the letters and digits of each name, in lower case.
    loose: [u16; SLOTS],
}

impl<const SLOTS: usize> Names<SLOTS> {
    /// The tables for these rows.
    pub(crate) const fn new<D>(rows: &[Row<D>]) -> Self {
        Self { exact: Self::fill(rows, false), loose: Self::fill(rows, true) }
    }

    #[allow(clippy::cast_possible_truncation)]
    const fn fill<D>(rows: &[Row<D>], is_loose: bool) -> [u16; SLOTS] {
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
                    let hash = if is_loose { hash_of_letters(name) } else { hash(name) };
                    let mut slot = hash as usize % SLOTS;
                    let row = at as u16 + 1;
                    // A row that is already on the way from this slot is found there.
                    while slots[slot] != 0 && slots[slot] != row {
                        slot = (slot + 1) % SLOTS;
                    }
                    slots[slot] = row;
                    nth += 1;
                }
            }
        }
        slots
    }

    /// The position of the row that a text names: exactly, or else ignoring case, spaces and punctuation.
    ///
    /// A name that fits several rows names none of them.
    pub(crate) fn find<D>(&self, rows: &[Row<D>], text: &str) -> Option<usize> {
        let is_exact = |at: &usize| rows[*at].has(&|name| name == text);
        let exact = positions(&self.exact, hash(text)).find(is_exact);
        exact.or_else(|| {
            // Outside of ASCII, lower case is more than a bit, and the hash leaves it out.
            if text.is_ascii() {
                only_one(rows, text, positions(&self.loose, hash_of_letters(text)))
            } else {
                only_one(rows, text, 0..rows.len())
            }
        })
    }
}

/// The position of the row that a text names, for rows that are too many for [`Names`].
pub(crate) fn find_name<D>(rows: &[Row<D>], text: &str) -> Option<usize> {
    let exact = rows.iter().position(|row| row.has(&|name| name == text));
    exact.or_else(|| only_one(rows, text, 0..rows.len()))
}

/// The positions from the slot of a hash to the next free one.
fn positions<const SLOTS: usize>(slots: &[u16; SLOTS], hash: u32) -> impl Iterator<Item = usize> + '_ {
    let taken = (0..SLOTS).map(move |step| slots[(hash as usize + step) % SLOTS]);
    taken.take_while(|slot| *slot != 0).map(|slot| usize::from(slot) - 1)
}

/// The only one of some rows that a text names, ignoring case, spaces and punctuation.
fn only_one<D>(rows: &[Row<D>], text: &str, mut positions: impl Iterator<Item = usize>) -> Option<usize> {
    letters(text).next()?;
    let fits = |at: &usize| rows[*at].has(&|name| letters(name).eq(letters(text)));
    let first = positions.find(fits)?;
    // Names that differ in punctuation alone. An identifier is the only one of its letters.
    if positions.filter(fits).all(|at| at == first) {
        Some(first)
    } else {
        None
    }
}

/// The hash of a text as it is: eight bytes at a time, the last eight once more for what is left.
#[allow(clippy::cast_possible_truncation)]
const fn hash(text: &str) -> u32 {
    let bytes = text.as_bytes();
    let mut hash = bytes.len() as u64;
    let mut rest = bytes;
    while let [a, b, c, d, e, f, g, h, after @ ..] = rest {
        hash = mixed(hash, u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]));
        rest = after;
    }
    if let [.., a, b, c, d, e, f, g, h] = bytes {
        hash = mixed(hash, u64::from_le_bytes([*a, *b, *c, *d, *e, *f, *g, *h]));
    } else {
        while let [byte, after @ ..] = rest {
            hash = mixed(hash, *byte as u64);
            rest = after;
        }
    }
    (hash >> 32) as u32
}

/// The factor is the golden ratio in 64 bits, which is odd and has no pattern.
const fn mixed(hash: u64, word: u64) -> u64 {
    (hash.rotate_left(5) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// The hash of the ASCII letters and digits of a text, in lower case.
#[allow(clippy::cast_possible_truncation)]
const fn hash_of_letters(text: &str) -> u32 {
    let mut hash = 0;
    let mut rest = text.as_bytes();
    while let [byte, after @ ..] = rest {
        if byte.is_ascii_alphanumeric() {
            // In 64 bits nothing overflows.
            hash = (hash * 0x0100_0193 + (*byte | 0x20) as u64) & 0xFFFF_FFFF;
        }
        rest = after;
    }
    ((hash * 0x9E37_79B1) >> 16) as u32
}
