//! The JSON Schema of the files under `codes/`, made from the types that they are read into.
//!
//! Editors check files by it, and so does [`Shape`](super::shape::Shape): both cannot disagree with the types.

use schemars::generate::SchemaSettings;
use schemars::{JsonSchema, SchemaGenerator};
use serde_json::{Map, Value, json};

use super::raw::{Client, Header, Manifest};
use crate::model::{Decision, Facts, Ours, Source};

/// The schema of a table file.
#[must_use]
pub fn schema_of_tables() -> Value {
    let mut schema = schema_of::<Header>();
    schema["$schema"] = json!("http://json-schema.org/draft-07/schema#");
    schema["title"] = json!("A table of codes");
    schema["properties"]["code"] = json!({ "description": "The rows.", "type": "array", "items": schema_of_row() });
    schema
}

/// The schema of a row: facts and decisions together.
pub(super) fn schema_of_row() -> Value {
    let mut row = schema_of::<Facts>();
    for more in [schema_of::<Ours>(), schema_of::<Decision>()] {
        if let (Some(all), Value::Object(more)) = (row["properties"].as_object_mut(), &more["properties"]) {
            all.extend(more.clone());
        }
    }
    // schemars lists the two ways to give a number as alternatives; here they are two keys of which exactly one is required.
    if let Some(Value::Array(numbers)) = row.as_object_mut().and_then(|row| row.remove("oneOf")) {
        let mut required = Vec::new();
        for number in &numbers {
            if let (Some(all), Value::Object(more)) = (row["properties"].as_object_mut(), &number["properties"]) {
                let mut more = more.clone();
                for property in more.values_mut() {
                    property["description"] = number["description"].clone();
                }
                required.extend(more.keys().map(|key| json!({ "required": [key] })));
                all.extend(more);
            }
        }
        row["oneOf"] = Value::Array(required);
    }
    row
}

/// The schema of a file of clients.
pub(super) fn schema_of_clients() -> Value {
    json!({ "type": "object", "properties": { "client": { "type": "array", "items": schema_of::<Client>() } }, "additionalProperties": false })
}

/// The schema of a page in `sources.toml`.
pub(super) fn schema_of_source() -> Value {
    schema_of::<Source>()
}

/// The schema of `crate.toml`.
pub(super) fn schema_of_manifest() -> Value {
    schema_of::<Manifest>()
}

/// The keys of a row, in the order in which they are written: the document's, then ours.
#[must_use]
pub fn key_order() -> Vec<String> {
    let mut keys = vec!["value".to_owned(), "range".to_owned()];
    keys.extend([keys_of::<Facts>(), keys_of::<Ours>(), keys_of::<Decision>()].concat());
    keys
}

/// The keys of `[source]`, in the order in which they are written.
pub(super) fn source_key_order() -> Vec<String> {
    keys_of::<Source>()
}

/// The keys that a part of a row has by name.
fn keys_of<T: JsonSchema>() -> Vec<String> {
    schema_of::<T>()["properties"].as_object().into_iter().flat_map(Map::keys).cloned().collect()
}

/// The schema of a type, with every part in place and unknown keys forbidden.
fn schema_of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft07().with(|settings| settings.inline_subschemas = true);
    let mut schema = SchemaGenerator::new(settings).into_root_schema_for::<T>().to_value();
    if let Some(schema) = schema.as_object_mut() {
        schema.remove("$schema");
        schema.remove("title");
    }
    tidy(&mut schema);
    schema
}

/// Forbids unknown keys, and drops what TOML cannot say: null.
fn tidy(schema: &mut Value) {
    let Value::Object(object) = schema else {
        return schema.as_array_mut().into_iter().flatten().for_each(tidy);
    };
    if let Some(Value::Array(types)) = object.get_mut("type") {
        types.retain(|word| word != "null");
        if let [only] = types.as_slice() {
            object["type"] = only.clone();
        }
    }
    if let Some(Value::Array(choices)) = object.get_mut("anyOf") {
        choices.retain(|choice| choice["type"] != "null");
        if let [Value::Object(only)] = choices.as_slice() {
            let only = only.clone();
            object.shift_remove("anyOf");
            for (key, value) in only {
                object.entry(key).or_insert(value);
            }
        }
    }
    object.shift_remove("default");
    object.shift_remove("writeOnly");
    if object.get("format").is_some_and(is_number_format) {
        object.shift_remove("format");
    }
    if object.contains_key("properties") {
        object.insert("additionalProperties".to_owned(), json!(false));
    }
    for (key, value) in object {
        match value {
            // These are the keys of a table, whatever they mean in a schema.
            Value::Object(keys) if key == "properties" => keys.values_mut().for_each(tidy),
            value => tidy(value),
        }
    }
}

fn is_number_format(format: &Value) -> bool {
    format.as_str().is_some_and(|format| format.starts_with("uint"))
}
