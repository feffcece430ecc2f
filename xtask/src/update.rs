//! `cargo xtask update`: the tables brought up to date from the repository that they name.
//!
//! The page is found even where it was moved, its date and revision are those of the last commit that changed it. What is
//! printed is the body of a pull request.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use clap::Args;
use tempfile::TempDir;
use wirecodes_codegen::{
    Date, Diagnostic, Drift, Files, ImportOptions, Mode, Number, ObservedTable, Owner, Page, SourceFile, any_error, display_path,
    import, import_markdown, load, normalized_name, read, read_page, render_schema, sync,
};

use crate::codegen::rendered;
use crate::git::command_in;
use crate::import::{tables_in, today, write};
use crate::paths::in_root;
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

impl Plan {
    /// Whether a finding is about a table that is read from this page, or about the page itself.
    ///
    /// A page may also have tables of words, whose rows have no numbers.
    fn concerns(&self, page: &Page, finding: &Diagnostic) -> bool {
        let Some(label) = finding.labels.first().filter(|_| finding.rule == "row-without-code") else { return true };
        let before = |table: &&ObservedTable| table.span.range.start <= label.span.range.start;
        let Some(table) = page.tables.iter().filter(before).max_by_key(|table| table.span.range.start) else { return true };
        !table.rows.is_empty() || self.names.contains(&normalized_name(&table.heading))
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
        for plan in plans {
            // Each page is imported into the tables as the one before left them.
            let files = tables_in(&codes).map_err(|unreadable| unreadable.message)?;
            let (is_changed, is_failed) = self.update(&plan, &files, &codes)?;
            changed |= is_changed;
            failed |= is_failed;
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
            return Err(format!(
                "no table of {missing} names the repository of its page; add `--from`, or `repository` and `path` under `[source]`"
            ));
        }
        if plans.is_empty() {
            return Err("no table names the repository of its page; name an edition and `--from`".to_owned());
        }
        Ok(plans)
    }

    /// Imports one page, and prints what changed. Whether something changed, and whether something is wrong.
    fn update(&self, plan: &Plan, files: &Files, codes: &Path) -> Result<(bool, bool), Box<dyn std::error::Error>> {
        let repository = Repository::open(&plan.repository)?;
        let found = repository.page(plan)?;
        let source = SourceFile::new(found.path.clone(), found.text);
        let (page, mut diagnostics) = read_page(&source, None);
        diagnostics.retain(|finding| plan.concerns(&page, finding));
        let address = is_address(&plan.repository).then(|| plan.repository.clone());
        let origin = plan.named.clone().or(address).map(|repository| (repository, found.path.clone()));
        let options = ImportOptions {
            date: Some(found.date),
            revision: Some(found.revision),
            tables: plan.files.clone(),
            repository: origin,
            former_sentences: repository.former_sentences(plan, &found.path),
            stamp_unchanged: false,
            ..ImportOptions::new(plan.edition.clone(), today()?)
        };
        let (imported, mut more) = import(files, &[page], &options);
        diagnostics.append(&mut more);
        let failed = any_error(&diagnostics);
        if imported.written.is_empty() && !failed {
            anstream::println!("{} is up to date with {} ({})", plan.edition, found.path, found.date);
            return Ok((false, false));
        }
        if !self.dry_run {
            write(codes, &imported)?;
        }
        let errors: Vec<Diagnostic> = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).cloned().collect();
        report::diagnostics(&errors);
        anstream::print!("{}", import_markdown(&imported, &diagnostics));
        Ok((!imported.written.is_empty(), failed))
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
        let drift = sync(&rendered(&registry), out, Mode::Write, Owner::Whole)?;
        if drift.iter().any(Drift::blocks) {
            report::error(&format!("{} has files that were not generated; run `cargo xtask codegen`", display_path(out)));
            return Ok(false);
        }
        sync(&render_schema(), codes, Mode::Write, Owner::Rendered)?;
        Ok(true)
    }
}

/// A page as a repository has it.
struct Found {
    path: String,
    text: String,
    date: Date,
    revision: String,
}

/// A repository, and the folder in which it was fetched if it is not a local one.
struct Repository {
    folder: PathBuf,
    _fetched: Option<TempDir>,
}

/// Whether the place of a repository is an address.
fn is_address(place: &str) -> bool {
    place.contains("://") || place.starts_with("git@")
}

impl Repository {
    fn open(place: &str) -> Result<Self, String> {
        if place.starts_with('-') {
            return Err(format!("{place} is no repository"));
        }
        if !is_address(place) {
            let folder = git(Path::new(place), &["rev-parse", "--absolute-git-dir"])?;
            return Ok(Self { folder: PathBuf::from(folder.trim_end_matches(['\n', '\r'])), _fetched: None });
        }
        let fetched = tempfile::tempdir().map_err(|error| format!("cannot make a folder for the repository: {error}"))?;
        git(fetched.path(), &["clone", "--quiet", "--bare", "--single-branch", "--", place, "."])?;
        Ok(Self { folder: fetched.path().to_owned(), _fetched: Some(fetched) })
    }

    /// The page of an edition: at its path, where that was moved to, or where the titles of its tables are.
    fn page(&self, plan: &Plan) -> Result<Found, String> {
        let named = plan.path.as_ref().map(|path| self.moved(path)).transpose()?.flatten();
        let path = match named {
            Some(path) => path,
            None => self.by_titles(plan)?,
        };
        let commit = git(&self.folder, &["log", "-1", "--no-show-signature", "--format=%H %cs", "HEAD", "--", &path])?;
        let (revision, date) =
            commit.trim().split_once(' ').ok_or_else(|| format!("no commit has {path}; fetch the whole history"))?;
        let date = date.parse()?;
        let revision = revision.chars().take(8).collect();
        let text = self.text(&path)?;
        Ok(Found { path, text, date, revision })
    }

    fn text(&self, path: &str) -> Result<String, String> {
        git(&self.folder, &["cat-file", "blob", &format!("HEAD:{path}")])
    }

    /// What the page said at the revision that the tables were read at, as far as the repository has it.
    fn former_sentences(&self, plan: &Plan, path: &str) -> BTreeMap<(String, Number), String> {
        let Some(revision) = plan.revision.as_ref().filter(|revision| revision.bytes().all(|byte| byte.is_ascii_hexdigit()))
        else {
            return BTreeMap::new();
        };
        let at = |path: &str| git(&self.folder, &["cat-file", "blob", &format!("{revision}:{path}")]);
        let text = plan.path.as_deref().map_or_else(|| at(path), |former| at(former).or_else(|_| at(path)));
        let Ok(text) = text else { return BTreeMap::new() };
        let (page, _) = read_page(&SourceFile::new(path, text), None);
        let mut sentences = BTreeMap::new();
        for table in &page.tables {
            for row in table.rows.iter().filter(|row| row.facts.is_live()) {
                let key = (normalized_name(&table.heading), row.facts.number);
                sentences.extend(row.sentence.clone().map(|sentence| (key, sentence)));
            }
        }
        sentences
    }

    fn has(&self, path: &str) -> bool {
        git(&self.folder, &["cat-file", "-e", &format!("HEAD:{path}")]).is_ok()
    }

    /// The path of a file now, through all its renamings; nothing if it was deleted.
    fn moved(&self, path: &str) -> Result<Option<String>, String> {
        const MOST: usize = 20;
        let mut path = path.to_owned();
        for _ in 0..MOST {
            if self.has(&path) {
                return Ok(Some(path));
            }
            let deleted =
                ["log", "-1", "--no-show-signature", "--no-renames", "--diff-filter=D", "-m", "--format=%H", "HEAD", "--", &path];
            let commit = git(&self.folder, &deleted)?;
            let Some(commit) = commit.split_whitespace().next() else { return Ok(None) };
            let parent = format!("{commit}^");
            let renamed =
                git(&self.folder, &["diff-tree", "-r", "-M", "-z", "--name-status", "--diff-filter=R", &parent, commit])?;
            let fields: Vec<&str> = renamed.split('\0').collect();
            let Some(new) = fields.chunks_exact(3).find(|fields| fields[1] == path).map(|fields| fields[2].to_owned()) else {
                return Ok(None);
            };
            path = new;
        }
        Ok(None)
    }

    /// The page with the most tables of an edition.
    fn by_titles(&self, plan: &Plan) -> Result<String, String> {
        const MOST: usize = 5000;
        let all = git(&self.folder, &["ls-tree", "-r", "-z", "--name-only", "--full-tree", "HEAD"])?;
        let is_page = |path: &&str| {
            let extension = Path::new(path).extension().and_then(|extension| extension.to_str());
            matches!(extension, Some("md" | "mdx" | "markdown" | "txt"))
        };
        let mut best: Option<(usize, String)> = None;
        for path in all.split('\0').filter(is_page).take(MOST) {
            let Ok(text) = self.text(path) else { continue };
            // Only a page with a table is read.
            if !text.contains("|--") && !text.contains("| --") && !text.contains("|:-") && !text.contains("**") {
                continue;
            }
            let (page, _) = read_page(&SourceFile::new(path, text), None);
            let count = equal_names(&page, plan);
            if count > best.as_ref().map_or(0, |(count, _)| *count) {
                best = Some((count, path.to_owned()));
            }
        }
        let (_, path) = best.ok_or_else(|| {
            format!(
                "no page of {} has a table of {}; write its `path` under `[source]` of a table",
                plan.repository, plan.edition
            )
        })?;
        Ok(path)
    }
}

/// How many tables of a page are named like those of an edition.
fn equal_names(page: &Page, plan: &Plan) -> usize {
    page.tables.iter().filter(|table| !table.rows.is_empty() && plan.names.contains(&normalized_name(&table.heading))).count()
}

/// Runs git in a folder, and returns what it printed.
fn git(folder: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = command_in(folder).args(arguments).output().map_err(|error| format!("cannot run git: {error}"))?;
    if output.status.success() {
        return String::from_utf8(output.stdout).map_err(|_| "the page is not UTF-8; save it as UTF-8".to_owned());
    }
    let message = String::from_utf8_lossy(&output.stderr);
    let line = message.lines().find(|line| !line.trim().is_empty()).unwrap_or("it failed without a message");
    Err(format!("git: {}", line.trim_start_matches("fatal: ").trim_start_matches("error: ")))
}
