//! The part of the generated crate that no table changes: its types, its traits, its manifest, its licences.
//!
//! These are real files under `codegen/runtime/`, where rustfmt, clippy and a reader see them. They are copied with a header.

use crate::markdown::table;
use crate::model::Registry;
use crate::tree::{MARK, Tree};

/// A file under `codegen/runtime/`, with its path there.
macro_rules! runtime {
    ($path:literal) => {
        ($path, include_str!(concat!("../../runtime/", $path)))
    };
}

/// The files, by their paths in the generated crate. The manifest has another name here, lest cargo take the folder for a crate.
const FILES: [(&str, &str); 8] = [
    ("Cargo.toml", include_str!("../../runtime/manifest.toml")),
    runtime!("rustfmt.toml"),
    runtime!("src/code.rs"),
    runtime!("src/macros.rs"),
    runtime!("src/opcode.rs"),
    runtime!("src/policy.rs"),
    runtime!("src/row.rs"),
    runtime!("src/wire.rs"),
];

/// Files that have to stay as they are, without a header.
const VERBATIM: [(&str, &str); 3] = [runtime!("LICENSE-MIT"), runtime!("LICENSE-APACHE"), runtime!("NOTICE")];

/// The editions that the examples in docs use. A crate without them shows the examples and does not run them.
const EXAMPLES_USE: [&str; 2] = ["discord/v10", "websocket/rfc6455"];

/// The line of the README that the table of editions replaces.
const EDITIONS: &str = "<!-- editions -->";

pub(super) fn render(registry: &Registry, tree: &mut Tree) {
    let has_examples = EXAMPLES_USE.iter().all(|wanted| {
        let editions = registry.systems.iter().flat_map(|system| &system.editions);
        editions.map(crate::model::Edition::path).any(|edition| edition == *wanted)
    });
    let examples = |text: &str| if has_examples { text.to_owned() } else { without_running_examples(text) };
    for (path, text) in FILES {
        let text = examples(text);
        let comment = if path.starts_with("src/") { "//" } else { "#" };
        let source = if path == "Cargo.toml" { "manifest.toml" } else { path };
        tree.insert(path, format!("{comment} {MARK} from codegen/runtime/{source}. Do not edit.\n\n{text}"));
    }
    for (path, text) in VERBATIM {
        tree.insert(path, text);
    }
    let (path, readme) = runtime!("README.md");
    let readme = examples(readme).replace(EDITIONS, &editions(registry).join("\n"));
    tree.insert(path, format!("<!-- {MARK} from codegen/runtime/{path}. Do not edit. -->\n\n{readme}"));
}

/// A text whose examples are marked as not to be run.
fn without_running_examples(text: &str) -> String {
    let mut inside = false;
    let lines = text.lines().map(|line| {
        let fence = line.trim_start_matches("///").trim();
        if !fence.starts_with("```") {
            return line.to_owned();
        }
        inside = !inside;
        if inside { line.replacen("```rust", "```", 1).replacen("```", "```ignore", 1) } else { line.to_owned() }
    });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn editions(registry: &Registry) -> Vec<String> {
    let editions = registry.systems.iter().flat_map(|system| &system.editions);
    let rows: Vec<Vec<String>> = editions
        .map(|edition| {
            let enums: Vec<String> = edition.tables.iter().map(|table| format!("`{}`", table.enum_name)).collect();
            let newest = edition.tables.iter().map(|table| &table.source).max_by(|a, b| a.date.cmp(&b.date));
            vec![
                format!("`{}::{}`", edition.system, edition.name),
                newest.map(ToString::to_string).unwrap_or_default(),
                enums.join(", "),
            ]
        })
        .collect();
    table(&["module", "document", "tables"], &rows)
}
