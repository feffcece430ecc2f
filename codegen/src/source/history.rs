//! How documented pages changed, commit by commit, and since when they have had each code.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::git::{Blob, Git, GitError};
use super::pages::read_tables;
use super::walk::{Commit, Walk, short, walk};
use crate::diff::{Change, CommitJson, Comparison, Difference, HistoryJson, ListedDates, Side, TableName, changes, set_dates};
use crate::model::{Bump, Date};
use crate::output::write_texts;
use crate::print::Report;
use crate::read::PageTable;
use crate::text::{Diagnostic, SourceFile, did_you_mean, display_path, quoted, quoted_list};

/// The history of some pages of a repository, which are read as one.
pub struct History {
    git: Git,
    paths: Vec<String>,
    commits: Vec<Commit>,
    notes: Vec<String>,
    pages: Pages,
}

/// Which commits are wanted, and what of them.
#[derive(Clone, Debug, Default)]
pub struct Wish {
    /// None before this date.
    pub since: Option<Date>,
    /// Only so many, the newest ones.
    pub limit: Option<usize>,
    /// Changes of one table only, by its title or file name.
    pub table: Option<String>,
    /// Only changes that need this much, or more.
    pub min: Option<Bump>,
    /// Commits too in which rows could not be read, and nothing else is to be said.
    pub verbose: bool,
}

impl History {
    /// Reads the history of pages, by their newest paths from the root of the repository.
    ///
    /// # Errors
    ///
    /// If it cannot be read: each path that no commit has, or why the repository cannot be.
    pub fn open(repository: &Path, paths: &[String], today: Date) -> Result<Self, Vec<Diagnostic>> {
        let name = display_path(repository);
        let git = Git::open(repository).map_err(|error| {
            vec![Diagnostic::error("no-repository", format!("{} is not a repository: {error}", quoted(&name)))]
        })?;
        let failed = |error: GitError| vec![Diagnostic::error("unreadable-repository", error.to_string()).in_file(&name)];
        for path in paths {
            let below = git.blobs("HEAD", path.trim_end_matches('/')).map_err(failed)?;
            if below.iter().any(|blob| blob.path.starts_with(&format!("{}/", path.trim_end_matches('/')))) {
                let message = format!("{} is a folder; name the pages in it", quoted(path));
                return Err(vec![Diagnostic::error("not-a-page", message)]);
            }
        }
        let Walk { commits, notes } = walk(&git, paths, today).map_err(failed)?;
        let history = Self { pages: Pages::new(&git, &commits).map_err(failed)?, git, paths: paths.to_vec(), commits, notes };
        let unknown: Vec<Diagnostic> = history.unknown().map(|path| history.no_such_page(&name, path)).collect();
        if unknown.is_empty() { Ok(history) } else { Err(unknown) }
    }

    /// The paths that no commit has. A page may also be a former one of another that is named.
    fn unknown(&self) -> impl Iterator<Item = &String> {
        let known: BTreeSet<&str> = self.all_pages().map(|page| page.path.as_str()).collect();
        self.paths.iter().filter(move |path| !known.contains(path.as_str()))
    }

    fn no_such_page(&self, repository: &str, path: &str) -> Diagnostic {
        let known = self.git.blobs("HEAD", "").unwrap_or_default();
        Diagnostic::error("no-page", format!("no commit of {} has {}", quoted(repository), quoted(path)))
            .help_if(did_you_mean(path, known.iter().map(|blob| blob.path.as_str())))
    }

    fn all_pages(&self) -> impl Iterator<Item = &Blob> {
        self.commits.iter().flat_map(|commit| commit.pages.iter().flatten())
    }

    /// The commits that change tables, with what they change, the oldest first.
    ///
    /// `progress` hears how many versions of the pages were looked at, of how many.
    ///
    /// # Errors
    ///
    /// If no version has the table that is wanted.
    pub fn changes(&mut self, wish: &Wish, progress: &mut dyn FnMut(usize, usize)) -> Result<Vec<CommitChanges>, Diagnostic> {
        let by_id = by_id(&self.commits);
        let (mut last, mut found, all, mut read) = (LastPages::default(), Vec::new(), self.versions(), 0);
        for commit in &self.commits {
            let parents = parents(commit, &by_id);
            last.add(commit, &parents, &self.pages.texts);
            if !is_version(commit, &parents) {
                continue;
            }
            read += 1;
            progress(read, all);
            let is_wanted = wish.since.is_none_or(|since| commit.date >= since);
            if let Some(one) = compare(commit, &parents, &last, &mut self.pages, wish)
                && is_wanted
            {
                found.push(one);
            }
        }
        if let Some(unknown) = wish.table.as_ref().and_then(|wanted| self.pages.unknown_table(wanted)) {
            return Err(unknown);
        }
        // Commits of a branch stand together, whatever their dates.
        let mut newest: Vec<usize> = (0..found.len()).collect();
        newest.sort_by_key(|at| Reverse((&found[*at].commit.date, *at)));
        let newest: BTreeSet<usize> = newest.into_iter().take(wish.limit.unwrap_or(usize::MAX)).collect();
        Ok(found.into_iter().enumerate().filter(|(at, _)| newest.contains(at)).map(|(_, one)| one).collect())
    }

    /// Writes into the tables of an edition since when, and until when, the pages have had each code. The files that changed are
    /// returned.
    ///
    /// # Errors
    ///
    /// If the history is not known, or a file cannot be read or written: what is wrong.
    pub fn write_dates(
        &mut self,
        edition: &Side,
        codes: &Path,
        progress: &mut dyn FnMut(usize, usize),
    ) -> Result<Vec<String>, Diagnostic> {
        if self.git.is_shallow().unwrap_or(true) {
            let message = "the clone is shallow: it does not know since when pages have a code; nothing was written";
            let help = "fetch the whole history: `git fetch --unshallow`";
            return Err(Diagnostic::error("shallow-clone", message).help(help));
        }
        let mut dates = ListedDates::new(edition);
        let line = main_line(&self.commits);
        for (at, commit) in line.iter().enumerate() {
            progress(at + 1, line.len());
            let (tables, unreadable) = self.pages.tables(&commit.pages);
            let is_missing = !self.pages.note_missing(commit).is_empty();
            let is_away = commit.pages.iter().all(Option::is_none);
            if !is_away {
                dates.add(&tables, commit.date, unreadable > 0 || is_missing);
            }
        }
        let mut edited = Vec::new();
        for (path, rows) in dates.finish() {
            let before = SourceFile::read(&codes.join(&path))?;
            let text = set_dates(&before, &rows);
            if text != before.text {
                edited.push((path, Some(before.text.clone()), text));
            }
        }
        let changed = edited.iter().map(|(path, ..)| display_path(&codes.join(path))).collect();
        let failed = |error: String| Diagnostic::error("unwritable-file", error);
        write_texts(codes, edited).map_err(failed)?;
        Ok(changed)
    }

    /// What should be known about the history as a whole: where a page begins, what could not be read.
    pub fn notes(&self) -> impl Iterator<Item = &String> {
        self.notes.iter().chain(&self.pages.missing)
    }

    /// Whether the clone lacks texts that were asked for.
    #[must_use]
    pub fn is_partial(&self) -> bool {
        !self.pages.missing.is_empty()
    }

    /// How many different states of the pages there are.
    #[must_use]
    pub fn versions(&self) -> usize {
        let by_id = by_id(&self.commits);
        self.commits.iter().filter(|commit| is_version(commit, &parents(commit, &by_id))).count()
    }

    /// The history as a document.
    #[must_use]
    pub fn json<'a>(&self, found: &'a [CommitChanges]) -> HistoryJson<'a> {
        let commits = found.iter().map(CommitChanges::json).collect();
        HistoryJson::new(self.paths.clone(), self.versions(), self.notes().cloned().collect(), commits)
    }
}

/// A commit that changes tables.
pub struct CommitChanges {
    commit: Commit,
    comparison: Comparison,
    notes: Vec<String>,
    unreadable: usize,
}

impl CommitChanges {
    /// The commit as a report.
    #[must_use]
    pub fn report(&self) -> Report {
        let Commit { date, author, subject, id, .. } = &self.commit;
        let odd = (self.unreadable > 0).then(|| format!("{} rows could not be read", self.unreadable));
        Report {
            title: format!("{date} {} {subject} ({author})", short(id)),
            closing: self.notes.iter().cloned().chain(odd).map(|note| format!("  {note}")).collect(),
            ..self.comparison.report()
        }
    }

    fn json(&self) -> CommitJson<'_> {
        CommitJson {
            commit: self.commit.id.clone(),
            date: self.commit.date.to_string(),
            author: self.commit.author.clone(),
            subject: self.commit.subject.clone(),
            paths: self.commit.pages.iter().flatten().map(|page| page.path.clone()).collect(),
            unreadable: self.unreadable,
            notes: self.notes.clone(),
            comparison: self.comparison.json(),
        }
    }
}

/// What one commit changes against every parent. A merge has only what no side had.
fn compare(commit: &Commit, parents: &[&Commit], last: &LastPages, pages: &mut Pages, wish: &Wish) -> Option<CommitChanges> {
    let (tables, unreadable) = pages.tables(last.get(commit));
    let mut notes = pages.note_missing(commit);
    let new = Side::from_page(short(&commit.id), tables);
    let against = parents.iter().map(|parent| {
        let (tables, _) = pages.tables(last.get(parent));
        changes(&Side::from_page(short(&parent.id), tables), &new)
    });
    let mut comparison = decided(against.collect()).unwrap_or_else(|| changes(&Side::from_page("", Vec::new()), &new));
    notes.extend(events(commit, parents));
    // A page that is away for a while does not lose its codes.
    let is_gone = commit.pages.iter().all(Option::is_none);
    if is_gone {
        comparison.differences.clear();
    }
    comparison.differences.retain(|difference| {
        let is_table = wish
            .table
            .as_ref()
            .is_none_or(|wanted| difference.table.as_ref().is_some_and(|table| is_called(wanted, &table.file, &table.title)));
        is_table && wish.min.is_none_or(|level| difference.bump >= level)
    });
    let says_anything = !comparison.differences.is_empty() || wish.min.is_none() && (is_gone || unreadable > 0 && wish.verbose);
    says_anything.then(|| CommitChanges { commit: commit.clone(), comparison, notes, unreadable })
}

/// Whether a table has a name: that of its file, or its title.
fn is_called(name: &str, file: &str, title: &str) -> bool {
    file == name || title.eq_ignore_ascii_case(name)
}

/// What differs from every parent. Where a code differs from each in another way, what differs from the nearest one counts: that
/// is what a merge decided itself.
fn decided(mut against: Vec<Comparison>) -> Option<Comparison> {
    if against.len() < 2 {
        return against.pop();
    }
    let groups: Vec<BTreeMap<_, Vec<Difference>>> = against.iter().map(by_subject).collect();
    let first = against.into_iter().next()?;
    let nearest = |subject| {
        let of_each: Option<Vec<&Vec<Difference>>> = groups.iter().map(|group| group.get(subject)).collect();
        let is_whole = |one: &Difference| matches!(one.change, Change::Added { .. } | Change::Removed { .. });
        of_each?.into_iter().min_by_key(|found| (found.iter().any(is_whole), found.len()))
    };
    Some(first.with(groups[0].keys().filter_map(nearest).flatten().cloned().collect()))
}

/// The differences by what they are about: a code of a table, or else what differs.
fn by_subject(comparison: &Comparison) -> BTreeMap<(Option<String>, String), Vec<Difference>> {
    let mut groups: BTreeMap<_, Vec<Difference>> = BTreeMap::new();
    for one in &comparison.differences {
        let about = one.code.as_ref().map_or_else(|| one.fingerprint.clone(), |code| code.number.to_string());
        groups.entry((one.table.as_ref().map(TableName::path), about)).or_default().push(one.clone());
    }
    groups
}

/// Renames, and pages that come and go.
fn events(commit: &Commit, parents: &[&Commit]) -> Vec<String> {
    let Some(parent) = parents.first() else { return Vec::new() };
    let event = |(old, new): (&Option<Blob>, &Option<Blob>)| match (old, new) {
        (Some(old), Some(new)) if old.path != new.path => Some(format!("renamed {} to {}", old.path, new.path)),
        (Some(old), None) => Some(format!("the page {} was removed", old.path)),
        (None, Some(new)) => Some(format!("the page {} was added", new.path)),
        _ => None,
    };
    parent.pages.iter().zip(&commit.pages).filter_map(event).collect()
}

fn by_id(commits: &[Commit]) -> HashMap<&str, &Commit> {
    commits.iter().map(|commit| (commit.id.as_str(), commit)).collect()
}

fn parents<'a>(commit: &Commit, by_id: &HashMap<&str, &'a Commit>) -> Vec<&'a Commit> {
    commit.parents.iter().filter_map(|parent| by_id.get(parent.as_str()).copied()).collect()
}

/// Whether a commit has pages that none of its parents has.
fn is_version(commit: &Commit, parents: &[&Commit]) -> bool {
    let has_any = commit.pages.iter().any(Option::is_some);
    if parents.is_empty() { has_any } else { parents.iter().all(|parent| parent.pages != commit.pages) }
}

/// The commits from the first one to the newest, by first parents.
fn main_line(commits: &[Commit]) -> Vec<&Commit> {
    let by_id = by_id(commits);
    let parent = |commit: &&Commit| by_id.get(commit.parents.first()?.as_str()).copied();
    let mut line: Vec<&Commit> = std::iter::successors(commits.last(), parent).collect();
    line.reverse();
    line.dedup_by(|new, old| new.pages == old.pages);
    line
}

/// For each commit the pages that it has, or else those that its ancestors had last.
#[derive(Default)]
struct LastPages {
    pages: HashMap<String, Vec<Option<Blob>>>,
}

impl LastPages {
    fn add(&mut self, commit: &Commit, parents: &[&Commit], texts: &BTreeMap<String, Vec<u8>>) {
        let before = parents.first().map(|parent| self.get(parent).to_vec()).unwrap_or_default();
        let mut pages = commit.pages.clone();
        // One of several pages that goes is a page that was removed; if all go, they may come back.
        if pages.iter().all(Option::is_none) && !before.is_empty() {
            pages.clone_from(&before);
        }
        // A text that the clone lacks is taken to be that of the version before.
        for (position, page) in pages.iter_mut().enumerate() {
            if page.as_ref().is_some_and(|page| !texts.contains_key(&page.object)) {
                *page = before.get(position).cloned().flatten();
            }
        }
        self.pages.insert(commit.id.clone(), pages);
    }

    fn get(&self, commit: &Commit) -> &[Option<Blob>] {
        self.pages.get(&commit.id).map(Vec::as_slice).unwrap_or_default()
    }
}

/// The texts of all versions, read at once, and their tables.
struct Pages {
    texts: BTreeMap<String, Vec<u8>>,
    tables: HashMap<(String, String), (Vec<PageTable>, usize)>,
    /// Objects that the clone lacks, each with its commit.
    missing: Vec<String>,
}

impl Pages {
    fn new(git: &Git, commits: &[Commit]) -> Result<Self, GitError> {
        let pages = commits.iter().flat_map(|commit| commit.pages.iter().flatten());
        Ok(Self { texts: git.objects(pages)?, tables: HashMap::new(), missing: Vec::new() })
    }

    /// The tables of the pages of a commit, and how many rows could not be read.
    fn tables(&mut self, pages: &[Option<Blob>]) -> (Vec<PageTable>, usize) {
        let (mut tables, mut unreadable) = (Vec::new(), 0);
        for page in pages.iter().flatten() {
            let key = (page.object.clone(), page.path.clone());
            if !self.tables.contains_key(&key) {
                let read = self.read(page).unwrap_or_default();
                self.tables.insert(key.clone(), read);
            }
            let (of_page, odd) = &self.tables[&key];
            tables.extend(of_page.iter().cloned());
            unreadable += odd;
        }
        (tables, unreadable)
    }

    /// That no version has a table, and which they have; nothing if one has it.
    fn unknown_table(&self, wanted: &str) -> Option<Diagnostic> {
        let tables = || self.tables.values().flat_map(|(tables, _)| tables);
        if tables().any(|table| is_called(wanted, &table.file, &table.heading)) {
            return None;
        }
        let titles: BTreeSet<&str> = tables().map(|table| table.heading.as_str()).collect();
        let titles: Vec<&str> = titles.into_iter().collect();
        let message = format!("no version of the pages has a table {}", quoted(wanted));
        Some(Diagnostic::error("no-table", message).help(format!("the tables are {}", quoted_list(&titles, "and"))))
    }

    /// The texts of a commit that the clone lacks.
    fn note_missing(&mut self, commit: &Commit) -> Vec<String> {
        let missing = commit.pages.iter().flatten().filter(|page| !self.texts.contains_key(&page.object));
        let notes: Vec<String> =
            missing.map(|page| format!("the clone lacks the text of {} ({})", page.path, short(&page.object))).collect();
        self.missing.extend(notes.iter().map(|note| format!("{} {}: {note}", commit.date, short(&commit.id))));
        notes
    }

    fn read(&self, page: &Blob) -> Option<(Vec<PageTable>, usize)> {
        let text = String::from_utf8_lossy(self.texts.get(&page.object)?);
        // What is odd in a page of the past is of interest only as a count.
        let (tables, _) = read_tables(&SourceFile::new(page.path.as_str(), text));
        let unreadable = tables.iter().map(|table| table.unread).sum();
        Some((tables, unreadable))
    }
}
