//! A repository of documents: where a page is now, since when it says so, and what it said before.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::git::{Blob, Git, GitError};
use super::walk::{LIKENESS, day, short};
use crate::import::read_page;
use crate::model::{Date, Number};
use crate::read::{Page, PageRow};
use crate::text::{SourceFile, counted, fits, normalized_name, quoted, quoted_list};
use tempfile::TempDir;

/// Which page of a repository is wanted.
pub struct Wanted<'a> {
    /// The path of the page, where a table names it.
    pub path: Option<&'a str>,
    /// The revision that a table was read at.
    pub revision: Option<&'a str>,
    /// The titles and headings of the tables that are read from the page.
    pub names: &'a BTreeSet<String>,
    pub today: Date,
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
    /// Since when the page has had each code that it did not list at the revision of the tables, where that is known.
    pub first_listed: BTreeMap<(String, Number), Date>,
    /// What is odd about the dates of its commits.
    pub odd: Vec<String>,
}

/// A repository, and the folder in which it was fetched if it is not a local one.
pub struct Repository {
    git: Git,
    place: String,
    _fetched: Option<TempDir>,
}

/// Repositories that were opened. One that is somewhere else is fetched once, however many pages are read from it.
#[derive(Default)]
pub struct Repositories(BTreeMap<String, Result<Repository, String>>);

impl Repositories {
    pub(super) fn get(&mut self, place: &str) -> Result<&Repository, String> {
        let repository = self.0.entry(place.to_owned()).or_insert_with(|| Repository::open(place));
        repository.as_ref().map_err(Clone::clone)
    }
}

/// What became of a path.
enum Moved {
    /// It is this one now.
    To(String),
    /// The commit that deleted it.
    Deleted(String),
    /// No commit has it.
    Never,
}

/// Whether the place of a repository is an address.
pub fn is_address(place: &str) -> bool {
    place.contains("://") || place.starts_with("git@")
}

impl Repository {
    /// Opens a local repository, or fetches one.
    fn open(place: &str) -> Result<Self, String> {
        if place.starts_with('-') {
            return Err(format!("{} is no repository", quoted(place)));
        }
        let unreadable = |error: GitError| format!("{} cannot be read: {error}", quoted(place));
        if !is_address(place) {
            let git = Git::open(Path::new(place)).map_err(unreadable)?;
            return Ok(Self { git, place: place.to_owned(), _fetched: None });
        }
        let fetched = tempfile::tempdir().map_err(|error| format!("cannot make a folder for the repository: {error}"))?;
        let clone = |error| format!("{}; name a clone of it with `--from`", unreadable(error));
        let git = Git::clone(place, fetched.path()).map_err(clone)?;
        Ok(Self { git, place: place.to_owned(), _fetched: Some(fetched) })
    }

    /// The page of an edition: at its path, where that was moved to, or where the titles of its tables are.
    pub fn page(&self, wanted: &Wanted<'_>) -> Result<Found, String> {
        let named = wanted.path.map(|path| self.moved(path)).transpose()?;
        let path = match named {
            Some(Moved::To(path)) => path,
            Some(Moved::Deleted(commit)) => self
                .by_titles(wanted)
                .map_err(|error| format!("{} was deleted in {commit}, and {error}", wanted.path.unwrap_or_default()))?,
            Some(Moved::Never) | None => self.by_titles(wanted)?,
        };
        let commit = self.git.text(&["log", "-1", "--format=%H %cs", "HEAD", "--", &format!(":(literal){path}")])?;
        let (revision, date) = commit.split_once(' ').ok_or_else(|| format!("no commit has {path}; fetch the whole history"))?;
        if self.is_first_of_shallow(revision)? {
            return Err(format!(
                "the clone of {} is shallow, and does not know when {path} changed last; fetch the whole history: `git fetch --unshallow`",
                self.place
            ));
        }
        let mut odd = BTreeMap::new();
        let date = day(revision, date, wanted.today, &mut odd);
        let first_listed = self.first_listed(wanted, &path, &mut odd);
        let revision = revision.chars().take(8).collect();
        let text = self.text("HEAD", &path)?;
        Ok(Found { path, text, date, revision, first_listed, odd: odd.into_values().collect() })
    }

    /// Whether the history of a shallow clone begins with a commit: then it seems to have changed all pages.
    fn is_first_of_shallow(&self, revision: &str) -> Result<bool, String> {
        Ok(self.git.is_shallow()? && self.git.text(&["log", "-1", "--format=%P", revision])?.is_empty())
    }

    fn text(&self, revision: &str, path: &str) -> Result<String, String> {
        let blob = self.git.blob(revision, path)?.ok_or_else(|| format!("{revision} has no {path}"))?;
        let bytes = self.git.objects([&blob])?.into_values().next();
        let bytes = bytes.ok_or_else(|| format!("the clone lacks the text of {path}"))?;
        String::from_utf8(bytes).map_err(|_| format!("{path} is not UTF-8; save it as UTF-8"))
    }

    /// The page at the revision that the tables were read at, as far as the repository has it.
    pub fn former(&self, wanted: &Wanted<'_>, path: &str) -> Option<Page> {
        let revision = wanted.revision.filter(|revision| revision.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let mut paths = wanted.path.into_iter().chain([path]);
        paths.find_map(|path| self.page_at(revision, path))
    }

    fn page_at(&self, revision: &str, path: &str) -> Option<Page> {
        let text = self.text(revision, path).ok()?;
        Some(read_page(&SourceFile::new(path, text)).0)
    }

    /// Since when the page has had each code that it lists now and did not list at the revision of the tables: the days of the
    /// commits after that one. Nothing where that revision is not known.
    fn first_listed(
        &self,
        wanted: &Wanted<'_>,
        path: &str,
        odd: &mut BTreeMap<String, String>,
    ) -> BTreeMap<(String, Number), Date> {
        const MOST: usize = 100;
        let mut first = BTreeMap::new();
        let (Some(former), Some(revision)) = (self.former(wanted, path), wanted.revision) else { return first };
        let known: BTreeSet<(String, Number)> = listed(&former).map(|(code, _)| code).collect();
        let range = format!("{revision}..HEAD");
        let mut arguments = vec!["log", "--reverse", "--format=%H %cs", &range, "--"];
        let paths: Vec<String> = wanted.path.into_iter().chain([path]).map(|path| format!(":(literal){path}")).collect();
        arguments.extend(paths.iter().map(String::as_str));
        let commits = self.git.text(&arguments).unwrap_or_default();
        for (commit, date) in commits.lines().filter_map(|line| line.split_once(' ')).take(MOST) {
            let mut paths = [path].into_iter().chain(wanted.path);
            let Some(page) = paths.find_map(|path| self.page_at(commit, path)) else { continue };
            let date = day(commit, date, wanted.today, odd);
            for (code, _) in listed(&page).filter(|(code, _)| !known.contains(code)) {
                first.entry(code).or_insert(date);
            }
        }
        first
    }

    /// The path of a file now, through all its renamings.
    fn moved(&self, path: &str) -> Result<Moved, GitError> {
        const MOST: usize = 20;
        let mut path = path.to_owned();
        for _ in 0..MOST {
            if self.git.blob("HEAD", &path)?.is_some() {
                return Ok(Moved::To(path));
            }
            let literal = format!(":(literal){path}");
            let deleted = ["log", "-1", "--no-renames", "--diff-filter=D", "-m", "--format=%H %cs %s", "HEAD", "--", &literal];
            let commit = self.git.text(&deleted)?;
            let Some((id, rest)) = commit.lines().next().and_then(|line| line.split_once(' ')) else { return Ok(Moved::Never) };
            let parent = format!("{id}^");
            // A partial clone may know exact renames only.
            let renames = self.git.renames(&parent, id, LIKENESS).or_else(|_| self.git.renames(&parent, id, 100))?;
            let Some(new) = renames.into_iter().find(|renaming| renaming.old == path).and_then(|renaming| renaming.new) else {
                return Ok(Moved::Deleted(format!("{} ({rest})", short(id))));
            };
            path = new;
        }
        Ok(Moved::Never)
    }

    /// The page with the most of the wanted tables.
    fn by_titles(&self, wanted: &Wanted<'_>) -> Result<String, String> {
        const MOST: usize = 5000;
        let mut pages = self.git.blobs("HEAD", "")?;
        pages.retain(|blob| {
            let extension = Path::new(&blob.path).extension().and_then(|extension| extension.to_str());
            matches!(extension, Some("md" | "mdx" | "markdown" | "txt"))
        });
        let all = pages.len();
        pages.truncate(MOST);
        let sizes = self.git.sizes(pages.iter().map(|page| page.object.as_str()))?;
        pages.retain(|page| sizes.get(&page.object).is_some_and(|size| fits(*size).is_ok()));
        let texts = self.git.objects(&pages)?;
        // How many of the wanted tables a page has, and which pages.
        let mut found: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for Blob { path, object } in &pages {
            let Some(text) = texts.get(object).and_then(|text| std::str::from_utf8(text).ok()) else { continue };
            // Only a page with a table is read.
            if !text.contains("|--") && !text.contains("| --") && !text.contains("|:-") && !text.contains("**") {
                continue;
            }
            let (page, _) = read_page(&SourceFile::new(path, text));
            found.entry(equal_names(&page, wanted.names)).or_default().push(path.to_owned());
        }
        found.remove(&0);
        let write = "write its `path` into `sources.toml`";
        let unread = all - pages.len();
        let unread = if unread > 0 { format!(" ({} of it cannot be read)", counted(unread, "page")) } else { String::new() };
        let pages = found.pop_last().map(|(_, pages)| pages).unwrap_or_default();
        match &pages.iter().map(String::as_str).collect::<Vec<_>>()[..] {
            [] => Err(format!("no page of {} has one of the tables{unread}; {write}", self.place)),
            [one] => Ok((*one).to_owned()),
            several => Err(format!("each of {} may be the page; {write}", quoted_list(several, "and"))),
        }
    }
}

/// The codes that a page lists: the normalized heading of their table, their number, and their row.
fn listed(page: &Page) -> impl Iterator<Item = ((String, Number), &PageRow)> {
    let rows = page.tables.iter().flat_map(|table| table.rows.iter().map(move |row| (table, row)));
    rows.filter(|(_, row)| row.facts.is_live()).map(|(table, row)| ((normalized_name(&table.heading), row.facts.number), row))
}

/// The sentences of a page, by the normalized heading of their table and their number.
pub fn sentences(page: &Page) -> BTreeMap<(String, Number), String> {
    listed(page).filter_map(|(code, row)| Some((code, row.sentence.clone()?))).collect()
}

/// How many tables of a page have one of the names.
fn equal_names(page: &Page, names: &BTreeSet<String>) -> usize {
    page.tables.iter().filter(|table| !table.rows.is_empty() && names.contains(&normalized_name(&table.heading))).count()
}
