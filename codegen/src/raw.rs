//! A table exactly as written: the TOML with the place of every value, and nothing checked beyond its shape.
//!
//! In comes the text of one file, out come its [`Header`] and [`Row`]s. Every key may be missing, so that one mistake never
//! hides another: a key that is unknown or of the wrong type becomes a diagnostic, is struck out, and reading goes on.

use std::ops::Range;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, Error, ValueDeserializer};
use toml::value::Datetime;

use crate::diagnostic::{Diagnostic, quoted};
use crate::model::{Action, Answer, Basis, Direction, Format, Repr, Status, Wait};
use crate::source::{SourceFile, Span};

/// A table file.
#[derive(Debug)]
pub struct File {
    /// The text and its path.
    pub source: Arc<SourceFile>,
    /// Whether the text is TOML. If not, nothing else was read.
    pub is_toml: bool,
    /// All that stands above the rows.
    pub header: Part<Header>,
    /// The rows.
    pub rows: Vec<Part<Row>>,
}

/// A part of a file, as far as it could be read.
#[derive(Debug)]
pub struct Part<T> {
    /// What was read.
    pub read: T,
    /// The names of the keys that did not fit and were struck out. Each has its diagnostic.
    pub struck: Vec<String>,
    /// Where it begins: at `[[code]]`, or at the start of the file.
    pub span: Span,
}

/// What stands above the rows.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The title, as documented.
    #[schemars(with = "String")]
    pub title: Option<Spanned<String>>,
    /// The name of the enum.
    #[serde(rename = "enum")]
    #[schemars(with = "String")]
    pub enum_name: Option<Spanned<String>>,
    /// The kind of codes.
    #[schemars(with = "Kind")]
    pub kind: Option<Spanned<Kind>>,
    /// The type of the numbers.
    #[schemars(with = "Repr")]
    pub repr: Option<Spanned<Repr>>,
    /// What the codes tell, in our words.
    #[schemars(with = "String")]
    pub summary: Option<Spanned<String>>,
    /// The document.
    #[schemars(with = "Source")]
    pub source: Option<Spanned<Source>>,
    /// What to answer for codes without a row.
    #[schemars(with = "Option<Reconnect>")]
    pub reconnect: Option<Spanned<Reconnect>>,
}

/// The kind of codes a table holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// What a message is.
    Opcodes,
    /// Why a connection ended.
    CloseCodes,
    /// How a request went.
    StatusCodes,
    /// What was wrong with a request.
    ErrorCodes,
}

/// The document a table was read from.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Its title.
    #[schemars(with = "String")]
    pub document: Option<Spanned<String>>,
    /// Where it is published.
    #[schemars(with = "Option<String>")]
    pub url: Option<Spanned<String>>,
    /// A TOML date, or a string `"2026-03"` where only the month is known.
    #[schemars(with = "Date")]
    pub date: Option<Spanned<Date>>,
    /// The revision, where known.
    #[schemars(with = "Option<String>")]
    pub revision: Option<Spanned<String>>,
}

/// A day or a month.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a date such as 2026-07-21, or a month such as \"2026-07\"")]
pub enum Date {
    /// A TOML date.
    Day(#[schemars(with = "String")] Datetime),
    /// A month as a string.
    Month(String),
}

/// What a table of close codes answers for codes without a row.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reconnect {
    /// The connection ended without a close code.
    #[schemars(with = "Policy")]
    pub absent: Option<Spanned<Policy>>,
    /// The close code has no row.
    #[schemars(with = "Policy")]
    pub unknown: Option<Spanned<Policy>>,
    /// A table to ask before `unknown`.
    #[schemars(with = "Option<String>")]
    pub extends: Option<Spanned<String>>,
    /// The client itself closed with one of these codes.
    #[schemars(with = "Option<Sent>")]
    pub sent: Option<Spanned<Sent>>,
    /// What to hold the policies against, where that is not of the same system: `<system>/<file of the codes>`.
    #[schemars(with = "Option<String>")]
    pub clients: Option<Spanned<String>>,
    /// The events that `unless` may name.
    #[schemars(with = "Option<Vec<String>>")]
    pub events: Option<Vec<Spanned<String>>>,
}

/// What to do after the client itself closed the connection.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sent {
    /// The close codes.
    #[schemars(with = "Vec<i64>")]
    pub codes: Option<Vec<Spanned<i64>>>,
    /// What to do after sending one of them.
    #[schemars(with = "Policy")]
    pub policy: Option<Spanned<Policy>>,
}

/// A file of clients.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Clients {
    /// The clients.
    #[serde(default)]
    #[schemars(with = "Vec<Client>")]
    pub client: Vec<Spanned<Client>>,
}

/// One client, as its source was read.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Client {
    /// Its name.
    #[schemars(with = "String")]
    pub name: Option<Spanned<String>>,
    /// The version that was read.
    #[schemars(with = "String")]
    pub version: Option<Spanned<String>>,
    /// Where its source is.
    #[schemars(with = "String")]
    pub repository: Option<Spanned<String>>,
    /// The day of that version, where known.
    #[schemars(with = "Option<Date>")]
    pub date: Option<Spanned<Date>>,
    /// What it does, one table of codes each.
    #[serde(default)]
    #[schemars(with = "Vec<ClientTable>")]
    pub table: Vec<Spanned<ClientTable>>,
}

/// What a client does after the codes of one table.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientTable {
    /// The file of the codes, without `.toml`.
    #[schemars(with = "String")]
    pub codes: Option<Spanned<String>>,
    /// Codes after which it resumes.
    #[serde(default)]
    pub resume: Vec<u32>,
    /// Codes after which it starts a new session.
    #[serde(default, rename = "new-session")]
    pub new_session: Vec<u32>,
    /// Codes after which it connects again, one way or the other.
    #[serde(default)]
    pub reconnect: Vec<u32>,
    /// Codes after which it stays away.
    #[serde(default)]
    pub stop: Vec<u32>,
    /// What it does after codes that it does not name.
    pub unknown: Option<Answer>,
}

/// A policy.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// What to do.
    #[schemars(with = "Action")]
    pub action: Option<Spanned<Action>>,
    /// How long to wait first.
    pub wait: Option<Wait>,
    /// What the answer rests on.
    #[schemars(with = "Basis")]
    pub basis: Option<Basis>,
    /// Why, in a sentence.
    #[schemars(with = "String")]
    pub reason: Option<Spanned<String>>,
    /// The event that overrules a stop.
    #[schemars(with = "Option<String>")]
    pub unless: Option<Spanned<String>>,
}

/// One name or several.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(untagged, expecting = "expected a string or a list of strings")]
pub enum Names {
    /// `"Old"`.
    One(String),
    /// `["Old", "Older"]`.
    Many(Vec<String>),
}

/// One `[[code]]`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The number.
    #[schemars(with = "Option<i64>")]
    pub value: Option<Spanned<i64>>,
    /// The first and last number.
    #[schemars(with = "Option<Vec<i64>>")]
    pub range: Option<Spanned<Vec<Spanned<i64>>>>,
    /// The name, as documented.
    #[schemars(with = "String")]
    pub name: Option<Spanned<String>>,
    /// The name of the variant.
    #[schemars(with = "String")]
    pub ident: Option<Spanned<String>>,
    /// Other names of the same value.
    #[serde(default)]
    #[schemars(with = "Vec<String>")]
    pub aliases: Vec<Spanned<String>>,
    /// The identifier, or identifiers, that the code had before.
    #[schemars(with = "Option<Names>")]
    pub renamed_from: Option<Spanned<Names>>,
    /// What it means, in our words.
    #[schemars(with = "Option<String>")]
    pub summary: Option<Spanned<String>>,
    /// Whether the document still has it.
    #[schemars(with = "Option<Status>")]
    pub status: Option<Spanned<Status>>,
    /// Which way it travels.
    #[schemars(with = "Option<Direction>")]
    pub direction: Option<Spanned<Direction>>,
    /// How its payload is encoded.
    #[schemars(with = "Option<Format>")]
    pub format: Option<Spanned<Format>>,
    /// Whether to reconnect, as documented.
    #[schemars(with = "Option<bool>")]
    pub reconnect: Option<Spanned<bool>>,
    /// What the documented sentence says to do.
    #[schemars(with = "Option<Action>")]
    pub advice: Option<Spanned<Action>>,
    /// What to do after it.
    #[schemars(with = "Option<Policy>")]
    pub policy: Option<Spanned<Policy>>,
    /// What to do after it when its message says that the session cannot be resumed.
    #[schemars(with = "Option<Policy>")]
    pub policy_unless_resumable: Option<Spanned<Policy>>,
    /// Whether the document says to wait and try again.
    #[schemars(with = "Option<bool>")]
    pub retry: Option<Spanned<bool>>,
    /// A remark of ours.
    #[schemars(with = "Option<String>")]
    pub note: Option<Spanned<String>>,
    /// The fingerprint of the documented sentence.
    #[schemars(with = "Option<String>")]
    pub text: Option<Spanned<String>>,
}

/// Reads a file, as far as it can be read.
pub fn parse(source: &Arc<SourceFile>, diagnostics: &mut Vec<Diagnostic>) -> File {
    let (document, errors) = DeTable::parse_recoverable(&source.text);
    let is_toml = errors.is_empty();
    diagnostics.extend(errors.iter().map(|error| syntax_error(source, error)));
    let whole = Span::new(source, 0..0);
    let mut rows = Vec::new();
    let mut document = document.into_inner();
    if !is_toml {
        let header = Part { read: Header::default(), struck: Vec::new(), span: whole };
        return File { source: Arc::clone(source), is_toml, header, rows };
    }
    if let Some(code) = document.remove("code") {
        let span = code.span();
        match code.into_inner() {
            DeValue::Array(codes) => rows.extend(codes.into_iter().map(|code| {
                let span = Span::new(source, code.span());
                lenient(span, code, diagnostics)
            })),
            _ => diagnostics.push(
                Diagnostic::error("wrong-type", "`code` must be a list of rows")
                    .at(&Span::new(source, span), "this is something else")
                    .help("begin each row with `[[code]]`"),
            ),
        }
    }
    let header = lenient(whole, Spanned::new(0..0, DeValue::Table(document)), diagnostics);
    File { source: Arc::clone(source), is_toml, header, rows }
}

/// Reads a file of clients, as far as it can be read.
pub fn parse_clients(source: &Arc<SourceFile>, diagnostics: &mut Vec<Diagnostic>) -> Part<Clients> {
    let whole = Span::new(source, 0..0);
    match DeTable::parse(&source.text) {
        Ok(document) => lenient(whole, Spanned::new(0..0, DeValue::Table(document.into_inner())), diagnostics),
        Err(error) => {
            diagnostics.push(syntax_error(source, &error));
            Part { read: Clients::default(), struck: Vec::new(), span: whole }
        }
    }
}

fn syntax_error(source: &Arc<SourceFile>, error: &Error) -> Diagnostic {
    Diagnostic::error("toml-syntax", format!("this is not TOML: {}", error.message()))
        .at(&place(source, error.span()), "here")
        .help("strings stand in double quotes, a row begins with `[[code]]`, a table with `[name]`")
}

/// Deserializes a value; whatever does not fit is reported, struck out, and the rest tried again.
fn lenient<T: Default + DeserializeOwned>(
    span: Span,
    mut value: Spanned<DeValue<'_>>,
    diagnostics: &mut Vec<Diagnostic>,
) -> Part<T> {
    let mut struck = Vec::new();
    loop {
        match T::deserialize(ValueDeserializer::from(value.clone())) {
            Ok(read) => return Part { read, struck, span },
            Err(error) => {
                diagnostics.push(misfit(&span.file, &error));
                match error.span().and_then(|place| strike(value.get_mut(), &place)) {
                    Some(key) => struck.push(key),
                    None => return Part { read: T::default(), struck, span },
                }
            }
        }
    }
}

/// Removes the innermost entry that covers the place, and returns its key.
fn strike(value: &mut DeValue<'_>, place: &Range<usize>) -> Option<String> {
    let covers = |outer: Range<usize>| outer.start <= place.start && place.end <= outer.end;
    match value {
        DeValue::Table(table) => {
            if let Some(struck) = table.iter_mut().find_map(|(_, value)| strike(value.get_mut(), place)) {
                return Some(struck);
            }
            let (key, _) = table.iter().find(|(key, value)| covers(key.span()) || covers(value.span()))?;
            let key = key.get_ref().to_string();
            table.remove(key.as_str())?;
            Some(key)
        }
        DeValue::Array(array) => {
            if let Some(struck) = array.iter_mut().find_map(|value| strike(value.get_mut(), place)) {
                return Some(struck);
            }
            let index = array.iter().position(|value| covers(value.span()))?;
            let kept = std::mem::replace(array, toml::de::DeArray::new()).into_iter().enumerate().filter(|(at, _)| *at != index);
            for (_, value) in kept {
                array.push(value);
            }
            Some(String::new())
        }
        _ => None,
    }
}

fn misfit(source: &Arc<SourceFile>, error: &Error) -> Diagnostic {
    let span = place(source, error.span());
    let written = &source.text[span.range.clone()];
    let message = error.message().trim();
    let choices: Vec<&str> = match message.split_once("expected ") {
        Some((_, choices)) => choices.split('`').skip(1).step_by(2).collect(),
        None => Vec::new(),
    };
    let written = written.trim_matches('"');
    let diagnostic = if message.starts_with("unknown field") {
        Diagnostic::error("unknown-key", format!("unknown key {}", quoted(written))).at(&span, "no such key here")
    } else if message.starts_with("unknown variant") {
        Diagnostic::error("unknown-value", format!("unknown value {}", quoted(written))).at(&span, "no such value")
    } else {
        Diagnostic::error("wrong-type", format!("a value of the wrong type: {}", readable(message)))
            .at(&span, "here")
            .help("texts stand in double quotes; numbers, dates, `true` and `false` do not")
    };
    match (closest(written, &choices), choices.as_slice()) {
        (Some(choice), _) => diagnostic.help(format!("did you mean `{choice}`?")),
        (None, []) => diagnostic,
        (None, choices) => diagnostic.help(format!("it can be {}", listed(choices))),
    }
}

/// Rust's words for types in those of a person who writes TOML.
fn readable(message: &str) -> String {
    let message = message.replace("invalid type: ", "").replace("invalid length ", "a length of ");
    let message = message.replace("a borrowed string", "a string").replace("i64", "a whole number");
    message
        .replace("a sequence", "a list")
        .replace("sequence", "list")
        .replace("map", "table")
        .replace("struct ", "table ")
        .replace("a boolean", "true or false")
}

/// The choice that was probably meant.
pub(crate) fn closest<'a>(written: &str, choices: &[&'a str]) -> Option<&'a str> {
    let distance = |choice: &str| strsim::damerau_levenshtein(written, choice);
    let nearest = choices.iter().min_by_key(|choice| distance(choice))?;
    (distance(nearest) <= nearest.len().div_ceil(3)).then_some(nearest)
}

/// `a`, `b` or `c`.
pub(crate) fn listed(choices: &[&str]) -> String {
    let quoted: Vec<String> = choices.iter().map(|choice| format!("`{choice}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}

fn place(source: &Arc<SourceFile>, range: Option<Range<usize>>) -> Span {
    Span::new(source, range.unwrap_or(0..0))
}
