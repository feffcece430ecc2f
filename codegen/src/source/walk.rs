//! The versions of pages through the commits of a repository: each commit with its parents, and what it has of each page.
//!
//! Only commits and folders are read here, which partial clones have; the texts of the pages are read by the caller. A page is
//! followed to its former names where git finds a rename.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::git::{Blob, Git, GitError};
use crate::model::Date;

/// How alike two files are when one is the other renamed, in per cent.
pub(super) const LIKENESS: u32 = 40;

/// A commit.
#[derive(Clone, Debug)]
pub struct Commit {
    pub id: String,
    pub parents: Vec<String>,
    /// The day on which it was committed.
    pub date: Date,
    pub author: String,
    pub subject: String,
    /// For each page: its name and the object with its text, if the commit has it.
    pub pages: Vec<Option<Blob>>,
}

/// The history of pages.
#[derive(Debug, Default)]
pub struct Walk {
    /// The commits, parents before children.
    pub commits: Vec<Commit>,
    /// What should be known about the history as a whole.
    pub notes: Vec<String>,
}

/// The names of one page, the newest first.
type Names = Vec<String>;

/// What one commit changed against one parent: the object of each path, or nothing for one that was deleted.
type Changed = BTreeMap<String, Option<String>>;

/// Reads the history of pages, by their paths at the newest commit.
pub fn walk(git: &Git, paths: &[String], today: Date) -> Result<Walk, GitError> {
    let mut odd = BTreeMap::new();
    let mut walk = Walk { commits: commits(git, today, &mut odd)?, notes: Vec::new() };
    if git.is_shallow()? {
        walk.notes.push("the clone is shallow: what is older than its first commit is not known".to_owned());
    }
    let mut names: Vec<Names> = paths.iter().map(|path| vec![path.clone()]).collect();
    let mut changes = read_changes(git, &walk.commits, &names)?;
    let mut looked_at: BTreeSet<(String, String)> = BTreeSet::new();
    // Each round finds the names that the pages had before the oldest known ones.
    while let Some((page, name)) = find_rename(git, &walk.commits, &changes, &names, &mut looked_at, &mut walk.notes) {
        names[page].push(name);
        changes = read_changes(git, &walk.commits, &names)?;
    }
    fill(&mut walk.commits, &changes, &names);
    walk.notes.extend(odd.into_iter().filter(|(id, _)| changes.keys().any(|(changing, _)| changing == id)).map(|(_, note)| note));
    Ok(walk)
}

/// The day of a commit. One after today is taken for today, or all that comes later would be older; what is odd is named.
pub(super) fn day(commit: &str, date: &str, today: Date, odd: &mut BTreeMap<String, String>) -> Date {
    // A time zone may be a day ahead, over the end of a month.
    const AHEAD: u32 = 4;
    let read = date.parse::<Date>().ok();
    if read.is_none_or(|date| date.on_axis() > today.on_axis() + AHEAD) {
        let note = format!("the commit {} is dated {date}, after today: {today} is taken for it", short(commit));
        odd.insert(commit.to_owned(), note);
    }
    read.map_or(today, |date| date.min(today))
}

/// All commits that the current one descends from, parents before children.
fn commits(git: &Git, today: Date, odd: &mut BTreeMap<String, String>) -> Result<Vec<Commit>, GitError> {
    let format = "--format=%H%x00%P%x00%cs%x00%an%x00%s";
    let log = git.text(&["log", "--topo-order", "--reverse", format, "HEAD"])?;
    let mut commit = |line: &str| {
        let mut fields = line.split('\0').map(str::to_owned);
        let (id, parents) = (fields.next()?, fields.next()?);
        let (date, author, subject) = (day(&id, &fields.next()?, today, odd), fields.next()?, fields.next()?);
        let parents = parents.split_whitespace().map(str::to_owned).collect();
        Some(Commit { id, parents, date, author, subject, pages: Vec::new() })
    };
    Ok(log.lines().filter_map(&mut commit).collect())
}

/// What each commit changed against each of its parents, in the order of commits and parents.
fn read_changes(git: &Git, commits: &[Commit], names: &[Names]) -> Result<HashMap<(String, usize), Changed>, GitError> {
    let mut pairs: Vec<(&str, usize)> = Vec::new();
    let mut input = String::new();
    for commit in commits {
        if commit.parents.is_empty() {
            input.push_str(&format!("{}\n", commit.id));
            pairs.push((&commit.id, 0));
        }
        for (position, parent) in commit.parents.iter().enumerate() {
            input.push_str(&format!("{} {parent}\n", commit.id));
            pairs.push((&commit.id, position));
        }
    }
    let mut arguments =
        vec!["diff-tree", "--stdin", "--always", "--root", "-r", "--raw", "--no-renames", "--no-abbrev", "-z", "--"];
    let literal: Vec<String> = names.iter().flatten().map(|name| format!(":(literal){name}")).collect();
    arguments.extend(literal.iter().map(String::as_str));
    let output = git.run(&arguments, Some(input))?;
    let output = String::from_utf8_lossy(&output);
    let mut changes: HashMap<(String, usize), Changed> = HashMap::new();
    let mut next = pairs.into_iter();
    let mut at = None;
    let mut pieces = output.split('\0');
    while let Some(piece) = pieces.next() {
        let Some(fields) = piece.strip_prefix(':') else {
            // The name of a commit, one for each pair.
            at = next.next();
            continue;
        };
        let (Some((id, parent)), Some(path)) = (at, pieces.next()) else { continue };
        let object = fields.split(' ').nth(3).filter(|object| object.contains(|c| c != '0'));
        changes.entry((id.to_owned(), parent)).or_default().insert(path.to_owned(), object.map(str::to_owned));
    }
    Ok(changes)
}

/// A former name of a page that is not known yet: its oldest name was added by a commit that removed it.
fn find_rename(
    git: &Git,
    commits: &[Commit],
    changes: &HashMap<(String, usize), Changed>,
    names: &[Names],
    looked_at: &mut BTreeSet<(String, String)>,
    notes: &mut Vec<String>,
) -> Option<(usize, String)> {
    for commit in commits.iter().rev() {
        for (position, parent) in commit.parents.iter().enumerate() {
            let Some(files) = changes.get(&(commit.id.clone(), position)) else { continue };
            for (page, known) in names.iter().enumerate() {
                let added = known.iter().find(|name| matches!(files.get(*name), Some(Some(_))));
                let Some(name) = added else { continue };
                let was_there = existed(git, parent, name);
                if was_there || !looked_at.insert((commit.id.clone(), name.clone())) {
                    continue;
                }
                let note = match former_name(git, parent, &commit.id, name) {
                    Ok(Renamed::From(former)) if !known.contains(&former) => return Some((page, former)),
                    Ok(Renamed::From(_)) => continue,
                    // A page that was away for a while does not begin.
                    Ok(Renamed::Begins(_)) if was_deleted(changes, name) => continue,
                    Ok(Renamed::Unknown) => {
                        format!("the clone lacks objects, so that only exact renames of {name} were found")
                    }
                    Ok(Renamed::Begins(deleted)) if deleted.is_empty() => format!("{name} begins here"),
                    Ok(Renamed::Begins(deleted)) => {
                        format!("{name} begins here; the same commit deleted {}", deleted.join(", "))
                    }
                    Err(error) => error.to_string(),
                };
                notes.push(format!("{} {}: {note}", commit.date, short(&commit.id)));
            }
        }
    }
    None
}

/// Whether some commit deleted a path.
fn was_deleted(changes: &HashMap<(String, usize), Changed>, name: &str) -> bool {
    changes.values().any(|changed| changed.get(name) == Some(&None))
}

/// Whether a commit has a path.
fn existed(git: &Git, commit: &str, path: &str) -> bool {
    git.blob(commit, path).is_ok_and(|blob| blob.is_some())
}

/// What git says of a file that a commit added.
enum Renamed {
    From(String),
    /// It is new; the commit deleted these pages.
    Begins(Vec<String>),
    /// Objects are missing.
    Unknown,
}

fn former_name(git: &Git, parent: &str, commit: &str, name: &str) -> Result<Renamed, GitError> {
    let (renames, is_exact) = match git.renames(parent, commit, LIKENESS) {
        Ok(renames) => (renames, false),
        Err(_) => (git.renames(parent, commit, 100)?, true),
    };
    if let Some(renaming) = renames.iter().find(|renaming| renaming.new.as_deref() == Some(name)) {
        return Ok(Renamed::From(renaming.old.clone()));
    }
    let deleted = renames.into_iter().filter(|renaming| renaming.new.is_none()).map(|renaming| renaming.old);
    Ok(if is_exact { Renamed::Unknown } else { Renamed::Begins(deleted.collect()) })
}

/// Fills in what each commit has of each page.
fn fill(commits: &mut [Commit], changes: &HashMap<(String, usize), Changed>, names: &[Names]) {
    // Of each commit: the object of each name of each page.
    let mut states: HashMap<String, BTreeMap<String, String>> = HashMap::new();
    for commit in commits {
        let mut state = commit.parents.first().and_then(|parent| states.get(parent)).cloned().unwrap_or_default();
        for (path, object) in changes.get(&(commit.id.clone(), 0)).into_iter().flatten() {
            match object {
                Some(object) => state.insert(path.clone(), object.clone()),
                None => state.remove(path),
            };
        }
        // A file that is a former name of one page may have been named as a page itself.
        let mut used: BTreeSet<&String> = BTreeSet::new();
        for names in names {
            let name = names.iter().find(|name| state.contains_key(*name) && !used.contains(name));
            used.extend(name);
            commit.pages.push(name.map(|name| Blob { path: name.clone(), object: state[name].clone() }));
        }
        states.insert(commit.id.clone(), state);
    }
}

/// The first digits of a commit.
pub fn short(commit: &str) -> &str {
    commit.get(..8).unwrap_or(commit)
}
