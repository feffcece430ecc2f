//! A repository of pages through its history, commit by commit: each update ends as it should, a second one touches no file, and
//! what it says is what `diff` says of the tables before and after. From a full clone and from a partial one.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;
use wirecodes_tests::{Run, files, xtask_in};

const HEAD: &str = "| Code | Name | Description | Reconnect |\n|---|---|---|---|\n";

/// Rows of codes, of which some are not to be reconnected after.
fn rows(codes: impl IntoIterator<Item = u32>) -> String {
    let row = |code: u32| format!("| {code} | Code {code} | It means {code}. | {} |\n", !code.is_multiple_of(5));
    codes.into_iter().map(row).collect()
}

fn page(body: &str) -> String {
    format!("# Codes\n\n## Gateway Close Codes\n\n{body}")
}

/// A repository of a page, and tables that are read from it.
struct History {
    folder: TempDir,
    day: u32,
}

/// What one commit does to the repository, and how the update after it ends.
type Step = (&'static str, fn(&History), i32, &'static str);

impl History {
    fn new() -> Self {
        let history = Self { folder: tempfile::tempdir().expect("a folder"), day: 1 };
        fs::create_dir_all(history.path("docs")).expect("a folder");
        history.git("init -q -b main .");
        history.git("config uploadpack.allowFilter true");
        history
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path("docs").join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a page can be written");
    }

    fn git(&self, line: &str) -> String {
        let date = format!("2026-02-{:02}T12:00:00Z", self.day);
        let command = format!("git -c user.name=A -c user.email=a@example.org -c commit.gpgsign=false {line}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &command]).current_dir(self.path("docs"));
        let run = Run::of(&shell.env("GIT_COMMITTER_DATE", &date).env("GIT_AUTHOR_DATE", &date).output().expect("git runs"));
        assert_eq!(run.code, 0, "{line}: {}", run.stderr);
        run.stdout.trim().to_owned()
    }

    fn commit(&mut self, message: &str) {
        self.day += 1;
        self.git("add -A");
        self.git(&format!("commit -q --allow-empty -m '{message}'"));
    }

    fn tables(&self) -> BTreeMap<String, Vec<u8>> {
        files(&self.path("codes")).into_iter().collect()
    }

    fn run(&self, arguments: &[&str]) -> Run {
        xtask_in(self.folder.path(), arguments)
    }

    /// Updates from a clone, and compares what is said with the tables.
    fn update(&self, from: &str, ends: i32, says: &str) {
        let before = self.path("before");
        let _ = fs::remove_dir_all(&before);
        for (path, bytes) in self.tables() {
            fs::create_dir_all(before.join(&path).parent().expect("a folder")).expect("a folder can be made");
            fs::write(before.join(path), bytes).expect("a copy");
        }
        let update = ["update", "chat/v1", "--from", from, "--codes", "codes"];
        let run = self.run(&update);
        assert_eq!(run.code, ends, "{says}\n{}\n{}", run.stdout, run.stderr);
        let said = format!("{}{}", run.stdout, run.stderr);
        assert!(said.contains(says), "`{says}` is not in\n{said}");
        let diff = self.run(&["diff", "before", "codes", "--format", "markdown"]).ends(0).stdout;
        let summary = diff.lines().nth(2).expect("a summary");
        assert!(summary == "No change." || run.stdout.contains(summary), "diff says\n{summary}\nand update\n{}", run.stdout);
        let after = self.tables();
        let _ = self.run(&update);
        assert_eq!(self.tables(), after, "a second update changes a file");
    }
}

const STEPS: [Step; 9] = [
    (
        "add",
        |it| it.write("codes.md", &page(&format!("{HEAD}{}", rows([4000, 4001, 4002, 4003, 4005, 4006])))),
        0,
        "**added** 4006",
    ),
    ("rename", |it| drop(it.git("mv codes.md gateway.md")), 0, "up to date"),
    (
        "move and add",
        |it| {
            drop(it.git("mv gateway.md topics.md"));
            it.write("topics.md", &page(&format!("{HEAD}{}", rows([4000, 4001, 4002, 4003, 4005, 4006, 4007]))));
        },
        0,
        "**added** 4007",
    ),
    (
        "split",
        |it| {
            let parts = format!(
                "{HEAD}{}\nThere are more of them.\n\n{HEAD}{}",
                rows([4000, 4001, 4002]),
                rows([4003, 4005, 4006, 4007])
            );
            it.write("topics.md", &page(&parts));
        },
        0,
        "up to date",
    ),
    (
        "lose a column",
        |it| {
            let text = page(&format!("{HEAD}{}", rows([4000, 4001, 4002, 4003, 4005, 4006, 4007])));
            it.write("topics.md", &text.replace("| Reconnect |", "| Sure |"));
        },
        1,
        "lost-column",
    ),
    (
        "merge",
        |it| {
            it.git("checkout -q -b side HEAD~1");
            it.write("topics.md", &page(&format!("{HEAD}{}", rows([4000, 4001, 4002, 4003, 4005, 4006, 4007, 4010]))));
            it.git("commit -qam side");
            it.git("checkout -q main");
            it.git("merge -q -X theirs --no-ff -m merge side");
            it.write("topics.md", &page(&format!("{HEAD}{}", rows([4000, 4001, 4002, 4003, 4005, 4006, 4007, 4010]))));
        },
        0,
        "**added** 4010",
    ),
    (
        "remove a code",
        |it| it.write("topics.md", &page(&format!("{HEAD}{}", rows([4000, 4001, 4002, 4003, 4005, 4006, 4007])))),
        0,
        "**struck-out** 4010",
    ),
    ("remove the page", |it| drop(it.git("rm -q topics.md")), 1, "was deleted in"),
    (
        "bring it back",
        |it| it.write("topics.md", &page(&format!("{HEAD}{}", rows([4000, 4001, 4002, 4003, 4005, 4006, 4007, 4010])))),
        0,
        "**restored** 4010",
    ),
];

#[test]
fn each_commit_of_a_page_is_told_as_diff_tells_it() {
    for is_partial in [false, true] {
        let mut history = History::new();
        history.write("codes.md", &page(&format!("{HEAD}{}", rows([4000, 4001, 4002, 4003, 4005]))));
        history.commit("first");
        let revision = history.git("rev-parse --short=8 HEAD");
        let manifest = "name = \"some-codes\"\nversion = \"0.1.0\"\ndescription = \"Codes.\"\n";
        fs::create_dir_all(history.path("codes")).expect("a folder");
        fs::write(history.path("codes/crate.toml"), manifest).expect("a manifest");
        let import =
            ["import", "docs/codes.md", "--into", "chat/v1", "--codes", "codes", "--date", "2026-02-02", "--revision", &revision];
        let _ = history.run(&import).ends(0);
        let sources = history.path("codes/chat/v1/sources.toml");
        let text = fs::read_to_string(&sources).expect("the pages");
        fs::write(&sources, text.trim_end().to_owned() + "\nrepository = \"https://host.example/docs\"\npath = \"codes.md\"\n")
            .expect("it");
        for (what, change, ends, says) in STEPS {
            change(&history);
            history.commit(what);
            let clone = history.path("clone");
            let _ = fs::remove_dir_all(&clone);
            let filter = if is_partial { "--filter=blob:none" } else { "--quiet" };
            history.git(&format!("clone -q {filter} 'file://{}' '{}'", history.path("docs").display(), clone.display()));
            history.update(if is_partial { "clone" } else { "docs" }, ends, says);
        }
    }
}
