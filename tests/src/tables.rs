//! Tables as texts, and what differs between them.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde_json::{Value, json};
use wirecodes_codegen::{Bump, Comparison, Files, Registry, Report, Side, diff, lowered};

use crate::{files, root};

/// What is above the rows of a table of close codes.
pub const HEADER: &str = r#"title = "Gateway Close Event Codes"
enum = "GatewayCloseCode"
kind = "close-codes"
repr = "u16"
summary = "Why it closed."

[source]
document = "Codes"
date = 2020-01-01

[reconnect]
absent = { action = "resume", basis = "judgement", reason = "Nothing." }
unknown = { action = "resume", basis = "judgement", reason = "Nothing." }
"#;

/// A policy that says little.
pub const RESUME: &str = "{ action = \"resume\", basis = \"judgement\", reason = \"Why.\" }";

/// A row; `more` is further lines, or another policy.
#[must_use]
pub fn row(value: u32, ident: &str, more: &str) -> String {
    let policy = if more.contains("policy") { String::new() } else { format!("policy = {RESUME}\n") };
    format!("\n[[code]]\nvalue = {value}\nname = \"{ident}\"\nident = \"{ident}\"\nsummary = \"S.\"\n{policy}{more}\n")
}

/// What is above the rows of a table of another kind.
#[must_use]
pub fn header(title: &str, enum_name: &str, kind: &str, repr: &str) -> String {
    let source = "[source]\ndocument = \"Codes\"\ndate = 2020-01-01\n";
    format!("title = {title:?}\nenum = {enum_name:?}\nkind = {kind:?}\nrepr = {repr:?}\nsummary = \"S.\"\n\n{source}")
}

/// A table of opcodes.
#[must_use]
pub fn opcodes(rows: &str) -> String {
    header("Opcodes", "Opcode", "opcodes", "u8") + rows
}

/// A folder in memory, from the texts of its files by their paths.
pub fn folder<P: Into<String>, T: AsRef<str>>(texts: impl IntoIterator<Item = (P, T)>) -> Files {
    let mut files = Files::new("codes");
    for (path, text) in texts {
        files.insert(path, text.as_ref().as_bytes().to_vec());
    }
    files
}

/// Tables, by their paths without `.toml`, as the generator has them.
///
/// # Panics
///
/// If they are not valid.
#[must_use]
pub fn registry(tables: &[(&str, &str)]) -> Arc<Registry> {
    let files = folder(tables.iter().map(|(path, text)| (format!("{path}.toml"), text)));
    Arc::new(lowered(&files).unwrap_or_else(|found| panic!("{found:?}")))
}

/// The tables of this repository, as the generator has them. They are read once.
pub static SHIPPED: LazyLock<Arc<Registry>> = LazyLock::new(|| {
    let files = Files::from_folder(&root().join("codes")).expect("the tables can be read");
    Arc::new(lowered(&files).unwrap_or_else(|found| panic!("{found:?}")))
});

/// The tables of this repository as they are written, by their paths without `.toml`.
///
/// # Panics
///
/// If one is no TOML.
#[must_use]
pub fn written() -> BTreeMap<String, toml::Table> {
    let files = files(&root().join("codes")).into_iter();
    let tables = files.filter(|(path, _)| path.split('/').count() == 3 && !path.ends_with("/sources.toml"));
    tables
        .map(|(path, bytes)| {
            let table = toml::from_slice(&bytes).unwrap_or_else(|error| panic!("{path}: {error}"));
            (path.trim_end_matches(".toml").to_owned(), table)
        })
        .collect()
}

/// A report in one line, without colours.
#[must_use]
pub fn words(report: &Report) -> String {
    let text = anstream::adapter::strip_str(&report.text(true, 1000)).to_string();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Compares two folders of tables.
///
/// # Panics
///
/// If they are not valid.
#[must_use]
pub fn compare(old: &[(&str, &str)], new: &[(&str, &str)]) -> Comparison {
    diff(&Side::new("old", registry(old), ""), &Side::new("new", registry(new), ""))
}

/// Compares two tables of close codes by their rows.
///
/// # Panics
///
/// If they are not valid.
#[must_use]
pub fn compare_rows(old: &str, new: &str) -> Comparison {
    let (old, new) = (format!("{HEADER}{old}"), format!("{HEADER}{new}"));
    compare(&[("a/v1/gateway-close-codes", &old)], &[("a/v1/gateway-close-codes", &new)])
}

/// A comparison as programs read it.
///
/// # Panics
///
/// If it is no JSON.
#[must_use]
pub fn value(comparison: &Comparison) -> Value {
    serde_json::to_value(comparison.json()).expect("it is data")
}

/// The kind of each change, and what it needs.
#[must_use]
pub fn kinds(comparison: &Comparison) -> Vec<(&'static str, Bump)> {
    comparison.differences.iter().map(|one| (one.kind, one.bump)).collect()
}

/// A row of a table whose kind has no policies.
#[must_use]
pub fn bare(value: u32, ident: &str) -> String {
    format!("\n[[code]]\nvalue = {value}\nname = \"{ident}\"\nident = \"{ident}\"\nsummary = \"S.\"\n")
}

/// A value of TOML as JSON, with dates as texts.
#[must_use]
pub fn as_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => json!(date.to_string()),
        toml::Value::Array(values) => values.iter().map(as_json).collect(),
        toml::Value::Table(table) => table.iter().map(|(key, value)| (key.clone(), as_json(value))).collect(),
        other => json!(other),
    }
}
