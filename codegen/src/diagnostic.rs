//! Errors and warnings as data, and the one place that turns them into text.
//!
//! What is found wrong becomes a [`Diagnostic`]; nothing prints where it finds. Names and values that a person wrote enter a
//! message through [`quoted`], so that no escape code reaches a terminal.

use annotate_snippets::{AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet};

use crate::source::Span;

/// How much a finding weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something that must be mended.
    Error,
    /// Something to look at.
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
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// How much it weighs.
    pub severity: Severity,
    /// The name of the rule that found it.
    pub rule: &'static str,
    /// What is wrong, in a sentence.
    pub message: String,
    /// The file, where no text of it can be shown.
    pub path: Option<String>,
    /// The places, the main one first.
    pub labels: Vec<Label>,
    /// What mends it.
    pub help: Vec<String>,
}

/// A place that a finding points at, and what is to be seen there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// What is to be seen there.
    pub text: String,
}

impl Diagnostic {
    /// An error without a place yet.
    #[must_use]
    pub fn error(rule: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Error, rule, message: message.into(), path: None, labels: Vec::new(), help: Vec::new() }
    }

    /// A warning without a place yet.
    #[must_use]
    pub fn warning(rule: &'static str, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(rule, message) }
    }

    /// Points at a place; the first call names the main one.
    #[must_use]
    pub fn at(mut self, span: &Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span: span.clone(), text: text.into() });
        self
    }

    /// Names a file or folder as a whole.
    #[must_use]
    pub fn in_file(mut self, path: impl Into<String>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Says what mends it.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Its file and its place there, for putting findings in the order of the text.
    #[must_use]
    pub fn place(&self) -> (String, usize) {
        let start = self.labels.first().map_or(0, |label| label.span.range.start);
        (self.file().unwrap_or_default().to_owned(), start)
    }

    /// The path of its main place.
    #[must_use]
    pub fn file(&self) -> Option<&str> {
        self.labels.first().map(|label| label.span.file.path.as_str()).or(self.path.as_deref())
    }
}

/// Whether any of the findings is an error.
#[must_use]
pub fn any_error(diagnostics: &[Diagnostic]) -> bool {
    diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
}

/// A text that a person wrote, between backticks, with control and direction-changing characters made visible.
#[must_use]
pub fn quoted(text: &str) -> String {
    format!("`{}`", visible(text))
}

/// A text with control and direction-changing characters made visible.
#[must_use]
pub fn visible(text: &str) -> String {
    text.chars().flat_map(|c| if is_unprintable(c) { c.escape_unicode().collect::<Vec<_>>() } else { vec![c] }).collect()
}

/// Whether a character has no place in a text that people read: control characters, and those that reorder or hide text.
#[must_use]
pub fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{061C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

/// The findings as a compiler would print them, with a blank line after each.
///
/// The text holds ANSI colours; strip them for a plain stream.
#[must_use]
pub fn render(diagnostics: &[Diagnostic]) -> String {
    let renderer = Renderer::styled();
    let mut text = String::new();
    for diagnostic in diagnostics {
        text.push_str(&renderer.render(&[group(diagnostic)]));
        text.push_str("\n\n");
    }
    text
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
    for (index, label) in diagnostic.labels.iter().enumerate() {
        let file = &label.span.file;
        let first_of_file = diagnostic.labels[..index].iter().all(|earlier| earlier.span.file != *file);
        if first_of_file {
            elements.push(snippet(diagnostic, label).into());
        }
    }
    for help in &diagnostic.help {
        elements.push(Level::HELP.message(help.as_str()).into());
    }
    level.primary_title(diagnostic.message.as_str()).id(diagnostic.rule).elements(elements)
}

/// All labels of one finding that lie in the file of `first`.
fn snippet<'a>(diagnostic: &'a Diagnostic, first: &'a Label) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let file = &first.span.file;
    let mut snippet = Snippet::source(file.text.as_str()).path(file.path.as_str());
    for (index, label) in diagnostic.labels.iter().enumerate() {
        if label.span.file == *file {
            let kind = if index == 0 { AnnotationKind::Primary } else { AnnotationKind::Context };
            snippet = snippet.annotation(kind.span(label.span.range.clone()).label(label.text.as_str()));
        }
    }
    snippet
}
