//! Changes as text for people at a terminal: a summary, then the changes of each table, aligned and coloured.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};

use super::{Bump, Change, Kind, needed};
use crate::diagnostic::visible;
use crate::source::Span;

/// How much to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verbosity {
    /// What changes anything for a user; wording is only counted.
    Normal,
    /// Everything, with places.
    Verbose,
}

const HEADING: Style = Style::new().bold();
const DIFFERENT: Style = Style::new().underline();
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
    let (policies, others): (Vec<&Change>, Vec<&Change>) = shown.iter().partition(|change| change.bump == Bump::Policy);
    let sections = [("policies: clients will act otherwise", policies), ("", others)];
    for (title, changes) in sections {
        let mut heading = String::new();
        for change in changes {
            let table = change.table.replace('-', " ");
            let here = if title.is_empty() { visible(&table) } else { format!("{title}, {}", visible(&table)) };
            if here != heading {
                let _ = write!(text, "\n{HEADING}{here}{HEADING:#}\n");
                heading = here;
            }
            let (style, kind, subject) = (style(change), change.kind.name(), visible(subject(change)));
            let value = change.value.map(|value| value.to_string()).unwrap_or_default();
            let line = format!("  {style}{kind:kinds$}{style:#}  {value:values$}  {subject:subjects$}  {}", what(change));
            text.push_str(line.trim_end());
            text.push_str(&asides(change, verbosity));
            text.push('\n');
        }
    }
    let wording = changes.iter().filter(|change| change.kind.is_wording()).count();
    if wording > 0 && verbosity == Verbosity::Normal && shown.len() < changes.len() {
        let _ = write!(text, "\n{DIM}and {wording} of wording alone (-v shows them){DIM:#}\n");
    }
    text
}

/// What stands behind a change: that it is a guess, that it breaks users, its places.
fn asides(change: &Change, verbosity: Verbosity) -> String {
    let style = style(change);
    let mut text = String::new();
    if change.guess {
        text.push_str("  (a guess: only the wording is alike)");
    }
    if change.bump == Bump::Major {
        let _ = write!(text, "  {style}breaks users: {}{style:#}", change.why);
    }
    if verbosity == Verbosity::Verbose {
        let place = |span: &Option<Span>| span.as_ref().map(|span| format!("{}:{}", span.file.path, span.line()));
        let places: Vec<String> = [place(&change.old_span), place(&change.new_span)].into_iter().flatten().collect();
        let _ = write!(text, "  {DIM}{}  {}{DIM:#}", places.join(" → "), change.fingerprint());
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

/// A change in one line without colours: its table, its code, its kind, and what was and is.
pub(super) fn told(change: &Change) -> String {
    let value = change.value.map(|value| format!(" {value}")).unwrap_or_default();
    let what = match (&change.old, &change.new) {
        (Some(old), Some(new)) => format!("{old} → {new}"),
        (Some(one), None) | (None, Some(one)) => one.clone(),
        (None, None) => change.why.to_owned(),
    };
    visible(&format!("{}{value} {}: {}: {what}", change.table, change.subject, change.kind.name()))
}

/// Two texts side by side, the words that differ underlined.
fn compared(old: &str, new: &str) -> String {
    let diff = TextDiff::from_words(old, new);
    let side = |changed: ChangeTag| {
        let words = diff.iter_all_changes().filter(|word| word.tag() == ChangeTag::Equal || word.tag() == changed);
        let shown = words.map(|word| {
            let text = visible(word.value());
            if word.tag() == changed && !text.trim().is_empty() { format!("{DIFFERENT}{text}{DIFFERENT:#}") } else { text }
        });
        shown.collect::<String>()
    };
    format!("{} → {}", side(ChangeTag::Delete), side(ChangeTag::Insert))
}

fn what(change: &Change) -> String {
    let shown = |text: &Option<String>| text.as_deref().map(visible);
    match (shown(&change.old), shown(&change.new)) {
        (Some(old), Some(new)) => compared(&old, &new),
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
