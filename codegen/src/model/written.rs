//! Keys that a table may write in a short form: one item instead of a list of one.

use std::borrow::Cow;
use std::marker::PhantomData;

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer};

/// One item, or a list.
#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

/// One item or a list as it is written; a list as programs read it.
pub(super) struct Written<T>(PhantomData<T>);

impl<T: JsonSchema> JsonSchema for Written<T> {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "Written".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        let is_read = generator.contract().is_serialize();
        if is_read { generator.subschema_for::<Vec<T>>() } else { generator.subschema_for::<OneOrMany<T>>() }
    }
}

pub(super) fn one_or_many<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::One(one) => vec![one],
        OneOrMany::Many(many) => many,
    })
}
