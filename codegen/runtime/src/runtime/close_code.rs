//! What tables of close codes have in common.

use core::time::Duration;

use super::code::Code;
use super::limits::{Limits, Opener};
use super::policy::{Action, Policy, Wait};

/// A table of close codes: why a connection ended, and what to do then.
///
/// ```
/// use wirecodes::{example::AnyCloseCode, Action, CloseCode};
///
/// fn next_step<T: CloseCode>(close_code: Option<u16>) -> &'static str {
///     match T::policy_for(close_code).action {
///         Action::Resume => "connect and resume",
///         Action::NewSession => "connect and start a new session",
///         Action::Stop => "stay disconnected",
///     }
/// }
///
/// // There is an answer for every number, and for a connection that ended without one.
/// println!("{}", next_step::<AnyCloseCode>(None));
/// println!("{}", next_step::<AnyCloseCode>(Some(65_535)));
/// ```
pub trait CloseCode: Code<Number = u16> {
    /// How much a client may do on this connection.
    const LIMITS: Limits;

    /// Who opens a new session.
    const OPENER: Opener;

    /// What to do when the connection ended with this code.
    fn policy(self) -> Policy;

    /// What to do when the connection ended with this number, known or not.
    ///
    /// `None` is a connection that ended without a close code.
    fn policy_for(close_code: Option<u16>) -> Policy;

    /// What to do after the client itself closed the connection with this number, in order to connect again.
    ///
    /// Some codes end the session when a client sends them. `None` is a connection that the client dropped without a close
    /// frame.
    fn policy_after_sending(close_code: Option<u16>) -> Policy;

    /// What to do when the server does not acknowledge a heartbeat in time.
    fn policy_after_silence() -> Policy;
}

/// What a table answers where none of its codes does.
pub(crate) struct Answers {
    /// The connection ended without a close code.
    pub(crate) absent: Policy,
    /// The close code is in no table.
    pub(crate) unknown: Policy,
    /// The close codes that do something else when the client sends them.
    pub(crate) sent: &'static [u16],
    /// What to do after sending one of them.
    pub(crate) after_sent: Policy,
    /// What to do after sending another one.
    pub(crate) after_others: Policy,
    /// What to do when the server does not acknowledge a heartbeat.
    pub(crate) silence: Policy,
    /// The documented ranges.
    pub(crate) ranges: &'static [PolicyRange],
}

/// Close codes that share an answer and have no variant.
pub(crate) struct PolicyRange {
    pub(crate) first: u16,
    pub(crate) last: u16,
    pub(crate) policy: Policy,
}

impl Answers {
    /// The policy of the range that has this number.
    pub(crate) const fn in_range(&self, code: u16) -> Option<Policy> {
        let mut at = 0;
        while at < self.ranges.len() {
            let range = &self.ranges[at];
            if range.first <= code && code <= range.last {
                return Some(range.policy);
            }
            at += 1;
        }
        None
    }

    /// What to do after the client sent this close code.
    pub(crate) const fn after_sending(&self, close_code: Option<u16>) -> Policy {
        let code = match close_code {
            Some(code) => code,
            None => return self.absent,
        };
        let mut at = 0;
        while at < self.sent.len() {
            if self.sent[at] == code {
                return self.after_sent;
            }
            at += 1;
        }
        self.after_others
    }
}

/// The shortest wait before a new session, where the policy was made for a resume.
const NEW_SESSION: Duration = Duration::from_secs(5);

/// The longest one.
const NEW_SESSION_MAX: Duration = Duration::from_secs(300);

/// A policy from another table, for a system that cannot resume. A new session waits longer than a resume.
pub(crate) const fn without_resume(policy: Option<Policy>) -> Option<Policy> {
    match policy {
        Some(policy) if matches!(policy.action, Action::Resume) => Some(Policy {
            action: Action::NewSession,
            wait: before_new_session(policy.wait),
            ..policy
        }),
        other => other,
    }
}

const fn before_new_session(wait: Wait) -> Wait {
    match wait {
        Wait::None => Wait::Backoff { first: NEW_SESSION, max: NEW_SESSION_MAX },
        Wait::Jitter { from, to } => {
            let from = longer(from, NEW_SESSION);
            Wait::Jitter { from, to: longer(to, from) }
        }
        Wait::Backoff { first, max } => {
            let first = longer(first, NEW_SESSION);
            Wait::Backoff { first, max: longer(max, first) }
        }
    }
}

const fn longer(one: Duration, other: Duration) -> Duration {
    if one.as_nanos() < other.as_nanos() {
        other
    } else {
        one
    }
}
