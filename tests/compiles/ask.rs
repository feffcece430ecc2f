//! Asks the enums of a generated crate everything, and compares each answer with what the TOML says.
//!
//! This is a part of the programs that the tests build. It reads the tables as they are written, and knows nothing of the
//! generator.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::hash::{Hash, Hasher};

use krate::{CloseCode, Code, Opcode, Policy, ResponseCode, Wire};
use serde_json::{Value, json};

/// The tables of the crate, by their path without `.toml`.
pub struct Tables(BTreeMap<String, Value>);

/// One table as it is written.
pub struct Table<'a> {
    tables: &'a Tables,
    path: &'a str,
    value: &'a Value,
}

/// The names of variants and constants with their numbers, as the crate has them.
pub type Names = &'static [(&'static str, u32)];

impl Tables {
    pub fn read() -> Self {
        let text = std::fs::read_to_string("tables.json").expect("the tables are beside the program");
        Self(serde_json::from_str(&text).expect("they are JSON"))
    }

    pub fn table<'a>(&'a self, path: &'a str) -> Table<'a> {
        Table { tables: self, path, value: &self.0[path] }
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

/// Without backticks.
fn plain(name: &str) -> String {
    name.chars().filter(|c| *c != '`').collect()
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

impl<'a> Table<'a> {
    fn rows(&self) -> impl Iterator<Item = &'a Value> + use<'a> {
        self.value["code"].as_array().into_iter().flatten()
    }

    /// The row of each number: the one that is not removed, or else the one that was removed last.
    fn codes(&self) -> BTreeMap<u32, &'a Value> {
        let mut codes: BTreeMap<u32, &Value> = BTreeMap::new();
        let rank = |row: &Value| {
            let live = text(row, "status") != Some("removed");
            (live, text(row, "until").map(str::to_owned), text(row, "ident").map(str::to_owned))
        };
        for row in self.rows().filter(|row| !row["value"].is_null()) {
            let kept = codes.entry(number(&row["value"])).or_insert(row);
            if rank(row) > rank(kept) {
                *kept = row;
            }
        }
        codes
    }

    fn ranges(&self) -> Vec<(u32, u32, &'a Value)> {
        let ranges = self.rows().filter(|row| !row["range"].is_null());
        ranges.map(|row| (number(&row["range"][0]), number(&row["range"][1]), row)).collect()
    }

    fn range_of(&self, code: u32) -> Option<&'a Value> {
        self.ranges().into_iter().find(|(first, last, _)| (*first..=*last).contains(&code)).map(|(_, _, row)| row)
    }

    /// Numbers to ask about: all, or those of the table with their neighbours and some others.
    fn numbers(&self) -> Vec<u32> {
        let max = match text(self.value, "repr") {
            Some("u8") => u8::MAX.into(),
            Some("u16") => u16::MAX.into(),
            _ => u32::MAX,
        };
        if max <= u16::MAX.into() {
            return (0..=max).collect();
        }
        let bounds = self.codes().into_keys().chain(self.ranges().into_iter().flat_map(|(first, last, _)| [first, last]));
        let near = bounds.flat_map(|bound| [bound.wrapping_sub(1), bound, bound.wrapping_add(1)]);
        let scattered = (0..5000_u32).map(|position| position.wrapping_mul(0x9E37_79B1));
        near.chain(scattered).chain(0..2000).chain([max]).collect()
    }

    /// What the table, or those that it extends, say of a number.
    fn listed(&self, codes: &mut HashMap<String, BTreeMap<u32, Value>>, code: u32) -> Option<Value> {
        let own = codes.entry(self.path.to_owned()).or_insert_with(|| {
            self.codes().into_iter().map(|(code, row)| (code, row["policy"].clone())).collect()
        });
        if let Some(policy) = own.get(&code) {
            return Some(policy.clone());
        }
        if let Some(row) = self.range_of(code) {
            return Some(row["policy"].clone());
        }
        let reconnect = &self.value["reconnect"];
        let mut policy = self.tables.table(text(reconnect, "extends")?).listed(codes, code)?;
        if reconnect["resumable"] == json!(false) && policy["action"] == json!("resume") {
            policy["action"] = json!("new-session");
        }
        Some(policy)
    }
}

/// A policy as the crate serializes it.
fn serialized(policy: &Value) -> Value {
    let seconds = |value: &Value| value.as_u64().expect("seconds") * 1000;
    let wait = match &policy["wait"] {
        Value::Null => json!("none"),
        Value::String(word) if word == "backoff" => json!({ "backoff": { "first_ms": 1000, "max_ms": 300_000 } }),
        Value::String(word) => json!(word),
        limits => match (&limits["jitter"], &limits["backoff"]) {
            (Value::Null, limits) => json!({ "backoff": { "first_ms": seconds(&limits[0]), "max_ms": seconds(&limits[1]) } }),
            (limits, _) => json!({ "jitter": { "from_ms": seconds(&limits[0]), "to_ms": seconds(&limits[1]) } }),
        },
    };
    let unless = list(&policy["unless"]).into_iter().map(|unless| match &unless {
        Value::String(event) => json!({ "event": event, "within_ms": 5000, "except": null }),
        full => json!({ "event": full["event"], "within_ms": seconds(&full["within"]), "except": full["except"] }),
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
    })
}

fn assert_policy(path: &str, what: &str, policy: Policy, expected: &Value) {
    assert_eq!(serde_json::to_value(policy).expect("a policy is data"), serialized(expected), "{path}: {what}");
    let line = policy.to_string();
    let says = |key: &str| text(expected, key).is_none_or(|text| line.contains(text));
    assert!(!line.contains('\n') && says("reason") && says("fix"), "{path}: {what}: {line}");
    assert!(line.starts_with(&expected["action"].as_str().expect("an action").replace('-', " ")), "{path}: {what}: {line}");
}

fn to_number<T: Code>(code: u32) -> T::Number {
    T::Number::try_from(code).ok().expect("the number fits")
}

/// What all enums answer.
pub fn code<T>(table: &Table<'_>, names: Names)
where
    T: Code + Debug + serde::Serialize + serde::de::DeserializeOwned + TryFrom<T::Number>,
    Wire<T>: From<T::Number> + serde::Serialize + serde::de::DeserializeOwned,
{
    let path = table.path;
    let codes = table.codes();
    assert_eq!(Some(T::TITLE), text(table.value, "title"), "{path}");
    let all: Vec<u32> = T::ALL.iter().map(|code| code.code().into()).collect();
    assert_eq!(all, codes.keys().copied().collect::<Vec<_>>(), "{path}: ALL is in numeric order");
    for (ident, number) in names {
        let is_it = |name: &Value| name == ident;
        let row = codes[number];
        let others = list(&row["aliases"]).into_iter().chain(list(&row["renamed_from"]));
        assert!(is_it(&row["ident"]) || others.into_iter().any(|name| is_it(&name)), "{path}: {ident} is {number}");
    }
    for number in table.numbers() {
        let known = T::from_code(to_number::<T>(number));
        assert_eq!(known.is_some(), codes.contains_key(&number), "{path}: {number}");
        assert_wire::<T>(path, number, known);
    }
    assert_numbers_out_of_range::<T>(path);
    for (number, row) in &codes {
        assert_row::<T>(path, *number, row, &codes);
    }
    assert!("no such name".parse::<T>().is_err() && "".parse::<T>().is_err(), "{path}");
}

fn hash(value: impl Hash) -> u64 {
    let mut hasher = std::hash::DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}

/// A number has one form, whether a table lists it or not.
fn assert_wire<T>(path: &str, number: u32, known: Option<T>)
where
    T: Code,
    Wire<T>: From<T::Number> + serde::Serialize + serde::de::DeserializeOwned,
{
    let wire = Wire::<T>::from(to_number::<T>(number));
    assert_eq!((wire.code().into(), wire.known(), wire.name()), (number, known, known.map(T::name)), "{path}: {number}");
    match (known, wire) {
        (Some(known), Wire::Known(code)) => assert!(known == code && wire == known && wire == Wire::Known(known), "{path}: {number}"),
        (None, Wire::Unknown(unknown)) => {
            assert_eq!(unknown.code().into(), number, "{path}");
            assert!(unknown.to_string().contains(&number.to_string()) && unknown.to_string().contains(T::TITLE), "{path}");
            assert_eq!(wire.to_string(), number.to_string(), "{path}");
        }
        _ => panic!("{path}: {number} has the wrong form"),
    }
    if number % 61 != 0 && known.is_none() {
        return;
    }
    let other = Wire::<T>::from(to_number::<T>(u32::from(number == 0)));
    assert_eq!((wire == other, wire.cmp(&other)), (false, number.cmp(&other.code().into())), "{path}: {number}");
    assert_ne!(hash(wire), hash(other), "{path}: the hash of {number} depends on the number");
    assert_eq!(hash(wire), hash(Wire::<T>::from_code(to_number::<T>(number))), "{path}");
    assert_eq!(serde_json::to_string(&wire).expect("a number"), number.to_string(), "{path}");
    assert_eq!(serde_json::from_str::<Wire<T>>(&number.to_string()).expect("a number"), wire, "{path}");
    assert_eq!(number.to_string().parse(), Ok(wire), "{path}: a number is read as itself");
}

fn assert_numbers_out_of_range<T>(path: &str)
where
    T: Code + serde::de::DeserializeOwned,
    Wire<T>: serde::de::DeserializeOwned,
{
    let bits = std::mem::size_of::<T::Number>() * 8;
    for text in [(1_u64 << bits).to_string(), u64::MAX.to_string(), "-1".to_owned(), "\"1\"".to_owned(), "1.5".to_owned()] {
        let error = match serde_json::from_str::<Wire<T>>(&text) {
            Ok(_) => panic!("{path}: {text} is read"),
            Err(error) => error.to_string(),
        };
        assert!(error.contains(&format!("{bits} bits")), "{path}: {error}");
        assert!(serde_json::from_str::<T>(&text).is_err(), "{path}");
    }
}

fn assert_row<T>(path: &str, number: u32, row: &Value, codes: &BTreeMap<u32, &Value>)
where
    T: Code + Debug + serde::Serialize + serde::de::DeserializeOwned + TryFrom<T::Number>,
{
    let code = T::from_code(to_number::<T>(number)).expect("it is listed");
    let ident = text(row, "ident").expect("a row has an identifier");
    let name = plain(text(row, "name").expect("a row has a name"));
    assert_eq!(T::try_from(to_number::<T>(number)).ok(), Some(code), "{path}: {number}");
    assert_eq!((code.code().into(), code.ident(), code.name()), (number, ident, name.as_str()), "{path}");
    assert_eq!(format!("{code:?}"), ident, "{path}");
    assert_eq!(code.summary(), text(row, "summary").unwrap_or(&name), "{path}: {ident}");
    let status = text(row, "status");
    assert_eq!((code.is_deprecated(), code.is_removed()), (status == Some("deprecated"), status == Some("removed")), "{path}: {ident}");
    assert_eq!(serde_json::to_string(&code).expect("a number"), number.to_string(), "{path}");
    assert_eq!(serde_json::from_str::<T>(&number.to_string()).expect("a code"), code, "{path}");
    // Names.
    let other_idents = |row: &Value| [list(&row["ident"]), list(&row["aliases"]), list(&row["renamed_from"])].concat();
    for own in other_idents(row) {
        let own = own.as_str().expect("an identifier");
        for text in [own.to_owned(), screaming(own), own.to_lowercase(), own.to_uppercase()] {
            assert_eq!(text.parse(), Ok(code), "{path}: {text:?} is {ident}");
        }
    }
    let mut others = codes.iter().filter(|(other, _)| **other != number);
    let is_ident = |row: &Value| other_idents(row).iter().any(|ident| ident.as_str().is_some_and(|ident| letters(ident) == letters(&name)));
    let is_own = is_ident(row);
    let means_another = others.clone().any(|(_, other)| is_ident(other));
    let is_shared = others.any(|(_, other)| text(other, "name").is_some_and(|other| plain(other) == name));
    let shown = if means_another || (is_shared && !is_own) { ident } else { &name };
    assert_eq!(code.to_string(), shown, "{path}: {ident} is shown by its name if that is its own");
    assert_eq!(code.to_string().parse(), Ok(code), "{path}: {ident} is read as it is written");
}

pub fn opcodes<T: Opcode + Debug>(table: &Table<'_>) {
    let path = table.path;
    for (number, row) in table.codes() {
        let code = T::from_code(to_number::<T>(number)).expect("it is listed");
        let direction = code.direction().map(|direction| match direction {
            krate::Direction::Send => "send",
            krate::Direction::Receive => "receive",
            krate::Direction::Both => "both",
            _ => "another",
        });
        let format = code.format().map(|format| match format {
            krate::Format::Json => "json",
            krate::Format::Binary => "binary",
            _ => "another",
        });
        assert_eq!((direction, format), (text(row, "direction"), text(row, "format")), "{path}: {number}");
        assert_eq!(code.is_sent(), matches!(direction, Some("send" | "both")), "{path}: {number}");
        assert_eq!(code.is_received(), matches!(direction, Some("receive" | "both")), "{path}: {number}");
        let lost = Some(&row["policy_unless_resumable"]).filter(|policy| !policy.is_null()).unwrap_or(&row["policy"]);
        for (resumable, expected) in [(true, &row["policy"]), (false, lost)] {
            match code.policy(resumable) {
                Some(policy) => assert_policy(path, &format!("{number}, {resumable}"), policy, expected),
                None => assert!(expected.is_null(), "{path}: {number}, {resumable}"),
            }
        }
    }
}

pub fn close_codes<T: CloseCode + Debug>(table: &Table<'_>)
where
    Wire<T>: From<u16>,
{
    let path = table.path;
    let reconnect = &table.value["reconnect"];
    assert_policy(path, "absent", T::policy_for(None), &reconnect["absent"]);
    let mut codes = HashMap::new();
    // An answer that was compared once needs no second look.
    let mut seen: HashMap<String, Policy> = HashMap::new();
    for number in 0..=u16::MAX {
        let expected = table.listed(&mut codes, number.into());
        let expected = expected.as_ref().unwrap_or(&reconnect["unknown"]);
        let policy = T::policy_for(Some(number));
        match seen.get(&expected.to_string()) {
            Some(seen) => assert_eq!(policy, *seen, "{path}: {number}"),
            None => {
                assert_policy(path, &number.to_string(), policy, expected);
                seen.insert(expected.to_string(), policy);
            }
        }
        if let Some(code) = T::from_code(number) {
            assert_eq!(code.policy(), policy, "{path}: {number}");
        }
        assert_eq!(Wire::<T>::from(number).policy(), policy, "{path}: {number}");
    }
    after_sending::<T>(path, reconnect);
}

fn after_sending<T: CloseCode>(path: &str, reconnect: &Value) {
    assert_policy(path, "dropped", T::policy_after_sending(None), &reconnect["absent"]);
    let sent = &reconnect["sent"];
    let named: Vec<u32> = list(&sent["codes"]).iter().map(number).collect();
    let others = Some(&sent["others"]).filter(|others| !others.is_null()).unwrap_or(&reconnect["absent"]);
    for code in (0..=u16::MAX).filter(|code| named.contains(&(*code).into()) || code % 97 == 0 || (990..1010).contains(code)) {
        let expected = if named.contains(&code.into()) { &sent["policy"] } else { others };
        assert_policy(path, &format!("sent {code}"), T::policy_after_sending(Some(code)), expected);
    }
}

pub fn responses<T: ResponseCode + Debug>(table: &Table<'_>) {
    let path = table.path;
    for (number, row) in table.codes() {
        let code = T::from_code(to_number::<T>(number)).expect("it is listed");
        assert_eq!(code.is_retryable(), row["retry"] == json!(true), "{path}: {number}");
    }
    for number in table.numbers() {
        let range = T::range_of(to_number::<T>(number));
        let seen = range.map(|range| (range.first, range.last, range.name, range.summary, range.is_retryable));
        let row = table.range_of(number);
        let name = row.map(|row| plain(text(row, "name").expect("a name"))).unwrap_or_default();
        let expected = row.map(|row| {
            let bounds = &row["range"];
            let summary = text(row, "summary").unwrap_or(&name);
            (self::number(&bounds[0]), self::number(&bounds[1]), name.as_str(), summary, row["retry"] == json!(true))
        });
        assert_eq!(seen, expected, "{path}: {number}");
    }
}
