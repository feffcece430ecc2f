//! `cargo xtask history`: how documented pages changed, commit by commit.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, ValueEnum};
use wirecodes_codegen::{
    Bump, CommitJson, Comparison, Date, HistoryJson, ListedDates, PageTable, Side, SourceFile, Verbosity, changes, closest, diff_text,
    display_path, json, markdown, quoted, read_file, set_dates,
};

use crate::diff::level;
use crate::git::{Git, GitError};
use crate::import::write_tables;
use crate::page::read_tables;
use crate::paths::{folder_option, in_root};
use crate::side::Sides;
use crate::walk::{Commit, PageFile, Walk, short, walk};
use crate::{CommandResult, Outcome, report};

/// Print what each commit of a repository changed in the tables of pages
///
/// Each commit is compared with its own parents, and pages are followed through renames. Several pages are read as one, so that
/// a table that moves from one to the other is the same table. Commits that change nothing in the tables are left out.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask history ../discord-api-docs developers/topics/opcodes-and-status-codes.mdx
  cargo xtask history ../docs gateway.md errors.md --since 2024-01-01 --min policy
  cargo xtask history ../docs gateway.md --into discord/v10      write `since` and `until` into the tables")]
pub struct History {
    /// The repository, or a folder in it
    #[arg(value_name = "REPO")]
    repository: PathBuf,
    /// The pages, by their newest paths from the root of the repository
    #[arg(value_name = "PATH", required = true)]
    paths: Vec<String>,
    /// Write into the tables of this edition since when, and until when, the pages have had each code
    #[arg(long, value_name = "EDITION", conflicts_with_all = ["since", "limit", "table", "min", "format"])]
    into: Option<String>,
    /// Leave out commits before this date
    #[arg(long, value_name = "DATE")]
    since: Option<Date>,
    /// Print only so many commits, the newest ones
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// Print changes of one table only, by its title or file name
    #[arg(long, value_name = "TABLE")]
    table: Option<String>,
    /// Print only changes that need this much, or more
    #[arg(long, value_parser = level(), value_name = "LEVEL")]
    min: Option<Bump>,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print wording, places and fingerprints as well
    #[arg(short, long)]
    verbose: bool,
    /// The folder of tables, for --into [default: codes]
    #[arg(long, value_name = "DIR")]
    codes: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
}

impl History {
    pub fn run(self) -> CommandResult {
        let git = match open(&self.repository) {
            Ok(git) => git,
            Err(error) => {
                report::error(&format!("{} is not a repository: {error}", quoted(&display_path(&self.repository))));
                return Ok(Outcome::Usage);
            }
        };
        if !self.check_paths(&git) {
            return Ok(Outcome::Usage);
        }
        let Walk { commits, notes } = walk(&git, &self.paths)?;
        // A page may also be a former one of another that is named.
        let known: BTreeSet<&str> =
            commits.iter().flat_map(|commit| commit.pages.iter().flatten()).map(|page| page.path.as_str()).collect();
        let unknown: Vec<&String> = self.paths.iter().filter(|path| !known.contains(path.as_str())).collect();
        if !unknown.is_empty() {
            for path in unknown {
                self.print_unknown(&git, path);
            }
            return Ok(Outcome::Failure);
        }
        if self.into.is_some() && git.is_shallow()? {
            report::error("the clone is shallow: it does not know since when pages have a code; nothing was written");
            report::help("fetch the whole history: `git fetch --unshallow`");
            return Ok(Outcome::Failure);
        }
        let mut pages = Pages::new(&git, &commits)?;
        if let Some(edition) = &self.into {
            return self.write_dates(edition, &commits, &mut pages);
        }
        let found = self.find_changes(&commits, &mut pages);
        self.print(&found, notes, &pages, versions(&commits))?;
        Ok(if pages.missing.is_empty() { Outcome::Done } else { Outcome::Failure })
    }

    /// A folder has no history of its own.
    fn check_paths(&self, git: &Git) -> bool {
        let is_folder = |path: &&String| {
            git.text(&["cat-file", "-t", &format!("HEAD:{}", path.trim_end_matches('/'))]).is_ok_and(|kind| kind == "tree")
        };
        let folders: Vec<&String> = self.paths.iter().filter(is_folder).collect();
        for folder in &folders {
            report::error(&format!("{} is a folder; name the pages in it", quoted(folder)));
        }
        folders.is_empty()
    }

    fn print_unknown(&self, git: &Git, path: &str) {
        report::error(&format!("no commit of {} has {path}", display_path(&self.repository)));
        let known = git.paths("HEAD", "").unwrap_or_default();
        if let Some(near) = closest(path, known.iter().map(String::as_str)) {
            report::help(&format!("did you mean {}?", quoted(near)));
        }
    }

    /// The commits that change tables, with what they change, the oldest first.
    fn find_changes<'a>(&self, commits: &'a [Commit], pages: &mut Pages) -> Vec<Found<'a>> {
        let by_id: HashMap<&str, &Commit> = commits.iter().map(|commit| (commit.id.as_str(), commit)).collect();
        let mut last = LastPages::default();
        let mut found = Vec::new();
        for commit in commits {
            let parents: Vec<&Commit> = commit.parents.iter().filter_map(|parent| by_id.get(parent.as_str()).copied()).collect();
            last.add(commit, &parents, &pages.texts);
            let is_same = |parent: &&Commit| parent.pages == commit.pages;
            if parents.iter().any(is_same) || parents.is_empty() && commit.pages.iter().all(Option::is_none) {
                continue;
            }
            if let Some(one) = self.compare(commit, &parents, &last, pages)
                && self.is_wanted(commit)
            {
                found.push(one);
            }
        }
        let hidden = self.limit.map_or(0, |limit| found.len().saturating_sub(limit));
        found.split_off(hidden)
    }

    /// What one commit changes against every parent. A merge has only what no side had.
    fn compare<'a>(&self, commit: &'a Commit, parents: &[&Commit], last: &LastPages, pages: &mut Pages) -> Option<Found<'a>> {
        let (tables, unreadable) = pages.tables(last.of(commit));
        let mut notes = pages.note_missing(commit);
        let new = Side::from_page(short(&commit.id), tables);
        let mut comparison: Option<Comparison> = None;
        for parent in parents {
            let (tables, _) = pages.tables(last.of(parent));
            let with = changes(&Side::from_page(short(&parent.id), tables), &new);
            comparison = Some(match comparison {
                None => with,
                Some(mut all) => {
                    all.differences
                        .retain(|one| with.differences.iter().any(|other| other.change == one.change && other.code == one.code));
                    all
                }
            });
        }
        let mut comparison = comparison.unwrap_or_else(|| changes(&Side::from_page("", Vec::new()), &new));
        notes.extend(events(commit, parents));
        // A page that is away for a while does not lose its codes.
        let is_gone = commit.pages.iter().all(Option::is_none);
        if is_gone {
            comparison.differences.clear();
        }
        comparison.differences.retain(|difference| {
            let is_table = self.table.as_ref().is_none_or(|wanted| {
                difference.table.as_ref().is_some_and(|table| table.file == *wanted || table.title.eq_ignore_ascii_case(wanted))
            });
            is_table && self.min.is_none_or(|level| difference.bump >= level)
        });
        let says_anything =
            !comparison.differences.is_empty() || self.min.is_none() && (is_gone || unreadable > 0 && self.verbose);
        says_anything.then_some(Found { commit, comparison, notes, unreadable })
    }

    fn is_wanted(&self, commit: &Commit) -> bool {
        self.since.is_none_or(|since| commit.date.parse::<Date>().is_ok_and(|date| date >= since))
    }

    fn print(&self, found: &[Found<'_>], notes: Vec<String>, pages: &Pages, versions: usize) -> Result<(), serde_json::Error> {
        let verbosity = if self.verbose { Verbosity::Verbose } else { Verbosity::Normal };
        let mut notes = notes;
        notes.extend(pages.missing.iter().cloned());
        if self.format == Format::Json {
            let commits = found.iter().map(Found::json).collect();
            let document = HistoryJson::new(self.paths.clone(), versions, notes, commits);
            anstream::println!("{}", serde_json::to_string_pretty(&document)?);
            return Ok(());
        }
        for found in found {
            let Commit { date, author, subject, .. } = found.commit;
            let title = format!("{date} {} {subject} ({author})", short(&found.commit.id));
            let comparison = Comparison { old: String::new(), new: title, ..found.comparison.clone() };
            let odd = (found.unreadable > 0).then(|| format!("{} rows could not be read", found.unreadable));
            let notes: String = found.notes.iter().cloned().chain(odd).map(|note| format!("  {note}\n")).collect();
            match self.format {
                Format::Text => anstream::println!("{}{notes}", diff_text(&comparison, verbosity, report::width())),
                _ => anstream::println!("{}\n{notes}", markdown(&comparison)),
            }
        }
        for note in notes {
            anstream::eprintln!("note: {note}");
        }
        anstream::eprintln!("{versions} versions of {}", self.paths.join(", "));
        Ok(())
    }

    /// Writes since when and until when the pages have had each code.
    fn write_dates(&self, edition: &str, commits: &[Commit], pages: &mut Pages) -> CommandResult {
        let codes = self.codes.clone().unwrap_or_else(|| in_root("codes"));
        let mut sides = Sides::new(&codes);
        let side = match sides.side(edition) {
            Ok((side, _)) if sides.editions().iter().any(|known| known == edition) => side,
            Ok(_) => {
                report::error(&format!("{} is not an edition", quoted(edition)));
                return Ok(Outcome::Usage);
            }
            Err(diagnostics) => {
                report::diagnostics(&diagnostics);
                return Ok(Outcome::Usage);
            }
        };
        let mut dates = ListedDates::new(&side);
        for commit in main_line(commits) {
            let (tables, unreadable) = pages.tables(&commit.pages);
            let is_missing = !pages.note_missing(commit).is_empty();
            let is_away = commit.pages.iter().all(Option::is_none);
            if let (Ok(date), false) = (commit.date.parse(), is_away) {
                dates.add(&tables, date, unreadable > 0 || is_missing);
            }
        }
        let mut edited = Vec::new();
        for (file, rows) in dates.finish() {
            let path = format!("{edition}/{file}.toml");
            let before = read_file(&codes.join(&path)).map_err(|unreadable| unreadable.message)?;
            let text = set_dates(&before, &rows);
            if text != before.text {
                edited.push((path, Some(before.text.clone()), text));
            }
        }
        self.write_edited(&codes, edited)?;
        Ok(if pages.missing.is_empty() { Outcome::Done } else { self.print_missing(pages) })
    }

    /// Writes tables with dates, and prints which.
    fn write_edited(
        &self,
        codes: &Path,
        edited: Vec<(String, Option<String>, String)>,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let written = edited.len();
        let changed: Vec<String> = edited.iter().map(|(path, ..)| display_path(&codes.join(path))).collect();
        write_tables(codes, edited.into_iter())?;
        for path in changed {
            anstream::println!("changed  {path}");
        }
        let noun = if written == 1 { "file" } else { "files" };
        anstream::println!("{written} {noun} changed");
        if written > 0 {
            report::help(&format!("run `cargo xtask codegen{}`", folder_option("codes", self.codes.as_deref())));
        }
        Ok(())
    }

    #[allow(clippy::unused_self, reason = "it reads as a step of the command")]
    fn print_missing(&self, pages: &Pages) -> Outcome {
        for note in &pages.missing {
            anstream::eprintln!("note: {note}");
        }
        Outcome::Failure
    }
}

/// The repository around a folder, at its root: paths are seen from there.
fn open(folder: &Path) -> Result<Git, GitError> {
    let git = Git::new(folder);
    git.text(&["rev-parse", "--git-dir"])?;
    // A bare repository has no other folder than its own.
    Ok(git.text(&["rev-parse", "--show-toplevel"]).map_or(git, Git::new))
}

/// A commit that changes tables.
struct Found<'a> {
    commit: &'a Commit,
    comparison: Comparison,
    notes: Vec<String>,
    unreadable: usize,
}

impl Found<'_> {
    fn json(&self) -> CommitJson {
        CommitJson {
            commit: self.commit.id.clone(),
            date: self.commit.date.clone(),
            author: self.commit.author.clone(),
            subject: self.commit.subject.clone(),
            paths: self.commit.pages.iter().flatten().map(|page| page.path.clone()).collect(),
            unreadable: self.unreadable,
            notes: self.notes.clone(),
            comparison: json(&self.comparison),
        }
    }
}

/// Renames, and pages that come and go.
fn events(commit: &Commit, parents: &[&Commit]) -> Vec<String> {
    let Some(parent) = parents.first() else { return Vec::new() };
    let mut notes = Vec::new();
    for (old, new) in parent.pages.iter().zip(&commit.pages) {
        match (old, new) {
            (Some(old), Some(new)) if old.path != new.path => notes.push(format!("renamed {} to {}", old.path, new.path)),
            (Some(old), None) => notes.push(format!("the page {} was removed", old.path)),
            (None, Some(new)) => notes.push(format!("the page {} was added", new.path)),
            _ => {}
        }
    }
    notes
}

/// The commits from the first one to the newest, by first parents.
fn main_line(commits: &[Commit]) -> Vec<&Commit> {
    let by_id: HashMap<&str, &Commit> = commits.iter().map(|commit| (commit.id.as_str(), commit)).collect();
    let parent = |commit: &&Commit| by_id.get(commit.parents.first()?.as_str()).copied();
    let mut line: Vec<&Commit> = std::iter::successors(commits.last(), parent).collect();
    line.reverse();
    line.dedup_by(|new, old| new.pages == old.pages);
    line
}

/// How many different states of the pages there are.
fn versions(commits: &[Commit]) -> usize {
    let by_id: HashMap<&str, &Commit> = commits.iter().map(|commit| (commit.id.as_str(), commit)).collect();
    let differs = |commit: &&Commit| {
        let mut parents = commit.parents.iter().filter_map(|parent| by_id.get(parent.as_str()));
        let is_new = parents.clone().next().is_none() && commit.pages.iter().any(Option::is_some);
        is_new
            || parents.next().is_some()
                && !commit
                    .parents
                    .iter()
                    .any(|parent| by_id.get(parent.as_str()).is_some_and(|parent| parent.pages == commit.pages))
    };
    commits.iter().filter(differs).count()
}

/// For each commit the pages that it has, or else those that its ancestors had last.
#[derive(Default)]
struct LastPages {
    pages: HashMap<String, Vec<Option<PageFile>>>,
}

impl LastPages {
    fn add(&mut self, commit: &Commit, parents: &[&Commit], texts: &BTreeMap<String, Vec<u8>>) {
        let before = parents.first().map(|parent| self.of(parent).to_vec()).unwrap_or_default();
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

    fn of(&self, commit: &Commit) -> &[Option<PageFile>] {
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
    fn new(git: &Git, commits: &[Commit]) -> Result<Self, crate::git::GitError> {
        let mut objects: Vec<String> =
            commits.iter().flat_map(|commit| commit.pages.iter().flatten()).map(|page| page.object.clone()).collect();
        objects.sort();
        objects.dedup();
        Ok(Self { texts: git.objects(&objects)?, tables: HashMap::new(), missing: Vec::new() })
    }

    /// The tables of the pages of a commit, what is missing, and how many rows could not be read.
    fn tables(&mut self, pages: &[Option<PageFile>]) -> (Vec<PageTable>, usize) {
        let (mut tables, mut unreadable) = (Vec::new(), 0);
        for page in pages.iter().flatten() {
            let key = (page.object.clone(), page.path.clone());
            if !self.tables.contains_key(&key) {
                let read = self.read(&page.object, &page.path).unwrap_or_default();
                self.tables.insert(key.clone(), read);
            }
            let (of_page, odd) = &self.tables[&key];
            tables.extend(of_page.iter().cloned());
            unreadable += odd;
        }
        (tables, unreadable)
    }

    /// The texts of a commit that the clone lacks.
    fn note_missing(&mut self, commit: &Commit) -> Vec<String> {
        let is_missing = |page: &&PageFile| !self.texts.contains_key(&page.object);
        let missing: Vec<&PageFile> = commit.pages.iter().flatten().filter(is_missing).collect();
        let note = |page: &&PageFile| format!("the clone lacks the text of {} ({})", page.path, short(&page.object));
        let notes: Vec<String> = missing.iter().map(note).collect();
        self.missing.extend(notes.iter().map(|note| format!("{} {}: {note}", commit.date, short(&commit.id))));
        notes
    }

    fn read(&self, object: &str, path: &str) -> Option<(Vec<PageTable>, usize)> {
        let text = String::from_utf8_lossy(self.texts.get(object)?);
        let source: Arc<SourceFile> = SourceFile::new(path, text);
        // What is odd in a page of the past is of interest only as a count.
        let (tables, _) = read_tables(&source);
        let unreadable = tables.iter().map(|table| table.unreadable).sum();
        Some((tables, unreadable))
    }
}
