//! The rows of a table as constants, in the words of the runtime.

use std::collections::HashMap;
use std::fmt::Debug;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::policy;
use super::tokens::literal;
use crate::model::{Effect, Ending, Facts, Format, Ident, Response, Retry, Row, Status, Table, Variant};
use crate::text::{normalized_name, plain_name};

/// The rows, in the order of the variants.
pub(super) fn rows(table: &Table, effect: &TokenStream) -> TokenStream {
    let names = Names::new(table);
    let rows = table.variants().map(|variant| marked(row(variant), variant, &names));
    quote! {
        /// The texts of each code and what follows from it, in the order of `ALL`.
        const ROWS: &[runtime::Row<#effect>] = &[#(#rows),*];
    }
}

/// A row without what sets it apart from a plain one.
fn row(variant: Variant<'_>) -> TokenStream {
    let (ident, name) = (variant.ident.as_str(), plain_name(&variant.facts.name));
    let summary = variant.ours.summary.as_deref().unwrap_or_default();
    let effect = match &variant.effect {
        Effect::Close(policy) => {
            let [answer, reason, fix] = policy::parts(policy);
            return quote!(close_code(#ident, #name, #summary, #answer, #reason, #fix));
        }
        Effect::Response(Response { retry }) => return response(ident, variant.row, *retry),
        Effect::Ending(Ending { resumable, lost }) => {
            let facts = opcode(&variant.facts);
            let (policy, other) = (policy::policy(resumable), policy::policy(lost));
            if resumable == lost { quote!(#facts.ends(&#policy)) } else { quote!(#facts.ends_by_session(&#policy, &#other)) }
        }
        Effect::None => opcode(&variant.facts),
    };
    quote!(code(#ident, #name, #summary, #effect))
}

/// A status code or an error code, or a range of them, which has no identifier.
pub(super) fn response(ident: &str, Row { facts, ours, .. }: &Row, retry: Retry) -> TokenStream {
    let word = |word: &dyn Debug| format_ident!("{word:?}");
    let group = ours.group.map(|group| word(&group));
    let group = group.map_or_else(|| quote!(answered()), |group| quote!(group(#group)));
    let fault = ours.whose_fault().map(|fault| word(&fault)).map(|fault| quote!(.fault(#fault)));
    let retry = match retry {
        Retry::No => TokenStream::new(),
        Retry::Wait => quote!(.retry_after_wait()),
        Retry::IfIdempotent => quote!(.retry_if_idempotent()),
    };
    let http = facts.http.map(u32::from).map(literal).map(|http| quote!(.http(#http)));
    let limit = facts.limit.map(literal).map(|limit| quote!(.limit(#limit)));
    let (name, summary) = (plain_name(&facts.name), ours.summary.as_deref().unwrap_or_default());
    let fix = ours.fix.as_deref().unwrap_or_default();
    quote!(response(#ident, #name, #summary, #fix, #group #fault #retry #http #limit))
}

fn opcode(facts: &Facts) -> TokenStream {
    let direction = match facts.direction {
        None => quote!(None),
        Some(direction) => {
            let direction = format_ident!("{direction:?}");
            quote!(Some(#direction))
        }
    };
    match facts.format {
        None => quote!(opcode(#direction)),
        Some(Format::Json) => quote!(opcode(#direction).json()),
        Some(Format::Binary) => quote!(opcode(#direction).binary()),
    }
}

/// A row, and around it what sets it apart from a plain one.
fn marked(mut row: TokenStream, variant: Variant<'_>, names: &Names) -> TokenStream {
    let others: Vec<&str> = variant.row.other_idents().map(Ident::as_str).collect();
    if !others.is_empty() {
        row = quote!(also(&[#(#others),*], #row));
    }
    if names.is_ambiguous(variant) {
        row = quote!(ambiguous(#row));
    }
    match variant.facts.status {
        Status::Active => row,
        Status::Deprecated => quote!(deprecated(#row)),
        Status::Removed => quote!(removed(#row)),
    }
}

/// Which code each text names: what `find_name` of the generated crate does.
///
/// An identifier wins over a documented name, and an ambiguous name resolves to nothing.
struct Names {
    /// The number of the code that an identifier names, ignoring case.
    idents: HashMap<String, u32>,
    /// How many codes have a documented name.
    names: HashMap<String, usize>,
}

impl Names {
    fn new(table: &Table) -> Self {
        let mut names = Self { idents: HashMap::new(), names: HashMap::new() };
        for variant in table.variants() {
            for ident in std::iter::once(variant.ident).chain(variant.row.other_idents()) {
                names.idents.insert(ident.to_lowercase(), variant.number);
            }
            *names.names.entry(plain_name(&variant.facts.name)).or_default() += 1;
        }
        names
    }

    /// Whether the documented name of a code does not lead back to it.
    fn is_ambiguous(&self, variant: Variant<'_>) -> bool {
        let name = plain_name(&variant.facts.name);
        match self.idents.get(&normalized_name(&name)) {
            Some(number) => *number != variant.number,
            None => self.names[&name] > 1,
        }
    }
}
