//! Changes as text for people at a terminal: a summary, then the changes of each table, aligned and coloured.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use super::{Bump, Change, Kind, needed};
use crate::diagnostic::visible;

/// How much to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verbosity {
    /// What changes anything for a user; wording is only counted.
    Normal,
    /// Everything, with places.
    Verbose,
}

const HEADING: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Prints changes. The text holds ANSI colours; strip them for a plain stream.
#[must_use]
pub fn text(title: &str, changes: &[Change], verbosity: Verbosity) -> String {
    let mut text = format!("{HEADING}{}{HEADING:#}   {}\n", visible(title), summary(changes));
    let shown: Vec<&Change> =
        changes.iter().filter(|change| verbosity == Verbosity::Verbose || !change.kind.is_wording()).collect();
    let width = |of: fn(&Change) -> usize| shown.iter().map(|change| of(change)).max().unwrap_or(0);
    let kinds = width(|change| change.kind.name().len());
    let values = width(|change| change.value.map_or(0, |value| value.to_string().len()));
    let subjects = width(|change| subject(change).chars().count()).min(40);
    let mut table = "";
    for change in &shown {
        if change.table != table {
            table = &change.table;
            let _ = write!(text, "\n{HEADING}{}{HEADING:#}\n", visible(&table.replace('-', " ")));
        }
        let style = style(change);
        let kind = change.kind.name();
        let value = change.value.map(|value| value.to_string()).unwrap_or_default();
        let subject = visible(subject(change));
        let line = format!("  {style}{kind:kinds$}{style:#}  {value:values$}  {subject:subjects$}  {}", what(change));
        text.push_str(line.trim_end());
        if change.guess {
            text.push_str("  (a guess: only the wording is alike)");
        }
        if matches!(change.bump, Bump::Major) {
            let _ = write!(text, "  {style}breaks users: {}{style:#}", change.why);
        }
        if verbosity == Verbosity::Verbose {
            let place =
                |span: &Option<crate::source::Span>| span.as_ref().map(|span| format!("{}:{}", span.file.path, span.line()));
            let places: Vec<String> = [place(&change.old_span), place(&change.new_span)].into_iter().flatten().collect();
            let _ = write!(text, "  {DIM}{}{DIM:#}", places.join(" → "));
        }
        text.push('\n');
    }
    let wording = changes.iter().filter(|change| change.kind.is_wording()).count();
    if wording > 0 && verbosity == Verbosity::Normal && shown.len() < changes.len() {
        let _ = write!(text, "\n{DIM}and {wording} of wording alone (-v shows them){DIM:#}\n");
    }
    text
}

/// "3 added, 1 renamed, 1 policy; needs: major".
#[must_use]
pub fn summary(changes: &[Change]) -> String {
    if changes.is_empty() {
        return "no change".to_owned();
    }
    let mut counts: Vec<(Kind, usize)> = Vec::new();
    for change in changes.iter().filter(|change| !change.kind.is_wording()) {
        match counts.iter_mut().find(|(kind, _)| *kind == change.kind) {
            Some((_, count)) => *count += 1,
            None => counts.push((change.kind, 1)),
        }
    }
    counts.sort_unstable();
    if counts.is_empty() {
        return format!("only wording changed ({}); needs: {}", changes.len(), needed(changes).word());
    }
    let counts: Vec<String> = counts.iter().map(|(kind, count)| format!("{count} {}", kind.name())).collect();
    format!("{}; needs: {}", counts.join(", "), needed(changes).word())
}

/// The identifier. A code of a page has none: its name stands in for it, and is not said twice.
fn subject(change: &Change) -> &str {
    let said = |text: &Option<String>| text.as_deref() == Some(&change.subject);
    if said(&change.old) || said(&change.new) { "" } else { &change.subject }
}

fn what(change: &Change) -> String {
    let shown = |text: &Option<String>| text.as_deref().map(visible);
    match (shown(&change.old), shown(&change.new)) {
        (Some(old), Some(new)) => format!("{old} → {new}"),
        (Some(old), None) => old,
        (None, Some(new)) => new,
        (None, None) => change.why.to_owned(),
    }
}

fn style(change: &Change) -> Style {
    match change.bump {
        Bump::Major => AnsiColor::Red.on_default(),
        Bump::Policy => AnsiColor::Magenta.on_default().bold(),
        Bump::Minor => AnsiColor::Green.on_default(),
        Bump::Patch | Bump::None => Style::new().dimmed(),
    }
}
