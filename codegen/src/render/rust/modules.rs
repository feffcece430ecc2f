//! The modules between the root of the crate and its tables: `lib.rs`, one file a system, one file an edition.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::print::{self, inner_doc};
use crate::model::{Edition, Registry, System, Table};
use crate::render::markdown::{escape, table as markdown_table};
use crate::tree::{MARK, Tree};

pub(super) fn render(registry: &Registry, tree: &mut Tree) {
    let header = |path: &str| format!("// {MARK} from {path}. Do not edit.\n\n");
    tree.insert("src/lib.rs", header("the folders under codes") + &root(&registry.systems));
    for system in &registry.systems {
        let path = format!("src/{}.rs", system.name);
        tree.insert(path, header(&format!("codes/{}", system.name)) + &print::file(&of_system(system)));
        for edition in &system.editions {
            let path = format!("src/{}.rs", edition.path());
            tree.insert(path, header(&format!("codes/{}", edition.path())) + &print::file(&of_edition(edition)));
        }
    }
}

/// The root of the crate: what every crate has, and the modules of the systems.
fn root(systems: &[System]) -> String {
    const ALLOWED: &str = "#![allow(deprecated)]\n";
    let mut root = include_str!("../../../runtime/src/lib.rs").to_owned();
    if systems.iter().any(|system| system.name == "main") {
        let more = "// The compiler takes `main.rs` for a program. The manifest says that it is none.\n#![allow(unknown_lints, special_module_name)]\n";
        root = root.replace(ALLOWED, &format!("{ALLOWED}{more}"));
    }
    let modules = systems.iter().map(|system| format!("#[rustfmt::skip]\npub mod {};\n", system.name));
    format!("{root}\n{}", modules.collect::<String>())
}

fn of_system(system: &System) -> Vec<TokenStream> {
    let docs = inner_doc(&[format!("The codes of `{}`, one module an edition.", system.name)]);
    let editions = system.editions.iter().map(|edition| {
        let name = format_ident!("{}", edition.name);
        quote!(pub mod #name;)
    });
    std::iter::once(docs).chain(editions).collect()
}

fn of_edition(edition: &Edition) -> Vec<TokenStream> {
    let row = |table: &Table| {
        vec![
            format!("[`enum@{}`]", table.enum_name),
            escape(&table.title),
            table.codes.variants().count().to_string(),
            escape(&table.source.to_string()),
        ]
    };
    let rows: Vec<Vec<String>> = edition.tables.iter().map(row).collect();
    let mut lines = vec![format!("The codes of `{}`, edition `{}`.", edition.system, edition.name), String::new()];
    lines.extend(markdown_table(&["enum", "documented as", "codes", "document"], &rows));
    let mut items = vec![inner_doc(&lines)];
    items.extend(edition.tables.iter().map(|table| {
        let module = format_ident!("{}", table.path.module());
        quote!(mod #module;)
    }));
    items.extend(edition.tables.iter().map(|table| {
        let (module, name) = (format_ident!("{}", table.path.module()), format_ident!("{}", table.enum_name.as_str()));
        quote!(pub use self::#module::#name;)
    }));
    items
}
