//! Everything that is generated, each kind of output from the phase that knows it.
//!
//! [`render`](crate::render) prints a state of the tables, [`changes`](crate::changes) compares two. Pages that need both are
//! put together here.

use std::sync::Arc;

use crate::changes::{Scope, Side, changes, page};
use crate::form::Form;
use crate::model::Registry;
use crate::render::{Places, change_page_path, render_as, render_reference, successive_editions};
use crate::tree::Tree;

/// Everything that a copy of the generated code has.
#[must_use]
pub fn generate(registry: &Registry, form: &Form) -> Tree {
    let mut tree = render_as(registry, form);
    if !form.is_module() {
        tree.append(change_pages(registry));
    }
    tree
}

/// Everything in the folder of the generated crate in its repository.
#[must_use]
pub fn generate_all(registry: &Registry) -> Tree {
    let mut tree = generate(registry, &Form::default());
    tree.append(render_reference(registry));
    tree
}

/// What changed between each edition of a system and the next one.
fn change_pages(registry: &Registry) -> Tree {
    let shared = Arc::new(registry.clone());
    let side = |edition: &str| Side::new(edition, Arc::clone(&shared), Scope::Edition(edition.to_owned()));
    let mut tree = Tree::default();
    for (old, new) in successive_editions(registry) {
        let comparison = changes(&side(&old.path()), &side(&new.path()));
        tree.insert(change_page_path(old, new), page(&comparison, old, new, &Places::new(registry, old, new)));
    }
    tree
}
