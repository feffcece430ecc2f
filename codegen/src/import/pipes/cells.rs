//! The cells of a row, and the text of the Markdown in a cell.
//!
//! Takes a line or a cell and returns ranges of it or its plain text. It knows nothing of columns and codes.

use std::collections::BTreeSet;
use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::text::folded;

/// The text of a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::import) struct Cell {
    /// The text without markup, white space folded.
    pub plain: String,
    /// The same, with the backticks of code spans.
    pub with_code: String,
    /// Whether all of it is struck out.
    pub struck: bool,
    /// Whether a footnote mark was dropped from its end.
    pub footnote: bool,
}

/// The cells of a line, as ranges of it. Pipes that are escaped or are inside a code span separate nothing.
pub(in crate::import) fn split(line: &str) -> Vec<Range<usize>> {
    let mut bounds = Vec::new();
    let bytes = line.as_bytes();
    // The lengths of backticks that nothing closes in the rest of the line.
    let mut open = BTreeSet::new();
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' if bytes.get(at + 1) != Some(&b'\n') => at += 1,
            b'\n' => open.clear(),
            b'`' => {
                let ticks = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
                let end = if open.contains(&ticks) { None } else { end_of_code(bytes, at + ticks, ticks) };
                open.extend(end.is_none().then_some(ticks));
                at = end.unwrap_or(at + ticks) - 1;
            }
            b'|' => bounds.push(at),
            _ => {}
        }
        at += 1;
    }
    let mut cells = Vec::new();
    let mut start = 0;
    for bound in bounds {
        cells.push(start..bound);
        start = bound + 1;
    }
    cells.push(start..line.len());
    // What is before the first and after the last pipe is a cell only if it is not blank.
    if cells.len() > 1 && line[cells[0].clone()].trim().is_empty() {
        cells.remove(0);
    }
    if cells.len() > 1 && cells.last().is_some_and(|cell| line[cell.clone()].trim().is_empty()) {
        cells.pop();
    }
    cells
}

/// The end of a code span that was opened with so many backticks, within the line.
fn end_of_code(bytes: &[u8], from: usize, ticks: usize) -> Option<usize> {
    let mut at = from;
    while at < bytes.len() && bytes[at] != b'\n' {
        let run = bytes[at..].iter().take_while(|byte| **byte == b'`').count();
        if run == ticks {
            return Some(at + run);
        }
        at += run.max(1);
    }
    None
}

/// The text of some Markdown without its markup.
pub(in crate::import) fn plain(markdown: &str) -> String {
    read(markdown).plain
}

/// Reads the Markdown of a cell.
pub(in crate::import) fn read(markdown: &str) -> Cell {
    if is_plain(markdown) {
        let plain = folded(markdown);
        return Cell { with_code: plain.clone(), plain, ..Cell::default() };
    }
    // A word in front prevents a list mark, a heading mark or a component at the start of a cell from starting a block.
    let inline = format!("x {}", markdown.trim().replace("\\|", "|").replace(['\n', '\r'], " "));
    let mut reader = Reader::default();
    for event in Parser::new_ext(&inline, Options::ENABLE_STRIKETHROUGH) {
        reader.read(event);
    }
    reader.cell()
}

/// A cell while its Markdown is read.
#[derive(Default)]
struct Reader {
    plain: String,
    with_code: String,
    /// How many struck passages are open.
    struck: usize,
    /// How many raised passages are open.
    raised: usize,
    any_struck: bool,
    any_bare: bool,
    any_raised: bool,
    /// Where an element ended in the text: another one that begins there begins another word.
    element_end: Option<usize>,
}

impl Reader {
    fn read(&mut self, event: Event<'_>) {
        match event {
            Event::Start(Tag::Strikethrough) => self.struck += 1,
            Event::End(TagEnd::Strikethrough) => self.struck = self.struck.saturating_sub(1),
            Event::InlineHtml(tag) | Event::Html(tag) => match tag.to_ascii_lowercase().as_str() {
                "<sup>" => self.raised += 1,
                "</sup>" => self.raised = self.raised.saturating_sub(1),
                tag if tag.starts_with("</") && !ends_line(tag) => self.element_end = Some(self.plain.len()),
                tag if ends_line(tag) || self.element_end == Some(self.plain.len()) => {
                    self.plain.push(' ');
                    self.with_code.push(' ');
                }
                _ => {}
            },
            Event::Code(text) => self.text(&text, "`"),
            Event::Text(text) => self.text(&text, ""),
            Event::SoftBreak | Event::HardBreak => self.text(" ", ""),
            _ => {}
        }
    }

    fn text(&mut self, text: &str, tick: &str) {
        if self.raised > 0 {
            self.any_raised = true;
            return;
        }
        let said = if self.plain.is_empty() { text.trim_start_matches('x') } else { text };
        if !said.trim().is_empty() {
            self.any_struck |= self.struck > 0;
            self.any_bare |= self.struck == 0;
        }
        self.plain.push_str(text);
        self.with_code.extend([tick, text, tick]);
    }

    fn cell(self) -> Cell {
        let text = |text: &str| without_footnote(&folded(text.strip_prefix('x').unwrap_or(text)));
        let ((plain, noted), (with_code, _)) = (text(&self.plain), text(&self.with_code));
        Cell { plain, with_code, struck: self.any_struck && !self.any_bare, footnote: self.any_raised || noted }
    }
}

/// Whether a tag stands between lines, as `<br>` and `</p>` do.
fn ends_line(tag: &str) -> bool {
    let name = tag.trim_start_matches(['<', '/']).split(|c: char| !c.is_ascii_alphanumeric()).next();
    matches!(name, Some("br" | "p" | "div" | "li"))
}

/// Whether a text has nothing that Markdown reads as markup, and no footnote mark: most cells are plain, and cheap to read.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b" \t.,;:()'\"/?%+-=".contains(&byte))
}

/// A text without the footnote mark at its end: `*`, `^1^`, `[^1]` or a raised number.
pub(in crate::import) fn without_footnote(text: &str) -> (String, bool) {
    let mut rest = text.trim_end();
    let whole = rest;
    loop {
        let trimmed = rest.trim_end_matches(['*', '†', '‡', '¹', '²', '³']).trim_end();
        let trimmed = trimmed
            .strip_suffix('^')
            .and_then(|inner| inner.rfind('^').map(|at| (&inner[..at], &inner[at + 1..])))
            .filter(|(_, mark)| !mark.is_empty() && mark.bytes().all(|byte| byte.is_ascii_digit()))
            .map_or(trimmed, |(before, _)| before.trim_end());
        let trimmed =
            trimmed.strip_suffix(']').and_then(|inner| inner.rfind("[^").map(|at| &inner[..at])).map_or(trimmed, str::trim_end);
        if trimmed == rest {
            break;
        }
        rest = trimmed;
    }
    // A cell that is nothing but a mark is left as it is.
    if rest.is_empty() { (whole.to_owned(), false) } else { (rest.to_owned(), rest.len() < whole.len()) }
}
