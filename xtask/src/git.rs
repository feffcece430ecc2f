//! What git knows: the versions of a file, and files at a revision.

use std::path::Path;
use std::process::Command;

/// One version of a file.
#[derive(Debug)]
pub struct Version {
    /// The commit.
    pub commit: String,
    /// The day of the commit.
    pub date: String,
    /// The first line of its message.
    pub subject: String,
    /// The path of the file at that commit; nothing if the commit deleted it.
    pub path: Option<String>,
}

/// A command of git that failed, with what it said.
#[derive(Debug)]
pub struct GitError(String);

impl std::fmt::Display for GitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "git: {}", self.0)
    }
}

impl std::error::Error for GitError {}

/// All versions of a file, the oldest first, in the order of the commits whatever their dates say. Renames are followed.
pub fn versions(repository: &Path, path: &str) -> Result<Vec<Version>, GitError> {
    let format = "--format=%x01%H%x00%cs%x00%s";
    let log = run(repository, &["log", "--follow", "--topo-order", "--name-status", "-z", format, "--", path])?;
    let log = String::from_utf8_lossy(&log).into_owned();
    let mut versions: Vec<Version> = log.split('\u{1}').filter_map(version).collect();
    versions.reverse();
    Ok(versions)
}

/// Reads one entry of the log: commit, date, subject, then the status and the path or paths.
fn version(entry: &str) -> Option<Version> {
    let mut fields = entry.split('\0').map(str::trim);
    let (commit, date, subject) = (fields.next()?, fields.next()?, fields.next()?);
    let mut status = fields.filter(|field| !field.is_empty());
    let path = match status.next()? {
        "D" => None,
        // A rename or copy names the old path, then the new one.
        renamed if renamed.starts_with(['R', 'C']) => status.nth(1),
        _ => status.next(),
    };
    Some(Version { commit: commit.to_owned(), date: date.to_owned(), subject: subject.to_owned(), path: path.map(str::to_owned) })
}

/// The bytes of a file at a revision.
pub fn show(repository: &Path, revision: &str, path: &str) -> Result<Vec<u8>, GitError> {
    run(repository, &["show", &format!("{revision}:{path}")])
}

/// Runs git and returns what it printed.
pub fn run(repository: &Path, arguments: &[&str]) -> Result<Vec<u8>, GitError> {
    let output = Command::new("git").arg("-C").arg(repository).args(arguments).output();
    let output = output.map_err(|error| GitError(format!("cannot be run: {error}")))?;
    if output.status.success() {
        Ok(output.stdout)
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(GitError(said.trim().trim_start_matches("fatal: ").to_owned()))
    }
}
