//! Every generated table against an independent reading of its TOML, and every conversion there and back.

use std::collections::BTreeMap;

use wirecodes::{Code, Policy, Reconnect, Wire};
use wirecodes_tests::root;

/// What the TOML says, read without the generator.
struct Expected {
    /// The identifier, name and row of each number that has a variant of its own.
    singles: BTreeMap<u32, toml::Table>,
    /// Ranges with their rows.
    ranges: Vec<(u32, u32, toml::Table)>,
    header: toml::Table,
}

impl Expected {
    fn read(path: &str) -> Self {
        let text = std::fs::read_to_string(root().join("codes").join(path)).expect("the table can be read");
        let mut header: toml::Table = text.parse().expect("the table is TOML");
        let rows = header.remove("code").expect("the table has rows");
        let rows: Vec<toml::Table> =
            rows.as_array().expect("rows").iter().map(|row| row.as_table().expect("a row").clone()).collect();
        let removed = |row: &toml::Table| text_of(row, "status") == Some("removed");
        let (mut singles, mut ranges) = (BTreeMap::new(), Vec::new());
        for row in rows.iter().filter(|row| removed(row)).chain(rows.iter().filter(|row| !removed(row))) {
            // A live row comes last and so takes the number over from a removed one.
            if let Some(value) = row.get("value") {
                singles.insert(number(value), row.clone());
            } else {
                let range = row["range"].as_array().expect("a range");
                ranges.push((number(&range[0]), number(&range[1]), row.clone()));
            }
        }
        Self { singles, ranges, header }
    }

    fn row(&self, number: u32) -> Option<&toml::Table> {
        let range = || self.ranges.iter().find(|(first, last, _)| (*first..=*last).contains(&number)).map(|(_, _, row)| row);
        self.singles.get(&number).or_else(range)
    }

    /// The numbers worth asking for: all of a small type; the neighbours of every code and the corners of a large one.
    fn numbers(&self, max: u32) -> Vec<u32> {
        if max <= u16::MAX.into() {
            return (0..=max).collect();
        }
        let corners = [0, 1, 255, 256, 65_535, 65_536, 1 << 31, max - 1, max];
        let codes = self.singles.keys().flat_map(|code| {
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

fn numbers_mean_what_the_table_says<T: Code>(path: &str, max: u32) {
    let expected = Expected::read(path);
    for number in expected.numbers(max) {
        let wire = T::Number::try_from(number).ok().expect("the number fits");
        let found = T::from_code(wire);
        let row = expected.row(number);
        assert_eq!(
            found.map(|code| format!("{code:?}")).as_deref(),
            row.and_then(|row| text_of(row, "ident")),
            "{path}: {number}"
        );
        assert_eq!(Wire::<T>::from_code(wire).code(), wire, "{path}: {number} is lost");
        assert_eq!(Wire::<T>::from_code(wire).meaning(), found, "{path}: {number}");
        let Some((code, row)) = found.zip(row) else { continue };
        assert_eq!(code.name(), text_of(row, "name").expect("a name"));
        assert_eq!(code.summary(), text_of(row, "summary").unwrap_or(code.name()));
        assert_eq!(code.is_deprecated(), row.contains_key("status"));
        if row.contains_key("value") {
            assert_eq!(code.code().into(), number, "{path}: {number} has another discriminant");
            assert_eq!(Wire::<T>::from_code(wire).known(), Some(code));
        }
    }
    let total = expected.singles.len() + expected.ranges.len();
    assert_eq!(T::ALL.len(), total, "{path}: a row is missing or one too many");
    assert!(T::ALL.windows(2).all(|pair| pair[0].code() < pair[1].code()), "{path}: ALL is not in the order of the numbers");
    assert_eq!(T::TITLE, text_of(&expected.header, "title").expect("a title"));
}

fn names_lead_back<T: Code>(path: &str) {
    let expected = Expected::read(path);
    let rows: Vec<&toml::Table> = expected.singles.values().chain(expected.ranges.iter().map(|(_, _, row)| row)).collect();
    for code in T::ALL {
        assert_eq!(T::from_str(&code.to_string()), Ok(*code), "{path}: {code} does not lead back");
        assert_eq!(T::from_str(&format!("{code:?}")), Ok(*code));
        let row = rows.iter().find(|row| text_of(row, "ident") == Some(&format!("{code:?}"))).expect("the code has a row");
        for alias in texts_of(row, "aliases").into_iter().chain(texts_of(row, "renamed_from")) {
            assert_eq!(T::from_str(alias), Ok(*code), "{path}: {alias}");
        }
        // A name that is another code's identifier means that one; a name of several codes means none of them.
        let by_ident = T::ALL.iter().find(|other| format!("{other:?}") == code.name());
        let sharing = rows.iter().filter(|other| text_of(other, "name") == Some(code.name())).count();
        let meant = by_ident.or(if sharing == 1 { Some(code) } else { None });
        assert_eq!(T::from_str(code.name()).ok().as_ref(), meant, "{path}: {}", code.name());
    }
    assert!(T::from_str("").is_err());
    assert!(T::from_str("no such code").is_err());
}

/// What a policy of the TOML says, as the crate would print it.
fn policy_of(policy: &toml::Value) -> (String, String, Option<String>) {
    let text = |key: &str| policy.get(key).and_then(toml::Value::as_str).map(str::to_owned);
    (text("action").expect("an action").replace('-', " "), text("reason").expect("a reason"), text("unless"))
}

fn shown(policy: Policy) -> (String, String, Option<String>) {
    (policy.action.to_string(), policy.reason.to_owned(), policy.unless.map(str::to_owned))
}

fn every_close_code_has_the_policy_of_the_table(path: &str, reconnect_for: fn(Option<u16>) -> Policy) {
    let expected = Expected::read(path);
    let fallback = expected.header["reconnect"].as_table().expect("a table of close codes has [reconnect]");
    let extended = text_of(fallback, "extends").map(|path| Expected::read(&format!("{path}.toml")));
    assert_eq!(shown(reconnect_for(None)), policy_of(&fallback["absent"]), "{path}: without a code");
    for code in 0..=u16::MAX {
        let own = expected.row(code.into());
        let row = own.or_else(|| extended.as_ref().and_then(|table| table.row(code.into())));
        let policy = row.map_or(&fallback["unknown"], |row| &row["policy"]);
        assert_eq!(shown(reconnect_for(Some(code))), policy_of(policy), "{path}: {code}");
        if own.is_some_and(|row| row.get("reconnect").and_then(toml::Value::as_bool) == Some(false)) {
            assert_eq!(reconnect_for(Some(code)).action, Reconnect::Stop, "{path}: {code} is documented as final");
        }
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
            fn conversions() {
                for number in (0..=<$repr>::MAX).step_by(usize::from(<$repr>::MAX > <$repr>::try_from(200).unwrap()) * 96 + 1).take(70_000) {
                    let wire: Wire<$table> = number.into();
                    assert_eq!(<$repr>::from(wire), number);
                    assert_eq!(serde_json::to_string(&wire).unwrap(), number.to_string());
                    assert_eq!(serde_json::from_str::<Wire<$table>>(&number.to_string()).unwrap(), wire);
                    assert_eq!(wire.to_string().parse(), Ok(wire));
                }
                for code in <$table>::ALL {
                    assert_eq!(<$table>::try_from(code.code()), Ok(*code));
                    assert_eq!(<$repr>::from(*code), code.code());
                    assert_eq!(Wire::from(*code), Wire::from(code.code()));
                    let json = serde_json::to_string(code).unwrap();
                    assert_eq!(json, code.code().to_string());
                    assert_eq!(serde_json::from_str::<$table>(&json).unwrap(), *code);
                }
                let unknown = (0..=<$repr>::MAX).rev().find(|number| <$table>::from_code(*number).is_none()).unwrap();
                let error = <$table>::try_from(unknown).unwrap_err();
                assert_eq!(error.code(), u32::from(unknown));
                assert!(serde_json::from_str::<$table>(&unknown.to_string()).is_err());
                assert!(serde_json::from_str::<Wire<$table>>("-1").is_err());
            }

            table_tests!(@$kind $table, $path);
        }
    };
    (@opcodes $table:ty, $path:literal) => {
        #[test]
        fn directions() {
            let expected = Expected::read($path);
            for code in <$table>::ALL {
                let row = expected.row(code.code().into()).unwrap();
                let direction = format!("{:?}", code.direction()).to_lowercase();
                assert_eq!(Some(direction.as_str()), text_of(row, "direction"), "{code}");
                assert_eq!(code.is_sent(), direction != "receive");
                assert_eq!(code.is_received(), direction != "send");
            }
        }
    };
    (@close_codes $table:ty, $path:literal) => {
        #[test]
        fn policies() {
            every_close_code_has_the_policy_of_the_table($path, <$table>::reconnect_for);
            for code in <$table>::ALL {
                assert_eq!(code.policy(), <$table>::reconnect_for(Some(code.code())));
                assert_eq!(code.reconnect(), code.policy().action);
                assert_eq!(code.can_reconnect(), code.reconnect() != Reconnect::Stop);
            }
        }
    };
    (@$kind:ident $table:ty, $path:literal) => {};
}

include!(concat!(env!("OUT_DIR"), "/tables.rs"));

#[test]
fn formats_are_those_of_the_table() {
    let expected = Expected::read("discord/v10/voice-opcodes.toml");
    for code in wirecodes::discord::v10::VoiceOpcode::ALL {
        let format = format!("{:?}", code.format()).to_lowercase();
        assert_eq!(Some(format.as_str()), text_of(expected.row(code.code().into()).unwrap(), "format"), "{code}");
        assert_eq!(code.is_binary(), format == "binary");
    }
}

#[test]
fn opcodes_that_end_a_session_have_their_policy() {
    use wirecodes::discord::v10::{GatewayOpcode, reconnect_after};
    let expected = Expected::read("discord/v10/gateway-opcodes.toml");
    for code in GatewayOpcode::ALL {
        let row = expected.row(code.code().into()).unwrap();
        let resumable = row.get("policy");
        let otherwise = row.get("policy_unless_resumable").or(resumable);
        assert_eq!(reconnect_after(*code, true).map(shown), resumable.map(policy_of), "{code}");
        assert_eq!(reconnect_after(*code, false).map(shown), otherwise.map(policy_of), "{code}");
    }
    assert_eq!(reconnect_after(GatewayOpcode::Reconnect, false).unwrap().action, Reconnect::Resume);
    assert_eq!(reconnect_after(GatewayOpcode::InvalidSession, false).unwrap().action, Reconnect::NewSession);
}

#[test]
fn one_number_may_have_two_names() {
    use wirecodes::baileys::v6::DisconnectReason;
    assert_eq!(DisconnectReason::ConnectionLost, DisconnectReason::TimedOut);
    assert_eq!("ConnectionLost".parse(), Ok(DisconnectReason::TimedOut));
}

#[test]
fn a_range_keeps_the_number() {
    use wirecodes::discord::v10::HttpResponseCode;
    assert_eq!(HttpResponseCode::from_code(503), Some(HttpResponseCode::ServerError));
    assert_eq!(HttpResponseCode::from_code(502), Some(HttpResponseCode::GatewayUnavailable));
    let wire: Wire<HttpResponseCode> = 503.into();
    assert_eq!((u16::from(wire), wire.known(), wire.meaning()), (503, None, Some(HttpResponseCode::ServerError)));
    assert!(HttpResponseCode::GatewayUnavailable.retry());
    assert!(!HttpResponseCode::Ok.retry());
}

#[test]
fn everything_that_decides_is_known_at_compile_time() {
    use wirecodes::discord::v10::{GatewayCloseCode, GatewayOpcode, reconnect_after};
    const FINAL: bool = matches!(GatewayCloseCode::reconnect_for(Some(4004)).action, Reconnect::Stop);
    const HELLO: Option<GatewayOpcode> = GatewayOpcode::from_code(10);
    const NAME: &str = GatewayOpcode::Hello.name();
    const AFTER: Option<Policy> = reconnect_after(GatewayOpcode::Reconnect, true);
    assert!(FINAL && AFTER.is_some());
    assert_eq!((HELLO, NAME), (Some(GatewayOpcode::Hello), "Hello"));
}
