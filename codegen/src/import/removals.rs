//! What becomes of rows that left the page: marked as removed or deleted, or nothing where that would lose too much.

use super::options::{LARGEST_LOSS, SMALLEST_LOSS};
use super::pair::Pairing;
use super::task::{Base, Task};
use crate::read::RawRow;
use crate::text::{Diagnostic, counted, list, quoted};

/// What happens to the rows that left the page.
#[derive(Default)]
pub(super) struct Loss {
    /// The positions of rows to mark as removed.
    pub marked: Vec<usize>,
    /// The positions of rows to delete.
    pub deleted: Vec<usize>,
    /// Why nothing happens to them.
    pub found: Option<Diagnostic>,
}

impl Task<'_> {
    /// What happens to the rows that left the page. An error if they are too many.
    pub(super) fn missing(&self, base: &Base<'_>, pairing: &Pairing, unread: usize) -> Result<Loss, Diagnostic> {
        // A row that the document never listed cannot leave it.
        let of_page = |row: &&RawRow| row.facts.is_live() && row.ours.documented;
        let missing: Vec<&RawRow> = pairing.missing.iter().map(|at| &base.table.rows[*at]).filter(of_page).collect();
        if missing.is_empty() {
            return Ok(Loss::default());
        }
        let live = base.table.rows.iter().filter(of_page).count();
        if unread > 0 {
            return Ok(Loss { found: Some(self.cannot_tell(&missing)), ..Loss::default() });
        }
        let is_too_many = missing.len() > SMALLEST_LOSS && missing.len() * LARGEST_LOSS > live || missing.len() == live;
        if is_too_many && !self.options.prune && !self.options.accepts_removals(&base.file) {
            return Err(self.too_many(base, &missing, live));
        }
        let positions = missing.iter().map(|row| row.position).collect();
        Ok(if self.options.prune {
            Loss { deleted: positions, ..Loss::default() }
        } else {
            Loss { marked: positions, ..Loss::default() }
        })
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
