//! How the generated code finds a number: the function that gives each number of a table a slot of its own.

use std::collections::HashSet;

/// A way to give each of a set of numbers a slot of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Lookup {
    /// The numbers lie close together: the slot is the distance from the first, and one slot more serves all others.
    Dense { first: u32, slots: u32 },
    /// The numbers are scattered: a multiplication spreads them, and the upper bits of the product are the slot.
    Hashed { multiplier: u32, bits: u32 },
    /// The numbers are scattered and too many for a small table: the slot is found by halving.
    Sorted,
}

/// The largest table of slots for one number, as a multiple of the numbers.
const SPARSENESS: usize = 16;

/// How many multipliers are tried for one size of table.
const TRIES: usize = 20_000;

impl Lookup {
    /// The best way for these numbers, which are sorted and differ.
    pub(super) fn of(numbers: &[u32]) -> Self {
        let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return Self::Sorted };
        let span = (last - first) as usize + 1;
        if span <= numbers.len() * 2 || span <= numbers.len() + 64 {
            return Self::Dense { first: *first, slots: last - first + 2 };
        }
        // More slots than numbers: as many slots as numbers is the sign of a table that is searched by halving.
        let smallest = (numbers.len() + 1).next_power_of_two().trailing_zeros().max(1);
        let largest = (numbers.len() * SPARSENESS).ilog2();
        let fitting = (smallest..=largest).find_map(|bits| multiplier(numbers, bits).map(|multiplier| (multiplier, bits)));
        match fitting {
            Some((multiplier, bits)) => Self::Hashed { multiplier, bits },
            None => Self::Sorted,
        }
    }
}

/// A multiplier under which the upper bits of all products differ.
fn multiplier(numbers: &[u32], bits: u32) -> Option<u32> {
    // With n numbers in m slots a random multiplier fits with the probability exp(-n²/2m): not worth the search below that.
    let expected_collisions = numbers.len() * numbers.len() / (2 << bits);
    if expected_collisions > 24 {
        return None;
    }
    let fits = |multiplier: &u32| {
        let mut taken = HashSet::with_capacity(numbers.len());
        numbers.iter().all(|number| taken.insert(number.wrapping_mul(*multiplier) >> (32 - bits)))
    };
    candidates().take(TRIES).find(fits)
}

/// Odd multipliers, scattered but the same on every run: xorshift from a fixed start.
fn candidates() -> impl Iterator<Item = u32> {
    std::iter::successors(Some(0x9E37_79B9_u32), |state| {
        let mut state = *state;
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        Some(state)
    })
    .map(|state| state | 1)
}

#[cfg(test)]
mod tests {
    use super::Lookup;

    #[test]
    fn close_numbers_need_no_multiplication() {
        let numbers: Vec<u32> = (4000..=4014).filter(|number| *number != 4006).collect();
        assert_eq!(Lookup::of(&numbers), Lookup::Dense { first: 4000, slots: 16 });
    }

    #[test]
    fn scattered_numbers_get_slots_of_their_own() {
        let numbers: Vec<u32> = (0..60).map(|i| i * i * 977).collect();
        let Lookup::Hashed { multiplier, bits } = Lookup::of(&numbers) else { panic!("not hashed") };
        let slots: std::collections::HashSet<u32> =
            numbers.iter().map(|number| number.wrapping_mul(multiplier) >> (32 - bits)).collect();
        assert_eq!(slots.len(), numbers.len());
    }

    #[test]
    fn a_number_alone_and_the_greatest_number_have_slots() {
        assert_eq!(Lookup::of(&[7]), Lookup::Dense { first: 7, slots: 2 });
        assert!(matches!(Lookup::of(&[0, u32::MAX]), Lookup::Hashed { .. }));
    }
}
