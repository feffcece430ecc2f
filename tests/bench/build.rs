//! Writes the tables once more, in the ways that people use instead: derives, `match`, and maps.
//!
//! Takes `generated/codes.json` and writes a module for each table that is measured.

use std::{env, fs, path::Path};

use proc_macro2::{Ident, Literal, TokenStream};
use quote::{format_ident, quote};
use serde_json::Value;

/// The tables that are measured: a large scattered one, a close one, and a small dense one.
const TABLES: [&str; 3] = ["json-error-codes", "gateway-close-codes", "gateway-opcodes"];

/// A code: its number, its variant, its documented name, and its action where it has one.
struct Row {
    number: Literal,
    ident: Ident,
    name: String,
    action: Option<Ident>,
}

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../../generated/codes.json");
    let text = fs::read_to_string("../../generated/codes.json").expect("the tables are generated");
    let data: Value = serde_json::from_str(&text).expect("they are JSON");
    let editions = data["editions"].as_array().expect("a list");
    let is_measured = |edition: &&Value| edition["system"] == "discord" && edition["edition"] == "v10";
    let tables = editions.iter().find(is_measured).expect("an edition")["tables"].as_array().expect("a list");
    let modules = tables.iter().filter(|table| TABLES.iter().any(|name| table["table"] == *name)).map(module);
    let text: TokenStream = modules.collect();
    let out = env::var_os("OUT_DIR").expect("Cargo sets it");
    fs::write(Path::new(&out).join("contenders.rs"), text.to_string()).expect("the folder can be written");
}

fn module(table: &Value) -> TokenStream {
    let name = format_ident!("{}", table["table"].as_str().expect("a name").replace('-', "_"));
    let repr = format_ident!("{}", table["repr"].as_str().expect("a type"));
    let rows: Vec<Row> = table["codes"].as_array().expect("a list").iter().filter_map(row).collect();
    let (enums, functions, maps) = (enums(&rows, &repr), functions(&rows, &repr), maps(&rows, &repr));
    quote! {
        pub mod #name {
            use std::{collections::HashMap, sync::LazyLock};
            use wirecodes::Action;

            pub type Number = #repr;
            #enums
            #functions
            #maps
        }
    }
}

fn row(code: &Value) -> Option<Row> {
    let name: String = code["name"].as_str()?.chars().filter(|c| *c != '`').collect();
    let action = match code["policy"]["action"].as_str() {
        Some("resume") => Some("Resume"),
        Some("new-session") => Some("NewSession"),
        Some("stop") => Some("Stop"),
        _ => None,
    };
    Some(Row {
        number: Literal::u64_unsuffixed(code["value"].as_u64()?),
        ident: format_ident!("{}", code["ident"].as_str()?),
        name,
        action: action.map(|action| format_ident!("{action}")),
    })
}

/// Enums with derives. The documented names have an enum of their own, so that names are read as variants alone.
fn enums(rows: &[Row], repr: &Ident) -> TokenStream {
    let numbers = rows.iter().map(|Row { number, ident, .. }| quote!(#ident = #number));
    let variants = numbers.clone();
    let named = rows.iter().map(|Row { number, ident, name, .. }| quote!(#[strum(to_string = #name)] #ident = #number));
    quote! {
        #[derive(Clone, Copy, PartialEq, Eq, num_enum::TryFromPrimitive, strum::FromRepr, strum::EnumString)]
        #[repr(#repr)]
        pub enum Derived { #(#variants),* }

        #[derive(Clone, Copy, num_enum::TryFromPrimitive, strum::IntoStaticStr)]
        #[repr(#repr)]
        pub enum Named { #(#named),* }

        #[derive(Clone, Copy)]
        #[repr(#repr)]
        pub enum Plain { #(#numbers),* }
    }
}

/// What a person would write by hand.
fn functions(rows: &[Row], repr: &Ident) -> TokenStream {
    let from_number = rows.iter().map(|Row { number, ident, .. }| quote!(#number => Plain::#ident));
    let from_name = rows.iter().map(|Row { ident, .. }| {
        let text = ident.to_string();
        quote!(#text => Plain::#ident)
    });
    let names = rows.iter().map(|Row { ident, name, .. }| quote!(Plain::#ident => #name));
    let decided = || rows.iter().filter_map(|Row { number, ident, action, .. }| Some((number, ident, action.as_ref()?)));
    let actions = decided().map(|(number, _, action)| quote!(#number => Action::#action));
    let decided = decided().map(|(_, ident, action)| quote!(Plain::#ident => Action::#action));
    quote! {
        impl Plain {
            pub fn from_number(number: #repr) -> Option<Self> { Some(match number { #(#from_number,)* _ => return None }) }
            pub fn from_name(name: &str) -> Option<Self> { Some(match name { #(#from_name,)* _ => return None }) }
            pub fn name(self) -> &'static str { match self { #(#names),* } }
            pub fn action(self) -> Action { match self { #(#decided,)* #[allow(unreachable_patterns)] _ => Action::Resume } }
        }

        /// Numbers without a row are resumed, as in the table of close codes.
        pub fn action(number: #repr) -> Action { match number { #(#actions,)* _ => Action::Resume } }
    }
}

fn maps(rows: &[Row], repr: &Ident) -> TokenStream {
    let by_number = rows.iter().map(|Row { number, ident, .. }| {
        let number: Literal = format!("{number}_{repr}").parse().expect("a number with a type");
        quote!(#number => Derived::#ident)
    });
    let list = rows.iter().map(|Row { number, ident, name, .. }| {
        let text = ident.to_string();
        quote!((#number, #text, #name, Derived::#ident))
    });
    let actions = rows.iter().filter_map(|Row { number, action, .. }| Some((number, action.as_ref()?)));
    let actions = actions.map(|(number, action)| quote!((#number, Action::#action)));
    quote! {
        pub static PHF_NUMBERS: phf::Map<#repr, Derived> = phf::phf_map! { #(#by_number),* };
        pub const LIST: &[(#repr, &str, &str, Derived)] = &[#(#list),*];
        pub static HASHED_NUMBERS: LazyLock<HashMap<#repr, Derived>> =
            LazyLock::new(|| LIST.iter().map(|(number, _, _, derived)| (*number, *derived)).collect());
        pub static HASHED_NAMES: LazyLock<HashMap<&'static str, Derived>> =
            LazyLock::new(|| LIST.iter().map(|(_, ident, _, derived)| (*ident, *derived)).collect());
        pub static HASHED_ACTIONS: LazyLock<HashMap<#repr, Action>> = LazyLock::new(|| HashMap::from([#(#actions),*]));
    }
}
