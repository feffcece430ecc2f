//! What tables of close codes have in common.

use super::code::Code;
use super::limits::{Limits, NewSessionBy};
use super::policy::Policy;

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
    const NEW_SESSION_BY: NewSessionBy;

    /// What to do when the connection ended with this code.
    fn policy(self) -> &'static Policy;

    /// What to do when the connection ended with this number, known or not.
    ///
    /// `None` is a connection that ended without a close code.
    fn policy_for(close_code: Option<u16>) -> &'static Policy;

    /// What to do after the client itself closed the connection with this number, in order to connect again.
    ///
    /// Some codes end the session when a client sends them. `None` is a connection that the client dropped without a close
    /// frame.
    fn policy_after_sending(close_code: Option<u16>) -> &'static Policy;

    /// What to do when the server does not acknowledge a heartbeat in time.
    fn policy_after_heartbeat_timeout() -> &'static Policy;
}

/// What a table answers where none of its codes does.
pub(crate) struct Answers {
    /// The connection ended without a close code.
    pub(crate) absent: &'static Policy,
    /// The close code is in no table.
    pub(crate) unknown: &'static Policy,
    /// The close codes that do something else when the client sends them.
    pub(crate) sent: &'static [u16],
    /// What to do after sending one of them.
    pub(crate) after_sent: &'static Policy,
    /// What to do after sending another one.
    pub(crate) after_others: &'static Policy,
    /// The server did not acknowledge a heartbeat in time.
    pub(crate) heartbeat_timeout: &'static Policy,
    /// The documented ranges, and what a table that cannot resume answers in place of the one that it extends.
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
    pub(crate) const fn in_range(&self, code: u16) -> Option<&'static Policy> {
        let mut at = 0;
        while at < self.ranges.len() {
            let range = &self.ranges[at];
            if range.first <= code && code <= range.last {
                return Some(&range.policy);
            }
            at += 1;
        }
        None
    }

    /// What to do after the client sent this close code.
    pub(crate) const fn after_sending(&self, close_code: Option<u16>) -> &'static Policy {
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

/// Implements what tables of close codes share.
macro_rules! close_code {
    ($Enum:ident) => {
        runtime::methods! { $Enum: runtime::CloseCode {
            const LIMITS: runtime::Limits = Self::LIMITS;
            const NEW_SESSION_BY: runtime::NewSessionBy = Self::NEW_SESSION_BY;
        }
            /// What to do when the connection ended with this code.
            fn policy(self) -> &'static runtime::Policy { &row(self).effect }

            /// What to do when the connection ended with this number, known or not.
            ///
            /// `None` is a connection that ended without a close code.
            fn policy_for()(close_code: ::core::option::Option<u16>) -> &'static runtime::Policy {
                match close_code {
                    Some(code) => match Self::listed_policy(code) {
                        Some(policy) => policy,
                        None => ANSWERS.unknown,
                    },
                    None => ANSWERS.absent,
                }
            }

            /// What to do after the client itself closed the connection with this number, in order to connect again.
            ///
            /// Some codes end the session when a client sends them. `None` is a connection that the client dropped without
            /// a close frame.
            fn policy_after_sending()(close_code: ::core::option::Option<u16>) -> &'static runtime::Policy {
                ANSWERS.after_sending(close_code)
            }

            /// What to do when the server does not acknowledge a heartbeat in time.
            fn policy_after_heartbeat_timeout() -> &'static runtime::Policy { ANSWERS.heartbeat_timeout }
        }

        impl $Enum {
            /// The policy of a number that this table, or one that it extends, lists.
            #[inline]
            pub(crate) const fn listed_policy(code: u16) -> ::core::option::Option<&'static runtime::Policy> {
                match Self::from_code(code) {
                    Some(known) => Some(known.policy()),
                    None => match ANSWERS.in_range(code) {
                        None => extended(code),
                        policy => policy,
                    },
                }
            }
        }
    };
}

pub(crate) use close_code;
