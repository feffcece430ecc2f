//! `cargo xtask update`: the tables brought up to date from the repository that they name.
//!
//! The page is found even where it was moved, its date and revision are those of the last commit that changed it. What is
//! printed is the body of a pull request.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use clap::Args;
use wirecodes_codegen::{Diagnostic, Files, Imported, Plan, Report, Repositories, UpdateOptions, build, load};

use crate::import::accept;
use crate::paths::{folder_option, in_root, tables_to_write, today};
use crate::report::Progress;
use crate::{CommandResult, Outcome, report};

/// Bring editions up to date from the repositories of their pages
///
/// Finds the page of each edition in a git repository, imports it, runs codegen, and prints Markdown for a pull request. Where
/// nothing changed, no file is touched.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask update                                          all editions whose tables name a repository
  cargo xtask update discord/v10 --from ../discord-api-docs
  cargo xtask update discord/v10 --from https://github.com/discord/discord-api-docs --dry-run")]
pub struct Update {
    /// The editions, such as discord/v10 [default: all whose tables name a repository]
    #[arg(value_name = "EDITION")]
    editions: Vec<String>,
    /// A local clone, or an address that git can fetch [default: the repository that the tables name]
    #[arg(long, value_name = "REPO_OR_DIR")]
    from: Option<String>,
    /// Mark codes as removed even where many left a table at once; without a table, in all tables
    #[arg(long, value_name = "TABLE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    accept_removals: Vec<String>,
    /// Read pages that are older than the tables
    #[arg(long)]
    allow_older: bool,
    /// Write the whole report there, and print what a host takes for a pull request: 65,536 characters
    #[arg(long, value_name = "FILE")]
    whole: Option<PathBuf>,
    /// Write nothing; print what would change
    #[arg(long)]
    dry_run: bool,
    /// The folder of tables [default: codes]
    #[arg(long, value_name = "DIR")]
    codes: Option<PathBuf>,
    /// The folder of the generated crate [default: generated, beside the tables of this repository only]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// What a host takes as the text of a pull request.
const MOST_CHARACTERS: usize = 65_536;

impl Update {
    pub fn run(self) -> CommandResult {
        let codes = tables_to_write(self.codes.as_deref())?;
        let plans = match Plan::all(&read(&codes)?, &self.options()) {
            Ok(plans) => plans,
            Err(message) => {
                report::error(&message);
                return Ok(Outcome::Usage);
            }
        };
        let mut body = String::new();
        let [mut failed, changed] = self.read_pages(&plans, &codes, &mut body)?;
        if !self.dry_run {
            failed |= !self.generate(&codes, changed, &mut body)?;
        }
        self.print(&body)?;
        Ok(if failed { Outcome::Failure } else { Outcome::Done })
    }

    /// Imports the pages, each into the tables as the one before left them. Whether one failed, and whether a table changed.
    fn read_pages(&self, plans: &[Plan], codes: &Path, body: &mut String) -> Result<[bool; 2], Box<dyn std::error::Error>> {
        let (options, mut failed, mut changed) = (self.options(), false, false);
        let (mut was_report, mut repositories) = (None, Repositories::default());
        // Why pages were not read, and which.
        let mut unread: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (at, plan) in plans.iter().enumerate() {
            let progress = Progress::new(&format!("update: page {} of {}, from {}", at + 1, plans.len(), plan.repository));
            let done = plan.run(&read(codes)?, &options, &mut repositories);
            drop(progress);
            let (imported, diagnostics) = match done {
                Ok(done) => done,
                Err(why) => {
                    unread.entry(why).or_default().push(plan.name());
                    continue;
                }
            };
            if !self.dry_run {
                imported.write(codes)?;
            }
            let is_report = !imported.is_up_to_date(&diagnostics);
            if was_report.is_some_and(|was_report| was_report || is_report) {
                body.push('\n');
            }
            self.tell(&imported, &diagnostics, body);
            failed |= Imported::is_incomplete(&diagnostics);
            changed |= !imported.written.is_empty();
            was_report = Some(is_report);
        }
        failed |= tell_unread(&unread, body);
        Ok([failed, changed])
    }

    /// Prints the whole report, or what a host takes of it where the whole goes into a file.
    fn print(&self, body: &str) -> Result<(), String> {
        let Some(whole) = &self.whole else {
            anstream::print!("{body}");
            return Ok(());
        };
        std::fs::write(whole, body).map_err(|error| format!("{} cannot be written: {error}", whole.display()))?;
        anstream::print!("{}", Report::within(body, MOST_CHARACTERS));
        Ok(())
    }

    fn options(&self) -> UpdateOptions {
        UpdateOptions {
            editions: self.editions.clone(),
            from: self.from.clone(),
            accept_removals: accept(&self.accept_removals),
            allow_older: self.allow_older,
            today: today(),
        }
    }

    /// Says what became of one page: a part of the pull request, or one line where nothing is to be said.
    fn tell(&self, imported: &Imported, diagnostics: &[Diagnostic], body: &mut String) {
        let errors: Vec<Diagnostic> = diagnostics.iter().filter(|found| found.is_error()).cloned().collect();
        report::diagnostics(&errors);
        let report = imported.report(diagnostics, (!self.dry_run).then_some(""));
        if imported.is_up_to_date(diagnostics) {
            body.push_str(&format!("{}: {}\n", report.title, report.summary));
        } else {
            body.push_str(&report.markdown());
        }
    }

    /// Generates the crate, also where a run that was interrupted left one that is older than the tables. Only the tables of this
    /// repository have a crate beside them: others are generated where `--out` says.
    fn generate(&self, codes: &Path, changed: bool, body: &mut String) -> Result<bool, Box<dyn std::error::Error>> {
        let out = match (&self.out, codes) {
            (Some(out), _) => out.clone(),
            (None, _) if is_same(codes, &in_root("codes")) => in_root("generated"),
            (None, _) => {
                if changed {
                    report::help(&format!("run `cargo xtask codegen{} --out …`", folder_option("codes", self.codes.as_deref())));
                }
                return Ok(true);
            }
        };
        if !changed && !out.is_dir() {
            return Ok(true);
        }
        let (registry, diagnostics) = load(&read(codes)?);
        let Some(registry) = registry else {
            body.push_str("\n### Before the crate can be generated\n\n");
            for error in diagnostics.iter().filter(|found| found.is_error()) {
                let place = error.labels.first().map(|label| format!("{}:{}: ", label.span.file.path, label.span.line()));
                body.push_str(&format!("- {}{}\n", place.unwrap_or_default(), error.message));
            }
            body.push_str("\nCorrect the tables and run `cargo xtask codegen`.\n");
            return Ok(false);
        };
        let built = build(&registry, codes, &out, false)?;
        if built.is_blocked {
            report::error(&format!("{} has files that were not generated; run `cargo xtask codegen`", out.display()));
        }
        Ok(!built.is_blocked)
    }
}

/// Says which pages were not read, and why. Whether there are some.
fn tell_unread(unread: &BTreeMap<String, Vec<String>>, body: &mut String) -> bool {
    let lines = unread.iter().map(|(why, pages)| format!("{}: {why}", pages.join(", ")));
    let report = Report { title: "Not read".to_owned(), closing: lines.collect(), ..Report::default() };
    report.closing.iter().for_each(|line| report::error(line));
    if !unread.is_empty() {
        body.push_str(if body.is_empty() { "" } else { "\n" });
        body.push_str(&report.markdown());
    }
    !unread.is_empty()
}

fn read(codes: &Path) -> Result<Files, String> {
    Files::from_folder(codes).map_err(|unreadable| format!("{}: {}", codes.display(), unreadable.message))
}

fn is_same(one: &Path, other: &Path) -> bool {
    one.canonicalize().ok().is_some_and(|one| other.canonicalize().is_ok_and(|other| one == other))
}
