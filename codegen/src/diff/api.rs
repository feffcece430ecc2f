//! Which names of the generated crate differ: modules, enums, variants, and the constants that stand for variants.
//!
//! A change of a row does not say by itself what it adds or removes: every difference between the names of both sides is
//! given to the change that explains it, and what no change explains is reported by itself. Methods and traits follow from the
//! kind of a table and the type of its numbers, which are changes of their own.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::{Bump, Ident, Table};

/// What a name stands for, as far as users depend on it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(tag = "item", rename_all = "kebab-case")]
pub enum Item {
    /// The module of a system or an edition.
    Module,
    /// The enum itself.
    Enum,
    /// A variant.
    Variant {
        /// Its number.
        number: u32,
    },
    /// A constant for a variant: another or a former name.
    Constant {
        /// The number of the variant.
        number: u32,
        /// Whether it is a former name, which is deprecated.
        is_former: bool,
    },
}

impl Item {
    /// The number of the variant that it is, or stands for.
    pub(super) fn number(&self) -> Option<u32> {
        match self {
            Self::Variant { number } | Self::Constant { number, .. } => Some(*number),
            Self::Module | Self::Enum => None,
        }
    }
}

/// A name of the crate that differs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct ItemChange {
    /// Its path in the crate, or in the edition where two editions are compared.
    pub path: String,
    /// What it was.
    pub old: Option<Item>,
    /// What it is.
    pub new: Option<Item>,
}

impl ItemChange {
    /// What it needs: users may name what was there.
    #[must_use]
    pub fn bump(&self) -> Bump {
        match (&self.old, &self.new) {
            (None, _) => Bump::Minor,
            // A variant can be used wherever the constant of the same name could.
            (Some(old @ Item::Constant { .. }), Some(new)) if old.number() == new.number() => Bump::Minor,
            _ => Bump::Major,
        }
    }
}

/// What follows `Enum::` in a program, for each name of a table.
fn items(table: &Table) -> BTreeMap<String, Item> {
    let mut items = BTreeMap::new();
    for variant in table.variants() {
        let number = variant.number;
        items.insert(variant.ident.to_string(), Item::Variant { number });
        let constant = |ident: &Ident, is_former| (ident.to_string(), Item::Constant { number, is_former });
        items.extend(variant.row.ours.aliases.iter().map(|ident| constant(ident, false)));
        items.extend(variant.row.ours.renamed_from.iter().map(|ident| constant(ident, true)));
    }
    items
}

/// The differences between the names of two tables that no change has explained yet, by the name in the enum.
pub(super) type ItemChanges = BTreeMap<String, ItemChange>;

/// Compares the names of two tables.
pub(super) fn item_changes(old: &Table, new: &Table, enum_path: &str) -> ItemChanges {
    let (old, new) = (items(old), items(new));
    let differing = old.keys().chain(new.keys()).filter(|name| old.get(*name) != new.get(*name));
    let change = |name: &String| {
        let path = format!("{enum_path}::{name}");
        (name.clone(), ItemChange { path, old: old.get(name).cloned(), new: new.get(name).cloned() })
    };
    differing.map(change).collect()
}

/// Takes the differences of the items with these names, which a change explains.
pub(super) fn take<'a>(items: &mut ItemChanges, names: impl IntoIterator<Item = &'a str>) -> Vec<ItemChange> {
    names.into_iter().filter_map(|name| items.remove(name)).collect()
}

/// An item that only one side has.
pub(super) fn on_one_side(path: impl Into<String>, item: Item, is_old: bool) -> ItemChange {
    let (old, new) = if is_old { (Some(item), None) } else { (None, Some(item)) };
    ItemChange { path: path.into(), old, new }
}
