//! `cargo xtask codegen`, run as its users do.

use std::fs;
use std::path::Path;

use wirecodes_tests::{Run, copy_of, files, installed_in, root, xtask};

fn codegen(codes: &Path, out: &Path, check: bool) -> Run {
    let (codes, out) = (codes.display().to_string(), out.display().to_string());
    let mut arguments = vec!["codegen", "--codes", &codes, "--out", &out];
    arguments.extend(check.then_some("--check"));
    xtask(&arguments)
}

/// A folder of tables, and the crate that is generated from it.
fn generated() -> (tempfile::TempDir, tempfile::TempDir) {
    let (codes, out) = (copy_of("tests/fixture"), tempfile::tempdir().unwrap());
    let _ = codegen(codes.path(), out.path(), false).ends(0);
    (codes, out)
}

#[test]
fn the_committed_crate_is_what_the_tables_say() {
    let run = xtask(&["codegen", "--check"]).ends(0);
    assert!(run.stdout.contains("up to date"), "{}", run.stdout);
}

/// Runs a program as after `cargo install --path xtask`: far from the repository, and not run by cargo.
fn installed(program: &Path, folder: &Path, arguments: &[&str]) -> Run {
    let mut command = std::process::Command::new(program);
    Run::of(&command.args(arguments).current_dir(folder).env_remove("CARGO_MANIFEST_DIR").output().unwrap())
}

#[test]
fn an_installed_program_has_the_tables_of_its_build() {
    let (home, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let program = installed_in(home.path());
    let run = |line: &str| installed(&program, other.path(), &line.split(' ').collect::<Vec<_>>());
    let ops = "enum Op { Dispatch = 0, Heartbeat = 1, Identify = 2, PresenceUpdate = 3, VoiceStateUpdate = 4, Resume = 6 }";
    fs::write(other.path().join("op.rs"), ops).unwrap();
    for (line, printed) in [
        ("audit op.rs", "missing"),
        ("explain 4014 voice", "VoiceCloseCode::Disconnected"),
        ("diff discord/v6 discord/v10", "DisallowedIntents"),
        ("vendor copy --only discord/v10/gateway-close-codes", "added    copy/src/discord/v10"),
        ("vendor copy --check", "up to date"),
        ("vendor copy --check --offline", "as it was written"),
        ("--version", "(tables of 20"),
        ("explain --help", "wirecodes explain 4014"),
        ("completions bash", "_wirecodes()"),
    ] {
        let run = run(line).ends(0);
        assert!(run.stdout.contains(printed) && !run.stdout.contains("xtask explain"), "{line}: {}", run.stdout);
    }
    let error = run("diff discord/v6 discord/v11").ends(2).stderr;
    assert!(error.contains("did you mean `discord/v10`?"), "{error}");
    let before = files(other.path());
    for line in ["codegen", "import op.rs --into chat/v1", "update", "version", "history . page.md --into discord/v10"] {
        let error = run(line).ends(1);
        assert!(error.stdout.is_empty() && error.stderr.contains("name one with `--codes`"), "{line}: {}", error.stderr);
    }
    assert_eq!(files(other.path()), before);
}

#[test]
fn an_installed_program_takes_the_tables_around_it() {
    let home = tempfile::tempdir().unwrap();
    let (program, other) = (installed_in(home.path()), home.path().join("other"));
    fs::create_dir(&other).unwrap();
    let tables = copy_of("tests/fixture");
    fs::rename(tables.path(), other.join("codes")).unwrap();
    let below = other.join("a/b");
    fs::create_dir_all(&below).unwrap();
    let _ = installed(&program, &below, &["codegen"]).ends(0);
    assert!(other.join("generated/Cargo.toml").is_file());
    assert!(installed(&program, &below, &["explain", "4001"]).ends(0).stdout.contains("chat::"));
}

#[test]
fn two_runs_into_two_folders_write_the_same_bytes() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let codes = copy_of("codes");
    let _ = codegen(codes.path(), one.path(), false).ends(0);
    let _ = codegen(&root().join("codes"), two.path(), false).ends(0);
    assert_eq!(files(one.path()), files(two.path()));
    assert_eq!(files(one.path()), files(&root().join("generated")));
    let again = codegen(codes.path(), one.path(), false).ends(0);
    assert!(again.stdout.contains("up to date"), "{}", again.stdout);
}

#[test]
fn a_changed_table_is_found() {
    let (codes, out) = generated();
    let table = codes.path().join("chat/v2/opcodes.toml");
    let text = fs::read_to_string(&table).unwrap();
    fs::write(&table, text.replace("name = \"Hello\"", "name = \"Good day\"")).unwrap();
    let before = files(out.path());
    let run = codegen(codes.path(), out.path(), true).ends(1);
    assert!(run.stdout.contains("changed") && run.stdout.contains("opcodes.rs"), "{}", run.stdout);
    assert!(run.stdout.contains('+') && run.stdout.contains("Good day"), "no difference is printed:\n{}", run.stdout);
    assert!(run.stderr.contains("run `cargo xtask codegen --codes"), "no fix is printed:\n{}", run.stderr);
    assert_eq!(files(out.path()), before, "--check has written");
}

#[test]
fn changed_missing_and_stale_files_are_found_and_fixed() {
    let (codes, out) = generated();
    fs::write(out.path().join("src/chat.rs"), "// @generated by `cargo xtask codegen`: edited\n").unwrap();
    fs::remove_file(out.path().join("src/ws.rs")).unwrap();
    fs::remove_file(codes.path().join("schema.json")).unwrap();
    fs::remove_dir_all(codes.path().join("phone")).unwrap();
    let run = codegen(codes.path(), out.path(), true).ends(1);
    for line in ["changed  ", "missing  ", "stale    "] {
        assert!(run.stdout.contains(line), "{line} is not reported:\n{}", run.stdout);
    }
    assert!(run.stdout.contains("schema.json"), "{}", run.stdout);
    assert!(!out.path().join("src/ws.rs").exists(), "--check has written");
    let _ = codegen(codes.path(), out.path(), false).ends(0);
    assert!(!out.path().join("src/phone").exists(), "a removed table leaves its folder");
    assert!(!out.path().join("docs/phone").exists(), "a removed table leaves its page");
    let _ = codegen(codes.path(), out.path(), true).ends(0);
}

#[test]
fn a_file_that_was_not_generated_is_an_error_and_stays() {
    let (codes, out) = generated();
    let foreign = out.path().join("src/mine.rs");
    fs::write(&foreign, "fn mine() {}\n").unwrap();
    fs::write(out.path().join(".DS_Store"), "left by another program").unwrap();
    fs::remove_file(out.path().join("src/ws.rs")).unwrap();
    for check in [true, false] {
        let run = codegen(codes.path(), out.path(), check).ends(1);
        assert!(run.stdout.contains("foreign  ") && run.stdout.contains("mine.rs"), "{}", run.stdout);
        assert!(!run.stdout.contains(".DS_Store"), "{}", run.stdout);
        assert!(run.stderr.contains("move them"), "{}", run.stderr);
        assert_eq!(fs::read_to_string(&foreign).unwrap(), "fn mine() {}\n");
        assert!(!out.path().join("src/ws.rs").exists(), "written beside a foreign file");
    }
}

#[test]
fn a_wrong_table_changes_nothing() {
    let (codes, out) = generated();
    fs::write(codes.path().join("chat/v2/opcodes.toml"), "title = \"Opcodes\"\n").unwrap();
    let before = files(out.path());
    let run = codegen(codes.path(), out.path(), false).ends(1);
    assert!(run.stderr.contains("opcodes.toml") && run.stderr.contains("are missing"), "{}", run.stderr);
    assert_eq!(files(out.path()), before);
}

#[test]
fn a_folder_without_tables_is_an_error() {
    let out = tempfile::tempdir().unwrap();
    let run = codegen(&out.path().join("nowhere"), out.path(), false).ends(1);
    assert!(run.stderr.contains("cannot read the folder") && run.stderr.contains("--codes"), "{}", run.stderr);
    assert_eq!(files(out.path()), []);
}

#[test]
fn an_unchanged_file_keeps_its_time() {
    let (codes, out) = generated();
    let times = || -> Vec<_> {
        let files = files(out.path()).into_iter().map(|(path, _)| path);
        files.map(|path| (path.clone(), fs::metadata(out.path().join(path)).unwrap().modified().unwrap())).collect()
    };
    let before = times();
    fs::write(out.path().join("src/ws.rs"), "// @generated by `cargo xtask codegen`\n").unwrap();
    let _ = codegen(codes.path(), out.path(), false).ends(0);
    let changed: Vec<_> =
        before.into_iter().zip(times()).filter(|(before, after)| before != after).map(|(before, _)| before.0).collect();
    assert_eq!(changed, ["src/ws.rs"]);
}

#[test]
fn licences_of_the_repository_and_the_crate_are_equal() {
    for file in ["LICENSE-MIT", "LICENSE-APACHE"] {
        let text = |folder: &str| fs::read_to_string(root().join(folder).join(file)).unwrap();
        assert_eq!(text("."), text("codegen/runtime"), "{file}");
        assert_eq!(text("."), text("generated"), "{file}");
    }
    let notice = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    assert_eq!(notice("NOTICE"), notice("codes/NOTICE"));
    assert_eq!(notice("NOTICE"), notice("generated/NOTICE"));
}

#[test]
fn bad_usage_exits_with_2() {
    let _ = xtask(&["codegen", "--chek"]).ends(2);
    let _ = xtask(&["no-such-command"]).ends(2);
    let help = xtask(&["codegen", "--help"]).ends(0);
    assert!(help.stdout.contains("Examples:"), "{}", help.stdout);
}

/// The crate would be read as tables there, and the tables as files that were not generated.
#[test]
fn a_folder_among_the_tables_is_no_output() {
    let codes = copy_of("tests/fixture");
    let before = files(codes.path());
    for folder in ["", "chat", "new/crate", "chat/v2/../..", "../not-there/../CODES/new"] {
        let folder = folder.replace("CODES", &codes.path().file_name().unwrap().to_string_lossy());
        let folder = codes.path().join(folder);
        let run = codegen(codes.path(), &folder, false).ends(1);
        assert!(run.stderr.contains("is inside the folder of tables"), "{}", run.stderr);
        let [folder, tables] = [&folder, codes.path()].map(|path| path.display().to_string());
        let run = xtask(&["vendor", &folder, "--codes", &tables]).ends(2);
        assert!(run.stderr.contains("is inside the folder of tables"), "{}", run.stderr);
        assert!(files(codes.path()) == before, "{folder}");
    }
}
