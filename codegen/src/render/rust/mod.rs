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
mod tokens;

pub(super) use examples::Examples;

use crate::model::Registry;
use crate::output::{Form, MARK, Tree};

/// Renders the modules, the tables, and what all tables share.
pub(super) fn render(registry: &Registry, form: &Form, tree: &mut Tree) {
    let examples = Examples::new(registry, form);
    let mut files = modules::files(registry, form);
    files.extend(runtime::files(form, &examples));
    files.extend(registry.tables().map(|table| {
        let path = format!("{}/{}.rs", table.path.edition_path(), table.path.module());
        let header = format!("// {MARK} from codes/{}.toml. Do not edit.\n\n", table.path);
        (path, header + &print::file(&table::items(registry, form, table, &examples)))
    }));
    let folder = if form.is_module() { "" } else { "src/" };
    for (path, text) in files {
        tree.insert(format!("{folder}{path}"), text);
    }
}
