//! The words that the rows of a table are written in.
//!
//! A row is a constant: `stop(Judgement).cause(Token)` costs nothing when a program runs. An empty text is none.

use core::time::Duration;

use super::close_code::PolicyRange;
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
    row(ident, name, summary, policy(answer, reason, fix))
}

/// An opcode.
pub(crate) const fn opcode(
    ident: &'static str,
    name: &'static str,
    summary: &'static str,
    facts: OpcodeFacts,
) -> Row<OpcodeFacts> {
    row(ident, name, summary, facts)
}

/// A status code or an error code.
pub(crate) const fn response(
    ident: &'static str,
    name: &'static str,
    summary: &'static str,
    fix: &'static str,
    answer: Response,
) -> Row<Response> {
    row(ident, name, summary, Response { fix: text(fix), ..answer })
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

/// A policy: the answer, why it is given, and what the user can do.
pub(crate) const fn policy(answer: Policy, reason: &'static str, fix: &'static str) -> Policy {
    Policy { reason, fix: text(fix), ..answer }
}

/// Reconnect and resume, at once.
pub(crate) const fn resume(basis: Basis) -> Policy {
    answer(Action::Resume, basis)
}

/// Reconnect and start a new session, at once.
pub(crate) const fn new_session(basis: Basis) -> Policy {
    answer(Action::NewSession, basis)
}

/// Stay disconnected.
pub(crate) const fn stop(basis: Basis) -> Policy {
    answer(Action::Stop, basis)
}

/// An event that overrules a stop if it follows within so many seconds, or came so many seconds before.
pub(crate) const fn event(event: &'static str, within: u64, before: u64, except: &'static str) -> Unless {
    let (within, before) = (Duration::from_secs(within), Duration::from_secs(before));
    Unless { event, within, before, except: text(except) }
}

/// An opcode of which the document does not say who sends it.
pub(crate) const fn transferred() -> OpcodeFacts {
    OpcodeFacts { direction: None, format: None, resumable: None, lost: None }
}

/// The client sends it.
pub(crate) const fn sent() -> OpcodeFacts {
    OpcodeFacts { direction: Some(Direction::Send), ..transferred() }
}

/// The client receives it.
pub(crate) const fn received() -> OpcodeFacts {
    OpcodeFacts { direction: Some(Direction::Receive), ..transferred() }
}

/// The client sends and receives it.
pub(crate) const fn exchanged() -> OpcodeFacts {
    OpcodeFacts { direction: Some(Direction::Both), ..transferred() }
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
}

/// The opcode ends the connection or the session, and this is what to do.
pub(crate) const fn ends(facts: OpcodeFacts, policy: &'static Policy) -> OpcodeFacts {
    ends_by_session(facts, policy, policy)
}

/// The same, where it depends on what the message says: the session can be resumed, or it cannot.
pub(crate) const fn ends_by_session(facts: OpcodeFacts, resumable: &'static Policy, lost: &'static Policy) -> OpcodeFacts {
    OpcodeFacts { resumable: Some(resumable), lost: Some(lost), ..facts }
}

/// Close codes that share an answer.
pub(crate) const fn policy_range(first: u16, last: u16, policy: Policy) -> PolicyRange {
    PolicyRange { first, last, policy }
}

/// A request like this fails again, and nothing else is known.
pub(crate) const fn answered() -> Response {
    Response { retry: Retry::No, fix: None, group: None, fault: None, http: 0, limit: None }
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
        Self { http, ..self }
    }

    /// How many there may be.
    pub(crate) const fn limit(self, limit: u32) -> Self {
        Self { limit: Some(limit), ..self }
    }
}

/// Numbers of responses that share a meaning.
pub(crate) const fn code_range(
    first: u32,
    last: u32,
    name: &'static str,
    summary: &'static str,
    fix: &'static str,
    answer: Response,
) -> CodeRange {
    let summary = if summary.is_empty() { name } else { summary };
    let Response { retry, group, fault, .. } = answer;
    CodeRange { first, last, name, summary, fix: text(fix), retry, group, fault }
}

const fn row<E>(ident: &'static str, name: &'static str, summary: &'static str, effect: E) -> Row<E> {
    Row { ident, name, summary, also: &[], status: Status::Active, is_ambiguous: false, effect }
}

const fn answer(action: Action, basis: Basis) -> Policy {
    Policy { basis, ..Policy::new(action, "") }
}

const fn text(text: &'static str) -> Option<&'static str> {
    if text.is_empty() {
        None
    } else {
        Some(text)
    }
}
