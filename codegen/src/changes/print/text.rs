//! A comparison as text for a terminal: a summary, then what clients do differently, what was removed, what was added.

use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};
use similar::{ChangeTag, TextDiff};
use unicode_width::UnicodeWidthStr;

use super::words::{asides, heading_among, subject, summary, title, values, what};
use crate::changes::change::{Difference, Section};
use crate::changes::{Bump, Comparison};
use crate::source::Span;
use crate::text::visible;

/// How much to print.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verbosity {
    /// What matters to users; changes of wording are only counted.
    Normal,
    /// Everything, with places and fingerprints.
    Verbose,
}

pub(super) const HEADING: Style = Style::new().bold();
const DIFFERENT: Style = Style::new().underline();
pub(super) const DIM: Style = Style::new().dimmed();
const PLAIN: Style = Style::new();

/// Prints a comparison in lines of at most this width.
///
/// The text has ANSI colours; strip them for a plain stream.
#[must_use]
pub fn text(comparison: &Comparison, verbosity: Verbosity, width: usize) -> String {
    let title = visible(&title(comparison));
    let mut text = wrapped(&[(HEADING, title), (PLAIN, format!("   {}", summary(comparison)))], 2, width);
    let is_shown = |difference: &&Difference| verbosity == Verbosity::Verbose || !difference.change.is_wording();
    let shown: Vec<&Difference> = comparison.differences.iter().filter(is_shown).collect();
    let columns = Columns::new(&shown);
    for section in Section::ALL {
        let mut above = String::new();
        for difference in shown.iter().filter(|difference| difference.change.section() == section) {
            let here = format!("{}: {}", section_title(section), visible(&heading_among(comparison, difference)));
            if here != above {
                text.push('\n');
                text.push_str(&wrapped(&[(HEADING, here.clone())], 2, width));
                above = here;
            }
            text.push_str(&lines(difference, &columns, verbosity, width));
        }
    }
    let hidden = comparison.differences.len() - shown.len();
    if hidden > 0 {
        text.push('\n');
        text.push_str(&wrapped(&[(DIM, format!("and {hidden} of wording alone (-v shows them)"))], 2, width));
    }
    text
}

/// What is before the title of a table.
fn section_title(section: Section) -> &'static str {
    match section {
        Section::Behaviour => "policy, clients act differently",
        Section::Removed => "removed and renamed",
        Section::Added => "added and changed",
        Section::Wording => "wording",
    }
}

/// The widths of the first columns.
struct Columns {
    kind: usize,
    subject: usize,
    ident: usize,
}

impl Columns {
    fn new(shown: &[&Difference]) -> Self {
        let widest = |of: &dyn Fn(&Difference) -> String, most: usize| {
            shown.iter().map(|difference| of(difference).width()).max().unwrap_or(0).min(most)
        };
        Self {
            kind: widest(&|difference| difference.change.kind().to_owned(), 16),
            subject: widest(&subject, 12),
            ident: widest(&ident, 28),
        }
    }
}

fn lines(difference: &Difference, columns: &Columns, verbosity: Verbosity, width: usize) -> String {
    let style = style(difference);
    let (kind, subject, ident) = (difference.change.kind(), visible(&subject(difference)), visible(&ident(difference)));
    let mut pieces = vec![
        (style, format!("  {}", padded(kind, columns.kind))),
        (PLAIN, format!("  {}  {}  ", padded(&subject, columns.subject), padded(&ident, columns.ident))),
    ];
    pieces.extend(compared(difference));
    for aside in asides(difference) {
        pieces.push((style, format!("  ({})", visible(&aside))));
    }
    let deeper = 6;
    let mut text = wrapped(&pieces, deeper, width);
    if verbosity == Verbosity::Verbose {
        let place = |span: &Option<Span>| span.as_ref().map(|span| format!("{}:{}", span.file.path, span.line()));
        let places: Vec<String> = [place(&difference.old_place), place(&difference.new_place)].into_iter().flatten().collect();
        let more = format!("{}{}  {}", " ".repeat(deeper), places.join(" → "), difference.fingerprint());
        text.push_str(&wrapped(&[(DIM, more)], deeper + 2, width));
    }
    text
}

/// The identifier. A code of a page has none.
fn ident(difference: &Difference) -> String {
    difference.code.as_ref().and_then(|code| code.ident.clone()).unwrap_or_default()
}

/// Two values side by side, the words that differ underlined.
fn compared(difference: &Difference) -> Vec<(Style, String)> {
    let (Some(old), Some(new)) = values(&difference.change) else { return vec![(PLAIN, visible(&what(&difference.change)))] };
    let diff = TextDiff::from_words(&*old, &*new);
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
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

/// Pieces of text as lines of at most a width, broken at spaces; further lines are indented.
pub(super) fn wrapped(pieces: &[(Style, String)], indent: usize, width: usize) -> String {
    let (mut text, mut column, mut spaces) = (String::new(), 0, 0);
    for (style, piece) in pieces {
        for word in piece.split_inclusive(' ') {
            let bare = word.trim_end_matches(' ');
            if !bare.is_empty() {
                let needed = bare.width();
                if column > 0 && column + spaces + needed > width {
                    text.push('\n');
                    (column, spaces) = (0, indent);
                }
                text.push_str(&" ".repeat(spaces));
                let _ = write!(text, "{style}{bare}{style:#}");
                column += spaces + needed;
                spaces = 0;
            }
            spaces += word.len() - bare.len();
        }
    }
    text.push('\n');
    text
}

fn style(difference: &Difference) -> Style {
    match difference.bump {
        _ if difference.is_waived() => DIM,
        Bump::Major => AnsiColor::Red.on_default(),
        Bump::Policy => AnsiColor::Magenta.on_default().bold(),
        Bump::Minor => AnsiColor::Green.on_default(),
        Bump::Patch | Bump::None => DIM,
    }
}
