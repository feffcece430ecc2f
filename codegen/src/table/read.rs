//! From the text of a file to its typed parts.

use std::sync::{Arc, LazyLock};

use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};

use super::places::{Place, Places};
use super::raw::{ClientsFile, Manifest, RawRow, TableFile};
use super::schema::{keys_of, schema_of_clients, schema_of_manifest, schema_of_tables};
use super::shape::{Check, Shape};
use crate::diagnostic::Diagnostic;
use crate::ours::{Decision, Ours};
use crate::source::{SourceFile, Span};

/// The shape of a table file, without its rows.
static HEADER: LazyLock<Shape> = LazyLock::new(|| {
    let mut schema = schema_of_tables();
    schema["properties"].as_object_mut().map(|properties| properties.remove("code"));
    Shape::new(&schema)
});

/// The shape of the list of rows.
static ROWS: LazyLock<Shape> = LazyLock::new(|| Shape::new(&schema_of_tables()["properties"]["code"]));

/// The keys of what people decided. All others are of what the document says.
static DECIDED: LazyLock<[Vec<String>; 2]> = LazyLock::new(|| [keys_of::<Ours>(), keys_of::<Decision>()]);

static CLIENTS: LazyLock<Shape> = LazyLock::new(|| Shape::new(&schema_of_clients()));

static MANIFEST: LazyLock<Shape> = LazyLock::new(|| Shape::new(&schema_of_manifest()));

/// Reads a table, as far as it fits. Nothing is returned for a text that is not TOML.
pub fn read_table(source: &Arc<SourceFile>) -> (Option<TableFile>, Vec<Diagnostic>) {
    let (document, mut diagnostics) = parse(source);
    let Some(mut document) = document else { return (None, diagnostics) };
    let mut rows = match document.get_mut() {
        DeValue::Table(table) => table.remove("code"),
        _ => None,
    };
    let starts: Vec<usize> =
        rows.as_ref().and_then(|rows| rows.get_ref().as_array()).into_iter().flatten().map(|row| row.span().start).collect();
    let header_end = end_of(document.get_ref());
    let has_rows = rows.as_ref().is_some_and(|rows| rows.get_ref().as_array().is_none_or(|rows| !rows.is_empty()));
    let mut check = Check::new(source);
    let header_fits = check.value("the table", &HEADER, &mut document);
    let rows = rows.as_mut().map(|rows| kept_items(&mut check, &ROWS, rows)).unwrap_or_default();
    diagnostics.extend(check.finish());
    let mut typed = Typed { source, diagnostics: &mut diagnostics };
    let header = if header_fits { typed.value(document) } else { None };
    let rows = rows.into_iter().filter_map(|(position, row)| {
        let [facts, ours, decision] = parts(row);
        Some(RawRow { facts: typed.value(facts)?, ours: typed.value(ours)?, decision: typed.value(decision)?, position })
    });
    let (rows, places) = (rows.collect(), Places::with_rows(source, "code", starts, header_end));
    (Some(TableFile { source: Arc::clone(source), header, rows, has_rows, places }), diagnostics)
}

/// Where the last value in a value ends.
fn end_of(value: &DeValue<'_>) -> usize {
    let end_of_item = |item: &Spanned<DeValue<'_>>| end_of(item.get_ref()).max(item.span().end);
    match value {
        DeValue::Table(items) => items.values().map(end_of_item).max().unwrap_or(0),
        DeValue::Array(items) => items.iter().map(end_of_item).max().unwrap_or(0),
        _ => 0,
    }
}

/// A row in parts: what the document says, what people decided for codes of all kinds, and what depends on the kind.
fn parts(row: Spanned<DeValue<'_>>) -> [Spanned<DeValue<'_>>; 3] {
    let span = row.span();
    let mut parts = [DeTable::new(), DeTable::new(), DeTable::new()];
    if let DeValue::Table(keys) = row.into_inner() {
        for (key, value) in keys {
            let part = DECIDED.iter().position(|keys| keys.iter().any(|one| one == key.get_ref())).map_or(0, |at| at + 1);
            parts[part].insert(key, value);
        }
    }
    parts.map(|part| Spanned::new(span.clone(), DeValue::Table(part)))
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
        clients.extend(items.into_iter().filter_map(|item| typed.value(item)));
    }
    diagnostics.extend(check.finish());
    let places = Places::new(source, "client");
    (ClientsFile { system: system.to_owned(), source: Arc::clone(source), clients, places }, diagnostics)
}

/// Reads `crate.toml`, if it fits.
pub fn read_manifest(source: &Arc<SourceFile>) -> (Option<(Manifest, Place)>, Vec<Diagnostic>) {
    let (document, mut diagnostics) = parse(source);
    let mut check = Check::new(source);
    let document = document.and_then(|mut document| check.value("the file", &MANIFEST, &mut document).then_some(document));
    diagnostics.extend(check.finish());
    let manifest = document.and_then(|document| Typed { source, diagnostics: &mut diagnostics }.value(document));
    let place = Place::of_header(&Places::new(source, "code"));
    (manifest.map(|manifest| (manifest, place)), diagnostics)
}

/// The items of a list that fit, with their positions.
fn kept_items<'i>(check: &mut Check<'_>, shape: &Shape, list: &mut Spanned<DeValue<'i>>) -> Vec<(usize, Spanned<DeValue<'i>>)> {
    let (Shape::List { item, .. }, true) = (shape, list.get_ref().is_array()) else {
        check.value("code", shape, list);
        return Vec::new();
    };
    let DeValue::Array(items) = std::mem::replace(list.get_mut(), DeValue::Boolean(false)) else { return Vec::new() };
    let fitting = items.into_iter().enumerate().filter_map(|(position, mut row)| {
        let fits = check.value("the row", item, &mut row);
        fits.then_some((position, row))
    });
    fitting.collect()
}

fn parse(source: &Arc<SourceFile>) -> (Option<Spanned<DeValue<'_>>>, Vec<Diagnostic>) {
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    let diagnostics: Vec<Diagnostic> = errors.iter().map(|error| syntax_error(source, error)).collect();
    let document = Spanned::new(0..0, DeValue::Table(document.into_inner()));
    (diagnostics.is_empty().then_some(document), diagnostics)
}

fn syntax_error(source: &Arc<SourceFile>, error: &Error) -> Diagnostic {
    Diagnostic::error("toml-syntax", format!("invalid TOML: {}", error.message()))
        .at(&Span::new(source, error.span().unwrap_or(0..0)), "here")
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
