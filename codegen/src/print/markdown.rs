//! A report as Markdown, for a changelog or a pull request.

use super::report::{Report, Row};
use super::text::tame;
use crate::text::markdown::escape;
use crate::text::{capitalized, visible};

impl Report {
    /// For a changelog or a pull request: section by section, table by table, and folded up what matters least.
    #[must_use]
    pub fn markdown(&self) -> String {
        let mut text = format!("## {}\n", shown(&self.title));
        if !self.summary.is_empty() {
            text.push_str(&format!("\n{}.\n", capitalized(&self.summary)));
        }
        for section in &self.sections {
            // A file and a line are no words.
            let title = if section.title.contains(':') { section.title.clone() } else { capitalized(&section.title) };
            let (open, close) = if section.is_folded {
                // What follows such a tag is no Markdown.
                let title = visible(&title).replace('&', "&amp;").replace('<', "&lt;");
                (format!("<details><summary>{title}</summary>\n"), "\n</details>\n")
            } else {
                (format!("### {}\n", shown(&title)), "")
            };
            text.extend(["\n", &open]);
            // The first rows of a section are the most serious ones.
            let shown = if section.is_folded { section.rows.len() } else { section.rows.len().min(MOST_OPEN) };
            let (first, rest) = section.rows.split_at(shown);
            rows(first, &mut text);
            if !rest.is_empty() {
                text.push_str(&format!("\n<details><summary>{} more</summary>\n", rest.len()));
                rows(rest, &mut text);
                text.push_str("\n</details>\n");
            }
            text.push_str(close);
        }
        for line in &self.closing {
            text.extend(["\n", &shown(line), "\n"]);
        }
        text.lines().flat_map(|line| [tame(line), "\n".to_owned()]).collect()
    }

    /// A text as Markdown, cut to what a host takes: the rest of its lines are counted, and a folded part that is open is closed.
    #[must_use]
    pub fn within(text: &str, most: usize) -> String {
        if text.chars().count() <= most {
            return text.to_owned();
        }
        let room = most.saturating_sub(200);
        let end = text.char_indices().nth(room).map_or(text.len(), |(at, _)| at);
        let end = text[..end].rfind('\n').map_or(0, |at| at + 1);
        let kept = &text[..end];
        let open = kept.matches("<details>").count().saturating_sub(kept.matches("</details>").count());
        let left = text[end..].lines().filter(|line| !line.trim().is_empty()).count();
        format!(
            "{kept}{}\n{left} more lines do not fit here; the summary of the job has all of them.\n",
            "\n</details>\n".repeat(open)
        )
    }
}

/// How many rows of a section are not folded up.
const MOST_OPEN: usize = 5;

fn rows(rows: &[Row], text: &mut String) {
    for group in rows.chunk_by(|a, b| a.group == b.group) {
        let heading = shown(&group[0].group);
        text.push('\n');
        if !heading.is_empty() {
            text.extend([heading.as_str(), "\n\n"]);
        }
        text.extend(group.iter().map(line));
    }
}

fn shown(text: &str) -> String {
    // Nobody is notified who is named in a page.
    escape(&visible(text)).replace('@', "\\@")
}

fn line(row: &Row) -> String {
    let subject = shown(&row.subject);
    let subject = if subject.is_empty() { subject } else { format!(" {subject}") };
    let ident = if row.ident.is_empty() { String::new() } else { format!(" `{}`", visible(&row.ident).replace('`', "")) };
    let what = match &row.values {
        [Some(old), Some(new)] => format!(": {} → {}", shown(old), shown(new)),
        [Some(one), None] | [None, Some(one)] => format!(": {}", shown(one)),
        [None, None] => String::new(),
    };
    let asides: String = row.all_asides().map(|aside| format!(" ({})", shown(&aside))).collect();
    let struck = if row.waived.is_some() { "~~" } else { "" };
    format!("- {struck}**{}**{subject}{ident}{what}{struck}{asides}\n", row.kind)
}
