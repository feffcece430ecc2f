//! `cargo xtask ci`: everything that must hold before a change lands.

use std::num::NonZero;
use std::process::Command;
use std::thread::available_parallelism;
use std::time::{Duration, Instant};
use std::{env, fs};

use clap::Args;

use crate::paths::root;
use crate::{CommandResult, Outcome, report};

/// Run all checks: formatting, lints, tests, docs, and that the generated crate is what the tables say
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask ci             everything, before a change is sent
  cargo xtask ci --quick     while a change is made: no commands are run and no crates are built by the tests")]
pub struct Ci {
    /// Only formatting, lints, the tests of the library, and that generated/ is what the tables say
    #[arg(long)]
    quick: bool,
}

/// The checks that take seconds.
const QUICK: [&[&str]; 4] = [
    &["cargo", "fmt", "--all", "--check"],
    &["cargo", "clippy", "--locked", "--workspace", "--all-targets", "--all-features", "--", "--deny", "warnings"],
    &["cargo", "test", "--locked", "--package", "wirecodes-tests", "--test", "pure"],
    &["cargo", "xtask", "codegen", "--check"],
];

/// All checks, each a program with its arguments.
const CHECKS: [&[&str]; 8] = [
    &["cargo", "fmt", "--all", "--check"],
    &["cargo", "clippy", "--locked", "--workspace", "--all-targets", "--all-features", "--", "--deny", "warnings"],
    &["cargo", "test", "--locked", "--workspace", "--all-features"],
    &["cargo", "check", "--locked", "--package", "wirecodes", "--no-default-features"],
    &["cargo", "doc", "--locked", "--workspace", "--all-features", "--no-deps"],
    // The tests build what is packaged; a release builds the packages themselves.
    &["cargo", "package", "--locked", "--allow-dirty", "--no-verify", "--package", "wirecodes", "--package", "wirecodes-codegen"],
    &["cargo", "xtask", "codegen", "--check"],
    &["cargo", "xtask", "codegen"],
];

/// The licences, the advisories and the sources of all dependencies, as `deny.toml` says.
const DENY: &[&str] = &["cargo", "deny", "--locked", "check"];

impl Ci {
    pub fn run(self) -> CommandResult {
        let before = git_status();
        let mut times: Vec<(String, Duration)> = Vec::new();
        let deny = (!self.quick && has_deny()).then_some(DENY);
        if deny.is_none() && !self.quick {
            anstream::eprintln!("cargo-deny is not installed: licences and advisories of dependencies are not checked");
        }
        let skipped = env::temp_dir().join(format!("wirecodes-skipped-{}", std::process::id()));
        // Many tests wait for a program, a browser or a clock.
        let threads = 2 * available_parallelism().map_or(1, NonZero::get);
        let checks: &[&[&str]] = if self.quick { &QUICK } else { &CHECKS };
        for check in checks.iter().copied().chain(deny) {
            let name = check.join(" ");
            anstream::eprintln!("\n== {name}");
            let start = Instant::now();
            let (program, arguments) = check.split_first().expect("a check names its program");
            let mut command = Command::new(program);
            let status = command
                .args(arguments)
                .current_dir(root())
                .env("RUSTDOCFLAGS", "--deny warnings")
                .env("SKIPPED_TESTS", &skipped)
                .env("RUST_TEST_THREADS", threads.to_string())
                .status()?;
            if !status.success() {
                let _ = fs::remove_file(&skipped);
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
            tell_skipped(&fs::read_to_string(&skipped).unwrap_or_default());
        }
        let _ = fs::remove_file(&skipped);
        Ok(outcome)
    }
}

/// Says which tests did not run, and why: they passed without having tried anything.
fn tell_skipped(list: &str) {
    let tests: Vec<&str> = list.lines().collect();
    if !tests.is_empty() {
        let count = if tests.len() == 1 { "1 test was".to_owned() } else { format!("{} tests were", tests.len()) };
        anstream::println!("\n{count} skipped; where CI is set, each fails:");
        for test in tests {
            anstream::println!("  {test}");
        }
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
