//! `cargo xtask import`: from documentation pages to the tables.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use wirecodes_codegen::changes::{Change, Listing, Verbosity, changes, text};
use wirecodes_codegen::diagnostic::{Diagnostic, any_error};
use wirecodes_codegen::import::{Dialect, Merged, ObservedRow, ObservedValue, Options, Page, merge, observe};
use wirecodes_codegen::read;
use wirecodes_codegen::source::{SourceFile, Span};
use wirecodes_codegen::sync;

use crate::paths::in_root;
use crate::{End, Ended, report};

/// Bring the tables of an edition in step with the pages that document them
///
/// Documented facts are updated; what people wrote (identifiers, summaries, policies, notes, comments, order) stays as it is.
/// New rows get a proposed identifier; rows that left the page are marked as removed. A row that cannot be read is named in an
/// error and the rest is imported.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask import opcodes.mdx --into discord/v10 --date 2026-07-21 --revision 9c46c329
  cargo xtask import opcodes.mdx --into discord/v10 --dry-run
  cargo xtask import opcodes.mdx --into discord/v10 --dry-run --format json")]
pub struct Import {
    /// The pages: Markdown, MDX, a scrape of these to text, or enum pages of TypeDoc
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<PathBuf>,
    /// The edition, such as discord/v10; it is made if it does not exist
    #[arg(long, value_name = "SYSTEM/EDITION", value_parser = parse_edition)]
    into: String,
    /// The day of the pages, such as 2026-07-21, or 2026-07 [default: today, where something changed]
    #[arg(long, value_name = "DATE", value_parser = parse_date)]
    date: Option<String>,
    /// The revision of the pages
    #[arg(long)]
    revision: Option<String>,
    /// How the pages are written
    #[arg(long, value_enum, default_value_t = DialectChoice::Auto)]
    dialect: DialectChoice,
    /// Delete rows and tables that are not on the pages, however many
    #[arg(long)]
    prune: bool,
    /// Write nothing; print what would change
    #[arg(long)]
    dry_run: bool,
    /// Write nothing; fail if a page differs from the tables
    #[arg(long)]
    check: bool,
    /// How to print what was read and what changed
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The folder of tables [default: codes]
    #[arg(long, value_name = "DIR")]
    codes: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum DialectChoice {
    /// Find out by looking
    Auto,
    /// Pipe tables: Markdown, MDX, or a scrape of these to text
    Tables,
    /// Enum pages of TypeDoc
    Typedoc,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Json,
}

impl Import {
    pub fn run(self) -> Ended {
        let folder = self.codes.clone().unwrap_or_else(|| in_root("codes")).join(&self.into);
        let mut diagnostics = Vec::new();
        let pages = self.observe(&mut diagnostics);
        let shown = (self.format == Format::Json).then(|| pages.iter().map(tables).collect::<Vec<_>>().concat());
        let edition = read::edition(&folder, &mut diagnostics);
        let readable = !pages.is_empty() && pages.iter().any(|page| !page.tables.is_empty());
        let options =
            Options { prune: self.prune, date: self.date.clone(), revision: self.revision.clone(), today: report::today() };
        let merged = if readable { merge(&edition, pages, &options, &mut diagnostics) } else { None };
        let changed: Vec<&Merged> = merged.iter().flatten().filter(|table| table.before != table.after).collect();
        if !self.dry_run && !self.check {
            write(&folder, &changed)?;
        }
        if let Some(tables) = shown {
            let diagnostics: Vec<Value> = diagnostics.iter().map(diagnostic).collect();
            anstream::println!("{}", json!({ "tables": tables, "diagnostics": diagnostics }));
        } else {
            report::diagnostics(&diagnostics);
            self.tell(&folder, &changed, merged.is_some());
        }
        let differs = self.check && !changed.is_empty();
        Ok(if any_error(&diagnostics) || merged.is_none() || differs { End::FoundWrong } else { End::Done })
    }

    fn observe(&self, diagnostics: &mut Vec<Diagnostic>) -> Vec<Page> {
        let dialect = match self.dialect {
            DialectChoice::Auto => None,
            DialectChoice::Tables => Some(Dialect::Tables),
            DialectChoice::Typedoc => Some(Dialect::TypeDoc),
        };
        let sources: Vec<_> = self.pages.iter().filter_map(|page| read::file(page, diagnostics)).collect();
        if sources.len() < self.pages.len() {
            return Vec::new();
        }
        sources.iter().map(|source| observe(source, dialect, diagnostics)).collect()
    }

    fn tell(&self, folder: &Path, changed: &[&Merged], merged: bool) {
        if !merged {
            report::message("nothing was imported; no file was changed");
        } else if changed.is_empty() {
            anstream::println!("{} is up to date", self.into);
        } else {
            let title = format!("{} ← {}", self.into, self.names());
            anstream::print!("{}", text(&title, &changes_of(folder, changed), Verbosity::Normal));
            anstream::println!();
            let planned = if self.dry_run || self.check { "would be " } else { "" };
            for table in changed {
                let verb = match (&table.before, &table.after) {
                    (None, _) => "added",
                    (_, None) => "deleted",
                    _ => "changed",
                };
                anstream::println!("{planned}{verb}: {}", path_of(folder, table));
            }
            if planned.is_empty() {
                anstream::println!("\nNow look at the warnings, then run: cargo xtask codegen");
            }
        }
    }

    /// The pages, as they were named.
    fn names(&self) -> String {
        let names = self.pages.iter().map(|page| page.file_name().unwrap_or_default().display().to_string());
        names.collect::<Vec<_>>().join(", ")
    }
}

/// What an import changes in the tables.
fn changes_of(folder: &Path, changed: &[&Merged]) -> Vec<Change> {
    let listings = |text: fn(&Merged) -> Option<&String>| -> Vec<Listing> {
        let sources = changed.iter().filter_map(|table| Some((table, SourceFile::new(path_of(folder, table), text(table)?))));
        // What is wrong with these texts has been reported already.
        sources.map(|(table, source)| Listing::of_file(&table.file, &source, &mut Vec::new())).collect()
    };
    changes(&listings(|table| table.before.as_ref()), &listings(|table| table.after.as_ref()))
}

fn path_of(folder: &Path, table: &Merged) -> String {
    format!("{}/{}.toml", read::shown(folder), table.file)
}

fn write(folder: &Path, changed: &[&Merged]) -> Result<(), sync::SyncError> {
    let path = |table: &Merged| folder.join(format!("{}.toml", table.file));
    let texts: Vec<(PathBuf, &str)> =
        changed.iter().filter_map(|table| table.after.as_deref().map(|text| (path(table), text))).collect();
    sync::write(&texts)?;
    for gone in changed.iter().filter(|table| table.after.is_none()) {
        let path = path(gone);
        std::fs::remove_file(&path).map_err(|error| sync::SyncError { action: "delete", path, error })?;
    }
    Ok(())
}

/// The tables of a page, for reading by programs.
fn tables(page: &Page) -> Vec<Value> {
    let table = |table: &wirecodes_codegen::import::ObservedTable| json!({ "table": table.form.file, "title": table.title, "codes": table.rows.iter().map(code).collect::<Vec<_>>() });
    page.tables.iter().map(table).collect()
}

fn code(row: &ObservedRow) -> Value {
    let mut code = serde_json::Map::new();
    match row.value {
        ObservedValue::Value(value) => code.insert("value".to_owned(), json!(value)),
        ObservedValue::Range(range) => code.insert("range".to_owned(), json!(range)),
    };
    code.insert("name".to_owned(), json!(row.name));
    code.insert("status".to_owned(), json!(row.status));
    let mut optional = |key: &str, value: Value| {
        if !value.is_null() {
            code.insert(key.to_owned(), value);
        }
    };
    optional("direction", json!(row.direction));
    optional("format", json!(row.format));
    optional("reconnect", json!(row.reconnect));
    optional("text", json!(row.sentence.as_deref().map(wirecodes_codegen::import::merge::fingerprint)));
    optional("alias", if row.is_alias { json!(true) } else { Value::Null });
    optional("line", json!(row.span.line()));
    Value::Object(code)
}

fn diagnostic(diagnostic: &Diagnostic) -> Value {
    let place = diagnostic.labels.first().map(|label| &label.span);
    json!({
        "level": diagnostic.severity.word(),
        "rule": diagnostic.rule,
        "file": diagnostic.file(),
        "line": place.map(Span::line),
        "column": place.map(Span::column),
        "message": diagnostic.message,
        "help": diagnostic.help,
    })
}

fn parse_date(text: &str) -> Result<String, String> {
    let day = if text.len() == "2026-07".len() { format!("{text}-01") } else { text.to_owned() };
    match day.parse::<jiff::civil::Date>() {
        Ok(date) if date.to_string() == day => Ok(text.to_owned()),
        _ => Err("write a day as 2026-07-21, or a month as 2026-07".to_owned()),
    }
}

fn parse_edition(text: &str) -> Result<String, String> {
    match text.split_once('/') {
        Some((system, edition)) if read::is_module(system) && read::is_module(edition) => Ok(text.to_owned()),
        _ => Err("write a system and an edition, such as discord/v10, in lower case letters, digits and underscores".to_owned()),
    }
}
