//! A repository of documents: where a page is now, since when it says so, and what it said before.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use tempfile::TempDir;
use wirecodes_codegen::{Date, Number, Page, SourceFile, normalized_name, read_page};

use crate::git::{Git, GitError};

/// Which page of a repository is wanted.
pub struct Wanted<'a> {
    /// The path of the page, where a table names it.
    pub path: Option<&'a str>,
    /// The revision that a table was read at.
    pub revision: Option<&'a str>,
    /// The titles and headings of the tables that are read from the page.
    pub names: &'a BTreeSet<String>,
}

/// A page as a repository has it.
pub struct Found {
    /// Its path.
    pub path: String,
    /// Its text.
    pub text: String,
    /// The date of the last commit that changed it.
    pub date: Date,
    /// The start of that commit's name.
    pub revision: String,
}

/// A repository, and the folder in which it was fetched if it is not a local one.
pub struct Repository {
    git: Git,
    place: String,
    _fetched: Option<TempDir>,
}

/// Whether the place of a repository is an address.
pub fn is_address(place: &str) -> bool {
    place.contains("://") || place.starts_with("git@")
}

impl Repository {
    /// Opens a local repository, or fetches one.
    pub fn open(place: &str) -> Result<Self, String> {
        if place.starts_with('-') {
            return Err(format!("{place} is no repository"));
        }
        if !is_address(place) {
            let folder = Git::new(place).text(&["rev-parse", "--absolute-git-dir"]).map_err(text_of)?;
            return Ok(Self { git: Git::new(folder), place: place.to_owned(), _fetched: None });
        }
        let fetched = tempfile::tempdir().map_err(|error| format!("cannot make a folder for the repository: {error}"))?;
        let git = Git::new(fetched.path());
        git.text(&["clone", "--quiet", "--bare", "--single-branch", "--", place, "."]).map_err(text_of)?;
        Ok(Self { git, place: place.to_owned(), _fetched: Some(fetched) })
    }

    /// The page of an edition: at its path, where that was moved to, or where the titles of its tables are.
    pub fn page(&self, wanted: &Wanted<'_>) -> Result<Found, String> {
        let named = wanted.path.map(|path| self.moved(path)).transpose().map_err(text_of)?.flatten();
        let path = match named {
            Some(path) => path,
            None => self.by_titles(wanted)?,
        };
        let commit = self.git.text(&["log", "-1", "--format=%H %cs", "HEAD", "--", &path]).map_err(text_of)?;
        let (revision, date) = commit.split_once(' ').ok_or_else(|| format!("no commit has {path}; fetch the whole history"))?;
        if self.is_first_of_shallow(revision)? {
            return Err(format!(
                "the clone of {} is shallow, and does not know when {path} changed last; fetch the whole history: `git fetch --unshallow`",
                self.place
            ));
        }
        let date = date.parse()?;
        let revision = revision.chars().take(8).collect();
        let text = self.text(&format!("HEAD:{path}"))?;
        Ok(Found { path, text, date, revision })
    }

    /// Whether the history of a shallow clone begins with a commit: then it seems to have changed all pages.
    fn is_first_of_shallow(&self, revision: &str) -> Result<bool, String> {
        let parents = || self.git.text(&["log", "-1", "--format=%P", revision]);
        Ok(self.git.is_shallow().map_err(text_of)? && parents().map_err(text_of)?.is_empty())
    }

    fn text(&self, object: &str) -> Result<String, String> {
        let bytes = self.git.run(&["cat-file", "blob", object], None).map_err(text_of)?;
        String::from_utf8(bytes).map_err(|_| format!("{object} is not UTF-8; save it as UTF-8"))
    }

    /// What the page said at the revision that the tables were read at, as far as the repository has it: its sentences by the
    /// normalized heading of their table, and their number.
    pub fn former_sentences(&self, wanted: &Wanted<'_>, path: &str) -> BTreeMap<(String, Number), String> {
        let is_name = |revision: &&str| revision.bytes().all(|byte| byte.is_ascii_hexdigit());
        let Some(revision) = wanted.revision.filter(is_name) else { return BTreeMap::new() };
        let mut paths = wanted.path.into_iter().chain([path]);
        let Some(text) = paths.find_map(|path| self.text(&format!("{revision}:{path}")).ok()) else {
            return BTreeMap::new();
        };
        let (page, _) = read_page(&SourceFile::new(path, text), None);
        let mut sentences = BTreeMap::new();
        for table in &page.tables {
            for row in table.rows.iter().filter(|row| row.facts.is_live()) {
                let key = (normalized_name(&table.heading), row.facts.number);
                sentences.extend(row.sentence.clone().map(|sentence| (key, sentence)));
            }
        }
        sentences
    }

    fn has(&self, path: &str) -> bool {
        self.git.run(&["cat-file", "-e", &format!("HEAD:{path}")], None).is_ok()
    }

    /// The path of a file now, through all its renamings; nothing if it was deleted.
    fn moved(&self, path: &str) -> Result<Option<String>, GitError> {
        const MOST: usize = 20;
        let mut path = path.to_owned();
        for _ in 0..MOST {
            if self.has(&path) {
                return Ok(Some(path));
            }
            let deleted = ["log", "-1", "--no-renames", "--diff-filter=D", "-m", "--format=%H", "HEAD", "--", &path];
            let commit = self.git.text(&deleted)?;
            let Some(commit) = commit.split_whitespace().next() else { return Ok(None) };
            let parent = format!("{commit}^");
            let renamed = self.git.text(&["diff-tree", "-r", "-M", "-z", "--name-status", "--diff-filter=R", &parent, commit])?;
            let fields: Vec<&str> = renamed.split('\0').collect();
            let Some(new) = fields.chunks_exact(3).find(|fields| fields[1] == path).map(|fields| fields[2].to_owned()) else {
                return Ok(None);
            };
            path = new;
        }
        Ok(None)
    }

    /// The page with the most of the wanted tables.
    fn by_titles(&self, wanted: &Wanted<'_>) -> Result<String, String> {
        const MOST: usize = 5000;
        let all = self.git.paths("HEAD", "").map_err(text_of)?;
        let is_page = |path: &&String| {
            let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
            matches!(extension, Some("md" | "mdx" | "markdown" | "txt"))
        };
        let mut best: Option<(usize, String)> = None;
        for path in all.iter().filter(is_page).take(MOST) {
            let Ok(text) = self.text(&format!("HEAD:{path}")) else { continue };
            // Only a page with a table is read.
            if !text.contains("|--") && !text.contains("| --") && !text.contains("|:-") && !text.contains("**") {
                continue;
            }
            let (page, _) = read_page(&SourceFile::new(path, text), None);
            let count = equal_names(&page, wanted.names);
            if count > best.as_ref().map_or(0, |(count, _)| *count) {
                best = Some((count, path.to_owned()));
            }
        }
        let (_, path) = best.ok_or_else(|| {
            format!("no page of {} has one of the tables; write its `path` under `[source]` of a table", self.place)
        })?;
        Ok(path)
    }
}

/// How many tables of a page have one of the names.
fn equal_names(page: &Page, names: &BTreeSet<String>) -> usize {
    page.tables.iter().filter(|table| !table.rows.is_empty() && names.contains(&normalized_name(&table.heading))).count()
}

#[allow(clippy::needless_pass_by_value, reason = "it is a step of `map_err`")]
fn text_of(error: GitError) -> String {
    error.to_string()
}
