//! What the generated crate answers after a connection ended, computed from the model.
//!
//! Takes a table of close codes and returns the policy for any number, known or not. Nothing here looks at rendered files; a
//! test compares the answers with the compiled crate.

use std::collections::BTreeSet;

use super::{Action, Fallback, Policy, Registry, Row, Table};
use crate::text::{Text, capitalized, sentence};

/// The answers of a table of close codes.
#[derive(Clone, Debug)]
pub struct CloseAnswers<'a> {
    table: &'a Table,
    fallback: &'a Fallback,
    /// The answers of the table that this one extends.
    extended: Option<Box<Self>>,
    /// What it answers in place of that table.
    not_resumed: Vec<NotResumed>,
}

/// Close codes after which an extended table resumes, and what a table that cannot resume answers instead.
#[derive(Clone, Debug)]
pub struct NotResumed {
    /// The first number.
    pub first: u32,
    /// The last number.
    pub last: u32,
    /// The answer.
    pub policy: Policy,
}

impl<'a> CloseAnswers<'a> {
    /// The answers of a table, if it is one of close codes.
    #[must_use]
    pub fn new(registry: &'a Registry, table: &'a Table) -> Option<Self> {
        let fallback = table.fallback.as_deref()?;
        let extended = fallback.extends.as_ref().and_then(|path| registry.table(path));
        let extended = extended.and_then(|extended| Self::new(registry, extended)).map(Box::new);
        let mut answers = Self { table, fallback, extended, not_resumed: Vec::new() };
        if !fallback.reconnect.resumable {
            answers.not_resumed = answers.extended.iter().flat_map(|extended| extended.without_resume(table)).collect();
        }
        Some(answers)
    }

    /// What `policy_for` answers.
    #[must_use]
    pub fn policy_for(&self, close_code: Option<u16>) -> &Policy {
        let Some(code) = close_code else { return &self.fallback.reconnect.absent };
        self.listed(code.into()).map_or(&self.fallback.reconnect.unknown, |(_, policy)| policy)
    }

    /// What `policy_after_sending` answers.
    #[must_use]
    pub fn policy_after_sending(&self, close_code: Option<u16>) -> &'a Policy {
        let reconnect = &self.fallback.reconnect;
        match (close_code, &reconnect.sent) {
            (Some(code), Some(sent)) if sent.codes.contains(&code) => &sent.policy,
            (Some(_), Some(sent)) => sent.others.as_ref().unwrap_or(&reconnect.absent),
            _ => &reconnect.absent,
        }
    }

    /// What `policy_after_heartbeat_timeout` answers.
    #[must_use]
    pub fn policy_after_heartbeat_timeout(&self) -> &'a Policy {
        self.fallback.reconnect.heartbeat_timeout.as_ref().unwrap_or(&self.fallback.reconnect.absent)
    }

    /// The answers that this table gives in place of the one that it extends.
    #[must_use]
    pub fn not_resumed(&self) -> &[NotResumed] {
        &self.not_resumed
    }

    /// The numbers from which on an answer may be another one than for the number before.
    #[must_use]
    pub fn starts(&self) -> BTreeSet<u32> {
        let rows = self.table.rows.iter().map(|row| [row.first(), row.last()]);
        let sent = self.fallback.reconnect.sent.iter().flat_map(|sent| &sent.codes).map(|code| [u32::from(*code); 2]);
        let mut starts: BTreeSet<u32> = rows.chain(sent).flat_map(|[first, last]| [first, last + 1]).collect();
        starts.insert(0);
        starts.extend(self.extended.iter().flat_map(|extended| extended.starts()));
        starts
    }

    /// The first and the last number of each run of close codes with one answer, where it is not the one for unknown codes.
    #[must_use]
    pub fn runs(&self) -> Vec<([u16; 2], &Policy)> {
        let starts: Vec<u16> = self.starts().into_iter().filter_map(|start| u16::try_from(start).ok()).collect();
        let ends = starts.iter().skip(1).map(|next| next - 1).chain([u16::MAX]);
        let mut runs: Vec<([u16; 2], &Policy)> = Vec::new();
        for (first, last) in starts.iter().copied().zip(ends) {
            let policy = self.policy_for(Some(first));
            match runs.last_mut() {
                Some((run, same)) if *same == policy => run[1] = last,
                _ => runs.push(([first, last], policy)),
            }
        }
        runs.retain(|(_, policy)| **policy != self.fallback.reconnect.unknown);
        runs
    }

    /// The row that lists a number, in this table or one that it extends, and its policy.
    #[must_use]
    pub fn listed(&self, code: u32) -> Option<(&'a Row, &Policy)> {
        if let Some(row) = self.table.row_for(code) {
            return Some((row, row.policy()?));
        }
        let (row, policy) = self.extended.as_ref()?.listed(code)?;
        let instead = self.not_resumed.iter().find(|instead| instead.first <= code && code <= instead.last);
        Some((row, instead.map_or(policy, |instead| &instead.policy)))
    }

    /// The answers with a resume in them, as a table gives them that cannot resume and lists other codes.
    fn without_resume(&self, table: &Table) -> Vec<NotResumed> {
        let mut found = Vec::new();
        let mut starts = self.starts();
        starts.extend(table.rows.iter().flat_map(|row| [row.first(), row.last() + 1]));
        for &first in &starts {
            let last = starts.range(first + 1..).next().map_or(u16::MAX.into(), |next| next - 1);
            let Some((row, policy)) = self.listed(first).filter(|_| table.row_for(first).is_none()) else { continue };
            if policy.action == Action::Resume {
                found.push(NotResumed { first, last, policy: new_session_instead(policy, row) });
            }
        }
        found
    }
}

/// The policy for a system that cannot resume. The reason says what happened, and why this answer follows.
fn new_session_instead(policy: &Policy, row: &Row) -> Policy {
    let what = row.meaning().split(". ").next().unwrap_or_default();
    let reason = format!("{} Sessions cannot be resumed here.", sentence(&capitalized(what)));
    let wait = policy.wait.before_new_session();
    Policy { action: Action::NewSession, wait, reason: Text::new(reason), ..policy.clone() }
}
