//! What differs between tables, what it needs, and every way of printing it.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use serde_json::Value;
use wirecodes_codegen::{Bump, Date, Diagnostic, Side, SourceFile, diff, schema_of};
use wirecodes_tests::json_schema::Schema;
use wirecodes_tests::tables::{HEADER, SHIPPED, bare, compare, compare_rows, kinds, opcodes, row, value};
use wirecodes_tests::{Run, root, xtask, xtask_in};

/// What is tried, the rows before, the rows after, and the kinds and bumps of the changes.
type Case = (&'static str, String, String, Vec<(&'static str, Bump)>);

#[test]
fn every_kind_of_change_has_its_bump() {
    let base = row(4000, "Unknown", "text = \"a\"");
    let with = |more: &str| row(4000, "Unknown", &format!("text = \"a\"\n{more}"));
    let text = |text: &str| row(4000, "Unknown", &format!("text = \"{text}\""));
    let two = base.clone() + &row(4001, "Opcode", "text = \"b\"");
    let replaced = |from: &str, to: &str| base.replace(from, to);
    let cases: Vec<Case> = vec![
        ("nothing", base.clone(), base.clone(), vec![]),
        ("added", base.clone(), two.clone(), vec![("reason", Bump::Patch), ("added", Bump::Minor)]),
        ("removed", two.clone(), base.clone(), vec![("reason", Bump::Patch), ("removed", Bump::Major)]),
        ("struck out", base.clone(), with("status = \"removed\""), vec![("struck-out", Bump::Minor)]),
        ("restored", with("status = \"removed\""), base.clone(), vec![("restored", Bump::Minor)]),
        ("deprecated", base.clone(), with("status = \"deprecated\""), vec![("deprecated", Bump::Minor)]),
        ("undeprecated", with("status = \"deprecated\""), base.clone(), vec![("undeprecated", Bump::Minor)]),
        ("worse", with("status = \"deprecated\""), with("status = \"removed\""), vec![("struck-out", Bump::Minor)]),
        ("identifier", base.clone(), replaced("ident = \"Unknown\"", "ident = \"Odd\""), vec![("ident-renamed", Bump::Major)]),
        ("renamed", base.clone(), replaced("name = \"Unknown\"", "name = \"Odd\""), vec![("renamed", Bump::Minor)]),
        ("redefined", base.clone(), text("z").replace("name = \"Unknown\"", "name = \"Odd\""), vec![("redefined", Bump::Minor)]),
        ("restyled", base.clone(), replaced("name = \"Unknown\"", "name = \"un-known.\""), vec![("restyled", Bump::Patch)]),
        ("reworded", base.clone(), text("z"), vec![("reworded", Bump::Patch)]),
        ("policy", base.clone(), replaced("action = \"resume\"", "action = \"stop\""), vec![("policy", Bump::Policy)]),
        ("reason", base.clone(), replaced("Why.", "Because."), vec![("reason", Bump::Patch)]),
        ("column came", base.clone(), with("reconnect = true"), vec![("reconnect", Bump::Patch)]),
        ("column flipped", with("reconnect = false"), with("reconnect = true"), vec![("reconnect", Bump::Policy)]),
        ("advice flipped", with("advice = \"stop\""), with("advice = \"resume\""), vec![("advice", Bump::Policy)]),
        ("alias added", base.clone(), with("aliases = [\"Odd\"]"), vec![("item-added", Bump::Minor)]),
        ("alias removed", with("aliases = [\"Odd\"]"), base.clone(), vec![("item-removed", Bump::Major)]),
        ("alias kept", with("aliases = [\"Odd\"]"), with("renamed_from = \"Odd\""), vec![("item-changed", Bump::Minor)]),
        ("former dropped", with("renamed_from = \"Odd\""), base.clone(), vec![("item-removed", Bump::Major)]),
        ("summary", base.clone(), replaced("\"S.\"", "\"T.\""), vec![("summary", Bump::Patch)]),
        ("note", base.clone(), with("note = \"N.\""), vec![("note", Bump::Patch)]),
        ("dates", base.clone(), with("since = 2020-01-01"), vec![("since", Bump::Patch)]),
    ];
    for (case, old, new, mut expected) in cases {
        let comparison = compare_rows(&old, &new);
        let mut found = kinds(&comparison);
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{case}");
    }
}

#[test]
fn a_swap_of_names_is_another_meaning() {
    let old = row(1, "Guild", "") + &row(2, "Channel", "");
    let swapped = old.replace("name = \"Guild\"", "name = \"x\"").replace("name = \"Channel\"", "name = \"Guild\"");
    let comparison = compare_rows(&old, &swapped.replace("name = \"x\"", "name = \"Channel\""));
    assert_eq!(kinds(&comparison), [("redefined", Bump::Major), ("redefined", Bump::Major)]);
}

#[test]
fn a_recycled_number_is_told_from_a_renamed_code() {
    let old = row(11, "Reset", "");
    let new = row(11, "Reset", "status = \"removed\"") + &row(11, "Connect", "");
    let between = |rows: &str| row(1, "First", "") + rows + &row(20, "Last", "");
    let turned = row(11, "Connect", "") + &row(11, "Reset", "status = \"removed\"");
    for (old, new) in [(&old, &new), (&old, &turned), (&between(&old), &between(&new))] {
        let comparison = compare_rows(old, new);
        assert_eq!(kinds(&comparison), [("recycled", Bump::Major), ("added", Bump::Minor)]);
    }
    // The old name of a recycled number has no variant: only the docs change.
    assert_eq!(kinds(&compare_rows(&new, &row(11, "Connect", ""))), [("removed", Bump::Patch)]);
}

#[test]
fn facts_of_opcodes_are_compared() {
    let with = |more: &str| opcodes(&(bare(1, "One") + more));
    for (more, other, kind) in [
        ("direction = \"send\"\n", "direction = \"receive\"\n", "direction"),
        ("direction = \"send\"\n", "", "direction"),
        ("format = \"json\"\n", "format = \"binary\"\n", "format"),
    ] {
        let comparison = compare(&[("s/v1/a", &with(more))], &[("s/v1/a", &with(other))]);
        assert_eq!(kinds(&comparison), [(kind, Bump::Minor)], "{more} {other}");
    }
}

#[test]
fn tables_and_editions_come_and_go() {
    let table = opcodes(&bare(1, "One"));
    let other = table.replace("\"Opcode\"", "\"Other\"");
    let (table, other) = (table.as_str(), other.as_str());
    let cases = [
        (vec![("x/v1/a", table)], vec![("x/v1/a", table), ("x/v1/b", other)], vec![("table-added", Bump::Minor)]),
        (vec![("x/v1/a", table), ("x/v1/b", other)], vec![("x/v1/a", table)], vec![("table-removed", Bump::Major)]),
        (vec![("x/v1/a", table)], vec![("x/v1/b", table)], vec![("file-renamed", Bump::Patch)]),
        (vec![("x/v1/a", table)], vec![("x/v1/a", other)], vec![("enum-renamed", Bump::Major)]),
        (
            vec![("x/v1/a", table)],
            vec![("x/v2/a", table)],
            vec![("edition-removed", Bump::Major), ("edition-added", Bump::Minor)],
        ),
    ];
    for (old, new, expected) in cases {
        assert_eq!(kinds(&compare(&old, &new)), expected);
    }
}

#[test]
fn what_a_table_extends_changes_answers() {
    let base = HEADER.replace("GatewayCloseCode", "Base")
        + &row(1008, "Policy", "policy = { action = \"stop\", basis = \"judgement\", reason = \"R.\" }");
    let table = HEADER.to_owned() + &row(4000, "Unknown", "");
    let extending = table.replace("[reconnect]\n", "[reconnect]\nextends = \"base/v1/base\"\n");
    let comparison = compare(&[("base/v1/base", &base), ("a/v1/t", &table)], &[("base/v1/base", &base), ("a/v1/t", &extending)]);
    assert_eq!(kinds(&comparison), [("policy", Bump::Policy)]);
}

#[test]
fn waivers_are_counted_and_end_with_their_last_day() {
    let (old, new) = (row(4000, "Unknown", ""), row(4000, "Other", ""));
    let waived = |text: String, today: &str| {
        let today: Date = today.parse().expect("a date");
        let mut comparison = compare_rows(&old, &new);
        let found = comparison.waive(&SourceFile::new("waivers.toml", text), today);
        (comparison, found)
    };
    let changes = value(&compare_rows(&old, &new))["changes"].as_array().cloned().expect("a list");
    let all: Vec<String> = changes.iter().map(|change| change["fingerprint"].as_str().expect("a mark").to_owned()).collect();
    let waivers = |until: &str| -> String {
        all.iter().map(|one| format!("[[waiver]]\nchange = \"{one}\"\nreason = \"Unused.\"\n{until}\n")).collect()
    };
    let (comparison, found) = waived(waivers("until = 2026-07-21"), "2026-07-21");
    assert!(found.is_empty() && comparison.needed() == Bump::None, "{found:?}");
    assert_eq!(comparison.summary(), format!("no other change; {} waived", all.len()));
    let results = &comparison.report().sarif(comparison.revisions())["runs"][0]["results"];
    assert!(results.as_array().expect("results").iter().all(|result| result["suppressions"][0]["justification"] == "Unused."));
    let (comparison, found) = waived(waivers("until = 2026-07-21"), "2026-07-22");
    assert_eq!((comparison.needed(), found.len()), (Bump::Major, all.len()));
    // A month ends with its last day.
    let (comparison, _) = waived(waivers("until = \"2026-07\""), "2026-07-31");
    assert_eq!(comparison.needed(), Bump::None);
    let (comparison, _) = waived(waivers("until = \"2026-07\""), "2026-08-01");
    assert_eq!(comparison.needed(), Bump::Major);
    for bad in [
        "[[waiver]]\nchange = \"0\"\nreason = \" \"",
        "[[waiver]]\nchange = 1",
        "[[waiver]]\nchange = \"0\"\nreason = \"R\"\nuntil = 10:00:00",
    ] {
        assert!(waived(bad.to_owned(), "2026-07-21").1.iter().any(Diagnostic::is_error), "{bad}");
    }
    let (_, found) = waived("[[waiver]]\nchange = \"0\"\nreason = \"R.\"".to_owned(), "2026-07-21");
    assert!(found.len() == 1 && found[0].message.contains("matches no change"), "{found:?}");
}

#[test]
fn a_waiver_of_one_wording_does_not_accept_the_next() {
    let text = |text: &str| row(4000, "Unknown", &format!("text = \"{text}\""));
    let fingerprint = |new: &str| compare_rows(&text("a"), &text(new)).differences[0].fingerprint.clone();
    assert_ne!(fingerprint("b"), fingerprint("c"));
    assert_eq!(fingerprint("b"), fingerprint("b"));
}

#[test]
fn every_format_is_stable_and_fits_its_schema() {
    let folder = SHIPPED.clone();
    let pairs = [("discord/v6", "discord/v10"), ("discord/v10", "userdoccers/v9"), ("discord/v10", "discord/v10")];
    let schema = Schema::new(&schema_of("diff").expect("there is a schema"));
    assert!(schema.fault(&serde_json::json!({ "version": 1 })).is_some(), "the schema checks nothing");
    let log = sarif_schema();
    for (old, new) in pairs {
        let side = |name: &str| Side::new(name, Arc::clone(&folder), name);
        let print = || {
            let comparison = diff(&side(old), &side(new));
            let report = comparison.report();
            let json = serde_json::to_string_pretty(&comparison.json()).expect("it is data");
            (report.text(true, 100), report.markdown(), json, report.github(), report.sarif(comparison.revisions()))
        };
        let printed = print();
        assert_eq!(print(), printed);
        let (_, _, json, github, sarif) = printed;
        assert_valid(&schema, &serde_json::from_str(&json).expect("it is JSON"));
        assert_valid(&log, &sarif);
        assert!(github.lines().all(|line| line.starts_with("::")), "{github}");
        let levels: Vec<usize> = github.lines().skip(1).map(level).collect();
        assert!(levels.is_sorted(), "the most serious come first");
    }
}

fn level(line: &str) -> usize {
    ["::error", "::warning", "::notice"].iter().position(|level| line.starts_with(level)).expect("a level")
}

fn sarif_schema() -> Schema {
    // The schema's pattern for languages has a bracket too many, which is no regular expression everywhere.
    let schema = fs::read_to_string(root().join("tests/schemas/sarif-2.1.0.json")).expect("the schema is there");
    let schema = schema.replace("^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$", "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    let schema: Value = serde_json::from_str(&schema).expect("it is JSON");
    Schema::new(&schema)
}

#[track_caller]
fn assert_valid(schema: &Schema, value: &Value) {
    assert_eq!(schema.fault(value), None);
}

#[test]
fn names_with_markup_stay_names_in_markdown() {
    let old = row(4000, "Unknown", "");
    let new = old.replace("name = \"Unknown\"", "name = \"Invalid `seq` <b>\"");
    let text = compare_rows(&old, &new).report().markdown();
    assert!(text.contains("Invalid `seq` \\<b\\>"), "{text}");
    assert!(text.contains("Gateway Close Event Codes"), "the title is the documented one: {text}");
}

fn run(arguments: &[&str]) -> Run {
    xtask(&[&["diff"], arguments].concat())
}

#[test]
fn two_editions_of_ours() {
    let done = run(&["discord/v6", "discord/v10"]).ends(0);
    let all = done.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(all.starts_with("discord/v6 → discord/v10 ") && all.contains("to move over: major"), "{all}");
    for line in ["4012 InvalidApiVersion", "StatusUpdate → PresenceUpdate", "removed 5 VoiceServerPing", "reconnect 4000"] {
        assert!(all.contains(line), "{line} is missing:\n{}", done.stdout);
    }
    let place = |text: &str| done.stdout.find(text).unwrap_or_else(|| panic!("{text}:\n{}", done.stdout));
    let sections = [place("policy, clients act"), place("removed and renamed"), place("added and changed")];
    assert!(sections.is_sorted());
    assert!(place("reconnect ") > sections[2], "a column that came is no change of behaviour");
    assert_eq!(run(&["discord/v10", "discord/v10"]).ends(0).stdout.trim_end(), "discord/v10 → discord/v10   no change");
}

/// A repository whose first commit has no tables, and two further ones that have different tables.
fn repository(from: &str, to: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let table = format!("{HEADER}{}{}", row(4000, "Unknown", "text = \"a\""), row(4001, "Opcode", ""));
    git(folder.path(), &["init", "-q", "-b", "main"]);
    fs::write(folder.path().join("README"), "nothing yet").expect("a file can be written");
    commit(folder.path(), "before the tables");
    for text in [table.clone(), table.replace(from, to)] {
        fs::create_dir_all(folder.path().join("codes/test/v1")).expect("a folder can be made");
        fs::write(folder.path().join("codes/test/v1/gateway-close-codes.toml"), text).expect("a file can be written");
        commit(folder.path(), "tables");
    }
    folder
}

fn git(folder: &Path, arguments: &[&str]) {
    let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false"];
    let output = Command::new("git").args(identity).args(arguments).current_dir(folder).output().expect("git runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn commit(folder: &Path, message: &str) {
    git(folder, &["add", "-A"]);
    git(folder, &["commit", "-qm", message]);
}

#[test]
fn revisions_and_levels() {
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
        let folder = repository(from, to);
        let run = |arguments: &[&str]| xtask_in(folder.path(), &[&["diff"], arguments].concat());
        let sides: [[&str; 2]; 3] = [
            ["HEAD~1:test/v1", "test/v1"],
            ["HEAD~1:codes", "main:codes"],
            ["HEAD~1:codes/test/v1/gateway-close-codes.toml", "codes/test/v1/gateway-close-codes.toml"],
        ];
        for [old, new] in sides {
            // The last level that it reaches, and the first that it does not.
            for (index, level) in ["any", "patch", "minor", "policy", "major"].into_iter().enumerate().skip(failing - 1).take(2) {
                let _ = run(&[old, new, "--codes", "codes", "--fail-on", level]).ends(i32::from(index < failing));
            }
        }
        // The version stands still, which only what no user can see allows.
        let _ = run(&["HEAD~1:codes", "codes", "--fail-on", "version"]).ends(i32::from(failing > 0));
        let run = run(&["HEAD~1:codes", "codes", "--format", "github"]).ends(0);
        assert!(!run.stdout.contains("file=HEAD"), "{}", run.stdout);
        assert!(failing < 3 || run.stdout.contains("file=codes/test/v1/gateway-close-codes.toml,line="), "{}", run.stdout);
    }
    let folder = repository("\"S.\"", "\"T.\"");
    let run = |arguments: &[&str]| xtask_in(folder.path(), &[&["diff"], arguments].concat());
    assert!(run(&["HEAD~2:codes", "codes"]).ends(2).stderr.contains("older than the tables"));
    assert!(run(&["mian:codes", "codes"]).ends(2).stderr.contains("did you mean `main`?"));
}

#[test]
fn bad_input_gets_a_clear_error() {
    assert!(run(&["discord/v7", "discord/v10"]).ends(2).stderr.contains("did you mean `discord/v"));
    assert!(run(&["xyz", "discord/v10"]).ends(2).stderr.contains("the editions are: "));
    let table = |name: &str| root().join(format!("codes/discord/v10/{name}.toml")).display().to_string();
    let done = run(&[&table("gateway-opcodes"), &table("voice-opcodes")]).ends(2);
    assert!(done.stderr.contains("two different tables cannot be compared"), "{}", done.stderr);
    let empty = tempfile::tempdir().expect("a temporary folder");
    assert!(run(&[&empty.path().display().to_string(), "discord/v10"]).ends(2).stderr.contains("has no tables"));
    let _ = run(&["discord/v10"]).ends(2);
    let _ = run(&["discord/v6", "discord/v10", "--fail-on", "everything"]).ends(2);
}

#[test]
fn the_version_has_to_fit() {
    let manifest = |version: &str| format!("name = \"codes\"\nversion = \"{version}\"\ndescription = \"D\"\n");
    let folder = repository("ident = \"Opcode\"", "ident = \"Opcodes\"");
    let write = |version: &str| fs::write(folder.path().join("codes/crate.toml"), manifest(version)).expect("it can be written");
    let version = || xtask_in(folder.path(), &["version", "--codes", "codes", "--out", "generated"]);
    write("1.2.3");
    assert!(version().ends(0).stderr.contains("no release is tagged"));
    // Where it is not known whether there is a release, nothing fits.
    let clone = tempfile::tempdir().expect("a temporary folder");
    let address = format!("file://{}", folder.path().display());
    git(clone.path(), &["clone", "-q", "--depth", "1", &address, "shallow"]);
    let run = xtask_in(&clone.path().join("shallow"), &["version", "--codes", "codes", "--out", "generated"]).ends(1);
    assert!(run.stderr.contains("the clone is shallow and has no tag"), "{}", run.stderr);
    fs::remove_dir_all(clone.path().join("shallow/.git")).expect("it can be removed");
    let run = xtask_in(&clone.path().join("shallow"), &["version", "--codes", "codes", "--out", "generated"]).ends(1);
    assert!(run.stderr.contains("cannot be checked: git: not a git repository"), "{}", run.stderr);
    git(folder.path(), &["tag", "v1.2.3", "HEAD~1"]);
    git(folder.path(), &["tag", "v1-docs"]);
    for (number, code) in [("1.2.3", 1), ("1.2.4", 1), ("1.9.9", 1), ("2.0.0", 0), ("2.0.0-rc.1", 0), ("3.1.0", 0)] {
        write(number);
        let run = version().ends(code);
        assert!(code == 0 || run.stderr.contains("version = \"2.0.0\""), "{}", run.stderr);
    }
}

#[test]
fn a_comparison_of_two_states_says_which_version_fits() {
    let folder = repository("ident = \"Opcode\"", "ident = \"Opcodes\"");
    let manifest = folder.path().join("codes/crate.toml");
    let write = |version: &str| {
        fs::write(&manifest, format!("name = \"codes\"\nversion = \"{version}\"\ndescription = \"D\"\n"))
            .expect("it can be written");
    };
    write("1.2.3");
    commit(folder.path(), "version");
    let table = folder.path().join("codes/test/v1/gateway-close-codes.toml");
    let text = fs::read_to_string(&table).expect("a table");
    fs::write(&table, text.replace("ident = \"Opcodes\"", "ident = \"Other\"")).expect("it can be written");
    let run = |more: &[&str]| xtask_in(folder.path(), &[&["diff", "HEAD:codes", "codes"], more].concat()).ends(0).stdout;
    for (version, said) in
        [("1.2.3", "needs: major, at least 2.0.0 after 1.2.3"), ("2.1.0", "needs: major, as from 1.2.3 to 2.1.0")]
    {
        write(version);
        assert!(run(&[]).contains(said), "{}", run(&[]));
        let json: serde_json::Value = serde_json::from_str(&run(&["--format", "json"])).expect("JSON");
        let expected = serde_json::json!({ "old": "1.2.3", "new": version, "lowest": "2.0.0", "fits": version == "2.1.0" });
        assert_eq!(json["versions"], expected);
    }
}

/// Cargo finds a subcommand by its name in the path: this one stands in for the real one, and has its exit codes.
#[cfg(unix)]
#[test]
fn cargo_semver_checks_is_asked_where_it_is_installed() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = repository("\"S.\"", "\"T.\"");
    fs::write(folder.path().join("codes/crate.toml"), "name = \"codes\"\nversion = \"1.2.4\"\ndescription = \"D\"\n")
        .expect("it can be written");
    git(folder.path(), &["tag", "v1.2.3", "HEAD~1"]);
    let tools = folder.path().join("tools");
    fs::create_dir(&tools).expect("a folder can be made");
    let version = || {
        let mut command = Command::new(wirecodes_tests::xtask_program());
        command.args(["version", "--codes", "codes", "--out", "their crate"]).current_dir(folder.path());
        let path = std::env::var("PATH").expect("a path");
        let path = path.split(':').filter(|folder| !Path::new(folder).join("cargo-semver-checks").exists());
        let cargo_home = folder.path().join("no home");
        let path = std::iter::once(tools.to_str().expect("a path")).chain(path).collect::<Vec<_>>().join(":");
        Run::of(&command.env("PATH", path).env("CARGO_HOME", cargo_home).output().expect("it runs"))
    };
    let run = version().ends(0);
    assert!(run.stdout.contains("cargo-semver-checks is not installed: only the tables were compared"), "{}", run.stdout);
    for (status, expected) in [(0, 0), (100, 1)] {
        let script = format!(
            "#!/bin/sh\necho \"$*\" >> '{}'\n[ \"$2\" = --version ] && exit 0\nexit {status}\n",
            tools.join("asked").display()
        );
        fs::write(tools.join("cargo-semver-checks"), script).expect("it can be written");
        fs::set_permissions(tools.join("cargo-semver-checks"), fs::Permissions::from_mode(0o755))
            .expect("it can be made executable");
        let run = version().ends(expected);
        assert_eq!(run.stdout.contains("cargo-semver-checks agrees"), status == 0, "{}", run.stdout);
        assert_eq!(run.stderr.contains("found changes since v1.2.3"), status != 0, "{}", run.stderr);
    }
    let asked = fs::read_to_string(tools.join("asked")).expect("it was asked");
    assert!(asked.contains("semver-checks --baseline-rev v1.2.3 --manifest-path their crate/Cargo.toml"), "{asked}");
}

/// A path with a colon is no revision. Windows has no such names.
#[cfg(unix)]
#[test]
fn a_path_with_a_colon_is_a_path() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let codes = folder.path().join("a:b");
    fs::create_dir_all(codes.join("test/v1")).expect("a folder can be made");
    fs::write(codes.join("test/v1/t.toml"), format!("{HEADER}{}", row(4000, "Unknown", ""))).expect("it can be written");
    let side = codes.display().to_string();
    let _ = run(&[&side, &side]).ends(0);
}

#[test]
fn pages_are_compared_with_their_sentences() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let page = |name: &str, sentence: &str, more: &str| {
        let path = folder.path().join(name);
        let header = "###### Voice Close Event Codes\n\n| Code | Name | Explanation |\n|---|---|---|\n";
        fs::write(&path, format!("{header}| 4014 | Gone | {sentence} |\n{more}")).expect("it can be written");
        path.display().to_string()
    };
    let old = page("old.md", "The channel was deleted. Try resuming.", "| 4015 | Crash | It crashed. |\n");
    let new = page("new.md", "The channel was deleted. You should not reconnect.", "| 4x15 | Crash | It crashed. |\n");
    let run = run(&[&old, &new, "--fail-on", "policy"]).ends(1);
    let all = run.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(all.contains("resume (\"The channel was deleted. Try resuming.\") → stop"), "{}", run.stdout);
    assert!(all.contains("cannot-tell 4015"), "{}", run.stdout);
    assert!(run.stderr.contains("4x15"), "{}", run.stderr);
}
