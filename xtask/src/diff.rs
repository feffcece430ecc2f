//! `cargo xtask diff`: what differs between two states of the tables, and what it needs.

use std::path::PathBuf;

use clap::Args;
use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use wirecodes_codegen::{Bump, Comparison, Diagnostic, Sides, SourceFile, diff, to_json};

use crate::paths::{tables, today};
use crate::report::{self, ReportFormat as Format};
use crate::{CommandResult, Outcome, built_in};

/// Print what differs between two editions, tables, folders, pages or revisions, and what it needs of the version
///
/// Each side is an edition (discord/v10), a table file, a folder of tables, a documentation page, or one of these at a git
/// revision (main:discord/v10, HEAD~3:codes). Changes of what clients do come first.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask diff discord/v6 discord/v10
  cargo xtask diff main:codes codes --fail-on policy
  cargo xtask diff discord/v10 new-page.mdx --format markdown

A file of waivers lists changes that are accepted, by the fingerprints that -v and JSON print:
  [[waiver]]
  change = \"0123456789ab\"
  reason = \"Nobody has used this variant.\"
  until = 2026-12-31          # optional: the last day

Exit codes: 0 nothing at or over --fail-on, 1 something is, 2 a side cannot be read.")]
pub struct Diff {
    /// The old side
    old: String,
    /// The new side
    new: String,
    /// How to print
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print wording, places and fingerprints as well
    #[arg(short, long)]
    verbose: bool,
    /// Fail if a change needs this much, or more
    #[arg(long, value_parser = fail_on(), value_name = "LEVEL")]
    fail_on: Option<FailOn>,
    /// A file of changes that are accepted, each with its reason
    #[arg(long, value_name = "FILE")]
    waivers: Option<PathBuf>,
    /// The folder of tables [default: codes]
    #[arg(long, value_name = "DIR")]
    codes: Option<PathBuf>,
}

/// When `diff` fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum FailOn {
    /// A change needs this much, or more.
    Level(Bump),
    /// The version is too low.
    Version,
}

/// The words for what a change needs of the version, and what each means.
const LEVELS: [(&str, &str); 5] = [
    ("any", "Anything: the same as patch"),
    ("patch", "Texts differ"),
    ("minor", "Something was added; code of users compiles as before"),
    ("policy", "Clients act differently"),
    ("major", "Code of users may not compile, or mean something else"),
];

fn levels() -> Vec<PossibleValue> {
    LEVELS.map(|(word, meaning)| PossibleValue::new(word).help(meaning)).into()
}

fn fail_on() -> impl TypedValueParser<Value = FailOn> {
    let version = PossibleValue::new("version").help("The version of the new side is too low for what changed");
    let words = PossibleValuesParser::new(levels().into_iter().chain([version]));
    words.map(|word| if word == "version" { FailOn::Version } else { FailOn::Level(bump_of(&word)) })
}

fn bump_of(word: &str) -> Bump {
    Bump::ALL.into_iter().find(|bump| bump.word() == word).unwrap_or(Bump::Patch)
}

/// The level of `--min`: a need of the version, or `any`.
pub fn level() -> impl TypedValueParser<Value = Bump> {
    PossibleValuesParser::new(levels()).map(|word| bump_of(&word))
}

impl Diff {
    pub fn run(self) -> CommandResult {
        if self.format == Format::JsonSchema {
            return report::schema("diff");
        }
        let sides = tables(self.codes.as_deref()).map_or_else(|| Sides::of(&built_in::files()), |codes| Ok(Sides::new(&codes)));
        let Some(mut sides) = report::usable(sides.map(|sides| (sides, Vec::new()))) else { return Ok(Outcome::Failure) };
        let (old, new) = (sides.side(&self.old), sides.side(&self.new));
        let (Some(old), Some(new)) = (report::usable(old), report::usable(new)) else { return Ok(Outcome::Usage) };
        let mut comparison = diff(&old, &new);
        if comparison.common_tables == 0 && old.is_table() && new.is_table() {
            report::error(&format!("two different tables cannot be compared: {} and {}", old.name, new.name));
            return Ok(Outcome::Usage);
        }
        if let Some(path) = &self.waivers {
            let found = match SourceFile::read(path) {
                Ok(file) => comparison.waive(&file, today()),
                Err(error) => vec![error],
            };
            report::diagnostics(&found);
            if Diagnostic::any_error(&found) {
                return Ok(Outcome::Usage);
            }
        }
        let report = comparison.report();
        match self.format {
            Format::Text => anstream::print!("{}", report.text(self.verbose, report::width())),
            Format::Markdown => anstream::print!("{}", report.markdown()),
            Format::Json | Format::JsonSchema => anstream::println!("{}", to_json(&comparison.json())),
            Format::Github => anstream::print!("{}", report.github()),
            Format::Sarif => anstream::println!("{}", to_json(&report.sarif(comparison.revisions()))),
        }
        Ok(self.verdict(&comparison))
    }

    fn verdict(&self, comparison: &Comparison) -> Outcome {
        let fails = match (self.fail_on, comparison.crate_version()) {
            (Some(FailOn::Level(level)), _) => comparison.needed() >= level,
            (Some(FailOn::Version), Some(versions)) => !versions.fits,
            (Some(FailOn::Version), None) => {
                report::error("`--fail-on version` compares two folders of tables, each with its `crate.toml`");
                return Outcome::Usage;
            }
            (None, _) => false,
        };
        if fails { Outcome::Failure } else { Outcome::Done }
    }
}
