//! What the tests share: the root of the repository, and its commands.

pub mod desk;
pub mod json_schema;
pub mod npm;
pub mod tables;

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

/// How many random cases a test tries: few on every run, and with `WIRECODES_CASES=20` twenty times as many.
#[must_use]
pub fn cases(few: u32) -> u32 {
    let factor = env::var("WIRECODES_CASES").ok().and_then(|factor| factor.parse().ok()).unwrap_or(1);
    few.saturating_mul(factor)
}

/// Notes that the test that calls it cannot run here, and why. `cargo xtask ci` counts these tests. Where `CI` is set, each of
/// them fails: a server that skips tests proves less than it says. `SKIPS_ALLOWED` says that nothing can be installed there.
///
/// # Panics
///
/// Where `CI` is set.
pub fn skip(why: &str) {
    let test = std::thread::current().name().unwrap_or("a test").to_owned();
    let is_allowed = env::var_os("CI").is_none() || env::var_os("SKIPS_ALLOWED").is_some();
    assert!(is_allowed, "{test} would be skipped: {why}");
    if let Some(list) = env::var_os("SKIPPED_TESTS") {
        let mut list = fs::OpenOptions::new().append(true).create(true).open(list).expect("the list of skipped tests");
        writeln!(list, "{test}: {why}").expect("the list can be written");
    }
    println!("skipped: {why}");
}

/// The root of the repository.
#[must_use]
pub fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

/// Runs `cargo xtask` with these arguments, from the root of the repository.
///
/// # Panics
///
/// If the command cannot be run.
#[must_use]
pub fn xtask(arguments: &[&str]) -> Run {
    xtask_in(root(), arguments)
}

/// Runs `cargo xtask` with these arguments, from another folder.
///
/// # Panics
///
/// If the command cannot be run.
#[must_use]
pub fn xtask_in(folder: &Path, arguments: &[&str]) -> Run {
    Run::of(&Command::new(xtask_program()).args(arguments).current_dir(folder).output().expect("xtask runs"))
}

/// The program behind `cargo xtask`.
///
/// # Panics
///
/// If the test does not know where it is.
#[must_use]
pub fn xtask_program() -> PathBuf {
    // A test runs from <target>/<profile>/deps, and the programs of its package are in <target>/<profile>.
    let test = env::current_exe().expect("a test knows where it is");
    let profile = test.ancestors().nth(2).expect("a test runs from a target folder");
    profile.join(format!("xtask-in-tests{}", env::consts::EXE_SUFFIX))
}

/// A copy of the program in a folder, as `cargo install` makes one.
///
/// Another process writes it: a file that this one has open for writing is open in each child that starts meanwhile, and the
/// system runs no such file.
///
/// # Panics
///
/// If it cannot be copied.
#[must_use]
pub fn installed_in(folder: &Path) -> PathBuf {
    let program = folder.join("wirecodes");
    let copied = Command::new("cp").arg(xtask_program()).arg(&program).status().expect("cp runs");
    assert!(copied.success(), "{} cannot be written", program.display());
    program
}

/// What a command did.
#[derive(Debug)]
pub struct Run {
    /// Its exit code.
    pub code: i32,
    /// What it printed as its result.
    pub stdout: String,
    /// What it said to the person at the terminal.
    pub stderr: String,
}

impl Run {
    /// What a process that has ended did.
    ///
    /// # Panics
    ///
    /// If it was ended by a signal.
    #[must_use]
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Self {
            code: output.status.code().expect("the process ended by itself"),
            stdout: text(&output.stdout),
            stderr: text(&output.stderr),
        }
    }

    /// Asserts how it ended, and shows what it said if it ended otherwise.
    ///
    /// # Panics
    ///
    /// If it ended otherwise.
    #[track_caller]
    #[must_use]
    pub fn ends(self, code: i32) -> Self {
        assert_eq!(self.code, code, "\n{}\n{}", self.stdout, self.stderr);
        self
    }
}

/// A temporary folder with a copy of a folder of the repository.
///
/// # Panics
///
/// If it cannot be made.
#[must_use]
pub fn copy_of(folder: &str) -> tempfile::TempDir {
    let copy = tempfile::tempdir().expect("a temporary folder");
    copy_folder(&root().join(folder), copy.path());
    copy
}

fn copy_folder(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("a folder can be made");
    for entry in fs::read_dir(from).expect("a folder can be read") {
        let entry = entry.expect("an entry can be read");
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy_folder(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).expect("a file can be copied");
        }
    }
}

/// All files below a folder with their bytes, in order, by their paths with forward slashes.
///
/// # Panics
///
/// If one cannot be read.
#[must_use]
pub fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).expect("a folder can be read") {
            let path = entry.expect("an entry can be read").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).expect("a file below the folder").display().to_string();
                let name = name.replace(std::path::MAIN_SEPARATOR, "/");
                files.push((name, fs::read(path).expect("a file can be read")));
            }
        }
    }
    files.sort();
    files
}
