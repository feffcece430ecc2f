//! From tables of codes to a crate.
//!
//! The tables are TOML files that people review. Documents are imported into them, and everything else is built from them:
//!
//! ```text
//! pages ──import──▶ codes/*.toml ──load──▶ Registry ──generate──▶ Tree ──sync──▶ generated/
//!                                             └──────diff(old, new)──▶ Comparison ──▶ Report ──▶ text, Markdown, GitHub, SARIF
//! ```
//!
//! The verbs are [`load`], [`generate`], [`sync`], [`import`], [`diff`], [`explain`] and [`vendor`]; [`Sides`], [`History`] and
//! [`update`] find what they take in folders and repositories. Mistakes are data all the way: every verb returns
//! [`Diagnostic`]s, and the caller prints them.
//!
//! Rooms import from those above them only: `text`, `model`, `read`, `print`, `diff`, `import`, `source`, `output`, `render`.

mod build;
mod diff;
mod explain;
mod import;
mod model;
mod output;
mod print;
mod read;
mod render;
mod source;
mod text;
mod vendor;

pub use build::{Build, build};
pub use diff::{Comparison, Side, changes as diff};
pub use explain::{Explanation, explain, rules};
pub use import::{Accept, Imported, Options as ImportOptions, Page, import, read_page};
pub use model::{Bump, Date, Registry, fault_of_module as module_fault};
pub use output::{Drift, Feature, Form, Layout, Mode, Owner, Tree, sync};
pub use print::Report;
pub use read::load;
pub use render::generate;
pub use source::{History, Plan, Sides, UpdateOptions, Wish};
pub use text::{Diagnostic, Files, SourceFile, any_error, read_file, render as render_diagnostics};
pub use vendor::{VendorError, VendorOptions, vendor};

/// The JSON Schema of what a command prints with `--format json`: of `diff`, `explain`, `history` and `import`.
#[must_use]
pub fn schema_of(command: &str) -> Option<serde_json::Value> {
    // Every field that may be missing is named.
    let generator = || schemars::generate::SchemaSettings::draft2020_12().for_serialize().into_generator();
    let schema = match command {
        "diff" => generator().into_root_schema_for::<diff::DiffJson>(),
        "explain" => generator().into_root_schema_for::<Explanation>(),
        "history" => generator().into_root_schema_for::<diff::HistoryJson>(),
        "import" => generator().into_root_schema_for::<import::ImportJson<'_>>(),
        _ => return None,
    };
    Some(schema.to_value())
}
