//! What a release needs: which crates it uploads, workflows that can be read, and the commit that a program names.

use std::fs;
use std::process::Command;

use wirecodes_tests::{Run, root};

fn table(path: &str) -> toml::Table {
    fs::read_to_string(root().join(path)).expect("a manifest").parse().expect("TOML")
}

/// One version for all, and each crate after those that it needs.
#[test]
fn a_release_uploads_each_crate_that_may_be_published() {
    let workspace = table("Cargo.toml")["workspace"].clone();
    let members = workspace["members"].as_array().expect("members").iter().map(|member| member.as_str().expect("a folder"));
    let mut crates: Vec<toml::Table> = members.map(|member| table(&format!("{member}/Cargo.toml"))).collect();
    crates.retain(|manifest| manifest["package"].get("publish").is_none());
    let name = |manifest: &toml::Table| manifest["package"]["name"].as_str().expect("a name").to_owned();
    let names: Vec<String> = crates.iter().map(name).collect();
    let workflow = fs::read_to_string(root().join(".github/workflows/release.yml")).expect("the workflow");
    let line = workflow.lines().find_map(|line| line.trim().strip_prefix("CRATES: ")).expect("the list of crates");
    let released: Vec<&str> = line.split(' ').collect();
    let at = |name: &str| released.iter().position(|released| *released == name);
    for manifest in &crates {
        let own = at(&name(manifest)).unwrap_or_else(|| panic!("{} is not released", name(manifest)));
        for needed in names.iter().filter(|needed| manifest["dependencies"].get(needed.as_str()).is_some()) {
            assert!(at(needed) < Some(own), "{needed} is needed before {}", name(manifest));
        }
    }
    assert_eq!(released.len(), crates.len(), "{released:?}");
    let version = &workspace["package"]["version"];
    assert_eq!(&table("codes/crate.toml")["version"], version);
    assert_eq!(&workspace["dependencies"]["wirecodes-codegen"]["version"], version);
}

/// A colon in a text without quotes makes a key of what is before it, and the file none that a server reads.
#[test]
fn a_text_with_a_colon_is_in_quotes() {
    for entry in fs::read_dir(root().join(".github/workflows")).expect("the workflows") {
        let path = entry.expect("a workflow").path();
        for line in fs::read_to_string(&path).expect("a workflow").lines() {
            let Some((_, text)) = line.split_once("run: ").or_else(|| line.split_once("description: ")) else { continue };
            assert!(
                text.starts_with(['\'', '"', '|', '{']) || !text.contains(": ") && !text.ends_with(':'),
                "{}: {line}",
                path.display()
            );
        }
    }
}

/// The tables of a folder that is no repository, or that were changed, have no commit.
#[test]
fn a_program_names_the_commit_of_its_tables() {
    let folder = tempfile::tempdir().expect("a folder");
    let [package, around, build] = ["around/package", "around", "build"].map(|path| folder.path().join(path));
    fs::create_dir_all(&package).expect("a folder");
    fs::create_dir_all(around.join("codes")).expect("a folder");
    let run = |command: &mut Command| Run::of(&command.output().expect("it runs")).ends(0).stdout;
    let rustc = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".to_owned());
    let mut compile = Command::new(rustc);
    compile.args(["--edition", "2024", "-o"]).arg(&build).arg(root().join("xtask/build.rs"));
    run(compile.env("CARGO_MANIFEST_DIR", &package));
    let revision = || {
        let mut command = Command::new(&build);
        command.current_dir(&package).env("OUT_DIR", folder.path()).env("PROFILE", "release");
        run(&mut command).lines().find_map(|line| Some(line.split_once("REVISION_OF_TABLES=")?.1.to_owned()))
    };
    let git = |line: &str| {
        let command = format!("git -c user.name=A -c user.email=a@example.org {line}");
        run(Command::new("sh").args(["-c", &command]).current_dir(&around)).trim().to_owned()
    };
    assert_eq!(revision(), None, "no repository");
    git("init --quiet");
    git("commit --quiet --allow-empty --message first");
    assert_eq!(revision(), Some(git("rev-parse HEAD")), "the repository of the tables");
    fs::write(around.join("codes/new.toml"), "").expect("a table");
    assert_eq!(revision(), None, "a table that was not committed");
}
