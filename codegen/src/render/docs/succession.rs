//! Editions of a system that follow each other, and where their pages of changes are and lead to.
//!
//! The pages themselves are made above, where two editions are compared.

use std::collections::BTreeMap;

use super::edition::anchor;
use super::view::Section;
use crate::model::{Edition, Registry, System};

/// Each edition of a system with the one before it.
pub(super) fn successions(system: &System) -> impl Iterator<Item = (&Edition, &Edition)> {
    system.editions.windows(2).map(|pair| (&pair[0], &pair[1]))
}

/// Each edition with the one before it.
pub fn successive_editions(registry: &Registry) -> impl Iterator<Item = (&Edition, &Edition)> {
    registry.systems.iter().flat_map(successions)
}

/// The file of what changed from one edition to the next. The name of an edition has no dash, so no edition has this file.
pub(super) fn file_of(old: &Edition, new: &Edition) -> String {
    format!("{}-to-{}.md", old.name, new.name)
}

/// The path of a page of changes in the crate.
#[must_use]
pub fn change_page_path(old: &Edition, new: &Edition) -> String {
    format!("docs/{}/{}", new.system, file_of(old, new))
}

/// Where the pages of two editions list each code, as seen from their page of changes.
#[derive(Clone, Debug)]
pub struct Places {
    places: BTreeMap<(String, [u32; 2]), String>,
}

impl Places {
    /// The places of all codes of two editions: in the newer one, if it has the code.
    #[must_use]
    pub fn new(registry: &Registry, old: &Edition, new: &Edition) -> Self {
        let mut places = BTreeMap::new();
        for table in old.tables.iter().chain(&new.tables) {
            for entry in Section::new(registry, table).entries {
                if let Some(numbers) = entry.numbers {
                    places.insert((table.path.file.clone(), numbers), anchor(table, &entry.id));
                }
            }
        }
        Self { places }
    }

    /// The place of the code or range with these numbers in the table of a file.
    #[must_use]
    pub fn find(&self, file: &str, numbers: [u32; 2]) -> Option<&str> {
        self.places.get(&(file.to_owned(), numbers)).map(String::as_str)
    }
}
