//! The modules between the root of the crate and its tables: `lib.rs` or `mod.rs`, one file a system, one file an edition.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::print::{self, inner_doc};
use crate::model::{Edition, Registry, System, Table};
use crate::output::{Form, MARK};
use crate::render::links;
use crate::text::markdown::{escape, table as markdown_table};
use crate::text::sentence;

/// The files, with their paths below the root.
pub(super) fn files(registry: &Registry, form: &Form) -> Vec<(String, String)> {
    let header = |path: &str| format!("// {MARK} from {path}. Do not edit.\n\n");
    let name = if form.is_module() { "mod.rs" } else { "lib.rs" };
    let mut files = vec![(name.to_owned(), header("the folders under codes") + &root(registry, form))];
    for system in &registry.systems {
        files.push((format!("{}.rs", system.name), header(&format!("codes/{}", system.name)) + &print::file(&of_system(system))));
        for edition in &system.editions {
            let header = header(&format!("codes/{}", edition.path()));
            files.push((format!("{}.rs", edition.path()), header + &print::file(&of_edition(edition))));
        }
    }
    files
}

/// The root: what every crate or module has, and the modules of the systems.
fn root(registry: &Registry, form: &Form) -> String {
    let systems = &registry.systems;
    let root = if form.is_module() { root_of_module(registry) } else { link_targets(registry) + &root_of_crate(systems) };
    let modules = systems.iter().map(|system| format!("#[rustfmt::skip]\npub mod {};\n", system.name));
    format!("{root}\n{}", modules.collect::<String>())
}

/// Where the front page leads when it is the documentation of the crate: to the items themselves.
fn link_targets(registry: &Registry) -> String {
    let edition = |edition: &Edition| format!("mod@{}::{}", edition.system, edition.name);
    let table = |table: &Table| format!("enum@{}::{}::{}", table.path.system, table.path.edition, table.enum_name);
    let targets = links::link_targets(registry, edition, table);
    targets.iter().map(|line| format!("//! {line}\n")).chain(["//!\n".to_owned()]).collect()
}

/// The root of a crate, without the modules of the systems.
const ROOT: &str = include_str!("../../../runtime/src/lib.rs");

fn root_of_crate(systems: &[System]) -> String {
    const ALLOWED: &str = "#![allow(deprecated)]\n";
    let mut root = ROOT.to_owned();
    if systems.iter().any(|system| system.name == "main") {
        let more = "// The compiler takes `main.rs` for a program. The manifest says that it is none.\n#![allow(unknown_lints, special_module_name)]\n";
        root = root.replace(ALLOWED, &format!("{ALLOWED}{more}"));
    }
    root
}

/// The same as a module: in place of what only a crate can say it allows what the crate around it may forbid.
fn root_of_module(registry: &Registry) -> String {
    const ITEMS: &str = "// A crate with some of the tables needs some of what they share.";
    let items = ROOT.find(ITEMS).map_or(ROOT, |start| &ROOT[start..]);
    let package = &registry.package;
    let docs = format!("//! {}\n", sentence(&escape(&package.description)));
    let origin = format!("//!\n//! This is `{}` {} as a module.\n\n", package.name, package.version);
    format!("{docs}{origin}{}\n{items}", include_str!("../../../runtime/src/module.rs"))
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
    let row = |table: &Table| vec![format!("[`enum@{}`]", table.enum_name), escape(&table.title)];
    let rows: Vec<Vec<String>> = edition.tables.iter().map(row).collect();
    let mut lines = vec![format!("The codes of `{}`, edition `{}`.", edition.system, edition.name), String::new()];
    lines.extend(markdown_table(&["enum", "documented as"], &rows));
    let sources = edition.sources().into_iter().map(|source| format!("- {}", escape(&source.to_string())));
    lines.extend([String::new(), "Read from:".to_owned(), String::new()]);
    lines.extend(sources);
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
