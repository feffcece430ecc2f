//! One table of a page, merged into one file.

use std::collections::BTreeSet;

use super::additions::idents;
use super::allowed;
use super::ident::propose;
use super::options::{LARGEST_LOSS, SMALLEST_LOSS};
use super::outcome::{PageCode, Review, TableReport, WrittenTable};
use super::pages;
use super::pair::{Likeness, Pairing, pair, same_name};
use super::removals::Loss;
use super::task::{Base, Task, has_sentence};
use super::values::differing;
use crate::diff::Sighting;
use crate::model::{Facts, Fingerprint, Key, Kind, Number, Status};
use crate::read::PageRow;
use crate::read::{Editor, Header, RawRow, TableFile, read_table};
use crate::text::{Diagnostic, SourceFile, any_error, counted, key_word, list, plain_name, quoted, share_a_word, toml_string};

/// What became of one table.
#[derive(Default)]
pub(super) struct Merged<'a> {
    /// What the page says.
    pub report: TableReport,
    /// The table as it was on the disk, if it was there.
    pub before: Option<&'a TableFile>,
    /// The table of another edition that it is made like, with the rows that this page has.
    pub origin: Option<TableFile>,
    /// The table with its new text, if it has one.
    pub written: Option<(WrittenTable, TableFile)>,
    /// What the page shows of each row: what the table takes of it, and where it is.
    pub shown: Vec<(Facts, Sighting)>,
    /// Whether more changed than when the document was read.
    pub is_edited: bool,
    /// What the clients do after each new close code, in words.
    pub clients: Vec<(Number, String)>,
    /// What is to review, as far as only the page says it.
    pub review: Vec<Review>,
    /// What was not read, and what is odd.
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> Task<'a> {
    /// Merges the table, and says what became of it.
    pub(super) fn merge(&self) -> Merged<'a> {
        let rows = self.rows();
        let mut merged = Merged {
            report: self.report(),
            before: self.edition.own_table(self.assigned).map(|known| known.table),
            ..Merged::default()
        };
        let Some(mut base) = self.base(&rows) else { return merged };
        merged.report.table.clone_from(&base.file);
        if base.before.is_none() && rows.is_empty() {
            // Nothing is written of a new table without a row that could be read; each row has its finding.
            return merged;
        }
        merged.origin = base.before.is_none().then(|| base.table.clone().into_owned());
        base.lost = self.lost(&base);
        merged.diagnostics.extend(self.lost_columns(&base));
        let (rows, refused) = fitting(rows, &base.header);
        let unread = self.assigned.observed.unread + refused.len();
        merged.diagnostics.extend(refused);
        let mut pairing = pair(&rows, &base.table.rows, Likeness::Number);
        let Loss { marked, deleted, found } = match self.loss(&base, &rows, &pairing, unread) {
            Ok(loss) => loss,
            Err(error) => {
                merged.report.is_refused = true;
                merged.diagnostics.push(error);
                return merged;
            }
        };
        merged.diagnostics.extend(found);
        (merged.is_edited, base.marked) = (!marked.is_empty() || !deleted.is_empty(), marked);
        if !deleted.is_empty() {
            merged.diagnostics.extend(base.delete(&deleted));
            pairing = pair(&rows, &base.table.rows, Likeness::Number);
        }
        merged.shown = rows.iter().map(|row| (row.facts.clone(), sighting(row))).collect();
        let text = self.edited(&rows, &base, &pairing, &mut merged);
        let fault;
        (merged.written, fault) = written(base, text);
        merged.diagnostics.extend(fault);
        merged
    }

    /// What happens to the rows that left the page, where the page is not in doubt as a whole.
    fn loss(&self, base: &Base<'_>, rows: &[&PageRow], pairing: &Pairing, unread: usize) -> Result<Loss, Diagnostic> {
        let loss = self.missing(base, pairing, unread)?;
        self.same_names(base, rows, pairing)?;
        Ok(loss)
    }

    /// An error for a table in which too many numbers have names that are not like theirs: rows were shifted, or a column of
    /// names has sentences now.
    fn same_names(&self, base: &Base<'_>, rows: &[&PageRow], pairing: &Pairing) -> Result<(), Diagnostic> {
        if base.before.is_none() || self.edition.options.accepts_removals(&base.file) {
            return Ok(());
        }
        let pairs = pairing.pairs.iter().map(|(row, own)| (rows[*row], &base.table.rows[*own].facts));
        let live: Vec<_> = pairs.filter(|(row, own)| row.facts.is_live() && own.is_live()).collect();
        let is_other = |row: &PageRow, own: &Facts| !same_name(&row.facts, own) && !share_a_word(&row.facts.name, &own.name);
        // The name is what was the sentence: the columns have changed places.
        let is_sentence = |row: &PageRow, own: &Facts| {
            let text = Fingerprint::new(&plain_name(&row.facts.name));
            !same_name(&row.facts, own) && own.text.as_ref() == Some(&text)
        };
        let sentences = live.iter().filter(|(row, own)| is_sentence(row, own)).count();
        let other: Vec<_> = live.iter().filter(|(row, own)| is_other(row, own) || is_sentence(row, own)).collect();
        let is_many = |count: usize| count * LARGEST_LOSS > live.len();
        let is_too_many = other.len() > SMALLEST_LOSS && is_many(other.len()) || sentences > 1 && is_many(sentences);
        let Some((first, before)) = other.first().filter(|_| is_too_many) else { return Ok(()) };
        let message = format!("{} of {} of {} have other names", other.len(), counted(live.len(), "number"), quoted(&base.file));
        Err(Diagnostic::error("other-names", message)
            .at(&first.span, format!("{} was {}", first.facts.number, quoted(&before.name)))
            .help("this table was not changed: rows may have been shifted, or a column renamed")
            .help(format!("if the page is right, add `--accept-removals={}`", base.file)))
    }

    /// The new text.
    fn edited(&self, rows: &[&PageRow], base: &Base<'_>, pairing: &Pairing, merged: &mut Merged<'_>) -> String {
        let mut editor = Editor::new(&base.table.source.text);
        for position in &base.marked {
            editor.set_in_row(*position, &[("status", Some(toml_string(&key_word(Status::Removed))))]);
        }
        for (row, own) in &pairing.pairs {
            merged.is_edited |= update(rows[*row], &base.table.rows[*own], base, &mut editor, &mut merged.review);
        }
        self.check_aliases(base, &mut merged.review);
        let new: Vec<&PageRow> = pairing.new.iter().map(|at| rows[*at]).collect();
        merged.is_edited |= !new.is_empty();
        merged.clients = self.add(&new, base, &mut editor);
        self.stamp(base, merged.is_edited, &mut editor);
        editor.finish()
    }

    /// The rows of the page that are codes, not other names of codes.
    fn rows(&self) -> Vec<&PageRow> {
        let further = self.assigned.further.as_deref();
        // What stands on another page as well belongs to that page.
        let is_of_other = |observed: &PageRow| {
            let own = self.edition.own_table(self.assigned).into_iter().flat_map(|known| &known.table.rows);
            let mut same = own.filter(|row| row.facts.number == observed.facts.number);
            further.is_some() && same.any(|row| row.facts.is_live() && row.facts.source.as_deref() != further)
        };
        self.assigned.observed.rows.iter().filter(|row| !row.is_alias && !is_of_other(row)).collect()
    }

    fn report(&self) -> TableReport {
        let observed = self.assigned.observed;
        let names = |row: &PageRow| observed.aliases(row.facts.number).map(|alias| alias.facts.name.to_string()).collect();
        let code = |row: &PageRow| PageCode { facts: row.facts.clone(), aliases: names(row), line: row.span.line() };
        let codes = self.rows().into_iter().map(code).collect();
        TableReport { table: String::new(), heading: observed.heading.clone(), is_refused: false, codes }
    }

    /// The columns that the page does not have, and of which live rows of the table have facts.
    fn lost(&self, base: &Base<'_>) -> BTreeSet<Key> {
        let observed = self.assigned.observed;
        let rows = || base.table.rows.iter().filter(|row| row.facts.is_live() && base.is_listed(&row.facts));
        // Without a row that could be read nothing is known of the columns.
        let columns = Key::ALL.iter().copied().filter(|key| key.column() == Some(*key) && !observed.rows.is_empty());
        let mut lost: BTreeSet<Key> = columns.filter(|column| !observed.columns.contains(column)).collect();
        // One column for name and sentence, where the table was read from a page with two.
        if !observed.rows.is_empty()
            && observed.rows.iter().all(PageRow::is_one_text)
            && rows().any(|row| has_sentence(&row.facts))
        {
            lost.insert(Key::Text);
        }
        lost.retain(|column| rows().any(|row| column.get(&row.facts).is_some()));
        lost
    }

    /// One warning for all columns that a page lost.
    fn lost_columns(&self, base: &Base<'_>) -> Vec<Diagnostic> {
        // Pages differ in whether they have a column for the status, and its facts may be written by hand.
        let noun = |column: &Key| {
            let is_one_for_both = *column == Key::Text && self.assigned.observed.columns.contains(column);
            if is_one_for_both { "name or sentence" } else { column.noun() }.to_owned()
        };
        let nouns: Vec<String> = base.lost.iter().filter(|column| **column != Key::Http).map(noun).collect();
        let lost = (!nouns.is_empty() && base.before.is_some()).then(|| {
            Diagnostic::warning(
                "lost-column",
                format!(
                    "the table {} has no column any more for: {}",
                    quoted(&self.assigned.observed.heading),
                    list(&nouns, "and")
                ),
            )
            .at(&self.assigned.observed.span, "this table")
            .help("these facts stay as they are in the table; a column may have been renamed")
        });
        allowed::not_allowed(lost.into_iter().collect(), self.assigned.observed, &base.table)
    }

    /// Names of numbers that have another name already: they are to review, as aliases are the authors'.
    fn check_aliases(&self, base: &Base<'_>, review: &mut Vec<Review>) {
        for alias in self.assigned.observed.rows.iter().filter(|row| row.is_alias) {
            let ident = propose(&alias.facts.name, alias.facts.number.first());
            let Some(row) = base.table.rows.iter().find(|row| row.facts.number == alias.facts.number) else { continue };
            if !idents(row).any(|known| known == ident.to_lowercase()) {
                let name = quoted(&alias.facts.name);
                let message = format!("has another name, {name}; to offer it, add `{ident}` to `aliases`");
                review.push(to_review("new-alias", base, alias, message));
            }
        }
    }

    /// Writes when, and at which revision, a page of its own was read.
    fn stamp(&self, base: &Base<'_>, changed: bool, editor: &mut Editor<'_>) {
        if let Some(source) = pages::own(&base.header.source).filter(|_| base.before.is_some()) {
            editor.set_in_table(
                "source",
                &pages::stamp(source, self.assigned.page.title.as_deref(), changed, self.edition.options),
            );
        }
    }
}

/// Brings the facts of a row up to date. Whether any differs.
fn update(observed: &PageRow, row: &RawRow, base: &Base<'_>, editor: &mut Editor<'_>, review: &mut Vec<Review>) -> bool {
    let new = base.facts(observed, Some(&row.facts));
    if !row.ours.documented {
        let message = "the page lists it now; remove `documented = false`".to_owned();
        review.push(to_review("listed-now", base, observed, message));
    }
    let changed = differing(&row.facts, &new);
    editor.set_in_row(row.position, &changed);
    !changed.is_empty()
}

fn sighting(row: &PageRow) -> Sighting {
    Sighting { sentence: row.sentence.clone(), span: Some(row.span.clone()) }
}

/// What is to review of a row of the page.
fn to_review(rule: &'static str, base: &Base<'_>, observed: &PageRow, message: String) -> Review {
    let (number, span) = (observed.facts.number, observed.span.clone());
    Review { rule, table: base.file.clone(), number, message, span }
}

/// The rows that the type and the kind of a table can hold; an error for each other one.
fn fitting<'a>(rows: Vec<&'a PageRow>, header: &Header) -> (Vec<&'a PageRow>, Vec<Diagnostic>) {
    let mut errors = Vec::new();
    let mut fits = |row: &&PageRow| {
        let number = row.facts.number;
        let (rule, message, help) = if matches!(number, Number::Range(_)) && header.kind == Kind::Opcodes {
            let help = "give each opcode a row of its own, or correct the `kind` of the table";
            ("range-of-opcodes", format!("{number} is a range, and an opcode has one number"), help)
        } else if number.last() > header.repr.max() {
            let help = "write a wider `repr` for the table; close codes have 16 bits";
            ("out-of-range", format!("{number} does not fit into `{}`", key_word(header.repr)), help)
        } else {
            return true;
        };
        errors.push(Diagnostic::error(rule, message).at(&row.span, "this row is not imported").help(help));
        false
    };
    (rows.into_iter().filter(|row| fits(row)).collect(), errors)
}

/// The new text, if it differs and what the authors decided is in it as before.
fn written(base: Base<'_>, text: String) -> (Option<(WrittenTable, TableFile)>, Option<Diagnostic>) {
    if base.before.as_ref().is_some_and(|before| before.text == text) {
        return (None, None);
    }
    let (table, found) = read_table(&SourceFile::new(&base.table.source.path, &text));
    let (Some(table), false) = (table, any_error(&found)) else { return (None, found.into_iter().find(Diagnostic::is_error)) };
    let mut rows = table.rows.iter();
    let is_kept = |old: &RawRow| {
        // A range may have grown or shrunk; its keys are the same.
        let is_range = |number: Number| matches!(number, Number::Range(_));
        let is_same =
            |row: &RawRow| row.facts.number == old.facts.number || is_range(row.facts.number) && is_range(old.facts.number);
        rows.any(|row| is_same(row) && row.ours == old.ours && row.decision == old.decision)
    };
    let has_header = table.header.as_ref().is_some_and(|header| {
        let (old, new) = (&base.header, header);
        (&old.reconnect, &old.limits, &old.allow, &old.summary) == (&new.reconnect, &new.limits, &new.allow, &new.summary)
    });
    if !has_header || !base.table.rows.iter().all(is_kept) {
        let fault = Diagnostic::error(
            "decision-lost",
            "the import would change keys that are not the document's; the table was not changed",
        )
        .in_file(&base.path)
        .help("this is a mistake in the import: please report it, with the table and the page");
        return (None, Some(fault));
    }
    (Some((WrittenTable { path: base.path, before: base.before, text }, table)), None)
}
