//! A copy of the generated crate in another project: all of it or a part, as a crate or a module, with a list of what it was
//! made from.
//!
//! Pure: a [`Registry`] comes in, the selected part goes out, and the list of files as a text.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::date::Date;
use crate::form::{Feature, Form};
use crate::model::{Codes, Registry, System};
use crate::sync::List;
use crate::text::{closest, digest, quoted};
use crate::tree::Tree;

/// The name of the list.
pub const VENDORED: &str = "VENDORED.toml";

/// What a copy was made from, and which files it has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
pub struct Vendored {
    /// The version of the generated crate.
    pub version: String,
    /// The systems and editions that were selected; all of them if it is empty.
    #[serde(default)]
    pub only: Vec<String>,
    /// Whether it is a module of another crate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub module: bool,
    /// The features that it has; those that its kind of copy has by default if they are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub features: Option<BTreeSet<Feature>>,
    /// The tables that it has, with the document of each.
    #[serde(default)]
    pub table: Vec<Origin>,
    /// Its files, with the digest of each as it was written.
    #[serde(default)]
    pub files: BTreeMap<String, String>,
    /// The digests of earlier texts that may still be there, because an update was interrupted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub replaced: BTreeMap<String, Vec<String>>,
}

impl Vendored {
    /// For each file the digests of the texts that may have been written there.
    #[must_use]
    pub fn digests(&self) -> BTreeMap<String, Vec<String>> {
        let mut digests = self.replaced.clone();
        for (path, digest) in &self.files {
            digests.entry(path.clone()).or_default().push(digest.clone());
        }
        digests
    }

    fn to_text(&self) -> String {
        let header =
            "# Written by `cargo xtask vendor`: what this copy was made from, and the digest of each file as it was written.\n\n";
        format!("{header}{}", toml::to_string(self).unwrap_or_default())
    }
}

/// Where a table comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Origin {
    /// Its edition and file.
    pub name: String,
    /// The document.
    pub document: String,
    /// The date of the document.
    pub date: Date,
    /// The revision of the document, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
}

/// The selected systems and editions, and the editions that they extend; all of them if none was selected.
///
/// # Errors
///
/// If a selection names no system and no edition: a sentence that says what there is.
pub fn select(registry: Registry, only: &[String]) -> Result<Registry, String> {
    if only.is_empty() {
        return Ok(registry);
    }
    let mut wanted = BTreeSet::new();
    for name in only {
        let editions = registry.editions().filter(|edition| edition.system == *name || edition.path() == *name);
        let named: Vec<String> = editions.map(crate::model::Edition::path).collect();
        if named.is_empty() {
            return Err(unknown(&registry, name));
        }
        wanted.extend(named);
    }
    loop {
        let needed = extended(&registry, &wanted);
        let before = wanted.len();
        wanted.extend(needed);
        if wanted.len() == before {
            break;
        }
    }
    let keep = |mut system: System| {
        system.editions.retain(|edition| wanted.contains(&edition.path()));
        (!system.editions.is_empty()).then_some(system)
    };
    Ok(Registry { package: registry.package, systems: registry.systems.into_iter().filter_map(keep).collect() })
}

fn unknown(registry: &Registry, name: &str) -> String {
    let editions: Vec<String> = registry.editions().map(crate::model::Edition::path).collect();
    let names = registry.systems.iter().map(|system| system.name.as_str()).chain(editions.iter().map(String::as_str));
    let near = closest(name, names).map(|near| format!(" did you mean `{near}`?")).unwrap_or_default();
    format!("no system and no edition is called {};{near} the editions are {}", quoted(name), editions.join(", "))
}

/// The editions that some editions extend.
fn extended(registry: &Registry, editions: &BTreeSet<String>) -> Vec<String> {
    let tables = registry.tables().filter(|table| editions.contains(&table.path.edition_path()));
    let extended = tables.filter_map(|table| match &table.codes {
        Codes::CloseCodes(close) => close.extends.as_ref().map(crate::folder::TablePath::edition_path),
        _ => None,
    });
    extended.collect()
}

/// Adds the list of all files to a tree, and returns it with the digests of an earlier copy.
#[must_use]
pub fn add_list(registry: &Registry, only: &[String], form: &Form, earlier: &Vendored, tree: &mut Tree) -> List {
    let origins = registry.tables().map(|table| Origin {
        name: table.path.to_string(),
        document: table.source.document.to_string(),
        date: table.source.date,
        revision: table.source.revision.as_ref().map(ToString::to_string),
    });
    let list = Vendored {
        version: registry.package.version.clone(),
        only: only.to_vec(),
        module: form.is_module(),
        features: Some(form.features.clone()),
        table: origins.collect(),
        files: tree.iter().map(|(path, text)| (path.to_owned(), digest(text))).collect(),
        replaced: BTreeMap::new(),
    };
    tree.insert(VENDORED, list.to_text());
    let digests = earlier.digests();
    let mut replaced = digests.clone();
    // The list cannot contain its own digest.
    replaced.remove(VENDORED);
    List { path: VENDORED.to_owned(), digests, while_writing: Vendored { replaced, ..list }.to_text() }
}
