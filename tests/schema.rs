//! The JSON Schema of the tables: it takes every table of ours, and refuses what the generator refuses.

use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value};
use wirecodes_tests::{files, root};

/// A TOML value as editors hand it to a validator: dates are strings.
fn as_json(value: &toml::Value) -> Value {
    match value {
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(values) => Value::Array(values.iter().map(as_json).collect()),
        toml::Value::Table(table) => {
            Value::Object(table.iter().map(|(key, value)| (key.clone(), as_json(value))).collect::<Map<_, _>>())
        }
        other => serde_json::to_value(other).expect("plain values are JSON"),
    }
}

fn read(path: PathBuf) -> Value {
    as_json(&fs::read_to_string(path).unwrap().parse::<toml::Table>().map(toml::Value::Table).unwrap())
}

#[test]
fn it_takes_every_table_and_refuses_mistakes() {
    let schema: Value = serde_json::from_str(&fs::read_to_string(root().join("generated/schema/table.json")).unwrap()).unwrap();
    let validator = jsonschema::draft7::new(&schema).unwrap();
    let tables: Vec<PathBuf> = files(&root().join("codes"))
        .into_iter()
        .filter(|(path, _)| !path.ends_with("clients.toml"))
        .map(|(path, _)| root().join("codes").join(path))
        .collect();
    assert!(tables.len() > 20);
    for table in tables {
        let text = fs::read_to_string(&table).unwrap();
        assert!(text.starts_with("#:schema ../../../generated/schema/table.json\n"), "{} names no schema", table.display());
        let errors: Vec<String> = validator.iter_errors(&read(table.clone())).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0], "{}", table.display());
    }
    for case in [
        "unknown-key",
        "missing-key",
        "wrong-type",
        "unknown-value",
        "unknown-action",
        "policy-incomplete",
        "no-rows",
        "value-and-range",
        "reconnect-incomplete",
    ] {
        let table = read(root().join(format!("tests/bad_tables/{case}.toml")));
        assert!(!validator.is_valid(&table), "the schema takes {case}");
    }
}
