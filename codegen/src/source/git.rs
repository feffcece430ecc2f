//! What git knows of a repository, by running it: revisions, and the files of a revision.

use std::collections::BTreeMap;
use std::fmt;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use crate::text::{fits, fits_together, quoted};

/// A repository.
#[derive(Clone, Debug)]
pub struct Git {
    /// The folder of the repository itself, such as `.git`.
    folder: PathBuf,
    /// The path of the folder that was opened, from the root of the repository, with a slash at its end; empty for the root.
    prefix: String,
}

/// Why git says nothing: what it printed, or that what it would say is too large.
#[derive(Debug)]
pub struct GitError(String);

impl fmt::Display for GitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for GitError {}

impl From<GitError> for String {
    fn from(error: GitError) -> Self {
        error.to_string()
    }
}

/// A file of a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Blob {
    /// Its path from the root of the repository.
    pub path: String,
    /// The name of the object with its text. Unlike a path, it is one word.
    pub object: String,
}

/// Variables by which git reads another repository, or takes a path for a pattern.
const OTHER_REPOSITORIES: [&str; 12] = [
    "GIT_DIR",
    "GIT_COMMON_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_SHALLOW_FILE",
    "GIT_NAMESPACE",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
];

/// What makes a path a path, and no pattern.
const LITERAL: &str = ":(literal)";

/// How long git may be silent before it is ended: a setting may make it read from a pipe.
const SILENCE: Duration = Duration::from_secs(30);

impl Git {
    /// The repository around a folder. No setting of the repository decides which one that is.
    pub fn open(folder: &Path) -> Result<Self, GitError> {
        let mut command = command();
        let output = run(command.arg("-C").arg(folder).args(["rev-parse", "--absolute-git-dir"]), None, Some(SILENCE))?;
        let git = PathBuf::from(String::from_utf8_lossy(&output).trim_end_matches(['\r', '\n']).to_owned());
        let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
        let root = whole.ancestors().find(|folder| folder.join(".git").symlink_metadata().is_ok());
        let below = root.and_then(|root| whole.strip_prefix(root).ok()).unwrap_or(Path::new(""));
        let prefix: String = below.iter().map(|name| format!("{}/", name.to_string_lossy())).collect();
        Ok(Self { folder: git, prefix })
    }

    /// A copy of a repository that is somewhere else.
    pub fn clone(address: &str, folder: &Path) -> Result<Self, GitError> {
        let mut command = command();
        // Whoever waits for a server may wait as long as it takes.
        run(command.args(["clone", "--quiet", "--bare", "--single-branch", "--", address]).arg(folder), None, None)?;
        Ok(Self { folder: folder.to_owned(), prefix: String::new() })
    }

    /// The path of the folder that was opened, from the root of the repository, with a slash at its end; empty for the root.
    #[must_use]
    pub fn prefix(&self) -> &str {
        &self.prefix
    }

    /// The commit that a revision names, if it names one.
    #[must_use]
    pub fn commit(&self, revision: &str) -> Option<String> {
        let name = format!("{revision}^{{commit}}");
        self.text(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name]).ok()
    }

    /// The branches and tags.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let names = self.text(&["for-each-ref", "--format=%(refname:short)", "refs/heads", "refs/tags"]).unwrap_or_default();
        names.lines().map(str::to_owned).collect()
    }

    /// All files of a revision at or below a path, without links and other repositories.
    pub fn blobs(&self, revision: &str, below: &str) -> Result<Vec<Blob>, GitError> {
        let mut arguments = vec!["ls-tree", "-r", "--full-tree", "-z", revision];
        let below = format!("{LITERAL}{below}");
        if below != LITERAL {
            arguments.extend(["--", &below]);
        }
        let listed = self.run(&arguments, None)?;
        let listed = String::from_utf8_lossy(&listed);
        let blob = |entry: &str| {
            let (about, path) = entry.split_once('\t')?;
            let object = about.strip_prefix("100644 blob ").or(about.strip_prefix("100755 blob "))?;
            Some(Blob { path: path.to_owned(), object: object.to_owned() })
        };
        Ok(listed.split('\0').filter_map(blob).collect())
    }

    /// The file of a revision at a path, if it has one.
    pub fn blob(&self, revision: &str, path: &str) -> Result<Option<Blob>, GitError> {
        Ok(self.blobs(revision, path)?.into_iter().find(|blob| blob.path == path))
    }

    /// The texts of files by the names of their objects. One that is not there is left out.
    ///
    /// # Errors
    ///
    /// If one is too large, or all are together. Then none is read.
    pub fn objects<'a>(&self, blobs: impl IntoIterator<Item = &'a Blob>) -> Result<BTreeMap<String, Vec<u8>>, GitError> {
        let asked: BTreeMap<&str, &str> = blobs.into_iter().map(|blob| (blob.object.as_str(), blob.path.as_str())).collect();
        let sizes = self.sizes(asked.keys().copied())?;
        for (object, size) in &sizes {
            fits(*size).map_err(|why| GitError(format!("cannot read {}: {why}", quoted(asked[object.as_str()]))))?;
        }
        fits_together(sizes.values().sum(), sizes.len()).map_err(GitError)?;
        let output = self.batch("--batch", sizes.keys().map(String::as_str))?;
        let mut found = BTreeMap::new();
        let mut rest = output.as_slice();
        for (object, size) in sizes {
            let Some(end) = rest.iter().position(|byte| *byte == b'\n') else { break };
            let is_it = rest[..end] == *format!("{object} blob {size}").as_bytes();
            let Some(text) = usize::try_from(size).ok().and_then(|size| rest.get(end + 1..end + 1 + size)).filter(|_| is_it)
            else {
                break;
            };
            rest = rest.get(end + text.len() + 2..).unwrap_or_default();
            found.insert(object, text.to_vec());
        }
        Ok(found)
    }

    /// How many bytes files have, by the names of their objects. One that is not there is left out.
    pub fn sizes<'a>(&self, objects: impl IntoIterator<Item = &'a str>) -> Result<BTreeMap<String, u64>, GitError> {
        let output = self.batch("--batch-check", objects)?;
        let size = |line: &str| {
            let (object, size) = line.split_once(" blob ")?;
            Some((object.to_owned(), size.parse().ok()?))
        };
        Ok(String::from_utf8_lossy(&output).lines().filter_map(size).collect())
    }

    /// Asks for objects by their names, one a line.
    fn batch<'a>(&self, what: &str, objects: impl IntoIterator<Item = &'a str>) -> Result<Vec<u8>, GitError> {
        let input: String = objects.into_iter().map(|name| format!("{name}\n")).collect();
        if input.is_empty() { Ok(Vec::new()) } else { self.run(&["cat-file", what], Some(input)) }
    }

    /// Whether the history begins with a commit whose parents were not fetched.
    pub fn is_shallow(&self) -> Result<bool, GitError> {
        Ok(self.text(&["rev-parse", "--is-shallow-repository"])? == "true")
    }

    /// The files that a commit renamed, against one of its parents: the old path and the new one. Only pages are looked at, which
    /// a partial clone may have.
    pub fn renames(&self, parent: &str, commit: &str, likeness: u32) -> Result<Vec<Renaming>, GitError> {
        let option = format!("-M{likeness}%");
        let mut arguments = vec!["diff-tree", "-r", "--full-index", "--name-status", "-z", &option, parent, commit, "--"];
        arguments.extend(PAGES);
        let output = self.run(&arguments, None)?;
        let output = String::from_utf8_lossy(&output);
        let mut fields = output.split('\0').map(str::to_owned);
        let mut renames = Vec::new();
        while let Some(status) = fields.next().filter(|status| !status.is_empty()) {
            let old = fields.next().unwrap_or_default();
            match status.chars().next() {
                Some('R' | 'C') => renames.push(Renaming { old, new: fields.next() }),
                Some('D') => renames.push(Renaming { old, new: None }),
                _ => {}
            }
        }
        Ok(renames)
    }

    /// Runs git and returns what it printed, without the white space around it.
    pub fn text(&self, arguments: &[&str]) -> Result<String, GitError> {
        let output = self.run(arguments, None)?;
        Ok(String::from_utf8_lossy(&output).trim().to_owned())
    }

    /// Runs git with an input and returns what it printed.
    pub fn run(&self, arguments: &[&str], input: Option<String>) -> Result<Vec<u8>, GitError> {
        let mut command = command();
        // Paths are seen from the root of the repository, whatever a setting calls its work tree.
        command.env("GIT_DIR", &self.folder).env("GIT_WORK_TREE", &self.folder).current_dir(&self.folder);
        run(command.args(arguments), input, Some(SILENCE))
    }
}

/// Files that a page may have been before.
const PAGES: [&str; 5] = ["*.md", "*.mdx", "*.markdown", "*.txt", "*.toml"];

/// A page that has another path since a commit, or none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renaming {
    /// The path before.
    pub old: String,
    /// The path since; nothing if the page was deleted.
    pub new: Option<String>,
}

/// Git for a repository that is not trusted: no setting of it runs another program, nothing is fetched and nothing is written.
/// Variables that name another repository, as a hook has them, are not passed on.
fn command() -> Command {
    let mut command = Command::new("git");
    for name in OTHER_REPOSITORIES {
        command.env_remove(name);
    }
    command.env("GIT_NO_LAZY_FETCH", "1").env("GIT_OPTIONAL_LOCKS", "0").env("GIT_TERMINAL_PROMPT", "0").env("LC_ALL", "C");
    let encoding = "i18n.logOutputEncoding=UTF-8";
    for setting in ["core.fsmonitor=", "log.showSignature=false", "log.mailmap=false", "core.quotePath=false", encoding] {
        command.args(["-c", setting]);
    }
    command
}

/// Runs a command with an input and returns what it printed. It is ended if it is silent for longer than it may be.
fn run(command: &mut Command, input: Option<String>, silence: Option<Duration>) -> Result<Vec<u8>, GitError> {
    let failed = |error: std::io::Error| GitError(format!("git cannot be run: {error}"));
    command.stdin(if input.is_some() { Stdio::piped() } else { Stdio::null() }).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(failed)?;
    // Git answers while it is still being asked: all pipes have to be served. It may end before it has read everything.
    if let Some((mut stdin, input)) = child.stdin.take().zip(input) {
        thread::spawn(move || stdin.write_all(input.as_bytes()));
    }
    let (sender, pieces) = mpsc::channel();
    let readers: [Option<Box<dyn Read + Send>>; 2] =
        [child.stdout.take().map(|pipe| Box::new(pipe) as _), child.stderr.take().map(|pipe| Box::new(pipe) as _)];
    for (at, mut pipe) in readers.into_iter().enumerate().filter_map(|(at, pipe)| Some((at, pipe?))) {
        let sender = sender.clone();
        thread::spawn(move || {
            let mut piece = vec![0; 1 << 16];
            while let Ok(length @ 1..) = pipe.read(&mut piece) {
                if sender.send((at, piece[..length].to_vec())).is_err() {
                    break;
                }
            }
        });
    }
    drop(sender);
    let mut printed = [Vec::new(), Vec::new()];
    loop {
        match pieces.recv_timeout(silence.unwrap_or(Duration::MAX)) {
            Ok((at, piece)) => printed[at].extend(piece),
            Err(RecvTimeoutError::Disconnected) => break,
            Err(RecvTimeoutError::Timeout) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(GitError("git does not answer; is a setting of the repository odd?".to_owned()));
            }
        }
    }
    let [stdout, stderr] = printed;
    if child.wait().map_err(failed)?.success() {
        return Ok(stdout);
    }
    let printed = String::from_utf8_lossy(&stderr);
    let line = printed.lines().find(|line| !line.trim().is_empty()).unwrap_or("it failed without a message");
    Err(GitError(format!("git: {}", line.trim_start_matches("fatal: ").trim_start_matches("error: "))))
}
