//! Pages that TypeDoc prints of an enum, old style and new.
//!
//! A member is one line, ``• **Name** = `4005` `` or ``> **name**: `500` ``; below it stand its sentence and where it is
//! defined. Enums may give one number two names.

use std::sync::Arc;

use super::cells;
use super::columns::without_status;
use super::observe::{ObservedRow, ObservedTable, ObservedValue, Page, place};
use super::tables::{self, Heading};
use crate::diagnostic::{Diagnostic, quoted};
use crate::model::Status;
use crate::source::{SourceFile, Span};

/// Whether a line names a member and its value.
pub(super) fn is_member(line: &str) -> bool {
    member(line).is_some()
}

/// The name, as Markdown, and the value of a member.
fn member(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches('\u{FEFF}').trim();
    let rest = line.strip_prefix('•').or_else(|| line.strip_prefix('>')).or_else(|| line.strip_prefix("\\>"))?;
    let open = rest.find("**")?;
    let before = rest[..open].trim();
    // Modifiers such as `Const` may stand before the name; a sentence in bold may not.
    let only_modifiers = before.split_whitespace().all(|word| word.starts_with('`') && word.ends_with('`'));
    let after = &rest[open + 2..];
    let close = after.find("**")?;
    let value = after[close + 2..].trim_start();
    let value = value.strip_prefix(':').map_or(value, str::trim_start);
    let value = value.strip_prefix('=').map_or(value, str::trim_start);
    only_modifiers.then(|| (&after[..close], value.trim_end().trim_matches('`').trim()))
}

/// Reads the enum or enums of a page.
pub(super) fn read(page: &Arc<SourceFile>, diagnostics: &mut Vec<Diagnostic>) -> Page {
    let mut reader =
        Reader { page, diagnostics, title: None, heading: None, tables: Vec::new(), defined: Vec::new(), state: State::Outside };
    let mut start = 0;
    for line in page.text.split_inclusive('\n') {
        reader.line(line.trim_end_matches(['\n', '\r']), start);
        start += line.len();
    }
    reader.finish()
}

/// What the lines below belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// No member yet.
    Outside,
    /// The sentence of the member before.
    Sentence,
    /// What says why the member is deprecated.
    Deprecated,
    /// Something else about the member before.
    Other,
}

struct Reader<'a> {
    page: &'a Arc<SourceFile>,
    diagnostics: &'a mut Vec<Diagnostic>,
    title: Option<String>,
    heading: Option<Heading>,
    tables: Vec<ObservedTable>,
    /// For each row of the last table, the line of the source at which the member is defined.
    defined: Vec<Option<u32>>,
    state: State,
}

impl Reader<'_> {
    fn line(&mut self, line: &str, start: usize) {
        let trimmed = line.trim_start_matches('\u{FEFF}').trim();
        let level = trimmed.len() - trimmed.trim_start_matches('#').len();
        if let Some((name, value)) = member(line) {
            self.member(name, value, place(self.page, start, 0..line.trim_end().len()));
        } else if level > 0 {
            self.heading(level, trimmed[level..].trim(), place(self.page, start, 0..line.len()));
        } else if trimmed.starts_with("Defined in") || trimmed.starts_with('[') && self.state == State::Other {
            self.state = State::Other;
            self.defined_at(trimmed);
        } else if matches!(trimmed, "***" | "___" | "---") {
            self.state = State::Other;
        } else if self.state == State::Sentence && !trimmed.is_empty() {
            self.sentence(trimmed);
        }
    }

    fn heading(&mut self, level: usize, text: &str, span: Span) {
        let text = cells::plain(text);
        let enum_name = ["Enumeration:", "Enum:"].iter().find_map(|mark| text.strip_prefix(mark));
        if let Some(name) = enum_name {
            let name = cells::plain(name.split('<').next().unwrap_or_default());
            self.title.get_or_insert_with(|| name.clone());
            self.heading = Some(Heading { level, text: name, span });
            self.state = State::Outside;
            return;
        }
        if level == 1 {
            self.title.get_or_insert_with(|| text.clone());
            self.heading.get_or_insert(Heading { level, text: text.clone(), span });
        }
        let deprecated = text.eq_ignore_ascii_case("deprecated");
        let member = self.tables.last_mut().and_then(|table| table.rows.last_mut());
        if let Some(row) = member.filter(|_| deprecated && self.state != State::Outside) {
            row.status = Status::Deprecated;
        }
        self.state = if deprecated { State::Deprecated } else { State::Other };
    }

    fn member(&mut self, name: &str, value: &str, span: Span) {
        let Some(heading) = self.heading.clone() else {
            self.diagnostics.push(
                Diagnostic::error("table-without-heading", "a member outside of any enum")
                    .at(&span, "it is not read")
                    .help("an enum page begins with `# Enumeration: Name`"),
            );
            return;
        };
        let form = tables::form_of(std::slice::from_ref(&heading));
        if self.tables.last().is_none_or(|table| table.form.file != form.file) {
            self.tables.push(ObservedTable { form, title: heading.text, span: heading.span, rows: Vec::new(), unread: 0 });
            self.defined.clear();
        }
        let Some(table) = self.tables.last_mut() else { return };
        let cell = cells::read(name);
        let (name, status) = without_status(&cell.plain);
        self.state = State::Sentence;
        match value.parse() {
            Ok(number) if !name.is_empty() => {
                // TypeDoc strikes out what the source calls deprecated; the member is still there.
                let status = if cell.struck { Status::Deprecated } else { status };
                table.rows.push(ObservedRow {
                    value: ObservedValue::Value(number),
                    name,
                    sentence: None,
                    status,
                    direction: None,
                    format: None,
                    reconnect: None,
                    is_alias: false,
                    span,
                });
                self.defined.push(None);
            }
            _ => {
                table.unread += 1;
                self.state = State::Other;
                let what = if name.is_empty() {
                    "a member without a name".to_owned()
                } else {
                    format!("{} has no number", quoted(&name))
                };
                self.diagnostics.push(
                    Diagnostic::error("row-without-code", what)
                        .at(&span, format!("its value is {}", quoted(value)))
                        .help("only members with a whole number from 0 to 4294967295 are codes"),
                );
            }
        }
    }

    fn sentence(&mut self, line: &str) {
        if let Some(row) = self.tables.last_mut().and_then(|table| table.rows.last_mut()) {
            let plain = cells::plain(line);
            let sentence = row.sentence.get_or_insert_default();
            *sentence = cells::folded(&format!("{sentence} {plain}"));
        }
    }

    /// Notes the line of the source, as in `[shared.ts:705](…)`.
    fn defined_at(&mut self, line: &str) {
        let Some(name) = line.split_once('[').and_then(|(_, rest)| rest.split_once(']')) else { return };
        let number = name.0.rsplit(':').next().and_then(|number| number.parse().ok());
        if let Some(defined) = self.defined.last_mut() {
            *defined = defined.or(number);
        }
        if let Some(table) = self.tables.last_mut() {
            mark_alias(table, &self.defined);
        }
    }

    fn finish(mut self) -> Page {
        if let Some(table) = self.tables.last_mut() {
            mark_alias(table, &self.defined);
        }
        Page { title: self.title, tables: self.tables }
    }
}

/// Of several members with the number of the last row, the one that the source defines last is the main one, as in the enum
/// itself; the others are its aliases. Where the page does not say, its own order decides.
fn mark_alias(table: &mut ObservedTable, defined: &[Option<u32>]) {
    let Some(value) = table.rows.last().map(|row| row.value) else { return };
    let same = |row: &ObservedRow| row.value == value;
    let main = table
        .rows
        .iter()
        .enumerate()
        .filter(|(_, row)| same(row))
        .max_by_key(|(at, _)| (defined.get(*at).copied().flatten(), *at));
    let Some((main, _)) = main else { return };
    for (at, row) in table.rows.iter_mut().enumerate().filter(|(_, row)| row.value == value) {
        row.is_alias = at != main;
    }
}
