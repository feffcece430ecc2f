//! `cargo xtask audit`: a client's own source against the tables.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use wirecodes_codegen::{FindingKind, Sources, audit, to_json};

use crate::paths::tables;
use crate::report::{self, ReportFormat as Format};
use crate::{CommandResult, Outcome};

/// Print which codes the source of a client misses, has wrong, or names otherwise
///
/// Reads any language: enums, constants, objects, look-ups and `match`es of names and numbers. Which table one of them is of, its
/// numbers and names say; what fits no table is not judged. In folders, tests and what git ignores are passed over.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask audit ../bot/src
  cargo xtask audit ../bot/src --in discord/v10 --fail-on wrong

Exit codes: 0 nothing at or over --fail-on, 1 something is, or no table was found or a file not read although --fail-on was given,
2 a path cannot be read or holds no source.")]
pub struct Audit {
    /// Source files, and folders of them
    #[arg(required_unless_present = "format", value_name = "PATH")]
    paths: Vec<PathBuf>,
    /// Compare with the tables of this edition or system only [default: the newest of the one that fits best]
    #[arg(long = "in", value_name = "SYSTEM[/EDITION]")]
    edition: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Fail if a code is wrong, or if one is wrong or missing
    #[arg(long, value_enum, value_name = "LEVEL")]
    fail_on: Option<Level>,
    /// Print codes that are named otherwise, places, and what is of no table as well
    #[arg(short, long)]
    verbose: bool,
    /// The folder of tables [default: codes]
    #[arg(long, value_name = "DIR")]
    codes: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Level {
    /// A name that belongs to another number, or an answer that the document contradicts
    Wrong,
    /// Also a documented code that the source does not have
    Missing,
}

impl Audit {
    pub fn run(self) -> CommandResult {
        if self.format == Format::JsonSchema {
            return report::schema("audit");
        }
        if self.paths.is_empty() {
            report::error("no path was named");
            return Ok(Outcome::Usage);
        }
        let Some(registry) = report::registry(tables(self.codes.as_deref()).as_deref()) else { return Ok(Outcome::Failure) };
        let sources = Sources::read(&self.paths);
        report::diagnostics(&sources.found);
        if !sources.is_usable() {
            return Ok(Outcome::Usage);
        }
        let edition = self.edition.as_deref();
        let found = report::watched("audit", "files", |progress| audit(&registry, &sources, edition, progress));
        let Some(audit) = report::found(found) else { return Ok(Outcome::Usage) };
        let printed = audit.report(self.verbose);
        match self.format {
            Format::Text => anstream::print!("{}", printed.text(self.verbose, report::width())),
            Format::Markdown => anstream::print!("{}", printed.markdown()),
            Format::Json | Format::JsonSchema => anstream::println!("{}", to_json(&audit)),
            Format::Github => anstream::print!("{}", printed.github()),
            Format::Sarif => anstream::println!("{}", to_json(&printed.sarif([None, None]))),
        }
        let worst = self.fail_on.map(|level| match level {
            Level::Wrong => FindingKind::Answer,
            Level::Missing => FindingKind::Missing,
        });
        let fails = worst.is_some_and(|level| audit.is_empty() || !sources.is_complete() || audit.worst() >= Some(level));
        Ok(if fails { Outcome::Failure } else { Outcome::Done })
    }
}
