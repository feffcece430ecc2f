//! One table as Rust: its enum, its look-up, its rows, and its answers.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::examples::Examples;
use super::tokens::{literal, number_type};
use super::{enums, limits, lookup, policy, rows};
use crate::model::{Fallback, Kind, Registry, Table};
use crate::output::{Feature, Form};

/// The items of the file of a table.
pub(super) fn items(registry: &Registry, form: &Form, table: &Table, examples: &Examples<'_>) -> Vec<TokenStream> {
    let name = format_ident!("{}", table.enum_name.as_str());
    let number = number_type(table.repr);
    let title = table.title.as_str();
    let mut items = vec![quote!(
        use super::super::super::runtime::{self, words::*};
    )];
    items.push(enums::declaration(registry, table, examples));
    items.extend(enums::constants(table));
    let effect = effect_type(table.kind);
    items.extend(lookup::items(table, &name, &number, &effect));
    let codes = table.variants().map(|variant| format_ident!("{}", variant.ident.as_str()));
    items.push(quote!(runtime::code! { #name, #number, #title: #(#codes),* }));
    items.extend(of_kind(registry, table, &name, &number));
    items.extend(serde(form, &name));
    items.push(rows::rows(table, &effect));
    items
}

/// The code behind the feature `serde`.
fn serde(form: &Form, name: &proc_macro2::Ident) -> Option<TokenStream> {
    let has_it = form.features.contains(&Feature::Serde);
    let condition = (!form.is_module()).then(|| quote!(#[cfg(feature = "serde")]));
    has_it.then(|| quote!(#condition runtime::serde_code!(#name);))
}

/// What only tables of a kind have.
fn of_kind(registry: &Registry, table: &Table, name: &proc_macro2::Ident, number: &TokenStream) -> Vec<TokenStream> {
    match (table.kind, &table.fallback) {
        (Kind::StatusCodes | Kind::ErrorCodes, _) => {
            vec![quote!(runtime::response_code!(#name, #number);), ranges(table)]
        }
        (Kind::CloseCodes, Some(fallback)) => {
            let first = [limits::constants(name, fallback), quote!(runtime::close_code!(#name);), extended(registry, fallback)];
            first.into_iter().chain(policy::answers(registry, table, fallback)).collect()
        }
        (Kind::Opcodes | Kind::CloseCodes, _) => vec![quote!(runtime::opcode!(#name);)],
    }
}

/// The type of what follows from a code.
fn effect_type(kind: Kind) -> TokenStream {
    match kind {
        Kind::Opcodes => quote!(runtime::OpcodeFacts),
        Kind::CloseCodes => quote!(runtime::Policy),
        Kind::StatusCodes | Kind::ErrorCodes => quote!(runtime::Response),
    }
}

/// The look-up in the table that this one extends.
fn extended(registry: &Registry, fallback: &Fallback) -> TokenStream {
    let Some(extended) = fallback.extends.as_ref().and_then(|path| registry.table(path)) else {
        return quote! {
            /// This table extends no other.
            const fn extended(_code: u16) -> ::core::option::Option<&'static runtime::Policy> {
                None
            }
        };
    };
    let [system, edition] = [&extended.path.system, &extended.path.edition].map(|name| format_ident!("{name}"));
    let name = format_ident!("{}", extended.enum_name.as_str());
    quote! {
        /// The policy of a number that this table does not list, from the table that it extends.
        const fn extended(code: u16) -> ::core::option::Option<&'static runtime::Policy> {
            super::super::super::#system::#edition::#name::listed_policy(code)
        }
    }
}

/// The documented ranges of a table of responses.
fn ranges(table: &Table) -> TokenStream {
    let ranges = table.ranges().iter().map(|range| {
        let (first, last) = (literal(range.first()), literal(range.last()));
        let row = rows::response("", range, range.effect.retry().unwrap_or_default());
        quote!(range(#first, #last, #row))
    });
    quote! {
        /// The documented ranges.
        const RANGES: &[runtime::CodeRange] = &[#(#ranges),*];
    }
}
