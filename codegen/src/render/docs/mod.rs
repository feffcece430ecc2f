//! The documentation: Markdown pages with drawings, which belong to every copy of the crate, and one HTML page of everything.
//!
//! Takes the model and returns files. [`view`] says what is said of each code; the other modules print it.

mod clients;
mod decision;
mod edition;
mod index;
mod page;
mod stops;
mod view;

pub(super) use stops::stops;

use crate::model::{Action, Registry};
use crate::output::Tree;
use crate::text::key_word;

/// Renders the Markdown pages and their drawings.
pub(super) fn render(registry: &Registry, tree: &mut Tree) {
    edition::render(registry, tree);
    let has_clients = clients::render(registry, tree);
    index::render(registry, has_clients, tree);
}

/// Renders the HTML page.
pub(super) fn render_page(registry: &Registry, tree: &mut Tree) {
    tree.insert("docs/index.html", page::render(registry));
}

/// The class of an action in drawings and on the page.
fn class_of(action: Action) -> String {
    key_word(action)
}
