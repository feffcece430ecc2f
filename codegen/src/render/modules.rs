//! The modules between the crate's root and its tables: `lib.rs`, one file a system, one file an edition.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::table::{doc, pretty};
use crate::markdown::{escape, table};
use crate::model::{Detail, Edition, Registry, System, Table};
use crate::tree::{MARK, Tree};

pub(super) fn render(registry: &Registry, tree: &mut Tree) {
    let modules = registry.systems.iter().map(|system| format!("pub mod {};\n", system.name));
    let root = include_str!("../../runtime/src/lib.rs");
    let header = format!("// {MARK} from codegen/runtime/src/lib.rs and the folders under codes. Do not edit.\n\n");
    tree.insert("src/lib.rs", format!("{header}{root}\n{}", modules.collect::<String>()));
    for system in &registry.systems {
        let header = format!("// {MARK} from codes/{}. Do not edit.\n\n", system.name);
        tree.insert(format!("src/{}.rs", system.name), header + &pretty(of_system(system)));
        for edition in &system.editions {
            let header = format!("// {MARK} from codes/{}. Do not edit.\n\n", edition.path());
            tree.insert(format!("src/{}.rs", edition.path()), header + &pretty(of_edition(edition)));
        }
    }
}

fn of_system(system: &System) -> TokenStream {
    let docs = doc(&[format!("The codes of `{}`, one module an edition.", system.name)], true);
    let mut editions: Vec<_> = system.editions.iter().map(|edition| format_ident!("{}", edition.name)).collect();
    editions.sort();
    quote!(#docs #(pub mod #editions;)*)
}

fn of_edition(edition: &Edition) -> TokenStream {
    let rows: Vec<Vec<String>> = edition
        .tables
        .iter()
        .map(|table| {
            vec![
                format!("[`{}`]", table.enum_name),
                escape(&table.title),
                table.codes.len().to_string(),
                escape(&table.source.to_string()),
            ]
        })
        .collect();
    let mut lines = vec![format!("The codes of `{}` in its edition `{}`.", edition.system, edition.name), String::new()];
    lines.extend(table(&["enum", "documented as", "codes", "document"], &rows));
    let docs = doc(&lines, true);
    let modules = edition.tables.iter().map(|table| format_ident!("{}", table.path.module()));
    let exports = edition.tables.iter().map(|table| {
        let module = format_ident!("{}", table.path.module());
        let name = format_ident!("{}", table.enum_name);
        if has_endings(table) { quote!(pub use #module::{reconnect_after, #name};) } else { quote!(pub use #module::#name;) }
    });
    quote!(#docs #(mod #modules;)* #(#exports)*)
}

/// Whether the table has opcodes that end a session.
pub(super) fn has_endings(table: &Table) -> bool {
    table.codes.iter().any(|code| matches!(code.detail, Detail::Opcode { ends: Some(_), .. }))
}
