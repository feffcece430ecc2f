//! Folders of tables at random, as they are written in TOML. They know the format from its description alone, not from the
//! generator's types.
//!
//! Most of what comes out is valid. Names come from a list of those that are likely to collide with something in generated
//! code, and texts from a list of those that mean something in Rust, Markdown or HTML.

use std::collections::{BTreeMap, BTreeSet};

use proptest::option::{of, weighted};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::{Value, json};

/// Tables by their path without `.toml`. A key with `null` is not written.
pub type Folder = BTreeMap<String, Value>;

/// A table as TOML.
pub fn to_toml(value: &Value) -> Option<toml::Value> {
    let date = |text: &str| text.parse().map_or_else(|_| text.into(), toml::Value::Datetime);
    Some(match value {
        Value::Null => return None,
        Value::String(text) => date(text),
        Value::Array(items) => items.iter().filter_map(to_toml).collect::<Vec<_>>().into(),
        Value::Object(keys) => {
            keys.iter().filter_map(|(key, value)| Some((key.clone(), to_toml(value)?))).collect::<toml::Table>().into()
        }
        other => toml::Value::try_from(other).expect("a number or a truth"),
    })
}

/// Identifiers that mean something in Rust, in its standard library or in the generated crate.
pub const IDENTS: &str = "Error Err Ok Some None Mark UNKNOWN ALL TITLE String Option Result Row Wire Code Policy Action \
    Number Debug Clone Copy Display Iterator Box Vec Default Send Sync Sized Self Eq Ord Hash PartialEq \
    From Into TryFrom FromStr Drop Fn Kind CODES ROWS SLOTS POSITIONS ANSWERS RANGES CloseCode Opcode \
    ResponseCode Group Fault NotFound CodeRange UnknownCode UnknownName Unless Wait Basis Cause \
    Direction Format Status Known Unknown Serialize Deserialize D S T A";

/// Those that no variant can have: a keyword, and the constants of every enum.
pub const NOT_VARIANTS: [&str; 3] = ["Self", "ALL", "TITLE"];

/// Names of modules and files that mean something in Rust, to Cargo, or in the generated crate.
pub const MODULES: &str = "main bin core std alloc test lib mod crate self super runtime r#type async doc serde wirecodes code \
    tests build serde_core macros proc_macro union auto raw default examples benches src target u8 str \
    bool dyn try yield gen policy example v1 krate con lpt1";

/// Those that no module can have: keywords, what is no identifier, and what is no file on Windows.
pub const NOT_MODULES: [&str; 12] =
    ["mod", "crate", "self", "super", "r#type", "async", "dyn", "try", "yield", "gen", "con", "lpt1"];

/// Texts that mean something in Rust, Markdown or HTML.
pub const TEXTS: [&str; 64] = [
    "a\\b",
    "ends with \\",
    "\"quotes\"",
    "it's",
    "*/ end",
    "/* begin",
    "`code`",
    "``a``` <img src=x onerror=alert(3)> ```b`",
    "one ` tick",
    "]",
    "[link]",
    "[link](https://x.y)",
    "[`Self`]",
    "[Self::ALL]",
    "![x](y)",
    "https://example.com/a_b",
    "see http://example.com.",
    "www.example.com",
    "<b>",
    "</title>",
    "<script>alert(1)</script>",
    "<!-- x -->",
    "{}",
    "{0}",
    "{x",
    "}",
    "😀",
    "👨\u{200d}👩\u{200d}👧",
    "عربى",
    "e\u{301}",
    "1. first",
    "1) first",
    "- item",
    "+ item",
    "* item",
    "# head",
    "> quote",
    "=====",
    "-----",
    "    let x: u8 = four_spaces;",
    "trailing  ",
    "&amp;",
    "&lt;script&gt;",
    "a|b",
    "|",
    "\\|",
    "$1",
    "~~x~~",
    "***",
    "r#\"raw\"#",
    "//",
    "///",
    "@blank",
    "#![x]",
    "ß İ K",
    "soft\u{ad}hyphen",
    "\u{300}",
    "\u{e000}",
    "\u{10ffff}",
    "\\u{0}",
    "a  b",
    "a@b.cd",
    "[^1]",
    "\u{a0}x",
];

/// A folder with systems, editions and tables.
pub fn folder() -> impl Strategy<Value = Folder> {
    let path = (system(), module(), module());
    prop::collection::vec((path, table()), 1..6).prop_map(|tables| {
        let path = |(system, edition, file): (String, String, String)| format!("{system}/{edition}/{}", file.replace('_', "-"));
        let mut folder: Folder = tables.into_iter().map(|(parts, table)| (path(parts), table)).collect();
        link(&mut folder);
        folder
    })
}

/// Lets tables of close codes extend those before them, and a few themselves.
fn link(folder: &mut Folder) {
    let mut before: Vec<String> = Vec::new();
    for (path, table) in folder.iter_mut().filter(|(_, table)| !table["reconnect"].is_null()) {
        if let Some(position) = table["reconnect"]["extends"].as_u64().and_then(|position| usize::try_from(position).ok()) {
            let itself = if position % 11 == 0 { json!(path) } else { Value::Null };
            table["reconnect"]["extends"] = before.get(position % (before.len() + 1)).map_or(itself, |other| json!(other));
        }
        before.push(path.clone());
    }
}

/// One table of any kind.
fn table() -> BoxedStrategy<Value> {
    let kind = select(&["opcodes", "close-codes", "status-codes", "error-codes"][..]);
    (kind, select(&["u8", "u16", "u32"][..]))
        .prop_flat_map(|(kind, repr)| {
            let repr = if kind == "close-codes" { "u16" } else { repr };
            (header(kind, repr), rows(kind, repr)).prop_map(|(mut table, rows)| {
                table["code"] = rows.into();
                if table["reconnect"]["resumable"] == false {
                    without_resume(&mut table);
                }
                table
            })
        })
        .boxed()
}

/// The policies of a system that cannot resume, without the action that it cannot take.
fn without_resume(value: &mut Value) {
    match value {
        Value::Object(keys) => {
            if keys.get("action").is_some_and(|action| action == "resume") {
                keys.insert("action".to_owned(), json!("new-session"));
            }
            keys.values_mut().for_each(without_resume);
        }
        Value::Array(items) => items.iter_mut().for_each(without_resume),
        _ => {}
    }
}

fn header(kind: &'static str, repr: &'static str) -> BoxedStrategy<Value> {
    let url = of(select(&["https://example.com/codes", "http://example.com/?a=b&c=(d)_e#f", "https://a.b/[c]|d*"][..]));
    let source = (text(), url, date(), of(text()));
    (text(), ident(), text(), source, reconnect())
        .prop_map(move |(title, name, summary, source, reconnect)| {
            let (document, url, date, revision) = source;
            json!({
                "title": title,
                "enum": name,
                "kind": kind,
                "repr": repr,
                "summary": summary,
                "source": { "document": document, "date": date, "url": url, "revision": revision },
                "reconnect": if kind == "close-codes" { reconnect } else { Value::Null },
            })
        })
        .boxed()
}

/// Rows with numbers of their own and names of their own, as a rule.
fn rows(kind: &'static str, repr: &'static str) -> BoxedStrategy<Vec<Value>> {
    let many = if repr == "u8" { 256 } else { 90 };
    let count = prop_oneof![4 => 1..8_usize, 4 => 8..40_usize, 1 => Just(1_usize), 1 => Just(0), 1 => Just(many)];
    (count, numbers(repr), 0..20_u8, any::<usize>())
        .prop_flat_map(move |(count, numbers, shape, seed)| {
            let (count, ranges) = match (kind, shape) {
                ("opcodes", _) => (count, 0..1),
                (_, 0) => (0, 1..4),
                _ => (count, 0..3_usize),
            };
            let (rows, ranges) = (prop::collection::vec(row(kind), count), prop::collection::vec(row(kind), ranges));
            (rows, ranges).prop_map(move |(rows, ranges)| number(rows, ranges, largest(repr), &numbers, seed, shape == 1))
        })
        .boxed()
}

/// How the numbers of a table follow each other.
fn numbers(repr: &str) -> impl Strategy<Value = (u64, Vec<u64>)> + use<> {
    let max = largest(repr);
    let first = prop_oneof![Just(0), Just(max / 2), Just(max), 0..=max, Just(4000 % max)];
    let steps =
        prop_oneof![3 => Just(vec![1]), 2 => prop::collection::vec(1..5_u64, 3), 2 => prop::collection::vec(1..=max / 3, 7)];
    (first, steps)
}

fn largest(repr: &str) -> u64 {
    match repr {
        "u8" => u8::MAX.into(),
        "u16" => u16::MAX.into(),
        _ => u32::MAX.into(),
    }
}

/// Gives the rows their numbers, and ranges around some of them.
fn number(
    mut rows: Vec<Value>,
    ranges: Vec<Value>,
    max: u64,
    (first, steps): &(u64, Vec<u64>),
    seed: usize,
    removed_only: bool,
) -> Vec<Value> {
    let mut next = *first;
    let (mut taken, mut names) = (BTreeSet::new(), BTreeSet::new());
    for (position, row) in rows.iter_mut().enumerate() {
        // Only a removed code shares its number with another one.
        if !taken.insert(next) || removed_only {
            row["status"] = json!("removed");
        }
        row["value"] = json!(next);
        unique_names(row, position, &mut names);
        if seed.wrapping_add(position) % 17 != 0 {
            next = (next + steps[position % steps.len()]) % (max + 1);
        }
    }
    let width = (max + 1) / 8;
    let ranges = (0..).zip(ranges).map(|(position, mut range)| {
        let start = (first + width * 2 * position) % (max + 1 - width);
        for key in ["aliases", "renamed_from", "ident"] {
            range[key] = Value::Null;
        }
        range["range"] = json!([start, start + width - 1]);
        range
    });
    rows.extend(ranges);
    rows
}

/// Names that another row has already become others.
fn unique_names(row: &mut Value, position: usize, names: &mut BTreeSet<String>) {
    let mut unique = |value: &mut Value| {
        if let Value::String(name) = value
            && !names.insert(name.to_lowercase())
        {
            name.push_str(&format!("R{position}"));
            names.insert(name.to_lowercase());
        }
    };
    for key in ["ident", "aliases", "renamed_from"] {
        match &mut row[key] {
            Value::Array(items) => items.iter_mut().for_each(&mut unique),
            value => unique(value),
        }
    }
}

/// One row without a number.
fn row(kind: &'static str) -> BoxedStrategy<Value> {
    let names = (ident(), prop::collection::vec(ident(), 0..2), weighted(0.2, ident()));
    let texts = (prop_oneof![3 => text(), 1 => ident()], of(text()), weighted(0.2, text()));
    let status = prop_oneof![6 => Just(None), 1 => Just(Some("deprecated")), 1 => Just(Some("removed"))];
    let dates = (weighted(0.2, date()), weighted(0.2, date()));
    (names, texts, status, dates, decision(kind))
        .prop_map(|(names, texts, status, (since, until), decision)| {
            let ((ident, aliases, renamed_from), (name, summary, note)) = (names, texts);
            // Only what is removed has a last day, which is not before the first.
            let until = until.filter(|_| status == Some("removed"));
            let since = since.filter(|_| until.is_none());
            let mut row = json!({
                "ident": ident, "aliases": aliases, "renamed_from": renamed_from, "name": name, "summary": summary, "note": note,
                "status": status, "since": since, "until": until,
            });
            if aliases.is_empty() {
                row["aliases"] = Value::Null;
            }
            for (key, value) in decision.as_object().into_iter().flatten() {
                row[key] = value.clone();
            }
            row
        })
        .boxed()
}

/// What only rows of a kind have.
fn decision(kind: &str) -> BoxedStrategy<Value> {
    match kind {
        "opcodes" => (
            of(select(&["send", "receive", "both"][..])),
            of(select(&["json", "binary"][..])),
            weighted(0.2, (policy(), of(policy()))),
        )
            .prop_map(|(direction, format, policies)| {
                let (policy, lost) = policies.unzip();
                json!({ "direction": direction, "format": format, "policy": policy, "policy_unless_resumable": lost.flatten() })
            })
            .boxed(),
        "close-codes" => policy().prop_map(|policy| json!({ "policy": policy })).boxed(),
        _ => {
            let is_error = kind == "error-codes";
            let numbers = (of(100..600), of(any::<u32>()));
            let word = |words: &'static str| of(select(words.split(' ').collect::<Vec<_>>()));
            let group = word("not-found success limit-reached internal already-exists");
            (word("no wait if-idempotent"), numbers, group, word("user application service"), of(text()))
                .prop_map(move |(retry, (http, limit), group, fault, fix)| {
                    let (http, limit) = (http.filter(|_| is_error), limit.filter(|_| is_error));
                    json!({ "retry": retry, "http": http, "limit": limit, "group": group, "fault": fault, "fix": fix })
                })
                .boxed()
        }
    }
}

fn reconnect() -> BoxedStrategy<Value> {
    let codes = prop::collection::vec(select(&[1000, 1001, 4000, 0, 65_535][..]), 0..3);
    let sent = (codes, policy(), of(policy()));
    let sent = of(sent.prop_map(|(codes, policy, others)| json!({ "codes": codes, "policy": policy, "others": others })));
    (policy(), policy(), of(0..1000), of(Just(false)), sent).prop_map(|(absent, unknown, extends, resumable, sent)| {
        json!({ "absent": absent, "unknown": unknown, "extends": extends, "resumable": resumable, "sent": sent })
    })
.boxed()
}

fn policy() -> BoxedStrategy<Value> {
    let action = select(&["resume", "new-session", "stop"][..]);
    let basis = select(&["documented", "documented-text", "consensus", "judgement"][..]);
    let causes = "token shards intents api-version protocol encryption end-to-end-encryption account client-bug server network";
    let cause = weighted(0.3, select(causes.split(' ').collect::<Vec<_>>()));
    let close_with = weighted(0.2, prop_oneof![9 => 3000..5000_u16, 1 => any::<u16>()]);
    (action, wait(), basis, text(), weighted(0.3, text()), cause, unless(), close_with)
        .prop_map(|(action, wait, basis, reason, fix, cause, unless, close_with)| {
            let unless = if action == "stop" { unless } else { Value::Null };
            json!({
                "action": action, "basis": basis, "reason": reason, "wait": wait, "fix": fix, "cause": cause, "unless": unless,
                "close_with": close_with,
            })
        })
        .boxed()
}

fn wait() -> BoxedStrategy<Value> {
    let limits = (select(&["jitter", "backoff"][..]), 0..20, prop_oneof![20..400_u32, Just(u32::MAX)]);
    let limits = limits.prop_map(|(word, from, to)| json!({ word: [from, to] }));
    prop_oneof![3 => Just(Value::Null), 1 => Just(json!("none")), 2 => Just(json!("backoff")), 2 => limits].boxed()
}

fn unless() -> BoxedStrategy<Value> {
    let full = (text(), 0..60, of(text()))
        .prop_map(|(event, within, except)| json!({ "event": event, "within": within, "except": except }));
    let one = prop_oneof![text().prop_map(Value::from), full];
    prop_oneof![4 => Just(Value::Null), 1 => one.clone(), 1 => prop::collection::vec(one, 0..3).prop_map(Value::from)].boxed()
}

fn date() -> impl Strategy<Value = String> {
    let day = (2000..2030_u16, 1..=12_u8, 1..=28_u8);
    day.prop_map(|(year, month, day)| if day > 5 { format!("{year}-{month:02}-{day:02}") } else { format!("{year}-{month:02}") })
}

fn ident() -> BoxedStrategy<String> {
    let all: Vec<&str> = IDENTS.split(' ').collect();
    let free: Vec<&str> = all.iter().copied().filter(|ident| !NOT_VARIANTS.contains(ident)).collect();
    prop_oneof![200 => select(free).prop_map(str::to_owned), 400 => "[A-Z][A-Za-z0-9]{0,9}", 1 => select(all).prop_map(str::to_owned)].boxed()
}

fn module() -> BoxedStrategy<String> {
    let all: Vec<&str> = MODULES.split(' ').collect();
    let free: Vec<&str> = all.iter().copied().filter(|name| !NOT_MODULES.contains(name)).collect();
    prop_oneof![20 => select(free).prop_map(str::to_owned), 1 => select(all).prop_map(str::to_owned), 40 => "[a-z][a-z0-9]{0,5}(_[a-z0-9]{1,3})?"].boxed()
}

/// Systems are chosen from few, so that folders have several tables of one.
fn system() -> BoxedStrategy<String> {
    prop_oneof![1 => module(), 2 => select(&["chat", "a1"][..]).prop_map(str::to_owned)].boxed()
}

fn text() -> BoxedStrategy<String> {
    let listed = select(&TEXTS[..]);
    let pair = (listed.clone(), listed.clone()).prop_map(|(one, two)| format!("{one} {two}"));
    let within = (listed.clone(), any::<Index>()).prop_map(|(one, at)| {
        let mut text = "Some plain words.".to_owned();
        text.insert_str(at.index(text.len()), one);
        text
    });
    prop_oneof![
        40 => "[A-Z][a-z]{1,9}( [a-z]{1,9}){0,5}\\.?",
        20 => listed.prop_map(str::to_owned),
        20 => within,
        20 => pair,
        20 => "[\\x21-\\x7e ]{1,20}",
        20 => "\\PC{1,12}",
        1 => any::<String>(),
    ]
    .boxed()
}
