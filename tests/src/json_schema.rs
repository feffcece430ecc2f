//! JSON Schemas, checked by a validator that shares nothing with the project.

use boon::{Compiler, Draft, SchemaIndex, Schemas};
use serde_json::Value;

/// A schema that is ready to check values.
pub struct Schema {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Schema {
    /// For a schema of the draft that it names, or else of draft 7.
    ///
    /// # Panics
    ///
    /// If it is none.
    #[must_use]
    pub fn new(schema: &Value) -> Self {
        const PLACE: &str = "http://localhost/schema.json";
        let (mut schemas, mut compiler) = (Schemas::new(), Compiler::new());
        compiler.set_default_draft(Draft::V7);
        compiler.add_resource(PLACE, schema.clone()).expect("the schema is JSON");
        let index = compiler.compile(PLACE, &mut schemas).unwrap_or_else(|error| panic!("{error:#}"));
        Self { schemas, index }
    }

    /// What is wrong with a value; nothing if it is as the schema says.
    #[must_use]
    pub fn fault(&self, value: &Value) -> Option<String> {
        self.schemas.validate(value, self.index).err().map(|error| format!("{error:#}"))
    }
}
