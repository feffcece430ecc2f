//! One table of a page, merged into one file.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use serde::Serialize as _;

use super::account::{CodeChange, Need, NeedKind, PageCode, TableReport, WrittenTable};
use crate::table::{Editor, Pair};
use super::rows::{Likeness, Pairing, order, pair, places};
use super::target::{Assigned, Known, Target};
use super::{LARGEST_LOSS, Options, ProposedPolicy, SMALLEST_LOSS, source_of};
use crate::diagnostic::{Diagnostic, any_error};
use crate::fact_change::FactChange;
use crate::facts::{Action, Facts, Fingerprint, Number, Status};
use crate::files::Files;
use crate::import::acknowledged;
use crate::import::headings::{NewTable, usual_repr};
use crate::import::ident::{propose, propose_all};
use crate::import::page::{Column, Observed};
use crate::import::proposal;
use crate::ours::Policy;
use crate::source::SourceFile;
use crate::table::{Header, Kind, RawRow, Repr, TableFile, read_table};
use crate::text::{counted, key_word, list, normalized_name, plain_name, quoted, toml_string};

/// The work on one table.
pub(super) struct Work<'a> {
    pub files: &'a Files,
    pub options: &'a Options,
    pub assigned: &'a Assigned<'a>,
    pub known: &'a [Known<'a>],
    /// The proposed policies that have to say that clients do otherwise.
    pub despite: &'a BTreeSet<ProposedPolicy>,
}

/// The table before the import.
struct Base<'a> {
    file: String,
    path: String,
    /// The text on the disk; nothing for a new table.
    before: Option<Arc<SourceFile>>,
    table: Cow<'a, TableFile>,
    header: Header,
    /// The facts that the page does not say and the table has.
    lost: BTreeSet<Column>,
    /// The positions of the rows to mark as removed.
    marked: Vec<usize>,
}

impl Base<'_> {
    /// What a table of this kind takes from a row; what the page does not say stays as it was.
    fn facts(&self, observed: &Observed, old: Option<&Facts>) -> Facts {
        let mut facts = observed.facts.clone();
        if let Some(old) = old {
            let is_kept = |column: Column, is_none: bool| {
                self.lost.contains(&column) || observed.unclear.contains(&column) || is_none && !observed.facts.is_live()
            };
            // A row that is struck through often loses its other cells.
            let Facts { number: _, name: _, status: _, direction, format, reconnect, resume, advice, since, until, text } = old;
            let lost_text = is_kept(Column::Text, facts.text.is_none());
            if is_kept(Column::Direction, facts.direction.is_none()) {
                facts.direction = *direction;
            }
            if is_kept(Column::Format, facts.format.is_none()) {
                facts.format = *format;
            }
            if is_kept(Column::Reconnect, facts.reconnect.is_none()) {
                facts.reconnect = *reconnect;
            }
            if is_kept(Column::Resume, facts.resume.is_none()) {
                facts.resume = *resume;
            }
            if lost_text {
                (facts.text, facts.advice) = (text.clone(), *advice);
            }
            // A code that is back was not last listed on any day.
            (facts.since, facts.until) = (*since, until.filter(|_| !facts.is_live()));
        }
        if self.header.kind != Kind::Opcodes {
            (facts.direction, facts.format) = (None, None);
        }
        if self.header.kind != Kind::CloseCodes {
            (facts.reconnect, facts.resume, facts.advice) = (None, None, None);
        }
        facts
    }

    /// The table without the rows at these positions.
    fn without(mut self, positions: &[usize]) -> Self {
        let mut editor = Editor::new(&self.table.source.text);
        editor.delete_rows(positions);
        let source = source_of(&self.table.source.path, &editor.finish());
        if let (Some(table), _) = read_table(&source) {
            self.table = Cow::Owned(table);
        }
        self
    }
}

/// What happens to the rows that left the page.
#[derive(Default)]
struct Loss {
    /// The positions of rows to mark as removed.
    marked: Vec<usize>,
    /// The positions of rows to delete.
    deleted: Vec<usize>,
    /// Why nothing happens to them.
    found: Option<Diagnostic>,
}

impl Work<'_> {
    /// The report, the new text if there is one to write, and what was found.
    pub(super) fn run(&self) -> (TableReport, Option<(WrittenTable, TableFile)>, Vec<Diagnostic>) {
        let (rows, mut diagnostics) = (self.rows(), Vec::new());
        let Some(mut base) = self.base(&rows) else { return (self.report("", true), None, diagnostics) };
        let mut report = self.report(&base.file, base.before.is_none());
        base.lost = self.lost(&base);
        let lost = self.lost_columns(&base).into_iter().collect();
        diagnostics.extend(acknowledged::unknown(lost, self.assigned.observed, &base.table));
        let (rows, refused) = fitting(rows, &base.header);
        let unread = self.assigned.observed.unread + refused.len();
        diagnostics.extend(refused);
        let mut pairing = pair(&rows, &base.table.rows, Likeness::Number);
        match self.missing(&base, &pairing, unread, &mut report) {
            Err(error) => {
                report.is_refused = true;
                diagnostics.push(error);
                return (report, None, diagnostics);
            }
            Ok(Loss { deleted, found, .. }) if !deleted.is_empty() => {
                diagnostics.extend(found);
                base = base.without(&deleted);
                pairing = pair(&rows, &base.table.rows, Likeness::Number);
            }
            Ok(Loss { marked, found, .. }) => {
                diagnostics.extend(found);
                base.marked = marked;
            }
        }
        let text = self.edited(&rows, &base, &pairing, &mut report);
        let (written, fault) = written(base, text);
        diagnostics.extend(fault);
        (report, written, diagnostics)
    }

    /// The new text.
    fn edited(&self, rows: &[&Observed], base: &Base<'_>, pairing: &Pairing, report: &mut TableReport) -> String {
        let mut editor = Editor::new(&base.table.source.text);
        for position in &base.marked {
            editor.set_in_row(*position, &[("status", Some(toml_string(&key_word(Status::Removed))))]);
        }
        for (row, own) in &pairing.pairs {
            self.update(rows[*row], &base.table.rows[*own], base, &mut editor, report);
        }
        self.check_aliases(base, report);
        let new: Vec<&Observed> = pairing.new.iter().map(|at| rows[*at]).collect();
        self.add(&new, base, &mut editor, report);
        report.changes.sort_by_key(number_of);
        self.stamp(base, !report.changes.is_empty(), &mut editor);
        editor.finish()
    }

    /// The rows of the page that are codes, not other names of codes.
    fn rows(&self) -> Vec<&Observed> {
        self.assigned.observed.rows.iter().filter(|row| !row.is_alias).collect()
    }

    fn report(&self, file: &str, is_new: bool) -> TableReport {
        let observed = self.assigned.observed;
        let aliases = |row: &Observed| -> Vec<String> {
            if !observed.is_enum {
                return Vec::new();
            }
            let same = observed.rows.iter().filter(|alias| alias.is_alias && alias.facts.number == row.facts.number);
            same.map(|alias| alias.facts.name.to_string()).collect()
        };
        let code = |row: &Observed| PageCode { facts: row.facts.clone(), aliases: aliases(row), line: row.span.line() };
        TableReport {
            table: file.to_owned(),
            heading: observed.heading.clone(),
            is_new,
            is_refused: false,
            codes: self.rows().into_iter().map(code).collect(),
            changes: Vec::new(),
            needs: Vec::new(),
            proposes_policies: false,
        }
    }

    /// The table to start from: the file, the one that it is made like, or a header without rows.
    fn base(&self, rows: &[&Observed]) -> Option<Base<'_>> {
        let path = |file: &str| format!("{}/{file}.toml", self.options.edition);
        let made = |file: &str, text: &str| read_table(&source_of(&self.files.display(&path(file)), text)).0;
        let (file, before, table) = match &self.assigned.target {
            Target::Known(at) if !self.known[*at].is_pattern => {
                let Known { file, table, .. } = &self.known[*at];
                (file, Some(Arc::clone(&table.source)), Cow::Borrowed(*table))
            }
            Target::Known(at) => {
                let Known { file, table, .. } = &self.known[*at];
                (file, None, Cow::Owned(made(file, &self.text_of_pattern(table, rows))?))
            }
            Target::New(new, kind) => (&new.file, None, Cow::Owned(made(&new.file, &self.header_of(new, *kind, rows))?)),
        };
        let header = table.header.clone()?;
        Some(Base { file: file.clone(), path: path(file), before, table, header, lost: BTreeSet::new(), marked: Vec::new() })
    }

    /// The text of a table of another edition, with the rows that this page has.
    fn text_of_pattern(&self, pattern: &TableFile, rows: &[&Observed]) -> String {
        let pairing = pair(rows, &pattern.rows, Likeness::NameOrText);
        let mut editor = Editor::new(&pattern.source.text);
        let positions: Vec<usize> = pairing.missing.iter().map(|at| pattern.rows[*at].position).collect();
        editor.delete_rows(&positions);
        let title = self.assigned.page.title.as_deref();
        let source = pattern.header.as_ref().map(|header| &header.source);
        let is_same =
            title.is_none_or(|title| source.is_some_and(|source| normalized_name(&source.document) == normalized_name(title)));
        let mut pairs = vec![("revision", self.options.revision.as_deref().map(toml_string))];
        pairs.push(("date", Some(self.date())));
        if let (false, Some(title)) = (is_same, title) {
            pairs.extend([("document", Some(toml_string(title))), ("url", None), ("repository", None), ("path", None)]);
        }
        editor.set_in_source(&pairs);
        editor.finish()
    }

    /// The text above the rows of a new table.
    fn header_of(&self, new: &NewTable, kind: Kind, rows: &[&Observed]) -> String {
        let largest = rows.iter().map(|row| row.facts.number.last()).max().unwrap_or(0);
        let usual = usual_repr(kind);
        let wide = [usual, Repr::U16, Repr::U32].into_iter().find(|repr: &Repr| {
            let most = Repr::max(*repr);
            most >= Repr::max(usual) && most >= largest
        });
        let repr = if kind == Kind::CloseCodes { Repr::U16 } else { wide.unwrap_or(Repr::U32) };
        let observed = self.assigned.observed;
        let title = if observed.heading.is_empty() { &new.file } else { &observed.heading };
        let document = self.assigned.page.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or(title);
        let lines = [
            self.schema_line(),
            format!("title = {}", toml_string(title)),
            format!("enum = {}", toml_string(&new.enum_name)),
            format!("kind = {}", toml_string(&key_word(kind))),
            format!("repr = {}", toml_string(&key_word(repr))),
            format!("summary = {}", toml_string(&new.summary)),
            String::new(),
            "[source]".to_owned(),
            format!("document = {}", toml_string(document)),
            format!("date = {}", self.date()),
        ];
        let revision = self.options.revision.iter().map(|revision| format!("revision = {}", toml_string(revision)));
        let place = self.options.repository.iter().flat_map(|(repository, path)| {
            [format!("repository = {}", toml_string(repository)), format!("path = {}", toml_string(path))]
        });
        let reconnect = (kind == Kind::CloseCodes).then(|| self.reconnect_of(new, rows)).into_iter().flatten();
        lines.into_iter().chain(revision).chain(place).chain(reconnect).flat_map(|line| [line, "\n".to_owned()]).collect()
    }

    /// The line that names the schema for editors: that of another table, if there is one.
    fn schema_line(&self) -> String {
        let sources = self.known.iter().map(|known| &known.table.source.text);
        let line = sources.filter_map(|text| text.lines().next()).find(|line| line.starts_with("#:schema"));
        line.unwrap_or("#:schema ../../../codes/schema.json").to_owned()
    }

    fn reconnect_of(&self, new: &NewTable, rows: &[&Observed]) -> Vec<String> {
        let path = format!("{}/{}.toml", self.options.edition, new.file);
        let despite = |key: &str| self.despite.contains(&(path.clone(), key.to_owned()));
        let reconnect = proposal::reconnect(rows.iter().map(|row| &row.facts), despite);
        vec![
            String::new(),
            "# Proposed by import, and not reviewed yet.".to_owned(),
            "[reconnect]".to_owned(),
            format!("absent = {}", policy_text(&reconnect.absent)),
            format!("unknown = {}", policy_text(&reconnect.unknown)),
        ]
    }

    fn date(&self) -> String {
        self.options.date.unwrap_or(self.options.today).to_toml()
    }

    /// The facts that rows of the table have and for which the page has no column.
    fn lost(&self, base: &Base<'_>) -> BTreeSet<Column> {
        let observed = self.assigned.observed;
        let rows = || base.table.rows.iter().filter(|row| row.facts.is_live());
        let has = |column: Column| rows().any(|row| has_fact(&row.facts, column));
        let mut lost: BTreeSet<Column> = ALL_COLUMNS.into_iter().filter(|column| !observed.columns.contains(column)).collect();
        // One column for name and sentence, where the table was read from a page with two.
        let is_both = |row: &Observed| row.sentence.as_deref().map(normalized_name) == Some(normalized_name(&row.facts.name));
        let is_apart =
            |row: &RawRow| row.facts.text.as_ref().is_some_and(|text| *text != Fingerprint::new(&plain_name(&row.facts.name)));
        let with_text = rows().filter(|row| row.facts.text.is_some()).count();
        if observed.rows.iter().all(is_both) && rows().filter(|row| is_apart(row)).count() * 2 > with_text {
            lost.insert(Column::Text);
        }
        lost.retain(|column| has(*column));
        lost
    }

    /// One warning for all columns that a page lost.
    fn lost_columns(&self, base: &Base<'_>) -> Option<Diagnostic> {
        let nouns: Vec<String> = base.lost.iter().map(|column| column.noun().to_owned()).collect();
        (!nouns.is_empty() && base.before.is_some()).then(|| {
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
        })
    }

    /// Brings the facts of a row up to date.
    fn update(&self, observed: &Observed, row: &RawRow, base: &Base<'_>, editor: &mut Editor<'_>, report: &mut TableReport) {
        let old = &row.facts;
        let new = base.facts(observed, Some(old));
        let changes = FactChange::between(old, &new);
        let (number, name) = (new.number, new.name.to_string());
        let mut need = |kind, message| {
            report.needs.push(Need { kind, number, table: base.file.clone(), message, span: observed.span.clone() });
        };
        if !row.ours.documented {
            need(NeedKind::Restored, "the page lists it now; remove `documented = false`".to_owned());
        }
        if changes.is_empty() {
            return;
        }
        editor.set_in_row(row.position, &differing(old, &new));
        if old.is_live() && !new.is_live() {
            let (struck, deleted, text) = (true, false, new.text.clone());
            need(NeedKind::Left, "struck through on the page; marked as removed".to_owned());
            report.changes.push(CodeChange::Removed { number, name: name.clone(), struck, deleted, text });
        } else if !old.is_live() && new.is_live() {
            need(NeedKind::Restored, "back on the page; no longer marked as removed".to_owned());
            report.changes.push(CodeChange::Restored { number, name: name.clone() });
        }
        let key = (normalized_name(&self.assigned.observed.heading), number);
        let former = self.options.former_sentences.get(&key).map(String::as_str);
        for (kind, message) in needs_of(&changes, observed, row, former) {
            need(kind, message);
        }
        let facts: Vec<FactChange> = changes.into_iter().filter(|change| !is_about_liveness(change)).collect();
        if !facts.is_empty() {
            report.changes.push(CodeChange::Changed { number, name, facts });
        }
    }

    /// Names of numbers that have another name already: a person adds them, as aliases are theirs.
    fn check_aliases(&self, base: &Base<'_>, report: &mut TableReport) {
        for alias in self.assigned.observed.rows.iter().filter(|row| row.is_alias) {
            let ident = propose(&alias.facts.name, alias.facts.number.first());
            let Some(row) = base.table.rows.iter().find(|row| row.facts.number == alias.facts.number) else { continue };
            let known = row.ours.ident.iter().chain(&row.ours.aliases).chain(&row.ours.renamed_from);
            let is_known = known.into_iter().any(|known| known.eq_ignore_ascii_case(&ident));
            if !is_known {
                report.needs.push(Need {
                    kind: NeedKind::Alias,
                    number: alias.facts.number,
                    table: base.file.clone(),
                    message: format!("has another name, {}; to offer it, add `{ident}` to `aliases`", quoted(&alias.facts.name)),
                    span: alias.span.clone(),
                });
            }
        }
    }

    /// What happens to the rows that left the page. An error if they are too many.
    fn missing(&self, base: &Base<'_>, pairing: &Pairing, unread: usize, report: &mut TableReport) -> Result<Loss, Diagnostic> {
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
        if is_too_many && !self.options.prune && !self.options.accept_removals.accepts(&base.file) {
            return Err(self.too_many(base, &missing, live));
        }
        let done = if self.options.prune { "deleted" } else { "marked as removed" };
        for row in &missing {
            let (number, name, text) = (row.facts.number, row.facts.name.to_string(), row.facts.text.clone());
            report.changes.push(CodeChange::Removed { number, name, struck: false, deleted: self.options.prune, text });
            report.needs.push(Need {
                kind: NeedKind::Left,
                number,
                table: base.file.clone(),
                message: format!("left the page; {done}"),
                span: base.table.row_place(row).number(),
            });
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

    /// Adds the codes that are new, each with what is proposed for it.
    fn add(&self, new: &[&Observed], base: &Base<'_>, editor: &mut Editor<'_>, report: &mut TableReport) {
        let taken: HashSet<String> = base.table.rows.iter().flat_map(idents).collect();
        let names: Vec<(&str, u32)> = new.iter().map(|row| (row.facts.name.as_str(), row.facts.number.first())).collect();
        let idents = propose_all(&names, |ident| taken.contains(&ident.to_lowercase()));
        let mut taken_now: HashSet<String> = taken.into_iter().chain(idents.iter().map(|ident| ident.to_lowercase())).collect();
        let mut rows: Vec<(Facts, Vec<Pair>)> = Vec::new();
        for (observed, ident) in new.iter().zip(idents) {
            let facts = base.facts(observed, None);
            let ident = matches!(facts.number, Number::Value(_)).then_some(ident);
            let mut pairs = all_pairs(&facts);
            pairs.extend(ident.iter().map(|ident| ("ident", toml_string(ident))));
            let aliases = self.aliases_of(observed, &mut taken_now);
            if !aliases.is_empty() {
                pairs.push(("aliases", format!("[{}]", aliases.join(", "))));
            }
            pairs.push(("reviewed", "false".to_owned()));
            if let Some(policy) = self.policy(&facts, base) {
                report.proposes_policies = true;
                pairs.push(("policy", policy_text(&policy)));
            }
            let name = facts.name.to_string();
            report.needs.extend(facts.is_live().then(|| Need {
                kind: NeedKind::New,
                number: facts.number,
                table: base.file.clone(),
                message: new_message(observed, ident.as_deref()),
                span: observed.span.clone(),
            }));
            report.changes.push(CodeChange::Added { number: facts.number, name, ident, text: facts.text.clone() });
            rows.push((facts, pairs));
        }
        rows.sort_by_key(|(facts, _)| order(facts));
        let facts: Vec<Facts> = rows.iter().map(|(facts, _)| facts.clone()).collect();
        let places = places(&facts, &base.table.rows);
        let place = |at: usize| base.table.rows[at].position;
        editor.insert_rows(places.into_iter().map(|at| at.map(place)).zip(rows.into_iter().map(|(_, pairs)| pairs)).collect());
    }

    /// The other names of a new code as identifiers, in TOML.
    fn aliases_of(&self, observed: &Observed, taken: &mut HashSet<String>) -> Vec<String> {
        if !self.assigned.observed.is_enum {
            return Vec::new();
        }
        let same = self.assigned.observed.rows.iter().filter(|row| row.is_alias && row.facts.number == observed.facts.number);
        let idents = same.map(|alias| propose(&alias.facts.name, alias.facts.number.first()));
        idents.filter(|ident| taken.insert(ident.to_lowercase())).map(|ident| toml_string(&ident)).collect()
    }

    /// The proposed policy of a close code.
    fn policy(&self, facts: &Facts, base: &Base<'_>) -> Option<Policy> {
        let reconnect = base.header.reconnect.as_ref().filter(|_| base.header.kind == Kind::CloseCodes)?;
        let despite = self.despite.contains(&(base.path.clone(), facts.number.to_string()));
        Some(proposal::policy(facts, &reconnect.unknown, reconnect.resumable, despite))
    }

    /// Writes when, and at which revision, the document was read.
    fn stamp(&self, base: &Base<'_>, changed: bool, editor: &mut Editor<'_>) {
        let (source, options) = (&base.header.source, self.options);
        let revision = source.revision.as_ref().map(crate::text::Text::as_str);
        let is_other = options.date.is_some_and(|date| date != source.date)
            || options.revision.is_some() && options.revision.as_deref() != revision;
        if base.before.is_none() || !changed && !is_other {
            return;
        }
        let mut pairs = Vec::new();
        if options.date.unwrap_or(options.today) != source.date {
            pairs.push(("date", Some(self.date())));
        }
        // Without a new one the old revision goes: it is of another text.
        if options.revision.as_deref() != revision {
            pairs.push(("revision", options.revision.as_deref().map(toml_string)));
        }
        if let Some((repository, path)) = options.repository.as_ref().filter(|_| source.path.is_some()) {
            let is_other = |old: &Option<crate::text::Text>, new: &str| old.as_deref() != Some(new);
            pairs.extend(is_other(&source.repository, repository).then(|| ("repository", Some(toml_string(repository)))));
            pairs.extend(is_other(&source.path, path).then(|| ("path", Some(toml_string(path)))));
        }
        editor.set_in_source(&pairs);
    }
}

const ALL_COLUMNS: [Column; 5] = [Column::Text, Column::Direction, Column::Format, Column::Reconnect, Column::Resume];

fn has_fact(facts: &Facts, column: Column) -> bool {
    match column {
        Column::Text => facts.text.is_some(),
        Column::Direction => facts.direction.is_some(),
        Column::Format => facts.format.is_some(),
        Column::Reconnect => facts.reconnect.is_some(),
        Column::Resume => facts.resume.is_some(),
    }
}

/// The rows that the type and the kind of a table can hold; an error for each other one.
fn fitting<'a>(rows: Vec<&'a Observed>, header: &Header) -> (Vec<&'a Observed>, Vec<Diagnostic>) {
    let mut errors = Vec::new();
    let mut fits = |row: &&Observed| {
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

/// What a person has to decide after these changes of one row.
fn needs_of(changes: &[FactChange], observed: &Observed, row: &RawRow, former: Option<&str>) -> Vec<(NeedKind, String)> {
    let new = &observed.facts;
    let mut needs = Vec::new();
    let says = observed.sentence.as_deref().map(|sentence| format!("\"{}\"", crate::text::sentence(sentence)));
    let before = former.filter(|former| observed.sentence.as_deref() != Some(*former));
    let before = before.map(|former| format!(", and said \"{}\" before", crate::text::sentence(former))).unwrap_or_default();
    let now_says = says.map_or("the page changed".to_owned(), |says| format!("the page now says {says}{before}"));
    let documented = if new.reconnect == Some(false) { Some(Action::Stop) } else { new.advice };
    let policy = row.decision.policy.as_ref().map(|policy| policy.action);
    let is_about_policy = |change: &FactChange| {
        matches!(change, FactChange::Advice { .. } | FactChange::Reconnect { .. } | FactChange::Resume { .. })
    };
    let about_policy: Vec<&FactChange> = changes.iter().filter(|change| is_about_policy(change)).collect();
    let is_policy_matter = !about_policy.is_empty() && policy.is_some_and(|policy| documented != Some(policy));
    if let (true, Some(policy)) = (is_policy_matter, policy) {
        let facts: Vec<String> = about_policy.iter().map(|change| change_text(change)).collect();
        let policy = key_word(policy).replace('-', " ");
        needs.push((NeedKind::Policy, format!("{now_says} ({}); the policy is still {policy}", facts.join(", "))));
    }
    let facts: Vec<String> = changes.iter().filter_map(fact_text).collect();
    if !facts.is_empty() {
        needs.push((NeedKind::Fact, facts.join(", ")));
    }
    for change in changes {
        match change {
            FactChange::Name { old, new } => needs.push((NeedKind::Renamed, renamed_message(old, new, row))),
            FactChange::Text { old: Some(_), new: Some(_) } if !is_policy_matter && !same_as_name(observed) => {
                needs.push((NeedKind::Reworded, format!("{now_says}; check `summary` and `policy`")));
            }
            _ => {}
        }
    }
    needs
}

fn same_as_name(observed: &Observed) -> bool {
    observed.sentence.as_deref().is_some_and(|sentence| normalized_name(sentence) == normalized_name(&observed.facts.name))
}

fn renamed_message(old: &str, new: &str, row: &RawRow) -> String {
    let ident = row.ours.ident.as_deref().unwrap_or_default();
    let proposal = propose(new, row.facts.number.first());
    let hint = if ident.is_empty() || proposal == ident {
        String::new()
    } else {
        format!("; the identifier stays `{ident}` (to rename it: `ident = \"{proposal}\"`, `renamed_from = \"{ident}\"`)")
    };
    format!("is now called {}; it was {}{hint}", quoted(new), quoted(old))
}

/// A change of what the document says about reconnecting, in words.
fn change_text(change: &FactChange) -> String {
    fn side<T: serde::Serialize>(value: Option<T>) -> String {
        value.map_or("nothing".to_owned(), |value| {
            serde_json::to_value(value).map_or(String::new(), |value| value.to_string().replace('"', ""))
        })
    }
    match change {
        FactChange::Advice { old, new } => format!("advice: {} → {}", side(*old), side(*new)),
        FactChange::Reconnect { old, new } => format!("reconnect: {} → {}", side(*old), side(*new)),
        FactChange::Resume { old, new } => format!("resume: {} → {}", side(*old), side(*new)),
        FactChange::Direction { old, new } => format!("direction: {} → {}", side(*old), side(*new)),
        FactChange::Format { old, new } => format!("format: {} → {}", side(*old), side(*new)),
        _ => String::new(),
    }
}

fn fact_text(change: &FactChange) -> Option<String> {
    let is_fact = matches!(change, FactChange::Direction { .. } | FactChange::Format { .. });
    is_fact.then(|| change_text(change))
}

fn is_about_liveness(change: &FactChange) -> bool {
    matches!(change, FactChange::Status { old, new } if (*old == Status::Removed) != (*new == Status::Removed))
}

fn new_message(observed: &Observed, ident: Option<&str>) -> String {
    let ident = ident.map_or("a range".to_owned(), |ident| format!("`{ident}`"));
    match observed.sentence.as_deref() {
        Some(sentence) => format!("new: {ident}; the page says: \"{}\"", crate::text::sentence(sentence)),
        None => format!("new: {ident}; the page calls it {}", quoted(&observed.facts.name)),
    }
}

fn number_of(change: &CodeChange) -> Number {
    match change {
        CodeChange::Added { number, .. }
        | CodeChange::Removed { number, .. }
        | CodeChange::Restored { number, .. }
        | CodeChange::Changed { number, .. } => *number,
    }
}

fn numbers(rows: &[&RawRow]) -> String {
    const MOST: usize = 20;
    let shown: Vec<String> = rows.iter().take(MOST).map(|row| row.facts.number.to_string()).collect();
    if rows.len() > MOST { format!("{} and {} more", shown.join(", "), rows.len() - MOST) } else { list(&shown, "and") }
}

/// All identifiers of a row, in lower case.
fn idents(row: &RawRow) -> impl Iterator<Item = String> {
    row.ours.ident.iter().chain(&row.ours.aliases).chain(&row.ours.renamed_from).map(|ident| ident.to_lowercase())
}

/// The new text, if it differs and what people decided is in it as before.
fn written(base: Base<'_>, text: String) -> (Option<(WrittenTable, TableFile)>, Option<Diagnostic>) {
    if base.before.as_ref().is_some_and(|before| before.text == text) {
        return (None, None);
    }
    let (table, found) = read_table(&source_of(&base.table.source.path, &text));
    let (Some(table), false) = (table, any_error(&found)) else { return (None, found.into_iter().find(Diagnostic::is_error)) };
    let mut rows = table.rows.iter();
    let is_kept = |old: &RawRow| {
        rows.any(|row| row.facts.number == old.facts.number && row.ours == old.ours && row.decision == old.decision)
    };
    if !base.table.rows.iter().all(is_kept) {
        let fault = Diagnostic::error("decision-lost", "the import would change what people decided; the table was not changed")
            .in_file(&base.path)
            .help("this is a mistake in the import: please report it, with the table and the page");
        return (None, Some(fault));
    }
    (Some((WrittenTable { path: base.path, before: base.before, text }, table)), None)
}

/// The keys of a row whose values differ, with the new ones.
fn differing(old: &Facts, new: &Facts) -> Vec<(&'static str, Option<String>)> {
    let (old, new) = (optional_pairs(old), optional_pairs(new));
    old.into_iter().zip(new).filter(|(old, new)| old.1 != new.1).map(|(_, new)| new).collect()
}

fn all_pairs(facts: &Facts) -> Vec<Pair> {
    optional_pairs(facts).into_iter().filter_map(|(key, value)| Some((key, value?))).collect()
}

/// Every fact as TOML, in the order of the keys of a row.
fn optional_pairs(facts: &Facts) -> Vec<(&'static str, Option<String>)> {
    // Without `..`: a new fact that is not written does not compile.
    let Facts { number, name, status, direction, format, reconnect, resume, advice, since, until, text } = facts;
    let word = |word: String| toml_string(&word);
    vec![
        ("value", if let Number::Value(value) = number { Some(value.to_string()) } else { None }),
        ("range", if let Number::Range([first, last]) = number { Some(format!("[{first}, {last}]")) } else { None }),
        ("name", Some(toml_string(name))),
        ("status", (!status.is_active()).then(|| word(key_word(status)))),
        ("direction", direction.map(|direction| word(key_word(direction)))),
        ("format", format.map(|format| word(key_word(format)))),
        ("reconnect", reconnect.map(|reconnect| reconnect.to_string())),
        ("resume", resume.map(|resume| resume.to_string())),
        ("advice", advice.map(|advice| word(key_word(advice)))),
        ("since", since.map(|since| since.to_toml())),
        ("until", until.map(|until| until.to_toml())),
        ("text", text.as_ref().map(|text| toml_string(text.as_str()))),
    ]
}

/// A policy as an inline table of TOML.
fn policy_text(policy: &Policy) -> String {
    let mut text = String::new();
    // A policy has no key that TOML cannot write.
    let _ = policy.serialize(toml::ser::ValueSerializer::new(&mut text));
    text
}
