//! The public items of a table: everything that a user of the generated crate can name in its enum.
//!
//! In comes a table of the model, out come the items that [`render`](super::render) writes for it. Variants and constants come
//! from the model, as in `rust::enums`; methods and traits come from the macros that the file of the table calls. A test
//! compares the list with the rendered files.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use proc_macro2::{TokenStream, TokenTree};
use quote::{ToTokens, quote};
use schemars::JsonSchema;
use serde::Serialize;
use syn::{ImplItem, Visibility};

use crate::ident::Ident;
use crate::model::{Codes, Table};
use crate::table::Repr;
use crate::text::key_word;

/// What an item is, as far as users depend on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(tag = "item", rename_all = "kebab-case")]
pub enum Item {
    /// The module of a system or an edition.
    Module,
    /// The enum itself.
    Enum,
    /// The type of the discriminants.
    Repr {
        /// `u8`, `u16` or `u32`.
        repr: String,
    },
    /// A variant.
    Variant {
        /// Its number.
        number: u32,
    },
    /// A constant for a variant: another or a former name.
    Constant {
        /// The number of the variant.
        number: u32,
        /// Whether it is a former name, which is deprecated.
        is_former: bool,
    },
    /// A method, an associated function or another associated constant.
    Method {
        /// How it is called, without its body.
        signature: String,
    },
    /// A trait that is implemented.
    Trait,
}

/// The items of a table by their names: what follows `Enum::`, `repr`, or `impl …`.
pub type Items = BTreeMap<String, Item>;

/// The public items of a table.
#[must_use]
pub fn items(table: &Table) -> Items {
    let mut items = Items::new();
    if table.codes.variants().next().is_some() {
        items.insert("repr".to_owned(), Item::Repr { repr: key_word(table.repr) });
    }
    for variant in table.codes.variants() {
        let number = variant.number;
        items.insert(variant.ident.to_string(), Item::Variant { number });
        let constant = |ident: &Ident, is_former| (ident.to_string(), Item::Constant { number, is_former });
        items.extend(variant.ours.aliases.iter().map(|ident| constant(ident, false)));
        items.extend(variant.ours.renamed_from.iter().map(|ident| constant(ident, true)));
    }
    items.insert("ALL".to_owned(), Item::Method { signature: "const ALL : & 'static [Self]".to_owned() });
    if let Codes::CloseCodes(_) = &table.codes {
        for (name, kind) in [("LIMITS", "runtime :: Limits"), ("OPENER", "runtime :: Opener")] {
            items.insert(name.to_owned(), Item::Method { signature: format!("const {name} : {kind}") });
        }
    }
    for name in macros(&table.codes) {
        items.extend(EXPANDED.get(&(name.to_owned(), table.repr)).into_iter().flatten().cloned());
    }
    items
}

/// The macros that the file of a table calls.
fn macros(codes: &Codes) -> [&'static str; 3] {
    let of_kind = match codes {
        Codes::Opcodes(_) => "opcode",
        Codes::CloseCodes(_) => "close_code",
        Codes::Responses(_) => "response_code",
    };
    ["code", of_kind, "serde_code"]
}

/// The items of each macro, by its name and the type of the numbers.
type Expanded = BTreeMap<(String, Repr), Vec<(String, Item)>>;

/// The items of each macro of the runtime that defines some.
static EXPANDED: LazyLock<Expanded> = LazyLock::new(|| {
    let files = [include_str!("../../runtime/src/runtime/macros.rs"), include_str!("../../runtime/src/runtime/serde.rs")];
    let mut expanded = BTreeMap::new();
    for (name, body) in files.into_iter().flat_map(bodies) {
        for repr in [Repr::U8, Repr::U16, Repr::U32] {
            let number: TokenStream = key_word(repr).parse().expect("the name of a type");
            let file = syn::parse2::<syn::File>(substituted(body.clone(), &number));
            let items = file.map(|file| file.items).expect("the body of a macro of the runtime is items");
            expanded.insert((name.clone(), repr), items.into_iter().flat_map(of_impl).collect());
        }
    }
    expanded
});

/// The macros of a file of the runtime, with their bodies.
fn bodies(text: &str) -> Vec<(String, TokenStream)> {
    let file = syn::parse_file(text).expect("the runtime is Rust");
    let body = |item: syn::Item| {
        let syn::Item::Macro(item) = item else { return None };
        let name = item.ident?.to_string();
        let groups = item.mac.tokens.into_iter().filter_map(|token| match token {
            TokenTree::Group(group) => Some(group.stream()),
            _ => None,
        });
        Some((name, groups.last()?))
    };
    file.items.into_iter().filter_map(body).collect()
}

/// A body with its parameters replaced: `$Enum` by `Self`, `$Number` by the type, and a literal by an empty one.
fn substituted(body: TokenStream, number: &TokenStream) -> TokenStream {
    let mut tokens = body.into_iter().peekable();
    let mut result = TokenStream::new();
    while let Some(token) = tokens.next() {
        match (&token, tokens.peek()) {
            (TokenTree::Punct(mark), Some(TokenTree::Ident(parameter))) if mark.as_char() == '$' => {
                result.extend(match parameter.to_string().as_str() {
                    "Enum" => quote!(Self),
                    "Number" => number.clone(),
                    _ => quote!(u8),
                });
                tokens.next();
            }
            (TokenTree::Group(group), _) => {
                let inner = substituted(group.stream(), number);
                result.extend([TokenTree::Group(proc_macro2::Group::new(group.delimiter(), inner))]);
            }
            _ => result.extend([token]),
        }
    }
    result
}

/// The public items of an `impl`.
pub(crate) fn of_impl(item: syn::Item) -> Vec<(String, Item)> {
    let syn::Item::Impl(item) = item else { return Vec::new() };
    if let Some((path, _)) = &item.trait_ {
        let (generics, path, target) = (&item.generics, text(path), text(&item.self_ty));
        let generics = text(generics);
        return vec![(format!("impl {generics}{path} for {target}"), Item::Trait)];
    }
    let is_public = |visibility: &Visibility| matches!(visibility, Visibility::Public(_));
    let of_item = |item: ImplItem| match item {
        ImplItem::Fn(function) if is_public(&function.vis) => {
            Some((function.sig.ident.to_string(), Item::Method { signature: text(&function.sig) }))
        }
        ImplItem::Const(constant) if is_public(&constant.vis) => {
            let (name, kind) = (&constant.ident, text(&constant.ty));
            Some((name.to_string(), Item::Method { signature: format!("const {name} : {kind}") }))
        }
        _ => None,
    };
    item.items.into_iter().filter_map(of_item).collect()
}

/// Tokens on one line, with single spaces.
fn text(tokens: &impl ToTokens) -> String {
    tokens.to_token_stream().to_string().split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{EXPANDED, Item, Items, items, of_impl};
    use crate::files::Files;
    use crate::{lower, read};

    /// The items of a rendered file: what it declares, and what the macros that it calls add.
    fn parsed(text: &str, repr: crate::table::Repr) -> Items {
        let mut items = Items::new();
        for item in syn::parse_file(text).expect("the rendered file is Rust").items {
            match item {
                syn::Item::Enum(item) => {
                    for attribute in item.attrs.iter().filter(|attribute| attribute.path().is_ident("repr")) {
                        let repr: syn::Ident = attribute.parse_args().expect("a type");
                        items.insert("repr".to_owned(), Item::Repr { repr: repr.to_string() });
                    }
                    for variant in item.variants {
                        let number = match variant.discriminant.expect("a number").1 {
                            syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. }) => {
                                number.base10_parse().expect("a number")
                            }
                            _ => panic!("not a number"),
                        };
                        items.insert(variant.ident.to_string(), Item::Variant { number });
                    }
                }
                syn::Item::Macro(item) => {
                    let name = item.mac.path.segments.last().expect("a name").ident.to_string();
                    items.extend(EXPANDED.get(&(name, repr)).into_iter().flatten().cloned());
                }
                syn::Item::Impl(item) => impl_items(&item, &mut items),
                _ => {}
            }
        }
        items
    }

    fn impl_items(item: &syn::ItemImpl, items: &mut Items) {
        for constant in &item.items {
            let syn::ImplItem::Const(constant) = constant else { continue };
            let is_former = constant.attrs.iter().any(|attribute| attribute.path().is_ident("deprecated"));
            if let (syn::Expr::Path(path), syn::Type::Path(kind)) = (&constant.expr, &constant.ty)
                && kind.path.is_ident("Self")
            {
                let target = path.path.segments.last().expect("a variant").ident.to_string();
                let Some(Item::Variant { number }) = items.get(&target).cloned() else { panic!("{target} is no variant") };
                items.insert(constant.ident.to_string(), Item::Constant { number, is_former });
            } else {
                items.extend(of_impl(syn::Item::Impl(item.clone())).into_iter().filter(|(name, _)| constant.ident == name));
            }
        }
    }

    #[test]
    fn the_items_are_those_of_the_rendered_files() {
        let codes = Path::new(env!("CARGO_MANIFEST_DIR")).join("../codes");
        let files = Files::from_folder(&codes).expect("the tables can be read");
        let registry = lower(&read(&files).0).0.expect("the tables are valid");
        let tree = super::super::render(&registry);
        for table in registry.tables() {
            let path = format!("src/{}/{}.rs", table.path.edition_path(), table.path.module());
            assert_eq!(items(table), parsed(tree.get(&path).expect("the table is rendered"), table.repr), "{path}");
        }
    }

    #[test]
    fn every_kind_has_its_methods() {
        let names = |name: &str| -> Vec<String> {
            EXPANDED[&(name.to_owned(), crate::table::Repr::U16)].iter().map(|(name, _)| name.clone()).collect()
        };
        assert!(["from_code", "code", "name", "TITLE"].iter().all(|method| names("code").contains(&(*method).to_owned())));
        assert!(names("close_code").contains(&"policy_for".to_owned()));
        assert!(!names("close_code").contains(&"listed_policy".to_owned()), "it is private");
    }

    #[test]
    fn what_is_private_is_no_item() {
        let item = syn::parse_quote! {
            impl One {
                pub const OPEN: u8 = 1;
                const CLOSED: u8 = 2;
                pub fn open() {}
                fn closed() {}
            }
        };
        let names: Vec<String> = of_impl(item).into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["OPEN", "open"]);
    }

    #[test]
    fn traits_are_those_of_the_enum() {
        let traits = EXPANDED.values().flatten().filter(|(_, item)| matches!(item, Item::Trait));
        let names: Vec<&str> = traits.map(|(name, _)| name.as_str()).collect();
        assert!(names.len() > 5, "{names:?}");
        assert!(names.iter().all(|name| name.ends_with(" for Self") || name.contains("< Self >")), "{names:?}");
    }

    #[test]
    fn signatures_have_the_type_of_the_table() {
        use crate::table::Repr;

        for (repr, number) in [(Repr::U8, "u8"), (Repr::U16, "u16"), (Repr::U32, "u32")] {
            let signature = |method: &str| {
                let methods = &EXPANDED[&("code".to_owned(), repr)];
                match methods.iter().find(|(name, _)| name == method) {
                    Some((_, Item::Method { signature })) => signature.replace(' ', ""),
                    other => panic!("{method}: {other:?}"),
                }
            };
            assert!(signature("from_code").contains(&format!(":{number})")), "{}", signature("from_code"));
            assert!(signature("from_code").contains("Option<Self>"), "{}", signature("from_code"));
            assert!(signature("code").ends_with(&format!("->{number}")), "{}", signature("code"));
        }
    }
}
