//! The rows of a table as constants: texts, marks, and what only codes of its kind have.

use std::collections::HashMap;

use proc_macro2::TokenStream;
use quote::quote;

use super::policy;
use super::tokens::{self, option};
use crate::model::{Effect, Ending, Facts, Response, Table, Variant};
use crate::text::{normalized_name, plain_name};

/// The rows, in the order of the variants.
pub(super) fn rows(table: &Table, detail: &TokenStream) -> TokenStream {
    let names = Names::new(table);
    let row = |variant: Variant<'_>| {
        let (ident, name) = (variant.ident.as_str(), plain_name(&variant.facts.name));
        let summary = variant.ours.summary.as_deref().unwrap_or_default();
        let marks = marks(variant, &names);
        // An empty list has a name: of each reference in one constant the compiler asks whether it outlives all others.
        let marks = if marks.is_empty() { quote!(runtime::NO_MARKS) } else { quote!(&[#(#marks),*]) };
        let of_kind = match &variant.effect {
            Effect::Close(policy) => policy::policy(policy),
            Effect::Response(Response { retry }) => quote!(#retry),
            Effect::Ending(ending) => opcode(&variant.facts, Some(ending)),
            Effect::None => opcode(&variant.facts, None),
        };
        quote!(runtime::Row { ident: #ident, name: #name, summary: #summary, marks: #marks, of_kind: #of_kind })
    };
    let rows = table.variants().map(row);
    quote! {
        /// The texts of each code, in the order of `ALL`.
        const ROWS: &[runtime::Row<#detail>] = &[#(#rows),*];
    }
}

fn opcode(facts: &Facts, ending: Option<&Ending>) -> TokenStream {
    let direction = option(facts.direction.map(|direction| tokens::variant("Direction", direction)));
    let format = option(facts.format.map(|format| tokens::variant("Format", format)));
    let ending = option(ending.map(|Ending { resumable, lost }| {
        let (resumable, lost) = (policy::policy(resumable), policy::policy(lost));
        quote!(&runtime::Ending { resumable: #resumable, lost: #lost })
    }));
    quote!(runtime::OpcodeFacts { direction: #direction, format: #format, ending: #ending })
}

/// What sets a row apart from a plain one.
fn marks(variant: Variant<'_>, names: &Names) -> Vec<TokenStream> {
    let mut marks: Vec<TokenStream> = variant
        .other_idents()
        .map(|ident| {
            let ident = ident.as_str();
            quote!(runtime::Mark::Alias(#ident))
        })
        .collect();
    let status = variant.facts.status;
    if !status.is_active() {
        let status = tokens::variant("Status", status);
        marks.push(quote!(runtime::Mark::Status(#status)));
    }
    if names.is_ambiguous(variant) {
        marks.push(quote!(runtime::Mark::Ambiguous));
    }
    marks
}

/// Which code each text names: what `find_name` of the generated crate does.
///
/// An identifier wins over a documented name, and a name that several codes have names none of them.
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

#[cfg(test)]
mod tests {
    use super::{Names, marks};
    use crate::read::load;
    use crate::text::Files;

    #[test]
    fn a_name_that_does_not_lead_back_to_its_code_is_marked() {
        let mut text = "title = \"T\"\nenum = \"E\"\nkind = \"error-codes\"\nrepr = \"u8\"\nsummary = \"S.\"\n[source]\ndocument = \"D\"\ndate = 2026-01-01\n".to_owned();
        let rows = [("Shared", "First"), ("Shared", "Second"), ("Own", "Third"), ("Fifth", "Fourth"), ("Fifth one", "Fifth")];
        for (value, (name, ident)) in rows.iter().enumerate() {
            text += &format!("[[code]]\nvalue = {value}\nname = \"{name}\"\nident = \"{ident}\"\nsummary = \"S.\"\n");
        }
        let mut files = Files::new("codes");
        files.insert("s/v1/t.toml", text.into_bytes());
        let registry = load(&files).0.expect("nothing is wrong");
        let table = registry.tables().next().expect("a table");
        let names = Names::new(table);
        let is_marked = |variant| marks(variant, &names).iter().any(|mark| mark.to_string().contains("Ambiguous"));
        let marked: Vec<&str> =
            table.variants().filter(|variant| is_marked(*variant)).map(|variant| variant.ident.as_str()).collect();
        assert_eq!(marked, ["First", "Second", "Fourth"], "two have one name, and one has the identifier of another code");
    }
}
