//! The drawing of what to do after a connection ended: an arrow for each answer, with the codes on it.
//!
//! Takes a table of close codes and returns SVG. The codes of the table that it extends are on the arrows as well.

use std::collections::BTreeMap;

use askama::Template;
use textwrap::{Options, WordSeparator, WordSplitter};

use super::class_of;
use super::view::Answer;
use crate::model::{Action, Fallback, Policy, Registry, Table};
use crate::output::MARK;

/// How many characters fit above an arrow.
const LINE: usize = 37;
/// The height of a line of text.
const LINE_HEIGHT: usize = 18;
/// How many small characters fit below an arrow.
const SMALL_LINE: usize = 44;
/// The height of a line of small text.
const SMALL_LINE_HEIGHT: usize = 16;
/// The height around the text of an arrow.
const ARROW_HEIGHT: usize = 22;
/// The space between two boxes.
const GAP: usize = 18;

/// The drawing, as its template prints it.
#[derive(Debug, Template)]
#[template(path = "decision.svg", escape = "html")]
pub(super) struct Decision {
    /// Whether it is a file of its own, which brings its style along.
    is_file: bool,
    mark: &'static str,
    title: String,
    description: String,
    height: usize,
    middle: usize,
    boxes: Vec<ActionBox>,
}

/// One of the three actions.
#[derive(Debug)]
struct ActionBox {
    class: String,
    label: String,
    top: usize,
    height: usize,
    arrows: Vec<Arrow>,
}

/// The codes that have one answer.
#[derive(Debug)]
struct Arrow {
    top: usize,
    lines: Vec<String>,
    conditions: Vec<String>,
}

impl Arrow {
    fn y(&self) -> usize {
        self.top + self.lines.len() * LINE_HEIGHT + 6
    }

    fn height(&self) -> usize {
        self.lines.len() * LINE_HEIGHT + self.conditions.len() * SMALL_LINE_HEIGHT + ARROW_HEIGHT
    }

    /// The conditions, each line with the height at which it is written.
    fn placed_conditions(&self) -> impl Iterator<Item = (usize, &String)> {
        self.conditions.iter().enumerate().map(|(at, line)| (self.y() + (at + 1) * SMALL_LINE_HEIGHT, line))
    }

    /// The lines, each with the height at which it is written.
    fn placed(&self) -> impl Iterator<Item = (usize, &String)> {
        self.lines.iter().enumerate().map(|(at, line)| (self.top + (at + 1) * LINE_HEIGHT - 4, line))
    }
}

impl ActionBox {
    fn middle(&self) -> usize {
        self.top + self.height / 2
    }
}

impl Decision {
    /// The drawing for a table, if it lists close codes.
    pub(super) fn new(registry: &Registry, table: &Table, is_file: bool) -> Option<Self> {
        let fallback = table.fallback.as_deref()?;
        let mut top = 8;
        let mut boxes = Vec::new();
        for (action, answers) in &answers(registry, table, fallback) {
            let action_box = action_box(*action, answers, top);
            top += action_box.height + GAP;
            boxes.push(action_box);
        }
        let height = top - GAP + 8;
        let title = format!("{}: what to do after a connection ended", table.title);
        let (description, mark) = (description(&boxes), MARK);
        Some(Self { is_file, mark, title, description, height, middle: height / 2, boxes })
    }

    /// The drawing as SVG.
    pub(super) fn svg(&self) -> String {
        self.render().unwrap_or_default()
    }
}

fn action_box(action: Action, answers: &BTreeMap<Conditions, Vec<Cause>>, top: usize) -> ActionBox {
    let mut below = top;
    let arrows: Vec<Arrow> = answers
        .iter()
        .map(|((_, conditions), causes)| {
            let codes = items(causes).join(", ");
            let arrow = Arrow { top: below, lines: wrapped(&codes, LINE), conditions: wrapped(conditions, SMALL_LINE) };
            below += arrow.height();
            arrow
        })
        .collect();
    let label = crate::text::capitalized(action.words());
    ActionBox { class: class_of(action), label, top, height: below - top, arrows }
}

/// What leads to an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Cause {
    /// A code or a range of codes: the first and the last.
    Codes(u32, u32),
    /// No code.
    None,
    /// Any other code.
    Unknown,
}

/// How long to wait, by which arrows are sorted, and all conditions in words.
type Conditions = (Option<[u32; 2]>, String);

/// For each action and its conditions, the numbers that lead there.
fn answers(registry: &Registry, table: &Table, fallback: &Fallback) -> BTreeMap<Action, BTreeMap<Conditions, Vec<Cause>>> {
    let mut answers: BTreeMap<Action, BTreeMap<Conditions, Vec<Cause>>> = BTreeMap::new();
    let mut add = |cause: Cause, policy: &Policy, action: Action| {
        let conditions = Answer { when: None, policy }.conditions().replace('`', "");
        answers.entry(action).or_default().entry((policy.wait.limits(), conditions)).or_default().push(cause);
    };
    for row in &table.rows {
        if let Some(policy) = row.policy() {
            add(Cause::Codes(row.first(), row.last()), policy, policy.action);
        }
    }
    // The codes of the extended table that the table does not list itself.
    let extended = fallback.extends.as_ref().and_then(|path| registry.table(path));
    let others = extended.into_iter().flat_map(|other| &other.rows).filter(|row| !row.is_range());
    for row in others.filter(|row| table.row_for(row.first()).is_none()) {
        let Some(policy) = row.policy() else { continue };
        let is_lost = policy.action == Action::Resume && !fallback.reconnect.resumable;
        add(Cause::Codes(row.first(), row.first()), policy, if is_lost { Action::NewSession } else { policy.action });
    }
    add(Cause::None, &fallback.reconnect.absent, fallback.reconnect.absent.action);
    add(Cause::Unknown, &fallback.reconnect.unknown, fallback.reconnect.unknown.action);
    answers.values_mut().flat_map(BTreeMap::values_mut).for_each(|causes| causes.sort_unstable());
    answers
}

/// A text in lines. Words with a no-break space between them stay in one.
fn wrapped(text: &str, longest: usize) -> Vec<String> {
    let options = Options::new(longest).word_separator(WordSeparator::AsciiSpace).word_splitter(WordSplitter::NoHyphenation);
    let lines = textwrap::wrap(text, options).into_iter().filter(|line| !line.is_empty());
    lines.map(|line| line.replace('\u{a0}', " ")).collect()
}

/// The numbers as items of text, three or more in a row as one.
fn items(causes: &[Cause]) -> Vec<String> {
    let mut items = Vec::new();
    let mut rest = causes;
    while let Some(first) = rest.first() {
        let run = match first {
            Cause::Codes(first, _) => {
                (*first..).zip(rest).take_while(|(code, cause)| Cause::Codes(*code, *code) == **cause).count()
            }
            Cause::None | Cause::Unknown => 1,
        };
        let used = if run >= 3 { run } else { 1 };
        let item = match (first, rest[used - 1]) {
            (Cause::Codes(first, _), Cause::Codes(_, last)) if *first == last => first.to_string(),
            (Cause::Codes(first, _), Cause::Codes(_, last)) => format!("{first}–{last}"),
            (Cause::Unknown, _) => "any\u{a0}other\u{a0}code".to_owned(),
            (Cause::Codes(..) | Cause::None, _) => "no\u{a0}code".to_owned(),
        };
        items.push(item);
        rest = &rest[used..];
    }
    items
}

/// The drawing in words.
fn description(boxes: &[ActionBox]) -> String {
    let sentences = boxes.iter().flat_map(|action| {
        action.arrows.iter().map(|arrow| {
            let conditions = arrow.conditions.join(" ");
            format!("{} {conditions}: {}.", action.label, arrow.lines.join(" ")).replace(" :", ":")
        })
    });
    sentences.collect::<Vec<_>>().join(" ")
}
