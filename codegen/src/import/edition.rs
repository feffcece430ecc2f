//! What pages document, brought into the tables of an edition.
//!
//! In come the files of a folder of tables and the pages, out come new texts and a typed account of what changed. Only
//! [`Facts`](crate::model::Facts) are compared and written; a decision is proposed for a code that is new, and never changed. A
//! table that must not be written keeps its text, and the others go on.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::allowed;
use super::assign::{Assigned, Known, Target, assign};
use super::merge::TableMerge;
use super::outcome::Imported;
use super::page::Page;
use super::pair;
use crate::model::{Date, Number, fault_of_module};
use crate::read::{TableFile, read_table};
use crate::text::{Diagnostic, Files, SourceFile, any_error, counted, normalized_name, quoted, quoted_list};

/// How to import.
#[derive(Clone, Debug)]
pub struct Options {
    /// The edition: `<system>/<edition>`.
    pub edition: String,
    /// The edition to take decisions from where a table is new.
    pub like: Option<String>,
    /// Tables to take: a heading of the page, and the file without `.toml`.
    pub take: Vec<(String, String)>,
    /// The tables that the pages document, without `.toml`; all of the edition if it is empty.
    pub tables: Vec<String>,
    /// The date of the pages.
    pub date: Option<Date>,
    /// The revision of the pages.
    pub revision: Option<String>,
    /// The repository of the pages, and the path in it.
    pub repository: Option<(String, String)>,
    /// The sentences of the page that the tables were read from, where it is known: by heading, as
    /// [`normalized_name`] has it, and number. They are only printed.
    pub former_sentences: BTreeMap<(String, Number), String>,
    /// The date to write where a change needs one and none was given.
    pub today: Date,
    /// Tables that may lose many rows, without `.toml`: these, or all if none is named.
    pub accept_removals: Option<Vec<String>>,
    /// Whether rows that left the pages are deleted instead of marked as removed.
    pub prune: bool,
    /// Whether pages may be older than the tables.
    pub allow_older: bool,
    /// Whether a given date and revision are written where nothing else changed.
    pub stamp_unchanged: bool,
}

impl Options {
    /// Reads the name of an edition.
    ///
    /// # Errors
    ///
    /// If it is none: how to write one.
    pub fn edition(text: &str) -> Result<String, String> {
        match text.split_once('/') {
            Some((system, edition)) if [system, edition].iter().all(|name| fault_of_module(name).is_none()) => {
                Ok(text.to_owned())
            }
            _ => {
                Err("write a system and an edition, such as discord/v10, in lower-case letters, digits and underscores"
                    .to_owned())
            }
        }
    }

    /// Reads the heading and the file of a table to take.
    ///
    /// # Errors
    ///
    /// If it is none: how to write one.
    pub fn table(text: &str) -> Result<(String, String), String> {
        let (heading, file) = text.rsplit_once('=').ok_or("write `Heading=file`, such as `RPC Opcodes=rpc-opcodes`")?;
        let file = file.trim_end_matches(".toml");
        let underscore = file.contains('_').then_some("contains an underscore");
        match fault_of_module(&file.replace('-', "_")).or(underscore) {
            Some(fault) => Err(format!("the name of the file {fault}; write it like `gateway-opcodes`")),
            None => Ok((heading.trim().to_owned(), file.to_owned())),
        }
    }

    fn accepts_all_removals(&self) -> bool {
        self.accept_removals.as_ref().is_some_and(Vec::is_empty)
    }

    pub(super) fn accepts_removals(&self, file: &str) -> bool {
        self.accept_removals.as_ref().is_some_and(|files| files.is_empty() || files.iter().any(|accepted| accepted == file))
    }

    /// The usual way to import into an edition.
    #[must_use]
    pub fn new(edition: impl Into<String>, today: Date) -> Self {
        Self {
            edition: edition.into(),
            like: None,
            take: Vec::new(),
            tables: Vec::new(),
            date: None,
            revision: None,
            repository: None,
            former_sentences: BTreeMap::new(),
            today,
            accept_removals: None,
            prune: false,
            allow_older: false,
            stamp_unchanged: true,
        }
    }
}

/// Imports pages into an edition. Without an error among the diagnostics all of the result may be written.
#[must_use]
pub fn import(files: &Files, pages: &[Page], options: &Options) -> (Imported, Vec<Diagnostic>) {
    let mut imported = Imported::new(pages, options);
    let ([own, pattern], mut diagnostics) = editions(files, options);
    if any_error(&diagnostics) {
        return (imported, diagnostics);
    }
    let known = own.iter().map(|(file, table)| Known { file: file.clone(), table, is_pattern: false });
    let patterns = pattern.iter().map(|(file, table)| Known { file: file.clone(), table, is_pattern: true });
    let known: Vec<Known<'_>> = known.chain(patterns).collect();
    let mut assignment = assign(pages, &known, options);
    diagnostics.append(&mut assignment.diagnostics);
    imported.passed_over = assignment.passed_over;
    diagnostics.extend(not_on_page(&own, &assignment.assigned, &known, options));
    diagnostics.extend(nothing_found(pages, &assignment.assigned, &imported));
    diagnostics.extend(wrong_page(&assignment.assigned, &known, options));
    diagnostics.extend(older_page(&assignment.assigned, &known, options));
    if any_error_that_stops(&diagnostics) {
        return (imported, diagnostics);
    }
    let merged = assignment.assigned.iter().map(|assigned| TableMerge { files, options, assigned, known: &known }.run());
    let refused = imported.finish(files, merged.collect(), options, &mut diagnostics);
    diagnostics.extend(refused);
    (imported, diagnostics)
}

/// The tables of an edition, by their files.
type Tables = Vec<(String, TableFile)>;

/// The tables of the edition that is imported into, and of the one that it is like.
fn editions(files: &Files, options: &Options) -> ([Tables; 2], Vec<Diagnostic>) {
    let (own, mut diagnostics) = edition(files, &options.edition);
    let (pattern, mut more) = options.like.as_deref().map(|like| edition(files, like)).unwrap_or_default();
    diagnostics.append(&mut more);
    if let Some(like) = options.like.as_deref().filter(|_| pattern.is_empty()) {
        diagnostics.push(
            Diagnostic::error("no-such-edition", format!("the edition {} has no table", quoted(like)))
                .help("name an edition of the folder of tables with `--like`"),
        );
    }
    ([own, pattern], diagnostics)
}

fn edition(files: &Files, edition: &str) -> (Tables, Vec<Diagnostic>) {
    let mut tables = Vec::new();
    let mut diagnostics = Vec::new();
    let prefix = format!("{edition}/");
    for path in files.paths() {
        let Some(file) =
            path.strip_prefix(&prefix).and_then(|file| file.strip_suffix(".toml")).filter(|file| !file.contains('/'))
        else {
            continue;
        };
        let source = match files.get(path) {
            Some(Ok(source)) => source,
            Some(Err(error)) => {
                diagnostics.push(error);
                continue;
            }
            None => continue,
        };
        let (table, found) = read_table(&source);
        let is_broken = any_error(&found) || table.as_ref().is_none_or(|table| table.header.is_none());
        diagnostics.extend(found);
        if is_broken {
            diagnostics.push(
                Diagnostic::error("broken-table", "a table with errors cannot be updated")
                    .in_file(&source.path)
                    .help("correct it first; no file was changed"),
            );
        }
        tables.extend(table.map(|table| (file.to_owned(), table)));
    }
    (tables, diagnostics)
}

/// Errors of the import as a whole, after which no table is looked at.
fn any_error_that_stops(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| matches!(diagnostic.rule, "wrong-page" | "older-page" | "nothing-to-import"))
}

/// The tables of the edition that no page has: one warning, and no removed row.
fn not_on_page(
    own: &[(String, TableFile)],
    assigned: &[Assigned<'_>],
    known: &[Known<'_>],
    options: &Options,
) -> Option<Diagnostic> {
    let is_there = |file: &str| {
        assigned.iter().any(|assigned| match &assigned.target {
            Target::Known(at) => known[*at].file == file,
            Target::New(new, _) => new.file == file,
        })
    };
    let is_expected = |file: &&str| options.tables.is_empty() || options.tables.iter().any(|table| table == file);
    let allowing = |table: &TableFile| allowed::in_header(table, "table-not-on-page");
    let absent: Vec<&str> = own
        .iter()
        .filter(|(_, table)| !allowing(table))
        .map(|(file, _)| file.as_str())
        .filter(is_expected)
        .filter(|file| !is_there(file))
        .collect();
    if absent.is_empty() || assigned.is_empty() {
        return None;
    }
    Some(
        Diagnostic::warning(
            "table-not-on-page",
            format!("not on the page, and left as they are: {}", quoted_list(&absent, "and")),
        )
        .in_file(&options.edition)
        .help("if a heading was renamed, add it to `headings` of the table; delete the file of a table that is not wanted")
        .help("a table of another page says so with `allow = [\"table-not-on-page\"]`"),
    )
}

/// Pages of which nothing is taken are the wrong ones.
fn nothing_found(pages: &[Page], assigned: &[Assigned<'_>], imported: &Imported) -> Option<Diagnostic> {
    let with_tables = pages.iter().find(|page| !page.tables.is_empty())?;
    if !assigned.is_empty() {
        return None;
    }
    let headings: Vec<&str> =
        imported.passed_over.iter().filter(|table| table.rows > 0).take(8).map(|table| table.heading.as_str()).collect();
    Some(
        Diagnostic::error("nothing-to-import", format!("no table of the page is one of {}", quoted(&imported.edition)))
            .in_file(&with_tables.source.path)
            .help(format!("its tables are {}", quoted_list(&headings, "and")))
            .help("take one with `--table 'Heading=file'`, or add its heading to `headings` of a table"),
    )
}

/// A page with another title, and with other names for the numbers, is not the page of the tables.
fn wrong_page(assigned: &[Assigned<'_>], known: &[Known<'_>], options: &Options) -> Option<Diagnostic> {
    let (mut agree, mut differ, mut first) = (0, 0, None);
    for Assigned { page, observed, target } in assigned {
        let Target::Known(at) = target else { continue };
        let Some(header) = known[*at].table.header.as_ref().filter(|_| !known[*at].is_pattern) else { continue };
        let title = page.title.as_deref().map(normalized_name);
        if title == Some(normalized_name(&header.source.document)) {
            continue;
        }
        let live: Vec<_> = observed.rows.iter().filter(|row| row.facts.is_live() && !row.is_alias).collect();
        let pairing = pair::pair(&live, &known[*at].table.rows, pair::Likeness::Number);
        let equal =
            pairing.pairs.iter().filter(|(row, own)| pair::same_name(&live[*row].facts, &known[*at].table.rows[*own].facts));
        let equal = equal.count();
        let missing = pairing.missing.iter().filter(|own| known[*at].table.rows[**own].facts.is_live()).count();
        agree += equal;
        differ += pairing.pairs.len() - equal + pairing.new.len() + missing;
        first = first.or(Some((page, observed, header)));
    }
    let (page, observed, header) = first?;
    if differ * LARGEST_LOSS <= agree + differ || differ <= SMALLEST_LOSS || options.accepts_all_removals() {
        return None;
    }
    let title = page.title.as_deref().map_or("has no title".to_owned(), |title| format!("is {}", quoted(title)));
    Some(
        Diagnostic::error("wrong-page", format!("the page {title}, and {differ} of {} differ", counted(agree + differ, "row")))
            .at(&observed.span, format!("the tables were read from {}", quoted(&header.source.document)))
            .help("no file was changed; if it is the right page, add `--accept-removals`"),
    )
}

/// A page that is older than a table would bring back what was corrected.
fn older_page(assigned: &[Assigned<'_>], known: &[Known<'_>], options: &Options) -> Option<Diagnostic> {
    let date = options.date.filter(|_| !options.allow_older)?;
    assigned.iter().find_map(|assigned| {
        let Target::Known(at) = assigned.target else { return None };
        let header = known[at].table.header.as_ref().filter(|_| !known[at].is_pattern)?;
        date.is_before(header.source.date).then(|| {
            Diagnostic::error(
                "older-page",
                format!("the page is of {date}, and {} of {}", quoted(&known[at].file), header.source.date),
            )
            .at(&known[at].table.place.key("source.date"), "a newer page was read")
            .help("no file was changed; to go back all the same, add `--allow-older`")
        })
    })
}

/// The part of a table's rows that may leave at once: beyond a fifth, the page is more likely broken.
pub(super) const LARGEST_LOSS: usize = 5;

/// As many rows may leave a table of any size.
pub(super) const SMALLEST_LOSS: usize = 3;

/// A new table, or a table with its new text.
pub(super) fn source_of(path: &str, text: &str) -> Arc<SourceFile> {
    SourceFile::new(path, text)
}
