//! Crates on the disk: generated from a folder of tables, built and run by Cargo.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use wirecodes_codegen::{Diagnostic, Form, Mode, Owner, Registry, generate, load, sync};
use wirecodes_tests::tables::folder;

/// Loads a folder from texts by their paths.
pub fn load_texts(texts: &BTreeMap<String, String>) -> (Option<Registry>, Vec<Diagnostic>) {
    let (registry, diagnostics) = load(&folder(texts));
    assert_eq!(registry.is_none(), Diagnostic::any_error(&diagnostics), "a folder is rejected by errors, and by nothing else");
    // Printing is part of rejecting.
    assert_eq!(Diagnostic::render(&diagnostics, 80).is_empty(), diagnostics.is_empty());
    (registry, diagnostics)
}

/// A workspace with a generated crate and a program that uses it.
pub struct Workspace {
    root: PathBuf,
}

impl Workspace {
    /// A workspace at a place of its own, so that its dependencies are built once.
    pub fn new(name: &str) -> Self {
        let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        drop(fs::remove_dir_all(&root));
        fs::create_dir_all(&root).expect("a folder can be made");
        // The same versions as everywhere, so that nothing is downloaded.
        // The generated crate is laid out by the rules of this repository, wherever the target folder is.
        for file in ["Cargo.lock", "rustfmt.toml"] {
            fs::copy(wirecodes_tests::root().join(file), root.join(file)).expect("a file can be copied");
        }
        Self { root }
    }

    /// The place of a file.
    pub fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Writes a file.
    pub fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().expect("a file is in a folder")).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    }

    /// Renders a crate into a folder.
    pub fn render(&self, registry: &Registry, folder: &str) {
        let drift = sync(&generate(registry, &Form::default()), &self.root.join(folder), Mode::Write, Owner::Whole)
            .expect("the crate can be written");
        assert!(drift.iter().all(|one| !one.blocks()), "a new crate has no files that are in the way");
    }

    /// Runs Cargo in the workspace. What it printed, if it failed.
    pub fn cargo(&self, arguments: &[&str]) -> Result<(), String> {
        let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("target");
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .current_dir(&self.root)
            .env("CARGO_TARGET_DIR", target)
            .env("RUSTDOCFLAGS", "-D warnings")
            .env("CARGO_NET_OFFLINE", "true")
            .env("CARGO_TERM_COLOR", "never")
            .env_remove("RUSTFLAGS")
            .output()
            .expect("cargo runs");
        let text = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if output.status.success() { Ok(()) } else { Err(text) }
    }

    /// Runs Cargo and shows the start of what it printed if it failed.
    #[track_caller]
    pub fn cargo_succeeds(&self, arguments: &[&str]) {
        if let Err(text) = self.cargo(arguments) {
            let start: String = text.chars().take(8000).collect();
            panic!("cargo {} in {}:\n{start}", arguments.join(" "), self.root.display());
        }
    }
}

/// Whether Cargo has this subcommand here.
pub fn has(subcommand: &str) -> bool {
    Command::new(env!("CARGO")).args([subcommand, "--version"]).output().is_ok_and(|output| output.status.success())
}
