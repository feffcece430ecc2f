//! The history of documents: each commit against its own parents, through merges, renames and clones that lack objects.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use wirecodes_tests::json_schema::Schema;
use wirecodes_tests::{Run, xtask, xtask_in};

/// A document with these codes: a table file says the same as a page.
fn document(title: &str, codes: &[u32]) -> String {
    let header = format!("title = \"{title}\"\nenum = \"E\"\nkind = \"opcodes\"\nrepr = \"u8\"\nsummary = \"S.\"\n");
    let rows: String = codes.iter().map(|code| format!("[[code]]\nvalue = {code}\nname = \"Code {code}\"\n")).collect();
    format!("{header}[source]\ndocument = \"D\"\ndate = 2020-01-01\n{rows}")
}

/// A repository under construction; each commit is a month later.
struct Repository {
    folder: tempfile::TempDir,
    month: u32,
}

impl Repository {
    fn new() -> Self {
        let repository = Self { folder: tempfile::tempdir().expect("a temporary folder"), month: 0 };
        repository.git(&["init", "-q", "-b", "main"]);
        repository
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn git(&self, arguments: &[&str]) -> String {
        let date = format!("2020-{:02}-01T12:00:00Z", self.month.max(1));
        let identity = ["-c", "user.name=Ann Author", "-c", "user.email=a@example.org", "-c", "commit.gpgsign=false"];
        let mut command = Command::new("git");
        command.args(identity).args(arguments).current_dir(self.path());
        let output = command.env("GIT_COMMITTER_DATE", &date).env("GIT_AUTHOR_DATE", &date).output().expect("git runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    fn write(&self, path: &str, codes: &[u32]) {
        fs::write(self.path().join(path), document("Opcodes", codes)).expect("a file can be written");
    }

    fn commit(&mut self, message: &str) {
        self.month += 1;
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
    }

    fn history(&self, arguments: &[&str]) -> Run {
        xtask_in(self.path(), &[&["history", "."], arguments].concat())
    }

    /// Of each commit with changes: its subject and the kinds and numbers of its changes.
    fn changes(&self, arguments: &[&str]) -> Vec<(String, Vec<String>)> {
        let run = self.history(&[arguments, &["--format", "json"]].concat());
        let found: Value = serde_json::from_str(&run.stdout).unwrap_or_else(|error| panic!("{error}: {run:?}"));
        assert_valid(&found);
        let commit = |commit: &Value| {
            let changes = commit["comparison"]["changes"].as_array().expect("changes");
            let change = |change: &Value| format!("{} {}", text(&change["kind"]), change["code"]["value"]);
            (text(&commit["subject"]), changes.iter().map(change).collect())
        };
        found["commits"].as_array().expect("commits").iter().map(commit).collect()
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn assert_valid(value: &Value) {
    let schema = wirecodes_codegen::schema_of("history").expect("there is a schema");
    assert_eq!(Schema::new(&schema).fault(value), None);
}

fn owned(expected: &[(&str, &[&str])]) -> Vec<(String, Vec<String>)> {
    expected
        .iter()
        .map(|(subject, kinds)| ((*subject).to_owned(), kinds.iter().map(|kind| (*kind).to_owned()).collect()))
        .collect()
}

#[test]
fn a_merge_invents_nothing() {
    let mut repository = Repository::new();
    repository.write("a.toml", &[1, 5, 9, 20, 30, 40]);
    repository.commit("base");
    repository.git(&["checkout", "-q", "-b", "side"]);
    repository.write("a.toml", &[1, 3, 5, 9, 20, 30, 40]);
    repository.commit("side adds 3");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("a.toml", &[1, 5, 9, 20, 30, 37, 40]);
    repository.commit("main adds 37");
    repository.month += 1;
    repository.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    repository.write("a.toml", &[1, 3, 5, 9, 11, 20, 30, 37, 40]);
    repository.commit("main adds 11");
    let mut found = repository.changes(&["a.toml"]);
    found.sort();
    let expected: &[(&str, &[&str])] = &[
        ("base", &["table-added null"]),
        ("main adds 11", &["added 11"]),
        ("main adds 37", &["added 37"]),
        ("side adds 3", &["added 3"]),
    ];
    assert_eq!(found, owned(expected));
}

/// A merge that says of a code what neither side said is where that was decided.
#[test]
fn what_a_merge_decides_itself_is_its_own() {
    let mut repository = Repository::new();
    repository.write("a.toml", &[1, 5]);
    repository.commit("base");
    repository.git(&["checkout", "-q", "-b", "side"]);
    repository.write("a.toml", &[1, 3, 5]);
    repository.commit("side adds 3");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("a.toml", &[1, 5, 7]);
    repository.commit("main adds 7");
    repository.month += 1;
    repository.git(&["merge", "-q", "--no-commit", "--no-ff", "-X", "ours", "side"]);
    let renamed = document("Opcodes", &[1, 3, 5, 7]).replace("Code 3", "Another thing");
    fs::write(repository.path().join("a.toml"), renamed).expect("a file can be written");
    repository.commit("the merge renames 3");
    let found = repository.changes(&["a.toml"]);
    let of_merge = found.iter().find(|(subject, _)| subject == "the merge renames 3").expect("the merge decides");
    assert_eq!(of_merge.1, ["renamed 3"], "{found:?}");
}

#[test]
fn a_document_is_followed_through_renames_and_while_it_is_away() {
    let mut repository = Repository::new();
    repository.write("first.toml", &[1, 2, 3, 4]);
    repository.commit("one");
    repository.git(&["mv", "first.toml", "second.toml"]);
    repository.write("second.toml", &[1, 2, 3, 4, 5]);
    repository.commit("two");
    repository.git(&["rm", "-q", "second.toml"]);
    repository.commit("away");
    repository.write("second.toml", &[1, 2, 3, 4, 5, 6]);
    repository.commit("back");
    let expected: &[(&str, &[&str])] =
        &[("one", &["table-added null"]), ("two", &["added 5"]), ("away", &[]), ("back", &["added 6"])];
    assert_eq!(repository.changes(&["second.toml"]), owned(expected));
    assert_eq!(repository.changes(&["second.toml", "--limit", "1"]), owned(&expected[3..]));
    assert_eq!(repository.changes(&["second.toml", "--since", "2020-04-01"]), owned(&expected[3..]));
    assert_eq!(repository.changes(&["second.toml", "--min", "major"]), owned(&[]));
    assert_eq!(repository.changes(&["second.toml", "--table", "opcodes"]).len(), 4);
    let run = repository.history(&["second.toml", "--table", "other"]).ends(2);
    assert!(run.stderr.contains("no version of the pages has a table `other`"), "{}", run.stderr);
    let run = repository.history(&["second.toml", "-v"]).ends(0);
    assert!(run.stdout.contains("Ann Author") && run.stdout.contains("renamed first.toml to second.toml"), "{}", run.stdout);
}

#[test]
fn a_table_that_moves_to_another_document_is_the_same_table() {
    let mut repository = Repository::new();
    repository.write("a.toml", &[1, 2]);
    repository.commit("one");
    fs::create_dir(repository.path().join("b")).expect("a folder can be made");
    repository.git(&["mv", "a.toml", "b/a.toml"]);
    repository.write("b/a.toml", &[1, 2, 3]);
    repository.commit("moved");
    let expected: &[(&str, &[&str])] = &[("one", &["table-added null"]), ("moved", &["added 3"])];
    assert_eq!(repository.changes(&["b/a.toml", "a.toml"]), owned(expected));
}

#[test]
fn a_missing_text_is_named_and_the_rest_goes_on() {
    let mut repository = Repository::new();
    for codes in [&[1][..], &[1, 2], &[1, 2, 3]] {
        repository.write("a.toml", codes);
        repository.commit(&format!("{} codes", codes.len()));
    }
    let object = repository.git(&["rev-parse", "HEAD~1:a.toml"]);
    let file = repository.path().join(".git/objects").join(&object[..2]).join(&object[2..]);
    let mut permissions = fs::metadata(&file).expect("a loose object").permissions();
    #[allow(clippy::permissions_set_readonly_false, reason = "the file is deleted next")]
    permissions.set_readonly(false);
    fs::set_permissions(&file, permissions).expect("it can be changed");
    fs::remove_file(file).expect("it can be removed");
    let run = repository.history(&["a.toml"]).ends(1);
    assert!(run.stderr.contains("the clone lacks the text of a.toml"), "{}", run.stderr);
    assert!(run.stdout.contains("1 codes") && run.stdout.contains("3 codes"), "{}", run.stdout);
}

#[test]
fn a_shallow_clone_says_so() {
    let mut repository = Repository::new();
    for codes in [&[1][..], &[1, 2], &[1, 2, 3]] {
        repository.write("a.toml", codes);
        repository.commit(&format!("{} codes", codes.len()));
    }
    let clone = tempfile::tempdir().expect("a temporary folder");
    let from = format!("file://{}", repository.path().display());
    repository.git(&["clone", "-q", "--depth", "2", &from, &clone.path().display().to_string()]);
    let run = xtask(&["history", &clone.path().display().to_string(), "a.toml"]).ends(0);
    assert!(run.stderr.contains("the clone is shallow"), "{}", run.stderr);
    assert!(run.stdout.contains("3 codes") && !run.stdout.contains("1 codes"), "{}", run.stdout);
}

#[test]
fn dates_are_written_into_the_tables() {
    let mut repository = Repository::new();
    for codes in [&[1, 2][..], &[1, 2, 3], &[1, 3], &[1, 3, 4]] {
        repository.write("opcodes.toml", codes);
        repository.commit("codes");
    }
    let codes = repository.path().join("codes/x/v1");
    fs::create_dir_all(&codes).expect("a folder can be made");
    let mut table =
        document("Opcodes", &[1, 2, 3, 4]).replace("name = \"Code 2\"\n", "name = \"Code 2\"\nstatus = \"removed\"\n");
    for code in 1..=4 {
        let named = format!("value = {code}\n");
        table = table.replace(&named, &format!("{named}ident = \"C{code}\"   # ours\nsummary = \"S.\"\n"));
    }
    let table = table.replace('\n', "\r\n");
    fs::write(codes.join("opcodes.toml"), &table).expect("it can be written");
    let run = || repository.history(&["opcodes.toml", "--into", "x/v1", "--codes", "codes"]).ends(0);
    assert!(run().stdout.contains("1 file changed"));
    let written = fs::read_to_string(codes.join("opcodes.toml")).expect("it can be read");
    let row = |code: u32| {
        let text = written.split("[[code]]").nth(code as usize).expect("a row").to_owned();
        text.lines().filter(|line| line.starts_with("since") || line.starts_with("until")).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(row(1), "since = 2020-01-01");
    assert_eq!(row(2), "since = 2020-01-01 until = 2020-03-01");
    assert_eq!(row(3), "since = 2020-02-01");
    assert_eq!(row(4), "since = 2020-04-01");
    assert_eq!(written.matches("# ours").count(), 4);
    assert_eq!(written.matches('\n').count(), written.matches("\r\n").count(), "line ends stay");
    let _ = run();
    assert_eq!(fs::read_to_string(codes.join("opcodes.toml")).expect("it can be read"), written, "a second run changes nothing");
}

/// The rows of a table: the number or the range of each, and the names that it has there, of which `~` marks a removed one.
fn rows<'a>(rows: impl IntoIterator<Item = (&'a str, &'a str)>) -> String {
    let row = |(number, name): (&str, &str)| {
        let (name, more) = name.split_once('\n').unwrap_or((name, ""));
        let status = if name.starts_with('~') { "status = \"removed\"\n" } else { "" };
        let name = name.trim_start_matches('~');
        let ident = format!("ident = \"{name}{number}\"\n");
        let number = if number.starts_with('[') { format!("range = {number}\n") } else { format!("value = {number}\n{ident}") };
        format!("[[code]]\n{number}name = \"{name}\"\nsummary = \"S.\"\n{more}\n{status}")
    };
    let each = |(number, names): (&'a str, &'a str)| {
        names.split(", ").filter(|name| !name.is_empty()).map(move |name| row((number, name)))
    };
    rows.into_iter().flat_map(each).collect()
}

/// The dates of the rows of a table, after three versions of a page that is called `page`, each with its title.
fn dates_of(page: &str, own: &str, versions: [(&str, &str); 3]) -> Vec<String> {
    let table = |title: &str, rows: &str| document(title, &[]).replace("\"opcodes\"", "\"error-codes\"") + rows;
    let mut repository = Repository::new();
    for (title, rows) in versions {
        fs::write(repository.path().join(page), table(title, rows)).expect("a page");
        repository.commit("codes");
    }
    let codes = repository.path().join("codes/x/v1");
    fs::create_dir_all(&codes).expect("a folder");
    fs::write(codes.join("t.toml"), table("Codes", own)).expect("a table");
    let _ = repository.history(&[page, "--into", "x/v1", "--codes", "codes"]);
    let written = fs::read_to_string(codes.join("t.toml")).expect("a table");
    let is_date = |line: &&str| line.starts_with("since") || line.starts_with("until");
    let dates = |row: &str| row.lines().filter(is_date).collect::<Vec<_>>().join(", ").replace(" = ", " ");
    written.split("[[code]]").skip(1).map(dates).collect()
}

/// Commits may have dates in another order than their own.
#[test]
fn no_code_ends_before_it_begins() {
    let mut repository = Repository::new();
    repository.month = 5;
    for codes in [&[1, 2][..], &[1]] {
        repository.write("opcodes.toml", codes);
        repository.commit("codes");
        repository.month = 1;
    }
    let codes = repository.path().join("codes/x/v1");
    fs::create_dir_all(&codes).expect("a folder can be made");
    let table = document("Opcodes", &[1, 2]).replace("name = \"Code 2\"\n", "name = \"Code 2\"\nstatus = \"removed\"\n");
    let table = [1, 2].iter().fold(table, |table, code| {
        table.replace(&format!("value = {code}\n"), &format!("value = {code}\nident = \"C{code}\"\nsummary = \"S.\"\n"))
    });
    fs::write(codes.join("opcodes.toml"), table).expect("it can be written");
    let _ = repository.history(&["opcodes.toml", "--into", "x/v1", "--codes", "codes"]).ends(0);
    let written = fs::read_to_string(codes.join("opcodes.toml")).expect("it can be read");
    assert_eq!(written.matches("since = 2020-06-01").count(), 2, "{written}");
    assert!(!written.contains("until"), "{written}");
}

/// What three versions of a page have at a number, what the table has there, and the dates that it gets.
type Dated = (&'static str, [&'static str; 3], &'static str, &'static [&'static str]);

#[test]
fn each_code_has_the_dates_on_which_pages_had_it() {
    let cases: [Dated; 16] = [
        ("1", ["A", "B", "B"], "B", &["since 2020-01-01"]),
        ("2", ["A", "", "A"], "A", &["since 2020-01-01"]),
        ("3", ["A", "", "B"], "B", &["since 2020-03-01"]),
        ("4", ["A", "", ""], "~A", &["since 2020-01-01, until 2020-02-01"]),
        // The pages never had it.
        ("5", ["A", "", ""], "~B", &[""]),
        // The number of a code that is struck through has another code, unless another number or name is struck through.
        ("6", ["Old", "~Old, New", "~Old, New"], "~Old, New", &["since 2020-01-01, until 2020-02-01", "since 2020-02-01"]),
        ("7", ["Old", "New", "New"], "New", &["since 2020-01-01"]),
        ("70", ["", "~Old", "~Old"], "", &[]),
        ("8", ["Old", "~Other, New", "~Other, New"], "New", &["since 2020-01-01"]),
        // What is written stays if it is earlier.
        ("9", ["A", "A", "A"], "A\nsince = 2019-12-31 # Before.", &["since 2019-12-31 # Before."]),
        ("10", ["A", "A", "A"], "A\nsince = \"2019-12\"", &["since \"2019-12\""]),
        ("11", ["A", "A", "A"], "A\nsince = 2020-01-02 # Later.", &["since 2020-01-01 # Later."]),
        ("12", ["A", "A", "A"], "A\nsince = \"2020-02\"", &["since 2020-01-01"]),
        ("[100, 109]", ["Range", "Range", "Range"], "Range", &["since 2020-01-01"]),
        ("[110, 119]", ["", "", "Range"], "Range", &["since 2020-03-01"]),
        ("110", ["", "Range", "Range"], "Range", &["since 2020-02-01"]),
    ];
    let version = |at: usize| rows(cases.iter().map(|(number, names, ..)| (*number, names[at])));
    let versions = [0, 1, 2].map(version);
    let own = rows(cases.iter().map(|(number, _, own, _)| (*number, *own)));
    let expected: Vec<&str> = cases.iter().flat_map(|(.., dates)| *dates).copied().collect();
    assert_eq!(dates_of("page.toml", &own, versions.each_ref().map(|rows| ("Codes", rows.as_str()))), expected);
}

#[test]
fn a_version_that_says_nothing_of_a_table_removes_nothing() {
    let [a, b, z] = [("1", "A"), ("1", "B"), ("2", "Z")].map(|row| rows([row]));
    let unread = format!("{z}[[code]]\nname = \"No number\"\n");
    for (page, title, second, since) in [
        ("page.toml", "Codes", &z, "since 2020-03-01"),
        ("page.toml", "Codes", &unread, "since 2020-01-01"),
        ("page.toml", "Other", &z, "since 2020-01-01"),
        ("t.toml", "Other", &z, "since 2020-03-01"),
    ] {
        let versions = [("Codes", a.as_str()), (title, second), ("Codes", &b)];
        assert_eq!(dates_of(page, &b, versions), [since], "{page} {title}\n{second}");
    }
}

#[test]
fn a_page_is_named_from_the_root_of_the_repository() {
    let mut repository = Repository::new();
    fs::create_dir(repository.path().join("pages")).expect("a folder can be made");
    repository.write("first.toml", &[1]);
    repository.commit("one");
    repository.git(&["mv", "first.toml", "pages/a.toml"]);
    repository.commit("moved");
    repository.write("pages/a.toml", &[1, 2]);
    repository.commit("two");
    let whole = repository.history(&["pages/a.toml"]).ends(0).stdout;
    assert!(whole.contains("one (") && whole.contains("two ("), "{whole}");
    let inside = xtask_in(&repository.path().join("pages"), &["history", ".", "pages/a.toml"]).ends(0).stdout;
    assert_eq!(inside, whole);
}

#[test]
fn each_page_that_no_commit_has_is_named() {
    let mut repository = Repository::new();
    repository.write("a.toml", &[1]);
    repository.commit("one");
    for pages in [&["a.toml", "b.toml"][..], &["b.toml", "a.toml"], &["b.toml", "c.toml"]] {
        let run = repository.history(pages).ends(1);
        for page in pages {
            assert_eq!(run.stderr.contains(&format!("has `{page}`")), *page != "a.toml", "{}", run.stderr);
        }
    }
    // What says which commits to print does not say which dates to write.
    let _ = repository.history(&["a.toml", "--into", "x/v1", "--since", "2020-01-01"]).ends(2);
}

/// Whatever characters are in the name of a page.
#[test]
fn a_page_with_an_odd_name_has_a_history() {
    let mut repository = Repository::new();
    let names = ["a\"b.toml", "c\td.toml", "e\nf.toml", "g\u{1b}[31m.toml", "*.toml", ":(top)h.toml", "i\u{202e}.toml"];
    for codes in [&[1][..], &[1, 2]] {
        for name in names {
            repository.write(name, codes);
        }
        repository.commit(&format!("{} codes", codes.len()));
    }
    for name in names {
        assert_eq!(
            repository.changes(&[name]),
            owned(&[("1 codes", &["table-added null"]), ("2 codes", &["added 2"])]),
            "{name:?}"
        );
        let run = repository.history(&[name]).ends(0);
        assert!(!(run.stdout + &run.stderr).contains(['\u{1b}', '\u{202e}', '\t']), "{name:?}");
    }
}

/// The newest commits are those of the latest dates, also where a branch with older ones was merged.
#[test]
fn the_newest_commits_are_newest_by_their_dates() {
    let mut repository = Repository::new();
    repository.write("a.toml", &[1, 5, 9, 20, 30, 40]);
    repository.commit("base");
    repository.git(&["checkout", "-q", "-b", "side"]);
    repository.write("a.toml", &[1, 3, 5, 9, 20, 30, 40]);
    repository.commit("side, of February");
    repository.git(&["checkout", "-q", "main"]);
    repository.write("a.toml", &[1, 5, 9, 20, 30, 37, 40]);
    repository.commit("main, of March");
    repository.month += 1;
    repository.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    for (limit, newest) in [("1", "main, of March"), ("2", "side, of February")] {
        let found = repository.changes(&["a.toml", "--limit", limit]);
        assert!(found.len().to_string() == limit && found.iter().any(|(subject, _)| subject == newest), "{found:?}");
    }
}

#[test]
fn bad_input_gets_a_clear_error() {
    let mut repository = Repository::new();
    fs::create_dir(repository.path().join("pages")).expect("a folder can be made");
    repository.write("pages/a.toml", &[1]);
    repository.commit("one");
    assert!(repository.history(&["pages"]).ends(2).stderr.contains("is a folder"));
    let run = repository.history(&["pages/b.toml"]).ends(1);
    assert!(run.stderr.contains("did you mean `pages/a.toml`?"), "{}", run.stderr);
    assert!(repository.history(&["pages/a.toml", "--into", "x/v9", "--codes", "codes"]).ends(2).stderr.contains("x/v9"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    assert!(xtask(&["history", &folder.path().display().to_string(), "a.md"]).ends(2).stderr.contains("not a repository"));
}
