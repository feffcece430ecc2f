//! What differs between tables, what it means, and every way of printing it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use wirecodes_codegen::changes::{Bump, Change, Listing, Verbosity, changes, json, needed, text};
use wirecodes_codegen::source::SourceFile;
use wirecodes_tests::{Run, root, xtask, xtask_in};

const HEADER: &str = r#"title = "Gateway Close Event Codes"
enum = "GatewayCloseCode"
kind = "close-codes"
repr = "u16"
summary = "Why it closed."

[source]
document = "Codes"
date = 2020-01-01

[reconnect]
absent = { action = "resume", basis = "judgement", reason = "Nothing." }
unknown = { action = "resume", basis = "judgement", reason = "Nothing." }
"#;

/// A row; `more` is further lines, or a replacement of the policy.
fn row(value: u32, ident: &str, more: &str) -> String {
    let policy =
        if more.contains("policy") { "" } else { "policy = { action = \"resume\", basis = \"judgement\", reason = \"Why.\" }\n" };
    format!("\n[[code]]\nvalue = {value}\nname = \"{ident}\"\nident = \"{ident}\"\nsummary = \"S.\"\n{policy}{more}\n")
}

fn listing(rows: &str) -> Listing {
    let source = SourceFile::new("table.toml", format!("{HEADER}{rows}"));
    let mut diagnostics = Vec::new();
    let listing = Listing::of_file("gateway-close-codes", &source, &mut diagnostics);
    assert_eq!(diagnostics, []);
    listing
}

/// The kinds and bumps of the changes between two tables.
fn told(old: &str, new: &str) -> Vec<(&'static str, Bump)> {
    changes(&[listing(old)], &[listing(new)]).iter().map(|change| (change.kind.name(), change.bump)).collect()
}

/// What is tried, the rows before, the rows after, and the kinds and bumps of the changes.
type Case = (&'static str, String, String, Vec<(&'static str, Bump)>);

#[test]
fn every_kind_of_change_has_its_bump() {
    let base = row(4000, "Unknown", "text = \"a\"");
    let with = |more: &str| row(4000, "Unknown", &format!("text = \"a\"\n{more}"));
    let text = |text: &str| row(4000, "Unknown", &format!("text = \"{text}\""));
    let two = base.clone() + &row(4001, "Opcode", "text = \"b\"");
    let cases: Vec<Case> = vec![
        ("nothing", base.clone(), base.clone(), vec![]),
        ("added", base.clone(), two.clone(), vec![("added", Bump::Minor)]),
        ("removed", two.clone(), base.clone(), vec![("removed", Bump::Major)]),
        ("struck out", base.clone(), with("status = \"removed\""), vec![("struck-out", Bump::Minor)]),
        ("restored", with("status = \"removed\""), base.clone(), vec![("restored", Bump::Minor)]),
        ("deprecated", base.clone(), with("status = \"deprecated\""), vec![("deprecated", Bump::Minor)]),
        ("undeprecated", with("status = \"deprecated\""), base.clone(), vec![("undeprecated", Bump::Minor)]),
        (
            "renamed identifier",
            base.clone(),
            base.replace("ident = \"Unknown\"", "ident = \"Strange\""),
            vec![("ident-renamed", Bump::Major)],
        ),
        ("renamed", base.clone(), base.replace("name = \"Unknown\"", "name = \"Strange\""), vec![("renamed", Bump::Patch)]),
        (
            "redefined",
            base.clone(),
            text("z").replace("name = \"Unknown\"", "name = \"Strange\""),
            vec![("redefined", Bump::Minor)],
        ),
        ("restyled", base.clone(), base.replace("name = \"Unknown\"", "name = \"un-known.\""), vec![("restyled", Bump::Patch)]),
        ("reworded", base.clone(), text("z"), vec![("reworded", Bump::Patch)]),
        ("renumbered", base.clone(), base.replace("4000", "4010"), vec![("renumbered", Bump::Major)]),
        (
            "recycled",
            base.clone(),
            with("status = \"removed\"") + &row(4000, "Other", ""),
            vec![("recycled", Bump::Major), ("added", Bump::Minor)],
        ),
        ("policy", base.clone(), base.replace("action = \"resume\"", "action = \"stop\""), vec![("policy", Bump::Policy)]),
        ("reason", base.clone(), base.replace("Why.", "Because."), vec![("reason", Bump::Patch)]),
        ("reconnect", base.clone(), with("reconnect = true"), vec![("reconnect", Bump::Policy)]),
        ("alias added", base.clone(), with("aliases = [\"Odd\"]"), vec![("alias", Bump::Minor)]),
        ("alias gone", with("aliases = [\"Odd\"]"), base.clone(), vec![("alias", Bump::Major)]),
        ("summary", base.clone(), base.replace("\"S.\"", "\"T.\""), vec![("summary", Bump::Patch)]),
    ];
    for (case, old, new, mut expected) in cases {
        let mut found = told(&old, &new);
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{case}");
    }
}

#[test]
fn tables_and_editions_come_and_go() {
    let named = |name: &str| Listing { table: name.to_owned(), ..listing(&row(4000, "Unknown", "")) };
    let kinds = |old: &[Listing], new: &[Listing]| -> Vec<(String, Bump)> {
        changes(old, new).iter().map(|change| (format!("{} {}", change.kind.name(), change.table), change.bump)).collect()
    };
    assert_eq!(kinds(&[named("a")], &[named("a"), named("b")]), [("table-added b".to_owned(), Bump::Minor)]);
    assert_eq!(kinds(&[named("a"), named("b")], &[named("a")]), [("table-absent b".to_owned(), Bump::Major)]);
    let old = [named("x/v1/a"), named("x/v2/a")];
    assert_eq!(
        kinds(&old, &[named("x/v2/a"), named("x/v3/a"), named("x/v3/b")]),
        [("edition-absent x/v1".to_owned(), Bump::Major), ("edition-added x/v3".to_owned(), Bump::Minor)]
    );
    let wide = Listing { repr: Some(wirecodes_codegen::model::Repr::U32), ..named("a") };
    assert_eq!(kinds(&[named("a")], &[wide]), [("repr a".to_owned(), Bump::Major)]);
    let renamed = Listing { enum_name: Some("Other".to_owned()), ..named("a") };
    assert_eq!(kinds(&[named("a")], &[renamed]), [("enum-renamed a".to_owned(), Bump::Major)]);
}

#[test]
fn a_declared_renaming_beats_a_guess_and_a_guess_says_so() {
    let old = row(4000, "Unknown", "text = \"a\"") + &row(4001, "Opcode", "text = \"b\"");
    let new = row(4010, "Opcode2", "text = \"a\"") + &row(4011, "Strange", "renamed_from = \"Unknown\"");
    let found = changes(&[listing(&old)], &[listing(&new)]);
    let moved = found.iter().find(|change| change.kind.name() == "renumbered").expect("a renumbering");
    assert_eq!((moved.subject.as_str(), moved.guess), ("Strange", false), "{found:?}");
    let guessed = changes(&[listing(&old)], &[listing(&row(4010, "Else", "text = \"b\""))]);
    let guess = guessed.iter().find(|change| change.guess).expect("a guess");
    assert_eq!((guess.kind.name(), guess.old.as_deref(), guess.new.as_deref()), ("renumbered", Some("4001"), Some("4010")));
    assert!(text("t", &guessed, Verbosity::Normal).contains("a guess"));
}

fn diff(arguments: &[&str]) -> Run {
    xtask(&[&["diff"], arguments].concat())
}

#[test]
fn two_editions_of_ours() {
    let run = diff(&["discord/v6", "discord/v10"]).ends(0);
    let first = run.stdout.lines().next().unwrap();
    assert!(first.starts_with("discord/v6 → discord/v10   1 policy, ") && first.ends_with("; needs: major"), "{first}");
    for line in
        ["resume → stop unless VOICE_SERVER_UPDATE", "removed        5       VoiceServerPing", "StatusUpdate → PresenceUpdate"]
    {
        assert!(run.stdout.contains(line), "{line} is missing:\n{}", run.stdout);
    }
    let policies = run.stdout.find("policies: clients will act otherwise").unwrap();
    assert!(policies < run.stdout.find("json error codes").unwrap(), "policies come first");
    assert!(!run.stdout.contains("restyled") && run.stdout.contains("of wording alone"), "{}", run.stdout);
    let verbose = diff(&["discord/v6", "discord/v10", "-v"]).ends(0).stdout;
    assert!(verbose.contains("restyled") && verbose.contains("codes/discord/v6/gateway-close-codes.toml:"), "{verbose}");
    let coloured = diff(&["discord/v6", "discord/v10", "--color", "always"]).ends(0).stdout;
    assert!(coloured.contains("\u{1b}[4m"), "the words that differ are underlined");
    assert_eq!(diff(&["discord/v10", "discord/v10"]).ends(0).stdout.trim_end(), "discord/v10 → discord/v10   no change");
}

#[test]
fn every_format_is_the_same_on_every_run() {
    for format in ["text", "markdown", "json", "github", "sarif"] {
        let run = || diff(&["discord/v6", "discord/v10", "--format", format]).ends(0).stdout;
        assert_eq!(run(), run(), "{format}");
    }
    let markdown = diff(&["discord/v6", "discord/v10", "--format", "markdown"]).ends(0).stdout;
    let policy = markdown.find("### Policy: clients will act otherwise").unwrap();
    assert!(policy < markdown.find("### Gateway close codes").unwrap());
    let github = diff(&["discord/v6", "discord/v10", "--format", "github"]).ends(0).stdout;
    assert!(github.lines().all(|line| line.starts_with("::")), "{github}");
    assert!(github.contains("::error file=codes/discord/v6/gateway-opcodes.toml,line="), "{github}");
    assert!(github.contains("::warning file=codes/discord/v10/voice-close-codes.toml,line="), "{github}");
}

#[test]
fn the_json_is_as_documented() {
    let run = diff(&["discord/v6", "discord/v10", "--format", "json"]).ends(0);
    let found: Value = serde_json::from_str(&run.stdout).unwrap();
    assert_eq!(found["needs"], "major");
    let mut keys: Vec<&String> = found["changes"][0].as_object().unwrap().keys().collect();
    keys.sort();
    let expected =
        ["bump", "fingerprint", "guess", "kind", "new", "new_place", "old", "old_place", "subject", "table", "value", "why"];
    assert_eq!(keys, expected);
    for change in found["changes"].as_array().unwrap() {
        assert!(["patch", "minor", "policy", "major"].contains(&change["bump"].as_str().unwrap()));
        assert!(change["old_place"]["line"].is_u64() || change["new_place"]["line"].is_u64(), "{change}");
    }
    assert_eq!(json(&[])["summary"], "no change");
}

#[test]
fn the_sarif_validates_against_its_schema() {
    let host = Command::new("rustc").arg("-vV").output().unwrap();
    let host = String::from_utf8(host.stdout).unwrap();
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its host");
    let metadata = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--filter-platform", host])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(metadata.status.success(), "{}", String::from_utf8_lossy(&metadata.stderr));
    let metadata: Value = serde_json::from_slice(&metadata.stdout).unwrap();
    let package = metadata["packages"]
        .as_array()
        .unwrap()
        .iter()
        .find(|package| package["name"] == "serde-sarif")
        .expect("a dependency of the tests");
    let schema = Path::new(package["manifest_path"].as_str().unwrap()).with_file_name("src").join("schema.json");
    // The schema's pattern for languages has a bracket too many, which is no regular expression everywhere.
    let schema =
        fs::read_to_string(schema).unwrap().replace("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::draft7::new(&schema).unwrap();
    for pair in [["discord/v6", "discord/v10"], ["discord/v10", "discord/v10"], ["discord/v10", "userdoccers/v9"]] {
        let sarif: Value = serde_json::from_str(&diff(&[pair[0], pair[1], "--format", "sarif"]).ends(0).stdout).unwrap();
        let errors: Vec<String> = validator.iter_errors(&sarif).map(|error| error.to_string()).collect();
        assert_eq!(errors, [""; 0]);
    }
    let mut broken: Value =
        serde_json::from_str(&diff(&["discord/v6", "discord/v10", "--format", "sarif"]).ends(0).stdout).unwrap();
    broken["runs"][0]["results"][0]["level"] = "fatal".into();
    assert!(!validator.is_valid(&broken), "the schema checks nothing");
}

/// Two folders of tables, the second with one change.
fn two_folders(from: &str, to: &str) -> (tempfile::TempDir, PathBuf, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let (old, new) = (folder.path().join("old"), folder.path().join("new"));
    for (codes, change) in [(&old, false), (&new, true)] {
        fs::create_dir_all(codes.join("test/v1")).unwrap();
        let table = format!("{HEADER}{}{}", row(4000, "Unknown", "text = \"a\""), row(4001, "Opcode", ""));
        let table = if change { table.replace(from, to) } else { table };
        fs::write(codes.join("test/v1/gateway-close-codes.toml"), table).unwrap();
    }
    (folder, old, new)
}

#[test]
fn fail_on_and_waivers() {
    let levels = ["any", "patch", "minor", "policy", "major"];
    let cases = [
        ("\"S.\"", "\"T.\"", 2),
        ("text = \"a\"", "status = \"deprecated\"\ntext = \"a\"", 3),
        (
            "action = \"resume\", basis = \"judgement\", reason = \"Why.\"",
            "action = \"stop\", basis = \"judgement\", reason = \"Why.\"",
            4,
        ),
        ("ident = \"Opcode\"", "ident = \"Opcodes\"", 5),
    ];
    for (from, to, failing) in cases {
        let (_folder, old, new) = two_folders(from, to);
        let sides = [old.display().to_string(), new.display().to_string()];
        let _ = diff(&[&sides[0], &sides[1]]).ends(0);
        for (index, level) in levels.iter().enumerate() {
            let _ = diff(&[&sides[0], &sides[1], "--fail-on", level]).ends(i32::from(index < failing));
        }
    }
    let (folder, old, new) = two_folders("ident = \"Opcode\"", "ident = \"Opcodes\"");
    let sides = [old.display().to_string(), new.display().to_string()];
    let found: Value = serde_json::from_str(&diff(&[&sides[0], &sides[1], "--format", "json"]).ends(0).stdout).unwrap();
    let fingerprint = found["changes"][0]["fingerprint"].as_str().unwrap();
    let waivers = folder.path().join("waivers.toml");
    let waived = |text: String| {
        fs::write(&waivers, text).unwrap();
        diff(&[&sides[0], &sides[1], "--fail-on", "any", "--waivers", &waivers.display().to_string()])
    };
    let _ = waived(format!("[[waiver]]\nchange = \"{fingerprint}\"\nreason = \"Unused.\"\nuntil = 2999-01-01\n")).ends(0);
    let late = waived(format!("[[waiver]]\nchange = \"{fingerprint}\"\nreason = \"Unused.\"\nuntil = 2001-01-01\n")).ends(1);
    assert!(late.stderr.contains("past its last day"), "{}", late.stderr);
    let other = waived("[[waiver]]\nchange = \"000000000000\"\nreason = \"Unused.\"\n".to_owned()).ends(1);
    assert!(other.stderr.contains("matches no change"), "{}", other.stderr);
    let _ = waived(format!("[[waiver]]\nchange = \"{fingerprint}\"\nreason = \"\"\n")).ends(2);
    let _ = waived("[[waiver]]\nchange = 1\n".to_owned()).ends(2);
}

#[test]
fn a_page_may_be_a_side() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.md");
    fs::write(&page, "###### Gateway Opcodes\n\n| Code | Name | Client Action | Description |\n|---|---|---|---|\n| 0 | Dispatch | Receive | New words. |\n| 77 | Fresh | Send | F. |\n").unwrap();
    let table = root().join("codes/discord/v10/gateway-opcodes.toml").display().to_string();
    let run = diff(&[&table, &page.display().to_string(), "-v"]).ends(0);
    for line in ["added     77", "removed   10", "reworded  0"] {
        assert!(run.stdout.contains(line), "{line} is missing:\n{}", run.stdout);
    }
}

#[test]
fn revisions_of_a_repository() {
    let (folder, old, new) = two_folders("ident = \"Opcode\"", "ident = \"Opcodes\"");
    let repository = folder.path().join("repository");
    fs::create_dir(&repository).unwrap();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"];
        let output = Command::new("git").args(identity).args(arguments).current_dir(&repository).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "-q"]);
    fs::write(repository.join("README"), "nothing yet").unwrap();
    git(&["add", "-A"]);
    git(&["commit", "-qm", "before the tables"]);
    for codes in [&old, &new] {
        let _ = fs::remove_dir_all(repository.join("codes"));
        fs::create_dir_all(repository.join("codes/test/v1")).unwrap();
        let table = "test/v1/gateway-close-codes.toml";
        fs::copy(codes.join(table), repository.join("codes").join(table)).unwrap();
        git(&["add", "-A"]);
        git(&["commit", "-qm", "tables"]);
    }
    let diff = |old: &str, new: &str| xtask_in(&repository, &["diff", old, new, "--codes", "codes"]);
    for (old, new) in [
        ("HEAD~1:test/v1", "test/v1"),
        ("HEAD~1:codes", "main:codes"),
        ("HEAD~1:codes/test/v1/gateway-close-codes.toml", "HEAD:codes/test/v1/gateway-close-codes.toml"),
    ] {
        let run = diff(old, new).ends(0);
        assert!(run.stdout.contains("Opcode → Opcodes") && run.stdout.contains("needs: major"), "{}", run.stdout);
    }
    assert!(diff("HEAD~2:codes", "codes").ends(2).stderr.contains("older than the tables"));
    assert!(diff("nowhere:codes", "codes").ends(2).stderr.contains("no such revision: nowhere"));
}

#[test]
fn bad_input_gets_a_clear_error() {
    assert!(diff(&["discord/v7", "discord/v10"]).ends(2).stderr.contains("did you mean `discord/v"));
    assert!(diff(&["xyz", "discord/v10"]).ends(2).stderr.contains("the editions are: baileys/v6, discord/v10"));
    let table = |name: &str| root().join(format!("codes/discord/v10/{name}.toml")).display().to_string();
    let run = diff(&[&table("gateway-opcodes"), &table("voice-opcodes")]).ends(2);
    assert!(run.stderr.contains("two different tables cannot be compared"), "{}", run.stderr);
    let empty = tempfile::tempdir().unwrap();
    assert!(diff(&[&empty.path().display().to_string(), "discord/v10"]).ends(2).stderr.contains("has no tables"));
    let _ = diff(&["discord/v10"]).ends(2);
    let _ = diff(&["discord/v6", "discord/v10", "--fail-on", "everything"]).ends(2);
}

/// The crates of two states are generated, and a downstream user is compiled against each: what the diff calls breaking breaks.
#[test]
fn what_is_called_breaking_breaks_a_user() {
    let cases = [
        // A match on a variant that goes.
        (
            "\n[[code]]\nvalue = 4001\nname = \"Opcode\"",
            "\n[[code]]\nvalue = 4002\nname = \"Opcode\"",
            "match code { C::Unknown => 1, C::Opcode => C::Opcode.code(), _ => 4001 }",
            Bump::Major,
            None,
        ),
        // A variant that is renamed: through the constant under its old name a user still compiles, by import not.
        (
            "ident = \"Opcode\"",
            "ident = \"Opcodes\"\nrenamed_from = \"Opcode\"",
            "{ use wirecodes::test::v1::GatewayCloseCode::Opcode; match code { Opcode => 1, _ => 3 } }",
            Bump::Major,
            Some(false),
        ),
        (
            "ident = \"Opcode\"",
            "ident = \"Opcodes\"\nrenamed_from = \"Opcode\"",
            "match code { C::Opcode => 1, _ => 2 }",
            Bump::Major,
            Some(true),
        ),
        // One that goes altogether.
        ("ident = \"Opcode\"", "ident = \"Other\"", "match code { C::Opcode => 1, _ => 2 }", Bump::Major, Some(false)),
        // One that comes: enums are non-exhaustive.
        (
            "\n[[code]]\nvalue = 4001",
            "\n[[code]]\nvalue = 4003\nname = \"New\"\nident = \"New\"\npolicy = { action = \"resume\", basis = \"judgement\", reason = \"Why.\" }\n\n[[code]]\nvalue = 4001",
            "match code { C::Unknown => 1, C::Opcode => 2, _ => 3 }",
            Bump::Minor,
            Some(true),
        ),
    ];
    for (from, to, user, bump, compiles) in cases {
        let (folder, old, new) = two_folders(from, to);
        let found: Vec<Change> = {
            let read = |codes: &Path| {
                let text = fs::read_to_string(codes.join("test/v1/gateway-close-codes.toml")).unwrap();
                Listing::of_file("gateway-close-codes", &SourceFile::new("table.toml", text), &mut Vec::new())
            };
            changes(&[read(&old)], &[read(&new)])
        };
        assert_eq!(needed(&found), bump, "{user}");
        let builds = |codes: &Path, name: &str| {
            let crate_dir = folder.path().join(name);
            let _ =
                xtask(&["codegen", "--codes", &codes.display().to_string(), "--out", &crate_dir.display().to_string()]).ends(0);
            let readme = crate_dir.join("README.md");
            assert!(readme.exists());
            let lib = folder.path().join(format!("lib{name}.rlib"));
            let rustc = |arguments: &[&str]| {
                Command::new("rustc")
                    .args(["--edition", "2021", "--cap-lints", "allow"])
                    .args(arguments)
                    .output()
                    .unwrap()
                    .status
                    .success()
            };
            let source = crate_dir.join("src/lib.rs").display().to_string();
            assert!(
                rustc(&["--crate-type", "lib", "--crate-name", "wirecodes", &source, "-o", &lib.display().to_string()]),
                "{name}"
            );
            let main = folder.path().join(format!("{name}.rs"));
            fs::write(
                &main,
                format!("use wirecodes::test::v1::GatewayCloseCode as C;\npub fn user(code: C) -> u16 {{ {user} }}\n"),
            )
            .unwrap();
            let out = folder.path().join(format!("{name}.rmeta")).display().to_string();
            let external = format!("wirecodes={}", lib.display());
            rustc(&["--crate-type", "lib", "--emit", "metadata", "--extern", &external, &main.display().to_string(), "-o", &out])
        };
        assert!(builds(&old, "before"), "the user compiles against the old crate: {user}");
        if let Some(compiles) = compiles {
            assert_eq!(builds(&new, "after"), compiles, "the user against the new crate: {user}");
        }
    }
}
