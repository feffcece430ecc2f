//! A comparison of two editions as a page of the reference: a table for each table, and each code with a link to its row.

use std::fmt::Write as _;

use super::words::{asides, heading, sections, subject, summary, values};
use crate::changes::Comparison;
use crate::changes::change::{Difference, Section};
use crate::model::Edition;
use crate::render::{Places, escape, markdown_table};
use crate::text::{capitalized, visible};
use crate::tree::MARK;

/// Prints the page of what changed from one edition of a system to the next one.
#[must_use]
pub fn page(comparison: &Comparison, old: &Edition, new: &Edition, places: &Places) -> String {
    let mut text = format!("<!-- {MARK} from codes/{} and codes/{}. Do not edit. -->\n\n", old.path(), new.path());
    let _ = write!(text, "# What changed from {} to {}\n\n", old.path(), new.path());
    let _ =
        write!(text, "[All tables](../README.md) · [{}]({}.md) · [{}]({}.md)\n\n", old.path(), old.name, new.path(), new.name);
    let _ = writeln!(text, "{}.", capitalized(&summary(comparison)));
    for (section, differences) in sections(comparison) {
        let (open, close) = match section {
            Section::Behaviour => ("## Clients act differently\n", ""),
            Section::Removed => ("## Removed and renamed\n", ""),
            Section::Added => ("## Added and changed\n", ""),
            Section::Wording => ("<details><summary>Only wording</summary>\n", "\n</details>\n"),
        };
        let _ = write!(text, "\n{open}");
        for of_table in differences.chunk_by(|a, b| heading(a) == heading(b)) {
            let title = escape(&visible(&heading(of_table[0])));
            let rows: Vec<Vec<String>> = of_table.iter().map(|difference| row(difference, places)).collect();
            let table = markdown_table(&["code", "what", &old.name, &new.name], &rows);
            let _ = write!(text, "\n### {title}\n\n{}\n", table.join("\n"));
        }
        text.push_str(close);
    }
    text
}

fn row(difference: &Difference, places: &Places) -> Vec<String> {
    let shown = |text: &str| escape(&visible(text));
    let place = difference.code.as_ref().and_then(|code| {
        let file = &difference.table.as_ref()?.file;
        places.find(file, [code.number.first(), code.number.last()])
    });
    let subject = shown(&subject(difference));
    let subject = place.map_or(subject.clone(), |place| format!("[{subject}]({place})"));
    let ident = difference.code.as_ref().and_then(|code| code.ident.as_ref()).map(|ident| format!(" `{ident}`"));
    let asides: String = asides(difference).iter().map(|aside| format!("<br>{}", shown(aside))).collect();
    let what = format!("**{}**{asides}", difference.change.kind().replace('-', " "));
    let (before, after) = match values(&difference.change) {
        (None, None) => (None, Some(difference.change.explanation().to_owned())),
        values => values,
    };
    let cell = |value: Option<String>| value.map(|value| shown(&value)).unwrap_or_default();
    vec![format!("{subject}{}", ident.unwrap_or_default()), what, cell(before), cell(after)]
}
