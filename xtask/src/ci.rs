//! `cargo xtask ci`: everything that must hold before a change lands.

use std::env;
use std::process::Command;
use std::time::{Duration, Instant};

use clap::Args;

use crate::paths::root;
use crate::{CommandResult, Outcome, report};

/// Run all checks: formatting, lints, tests, docs, and that the generated crate is what the tables say
#[derive(Debug, Args)]
#[command(after_help = "Example:
  cargo xtask ci")]
pub struct Ci {}

/// The checks, each a program with its arguments.
const CHECKS: [&[&str]; 8] = [
    &["cargo", "fmt", "--all", "--check"],
    &["cargo", "clippy", "--locked", "--workspace", "--all-targets", "--all-features", "--", "--deny", "warnings"],
    &["cargo", "test", "--locked", "--workspace", "--all-features"],
    &["cargo", "check", "--locked", "--package", "wirecodes", "--no-default-features"],
    &["cargo", "doc", "--locked", "--workspace", "--all-features", "--no-deps"],
    &["cargo", "package", "--locked", "--allow-dirty", "--package", "wirecodes", "--package", "wirecodes-codegen"],
    &["cargo", "xtask", "codegen", "--check"],
    &["cargo", "xtask", "codegen"],
];

/// The licences, the advisories and the sources of all dependencies, as `deny.toml` says.
const DENY: &[&str] = &["cargo", "deny", "--locked", "check"];

impl Ci {
    #[allow(clippy::unused_self, reason = "every command is run the same way")]
    pub fn run(self) -> CommandResult {
        let before = git_status();
        let mut times: Vec<(String, Duration)> = Vec::new();
        let deny = has_deny().then_some(DENY);
        if deny.is_none() {
            anstream::eprintln!("cargo-deny is not installed: licences and advisories of dependencies are not checked");
        }
        for check in CHECKS.iter().copied().chain(deny) {
            let name = check.join(" ");
            anstream::eprintln!("\n== {name}");
            let start = Instant::now();
            let (program, arguments) = check.split_first().expect("a check names its program");
            let mut command = Command::new(program);
            let status = command.args(arguments).current_dir(root()).env("RUSTDOCFLAGS", "--deny warnings").status()?;
            if !status.success() {
                report::error(&format!("`{name}` failed"));
                return Ok(Outcome::Failure);
            }
            times.push((name, start.elapsed()));
        }
        let outcome = check_tree(before.as_deref(), git_status().as_deref());
        if outcome == Outcome::Done {
            anstream::println!("\nall checks passed:");
            for (name, time) in times {
                anstream::println!("{:>6.1} s  {name}", time.as_secs_f64());
            }
        }
        Ok(outcome)
    }
}

/// Whether cargo-deny is there.
fn has_deny() -> bool {
    Command::new("cargo").args(["deny", "--version"]).output().is_ok_and(|output| output.status.success())
}

/// Regenerating must change nothing; a continuous-integration server must also start from a clean tree.
fn check_tree(before: Option<&str>, after: Option<&str>) -> Outcome {
    anstream::eprintln!("\n== git status");
    let (Some(before), Some(after)) = (before, after) else {
        anstream::eprintln!("not a git repository: skipped");
        return Outcome::Done;
    };
    if before != after {
        report::error(&format!("regenerating changed the working tree:\n{after}"));
        Outcome::Failure
    } else if env::var_os("CI").is_some() && !after.is_empty() {
        report::error(&format!("the working tree is not clean:\n{after}"));
        Outcome::Failure
    } else {
        anstream::eprintln!("regenerating changes nothing");
        Outcome::Done
    }
}

/// What git says of the working tree, if it is one.
fn git_status() -> Option<String> {
    let output = Command::new("git").args(["status", "--porcelain"]).current_dir(root()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
