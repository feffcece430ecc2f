//! What kind of refusal an error is, who can do something about it, and whether the request may be sent again.

use core::fmt;

/// The kind of an answer, named as the canonical codes of gRPC where those fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Group {
    /// The request succeeded.
    Success,
    /// The token is missing or not valid.
    Unauthenticated,
    /// The token is valid, but does not permit this.
    PermissionDenied,
    /// The thing is gone, or was never there.
    NotFound,
    /// The thing is there already.
    AlreadyExists,
    /// The request is wrong, whatever the state of the service.
    InvalidArgument,
    /// The state of the thing does not allow it now.
    FailedPrecondition,
    /// There are as many things as there may be.
    LimitReached,
    /// Too fast.
    RateLimited,
    /// The user has chosen to refuse it.
    BlockedByUser,
    /// Moderation refused the content.
    BlockedByModeration,
    /// The service cannot answer now.
    Unavailable,
    /// The service failed.
    Internal,
}

/// Who can do something about an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The user, or an administrator: expected in operation, so tell them and raise no alert.
    User,
    /// The author of the application: a bug.
    Application,
    /// The service.
    Service,
}

/// Whether a client may send the same request again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Retry {
    /// Not as it is: nothing is known that a wait would change.
    No,
    /// After a wait: it was refused before anything was done.
    Wait,
    /// After a wait, if it can be repeated: it may have been carried out.
    IfIdempotent,
}

impl Group {
    /// A short name in lower case, as for a label of a metric: `not-found`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Success => "success",
            Self::Unauthenticated => "unauthenticated",
            Self::PermissionDenied => "permission-denied",
            Self::NotFound => "not-found",
            Self::AlreadyExists => "already-exists",
            Self::InvalidArgument => "invalid-argument",
            Self::FailedPrecondition => "failed-precondition",
            Self::LimitReached => "limit-reached",
            Self::RateLimited => "rate-limited",
            Self::BlockedByUser => "blocked-by-user",
            Self::BlockedByModeration => "blocked-by-moderation",
            Self::Unavailable => "unavailable",
            Self::Internal => "internal",
        }
    }
}

impl Fault {
    /// A short name in lower case, as for a label of a metric: `user`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Application => "application",
            Self::Service => "service",
        }
    }
}

impl Retry {
    /// A short name in lower case, as for a label of a metric: `if-idempotent`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::No => "no",
            Self::Wait => "wait",
            Self::IfIdempotent => "if-idempotent",
        }
    }
}

impl fmt::Display for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
