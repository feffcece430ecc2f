//! What the generated crate answers after a connection ended, computed from the model.
//!
//! In comes a table of close codes, out comes the policy for any number, known or not. Nothing here looks at rendered files; a
//! test compares the answers with the compiled crate.

use std::borrow::Cow;
use std::collections::BTreeSet;

use crate::facts::Action;
use crate::model::{CloseCodes, Code, Codes, Registry, Table};
use crate::ours::Policy;

/// The answers of a table of close codes.
#[derive(Clone, Copy, Debug)]
pub struct CloseAnswers<'a> {
    registry: &'a Registry,
    close: &'a CloseCodes,
    /// The table that this one extends. It is looked up once: comparisons ask for many numbers.
    extended: Option<&'a Table>,
}

impl<'a> CloseAnswers<'a> {
    /// The answers of a table, if it is one of close codes.
    #[must_use]
    pub fn new(registry: &'a Registry, table: &'a Table) -> Option<Self> {
        match &table.codes {
            Codes::CloseCodes(close) => {
                let extended = close.extends.as_ref().and_then(|path| registry.table(path));
                Some(Self { registry, close, extended })
            }
            Codes::Opcodes(_) | Codes::Responses(_) => None,
        }
    }

    /// The table.
    #[must_use]
    pub fn table(&self) -> &'a CloseCodes {
        self.close
    }

    /// What `policy_for` answers.
    #[must_use]
    pub fn policy_for(&self, close_code: Option<u16>) -> Cow<'a, Policy> {
        let Some(code) = close_code else { return Cow::Borrowed(&self.close.reconnect.absent) };
        self.listed(code).unwrap_or(Cow::Borrowed(&self.close.reconnect.unknown))
    }

    /// What `policy_after_sending` answers.
    #[must_use]
    pub fn policy_after_sending(&self, close_code: Option<u16>) -> &'a Policy {
        let reconnect = &self.close.reconnect;
        match (close_code, &reconnect.sent) {
            (Some(code), Some(sent)) if sent.codes.contains(&code) => &sent.policy,
            (Some(_), Some(sent)) => sent.others.as_ref().unwrap_or(&reconnect.absent),
            _ => &reconnect.absent,
        }
    }

    /// What `policy_after_silence` answers.
    #[must_use]
    pub fn policy_after_silence(&self) -> &'a Policy {
        self.close.reconnect.silence.as_ref().unwrap_or(&self.close.reconnect.absent)
    }

    /// The numbers from which on an answer may be another one than for the number before.
    #[must_use]
    pub fn starts(&self) -> BTreeSet<u32> {
        let codes = self.close.codes.iter().map(|code| [code.variant.number; 2]);
        let ranges = self.close.ranges.iter().map(|range| [range.first, range.last]);
        let sent = self.close.reconnect.sent.iter().flat_map(|sent| &sent.codes).map(|code| [u32::from(*code); 2]);
        let mut starts: BTreeSet<u32> = codes.chain(ranges).chain(sent).flat_map(|[first, last]| [first, last + 1]).collect();
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
        let number = u32::from(code);
        if let Some(code) = find(&self.close.codes, number) {
            return Some(Cow::Borrowed(&code.decision));
        }
        let ranges = &self.close.ranges;
        if let Some(range) = ranges.iter().find(|range| range.first <= number && number <= range.last) {
            return Some(Cow::Borrowed(&range.decision));
        }
        let policy = self.of_extended()?.listed(code)?;
        if self.close.reconnect.resumable || policy.action != Action::Resume {
            return Some(policy);
        }
        let wait = policy.wait.before_new_session();
        Some(Cow::Owned(Policy { action: Action::NewSession, wait, ..policy.into_owned() }))
    }
}

/// The code with a number. Codes are in numeric order.
#[must_use]
pub fn find<D>(codes: &[Code<D>], number: u32) -> Option<&Code<D>> {
    let at = codes.binary_search_by_key(&number, |code| code.variant.number).ok()?;
    codes.get(at)
}
