//! Pages that TypeDoc prints of enums and constant objects, by both generations of its Markdown plugin.
//!
//! A member is one line, ``• **Name** = `4005` `` or ``> **name**: `500` ``. Its sentence is below, before or after the line that
//! says where it is defined. What looks like a member in the comment of another one is text.

use std::sync::Arc;

use super::pipes::{Heading, Headings, cells, heading, read_sentence, without_status};
use crate::model::{Facts, Key, Number, Status};
use crate::read::{Page, PageRow, PageTable};
use crate::text::{Diagnostic, SourceFile, Span, Text, folded, normalized_name, quoted};

/// Whether a line is a member with a number.
pub(super) fn is_numbered_member(line: &str) -> bool {
    member(line).is_some_and(|member| number(member.value).is_some())
}

/// A line that names a member and its value.
#[derive(Clone, Copy)]
struct Member<'a> {
    name: &'a str,
    value: &'a str,
    /// Whether the value is in a code span, as the values of real members are.
    is_code: bool,
}

fn member(line: &str) -> Option<Member<'_>> {
    let line = line.trim_start_matches('\u{FEFF}').trim();
    let rest = line.strip_prefix('•').or_else(|| line.strip_prefix('>')).or_else(|| line.strip_prefix("\\>"))?;
    let open = rest.find("**")?;
    let before = rest[..open].trim();
    // Modifiers such as `Const` may be before the name; a sentence in bold may not.
    let only_modifiers = before.split_whitespace().all(|word| word.starts_with('`') && word.ends_with('`'));
    let after = &rest[open + 2..];
    let close = after.find("**")?;
    let value = after[close + 2..].trim_start();
    let value = value.strip_prefix(':').map_or(value, str::trim_start);
    let value = value.strip_prefix('=').map_or(value, str::trim_start).trim_end();
    only_modifiers.then(|| Member { name: &after[..close], value, is_code: value.starts_with('`') })
}

/// The number of a value such as `` `4005` ``, `` `1000` = `1000` `` or `` `10` = `0x0a` ``.
fn number(value: &str) -> Option<u32> {
    let value = value.trim_start_matches('`');
    let digits = value.find(|c: char| !c.is_ascii_digit()).unwrap_or(value.len());
    let rest = value[digits..].trim_matches(['`', ' ']);
    let number = value[..digits].parse().ok();
    let again = rest.strip_prefix('=').map(|again| again.trim().trim_matches('`'));
    let again = again.and_then(|again| match again.strip_prefix("0x") {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => again.parse().ok(),
    });
    number.filter(|_| rest.is_empty() || again == number)
}

/// Reads the enums of a page.
pub(super) fn read(source: &Arc<SourceFile>) -> (Page, Vec<Diagnostic>) {
    let mut reader = Reader {
        source,
        page: Page::new(source),
        diagnostics: Vec::new(),
        headings: Headings::default(),
        owner: None,
        named: None,
        row: None,
        state: State::Outside,
    };
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        reader.line(line.trim_end_matches(['\n', '\r']), start);
        start += line.len();
    }
    reader.finish()
}

/// What the lines below belong to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// No member.
    Outside,
    /// The sentence of the member before.
    Sentence,
    /// Where the member before is defined.
    Defined,
    /// Something else about the member before.
    Other,
}

/// The heading of a member, until its member is found.
struct Named {
    name: String,
    struck: bool,
    span: Span,
    found: bool,
}

struct Reader<'a> {
    source: &'a Arc<SourceFile>,
    page: Page,
    diagnostics: Vec<Diagnostic>,
    headings: Headings,
    /// The heading of the enum whose members are read, and the level of the headings of its members.
    owner: Option<(Heading, usize)>,
    named: Option<Named>,
    /// The position of the last member among the rows of the last table, if it could be read.
    row: Option<usize>,
    state: State,
}

impl Reader<'_> {
    fn line(&mut self, line: &str, start: usize) {
        let trimmed = line.trim_start_matches('\u{FEFF}').trim();
        let span = Span::new(self.source, start..start + line.trim_end().len());
        if let Some((level, text)) = heading(trimmed) {
            self.heading(level, text, span);
        } else if let Some(member) = member(line).filter(|member| self.is_own_member(*member)) {
            self.member(member, span);
        } else if trimmed.starts_with("Defined in") || trimmed.starts_with('[') && self.state == State::Defined {
            // In the new generation the sentence is below this line, in the old one under a heading before it.
            self.defined_at(trimmed);
        } else if is_deprecated_mark(trimmed) {
            self.deprecate();
            self.state = State::Other;
        } else if matches!(trimmed, "***" | "___" | "---") {
            self.state = State::Other;
        } else if self.state == State::Sentence && !trimmed.is_empty() {
            self.sentence(trimmed);
        }
    }

    /// Whether a line that looks like a member is one: below the heading of a member only the first.
    fn is_own_member(&self, member: Member<'_>) -> bool {
        let has_value = member.is_code || number(member.value).is_some();
        match &self.named {
            Some(named) => !named.found && (has_value || named.name == normalized_name(&cells::plain(member.name))),
            None => has_value && (self.owner.is_some() || self.headings.0.iter().any(|heading| heading.level == 1)),
        }
    }

    fn heading(&mut self, level: usize, text: &str, span: Span) {
        let cell = cells::read(text);
        let text = cell.plain;
        let kind = ["Enumeration:", "Enum:", "Variable:"].iter().find_map(|mark| text.strip_prefix(mark));
        if let Some(name) = kind {
            self.end_member();
            let name = cells::plain(name.split('<').next().unwrap_or_default());
            self.page.title.get_or_insert_with(|| name.clone());
            let heading = Heading { level, text: name, span };
            self.headings.push(heading.clone());
            self.owner = Some((heading, level + 2));
        } else if ["enumeration members", "type declaration"].contains(&text.to_lowercase().as_str()) {
            self.end_member();
            let owner = self.headings.0.iter().rev().find(|heading| heading.level < level).cloned();
            self.owner = owner.map(|owner| (owner, level + 1));
        } else if self.owner.as_ref().is_some_and(|(_, members)| level == *members) {
            self.end_member();
            let (name, found) = (normalized_name(&text), is_index(&text));
            self.named = Some(Named { name, struck: cell.struck, span, found });
        } else if self.owner.as_ref().is_some_and(|(_, members)| level > *members) {
            self.detail(&text);
        } else {
            self.end_member();
            if level == 1 {
                self.page.title.get_or_insert_with(|| text.clone());
            }
            self.owner = None;
            self.headings.push(Heading { level, text, span });
        }
    }

    /// A heading below that of a member.
    fn detail(&mut self, text: &str) {
        self.state = State::Other;
        if text.eq_ignore_ascii_case("deprecated") {
            self.deprecate();
        } else if text.eq_ignore_ascii_case("defined in") {
            self.state = State::Defined;
        }
    }

    /// A member that was announced by a heading and never came is an error.
    fn end_member(&mut self) {
        self.state = State::Outside;
        self.row = None;
        let Some(named) = self.named.take().filter(|named| !named.found) else { return };
        self.unread(
            &named.span,
            format!("the member {} has no line with its value", quoted(named.span.text().trim_start_matches('#').trim())),
        );
    }

    fn member(&mut self, member: Member<'_>, span: Span) {
        let cell = cells::read(member.name);
        let (name, status) = without_status(&cell.plain);
        let struck = cell.struck || self.named.as_ref().is_some_and(|named| named.struck);
        if let Some(named) = &mut self.named {
            named.found = true;
        }
        self.row = None;
        self.state = State::Other;
        let Some(value) = number(member.value).filter(|_| !name.is_empty()) else {
            let value = member.value.trim_matches('`');
            if value == "object" {
                // A constant says so of itself, above its members.
                return;
            }
            let message = if name.is_empty() {
                "a member without a name".to_owned()
            } else {
                format!("the value of {} is not a code: {}", quoted(&name), quoted(value))
            };
            self.unread(&span, message);
            return;
        };
        let mut facts = Facts::new(Number::Value(value), Text::new(name));
        // TypeDoc strikes out what the source calls deprecated; the member is still there.
        facts.status = if struck { Status::Deprecated } else { status };
        let table = self.table(&span);
        table.rows.push(PageRow {
            facts,
            sentence: None,
            is_alias: false,
            defined: None,
            unclear: std::collections::BTreeSet::new(),
            span,
        });
        self.row = Some(table.rows.len() - 1);
        self.state = State::Sentence;
    }

    fn unread(&mut self, span: &Span, message: String) {
        let table = self.table(span);
        table.unread += 1;
        table.findings.push(
            Diagnostic::error("row-without-code", message)
                .at(span, "this member is not read")
                .help("only members with a whole number from 0 to 4294967295 are codes"),
        );
    }

    /// The table of the enum whose members are read.
    fn table(&mut self, span: &Span) -> &mut PageTable {
        let owner = self.owner.as_ref().map(|(owner, _)| owner).or(self.headings.0.first());
        let (heading, span) =
            owner.map_or_else(|| (String::new(), span.clone()), |owner| (owner.text.clone(), owner.span.clone()));
        let is_same = |table: &PageTable| table.span.range == span.range;
        if !self.page.tables.last().is_some_and(is_same) {
            let outer = self.headings.around(&heading);
            self.page.tables.push(PageTable::new(heading, outer, span, [Key::Text].into(), true));
        }
        let last = self.page.tables.len() - 1;
        &mut self.page.tables[last]
    }

    fn current(&mut self) -> Option<&mut PageRow> {
        let row = self.row?;
        self.page.tables.last_mut()?.rows.get_mut(row)
    }

    fn sentence(&mut self, line: &str) {
        let plain = cells::plain(line.trim_start_matches('>'));
        if let Some(row) = self.current() {
            let sentence = row.sentence.get_or_insert_default();
            *sentence = folded(&format!("{sentence} {plain}"));
        }
    }

    fn deprecate(&mut self) {
        if let Some(row) = self.current() {
            row.facts.status = Status::Deprecated;
        }
    }

    /// Notes the line of the source, as in `[shared.ts:705](…)`.
    fn defined_at(&mut self, line: &str) {
        let name = line.split_once('[').and_then(|(_, rest)| rest.split_once(']')).map_or(line, |(name, _)| name);
        let number = name.rsplit(':').next().and_then(|number| number.trim().parse().ok());
        if let Some(row) = self.current() {
            row.defined = row.defined.or(number);
        }
    }

    fn finish(mut self) -> (Page, Vec<Diagnostic>) {
        self.end_member();
        for row in self.page.tables.iter_mut().flat_map(|table| &mut table.rows) {
            read_sentence(row.sentence.as_deref(), &mut row.facts);
        }
        // An enum of strings has no number at all: it is no table of codes, and its members are no lost rows.
        (self.page, self.diagnostics)
    }
}

/// Whether a line says that a member is deprecated: `**Deprecated**`, as the old generation prints it.
fn is_deprecated_mark(line: &str) -> bool {
    let Some(bold) = line.strip_prefix("**") else { return false };
    let word = bold.split("**").next().unwrap_or_default().trim_matches(['`', ':', ' ', '@']);
    word.eq_ignore_ascii_case("deprecated")
}

/// Whether a heading at the level of the members names something else.
fn is_index(text: &str) -> bool {
    matches!(
        text.to_lowercase().as_str(),
        "enumeration members"
            | "type declaration"
            | "table of contents"
            | "defined in"
            | "example"
            | "see"
            | "deprecated"
            | "remarks"
    )
}
