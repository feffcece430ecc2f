//! What git knows, by running it: revisions, and the files of a revision.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

/// A folder in a repository, in which git is run.
#[derive(Clone, Debug)]
pub struct Git {
    folder: PathBuf,
}

/// A command of git that failed, with what it printed.
#[derive(Debug)]
pub struct GitError(String);

impl std::fmt::Display for GitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "git: {}", self.0)
    }
}

impl std::error::Error for GitError {}

impl Git {
    /// Git in a folder.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Self { folder: folder.into() }
    }

    /// The commit that a revision names, if it names one.
    pub fn commit(&self, revision: &str) -> Option<String> {
        let name = format!("{revision}^{{commit}}");
        self.text(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name]).ok()
    }

    /// The branches and tags.
    pub fn names(&self) -> Vec<String> {
        let names = self.text(&["for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags"]).unwrap_or_default();
        names.lines().map(str::to_owned).collect()
    }

    /// The path of this folder in its repository, with a slash at its end; empty for the root.
    pub fn prefix(&self) -> Option<String> {
        self.text(&["rev-parse", "--show-prefix"]).ok()
    }

    /// The paths of all files of a revision below a path.
    pub fn paths(&self, revision: &str, below: &str) -> Result<Vec<String>, GitError> {
        let mut arguments = vec!["ls-tree", "-r", "--full-tree", "--name-only", "-z", revision];
        if !below.is_empty() {
            arguments.extend(["--", below]);
        }
        let listed = self.run(&arguments, None)?;
        let listed = String::from_utf8_lossy(&listed);
        Ok(listed.split('\0').filter(|path| !path.is_empty()).map(str::to_owned).collect())
    }

    /// The bytes of objects by their names, such as `main:README.md`. An object that is not there is left out.
    pub fn objects(&self, names: &[String]) -> Result<BTreeMap<String, Vec<u8>>, GitError> {
        let mut objects = BTreeMap::new();
        if names.is_empty() {
            return Ok(objects);
        }
        let input: String = names.iter().map(|name| format!("{name}\n")).collect();
        let output = self.run(&["cat-file", "--batch"], Some(input))?;
        let mut rest = output.as_slice();
        for name in names {
            let Some(end) = rest.iter().position(|byte| *byte == b'\n') else { break };
            let header = String::from_utf8_lossy(&rest[..end]).into_owned();
            rest = &rest[end + 1..];
            let size = header.rsplit(' ').next().and_then(|size| size.parse::<usize>().ok());
            let Some(size) = size.filter(|size| *size < rest.len() && header.contains(" blob ")) else { continue };
            objects.insert(name.clone(), rest[..size].to_vec());
            rest = &rest[size + 1..];
        }
        Ok(objects)
    }

    /// Runs git and returns what it printed, without the white space around it.
    pub fn text(&self, arguments: &[&str]) -> Result<String, GitError> {
        let output = self.run(arguments, None)?;
        Ok(String::from_utf8_lossy(&output).trim().to_owned())
    }

    /// Whether the history begins with a commit whose parents were not fetched.
    pub fn is_shallow(&self) -> Result<bool, GitError> {
        Ok(self.text(&["rev-parse", "--is-shallow-repository"])? == "true")
    }

    /// Runs git with an input and returns what it printed. Objects that a partial clone lacks are not fetched, and no setting
    /// of the repository or of the environment makes git run another program or look at another repository.
    pub fn run(&self, arguments: &[&str], input: Option<String>) -> Result<Vec<u8>, GitError> {
        let mut command = command_in(&self.folder);
        command.args(arguments);
        command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() }).stdout(Stdio::piped()).stderr(Stdio::piped());
        let failed = |error: std::io::Error| GitError(format!("cannot be run: {error}"));
        let mut child = command.spawn().map_err(failed)?;
        // Git answers while it is still being asked: both pipes have to be served.
        let writer = child.stdin.take().zip(input).map(|(mut stdin, input)| {
            thread::spawn(move || {
                // Git may end before it has read everything.
                let _ = stdin.write_all(input.as_bytes());
            })
        });
        let output = child.wait_with_output().map_err(failed)?;
        if let Some(writer) = writer {
            let _ = writer.join();
        }
        if output.status.success() {
            return Ok(output.stdout);
        }
        let printed = String::from_utf8_lossy(&output.stderr);
        let line = printed.lines().find(|line| !line.trim().is_empty()).unwrap_or("it failed without a message");
        Err(GitError(line.trim_start_matches("fatal: ").trim_start_matches("error: ").to_owned()))
    }
}

/// Git in a folder, whose repository may be anybody's: no setting of it runs another program, nothing is fetched and nothing is
/// written. Variables that name another repository, as a hook has them, are not passed on.
fn command_in(folder: &Path) -> Command {
    let mut command = Command::new("git");
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY", "GIT_NAMESPACE"] {
        command.env_remove(name);
    }
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
    command.args(["-c", "core.fsmonitor=", "-c", "log.showSignature=false", "-c", "core.quotePath=false"]);
    command.arg("-C").arg(folder);
    command
}

/// The folder in which git is run for a path: the path itself, or the folder around it.
pub fn folder_of(path: &Path) -> PathBuf {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
}
