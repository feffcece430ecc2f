//! Which file each table of the pages goes to.
//!
//! A table is found by what was asked for, by `title` and `headings`, and then by equal numbers and names. Of several with
//! one heading the headings around it decide. Two tables that lead to one file are an error that names both, and no third one is
//! looked for; a table that the edition does not have is skipped.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::further::Addition;
use super::options::{Options, Wanted};
use super::pages::PageNames;
use super::pair::{Likeness, pair, same_name};
use super::target::{Assigned, Assignment, Known, PassedOver, Reason, Target};
use super::task::Edition;
use crate::import::allowed;
use crate::import::headings::{NewTable, kind_of};
use crate::model::{Key, Kind};
use crate::read::{Page, PageRow, PageTable};
use crate::text::{Diagnostic, did_you_mean, normalized_name, quoted, quoted_list, toml_string};

/// Finds the file of each table of the pages.
pub(super) fn assign<'a>(pages: &'a [Page], edition: &Edition<'_>, additions: &[Vec<Addition>]) -> Assignment<'a> {
    let Edition { known, names, options, .. } = *edition;
    let tables: Vec<(&Page, &PageTable)> =
        pages.iter().flat_map(|page| page.tables.iter().map(move |table| (page, table))).collect();
    let mut work = Assigner {
        tables,
        known,
        names,
        options,
        targets: BTreeMap::new(),
        further: BTreeMap::new(),
        refused: BTreeSet::new(),
        ambiguous: BTreeSet::new(),
        diagnostics: Vec::new(),
    };
    work.by_addition(pages, additions);
    work.by_request();
    work.by_name();
    work.by_likeness();
    work.new_tables();
    work.finish(pages)
}

struct Assigner<'a, 'k> {
    tables: Vec<(&'a Page, &'a PageTable)>,
    known: &'k [Known<'k>],
    names: &'k PageNames,
    options: &'k Options,
    targets: BTreeMap<usize, Target>,
    /// Of tables that add rows to a table of another page, the name of their page.
    further: BTreeMap<usize, String>,
    /// Tables with an error: they are not passed over.
    refused: BTreeSet<usize>,
    /// The known tables to which several lead: none of them is read, and no other is looked for.
    ambiguous: BTreeSet<usize>,
    diagnostics: Vec<Diagnostic>,
}

impl<'a> Assigner<'a, '_> {
    fn is_free(&self, table: usize) -> bool {
        !self.targets.contains_key(&table) && !self.refused.contains(&table)
    }

    fn is_taken(&self, known: usize) -> bool {
        self.ambiguous.contains(&known) || self.targets.values().any(|target| matches!(target, Target::Known(at) if *at == known))
    }

    /// The tables of further pages, which add rows to a table.
    fn by_addition(&mut self, pages: &[Page], additions: &[Vec<Addition>]) {
        let mut first = 0;
        for (page, additions) in pages.iter().zip(additions) {
            for Addition { page, table, known } in additions {
                self.targets.insert(first + table, Target::Known(*known));
                self.further.insert(first + table, page.clone());
            }
            first += page.tables.len();
        }
    }

    /// The tables that were asked for.
    fn by_request(&mut self) {
        for wanted in &self.options.take {
            let Wanted { heading, file, kind, .. } = wanted;
            let Some(found) = self.under(heading, file, |table| self.is_free(table)) else {
                let all: Vec<&str> = self.tables.iter().map(|(_, table)| table.heading.as_str()).collect();
                let near = did_you_mean(heading, all.iter().copied());
                self.diagnostics.push(
                    Diagnostic::error("no-such-heading", format!("no table of the pages is under {}", quoted(heading)))
                        .help_if(near)
                        .help("write `--table 'Heading=file'` with a heading of the page"),
                );
                continue;
            };
            if let Some(first) = self.taken_as(file) {
                self.same_file(first, found, file);
                continue;
            }
            let known = self.known.iter().position(|known| known.file == *file);
            let target = known.map_or_else(|| self.requested(found, file, *kind), Target::Known);
            self.targets.insert(found, target);
        }
    }

    /// The table that goes to a file already.
    fn taken_as(&self, file: &str) -> Option<usize> {
        self.targets.iter().find(|(_, target)| target.file(self.known) == file).map(|(table, _)| *table)
    }

    /// The table under a heading: the one that the headings around it give to the file, or else the first.
    fn under(&self, heading: &str, file: &str, is_free: impl Fn(usize) -> bool) -> Option<usize> {
        let heading = normalized_name(heading);
        let is_under = |table: &usize| is_free(*table) && normalized_name(&self.tables[*table].1.heading) == heading;
        let mut tables = (0..self.tables.len()).filter(is_under);
        let first = tables.clone().next();
        tables.find(|table| self.leads_to(*table, file)).or(first)
    }

    /// How to ask for one of these tables by the heading of the first, if that leads to one of them.
    fn request(&self, tables: &[usize], file: &str) -> Option<String> {
        let heading = &self.tables[tables[0]].1.heading;
        let found = self.under(heading, file, |_| true)?;
        tables.contains(&found).then(|| {
            let argument = format!("{heading}={file}");
            format!("`--table {}`", shlex::try_quote(&argument).unwrap_or_default())
        })
    }

    fn requested(&self, table: usize, file: &str, kind: Option<Kind>) -> Target {
        let table = self.tables[table].1;
        Target::New(
            NewTable::of_file(file, &table.heading),
            kind_of_request(kind, table, file).unwrap_or_else(|| kind_by_columns(table)),
        )
    }

    /// The tables whose heading is a title, or one of the `headings`.
    fn by_name(&mut self) {
        let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, (_, table)) in self.tables.iter().enumerate() {
            by_name.entry(normalized_name(&table.heading)).or_default().push(at);
        }
        for at in 0..self.known.len() {
            let names = self.known[at].names();
            let candidates: BTreeSet<usize> =
                names.iter().flat_map(|name| by_name.get(name).into_iter().flatten()).copied().collect();
            let candidates = candidates.into_iter().filter(|table| self.is_free(*table) && !self.is_of_other_page(*table, at));
            let candidates: Vec<usize> = candidates.collect();
            let candidates = self.by_file_name(at, candidates);
            if !self.is_wanted(at) {
                continue;
            }
            match self.best(at, &candidates) {
                Ok(None) => {}
                Ok(Some(best)) => {
                    self.targets.insert(best, Target::Known(at));
                }
                Err(rivals) => self.rivals(&rivals, at),
            }
        }
    }

    /// Whether a table of a page is not meant, as it is read from another page, and one of this page has its name.
    fn is_of_other_page(&self, table: usize, known: usize) -> bool {
        let (page, observed) = self.tables[table];
        let (page, heading) = (self.names.name(page), normalized_name(&observed.heading));
        let is_here = |known: &Known<'_>| !known.is_pattern && known.page.as_deref() == Some(page);
        let known = &self.known[known];
        known.page.is_some()
            && !is_here(known)
            && self.known.iter().any(|other| is_here(other) && other.names().contains(&heading))
    }

    /// Of tables with one generic heading, those whose headings around it lead to the file. One that leads to another file is
    /// meant there.
    fn by_file_name(&self, known: usize, candidates: Vec<usize>) -> Vec<usize> {
        let own = &self.known[known];
        let heading = |table: usize| normalized_name(&self.tables[table].1.heading);
        let is_rival = |other: &Known<'_>, table: usize| {
            other.is_pattern == own.is_pattern && self.leads_to(table, &other.file) && other.names().contains(&heading(table))
        };
        let here: Vec<usize> = candidates.iter().copied().filter(|table| self.leads_to(*table, &own.file)).collect();
        let is_meant = |table: &usize| {
            let has_rival = || self.known.iter().any(|other| is_rival(other, *table));
            let is_replaced = || here.iter().any(|here| heading(*here) == heading(*table));
            here.contains(table) || !is_replaced() && !has_rival()
        };
        candidates.into_iter().filter(is_meant).collect()
    }

    /// Whether the headings of a table name the file.
    fn leads_to(&self, table: usize, file: &str) -> bool {
        let table = self.tables[table].1;
        NewTable::new(&table.heading, &table.outer).file == file
    }

    /// Whether a table of the pages is still looked for. A pattern is not, where the edition itself has its file.
    fn is_wanted(&self, known: usize) -> bool {
        let own = &self.known[known];
        let is_replaced = own.is_pattern && self.known.iter().any(|other| !other.is_pattern && other.file == own.file);
        !is_replaced && !self.is_taken(known)
    }

    /// Of several tables with one name, the one that has the rows; two that cannot be told apart are an error.
    fn best(&self, known: usize, candidates: &[usize]) -> Result<Option<usize>, Vec<usize>> {
        if candidates.len() < 2 {
            return Ok(self.meant_elsewhere(known, candidates.first().copied()));
        }
        let like: Vec<usize> = candidates.iter().copied().filter(|table| self.is_like(*table, known)).collect();
        match like.as_slice() {
            [only] => Ok(Some(*only)),
            _ => Err(candidates.to_vec()),
        }
    }

    /// A table under a heading that several files mean goes to the one that has its rows.
    fn meant_elsewhere(&self, known: usize, candidate: Option<usize>) -> Option<usize> {
        let candidate = candidate?;
        let name = normalized_name(&self.tables[candidate].1.heading);
        let is_rival = |(at, other): (usize, &Known<'_>)| {
            at != known && !self.is_taken(at) && other.is_pattern == self.known[known].is_pattern && other.names().contains(&name)
        };
        let has_rival = self.known.iter().enumerate().any(is_rival);
        (!has_rival || self.leads_to(candidate, &self.known[known].file) || self.is_like(candidate, known)).then_some(candidate)
    }

    /// Several tables lead to one file, and none of them is read.
    fn rivals(&mut self, rivals: &[usize], known: usize) {
        let file = &self.known[known].file;
        let tables: Vec<&PageTable> = rivals.iter().map(|at| self.tables[*at].1).collect();
        let first = tables[0];
        let heading = normalized_name(&first.heading);
        let have_one_heading = tables.iter().all(|table| normalized_name(&table.heading) == heading);
        let how = if have_one_heading { "to read the first" } else { "name the one that is meant, such as" };
        let other = if have_one_heading {
            "remove those that are not meant from a copy of the page"
        } else if self.known[known].names().contains(&heading) {
            "or remove others from `headings` of the table"
        } else {
            "or add its heading to `headings` of the table"
        };
        let request = self.request(rivals, file).map(|request| format!("none is read; {how}: {request}"));
        let error = two_tables(&tables, file).at(&first.span, "this one");
        let error = tables[1..].iter().take(MOST_SHOWN).fold(error, |error, table| error.at(&table.span, "and this one"));
        self.diagnostics.push(error.help_if(request).help(other));
        self.refused.extend(rivals);
        self.ambiguous.insert(known);
    }

    /// The tables that have the numbers and names of a table without a name of it: the heading was changed.
    fn by_likeness(&mut self) {
        let wanted: Vec<usize> = (0..self.known.len()).filter(|known| self.is_wanted(*known)).collect();
        let mut like: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for table in (0..self.tables.len()).filter(|table| self.is_free(*table)) {
            let known: Vec<usize> = wanted.iter().copied().filter(|known| self.is_like(table, *known)).collect();
            if let [known] = known.as_slice() {
                like.entry(*known).or_default().push(table);
            }
        }
        for (known, tables) in like {
            match tables.as_slice() {
                [table] => self.renamed(*table, known),
                rivals => self.rivals(rivals, known),
            }
        }
    }

    fn renamed(&mut self, table: usize, known: usize) {
        self.targets.insert(table, Target::Known(known));
        let (heading, file) = (&self.tables[table].1.heading, &self.known[known].file);
        self.diagnostics.push(
            Diagnostic::warning("renamed-heading", format!("the table {} is now under {}", quoted(file), quoted(heading)))
                .at(&self.tables[table].1.span, "found by its numbers and names")
                .help(format!("if it is the same table, add the heading to it: `headings = [{}]`", toml_string(heading))),
        );
    }

    /// Whether at least half of the rows of both tables have equal numbers and names.
    fn is_like(&self, table: usize, known: usize) -> bool {
        let rows: Vec<&PageRow> = self.tables[table].1.rows.iter().filter(|row| !row.is_alias).collect();
        let own = &self.known[known].table.rows;
        let pairing = pair(&rows, own, Likeness::NameOrText);
        let equal = pairing.pairs.iter().filter(|(row, at)| same_name(&rows[*row].facts, &own[*at].facts)).count();
        let live = own.iter().filter(|row| row.facts.is_live()).count();
        equal >= 2 && equal * 2 >= rows.len() && equal * 2 >= live
    }

    /// Whether the edition has no table yet.
    fn is_new(&self) -> bool {
        self.known.iter().all(|known| known.is_pattern)
    }

    /// A new edition takes the tables whose own heading says that they list codes.
    fn new_tables(&mut self) {
        if !self.is_new() {
            return;
        }
        for at in 0..self.tables.len() {
            let table = self.tables[at].1;
            let Some(kind) = kind_of(&table.heading).filter(|_| self.is_free(at) && !table.rows.is_empty()) else { continue };
            let new = NewTable::new(&table.heading, &table.outer);
            if let Some(first) = self.taken_as(&new.file) {
                self.same_file(first, at, &new.file);
                continue;
            }
            self.targets.insert(at, Target::New(new, kind));
        }
    }

    fn same_file(&mut self, first: usize, second: usize, file: &str) {
        let (one, other) = (self.tables[first].1, self.tables[second].1);
        self.refused.insert(second);
        let request = self.request(&[second, first], "another-name");
        let help = match request {
            Some(request) => format!("give one of them a file of its own: {request}"),
            None => "give one of them a heading of its own in a copy of the page".to_owned(),
        };
        self.diagnostics.push(
            two_tables(&[one, other], file).at(&other.span, "this one is not read").at(&one.span, "this one is read").help(help),
        );
    }

    fn finish(mut self, pages: &[Page]) -> Assignment<'a> {
        let mut result = Assignment::default();
        let is_new = self.is_new();
        for (at, (page, observed)) in self.tables.iter().enumerate() {
            let mut findings = observed.findings.clone();
            match self.targets.remove(&at) {
                Some(target) => {
                    if let Target::Known(known) = target {
                        findings = allowed::not_allowed(findings, observed, self.known[known].table);
                    }
                    let further = self.further.remove(&at);
                    result.assigned.push(Assigned { page, observed, target, further });
                }
                None if self.refused.contains(&at) => {}
                None => {
                    let above = result.assigned.last().map(|above| above.observed);
                    let passed_over = PassedOver::of(observed, above);
                    // A new edition would take it, if a row of it could be read: it is left out, and says why.
                    let is_wanted = is_new && passed_over.is_unread && passed_over.reason == Reason::NotAskedFor;
                    result.passed_over.push(passed_over);
                    if !is_wanted {
                        continue;
                    }
                }
            }
            self.diagnostics.append(&mut findings);
        }
        let without = pages.iter().flat_map(|page| &page.without_codes);
        result.passed_over.extend(without.map(|heading| PassedOver {
            heading: heading.clone(),
            rows: 0,
            is_unread: true,
            reason: Reason::WithoutCodes,
            rest_of: None,
        }));
        result.diagnostics = self.diagnostics;
        result
    }
}

/// How many more tables than the first are shown, where many lead to one file.
const MOST_SHOWN: usize = 8;

fn two_tables(tables: &[&PageTable], file: &str) -> Diagnostic {
    let mut headings: Vec<&str> = Vec::new();
    for table in tables {
        if !headings.contains(&table.heading.as_str()) && headings.len() <= MOST_SHOWN {
            headings.push(&table.heading);
        }
    }
    let count = if tables.len() == 2 { "two".to_owned() } else { tables.len().to_string() };
    let headings = quoted_list(&headings, "and");
    Diagnostic::error("two-tables", format!("{count} tables of the page lead to {}: under {headings}", quoted(file)))
}

/// What a table lists that was asked for: as it was said, or as its heading, the name of the file, its columns or the headings
/// around it say.
fn kind_of_request(said: Option<Kind>, table: &PageTable, file: &str) -> Option<Kind> {
    let outer = || table.outer.iter().rev().find_map(|heading| kind_of(heading));
    said.or_else(|| kind_of(&table.heading)).or_else(|| kind_of(file)).or(table.kind).or_else(outer)
}

/// What a table lists that was asked for, where its heading does not say.
fn kind_by_columns(table: &PageTable) -> Kind {
    let kinds = |key: &Key| Some(key.about().kinds).filter(|kinds| kinds.len() == 1).map(|kinds| kinds[0]);
    let columns = table.columns.iter().filter(|key| **key != Key::Format);
    columns.filter_map(kinds).max().unwrap_or(Kind::ErrorCodes)
}
