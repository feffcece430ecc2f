//! From documentation pages to the tables.
//!
//! 1. [`read_page`] reads what a page documents, whatever its dialect; every row is read, or named in a diagnostic.
//! 2. [`import`] finds the tables that are meant, compares the [`Facts`](crate::model::Facts), and returns new texts and a typed
//!    account of what changed. What the authors decided is never changed.
//! 3. [`report`] prints that account.
//!
//! All of it is pure: texts go in and come out, and the caller writes them.

mod additions;
mod allowed;
mod assign;
mod draft;
mod edition;
mod further;
mod guards;
mod headings;
mod ident;
mod merge;
mod options;
mod outcome;
mod pages;
mod pair;
mod pipes;
mod propose;
mod removals;
mod report;
mod review;
mod settle;
mod target;
mod task;
mod typedoc;
mod values;

use std::sync::Arc;

pub use edition::import;
pub use options::{Options, Wanted};
pub use outcome::Imported;
pub use report::ImportJson;

use crate::read::Page;
use crate::text::{Diagnostic, SourceFile};

/// How a page is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Dialect {
    /// Tables drawn with pipes or tabs: Markdown, MDX, or a scrape of these to text.
    Tables,
    /// The members of enums, as TypeDoc prints them.
    TypeDoc,
}

/// Reads a page. Its dialect is found by looking.
#[must_use]
pub fn read_page(source: &Arc<SourceFile>) -> (Page, Vec<Diagnostic>) {
    read_page_for(source, &[])
}

/// Reads a page of which some tables are wanted: their columns may be named.
#[must_use]
pub fn read_page_for(source: &Arc<SourceFile>, wanted: &[Wanted]) -> (Page, Vec<Diagnostic>) {
    match find_dialect(&source.text) {
        Dialect::Tables => settled(pipes::read(source, wanted)),
        Dialect::TypeDoc => {
            let (mut page, mut found) = typedoc::read(source);
            if source.text.lines().any(pipes::is_separator) {
                let (mut tables, mut more) = pipes::read(source, wanted);
                page.tables.append(&mut tables.tables);
                page.without_codes.append(&mut tables.without_codes);
                page.not_read.append(&mut tables.not_read);
                found.append(&mut more);
            }
            settled((page, found))
        }
    }
}

/// Finishes a page; one without any table gets an error that says so.
fn settled((mut page, mut found): (Page, Vec<Diagnostic>)) -> (Page, Vec<Diagnostic>) {
    settle::settle(&mut page);
    if page.tables.is_empty() && found.is_empty() {
        found.append(&mut page.in_code);
        found.push(
            Diagnostic::error("no-table", "the page has no table of codes")
                .in_file(&page.source.path)
                .help("a table has a header row with a column `Code`, `Value` or `Opcode`; an enum page lists its members")
                .help(what_it_is(&page.source.text)),
        );
    }
    (page, found)
}

/// What a file without tables is, and how its codes can be read all the same.
fn what_it_is(text: &str) -> &'static str {
    let text = text.trim_start_matches('\u{FEFF}').trim_start();
    let begins =
        |marks: &[&str]| marks.iter().any(|mark| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark)));
    let is_code = |line: &str| {
        let starts = [
            "#include",
            "#ifndef",
            "#define",
            "package ",
            "func ",
            "pub enum ",
            "export enum ",
            "public class ",
            "class ",
            "enum ",
        ];
        starts.iter().any(|start| line.starts_with(start))
    };
    if begins(&["<!doctype html", "<html"]) {
        "it is HTML: save the page as Markdown, or convert it: `pandoc -f html -t gfm page.html -o page.md`"
    } else if begins(&["<?xml"]) {
        "it is XML: write its codes as a table of Markdown, and import that"
    } else if !text.contains("```") && text.lines().any(is_code) {
        "it is source code: `cargo xtask audit` compares source code with the tables; import reads the page that documents it"
    } else {
        "only Markdown, MDX and TypeDoc pages are read: take the `.md` or `.mdx` of the page, or convert it with pandoc"
    }
}

/// Members with numbers under the heading of an enum make a page one of TypeDoc; bold text in quotes does not.
fn find_dialect(text: &str) -> Dialect {
    let is_enum_heading = |line: &str| {
        let heading = line.trim_start_matches(['#', '\u{FEFF}', ' ']).to_ascii_lowercase();
        line.trim_start_matches('\u{FEFF}').starts_with('#')
            && ["enumeration", "enum:", "variable:", "type declaration"].iter().any(|word| heading.starts_with(word))
    };
    let has_rows = text.lines().any(pipes::is_separator);
    let has_members = text.lines().any(typedoc::is_numbered_member);
    let is_typedoc = text.lines().any(is_enum_heading) && (has_members || !has_rows) || has_members && !has_rows;
    if is_typedoc { Dialect::TypeDoc } else { Dialect::Tables }
}
