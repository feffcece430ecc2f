//! What a command shows on a terminal while it goes on: one line, which is gone at the end.

use std::fs;
use std::process::Command;

use wirecodes_tests::{Run, skip, xtask_program};

const PAGE: &str = "# Codes\n\n###### Gateway Close Codes\n\n| Code | Description | Explanation |\n|---|---|---|\n| 4000 | Unknown error | Who knows. |\n";

/// What a terminal shows when all is printed: a return goes back to the start of the line.
fn shown(printed: &str) -> String {
    let line = |line: &str| {
        let mut shown: Vec<char> = Vec::new();
        for piece in line.split('\r') {
            let piece: Vec<char> = piece.chars().collect();
            shown = piece.iter().chain(shown.iter().skip(piece.len())).copied().collect();
        }
        shown.into_iter().collect::<String>().trim_end().to_owned()
    };
    printed.replace("\r\n", "\n").lines().map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn what_takes_long_says_how_far_it_is_and_leaves_nothing() {
    let folder = tempfile::tempdir().expect("a folder");
    let sh = |line: &str| Run::of(&Command::new("sh").args(["-c", line]).current_dir(&folder).output().expect("a shell"));
    if Command::new("script").arg("--version").output().is_err() {
        return skip("script is not installed");
    }
    for (path, text) in [("docs/page.md", PAGE), ("src/op.rs", "enum Op { Hello = 10 }\n")] {
        fs::create_dir_all(folder.path().join(path).parent().expect("a folder")).expect("it");
        fs::write(folder.path().join(path), text).expect("it");
    }
    fs::create_dir(folder.path().join("codes")).expect("it");
    let manifest = "name = \"some-codes\"\nversion = \"0.1.0\"\ndescription = \"Codes.\"\n";
    fs::write(folder.path().join("codes/crate.toml"), manifest).expect("it");
    let _ = sh("cd docs && git init -q && git add . && git -c user.name=A -c user.email=a@example.org commit -qm page").ends(0);
    let program = xtask_program().display().to_string();
    let _ = sh(&format!("'{program}' import docs/page.md --into test/v1 --codes codes --date 2020-01-01")).ends(0);
    let address = format!("file://{}", folder.path().join("docs").display());
    for (command, line) in [
        ("history docs page.md".to_owned(), "history: 1 of 1 versions".to_owned()),
        (format!("update test/v1 --codes codes --from {address}"), format!("update: page 1 of 1, from {address}")),
        ("audit src".to_owned(), "audit: 1 of 1 files".to_owned()),
    ] {
        let command = format!("NO_COLOR=1 COLUMNS=200 '{program}' {command}");
        let piped = sh(&command).ends(0);
        let printed = sh(&format!("script --quiet --return --command \"{command} > out\" /dev/null")).ends(0).stdout;
        assert!(printed.contains(&line), "{line}: {printed:?}");
        assert_eq!(shown(&printed).trim(), piped.stderr.trim(), "{printed:?}");
        assert!(!piped.stderr.contains(&line) && !piped.stderr.contains('\r'), "{piped:?}");
        assert_eq!(fs::read_to_string(folder.path().join("out")).expect("the result"), piped.stdout);
    }
}
