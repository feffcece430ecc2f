//! From tables of codes to a crate.
//!
//! The tables are TOML files that people review. Documents are imported into them, and everything else is built from them:
//!
//! ```text
//! pages ──import──▶ codes/*.toml ──read──▶ Folder ──lower──▶ Registry ──render──▶ Tree ──sync──▶ generated/
//!                                                               ├──lint──▶ diagnostics
//!                                                               └──changes(old, new)──▶ text, Markdown, JSON, GitHub, SARIF
//! ```
//!
//! 1. [`read`] takes the files of a folder as they are written.
//! 2. [`lower`] turns them into a [`Registry`] that cannot hold an invalid value, and collects every mistake.
//! 3. [`lint`] asks what only a person can answer: does each stop say how to go on?
//! 4. [`render`] writes Rust and Markdown into a [`Tree`], without touching the disk; [`generate`] adds pages of changes.
//! 5. [`sync`] makes a folder equal to the tree, or says how it differs.
//!
//! Mistakes are data all the way: every phase returns [`Diagnostic`]s, and whoever called prints them. [`load`] is the first
//! three phases in one.

mod answers;
mod changes;
mod date;
mod diagnostic;
mod explain;
mod fact_change;
mod facts;
mod files;
mod folder;
mod form;
mod ident;
mod import;
mod limits;
mod lint;
mod lower;
mod model;
mod ours;
mod render;
mod source;
mod sync;
mod table;
mod tally;
mod text;
mod tree;
mod vendor;
mod warnings;

pub use answers::CloseAnswers;
pub use changes::{
    Asked, Bump, Change, CodeName, CommitJson, Comparison, ConnectionRules, Content, Difference, HistoryJson, ItemChange,
    ListedDates, PageRow, PageTable, Relation, RowDates, Scope, Section, Side, TableName, Verbosity, changes,
    diff_schema, github, history_schema, json, markdown, sarif, set_dates, summary, text as diff_text,
    waive,
};
pub use date::Date;
pub use diagnostic::{Diagnostic, Severity, any_error, render as render_diagnostics};
pub use explain::{Explanation, Meaning, explain, rules};
pub use fact_change::FactChange;
pub use facts::{Action, Direction, Facts, Fingerprint, Format, Number, Status};
pub use files::{Files, read_file};
pub use folder::{Folder, TablePath, read};
pub use form::{Feature, Form, Layout};
pub use ident::fault_of_module as module_name_fault;
pub use import::{
    Accept, CodeChange, Column, Dialect, Imported, Need, NeedKind, Observed, ObservedTable, Options as ImportOptions, Page,
    PageCode, PassedOver, Reason, TableReport, TextOptions, WrittenTable, import, json as import_json,
    markdown as import_markdown, read_page, text as import_text,
};
pub use lint::{RULES, Rule, lint};
pub use lower::lower;
pub use model::{Edition, Registry, Table};
pub use ours::{Again, Policy};
pub use render::{generate, generate_all, render_schema};
pub use source::{SourceFile, Span};
pub use sync::{Drift, DriftKind, List, Mode, Owner, SyncError, foreign, sync};
pub use text::{closest, digest, display_path, key_word, normalized_name, quoted, shell_word};
pub use tree::Tree;
pub use vendor::{VENDORED, Vendored, add_list, select};

/// Reads, lowers and lints the files of a folder of tables. Without an error among the diagnostics there is a registry.
#[must_use]
pub fn load(files: &Files) -> (Option<Registry>, Vec<Diagnostic>) {
    let (folder, mut diagnostics) = read(files);
    let (registry, mut found) = lower(&folder);
    diagnostics.append(&mut found);
    diagnostics.extend(registry.iter().flat_map(lint));
    diagnostic::sort(&mut diagnostics);
    let registry = registry.filter(|_| !any_error(&diagnostics));
    (registry, diagnostics)
}
