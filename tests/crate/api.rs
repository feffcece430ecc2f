//! The generated API as its users write it: programs that must compile, and programs that must not.

use std::collections::BTreeMap;

use wirecodes_tests::tables::header;

use crate::compiles::crates::{Workspace, load_texts};

/// Two systems whose tables differ in everything but their kinds.
fn codes() -> BTreeMap<String, String> {
    let policy = |action: &str, more: &str| {
        format!("{{ action = \"{action}\", basis = \"judgement\", reason = \"A reason.\", fix = \"A fix.\"{more} }}")
    };
    let reconnect =
        format!("[reconnect]\nabsent = {}\nunknown = {}\n", policy("resume", ", wait = \"backoff\""), policy("new-session", ""));
    let row = |value: u32, name: &str, ident: &str, more: &str| {
        format!("[[code]]\nvalue = {value}\nname = \"{name}\"\nident = \"{ident}\"\nsummary = \"It means {ident}.\"\n{more}\n")
    };
    let stop = format!("policy = {}", policy("stop", ", cause = \"token\", unless = [\"READY\"], close_with = 1000"));
    let renamed = format!("renamed_from = \"Formerly\"\n{stop}");
    let ending = format!(
        "direction = \"receive\"\npolicy = {}\npolicy_unless_resumable = {}",
        policy("resume", ""),
        policy("new-session", "")
    );
    let files = [
        ("crate.toml", "name = \"any-codes\"\nversion = \"1.2.3\"\ndescription = \"Codes.\"\n".to_owned()),
        (
            "chat/v1/close.toml",
            header("Close", "Close", "close-codes", "u16") + &reconnect + &row(4004, "Wrong `token`", "WrongToken", &renamed),
        ),
        (
            "voice/v1/close.toml",
            header("Close", "Close", "close-codes", "u16") + &reconnect + &row(4014, "Moved", "Moved", &stop),
        ),
        (
            "chat/v1/ops.toml",
            header("Ops", "Op", "opcodes", "u8")
                + &row(9, "Invalid", "Invalid", &ending)
                + &row(1, "Ping", "Ping", "direction = \"both\"\nformat = \"json\""),
        ),
        (
            "chat/v1/http.toml",
            header("HTTP", "Http", "status-codes", "u16")
                + &row(429, "Too Many", "TooMany", "retry = \"wait\"")
                + "[[code]]\nrange = [500, 599]\nname = \"Server error\"\nsummary = \"The server failed.\"\n",
        ),
    ];
    files.into_iter().map(|(path, text)| (path.to_owned(), text)).collect()
}

/// A program that uses everything that the crate promises, without a wildcard on actions.
const PROGRAM: &str = r#"
use any_codes::{chat::v1::{Close, Http, Op}, voice};
use any_codes::{Action, Basis, Cause, CloseCode, Code, CodeRange, Direction, Format, Opcode, Policy, ResponseCode, Retry, UnknownCode, Wait, Wire};

/// Generic code spans tables of one kind.
fn next_step<T: CloseCode>(close_code: Option<u16>) -> &'static str {
    match T::policy_for(close_code).action {
        Action::Resume => "resume",
        Action::NewSession => "new session",
        Action::Stop => "stop",
    }
}

fn titles<T: Code>() -> (&'static str, usize, Option<T>) {
    (T::TITLE, T::ALL.len(), "no name".parse::<T>().ok())
}

fn is_sent<T: Opcode>(code: T) -> (bool, bool, Option<Direction>, Option<Format>, Option<&'static Policy>) {
    (code.is_sent(), code.is_received(), code.direction(), code.format(), code.policy(false))
}

fn retry<T: ResponseCode>(code: T, number: T::Number) -> (Retry, Option<&'static CodeRange>) {
    (code.retry(), T::range_of(number))
}

const IN_A_CONSTANT: &Policy = Close::policy_for(Some(4004));

fn main() {
    assert_eq!(next_step::<Close>(None), "resume");
    assert_eq!(next_step::<voice::v1::Close>(Some(4014)), "stop");
    assert_eq!(next_step::<Close>(Some(1)), "new session");
    assert_eq!(titles::<Op>(), ("Ops", 2, None));
    assert_eq!(is_sent(Op::Ping).0, true);
    assert_eq!(is_sent(Op::Invalid).4.map(|policy| policy.action), Some(Action::NewSession));
    assert_eq!(retry(Http::TooMany, 503).0, Retry::Wait);
    // A range has no variant, and no number becomes another one.
    assert_eq!((Http::from_code(503), Http::range_of(503).map(|range| range.name)), (None, Some("Server error")));
    // A log line with the fix.
    assert_eq!(IN_A_CONSTANT.to_string(), "stop unless READY follows within 5s: A reason. Fix: A fix.");
    assert_eq!((IN_A_CONSTANT.basis, IN_A_CONSTANT.cause, IN_A_CONSTANT.close_with), (Basis::Judgement, Some(Cause::Token), Some(1000)));
    assert!(matches!(IN_A_CONSTANT.wait, Wait::None));
    // Conversions.
    let unknown: UnknownCode<Close> = Close::try_from(7).unwrap_err();
    assert_eq!((unknown.code(), u16::from(Close::WrongToken)), (7, 4004));
    for name in ["WrongToken", "WRONG_TOKEN", "wrong token", "Wrong token", "Formerly", "FORMERLY"] {
        assert_eq!(name.parse(), Ok(Close::WrongToken));
    }
    assert_eq!((Close::WrongToken.to_string(), Close::WrongToken.name()), ("Wrong token".to_owned(), "Wrong token"));
    let wire = Wire::<Close>::from(4004);
    assert!(wire == Close::WrongToken && Close::WrongToken == wire && matches!(wire, Wire::Known(Close::WrongToken)));
    assert_eq!((wire.known(), wire.code(), wire.name(), wire.policy()), (Some(Close::WrongToken), 4004, Some("Wrong token"), Close::WrongToken.policy()));
    let error: Box<dyn std::error::Error> = Box::new(unknown);
    assert_eq!(error.to_string(), "7 is not in the table \"Close\"");
}
"#;

/// Programs that break a promise, and the error of the compiler.
const REJECTED: [(&str, &str, &str); 6] = [
    (
        "an unknown number that is made up",
        "fn f(w: UnknownCode<Close>) -> UnknownCode<Close> { UnknownCode::<Close> { code: 4004, ..w } }",
        "E0451",
    ),
    ("an unknown number from the constructor", "fn f() -> UnknownCode<Close> { UnknownCode::new(4004) }", "E0624"),
    ("a table from outside", "#[derive(Clone, Copy)] struct Own; impl any_codes::Number for Own {}", "E0277"),
    ("a policy from outside", "fn f(p: Policy) -> Policy { Policy { reason: \"\", ..p } }", "E0639"),
    ("codes that are matched without a wildcard", "fn f(c: Close) { match c { Close::WrongToken => {} } }", "E0004"),
    ("numbers of two tables that are compared", "fn f(c: Close, w: Wire<Op>) -> bool { w == c }", "E0277"),
];

#[test]
fn programs_compile_that_use_the_api_and_those_do_not_that_break_its_promises() {
    let (registry, diagnostics) = load_texts(&codes());
    let registry = registry.unwrap_or_else(|| panic!("{diagnostics:#?}"));
    let workspace = Workspace::new("api");
    workspace.write("Cargo.toml", "[workspace]\nresolver = \"2\"\nmembers = [\"any-codes\", \"user\"]\n");
    workspace.write("user/Cargo.toml", "[package]\nname = \"user\"\nversion = \"0.1.0\"\nedition = \"2021\"\n[dependencies]\nany-codes = { path = \"../any-codes\" }\n");
    workspace.write("user/src/main.rs", PROGRAM);
    workspace.render(&registry, "any-codes");
    workspace.cargo_succeeds(&["run", "--quiet", "--package", "user"]);
    // Without `std` and without `serde`.
    workspace.cargo_succeeds(&["check", "--quiet", "--package", "any-codes", "--no-default-features"]);
    for (what, program, error) in REJECTED {
        let uses = "#![allow(unused)]\nuse any_codes::{chat::v1::{Close, Op}, Policy, UnknownCode, Wire};\n";
        workspace.write("user/src/main.rs", &format!("{uses}{program}\nfn main() {{}}\n"));
        let printed = workspace.cargo(&["check", "--quiet", "--package", "user"]).expect_err(what);
        assert!(printed.contains(error), "{what}: {printed}");
    }
}

#[test]
fn every_kind_has_an_example_and_every_number_is_found_by_search() {
    let registry = load_texts(&codes()).0.expect("the tables are accepted");
    let tree = wirecodes_codegen::generate(&registry, &wirecodes_codegen::Form::default());
    for (path, number) in [("chat/v1/close", 4004), ("voice/v1/close", 4014), ("chat/v1/ops", 9), ("chat/v1/http", 429)] {
        let text = tree.get(&format!("src/{path}.rs")).expect("a file for each table");
        let docs = text.split("pub enum").next().unwrap_or_default();
        assert!(docs.contains("/// # Examples") && docs.contains("/// use any_codes::"), "{path}: {docs}");
        assert!(text.contains(&format!("#[doc(alias = \"{number}\")]")), "{path}");
    }
}
