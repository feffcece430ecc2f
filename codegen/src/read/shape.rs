//! What a TOML value may look like, and the check of a value against it.
//!
//! A [`Shape`] is made from a JSON Schema. Its check finds every mistake of a value in one pass, each with its place, and
//! removes what does not fit, so that the rest can be read.

use std::ops::Range;
use std::sync::Arc;

use serde_json::Value;
use toml::Spanned;
use toml::de::{DeArray, DeTable, DeValue};

use crate::model::{Date, Ident};
use crate::text::{Diagnostic, SourceFile, Span, Text, did_you_mean, quoted, quoted_list};

/// What a value may look like.
#[derive(Debug)]
pub(super) enum Shape {
    Text,
    Ident,
    Date,
    Word(Vec<String>),
    Integer { min: i64, max: i64 },
    Boolean,
    List { item: Box<Shape>, length: Option<usize> },
    Table(TableShape),
    Choice(Vec<Shape>),
}

/// What a table may look like.
#[derive(Debug)]
pub(super) struct TableShape {
    keys: Vec<(String, Shape)>,
    /// What other keys may have, where any name is a key.
    others: Option<Box<Shape>>,
    required: Vec<String>,
    /// Keys of which there must be exactly one.
    one_of: Vec<String>,
}

impl Shape {
    /// The shape that a schema describes.
    pub(super) fn new(schema: &Value) -> Self {
        if let Some(words) = words(schema) {
            return Self::Word(words);
        }
        if let Some(choices) =
            schema["anyOf"].as_array().or(schema["oneOf"].as_array().filter(|_| schema["properties"].is_null()))
        {
            return Self::Choice(choices.iter().map(Self::new).collect());
        }
        match (schema["type"].as_str(), schema["format"].as_str()) {
            (Some("string"), Some("ident")) => Self::Ident,
            (Some("string"), Some("date-or-month")) => Self::Date,
            (Some("boolean"), _) => Self::Boolean,
            (Some("integer"), _) => Self::Integer {
                min: schema["minimum"].as_i64().unwrap_or(0),
                max: schema["maximum"].as_i64().unwrap_or(u32::MAX.into()),
            },
            (Some("array"), _) => Self::List {
                item: Box::new(Self::new(&schema["items"])),
                length: schema["minItems"]
                    .as_u64()
                    .filter(|_| schema["maxItems"].is_number())
                    .and_then(|count| count.try_into().ok()),
            },
            (Some("object"), _) => Self::Table(TableShape::new(schema)),
            _ => Self::Text,
        }
    }

    /// What it is called in a message.
    fn description(&self) -> String {
        match self {
            Self::Text | Self::Ident => "a string".to_owned(),
            Self::Date => "a date such as `2026-07-21`, or a month such as `\"2026-07\"`".to_owned(),
            Self::Word(words) => quoted_list(&words.iter().map(String::as_str).collect::<Vec<_>>(), "or"),
            Self::Integer { .. } => "a whole number".to_owned(),
            Self::Boolean => "`true` or `false`".to_owned(),
            Self::List { item, length: Some(length) } => format!("a list of {length} items: {}", item.description()),
            Self::List { item, length: None } if matches!(**item, Self::Table(_)) => "a list of tables".to_owned(),
            Self::List { item, length: None } => format!("a list: {}", item.description()),
            Self::Table(TableShape { others: Some(others), .. }) => {
                format!("a table with {} under each key", others.description())
            }
            Self::Table(table) => {
                let keys: Vec<&str> = table.keys.iter().map(|(key, _)| key.as_str()).collect();
                format!("a table with the keys {}", quoted_list(&keys, "and"))
            }
            Self::Choice(choices) => {
                let choices: Vec<String> = choices.iter().map(Self::description).collect();
                choices.join(", or ")
            }
        }
    }

    /// Whether a value is of the type that this shape asks for.
    fn is_type_of(&self, value: &DeValue<'_>) -> bool {
        match self {
            Self::Text | Self::Ident | Self::Word(_) => value.is_str(),
            Self::Date => value.is_str() || value.is_datetime(),
            Self::Integer { .. } => value.is_integer(),
            Self::Boolean => value.is_bool(),
            Self::List { .. } => value.is_array(),
            Self::Table(_) => value.is_table(),
            Self::Choice(choices) => choices.iter().any(|choice| choice.is_type_of(value)),
        }
    }

    /// The alternative that a value is meant to be: of tables, one that knows a key of the value, or one that is near to it.
    fn chosen<'c>(choices: &'c [Self], value: &DeValue<'_>) -> Option<&'c Self> {
        let of_type = || choices.iter().filter(|choice| choice.is_type_of(value));
        let knowing = |is_near: bool| of_type().find(move |choice| choice.knows_a_key_of(value, is_near));
        knowing(false).or_else(|| knowing(true)).or_else(|| of_type().next())
    }

    fn knows_a_key_of(&self, value: &DeValue<'_>, is_near: bool) -> bool {
        match (self, value) {
            (Self::Table(shape), DeValue::Table(table)) => table.keys().any(|key| {
                let keys = || shape.keys.iter().map(|(key, _)| key.as_str());
                shape.key(key.get_ref()).is_some() || is_near && did_you_mean(key.get_ref(), keys()).is_some()
            }),
            (Self::Choice(choices), value) => choices.iter().any(|choice| choice.knows_a_key_of(value, is_near)),
            _ => false,
        }
    }
}

impl TableShape {
    fn new(schema: &Value) -> Self {
        let names = |list: &Value| -> Vec<String> {
            list.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
        };
        let properties = schema["properties"].as_object().into_iter().flatten();
        Self {
            keys: properties.map(|(key, schema)| (key.clone(), Shape::new(schema))).collect(),
            others: schema["additionalProperties"].is_object().then(|| Box::new(Shape::new(&schema["additionalProperties"]))),
            required: names(&schema["required"]),
            one_of: schema["oneOf"].as_array().into_iter().flatten().flat_map(|one| names(&one["required"])).collect(),
        }
    }

    fn key(&self, name: &str) -> Option<&Shape> {
        self.keys.iter().find(|(key, _)| key == name).map(|(_, shape)| shape).or(self.others.as_deref())
    }
}

/// The words of an enumeration, if the schema is one.
fn words(schema: &Value) -> Option<Vec<String>> {
    let word = |one: &Value| one["const"].as_str().or(one["enum"][0].as_str()).map(str::to_owned);
    if let Some(listed) = schema["enum"].as_array() {
        return listed.iter().map(|word| word.as_str().map(str::to_owned)).collect();
    }
    let listed = schema["oneOf"].as_array()?;
    listed.iter().map(word).collect()
}

/// The check of one file.
pub(super) struct Check<'a> {
    source: &'a Arc<SourceFile>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Check<'a> {
    pub(super) fn new(source: &'a Arc<SourceFile>) -> Self {
        Self { source, diagnostics: Vec::new() }
    }

    pub(super) fn finish(self) -> Vec<Diagnostic> {
        self.diagnostics
    }

    pub(super) fn source(&self) -> &'a Arc<SourceFile> {
        self.source
    }

    /// Checks a value, and removes from it what does not fit. Whether the rest can be read.
    pub(super) fn value(&mut self, name: &str, shape: &Shape, value: &mut Spanned<DeValue<'_>>) -> bool {
        let span = value.span();
        if !shape.is_type_of(value.get_ref()) {
            return self.wrong_type(name, shape, &span, value.get_ref());
        }
        match (shape, value.get_mut()) {
            (Shape::Choice(choices), _) => match Shape::chosen(choices, value.get_ref()) {
                Some(choice) => self.value(name, choice, value),
                None => false,
            },
            (Shape::Table(shape), DeValue::Table(table)) => self.table(name, shape, span, table),
            (Shape::List { item, length }, DeValue::Array(array)) => self.list(name, item, *length, &span, array),
            (Shape::Text, DeValue::String(text)) => self.text(name, text, span),
            (Shape::Ident, DeValue::String(text)) => self.ident(text, span),
            (Shape::Word(words), DeValue::String(text)) => self.word(words, text, span),
            (Shape::Integer { min, max }, DeValue::Integer(number)) => {
                let digits = number.as_str();
                let number = i64::from_str_radix(digits, number.radix()).ok();
                self.integer(digits, number, (*min, *max), span)
            }
            (Shape::Date, date) => {
                let text = match date {
                    DeValue::String(text) => text.to_string(),
                    DeValue::Datetime(day) => day.to_string(),
                    _ => String::new(),
                };
                self.date(name, &text, span)
            }
            _ => true,
        }
    }

    fn table(&mut self, name: &str, shape: &TableShape, span: Range<usize>, table: &mut DeTable<'_>) -> bool {
        let mut lost: Vec<String> = Vec::new();
        for (key, value) in table.iter_mut() {
            let name: &str = key.get_ref();
            let keep = match shape.key(name) {
                Some(shape) => self.value(name, shape, value),
                None => self.unknown_key(name, shape, key.span()),
            };
            if !keep {
                lost.push(name.to_owned());
            }
        }
        for key in &lost {
            table.remove(key.as_str());
        }
        let is_there = |key: &String| table.contains_key(key.as_str()) || lost.contains(key);
        let given: Vec<&String> = shape.one_of.iter().filter(|key| is_there(key)).collect();
        let mut missing: Vec<&str> = shape.required.iter().filter(|key| !is_there(key)).map(String::as_str).collect();
        if let ([], [first, ..]) = (given.as_slice(), shape.one_of.as_slice()) {
            missing.insert(0, first);
        }
        if !missing.is_empty() {
            self.missing(name, &missing, span.clone());
        }
        if let [first, second, ..] = given.as_slice() {
            self.both(name, first, second, span);
        }
        let usable = |key: &String| table.contains_key(key.as_str());
        shape.required.iter().all(usable)
            && (shape.one_of.is_empty() || shape.one_of.iter().filter(|key| usable(key)).count() == 1)
    }

    fn list(&mut self, name: &str, item: &Shape, length: Option<usize>, span: &Range<usize>, array: &mut DeArray<'_>) -> bool {
        if let Some(length) = length.filter(|length| *length != array.len()) {
            self.push(
                Diagnostic::error("wrong-length", format!("`{name}` has {} items instead of {length}", array.len()))
                    .at(&self.span(span.clone()), "this list")
                    .help(format!("write {length} items: {}", item.description())),
            );
            return false;
        }
        let mut all_fit = true;
        for mut value in std::mem::replace(array, DeArray::new()) {
            if self.value(name, item, &mut value) {
                array.push(value);
            } else {
                all_fit = false;
            }
        }
        all_fit || length.is_none()
    }

    fn text(&mut self, name: &str, text: &str, span: Range<usize>) -> bool {
        let Some((fault, fix)) = Text::fault(text) else { return true };
        let rule = if text.trim().is_empty() { "empty-text" } else { "unprintable-character" };
        self.push(Diagnostic::error(rule, format!("`{name}`: {fault}")).at(&self.span(span), "here").help(fix));
        false
    }

    fn ident(&mut self, text: &str, span: Range<usize>) -> bool {
        let Some(fault) = Ident::fault(text) else { return true };
        self.push(
            Diagnostic::error("invalid-ident", format!("{} cannot be an identifier", quoted(text)))
                .at(&self.span(span), fault)
                .help("use ASCII letters and digits in upper camel case, such as `InvalidSession`"),
        );
        false
    }

    fn word(&mut self, words: &[String], text: &str, span: Range<usize>) -> bool {
        if words.iter().any(|word| word == text) {
            return true;
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let help =
            did_you_mean(text, words.iter().copied()).unwrap_or_else(|| format!("it can be {}", quoted_list(&words, "or")));
        self.push(
            Diagnostic::error("unknown-value", format!("unknown value {}", quoted(text)))
                .at(&self.span(span), "not one of the possible values")
                .help(help),
        );
        false
    }

    fn integer(&mut self, digits: &str, number: Option<i64>, (min, max): (i64, i64), span: Range<usize>) -> bool {
        if number.is_some_and(|number| (min..=max).contains(&number)) {
            return true;
        }
        self.push(
            Diagnostic::error("out-of-range", format!("{digits} is out of range"))
                .at(&self.span(span), format!("must be from {min} to {max}"))
                .help("correct the number; negative numbers and numbers over 32 bits cannot be codes"),
        );
        false
    }

    fn date(&mut self, name: &str, text: &str, span: Range<usize>) -> bool {
        if Date::parse(text).is_some() {
            return true;
        }
        self.push(
            Diagnostic::error("invalid-date", format!("`{name}` must be a day or a month"))
                .at(&self.span(span), "this is neither")
                .help(format!("write `{name} = 2026-07-21`, or `{name} = \"2026-07\"` where the day is not known")),
        );
        false
    }

    fn wrong_type(&mut self, name: &str, shape: &Shape, span: &Range<usize>, value: &DeValue<'_>) -> bool {
        let found = match value {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "a whole number",
            DeValue::Float(_) => "a decimal number",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date",
            DeValue::Array(_) => "a list",
            DeValue::Table(_) => "a table",
        };
        let label = self.span(first_line(self.source, span));
        let mut diagnostic = Diagnostic::error("wrong-type", format!("`{name}` has a value of the wrong type"))
            .at(&label, format!("this is {found}"))
            .help(format!("write {}", shape.description()));
        if name == "code" {
            diagnostic = diagnostic.help("start each row with `[[code]]`");
        }
        self.push(diagnostic);
        false
    }

    fn unknown_key(&mut self, name: &str, shape: &TableShape, span: Range<usize>) -> bool {
        let keys: Vec<&str> = shape.keys.iter().map(|(key, _)| key.as_str()).collect();
        let help = did_you_mean(name, keys.iter().copied())
            .unwrap_or_else(|| format!("the keys here are {}", quoted_list(&keys, "and")));
        self.push(
            Diagnostic::error("unknown-key", format!("unknown key {}", quoted(name)))
                .at(&self.span(span), "no such key here")
                .help(help),
        );
        false
    }

    fn missing(&mut self, name: &str, keys: &[&str], span: Range<usize>) {
        let verb = if keys.len() == 1 { "is" } else { "are" };
        let examples: Vec<String> = keys.iter().map(|key| format!("`{key} = …`")).collect();
        let diagnostic = Diagnostic::error("missing-key", format!("{} {verb} missing in {name}", quoted_list(keys, "and")));
        self.push(
            diagnostic.at(&self.span(first_line(self.source, &span)), "here").help(format!("add {}", examples.join(" and "))),
        );
    }

    fn both(&mut self, name: &str, first: &str, second: &str, span: Range<usize>) {
        self.push(
            Diagnostic::error("value-and-range", format!("{name} has both `{first}` and `{second}`"))
                .at(&self.span(first_line(self.source, &span)), "here")
                .help("give a single code a row of its own: it takes precedence over a range"),
        );
    }

    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range)
    }

    fn push(&mut self, diagnostic: Diagnostic) {
        self.diagnostics.push(diagnostic);
    }
}

/// The first line of a place that may have many.
fn first_line(source: &SourceFile, range: &Range<usize>) -> Range<usize> {
    let text = source.text.get(range.clone()).unwrap_or_default();
    range.start..range.start + text.lines().next().unwrap_or_default().len()
}
