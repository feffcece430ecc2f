//! From a number to a place in an array, without a search: which way fits the numbers of a table.

use std::collections::HashSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::table::number_type;
use crate::model::Table;
use crate::table::Repr;

/// A way from a number to a slot of its own.
#[derive(Debug, PartialEq, Eq)]
enum Lookup {
    /// The distance from the first number. All other numbers share the last slot.
    Dense { first: u32, slots: u64 },
    /// The upper bits of a product, with a factor for which no two numbers collide.
    Hashed { multiplier: u32, bits: u32 },
    /// The position among the sorted numbers, found by halving.
    Sorted,
}

/// The largest array for one number, as a multiple of the numbers.
const SPARSENESS: usize = 16;

/// How many factors are tried for one size of array.
const TRIES: usize = 20_000;

/// The most numbers for which arrays of slots are filled, which the compiler does step by step.
const MOST_IN_SLOTS: u64 = 1 << 16;

impl Lookup {
    /// The way for these numbers, which are sorted and different.
    fn new(numbers: &[u32]) -> Self {
        let (Some(first), Some(last)) = (numbers.first(), numbers.last()) else { return Self::Sorted };
        let span = u64::from(last - first) + 1;
        let count = numbers.len() as u64;
        if count <= MOST_IN_SLOTS && (span <= count * 2 || span <= count + 64) {
            return Self::Dense { first: *first, slots: span + 1 };
        }
        let smallest = numbers.len().next_power_of_two().trailing_zeros().max(1);
        let largest = (numbers.len() * SPARSENESS).ilog2();
        let fitting = (smallest..=largest).find_map(|bits| multiplier(numbers, bits).map(|multiplier| (multiplier, bits)));
        fitting.map_or(Self::Sorted, |(multiplier, bits)| Self::Hashed { multiplier, bits })
    }
}

/// A factor for which the upper bits of all products differ.
fn multiplier(numbers: &[u32], bits: u32) -> Option<u32> {
    // Of n numbers in m slots a random factor separates all with the probability exp(-n²/2m); below that a search is hopeless.
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

/// Odd factors, scattered but the same on every run: xorshift from a fixed start.
fn candidates() -> impl Iterator<Item = u32> {
    let next = |state: &u32| {
        let mut state = *state;
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        Some(state)
    };
    std::iter::successors(Some(0x9E37_79B9_u32), next).map(|state| state | 1)
}

/// `slot`, and from it the look-ups of a table.
pub(super) fn items(table: &Table, name: &Ident, number: &TokenStream, detail: &TokenStream) -> Vec<TokenStream> {
    let numbers: Vec<u32> = table.codes.variants().map(|variant| variant.number).collect();
    if numbers.is_empty() {
        return without_codes(name, number, detail);
    }
    let position = match numbers.len() {
        0..=0x100 => quote!(u8),
        0x101..=0x1_0000 => quote!(u16),
        _ => quote!(u32),
    };
    let in_slots = quote!(runtime::lookup!(#name, #number, #detail, #position););
    match Lookup::new(&numbers) {
        Lookup::Dense { first, slots } => dense(first, slots, number).into_iter().chain([in_slots]).collect(),
        Lookup::Hashed { multiplier, bits } => hashed(multiplier, bits, table.repr).into_iter().chain([in_slots]).collect(),
        Lookup::Sorted => vec![sorted(name, number), quote!(runtime::lookup!(#name, #number, #detail);)],
    }
}

fn dense(first: u32, slots: u64, number: &TokenStream) -> [TokenStream; 2] {
    let last = Literal::u64_unsuffixed(slots - 1);
    let distance = if first == 0 {
        quote!(number as usize)
    } else {
        let first = literal(first);
        quote!(number.wrapping_sub(#first) as usize)
    };
    let slots = Literal::u64_unsuffixed(slots);
    let slot = quote! {
        /// The numbers are close together: the slot is the distance from the first, and all others share the last slot.
        const fn slot(number: #number) -> usize {
            let distance = #distance;
            if distance < #last { distance } else { #last }
        }
    };
    [quote!(const SLOTS: usize = #slots;), slot]
}

fn hashed(multiplier: u32, bits: u32, repr: Repr) -> [TokenStream; 2] {
    let multiplier: Literal = format!("0x{multiplier:08X}").parse().expect("a hexadecimal number is a literal");
    let shift = Literal::u32_unsuffixed(32 - bits);
    let slots = literal(1 << bits);
    let number = number_type(repr);
    let factor = if repr == Repr::U32 { quote!(number) } else { quote!((number as u32)) };
    let slot = quote! {
        /// The numbers are scattered: with this factor, which was searched for, the upper bits of each product differ.
        const fn slot(number: #number) -> usize {
            (#factor.wrapping_mul(#multiplier) >> #shift) as usize
        }
    };
    [quote!(const SLOTS: usize = #slots;), slot]
}

fn sorted(name: &Ident, number: &TokenStream) -> TokenStream {
    quote! {
        /// The numbers are scattered and many: the slot is the position in `ALL`, found by halving.
        const fn slot(number: #number) -> usize {
            let mut low = 0;
            let mut high = #name::ALL.len() - 1;
            while low < high {
                let middle = low + (high - low) / 2;
                if (#name::ALL[middle] as #number) < number { low = middle + 1; } else { high = middle; }
            }
            low
        }
    }
}

/// The look-ups of a table that lists ranges only: its enum has no value.
fn without_codes(name: &Ident, number: &TokenStream, detail: &TokenStream) -> Vec<TokenStream> {
    vec![
        quote! {
            /// The table lists ranges only.
            const fn find(_number: #number) -> ::core::option::Option<#name> { None }
        },
        quote! { const fn number(code: #name) -> #number { match code {} } },
        quote! { const fn row(code: #name) -> &'static runtime::Row<#detail> { match code {} } },
    ]
}

/// A number as it is documented, without separators.
pub(super) fn literal(number: u32) -> Literal {
    Literal::u32_unsuffixed(number)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeSet, HashSet};

    use proptest::prelude::*;

    use super::{Lookup, MOST_IN_SLOTS};

    /// The slot of a number, as the generated code computes it.
    fn slot(lookup: &Lookup, numbers: &[u32], number: u32) -> usize {
        match lookup {
            Lookup::Dense { first, slots } => u64::from(number.wrapping_sub(*first)).min(slots - 1).try_into().unwrap(),
            Lookup::Hashed { multiplier, bits } => (number.wrapping_mul(*multiplier) >> (32 - bits)) as usize,
            Lookup::Sorted => numbers.partition_point(|other| *other < number).min(numbers.len() - 1),
        }
    }

    fn numbers() -> impl Strategy<Value = BTreeSet<u32>> {
        let close = (any::<u32>(), prop::collection::btree_set(0..300_u32, 1..200))
            .prop_map(|(first, steps)| steps.into_iter().map(|step| first.saturating_add(step)).collect());
        prop_oneof![close, prop::collection::btree_set(any::<u32>(), 1..60), prop::collection::btree_set(0..70_000_u32, 800..900)]
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn each_number_has_a_slot_of_its_own(numbers in numbers()) {
            let numbers: Vec<u32> = numbers.into_iter().collect();
            let lookup = Lookup::new(&numbers);
            let slots: HashSet<usize> = numbers.iter().map(|number| slot(&lookup, &numbers, *number)).collect();
            prop_assert_eq!(slots.len(), numbers.len(), "{:?}", lookup);
            if let Lookup::Dense { first, slots } = lookup {
                // Other numbers share the last slot, which no number of the table has.
                prop_assert!(numbers.iter().all(|number| u64::from(number - first) < slots - 1));
                prop_assert!(slots <= numbers.len() as u64 * 2 + 65);
            }
        }
    }

    #[test]
    fn scattered_numbers_are_sorted_only_where_there_are_many() {
        let scattered = |count: u32| (0..count).map(|i| i.wrapping_mul(0x9E37_79B1)).collect::<BTreeSet<u32>>();
        let lookup = |count| Lookup::new(&scattered(count).into_iter().collect::<Vec<u32>>());
        assert!(matches!(lookup(300), Lookup::Hashed { .. }));
        let squares: Vec<u32> = (0..5000).map(|i| i * i).collect();
        assert_eq!(Lookup::new(&squares), Lookup::Sorted);
        let close: Vec<u32> = (0..=u32::try_from(MOST_IN_SLOTS).unwrap()).collect();
        assert_eq!(Lookup::new(&close), Lookup::Sorted);
        assert_eq!(Lookup::new(&close[1..]), Lookup::Dense { first: 1, slots: MOST_IN_SLOTS + 1 });
    }

    #[test]
    fn a_single_number_and_the_greatest_number_have_slots() {
        assert_eq!(Lookup::new(&[7]), Lookup::Dense { first: 7, slots: 2 });
        assert!(matches!(Lookup::new(&[0, u32::MAX]), Lookup::Hashed { .. }));
    }
}
