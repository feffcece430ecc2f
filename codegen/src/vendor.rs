//! A copy of the generated crate in somebody's own tree: whole or part, with a list of what it was made from.
//!
//! Pure: a [`Registry`] goes in, the part that was asked for comes out, and the list of files as a text.

use std::collections::{BTreeMap, HashSet};

use serde::{Deserialize, Serialize};

use crate::model::{Kind, Registry, System};
use crate::sync::fingerprint;
use crate::tree::Tree;

/// The name of the list.
pub const MANIFEST: &str = "VENDORED.toml";

/// What a copy was made from, and what it consists of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Manifest {
    /// The version of the generated crate.
    pub version: String,
    /// The tables it holds, with the document of each.
    #[serde(default)]
    pub table: Vec<Origin>,
    /// Its files, with the fingerprint of each as it was written.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
}

/// Where a table comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Origin {
    /// Its edition and file.
    pub name: String,
    /// The document.
    pub document: String,
    /// The day, or the month, of the document.
    pub date: String,
    /// The revision of the document, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
}

/// The editions that were asked for, and those that they extend; all of them if none was asked for.
#[must_use]
pub fn only(registry: Registry, editions: &[String]) -> Registry {
    if editions.is_empty() {
        return registry;
    }
    let mut wanted: HashSet<String> = editions.iter().cloned().collect();
    loop {
        let before = wanted.len();
        let needed: Vec<String> = extended(&registry, &wanted);
        wanted.extend(needed);
        if wanted.len() == before {
            break;
        }
    }
    let keep = |mut system: System| {
        system.editions.retain(|edition| wanted.contains(&edition.path()));
        (!system.editions.is_empty()).then_some(system)
    };
    Registry { systems: registry.systems.into_iter().filter_map(keep).collect() }
}

/// The editions that some editions extend.
fn extended(registry: &Registry, editions: &HashSet<String>) -> Vec<String> {
    let all = registry.systems.iter().flat_map(|system| &system.editions);
    let tables = all.filter(|edition| editions.contains(&edition.path())).flat_map(|edition| &edition.tables);
    let extended = tables.filter_map(|table| match &table.kind {
        Kind::CloseCodes(fallback) => {
            fallback.extends.as_ref().map(|extended| format!("{}/{}", extended.path.system, extended.path.edition))
        }
        _ => None,
    });
    extended.collect()
}

/// Adds the list of all files to a tree.
pub fn add_manifest(registry: &Registry, tree: &mut Tree) {
    let manifest: toml::Table = tree.get("Cargo.toml").unwrap_or_default().parse().unwrap_or_default();
    let version = manifest.get("package").and_then(|package| package.get("version")).and_then(toml::Value::as_str);
    let tables = registry.systems.iter().flat_map(|system| &system.editions).flat_map(|edition| &edition.tables);
    let origins = tables.map(|table| Origin {
        name: table.path.to_string(),
        document: table.source.document.clone(),
        date: table.source.date.clone(),
        revision: table.source.revision.clone(),
    });
    let manifest = Manifest {
        version: version.unwrap_or_default().to_owned(),
        table: origins.collect(),
        files: tree.iter().map(|(path, text)| (path.to_owned(), fingerprint(text))).collect(),
    };
    let text = toml::to_string(&manifest).unwrap_or_default();
    let header = "# Written by `cargo xtask vendor`, which knows by this list which files are its own and which of them you have edited.\n\n";
    tree.insert(MANIFEST, format!("{header}{text}"));
}
