//! What the generated crate answers after a connection ended, computed from the model.
//!
//! In comes a table of close codes, out comes the policy for any number, known or not. Nothing here looks at rendered files; a
//! test compares the answers with the compiled crate.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{Action, Fallback, Policy, Registry, Row, Table};

/// The answers of a table of close codes.
#[derive(Clone, Copy, Debug)]
pub struct CloseAnswers<'a> {
    registry: &'a Registry,
    table: &'a Table,
    fallback: &'a Fallback,
    /// The table that this one extends. It is looked up once: comparisons ask for many numbers.
    extended: Option<&'a Table>,
}

impl<'a> CloseAnswers<'a> {
    /// The answers of a table, if it is one of close codes.
    #[must_use]
    pub fn new(registry: &'a Registry, table: &'a Table) -> Option<Self> {
        let fallback = table.fallback.as_deref()?;
        let extended = fallback.extends.as_ref().and_then(|path| registry.table(path));
        Some(Self { registry, table, fallback, extended })
    }

    /// What `policy_for` answers.
    #[must_use]
    pub fn policy_for(&self, close_code: Option<u16>) -> Cow<'a, Policy> {
        let Some(code) = close_code else { return Cow::Borrowed(&self.fallback.reconnect.absent) };
        self.listed(code).unwrap_or(Cow::Borrowed(&self.fallback.reconnect.unknown))
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

    /// What `policy_after_silence` answers.
    #[must_use]
    pub fn policy_after_silence(&self) -> &'a Policy {
        self.fallback.reconnect.silence.as_ref().unwrap_or(&self.fallback.reconnect.absent)
    }

    /// The numbers from which on an answer may be another one than for the number before.
    #[must_use]
    pub fn starts(&self) -> BTreeSet<u32> {
        let rows = self.table.rows.iter().map(|row| [row.first(), row.last()]);
        let sent = self.fallback.reconnect.sent.iter().flat_map(|sent| &sent.codes).map(|code| [u32::from(*code); 2]);
        let mut starts: BTreeSet<u32> = rows.chain(sent).flat_map(|[first, last]| [first, last + 1]).collect();
        starts.insert(0);
        starts.extend(self.of_extended().iter().flat_map(Self::starts));
        starts
    }

    /// The answers of the table that this one extends.
    fn of_extended(&self) -> Option<Self> {
        Self::new(self.registry, self.extended?)
    }

    /// The policy of a number that this table, or one that it extends, lists.
    fn listed(&self, code: u16) -> Option<Cow<'a, Policy>> {
        if let Some(policy) = self.table.row_for(code.into()).and_then(Row::policy) {
            return Some(Cow::Borrowed(policy));
        }
        let policy = self.of_extended()?.listed(code)?;
        if self.fallback.reconnect.resumable || policy.action != Action::Resume {
            return Some(policy);
        }
        let wait = policy.wait.before_new_session();
        Some(Cow::Owned(Policy { action: Action::NewSession, wait, ..policy.into_owned() }))
    }
}
