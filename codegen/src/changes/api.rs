//! Which public items of the generated crate differ, from what `render` writes for each table.
//!
//! A change of a row does not say by itself what it adds or removes: every difference between the items of both sides is
//! given to the change that explains it, and what no change explains is reported by itself.

use std::collections::BTreeMap;

use super::change::ItemChange;
use crate::render::{Item, Items};

/// The differences between the items of two tables that no change has explained yet.
#[derive(Debug, Default)]
pub(super) struct ItemChanges {
    /// By the name of the item in its enum.
    left: BTreeMap<String, ItemChange>,
}

impl ItemChanges {
    /// Compares two lists of items of one enum.
    pub(super) fn new(old: &Items, new: &Items, enum_path: &str) -> Self {
        let mut left = BTreeMap::new();
        for name in old.keys().chain(new.keys()) {
            let (before, after) = (old.get(name), new.get(name));
            if before != after && !left.contains_key(name) {
                let path = format!("{enum_path}::{name}");
                left.insert(name.clone(), ItemChange { path, old: before.cloned(), new: after.cloned() });
            }
        }
        Self { left }
    }

    /// Takes the differences of the items with these names.
    pub(super) fn take<'a>(&mut self, names: impl IntoIterator<Item = &'a str>) -> Vec<ItemChange> {
        names.into_iter().filter_map(|name| self.left.remove(name)).collect()
    }

    /// Takes the differences of everything that is neither a variant nor a name of one.
    pub(super) fn take_shape(&mut self) -> Vec<ItemChange> {
        let is_name = |item: &Option<Item>| matches!(item, Some(Item::Variant { .. } | Item::Constant { .. }));
        let names: Vec<String> = self
            .left
            .iter()
            .filter(|(_, change)| !is_name(&change.old) && !is_name(&change.new))
            .map(|(name, _)| name.clone())
            .collect();
        self.take(names.iter().map(String::as_str))
    }

    /// Takes what is left, with the name of each item.
    pub(super) fn rest(&mut self) -> Vec<(String, ItemChange)> {
        std::mem::take(&mut self.left).into_iter().collect()
    }
}

/// An item that only one side has.
pub(super) fn on_one_side(path: impl Into<String>, item: Item, is_old: bool) -> ItemChange {
    let (old, new) = if is_old { (Some(item), None) } else { (None, Some(item)) };
    ItemChange { path: path.into(), old, new }
}
