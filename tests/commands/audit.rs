//! `cargo xtask audit`, run as its users do: what it prints, how it exits, and what it refuses.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;
#[cfg(unix)]
use wirecodes_tests::installed_in;
use wirecodes_tests::json_schema::Schema;
use wirecodes_tests::{Run, root, xtask, xtask_in};

/// Voice close codes as libraries had them in 2023, with a name of another number.
const VOICE: &str =
    "/// Why.\npub enum VoiceClose {\n    UnknownOpcode = 4001,\n    FailedToDecodePayload = 4002,\n    NotAuthenticated = 4003,
    AuthenticationFailed = 4004,\n    AlreadyAuthenticated = 4005,\n    SessionNoLongerValid = 4006,\n    SessionTimeout = 4009,
    ServerNotFound = 4011,\n    UnknownProtocol = 4012,\n    Disconnected = 4014,\n    VoiceServerCrashed = 4015,\n}\n";

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder around it")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    folder
}

/// Runs `audit` in a folder, with the tables of the repository.
fn run(folder: &TempDir, arguments: &[&str]) -> Run {
    let codes = root().join("codes").canonicalize().expect("the tables").display().to_string();
    xtask_in(folder.path(), &[&["audit", "--codes", &codes], arguments].concat())
}

#[test]
fn a_report_names_file_line_and_what_to_paste() {
    let folder = folder(&[("src/close.rs", VOICE)]);
    let text = run(&folder, &["src"]).ends(0).stdout;
    let lines = [
        "src/close.rs:3: `VoiceClose` is Voice Close Event Codes of discord/v10 (11 of 16)",
        "  missing  4017  DaveProtocolRequired = 4017,  (E2EE/DAVE protocol required: stop)",
    ];
    for line in lines {
        assert!(text.lines().any(|printed| printed == line), "{line}\n{text}");
    }
    assert!(text.starts_with("1 source file   1 enum: 5 codes missing, 0 wrong\n"), "{text}");
    let github = run(&folder, &["src", "--format", "github"]).ends(0).stdout;
    assert!(github.contains("::warning file=src/close.rs,line=13,title=missing::`VoiceClose` is Voice"), "{github}");
    fs::write(
        folder.path().join("__init__.rs"),
        VOICE.replace("4011", "04011").replace("4012", "BASE").replace("Disconnected", "Gone"),
    )
    .expect("it is ours");
    let markdown = run(&folder, &["__init__.rs", "--format", "markdown"]).ends(0).stdout;
    assert!(markdown.contains("\n### \\_\\_init_\\_.rs:3\n"), "{markdown}");
    assert!(markdown.contains("\n1 enum: 5 codes missing, 0 wrong, 2 could not be read.\n"), "{markdown}");
    assert!(markdown.contains("<details><summary>__init__.rs:3</summary>"), "{markdown}");
    fs::rename(folder.path().join("__init__.rs"), folder.path().join("init.rs")).expect("it is ours");
    assert!(run(&folder, &["init.rs", "--format", "markdown"]).ends(0).stdout.contains("\n### init.rs:3\n"));
}

#[test]
fn the_exit_code_says_whether_a_level_is_reached() {
    let swapped = VOICE.replace("4011", "9999").replace("4012", "4011").replace("9999", "4012");
    let sources = [("old.rs", VOICE), ("swapped.rs", &swapped), ("none.rs", "fn main() {}\n")];
    let folder = folder(&sources);
    for (path, wrong, missing) in [("old.rs", 0, 1), ("swapped.rs", 1, 1), ("none.rs", 1, 1)] {
        let _ = run(&folder, &[path]).ends(0);
        let _ = run(&folder, &[path, "--fail-on", "wrong"]).ends(wrong);
        let _ = run(&folder, &[path, "--fail-on", "missing"]).ends(missing);
    }
    // Another table has no such codes, so nothing is of it.
    let other = run(&folder, &["old.rs", "--in", "baileys"]).ends(0).stdout;
    assert!(other.contains("no enum, constants or look-up of a table that is known"), "{other}");
}

/// What a folder that may not be read has in it, nobody knows.
#[cfg(unix)]
#[test]
fn a_folder_that_cannot_be_read_is_no_success() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;
    let folder = folder(&[("src/a.rs", VOICE), ("src/private/b.rs", VOICE)]);
    let may = |path: &str, mode| fs::set_permissions(folder.path().join(path), fs::Permissions::from_mode(mode));
    may("", 0o755).expect("it is ours");
    may("src/private", 0o000).expect("it is ours");
    let program = installed_in(folder.path());
    for (level, code) in [(None, 0), (Some("--fail-on=wrong"), 1)] {
        let mut command = std::process::Command::new(&program);
        command.current_dir(folder.path()).args(["audit", "src"]).args(level);
        if fs::metadata(folder.path()).expect("it is there").uid() == 0 {
            // Root may read anything.
            command.uid(65534).gid(65534);
        }
        let done = Run::of(&command.output().expect("it runs")).ends(code);
        assert!(done.stderr.contains("src/private: Permission denied") && done.stdout.contains("a.rs:3"), "{}", done.stderr);
    }
    may("src/private", 0o755).expect("it is ours");
}

#[test]
fn the_json_and_the_sarif_are_as_their_schemas_say() {
    let folder = folder(&[("a.rs", VOICE)]);
    let json = |arguments: &[&str]| -> Value { serde_json::from_str(&run(&folder, arguments).ends(0).stdout).expect("JSON") };
    let schema = serde_json::from_str(&xtask(&["audit", "--format", "json-schema"]).ends(0).stdout).expect("JSON");
    let found = json(&["a.rs", "--format", "json"]);
    assert_eq!(Schema::new(&schema).fault(&found), None, "{found:#}");
    let missing = &found["enums"][0]["findings"][1];
    let table = "discord/v10/voice-close-codes";
    for (key, value) in [("kind", "missing"), ("name", "E2EE/DAVE protocol required"), ("file", "a.rs"), ("table", table)] {
        assert_eq!(missing[key], value, "{missing:#}");
    }
    assert_eq!((missing["value"].as_u64(), missing["line"].as_u64()), (Some(4017), Some(13)), "{missing:#}");
    let sarif = fs::read_to_string(root().join("tests/schemas/sarif-2.1.0.json")).expect("the schema is there");
    let sarif = Schema::new(&serde_json::from_str(&sarif).expect("JSON"));
    assert_eq!(sarif.fault(&json(&["a.rs", "--format", "sarif"])), None);
}

/// Tests, what git ignores, and a copy of the crate are not the source of a client.
#[test]
fn a_folder_is_walked_as_git_would() {
    let ignored = ["tests/a.rs", "src/a_test.go", "src/a.spec.ts", "build/a.rs", "src/codes/close.rs", "notes.md"];
    let mut files: Vec<(&str, &str)> = ignored.into_iter().map(|path| (path, VOICE)).collect();
    files.extend([(".gitignore", "build/\n"), ("src/codes/VENDORED.toml", ""), ("src/a.rs", VOICE)]);
    let folder = folder(&files);
    let text = run(&folder, &["."]).ends(0).stdout;
    assert!(text.starts_with("1 source file   1 enum"), "{text}");
    let named = run(&folder, &["notes.md"]).ends(0).stdout;
    assert!(named.contains("notes.md:3"), "what is named is read: {named}");
}

#[test]
fn what_is_no_source_is_refused_in_a_sentence() {
    let minified = format!("enum A {{ {} }}", "a=1,".repeat(6_000));
    let folder = folder(&[("docs/readme.md", "Hello."), ("mini.js", &minified), ("binary.rs", "enum\0"), ("a.rs", VOICE)]);
    let large = fs::File::create(folder.path().join("large.ts")).expect("a file can be made");
    large.set_len(50 << 20).expect("a file can be large");
    let cases: [(&[&str], &str); 7] = [
        (&["docs"], "the folder has no source file in a language that is known"),
        (&["mini.js"], "it is minified"),
        (&["large.ts"], "it has 50 MB; nothing above 16 MB is read"),
        (&["binary.rs"], "it is binary"),
        (&["absent.rs"], "cannot read it"),
        (&["a.rs", "--in", "discord/v9"], "no edition is called `discord/v9`"),
        (&[], "required arguments were not provided"),
    ];
    let started = Instant::now();
    for (arguments, sentence) in cases {
        let done = run(&folder, arguments).ends(2);
        assert!(done.stderr.contains(sentence) && done.stdout.is_empty(), "{arguments:?}: {}", done.stderr);
    }
    assert!(started.elapsed() < Duration::from_secs(20), "{:?}", started.elapsed());
    // Beside a source they are only named.
    let done = run(&folder, &["."]).ends(0);
    assert!(done.stderr.contains("large.ts") && done.stdout.contains("a.rs:3"), "{}\n{}", done.stdout, done.stderr);
}

#[test]
fn nothing_in_a_source_is_obeyed_by_a_terminal() {
    let odd = VOICE.replace("Disconnected = 4014", "\"\u{1b}]0;x\u{7}\u{202e}Disconnected\": 4014, \"\u{1b}[2J\u{202e}\": 4010");
    let folder = folder(&[("odd\u{1b}[31m.rs", &odd)]);
    for format in ["text", "github", "json", "sarif"] {
        let done = run(&folder, &[".", "-v", "--format", format]).ends(0);
        let is_harmless = |text: &str| !text.contains(['\u{1b}', '\u{7}', '\u{202e}']);
        assert!(is_harmless(&done.stdout) && is_harmless(&done.stderr), "{format}: {:?}", done.stdout);
    }
    assert!(Path::new(&folder.path().join("odd\u{1b}[31m.rs")).exists());
}
