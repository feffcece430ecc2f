//! Identifiers: the names of variants and enums.

use std::fmt;
use std::ops::Deref;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};

/// The name of a variant or an enum: ASCII letters and digits in upper camel case.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Ident(String);

impl Ident {
    /// An identifier, if the text is one.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        Self::fault(text).is_none().then(|| Self(text.to_owned()))
    }

    /// What makes a text unfit as an identifier, if anything does.
    #[must_use]
    pub fn fault(text: &str) -> Option<&'static str> {
        let Some(first) = text.chars().next() else { return Some("is empty") };
        if first.is_ascii_digit() {
            Some("starts with a digit")
        } else if !text.chars().all(|c| c.is_ascii_alphanumeric()) {
            Some("contains other characters than ASCII letters and digits")
        } else if !first.is_ascii_uppercase() {
            Some("starts with a lower-case letter")
        } else if text == "Self" {
            Some("is a keyword of Rust")
        } else {
            None
        }
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Ident {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Ident {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl JsonSchema for Ident {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Ident".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "ident", "pattern": "^[A-Z][A-Za-z0-9]*$" })
    }
}

/// What makes a text unfit as the name of a module, if anything does.
#[must_use]
pub fn fault_of_module(name: &str) -> Option<&'static str> {
    let Some(first) = name.chars().next() else { return Some("is empty") };
    if !first.is_ascii_lowercase() {
        Some("does not start with a lower-case letter")
    } else if !name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_') {
        Some("contains other characters than lower-case letters, digits and underscores")
    } else if name.contains("__") || name.ends_with('_') {
        Some("has an underscore that separates nothing")
    } else if syn::parse_str::<syn::Ident>(name).is_err() || name == "gen" {
        // `gen` is a keyword since the edition of 2024.
        Some("is a keyword of Rust")
    } else if is_device(name) {
        Some("is the name of a device on Windows, where no file can have it")
    } else {
        None
    }
}

/// Whether Windows takes a file of this name for a device, whatever its extension.
fn is_device(name: &str) -> bool {
    let port = name.strip_prefix("com").or(name.strip_prefix("lpt"));
    matches!(name, "con" | "prn" | "aux" | "nul") || port.is_some_and(|port| matches!(port.as_bytes(), [b'0'..=b'9']))
}
