//! The JSON Schema of a table file, by which editors complete and check `codes/*.toml`.
//!
//! It is made from the types that read the tables ([`raw`]), so that it cannot say anything else.

use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::model::Registry;
use crate::raw::{Header, Row};
use crate::tree::{MARK, Tree};

/// Where it stands in the generated crate.
const PATH: &str = "schema/table.json";

pub(super) fn render(_: &Registry, tree: &mut Tree) {
    let mut generator = SchemaSettings::draft07().into_generator();
    let row = generator.subschema_for::<Row>();
    let mut schema = generator.into_root_schema_for::<Header>().to_value();
    schema["$comment"] = json!(format!("{MARK} from codegen/src/raw.rs. Do not edit."));
    schema["title"] = json!("A table of codes");
    schema["properties"]["code"] = json!({ "description": "The rows.", "type": "array", "minItems": 1, "items": row });
    if let Some(required) = schema["required"].as_array_mut() {
        required.push(json!("code"));
    }
    let each_row = &mut schema["definitions"]["Row"];
    each_row["oneOf"] = json!([{ "required": ["value"] }, { "required": ["range"] }]);
    tree.insert(PATH, pretty(&schema));
}

fn pretty(schema: &Value) -> String {
    format!("{schema:#}\n")
}
