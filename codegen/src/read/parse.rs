//! From the text of a file to its typed parts.

use std::sync::{Arc, LazyLock};

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

use super::raw::{ClientsFile, Manifest, RawRow, RowKeys, SourcesFile, TableFile};
use super::schema::{schema_of_clients, schema_of_manifest, schema_of_source, schema_of_tables};
use super::shape::{Check, Shape};
use crate::text::{Diagnostic, Place, SourceFile, Span};

/// The shape of a table file, without its rows.
static HEADER: LazyLock<Shape> = LazyLock::new(|| {
    let mut schema = schema_of_tables();
    schema["properties"].as_object_mut().map(|properties| properties.remove("code"));
    Shape::new(&schema)
});

/// The shape of the list of rows.
static ROWS: LazyLock<Shape> = LazyLock::new(|| Shape::new(&schema_of_tables()["properties"]["code"]));

static CLIENTS: LazyLock<Shape> = LazyLock::new(|| Shape::new(&schema_of_clients()));

static SOURCE: LazyLock<Shape> = LazyLock::new(|| Shape::new(&schema_of_source()));

static MANIFEST: LazyLock<Shape> = LazyLock::new(|| Shape::new(&schema_of_manifest()));

/// Reads a table, as far as it fits. Nothing is returned for a text that is not TOML.
pub fn read_table(source: &Arc<SourceFile>) -> (Option<TableFile>, Vec<Diagnostic>) {
    let (document, mut diagnostics) = parse(source);
    let Some(mut document) = document else { return (None, diagnostics) };
    let rows = match document.get_mut() {
        DeValue::Table(table) => table.remove("code"),
        _ => None,
    };
    let place = Place::new(source, &document);
    let has_rows = rows.as_ref().is_some_and(|rows| rows.get_ref().as_array().is_none_or(|rows| !rows.is_empty()));
    let mut check = Check::new(source);
    let header_fits = check.value("the table", &HEADER, &mut document);
    let rows = rows.map(|rows| fitting(&mut check, rows)).unwrap_or_default();
    diagnostics.extend(check.finish());
    let mut typed = Typed { source, diagnostics: &mut diagnostics };
    let header = if header_fits { typed.value(document) } else { None };
    let rows = rows.into_iter().filter_map(|(position, place, row)| {
        let RowKeys { facts, ours, decision } = typed.value(row)?;
        Some(RawRow { facts, ours, decision, position, place })
    });
    let rows = rows.collect();
    (Some(TableFile { source: Arc::clone(source), header, rows, has_rows, place }), diagnostics)
}

/// The rows that fit, with their positions and places.
fn fitting<'i>(check: &mut Check<'_>, mut rows: Spanned<DeValue<'i>>) -> Vec<(usize, Place, Spanned<DeValue<'i>>)> {
    let Shape::List { item, .. } = &*ROWS else { return Vec::new() };
    if !rows.get_ref().is_array() {
        check.value("code", &ROWS, &mut rows);
        return Vec::new();
    }
    let DeValue::Array(rows) = rows.into_inner() else { return Vec::new() };
    let fitting = rows.into_iter().enumerate().filter_map(|(position, mut row)| {
        let place = Place::new(check.source(), &row);
        check.value("the row", item, &mut row).then_some((position, place, row))
    });
    fitting.collect()
}

/// Reads `sources.toml` of an edition, as far as it fits.
pub fn read_sources(edition: &str, source: &Arc<SourceFile>) -> (SourcesFile, Vec<Diagnostic>) {
    let (document, mut diagnostics) = parse(source);
    let mut check = Check::new(source);
    let (mut fitting, mut broken) = (Vec::new(), Vec::new());
    if let Some(DeValue::Table(table)) = document.map(Spanned::into_inner) {
        for (name, mut page) in table {
            let place = Place::new(source, &page);
            let name = name.into_inner().into_owned();
            if check.value("the page", &SOURCE, &mut page) {
                fitting.push((name, place, page));
            } else {
                broken.push(name);
            }
        }
    }
    diagnostics.extend(check.finish());
    let mut typed = Typed { source, diagnostics: &mut diagnostics };
    let pages = fitting.into_iter().filter_map(|(name, place, page)| Some((name, place, typed.value(page)?))).collect();
    (SourcesFile { edition: edition.to_owned(), source: Arc::clone(source), pages, broken }, diagnostics)
}

/// Reads the file of a system's clients, as far as it fits.
pub fn read_clients(system: &str, source: &Arc<SourceFile>) -> (ClientsFile, Vec<Diagnostic>) {
    let (document, mut diagnostics) = parse(source);
    let mut check = Check::new(source);
    let mut clients = Vec::new();
    if let Some(mut document) = document
        && check.value("the file", &CLIENTS, &mut document)
        && let DeValue::Table(table) = document.get_mut()
        && let Some(DeValue::Array(items)) = table.remove("client").map(Spanned::into_inner)
    {
        let mut typed = Typed { source, diagnostics: &mut diagnostics };
        clients.extend(items.into_iter().filter_map(|item| Some((Place::new(source, &item), typed.value(item)?))));
    }
    diagnostics.extend(check.finish());
    (ClientsFile { system: system.to_owned(), source: Arc::clone(source), clients }, diagnostics)
}

/// Reads `crate.toml`, if it fits.
pub fn read_manifest(source: &Arc<SourceFile>) -> (Option<(Manifest, Place)>, Vec<Diagnostic>) {
    let (document, mut diagnostics) = parse(source);
    let mut check = Check::new(source);
    let document = document.and_then(|mut document| {
        let place = Place::new(source, &document);
        check.value("the file", &MANIFEST, &mut document).then_some((place, document))
    });
    diagnostics.extend(check.finish());
    let mut typed = Typed { source, diagnostics: &mut diagnostics };
    let manifest = document.and_then(|(place, document)| Some((typed.value(document)?, place)));
    (manifest, diagnostics)
}

fn parse(source: &Arc<SourceFile>) -> (Option<Spanned<DeValue<'_>>>, Vec<Diagnostic>) {
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    let diagnostics: Vec<Diagnostic> = errors.iter().map(|error| syntax_error(source, error)).collect();
    let document = Spanned::new(0..0, DeValue::Table(document.into_inner()));
    (diagnostics.is_empty().then_some(document), diagnostics)
}

fn syntax_error(source: &Arc<SourceFile>, error: &Error) -> Diagnostic {
    // An error without a place is a key of too many parts.
    let longest = || source.text.lines().max_by_key(|line| line.matches('.').count()).and_then(|line| source.text.find(line));
    let span = error.span().or_else(|| longest().map(|start| start..start)).unwrap_or(0..0);
    Diagnostic::error("toml-syntax", format!("invalid TOML: {}", error.message()))
        .at(&Span::new(source, span), "here")
        .help("strings are in double quotes, a row starts with `[[code]]`, a table with `[name]`")
}

/// From checked values to types. What passes the check and not the type is reported too.
struct Typed<'a> {
    source: &'a Arc<SourceFile>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Typed<'_> {
    fn value<T: DeserializeOwned>(&mut self, value: Spanned<DeValue<'_>>) -> Option<T> {
        let span = value.span();
        match T::deserialize(ValueDeserializer::from(value)) {
            Ok(value) => Some(value),
            Err(error) => {
                let span = Span::new(self.source, error.span().unwrap_or(span));
                self.diagnostics.push(Diagnostic::error("wrong-type", error.message()).at(&span, "here"));
                None
            }
        }
    }
}
