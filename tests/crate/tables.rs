//! Every generated table compared with an independent reading of its TOML, and every conversion there and back.
//!
//! `build.rs` lists the tables, so a new table is tested without a line of Rust.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;

use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::TestRunner;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use wirecodes::{CloseCode, Code, Fault, Group, NewSessionBy, Opcode, Policy, ResponseCode, Wire};
use wirecodes_tests::root;

/// What the TOML says, read without the generator.
struct Expected {
    /// The rows of the numbers that have a variant.
    variants: BTreeMap<u32, toml::Table>,
    /// The rows of ranges, with their first and last number.
    ranges: Vec<(u32, u32, toml::Table)>,
    header: toml::Table,
    /// The table that this one extends.
    extended: Option<Box<Expected>>,
}

impl Expected {
    fn read(path: &str) -> Self {
        let text = std::fs::read_to_string(root().join("codes").join(path)).expect("the table can be read");
        let mut header: toml::Table = text.parse().expect("the table is TOML");
        let rows = header.remove("code").and_then(|rows| rows.try_into().ok());
        let mut rows: Vec<toml::Table> = rows.unwrap_or_default();
        // A live row takes its number over from removed ones, and so comes last.
        let is_live = |row: &toml::Table| text_of(row, "status") != Some("removed");
        rows.sort_by_key(|row| {
            (is_live(row), row.get("until").map(ToString::to_string), text_of(row, "ident").map(str::to_owned))
        });
        let extended = header.get("reconnect").and_then(|reconnect| reconnect.get("extends")).and_then(toml::Value::as_str);
        let extended = extended.map(|path| Box::new(Self::read(&format!("{path}.toml"))));
        let mut expected = Self { variants: BTreeMap::new(), ranges: Vec::new(), header, extended };
        for row in rows {
            if let Some(value) = row.get("value") {
                expected.variants.insert(number(value), row);
            } else {
                let (first, last) = (number(&row["range"][0]), number(&row["range"][1]));
                expected.ranges.push((first, last, row));
            }
        }
        expected
    }

    fn range(&self, number: u32) -> Option<&toml::Table> {
        self.ranges.iter().find(|(first, last, _)| (*first..=*last).contains(&number)).map(|(_, _, row)| row)
    }

    /// The policy of a number that the table, or the table that it extends, lists, and what the number means.
    fn listed_policy(&self, code: u16) -> Option<(Value, &str)> {
        let own = self.variants.get(&code.into()).or_else(|| self.range(code.into()));
        if let Some(row) = own {
            return Some((policy(&row["policy"]), text_of(row, "summary").or_else(|| text_of(row, "name"))?));
        }
        let reconnect = self.header["reconnect"].as_table().expect("a table of close codes has [reconnect]");
        let (mut policy, meaning) = self.extended.as_ref()?.listed_policy(code)?;
        let can_resume = reconnect.get("resumable").and_then(toml::Value::as_bool).unwrap_or(true);
        if !can_resume && policy["action"] == "resume" {
            policy["action"] = json!("new-session");
            let what = meaning.split(". ").next().unwrap_or_default().trim_end_matches('.');
            policy["reason"] = json!(format!("{what}. Sessions cannot be resumed here."));
            let wait = &mut policy["wait"];
            if *wait == json!("none") {
                *wait = json!({ "backoff": { "first_ms": 5000, "max_ms": 300_000 } });
            }
            for (shortest, longest) in [("first_ms", "max_ms"), ("from_ms", "to_ms")] {
                for limits in wait.as_object_mut().into_iter().flat_map(serde_json::Map::values_mut) {
                    let Some(short) = limits.get(shortest).and_then(Value::as_u64) else { continue };
                    let short = short.max(5000);
                    let long = limits[longest].as_u64().expect("milliseconds").max(short);
                    (limits[shortest], limits[longest]) = (json!(short), json!(long));
                }
            }
        }
        Some((policy, meaning))
    }

    /// The numbers worth a question: all of a small type; the neighbours of every code and the corners of a large one.
    fn numbers(&self, max: u32) -> Vec<u32> {
        if max <= u16::MAX.into() {
            return (0..=max).collect();
        }
        let corners = [0, 1, 255, 256, 65_535, 65_536, 1 << 31, max - 1, max];
        let codes = self.variants.keys().flat_map(|code| {
            let spread = [*code, code.wrapping_add(65_536), code.wrapping_sub(65_536), code << 8, code.reverse_bits()];
            (code.saturating_sub(3)..=code.saturating_add(3)).chain(spread)
        });
        codes.chain(corners).collect()
    }
}

fn number(value: &toml::Value) -> u32 {
    u32::try_from(value.as_integer().expect("a number")).expect("a small number")
}

fn text_of<'a>(row: &'a toml::Table, key: &str) -> Option<&'a str> {
    row.get(key).and_then(toml::Value::as_str)
}

fn texts_of<'a>(row: &'a toml::Table, key: &str) -> Vec<&'a str> {
    match row.get(key) {
        Some(toml::Value::String(one)) => vec![one],
        Some(toml::Value::Array(many)) => many.iter().filter_map(toml::Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// A name without the backticks of its code spans.
fn plain(name: &str) -> String {
    name.replace('`', "")
}

/// A policy of the TOML, as the crate serializes it.
fn policy(written: &toml::Value) -> Value {
    let text = |key: &str| json!(written.get(key).and_then(toml::Value::as_str));
    let millis = |seconds: &toml::Value| json!(seconds.as_integer().expect("seconds") * 1000);
    let wait = match written.get("wait") {
        None => json!("none"),
        Some(toml::Value::String(word)) if word == "backoff" => json!({ "backoff": { "first_ms": 1000, "max_ms": 300_000 } }),
        Some(toml::Value::String(word)) => json!(word),
        Some(limits) => match (limits.get("jitter"), limits.get("backoff")) {
            (Some(jitter), None) => json!({ "jitter": { "from_ms": millis(&jitter[0]), "to_ms": millis(&jitter[1]) } }),
            (None, Some(backoff)) => json!({ "backoff": { "first_ms": millis(&backoff[0]), "max_ms": millis(&backoff[1]) } }),
            _ => panic!("an unknown wait: {limits}"),
        },
    };
    let event = |event: &toml::Value| match event {
        toml::Value::String(name) => json!({ "event": name, "within_ms": 5000, "before_ms": 0, "except": null }),
        event => json!({
            "event": event["event"].as_str(),
            "within_ms": event.get("within").map_or(json!(5000), millis),
            "before_ms": event.get("before").map_or(json!(0), millis),
            "except": event.get("except").and_then(toml::Value::as_str),
        }),
    };
    let unless = match written.get("unless") {
        None => Vec::new(),
        Some(toml::Value::Array(events)) => events.iter().map(event).collect(),
        Some(one) => vec![event(one)],
    };
    json!({
        "action": text("action"),
        "wait": wait,
        "basis": text("basis"),
        "cause": text("cause"),
        "reason": text("reason"),
        "fix": text("fix"),
        "unless": unless,
        "close_with": written.get("close_with").and_then(toml::Value::as_integer),
        "new_sessions_before_stop": written.get("new_sessions_before_stop").and_then(toml::Value::as_integer),
    })
}

fn as_json(policy: impl Serialize) -> Value {
    serde_json::to_value(policy).expect("a policy is JSON")
}

fn numbers_mean_what_the_table_says<T: Code>(path: &str, max: u32) {
    let expected = Expected::read(path);
    for number in expected.numbers(max) {
        let code = T::Number::try_from(number).ok().expect("the number fits");
        let found = T::from_code(code);
        let row = expected.variants.get(&number);
        assert_eq!(found.map(Code::ident), row.and_then(|row| text_of(row, "ident")), "{path}: {number}");
        assert_eq!(Wire::<T>::from_code(code).code(), code, "{path}: {number} is lost");
        assert_eq!(Wire::<T>::from_code(code).known(), found, "{path}: {number}");
        let Some((found, row)) = found.zip(row) else { continue };
        assert_eq!(found.code(), code, "{path}: {number} has another number");
        assert_eq!(format!("{found:?}"), found.ident());
        assert_eq!(found.name(), plain(text_of(row, "name").expect("a name")));
        assert_eq!(found.summary(), text_of(row, "summary").unwrap_or(found.name()));
        assert_eq!(found.is_deprecated(), text_of(row, "status") == Some("deprecated"), "{path}: {number}");
        assert_eq!(found.is_removed(), text_of(row, "status") == Some("removed"), "{path}: {number}");
    }
    let all: Vec<u32> = T::ALL.iter().map(|code| code.code().into()).collect();
    assert_eq!(all, expected.variants.keys().copied().collect::<Vec<_>>(), "{path}: ALL differs");
    assert_eq!(T::TITLE, text_of(&expected.header, "title").expect("a title"));
}

fn names_lead_back<T: Code>(path: &str) {
    let expected = Expected::read(path);
    for code in T::ALL {
        assert_eq!(T::from_str(&code.to_string()), Ok(*code), "{path}: {code} does not lead back");
        let row = &expected.variants[&code.code().into()];
        let others = texts_of(row, "aliases").into_iter().chain(texts_of(row, "renamed_from"));
        for ident in others.chain([code.ident()]) {
            for spelling in [ident.to_owned(), ident.to_lowercase(), ident.to_uppercase()] {
                assert_eq!(T::from_str(&spelling), Ok(*code), "{path}: {spelling}");
            }
        }
        // A name that is also an identifier of another code means that one; a name of several codes means none of them.
        if code.to_string() == code.name() {
            assert_eq!(T::from_str(code.name()), Ok(*code), "{path}: {}", code.name());
        } else {
            assert_ne!(T::from_str(code.name()), Ok(*code), "{path}: {} is its own name", code.name());
        }
    }
    assert!(T::from_str("").is_err());
    assert!(T::from_str("no such code").is_err());
}

/// What a text names, found by comparing it with all names of all codes letter by letter.
fn named<T: Code>(names: &[(T, Vec<String>)], text: &str) -> Option<T> {
    let having = |is_it: &dyn Fn(&str) -> bool| -> Vec<T> {
        names.iter().filter(|(_, names)| names.iter().any(|name| is_it(name))).map(|(code, _)| *code).collect()
    };
    // For a text in ASCII every other character of a name is one that the text does not have.
    let is_letter = |c: &char| c.is_alphanumeric() || text.is_ascii() && !c.is_ascii();
    let letters = |text: &str| -> String { text.chars().filter(is_letter).flat_map(char::to_lowercase).collect() };
    let exact = having(&|name| name == text);
    let alike = having(&|name| !letters(text).is_empty() && letters(name) == letters(text));
    exact.first().or(if let [one] = alike.as_slice() { Some(one) } else { None }).copied()
}

fn spellings_are_read_letter_by_letter<T: Code>(path: &str) {
    let expected = Expected::read(path);
    let names: Vec<(T, Vec<String>)> = T::ALL
        .iter()
        .map(|code| {
            let row = &expected.variants[&code.code().into()];
            let others = texts_of(row, "aliases").into_iter().chain(texts_of(row, "renamed_from")).map(str::to_owned);
            (*code, others.chain([code.ident().to_owned(), code.to_string()]).collect())
        })
        .collect();
    let texts: Vec<&String> = names.iter().flat_map(|(_, names)| names).collect();
    // More of it than any name is long.
    let much: &str = "-".repeat(130).leak();
    let inserted = proptest::sample::select(vec!["", "", "", "", " ", "-", "_", "@", "s", "7", "é", "’", "\0", much]);
    let edit = (any::<Index>(), inserted);
    let spelling = (any::<Index>(), proptest::collection::vec(edit, 0..4), 0..3_usize);
    let config = ProptestConfig { failure_persistence: None, cases: wirecodes_tests::cases(60), ..ProptestConfig::default() };
    let found = TestRunner::new(config).run(&spelling, |(text, edits, case)| {
        let mut text: Vec<String> = text.get(&texts).chars().map(String::from).collect();
        for (place, edit) in edits {
            // Before a character comes another one; or its case is changed.
            let place = place.get_mut(&mut text);
            *place = if edit.is_empty() { place.to_uppercase() } else { format!("{edit}{place}") };
        }
        let text: String = text.concat();
        let text = [text.clone(), text.to_lowercase(), text.to_uppercase()][case].clone();
        prop_assert_eq!(T::from_str(&text).ok(), named(&names, &text), "{}", text);
        Ok(())
    });
    found.unwrap_or_else(|error| panic!("{path}: {error}"));
}

fn conversions_keep_the_number<T>(path: &str, max: u32)
where
    T: Code + TryFrom<T::Number> + Serialize + DeserializeOwned,
    T::Number: From<T>,
    <T as TryFrom<T::Number>>::Error: Debug,
    Wire<T>: Serialize + DeserializeOwned + From<T::Number>,
{
    for number in Expected::read(path).numbers(max).into_iter().step_by(if max == 0xFFFF { 7 } else { 1 }) {
        let code = T::Number::try_from(number).ok().expect("the number fits");
        let wire = Wire::<T>::from(code);
        assert_eq!(serde_json::to_string(&wire).unwrap(), number.to_string());
        assert_eq!(serde_json::from_str::<Wire<T>>(&number.to_string()).unwrap(), wire);
        assert_eq!(wire.to_string().parse(), Ok(wire));
        assert_eq!(wire.name(), wire.known().map(Code::name));
        let bytes = postcard::to_allocvec(&wire).unwrap();
        assert_eq!(bytes, in_its_own_width(code), "{path}: {number} in a binary format");
        assert_eq!(postcard::from_bytes::<Wire<T>>(&bytes).unwrap(), wire);
        if wire.known().is_none() {
            assert!(T::try_from(code).is_err());
            assert!(serde_json::from_str::<T>(&number.to_string()).is_err());
        }
    }
    for code in T::ALL {
        assert_eq!(T::try_from(code.code()).unwrap(), *code);
        assert_eq!(<T::Number as From<T>>::from(*code), code.code());
        assert_eq!(Wire::Known(*code), *code);
        assert_eq!(serde_json::from_str::<T>(&serde_json::to_string(code).unwrap()).unwrap(), *code);
    }
    for pair in T::ALL.windows(2) {
        assert_ne!(Wire::Known(pair[0]), pair[1], "{path}");
        assert!(Wire::Known(pair[0]) < Wire::Known(pair[1]), "{path}: wires are in the order of their numbers");
    }
    let too_large = serde_json::from_str::<Wire<T>>(&(u64::from(max) + 1).to_string()).unwrap_err().to_string();
    let bits = u32::BITS - max.leading_zeros();
    assert!(too_large.contains(&format!("at most {bits} bits")), "{too_large}");
    assert!(serde_json::from_str::<Wire<T>>("-1").is_err());
}

/// The number as a binary format writes it that gives each type its own encoding.
fn in_its_own_width<N: Copy + Into<u32>>(code: N) -> Vec<u8> {
    let number: u32 = code.into();
    match size_of::<N>() {
        1 => postcard::to_allocvec(&u8::try_from(number).unwrap()),
        2 => postcard::to_allocvec(&u16::try_from(number).unwrap()),
        _ => postcard::to_allocvec(&number),
    }
    .unwrap()
}

fn opcodes_are_as_documented<T: Opcode>(path: &str) {
    let expected = Expected::read(path);
    for code in T::ALL {
        let row = &expected.variants[&code.code().into()];
        let direction = code.direction().map(|direction| format!("{direction:?}").to_lowercase());
        assert_eq!(direction.as_deref(), text_of(row, "direction"), "{path}: {code}");
        assert_eq!(code.is_sent(), matches!(direction.as_deref(), Some("send" | "both")), "{path}: {code}");
        assert_eq!(code.is_received(), matches!(direction.as_deref(), Some("receive" | "both")), "{path}: {code}");
        let format = code.format().map(|format| format!("{format:?}").to_lowercase());
        assert_eq!(format.as_deref(), text_of(row, "format"), "{path}: {code}");
        let resumable = row.get("policy").map(policy);
        let lost = row.get("policy_unless_resumable").map(policy).or_else(|| resumable.clone());
        assert_eq!(code.policy(true).map(as_json), resumable, "{path}: {code}");
        assert_eq!(code.policy(false).map(as_json), lost, "{path}: {code}");
    }
}

fn close_codes_have_the_policies_of_the_table<T: CloseCode>(path: &str) {
    let expected = Expected::read(path);
    let reconnect = expected.header["reconnect"].as_table().expect("a table of close codes has [reconnect]");
    let absent = policy(&reconnect["absent"]);
    assert_eq!(as_json(T::policy_for(None)), absent, "{path}: without a code");
    assert_eq!(as_json(T::policy_after_sending(None)), absent, "{path}: without a code");
    let sent = reconnect.get("sent");
    let sent_codes: Vec<u32> =
        sent.map(|sent| sent["codes"].as_array().expect("codes").iter().map(number).collect()).unwrap_or_default();
    let heartbeat_timeout = reconnect.get("heartbeat_timeout").map_or_else(|| absent.clone(), policy);
    assert_eq!(as_json(T::policy_after_heartbeat_timeout()), heartbeat_timeout, "{path}: without an acknowledged heartbeat");
    let others = sent.and_then(|sent| sent.get("others")).map_or(absent, policy);
    let unknown = policy(&reconnect["unknown"]);
    let after_sent = sent.map(|sent| policy(&sent["policy"]));
    // Most numbers have one of a few answers, which are serialized once.
    let mut serialized: HashMap<&Policy, Value> = HashMap::new();
    for code in 0..=u16::MAX {
        let listed = expected.listed_policy(code).map(|(policy, _)| policy);
        let answer = T::policy_for(Some(code));
        let answer = serialized.entry(answer).or_insert_with(|| as_json(answer));
        assert_eq!(answer, listed.as_ref().unwrap_or(&unknown), "{path}: {code}");
        let after = after_sent.as_ref().filter(|_| sent_codes.contains(&code.into())).unwrap_or(&others);
        let answer = T::policy_after_sending(Some(code));
        let answer = serialized.entry(answer).or_insert_with(|| as_json(answer));
        assert_eq!(answer, after, "{path}: after sending {code}");
    }
    for code in T::ALL {
        assert_eq!(code.policy(), T::policy_for(Some(code.code())), "{path}: {code}");
        assert_eq!(Wire::from(*code).policy(), code.policy(), "{path}: {code}");
    }
}

fn limits_are_those_of_the_table<T: CloseCode>(path: &str) {
    let header = Expected::read(path).header;
    let limit = |key: &str| header.get("limits").and_then(|limits| Some(number(&limits.get(key)?["value"])));
    let seconds = |seconds: u32| std::time::Duration::from_secs(seconds.into());
    assert_eq!(T::LIMITS.identifies_per_day, limit("identifies_per_day"), "{path}");
    let times = [T::LIMITS.identify_every, T::LIMITS.upgrade, T::LIMITS.hello, T::LIMITS.ready, T::LIMITS.resumed];
    let usual = [("identify_every", 5), ("upgrade", 10), ("hello", 30), ("ready", 30), ("resumed", 60)];
    assert_eq!(times, usual.map(|(key, usual)| seconds(limit(key).unwrap_or(usual))), "{path}");
    assert_eq!(T::LIMITS.commands_per_minute, limit("commands_per_minute"), "{path}");
    assert_eq!(T::LIMITS.resumes_before_new, limit("resumes_before_new").unwrap_or(3), "{path}");
    let opener = match header["reconnect"].get("new_session_by").map(|opener| opener.as_str().expect("a word")) {
        None | Some("connection") => NewSessionBy::Connection,
        Some("main-connection") => NewSessionBy::MainConnection,
        Some("person") => NewSessionBy::Person,
        Some(other) => panic!("{path}: {other}"),
    };
    assert_eq!(T::NEW_SESSION_BY, opener, "{path}");
}

fn responses_are_as_in_the_table<T: ResponseCode>(path: &str, max: u32) {
    let expected = Expected::read(path);
    let retry = |row: &toml::Table| text_of(row, "retry").unwrap_or("no").to_owned();
    let number = |row: &toml::Table, key: &str| row.get(key).and_then(toml::Value::as_integer);
    let fix = |row: &toml::Table| text_of(row, "fix").map(str::to_owned);
    for code in T::ALL {
        let row = &expected.variants[&code.code().into()];
        assert_eq!((code.retry().to_string(), code.fix().map(str::to_owned)), (retry(row), fix(row)), "{path}: {code}");
        let numbers = (code.http().map(i64::from), code.limit().map(i64::from));
        assert_eq!(numbers, (number(row, "http"), number(row, "limit")), "{path}: {code}");
        assert_eq!(code.group().map(Group::as_str), text_of(row, "group"), "{path}: {code}");
        let usual = text_of(row, "group").map(usual_fault).filter(|fault| !fault.is_empty());
        assert_eq!(code.fault().map(Fault::as_str), text_of(row, "fault").or(usual), "{path}: {code}");
    }
    for number in expected.numbers(max) {
        let range = T::range_of(T::Number::try_from(number).ok().expect("the number fits"));
        let row = expected.range(number);
        let found = range.map(|range| (range.name.to_owned(), range.retry.to_string(), range.fix.map(str::to_owned)));
        let said = row.map(|row| (plain(text_of(row, "name").expect("a name")), retry(row), fix(row)));
        assert_eq!(found, said, "{path}: {number}");
        let asked = T::Number::try_from(number).ok().expect("the number fits");
        let code = T::from_code(asked).map(|code| (code.retry(), code.group(), code.fault()));
        let ranged = range.map(|range| (range.retry, range.group, range.fault));
        let expected = code.or(ranged);
        assert_eq!(T::retry_for(asked), expected.map(|(retry, ..)| retry), "{path}: {number}");
        assert_eq!(T::group_for(asked), expected.and_then(|(_, group, _)| group), "{path}: {number}");
        assert_eq!(T::fault_for(asked), expected.and_then(|(.., fault)| fault), "{path}: {number}");
        assert!(range.is_none_or(|range| (range.first..=range.last).contains(&number)), "{path}: {number}");
    }
}

/// Whose fault a group is.
fn usual_fault(group: &str) -> &'static str {
    match group {
        "success" => "",
        "permission-denied"
        | "not-found"
        | "failed-precondition"
        | "limit-reached"
        | "blocked-by-user"
        | "blocked-by-moderation" => "user",
        "unauthenticated" | "already-exists" | "invalid-argument" | "rate-limited" => "application",
        "unavailable" | "internal" => "service",
        other => panic!("{other} is no group"),
    }
}

/// The tests of one table.
macro_rules! table_tests {
    ($module:ident, $table:ty, $repr:ty, $kind:ident, $path:literal) => {
        mod $module {
            use super::*;

            #[test]
            fn numbers() {
                numbers_mean_what_the_table_says::<$table>($path, <$repr>::MAX.into());
            }

            #[test]
            fn names() {
                names_lead_back::<$table>($path);
            }

            #[test]
            fn spellings() {
                spellings_are_read_letter_by_letter::<$table>($path);
            }

            #[test]
            fn conversions() {
                conversions_keep_the_number::<$table>($path, <$repr>::MAX.into());
            }

            #[test]
            fn every_answer_is_known_at_compile_time() {
                const FIRST: Option<$table> = <$table>::from_code(0);
                const ALL: &[$table] = <$table>::ALL;
                assert_eq!(FIRST, <$table>::from_code(0));
                assert_eq!(ALL, <$table as Code>::ALL);
            }

            table_tests!(@$kind $table, $repr, $path);
        }
    };
    (@opcodes $table:ty, $repr:ty, $path:literal) => {
        #[test]
        fn directions_formats_and_policies() {
            opcodes_are_as_documented::<$table>($path);
        }
    };
    (@close_codes $table:ty, $repr:ty, $path:literal) => {
        #[test]
        fn policies() {
            const AFTER_DROP: &wirecodes::Policy = <$table>::policy_for(None);
            close_codes_have_the_policies_of_the_table::<$table>($path);
            assert_eq!(AFTER_DROP, <$table>::policy_for(None));
        }

        #[test]
        fn limits() {
            limits_are_those_of_the_table::<$table>($path);
        }
    };
    (@$kind:ident $table:ty, $repr:ty, $path:literal) => {
        #[test]
        fn retries_and_ranges() {
            responses_are_as_in_the_table::<$table>($path, <$repr>::MAX.into());
        }
    };
}

include!(concat!(env!("OUT_DIR"), "/tables.rs"));
