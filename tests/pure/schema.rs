//! The JSON Schema of the tables: it accepts every table under `codes/`, and rejects what the generator rejects.

use std::fs;

use serde_json::Value;
use wirecodes_tests::json_schema::Schema;
use wirecodes_tests::tables::{as_json, written};
use wirecodes_tests::{files, root};

fn schema() -> Schema {
    let schema: Value = serde_json::from_str(&fs::read_to_string(root().join("codes/schema.json")).unwrap()).unwrap();
    Schema::new(&schema)
}

#[test]
fn it_accepts_every_table() {
    let schema = schema();
    let mut count = 0;
    for (path, table) in written() {
        let text = fs::read_to_string(root().join(format!("codes/{path}.toml"))).expect("a table");
        let named =
            text.lines().filter_map(|line| line.strip_prefix("#:schema ")).find(|schema| *schema != "../../../codes/schema.json");
        assert_eq!(named, None, "{path} names another schema");
        assert_eq!(schema.fault(&as_json(&table.into())), None, "{path}");
        count += 1;
    }
    assert!(count > 0, "there is no table");
}

#[test]
fn it_rejects_what_has_the_wrong_shape() {
    let schema = schema();
    let shape =
        ["unknown-key]", "missing-key]", "wrong-type]", "unknown-value]", "wrong-length]", "value-and-range]", "empty-text]"];
    // These depend on the kind of the table, or are not the schema's business.
    let elsewhere =
        ["ident-missing", "reconnect-missing", "unless-resumable-alone", "empty-text", "limits", "source-page-broken"];
    let mut count = 0;
    for (path, bytes) in files(&root().join("tests/bad_tables")) {
        let Some(case) = path.strip_suffix(".toml") else { continue };
        let messages = fs::read_to_string(root().join(format!("tests/bad_tables/{case}.stderr"))).expect("the case has messages");
        if case == "toml-syntax" || elsewhere.contains(&case) || !shape.iter().any(|rule| messages.contains(rule)) {
            continue;
        }
        let table = toml::from_slice(&bytes).expect("a case is TOML");
        assert!(schema.fault(&as_json(&table)).is_some(), "the schema accepts {case}");
        count += 1;
    }
    assert!(count >= 10, "only {count} cases");
}
