//! From a number to a place in an array, without a search: which way fits the numbers of a table.

use std::collections::HashSet;

use proc_macro2::{Ident, Literal, TokenStream};
use quote::quote;

use super::tokens::{literal, number_type};
use crate::model::{Repr, Table};

/// A way from a number to a slot of its own.
#[derive(Debug, PartialEq, Eq)]
enum Lookup {
    /// The lower bits of the number itself, where no two numbers have the same.
    LowBits { bits: u32 },
    /// The upper bits of a product, with a factor for which no two numbers collide.
    Hashed { multiplier: u32, bits: u32 },
    /// The position among the sorted numbers, found by halving.
    Sorted,
}

/// The largest array for one number, as a multiple of the numbers.
const SPARSENESS: usize = 16;

/// How many factors are tried for one size of array.
const TRIES: usize = 20_000;

/// How many bits more than the fewest possible may number the slots where no factor is needed.
const MORE_BITS: u32 = 2;

/// The most numbers for which the compiler fills arrays of slots. It looks for each value of an enum among all variants, which
/// takes it a second for a few thousands and a minute for ten thousands.
const MOST_IN_SLOTS: usize = 1 << 10;

impl Lookup {
    /// The way for these numbers, which are sorted and different.
    fn new(numbers: &[u32]) -> Self {
        if numbers.is_empty() || numbers.len() > MOST_IN_SLOTS {
            return Self::Sorted;
        }
        let smallest = numbers.len().next_power_of_two().trailing_zeros().max(1);
        if let Some(bits) = (smallest..=smallest + MORE_BITS).find(|bits| differ(numbers, |number| number & ((1 << bits) - 1))) {
            return Self::LowBits { bits };
        }
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
    candidates().take(TRIES).find(|multiplier| differ(numbers, |number| number.wrapping_mul(*multiplier) >> (32 - bits)))
}

/// Whether each number has a slot of its own.
fn differ(numbers: &[u32], slot: impl Fn(u32) -> u32) -> bool {
    let mut taken = HashSet::with_capacity(numbers.len());
    numbers.iter().all(|number| taken.insert(slot(*number)))
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
pub(super) fn items(table: &Table, name: &Ident, number: &TokenStream, effect: &TokenStream) -> Vec<TokenStream> {
    let numbers: Vec<u32> = table.variants().map(|variant| variant.number).collect();
    if numbers.is_empty() {
        return without_codes(name, number, effect);
    }
    let position = position_type(numbers.len());
    let in_slots = quote!(runtime::lookup!(#name, #number, #effect, #position););
    match Lookup::new(&numbers) {
        Lookup::LowBits { bits } => low_bits(bits, table.repr).into_iter().chain([in_slots]).collect(),
        Lookup::Hashed { multiplier, bits } => hashed(multiplier, bits, table.repr).into_iter().chain([in_slots]).collect(),
        Lookup::Sorted => vec![sorted(name, number), quote!(runtime::lookup!(#name, #number, #effect);)],
    }
}

/// The smallest type for a position among so many codes.
fn position_type(codes: usize) -> TokenStream {
    match codes {
        0..=0x100 => quote!(u8),
        0x101..=0x1_0000 => quote!(u16),
        _ => quote!(u32),
    }
}

fn low_bits(bits: u32, repr: Repr) -> [TokenStream; 2] {
    let number = number_type(repr);
    let has_all_bits = repr.max() >> bits == 0;
    let position = if has_all_bits {
        quote!(number as usize)
    } else {
        let mask: Literal = format!("{:#X}", (1_u32 << bits) - 1).parse().expect("a hexadecimal number is a literal");
        quote!((number & #mask) as usize)
    };
    let slots = literal(1 << bits);
    let slot = quote! {
        /// The numbers are close together: the lower bits of each differ, and are its slot.
        #[inline]
        const fn slot(number: #number) -> usize { #position }
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
        #[inline]
        const fn slot(number: #number) -> usize {
            (#factor.wrapping_mul(#multiplier) >> #shift) as usize
        }
    };
    [quote!(const SLOTS: usize = #slots;), slot]
}

fn sorted(name: &Ident, number: &TokenStream) -> TokenStream {
    quote! {
        /// The numbers are scattered and many: the position in `ALL` is found by halving.
        const fn position(number: #number) -> usize {
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
fn without_codes(name: &Ident, number: &TokenStream, effect: &TokenStream) -> Vec<TokenStream> {
    vec![
        quote! {
            /// The table lists ranges only.
            const fn find(_number: #number) -> ::core::option::Option<#name> { None }
        },
        quote! { const fn number(code: #name) -> #number { match code {} } },
        quote! { const fn row(code: #name) -> &'static runtime::Row<#effect> { match code {} } },
    ]
}
