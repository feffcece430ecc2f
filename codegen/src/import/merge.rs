//! What pages document, brought into the tables of an edition.
//!
//! In come the texts of the tables and what was observed, out come new texts. Documented facts are updated; comments, order,
//! layout and every key that people write stay as they are, byte for byte. Nothing is written here, and on an error nothing
//! is returned, so that a failed import changes no file.

use std::collections::{BTreeMap, HashSet};
use std::fmt::Write as _;
use std::sync::Arc;

use sha2::{Digest, Sha256};
use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, Value, value};

use super::ident::{propose, propose_all};
use super::observe::{ObservedRow, ObservedTable, ObservedValue, Page, settle_repetitions};
use super::proposal::{action_word, advice, propose_policy};
use crate::diagnostic::{Diagnostic, Severity, quoted};
use crate::model::{Direction, Format, Repr, Status};
use crate::raw::{self, Kind};
use crate::source::SourceFile;

/// The tables of one edition, as they are.
#[derive(Debug)]
pub struct Edition {
    /// Its folder, as people see it.
    pub folder: String,
    /// The text of each table, by the name of its file without `.toml`.
    pub tables: BTreeMap<String, Arc<SourceFile>>,
}

/// How to merge.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Delete what has left the pages, however much that is, rather than marking it as removed.
    pub prune: bool,
    /// The day of the pages: `2026-07-21`, or `2026-07`.
    pub date: Option<String>,
    /// The revision of the pages.
    pub revision: Option<String>,
    /// The day to write where a change needs one and none was given.
    pub today: String,
}

/// A table after merging.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Merged {
    /// The name of its file, without `.toml`.
    pub file: String,
    /// Its text before; nothing for a new table.
    pub before: Option<String>,
    /// Its text now; nothing for a table that goes.
    pub after: Option<String>,
}

/// The part of a table's rows that may vanish at once: beyond a fifth, the page is more likely to be broken.
const LARGEST_LOSS: usize = 5;

/// The order of the keys of a row.
const KEYS: [&str; 17] = [
    "value",
    "range",
    "name",
    "ident",
    "aliases",
    "renamed_from",
    "summary",
    "status",
    "direction",
    "format",
    "reconnect",
    "advice",
    "retry",
    "policy",
    "policy_unless_resumable",
    "note",
    "text",
];

/// Merges pages into an edition. The result has every table of both; it is empty-handed if an error forbids writing.
pub fn merge(edition: &Edition, pages: Vec<Page>, options: &Options, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<Merged>> {
    let document = pages.iter().find_map(|page| page.title.clone());
    let observed = gather(pages, diagnostics);
    let mut forbidden = false;
    let mut merged = Vec::new();
    for table in &observed {
        let before = edition.tables.get(&table.form.file);
        let mut found = Vec::new();
        let merging = Merging { table, options, document: document.as_deref(), diagnostics: &mut found };
        let after = match before {
            Some(before) => merging.update(before),
            None => Some(merging.create(edition)),
        };
        forbidden |= after.is_none();
        diagnostics.append(&mut found);
        if let Some(after) = after {
            merged.push(Merged {
                file: table.form.file.clone(),
                before: before.map(|before| before.text.clone()),
                after: Some(after),
            });
        }
    }
    merged.extend(unobserved(edition, &observed, options, diagnostics));
    merged.sort_by(|a, b| a.file.cmp(&b.file));
    (!forbidden).then_some(merged)
}

/// The fingerprint of a documented sentence: the same for a page and a scrape of it, another when the wording changes.
#[must_use]
pub fn fingerprint(sentence: &str) -> String {
    let words = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    let digest = Sha256::digest(words.trim_end_matches('.').as_bytes());
    digest.iter().take(6).fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// A name for comparing: letters and digits alone, in lower case. What differs otherwise is style.
#[must_use]
pub fn restyled(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// The tables of several pages as one list, each once.
fn gather(pages: Vec<Page>, diagnostics: &mut Vec<Diagnostic>) -> Vec<ObservedTable> {
    let mut gathered: Vec<ObservedTable> = Vec::new();
    for table in pages.into_iter().flat_map(|page| page.tables) {
        match gathered.iter_mut().find(|earlier| earlier.form.file == table.form.file) {
            Some(earlier) => {
                earlier.rows.extend(table.rows);
                earlier.unread += table.unread;
                settle_repetitions(earlier, diagnostics);
            }
            None => gathered.push(table),
        }
    }
    gathered
}

/// The tables of the edition that no page shows: one finding, and no removed rows.
fn unobserved(
    edition: &Edition,
    observed: &[ObservedTable],
    options: &Options,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Merged> {
    let shown: HashSet<&str> = observed.iter().map(|table| table.form.file.as_str()).collect();
    let absent: Vec<(&String, &Arc<SourceFile>)> =
        edition.tables.iter().filter(|(file, _)| !shown.contains(file.as_str())).collect();
    if absent.is_empty() || observed.is_empty() {
        return Vec::new();
    }
    if !options.prune {
        let names: Vec<&str> = absent.iter().map(|(file, _)| file.as_str()).collect();
        let names = raw::listed(&names).replace(" or ", " and ");
        diagnostics.push(
            Diagnostic::warning("table-not-on-page", format!("not on the page, and left as they are: {names}"))
                .in_file(&edition.folder)
                .help("if the document has dropped them for good, `--prune` deletes them"),
        );
        return Vec::new();
    }
    absent
        .into_iter()
        .map(|(file, source)| Merged { file: file.clone(), before: Some(source.text.clone()), after: None })
        .collect()
}

/// The work on one table.
struct Merging<'a> {
    table: &'a ObservedTable,
    options: &'a Options,
    document: Option<&'a str>,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Merging<'_> {
    /// A table that is new.
    fn create(mut self, edition: &Edition) -> String {
        let form = &self.table.form;
        let largest = self.table.rows.iter().map(|row| row.value.last()).max().unwrap_or(0);
        let repr =
            [form.repr, Repr::U16, Repr::U32].into_iter().find(|repr| repr.max() >= form.repr.max() && repr.max() >= largest);
        let mut text = DocumentMut::new();
        text["title"] = value(&self.table.title);
        text["enum"] = value(&form.enum_name);
        text["kind"] = value(kind_word(form.kind));
        text["repr"] = value(repr.unwrap_or(Repr::U32).name());
        text["summary"] = value(&form.summary);
        text["source"] = Item::Table(Table::new());
        text["source"]["document"] = value(self.document.unwrap_or(&self.table.title));
        self.stamp(&mut text);
        self.diagnostics.push(
            Diagnostic::warning("new-table", format!("a new table: {}", quoted(&form.file)))
                .at(&self.table.span, "listed here")
                .help("add where the document is published: `url = \"https://…\"` under `[source]`"),
        );
        let mut rows = Rows { tables: Vec::new() };
        self.add(&mut rows, &self.table.rows.iter().filter(|row| !row.is_alias).collect::<Vec<_>>(), None);
        rows.write_to(&mut text);
        // In the repository itself, editors know the form of a table.
        let schema = if edition.folder.starts_with("codes/") { "#:schema ../../../generated/schema/table.json\n" } else { "" };
        format!("{schema}{text}")
    }

    /// A table that exists. Nothing is returned if it must not be written.
    fn update(mut self, before: &Arc<SourceFile>) -> Option<String> {
        let mut faults = Vec::new();
        raw::parse(before, &mut faults);
        let broken = faults.iter().any(|fault| fault.severity == Severity::Error);
        self.diagnostics.append(&mut faults);
        let Some(mut text) = before.text.parse::<DocumentMut>().ok().filter(|_| !broken) else {
            self.diagnostics.push(
                Diagnostic::error("broken-table", "the table cannot be brought up to date before it is mended")
                    .in_file(&before.path),
            );
            return None;
        };
        let Some(mut rows) = Rows::of(&text) else {
            self.diagnostics.push(
                Diagnostic::error("broken-table", "the rows of the table are not written as `[[code]]`")
                    .in_file(&before.path)
                    .help("begin each row with a line `[[code]]`"),
            );
            return None;
        };
        if text.get("title").and_then(Item::as_str).is_some_and(|title| title != self.table.title) {
            set(text.as_table_mut(), "title", Some(self.table.title.as_str().into()));
        }
        let mut seen = HashSet::new();
        let mut new = Vec::new();
        for row in self.table.rows.iter().filter(|row| !row.is_alias) {
            match rows.find(row) {
                Some(at) => {
                    seen.insert(at);
                    self.revise(&mut rows.tables[at], row);
                }
                None => new.push(row),
            }
        }
        self.check_aliases(&rows);
        let vanished: Vec<usize> = (0..rows.tables.len()).filter(|at| !seen.contains(at) && rows.is_live(*at)).collect();
        if !self.drop_vanished(&mut rows, &vanished, before) {
            return None;
        }
        let unknown = text.get("reconnect").and_then(|reconnect| reconnect.get("unknown"));
        self.add(&mut rows, &new, unknown);
        rows.write_to(&mut text);
        let given = self.options.date.is_some() || self.options.revision.is_some();
        if given || text.to_string() != before.text {
            self.stamp(&mut text);
        }
        Some(text.to_string())
    }

    /// Writes when, and at which revision, the document was read.
    fn stamp(&self, text: &mut DocumentMut) {
        let Some(source) = text.get_mut("source").and_then(Item::as_table_like_mut) else { return };
        let date = self.options.date.as_deref().unwrap_or(&self.options.today);
        let date: Value = date.parse::<toml_edit::Datetime>().map_or_else(|_| date.into(), Into::into);
        set(source, "date", Some(date));
        match &self.options.revision {
            Some(revision) => set(source, "revision", Some(revision.as_str().into())),
            // The revision that is written there is of another day.
            None if self.options.date.is_none() => set(source, "revision", None),
            None => {}
        }
    }

    /// Updates the documented facts of a row.
    fn revise(&mut self, row: &mut Table, observed: &ObservedRow) {
        let name = row.get("name").and_then(Item::as_str).unwrap_or_default().to_owned();
        let ident = row.get("ident").and_then(Item::as_str).unwrap_or_default().to_owned();
        let text = row.get("text").and_then(Item::as_str).map(str::to_owned);
        let renamed = restyled(&name) != restyled(&observed.name);
        let sentence = observed.sentence.as_deref().filter(|sentence| *sentence != observed.name);
        let now = observed.sentence.as_deref().map(fingerprint);
        let reworded = text.is_some() && now.is_some() && text != now;
        if renamed {
            let proposal = propose(&observed.name, observed.value.first());
            let mut diagnostic = Diagnostic::warning(
                "renamed",
                format!("{} is now called {}; it was {}", observed.value, quoted(&observed.name), quoted(&name)),
            )
            .at(&observed.span, "here");
            if proposal != ident {
                diagnostic = diagnostic.help(format!(
                    "the identifier stays `{ident}`; to rename it, write `ident = \"{proposal}\"` and `renamed_from = \"{ident}\"`"
                ));
            }
            self.diagnostics.push(diagnostic);
        }
        if let (true, Some(sentence)) = (reworded, sentence) {
            let what = if renamed { "redefined" } else { "reworded" };
            self.diagnostics.push(
                Diagnostic::warning(what, format!("the document says something else of {}", observed.value))
                    .at(&observed.span, "here")
                    .help(format!("it says now: {}", quoted(sentence)))
                    .help("look at `summary` and `policy` again"),
            );
        }
        set(row, "name", Some(observed.name.as_str().into()));
        set(row, "status", status_word(observed.status).map(Into::into));
        if let Some(direction) = observed.direction {
            set(row, "direction", Some(direction_word(direction).into()));
        }
        if let Some(format) = observed.format {
            set(row, "format", Some(format_word(format).into()));
        }
        if let Some(reconnect) = observed.reconnect {
            set(row, "reconnect", Some(reconnect.into()));
        }
        if let Some(now) = now {
            set(row, "text", Some(now.into()));
            if self.table.form.kind == Kind::CloseCodes {
                set(row, "advice", advice_of(observed));
            }
        }
    }

    /// Names of numbers that have another name already. Existing rows keep the aliases that people gave them.
    fn check_aliases(&mut self, rows: &Rows) {
        for alias in self.table.rows.iter().filter(|row| row.is_alias) {
            let ident = propose(&alias.name, alias.value.first());
            let row = rows.tables.iter().find(|row| value_of(row) == Some(alias.value));
            let known = row.is_some_and(|row| {
                let aliases = row.get("aliases").and_then(Item::as_array);
                aliases.is_some_and(|aliases| aliases.iter().any(|known| known.as_str() == Some(&ident)))
            });
            if row.is_some() && !known {
                self.diagnostics.push(
                    Diagnostic::warning("new-alias", format!("{} has another name: {}", alias.value, quoted(&alias.name)))
                        .at(&alias.span, "here")
                        .help(format!("add `\"{ident}\"` to the `aliases` of its row")),
                );
            }
        }
    }

    /// Marks rows that left the page, or deletes them. Whether the import may go on.
    fn drop_vanished(&mut self, rows: &mut Rows, vanished: &[usize], before: &SourceFile) -> bool {
        if vanished.is_empty() {
            return true;
        }
        let codes: Vec<String> =
            vanished.iter().filter_map(|at| value_of(&rows.tables[*at])).map(|value| value.to_string()).collect();
        let live = (0..rows.tables.len()).filter(|at| rows.is_live(*at)).count();
        if self.options.prune {
            let mut at = 0;
            rows.tables.retain(|_| {
                at += 1;
                !vanished.contains(&(at - 1))
            });
        } else if self.table.unread > 0 {
            self.diagnostics.push(
                Diagnostic::warning(
                    "cannot-tell",
                    format!("{} cannot be told to be gone: rows of the table could not be read", codes.join(", ")),
                )
                .at(&self.table.span, "in this table")
                .help("mend the page and import again"),
            );
        } else if vanished.len() * LARGEST_LOSS > live {
            self.diagnostics.push(
                Diagnostic::error(
                    "too-many-gone",
                    format!("{} of {live} rows are not on the page: {}", vanished.len(), codes.join(", ")),
                )
                .at(&self.table.span, "this table has far fewer rows than the one of ours")
                .in_file(&before.path)
                .help("no file was changed; if the document has really dropped them, `--prune` deletes them"),
            );
            return false;
        } else {
            for at in vanished {
                set(&mut rows.tables[*at], "status", Some("removed".into()));
            }
        }
        true
    }

    /// Adds rows, each at the place of its number. `unknown` is the table's answer to unknown close codes.
    fn add(&mut self, rows: &mut Rows, new: &[&ObservedRow], unknown: Option<&Item>) {
        let taken: HashSet<String> = rows.tables.iter().flat_map(idents).collect();
        let names: Vec<(&str, u32)> = new.iter().map(|row| (row.name.as_str(), row.value.first())).collect();
        let idents = propose_all(&names, |ident| taken.contains(ident));
        let mut built = Vec::new();
        for (row, ident) in new.iter().zip(idents) {
            let aliases = self.table.rows.iter().filter(|other| other.is_alias && other.value == row.value);
            let aliases: Vec<String> = aliases.map(|alias| propose(&alias.name, alias.value.first())).collect();
            let mut table = build(row, &ident, &aliases);
            if self.table.form.kind == Kind::CloseCodes {
                set(&mut table, "advice", advice_of(row));
                set(&mut table, "policy", propose_policy(row, unknown).map(Into::into));
            }
            built.push((order(row.value, row.status != Status::Removed), table));
            let sentence = row.sentence.as_deref().filter(|sentence| *sentence != row.name);
            if let (Some(sentence), true) = (sentence, row.status != Status::Removed) {
                self.diagnostics.push(
                    Diagnostic::warning("summary-needed", format!("{} is new: {}", row.value, quoted(&row.name)))
                        .at(&row.span, "here")
                        .help(format!("the page says: {}", quoted(sentence)))
                        .help(format!(
                            "`ident` is `{ident}`; write a `summary` in your own words{}",
                            match self.table.form.kind {
                                Kind::CloseCodes => ", and look at the proposed `policy`",
                                _ => "",
                            }
                        )),
                );
            }
        }
        rows.insert(built);
    }
}

/// The rows of a table, while they are being edited.
struct Rows {
    tables: Vec<Table>,
}

impl Rows {
    fn of(text: &DocumentMut) -> Option<Self> {
        let tables = match text.get("code") {
            None => Vec::new(),
            Some(code) => code.as_array_of_tables()?.iter().cloned().collect(),
        };
        Some(Self { tables })
    }

    fn is_live(&self, at: usize) -> bool {
        is_live(&self.tables[at])
    }

    /// The row that speaks of the same code: the same number, and live as the observed row is; or the same code, struck out
    /// or restored since.
    fn find(&self, observed: &ObservedRow) -> Option<usize> {
        let live = observed.status != Status::Removed;
        let of_value: Vec<usize> =
            (0..self.tables.len()).filter(|at| value_of(&self.tables[*at]) == Some(observed.value)).collect();
        let same_state = of_value.iter().copied().find(|at| self.is_live(*at) == live);
        same_state.or_else(|| {
            let name = |at: &usize| self.tables[*at].get("name").and_then(Item::as_str).unwrap_or_default();
            of_value.iter().copied().find(|at| restyled(name(at)) == restyled(&observed.name))
        })
    }

    /// Puts rows in the order of their numbers between those that are there.
    fn insert(&mut self, mut new: Vec<((u32, u32, bool), Table)>) {
        new.sort_by_key(|(order, _)| *order);
        let mut merged = Vec::with_capacity(self.tables.len() + new.len());
        let mut new = new.into_iter().peekable();
        for row in std::mem::take(&mut self.tables) {
            let here = value_of(&row).map(|value| order(value, is_live(&row)));
            while let (Some((order, _)), Some(here)) = (new.peek(), here) {
                if *order >= here {
                    break;
                }
                merged.extend(new.next().map(|(_, row)| row));
            }
            merged.push(row);
        }
        merged.extend(new.map(|(_, row)| row));
        self.tables = merged;
    }

    /// Puts the rows back where they were in the text, new ones between them.
    fn write_to(self, text: &mut DocumentMut) {
        let first = self.tables.iter().filter_map(Table::position).min().unwrap_or(isize::MAX / 2);
        let mut code = ArrayOfTables::new();
        for (at, mut row) in self.tables.into_iter().enumerate() {
            row.set_position(isize::try_from(at).ok().and_then(|at| first.checked_add(at)));
            code.push(row);
        }
        if code.is_empty() {
            text.remove("code");
        } else {
            text["code"] = Item::ArrayOfTables(code);
        }
    }
}

fn build(row: &ObservedRow, ident: &str, aliases: &[String]) -> Table {
    let mut table = Table::new();
    table.decor_mut().set_prefix("\n");
    match row.value {
        ObservedValue::Value(number) => table["value"] = value(i64::from(number)),
        ObservedValue::Range(range) => table["range"] = value(range.map(i64::from).into_iter().collect::<Array>()),
    }
    table["name"] = value(&row.name);
    table["ident"] = value(ident);
    if !aliases.is_empty() {
        table["aliases"] = value(aliases.iter().collect::<Array>());
    }
    set(&mut table, "status", status_word(row.status).map(Into::into));
    set(&mut table, "direction", row.direction.map(direction_word).map(Into::into));
    set(&mut table, "format", row.format.map(format_word).map(Into::into));
    set(&mut table, "reconnect", row.reconnect.map(Into::into));
    set(&mut table, "text", row.sentence.as_deref().map(fingerprint).map(Into::into));
    table
}

fn advice_of(row: &ObservedRow) -> Option<Value> {
    row.sentence.as_deref().and_then(advice).map(action_word).map(Into::into)
}

/// Sets, changes or removes a key. What does not change is not touched, and a new key goes where its kind belongs.
fn set(table: &mut dyn toml_edit::TableLike, key: &str, new: Option<Value>) {
    let Some(mut new) = new else {
        table.remove(key);
        return;
    };
    if let Some(old) = table.get_mut(key).and_then(Item::as_value_mut) {
        let same = match (&*old, &new) {
            (Value::String(old), Value::String(new)) => old.value() == new.value(),
            (Value::Boolean(old), Value::Boolean(new)) => old.value() == new.value(),
            (Value::Datetime(old), Value::Datetime(new)) => old.value() == new.value(),
            _ => false,
        };
        if !same {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        return;
    }
    let rank = |key: &str| KEYS.iter().position(|known| *known == key).unwrap_or(KEYS.len());
    let mut order: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
    let at = order.iter().position(|other| rank(other) > rank(key)).unwrap_or(order.len());
    order.insert(at, key.to_owned());
    table.insert(key, Item::Value(new));
    let place = |key: &str| order.iter().position(|other| other == key);
    if at + 1 < order.len() {
        reorder(table, &place);
    }
}

/// Puts the keys of a table in a given order, each with its comments.
fn reorder(table: &mut dyn toml_edit::TableLike, place: &dyn Fn(&str) -> Option<usize>) {
    let mut entries: Vec<(toml_edit::Key, Item)> = Vec::new();
    let keys: Vec<String> = table.iter().map(|(key, _)| key.to_owned()).collect();
    for key in keys {
        let full = table.key(&key).cloned();
        if let (Some(full), Some(item)) = (full, table.remove(&key)) {
            entries.push((full, item));
        }
    }
    entries.sort_by_key(|(key, _)| place(key.get()));
    for (key, item) in entries {
        table.entry_format(&key).or_insert(item);
    }
}

fn value_of(row: &Table) -> Option<ObservedValue> {
    let number = |item: i64| u32::try_from(item).ok();
    if let Some(single) = row.get("value").and_then(Item::as_integer) {
        return number(single).map(ObservedValue::Value);
    }
    let range = row.get("range")?.as_array()?;
    let bounds: Vec<u32> = range.iter().filter_map(Value::as_integer).filter_map(number).collect();
    <[u32; 2]>::try_from(bounds).ok().map(ObservedValue::Range)
}

fn is_live(row: &Table) -> bool {
    row.get("status").and_then(Item::as_str) != Some("removed")
}

/// Rows stand in the order of their numbers; of one number, the removed row comes first.
fn order(value: ObservedValue, live: bool) -> (u32, u32, bool) {
    (value.first(), value.last(), live)
}

/// All identifiers of a row: its own, its aliases, its former ones.
fn idents(row: &Table) -> Vec<String> {
    let texts = |key: &str| -> Vec<String> {
        match row.get(key) {
            Some(Item::Value(Value::String(text))) => vec![text.value().clone()],
            Some(Item::Value(Value::Array(texts))) => texts.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    };
    ["ident", "aliases", "renamed_from"].into_iter().flat_map(texts).collect()
}

fn kind_word(kind: Kind) -> &'static str {
    match kind {
        Kind::Opcodes => "opcodes",
        Kind::CloseCodes => "close-codes",
        Kind::StatusCodes => "status-codes",
        Kind::ErrorCodes => "error-codes",
    }
}

/// The word for a status, where there is one to write.
#[must_use]
pub fn status_word(status: Status) -> Option<&'static str> {
    match status {
        Status::Active => None,
        Status::Deprecated => Some("deprecated"),
        Status::Removed => Some("removed"),
    }
}

/// The word for a direction.
#[must_use]
pub fn direction_word(direction: Direction) -> &'static str {
    match direction {
        Direction::Send => "send",
        Direction::Receive => "receive",
        Direction::Both => "both",
    }
}

/// The word for a format.
#[must_use]
pub fn format_word(format: Format) -> &'static str {
    match format {
        Format::Json => "json",
        Format::Binary => "binary",
    }
}
