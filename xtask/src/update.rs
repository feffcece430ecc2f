//! `cargo xtask update`: the tables brought up to date from the repository that they name.
//!
//! The page is found even where it was moved, its date and revision are those of the last commit that changed it. What is
//! printed is the body of a pull request.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use clap::Args;
use wirecodes_codegen::{
    Diagnostic, Drift, Files, ImportOptions, Mode, Owner, SourceFile, any_error, closest, display_path, generate_all, import,
    import_markdown, load, normalized_name, read, read_page, render_schema, sync,
};

use crate::import::{accept, tables_in, today, write};
use crate::paths::in_root;
use crate::repository::{Repository, Wanted, is_address};
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
    /// Write nothing; print what would change
    #[arg(long)]
    dry_run: bool,
    /// The folder of tables [default: codes]
    #[arg(long, value_name = "DIR")]
    codes: Option<PathBuf>,
    /// The folder of the generated crate [default: generated]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

/// An edition, and where its pages are.
struct Plan {
    edition: String,
    /// Where to read from.
    repository: String,
    /// The repository that a table names.
    named: Option<String>,
    /// The path of the page, where a table names it.
    path: Option<String>,
    /// The revision that a table was read at.
    revision: Option<String>,
    /// The titles and headings of the tables that are read from this page.
    names: BTreeSet<String>,
    /// The files of these tables, without `.toml`.
    files: Vec<String>,
}

/// What the import of one page did.
struct Updated {
    /// What to print: Markdown, or one line where nothing changed.
    text: String,
    /// Whether a table changed.
    is_changed: bool,
    /// Whether something is wrong.
    is_failed: bool,
}

impl Updated {
    fn is_report(&self) -> bool {
        self.is_changed || self.is_failed
    }
}

impl Update {
    pub fn run(self) -> CommandResult {
        let codes = self.codes.clone().unwrap_or_else(|| in_root("codes"));
        let files = match tables_in(&codes) {
            Ok(files) => files,
            Err(unreadable) => {
                report::diagnostics(&[unreadable]);
                return Ok(Outcome::Failure);
            }
        };
        let plans = match self.plans(&files) {
            Ok(plans) => plans,
            Err(message) => {
                report::error(&message);
                return Ok(Outcome::Usage);
            }
        };
        let mut failed = false;
        let mut changed = false;
        let mut before: Option<Updated> = None;
        for plan in plans {
            // Each page is imported into the tables as the one before left them.
            let files = tables_in(&codes).map_err(|unreadable| unreadable.message)?;
            let updated = self.update(&plan, &files, &codes)?;
            let is_apart = before.is_some_and(|before| before.is_report() || updated.is_report());
            anstream::print!("{}{}", if is_apart { "\n" } else { "" }, updated.text);
            changed |= updated.is_changed;
            failed |= updated.is_failed;
            before = Some(updated);
        }
        // A run that was interrupted may have left a crate that is older than the tables.
        let out = self.out.clone().unwrap_or_else(|| in_root("generated"));
        if (changed || out.is_dir()) && !self.dry_run {
            failed |= !Self::generate(&codes, &out)?;
        }
        Ok(if failed { Outcome::Failure } else { Outcome::Done })
    }

    /// Which pages to read, edition by edition.
    fn plans(&self, files: &Files) -> Result<Vec<Plan>, String> {
        let (folder, _) = read(files);
        let mut plans: Vec<Plan> = Vec::new();
        for (path, table) in &folder.tables {
            let file = path.file.clone();
            let edition = format!("{}/{}", path.system, path.edition);
            let is_asked = self.editions.is_empty() || self.editions.contains(&edition);
            let Some(header) = table.header.as_ref().filter(|_| is_asked) else { continue };
            let of_table = header.source.repository.as_deref().map(ToString::to_string);
            let path = header.source.path.as_deref().map(ToString::to_string);
            let revision = header.source.revision.as_deref().map(ToString::to_string);
            // Without a name only the editions that were asked for are read from another place.
            let Some(repository) =
                self.from.clone().filter(|_| !self.editions.is_empty() || of_table.is_some()).or(of_table.clone())
            else {
                continue;
            };
            let names = std::iter::once(&header.title).chain(&header.headings).map(|name| normalized_name(name));
            let same =
                plans.iter_mut().find(|plan| plan.edition == edition && plan.repository == repository && plan.path == path);
            if let Some(plan) = same {
                plan.names.extend(names);
                plan.files.push(file);
            } else {
                let (names, files) = (names.collect(), vec![file]);
                plans.push(Plan { edition, repository, named: of_table, path, revision, names, files });
            }
        }
        if let Some(missing) = self.editions.iter().find(|edition| !plans.iter().any(|plan| plan.edition == **edition)) {
            if !folder.tables.iter().any(|(path, _)| format!("{}/{}", path.system, path.edition) == *missing) {
                return Err(format!("no edition is called {missing}"));
            }
            let near = closest(missing, plans.iter().map(|plan| plan.edition.as_str()));
            let near = near.map(|near| format!("; or did you mean `{near}`?")).unwrap_or_default();
            return Err(format!(
                "no table of {missing} names the repository of its page; add `--from`, or `repository` and `path` under `[source]`{near}"
            ));
        }
        if plans.is_empty() {
            return Err("no table names the repository of its page; name an edition and `--from`".to_owned());
        }
        Ok(plans)
    }

    /// Imports one page.
    fn update(&self, plan: &Plan, files: &Files, codes: &Path) -> Result<Updated, Box<dyn std::error::Error>> {
        let repository = Repository::open(&plan.repository)?;
        let wanted = Wanted { path: plan.path.as_deref(), revision: plan.revision.as_deref(), names: &plan.names };
        let found = repository.page(&wanted)?;
        let source = SourceFile::new(found.path.clone(), found.text);
        let (page, mut diagnostics) = read_page(&source, None);
        let address = is_address(&plan.repository).then(|| plan.repository.clone());
        let origin = plan.named.clone().or(address).map(|repository| (repository, found.path.clone()));
        let options = ImportOptions {
            date: Some(found.date),
            revision: Some(found.revision),
            tables: plan.files.clone(),
            repository: origin,
            former_sentences: repository.former_sentences(&wanted, &found.path),
            accept_removals: accept(&self.accept_removals),
            allow_older: self.allow_older,
            stamp_unchanged: false,
            ..ImportOptions::new(plan.edition.clone(), today()?)
        };
        let (imported, mut more) = import(files, &[page], &options);
        diagnostics.append(&mut more);
        let (is_changed, is_failed) = (!imported.written.is_empty(), any_error(&diagnostics));
        if !is_changed && !is_failed {
            let text = format!("{} is up to date with {} ({})\n", plan.edition, found.path, found.date);
            return Ok(Updated { text, is_changed, is_failed });
        }
        if !self.dry_run {
            write(codes, &imported)?;
        }
        let errors: Vec<Diagnostic> = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).cloned().collect();
        report::diagnostics(&errors);
        Ok(Updated { text: import_markdown(&imported, &diagnostics), is_changed, is_failed })
    }

    /// Generates the crate. Where a person has to decide first, the errors are part of what is printed.
    fn generate(codes: &Path, out: &Path) -> Result<bool, Box<dyn std::error::Error>> {
        let files = tables_in(codes).map_err(|unreadable| unreadable.message)?;
        let (registry, diagnostics) = load(&files);
        let Some(registry) = registry else {
            let errors: Vec<&Diagnostic> = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).collect();
            anstream::println!("\n### Before the crate can be generated\n");
            for error in &errors {
                let place = error.labels.first().map(|label| format!("{}:{}: ", label.span.file.path, label.span.line()));
                anstream::println!("- {}{}", place.unwrap_or_default(), error.message);
            }
            anstream::println!("\nCorrect the tables and run `cargo xtask codegen`.");
            return Ok(false);
        };
        let drift = sync(&generate_all(&registry), out, Mode::Write, Owner::Whole)?;
        if drift.iter().any(Drift::blocks) {
            report::error(&format!("{} has files that were not generated; run `cargo xtask codegen`", display_path(out)));
            return Ok(false);
        }
        sync(&render_schema(), codes, Mode::Write, Owner::Rendered)?;
        Ok(true)
    }
}
