//! Every mistake that a person can make in a table, and the exact message for it.
//!
//! Each case is a table `bad_tables/<case>.toml`, some with the pages of their edition in `<case>.sources`, and its messages in
//! `bad_tables/<case>.stderr`. After a change of wording,
//! `BLESS=1 cargo test --package wirecodes-tests bad_tables::` writes the messages again; read them before committing.

use std::{env, fs};

use wirecodes_codegen::{Diagnostic, Files, kinds, load, rules};
use wirecodes_tests::root;
use wirecodes_tests::tables::folder;

/// The identity of a crate, which every folder of tables needs.
const CRATE: (&str, &str) = ("crate.toml", "name = \"test-codes\"\nversion = \"0.1.0\"\ndescription = \"Codes for a test\"\n");

/// The messages for some files of a folder of tables, without colours.
fn messages(files: &[(&str, &str)]) -> String {
    messages_of(&folder(files.iter().copied()))
}

fn messages_of(folder: &Files) -> String {
    let (registry, diagnostics) = load(folder);
    assert_eq!(registry.is_none(), Diagnostic::any_error(&diagnostics), "there is a registry if and only if there is no error");
    anstream::adapter::strip_str(&Diagnostic::render(&diagnostics, 100)).to_string()
}

/// The names of all cases, in order.
fn cases() -> Vec<String> {
    let entries = fs::read_dir(root().join("tests/bad_tables")).expect("the cases can be read");
    let names = entries.map(|entry| entry.expect("a case").file_name().to_string_lossy().into_owned());
    let mut names: Vec<String> = names.filter_map(|name| name.strip_suffix(".toml").map(str::to_owned)).collect();
    names.sort();
    names
}

fn read(case: &str, extension: &str) -> String {
    fs::read_to_string(root().join(format!("tests/bad_tables/{case}.{extension}"))).unwrap_or_default()
}

#[test]
fn each_mistake_has_its_message() {
    let mut wrong = Vec::new();
    for case in cases() {
        let sources = read(&case, "sources");
        let mut files = vec![CRATE];
        files.extend((!sources.is_empty()).then_some(("test/v1/sources.toml", sources.as_str())));
        let table = read(&case, "toml");
        files.push(("test/v1/table.toml", &table));
        let found = messages(&files);
        if env::var_os("BLESS").is_some() {
            fs::write(root().join(format!("tests/bad_tables/{case}.stderr")), &found).expect("messages can be written");
        }
        let expected = read(&case, "stderr");
        if found != expected || found.is_empty() {
            wrong.push(format!("== {case}\nexpected:\n{expected}\nfound:\n{found}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_message_names_its_place_and_a_fix() {
    for case in cases() {
        for message in read(&case, "stderr").split("\n\n").filter(|message| !message.trim().is_empty()) {
            assert!(message.contains("--> codes/test/v1/"), "{case} names no line:\n{message}");
            assert!(message.contains("help: "), "{case} names no fix:\n{message}");
        }
    }
}

#[test]
fn every_rule_has_a_case() {
    let all: String = cases().iter().map(|case| read(case, "stderr")).collect();
    // Those that compare with other files have tests below, and those of import in its tests.
    let others = concat!(include_str!("bad_tables.rs"), include_str!("import.rs"), include_str!("import_merge.rs"));
    let of_diff: Vec<&str> = kinds().map(|(kind, _)| kind).collect();
    for (rule, _) in rules().filter(|(rule, _)| !of_diff.contains(rule)) {
        let is_shown = all.contains(&format!("[{rule}]")) || others.contains(rule);
        assert!(is_shown, "no case shows `{rule}`");
    }
}

#[test]
fn names_of_folders_and_files_become_modules() {
    let table = read("good", "toml-for-names");
    let places = [
        "Chat/v6/codes.toml",
        "type/v6/codes.toml",
        "runtime/v6/codes.toml",
        "good/6/codes.toml",
        "good/v6/some_codes.toml",
        "good/v6/CODES.toml",
        "good/v6/notes.md",
        "good/v6/deeper/codes.toml",
        "stray.toml",
    ];
    let files: Vec<(&str, &str)> = places.iter().map(|place| (*place, table.as_str())).chain([CRATE]).collect();
    let messages = messages(&files);
    for place in places {
        assert!(messages.contains(&format!("codes/{place}")), "{place} is not named:\n{messages}");
    }
    assert_eq!(messages.matches("error[").count(), places.len(), "{messages}");
}

/// Clients that do something after code 4007 of the table `table`.
fn clients(actions: &[(&str, &str)]) -> String {
    let client = |(name, action): &(&str, &str)| {
        format!(
            "[[client]]\nname = \"{name}\"\nversion = \"1\"\nrepository = \"https://example.org/{name}\"\n\n[[client.table]]\ncodes = \"table\"\n{action}\n\n"
        )
    };
    actions.iter().map(client).collect()
}

#[test]
fn a_policy_against_most_clients_says_so() {
    let table = read("stop-without-fix", "toml").replace("reason = \"It", "fix = \"Wait.\", reason = \"It");
    let clients = clients(&[("one", "new-session = [4007]"), ("two", "stop = [4007]"), ("three", "new-session = [4007]")]);
    let with = |table: &str, clients: &str| messages(&[CRATE, ("test/v1/table.toml", table), ("test/clients.toml", clients)]);
    let found = with(&table, &clients);
    assert!(found.contains("error[against-clients]: the policy of 4007"), "{found}");
    assert!(found.contains("of 3 clients: 2 new session, 1 stop"), "{found}");
    let admitted = table.replace("fix = ", "despite = [\"clients\"], fix = ");
    assert_eq!(with(&admitted, &clients), "");
    // What is admitted must be true, and what is claimed too.
    let agreeing = clients.replace("new-session", "stop");
    let found = with(&admitted, &agreeing);
    assert!(found.contains("warning[despite-nothing]"), "{found}");
    let claimed = admitted.replace("judgement\", despite", "consensus\", despite");
    let found = with(&claimed, &clients);
    assert!(found.contains("warning[basis-without-source]: the policy of 4007"), "{found}");
    assert_eq!(with(&claimed.replace("despite = [\"clients\"], ", ""), &agreeing), "");
}

#[test]
fn mistakes_in_the_clients_are_found() {
    let table = read("stop-without-fix", "toml").replace("reason = \"It", "fix = \"Wait.\", reason = \"It");
    let clients = clients(&[("one", "stop = [4007]\nresume = [4007]\ncolour = 1"), ("two", "stop = [4007, 99999]")]);
    let clients = clients.replacen("codes = \"table\"", "codes = \"tabel\"", 1);
    let found = messages(&[CRATE, ("test/v1/table.toml", &table), ("test/clients.toml", &clients)]);
    for part in ["error[two-actions]", "unknown key `colour`", "did you mean `table`?", "99999 is out of range"] {
        assert!(found.contains(part), "{part} is missing:\n{found}");
    }
}

#[test]
fn mistakes_of_all_files_are_printed_in_one_run() {
    let found = messages(&[
        ("crate.toml", "name = 1\n"),
        ("one/v1/a.toml", "title = 1\nenum = \"type\"\n"),
        ("one/v1/b.toml", "= broken"),
        ("one/clients.toml", "[[client]]\nname = 1\n"),
        ("two/v1/c.toml", "colour = \"red\"\n"),
    ]);
    for file in ["crate.toml", "one/v1/a.toml", "one/v1/b.toml", "one/clients.toml", "two/v1/c.toml"] {
        assert!(found.contains(&format!("codes/{file}")), "{file} is not named:\n{found}");
    }
}

#[test]
fn a_file_that_is_no_text_is_named() {
    let mut folder = Files::new("codes");
    folder.insert("one/v1/a.toml", b"title = \"x\"\n\xff\xfe".to_vec());
    folder.insert("one/v1/b.toml", b"\xff\xfet\0i\0".to_vec());
    let found = messages_of(&folder);
    assert!(found.contains("one/v1/a.toml") && found.contains("line 2 is not UTF-8"), "{found}");
    assert!(found.contains("one/v1/b.toml") && found.contains("UTF-16"), "{found}");
}

#[test]
fn tables_may_be_saved_on_windows() {
    let table = read("good", "toml-for-names");
    let saved = format!("\u{FEFF}{}", table.replace('\n', "\r\n"));
    assert_eq!(messages(&[CRATE, ("test/v1/http.toml", &saved)]), "");
}
