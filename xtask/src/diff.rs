//! `cargo xtask diff`: what differs between two states of the tables, and what it breaks.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use wirecodes_codegen::changes::{Bump, Verbosity, changes, github, json, markdown, needed, sarif, text, waive};
use wirecodes_codegen::diagnostic::any_error;
use wirecodes_codegen::read;

use crate::paths::in_root;
use crate::side::listings;
use crate::{End, Ended, report};

/// Tell what differs between two editions, tables, folders, pages or revisions, and what it breaks
///
/// Each side is an edition (discord/v10), a table file, a folder of tables, a documentation page, or any of these at a git
/// revision (main:discord/v10, HEAD~3:codes). Codes are paired by their numbers first.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask diff discord/v6 discord/v10
  cargo xtask diff main:codes codes --fail-on policy
  cargo xtask diff discord/v10 new-page.mdx --format markdown

Exit codes: 0 nothing at or over --fail-on, 1 something is, 2 a side cannot be read.")]
pub struct Diff {
    /// What was
    #[arg(value_name = "OLD")]
    old: String,
    /// What is
    #[arg(value_name = "NEW")]
    new: String,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print wording, places and fingerprints as well
    #[arg(short, long)]
    verbose: bool,
    /// Fail if a change needs this much, or more
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<Level>,
    /// A file of changes that are accepted, each with its reason
    #[arg(long, value_name = "FILE")]
    waivers: Option<PathBuf>,
    /// The folder of tables [default: codes]
    #[arg(long, value_name = "DIR")]
    codes: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For a terminal
    Text,
    /// For a changelog or a pull request
    Markdown,
    /// For programs
    Json,
    /// For annotations in a GitHub workflow
    Github,
    /// For tools that show findings
    Sarif,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Level {
    Any,
    Patch,
    Minor,
    Policy,
    Major,
}

impl Diff {
    #[allow(clippy::unnecessary_wraps, reason = "every command is run the same way")]
    pub fn run(self) -> Ended {
        let codes = self.codes.clone().unwrap_or_else(|| in_root("codes"));
        let mut diagnostics = Vec::new();
        let old = listings(&self.old, &codes, &mut diagnostics);
        let new = listings(&self.new, &codes, &mut diagnostics);
        if let ([before], [after]) = (old.as_slice(), new.as_slice())
            && before.table != after.table
        {
            let (before, after) = (&before.table, &after.table);
            report::message(&format!("two different tables cannot be compared: {before} and {after}"));
            return Ok(End::BadInput);
        }
        let mut changes = changes(&old, &new);
        if let Some(path) = &self.waivers
            && let Some(file) = read::file(path, &mut diagnostics)
        {
            changes = waive(changes, &file, &report::today(), &mut diagnostics);
        }
        report::diagnostics(&diagnostics);
        if any_error(&diagnostics) {
            return Ok(End::BadInput);
        }
        let title = format!("{} → {}", self.old, self.new);
        let verbosity = if self.verbose { Verbosity::Verbose } else { Verbosity::Normal };
        match self.format {
            Format::Text => anstream::print!("{}", text(&title, &changes, verbosity)),
            Format::Markdown => anstream::print!("{}", markdown(&title, &changes)),
            Format::Json => anstream::println!("{:#}", json(&changes)),
            Format::Github => anstream::print!("{}", github(&title, &changes)),
            Format::Sarif => anstream::println!("{:#}", sarif(&changes)),
        }
        let fails = self.fail_on.is_some_and(|level| match level {
            Level::Any => !changes.is_empty(),
            Level::Patch => needed(&changes) >= Bump::Patch,
            Level::Minor => needed(&changes) >= Bump::Minor,
            Level::Policy => needed(&changes) >= Bump::Policy,
            Level::Major => needed(&changes) >= Bump::Major,
        });
        Ok(if fails { End::FoundWrong } else { End::Done })
    }
}
