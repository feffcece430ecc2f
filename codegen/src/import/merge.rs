//! One table of a page, merged into one file.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;

use super::allowed;
use super::assign::{Assigned, Known, Target};
use super::edition::{LARGEST_LOSS, Options, SMALLEST_LOSS, source_of};
use super::headings::{NewTable, usual_repr};
use super::ident::{propose, propose_all};
use super::outcome::{PageCode, Review, TableReport, WrittenTable};
use super::page::Observed;
use super::pair::{Likeness, Pairing, order, pair, places};
use super::propose as proposal;
use crate::diff::Sighting;
use crate::model::{Client, Compared, Facts, Fingerprint, Key, Kind, Number, Policy, Repr, Status, Value};
use crate::read::{Editor, Header, Pair, RawRow, TableFile, clients_of, read_clients, read_table};
use crate::text::{
    Diagnostic, Files, SourceFile, any_error, counted, key_word, list, normalized_name, plain_name, quoted, toml_string,
};

/// The work on one table.
pub(super) struct TableMerge<'a> {
    pub files: &'a Files,
    pub options: &'a Options,
    pub assigned: &'a Assigned<'a>,
    pub known: &'a [Known<'a>],
}

/// What became of one table.
pub(super) struct Merged<'a> {
    /// What the page says.
    pub report: TableReport,
    /// The table as it was on the disk, if it was there.
    pub before: Option<&'a TableFile>,
    /// The table with its new text, if it has one.
    pub written: Option<(WrittenTable, TableFile)>,
    /// What the page shows of each row: what the table takes of it, and where it is.
    pub shown: Vec<(Facts, Sighting)>,
    /// Whether more changed than when the document was read.
    pub is_edited: bool,
    /// What a person has to decide, as far as only the page says it.
    pub review: Vec<Review>,
    /// What was not read, and what is odd.
    pub diagnostics: Vec<Diagnostic>,
}

/// The table before the import.
struct Base<'a> {
    file: String,
    path: String,
    /// The text on the disk; nothing for a new table.
    before: Option<Arc<SourceFile>>,
    table: Cow<'a, TableFile>,
    header: Header,
    /// The columns that the page does not have and the table has facts of.
    lost: BTreeSet<Key>,
    /// The positions of the rows to mark as removed.
    marked: Vec<usize>,
}

impl Base<'_> {
    /// What a table of this kind takes from a row; what the page does not say stays as it was.
    fn facts(&self, observed: &Observed, old: Option<&Facts>) -> Facts {
        let mut facts = observed.facts.clone();
        for key in Key::ALL.iter().copied() {
            if !key.is_of(self.header.kind) {
                key.clear(&mut facts);
            } else if let Some(old) = old
                && self.keeps(key, observed)
            {
                key.copy(old, &mut facts);
            }
        }
        // A code that is back was not last listed on any day.
        facts.until = facts.until.filter(|_| !facts.is_live());
        facts
    }

    /// Whether a key keeps its value, as the page says nothing of it.
    fn keeps(&self, key: Key, observed: &Observed) -> bool {
        key.column().is_none_or(|column| {
            // A row that is struck through often loses its other cells.
            let is_lost = !observed.facts.is_live() && column.get(&observed.facts).is_none();
            self.lost.contains(&column) || observed.unclear.contains(&column) || is_lost
        })
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

impl<'a> TableMerge<'a> {
    /// Merges the table, and says what became of it.
    pub(super) fn run(&self) -> Merged<'a> {
        let rows = self.rows();
        let mut merged = Merged {
            report: self.report(),
            before: self.own(),
            written: None,
            shown: Vec::new(),
            is_edited: false,
            review: Vec::new(),
            diagnostics: Vec::new(),
        };
        let Some(mut base) = self.base(&rows) else { return merged };
        merged.report.table.clone_from(&base.file);
        base.lost = self.lost(&base);
        let lost = self.lost_columns(&base).into_iter().collect();
        merged.diagnostics.extend(allowed::not_allowed(lost, self.assigned.observed, &base.table));
        let (rows, refused) = fitting(rows, &base.header);
        let unread = self.assigned.observed.unread + refused.len();
        merged.diagnostics.extend(refused);
        let mut pairing = pair(&rows, &base.table.rows, Likeness::Number);
        let Loss { marked, deleted, found } = match self.missing(&base, &pairing, unread) {
            Ok(loss) => loss,
            Err(error) => {
                merged.report.is_refused = true;
                merged.diagnostics.push(error);
                return merged;
            }
        };
        merged.diagnostics.extend(found);
        merged.is_edited = !marked.is_empty() || !deleted.is_empty();
        base.marked = marked;
        if !deleted.is_empty() {
            base = base.without(&deleted);
            pairing = pair(&rows, &base.table.rows, Likeness::Number);
        }
        let sighting = |row: &Observed| Sighting { sentence: row.sentence.clone(), span: Some(row.span.clone()) };
        merged.shown = rows.iter().map(|row| (row.facts.clone(), sighting(row))).collect();
        let text = self.edited(&rows, &base, &pairing, &mut merged);
        let (written, fault) = written(base, text);
        merged.written = written;
        merged.diagnostics.extend(fault);
        merged
    }

    /// The table of the edition that it goes to, if it is there.
    fn own(&self) -> Option<&'a TableFile> {
        let Target::Known(at) = self.assigned.target else { return None };
        Some(&self.known[at]).filter(|known| !known.is_pattern).map(|known| known.table)
    }

    /// The new text.
    fn edited(&self, rows: &[&Observed], base: &Base<'_>, pairing: &Pairing, merged: &mut Merged<'_>) -> String {
        let mut editor = Editor::new(&base.table.source.text);
        for position in &base.marked {
            editor.set_in_row(*position, &[("status", Some(toml_string(&key_word(Status::Removed))))]);
        }
        for (row, own) in &pairing.pairs {
            merged.is_edited |= self.update(rows[*row], &base.table.rows[*own], base, &mut editor, &mut merged.review);
        }
        self.check_aliases(base, &mut merged.review);
        let new: Vec<&Observed> = pairing.new.iter().map(|at| rows[*at]).collect();
        merged.is_edited |= !new.is_empty();
        self.add(&new, base, &mut editor);
        self.stamp(base, merged.is_edited, &mut editor);
        editor.finish()
    }

    /// The rows of the page that are codes, not other names of codes.
    fn rows(&self) -> Vec<&Observed> {
        self.assigned.observed.rows.iter().filter(|row| !row.is_alias).collect()
    }

    fn report(&self) -> TableReport {
        let observed = self.assigned.observed;
        let aliases = |row: &Observed| -> Vec<String> {
            if !observed.is_enum {
                return Vec::new();
            }
            let same = observed.rows.iter().filter(|alias| alias.is_alias && alias.facts.number == row.facts.number);
            same.map(|alias| alias.facts.name.to_string()).collect()
        };
        let code = |row: &Observed| PageCode { facts: row.facts.clone(), aliases: aliases(row), line: row.span.line() };
        let codes = self.rows().into_iter().map(code).collect();
        TableReport { table: String::new(), heading: observed.heading.clone(), is_refused: false, codes }
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
        let (system, _) = self.options.edition.split_once('/').unwrap_or_default();
        let clients = self.clients(system);
        let facts: Vec<&Facts> = rows.iter().map(|row| &row.facts).collect();
        let reconnect = proposal::reconnect(&facts, &Compared::among(clients.iter(), &new.file));
        vec![
            String::new(),
            "# Proposed by import, and not reviewed yet.".to_owned(),
            "[reconnect]".to_owned(),
            format!("absent = {}", policy_text(&reconnect.absent)),
            format!("unknown = {}", policy_text(&reconnect.unknown)),
        ]
    }

    /// The clients of a system, as far as they can be read.
    fn clients(&self, system: &str) -> Vec<Client> {
        let source = self.files.get(&format!("{system}/clients.toml")).and_then(Result::ok);
        source.map(|source| clients_of(&read_clients(system, &source).0)).unwrap_or_default()
    }

    fn date(&self) -> String {
        self.options.date.unwrap_or(self.options.today).to_toml()
    }

    /// The columns that the page does not have, and of which live rows of the table have facts.
    fn lost(&self, base: &Base<'_>) -> BTreeSet<Key> {
        let observed = self.assigned.observed;
        let rows = || base.table.rows.iter().filter(|row| row.facts.is_live());
        let columns = Key::ALL.iter().copied().filter(|key| key.column() == Some(*key));
        let mut lost: BTreeSet<Key> = columns.filter(|column| !observed.columns.contains(column)).collect();
        // One column for name and sentence, where the table was read from a page with two.
        let is_both = |row: &Observed| row.sentence.as_deref().map(normalized_name) == Some(normalized_name(&row.facts.name));
        let is_apart =
            |row: &RawRow| row.facts.text.as_ref().is_some_and(|text| *text != Fingerprint::new(&plain_name(&row.facts.name)));
        let with_text = rows().filter(|row| row.facts.text.is_some()).count();
        if observed.rows.iter().all(is_both) && rows().filter(|row| is_apart(row)).count() * 2 > with_text {
            lost.insert(Key::Text);
        }
        lost.retain(|column| rows().any(|row| column.get(&row.facts).is_some()));
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

    /// Brings the facts of a row up to date. Whether any differs.
    fn update(
        &self,
        observed: &Observed,
        row: &RawRow,
        base: &Base<'_>,
        editor: &mut Editor<'_>,
        review: &mut Vec<Review>,
    ) -> bool {
        let new = base.facts(observed, Some(&row.facts));
        if !row.ours.documented {
            let message = "the page lists it now; remove `documented = false`".to_owned();
            review.push(self.review("listed-now", base, observed, message));
        }
        let changed = differing(&row.facts, &new);
        editor.set_in_row(row.position, &changed);
        !changed.is_empty()
    }

    /// Names of numbers that have another name already: a person adds them, as aliases are theirs.
    fn check_aliases(&self, base: &Base<'_>, review: &mut Vec<Review>) {
        for alias in self.assigned.observed.rows.iter().filter(|row| row.is_alias) {
            let ident = propose(&alias.facts.name, alias.facts.number.first());
            let Some(row) = base.table.rows.iter().find(|row| row.facts.number == alias.facts.number) else { continue };
            if !idents(row).any(|known| known == ident.to_lowercase()) {
                let name = quoted(&alias.facts.name);
                let message = format!("has another name, {name}; to offer it, add `{ident}` to `aliases`");
                review.push(self.review("new-alias", base, alias, message));
            }
        }
    }

    fn review(&self, rule: &'static str, base: &Base<'_>, observed: &Observed, message: String) -> Review {
        let (number, span) = (observed.facts.number, observed.span.clone());
        Review { rule, table: base.file.clone(), number, message, span }
    }

    /// What happens to the rows that left the page. An error if they are too many.
    fn missing(&self, base: &Base<'_>, pairing: &Pairing, unread: usize) -> Result<Loss, Diagnostic> {
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

    /// Adds the codes that are new, each with what is proposed for it.
    fn add(&self, new: &[&Observed], base: &Base<'_>, editor: &mut Editor<'_>) {
        let (system, clients_file) = clients_named(base, &self.options.edition);
        let clients = if new.is_empty() { Vec::new() } else { self.clients(&system) };
        let compared = Compared::among(clients.iter(), &clients_file);
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
            pairs.extend(policy(&facts, base, &compared).map(|policy| ("policy", policy_text(&policy))));
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

/// The clients that a table is compared with: their system, and the file of the codes there.
fn clients_named(base: &Base<'_>, edition: &str) -> (String, String) {
    let named = base.header.reconnect.as_ref().and_then(|reconnect| reconnect.clients.as_ref()?.split_once('/'));
    let own = (edition.split('/').next().unwrap_or_default(), base.file.as_str());
    let (system, file) = named.unwrap_or(own);
    (system.to_owned(), file.to_owned())
}

/// The proposed policy of a close code.
fn policy(facts: &Facts, base: &Base<'_>, compared: &Compared<'_>) -> Option<Policy> {
    let reconnect = base.header.reconnect.as_ref().filter(|_| base.header.kind == Kind::CloseCodes)?;
    let votes = match facts.number {
        Number::Value(code) => compared.after(code),
        Number::Range(_) => Default::default(),
    };
    Some(proposal::policy(facts, &reconnect.unknown, reconnect.resumable, &votes))
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
    let status = Some(facts.status).filter(|status| !status.is_active());
    let mut pairs = vec![
        ("value", if let Number::Value(value) = facts.number { Some(value.to_string()) } else { None }),
        ("range", if let Number::Range([first, last]) = facts.number { Some(format!("[{first}, {last}]")) } else { None }),
        ("name", Some(toml_string(&facts.name))),
        ("status", status.map(|status| toml_string(&key_word(status)))),
    ];
    pairs.extend(Key::ALL.iter().map(|key| (key.name(), key.get(facts).as_ref().map(Value::to_toml))));
    pairs
}

/// A policy as an inline table of TOML.
fn policy_text(policy: &Policy) -> String {
    // What is proposed has no other keys.
    let Policy { action, wait, basis, reason, despite, .. } = policy;
    let word = |key: &str, word: String| format!("{key} = {}", toml_string(&word));
    let despite: Vec<String> = despite.iter().map(|one| toml_string(&key_word(one))).collect();
    let keys = [
        Some(word("action", key_word(action))),
        wait.to_toml().map(|wait| format!("wait = {wait}")),
        Some(word("basis", key_word(basis))),
        Some(word("reason", reason.to_string())),
        (!despite.is_empty()).then(|| format!("despite = [{}]", despite.join(", "))),
    ];
    format!("{{ {} }}", keys.into_iter().flatten().collect::<Vec<_>>().join(", "))
}
