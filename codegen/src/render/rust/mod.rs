//! The Rust files of the generated crate.

mod enums;
mod examples;
mod limits;
mod lookup;
mod modules;
mod policy;
mod print;
mod rows;
mod runtime;
mod table;

pub(super) use examples::Examples;

use crate::model::Registry;
use crate::tree::{MARK, Tree};

/// Renders the modules, the tables, and what all tables share.
pub(super) fn render(registry: &Registry, tree: &mut Tree) {
    modules::render(registry, tree);
    runtime::render(registry, tree);
    for table in registry.tables() {
        let path = format!("src/{}/{}.rs", table.path.edition_path(), table.path.module());
        let header = format!("// {MARK} from codes/{}.toml. Do not edit.\n// Source: {}.\n\n", table.path, table.source);
        tree.insert(path, header + &print::file(&table::items(registry, table)));
    }
}
