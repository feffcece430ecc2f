//! `cargo xtask explain` and `completions`, run as their users do.

use serde_json::Value;
use wirecodes_tests::{Run, root, xtask};

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
    assert!(explain(&["slow"]).ends(0).stdout.contains("may be sent again"));
}

#[test]
fn a_rule_is_explained() {
    let run = explain(&["stop-without-fix"]).ends(0);
    assert!(run.stdout.contains("rule") && run.stdout.contains("allow = [\"stop-without-fix\"]"), "{}", run.stdout);
}

#[test]
fn programs_get_json() {
    let found: Value = serde_json::from_str(&explain(&["4001", "--format", "json"]).ends(0).stdout).expect("JSON");
    let meaning = &found["meanings"][0];
    assert_eq!((&meaning["number"], &meaning["policy"]["action"]), (&Value::from("4001"), &Value::from("stop")));
    assert_eq!(meaning["paths"].as_array().map(Vec::len), Some(2));
}

#[test]
fn a_miss_names_what_is_near() {
    let run = explain(&["4013999"]).ends(1);
    assert!(run.stderr.contains("no table has a code `4013999`") && run.stderr.contains("near it are"), "{}", run.stderr);
    assert!(explain(&["Slowdwn"]).ends(1).stderr.contains("SlowDown"));
    assert!(explain(&[""]).ends(1).stderr.contains("no table has a code"));
    let run = explain(&["1", "--in", "chat/v3"]).ends(2);
    assert!(run.stderr.contains("did you mean `chat/v1`?"), "{}", run.stderr);
}

#[test]
fn every_command_has_help_with_an_example() {
    let help = xtask(&["--help"]).ends(0).stdout;
    let commands = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let commands: Vec<&str> =
        commands.filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).filter(|name| !name.is_empty()).collect();
    assert!(commands.contains(&"codegen") && commands.contains(&"explain"), "{help}");
    for command in commands {
        let help = xtask(&[command, "--help"]).ends(0).stdout;
        assert!(help.contains(&format!("  cargo xtask {command}")), "{command}:\n{help}");
    }
}

#[test]
fn shells_accept_their_completions() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = xtask(&["completions", shell]).ends(0).stdout;
        assert!(script.contains("xtask"), "{shell}");
        // Each shell that is there checks its script without running it.
        let Ok(output) = check_syntax(shell, &script) else {
            eprintln!("skipped: {shell} is not installed");
            continue;
        };
        assert!(output.status.success(), "{shell}: {}", String::from_utf8_lossy(&output.stderr));
    }
}

fn check_syntax(shell: &str, script: &str) -> std::io::Result<std::process::Output> {
    let file = tempfile::NamedTempFile::new()?;
    std::fs::write(file.path(), script)?;
    std::process::Command::new(shell).arg("-n").arg(file.path()).output()
}
