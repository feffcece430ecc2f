//! Changes as Markdown, to be pasted under a version or into a pull request.

use std::fmt::Write as _;

use super::text::summary;
use super::{Bump, Change};
use crate::diagnostic::visible;
use crate::markdown::escape;

/// Prints changes: those of policies first, then table by table, then what is only wording.
#[must_use]
pub fn markdown(title: &str, changes: &[Change]) -> String {
    let mut text = format!("## {}\n\n{}.\n", escape(&visible(title)), capitalized(&summary(changes)));
    let policies: Vec<&Change> = changes.iter().filter(|change| change.bump == Bump::Policy).collect();
    let others: Vec<&Change> = changes.iter().filter(|change| change.bump != Bump::Policy && !change.kind.is_wording()).collect();
    let wording: Vec<&Change> = changes.iter().filter(|change| change.kind.is_wording()).collect();
    if !policies.is_empty() {
        text.push_str("\n### Policy: clients will act otherwise\n\n");
        lines(&policies, true, &mut text);
    }
    let mut rest = others.as_slice();
    while let Some(first) = rest.first() {
        let of_table = rest.iter().take_while(|change| change.table == first.table).count();
        let _ = write!(text, "\n### {}\n\n", capitalized(&first.table.replace('-', " ")));
        lines(&rest[..of_table], false, &mut text);
        rest = &rest[of_table..];
    }
    if !wording.is_empty() {
        text.push_str("\n<details><summary>Only wording</summary>\n\n");
        lines(&wording, true, &mut text);
        text.push_str("\n</details>\n");
    }
    text
}

fn lines(changes: &[&Change], with_table: bool, text: &mut String) {
    for change in changes {
        let table = if with_table { format!("{}: ", change.table.replace('-', " ")) } else { String::new() };
        let value = change.value.map(|value| format!("{value} ")).unwrap_or_default();
        let shown = |text: &String| escape(&visible(text));
        let what = match (&change.old, &change.new) {
            (Some(old), Some(new)) => format!(": {} → {}", shown(old), shown(new)),
            (Some(one), None) | (None, Some(one)) => format!(": {}", shown(one)),
            (None, None) => String::new(),
        };
        let breaks = if change.bump == Bump::Major { format!(" (breaks users: {})", change.why) } else { String::new() };
        let guess = if change.guess { " (a guess: only the wording is alike)" } else { "" };
        let _ = writeln!(text, "- {table}**{}** {value}`{}`{what}{breaks}{guess}", change.kind.name(), visible(&change.subject));
    }
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}
