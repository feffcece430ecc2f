//! A client's own source against the tables: which codes its enums miss, have wrong, or name otherwise.
//!
//! Takes [`Sources`] in any language and a registry, and returns an [`Audit`]. Tokens become rows of a name and a number, rows
//! become groups, and a group is of the table whose numbers *and* names it has; a group that fits none is not judged.

mod codes;
mod counting;
mod findings;
mod fit;
mod lexer;
mod names;
mod paste;
mod report;
mod rows;
mod sources;
mod tree;

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::sync::Arc;

use codes::Codes;
use findings::{Difference, differences};
use fit::{Fit, fits, tables};
use lexer::Language;
use rows::{Group, Row};
use tree::Tree;

pub use report::AuditJson;
pub use sources::Sources;

use crate::model::{Edition, Registry};
use crate::text::{Diagnostic, SourceFile, Span, did_you_mean, quoted};

/// What was found in the sources.
#[derive(Debug)]
pub struct Audit {
    /// How many files were read.
    files: usize,
    enums: Vec<Enum>,
    /// Groups that are of no table: their places, names and sizes.
    others: Vec<(Span, String, usize)>,
}

/// A group that is of a table.
#[derive(Debug)]
struct Enum {
    /// Its name, or what its members start with.
    name: String,
    place: Span,
    /// The path of the table, its title and its edition.
    table: String,
    title: String,
    /// How many of the documented codes it has, and how many there are.
    has: usize,
    of: usize,
    /// The part of its rows that has both number and name of the table.
    sure: f32,
    findings: Vec<Finding>,
}

/// What is to be said of one code.
#[derive(Debug)]
struct Finding {
    kind: FindingKind,
    number: u32,
    /// The name in the source, or the documented one where it is missing.
    name: String,
    /// What else is to be said.
    says: String,
    /// The line to paste, of a missing code.
    paste: Option<String>,
    place: Span,
}

/// The kinds of findings, from those that matter least to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// The code has another name than in the document.
    Renamed,
    /// The table has no such number.
    Unknown,
    /// The document lists a code that the source does not have.
    Missing,
    /// The source says to connect again, or not to, and the document says otherwise.
    Answer,
    /// The name belongs to another number.
    Wrong,
}

/// Compares sources with the tables of all systems, or of one system or edition.
///
/// # Errors
///
/// If there is no such edition.
pub fn audit(registry: &Registry, sources: &Sources, edition: Option<&str>) -> Result<Audit, Diagnostic> {
    let tables = tables(registry, edition);
    if let Some(name) = edition.filter(|_| tables.is_empty()) {
        let editions: Vec<String> = registry.editions().map(Edition::path).collect();
        return Err(Diagnostic::error("no-such-edition", format!("no edition is called {}", quoted(name)))
            .help_if(did_you_mean(name, editions.iter().map(String::as_str)))
            .help(format!("the editions are {}", editions.join(", "))));
    }
    let mut audit = Audit { files: sources.files.len(), enums: Vec::new(), others: Vec::new() };
    sources.files.iter().for_each(|(file, language)| audit.add(file, *language, &tables));
    Ok(audit)
}

impl Audit {
    /// Whether a table was recognized at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.enums.is_empty()
    }

    /// The worst finding.
    #[must_use]
    pub fn worst(&self) -> Option<FindingKind> {
        self.enums.iter().flat_map(|one| &one.findings).map(|finding| finding.kind).max()
    }

    fn add(&mut self, file: &Arc<SourceFile>, language: Language, tables: &[Codes<'_>]) {
        let tree = Tree::new(lexer::tokens(&file.text, language), language);
        let groups = rows::groups(&tree);
        let fitting: Vec<Vec<Fit<'_, '_>>> = groups.iter().map(|group| fits(group, tables)).collect();
        for (group, fits) in groups.iter().zip(&fitting) {
            if fits.is_empty() && group.rows.len() > 3 {
                let place = Span::new(file, tree.tokens[group.rows[0].name_at].range.clone());
                self.others.push((place, name(group), group.rows.len()));
            }
            for fit in fits {
                // Where a file has a table twice, as in an enum and a `match`, the one that has more of it counts.
                let is_same = |other: &Fit<'_, '_>| std::ptr::eq(other.codes, fit.codes);
                let rivals = groups.iter().zip(&fitting).filter(|(_, fits)| fits.iter().any(is_same));
                let rank = |group: &Group<'_>| (!group.is_look_up, has(group, fit.codes), Reverse(group.rows[0].name_at));
                if rivals.map(|(other, _)| rank(other)).max() == Some(rank(group)) {
                    let elsewhere = elsewhere(group, &groups, fit.codes);
                    let view = View { file, tree: &tree, group, fit: *fit };
                    self.enums.push(view.judged(&differences(group, *fit, fits, tables, &elsewhere)));
                }
            }
        }
    }
}

/// How many documented codes a group has by number.
fn has(group: &Group<'_>, codes: &Codes<'_>) -> usize {
    let numbers: BTreeSet<u32> = group.rows.iter().map(|row| row.number).collect();
    codes.codes.iter().filter(|(number, code)| code.is_expected() && numbers.contains(number)).count()
}

/// The codes that another group of the file has by number and name, as where a table is in two enums.
fn elsewhere(group: &Group<'_>, groups: &[Group<'_>], codes: &Codes<'_>) -> BTreeSet<u32> {
    let others = groups.iter().filter(|other| !std::ptr::eq(*other, group) && !other.is_look_up);
    let rows = others.flat_map(|other| &other.rows).filter(|row| codes.has(row));
    rows.map(|row| row.number).collect()
}

/// The name of a group: its own, or what its members start with.
fn name(group: &Group<'_>) -> String {
    let common = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(a, b)| a == b).count();
    let first = group.rows[0].name;
    let start = group.rows.iter().map(|row| common(first, row.name)).min().unwrap_or_default();
    let start = &first[..first.floor_char_boundary(start)];
    group.label.map_or_else(|| if start.trim_matches('_').len() > 1 { format!("{start}…") } else { String::new() }, str::to_owned)
}

/// A group with all that is needed to judge it.
struct View<'v, 's, 'c, 'a> {
    file: &'v Arc<SourceFile>,
    tree: &'v Tree<'s>,
    group: &'v Group<'s>,
    fit: Fit<'c, 'a>,
}

impl View<'_, '_, '_, '_> {
    fn judged(&self, differences: &[Difference<'_, '_>]) -> Enum {
        let Fit { codes, purity, .. } = self.fit;
        let missing = differences.iter().filter(|one| matches!(one, Difference::Missing(_))).count();
        Enum {
            name: name(self.group),
            place: self.place(&self.group.rows[0]),
            table: codes.table.path.to_string(),
            title: codes.table.title.to_string(),
            has: codes.expected() - missing,
            of: codes.expected(),
            sure: purity,
            findings: differences.iter().map(|one| self.finding(one)).collect(),
        }
    }

    fn place(&self, row: &Row<'_>) -> Span {
        Span::new(self.file, self.tree.tokens[row.name_at].range.clone())
    }

    fn finding(&self, difference: &Difference<'_, '_>) -> Finding {
        let codes = self.fit.codes;
        let documented =
            |number: u32| codes.codes.get(&number).map(|code| code.row.facts.name.replace('`', "")).unwrap_or_default();
        let of = |kind: FindingKind, row: &Row<'_>, says: String| Finding {
            kind,
            number: row.number,
            name: row.name.to_owned(),
            says,
            paste: None,
            place: self.place(row),
        };
        match difference {
            Difference::Missing(number) => {
                let action = codes.codes.get(number).and_then(|code| code.row.policy()).map(|policy| policy.action.words());
                Finding {
                    kind: FindingKind::Missing,
                    number: *number,
                    name: documented(*number),
                    says: action.unwrap_or_default().to_owned(),
                    paste: Some(paste::line(self.tree, &self.file.text, &self.group.rows, codes, *number)),
                    place: self.neighbour(*number),
                }
            }
            Difference::Wrong(row, right) => {
                let own = Some(documented(row.number)).filter(|name| !name.is_empty());
                let own = own.map(|name| format!("; {} is {name}", row.number)).unwrap_or_default();
                of(FindingKind::Wrong, row, format!("documented: {right}{own}"))
            }
            Difference::Answer(row, says) => {
                let words = |yes: &bool| if *yes { "reconnects" } else { "does not reconnect" };
                of(FindingKind::Answer, row, format!("{}, documented: {}", words(says), if *says { "no" } else { "yes" }))
            }
            Difference::Unknown(row, Some(table)) => of(FindingKind::Unknown, row, format!("{table} lists it")),
            Difference::Unknown(row, None) => of(FindingKind::Unknown, row, "no table lists it".to_owned()),
            Difference::Renamed(row) => of(FindingKind::Renamed, row, format!("documented: {}", documented(row.number))),
        }
    }

    /// Where a missing code would be: at the row with the next lower number of the table.
    fn neighbour(&self, number: u32) -> Span {
        let is_of_table = |row: &&Row<'_>| self.fit.codes.likeness(row) > 0.0;
        let rows = self.group.rows.iter().filter(is_of_table);
        let below = rows.clone().filter(|row| row.number < number).max_by_key(|row| row.number);
        self.place(below.or_else(|| rows.min_by_key(|row| row.number)).unwrap_or(&self.group.rows[0]))
    }
}
