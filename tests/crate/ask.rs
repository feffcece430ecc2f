//! Asks the enums of a generated crate everything, and compares each answer with what the TOML says.
//!
//! It is a part of these tests, for the tables of this repository, and of the programs that they build, for tables at random. It
//! reads the tables as they are written, and knows nothing of the generator.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Display;
use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use serde::{Deserialize as _, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use wirecodes::{
    CloseCode, Code, CodeRange, Direction, Fault, Format, Group, Limits, NewSessionBy, Opcode, Policy, ResponseCode, Retry,
    UnknownCode, Wire,
};

/// The tables of the crate, by their path without `.toml`.
pub struct Tables(pub Value);

/// One table as it is written.
pub struct Table<'a> {
    path: &'a str,
    value: &'a Value,
    /// The row of each number: the one that is not removed, or else the one that was removed last.
    codes: BTreeMap<u32, &'a Value>,
    ranges: Vec<(u32, u32, &'a Value)>,
    extended: Option<Box<Table<'a>>>,
    /// The codes that have an identifier with these letters.
    of_ident: BTreeMap<String, BTreeSet<u32>>,
    /// How many codes have this name.
    of_name: BTreeMap<String, usize>,
}

impl Tables {
    pub fn table<'a>(&'a self, path: &'a str) -> Table<'a> {
        let value = &self.0[path];
        let rows: Vec<&Value> = value["code"].as_array().into_iter().flatten().collect();
        let mut codes: BTreeMap<u32, &Value> = BTreeMap::new();
        let rank = |row: &Value| (row["status"] != "removed", row["until"].to_string(), row["ident"].to_string());
        for row in rows.iter().filter(|row| !row["value"].is_null()) {
            let kept = codes.entry(number(&row["value"])).or_insert(row);
            if rank(row) > rank(kept) {
                *kept = row;
            }
        }
        let ranges = rows.iter().filter(|row| !row["range"].is_null());
        let ranges = ranges.map(|row| (number(&row["range"][0]), number(&row["range"][1]), *row)).collect();
        let extended = value["reconnect"]["extends"].as_str().map(|path| Box::new(self.table(path)));
        let (mut of_ident, mut of_name) = (BTreeMap::new(), BTreeMap::new());
        for (number, row) in &codes {
            *of_name.entry(name(row)).or_default() += 1;
            for ident in idents(row) {
                of_ident.entry(letters(&ident)).or_insert_with(BTreeSet::new).insert(*number);
            }
        }
        Table { path, value, codes, ranges, extended, of_ident, of_name }
    }
}

fn text<'a>(value: &'a Value, key: &str) -> Option<&'a str> {
    value[key].as_str()
}

fn number(value: &Value) -> u32 {
    u32::try_from(value.as_u64().expect("a number")).expect("a number of 32 bits")
}

fn list(value: &Value) -> Vec<Value> {
    match value {
        Value::Null => Vec::new(),
        Value::Array(items) => items.clone(),
        one => vec![one.clone()],
    }
}

/// The documented name, without backticks.
fn name(row: &Value) -> String {
    text(row, "name").expect("a row has a name").replace('`', "")
}

/// The identifiers of a row: its own, aliases and former ones.
fn idents(row: &Value) -> Vec<String> {
    let all = ["ident", "aliases", "renamed_from"].map(|key| list(&row[key])).concat();
    all.iter().map(|ident| ident.as_str().expect("an identifier").to_owned()).collect()
}

/// The letters and digits, in lower case.
fn letters(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// `InvalidSession` as `INVALID_SESSION`.
fn screaming(ident: &str) -> String {
    let mut text = String::new();
    for (position, c) in ident.chars().enumerate() {
        if position > 0 && c.is_uppercase() {
            text.push('_');
        }
        text.extend(c.to_uppercase());
    }
    text
}

/// What a code says of itself.
#[derive(Debug, PartialEq)]
struct Row {
    number: u32,
    ident: String,
    name: String,
    summary: String,
    display: String,
    debug: String,
    is_deprecated: bool,
    is_removed: bool,
}

impl<'a> Table<'a> {
    /// What a row is to say.
    fn row(&self, number: u32) -> Option<Row> {
        let row = self.codes.get(&number)?;
        let (ident, name) = (text(row, "ident").expect("an identifier").to_owned(), name(row));
        Some(Row {
            number,
            summary: text(row, "summary").unwrap_or(&name).to_owned(),
            display: if self.is_shown_by_name(number, &name) { name.clone() } else { ident.clone() },
            debug: ident.clone(),
            ident,
            name,
            is_deprecated: row["status"] == "deprecated",
            is_removed: row["status"] == "removed",
        })
    }

    /// Whether the name of a code is its own: no identifier of another code, and no name of another code either.
    fn is_shown_by_name(&self, number: u32, name: &str) -> bool {
        match self.of_ident.get(&letters(name)) {
            Some(codes) => codes.iter().eq([&number]),
            None => self.of_name[name] == 1,
        }
    }

    /// What a code is called: by its identifiers, and as it is shown.
    pub fn names(&self, number: u32) -> Vec<String> {
        let display = self.row(number).expect("it is listed").display;
        idents(self.codes[&number]).into_iter().chain([display]).collect()
    }

    /// Texts, and the number of the code that each names, if it names one.
    fn spellings(&self) -> Vec<(String, Option<u32>)> {
        let mut spellings = vec![(String::new(), None), ("no such name".to_owned(), None)];
        for (number, row) in &self.codes {
            for ident in idents(row) {
                let texts = [screaming(&ident), ident.to_lowercase(), ident.to_uppercase(), ident];
                spellings.extend(texts.map(|text| (text, Some(*number))));
            }
            let display = self.row(*number).expect("it is listed").display;
            spellings.push((display, Some(*number)));
        }
        spellings
    }

    fn range(&self, number: u32) -> Option<&(u32, u32, &'a Value)> {
        self.ranges.iter().find(|(first, last, _)| (*first..=*last).contains(&number))
    }

    /// Numbers to ask about: all, or those of the table with their neighbours and some others.
    pub fn numbers(&self) -> Vec<u32> {
        let max = match text(self.value, "repr") {
            Some("u8") => u8::MAX.into(),
            Some("u16") => u16::MAX.into(),
            _ => u32::MAX,
        };
        if max == 0xFF || (max == 0xFFFF && self.codes.len() + self.ranges.len() > 2) {
            return (0..=max).collect();
        }
        let bounds = self.codes.keys().copied().chain(self.ranges.iter().flat_map(|(first, last, _)| [*first, *last]));
        let near = |bound: u32| {
            let far = [bound.wrapping_add(65_536), bound.wrapping_sub(65_536), bound << 8, bound.reverse_bits()];
            far.into_iter().chain([bound.wrapping_sub(1), bound, bound.wrapping_add(1)])
        };
        let scattered = (0..5000_u32).map(|position| position.wrapping_mul(0x9E37_79B1));
        bounds.flat_map(near).chain(scattered).chain(0..2000).chain([max]).map(|number| number & max).collect()
    }

    /// The row of a close code in this table or in one that it extends, and whether its resume becomes a new session.
    fn listed(&self, code: u32) -> Option<(&'a Value, bool)> {
        if let Some(row) = self.codes.get(&code).or_else(|| self.range(code).map(|(_, _, row)| row)) {
            return Some((row, false));
        }
        let (row, is_new) = self.extended.as_ref()?.listed(code)?;
        Some((row, is_new || self.value["reconnect"]["resumable"] == json!(false)))
    }
}

fn to_number<T: Code>(code: u32) -> T::Number {
    T::Number::try_from(code).ok().expect("the number fits")
}

/// The code of a number as received, the number and the name.
type LookedUp = (Option<u32>, u32, Option<&'static str>);

/// What is read from JSON as received, and as a code.
type Read = (Result<u32, String>, Option<u32>);

/// What an enum answers, with its numbers as `u32`. This is compiled for each enum, and what compares it only once.
struct Asked {
    title: &'static str,
    bits: usize,
    all: Vec<u32>,
    row: fn(u32) -> Option<Row>,
    parse: fn(&str) -> Option<u32>,
    look_up: fn(u32) -> LookedUp,
    received: fn(u32, u32) -> Received,
    read: fn(&Value) -> Read,
}

/// What a received number is written as, and how it compares with another one and with its code.
struct Received {
    display: String,
    json: [Option<Value>; 2],
    hashes: [u64; 3],
    parsed: [Option<u32>; 2],
    order: (bool, Ordering),
    /// The number of its code and whether it is equal to that, or the error for a number without a code.
    code: Result<(u32, bool), String>,
}

fn received<T>(number: u32, other: u32) -> Received
where
    T: Code + Serialize + TryFrom<T::Number, Error = UnknownCode<T>>,
    T::Number: From<T>,
    Wire<T>: From<T::Number> + Serialize,
{
    let [wire, same, other] = [number, number, other].map(|number| Wire::<T>::from(to_number::<T>(number)));
    let hasher = RandomState::new();
    let code = T::try_from(wire.code()).map_err(|error| error.to_string());
    Received {
        display: wire.to_string(),
        json: [serde_json::to_value(wire).ok(), serde_json::to_value(wire.known()).ok()],
        hashes: [wire, same, other].map(|wire| hasher.hash_one(wire)),
        parsed: [wire.to_string(), number.to_string()].map(|text| Some(text.parse::<Wire<T>>().ok()?.code().into())),
        order: (wire == other, wire.cmp(&other)),
        code: code.map(|code| (T::Number::from(code).into(), wire == code && wire == Wire::Known(code))),
    }
}

/// Asks what all enums answer. `names` are variants and constants with their numbers, as the crate has them.
pub fn code<T>(table: &Table<'_>, names: &[(&str, u32)])
where
    T: Code + Serialize + DeserializeOwned + TryFrom<T::Number, Error = UnknownCode<T>>,
    T::Number: From<T>,
    Wire<T>: From<T::Number> + Serialize + DeserializeOwned,
{
    let asked = Asked {
        title: T::TITLE,
        bits: size_of::<T::Number>() * 8,
        all: T::ALL.iter().map(|code| code.code().into()).collect(),
        row: |number| {
            T::from_code(to_number::<T>(number)).map(|code| Row {
                number: code.code().into(),
                ident: code.ident().to_owned(),
                name: code.name().to_owned(),
                summary: code.summary().to_owned(),
                display: code.to_string(),
                debug: format!("{code:?}"),
                is_deprecated: code.is_deprecated(),
                is_removed: code.is_removed(),
            })
        },
        parse: |text| Some(text.parse::<T>().ok()?.code().into()),
        look_up: |number| {
            let wire = Wire::<T>::from(to_number::<T>(number));
            (wire.known().map(|code| code.code().into()), wire.code().into(), wire.name())
        },
        received: received::<T>,
        read: |value| {
            let wire = Wire::<T>::deserialize(value).map(|wire| wire.code().into());
            (wire.map_err(|error| error.to_string()), T::deserialize(value).ok().map(|code| code.code().into()))
        },
    };
    assert_code(table, names, &asked);
}

fn assert_code(table: &Table<'_>, names: &[(&str, u32)], asked: &Asked) {
    let path = table.path;
    assert_eq!(table.value["title"], asked.title, "{path}");
    assert_eq!(asked.all, table.codes.keys().copied().collect::<Vec<_>>(), "{path}: ALL is in numeric order");
    for (ident, number) in names {
        assert!(idents(table.codes[number]).iter().any(|name| name == ident), "{path}: {ident} is {number}");
    }
    for number in table.numbers() {
        let (found, row) = ((asked.row)(number), table.row(number));
        assert_eq!(found, row, "{path}: {number}");
        let expected = (row.as_ref().map(|_| number), number, row.as_ref().map(|row| row.name.as_str()));
        assert_eq!((asked.look_up)(number), expected, "{path}: {number}");
        if number % 97 == 0 || row.is_some() {
            assert_received(path, number, row.as_ref(), asked);
        }
    }
    for (text, number) in table.spellings() {
        assert_eq!((asked.parse)(&text), number, "{path}: {text:?}");
    }
    for value in [json!(1_u64 << asked.bits), json!(u64::MAX), json!(-1), json!("1"), json!(1.5)] {
        let (wire, code) = (asked.read)(&value);
        let error = wire.expect_err("it is no number of the table");
        assert!(error.contains(&format!("{} bits", asked.bits)) && code.is_none(), "{path}: {error}");
    }
}

/// A number has one form, whether a table lists it or not.
fn assert_received(path: &str, number: u32, row: Option<&Row>, asked: &Asked) {
    let other = u32::from(number == 0);
    let found = (asked.received)(number, other);
    let known = row.map(|_| number);
    assert_eq!(found.display, row.map_or(number.to_string(), |row| row.display.clone()), "{path}: {number}");
    assert_eq!(found.json, [Some(json!(number)), Some(json!(known))], "{path}: {number}");
    assert_eq!((asked.read)(&json!(number)), (Ok(number), known), "{path}: {number}");
    assert_eq!(found.parsed, [Some(number); 2], "{path}: {number}");
    assert_eq!(found.order, (false, number.cmp(&other)), "{path}: {number}");
    let [hash, same, another] = found.hashes;
    assert!(hash == same && hash != another, "{path}: the hash of {number} is that of its number");
    match found.code {
        Ok(code) => assert_eq!((Some(code.0), code.1), (known, true), "{path}: {number}"),
        Err(error) => {
            let is_said = error.contains(&number.to_string()) && error.contains(asked.title);
            assert!(known.is_none() && is_said, "{path}: {error}");
        }
    }
}

/// A policy as the crate serializes it.
fn serialized(policy: &Value) -> Value {
    let millis = |value: &Value| value.as_u64().expect("seconds") * 1000;
    let wait = match &policy["wait"] {
        Value::Null => json!("none"),
        Value::String(word) if word == "backoff" => json!({ "backoff": { "first_ms": 1000, "max_ms": 300_000 } }),
        Value::String(word) => json!(word),
        limits => match (&limits["jitter"], &limits["backoff"]) {
            (Value::Null, limits) => json!({ "backoff": { "first_ms": millis(&limits[0]), "max_ms": millis(&limits[1]) } }),
            (limits, _) => json!({ "jitter": { "from_ms": millis(&limits[0]), "to_ms": millis(&limits[1]) } }),
        },
    };
    let unless = list(&policy["unless"]).into_iter().map(|unless| {
        let full = if unless.is_string() { json!({ "event": unless }) } else { unless };
        let seconds = |key: &str, usual: u64| full[key].as_u64().unwrap_or(usual) * 1000;
        json!({ "event": full["event"], "within_ms": seconds("within", 5), "before_ms": seconds("before", 0), "except": full["except"] })
    });
    json!({
        "action": policy["action"],
        "wait": wait,
        "basis": policy["basis"],
        "cause": policy["cause"],
        "reason": policy["reason"],
        "fix": policy["fix"],
        "unless": unless.collect::<Vec<_>>(),
        "close_with": policy["close_with"],
        "new_sessions_before_stop": policy["new_sessions_before_stop"],
    })
}

fn assert_policy(place: impl Display, policy: &Policy, expected: &Value) {
    assert_eq!(serde_json::to_value(policy).expect("a policy is data"), serialized(expected), "{place}");
    let line = policy.to_string();
    let says = |key: &str| text(expected, key).is_none_or(|text| line.contains(text));
    assert!(!line.contains('\n') && says("reason") && says("fix"), "{place}: {line}");
    assert!(line.starts_with(&expected["action"].as_str().expect("an action").replace('-', " ")), "{place}: {line}");
}

/// What an opcode says of itself, with its policies when the session can be resumed and when it cannot.
type OpcodeAnswers = (Option<Direction>, Option<Format>, (bool, bool), [Option<&'static Policy>; 2]);

pub fn opcodes<T: Opcode>(table: &Table<'_>) {
    assert_opcodes(table, |number| {
        let code = T::from_code(to_number::<T>(number)).expect("it is listed");
        let sides = (code.is_sent(), code.is_received());
        (code.direction(), code.format(), sides, [code.policy(true), code.policy(false)])
    });
}

fn assert_opcodes(table: &Table<'_>, ask: fn(u32) -> OpcodeAnswers) {
    for (number, row) in &table.codes {
        let place = format!("{}: {number}", table.path);
        let (direction, format, sides, policies) = ask(*number);
        let words = (direction.map(Direction::as_str), format.map(Format::as_str));
        assert_eq!(words, (text(row, "direction"), text(row, "format")), "{place}");
        let direction = words.0;
        let expected = (matches!(direction, Some("send" | "both")), matches!(direction, Some("receive" | "both")));
        assert_eq!(sides, expected, "{place}");
        let lost = Some(&row["policy_unless_resumable"]).filter(|policy| !policy.is_null()).unwrap_or(&row["policy"]);
        for (policy, expected) in policies.into_iter().zip([&row["policy"], lost]) {
            match policy {
                Some(policy) => assert_policy(&place, policy, expected),
                None => assert!(expected.is_null(), "{place}"),
            }
        }
    }
}

/// The functions of a table of close codes.
struct ClosePolicies {
    policy_for: fn(Option<u16>) -> &'static Policy,
    of_wire: fn(u16) -> &'static Policy,
    of_code: fn(u16) -> Option<&'static Policy>,
    after_sending: fn(Option<u16>) -> &'static Policy,
    after_heartbeat_timeout: &'static Policy,
}

pub fn close_codes<T: CloseCode>(table: &Table<'_>)
where
    Wire<T>: From<u16>,
{
    let policies = ClosePolicies {
        policy_for: T::policy_for,
        of_wire: |number| Wire::<T>::from(number).policy(),
        of_code: |number| T::from_code(number).map(T::policy),
        after_sending: T::policy_after_sending,
        after_heartbeat_timeout: T::policy_after_heartbeat_timeout(),
    };
    assert_close_codes(table, &policies);
    assert_limits(table, &T::LIMITS, T::NEW_SESSION_BY);
}

fn assert_close_codes(table: &Table<'_>, policies: &ClosePolicies) {
    let (path, reconnect) = (table.path, &table.value["reconnect"]);
    let [absent, unknown, sent] = ["absent", "unknown", "sent"].map(|key| &reconnect[key]);
    let or_absent = |policy| Some(policy).filter(|policy: &&Value| !policy.is_null()).unwrap_or(absent);
    assert_policy(path, (policies.policy_for)(None), absent);
    assert_policy(path, (policies.after_sending)(None), absent);
    assert_policy(path, policies.after_heartbeat_timeout, or_absent(&reconnect["heartbeat_timeout"]));
    let sent_codes: Vec<u32> = list(&sent["codes"]).iter().map(number).collect();
    // An answer that was compared once needs no second look.
    let mut seen = HashSet::new();
    let mut is_new = move |policy: &Policy, expected: &Value, lost: bool| {
        seen.insert((std::ptr::from_ref(policy), std::ptr::from_ref(expected), lost))
    };
    for number in 0..=u16::MAX {
        let (row, lost) = table.listed(number.into()).unwrap_or((&Value::Null, false));
        let expected = if row.is_null() { unknown } else { &row["policy"] };
        let policy = (policies.policy_for)(Some(number));
        if is_new(policy, expected, lost) {
            let expected = if lost { not_resumed(row) } else { expected.clone() };
            assert_policy(format!("{path}: {number}"), policy, &expected);
        }
        let others = [(policies.of_wire)(number), (policies.of_code)(number).unwrap_or(policy)];
        assert_eq!(others, [policy; 2], "{path}: {number}");
        let expected = if sent_codes.contains(&number.into()) { &sent["policy"] } else { or_absent(&sent["others"]) };
        let policy = (policies.after_sending)(Some(number));
        if is_new(policy, expected, false) {
            assert_policy(format!("{path}: sent {number}"), policy, expected);
        }
    }
}

/// The policy of a row in a system that cannot resume: it waits for five seconds at least, and says why.
fn not_resumed(row: &Value) -> Value {
    let mut policy = row["policy"].clone();
    if policy["action"] != "resume" {
        return policy;
    }
    let raised = |limits: &Value| {
        let first = number(&limits[0]).max(5);
        json!([first, number(&limits[1]).max(first)])
    };
    policy["wait"] = match (&policy["wait"]["jitter"], &policy["wait"]["backoff"]) {
        (Value::Null, Value::Null) => json!({ "backoff": [5, 300] }),
        (Value::Null, limits) => json!({ "backoff": raised(limits) }),
        (limits, _) => json!({ "jitter": raised(limits) }),
    };
    let meaning = text(row, "summary").or_else(|| text(row, "name")).expect("a name");
    let mut what = meaning.split(". ").next().unwrap_or_default().chars();
    let first: String = what.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if what.as_str().ends_with(['.', '!', '?', ':', '…']) { "" } else { "." };
    policy["reason"] = json!(format!("{first}{}{end} Sessions cannot be resumed here.", what.as_str()));
    policy["action"] = json!("new-session");
    policy
}

fn assert_limits(table: &Table<'_>, found: &Limits, new_session_by: NewSessionBy) {
    let limit = |key: &str| Some(&table.value["limits"][key]["value"]).filter(|value| !value.is_null()).map(number);
    let path = table.path;
    let times = [found.identify_every, found.upgrade, found.hello, found.ready, found.resumed];
    let usual = [("identify_every", 5), ("upgrade", 10), ("hello", 30), ("ready", 30), ("resumed", 60)];
    assert_eq!(times, usual.map(|(key, usual)| Duration::from_secs(limit(key).unwrap_or(usual).into())), "{path}");
    let counts = (found.identifies_per_day, found.commands_per_minute, found.resumes_before_new);
    let usual = limit("resumes_before_new").unwrap_or(3);
    assert_eq!(counts, (limit("identifies_per_day"), limit("commands_per_minute"), usual), "{path}");
    let opener = text(&table.value["reconnect"], "new_session_by").unwrap_or("connection");
    assert_eq!(new_session_by.as_str(), opener, "{path}");
}

/// Whether to send again, the kind, whose fault it is, and what to do.
type Response<'a> = (&'a str, Option<&'a str>, Option<&'a str>, Option<&'a str>);

fn response(row: &Value) -> Response<'_> {
    let usual = match text(row, "group") {
        None | Some("success") => None,
        Some("unauthenticated" | "already-exists" | "invalid-argument" | "rate-limited") => Some("application"),
        Some("unavailable" | "internal") => Some("service"),
        Some(_) => Some("user"),
    };
    (text(row, "retry").unwrap_or("no"), text(row, "group"), text(row, "fault").or(usual), text(row, "fix"))
}

fn answered(retry: Retry, group: Option<Group>, fault: Option<Fault>, fix: Option<&'static str>) -> Response<'static> {
    (retry.as_str(), group.map(Group::as_str), fault.map(Fault::as_str), fix)
}

/// What the functions of a table of responses answer for a number: of its code, of its range, and of either.
struct ResponseAnswers {
    code: Option<(Response<'static>, Value)>,
    range: Option<&'static CodeRange>,
    either: Option<Response<'static>>,
}

pub fn responses<T: ResponseCode>(table: &Table<'_>) {
    assert_responses(table, |number| {
        let number = to_number::<T>(number);
        let code = T::from_code(number).map(|code| {
            let answer = answered(code.retry(), code.group(), code.fault(), code.fix());
            (answer, json!({ "http": code.http(), "limit": code.limit() }))
        });
        let either = T::retry_for(number).map(|retry| answered(retry, T::group_for(number), T::fault_for(number), None));
        ResponseAnswers { code, range: T::range_of(number), either }
    });
}

fn assert_responses(table: &Table<'_>, ask: fn(u32) -> ResponseAnswers) {
    for number in table.numbers() {
        let (path, ResponseAnswers { code, range, either }) = (table.path, ask(number));
        let row = table.codes.get(&number).copied();
        let expected = row.map(|row| (response(row), json!({ "http": row["http"], "limit": row["limit"] })));
        assert_eq!(code, expected, "{path}: {number}");
        let range = range.map(|range| {
            let answer = answered(range.retry, range.group, range.fault, range.fix);
            (range.first, range.last, range.name.to_owned(), range.summary.to_owned(), answer)
        });
        let ranged = table.range(number);
        let expected = ranged.map(|(first, last, row)| {
            (*first, *last, name(row), text(row, "summary").map_or_else(|| name(row), str::to_owned), response(row))
        });
        assert_eq!(range, expected, "{path}: {number}");
        let expected = row.or(ranged.map(|(_, _, row)| *row)).map(response);
        assert_eq!(either, expected.map(|(retry, group, fault, _)| (retry, group, fault, None)), "{path}: {number}");
    }
}
