//! Markdown as the documentation needs it: text that stays text, links, and tables.

/// A text made safe in Markdown and HTML: its code spans stay code, and everything else stays plain text.
///
/// It may start a paragraph: it has no white space at its ends, and is no list, no heading and no block of code.
#[must_use]
pub fn escape(text: &str) -> String {
    let text = text.trim();
    let start = start_of_block(text);
    let mut escaped = String::with_capacity(text.len() + 8);
    if let Some(mark) = text[..start].chars().last() {
        escaped.push_str(&text[..start - mark.len_utf8()]);
        escaped.extend(['\\', mark]);
    }
    for span in spans(&text[start..]) {
        if span.is_code {
            escaped.push_str(&code(span.text));
        } else {
            escape_plain(span.text, &mut escaped);
        }
    }
    escaped
}

/// A text as a code span, with as many backticks around it as it needs.
#[must_use]
pub fn code(text: &str) -> String {
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let space = if text.starts_with('`') || text.ends_with('`') || text.trim().is_empty() { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A link. The address has no character that could end it: [`lower`](crate::lower) has checked it.
#[must_use]
pub fn link(text: &str, url: &str) -> String {
    format!("[{}](<{url}>)", escape(text))
}

/// How many bytes at the start of a text, with the mark at their end, would make it a list or a rule: `-`, `1.`.
fn start_of_block(text: &str) -> usize {
    let digits = text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    match text[digits..].chars().next() {
        Some('-' | '+' | '=') if digits == 0 => 1,
        Some('.' | ')') if digits > 0 => digits + 1,
        _ => 0,
    }
}

/// A part of a text: code, or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span<'a> {
    /// Whether it is code.
    pub is_code: bool,
    /// Its text, without the backticks of code.
    pub text: &'a str,
}

/// The parts of a text: its code spans, and what is between them.
#[must_use]
pub fn spans(text: &str) -> Vec<Span<'_>> {
    let mut spans = Vec::new();
    let mut push = |text, is_code| spans.extend(Some(Span { is_code, text }).filter(|span: &Span<'_>| !span.text.is_empty()));
    let (mut start, mut at) = (0, 0);
    while let Some(open) = text[at..].find('`') {
        let open = at + open;
        let ticks = run_length(&text[open..]);
        at = open + ticks;
        if let Some(end) = end_of_code(&text[open..], ticks) {
            push(&text[start..open], false);
            push(text[open + ticks..open + end - ticks].trim_matches('`').trim(), true);
            at = open + end;
            start = at;
        }
    }
    push(&text[start..], false);
    spans
}

/// How many backticks a text starts with.
fn run_length(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

/// The end of a code span that starts with so many backticks: a run of equally many closes it, as in `CommonMark`.
fn end_of_code(span: &str, ticks: usize) -> Option<usize> {
    let mut at = ticks;
    loop {
        at += span[at..].find('`')?;
        let run = run_length(&span[at..]);
        if run == ticks {
            let inner = span[ticks..at].trim_matches('`');
            return (!inner.trim().is_empty()).then_some(at + run);
        }
        at += run;
    }
}

fn escape_plain(text: &str, escaped: &mut String) {
    let mut before = ' ';
    for c in text.chars() {
        let within_word = before.is_alphanumeric() && c == '_';
        // The slashes of an address are escaped so that it does not become a link by itself.
        let in_address = c == '/' && matches!(before, ':' | '/');
        let is_mark = matches!(c, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '#' | '&' | '|' | '$' | '^' | '`');
        // Two dashes would become one long dash, three dots an ellipsis.
        let is_repeated = matches!(c, '-' | '.') && before == c;
        if (is_mark && !within_word) || in_address || is_repeated {
            escaped.push('\\');
        }
        escaped.push(c);
        before = c;
    }
}

/// A table. Columns are not padded: one longer cell would change every line.
#[must_use]
pub fn table(header: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    // A pipe would end the cell, even in code. Those that are escaped already are not escaped twice.
    let cell = |text: &String| text.replace('\n', " ").replace("\\|", "|").replace('|', "\\|");
    let mut lines = vec![format!("| {} |", header.join(" | ")), format!("|{}", " --- |".repeat(header.len()))];
    lines.extend(rows.iter().map(|row| format!("| {} |", row.iter().map(cell).collect::<Vec<_>>().join(" | "))));
    lines
}

/// Rows for a table, whose first cell is empty where the row above has the same.
#[must_use]
pub fn grouped(mut rows: Vec<Vec<String>>) -> Vec<Vec<String>> {
    for at in (1..rows.len()).rev() {
        if rows[at][0] == rows[at - 1][0] {
            rows[at][0].clear();
        }
    }
    rows
}
