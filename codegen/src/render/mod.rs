//! From the model to files.
//!
//! Rendering is pure and cannot fail: the model is valid by construction, and nothing here reads the disk or a clock. A new
//! output is a new file and a new line in [`generate`].

mod data;
mod docs;
mod links;
mod package;
mod rust;
mod schema;
mod sentences;

pub use schema::render_schema;

use crate::model::Registry;
use crate::output::{Form, Layout, Tree};

/// Everything that a form of the generated code has. A module has neither a manifest nor pages: its crate has its own.
#[must_use]
pub fn generate(registry: &Registry, form: &Form) -> Tree {
    let mut tree = Tree::default();
    rust::render(registry, form, &mut tree);
    if form.is_module() {
        package::render_license(registry, &mut tree);
    } else {
        package::render(registry, form, &mut tree);
        docs::render(registry, &mut tree);
    }
    if form.layout == Layout::Repository {
        docs::render_page(registry, &mut tree);
        data::render(registry, &mut tree);
    }
    tree
}
