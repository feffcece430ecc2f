//! All tables as JSON, for generators in other languages, and the JSON Schema of that file.
//!
//! In comes the model, out come two files. Every key of a table is there but those that only the repository needs. Defaults are
//! written out: a reader needs no knowledge of the tables' own format.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde::Serialize;
use serde_json::json;

use crate::model::{
    self, Action, Basis, Cause, Date, Despite, Direction, Edition, Facts, Fallback, Fingerprint, Format, Ident, Kind, Limits,
    Number, Opener, Ours, Registry, Repr, Row, Source, Status, Table, Unless,
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
    let settings = SchemaSettings::draft07();
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
#[schemars(deny_unknown_fields, title = "All tables of codes")]
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
#[schemars(deny_unknown_fields)]
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
#[schemars(deny_unknown_fields)]
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
#[schemars(deny_unknown_fields)]
struct TableData {
    /// Its name within the edition.
    table: String,
    /// The documented title.
    title: Text,
    /// Other headings that mean this table.
    headings: Vec<Text>,
    /// A name for the type of its codes, in `UpperCamelCase`.
    #[serde(rename = "enum")]
    enum_name: Ident,
    /// The kind of its codes.
    kind: Kind,
    /// The type of its numbers.
    repr: Repr,
    /// What its codes say.
    summary: Text,
    /// The document.
    source: Source,
    /// What a table of close codes answers where none of its rows does.
    #[serde(skip_serializing_if = "Option::is_none")]
    reconnect: Option<ReconnectData>,
    /// Its codes and ranges, in numeric order.
    codes: Vec<CodeData>,
    /// Removed codes whose number another code has now.
    recycled: Vec<CodeData>,
}

/// What a table of close codes answers where none of its rows does. Ask in this order: the row of the code; the range that has
/// it; the table of `extends`; `unknown`. Without a close code the answer is `absent`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct ReconnectData {
    /// The connection ended without a close code.
    absent: PolicyData,
    /// The close code has no row.
    unknown: PolicyData,
    /// The table to ask before `unknown`: `<system>/<edition>/<table>`.
    #[serde(skip_serializing_if = "Option::is_none")]
    extends: Option<String>,
    /// `false`: an answer `resume` of the table of `extends` means `new-session` here, with waits of at least 5 seconds: a wait
    /// of `none` becomes a backoff of 5 to 300 seconds.
    resumable: bool,
    /// What to do after the client itself closed the connection.
    #[serde(skip_serializing_if = "Option::is_none")]
    sent: Option<SentData>,
    /// What to do when the server does not acknowledge a heartbeat.
    silence: PolicyData,
    /// Who opens a new session.
    new_session_by: Opener,
    /// How much a client may do on the connection.
    limits: Limits,
    /// The events that `unless` may name.
    events: Vec<Text>,
}

/// What to do after the client itself closed the connection.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct SentData {
    /// The close codes that do something else when the client sends them.
    codes: Vec<u16>,
    /// What to do after sending one of them.
    policy: PolicyData,
    /// What to do after sending another one.
    others: PolicyData,
}

/// A code, or a range of codes: it has either `value` or `range`. What follows them up to `text` is documented; the rest is the
/// decision of the tables' authors.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct CodeData {
    /// The number.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<u32>,
    /// The first and the last number of a range.
    #[serde(skip_serializing_if = "Option::is_none")]
    range: Option<[u32; 2]>,
    /// The documented name.
    name: Text,
    /// Whether the document still lists it.
    status: Status,
    /// Who sends the message, from the client's side.
    #[serde(skip_serializing_if = "Option::is_none")]
    direction: Option<Direction>,
    /// How the payload is encoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    format: Option<Format>,
    /// The document's column on whether to reconnect.
    #[serde(skip_serializing_if = "Option::is_none")]
    reconnect: Option<bool>,
    /// The document's column on whether the session can be resumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    resume: Option<bool>,
    /// What the documented sentence says to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    advice: Option<Action>,
    /// When the document first listed it: a day, or a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Date>,
    /// When the document last listed it: a day, or a month.
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Date>,
    /// The fingerprint of the documented sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    text: Option<Fingerprint>,
    /// Its name as an identifier, in `UpperCamelCase`. A range has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    ident: Option<Ident>,
    /// Other identifiers.
    aliases: Vec<Ident>,
    /// Former identifiers.
    renamed_from: Vec<Ident>,
    /// What it means, in a sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    summary: Option<Text>,
    /// A remark.
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<Text>,
    /// `false`: nobody has reviewed it yet.
    reviewed: bool,
    /// `false`: the document does not list it, but servers send it.
    documented: bool,
    /// What to do after it: of every close code, and of opcodes that end the connection or the session.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<PolicyData>,
    /// What to do after an opcode whose message says that the session cannot be resumed.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy_unless_resumable: Option<PolicyData>,
    /// Whether the same request may be sent again after a wait: of every status code and error code.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry: Option<bool>,
}

/// What to do after a connection ended, and why.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct PolicyData {
    /// What to do.
    action: Action,
    /// How long to wait first.
    wait: WaitData,
    /// What the answer is based on.
    basis: Basis,
    /// Why, in a sentence for the person who reads the log.
    reason: Text,
    /// What a person can do about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    fix: Option<Text>,
    /// What has to change, for programs.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Cause>,
    /// The events that overrule a stop.
    unless: Vec<UnlessData>,
    /// The code to close the connection with, where the client has to close it.
    #[serde(skip_serializing_if = "Option::is_none")]
    close_with: Option<u16>,
    /// What the policy knowingly contradicts.
    despite: Vec<Despite>,
}

/// How long to wait, in seconds.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
enum WaitData {
    /// Not at all.
    None,
    /// A random time between `min` and `max`.
    Jitter { min: u32, max: u32 },
    /// A random time that doubles with each failed attempt: at least `min` first, at most `max`.
    Backoff { min: u32, max: u32 },
}

/// An event that overrules a stop when it follows.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
struct UnlessData {
    /// The name of the event, as it is sent.
    event: Text,
    /// How long to wait for it, in seconds.
    within: u32,
    /// When the event does not overrule, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    except: Option<Text>,
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
            editions: registry.editions().map(EditionData::new).collect(),
        }
    }
}

impl EditionData {
    fn new(edition: &Edition) -> Self {
        let tables = edition.tables.iter().map(TableData::new).collect();
        Self { system: edition.system.clone(), edition: edition.name.clone(), tables }
    }
}

impl TableData {
    fn new(table: &Table) -> Self {
        let Table { path, title, headings, enum_name, kind, repr, summary, allow: _, source, rows, recycled, fallback, place: _ } =
            table;
        let mut codes: Vec<CodeData> = rows.iter().map(CodeData::new).collect();
        codes.sort_by_key(CodeData::numbers);
        Self {
            table: path.file.clone(),
            title: title.clone(),
            headings: headings.clone(),
            enum_name: enum_name.clone(),
            kind: *kind,
            repr: *repr,
            summary: summary.clone(),
            source: source.clone(),
            reconnect: fallback.as_deref().map(ReconnectData::new),
            codes,
            recycled: recycled.iter().map(CodeData::new).collect(),
        }
    }
}

impl ReconnectData {
    fn new(fallback: &Fallback) -> Self {
        let model::Reconnect { absent, unknown, extends: _, resumable, sent, silence, new_session_by, events, clients: _ } =
            &fallback.reconnect;
        let sent = sent.as_ref().map(|model::Sent { codes, policy, others }| SentData {
            codes: codes.clone(),
            policy: PolicyData::new(policy),
            others: PolicyData::new(others.as_ref().unwrap_or(absent)),
        });
        Self {
            absent: PolicyData::new(absent),
            unknown: PolicyData::new(unknown),
            extends: fallback.extends.as_ref().map(ToString::to_string),
            resumable: *resumable,
            sent,
            silence: PolicyData::new(silence.as_ref().unwrap_or(absent)),
            new_session_by: *new_session_by,
            limits: fallback.limits.clone(),
            events: events.clone(),
        }
    }
}

impl CodeData {
    fn new(row: &Row) -> Self {
        let Facts { number, name, status, direction, format, reconnect, resume, advice, since, until, text } = row.facts.clone();
        let Ours { ident, aliases, renamed_from, summary, note, reviewed, documented, allow: _ } = row.ours.clone();
        let mut policies = row.effect.policies().into_iter().map(|(_, policy)| PolicyData::new(policy));
        let (value, range) = match number {
            Number::Value(value) => (Some(value), None),
            Number::Range(range) => (None, Some(range)),
        };
        Self {
            value,
            range,
            name,
            status,
            direction,
            format,
            reconnect,
            resume,
            advice,
            since,
            until,
            text,
            ident,
            aliases,
            renamed_from,
            summary,
            note,
            reviewed,
            documented,
            policy: policies.next(),
            policy_unless_resumable: policies.next(),
            retry: row.effect.retry(),
        }
    }

    /// The first and the last number.
    fn numbers(&self) -> [u32; 2] {
        self.range.unwrap_or_else(|| [self.value.unwrap_or_default(); 2])
    }
}

impl PolicyData {
    fn new(policy: &model::Policy) -> Self {
        let model::Policy { action, wait, basis, reason, fix, cause, unless, close_with, despite } = policy.clone();
        let wait = match wait {
            model::Wait::None => WaitData::None,
            model::Wait::Jitter([min, max]) => WaitData::Jitter { min, max },
            model::Wait::Backoff([min, max]) => WaitData::Backoff { min, max },
        };
        let unless = unless.into_iter().map(|Unless { event, within, except }| UnlessData { event, within, except }).collect();
        Self { action, wait, basis, reason, fix, cause, unless, close_with, despite }
    }
}
