//! A comparison as Markdown, for a changelog or a pull request.

use std::fmt::Write as _;

use super::words::{asides, heading_among, in_brackets, sections, subject, summary, title, values};
use crate::changes::Comparison;
use crate::changes::change::{Difference, Section};
use crate::render::escape;
use crate::text::{capitalized, visible};

/// Prints a comparison: what clients do differently first, then table by table, and wording folded up at the end.
#[must_use]
pub fn markdown(comparison: &Comparison) -> String {
    let title = escape(&visible(&title(comparison)));
    let mut text = format!("## {title}\n\n{}.\n", capitalized(&summary(comparison)));
    for (section, differences) in sections(comparison) {
        let (open, close) = match section {
            Section::Behaviour => ("### Policy: clients act differently\n", ""),
            Section::Removed => ("### Removed and renamed\n", ""),
            Section::Added => ("### Added and changed\n", ""),
            Section::Wording => ("<details><summary>Only wording</summary>\n", "\n</details>\n"),
        };
        text.push('\n');
        text.push_str(open);
        let mut above = String::new();
        for difference in differences {
            let here = heading_among(comparison, difference);
            if here != above {
                let _ = write!(text, "\n{}\n\n", escape(&visible(&here)));
                above = here;
            }
            text.push_str(&line(difference));
        }
        text.push_str(close);
    }
    text
}

fn line(difference: &Difference) -> String {
    let shown = |text: &str| escape(&visible(text));
    let subject = shown(&subject(difference));
    let subject = if subject.is_empty() { subject } else { format!(" {subject}") };
    let ident = difference.code.as_ref().and_then(|code| code.ident.as_ref()).map(|ident| format!(" `{ident}`"));
    let what = match values(&difference.change) {
        (Some(old), Some(new)) => format!(": {} → {}", shown(&old), shown(&new)),
        (Some(one), None) | (None, Some(one)) => format!(": {}", shown(&one)),
        (None, None) => String::new(),
    };
    // Paths of items are code, and so are the backticks around them.
    let asides: String = in_brackets(&asides(difference).iter().map(|aside| shown(aside)).collect::<Vec<_>>());
    let struck = if difference.is_waived() { "~~" } else { "" };
    format!("- {struck}**{}**{subject}{}{what}{struck}{asides}\n", difference.change.kind(), ident.unwrap_or_default())
}
