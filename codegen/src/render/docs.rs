//! The tables as Markdown pages: an index, a page an edition, and a page that compares policies with real clients.

mod clients;
mod edition;
mod index;
mod stops;

pub(super) use stops::stops;

use crate::model::Registry;
use crate::tree::Tree;

pub(super) fn render(registry: &Registry, tree: &mut Tree) {
    edition::render(registry, tree);
    let has_clients = clients::render(registry, tree);
    index::render(registry, has_clients, tree);
}
