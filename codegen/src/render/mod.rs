//! From the model to files: one renderer for each kind of output.
//!
//! Rendering is pure and cannot fail: the model is valid by construction, and nothing here reads the disk or a clock.

mod clients;
mod docs;
mod lookup;
mod modules;
mod runtime;
mod schema;
mod table;
mod words;

use crate::model::Registry;
use crate::tree::Tree;

/// All renderers. A new output is a new line here.
const RENDERERS: [fn(&Registry, &mut Tree); 6] =
    [runtime::render, modules::render, table::render, docs::render, clients::render, schema::render];

/// Renders everything that belongs in the generated crate.
#[must_use]
pub fn render(registry: &Registry) -> Tree {
    let mut tree = Tree::default();
    for renderer in RENDERERS {
        renderer(registry, &mut tree);
    }
    tree
}
