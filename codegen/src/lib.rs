//! From tables of codes to a crate.
//!
//! The tables are TOML files that are reviewed. Documents are imported into them, and everything else is built from them:
//!
//! ```text
//! pages ──import──▶ codes/*.toml ──load──▶ Registry ──generate──▶ Tree ──sync──▶ generated/
//!                                             ├──────diff(old, new)──▶ Comparison ──▶ Report ──▶ text, Markdown, GitHub, SARIF
//! sources of a client ──read──▶ Sources ──────┴──────audit──▶ Audit ──────────────────▶ Report
//! ```
//!
//! The verbs are [`load`], [`generate`], [`sync`], [`import`], [`diff`], [`audit`], [`explain`] and [`vendor`]; [`Sides`], [`History`] and
//! [`Plan`] find what they take in folders and repositories. Mistakes are data all the way: every verb returns
//! [`Diagnostic`]s, and the caller prints them.
//!
//! Rooms import from those above them only: `text`, `model`, `read`, `print`, `audit`, `diff`, `import`, `source`, `output`, `render`.

mod audit;
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

pub use audit::{Audit, FindingKind, Sources, audit};
pub use build::build;
pub use diff::{Comparison, Side, changes as diff, kinds};
pub use explain::{explain, rules};
pub use import::{Imported, Options as ImportOptions, Wanted, import, read_page, read_page_for};
pub use model::{Bump, CloseAnswers, Date, Registry};
pub use output::{Feature, Form, Layout, List, Mode, Owner, Tree, sync};
pub use print::Report;
pub use read::{Page, load, lowered};
pub use render::generate;
pub use source::{History, Plan, Repositories, Sides, UpdateOptions, Wish, revision_of};
pub use text::{Diagnostic, Files, SourceFile, counted, printable, to_json};
pub use vendor::{VendorOptions, Vendoring, check_copy, vendor};

/// The JSON Schema of what a command prints with `--format json`: of `audit`, `diff`, `explain`, `history` and `import`.
#[must_use]
pub fn schema_of(command: &str) -> Option<serde_json::Value> {
    // Every field that may be missing is named.
    let generator = || schemars::generate::SchemaSettings::draft2020_12().for_serialize().into_generator();
    let schema = match command {
        "audit" => generator().into_root_schema_for::<audit::Audit>(),
        "diff" => generator().into_root_schema_for::<diff::DiffJson<'_>>(),
        "explain" => generator().into_root_schema_for::<explain::Explanation>(),
        "history" => generator().into_root_schema_for::<diff::HistoryJson<'_>>(),
        "import" => generator().into_root_schema_for::<import::ImportJson<'_>>(),
        _ => return None,
    };
    Some(schema.to_value())
}
