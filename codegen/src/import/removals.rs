//! What becomes of rows that left the page: marked as removed or deleted, or nothing where that would lose too much.

use super::options::{LARGEST_LOSS, SMALLEST_LOSS};
use super::pair::{Pairing, same_name};
use super::task::{Base, Task};
use crate::read::{PageRow, RawRow};
use crate::text::{Diagnostic, Span, counted, list, quoted};

/// What happens to the rows that left the page.
#[derive(Default)]
pub(super) struct Loss {
    /// The positions of rows to mark as removed.
    pub marked: Vec<usize>,
    /// The positions of rows to delete.
    pub deleted: Vec<usize>,
    /// Why nothing happens to others.
    pub found: Vec<Diagnostic>,
}

impl Task<'_> {
    /// What happens to the rows that left the page. An error if they are too many.
    pub(super) fn missing(&self, base: &Base<'_>, pairing: &Pairing, unread: usize) -> Result<Loss, Diagnostic> {
        // A row that the document never listed cannot leave it.
        let of_page = |row: &&RawRow| row.facts.is_live() && row.ours.documented && base.is_listed(&row.facts);
        let missing: Vec<&RawRow> = pairing.missing.iter().map(|at| &base.table.rows[*at]).filter(of_page).collect();
        // What stands elsewhere on the page has not left it.
        let (elsewhere, missing): (Vec<&RawRow>, Vec<&RawRow>) =
            missing.into_iter().partition(|row| self.elsewhere(row).is_some());
        let (not_read, missing): (Vec<&RawRow>, Vec<&RawRow>) = missing.into_iter().partition(|row| self.not_read(row).is_some());
        let found = elsewhere.iter().find_map(|row| self.split_off(row)).into_iter();
        let mut loss = Loss { found: found.chain(self.found_unread(&not_read)).collect(), ..Loss::default() };
        if missing.is_empty() {
            return Ok(loss);
        }
        if unread > 0 {
            loss.found.push(self.cannot_tell(&missing));
            return Ok(loss);
        }
        let live = base.table.rows.iter().filter(of_page).count();
        let is_too_many = missing.len() > SMALLEST_LOSS && missing.len() * LARGEST_LOSS > live || missing.len() == live;
        if is_too_many && !self.edition.options.prune && !self.edition.options.accepts_removals(&base.file) {
            return Err(self.too_many(base, &missing, live));
        }
        let positions = missing.iter().map(|row| row.position).collect();
        if self.edition.options.prune {
            loss.deleted = positions;
        } else {
            loss.marked = positions;
        }
        Ok(loss)
    }

    /// The row of the page that still has a code: one of its name in another table, or a range that holds it in its own.
    fn elsewhere(&self, row: &RawRow) -> Option<&PageRow> {
        let facts = &row.facts;
        let holds = |range: &PageRow| {
            let number = range.facts.number;
            number != facts.number && number.first() <= facts.number.first() && facts.number.last() <= number.last()
        };
        let in_range = self.assigned.observed.rows.iter().find(|range| range.facts.is_live() && holds(range));
        let others = self.assigned.page.tables.iter().filter(|table| !std::ptr::eq(*table, self.assigned.observed));
        let mut rows = others.flat_map(|table| &table.rows);
        let moved =
            || rows.find(|other| other.facts.is_live() && other.facts.number == facts.number && same_name(&other.facts, facts));
        in_range.or_else(moved)
    }

    /// The row of the page that has a code and is not read.
    fn not_read(&self, row: &RawRow) -> Option<&Span> {
        self.assigned.observed.unread_row(&row.facts)
    }

    /// Codes that a maintainer took out of a table for now, or for ever: a person decides.
    fn found_unread(&self, rows: &[&RawRow]) -> Option<Diagnostic> {
        let span = self.not_read(rows.first()?)?;
        Some(
            Diagnostic::warning("rows-in-comment", format!("a part of the page that is not read has {}", numbers(rows)))
                .at(span, "in a comment, in a block of code or outside of a table")
                .help("nothing was removed; mark a code that is gone in the table, with `status = \"removed\"`"),
        )
    }

    /// The error for a row that is in another table of the page. One that a range holds is documented by the range.
    fn split_off(&self, row: &RawRow) -> Option<Diagnostic> {
        let found = self.elsewhere(row).filter(|found| found.facts.number == row.facts.number)?;
        let message =
            format!("{} of {} is in another table of the page", row.facts.number, quoted(&self.assigned.observed.heading));
        Some(
            Diagnostic::error("split-table", message)
                .at(&found.span, "here")
                .at(&self.assigned.observed.span, "the table that is read")
                .help("nothing was removed; put both parts under one heading, or give the other one a file with `--table`"),
        )
    }

    fn cannot_tell(&self, missing: &[&RawRow]) -> Diagnostic {
        let message = format!("rows of the table could not be read, so that {} may still be on the page", numbers(missing));
        Diagnostic::warning("cannot-tell", message)
            .at(&self.assigned.observed.span, "in this table")
            .help("correct the page and import again; nothing was removed from the table")
    }

    fn too_many(&self, base: &Base<'_>, missing: &[&RawRow], live: usize) -> Diagnostic {
        let message = format!(
            "{} of {} of {} are not on the page: {}",
            missing.len(),
            counted(live, "row"),
            quoted(&base.file),
            numbers(missing)
        );
        Diagnostic::error("too-many-removals", message)
            .at(&self.assigned.observed.span, "this table has far fewer rows")
            .help("this table was not changed; compare it with the page")
            .help(format!("if the document removed them, add `--accept-removals={}`", base.file))
    }
}

fn numbers(rows: &[&RawRow]) -> String {
    const MOST: usize = 20;
    let shown: Vec<String> = rows.iter().take(MOST).map(|row| row.facts.number.to_string()).collect();
    if rows.len() > MOST { format!("{} and {} more", shown.join(", "), rows.len() - MOST) } else { list(&shown, "and") }
}
