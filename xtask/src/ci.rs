//! `cargo xtask ci`: everything that has to hold before a change lands.

use std::env;
use std::process::Command;

use clap::Args;

use crate::paths::root;
use crate::{End, Ended, report};

/// Run all checks: formatting, lints, tests, docs, and that the generated crate is what the tables say
#[derive(Debug, Args)]
#[command(after_help = "Example:
  cargo xtask ci")]
pub struct Ci {}

/// The checks, each a program with its arguments.
const CHECKS: [&[&str]; 9] = [
    &["cargo", "fmt", "--all", "--check"],
    &["cargo", "clippy", "--locked", "--workspace", "--all-targets", "--all-features", "--", "--deny", "warnings"],
    &["cargo", "test", "--locked", "--workspace", "--all-features"],
    &["cargo", "check", "--locked", "--package", "wirecodes", "--no-default-features"],
    &["cargo", "doc", "--locked", "--workspace", "--all-features", "--no-deps"],
    &["cargo", "package", "--locked", "--allow-dirty", "--package", "wirecodes", "--package", "wirecodes-codegen"],
    &["cargo", "xtask", "codegen", "--check"],
    &["cargo", "xtask", "codegen"],
    &["cargo", "xtask", "version"],
];

impl Ci {
    #[allow(clippy::unused_self, reason = "every command is run the same way")]
    pub fn run(self) -> Ended {
        let before = git_status();
        for check in CHECKS {
            anstream::eprintln!("\n== {}", check.join(" "));
            let (program, arguments) = check.split_first().expect("a check names its program");
            let status =
                Command::new(program).args(arguments).current_dir(root()).env("RUSTDOCFLAGS", "--deny warnings").status()?;
            if !status.success() {
                report::message(&format!("`{}` failed", check.join(" ")));
                return Ok(End::FoundWrong);
            }
        }
        anstream::eprintln!("\n== git status");
        Ok(tree_is_clean(before, git_status()))
    }
}

/// Regenerating must change nothing; a continuous-integration server must start from a clean tree, too.
fn tree_is_clean(before: Option<String>, after: Option<String>) -> End {
    let (Some(before), Some(after)) = (before, after) else {
        anstream::eprintln!("not a git repository: skipped");
        return End::Done;
    };
    if before != after {
        report::message(&format!("regenerating changed the working tree:\n{after}"));
        End::FoundWrong
    } else if env::var_os("CI").is_some() && !after.is_empty() {
        report::message(&format!("the working tree is not clean:\n{after}"));
        End::FoundWrong
    } else {
        anstream::eprintln!("regenerating changes nothing");
        End::Done
    }
}

/// What git says of the working tree, if it is one.
fn git_status() -> Option<String> {
    let output = Command::new("git").args(["status", "--porcelain"]).current_dir(root()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
