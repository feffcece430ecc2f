//! The files around the source of the generated crate: manifest, front page, licences, and the list of documents.

use serde::Serialize;

use super::docs::stops;
use super::links::link_targets;
use super::rust::Examples;
use crate::model::{Edition, Package, Registry, Table};
use crate::output::{Feature, Form, MARK, Tree};
use crate::text::markdown::{escape, table as markdown_table};

/// Licences of the code that every generated crate has.
const LICENSES: [(&str, &str); 2] = [
    ("LICENSE-MIT", include_str!("../../runtime/LICENSE-MIT")),
    ("LICENSE-APACHE", include_str!("../../runtime/LICENSE-APACHE")),
];

/// The line of the front page that the list of editions replaces.
const EDITIONS: &str = "<!-- editions -->";

/// The line of the front page that the list of stops replaces.
const STOPS: &str = "<!-- stops -->";

pub(super) fn render(registry: &Registry, form: &Form, tree: &mut Tree) {
    let package = &registry.package;
    tree.insert("Cargo.toml", manifest(package, form));
    for (path, text) in LICENSES {
        tree.insert(path, text);
    }
    tree.insert("NOTICE", notice(registry));
    tree.insert("README.md", readme(registry, form));
}

/// Renders what the licence asks of a copy inside of another crate: the text of one of the two, and where the facts are from.
pub(super) fn render_license(registry: &Registry, tree: &mut Tree) {
    let (path, text) = LICENSES[0];
    tree.insert(path, text);
    tree.insert("NOTICE", notice(registry));
}

/// The part of the manifest that says what the crate is, in the order in which it is written.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
struct Manifest<'a> {
    name: &'a str,
    version: &'a str,
    edition: &'a str,
    rust_version: &'a str,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    authors: &'a [String],
    description: &'a str,
    license: &'a str,
    repository: Option<&'a str>,
    homepage: Option<&'a str>,
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    keywords: &'a [String],
    #[serde(skip_serializing_if = "<[String]>::is_empty")]
    categories: &'a [String],
    readme: &'a str,
    include: [&'a str; 6],
    /// A table may be called `main` or `bin`.
    autobins: bool,
}

fn manifest(package: &Package, form: &Form) -> String {
    let manifest = Manifest {
        name: &package.name,
        version: &package.version,
        edition: "2021",
        rust_version: "1.63",
        authors: &package.authors,
        description: &package.description,
        license: &package.license,
        repository: package.repository.as_deref(),
        homepage: package.homepage.as_deref(),
        keywords: &package.keywords,
        categories: &package.categories,
        readme: "README.md",
        include: ["/src", "/docs/**/*.md", "/docs/**/*.svg", "/README.md", "/LICENSE-*", "/NOTICE"],
        autobins: false,
    };
    let package = toml::to_string(&manifest).unwrap_or_default();
    format!("# {MARK} from codes/crate.toml. Do not edit.\n\n[package]\n{package}\n{}", features(form))
}

/// The features, each with what it needs.
fn features(form: &Form) -> String {
    let has = |feature| form.features.contains(&feature);
    let (std, serde) = (has(Feature::Std), has(Feature::Serde));
    let mut lines = vec!["[features]"];
    lines.push(if std { "default = [\"std\"]" } else { "default = []" });
    lines.extend(std.then_some(if serde { "std = [\"serde_core?/std\"]" } else { "std = []" }));
    if serde {
        lines.extend(["serde = [\"dep:serde_core\"]", "", "[dependencies]"]);
        lines.push("serde_core = { version = \"1\", default-features = false, optional = true }");
    }
    lines.extend(["", "[package.metadata.docs.rs]", "all-features = true", ""]);
    lines.join("\n")
}

fn readme(registry: &Registry, form: &Form) -> String {
    let written = registry.package.readme.clone().unwrap_or_else(|| default_readme(&registry.package));
    let text = Examples::new(registry, form).in_markdown(&written).replace(EDITIONS, &editions(registry).join("\n"));
    let text = text.replace(STOPS, &stops(registry).join("\n"));
    let source = if registry.package.readme.is_some() { "README.md" } else { "crate.toml" };
    format!("<!-- {MARK} from codes/{source}. Do not edit. -->\n\n{text}")
}

/// A front page for a crate that has none.
fn default_readme(package: &Package) -> String {
    let description = escape(&package.description);
    format!("# {}\n\n{}\n\n## Editions\n\n{EDITIONS}\n", package.name, crate::text::sentence(&description))
}

/// Every edition with its newest document and its enums.
fn editions(registry: &Registry) -> Vec<String> {
    let row = |edition: &Edition| {
        let enums: Vec<String> = edition.tables.iter().map(|table| format!("[`{}`][{}]", table.enum_name, table.path)).collect();
        let documents: Vec<String> = edition.sources().into_iter().map(|source| escape(&source.document)).collect();
        let module = format!("[`{}::{}`][{}]", edition.system, edition.name, edition.path());
        vec![module, documents.join(", "), enums.join(", ")]
    };
    let rows: Vec<Vec<String>> = registry.current_and_older().into_iter().flatten().map(row).collect();
    let mut lines = markdown_table(&["module", "document", "tables"], &rows);
    lines.push(String::new());
    lines.extend(link_targets(registry, page, page_of_table));
    lines
}

fn page(edition: &Edition) -> String {
    format!("docs/{}.md", edition.path())
}

fn page_of_table(table: &Table) -> String {
    format!("docs/{}.md#{}", table.path.edition_path(), table.path.file)
}

/// The text that names the documents: as written, or else a list of them.
fn notice(registry: &Registry) -> String {
    registry.package.notice.clone().unwrap_or_else(|| list_of_documents(registry))
}

fn list_of_documents(registry: &Registry) -> String {
    let mut documents: Vec<String> = registry
        .tables()
        .filter_map(|table| table.source.as_ref())
        .map(|source| {
            let url = source.url.as_ref().map(|url| format!(", {url}")).unwrap_or_default();
            format!("- \"{}\"{url}", source.document)
        })
        .collect();
    documents.sort();
    documents.dedup();
    format!("{}\n\nThe tables record facts from these documents:\n\n{}\n", registry.package.name, documents.join("\n"))
}
