//! Markdown as the docs need it: text that stays text, and tables whose columns line up.

/// A text made safe to stand in Markdown: code spans stay, what else could be markup is escaped.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::new();
    let mut rest = text;
    while let Some(open) = rest.find('`') {
        let (before, span) = rest.split_at(open);
        let ticks = span.chars().take_while(|c| *c == '`').count();
        let fence = &span[..ticks];
        escape_plain(before, &mut escaped);
        if let Some(close) = span[ticks..].find(fence) {
            let end = ticks + close + ticks;
            escaped.push_str(&span[..end]);
            rest = &span[end..];
        } else {
            escaped.push_str(&"\\`".repeat(ticks));
            rest = &span[ticks..];
        }
    }
    escape_plain(rest, &mut escaped);
    escaped
}

fn escape_plain(text: &str, escaped: &mut String) {
    let mut before = ' ';
    for c in text.chars() {
        let within_word = before.is_alphanumeric() && c == '_';
        if matches!(c, '\\' | '*' | '_' | '[' | ']' | '<' | '>' | '~' | '#' | '&' | '|') && !within_word {
            escaped.push('\\');
        }
        escaped.push(c);
        before = c;
    }
}

/// A table with a header, its columns padded to one width.
#[must_use]
pub fn table(header: &[&str], rows: &[Vec<String>]) -> Vec<String> {
    let cell = |text: &str| text.replace('\n', " ").replace("\\|", "|").replace('|', "\\|");
    let rows: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(|text| cell(text)).collect()).collect();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|text| text.chars().count());
        cells.chain([header[column].chars().count(), 3]).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..header.len()).map(width).collect();
    let line = |cells: &mut dyn Iterator<Item = &str>| {
        let padded: Vec<String> = cells.zip(&widths).map(|(text, width)| format!("{text:width$}")).collect();
        format!("| {} |", padded.join(" | "))
    };
    let rule: Vec<String> = widths.iter().map(|width| "-".repeat(*width)).collect();
    let mut lines = vec![line(&mut header.iter().copied()), format!("| {} |", rule.join(" | "))];
    lines.extend(rows.iter().map(|row| line(&mut row.iter().map(String::as_str))));
    lines
}

/// A text with a full stop at its end.
#[must_use]
pub fn sentence(text: &str) -> String {
    if text.ends_with(['.', '!', '?', ':']) { text.to_owned() } else { format!("{text}.") }
}
