//! What kind of refusal an error is, who can do something about it, and whether the request may be sent again.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::capitalized;

/// The kind of an answer, named as the canonical codes of gRPC where those fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
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
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Fault {
    /// The user, or an administrator: expected in operation.
    User,
    /// The author of the application.
    Application,
    /// The service.
    Service,
}

/// Whether a client may send the same request again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// Not as it is: nothing is known that a wait would change.
    #[default]
    No,
    /// After a wait: it was refused before anything was done.
    Wait,
    /// After a wait, if it can be repeated: it may have been carried out.
    IfIdempotent,
}

impl Retry {
    /// What to do, in two or three words.
    #[must_use]
    pub const fn action(self) -> &'static str {
        match self {
            Self::No => "do not send again",
            Self::Wait | Self::IfIdempotent => "send again",
        }
    }

    /// When, if at all.
    #[must_use]
    pub const fn when(self) -> Option<&'static str> {
        match self {
            Self::No => None,
            Self::Wait => Some("after a wait"),
            Self::IfIdempotent => Some("after a wait, if it can be repeated"),
        }
    }

    /// Why.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::No => "a wait is not known to change the answer",
            Self::Wait => "the request was refused before anything was done",
            Self::IfIdempotent => "the request may have been carried out",
        }
    }

    /// What to do and when.
    #[must_use]
    pub fn words(self) -> String {
        [Some(self.action()), self.when()].into_iter().flatten().collect::<Vec<_>>().join(" ")
    }

    /// It as a sentence.
    #[must_use]
    pub fn sentence(self) -> String {
        format!("{}: {}.", capitalized(&self.words()), self.reason())
    }
}

impl Group {
    /// Whose fault it is, unless a row says otherwise.
    #[must_use]
    pub const fn fault(self) -> Option<Fault> {
        match self {
            Self::Success => None,
            Self::PermissionDenied
            | Self::NotFound
            | Self::FailedPrecondition
            | Self::LimitReached
            | Self::BlockedByUser
            | Self::BlockedByModeration => Some(Fault::User),
            Self::Unauthenticated | Self::AlreadyExists | Self::InvalidArgument | Self::RateLimited => Some(Fault::Application),
            Self::Unavailable | Self::Internal => Some(Fault::Service),
        }
    }
}
