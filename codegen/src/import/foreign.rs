//! Texts that are not pages of Markdown: what they are, and how to get a readable form.
//!
//! In comes a text without any table that could be read, out comes one sentence about it.

use super::pipes::is_separator;

/// What a text is, and how to get a readable form of it.
pub(super) struct Foreign {
    /// What it is, with its article.
    pub what: &'static str,
    /// How to get a readable form.
    pub help: &'static str,
}

impl Foreign {
    fn new(what: &'static str, help: &'static str) -> Self {
        Self { what, help }
    }
}

/// The words with which lines of source code start.
const SOURCE: [&str; 12] = [
    "export ",
    "import ",
    "public enum",
    "enum ",
    "pub enum",
    "class ",
    "const ",
    "package ",
    "use ",
    "#include",
    "namespace ",
    "-define(",
];

const PANDOC: &str = "convert it: `pandoc -f FORMAT -t gfm`, or take the `.md` or `.mdx` of the page";

/// What a text is that only looks like a page with tables, or like none.
pub(super) fn recognize(text: &str) -> Option<Foreign> {
    let start = text.trim_start_matches('\u{FEFF}').trim_start();
    let lower: String = start.chars().take(200).collect::<String>().to_ascii_lowercase();
    if lower.starts_with("<!doctype") || lower.starts_with("<html") || lower.starts_with("<table") || lower.starts_with("<?xml") {
        return Some(Foreign::new("HTML", "take the `.md` or `.mdx` of the page, or convert it: `pandoc -f html -t gfm`"));
    }
    let has_line = |test: fn(&str) -> bool| text.lines().any(|line| test(line.trim()));
    if has_line(|line| line.starts_with("{|")) && has_line(|line| line == "|}") {
        return Some(Foreign::new("MediaWiki markup", "convert it: `pandoc -f mediawiki -t gfm`"));
    }
    if has_line(is_separator) {
        return None;
    }
    if has_line(|line| line == "|===") {
        return Some(Foreign::new("AsciiDoc", "convert it: `asciidoctor -b html5`, then `pandoc -f html -t gfm`"));
    }
    if has_line(|line| line.starts_with("||") && line.ends_with("||") && line.len() > 4) {
        return Some(Foreign::new("Jira markup", "convert it: `pandoc -f jira -t gfm`"));
    }
    if has_line(|line| line.starts_with("|-") && line.contains("-+-") && line.ends_with("-|")) {
        return Some(Foreign::new("Org markup", "convert it: `pandoc -f org -t gfm`"));
    }
    if has_line(is_grid) {
        return Some(Foreign::new(
            "a grid of reStructuredText or Pandoc",
            "convert it: `pandoc -f rst -t gfm` or `pandoc -f markdown -t gfm`",
        ));
    }
    if has_line(|line| line.starts_with(".. ") && line.contains("::") || is_simple_rule(line)) {
        return Some(Foreign::new("reStructuredText", "convert it: `pandoc -f rst -t gfm`"));
    }
    if has_line(|line| line.starts_with("|_.")) {
        return Some(Foreign::new("Textile", "convert it: `pandoc -f textile -t gfm`"));
    }
    recognize_data(start)
}

/// What a text is that is no prose at all.
fn recognize_data(start: &str) -> Option<Foreign> {
    if start.starts_with(['{', '[']) && serde_json::from_str::<serde::de::IgnoredAny>(start).is_ok() {
        return Some(Foreign::new(
            "JSON",
            "take the page that it was made from, or let TypeDoc print Markdown (`typedoc-plugin-markdown`)",
        ));
    }
    let is_source =
        |line: &str| SOURCE.iter().any(|word| line.starts_with(word)) && line.trim_end().ends_with(['{', ';', ':', ')']);
    if start.lines().any(is_source) || start.lines().any(|line| line.trim_end().ends_with('{') && line.contains("enum ")) {
        return Some(Foreign::new(
            "source code",
            "let a documentation generator print Markdown, such as TypeDoc with `typedoc-plugin-markdown`",
        ));
    }
    let first = start.lines().next().unwrap_or_default();
    let commas = first.matches(',').count();
    let is_csv = commas > 0
        && start.lines().take(5).filter(|line| !line.is_empty()).count() > 1
        && start
            .lines()
            .take(5)
            .filter(|line| !line.is_empty())
            .all(|line| line.matches(',').count() >= commas && !line.contains(". "));
    if is_csv {
        return Some(Foreign::new(
            "a list of comma-separated values",
            "convert it: `pandoc -f csv -t gfm`, and put a heading above the table",
        ));
    }
    if start.lines().filter(|line| line.contains('\t')).count() > 1 {
        return Some(Foreign::new(
            "text with tabs",
            "start with a row of headers, the first of them `Code`, and put a heading above it",
        ));
    }
    None
}

/// What to do about a page of which nothing is known.
pub(super) const READABLE: &str = PANDOC;

/// A line such as `+---+---+`.
fn is_grid(line: &str) -> bool {
    line.len() > 4
        && line.starts_with('+')
        && line.ends_with('+')
        && line.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'=' | b':'))
}

/// A line such as `====  =====`.
fn is_simple_rule(line: &str) -> bool {
    line.len() > 4 && line.contains(' ') && line.starts_with("==") && line.bytes().all(|byte| matches!(byte, b'=' | b' '))
}
