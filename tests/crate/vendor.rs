//! The generated crate in another project, and what the crate promises there.

use std::fs;
use std::path::Path;
use std::process::Command;

#[cfg(unix)]
use wirecodes_tests::installed_in;
use wirecodes_tests::{Run, copy_of, files, root, skip, xtask, xtask_in};

use wirecodes_tests::tables::{HEADER, row};

/// A path as commands print it.
fn shown(path: &Path) -> String {
    path.display().to_string().replace('\\', "/")
}

/// Runs `vendor` with the tables of the fixture.
fn vendor(folder: &Path, options: &[&str]) -> Run {
    let codes = root().join("tests/fixture").display().to_string();
    xtask(&[&["vendor", &folder.display().to_string(), "--codes", &codes], options].concat())
}

/// Runs cargo in a copy, without a network.
fn cargo(folder: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .current_dir(folder)
        .env("CARGO_NET_OFFLINE", "true")
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("vendor"))
        .env("RUSTFLAGS", "--deny warnings")
        .env("RUSTDOCFLAGS", "--deny warnings")
        .output()
        .unwrap();
    Run::of(&output)
}

/// The list of what is in a copy.
fn list_of(copy: &Path) -> toml::Table {
    fs::read_to_string(copy.join("VENDORED.toml")).unwrap().parse().unwrap()
}

/// The tables in a copy.
fn tables_of(copy: &Path) -> Vec<String> {
    let list = list_of(copy);
    list["table"].as_array().unwrap().iter().map(|table| table["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_copy_builds_by_itself_and_stays_up_to_date() {
    let home = tempfile::tempdir().unwrap();
    let copy = home.path().join("vendor/wirecodes");
    let _ = xtask(&["vendor", &copy.display().to_string()]).ends(0);
    let _ = cargo(&copy, &["check", "--all-features"]).ends(0);
    for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "NOTICE", "VENDORED.toml"] {
        assert!(copy.join(file).exists(), "{file} is missing");
    }
    // What cargo leaves there does not matter.
    assert!(copy.join("Cargo.lock").exists());
    let copy_path = copy.display().to_string();
    assert!(xtask(&["vendor", &copy_path, "--check"]).ends(0).stdout.contains("up to date"));
    let before = files(&copy);
    let _ = xtask(&["vendor", &copy_path]).ends(0);
    assert_eq!(files(&copy), before);
    // Of one table, with examples that use others as well.
    let _ = xtask(&["vendor", &copy_path, "--only", "discord/v10/gateway-close-codes"]).ends(0);
    for features in [&["--no-default-features"][..], &["--features", "std"], &["--no-default-features", "--features", "serde"]] {
        let _ = cargo(&copy, &[&["check"], features].concat()).ends(0);
    }
    let _ = cargo(&copy, &["doc", "--all-features", "--no-deps"]).ends(0);
    let _ = cargo(&copy, &["test", "--all-features"]).ends(0);
}

#[test]
fn a_part_has_what_it_needs_and_is_remembered() {
    let home = tempfile::tempdir().unwrap();
    let copy = home.path().join("part");
    let _ = vendor(&copy, &["--only", "chat/v2"]).ends(0);
    assert!(copy.join("src/ws/v1.rs").exists(), "the table that the close codes extend is missing");
    assert!(!copy.join("src/chat/v1.rs").exists() && !copy.join("src/phone.rs").exists());
    assert!(tables_of(&copy).iter().all(|table| !table.contains("v1/op")));
    let _ = cargo(&copy, &["check", "--all-features"]).ends(0);
    // Without --only the copy keeps its selection, and another selection changes it.
    assert!(vendor(&copy, &[]).ends(0).stdout.contains("up to date"));
    let _ = vendor(&copy, &["--only", "chat", "--only", "phone/v6", "--check"]).ends(1);
    let _ = vendor(&copy, &["--only", "chat", "--only", "phone/v6"]).ends(0);
    assert!(copy.join("src/chat/v1.rs").exists() && copy.join("src/phone/v6.rs").exists());
    let _ = vendor(&copy, &["--only", "phone"]).ends(0);
    assert!(copy.join("src/phone/v6.rs").exists() && !copy.join("src/chat").exists() && !copy.join("src/ws").exists());
    // One table alone comes with the one that it extends.
    let _ = vendor(&copy, &["--only", "chat/v2/close-codes"]).ends(0);
    assert_eq!(tables_of(&copy), ["chat/v2/close-codes", "ws/v1/close-codes"]);
    let _ = cargo(&copy, &["test", "--all-features"]).ends(0);
    let run = vendor(&copy, &["--only", "chat/v2/close-code"]).ends(2);
    assert!(run.stderr.contains("did you mean `chat/v2/close-codes`?"), "{}", run.stderr);
    let _ = vendor(&copy, &["--only", "phone"]).ends(0);
    let _ = cargo(&copy, &["test", "--all-features"]).ends(0);
    let user = home.path().join("user");
    fs::create_dir_all(user.join("src")).unwrap();
    write_manifest(&user, "2021", "example-codes = { path = \"../part\" }");
    let program = "fn main() { println!(\"{}\", example_codes::phone::v6::ErrorCode::SlowDown); }\n";
    fs::write(user.join("src/main.rs"), program).unwrap();
    assert_eq!(cargo(&user, &["run", "--quiet"]).ends(0).stdout, "Slow down\n");
}

/// A check against the list alone needs no tables, and finds what was edited, removed and added.
#[test]
fn a_copy_is_checked_without_the_tables() {
    let home = tempfile::tempdir().unwrap();
    let copy = home.path().join("copy");
    let check = || xtask_in(home.path(), &["vendor", "copy", "--check", "--offline"]);
    assert!(check().ends(2).stderr.contains("it is no copy"));
    let _ = vendor(&copy, &["--only", "phone"]).ends(0);
    assert!(check().ends(0).stdout.contains("copy is as it was written"));
    let file = copy.join("src/phone.rs");
    let text = fs::read_to_string(&file).unwrap();
    for (path, changed, said) in [(&file, "// mine\n", "edited   "), (&copy.join("src/mine.rs"), "", "foreign  ")] {
        fs::write(path, changed).unwrap();
        assert!(check().ends(1).stdout.contains(&format!("{said}copy/src/")), "{said}");
        fs::remove_file(path).unwrap();
        fs::write(&file, &text).unwrap();
    }
    fs::remove_file(&file).unwrap();
    assert!(check().ends(1).stdout.contains("missing  copy/src/phone.rs"));
    let _ = xtask(&["vendor", "copy", "--offline"]).ends(2);
}

/// The list names the commit of the tables, unless they differ from it; and a commit that changes no file changes no copy.
#[test]
fn a_copy_names_the_commit_of_its_tables() {
    let home = copy_of("tests/fixture");
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org"];
        let output = Command::new("git").args(identity).args(arguments).current_dir(home.path()).output().unwrap();
        Run::of(&output).ends(0).stdout.trim().to_owned()
    };
    let vendor = |name: &str, options: &[&str]| {
        let _ = xtask_in(home.path(), &[&["vendor", name, "--codes", "."], options].concat()).ends(0);
        list_of(&home.path().join(name)).get("revision").map(|revision| revision.as_str().unwrap().to_owned())
    };
    let out = tempfile::tempdir().unwrap();
    let copy = out.path().join("copy").display().to_string();
    assert_eq!(vendor(&copy, &[]), None, "in no repository");
    let _ = git(&["init", "-q"]);
    let _ = git(&["add", "-A"]);
    let _ = git(&["commit", "-qm", "tables"]);
    let (first, new) = (git(&["rev-parse", "HEAD"]), out.path().join("new").display().to_string());
    assert_eq!(vendor(&new, &[]), Some(first.clone()));
    let _ = git(&["commit", "-qm", "nothing", "--allow-empty"]);
    assert_eq!(vendor(&new, &["--check"]), Some(first));
    fs::write(home.path().join("README.md"), "# Changed\n").unwrap();
    assert_eq!(vendor(&new, &["--only", "chat"]), None, "the tables differ from the commit");
}

/// The advice is right in the project around the copy, wherever the command is run.
#[test]
fn the_advice_is_for_the_manifest_around_the_copy() {
    let home = tempfile::tempdir().unwrap();
    let home = home.path().canonicalize().unwrap();
    write_manifest(&home, "2021", "");
    let run = vendor(&home.join("vendor/codes"), &[]).ends(0);
    let line = format!("{}/Cargo.toml: example-codes = {{ path = \"vendor/codes\" }}", shown(&home));
    assert!(run.stderr.contains(&line), "{}", run.stderr);
    // A module needs a crate for the feature, whenever it is taken.
    let module = home.join("src/codes");
    assert!(!vendor(&module, &["--as-module"]).ends(0).stderr.contains("serde_core"));
    let run = vendor(&module, &["--with", "serde"]).ends(0);
    assert!(run.stderr.contains("Cargo.toml: serde_core = ") && !run.stderr.contains("mod codes"), "{}", run.stderr);
    assert!(!vendor(&module, &[]).ends(0).stderr.contains("serde_core"));
}

/// What a failed check advises makes the same check pass.
#[test]
fn a_check_advises_the_command_that_it_checks() {
    let home = tempfile::tempdir().unwrap();
    let (copy, codes) = (home.path().join("a copy"), root().join("tests/fixture"));
    let _ = vendor(&copy, &[]).ends(0);
    for options in [&["--only", "phone"][..], &["--only", "chat/v2", "--without", "serde"], &["--with", "serde"]] {
        let check = vendor(&copy, &[options, &["--check"]].concat()).ends(1);
        let help = check.stderr.split('`').find(|text| text.starts_with("cargo xtask ")).unwrap_or_else(|| panic!("{check:?}"));
        assert!(help.ends_with(&format!("--codes {}", shown(&codes))), "{help}");
        let words = help.replacen(&format!("'{}'", shown(&copy)), "COPY", 1);
        let words: Vec<&str> = words.split(' ').skip(2).collect();
        let copy = copy.display().to_string();
        let words: Vec<&str> = words.into_iter().map(|word| if word == "COPY" { copy.as_str() } else { word }).collect();
        let _ = xtask(&words).ends(0);
        let _ = vendor(Path::new(&copy), &[options, &["--check"]].concat()).ends(0);
    }
}

/// `cargo fmt` of an application, with the settings that rustfmt has by itself, leaves a copy as it is.
#[test]
fn a_copy_is_formatted_as_rustfmt_does() {
    let home = tempfile::tempdir().unwrap();
    fs::write(home.path().join("rustfmt.toml"), "").unwrap();
    for options in [&[][..], &["--only", "phone"]] {
        let copy = home.path().join("copy");
        let _ = vendor(&copy, options).ends(0);
        let _ = cargo(&copy, &["fmt", "--check"]).ends(0);
    }
}

#[test]
fn an_edition_may_be_selected_more_than_once() {
    let home = tempfile::tempdir().unwrap();
    let copies: Vec<_> = [&["chat/v2"][..], &["chat/v2", "chat/v2"], &["chat", "chat/v2"]]
        .into_iter()
        .enumerate()
        .map(|(at, only)| {
            let copy = home.path().join(at.to_string());
            let only: Vec<&str> = only.iter().flat_map(|name| ["--only", *name]).collect();
            let _ = vendor(&copy, &only).ends(0);
            files(&copy)
        })
        .collect();
    let without_list = |at: usize| copies[at].iter().filter(|(path, _)| path != "VENDORED.toml").collect::<Vec<_>>();
    assert!(without_list(0) == without_list(1));
    assert!(copies[2].iter().any(|(path, _)| path == "src/chat/v2.rs" || path.starts_with("src/chat/v2/")));
}

/// A selection has all that its editions need, however far away it is.
#[test]
fn what_is_extended_is_followed_to_its_end() {
    let home = tempfile::tempdir().unwrap();
    let extending = |edition: &str| format!("{HEADER}extends = \"s/{edition}/t\"\n{}", row(1, "A", ""));
    let tables = [("v1", format!("{HEADER}{}", row(1, "A", ""))), ("v2", extending("v1")), ("v3", extending("v2"))];
    for (edition, text) in &tables {
        fs::create_dir_all(home.path().join("codes/s").join(edition)).unwrap();
        fs::write(home.path().join("codes/s").join(edition).join("t.toml"), text).unwrap();
    }
    let manifest = "name = \"codes\"\nversion = \"0.1.0\"\ndescription = \"Codes.\"\n";
    fs::write(home.path().join("codes/crate.toml"), manifest).unwrap();
    let codes = home.path().join("codes").display().to_string();
    for (selected, editions) in [("s/v3", &["v1", "v2", "v3"][..]), ("s/v2", &["v1", "v2"]), ("s/v1", &["v1"])] {
        let copy = home.path().join(selected.replace('/', "-"));
        let _ = xtask(&["vendor", &copy.display().to_string(), "--codes", &codes, "--only", selected]).ends(0);
        let has = |edition: &str| files(&copy).iter().any(|(path, _)| path.starts_with(&format!("src/s/{edition}")));
        let found: Vec<&str> = ["v1", "v2", "v3"].into_iter().filter(|edition| has(edition)).collect();
        assert_eq!(found, editions, "{selected}");
    }
}

#[test]
fn edits_are_reported_and_other_files_never_touched() {
    let home = tempfile::tempdir().unwrap();
    let copy = home.path().join("copy");
    let _ = vendor(&copy, &["--only", "phone"]).ends(0);
    let edited = copy.join("src/phone.rs");
    let text = fs::read_to_string(&edited).unwrap();
    fs::write(copy.join("src/mine.rs"), "// mine\n").unwrap();
    fs::write(&edited, format!("{text}// My change\n")).unwrap();
    let before = files(&copy);
    for options in [&["--only", "phone"][..], &["--check"], &["--only", "ws"]] {
        let run = vendor(&copy, options).ends(1);
        assert!(run.stdout.contains("edited   ") && run.stdout.contains("-// My change"), "{}", run.stdout);
        assert!(run.stderr.contains("--force"), "{}", run.stderr);
        assert_eq!(files(&copy), before);
    }
    // What is overwritten is printed, also where the file is not of the copy any more.
    let gone = copy.join("src/phone/v6.rs");
    fs::write(&gone, fs::read_to_string(&gone).unwrap() + "// Theirs\n").unwrap();
    let run = vendor(&copy, &["--only", "ws", "--force"]).ends(0);
    for said in ["removed  ", "src/phone/v6.rs (it was edited)\n", "-// Theirs", "-// My change"] {
        assert!(run.stdout.contains(said), "{said}: {}", run.stdout);
    }
    assert!(!gone.exists());
    let _ = vendor(&copy, &["--only", "phone"]).ends(0);
    fs::write(&edited, format!("{text}// My change\n")).unwrap();
    let run = vendor(&copy, &["--force"]).ends(0);
    let line = format!("overwrote  {} (it was edited)\n", shown(&edited));
    assert!(run.stdout.contains(&line) && run.stdout.contains("-// My change"), "{}", run.stdout);
    assert_eq!(fs::read_to_string(&edited).unwrap(), text);
    assert_eq!(fs::read_to_string(copy.join("src/mine.rs")).unwrap(), "// mine\n");
    // Another file is where a new one would be written.
    fs::create_dir_all(copy.join("src/ws")).unwrap();
    fs::write(copy.join("src/ws/v1.rs"), "// theirs\n").unwrap();
    let _ = vendor(&copy, &["--only", "ws"]).ends(1);
    assert_eq!(fs::read_to_string(copy.join("src/ws/v1.rs")).unwrap(), "// theirs\n");
}

#[test]
fn a_check_names_foreign_files_and_no_command_touches_them() {
    for (name, options, path) in
        [("copy", &[][..], "notes.txt"), ("copy", &[], "src/more.rs"), ("codes", &["--as-module"], "phone/mine.rs")]
    {
        let home = tempfile::tempdir().unwrap();
        let copy = home.path().join(name);
        let _ = vendor(&copy, &[&["--only", "phone"], options].concat()).ends(0);
        assert!(vendor(&copy, &["--check"]).ends(0).stdout.contains("up to date"));
        fs::write(copy.join(path), "mine").unwrap();
        let run = vendor(&copy, &["--check"]).ends(1);
        assert_eq!(run.stdout, format!("foreign  {}/{path} (not generated)\n", shown(&copy)));
        assert!(run.stderr.contains("not part of the copy") && !run.stderr.contains("--force"), "{}", run.stderr);
        let _ = vendor(&copy, &["--force"]).ends(0);
        assert_eq!(fs::read_to_string(copy.join(path)).unwrap(), "mine");
    }
}

#[test]
fn a_check_out_with_other_line_ends_is_no_edit() {
    let copy = tempfile::tempdir().unwrap();
    let _ = vendor(copy.path(), &["--only", "phone"]).ends(0);
    for (path, bytes) in files(copy.path()) {
        let text = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
        fs::write(copy.path().join(path), text).unwrap();
    }
    assert!(vendor(copy.path(), &["--check"]).ends(0).stdout.contains("up to date"));
}

#[test]
fn wrong_folders_are_errors() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    fs::write(&file, "a file").unwrap();
    assert!(vendor(&file, &[]).ends(2).stderr.contains("it is a file"));
    let both = ["--with", "serde", "--without", "serde"];
    assert!(vendor(&home.path().join("new"), &both).ends(2).stderr.contains("contradict each other"));
    assert!(vendor(&file.join("below"), &[]).ends(2).stderr.contains("file is a file; name another folder"));
    let full = home.path().join("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("notes.txt"), "mine").unwrap();
    assert!(vendor(&full, &[]).ends(2).stderr.contains("not an earlier copy"));
    assert!(vendor(Path::new("generated/inside"), &[]).ends(2).stderr.contains("inside the generated crate"));
    assert!(!root().join("generated/inside").exists());
    let run = vendor(&home.path().join("new"), &["--only", "chat/v3"]).ends(2);
    assert!(run.stderr.contains("no system, edition or table is called `chat/v3`"), "{}", run.stderr);
    assert!(run.stderr.contains("did you mean `chat/v1`?") && run.stderr.contains("ws/v1"), "{}", run.stderr);
    assert!(!home.path().join("new").exists());
    let broken = home.path().join("broken");
    fs::create_dir(&broken).unwrap();
    fs::write(broken.join("VENDORED.toml"), "= broken").unwrap();
    assert!(vendor(&broken, &[]).ends(2).stderr.contains("cannot be read"));
    #[cfg(unix)]
    {
        let link = home.path().join("link");
        std::os::unix::fs::symlink(&full, &link).unwrap();
        assert!(vendor(&link, &[]).ends(2).stderr.contains("symbolic link"));
    }
    assert_eq!(files(&full), [("notes.txt".to_owned(), b"mine".to_vec())]);
}

#[cfg(unix)]
#[test]
fn a_folder_that_may_not_be_read_is_named() {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
    use std::os::unix::process::CommandExt as _;
    let home = tempfile::tempdir().unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let private = home.path().join("private");
    fs::create_dir(&private).unwrap();
    fs::write(private.join("notes.txt"), "mine").unwrap();
    fs::set_permissions(&private, fs::Permissions::from_mode(0o000)).unwrap();
    let program = installed_in(home.path());
    let tables = copy_of("tests/fixture");
    fs::set_permissions(tables.path(), fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = Command::new(program);
    command.current_dir(home.path()).args(["vendor", "private", "--codes"]).arg(tables.path());
    if fs::metadata(home.path()).unwrap().uid() == 0 {
        // Root may read anything.
        command.uid(65534).gid(65534);
    }
    let run = Run::of(&command.output().unwrap()).ends(2);
    assert!(run.stderr.contains("cannot write a copy to private: it cannot be read: Permission denied"), "{}", run.stderr);
    fs::set_permissions(&private, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(files(&private), [("notes.txt".to_owned(), b"mine".to_vec())]);
}

/// Runs `vendor` for a module of a new crate around it, which uses one code.
fn crate_with_module(folder: &Path, options: &[&str]) -> std::path::PathBuf {
    let copy = folder.join("src/codes");
    let _ = vendor(&copy, &[&["--as-module"], options].concat()).ends(0);
    let program = "//! Uses one code of many.\n\nmod codes;\n\nfn main() {\n    println!(\"{}\", codes::phone::v6::ErrorCode::SlowDown);\n}\n";
    fs::write(folder.join("src/main.rs"), program).unwrap();
    copy
}

/// Writes the manifest of the crate around a module.
fn write_manifest(folder: &Path, edition: &str, dependencies: &str) {
    let manifest = format!("[package]\nname = \"user\"\nedition = \"{edition}\"\n[dependencies]\n{dependencies}\n[workspace]\n");
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
}

#[test]
fn a_module_compiles_in_a_crate_of_any_edition_and_keeps_quiet() {
    let home = tempfile::tempdir().unwrap();
    let user = home.path().join("user");
    let copy = crate_with_module(&user, &[]);
    for file in ["Cargo.toml", "README.md", "LICENSE-APACHE", "docs", "src", "runtime/serde.rs"] {
        assert!(!copy.join(file).exists(), "{file} has no use in a module");
    }
    for file in ["LICENSE-MIT", "NOTICE", "VENDORED.toml", "mod.rs"] {
        assert!(copy.join(file).exists(), "{file} is missing");
    }
    for edition in ["2018", "2021", "2024"] {
        write_manifest(&user, edition, "");
        assert_eq!(cargo(&user, &["run", "--quiet"]).ends(0).stdout, "Slow down\n");
    }
    let style = ["--deny", "warnings", "--warn", "clippy::pedantic", "--warn", "clippy::nursery"];
    let _ = cargo(&user, &[&["clippy", "--quiet", "--"], &style[..]].concat()).ends(0);
    // A library documents the module, and runs the examples in its documentation.
    fs::write(user.join("src/lib.rs"), "//! Codes.\n#![warn(missing_docs)]\n\npub mod codes;\n").unwrap();
    let _ = cargo(&user, &["doc", "--quiet", "--no-deps", "--lib"]).ends(0);
    let _ = cargo(&user, &["test", "--quiet", "--doc"]).ends(0);
    // Whoever formats the crate leaves the copy as it is, and an update keeps its form.
    let _ = Run::of(&Command::new(env!("CARGO")).arg("fmt").current_dir(&user).output().unwrap()).ends(0);
    assert!(vendor(&copy, &[]).ends(0).stdout.contains("up to date"));
}

#[test]
fn a_module_is_the_code_of_the_crate() {
    let home = tempfile::tempdir().unwrap();
    let (module, whole) = (home.path().join("codes"), home.path().join("crate"));
    let _ = vendor(&module, &["--as-module", "--with", "serde"]).ends(0);
    let _ = vendor(&whole, &[]).ends(0);
    let code = |folder: &Path, path: &str| -> Vec<String> {
        let text = fs::read_to_string(folder.join(path)).unwrap();
        let lines =
            text.lines().map(str::trim).filter(|line| !line.starts_with("//") && !line.starts_with("#![") && !line.is_empty());
        lines.filter(|line| !line.starts_with("#[cfg(feature")).map(str::to_owned).collect()
    };
    let sources = files(&whole.join("src"));
    assert!(sources.len() > 15, "the crate has only {} files", sources.len());
    for (path, _) in sources {
        let name = if path == "lib.rs" { "mod.rs" } else { &path };
        assert_eq!(code(&module, name), code(&whole.join("src"), &path), "{path}");
    }
}

#[test]
fn a_module_uses_serde_where_it_is_asked_to() {
    let home = tempfile::tempdir().unwrap();
    let user = home.path().join("user");
    let copy = crate_with_module(&user, &[]);
    assert!(vendor(&copy, &["--with", "serde"]).ends(0).stdout.contains("added    "));
    // The lock file of this workspace says which versions are there without a network.
    fs::copy(root().join("Cargo.lock"), user.join("Cargo.lock")).unwrap();
    write_manifest(&user, "2021", "serde_core = { version = \"1\", default-features = false }");
    let _ = cargo(&user, &["run", "--quiet"]).ends(0);
    assert!(vendor(&copy, &[]).ends(0).stdout.contains("up to date"));
    let _ = vendor(&copy, &["--without", "serde", "--without", "std"]).ends(0);
    write_manifest(&user, "2021", "");
    fs::write(user.join("src/lib.rs"), "#![no_std]\npub mod codes;\n").unwrap();
    let _ = cargo(&user, &["build", "--quiet"]).ends(0);
}

#[test]
fn a_feature_can_be_left_out_and_taken_back() {
    let home = tempfile::tempdir().unwrap();
    let copy = home.path().join("copy");
    let _ = vendor(&copy, &["--only", "phone", "--without", "serde"]).ends(0);
    for (path, bytes) in files(&copy) {
        let text = String::from_utf8(bytes).unwrap();
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let is_list = path == "VENDORED.toml";
        assert!(is_list || code.clone().all(|line| !line.contains("serde")), "{path} uses serde");
    }
    let _ = cargo(&copy, &["build", "--all-features"]).ends(0);
    assert!(!fs::read_to_string(copy.join("Cargo.lock")).unwrap().contains("serde"));
    assert!(vendor(&copy, &[]).ends(0).stdout.contains("up to date"));
    let _ = vendor(&copy, &["--without", "std"]).ends(0);
    let _ = cargo(&copy, &["build", "--all-features"]).ends(0);
    let _ = vendor(&copy, &["--with", "serde", "--with", "std"]).ends(0);
    let whole = home.path().join("whole");
    let _ = vendor(&whole, &["--only", "phone"]).ends(0);
    fs::remove_file(copy.join("Cargo.lock")).unwrap();
    assert_eq!(files(&copy), files(&whole));
}

#[test]
fn a_module_is_called_like_its_folder() {
    let home = tempfile::tempdir().unwrap();
    for (name, fault) in [("my-codes", "contains other characters"), ("mod", "is a keyword"), ("Codes", "lower-case letter")] {
        let run = vendor(&home.path().join(name), &["--as-module"]).ends(2);
        assert!(run.stderr.contains(name) && run.stderr.contains(fault), "{}", run.stderr);
        assert!(!home.path().join(name).exists());
    }
    let copy = home.path().join("codes");
    assert!(vendor(&copy, &["--as-module"]).ends(0).stderr.contains("mod codes;"));
    // The same from inside of it.
    let codes = root().join("tests/fixture").display().to_string();
    assert!(xtask_in(&copy, &["vendor", ".", "--check", "--codes", &codes]).ends(0).stdout.contains("up to date"));
}

/// The compiler of the oldest supported version, named in `OLDEST_RUSTC`.
#[test]
fn the_oldest_compiler_accepts_it_without_a_warning() {
    let Ok(rustc) = std::env::var("OLDEST_RUSTC") else {
        return skip("OLDEST_RUSTC names no compiler");
    };
    let manifest: toml::Table = fs::read_to_string(root().join("generated/Cargo.toml")).unwrap().parse().unwrap();
    let version = Run::of(&Command::new(&rustc).arg("--version").output().unwrap()).ends(0).stdout;
    let oldest = manifest["package"]["rust-version"].as_str().unwrap();
    assert!(version.contains(&format!(" {oldest}.")), "{version} is not {oldest}");
    let out = tempfile::tempdir().unwrap();
    let compile = |folder: &Path, arguments: &[&str]| {
        let output = Command::new(&rustc)
            .args(["--edition", "2021", "--crate-type", "lib", "--deny", "warnings", "src/lib.rs", "--out-dir"])
            .arg(out.path())
            .args(arguments)
            .current_dir(folder)
            .output();
        Run::of(&output.unwrap()).ends(0)
    };
    let whole = ["--crate-name", "wirecodes", "--allow", "unknown_lints", "--allow", "unexpected_cfgs"];
    let _ = compile(&root().join("generated"), &whole);
    let checked = ["--emit", "metadata"];
    let _ = compile(&root().join("generated"), &[&whole[..], &checked, &["--cfg", "feature=\"std\""]].concat());
    let module = out.path().join("src/codes");
    let _ = xtask(&["vendor", &module.display().to_string(), "--as-module"]).ends(0);
    fs::write(out.path().join("src/lib.rs"), "mod codes;\npub use codes::Action;\n").unwrap();
    let _ = compile(out.path(), &checked);
}

/// A program without `std` and without an allocator links against the crate.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn a_program_without_std_and_allocator_links_it() {
    let (crate_folder, out) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let codes = copy_of("tests/fixture");
    let (codes, folder) = (codes.path().display().to_string(), crate_folder.path().display().to_string());
    let _ = xtask(&["codegen", "--codes", &codes, "--out", &folder]).ends(0);
    let run = |arguments: &[&str]| {
        let output = Command::new("rustc")
            .args(["--edition", "2021", "-C", "panic=abort", "-O"])
            .args(arguments)
            .current_dir(out.path())
            .env("CARGO_MANIFEST_DIR", crate_folder.path())
            .output();
        Run::of(&output.unwrap()).ends(0)
    };
    let library = format!("{folder}/src/lib.rs");
    let _ = run(&["--crate-type", "lib", "--crate-name", "example_codes", &library]);
    // The C library gives `memcmp` and the start of the program. Of Rust there is nothing but `core`.
    let program = r#"
        #![no_std]
        #![no_main]
        use core::hint::black_box;
        use example_codes::{chat::v2::*, phone::v6::ErrorCode};
        #[panic_handler]
        fn panic(_: &core::panic::PanicInfo) -> ! { loop {} }
        #[no_mangle]
        extern "C" fn rust_eh_personality() {}
        #[no_mangle]
        pub extern "C" fn main() -> i32 {
            let stops = !CloseCode::policy_for(black_box(Some(4001))).action.reconnects();
            let found = ErrorCode::from_code(black_box(50_013)) == Some(ErrorCode::SlowDown);
            let parsed = black_box("Hello").parse() == Ok(Opcode::Hello);
            if stops && found && parsed { 0 } else { 1 }
        }
    "#;
    fs::write(out.path().join("program.rs"), program).unwrap();
    let _ = run(&["program.rs", "--extern", "example_codes=libexample_codes.rlib", "-C", "link-arg=-lc"]);
    let _ = Run::of(&Command::new(out.path().join("program")).output().unwrap()).ends(0);
}
