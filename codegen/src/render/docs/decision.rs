//! The drawing of what to do after a connection ended: an arrow for each answer, with the codes on it.
//!
//! In comes a table of close codes, out comes SVG. The codes of the table that it extends are on the arrows as well.

use std::collections::BTreeMap;

use askama::Template;

use super::class_of;
use super::view::Answer;
use crate::facts::Action;
use crate::model::{CloseCodes, Codes, Registry, Table};
use crate::ours::Policy;
use crate::tree::MARK;

/// How many characters fit above an arrow.
const LINE: usize = 44;
/// The height of a line of text.
const LINE_HEIGHT: usize = 18;
/// The height around the text of an arrow: the arrow itself and the words below it.
const ARROW_HEIGHT: usize = 38;
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
    conditions: String,
}

impl Arrow {
    fn y(&self) -> usize {
        self.top + self.lines.len() * LINE_HEIGHT + 6
    }

    fn height(&self) -> usize {
        self.lines.len() * LINE_HEIGHT + ARROW_HEIGHT
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
        let Codes::CloseCodes(close) = &table.codes else { return None };
        let mut top = 8;
        let mut boxes = Vec::new();
        for (action, answers) in &answers(registry, close) {
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

fn action_box(action: Action, answers: &BTreeMap<String, Vec<u32>>, top: usize) -> ActionBox {
    let mut below = top;
    let arrows: Vec<Arrow> = answers
        .iter()
        .map(|(conditions, numbers)| {
            let arrow = Arrow { top: below, lines: lines(numbers), conditions: conditions.clone() };
            below += arrow.height();
            arrow
        })
        .collect();
    let label = crate::text::capitalized(crate::render::sentences::action(action));
    ActionBox { class: class_of(&action), label, top, height: below - top, arrows }
}

/// What stands for a connection that ended without a code: it sorts after all numbers.
const NONE: u32 = u32::MAX - 1;
/// What stands for any other code.
const UNKNOWN: u32 = u32::MAX;

/// For each action and its conditions, the numbers that lead there.
fn answers(registry: &Registry, close: &CloseCodes) -> BTreeMap<Action, BTreeMap<String, Vec<u32>>> {
    let mut answers: BTreeMap<Action, BTreeMap<String, Vec<u32>>> = BTreeMap::new();
    let mut add = |number: u32, policy: &Policy, action: Action| {
        let conditions = Answer { when: None, policy }.conditions().replace('`', "");
        answers.entry(action).or_default().entry(conditions).or_default().push(number);
    };
    for code in &close.codes {
        add(code.variant.number, &code.decision, code.decision.action);
    }
    for code in extended(registry, close) {
        let (number, policy) = code;
        let is_lost = policy.action == Action::Resume && !close.reconnect.resumable;
        add(number, policy, if is_lost { Action::NewSession } else { policy.action });
    }
    add(NONE, &close.reconnect.absent, close.reconnect.absent.action);
    add(UNKNOWN, &close.reconnect.unknown, close.reconnect.unknown.action);
    answers.values_mut().flat_map(BTreeMap::values_mut).for_each(|numbers| numbers.sort_unstable());
    answers
}

/// The codes of the extended table that the table does not list itself.
fn extended<'a>(registry: &'a Registry, close: &'a CloseCodes) -> Vec<(u32, &'a Policy)> {
    let table = close.extends.as_ref().and_then(|path| registry.table(path));
    let Some(Codes::CloseCodes(other)) = table.map(|table| &table.codes) else { return Vec::new() };
    let is_own = |number: u32| {
        let in_range = close.ranges.iter().any(|range| (range.first..=range.last).contains(&number));
        in_range || close.codes.iter().any(|own| own.variant.number == number)
    };
    let codes = other.codes.iter().map(|code| (code.variant.number, &code.decision));
    codes.filter(|(number, _)| !is_own(*number)).collect()
}

/// The numbers as lines of text; three or more in a row as one item.
fn lines(numbers: &[u32]) -> Vec<String> {
    let mut lines = vec![String::new()];
    for item in items(numbers) {
        let line = lines.last_mut().map(std::mem::take).unwrap_or_default();
        lines.pop();
        if line.is_empty() {
            lines.push(item);
        } else if line.len() + item.len() + 2 > LINE {
            lines.push(format!("{line},"));
            lines.push(item);
        } else {
            lines.push(format!("{line}, {item}"));
        }
    }
    lines
}

fn items(numbers: &[u32]) -> Vec<String> {
    let mut items = Vec::new();
    let mut rest = numbers;
    while let Some(&first) = rest.first() {
        let run = rest.iter().enumerate().take_while(|(at, number)| **number < NONE && **number as usize == first as usize + at).count();
        let (item, used) = match first {
            UNKNOWN => ("any other code".to_owned(), 1),
            NONE => ("no code".to_owned(), 1),
            _ if run >= 3 => (format!("{first}–{}", rest[run - 1]), run),
            _ => (first.to_string(), 1),
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
            let conditions = if arrow.conditions.is_empty() { String::new() } else { format!(" {}", arrow.conditions) };
            format!("{}{conditions}: {}.", action.label, arrow.lines.join(" "))
        })
    });
    sentences.collect::<Vec<_>>().join(" ")
}
