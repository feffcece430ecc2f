//! From the model to files.
//!
//! Rendering is pure and cannot fail: the model is valid by construction, and nothing here reads the disk or a clock. A new
//! output is a new file and a new line in [`render`].

mod data;
mod docs;
mod markdown;
mod package;
pub mod reserved;
mod rust;
mod schema;
mod sentences;

pub use schema::render_schema;

use crate::model::Registry;
use crate::tree::Tree;

/// Renders everything in the generated crate.
#[must_use]
pub fn render(registry: &Registry) -> Tree {
    let mut tree = Tree::default();
    package::render(registry, &mut tree);
    rust::render(registry, &mut tree);
    docs::render(registry, &mut tree);
    tree
}

/// Renders what is beside the crate in its repository: all tables as one HTML page, and as JSON for other languages. A copy of
/// the crate does not have them.
#[must_use]
pub fn render_reference(registry: &Registry) -> Tree {
    let mut tree = Tree::default();
    docs::render_page(registry, &mut tree);
    data::render(registry, &mut tree);
    tree
}
