//! A report as text for a terminal.

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use unicode_width::UnicodeWidthStr;

use super::report::{Report, Row};
use crate::model::Bump;
use crate::text::{Span, visible};

const HEADING: Style = Style::new().bold();
const DIFFERENT: Style = Style::new().underline();
const DIM: Style = Style::new().dimmed();
const PLAIN: Style = Style::new();

impl Report {
    /// For a terminal, in lines of at most this width. Sections that are folded up are only counted, unless it is verbose.
    ///
    /// The text has ANSI colours; strip them for a plain stream.
    #[must_use]
    pub fn text(&self, is_verbose: bool, width: usize) -> String {
        let mut text = wrapped(&[(HEADING, visible(&self.title)), (PLAIN, format!("   {}", self.summary))], 2, width);
        let is_shown = |is_folded: bool| is_verbose || !is_folded;
        for section in self.sections.iter().filter(|section| is_shown(section.is_folded)) {
            let columns = columns(&section.rows);
            for group in section.rows.chunk_by(|a, b| a.group == b.group) {
                let group_title = visible(&group[0].group);
                let colon = if group_title.is_empty() { "" } else { ": " };
                text.push('\n');
                text.push_str(&wrapped(&[(HEADING, format!("{}{colon}{group_title}", section.title))], 2, width));
                text.extend(group.iter().map(|row| lines(row, columns, is_verbose, width)));
            }
        }
        let hidden = self.rows().filter(|(section, _)| !is_shown(section.is_folded)).count();
        if hidden > 0 {
            text.push('\n');
            text.push_str(&wrapped(&[(DIM, format!("and {hidden} of wording alone (-v shows them)"))], 2, width));
        }
        for line in &self.closing {
            text.push('\n');
            text.push_str(&wrapped(&[(PLAIN, visible(line))], 2, width));
        }
        text
    }
}

/// The widths of the first columns of a section: kind, subject and identifier.
fn columns(rows: &[Row]) -> [usize; 3] {
    let widest = |of: fn(&Row) -> &str, most: usize| rows.iter().map(|row| of(row).width()).max().unwrap_or(0).min(most);
    [widest(|row| row.kind, 16), widest(|row| &row.subject, 12), widest(|row| &row.ident, 28)]
}

fn lines(row: &Row, [kind, subject, ident]: [usize; 3], is_verbose: bool, width: usize) -> String {
    let style = style(row);
    let mut pieces = vec![(style, format!("  {}", padded(row.kind, kind)))];
    let texts = [(&row.subject, subject), (&row.ident, ident)].into_iter().filter(|(_, width)| *width > 0);
    pieces.extend(texts.map(|(text, width)| (PLAIN, format!("  {}", padded(&visible(text), width)))));
    pieces.push((PLAIN, "  ".to_owned()));
    pieces.extend(compared(row));
    pieces.extend(row.all_asides().map(|aside| (style, format!("  ({})", visible(&aside)))));
    let deeper = 6;
    let mut text = wrapped(&pieces, deeper, width);
    if is_verbose {
        let place = |span: &Span| format!("{}:{}", span.file.path, span.line());
        let places: Vec<String> = row.places.iter().flatten().map(place).collect();
        let more = [places.join(" → "), row.fingerprint.clone().unwrap_or_default()].join("  ");
        if !more.trim().is_empty() {
            text.push_str(&wrapped(&[(DIM, format!("{}{more}", " ".repeat(deeper)))], deeper + 2, width));
        }
    }
    text
}

/// Two values side by side, the words that differ underlined.
fn compared(row: &Row) -> Vec<(Style, String)> {
    let [Some(old), Some(new)] = &row.values else { return vec![(PLAIN, visible(&row.what()))] };
    let diff = TextDiff::from_words(old.as_str(), new.as_str());
    let side = |changed: ChangeTag| {
        let words = diff.iter_all_changes().filter(move |word| word.tag() == ChangeTag::Equal || word.tag() == changed);
        words.map(move |word| (if word.tag() == changed { DIFFERENT } else { PLAIN }, visible(word.value()))).collect::<Vec<_>>()
    };
    let mut pieces = side(ChangeTag::Delete);
    pieces.push((PLAIN, " → ".to_owned()));
    pieces.extend(side(ChangeTag::Insert));
    pieces
}

/// A text filled up to a width of columns; wide characters take two.
fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Pieces of text as lines of at most a width, broken at spaces; further lines are indented.
fn wrapped(pieces: &[(Style, String)], indent: usize, width: usize) -> String {
    // Each word has its own style, so that none goes on over the end of a line.
    let styled = |(style, piece): &(Style, String)| -> String {
        let words = piece.split_inclusive(' ').map(|word| (word.trim_end_matches(' '), word));
        words
            .map(
                |(bare, word)| {
                    if bare.is_empty() { word.to_owned() } else { format!("{style}{bare}{style:#}{}", &word[bare.len()..]) }
                },
            )
            .collect()
    };
    let line: String = pieces.iter().map(styled).collect();
    let indent = " ".repeat(indent.min(width / 2));
    let options = Options::new(width)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    let lines = textwrap::wrap(&line, options);
    lines.iter().flat_map(|line| [tame(line), "\n".to_owned()]).collect()
}

/// A line that no runner of workflows takes for a command: it obeys `::` at the start, and `##[` anywhere.
pub(super) fn tame(line: &str) -> String {
    let line = line.replace("##[", "##\\[");
    let mut text = line.trim_start();
    // Colours are before the first word.
    while let Some((_, rest)) = text.strip_prefix("\u{1b}[").and_then(|rest| rest.split_once('m')) {
        text = rest.trim_start();
    }
    if text.starts_with("::") { format!("{}\\{text}", &line[..line.len() - text.len()]) } else { line }
}

fn style(row: &Row) -> Style {
    match row.bump {
        _ if row.waived.is_some() => DIM,
        Some(Bump::Major) => AnsiColor::Red.on_default(),
        Some(Bump::Policy) => AnsiColor::Magenta.on_default().bold(),
        Some(Bump::Minor) => AnsiColor::Green.on_default(),
        Some(Bump::Patch | Bump::None) => DIM,
        None => AnsiColor::Yellow.on_default(),
    }
}
