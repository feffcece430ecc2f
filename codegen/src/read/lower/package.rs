//! The identity of the generated crate: `crate.toml`, `README.md` and `NOTICE`, or plain defaults.

use crate::model::Package;
use crate::read::{Folder, Manifest};
use crate::text::{Diagnostic, Place, Text, quoted};

/// The identity of the crate.
pub(super) fn package(folder: &Folder) -> (Package, Vec<Diagnostic>) {
    let texts = |texts: &[Text]| texts.iter().map(ToString::to_string).collect();
    let text = |text: &Option<Text>| text.as_ref().map(ToString::to_string);
    let source = |source: &Option<std::sync::Arc<crate::text::SourceFile>>| source.as_ref().map(|source| source.text.clone());
    let (readme, notice) = (source(&folder.readme), source(&folder.notice));
    let Some((manifest, place)) = &folder.manifest else {
        return (Package { readme, notice, ..unnamed() }, Vec::new());
    };
    let Manifest { name, version, description, license, repository, homepage, keywords, categories, authors } = manifest;
    let package = Package {
        name: name.to_string(),
        version: version.to_string(),
        description: description.to_string(),
        license: text(license).unwrap_or_else(|| LICENSE.to_owned()),
        repository: text(repository),
        homepage: text(homepage),
        keywords: texts(keywords),
        categories: texts(categories),
        authors: texts(authors),
        readme,
        notice,
    };
    (package, check(manifest, place))
}

/// The licence of the code that every generated crate has.
const LICENSE: &str = "MIT OR Apache-2.0";

/// A crate without `crate.toml`.
fn unnamed() -> Package {
    Package {
        name: "codes".to_owned(),
        version: "0.1.0".to_owned(),
        description: "Codes of a protocol, generated from tables".to_owned(),
        license: LICENSE.to_owned(),
        ..Package::default()
    }
}

fn check(manifest: &Manifest, place: &Place) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut push = |key: &str, fault: String, help: &str| {
        diagnostics.push(Diagnostic::error("invalid-package", fault).at(&place.key(key), "here").help(help));
    };
    let name = &manifest.name;
    let is_name = name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_'))
        && syn::parse_str::<syn::Ident>(&name.replace('-', "_")).is_ok()
        && !["core", "std", "alloc", "test", "proc-macro", "proc_macro"].contains(&name.as_str());
    if !is_name {
        push(
            "name",
            format!("{} cannot be the name of a package", quoted(name)),
            "use lower-case letters, digits and hyphens, a letter first, and no name of Rust",
        );
    }
    if semver::Version::parse(&manifest.version).is_err() {
        push("version", format!("{} is not a version", quoted(&manifest.version)), "write three numbers, such as `0.1.0`");
    }
    diagnostics
}
