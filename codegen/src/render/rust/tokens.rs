//! Tokens that all files of the generated code are made of.

use heck::ToUpperCamelCase as _;
use proc_macro2::{Literal, TokenStream};
use quote::{ToTokens, format_ident, quote};
use serde::Serialize;

use crate::model::Repr;
use crate::text::key_word;

/// A number as it is documented, without separators.
pub(super) fn literal(number: u32) -> Literal {
    Literal::u32_unsuffixed(number)
}

/// The type of a table's numbers.
pub(super) fn number_type(repr: Repr) -> TokenStream {
    format_ident!("{}", key_word(repr)).into_token_stream()
}

/// A time.
pub(super) fn seconds(seconds: u32) -> TokenStream {
    let seconds = literal(seconds);
    quote!(::core::time::Duration::from_secs(#seconds))
}

/// A value that may be missing.
pub(super) fn option(value: Option<impl ToTokens>) -> TokenStream {
    value.map_or(quote!(None), |value| quote!(Some(#value)))
}

/// A word of the rows, which is called as a table writes it.
pub(super) fn word(value: impl Serialize) -> TokenStream {
    format_ident!("{}", key_word(value).to_upper_camel_case()).into_token_stream()
}

/// The variant of an enum of the runtime, which is called as a table writes it.
pub(super) fn variant(of: &str, value: impl Serialize) -> TokenStream {
    let (of, name) = (format_ident!("{of}"), word(value));
    quote!(runtime::#of::#name)
}
