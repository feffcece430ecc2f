//! Taking the generated crate into one's own tree, and what the crate promises there.

use std::fs;
use std::path::Path;
use std::process::Command;

use wirecodes_tests::{Run, files, root, xtask};

fn vendor(folder: &Path, options: &[&str]) -> Run {
    xtask(&[&["vendor", &folder.display().to_string()], options].concat())
}

/// Runs cargo in a copy, without a network.
fn cargo(folder: &Path, arguments: &[&str]) -> Run {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--offline")
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", folder.join("../target"))
        .env("RUSTFLAGS", "--deny warnings")
        .env("RUSTDOCFLAGS", "--deny warnings")
        .output()
        .unwrap();
    Run::of(&output)
}

#[test]
fn a_copy_builds_alone_and_stays_in_step() {
    let home = tempfile::tempdir().unwrap();
    let copy = home.path().join("vendor/wirecodes");
    let _ = vendor(&copy, &[]).ends(0);
    for features in [
        &["--no-default-features"][..],
        &["--features", "std"],
        &["--no-default-features", "--features", "serde"],
        &["--all-features"],
    ] {
        let _ = cargo(&copy, &[&["build"], features].concat()).ends(0);
    }
    let _ = cargo(&copy, &["test", "--all-features"]).ends(0);
    let _ = cargo(&copy, &["doc", "--all-features", "--no-deps"]).ends(0);
    for file in ["README.md", "LICENSE-MIT", "LICENSE-APACHE", "NOTICE", "VENDORED.toml"] {
        assert!(copy.join(file).exists(), "{file} is missing");
    }
    // What cargo leaves behind is none of our business.
    assert!(copy.join("Cargo.lock").exists());
    assert!(vendor(&copy, &["--check"]).ends(0).stdout.contains("up to date"));
    let before = files(&copy);
    let _ = vendor(&copy, &[]).ends(0);
    assert_eq!(files(&copy), before);
}

#[test]
fn a_part_has_what_it_needs_and_no_more() {
    let home = tempfile::tempdir().unwrap();
    let copy = home.path().join("part");
    let _ = vendor(&copy, &["--only", "discord/v10"]).ends(0);
    assert!(copy.join("src/websocket/rfc6455.rs").exists(), "the table that the gateway extends is missing");
    assert!(!copy.join("src/discord/v6.rs").exists() && !copy.join("src/baileys.rs").exists());
    let manifest: toml::Table = fs::read_to_string(copy.join("VENDORED.toml")).unwrap().parse().unwrap();
    assert!(manifest["table"].as_array().unwrap().iter().all(|table| !table["name"].as_str().unwrap().contains("v6/")));
    let _ = cargo(&copy, &["test", "--all-features"]).ends(0);
    // Another choice brings the copy in step with itself.
    let _ = vendor(&copy, &["--only", "discord/v10", "--only", "baileys/v6", "--check"]).ends(1);
    let _ = vendor(&copy, &["--only", "baileys/v6"]).ends(0);
    assert!(
        copy.join("src/baileys/v6.rs").exists() && !copy.join("src/discord").exists() && !copy.join("src/websocket").exists()
    );
    let _ = cargo(&copy, &["test", "--all-features"]).ends(0);
    let user = home.path().join("user");
    fs::create_dir_all(user.join("src")).unwrap();
    fs::write(
        user.join("Cargo.toml"),
        "[package]\nname = \"user\"\nedition = \"2021\"\n[dependencies]\nwirecodes = { path = \"../part\" }\n[workspace]\n",
    )
    .unwrap();
    fs::write(
        user.join("src/main.rs"),
        "fn main() { println!(\"{}\", wirecodes::baileys::v6::DisconnectReason::reconnect_for(Some(515))); }\n",
    )
    .unwrap();
    let run = cargo(&user, &["run", "--quiet"]).ends(0);
    assert!(run.stdout.starts_with("resume at once: "), "{}", run.stdout);
}

#[test]
fn edits_are_reported_and_files_of_others_never_touched() {
    let home = tempfile::tempdir().unwrap();
    let copy = home.path().join("copy");
    let _ = vendor(&copy, &["--only", "baileys/v6"]).ends(0);
    fs::write(copy.join("src/mine.rs"), "// mine\n").unwrap();
    let wire = fs::read_to_string(copy.join("src/wire.rs")).unwrap();
    fs::write(copy.join("src/wire.rs"), wire.replace("//! A code", "//! My code")).unwrap();
    let before = files(&copy);
    for options in [&["--only", "baileys/v6"][..], &["--only", "baileys/v6", "--check"], &["--only", "discord/v6"]] {
        let run = vendor(&copy, options).ends(1);
        assert!(run.stdout.contains("edited   ") && run.stdout.contains("-//! My code"), "{}", run.stdout);
        assert!(run.stderr.contains("--force"), "{}", run.stderr);
        assert_eq!(files(&copy), before);
    }
    let _ = vendor(&copy, &["--only", "baileys/v6", "--force"]).ends(0);
    assert_eq!(fs::read_to_string(copy.join("src/wire.rs")).unwrap(), wire);
    assert_eq!(fs::read_to_string(copy.join("src/mine.rs")).unwrap(), "// mine\n");
    // A file of somebody else stands where a new one would go.
    fs::create_dir_all(copy.join("src/discord")).unwrap();
    fs::write(copy.join("src/discord/v6.rs"), "// theirs\n").unwrap();
    let _ = vendor(&copy, &["--only", "discord/v6"]).ends(1);
    assert_eq!(fs::read_to_string(copy.join("src/discord/v6.rs")).unwrap(), "// theirs\n");
}

#[test]
fn bad_destinations_get_a_clear_error() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("file");
    fs::write(&file, "a file").unwrap();
    assert!(vendor(&file, &[]).ends(2).stderr.contains("it is a file"));
    let full = home.path().join("full");
    fs::create_dir(&full).unwrap();
    fs::write(full.join("notes.txt"), "mine").unwrap();
    assert!(vendor(&full, &[]).ends(2).stderr.contains("not a copy of ours"));
    assert!(vendor(Path::new("generated/inside"), &[]).ends(2).stderr.contains("inside of the generated crate"));
    assert!(!root().join("generated/inside").exists());
    let run = vendor(&home.path().join("new"), &["--only", "discord/v11"]).ends(2);
    assert!(run.stderr.contains("no edition is called discord/v11; there are baileys/v6"), "{}", run.stderr);
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

/// A compiler of the oldest supported version: the one that is named in `OLDEST_RUSTC`, or the newest if none is.
fn oldest_rustc() -> String {
    std::env::var("OLDEST_RUSTC").unwrap_or_else(|_| "rustc".to_owned())
}

#[test]
fn the_oldest_compiler_takes_it_without_a_warning() {
    let rustc = oldest_rustc();
    let out = tempfile::tempdir().unwrap();
    let library = root().join("generated/src/lib.rs").display().to_string();
    for features in [&[][..], &["--cfg", "feature=\"std\""]] {
        let output = Command::new(&rustc)
            .args([
                "--edition",
                "2021",
                "--crate-type",
                "lib",
                "--crate-name",
                "wirecodes",
                "--deny",
                "warnings",
                "--allow",
                "unknown_lints",
            ])
            .args(["--allow", "unexpected_cfgs"])
            .args(features)
            .args(["--out-dir", &out.path().display().to_string(), &library])
            .current_dir(root().join("generated"))
            .output()
            .unwrap();
        let _ = Run::of(&output).ends(0);
    }
    let manifest: toml::Table = fs::read_to_string(root().join("generated/Cargo.toml")).unwrap().parse().unwrap();
    let version = Command::new(&rustc).arg("--version").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    if std::env::var_os("OLDEST_RUSTC").is_some() {
        let oldest = manifest["package"]["rust-version"].as_str().unwrap();
        assert!(version.contains(&format!(" {oldest}.")), "{version} is not {oldest}");
    }
}

/// A program without `std` and without an allocator links against the crate.
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
#[test]
fn a_program_without_std_and_allocator_links_it() {
    let out = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let output = Command::new("rustc")
            .args(["--edition", "2021", "-C", "panic=abort", "-O"])
            .args(arguments)
            .current_dir(out.path())
            .output();
        Run::of(&output.unwrap()).ends(0)
    };
    let library = root().join("generated/src/lib.rs").display().to_string();
    let _ = run(&["--crate-type", "lib", "--crate-name", "wirecodes", &library]);
    // The C library gives `memcmp` and the start of the program; there is nothing of Rust's but `core`.
    let program = r#"
        #![no_std]
        #![no_main]
        use core::hint::black_box;
        use wirecodes::discord::v10::*;
        #[panic_handler]
        fn panic(_: &core::panic::PanicInfo) -> ! { loop {} }
        #[no_mangle]
        extern "C" fn rust_eh_personality() {}
        #[no_mangle]
        pub extern "C" fn main() -> i32 {
            let stops = !GatewayCloseCode::reconnect_for(black_box(Some(4014))).action.can_reconnect();
            let found = JsonErrorCode::from_code(black_box(50_013)) == Some(JsonErrorCode::MissingPermissions);
            let parsed = black_box("Hello").parse() == Ok(GatewayOpcode::Hello);
            if stops && found && parsed { 0 } else { 1 }
        }
    "#;
    fs::write(out.path().join("program.rs"), program).unwrap();
    let _ = run(&["program.rs", "--extern", "wirecodes=libwirecodes.rlib", "-C", "link-arg=-lc"]);
    let _ = Run::of(&Command::new(out.path().join("program")).output().unwrap()).ends(0);
}
