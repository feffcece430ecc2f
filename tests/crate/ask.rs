//! Asks the enums of a generated crate everything, and compares each answer with what the TOML says.
//!
//! It is a part of these tests, for the tables of this repository, and of the programs that they build, for tables at random. It
//! reads the tables as they are written, and knows nothing of the generator.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Display;
use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use serde::{Deserialize as _, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use wirecodes::{CloseCode, Code, Fault, Group, NewSessionBy, Opcode, Policy, ResponseCode, Retry, UnknownCode, Wire};

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

fn row<T: Code>(code: T) -> Row {
    Row {
        number: code.code().into(),
        ident: code.ident().to_owned(),
        name: code.name().to_owned(),
        summary: code.summary().to_owned(),
        display: code.to_string(),
        debug: format!("{code:?}"),
        is_deprecated: code.is_deprecated(),
        is_removed: code.is_removed(),
    }
}

/// Asks what all enums answer. `names` are variants and constants with their numbers, as the crate has them.
pub fn code<T>(table: &Table<'_>, names: &[(&str, u32)])
where
    T: Code + Serialize + DeserializeOwned + TryFrom<T::Number, Error = UnknownCode<T>>,
    T::Number: From<T>,
    Wire<T>: From<T::Number> + Serialize + DeserializeOwned,
{
    let path = table.path;
    assert_eq!(table.value["title"], T::TITLE, "{path}");
    let all: Vec<u32> = T::ALL.iter().map(|code| code.code().into()).collect();
    assert_eq!(all, table.codes.keys().copied().collect::<Vec<_>>(), "{path}: ALL is in numeric order");
    for (ident, number) in names {
        assert!(idents(table.codes[number]).iter().any(|name| name == ident), "{path}: {ident} is {number}");
    }
    for number in table.numbers() {
        let code = T::from_code(to_number::<T>(number));
        assert_eq!(code.map(row), table.row(number), "{path}: {number}");
        let wire = Wire::<T>::from(to_number::<T>(number));
        assert_eq!((wire.known(), wire.code().into(), wire.name()), (code, number, code.map(Code::name)), "{path}: {number}");
        if number % 97 == 0 || code.is_some() {
            assert_wire(path, wire);
        }
    }
    for (text, number) in table.spellings() {
        assert_eq!(text.parse::<T>().ok().map(|code| code.code().into()), number, "{path}: {text:?}");
    }
    let bits = size_of::<T::Number>() * 8;
    for value in [json!(1_u64 << bits), json!(u64::MAX), json!(-1), json!("1"), json!(1.5)] {
        let error = Wire::<T>::deserialize(&value).expect_err("it is no number of the table").to_string();
        assert!(error.contains(&format!("{bits} bits")) && T::deserialize(&value).is_err(), "{path}: {error}");
    }
}

/// A number has one form, whether a table lists it or not.
fn assert_wire<T>(path: &str, wire: Wire<T>)
where
    T: Code + Serialize + DeserializeOwned + TryFrom<T::Number, Error = UnknownCode<T>>,
    T::Number: From<T>,
    Wire<T>: From<T::Number> + Serialize + DeserializeOwned,
{
    let number: u32 = wire.code().into();
    let other = u32::from(number == 0);
    let other_wire = Wire::<T>::from(to_number::<T>(other));
    assert_eq!((wire == other_wire, wire.cmp(&other_wire)), (false, number.cmp(&other)), "{path}: {number}");
    let hasher = RandomState::new();
    assert_eq!(hasher.hash_one(wire), hasher.hash_one(Wire::<T>::from(wire.code())), "{path}: {number}");
    assert_ne!(hasher.hash_one(wire), hasher.hash_one(other_wire), "{path}: {number}");
    let json = json!(number);
    assert_eq!(serde_json::to_value(wire).ok().as_ref(), Some(&json), "{path}");
    assert_eq!((Wire::deserialize(&json).ok(), T::deserialize(&json).ok()), (Some(wire), wire.known()), "{path}: {number}");
    assert_eq!((wire.to_string().parse(), number.to_string().parse()), (Ok(wire), Ok(wire)), "{path}: {number}");
    match T::try_from(wire.code()) {
        Ok(code) => {
            assert!(wire == code && wire == Wire::Known(code) && wire.known() == Some(code), "{path}: {number}");
            assert_eq!((T::Number::from(code), serde_json::to_value(code).ok()), (wire.code(), Some(json)), "{path}");
        }
        Err(error) => {
            let error = error.to_string();
            assert!(error.contains(&number.to_string()) && error.contains(T::TITLE), "{path}: {error}");
            assert_eq!((wire.known(), wire.to_string()), (None, number.to_string()), "{path}");
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

pub fn opcodes<T: Opcode>(table: &Table<'_>) {
    let word = |word: Option<String>| word.map(|word| word.to_lowercase());
    for (number, row) in &table.codes {
        let place = format!("{}: {number}", table.path);
        let code = T::from_code(to_number::<T>(*number)).expect("it is listed");
        let direction = text(row, "direction");
        assert_eq!(word(code.direction().map(|direction| format!("{direction:?}"))).as_deref(), direction, "{place}");
        assert_eq!(word(code.format().map(|format| format!("{format:?}"))).as_deref(), text(row, "format"), "{place}");
        let sides = (matches!(direction, Some("send" | "both")), matches!(direction, Some("receive" | "both")));
        assert_eq!((code.is_sent(), code.is_received()), sides, "{place}");
        let lost = Some(&row["policy_unless_resumable"]).filter(|policy| !policy.is_null()).unwrap_or(&row["policy"]);
        for (policy, expected) in [(code.policy(true), &row["policy"]), (code.policy(false), lost)] {
            match policy {
                Some(policy) => assert_policy(&place, policy, expected),
                None => assert!(expected.is_null(), "{place}"),
            }
        }
    }
}

pub fn close_codes<T: CloseCode>(table: &Table<'_>)
where
    Wire<T>: From<u16>,
{
    let (path, reconnect) = (table.path, &table.value["reconnect"]);
    let [absent, unknown, sent] = ["absent", "unknown", "sent"].map(|key| &reconnect[key]);
    let or_absent = |policy| Some(policy).filter(|policy: &&Value| !policy.is_null()).unwrap_or(absent);
    assert_policy(path, T::policy_for(None), absent);
    assert_policy(path, T::policy_after_sending(None), absent);
    assert_policy(path, T::policy_after_heartbeat_timeout(), or_absent(&reconnect["heartbeat_timeout"]));
    let sent_codes: Vec<u32> = list(&sent["codes"]).iter().map(number).collect();
    // An answer that was compared once needs no second look.
    let mut seen = HashSet::new();
    let mut is_new = move |policy: &Policy, expected: &Value, lost: bool| {
        seen.insert((std::ptr::from_ref(policy), std::ptr::from_ref(expected), lost))
    };
    for number in 0..=u16::MAX {
        let (row, lost) = table.listed(number.into()).unwrap_or((&Value::Null, false));
        let expected = if row.is_null() { unknown } else { &row["policy"] };
        let policy = T::policy_for(Some(number));
        if is_new(policy, expected, lost) {
            let expected = if lost { not_resumed(row) } else { expected.clone() };
            assert_policy(format!("{path}: {number}"), policy, &expected);
        }
        assert_eq!(Wire::<T>::from(number).policy(), policy, "{path}: {number}");
        assert_eq!(T::from_code(number).map_or(policy, T::policy), policy, "{path}: {number}");
        let expected = if sent_codes.contains(&number.into()) { &sent["policy"] } else { or_absent(&sent["others"]) };
        let policy = T::policy_after_sending(Some(number));
        if is_new(policy, expected, false) {
            assert_policy(format!("{path}: sent {number}"), policy, expected);
        }
    }
    assert_limits::<T>(table);
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

fn assert_limits<T: CloseCode>(table: &Table<'_>) {
    let limit = |key: &str| Some(&table.value["limits"][key]["value"]).filter(|value| !value.is_null()).map(number);
    let (found, path) = (T::LIMITS, table.path);
    let times = [found.identify_every, found.upgrade, found.hello, found.ready, found.resumed];
    let usual = [("identify_every", 5), ("upgrade", 10), ("hello", 30), ("ready", 30), ("resumed", 60)];
    assert_eq!(times, usual.map(|(key, usual)| Duration::from_secs(limit(key).unwrap_or(usual).into())), "{path}");
    let counts = (found.identifies_per_day, found.commands_per_minute, found.resumes_before_new);
    let usual = limit("resumes_before_new").unwrap_or(3);
    assert_eq!(counts, (limit("identifies_per_day"), limit("commands_per_minute"), usual), "{path}");
    let opener = match text(&table.value["reconnect"], "new_session_by") {
        None | Some("connection") => NewSessionBy::Connection,
        Some("main-connection") => NewSessionBy::MainConnection,
        Some("person") => NewSessionBy::Person,
        Some(other) => panic!("{path}: {other}"),
    };
    assert_eq!(T::NEW_SESSION_BY, opener, "{path}");
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

pub fn responses<T: ResponseCode>(table: &Table<'_>) {
    for number in table.numbers() {
        let (place, asked) = (format!("{}: {number}", table.path), to_number::<T>(number));
        let code = T::from_code(asked).map(|code| {
            let answer = answered(code.retry(), code.group(), code.fault(), code.fix());
            (answer, json!({ "http": code.http(), "limit": code.limit() }))
        });
        let row = table.codes.get(&number).copied();
        let expected = row.map(|row| (response(row), json!({ "http": row["http"], "limit": row["limit"] })));
        assert_eq!(code, expected, "{place}");
        let range = T::range_of(asked).map(|range| {
            let answer = answered(range.retry, range.group, range.fault, range.fix);
            (range.first, range.last, range.name.to_owned(), range.summary.to_owned(), answer)
        });
        let ranged = table.range(number);
        let expected = ranged.map(|(first, last, row)| {
            (*first, *last, name(row), text(row, "summary").map_or_else(|| name(row), str::to_owned), response(row))
        });
        assert_eq!(range, expected, "{place}");
        let expected = row.or(ranged.map(|(_, _, row)| *row)).map(response);
        let found = T::retry_for(asked).map(|retry| answered(retry, T::group_for(asked), T::fault_for(asked), None));
        assert_eq!(found, expected.map(|(retry, group, fault, _)| (retry, group, fault, None)), "{place}");
    }
}
