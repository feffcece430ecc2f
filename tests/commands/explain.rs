//! `cargo xtask explain` and `completions`, and suggestions, run as their users do.

use serde_json::Value;
use wirecodes_tests::{Run, root, skip, xtask};

/// Runs `explain` with the tables of the fixture.
fn explain(arguments: &[&str]) -> Run {
    let codes = root().join("tests/fixture").display().to_string();
    xtask(&[&["explain", "--codes", &codes], arguments].concat())
}

#[test]
fn a_number_has_every_meaning_and_equal_ones_are_one() {
    let run = explain(&["4001"]).ends(0);
    assert_eq!(run.stdout.matches("4001 Invalid `token`").count(), 1, "{}", run.stdout);
    // The newest edition comes first.
    let paths = ["chat::v2::CloseCode::InvalidToken", "chat::v1::CloseCode::InvalidToken"];
    let [newest, oldest] = paths.map(|path| run.stdout.find(path).expect("the edition is named"));
    assert!(newest < oldest, "{}", run.stdout);
    for part in ["stop (judgement)", "Fix: Set a valid token.", "https://chat.example/reference"] {
        assert!(run.stdout.contains(part), "{part} is missing:\n{}", run.stdout);
    }
    assert!(!run.stdout.contains('\u{1b}'), "colours in a pipe");
    for spelling in ["0xFA1", "0XFA1", "4_001", " 4001 "] {
        assert_eq!(explain(&[spelling]).ends(0).stdout, run.stdout);
    }
}

/// Of an error: what it means, and who does what about it.
#[test]
fn an_error_has_its_fix() {
    let codes = root().join("codes").display().to_string();
    let run = xtask(&["explain", "50013", "--codes", &codes]).ends(0);
    let table: toml::Table =
        std::fs::read_to_string(root().join("codes/discord/v10/json-error-codes.toml")).unwrap().parse().unwrap();
    let row = table["code"].as_array().unwrap().iter().find(|row| row.get("value") == Some(&50_013.into())).unwrap();
    let fix = format!("  Fix: {}\n", row["fix"].as_str().unwrap());
    for part in [fix.as_str(), "  Group: permission-denied, fault: user.\n", "  Do not send again: "] {
        assert!(run.stdout.contains(part), "{part} is missing:\n{}", run.stdout);
    }
}

#[test]
fn a_range_and_an_unknown_number_have_the_answer_of_the_crate() {
    assert!(explain(&["4250"]).ends(0).stdout.contains("4100-4299 Try again"));
    let unknown = explain(&["4999"]).ends(0).stdout;
    assert!(unknown.contains("chat::v2::CloseCode::policy_for(Some(4999))"), "{unknown}");
    assert!(unknown.contains("new session after a backoff of 1 to 300 s"), "{unknown}");
    // What the table extends answers, too.
    let extended = explain(&["1001", "--in", "chat/v1"]).ends(0).stdout;
    assert!(extended.contains("The server restarts."), "{extended}");
    assert!(explain(&["1001"]).ends(0).stdout.contains("ws::v1::CloseCode::GoingAway"));
}

#[test]
fn identifiers_aliases_and_parts_of_names_lead_to_the_code() {
    for name in ["SignIn", "login", "LOGIN", "sign_in"] {
        assert!(explain(&[name]).ends(0).stdout.contains("2 Login"), "{name}");
    }
    assert!(explain(&["slow"]).ends(0).stdout.contains("Send again after a wait"));
    assert!(xtask(&["explain", "10004"]).ends(0).stdout.contains("Do not send again"));
}

#[test]
fn a_rule_is_explained() {
    let run = explain(&["stop-without-fix"]).ends(0);
    assert!(run.stdout.contains("rule") && run.stdout.contains("allow = [\"stop-without-fix\"]"), "{}", run.stdout);
    let json: Value = serde_json::from_str(&explain(&["stop-without-fix", "--format", "json"]).ends(0).stdout).expect("JSON");
    assert_eq!(json["rule"]["name"], "stop-without-fix");
}

#[test]
fn programs_get_json() {
    let found: Value = serde_json::from_str(&explain(&["4001", "--format", "json"]).ends(0).stdout).expect("JSON");
    let meaning = &found["meanings"][0];
    assert_eq!((&meaning["number"], &meaning["policy"]["action"]), (&Value::from("4001"), &Value::from("stop")));
    assert_eq!(meaning["paths"].as_array().map(Vec::len), Some(2));
}

/// A text may be several words, and have the colours of a terminal.
#[test]
fn a_text_is_taken_as_it_comes() {
    let run = explain(&["sign", "in", "--in", "chat/v2"]).ends(0);
    assert!(run.stdout.contains("2 Login"), "{}", run.stdout);
    assert_eq!(explain(&["\u{1b}[31mclose\u{1b}[0m 4001"]).ends(0).stdout, explain(&["close 4001"]).ends(0).stdout);
    let run = explain(&["\u{1b}]0;title\u{7}\u{202e}nothing"]).ends(1);
    assert!(!run.stderr.contains(['\u{1b}', '\u{7}', '\u{202e}']) && run.stderr.contains("help: "), "{}", run.stderr);
}

#[test]
fn a_miss_names_what_is_near() {
    let run = explain(&["4013999"]).ends(1);
    assert!(run.stderr.contains("no table has a code `4013999`") && run.stderr.contains("near it are"), "{}", run.stderr);
    let near = explain(&["Slowdwn"]).ends(0).stdout;
    assert!(near.starts_with("No table has `Slowdwn`; the nearest is `SlowDown`.\n"), "{near}");
    assert!(explain(&[""]).ends(1).stderr.contains("no table has a code"));
    let run = explain(&["1", "--in", "chat/v3"]).ends(2);
    assert!(run.stderr.contains("did you mean `chat/v1`?"), "{}", run.stderr);
}

#[test]
fn shells_accept_their_completions() {
    for shell in ["bash", "zsh", "fish"] {
        let script = xtask(&["completions", shell]).ends(0).stdout;
        assert!(script.contains("xtask"), "{shell}");
        // Each shell that is there checks its script without running it.
        let Ok(output) = check_syntax(shell, &script) else {
            skip(&format!("{shell} is not installed"));
            continue;
        };
        assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

/// What bash offers for the last of some words.
#[cfg(unix)]
fn offered(words: &[&str]) -> Vec<String> {
    let script = xtask(&["completions", "bash"]).ends(0).stdout;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), script).unwrap();
    let ask = "source \"$1\"; shift; COMP_WORDS=(\"$@\"); COMP_CWORD=$(($# - 1)); \
               _xtask xtask \"${COMP_WORDS[COMP_CWORD]}\" \"${COMP_WORDS[COMP_CWORD - 1]}\"; printf '%s\\n' \"${COMPREPLY[@]}\"";
    let output = std::process::Command::new("bash").args(["-c", ask, "bash"]).arg(file.path()).args(words).output().unwrap();
    Run::of(&output).ends(0).stdout.lines().map(str::to_owned).collect()
}

#[cfg(unix)]
#[test]
fn bash_completes_commands_and_options() {
    assert_eq!(offered(&["xtask", "ven"]), ["vendor"]);
    assert_eq!(offered(&["xtask", "explain", "4014", "--form"]), ["--format"]);
}

#[test]
fn fish_completes_commands_and_options() {
    let script = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(script.path(), xtask(&["completions", "fish"]).ends(0).stdout).unwrap();
    let ask = "source $argv[1]; complete --do-complete \"xtask ven\"; complete --do-complete \"xtask vendor copy --onl\"";
    let Ok(output) = std::process::Command::new("fish").args(["--no-config", "-c", ask]).arg(script.path()).output() else {
        skip("fish is not installed");
        return;
    };
    let run = Run::of(&output).ends(0);
    assert!(run.stdout.starts_with("vendor\t") && run.stdout.contains("\n--only\t"), "{}", run.stdout);
}

#[test]
fn a_misspelt_word_gets_a_suggestion() {
    for (arguments, near) in [
        (&["vendr", "copy"][..], "'vendor'"),
        (&["codegen", "--chek"], "'--check'"),
        (&["explain", "4001", "--format", "jsn"], "'json'"),
        (&["diff", "discord/v10", "discord/v11"], "`discord/v10`"),
        (&["diff", "discord/v10", "codes/discord/v10/gateway-close-code.toml"], "gateway-close-codes.toml`"),
        (&["diff", "discord/v10", "discord/v10/rpc-opcodes"], "`codes/discord/v10/rpc-opcodes.toml`"),
    ] {
        let run = xtask(arguments).ends(2);
        assert!(run.stderr.contains(near), "{arguments:?}: {}", run.stderr);
    }
    assert!(explain(&["stop-without-fx"]).ends(1).stderr.contains("the rule `stop-without-fix`"));
}

fn check_syntax(shell: &str, script: &str) -> std::io::Result<std::process::Output> {
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), script)?;
    std::process::Command::new(shell).arg("-n").arg(file.path()).output()
}
