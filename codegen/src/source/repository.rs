//! A repository of documents: where a page is now, since when it says so, and what it said before.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::git::{Blob, Git, GitError};
use super::walk::LIKENESS;
use crate::import::read_page;
use crate::model::{Date, Number};
use crate::read::Page;
use crate::text::{SourceFile, normalized_name};
use tempfile::TempDir;

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
            return Ok(Self { git: Git::open(Path::new(place))?, place: place.to_owned(), _fetched: None });
        }
        let fetched = tempfile::tempdir().map_err(|error| format!("cannot make a folder for the repository: {error}"))?;
        let git = Git::clone(place, fetched.path())?;
        Ok(Self { git, place: place.to_owned(), _fetched: Some(fetched) })
    }

    /// The page of an edition: at its path, where that was moved to, or where the titles of its tables are.
    pub fn page(&self, wanted: &Wanted<'_>) -> Result<Found, String> {
        let named = wanted.path.map(|path| self.moved(path)).transpose()?.flatten();
        let path = match named {
            Some(path) => path,
            None => self.by_titles(wanted)?,
        };
        let commit = self.git.text(&["log", "-1", "--format=%H %cs", "HEAD", "--", &format!(":(literal){path}")])?;
        let (revision, date) = commit.split_once(' ').ok_or_else(|| format!("no commit has {path}; fetch the whole history"))?;
        if self.is_first_of_shallow(revision)? {
            return Err(format!(
                "the clone of {} is shallow, and does not know when {path} changed last; fetch the whole history: `git fetch --unshallow`",
                self.place
            ));
        }
        let date = date.parse()?;
        let revision = revision.chars().take(8).collect();
        let text = self.text("HEAD", &path)?;
        Ok(Found { path, text, date, revision })
    }

    /// Whether the history of a shallow clone begins with a commit: then it seems to have changed all pages.
    fn is_first_of_shallow(&self, revision: &str) -> Result<bool, String> {
        Ok(self.git.is_shallow()? && self.git.text(&["log", "-1", "--format=%P", revision])?.is_empty())
    }

    fn text(&self, revision: &str, path: &str) -> Result<String, String> {
        let blob = self.git.blob(revision, path)?.ok_or_else(|| format!("{revision} has no {path}"))?;
        let bytes = self.git.objects([blob.object.as_str()])?.into_values().next();
        let bytes = bytes.ok_or_else(|| format!("the clone lacks the text of {path}"))?;
        String::from_utf8(bytes).map_err(|_| format!("{path} is not UTF-8; save it as UTF-8"))
    }

    /// What the page said at the revision that the tables were read at, as far as the repository has it: its sentences by the
    /// normalized heading of their table, and their number.
    pub fn former_sentences(&self, wanted: &Wanted<'_>, path: &str) -> BTreeMap<(String, Number), String> {
        let is_name = |revision: &&str| revision.bytes().all(|byte| byte.is_ascii_hexdigit());
        let Some(revision) = wanted.revision.filter(is_name) else { return BTreeMap::new() };
        let mut paths = wanted.path.into_iter().chain([path]);
        let Some(text) = paths.find_map(|path| self.text(revision, path).ok()) else {
            return BTreeMap::new();
        };
        let (page, _) = read_page(&SourceFile::new(path, text));
        let mut sentences = BTreeMap::new();
        for table in &page.tables {
            for row in table.rows.iter().filter(|row| row.facts.is_live()) {
                let key = (normalized_name(&table.heading), row.facts.number);
                sentences.extend(row.sentence.clone().map(|sentence| (key, sentence)));
            }
        }
        sentences
    }

    /// The path of a file now, through all its renamings; nothing if it was deleted.
    fn moved(&self, path: &str) -> Result<Option<String>, GitError> {
        const MOST: usize = 20;
        let mut path = path.to_owned();
        for _ in 0..MOST {
            if self.git.blob("HEAD", &path)?.is_some() {
                return Ok(Some(path));
            }
            let literal = format!(":(literal){path}");
            let deleted = ["log", "-1", "--no-renames", "--diff-filter=D", "-m", "--format=%H", "HEAD", "--", &literal];
            let commit = self.git.text(&deleted)?;
            let Some(commit) = commit.split_whitespace().next() else { return Ok(None) };
            let renames = self.git.renames(&format!("{commit}^"), commit, LIKENESS)?;
            let Some(new) = renames.into_iter().find(|renaming| renaming.old == path).and_then(|renaming| renaming.new) else {
                return Ok(None);
            };
            path = new;
        }
        Ok(None)
    }

    /// The page with the most of the wanted tables.
    fn by_titles(&self, wanted: &Wanted<'_>) -> Result<String, String> {
        const MOST: usize = 5000;
        let mut pages = self.git.blobs("HEAD", "")?;
        pages.retain(|blob| {
            let extension = Path::new(&blob.path).extension().and_then(|extension| extension.to_str());
            matches!(extension, Some("md" | "mdx" | "markdown" | "txt"))
        });
        pages.truncate(MOST);
        let texts = self.git.objects(pages.iter().map(|blob| blob.object.as_str()))?;
        let mut best: Option<(usize, String)> = None;
        for Blob { path, object } in &pages {
            let Some(text) = texts.get(object).and_then(|text| std::str::from_utf8(text).ok()) else { continue };
            // Only a page with a table is read.
            if !text.contains("|--") && !text.contains("| --") && !text.contains("|:-") && !text.contains("**") {
                continue;
            }
            let (page, _) = read_page(&SourceFile::new(path, text));
            let count = equal_names(&page, wanted.names);
            if count > best.as_ref().map_or(0, |(count, _)| *count) {
                best = Some((count, path.to_owned()));
            }
        }
        let (_, path) =
            best.ok_or_else(|| format!("no page of {} has one of the tables; write its `path` into `sources.toml`", self.place))?;
        Ok(path)
    }
}

/// How many tables of a page have one of the names.
fn equal_names(page: &Page, names: &BTreeSet<String>) -> usize {
    page.tables.iter().filter(|table| !table.rows.is_empty() && names.contains(&normalized_name(&table.heading))).count()
}
