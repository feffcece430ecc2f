//! The words that the rows of a table are written in.
//!
//! A row is a constant: `stop(Judgement).cause(Token)` costs nothing when a program runs. An empty text is none.

use core::time::Duration;

use super::group::{Fault, Group, Retry};
use super::opcode::{Direction, Format, OpcodeFacts};
use super::policy::{Action, Basis, Policy, Unless};
use super::response::{CodeRange, Response};
use super::row::{Row, Status};

pub(crate) use super::group::Fault::{Application, Service, User};
pub(crate) use super::group::Group::{
    AlreadyExists, BlockedByModeration, BlockedByUser, FailedPrecondition, Internal, InvalidArgument, LimitReached, NotFound,
    PermissionDenied, RateLimited, Success, Unauthenticated, Unavailable,
};
pub(crate) use super::opcode::Direction::{Both, Receive, Send};
pub(crate) use super::policy::Basis::{Consensus, Documented, DocumentedText, Judgement};
pub(crate) use super::policy::Cause::{
    Account, ApiVersion, ClientBug, Encryption, EndToEndEncryption, Intents, Network, Protocol, Server, Shards, Token,
};

/// A close code, and what to do after it.
pub(crate) const fn close_code(
    ident: &'static str,
    name: &'static str,
    summary: &'static str,
    answer: Policy,
    reason: &'static str,
    fix: &'static str,
) -> Row<Policy> {
    code(ident, name, summary, policy(answer, reason, fix))
}

/// A status code or an error code.
pub(crate) const fn response(
    ident: &'static str,
    name: &'static str,
    summary: &'static str,
    fix: &'static str,
    answer: Response,
) -> Row<Response> {
    code(ident, name, summary, Response { fix: text(fix), ..answer })
}

/// A code, with its names, what it means, and what follows from it.
pub(crate) const fn code<E>(ident: &'static str, name: &'static str, summary: &'static str, effect: E) -> Row<E> {
    Row { ident, name, summary, also: &[], status: Status::Active, is_ambiguous: false, effect }
}

/// The code has other or former identifiers.
pub(crate) const fn also<E: Copy>(also: &'static [&'static str], row: Row<E>) -> Row<E> {
    Row { also, ..row }
}

/// The document calls the code deprecated.
pub(crate) const fn deprecated<E: Copy>(row: Row<E>) -> Row<E> {
    Row { status: Status::Deprecated, ..row }
}

/// The document no longer lists the code.
pub(crate) const fn removed<E: Copy>(row: Row<E>) -> Row<E> {
    Row { status: Status::Removed, ..row }
}

/// Another code has the same name, or this name for its identifier.
pub(crate) const fn ambiguous<E: Copy>(row: Row<E>) -> Row<E> {
    Row { is_ambiguous: true, ..row }
}

/// Reconnect and resume, at once.
pub(crate) const fn resume(basis: Basis) -> Policy {
    Policy { basis, ..Policy::new(Action::Resume, "") }
}

/// Reconnect and start a new session, at once.
pub(crate) const fn new_session(basis: Basis) -> Policy {
    Policy { basis, ..Policy::new(Action::NewSession, "") }
}

/// Stay disconnected.
pub(crate) const fn stop(basis: Basis) -> Policy {
    Policy { basis, ..Policy::new(Action::Stop, "") }
}

/// A policy: the answer, why it is given, and what the user can do.
pub(crate) const fn policy(answer: Policy, reason: &'static str, fix: &'static str) -> Policy {
    Policy { reason, fix: text(fix), ..answer }
}

/// An event that overrules a stop if it follows within so many seconds, or came so many seconds before.
pub(crate) const fn event(event: &'static str, within: u64, before: u64, except: &'static str) -> Unless {
    let (within, before) = (Duration::from_secs(within), Duration::from_secs(before));
    Unless { event, within, before, except: text(except) }
}

/// An opcode, and who sends it, where the document says so.
pub(crate) const fn opcode(direction: Option<Direction>) -> OpcodeFacts {
    OpcodeFacts { direction, format: None, resumable: None, lost: None }
}

impl OpcodeFacts {
    /// Its payload is JSON.
    pub(crate) const fn json(self) -> Self {
        Self { format: Some(Format::Json), ..self }
    }

    /// Its payload is bytes.
    pub(crate) const fn binary(self) -> Self {
        Self { format: Some(Format::Binary), ..self }
    }

    /// It ends the connection or the session, and this is what to do.
    pub(crate) const fn ends(self, policy: &'static Policy) -> Self {
        self.ends_by_session(policy, policy)
    }

    /// The same, where it depends on what the message says: the session can be resumed, or it cannot.
    pub(crate) const fn ends_by_session(self, resumable: &'static Policy, lost: &'static Policy) -> Self {
        Self { resumable: Some(resumable), lost: Some(lost), ..self }
    }
}

/// A request like this fails again, and nothing else is known.
pub(crate) const fn answered() -> Response {
    Response { retry: Retry::No, fix: None, group: None, fault: None, http: None, limit: None }
}

/// The kind of the answer. A request like this fails again.
pub(crate) const fn group(group: Group) -> Response {
    Response { group: Some(group), ..answered() }
}

impl Response {
    /// Who can do something about it.
    pub(crate) const fn fault(self, fault: Fault) -> Self {
        Self { fault: Some(fault), ..self }
    }

    /// The request may be sent again after a wait.
    pub(crate) const fn retry_after_wait(self) -> Self {
        Self { retry: Retry::Wait, ..self }
    }

    /// The request may be sent again after a wait, if it can be repeated.
    pub(crate) const fn retry_if_idempotent(self) -> Self {
        Self { retry: Retry::IfIdempotent, ..self }
    }

    /// The HTTP status that comes with the code.
    pub(crate) const fn http(self, http: u16) -> Self {
        Self { http: Some(http), ..self }
    }

    /// How many there may be.
    pub(crate) const fn limit(self, limit: u32) -> Self {
        Self { limit: Some(limit), ..self }
    }
}

/// Numbers that share the meaning of a row.
pub(crate) const fn range(first: u32, last: u32, row: Row<Response>) -> CodeRange {
    let Response { retry, fix, group, fault, .. } = row.effect;
    CodeRange { first, last, name: row.name, summary: row.summary(), fix, retry, group, fault }
}

const fn text(text: &'static str) -> Option<&'static str> {
    if text.is_empty() {
        None
    } else {
        Some(text)
    }
}
