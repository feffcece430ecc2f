//! `cargo xtask history`: how a documented page changed, commit by commit.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::{Value, json};
use wirecodes_codegen::changes::{self, Change, Listing, Verbosity, changes};
use wirecodes_codegen::import::observe;
use wirecodes_codegen::source::SourceFile;

use crate::git::{self, Version};
use crate::{End, Ended, report};

/// Tell what each commit of a git repository changed in the tables of a page
///
/// The page is followed through renames, in the order of the commits. Commits that change nothing in the tables are left out.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask history ../discord-api-docs developers/topics/opcodes-and-status-codes.mdx
  cargo xtask history ../discord-api-docs developers/topics/opcodes-and-status-codes.mdx --format markdown > history.md")]
pub struct History {
    /// The repository, or a folder in it
    #[arg(value_name = "REPO")]
    repository: PathBuf,
    /// The page, by its newest path in the repository
    #[arg(value_name = "PATH")]
    path: String,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    Text,
    Markdown,
    Json,
}

impl History {
    pub fn run(self) -> Ended {
        let versions = git::versions(&self.repository, &self.path)?;
        if versions.is_empty() {
            report::message(&format!("no commit of {} has a file {}", self.repository.display(), self.path));
            return Ok(End::FoundWrong);
        }
        let mut before: Option<Vec<Listing>> = None;
        let mut commits = Vec::new();
        for version in &versions {
            let (listings, unread) = self.listings(version)?;
            let changed = before.as_ref().map_or_else(|| changes(&[], &listings), |before| changes(before, &listings));
            if !changed.is_empty() || unread > 0 {
                self.print(version, &changed, unread, &mut commits);
            }
            before = Some(listings);
        }
        if self.format == Format::Json {
            anstream::println!("{}", json!({ "path": self.path, "versions": versions.len(), "commits": commits }));
        } else {
            anstream::eprintln!("{} versions of the page", versions.len());
        }
        Ok(End::Done)
    }

    /// The tables of one version, and how many of its rows could not be read.
    fn listings(&self, version: &Version) -> Result<(Vec<Listing>, usize), git::GitError> {
        let Some(path) = &version.path else { return Ok((Vec::new(), 0)) };
        let bytes = git::show(&self.repository, &version.commit, path)?;
        let name = format!("{}:{path}", short(&version.commit));
        let source = SourceFile::new(name, String::from_utf8_lossy(&bytes));
        // What is odd in a page of the past is of interest only as a count.
        let page = observe(&source, None, &mut Vec::new());
        Ok((page.tables.iter().map(Listing::of_page).collect(), page.tables.iter().map(|table| table.unread).sum()))
    }

    fn print(&self, version: &Version, changed: &[Change], unread: usize, commits: &mut Vec<Value>) {
        let title = format!("{} {} {}", version.date, short(&version.commit), version.subject);
        let odd = if unread > 0 { format!("{unread} rows could not be read\n") } else { String::new() };
        match self.format {
            Format::Text => anstream::println!("{}{odd}", changes::text(&title, changed, Verbosity::Normal)),
            Format::Markdown => anstream::println!("{}{odd}", changes::markdown(&title, changed)),
            Format::Json => commits.push(json!({
                "commit": version.commit,
                "date": version.date,
                "subject": version.subject,
                "path": version.path,
                "unread": unread,
                "changes": changes::json(changed),
            })),
        }
    }
}

fn short(commit: &str) -> &str {
    commit.get(..8).unwrap_or(commit)
}
