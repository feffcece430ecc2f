//! `cargo xtask import`: from documentation pages to the tables.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use wirecodes_codegen::{Date, Diagnostic, Files, ImportOptions, Imported, SourceFile, Wanted, import, read_page_for, to_json};

use crate::paths::{folder_option, tables_to_write, today};
use crate::report::{self, Format};
use crate::{CommandResult, Outcome};

/// Bring the tables of an edition up to date with the pages that document them
///
/// Documented facts are updated; what the authors wrote (identifiers, summaries, policies, notes, comments, order) stays as it is.
/// New codes get a proposed identifier; codes that left the page are marked as removed. A row that cannot be read is an error,
/// and the rest is imported. What is to review is printed first.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of the command line")]
#[command(after_help = "Examples:
  cargo xtask import opcodes.mdx --into discord/v10 --date 2026-07-21 --revision 9c46c329
  cargo xtask import opcodes.mdx --into discord/v11 --like discord/v10
  cargo xtask import opcodes.mdx --into discord/v10 --table 'RPC Opcodes=rpc-opcodes'
  cargo xtask import opcodes.mdx --into discord/v10 --dry-run --format json")]
pub struct Import {
    /// The pages: Markdown, MDX, a scrape of these to text, or pages of enums by TypeDoc
    #[arg(required = true, value_name = "PAGE")]
    pages: Vec<PathBuf>,
    /// The edition, such as discord/v10; it is made if it does not exist
    #[arg(long, value_name = "EDITION", value_parser = ImportOptions::edition)]
    into: String,
    /// The date of the pages, such as 2026-07-21, or 2026-07 [default: today, where something changed]
    #[arg(long, value_name = "DATE")]
    date: Option<Date>,
    /// The revision of the pages
    #[arg(long, value_parser = parse_revision)]
    revision: Option<String>,
    /// The edition from which new tables take identifiers, summaries and policies of equal codes
    #[arg(long, value_name = "EDITION", value_parser = ImportOptions::edition)]
    like: Option<String>,
    /// Take the table under a heading of the page; where needed, also say what it lists and which columns have the codes and names
    #[arg(long, value_name = "HEADING=FILE[,kind=KIND][,code=COLUMN][,name=COLUMN]")]
    table: Vec<Wanted>,
    /// Which page of the edition it is, by its name in `sources.toml` [default: found by its file name or its title]
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// Mark codes as removed even where many left a table at once; without a table, in all tables
    #[arg(long, value_name = "TABLE", num_args = 0..=1, default_missing_value = "")]
    accept_removals: Vec<String>,
    /// Delete the rows of codes that left the pages, instead of marking them as removed
    #[arg(long)]
    prune: bool,
    /// Import pages that are older than the tables
    #[arg(long)]
    allow_older: bool,
    /// Write nothing; print what would change
    #[arg(long)]
    dry_run: bool,
    /// Write nothing; fail if a page differs from the tables
    #[arg(long)]
    check: bool,
    /// How to print the result
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// Print every change, those of style and wording too
    #[arg(short, long)]
    verbose: bool,
    /// The folder of tables [default: codes]
    #[arg(long, value_name = "DIR")]
    codes: Option<PathBuf>,
}

impl Import {
    pub fn run(self) -> CommandResult {
        if self.format == Format::JsonSchema {
            return report::schema("import");
        }
        let codes = tables_to_write(self.codes.as_deref())?;
        let Some(files) = report::found(Files::from_new_folder(&codes)) else { return Ok(Outcome::Failure) };
        let sources = match self.read_pages() {
            Ok(sources) => sources,
            Err(unreadable) => {
                report::diagnostics(&unreadable);
                return Ok(Outcome::Failure);
            }
        };
        let (pages, found): (Vec<_>, Vec<_>) = sources.iter().map(|source| read_page_for(source, &self.table)).unzip();
        let mut diagnostics = found.concat();
        let (imported, mut found) = import(&files, &pages, &self.options());
        diagnostics.append(&mut found);
        let is_dry_run = self.dry_run || self.check;
        if !is_dry_run {
            imported.write(&codes)?;
        }
        if self.format == Format::Json {
            anstream::println!("{}", to_json(&imported.json(&diagnostics)));
        } else {
            report::diagnostics(&diagnostics);
            let next = format!("cargo xtask codegen{}", folder_option("codes", self.codes.as_deref()));
            let report = imported.report(&diagnostics, (!is_dry_run).then_some(&next));
            anstream::print!("{}", report.text(self.verbose, report::width()));
        }
        let differs = self.check && !imported.written.is_empty();
        Ok(if Imported::is_incomplete(&diagnostics) || differs { Outcome::Failure } else { Outcome::Done })
    }

    /// The pages. Without all of them nothing is imported.
    fn read_pages(&self) -> Result<Vec<Arc<SourceFile>>, Vec<Diagnostic>> {
        let (mut sources, mut unreadable) = (Vec::new(), Vec::new());
        for page in &self.pages {
            match SourceFile::read(page) {
                Ok(source) => sources.push(source),
                Err(error) if page.to_string_lossy().contains("://") => {
                    unreadable.push(error.help("save the page as a file, or let `update` read its repository"));
                }
                Err(error) => unreadable.push(error),
            }
        }
        if unreadable.is_empty() { Ok(sources) } else { Err(unreadable) }
    }

    fn options(&self) -> ImportOptions {
        ImportOptions {
            like: self.like.clone(),
            take: self.table.clone(),
            source: self.source.clone(),
            date: self.date,
            revision: self.revision.clone(),
            accept_removals: accept(&self.accept_removals),
            prune: self.prune,
            allow_older: self.allow_older,
            ..ImportOptions::new(self.into.clone(), today())
        }
    }
}

fn parse_revision(text: &str) -> Result<String, String> {
    let is_word = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || ".-_/+".contains(c));
    if is_word { Ok(text.to_owned()) } else { Err("write a revision such as 9c46c329".to_owned()) }
}

/// The tables from which many codes may be removed at once, as they are named after an option: without a name, all.
pub fn accept(tables: &[String]) -> Option<Vec<String>> {
    let names = tables.iter().map(|table| table.trim_end_matches(".toml").to_owned());
    let is_all = tables.iter().any(String::is_empty);
    (!tables.is_empty()).then(|| if is_all { Vec::new() } else { names.collect() })
}
