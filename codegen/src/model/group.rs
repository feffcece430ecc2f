//! What kind of refusal an error is, and who can do something about it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
