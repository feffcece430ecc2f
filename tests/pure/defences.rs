//! Each line of SECURITY.md holds because of a defence in the code, and names tests that fail without it.
//!
//! `tests/defences.toml` says for each line how its defence is switched off. That the list is whole, and fits the code, is tested
//! here always. The following command switches off each defence in a copy, and holds that the tests fail; it takes half an hour.
//! `DEFENCES=git.rs` tries those only whose file or line has that in it.
//!
//! ```text
//! cargo test --package wirecodes-tests --test pure defences:: -- --ignored --nocapture
//! ```

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;
use std::{env, fs};

use serde::Deserialize;
use wirecodes_tests::root;

#[derive(Deserialize)]
struct List {
    defence: Vec<Defence>,
}

/// How a defence is switched off.
#[derive(Deserialize)]
struct Defence {
    /// How the line of SECURITY.md begins.
    line: String,
    /// The file of the defence.
    file: String,
    /// Its text, which is there once.
    text: String,
    /// What is there without it.
    without: String,
    /// The tests that fail then.
    red: Vec<String>,
}

fn defences() -> Vec<Defence> {
    let list = fs::read_to_string(root().join("tests/defences.toml")).expect("the list");
    toml::from_str::<List>(&list).expect("a list of defences").defence
}

/// The lines of the page, each with the tests that it names.
fn lines() -> Vec<(String, Vec<String>)> {
    let page = fs::read_to_string(root().join("SECURITY.md")).expect("the page");
    let (_, holds) = page.split_once("## What holds").expect("what holds");
    let (holds, _) = holds.split_once("## What does not hold").expect("what does not hold");
    let lines = holds.split("\n- ").skip(1).map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    let tests = |line: &str| line.split('`').filter(|piece| piece.contains("::")).map(str::to_owned).collect();
    lines.map(|line| (line.clone(), tests(&line))).collect()
}

/// The package and the target of a module of tests, and its file.
fn home(module: &str) -> (&'static str, &'static [&'static str], PathBuf) {
    const HOMES: [(&str, &[&str], &str); 4] = [
        ("wirecodes-tests", &["--test", "pure"], "tests/pure"),
        ("wirecodes-tests", &["--test", "commands"], "tests/commands"),
        ("wirecodes-tests", &["--test", "crate"], "tests/crate"),
        ("wirecodes-gateway", &["--test", "clients"], "tests/gateway/tests"),
    ];
    let place = |folder: &str| root().join(folder).join(module).with_extension("rs");
    let found = HOMES.into_iter().map(|(package, target, folder)| (package, target, place(folder)));
    found.into_iter().find(|(.., file)| file.is_file()).unwrap_or_else(|| panic!("no module of tests is called {module}"))
}

/// Whether a module has a test, which may be in a file of the folder with its name.
fn is_test(file: &Path, name: &str) -> bool {
    let folder = fs::read_dir(file.with_extension("")).into_iter().flatten().flatten().map(|entry| entry.path());
    let texts = folder.chain([file.to_owned()]).filter_map(|path| fs::read_to_string(path).ok());
    texts.into_iter().any(|text| text.contains(&format!("fn {name}(")) && text.contains("#[test]"))
}

#[test]
fn each_line_has_its_defences_and_each_defence_is_there() {
    let (lines, defences) = (lines(), defences());
    for (line, tests) in &lines {
        let red: BTreeSet<&String> =
            defences.iter().filter(|one| line.starts_with(&one.line)).flat_map(|defence| &defence.red).collect();
        assert!(!red.is_empty(), "no defence of: {line}");
        assert_eq!(
            tests.iter().collect::<BTreeSet<_>>(),
            red,
            "the tests of this line, and those that its defences name: {line}"
        );
        for test in tests {
            let (module, name) = test.split_once("::").expect("a module and a name");
            assert!(is_test(&home(module).2, name), "there is no test `{test}`");
        }
    }
    for defence in &defences {
        let of_lines = lines.iter().filter(|(line, _)| line.starts_with(&defence.line)).count();
        assert_eq!(of_lines, 1, "the lines that begin with: {}", defence.line);
        let text = fs::read_to_string(root().join(&defence.file)).unwrap_or_else(|error| panic!("{}: {error}", defence.file));
        assert_eq!(text.matches(&defence.text).count(), 1, "how often {} has:\n{}", defence.file, defence.text);
        assert_ne!(defence.text, defence.without, "{}", defence.line);
    }
    assert!(lines.len() > 20, "only {} lines", lines.len());
}

#[test]
#[ignore = "it builds everything once for each defence"]
fn without_its_defence_no_line_holds() {
    let wanted = env::var("DEFENCES").unwrap_or_default();
    let copy = Copy::new();
    let mut unnoticed = Vec::new();
    for defence in defences().iter().filter(|one| one.line.contains(&wanted) || one.file.contains(&wanted)) {
        let (start, path) = (Instant::now(), copy.0.join(&defence.file));
        let text = fs::read_to_string(&path).expect("a file");
        fs::write(&path, text.replace(&defence.text, &defence.without)).expect("it can be written");
        let green: Vec<&String> = defence.red.iter().filter(|test| !copy.is_red(test)).collect();
        fs::write(&path, text).expect("it can be written");
        let verdict = if green.is_empty() { "red".to_owned() } else { format!("NOT RED: {green:?}") };
        eprintln!("{:>4} s  {verdict}  {}  {}", start.elapsed().as_secs(), defence.file, defence.line);
        if !green.is_empty() {
            unnoticed.push(format!("{} without\n{}\n{green:?}", defence.file, defence.text));
        }
    }
    assert!(unnoticed.is_empty(), "{}", unnoticed.join("\n\n"));
}

/// A copy of the repository, which is built in a folder of its own.
struct Copy(PathBuf);

impl Copy {
    fn new() -> Self {
        let tree = root().join("target/defences/tree");
        let _ = fs::remove_dir_all(&tree);
        let list = ["ls-files", "-z", "--cached", "--others", "--exclude-standard"];
        let listed = Command::new("git").args(list).current_dir(root()).output().expect("git runs").stdout;
        for path in String::from_utf8(listed).expect("paths").split_terminator('\0') {
            let (from, to) = (root().join(path), tree.join(path));
            fs::create_dir_all(to.parent().expect("a folder")).expect("it can be made");
            // What was deleted is listed until that is committed.
            if from.is_file() {
                // A file keeps its time, so that nothing is built again that is as it was.
                let copied = Command::new("cp").arg("-p").args([from, to]).status().expect("cp runs");
                assert!(copied.success(), "{path}");
            }
        }
        Self(tree)
    }

    /// Whether a test fails. One that cannot be built does not: then the defence is not switched off, but broken.
    fn is_red(&self, test: &str) -> bool {
        let (module, name) = test.split_once("::").expect("a module and a name");
        let (package, target, _) = home(module);
        let mut command = Command::new("timeout");
        command.args(["1800", "cargo", "test", "--package", package]).args(target).args(["--", "--include-ignored", name]);
        command.env("CARGO_TARGET_DIR", self.0.with_file_name("built")).env("CARGO_INCREMENTAL", "1").current_dir(&self.0);
        let output = command.output().expect("timeout runs");
        let printed = String::from_utf8_lossy(&output.stdout).into_owned();
        // A test that is a crate of its own has no module.
        let path = format!("{module}::");
        let is_it = |line: &str| line.ends_with(&format!("{name} ... FAILED")) && (line.contains(&path) || !line.contains("::"));
        let is_red = printed.lines().any(is_it);
        if !is_red {
            eprintln!("{printed}{}", String::from_utf8_lossy(&output.stderr));
        }
        is_red
    }
}
