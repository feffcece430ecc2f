//! The enum of a table, with its documentation, and the constants beside its variants.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::examples::Examples;
use super::print::{blank_line, doc};
use super::tokens::{literal, number_type};
use crate::model::{Fallback, Kind, Registry, Retry, Row, Status, Table, Variant};
use crate::render::sentences;
use crate::text::markdown::{escape, link, table as markdown_table};
use crate::text::{key_word, list, sentence};

/// The enum.
pub(super) fn declaration(registry: &Registry, table: &Table, examples: &Examples<'_>) -> TokenStream {
    let name = format_ident!("{}", table.enum_name.as_str());
    let docs = doc(&enum_docs(registry, table, examples));
    let variants = table.variants().map(|variant| declare(variant, &variant_docs(variant)));
    // A type without values has no representation.
    let is_empty = table.variants().next().is_none();
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
    let title = match table.source.as_ref().and_then(|source| source.url.as_ref()) {
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
                .map(|row| format!("- {} \"{}\": {}", row.facts.number, escape(&row.facts.name), sentences::meaning(row))),
        );
    }
    lines.push(String::new());
    lines.extend(examples.of_table(table));
    lines
}

/// The codes at a glance: opcodes and close codes as a table, and of responses those after which a request may be sent again.
fn overview(registry: &Registry, table: &Table) -> Vec<String> {
    match (table.kind, &table.fallback) {
        (_, Some(fallback)) => answers(registry, table, fallback),
        (Kind::Opcodes | Kind::CloseCodes, None) => opcodes(table),
        (Kind::StatusCodes | Kind::ErrorCodes, None) => retryable(table),
    }
}

/// A table with a row for each opcode, and of two more columns those that some row fills.
fn opcodes(table: &Table) -> Vec<String> {
    let more =
        |variant: Variant<'_>| [variant.facts.direction.map(key_word).unwrap_or_default(), sentences::brief(&variant.effect)];
    let more: Vec<[String; 2]> = table.variants().map(more).collect();
    let filled = [0, 1].map(|column| more.iter().any(|cells| !cells[column].is_empty()));
    let kept = |cells: Vec<String>| cells.into_iter().zip(filled).filter(|(_, is_filled)| *is_filled).map(|(cell, _)| cell);
    let rows = table
        .variants()
        .zip(more)
        .map(|(variant, more)| [variant.number.to_string(), link_to(variant)].into_iter().chain(kept(more.into())).collect());
    let rows: Vec<Vec<String>> = rows.collect();
    let names: Vec<String> = kept(["direction", "what to do"].map(str::to_owned).into()).collect();
    let header: Vec<&str> = ["code", "variant"].into_iter().chain(names.iter().map(String::as_str)).collect();
    if rows.is_empty() { Vec::new() } else { markdown_table(&header, &rows) }
}

/// The codes after which the same request may be sent again, in a sentence each.
fn retryable(table: &Table) -> Vec<String> {
    let name = |row: &Row| row.variant().map_or_else(|| format!("{} to {}", row.first(), row.last()), link_to);
    let sentence = |retry: Retry| {
        let rows = table.rows.iter().filter(|row| row.effect.retry() == Some(retry));
        let names: Vec<String> = rows.map(name).collect();
        (!names.is_empty()).then(|| format!("{}: {}.", sentences::again(retry), list(&names, "or")))
    };
    let sentences: Vec<String> = [Retry::Wait, Retry::IfIdempotent].into_iter().filter_map(sentence).collect();
    sentences.join("\n\n").lines().map(str::to_owned).collect()
}

/// A link to a variant from the documentation of its enum.
fn link_to(variant: Variant<'_>) -> String {
    format!("[`{0}`](Self::{0})", variant.ident)
}

/// What to do after each code, as a table.
fn answers(registry: &Registry, table: &Table, fallback: &Fallback) -> Vec<String> {
    let row = |code: String, variant: String, what: String| vec![code, variant, what];
    let mut rows: Vec<Vec<String>> = Vec::new();
    for own in &table.rows {
        let (numbers, what) = match own.variant() {
            Some(variant) => (variant.number.to_string(), link_to(variant)),
            None => (format!("{} to {}", own.first(), own.last()), escape(&own.facts.name)),
        };
        rows.push(row(numbers, what, sentences::brief(&own.effect)));
    }
    let reconnect = &fallback.reconnect;
    rows.push(row("none".to_owned(), String::new(), sentences::what_to_do(&reconnect.absent)));
    if let Some(extended) = fallback.extends.as_ref().and_then(|path| registry.table(path)) {
        let path = format!("super::super::super::{}::{}::{}", extended.path.system, extended.path.edition, extended.enum_name);
        let variant = format!("[`{}`]({path})", extended.enum_name);
        let but = if reconnect.resumable { "" } else { ", with a new session instead of a resume" };
        rows.push(row("others".to_owned(), variant, format!("as listed there{but}")));
    }
    rows.push(row("unknown".to_owned(), String::new(), sentences::what_to_do(&reconnect.unknown)));
    markdown_table(&["code", "variant", "what to do"], &rows)
}

/// The lines of documentation of a variant.
fn variant_docs(variant: Variant<'_>) -> Vec<String> {
    let mut lines = vec![sentences::meaning(variant.row)];
    let notes = variant.ours.note.iter().map(|note| sentence(&escape(note)));
    let documented = Some(sentences::documented(variant.row).join(" ")).filter(|text| !text.is_empty());
    // Of most responses there is nothing to do but what the code itself says.
    let effect = if variant.effect.retry() == Some(Retry::No) { Vec::new() } else { sentences::effect(&variant.effect) };
    let consequences = sentences::said(&variant.facts).into_iter().chain(effect);
    let fix = variant.ours.fix.iter().map(|fix| format!("**Fix:** {}", sentence(&escape(fix))));
    let group = sentences::group(&variant.ours);
    for paragraph in fix.chain(group).chain(consequences).chain(documented).chain(notes) {
        lines.extend([String::new(), paragraph]);
    }
    lines
}

fn declare(variant: Variant<'_>, docs: &[String]) -> TokenStream {
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
pub(super) fn constants(table: &Table) -> Option<TokenStream> {
    let name = format_ident!("{}", table.enum_name.as_str());
    let others = table.variants().flat_map(|variant| {
        let main = variant.ident;
        let aliases = variant
            .row
            .ours
            .aliases
            .iter()
            .map(move |alias| (alias, format!("Another name of [`{main}`](Self::{main})."), TokenStream::new()));
        let former = variant.row.ours.renamed_from.iter().map(move |former| {
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
    let others: Vec<TokenStream> = others.collect();
    (!others.is_empty()).then(|| quote!(impl #name { #(#others)* }))
}
