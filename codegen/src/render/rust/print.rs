//! From syntax trees to text that reads as if it was laid out by hand.

use proc_macro2::{TokenStream, TokenTree};
use quote::quote;

/// The text of a file. Each item is a syntax tree of its own; blank lines separate those that are not one-liners alike.
pub(super) fn file(items: &[TokenStream]) -> String {
    let mut text = String::new();
    let mut before = None;
    for item in items {
        let item = list(item).unwrap_or_else(|| unparse(item.clone()));
        let kind = group(&item);
        if before.is_some_and(|before| before != kind || kind.is_none()) {
            text.push('\n');
        }
        text.push_str(&item);
        before = Some(kind);
    }
    text
}

/// The prefix of one-liners that are grouped without blank lines.
fn group(item: &str) -> Option<&'static str> {
    let first = item.lines().next().unwrap_or_default();
    let is_single = item.lines().count() == 1;
    ["use ", "mod ", "pub use ", "pub mod ", "runtime::", "const ", "//!", "#!["]
        .into_iter()
        .find(|start| is_single && first.starts_with(start))
}

/// A call of a macro with a list of names, one a line: a printer of syntax fills lines with what it does not know.
fn list(item: &TokenStream) -> Option<String> {
    let mut tokens: Vec<TokenTree> = item.clone().into_iter().collect();
    let Some(TokenTree::Group(body)) = tokens.pop().filter(|last| matches!(last, TokenTree::Group(_))) else { return None };
    let mut body = body.stream().into_iter();
    let is = |token: &TokenTree, mark: char| matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark);
    let word = |token: TokenTree| if is(&token, ',') { ", ".to_owned() } else { token.to_string() };
    let head: String = body.by_ref().take_while(|token| !is(token, ':')).map(word).collect();
    let path: String = tokens.iter().map(ToString::to_string).collect();
    let names = body.filter(|token| matches!(token, TokenTree::Ident(_))).map(|name| format!("    {name},\n"));
    path.ends_with("code!").then(|| format!("{path} {{\n    {head}:\n{}}}\n", names.collect::<String>()))
}

/// Marks the place of a blank line inside of an item. There is none at the start of a block, as rustfmt has it.
pub(super) fn blank_line() -> TokenStream {
    quote!(#[doc = "@blank"])
}

fn unparse(item: TokenStream) -> String {
    let file = syn::parse2(item).expect("the generator writes Rust that parses");
    let text = prettyplease::unparse(&file);
    text.lines().fold(String::new(), |text, line| match line.trim_start() {
        "///@blank" if text.ends_with("{\n") => text,
        "///@blank" => text + "\n",
        _ => text + line + "\n",
    })
}

/// Lines of documentation for the item that follows.
pub(super) fn doc(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#[doc = #lines])*)
}

/// Lines of documentation for the file that they are in.
pub(super) fn inner_doc(lines: &[String]) -> TokenStream {
    let lines = lines.iter().map(|line| if line.is_empty() { String::new() } else { format!(" {line}") });
    quote!(#(#![doc = #lines])*)
}
