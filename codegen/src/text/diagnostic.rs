//! Errors and warnings as data, and the one place that turns them into text.
//!
//! Whoever finds something wrong returns a [`Diagnostic`]; nothing prints where it finds. Whatever a message is made of, it has no
//! escape code for the terminal.

use std::sync::Arc;

use annotate_snippets::{Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use crate::text::{Span, is_unprintable, visible};

/// How serious a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// It must be fixed: nothing is written.
    Error,
    /// A person should look at it.
    Warning,
}

impl Severity {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// One finding.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// How serious it is.
    pub severity: Severity,
    /// The name of the rule that found it.
    pub rule: &'static str,
    /// What is wrong, in a sentence.
    pub message: String,
    /// The file or folder, where no text of it can be shown.
    pub path: Option<String>,
    /// The places, the main one first.
    pub labels: Vec<Label>,
    /// How to fix it.
    pub help: Vec<String>,
}

/// A place of a finding, and what is there.
#[derive(Clone, Debug)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is there.
    pub text: String,
}

impl Diagnostic {
    /// Whether any of the findings is an error.
    #[must_use]
    pub fn any_error(diagnostics: &[Self]) -> bool {
        any_error(diagnostics)
    }

    /// The findings as a compiler prints them, in lines of at most this width, with a blank line after each. Of many alike the
    /// first are shown and the rest counted.
    ///
    /// The text has ANSI colours; strip them for a plain stream.
    #[must_use]
    pub fn render(diagnostics: &[Self], width: usize) -> String {
        let renderer = Renderer::styled().term_width(width);
        let mut text = String::new();
        let mut counts: Vec<(&str, usize)> = Vec::new();
        for diagnostic in diagnostics {
            let index = counts.iter().position(|(rule, _)| *rule == diagnostic.rule).unwrap_or(counts.len());
            if index == counts.len() {
                counts.push((diagnostic.rule, 0));
            }
            counts[index].1 += 1;
            if counts[index].1 <= MOST_OF_A_RULE {
                text.push_str(&renderer.render(&[group(diagnostic)]));
                text.push_str("\n\n");
            }
        }
        for (rule, count) in counts.into_iter().filter(|(_, count)| *count > MOST_OF_A_RULE) {
            text.push_str(&format!("... and {} more of `{rule}`\n\n", count - MOST_OF_A_RULE));
        }
        text
    }

    /// An error without a place yet.
    #[must_use]
    pub fn error(rule: &'static str, message: impl Into<String>) -> Self {
        let message = printable(&message.into());
        Self { severity: Severity::Error, rule, message, path: None, labels: Vec::new(), help: Vec::new() }
    }

    /// A warning without a place yet.
    #[must_use]
    pub fn warning(rule: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(rule, message) }
    }

    /// Adds a place. The first one is the main place.
    #[must_use]
    pub fn at(mut self, span: &Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span: span.clone(), text: printable(&text.into()) });
        self
    }

    /// Names a file or folder as a whole.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.path = Some(printable(&path.into()));
        self
    }

    /// Adds how to fix it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(printable(&text.into()));
        self
    }

    /// Adds how to fix it, if that is known.
    #[must_use]
    pub fn help_if(self, text: Option<String>) -> Self {
        match text {
            Some(text) => self.help(text),
            None => self,
        }
    }

    /// The path of its main place.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.labels.first().map(|label| label.span.file.path.as_str()).or(self.path.as_deref())
    }

    /// Whether it is an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// A text without escape codes; it may have several lines.
#[must_use]
pub fn printable(text: &str) -> String {
    text.split('\n').map(visible).collect::<Vec<_>>().join("\n")
}

/// Whether any of the findings is an error.
pub(crate) fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(Diagnostic::is_error)
}

/// Puts findings in the order of files and places.
pub fn sort(diagnostics: &mut [Diagnostic]) {
    diagnostics.sort_by_cached_key(|diagnostic| {
        let start = diagnostic.labels.first().map_or(0, |label| label.span.range.start);
        (diagnostic.file().unwrap_or_default().to_owned(), start)
    });
}

/// How many findings of one rule are printed in full.
const MOST_OF_A_RULE: usize = 30;

/// Labels further apart than this are shown as separate excerpts.
const EXCERPT: usize = 2000;

/// The excerpts that show all labels. Only these lines are given to the renderer, which reads whole texts.
fn excerpts(diagnostic: &Diagnostic) -> impl Iterator<Item = Snippet<'_, Annotation<'_>>> {
    let mut clusters: Vec<Vec<usize>> = Vec::new();
    for (index, label) in diagnostic.labels.iter().enumerate() {
        let near = |cluster: &&mut Vec<usize>| {
            let first = &diagnostic.labels[cluster[0]].span;
            let distance = first.range.start.abs_diff(label.span.range.start);
            Arc::ptr_eq(&first.file, &label.span.file) && distance < EXCERPT
        };
        match clusters.iter_mut().find(near) {
            Some(cluster) => cluster.push(index),
            None => clusters.push(vec![index]),
        }
    }
    clusters.into_iter().map(|cluster| excerpt(&diagnostic.labels, &cluster))
}

/// The lines of a file that have some of the labels.
fn excerpt<'a>(labels: &'a [Label], cluster: &[usize]) -> Snippet<'a, Annotation<'a>> {
    let ranges = || cluster.iter().map(|index| &labels[*index].span.range);
    let file = &labels[cluster[0]].span.file;
    let text = file.text.as_str();
    let start = ranges().map(|range| range.start).min().unwrap_or(0);
    let end = ranges().map(|range| range.end).max().unwrap_or(0);
    let start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let end = text[end..].find('\n').map_or(text.len(), |at| end + at);
    // A character that a terminal would obey is shown as question marks of the same length, so that places stay right.
    let hide = |c: char| if is_unprintable(c) && !matches!(c, '\n' | '\t') { "?".repeat(c.len_utf8()) } else { c.to_string() };
    let lines: String = text[start..end].chars().map(hide).collect();
    let snippet = Snippet::source(lines).path(file.path.as_str()).line_start(Span::new(file, start..start).line());
    snippet.annotations(cluster.iter().map(|index| {
        let Label { span, text } = &labels[*index];
        let kind = if *index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
        kind.span(span.range.start - start..span.range.end - start).label(text.as_str())
    }))
}

fn group(diagnostic: &Diagnostic) -> Group<'_> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
    };
    let mut elements: Vec<Element<'_>> = Vec::new();
    if let Some(path) = &diagnostic.path {
        elements.push(Origin::path(path.as_str()).into());
    }
    elements.extend(excerpts(diagnostic).map(Element::from));
    for help in &diagnostic.help {
        elements.push(Level::HELP.message(help.as_str()).into());
    }
    level.primary_title(diagnostic.message.as_str()).id(diagnostic.rule).elements(elements)
}
