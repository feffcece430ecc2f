//! The enum of a table, with its documentation, and the constants beside its variants.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::examples::Examples;
use super::lookup::literal;
use super::print::{blank_line, doc};
use super::table::number_type;
use crate::facts::Status;
use crate::model::{CloseCodes, Code, Codes, Ending, Registry, Table, Variant};
use crate::render::markdown::{escape, link, table as markdown_table};
use crate::render::sentences;
use crate::text::{key_word, sentence};

/// The enum.
pub(super) fn declaration(registry: &Registry, table: &Table, examples: &Examples<'_>) -> TokenStream {
    let name = format_ident!("{}", table.enum_name.as_str());
    let docs = doc(&enum_docs(registry, table, examples));
    let variants = documented(table).into_iter().map(|(variant, docs)| declare(variant, &docs));
    // A type without values has no representation.
    let is_empty = table.codes.variants().next().is_none();
    let number = number_type(table.repr);
    let repr = if is_empty { TokenStream::new() } else { quote!(#[repr(#number)]) };
    quote! {
        #docs
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        #repr
        pub enum #name { #(#variants),* }
    }
}

fn enum_docs(registry: &Registry, table: &Table, examples: &Examples<'_>) -> Vec<String> {
    let title = match &table.source.url {
        Some(url) => link(&table.title, url),
        None => format!("\"{}\"", escape(&table.title)),
    };
    let mut lines = vec![sentence(&escape(&table.summary)), String::new(), format!("Documented as {title}.")];
    let overview = overview(registry, table);
    if !overview.is_empty() {
        lines.push(String::new());
        lines.extend(overview);
    }
    if !table.recycled.is_empty() {
        lines.push(String::new());
        lines.push("Removed, and their numbers are used again:".to_owned());
        lines.push(String::new());
        lines.extend(
            table
                .recycled
                .iter()
                .map(|code| format!("- {} \"{}\": {}", code.number, escape(&code.facts.name), sentences::meaning(code))),
        );
    }
    lines.push(String::new());
    lines.extend(examples.of_table(table));
    lines
}

/// The codes at a glance, as a table.
fn overview(registry: &Registry, table: &Table) -> Vec<String> {
    match &table.codes {
        Codes::CloseCodes(close) => answers(registry, close),
        Codes::Opcodes(codes) => {
            let row = |code: &Code<Option<Ending>>| {
                let direction = code.variant.facts.direction.map(key_word).unwrap_or_default();
                [direction, code.decision.as_ref().map(ends).unwrap_or_default()]
            };
            columns(codes, &row, ["direction", "what to do"])
        }
        Codes::Responses(responses) => {
            let row = |code: &Code<bool>| [escape(&code.variant.facts.name), sentences::again(code.decision)];
            columns(&responses.codes, &row, ["documented as", "what to do"])
        }
    }
}

/// What to do after an opcode, in a few words.
fn ends(ending: &Ending) -> String {
    let (resumable, lost) = (sentences::what_to_do(&ending.resumable), sentences::what_to_do(&ending.lost));
    if resumable == lost { resumable } else { format!("{resumable}; if the session is lost: {lost}") }
}

/// A table with a row for each code, and of two more columns those that some row fills.
fn columns<D>(codes: &[Code<D>], more: &dyn Fn(&Code<D>) -> [String; 2], names: [&str; 2]) -> Vec<String> {
    let more: Vec<[String; 2]> = codes.iter().map(more).collect();
    let filled = [0, 1].map(|column| more.iter().any(|cells| !cells[column].is_empty()));
    let kept = |cells: Vec<String>| cells.into_iter().zip(filled).filter(|(_, is_filled)| *is_filled).map(|(cell, _)| cell);
    let rows = codes.iter().zip(more).map(|(code, more)| {
        let variant = &code.variant;
        [variant.number.to_string(), link_to(variant)].into_iter().chain(kept(more.into())).collect()
    });
    let rows: Vec<Vec<String>> = rows.collect();
    let names: Vec<String> = kept(names.map(str::to_owned).into()).collect();
    let header: Vec<&str> = ["code", "variant"].into_iter().chain(names.iter().map(String::as_str)).collect();
    if rows.is_empty() { Vec::new() } else { markdown_table(&header, &rows) }
}

/// A link to a variant from the documentation of its enum.
fn link_to(variant: &Variant) -> String {
    format!("[`{0}`](Self::{0})", variant.ident)
}

/// What to do after each code, as a table.
fn answers(registry: &Registry, close: &CloseCodes) -> Vec<String> {
    let row = |code: String, variant: String, what: String| vec![code, variant, what];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for code in &close.codes {
        let variant = &code.variant;
        rows.push(row(variant.number.to_string(), link_to(variant), sentences::what_to_do(&code.decision)));
    }
    for range in &close.ranges {
        let numbers = format!("{} to {}", range.first, range.last);
        rows.push(row(numbers, escape(&range.facts.name), sentences::what_to_do(&range.decision)));
    }
    let reconnect = &close.reconnect;
    rows.push(row("none".to_owned(), String::new(), sentences::what_to_do(&reconnect.absent)));
    if let Some(extended) = close.extends.as_ref().and_then(|path| registry.table(path)) {
        let path = format!("super::super::super::{}::{}::{}", extended.path.system, extended.path.edition, extended.enum_name);
        let variant = format!("[`{}`]({path})", extended.enum_name);
        let but = if reconnect.resumable { "" } else { ", with a new session instead of a resume" };
        rows.push(row("others".to_owned(), variant, format!("as listed there{but}")));
    }
    rows.push(row("unknown".to_owned(), String::new(), sentences::what_to_do(&reconnect.unknown)));
    markdown_table(&["code", "variant", "what to do"], &rows)
}

/// Every variant with the lines of its documentation.
fn documented(table: &Table) -> Vec<(&Variant, Vec<String>)> {
    let with = |variant, consequences: Vec<String>| (variant, variant_docs(variant, consequences));
    match &table.codes {
        Codes::Opcodes(codes) => codes
            .iter()
            .map(|code| {
                let mut consequences: Vec<String> = sentences::travels(&code.variant.facts).into_iter().collect();
                consequences.extend(code.decision.iter().flat_map(sentences::ending));
                with(&code.variant, consequences)
            })
            .collect(),
        Codes::CloseCodes(close) => {
            close.codes.iter().map(|code| with(&code.variant, vec![sentences::policy(&code.decision)])).collect()
        }
        Codes::Responses(responses) => {
            responses.codes.iter().map(|code| with(&code.variant, vec![sentences::again_sentence(code.decision)])).collect()
        }
    }
}

fn variant_docs(variant: &Variant, consequences: Vec<String>) -> Vec<String> {
    let mut lines = vec![sentences::meaning(variant)];
    let notes = variant.ours.note.iter().map(|note| sentence(&escape(note)));
    let documented = Some(sentences::documented(variant).join(" ")).filter(|text| !text.is_empty());
    for paragraph in consequences.into_iter().chain(documented).chain(notes) {
        lines.extend([String::new(), paragraph]);
    }
    lines
}

fn declare(variant: &Variant, docs: &[String]) -> TokenStream {
    let ident = format_ident!("{}", variant.ident.as_str());
    let number = literal(variant.number);
    let aliases = std::iter::once(variant.number.to_string()).chain(variant.other_idents().map(ToString::to_string));
    let docs = doc(docs);
    let deprecated = match variant.facts.status {
        Status::Active => TokenStream::new(),
        Status::Deprecated => quote!(#[deprecated(note = "the document calls it deprecated")]),
        Status::Removed => quote!(#[deprecated(note = "the document no longer lists it")]),
    };
    quote!(#docs #(#[doc(alias = #aliases)])* #deprecated #ident = #number)
}

/// The list of all codes, and other and former names of the variants.
pub(super) fn constants(table: &Table) -> TokenStream {
    let name = format_ident!("{}", table.enum_name.as_str());
    let all = table.codes.variants().map(|variant| format_ident!("{}", variant.ident.as_str()));
    let others = table.codes.variants().flat_map(|variant| {
        let main = &variant.ident;
        let aliases = variant
            .ours
            .aliases
            .iter()
            .map(move |alias| (alias, format!("Another name of [`{main}`](Self::{main})."), TokenStream::new()));
        let former = variant.ours.renamed_from.iter().map(move |former| {
            let note = format!("renamed to `{main}`");
            (former, format!("The former name of [`{main}`](Self::{main})."), quote!(#[deprecated(note = #note)]))
        });
        aliases.chain(former).map(move |(name, docs, deprecated)| {
            let (blank, docs) = (blank_line(), doc(&[docs]));
            let (name, main) = (format_ident!("{}", name.as_str()), format_ident!("{}", main.as_str()));
            quote! {
                #blank
                #docs
                #deprecated
                #[allow(non_upper_case_globals)]
                pub const #name: Self = Self::#main;
            }
        })
    });
    quote! {
        impl #name {
            /// All codes, in numeric order.
            pub const ALL: &'static [Self] = &[#(Self::#all),*];
            #(#others)*
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Files, load, render};

    /// The generated file of a table with one row that has these keys too.
    fn rendered(keys: &str) -> String {
        let text = format!(
            "title = \"T\"\nenum = \"E\"\nkind = \"error-codes\"\nrepr = \"u8\"\nsummary = \"S.\"\n[source]\ndocument = \"D\"\ndate = 2026-01-01\n[[code]]\nvalue = 7\nname = \"Seven\"\nident = \"Seven\"\nsummary = \"S.\"\n{keys}\n"
        );
        let mut files = Files::new("codes");
        files.insert("a/v1/t.toml", text.into_bytes());
        let (registry, diagnostics) = load(&files);
        let registry = registry.unwrap_or_else(|| panic!("{diagnostics:?}"));
        render(&registry).get("src/a/v1/t.rs").expect("a file for the table").to_owned()
    }

    #[test]
    fn codes_that_should_not_be_used_are_deprecated() {
        for (keys, is_deprecated) in [("", false), ("status = \"deprecated\"", true), ("status = \"removed\"", true)] {
            let text = rendered(keys);
            let variant = text.lines().position(|line| line.trim() == "Seven = 7,").expect("a variant");
            let attribute = text.lines().nth(variant - 1).unwrap_or_default();
            assert_eq!(attribute.trim().starts_with("#[deprecated"), is_deprecated, "{keys}: {attribute}");
        }
    }

    #[test]
    fn a_code_is_found_by_its_number_and_by_all_of_its_names() {
        let text = rendered("aliases = [\"Sept\"]\nrenamed_from = [\"Sieben\", \"Sette\"]");
        for alias in ["7", "Sept", "Sieben", "Sette"] {
            assert!(text.contains(&format!("#[doc(alias = \"{alias}\")]")), "{alias}: {text}");
        }
        // A former name still compiles, and says what to write instead.
        assert_eq!(text.matches("#[deprecated(note = \"renamed to `Seven`\")]").count(), 2);
    }
}
