//! Edits of the text of a table: values replaced, keys and rows put in or taken out, every other byte as it was.
//!
//! Takes a text and what is to be different, and returns the new text. Places come from a TOML parser; nothing is printed
//! again that is not new, so that comments, order, indentation and line ends are as they were.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use toml::de::{DeTable, DeValue};

use super::lines::{line_end, line_end_length, line_start, next_line};
use super::places::{Form, KeyPlace, Place, ends, headers, place};
use super::schema::{key_order, source_key_order};

/// A key and its value as TOML.
pub(crate) type Pair = (&'static str, String);

/// The text of a table while it is edited.
pub(crate) struct Editor<'a> {
    text: &'a str,
    eol: &'static str,
    rows: Vec<Place>,
    /// The list of rows, where it is written as `code = […]`.
    list: Option<Range<usize>>,
    /// The tables that are no rows, by their names.
    tables: BTreeMap<String, Place>,
    /// The values of keys above the rows that are texts.
    texts: BTreeMap<String, Range<usize>>,
    /// The headers of tables that are not of rows.
    headers: Vec<usize>,
    /// Where values and headers end, in order.
    ends: Vec<usize>,
    edits: Vec<(Range<usize>, String)>,
}

impl<'a> Editor<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        let (document, _) = DeTable::parse_recoverable(text);
        let mut editor = Self {
            text,
            eol: if text.contains("\r\n") { "\r\n" } else { "\n" },
            rows: Vec::new(),
            list: None,
            tables: BTreeMap::new(),
            texts: BTreeMap::new(),
            headers: Vec::new(),
            ends: Vec::new(),
            edits: Vec::new(),
        };
        for (key, value) in document.get_ref() {
            match (key.get_ref().as_ref(), value.get_ref()) {
                ("code", DeValue::Array(rows)) => {
                    for row in rows {
                        if let DeValue::Table(table) = row.get_ref() {
                            editor.rows.push(place(text, row.span(), table));
                        }
                    }
                    let is_list = !text[value.span()].starts_with("[[");
                    editor.list = is_list.then(|| value.span());
                }
                (name, DeValue::Table(table)) => {
                    let place = place(text, value.span(), table);
                    headers(text, value.span(), table, &mut editor.headers);
                    editor.tables.insert(name.to_owned(), place);
                }
                (name, DeValue::String(_)) => drop(editor.texts.insert(name.to_owned(), value.span())),
                _ => {}
            }
            ends(value.get_ref(), value.span(), &mut editor.ends);
        }
        editor.rows.sort_by_key(|row| row.span.start);
        editor.ends.sort_unstable();
        editor
    }

    /// Sets, changes or removes keys of a row.
    pub(crate) fn set_in_row(&mut self, row: usize, pairs: &[(&'static str, Option<String>)]) {
        if let Some(place) = self.rows.get(row) {
            let edits = set(self.text, self.eol, place, "", pairs, rank_in_row);
            self.edits.extend(edits);
        }
    }

    /// Sets, changes or removes keys of a page: of `[source]`, or of one in `sources.toml`.
    pub(crate) fn set_in_table(&mut self, name: &str, pairs: &[(&'static str, Option<String>)]) {
        if let Some(place) = self.tables.get(name) {
            let edits = set(self.text, self.eol, place, &format!("{name}."), pairs, rank_in_source);
            self.edits.extend(edits);
        }
    }

    /// Writes another value for a key above the rows whose value is a text.
    pub(crate) fn set_text(&mut self, key: &str, value: String) {
        self.edits.extend(self.texts.get(key).map(|span| (span.clone(), value)));
    }

    /// Writes the value of a key of a row otherwise, or that of each key of a table.
    pub(crate) fn rewrite(&mut self, row: Option<usize>, name: &str, write: impl Fn(&str) -> String) {
        let keys = match row {
            Some(row) => self.rows.get(row).map(|row| row.keys.iter().filter(|key| key.name == name).collect::<Vec<_>>()),
            None => self.tables.get(name).map(|table| table.keys.iter().collect()),
        };
        for value in keys.into_iter().flatten().map(|key| key.value.clone()) {
            let text = write(&self.text[value.clone()]);
            self.edits.push((value, text));
        }
    }

    /// Takes out a table with a header of its own.
    pub(crate) fn delete_table(&mut self, name: &str) {
        let Some(table) = self.tables.get(name).filter(|table| table.form == Form::Header) else { return };
        self.edits.push((line_start(self.text, table.span.start)..next_line(self.text, table.end), String::new()));
    }

    /// Names a page of `sources.toml`, in place of another one or of a page of its own.
    pub(crate) fn set_page(&mut self, name: &str) {
        if self.texts.contains_key("source") {
            return self.set_text("source", name.to_owned());
        }
        let Some(place) = self.tables.get("source") else { return };
        if place.form == Form::Inline {
            self.edits.push((place.span.clone(), name.to_owned()));
            return;
        }
        let lines = place.keys.iter().map(|key| line_start(self.text, key.key.start)..next_line(self.text, key.end));
        let header =
            (place.form == Form::Header).then(|| line_start(self.text, place.span.start)..next_line(self.text, place.span.end));
        let first = self.headers.iter().copied().chain(self.rows.first().map(|row| row.span.start)).min();
        let first = first.map_or(self.text.len(), |first| line_start(self.text, first));
        self.edits.push((first..first, format!("source = {name}{}", self.eol)));
        self.edits.extend(header.into_iter().chain(lines).map(|range| (range, String::new())));
    }

    /// Puts in rows, each before one that is there or, without one, behind the last.
    pub(crate) fn insert_rows(&mut self, new: Vec<(Option<usize>, Vec<Pair>)>) {
        let mut by_place: BTreeMap<usize, Vec<Vec<Pair>>> = BTreeMap::new();
        for (before, pairs) in new {
            by_place.entry(before.unwrap_or(usize::MAX)).or_default().push(pairs);
        }
        for (before, rows) in by_place {
            let edit = match (&self.list, self.rows.get(before)) {
                (Some(_), Some(next)) => self.inline_before(next, &rows),
                (Some(list), None) => self.inline_last(list.clone(), &rows),
                (None, Some(next)) => self.block_before(next, &rows),
                (None, None) => self.block_last(&rows),
            };
            self.edits.push(edit);
        }
    }

    /// Takes out rows, with the comments right above them. Whether that can be done: not where another table is between the
    /// parts of a row.
    pub(crate) fn delete_rows(&mut self, rows: &[usize]) -> bool {
        let is_split = |row: &Place| self.headers.iter().any(|header| row.span.start < *header && *header < row.end);
        if rows.iter().any(|row| is_split(&self.rows[*row])) {
            return false;
        }
        let mut edits = Vec::new();
        let mut at = 0;
        while at < rows.len() {
            let first = rows[at];
            while rows.get(at + 1).is_some_and(|next| *next == rows[at] + 1 && !self.are_apart(rows[at], *next)) {
                at += 1;
            }
            edits.push((self.extent(first, rows[at]), String::new()));
            at += 1;
        }
        self.edits.extend(edits);
        true
    }

    /// Whether another table begins between two rows.
    fn are_apart(&self, row: usize, next: usize) -> bool {
        let between = self.rows[row].span.start..self.rows[next].span.start;
        self.headers.iter().any(|header| between.contains(header))
    }

    /// The new text.
    pub(crate) fn finish(mut self) -> String {
        self.edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut text = String::with_capacity(self.text.len());
        let mut at = 0;
        for (range, new) in self.edits {
            text.push_str(&self.text[at..range.start.max(at)]);
            text.push_str(&new);
            at = range.end.max(at);
        }
        text.push_str(&self.text[at..]);
        text
    }

    /// The bytes of adjacent rows, with what separates them from others.
    fn extent(&self, first: usize, last: usize) -> Range<usize> {
        let (start, end) = (&self.rows[first], &self.rows[last]);
        if self.list.is_some() {
            return match (first.checked_sub(1), self.rows.get(last + 1)) {
                (Some(before), _) => self.rows[before].span.end..end.span.end,
                (None, Some(next)) => start.span.start..next.span.start,
                (None, None) => start.span.start..end.span.end,
            };
        }
        let above = self.above(start);
        let blank = self.text[..above].trim_end_matches([' ', '\t', '\r', '\n']).len();
        let blank = (blank + line_end_length(&self.text[blank..])).min(above);
        blank..next_line(self.text, end.end)
    }

    fn block_before(&self, next: &Place, rows: &[Vec<Pair>]) -> (Range<usize>, String) {
        let at = self.above(next);
        let is_apart =
            at == 0 || self.text[..at].lines().next_back().is_none_or(|line| line.trim().is_empty()) || self.rows.len() == 1;
        let gap = if is_apart { self.eol } else { "" };
        let blocks: String = rows.iter().flat_map(|row| [self.block(row, next), self.eol.to_owned(), gap.to_owned()]).collect();
        (at..at, blocks)
    }

    fn block_last(&self, rows: &[Vec<Pair>]) -> (Range<usize>, String) {
        let Some(last) = self.rows.last() else {
            let end = self.text.len();
            let first = if self.text.is_empty() || self.text.ends_with('\n') { "" } else { self.eol };
            let blocks: String =
                rows.iter().flat_map(|row| [self.eol.to_owned(), block("", "", self.eol, row), self.eol.to_owned()]).collect();
            return (end..end, format!("{first}{blocks}"));
        };
        let at = line_end(self.text, last.end);
        (at..at, rows.iter().flat_map(|row| [self.eol.repeat(2), self.block(row, last)]).collect())
    }

    /// A row as text, indented as another one.
    fn block(&self, pairs: &[Pair], like: &Place) -> String {
        let indent = |at: usize| {
            let start = line_start(self.text, at);
            let blank: &str = &self.text[start..at];
            if blank.trim().is_empty() { blank } else { "" }
        };
        let keys = like.keys.first().map_or("", |key| indent(key.key.start));
        block(indent(like.span.start), keys, self.eol, pairs)
    }

    fn inline_before(&self, next: &Place, rows: &[Vec<Pair>]) -> (Range<usize>, String) {
        let start = next.span.start;
        let indent = &self.text[line_start(self.text, start)..start];
        if !indent.trim().is_empty() {
            return (start..start, rows.iter().map(|row| format!("{}, ", inline(row))).collect());
        }
        let above = self.above(next);
        (above..above, rows.iter().map(|row| format!("{indent}{},{}", inline(row), self.eol)).collect())
    }

    fn inline_last(&self, array: Range<usize>, rows: &[Vec<Pair>]) -> (Range<usize>, String) {
        let Some(last) = self.rows.last() else {
            let at = array.start + 1;
            let all: Vec<String> = rows.iter().map(|row| inline(row)).collect();
            return (at..at, all.join(", "));
        };
        let (at, gap) = (last.span.end, self.gap(last));
        (at..at, rows.iter().flat_map(|row| [format!(",{gap}"), inline(row)]).collect())
    }

    /// What separates a row of a list from its neighbours: a line end and its indentation, or a space.
    fn gap(&self, row: &Place) -> String {
        let start = line_start(self.text, row.span.start);
        let indent = &self.text[start..row.span.start];
        if indent.trim().is_empty() { format!("{}{indent}", self.eol) } else { " ".to_owned() }
    }

    /// The start of a row with the comments right above it.
    fn above(&self, row: &Place) -> usize {
        let mut at = line_start(self.text, row.span.start);
        // No comment is above the end of the last value before.
        let before = self.ends[..self.ends.partition_point(|end| *end <= row.span.start)].last().copied();
        let floor = before.map_or(0, |end| next_line(self.text, end));
        while at > floor {
            let start = line_start(self.text, at - 1);
            if !self.text[start..at].trim_start().starts_with('#') || start < floor {
                break;
            }
            at = start;
        }
        at
    }
}

/// The rank of a key of a row: facts come first, in their order.
fn rank_in_row(key: &str) -> usize {
    static ORDER: LazyLock<Vec<String>> = LazyLock::new(key_order);
    rank(&ORDER, key)
}

/// The rank of a key of `[source]`.
fn rank_in_source(key: &str) -> usize {
    static ORDER: LazyLock<Vec<String>> = LazyLock::new(source_key_order);
    rank(&ORDER, key)
}

fn rank(order: &[String], key: &str) -> usize {
    order.iter().position(|known| known == key).unwrap_or(order.len())
}

fn set(
    text: &str,
    eol: &str,
    place: &Place,
    prefix: &str,
    pairs: &[(&'static str, Option<String>)],
    order: fn(&str) -> usize,
) -> Vec<(Range<usize>, String)> {
    let mut edits = Vec::new();
    let present = |name: &str| place.keys.iter().position(|key| key.name == name);
    let removed: Vec<usize> = pairs.iter().filter(|(_, value)| value.is_none()).filter_map(|(name, _)| present(name)).collect();
    for (name, value) in pairs {
        match (present(name), value) {
            (Some(at), Some(value)) => edits.push((place.keys[at].value.clone(), value.clone())),
            (Some(at), None) => edits.push(removal(text, place, at, &removed)),
            (None, Some(value)) => {
                let kept = place.keys.iter().enumerate().filter(|(at, _)| !removed.contains(at)).map(|(_, key)| key);
                let behind: Vec<&KeyPlace> = kept.clone().take_while(|key| order(&key.name) <= order(name)).collect();
                edits.push(addition(text, eol, place, prefix, behind.last().copied(), kept.clone().next(), (name, value)));
            }
            (None, None) => {}
        }
    }
    edits
}

/// A new key behind another one, or before all.
fn addition(
    text: &str,
    eol: &str,
    place: &Place,
    prefix: &str,
    behind: Option<&KeyPlace>,
    first: Option<&KeyPlace>,
    (name, value): (&str, &str),
) -> (Range<usize>, String) {
    if place.form == Form::Inline {
        return match (behind, first) {
            (Some(behind), _) => (behind.end..behind.end, format!(", {name} = {value}")),
            (None, Some(first)) => (first.key.start..first.key.start, format!("{name} = {value}, ")),
            (None, None) => (place.span.start + 1..place.span.start + 1, format!(" {name} = {value} ")),
        };
    }
    let prefix = if place.form == Form::Dotted { prefix } else { "" };
    let indent = behind.or(first).map_or("", |key| {
        let indent = &text[line_start(text, key.key.start)..key.key.start];
        &indent[..indent.len() - indent.trim_start_matches([' ', '\t']).len()]
    });
    let anchor = behind.map_or(place.span.end, |key| key.end);
    let at = line_end(text, anchor);
    (at..at, format!("{eol}{indent}{prefix}{name} = {value}"))
}

/// The removal of a key. A comment beside it stays, on a line of its own.
fn removal(text: &str, place: &Place, at: usize, removed: &[usize]) -> (Range<usize>, String) {
    let key = &place.keys[at];
    if place.form == Form::Inline {
        let kept_before = (0..at).rev().find(|other| !removed.contains(other));
        let next = place.keys.get(at + 1);
        return match (kept_before, next) {
            (Some(_), _) => (place.keys[at - 1].end..key.end, String::new()),
            (None, Some(next)) => (key.key.start..next.key.start, String::new()),
            (None, None) => (key.key.start..key.end, String::new()),
        };
    }
    let end = line_end(text, key.end);
    let start = line_start(text, key.key.start);
    if text[key.end..end].trim_start().starts_with('#') {
        let comment = key.end + (text[key.end..end].len() - text[key.end..end].trim_start().len());
        return (start + (text[start..].len() - text[start..].trim_start_matches([' ', '\t']).len())..comment, String::new());
    }
    let next = next_line(text, key.end);
    if next == end && start > 0 {
        // The last line of a text without a line end.
        return (line_end(text, start - 1).min(start - 1)..end, String::new());
    }
    (start..next, String::new())
}

fn block(indent: &str, key_indent: &str, eol: &str, pairs: &[Pair]) -> String {
    let keys = pairs.iter().flat_map(|(key, value)| [eol, key_indent, key, " = ", value]);
    [indent, "[[code]]"].into_iter().chain(keys).collect()
}

fn inline(pairs: &[Pair]) -> String {
    let keys: Vec<String> = pairs.iter().map(|(key, value)| format!("{key} = {value}")).collect();
    format!("{{ {} }}", keys.join(", "))
}
