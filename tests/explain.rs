//! `cargo xtask explain` and `completions`, run as their users do.

use wirecodes_tests::xtask;

#[test]
fn a_number_has_every_meaning() {
    let run = xtask(&["explain", "4014"]).ends(0);
    for part in [
        "discord::v10::GatewayCloseCode::DisallowedIntents",
        "discord::v10::VoiceCloseCode::Disconnected",
        "discord::v6::VoiceCloseCode",
        "unless VOICE_SERVER_UPDATE follows",
        "Enable the privileged intents",
    ] {
        assert!(run.stdout.contains(part), "{part} is missing:\n{}", run.stdout);
    }
    assert!(!run.stdout.contains('\u{1b}'), "colours in a pipe");
    assert!(xtask(&["explain", "503"]).ends(0).stdout.contains("500-599 SERVER ERROR"));
}

#[test]
fn an_identifier_and_a_name_lead_to_the_code() {
    assert!(xtask(&["explain", "InvalidSeq"]).ends(0).stdout.contains("4007 Invalid `seq`"));
    assert!(xtask(&["explain", "unknown guild"]).ends(0).stdout.contains("10004 Unknown guild"));
    assert!(xtask(&["explain", "ConnectionLost"]).ends(0).stdout.contains("408 timedOut"));
    assert!(xtask(&["explain", "slowmode"]).ends(0).stdout.contains("20016"));
}

#[test]
fn a_miss_offers_what_is_near() {
    let run = xtask(&["explain", "4013999"]).ends(1);
    assert!(run.stderr.contains("no table has a code 4013999") && run.stderr.contains("near it are"), "{}", run.stderr);
    assert!(xtask(&["explain", "InvalidSek"]).ends(1).stderr.contains("InvalidSeq"));
    assert!(xtask(&["explain", ""]).ends(1).stderr.contains("no table has a code"));
}

#[test]
fn every_command_has_help_with_an_example() {
    for command in ["codegen", "import", "diff", "explain", "vendor", "history", "version", "completions", "ci"] {
        let help = xtask(&[command, "--help"]).ends(0).stdout;
        assert!(help.contains("Example"), "{command}:\n{help}");
    }
    assert!(xtask(&["completions", "bash"]).ends(0).stdout.contains("xtask"));
}
