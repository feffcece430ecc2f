//! A report as Markdown, for a changelog or a pull request.

use super::report::{Report, Row};
use crate::text::markdown::escape;
use crate::text::{capitalized, visible};

/// Prints a report: section by section, table by table, and folded up what matters least.
pub(super) fn markdown(report: &Report) -> String {
    let mut text = format!("## {}\n\n{}.\n", shown(&report.title), capitalized(&report.summary));
    for section in &report.sections {
        let title = capitalized(&section.title);
        let (open, close) = if section.is_folded {
            (format!("<details><summary>{title}</summary>\n"), "\n</details>\n")
        } else {
            (format!("### {title}\n"), "")
        };
        text.extend(["\n", &open]);
        for group in section.rows.chunk_by(|a, b| a.group == b.group) {
            let heading = shown(&group[0].group);
            text.push('\n');
            if !heading.is_empty() {
                text.extend([heading.as_str(), "\n\n"]);
            }
            text.extend(group.iter().map(line));
        }
        text.push_str(close);
    }
    for line in &report.closing {
        text.extend(["\n", &shown(line), "\n"]);
    }
    text
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
