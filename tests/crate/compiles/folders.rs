//! Folders of tables at random, as TOML. They know the format from its description alone, not from the generator's types.
//!
//! Most of what comes out is valid. Names come from a list of those that are likely to collide with something in generated
//! code, and texts from a list of those that mean something in Rust, Markdown or HTML.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::sample::{Index, select};
use toml::{Table, Value};

/// Tables by their path without `.toml`.
pub type Folder = BTreeMap<String, Table>;

/// Identifiers that mean something in Rust, in its standard library or in the generated crate.
pub const IDENTS: [&str; 71] = [
    "Error",
    "Err",
    "Ok",
    "Some",
    "None",
    "Mark",
    "UNKNOWN",
    "ALL",
    "TITLE",
    "String",
    "Option",
    "Result",
    "Row",
    "Wire",
    "Code",
    "Policy",
    "Action",
    "Number",
    "Debug",
    "Clone",
    "Copy",
    "Display",
    "Iterator",
    "Box",
    "Vec",
    "Default",
    "Send",
    "Sync",
    "Sized",
    "Self",
    "Eq",
    "Ord",
    "Hash",
    "PartialEq",
    "From",
    "Into",
    "TryFrom",
    "FromStr",
    "Drop",
    "Fn",
    "Kind",
    "CODES",
    "ROWS",
    "SLOTS",
    "POSITIONS",
    "ANSWERS",
    "RANGES",
    "CloseCode",
    "Opcode",
    "ResponseCode",
    "Group",
    "Fault",
    "NotFound",
    "CodeRange",
    "UnknownCode",
    "UnknownName",
    "Unless",
    "Wait",
    "Basis",
    "Cause",
    "Direction",
    "Format",
    "Status",
    "Known",
    "Unknown",
    "Serialize",
    "Deserialize",
    "D",
    "S",
    "T",
    "A",
];

/// Those that no variant can have: a keyword, and the constants of every enum.
pub const NOT_VARIANTS: [&str; 3] = ["Self", "ALL", "TITLE"];

/// Names of modules and files that mean something in Rust, to Cargo, or in the generated crate.
pub const MODULES: [&str; 44] = [
    "main",
    "bin",
    "core",
    "std",
    "alloc",
    "test",
    "lib",
    "mod",
    "crate",
    "self",
    "super",
    "runtime",
    "r#type",
    "async",
    "doc",
    "serde",
    "wirecodes",
    "code",
    "tests",
    "build",
    "serde_core",
    "macros",
    "proc_macro",
    "union",
    "auto",
    "raw",
    "default",
    "examples",
    "benches",
    "src",
    "target",
    "u8",
    "str",
    "bool",
    "dyn",
    "try",
    "yield",
    "gen",
    "policy",
    "example",
    "v1",
    "krate",
    "con",
    "lpt1",
];

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
pub fn folder() -> BoxedStrategy<Folder> {
    let path = (system(), module(), module());
    prop::collection::vec((path, table()), 1..6)
        .prop_map(|tables| {
            let mut folder = Folder::new();
            for ((system, edition, file), table) in tables {
                folder.insert(format!("{system}/{edition}/{}", file.replace('_', "-")), table);
            }
            link(&mut folder);
            folder
        })
        .boxed()
}

/// Lets tables of close codes extend those before them.
fn link(folder: &mut Folder) {
    let mut before: Vec<String> = Vec::new();
    for (path, table) in folder.iter_mut() {
        if let Some(reconnect) = table.get_mut("reconnect").and_then(Value::as_table_mut) {
            if let Some(position) = reconnect.remove("extends").and_then(|value| value.as_integer()) {
                let position = usize::try_from(position).unwrap_or(0);
                match before.get(position % (before.len() + 1)) {
                    Some(other) => drop(reconnect.insert("extends".to_owned(), other.clone().into())),
                    None if position % 11 == 0 => drop(reconnect.insert("extends".to_owned(), path.clone().into())),
                    None => {}
                }
            }
            before.push(path.clone());
        }
    }
}

/// One table of any kind.
pub fn table() -> BoxedStrategy<Table> {
    let kind = select(&["opcodes", "close-codes", "status-codes", "error-codes"][..]);
    (kind, select(&["u8", "u16", "u32"][..]))
        .prop_flat_map(|(kind, repr)| {
            let repr = if kind == "close-codes" { "u16" } else { repr };
            (header(kind, repr), rows(kind, repr)).prop_map(move |(mut table, rows)| {
                let cannot_resume = table.get("reconnect").is_some_and(|reconnect| reconnect.get("resumable").is_some());
                let mut rows: Vec<Value> = rows.into_iter().map(Value::Table).collect();
                if cannot_resume {
                    rows.iter_mut().for_each(without_resume);
                }
                table.insert("code".to_owned(), Value::Array(rows));
                table
            })
        })
        .boxed()
}

/// The policies of a system that cannot resume, without the action that it cannot take.
fn without_resume(value: &mut Value) {
    match value {
        Value::Table(table) => {
            for (key, value) in table.iter_mut() {
                if key == "action" && value.as_str() == Some("resume") {
                    *value = "new-session".into();
                }
                without_resume(value);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_resume),
        _ => {}
    }
}

fn header(kind: &'static str, repr: &'static str) -> BoxedStrategy<Table> {
    let url =
        prop::option::of(select(&["https://example.com/codes", "http://example.com/?a=b&c=(d)_e#f", "https://a.b/[c]|d*"][..]));
    let source = (text(), url, date(), prop::option::of(text()));
    (text(), ident(), text(), source, reconnect())
        .prop_map(move |(title, name, summary, (document, url, date, revision), reconnect)| {
            let mut source = Table::new();
            source.insert("document".to_owned(), document.into());
            source.insert("date".to_owned(), date);
            source.extend(url.map(|url| ("url".to_owned(), url.into())));
            source.extend(revision.map(|revision| ("revision".to_owned(), revision.into())));
            let mut table = Table::new();
            for (key, value) in
                [("title", title), ("enum", name), ("kind", kind.to_owned()), ("repr", repr.to_owned()), ("summary", summary)]
            {
                table.insert(key.to_owned(), value.into());
            }
            table.insert("source".to_owned(), source.into());
            if kind == "close-codes" {
                table.insert("reconnect".to_owned(), reconnect.into());
            }
            table
        })
        .boxed()
}

/// Rows with numbers of their own and names of their own, as a rule.
fn rows(kind: &'static str, repr: &'static str) -> BoxedStrategy<Vec<Table>> {
    let count = prop_oneof![4 => 1..8_usize, 4 => 8..40_usize, 1 => Just(1_usize), 1 => Just(0), 1 => Just(if repr == "u8" { 256 } else { 90 })];
    (count, numbers(repr), 0..20_u8, any::<u32>())
        .prop_flat_map(move |(count, numbers, shape, seed)| {
            let ranges = if kind == "opcodes" { 0..1 } else { 0..3_usize };
            let ranges = if shape == 0 && kind != "opcodes" { 1..4 } else { ranges };
            let count = if shape == 0 && kind != "opcodes" { 0 } else { count };
            let removed_only = shape == 1;
            let rows = prop::collection::vec(row(kind), count);
            let ranges = prop::collection::vec(row(kind), ranges);
            (rows, ranges).prop_map(move |(rows, ranges)| number(rows, ranges, repr, &numbers, seed, removed_only))
        })
        .boxed()
}

/// How the numbers of a table follow each other.
fn numbers(repr: &'static str) -> BoxedStrategy<(u32, Vec<u32>)> {
    let max = largest(repr);
    let first = prop_oneof![Just(0), Just(max / 2), Just(max), 0..=max, Just(4000 % max)];
    let steps =
        prop_oneof![3 => Just(vec![1]), 2 => prop::collection::vec(1..5_u32, 3), 2 => prop::collection::vec(1..=max / 3, 7)];
    (first, steps).boxed()
}

fn largest(repr: &str) -> u32 {
    match repr {
        "u8" => u8::MAX.into(),
        "u16" => u16::MAX.into(),
        _ => u32::MAX,
    }
}

/// Gives the rows their numbers, and ranges around some of them.
fn number(
    rows: Vec<Table>,
    ranges: Vec<Table>,
    repr: &str,
    (first, steps): &(u32, Vec<u32>),
    seed: u32,
    removed_only: bool,
) -> Vec<Table> {
    let modulus = u64::from(largest(repr)) + 1;
    let mut next = u64::from(*first);
    let mut taken = std::collections::BTreeSet::new();
    let mut all: Vec<Table> = Vec::new();
    let mut names = std::collections::BTreeSet::new();
    for (position, mut row) in rows.into_iter().enumerate() {
        if removed_only {
            row.insert("status".to_owned(), "removed".into());
        }
        if !taken.insert(next) {
            // Only a removed code shares its number with another one.
            row.insert("status".to_owned(), "removed".into());
        }
        row.insert("value".to_owned(), i64::try_from(next).unwrap_or(0).into());
        unique_names(&mut row, position, &mut names);
        let is_second = (seed.wrapping_add(u32::try_from(position).unwrap_or(0))) % 17 == 0;
        if !is_second {
            next = (next + u64::from(steps[position % steps.len()])) % modulus;
        }
        all.push(row);
    }
    let width = modulus / 8;
    for (position, mut range) in ranges.into_iter().enumerate() {
        let start = (u64::from(*first) + width * 2 * position as u64) % (modulus - width);
        let value = |number: u64| Value::from(i64::try_from(number).unwrap_or(0));
        range.insert("range".to_owned(), Value::Array(vec![value(start), value(start + width - 1)]));
        for key in ["aliases", "renamed_from", "ident"] {
            range.remove(key);
        }
        all.push(range);
    }
    all
}

/// Names that another row has already become others.
fn unique_names(row: &mut Table, position: usize, names: &mut std::collections::BTreeSet<String>) {
    let mut unique = |value: &mut Value| {
        if let Value::String(name) = value
            && !names.insert(name.to_lowercase())
        {
            name.push_str(&format!("R{position}"));
            names.insert(name.to_lowercase());
        }
    };
    for key in ["ident", "aliases", "renamed_from"] {
        match row.get_mut(key) {
            Some(Value::Array(items)) => items.iter_mut().for_each(&mut unique),
            Some(value) => unique(value),
            None => {}
        }
    }
}

/// One row without a number.
fn row(kind: &'static str) -> BoxedStrategy<Table> {
    let names = (ident(), prop::collection::vec(ident(), 0..2), prop::option::weighted(0.2, ident()));
    let texts = (prop_oneof![3 => text(), 1 => ident()], prop::option::of(text()), prop::option::weighted(0.2, text()));
    let status = prop_oneof![6 => Just(None), 1 => Just(Some("deprecated")), 1 => Just(Some("removed"))];
    let dates = (prop::option::weighted(0.2, date()), prop::option::weighted(0.2, date()));
    (names, texts, status, dates, decision(kind))
        .prop_map(|(names, texts, status, (since, until), mut row)| {
            let (ident, aliases, former) = names;
            let (name, summary, note) = texts;
            row.insert("ident".to_owned(), ident.into());
            row.insert("name".to_owned(), name.into());
            if !aliases.is_empty() {
                row.insert("aliases".to_owned(), Value::Array(aliases.into_iter().map(Value::from).collect()));
            }
            row.extend(former.map(|former| ("renamed_from".to_owned(), former.into())));
            row.extend(summary.map(|summary| ("summary".to_owned(), summary.into())));
            row.extend(note.map(|note| ("note".to_owned(), note.into())));
            // Only what is removed has a last day, which is not before the first.
            let until = until.filter(|_| status == Some("removed"));
            let since = since.filter(|_| until.is_none());
            row.extend(status.map(|status| ("status".to_owned(), status.into())));
            row.extend(since.map(|since| ("since".to_owned(), since)));
            row.extend(until.map(|until| ("until".to_owned(), until)));
            row
        })
        .boxed()
}

/// The policy of an opcode, and the one for a session that cannot be resumed.
type Policies = (Table, Option<Table>);

/// What only rows of a kind have.
fn decision(kind: &'static str) -> BoxedStrategy<Table> {
    let keyed = |key: &'static str, value: Option<Value>| value.map(|value| (key.to_owned(), value));
    match kind {
        "opcodes" => {
            let direction = prop::option::of(select(&["send", "receive", "both"][..]));
            let format = prop::option::of(select(&["json", "binary"][..]));
            let policies = prop::option::weighted(0.2, (policy(), prop::option::of(policy())));
            let of_parts = move |(direction, format, policies): (Option<&str>, Option<&str>, Option<Policies>)| {
                let (policy, lost) = policies.map_or((None, None), |(policy, lost)| (Some(policy), lost));
                let pairs = [
                    keyed("direction", direction.map(Value::from)),
                    keyed("format", format.map(Value::from)),
                    keyed("policy", policy.map(Value::from)),
                    keyed("policy_unless_resumable", lost.map(Value::from)),
                ];
                pairs.into_iter().flatten().collect()
            };
            (direction, format, policies).prop_map(of_parts).boxed()
        }
        "close-codes" => policy().prop_map(move |policy| keyed("policy", Some(policy.into())).into_iter().collect()).boxed(),
        _ => {
            let word = |words: &'static [&'static str]| prop::option::of(select(words).prop_map(str::to_owned));
            let groups = word(&["not-found", "success", "limit-reached", "internal", "already-exists"]);
            let texts = (groups, word(&["user", "application", "service"]), prop::option::of(text()));
            let numbers = (prop::option::of(100_i64..600), prop::option::of(0..i64::from(u32::MAX)));
            let has_status = kind == "error-codes";
            (word(&["no", "wait", "if-idempotent"]), numbers, texts)
                .prop_map(move |(retry, (http, limit), (group, fault, fix))| {
                    let texts = [("group", group), ("fault", fault), ("fix", fix), ("retry", retry)];
                    let numbers = [("http", http), ("limit", limit)].into_iter().filter(|_| has_status);
                    let numbers = numbers.filter_map(|(key, number)| keyed(key, number.map(Value::from)));
                    let texts = texts.into_iter().filter_map(|(key, text)| keyed(key, text.map(Value::from)));
                    texts.chain(numbers).collect()
                })
                .boxed()
        }
    }
}

fn reconnect() -> BoxedStrategy<Table> {
    let codes = prop::collection::vec(select(&[1000_i64, 1001, 4000, 0, 65_535][..]), 0..3);
    let sent = prop::option::of((codes, policy(), prop::option::of(policy())));
    (policy(), policy(), prop::option::of(0..1000_i64), any::<bool>(), sent)
        .prop_map(|(absent, unknown, extends, resumable, sent)| {
            let mut table = Table::new();
            table.insert("absent".to_owned(), absent.into());
            table.insert("unknown".to_owned(), unknown.into());
            table.extend(extends.map(|position| ("extends".to_owned(), position.into())));
            if let Some((codes, policy, others)) = sent {
                let mut sent = Table::new();
                sent.insert("codes".to_owned(), codes.into_iter().map(Value::from).collect::<Vec<_>>().into());
                sent.insert("policy".to_owned(), policy.into());
                sent.extend(others.map(|others| ("others".to_owned(), others.into())));
                table.insert("sent".to_owned(), sent.into());
            }
            let mut table = Value::Table(table);
            if !resumable {
                without_resume(&mut table);
            }
            let Value::Table(mut table) = table else { return Table::new() };
            if !resumable {
                table.insert("resumable".to_owned(), false.into());
            }
            table
        })
        .boxed()
}

fn policy() -> BoxedStrategy<Table> {
    let action = select(&["resume", "new-session", "stop"][..]);
    let basis = select(&["documented", "documented-text", "consensus", "judgement"][..]);
    let causes = &[
        "token",
        "shards",
        "intents",
        "api-version",
        "protocol",
        "encryption",
        "end-to-end-encryption",
        "account",
        "client-bug",
        "server",
        "network",
    ][..];
    let cause = prop::option::weighted(0.3, select(causes));
    let close_with = prop::option::weighted(0.2, prop_oneof![9 => 3000..5000_u16, 1 => any::<u16>()]);
    (action, wait(), basis, text(), prop::option::weighted(0.3, text()), cause, unless(), close_with)
        .prop_map(|(action, wait, basis, reason, fix, cause, unless, close_with)| {
            let mut policy = Table::new();
            policy.insert("action".to_owned(), action.into());
            policy.insert("basis".to_owned(), basis.into());
            policy.insert("reason".to_owned(), reason.into());
            policy.extend(wait.map(|wait| ("wait".to_owned(), wait)));
            policy.extend(fix.map(|fix| ("fix".to_owned(), fix.into())));
            policy.extend(cause.map(|cause| ("cause".to_owned(), cause.into())));
            policy.extend(close_with.map(|code| ("close_with".to_owned(), i64::from(code).into())));
            if action == "stop" {
                policy.extend(unless.map(|unless| ("unless".to_owned(), unless)));
            }
            policy
        })
        .boxed()
}

fn wait() -> BoxedStrategy<Option<Value>> {
    let limits = (select(&["jitter", "backoff"][..]), 0..20_i64, prop_oneof![20..400_i64, Just(i64::from(u32::MAX))]);
    let limits = limits.prop_map(|(word, from, to)| {
        let limits = Value::Array(vec![from.into(), to.into()]);
        Value::Table([(word.to_owned(), limits)].into_iter().collect())
    });
    prop_oneof![3 => Just(None), 1 => Just(Some("none".into())), 2 => Just(Some("backoff".into())), 2 => limits.prop_map(Some)]
        .boxed()
}

fn unless() -> BoxedStrategy<Option<Value>> {
    let full = (text(), 0..60_i64, prop::option::of(text())).prop_map(|(event, within, except)| {
        let mut unless = Table::new();
        unless.insert("event".to_owned(), event.into());
        unless.insert("within".to_owned(), within.into());
        unless.extend(except.map(|except| ("except".to_owned(), except.into())));
        Value::Table(unless)
    });
    let one = prop_oneof![text().prop_map(Value::from), full];
    prop_oneof![4 => Just(None), 1 => one.clone().prop_map(Some), 1 => prop::collection::vec(one, 0..3).prop_map(|many| Some(many.into()))].boxed()
}

fn date() -> BoxedStrategy<Value> {
    let day = (2000..2030_u16, 1..=12_u8, 1..=28_u8);
    day.prop_map(|(year, month, day)| {
        let text = format!("{year}-{month:02}-{day:02}");
        match text.parse() {
            Ok(date) if day > 5 => Value::Datetime(date),
            _ => format!("{year}-{month:02}").into(),
        }
    })
    .boxed()
}

fn ident() -> BoxedStrategy<String> {
    let free = IDENTS.into_iter().filter(|ident| !NOT_VARIANTS.contains(ident)).collect::<Vec<_>>();
    prop_oneof![200 => select(free).prop_map(str::to_owned), 400 => "[A-Z][A-Za-z0-9]{0,9}", 1 => select(&IDENTS[..]).prop_map(str::to_owned)].boxed()
}

fn module() -> BoxedStrategy<String> {
    let free = MODULES.into_iter().filter(|name| !NOT_MODULES.contains(name)).collect::<Vec<_>>();
    prop_oneof![20 => select(free).prop_map(str::to_owned), 1 => select(&MODULES[..]).prop_map(str::to_owned), 40 => "[a-z][a-z0-9]{0,5}(_[a-z0-9]{1,3})?"].boxed()
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
