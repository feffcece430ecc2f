//! `cargo xtask history`: how documented pages changed, commit by commit.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use wirecodes_codegen::{Bump, Date, Sides, Wish, printable, to_json};

use crate::diff::level;
use crate::paths::{folder_option, tables_to_write, today};
use crate::report::Progress;
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
    /// For a terminal
    Text,
    /// For a changelog or a pull request
    Markdown,
    /// For programs
    Json,
    /// What the JSON looks like
    JsonSchema,
}

impl History {
    pub fn run(self) -> CommandResult {
        if self.format == Format::JsonSchema {
            return report::schema("history");
        }
        let codes = self.into.as_ref().map(|_| tables_to_write(self.codes.as_deref())).transpose()?;
        let progress = Progress::new("history: reads the repository");
        let history = wirecodes_codegen::History::open(&self.repository, &self.paths, today());
        drop(progress);
        let mut history = match history {
            Ok(history) => history,
            Err(errors) => {
                let is_usage = errors.iter().any(|error| matches!(error.rule, "no-repository" | "not-a-page"));
                report::diagnostics(&errors);
                return Ok(if is_usage { Outcome::Usage } else { Outcome::Failure });
            }
        };
        if let Some((edition, codes)) = self.into.as_ref().zip(codes) {
            return Ok(self.write_dates(edition, &mut history, &codes));
        }
        let wish = Wish { since: self.since, limit: self.limit, table: self.table.clone(), min: self.min, verbose: self.verbose };
        let found = match report::watched("history", "versions", |progress| history.changes(&wish, progress)) {
            Ok(found) => found,
            Err(unknown) => {
                report::diagnostics(&[unknown]);
                return Ok(Outcome::Usage);
            }
        };
        for commit in found.iter().filter(|_| self.format != Format::Json) {
            match self.format {
                Format::Text => anstream::println!("{}", commit.report().text(self.verbose, report::width())),
                _ => anstream::println!("{}", commit.report().markdown()),
            }
        }
        if self.format == Format::Json {
            anstream::println!("{}", to_json(&history.json(&found)));
        } else {
            print_notes(&history);
            anstream::eprintln!("{} versions of {}", history.versions(), printable(&self.paths.join(", ")));
        }
        Ok(if history.is_partial() { Outcome::Failure } else { Outcome::Done })
    }

    /// Writes since when and until when the pages have had each code.
    fn write_dates(&self, edition: &str, history: &mut wirecodes_codegen::History, codes: &Path) -> Outcome {
        let mut sides = Sides::new(codes);
        if !sides.editions().iter().any(|known| known == edition) {
            report::error(&format!("{edition} is not an edition; the editions are: {}", sides.editions().join(", ")));
            return Outcome::Usage;
        }
        let Some(side) = report::usable(sides.side(edition)) else { return Outcome::Usage };
        let changed = match report::watched("history", "versions", |progress| history.write_dates(&side, codes, progress)) {
            Ok(changed) => changed,
            Err(error) => {
                report::diagnostics(&[error]);
                return Outcome::Failure;
            }
        };
        for path in &changed {
            anstream::println!("changed  {path}");
        }
        anstream::println!(
            "{} changed",
            if changed.len() == 1 { "1 file".to_owned() } else { format!("{} files", changed.len()) }
        );
        if !changed.is_empty() {
            report::help(&format!("run `cargo xtask codegen{}`", folder_option("codes", self.codes.as_deref())));
        }
        if history.is_partial() {
            print_notes(history);
            return Outcome::Failure;
        }
        Outcome::Done
    }
}

/// What should be known about the history as a whole.
fn print_notes(history: &wirecodes_codegen::History) {
    for note in history.notes() {
        anstream::eprintln!("note: {}", printable(note));
    }
}
