//! All tables as JSON, for generators in other languages, and the JSON Schema of that file.
//!
//! Takes the model and returns two files. Every key of a table is there but those that only the repository needs. Defaults are
//! written out: a reader needs no knowledge of the tables' own format.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::json;

use crate::model::{
    self, Action, ClientAction, CloseAnswers, Compared, Edition, Facts, Fallback, Ident, Kind, Limits, NewSessionBy, Ours,
    Policy, Registry, Repr, Retry, Row, Source, Table,
};
use crate::output::{MARK, Tree};
use crate::text::Text;

/// The version of the format. It is raised when a program that reads the file has to change.
const VERSION: u32 = 1;

/// Adds the file and its schema.
pub(super) fn render(registry: &Registry, tree: &mut Tree) {
    let mut data = serde_json::to_value(Data::new(registry)).unwrap_or_default();
    let mark = format!("{MARK} from codes. Do not edit.");
    data["$comment"] = json!(mark);
    tree.insert("codes.json", format!("{:#}\n", comment_first(data)));
    let settings = SchemaSettings::draft07().for_serialize();
    let mut schema = settings.into_generator().into_root_schema_for::<Data>().to_value();
    schema["$comment"] = json!(mark);
    schema["properties"]["$comment"] = json!({ "type": "string" });
    tree.insert("codes.schema.json", format!("{:#}\n", comment_first(schema)));
}

/// The comment is at the top, where a later run finds it.
fn comment_first(mut value: serde_json::Value) -> serde_json::Value {
    if let Some(object) = value.as_object_mut() {
        let comment = object.remove("$comment");
        let rest = std::mem::take(object);
        object.extend(comment.map(|comment| ("$comment".to_owned(), comment)));
        object.extend(rest);
    }
    value
}

/// All tables of codes.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "All tables of codes")]
struct Data {
    /// The JSON Schema of this file.
    #[serde(rename = "$schema")]
    schema: String,
    /// The version of the format: 1. It is raised when a program that reads the file has to change; new keys do not raise it.
    version: u32,
    /// The crate that is generated from the same tables.
    package: PackageData,
    /// The editions, system by system, the oldest first.
    editions: Vec<EditionData>,
}

/// The crate that is generated from the same tables.
#[derive(Debug, Serialize, JsonSchema)]
struct PackageData {
    /// Its name.
    name: String,
    /// Its version.
    version: String,
    /// The licence of the tables, as an SPDX expression.
    license: String,
}

/// One state of a system's documentation.
#[derive(Debug, Serialize, JsonSchema)]
struct EditionData {
    /// The system, such as a chat service.
    system: String,
    /// The edition, such as a version of its API.
    edition: String,
    /// Its tables.
    tables: Vec<TableData>,
}

/// One table of codes.
#[derive(Debug, Serialize, JsonSchema)]
struct TableData {
    /// Its name within the edition.
    table: String,
    /// The documented title.
    title: Text,
    /// A name for the type of its codes, in `UpperCamelCase`.
    #[serde(rename = "enum")]
    enum_name: Ident,
    /// The kind of its codes.
    kind: Kind,
    /// The type of its numbers.
    repr: Repr,
    /// What its codes say.
    summary: Text,
    /// The page that it was read from.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<Source>,
    /// What a table of close codes answers where none of its rows does.
    #[serde(skip_serializing_if = "Option::is_none")]
    reconnect: Option<ReconnectData>,
    /// Its codes and ranges, in numeric order.
    codes: Vec<CodeData>,
    /// Removed codes whose number another code has now.
    recycled: Vec<CodeData>,
}

/// What a table of close codes answers. Without a close code it is `absent`, of a code in none of the `answers` it is `unknown`.
#[derive(Debug, Serialize, JsonSchema)]
struct ReconnectData {
    /// The connection ended without a close code.
    absent: Policy,
    /// The close code is in none of `answers`.
    unknown: Policy,
    /// The answers to all other close codes, in numeric order: of the rows, of the ranges, and of the table of `extends`.
    answers: Vec<AnswerData>,
    /// Close codes and the action that follows each, to test an implementation with: the numbers around every answer, and none.
    vectors: Vec<VectorData>,
    /// The table that `answers` are also from: `<system>/<edition>/<table>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    extends: Option<String>,
    /// `false`: the system cannot resume, and no answer is `resume`.
    resumable: bool,
    /// What to do after the client itself closed the connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<SentData>,
    /// What to do when the server does not acknowledge a heartbeat.
    heartbeat_timeout: Policy,
    /// Who opens a new session.
    new_session_by: NewSessionBy,
    /// How much a client may do on the connection.
    limits: Limits,
    /// The events that `unless` may name.
    events: Vec<Text>,
}

/// A close code, or none, and what to do after it.
#[derive(Debug, Serialize, JsonSchema)]
struct VectorData {
    /// Nothing: the connection ended without a close code.
    code: Option<u16>,
    /// What to do.
    action: Action,
}

/// What to do after each of some close codes.
#[derive(Debug, Serialize, JsonSchema)]
struct AnswerData {
    /// The first number.
    from: u16,
    /// The last number.
    to: u16,
    /// What to do.
    policy: Policy,
}

/// What to do after the client itself closed the connection.
#[derive(Debug, Serialize, JsonSchema)]
struct SentData {
    /// The close codes that do something else when the client sends them.
    codes: Vec<u16>,
    /// What to do after sending one of them.
    policy: Policy,
    /// What to do after sending another one.
    others: Policy,
}

/// A code, or a range of codes: it has either `value` or `range`. What follows them up to `until` is documented; the rest is the
/// decision of the tables' authors.
#[derive(Debug, Serialize, JsonSchema)]
struct CodeData {
    #[serde(flatten)]
    facts: Facts,
    #[serde(flatten)]
    ours: Ours,
    /// What to do after it: of every close code, and of opcodes that end the connection or the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<Policy>,
    /// What to do after an opcode whose message says that the session cannot be resumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_unless_resumable: Option<Policy>,
    /// Whether the same request may be sent again: of every status code and error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry: Option<Retry>,
    /// What real clients do after it: of close codes, as far as any was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    clients: Option<BTreeMap<ClientAction, Vec<String>>>,
}

impl Data {
    fn new(registry: &Registry) -> Self {
        let package = &registry.package;
        Self {
            schema: "codes.schema.json".to_owned(),
            version: VERSION,
            package: PackageData {
                name: package.name.clone(),
                version: package.version.clone(),
                license: package.license.clone(),
            },
            editions: registry.editions().map(|edition| EditionData::new(registry, edition)).collect(),
        }
    }
}

impl EditionData {
    fn new(registry: &Registry, edition: &Edition) -> Self {
        let tables = edition.tables.iter().map(|table| TableData::new(registry, table)).collect();
        Self { system: edition.system.clone(), edition: edition.name.clone(), tables }
    }
}

impl TableData {
    fn new(registry: &Registry, table: &Table) -> Self {
        let Table {
            path,
            title,
            headings: _,
            enum_name,
            kind,
            repr,
            summary,
            allow: _,
            source,
            page: _,
            further: _,
            rows,
            recycled,
            fallback,
            place: _,
        } = table;
        let mut rows: Vec<&Row> = rows.iter().collect();
        rows.sort_by_key(|row| (row.first(), row.last()));
        let compared = fallback.as_ref().map(|fallback| Compared::new(registry, fallback)).unwrap_or_default();
        Self {
            table: path.file.clone(),
            title: title.clone(),
            enum_name: enum_name.clone(),
            kind: *kind,
            repr: *repr,
            summary: summary.clone(),
            source: source.clone(),
            reconnect: fallback.as_deref().map(|fallback| ReconnectData::new(registry, table, fallback)),
            codes: rows.into_iter().map(|row| CodeData::new(row, &compared)).collect(),
            recycled: recycled.iter().map(|row| CodeData::new(row, &Compared::default())).collect(),
        }
    }
}

impl ReconnectData {
    fn new(registry: &Registry, table: &Table, fallback: &Fallback) -> Self {
        let model::Reconnect {
            absent,
            unknown,
            extends: _,
            resumable,
            sent,
            heartbeat_timeout,
            new_session_by,
            events,
            clients: _,
        } = &fallback.reconnect;
        let sent = sent.as_ref().map(|model::Sent { codes, policy, others }| SentData {
            codes: codes.clone(),
            policy: policy.clone(),
            others: others.as_ref().unwrap_or(absent).clone(),
        });
        let answers = CloseAnswers::new(registry, table);
        let vectors = answers.iter().flat_map(vectors).collect();
        let answers = answers.iter().flat_map(CloseAnswers::runs);
        Self {
            absent: absent.clone(),
            unknown: unknown.clone(),
            answers: answers.map(|([from, to], policy)| AnswerData { from, to, policy: policy.clone() }).collect(),
            vectors,
            extends: fallback.extends.as_ref().map(ToString::to_string),
            resumable: *resumable,
            sent,
            heartbeat_timeout: heartbeat_timeout.as_ref().unwrap_or(absent).clone(),
            new_session_by: *new_session_by,
            limits: fallback.limits.clone(),
            events: events.clone(),
        }
    }
}

/// Without a code, and at both ends of every answer and beside them.
fn vectors(answers: &CloseAnswers<'_>) -> Vec<VectorData> {
    let around = |start: u32| [start.saturating_sub(1), start].into_iter().filter_map(|code| u16::try_from(code).ok());
    let codes: BTreeSet<u16> = answers.starts().into_iter().flat_map(around).chain([u16::MAX]).collect();
    let codes = std::iter::once(None).chain(codes.into_iter().map(Some));
    codes.map(|code| VectorData { code, action: answers.policy_for(code).action }).collect()
}

impl CodeData {
    fn new(row: &Row, compared: &Compared<'_>) -> Self {
        let mut policies = row.effect.policies().into_iter().map(|(_, policy)| policy.clone());
        let (policy, policy_unless_resumable) = (policies.next(), policies.next());
        let clients = row.variant().filter(|_| row.policy().is_some()).map(|variant| compared.after(variant.number).clients);
        let clients = clients.filter(|clients| !clients.is_empty());
        Self {
            // Only import needs the fingerprint of a sentence.
            facts: Facts { text: None, ..row.facts.clone() },
            ours: row.ours.clone(),
            policy,
            policy_unless_resumable,
            retry: row.effect.retry(),
            clients,
        }
    }
}
