//! What the comparison takes for the answers of the crate is what the compiled crate answers, for every number.

use std::collections::HashSet;

use wirecodes::{Action, CloseCode, Policy};
use wirecodes_codegen::CloseAnswers;
use wirecodes_tests::tables::SHIPPED;

/// A policy as one text, from the compiled crate.
fn of_crate(policy: &Policy) -> String {
    let action = match policy.action {
        Action::Resume => "resume",
        Action::NewSession => "new-session",
        Action::Stop => "stop",
    };
    let events: Vec<&str> = policy.unless.iter().map(|unless| unless.event).collect();
    let wait = match policy.wait {
        wirecodes::Wait::None => "none".to_owned(),
        wirecodes::Wait::Jitter { from, to } => format!("jitter {} {}", from.as_secs(), to.as_secs()),
        wirecodes::Wait::Backoff { first, max } => format!("backoff {} {}", first.as_secs(), max.as_secs()),
        other => panic!("a wait of another form: {other:?}"),
    };
    format!("{action} {wait} {} {:?} {events:?} {:?}", policy.reason, policy.fix, policy.close_with)
}

/// The same from the data of the evaluator.
fn of_model(policy: &impl serde::Serialize) -> String {
    let policy = serde_json::to_value(policy).expect("a policy is data");
    let text = |key: &str| policy[key].as_str();
    let wait = match &policy["wait"] {
        wait if wait["kind"] == "none" => "none".to_owned(),
        wait => format!("{} {} {}", wait["kind"].as_str().expect("a word"), wait["min"], wait["max"]),
    };
    let unless = policy["unless"].as_array().cloned().unwrap_or_default();
    let events: Vec<&str> = unless.iter().filter_map(|unless| unless["event"].as_str()).collect();
    let close_with = policy["close_with"].as_u64();
    let action = text("action").expect("an action");
    format!("{action} {wait} {} {:?} {events:?} {close_with:?}", text("reason").expect("a reason"), text("fix"))
}

fn check<T: CloseCode>(path: &str) {
    let registry = &*SHIPPED;
    let path = path.trim_end_matches(".toml");
    let table = registry.tables().find(|table| table.path.to_string() == path).expect("the table is there");
    let answers = CloseAnswers::new(registry, table).expect("it has close codes");
    let starts = answers.starts();
    // Two references that were compared once are equal each time.
    let mut compared: HashSet<(*const _, *const Policy)> = HashSet::new();
    let mut same = |what: &str, code: Option<u16>, ours, theirs: &'static Policy| {
        if compared.insert((std::ptr::from_ref(ours), std::ptr::from_ref(theirs))) {
            assert_eq!(of_model(ours), of_crate(theirs), "{path} {what} {code:?}");
        }
    };
    for code in std::iter::once(None).chain((0..=u16::MAX).map(Some)) {
        let (ours, sent) = (answers.policy_for(code), answers.policy_after_sending(code));
        if let Some(before) = code.filter(|code| !starts.contains(&u32::from(*code))).map(|code| code - 1) {
            assert!(std::ptr::eq(ours, answers.policy_for(Some(before))), "{path} {code:?}");
            assert!(std::ptr::eq(sent, answers.policy_after_sending(Some(before))), "{path} {code:?}");
        }
        same("after", code, ours, T::policy_for(code));
        same("after sending", code, sent, T::policy_after_sending(code));
    }
}

macro_rules! table_tests {
    ($name:ident, $Enum:ty, $repr:ty, close_codes, $path:literal) => {
        #[test]
        fn $name() {
            check::<$Enum>($path);
        }
    };
    ($($other:tt)*) => {};
}

include!(concat!(env!("OUT_DIR"), "/tables.rs"));
