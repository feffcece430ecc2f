//! The files around the source of the generated crate: manifest, front page, licences, and the list of documents.

use toml_edit::{Array, DocumentMut, Item, Value, value};

use super::docs::stops;
use super::links::link_targets;
use super::markdown::table as markdown_table;
use super::rust::Examples;
use crate::form::{Feature, Form};
use crate::model::{Edition, Package, Registry, Table};
use crate::tree::{MARK, Tree};

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

fn manifest(package: &Package, form: &Form) -> String {
    let list = |words: &[String]| Item::from(Value::from(words.iter().collect::<Array>()));
    let mut document = DocumentMut::new();
    let mut table = toml_edit::Table::new();
    table["name"] = value(&package.name);
    table["version"] = value(&package.version);
    table["edition"] = value("2021");
    table["rust-version"] = value("1.63");
    if !package.authors.is_empty() {
        table["authors"] = list(&package.authors);
    }
    table["description"] = value(&package.description);
    table["license"] = value(&package.license);
    for (key, text) in [("repository", &package.repository), ("homepage", &package.homepage)] {
        if let Some(text) = text {
            table[key] = value(text);
        }
    }
    for (key, words) in [("keywords", &package.keywords), ("categories", &package.categories)] {
        if !words.is_empty() {
            table[key] = list(words);
        }
    }
    table["readme"] = value("README.md");
    table["include"] =
        list(&["/src", "/docs/**/*.md", "/docs/**/*.svg", "/README.md", "/LICENSE-*", "/NOTICE"].map(str::to_owned));
    // A table may be called `main` or `bin`.
    table["autobins"] = value(false);
    document["package"] = Item::Table(table);
    format!("# {MARK} from codes/crate.toml. Do not edit.\n\n{document}\n{}", features(form))
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
    let description = super::markdown::escape(&package.description);
    format!("# {}\n\n{}\n\n## Editions\n\n{EDITIONS}\n", package.name, crate::text::sentence(&description))
}

/// Every edition with its newest document and its enums.
fn editions(registry: &Registry) -> Vec<String> {
    let row = |edition: &Edition| {
        let enums: Vec<String> = edition.tables.iter().map(|table| format!("[`{}`][{}]", table.enum_name, table.path)).collect();
        let newest = edition.tables.iter().map(|table| &table.source).max_by_key(|source| source.date);
        let document = newest.map(|source| super::markdown::escape(&source.to_string())).unwrap_or_default();
        let module = format!("[`{}::{}`][{}]", edition.system, edition.name, edition.path());
        vec![module, document, enums.join(", ")]
    };
    let rows: Vec<Vec<String>> = registry.editions().map(row).collect();
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
        .map(|table| {
            let url = table.source.url.as_ref().map(|url| format!(", {url}")).unwrap_or_default();
            format!("- \"{}\"{url}", table.source.document)
        })
        .collect();
    documents.sort();
    documents.dedup();
    format!("{}\n\nThe tables record facts from these documents:\n\n{}\n", registry.package.name, documents.join("\n"))
}
