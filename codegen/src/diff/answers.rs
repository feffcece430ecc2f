//! The answers of the generated crate, compared: the policy for every close code, after sending one, and for each opcode, and
//! whether a request may be sent again.
//!
//! Answers are compared instead of the keys of tables, so that a difference is found whatever caused it: a row, a range, an
//! extended table, `resumable`, `sent`.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;

use super::change::Change;
use crate::model::{CloseAnswers, Ending, Kind, Policy, Registry, Retry, Table};

/// A question that the generated crate answers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(tag = "asked", rename_all = "kebab-case")]
pub enum Question {
    /// `policy_for(None)`: the connection ended without a close code.
    NoCode,
    /// `policy_for(Some(code))`.
    Code {
        /// The first and the last number of each run of close codes.
        numbers: Vec<[u32; 2]>,
    },
    /// `policy_after_sending(None)`.
    AfterSendingNothing,
    /// `policy_after_sending(Some(code))`.
    AfterSending {
        /// The first and the last number of each run of close codes.
        numbers: Vec<[u32; 2]>,
    },
    /// `policy_after_heartbeat_timeout()`.
    HeartbeatTimeout,
    /// `policy(resumable)` of an opcode.
    Opcode {
        /// The opcode.
        number: u32,
        /// The argument; nothing if both answers differ in the same way.
        resumable: Option<bool>,
    },
}

impl Question {
    /// The number, if the question is about one.
    #[must_use]
    pub fn number(&self) -> Option<u32> {
        match self {
            Self::Opcode { number, .. } => Some(*number),
            Self::Code { numbers } | Self::AfterSending { numbers } => match numbers.as_slice() {
                [[first, last]] if first == last => Some(*first),
                _ => None,
            },
            Self::NoCode | Self::AfterSendingNothing | Self::HeartbeatTimeout => None,
        }
    }
}

/// A change of an answer, and the code whose row it belongs to, if it is about one.
type Answer = (Change, Option<u32>);

/// Whether a program that follows two policies does different things.
#[must_use]
pub fn acts_differently(old: &Policy, new: &Policy) -> bool {
    // Without `..`: a new part of a policy has to be put on one side or the other.
    let Policy { action, wait, basis: _, reason: _, fix: _, cause: _, unless, close_with, new_sessions_before_stop, despite: _ } =
        new;
    (old.action, old.wait, old.close_with, old.new_sessions_before_stop)
        != (*action, *wait, *close_with, *new_sessions_before_stop)
        || old.unless != *unless
}

/// Whether the generated crate answers the same, to the letter.
fn is_same(old: &Policy, new: &Policy) -> bool {
    // `despite` is for the lints alone.
    let Policy { basis, reason, fix, cause, .. } = new;
    !acts_differently(old, new) && (old.basis, &old.reason, &old.fix, old.cause) == (*basis, reason, fix, *cause)
}

/// All answers about policies that differ between two tables of one kind.
pub(super) fn policies(old: (&Registry, &Table), new: (&Registry, &Table)) -> Vec<Answer> {
    if (old.1.kind, new.1.kind) == (Kind::Opcodes, Kind::Opcodes) {
        return opcodes(old.1, new.1);
    }
    let (Some(before), Some(after)) = (CloseAnswers::new(old.0, old.1), CloseAnswers::new(new.0, new.1)) else {
        return Vec::new();
    };
    let rows: BTreeSet<u32> = [old.1, new.1].into_iter().flat_map(Table::variants).map(|variant| variant.number).collect();
    let one = |asked: Question, old: &Policy, new: &Policy| {
        (!is_same(old, new)).then(|| answer(asked, Some(old.clone()), Some(new.clone())))
    };
    let mut found: Vec<Answer> = Vec::new();
    found.extend(one(Question::NoCode, before.policy_for(None), after.policy_for(None)));
    found.extend(one(Question::AfterSendingNothing, before.policy_after_sending(None), after.policy_after_sending(None)));
    let missed = (before.policy_after_heartbeat_timeout(), after.policy_after_heartbeat_timeout());
    found.extend(one(Question::HeartbeatTimeout, missed.0, missed.1));
    let starts: BTreeSet<u32> = before.starts().union(&after.starts()).copied().collect();
    let (mut answers, mut after_sending) = (Vec::new(), Vec::new());
    for (first, last) in runs(&starts) {
        let code = Some(first);
        let numbers = [first.into(), last.into()];
        add(&mut answers, numbers, rows.contains(&numbers[0]), before.policy_for(code), after.policy_for(code));
        add(&mut after_sending, numbers, false, before.policy_after_sending(code), after.policy_after_sending(code));
    }
    let of_run = |asked: fn(Vec<[u32; 2]>) -> Question| move |run: Run| answer(asked(run.numbers), Some(run.old), Some(run.new));
    found.extend(answers.into_iter().map(of_run(|numbers| Question::Code { numbers })));
    found.extend(after_sending.into_iter().map(of_run(|numbers| Question::AfterSending { numbers })));
    found
}

fn answer(asked: Question, old: Option<Policy>, new: Option<Policy>) -> Answer {
    let number = asked.number();
    (Change::Answer { asked, old, new }, number)
}

fn opcodes(old: &Table, new: &Table) -> Vec<Answer> {
    fn endings(table: &Table) -> BTreeMap<u32, &Ending> {
        table.rows.iter().filter_map(|row| Some((row.first(), row.ending()?))).collect()
    }
    let (old, new) = (endings(old), endings(new));
    let numbers: BTreeSet<u32> = old.keys().chain(new.keys()).copied().collect();
    let mut found = Vec::new();
    for number in numbers {
        let differing = |resumable: bool| {
            let policy = |ending: &&Ending| if resumable { ending.resumable.clone() } else { ending.lost.clone() };
            let (old, new) = (old.get(&number).map(policy), new.get(&number).map(policy));
            let is_same = matches!((&old, &new), (Some(old), Some(new)) if is_same(old, new));
            (!is_same).then_some((old, new))
        };
        let with = |resumable, (old, new)| answer(Question::Opcode { number, resumable }, old, new);
        match (differing(true), differing(false)) {
            (Some(resumable), Some(lost)) if resumable == lost => found.push(with(None, resumable)),
            (resumable, lost) => {
                found.extend(resumable.map(|policies| with(Some(true), policies)));
                found.extend(lost.map(|policies| with(Some(false), policies)));
            }
        }
    }
    found
}

/// Numbers with the same difference, gathered into runs.
struct Run {
    numbers: Vec<[u32; 2]>,
    /// Whether it is a number with a row of its own, which stays alone.
    is_alone: bool,
    old: Policy,
    new: Policy,
}

/// Adds numbers that have the same answers. They are greater than those before.
fn add(found: &mut Vec<Run>, numbers: [u32; 2], is_alone: bool, old: &Policy, new: &Policy) {
    if is_same(old, new) {
        return;
    }
    let is_like = |run: &&mut Run| !is_alone && !run.is_alone && run.old == *old && run.new == *new;
    match found.iter_mut().find(is_like) {
        Some(run) => extend(&mut run.numbers, numbers),
        None => found.push(Run { numbers: vec![numbers], is_alone, old: old.clone(), new: new.clone() }),
    }
}

/// Adds numbers to runs that are in numeric order.
fn extend(runs: &mut Vec<[u32; 2]>, [first, last]: [u32; 2]) {
    match runs.last_mut() {
        Some([_, before]) if *before + 1 == first => *before = last,
        _ => runs.push([first, last]),
    }
}

/// The first and the last close code of each run that begins at one of these numbers.
fn runs(starts: &BTreeSet<u32>) -> impl Iterator<Item = (u16, u16)> {
    let ends = starts.iter().skip(1).map(|next| next - 1).chain([u16::MAX.into()]);
    // A run after the greatest close code is none.
    starts.iter().zip(ends).filter_map(|(first, last)| Some((u16::try_from(*first).ok()?, u16::try_from(last).ok()?)))
}

/// All answers about retries that differ between two tables of responses, so that clients do something else.
pub(super) fn retries(old: &Table, new: &Table) -> Vec<Answer> {
    if !old.kind.is_of_responses() || !new.kind.is_of_responses() {
        return Vec::new();
    }
    let is_same = |old: Option<Retry>, new: Option<Retry>| old.unwrap_or_default() == new.unwrap_or_default();
    let mut found = Vec::new();
    for number in old.variants().map(|variant| variant.number).filter(|number| new.code(*number).is_some()) {
        // A code that was added or removed is a change of its own: the other side has no answer for it.
        let answer = |table: &Table| table.code(number).and_then(|row| row.effect.retry());
        let (old, new) = (answer(old), answer(new));
        found.extend((!is_same(old, new)).then_some((Change::Retry { numbers: [number; 2], old, new }, Some(number))));
    }
    let starts = |table: &Table| -> BTreeSet<u64> {
        table.ranges().iter().flat_map(|range| [u64::from(range.first()), u64::from(range.last()) + 1]).collect()
    };
    let starts: Vec<u64> = starts(old).union(&starts(new)).copied().collect();
    for pair in starts.windows(2) {
        let [Ok(first), Ok(last)] = [u32::try_from(pair[0]), u32::try_from(pair[1] - 1)] else { continue };
        let answer = |table: &Table| table.range(first).and_then(|range| range.effect.retry());
        let (old, new) = (answer(old), answer(new));
        let is_lost = old.is_some() && new.is_none();
        // The answer of a range is not that of a code, even if it has one number.
        found.extend((is_lost || !is_same(old, new)).then_some((Change::Retry { numbers: [first, last], old, new }, None)));
    }
    found
}
