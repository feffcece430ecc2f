//! Asks the enums of a generated crate everything, and compares each answer with what the TOML says.
//!
//! This is a part of the programs that the tests build. It reads the tables as they are written, and knows nothing of the
//! generator.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};
use std::hash::{Hash as _, Hasher as _};
use std::marker::PhantomData;

use krate::{CloseCode, Code, CodeRange, Direction, Format, Opcode, Policy, ResponseCode, Retry, UnknownCode, Wire};
use serde::Deserialize as _;
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

    /// Numbers to ask about: all, or those of the table with their neighbours and some others.
    fn numbers(&self) -> Vec<u32> {
        let max = match text(self.value, "repr") {
            Some("u8") => u8::MAX.into(),
            Some("u16") => u16::MAX.into(),
            _ => u32::MAX,
        };
        if max == 0xFF || (max == 0xFFFF && self.rows().count() > 2) {
            return (0..=max).collect();
        }
        let bounds = self.codes().into_keys().chain(self.ranges().into_iter().flat_map(|(first, last, _)| [first, last]));
        let near = bounds.flat_map(|bound| [bound.wrapping_sub(1), bound, bound.wrapping_add(1)]);
        let scattered = (0..5000_u32).map(|position| position.wrapping_mul(0x9E37_79B1));
        near.chain(scattered).chain(0..2000).chain([max]).map(|number| number & max).collect()
    }

    /// The answers of the table and of those that it extends.
    fn answers(&self) -> Answers<'a> {
        let reconnect = &self.value["reconnect"];
        let extended = text(reconnect, "extends").map(|path| Box::new(self.tables.table(path).answers()));
        Answers { codes: self.codes(), ranges: self.ranges(), resumable: reconnect["resumable"] != json!(false), extended }
    }
}

/// What a table of close codes, and those that it extends, say of numbers.
struct Answers<'a> {
    codes: BTreeMap<u32, &'a Value>,
    ranges: Vec<(u32, u32, &'a Value)>,
    resumable: bool,
    extended: Option<Box<Answers<'a>>>,
}

impl<'a> Answers<'a> {
    /// The row of a number, and whether its resume becomes a new session.
    fn listed(&self, code: u32) -> Option<(&'a Value, bool)> {
        let range = || self.ranges.iter().find(|(first, last, _)| (*first..=*last).contains(&code)).map(|(_, _, row)| row);
        if let Some(row) = self.codes.get(&code).or_else(range) {
            return Some((*row, false));
        }
        let (row, is_new) = self.extended.as_ref()?.listed(code)?;
        Some((row, is_new || !self.resumable))
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
        Value::String(event) => json!({ "event": event, "within_ms": 5000, "before_ms": 0, "except": null }),
        full => json!({ "event": full["event"], "within_ms": seconds(&full["within"]), "before_ms": full["before"].as_u64().unwrap_or(0) * 1000, "except": full["except"] }),
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

fn assert_policy(path: &str, what: &str, policy: &Policy, expected: &Value) {
    assert_eq!(serde_json::to_value(policy).expect("a policy is data"), serialized(expected), "{path}: {what}");
    let line = policy.to_string();
    let says = |key: &str| text(expected, key).is_none_or(|text| line.contains(text));
    assert!(!line.contains('\n') && says("reason") && says("fix"), "{path}: {what}: {line}");
    assert!(line.starts_with(&expected["action"].as_str().expect("an action").replace('-', " ")), "{path}: {what}: {line}");
}

fn to_number<T: Code>(code: u32) -> T::Number {
    T::Number::try_from(code).ok().expect("the number fits")
}

/// An enum of the crate, with its numbers as `u32`. The methods are short: they are compiled once for each enum.
trait Asked {
    fn title(&self) -> &'static str;
    fn bits(&self) -> usize;
    fn all(&self) -> Vec<u32>;
    /// The number of the code that a number is, and its form as received: whether it is known, its number and name.
    fn look_up(&self, number: u32) -> (Option<u32>, (bool, u32, Option<&'static str>));
    fn row(&self, number: u32) -> Row;
    fn parse(&self, text: &str) -> Option<u32>;
    fn wire(&self, number: u32) -> WireTexts;
    /// Whether the numbers as received are equal, in which order they are, and whether a code is equal to itself as received.
    fn compare(&self, number: u32, other: u32) -> (bool, Ordering);
    fn is_received_as_itself(&self, number: u32) -> bool;
    fn read(&self, value: &Value) -> (Result<u32, String>, Result<u32, String>);
}

/// What a code says of itself.
struct Row {
    texts: [String; 5],
    is_deprecated: bool,
    is_removed: bool,
    json: Value,
}

/// What a received number is written as.
struct WireTexts {
    display: String,
    error: Option<String>,
    json: Value,
    hash: u64,
    parsed: Option<u32>,
}

struct Of<T>(PhantomData<T>);

impl<T> Asked for Of<T>
where
    T: Code + serde::Serialize + serde::de::DeserializeOwned + TryFrom<T::Number, Error = UnknownCode<T>>,
    Wire<T>: From<T::Number> + serde::Serialize + serde::de::DeserializeOwned,
{
    fn title(&self) -> &'static str {
        T::TITLE
    }

    fn bits(&self) -> usize {
        size_of::<T::Number>() * 8
    }

    fn all(&self) -> Vec<u32> {
        T::ALL.iter().map(|code| code.code().into()).collect()
    }

    fn look_up(&self, number: u32) -> (Option<u32>, (bool, u32, Option<&'static str>)) {
        let number = to_number::<T>(number);
        let wire = Wire::<T>::from(number);
        let form = (matches!(wire, Wire::Known(_)), wire.code().into(), wire.name());
        (T::from_code(number).map(|code| code.code().into()), form)
    }

    fn row(&self, number: u32) -> Row {
        let code = T::from_code(to_number::<T>(number)).expect("it is listed");
        let texts =
            [code.ident().to_owned(), code.name().to_owned(), code.summary().to_owned(), code.to_string(), format!("{code:?}")];
        let json = serde_json::to_value(code).expect("a number");
        Row { texts, is_deprecated: code.is_deprecated(), is_removed: code.is_removed(), json }
    }

    fn parse(&self, text: &str) -> Option<u32> {
        text.parse::<T>().ok().map(|code| code.code().into())
    }

    fn wire(&self, number: u32) -> WireTexts {
        let number = to_number::<T>(number);
        let wire = Wire::<T>::from(number);
        let mut hasher = std::hash::DefaultHasher::new();
        wire.hash(&mut hasher);
        WireTexts {
            display: wire.to_string(),
            error: T::try_from(number).err().map(|error| error.to_string()),
            json: serde_json::to_value(wire).expect("a number"),
            hash: hasher.finish(),
            parsed: number.to_string().parse::<Wire<T>>().ok().map(|wire| wire.code().into()),
        }
    }

    fn compare(&self, number: u32, other: u32) -> (bool, Ordering) {
        let (one, other) = (Wire::<T>::from(to_number::<T>(number)), Wire::<T>::from(to_number::<T>(other)));
        (one == other, one.cmp(&other))
    }

    fn is_received_as_itself(&self, number: u32) -> bool {
        let wire = Wire::<T>::from(to_number::<T>(number));
        wire.known().is_some_and(|code| wire == code && wire == Wire::Known(code))
    }

    fn read(&self, value: &Value) -> (Result<u32, String>, Result<u32, String>) {
        let wire = Wire::<T>::deserialize(value).map(|wire| wire.code().into());
        let code = T::deserialize(value).map(|code| code.code().into());
        (wire.map_err(|error| error.to_string()), code.map_err(|error| error.to_string()))
    }
}

/// What all enums answer.
pub fn code<T>(table: &Table<'_>, names: Names)
where
    T: Code + serde::Serialize + serde::de::DeserializeOwned + TryFrom<T::Number, Error = UnknownCode<T>>,
    Wire<T>: From<T::Number> + serde::Serialize + serde::de::DeserializeOwned,
{
    assert_code(table, names, &Of::<T>(PhantomData));
}

fn assert_code(table: &Table<'_>, names: Names, asked: &dyn Asked) {
    let path = table.path;
    let codes = table.codes();
    assert_eq!(Some(asked.title()), text(table.value, "title"), "{path}");
    assert_eq!(asked.all(), codes.keys().copied().collect::<Vec<_>>(), "{path}: ALL is in numeric order");
    for (ident, number) in names {
        let is_it = |name: &Value| name == ident;
        let row = codes[number];
        let others = list(&row["aliases"]).into_iter().chain(list(&row["renamed_from"]));
        assert!(is_it(&row["ident"]) || others.into_iter().any(|name| is_it(&name)), "{path}: {ident} is {number}");
    }
    for number in table.numbers() {
        let row = codes.get(&number);
        let name = row.map(|row| plain(text(row, "name").expect("a row has a name")));
        let expected = (row.map(|_| number), (row.is_some(), number, name.as_deref()));
        assert_eq!(asked.look_up(number), expected, "{path}: {number}");
        if number % 97 == 0 || row.is_some() {
            assert_wire(path, number, row.is_some(), asked);
        }
    }
    assert_numbers_out_of_range(path, asked);
    for (number, row) in &codes {
        assert_row(path, *number, row, &codes, asked);
    }
    assert!(asked.parse("no such name").is_none() && asked.parse("").is_none(), "{path}");
}

/// A number has one form, whether a table lists it or not.
fn assert_wire(path: &str, number: u32, is_known: bool, asked: &dyn Asked) {
    let WireTexts { display, error, json, hash, parsed } = asked.wire(number);
    let other = u32::from(number == 0);
    assert_eq!(asked.is_received_as_itself(number), is_known, "{path}: {number}");
    assert_eq!(asked.compare(number, other), (false, number.cmp(&other)), "{path}: {number}");
    assert_eq!(asked.compare(number, number), (true, Ordering::Equal), "{path}: {number}");
    assert_ne!(hash, asked.wire(other).hash, "{path}: the hash of {number} depends on the number");
    assert_eq!(hash, asked.wire(number).hash, "{path}");
    assert_eq!((json, parsed), (json!(number), Some(number)), "{path}");
    assert_eq!(asked.read(&json!(number)).0, Ok(number), "{path}");
    assert_eq!(asked.read(&json!(number)).1.is_ok(), is_known, "{path}");
    match error {
        None => assert!(is_known, "{path}: {number}"),
        Some(error) => {
            assert!(!is_known && error.contains(&number.to_string()) && error.contains(asked.title()), "{path}: {error}");
            assert_eq!(display, number.to_string(), "{path}");
        }
    }
}

fn assert_numbers_out_of_range(path: &str, asked: &dyn Asked) {
    let bits = asked.bits();
    for value in [json!(1_u64 << bits), json!(u64::MAX), json!(-1), json!("1"), json!(1.5)] {
        let (wire, code) = asked.read(&value);
        let error = wire.expect_err("it is no number of the table");
        assert!(error.contains(&format!("{bits} bits")), "{path}: {error}");
        assert!(code.is_err(), "{path}");
    }
}

fn assert_row(path: &str, number: u32, row: &Value, codes: &BTreeMap<u32, &Value>, asked: &dyn Asked) {
    let Row { texts: [own_ident, own_name, summary, display, debug], is_deprecated, is_removed, json } = asked.row(number);
    let ident = text(row, "ident").expect("a row has an identifier");
    let name = plain(text(row, "name").expect("a row has a name"));
    assert_eq!((own_ident.as_str(), &own_name, debug.as_str()), (ident, &name, ident), "{path}");
    assert_eq!(summary, text(row, "summary").unwrap_or(&name), "{path}: {ident}");
    let status = text(row, "status");
    assert_eq!((is_deprecated, is_removed), (status == Some("deprecated"), status == Some("removed")), "{path}: {ident}");
    assert_eq!((asked.read(&json).1, json), (Ok(number), json!(number)), "{path}");
    // Names.
    let other_idents = |row: &Value| [list(&row["ident"]), list(&row["aliases"]), list(&row["renamed_from"])].concat();
    for own in other_idents(row) {
        let own = own.as_str().expect("an identifier");
        for text in [own.to_owned(), screaming(own), own.to_lowercase(), own.to_uppercase()] {
            assert_eq!(asked.parse(&text), Some(number), "{path}: {text:?} is {ident}");
        }
    }
    let mut others = codes.iter().filter(|(other, _)| **other != number);
    let letters_of_name = letters(&name);
    let is_ident =
        |row: &Value| other_idents(row).iter().any(|ident| ident.as_str().is_some_and(|ident| letters(ident) == letters_of_name));
    let is_own = is_ident(row);
    let means_another = others.clone().any(|(_, other)| is_ident(other));
    let is_shared = others.any(|(_, other)| text(other, "name").is_some_and(|other| plain(other) == name));
    let shown = if means_another || (is_shared && !is_own) { ident } else { &name };
    assert_eq!(display, shown, "{path}: {ident} is shown by its name if that is its own");
    assert_eq!(asked.parse(&display), Some(number), "{path}: {ident} is read as it is written");
}

/// What an opcode says of itself, with its policies when the session can be resumed and when it cannot.
type OpcodeAnswers = (Option<Direction>, Option<Format>, (bool, bool), [Option<&'static Policy>; 2]);

pub fn opcodes<T: Opcode>(table: &Table<'_>) {
    assert_opcodes(table, &|number| {
        let code = T::from_code(to_number::<T>(number)).expect("it is listed");
        let sides = (code.is_sent(), code.is_received());
        (code.direction(), code.format(), sides, [code.policy(true), code.policy(false)])
    });
}

fn assert_opcodes(table: &Table<'_>, ask: &dyn Fn(u32) -> OpcodeAnswers) {
    let path = table.path;
    for (number, row) in table.codes() {
        let (direction, format, sides, policies) = ask(number);
        let direction = direction.map(|direction| match direction {
            Direction::Send => "send",
            Direction::Receive => "receive",
            Direction::Both => "both",
            _ => "another",
        });
        let format = format.map(|format| match format {
            Format::Json => "json",
            Format::Binary => "binary",
            _ => "another",
        });
        assert_eq!((direction, format), (text(row, "direction"), text(row, "format")), "{path}: {number}");
        let expected = (matches!(direction, Some("send" | "both")), matches!(direction, Some("receive" | "both")));
        assert_eq!(sides, expected, "{path}: {number}");
        let lost = Some(&row["policy_unless_resumable"]).filter(|policy| !policy.is_null()).unwrap_or(&row["policy"]);
        for (policy, expected) in policies.into_iter().zip([&row["policy"], lost]) {
            match policy {
                Some(policy) => assert_policy(path, &number.to_string(), policy, expected),
                None => assert!(expected.is_null(), "{path}: {number}"),
            }
        }
    }
}

/// The functions of a table of close codes: the policy of a number, that of a received number, that of a code, and that
/// after sending a number.
struct ClosePolicies {
    policy_for: fn(Option<u16>) -> &'static Policy,
    of_wire: fn(u16) -> &'static Policy,
    of_code: fn(u16) -> Option<&'static Policy>,
    after_sending: fn(Option<u16>) -> &'static Policy,
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
    };
    assert_close_codes(table, &policies);
    assert_after_sending(table, policies.after_sending);
}

fn assert_close_codes(table: &Table<'_>, policies: &ClosePolicies) {
    let path = table.path;
    let reconnect = &table.value["reconnect"];
    assert_policy(path, "absent", (policies.policy_for)(None), &reconnect["absent"]);
    let answers = table.answers();
    // An answer that was compared once needs no second look.
    let mut seen: HashMap<(*const Value, bool), &'static Policy> = HashMap::new();
    for number in 0..=u16::MAX {
        let (row, is_new) = answers.listed(number.into()).unwrap_or((&Value::Null, false));
        let expected = if row.is_null() { &reconnect["unknown"] } else { &row["policy"] };
        let policy = (policies.policy_for)(Some(number));
        match seen.get(&(std::ptr::from_ref(expected), is_new)) {
            Some(seen) => assert_eq!(policy, *seen, "{path}: {number}"),
            None => {
                let mut whole = expected.clone();
                if is_new && whole["action"] == json!("resume") {
                    whole["action"] = json!("new-session");
                    whole["wait"] = before_new_session(&whole["wait"]);
                    let meaning = text(row, "summary").or_else(|| text(row, "name")).expect("a name");
                    whole["reason"] = json!(instead_of_resume(meaning));
                }
                assert_policy(path, &number.to_string(), policy, &whole);
                seen.insert((std::ptr::from_ref(expected), is_new), policy);
            }
        }
        assert_eq!((policies.of_wire)(number), policy, "{path}: {number}");
        assert_eq!((policies.of_code)(number).unwrap_or(policy), policy, "{path}: {number}");
    }
}

/// How long a system that cannot resume waits before a new session: five seconds at least.
fn before_new_session(wait: &Value) -> Value {
    let raised = |limits: &Value| {
        let first = number(&limits[0]).max(5);
        json!([first, number(&limits[1]).max(first)])
    };
    match (&wait["jitter"], &wait["backoff"]) {
        (Value::Null, Value::Null) => json!({ "backoff": [5, 300] }),
        (Value::Null, limits) => json!({ "backoff": raised(limits) }),
        (limits, _) => json!({ "jitter": raised(limits) }),
    }
}

/// Why a system that cannot resume starts a new session.
fn instead_of_resume(meaning: &str) -> String {
    let mut what = meaning.split(". ").next().unwrap_or_default().chars();
    let first: String = what.next().into_iter().flat_map(char::to_uppercase).collect();
    let end = if what.as_str().ends_with(['.', '!', '?', ':', '…']) { "" } else { "." };
    format!("{first}{}{end} Sessions cannot be resumed here.", what.as_str())
}

fn assert_after_sending(table: &Table<'_>, after_sending: fn(Option<u16>) -> &'static Policy) {
    let (path, reconnect) = (table.path, &table.value["reconnect"]);
    assert_policy(path, "dropped", after_sending(None), &reconnect["absent"]);
    let sent = &reconnect["sent"];
    let named: Vec<u32> = list(&sent["codes"]).iter().map(number).collect();
    let others = Some(&sent["others"]).filter(|others| !others.is_null()).unwrap_or(&reconnect["absent"]);
    for code in (0..=u16::MAX).filter(|code| named.contains(&(*code).into()) || code % 997 == 0 || (998..1004).contains(code)) {
        let expected = if named.contains(&code.into()) { &sent["policy"] } else { others };
        assert_policy(path, &format!("sent {code}"), after_sending(Some(code)), expected);
    }
}

pub fn responses<T: ResponseCode>(table: &Table<'_>) {
    let answer = |number| {
        let code = T::from_code(to_number::<T>(number));
        code.map(|code| json!({ "retry": code.retry().as_str(), "http": code.http(), "limit": code.limit() }))
    };
    let retry_for = |number| T::retry_for(to_number::<T>(number));
    assert_responses(table, &answer, &retry_for, &|number| T::range_of(to_number::<T>(number)));
}

fn assert_responses(
    table: &Table<'_>,
    answer: &dyn Fn(u32) -> Option<Value>,
    retry_for: &dyn Fn(u32) -> Option<Retry>,
    range_of: &dyn Fn(u32) -> Option<&'static CodeRange>,
) {
    let path = table.path;
    for (number, row) in table.codes() {
        let retry = row["retry"].as_str().unwrap_or("no");
        let expected = json!({ "retry": retry, "http": row["http"], "limit": row["limit"] });
        assert_eq!(answer(number), Some(expected), "{path}: {number}");
        assert_eq!(retry_for(number).map(Retry::as_str), Some(retry), "{path}: {number}");
    }
    let ranges = table.ranges();
    for number in table.numbers() {
        if answer(number).is_none() {
            assert_eq!(retry_for(number), range_of(number).map(|range| range.retry), "{path}: {number}");
        }
        let retry = |range: &'static CodeRange| json!(range.retry.as_str());
        let seen = range_of(number).map(|range| (range.first, range.last, range.name, range.summary, retry(range)));
        let row = ranges.iter().find(|(first, last, _)| (*first..=*last).contains(&number));
        let name = row.map(|(_, _, row)| plain(text(row, "name").expect("a name"))).unwrap_or_default();
        let expected = row.map(|(first, last, row)| {
            (*first, *last, name.as_str(), text(row, "summary").unwrap_or(&name), json!(row["retry"].as_str().unwrap_or("no")))
        });
        assert_eq!(seen, expected, "{path}: {number}");
    }
}
