//! Every mistake a person can make in a table, and the exact message it gets.
//!
//! Each case is a table `bad_tables/<case>.toml` with its messages in `bad_tables/<case>.stderr`. After a change of wording,
//! `BLESS=1 cargo test --test bad_tables` writes the messages anew; read them before committing.

use std::path::Path;
use std::{env, fs};

use wirecodes_codegen::diagnostic::render;
use wirecodes_codegen::load;
use wirecodes_tests::root;

/// The messages for a folder of tables, without colours and with the folder called `codes`.
fn messages(codes: &Path) -> String {
    let mut diagnostics = Vec::new();
    let registry = load(codes, &mut diagnostics);
    assert!(registry.is_none() || diagnostics.iter().all(|diagnostic| diagnostic.severity.word() == "warning"));
    let text = anstream::adapter::strip_str(&render(&diagnostics)).to_string();
    text.replace(&codes.display().to_string(), "codes")
}

/// A folder with these files.
fn folder(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a path in the folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }
    folder
}

#[test]
fn each_mistake_gets_its_message() {
    let cases = root().join("tests/bad_tables");
    let mut names: Vec<String> = fs::read_dir(&cases)
        .expect("the cases can be read")
        .map(|entry| entry.expect("a case").file_name().to_string_lossy().into_owned())
        .filter_map(|name| name.strip_suffix(".toml").map(str::to_owned))
        .collect();
    names.sort();
    assert!(names.len() > 30, "only {} cases", names.len());
    let mut wrong = Vec::new();
    for name in names {
        let table = fs::read_to_string(cases.join(format!("{name}.toml"))).expect("a case can be read");
        let codes = folder(&[("test/v1/table.toml", &table)]);
        let messages = messages(codes.path());
        let path = cases.join(format!("{name}.stderr"));
        if env::var_os("BLESS").is_some() {
            fs::write(&path, &messages).expect("messages can be written");
        }
        let expected = fs::read_to_string(&path).unwrap_or_default();
        if messages != expected || messages.is_empty() {
            wrong.push(format!("== {name}\nexpected:\n{expected}\nfound:\n{messages}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_of_folders_and_files_become_modules() {
    let table = fs::read_to_string(root().join("codes/discord/v6/http-response-codes.toml")).expect("a table");
    let codes = folder(&[
        ("Discord/v6/http.toml", &table),
        ("type/v6/http.toml", &table),
        ("policy/v6/http.toml", &table),
        ("good/6/http.toml", &table),
        ("good/v6/http_codes.toml", &table),
        ("good/v6/HTTP.toml", &table),
        ("good/v6/notes.md", "not a table"),
        ("good/v6/deeper/http.toml", &table),
        ("stray.toml", &table),
    ]);
    let messages = messages(codes.path());
    for name in [
        "Discord",
        "type",
        "policy",
        "good/6",
        "good/v6/http_codes.toml",
        "good/v6/HTTP.toml",
        "notes.md",
        "deeper",
        "stray.toml",
    ] {
        assert!(
            messages.contains(&format!("codes/{name}")) || messages.contains(&format!("/{name}")),
            "{name} is not named:\n{messages}"
        );
    }
    assert_eq!(messages.matches("error[invalid-name]").count(), 9, "{messages}");
}

/// A table whose policy none of three clients shares, and what those do.
#[test]
fn a_policy_against_most_clients_says_why() {
    let case = fs::read_to_string(root().join("tests/bad_tables/policy-unreviewed.toml")).expect("a case");
    let table = |reason: &str| {
        case.replace("Not looked at yet: treated like an unknown code, as by clients that do not know it.", reason)
    };
    let clients = "[[client]]\nname = \"One\"\nversion = \"1\"\nrepository = \"https://one\"\n\n[[client.table]]\ncodes = \"table\"\nstop = [4007]\n";
    let clients = [clients, &clients.replace("One", "Two"), &clients.replace("stop", "new-session")].concat();
    let bad = folder(&[("test/v1/table.toml", &table("Because.")), ("test/clients.toml", &clients)]);
    let messages_of_bad = messages(bad.path());
    assert!(messages_of_bad.contains("error[against-clients]: the policy of 4007"), "{messages_of_bad}");
    assert!(messages_of_bad.contains("of 3 clients: 2 stop, 1 new session"), "{messages_of_bad}");
    let good = folder(&[("test/v1/table.toml", &table("These clients are wrong.")), ("test/clients.toml", &clients)]);
    assert_eq!(messages(good.path()), "");
    let consensus = table("Most clients do.").replace("judgement\", reason = \"Most", "consensus\", reason = \"Most");
    let claimed = folder(&[("test/v1/table.toml", &consensus), ("test/clients.toml", &clients)]);
    assert!(
        messages(claimed.path()).contains("warning[basis-without-source]: the policy of 4007"),
        "{}",
        messages(claimed.path())
    );
    let twice = clients.replace("stop = [4007]", "stop = [4007]\nresume = [4007]\ncolour = 1");
    let messages_of_twice = messages(folder(&[("test/v1/table.toml", &case), ("test/clients.toml", &twice)]).path());
    assert!(
        messages_of_twice.contains("two-answers") && messages_of_twice.contains("unknown key `colour`"),
        "{messages_of_twice}"
    );
}

#[test]
fn mistakes_of_all_files_come_in_one_run() {
    let codes = folder(&[
        ("one/v1/a.toml", "title = 1\nenum = \"type\"\n"),
        ("one/v1/b.toml", "= broken"),
        ("two/v1/c.toml", "colour = \"red\"\n"),
    ]);
    let messages = messages(codes.path());
    for file in ["one/v1/a.toml", "one/v1/b.toml", "two/v1/c.toml"] {
        assert!(messages.contains(file), "{file} is not named:\n{messages}");
    }
}

#[test]
fn a_file_that_is_no_text_is_named() {
    let codes = folder(&[("one/v1/a.toml", "")]);
    fs::write(codes.path().join("one/v1/a.toml"), b"title = \"x\"\n\xff\xfe").expect("a file can be written");
    let messages = messages(codes.path());
    assert!(messages.contains("one/v1/a.toml") && messages.contains("line 2 is not UTF-8"), "{messages}");
}

#[test]
fn tables_may_be_saved_on_windows() {
    let table = fs::read_to_string(root().join("codes/discord/v6/http-response-codes.toml")).expect("a table");
    let codes = folder(&[("test/v1/http.toml", &format!("\u{FEFF}{}", table.replace('\n', "\r\n")))]);
    assert_eq!(messages(codes.path()), "");
}
