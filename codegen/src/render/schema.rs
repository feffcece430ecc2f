//! The JSON Schema of a table file, by which editors complete and check tables. It is beside the tables.

use serde_json::json;

use crate::output::{MARK, Tree};
use crate::read::schema_of_tables;

/// Renders what belongs beside the tables.
#[must_use]
pub fn render_schema() -> Tree {
    let mut schema = schema_of_tables();
    schema["$comment"] = json!(format!("{MARK}. Do not edit."));
    let mut tree = Tree::default();
    tree.insert("schema.json", format!("{schema:#}\n"));
    tree
}
