//! What kind of refusal an error is, who can do something about it, and whether the request may be sent again.

use super::macros::named;

named! {
    /// The kind of an answer, named as the canonical codes of gRPC where those fit.
    #[non_exhaustive]
    pub enum Group {
        /// The request succeeded.
        Success = "success",
        /// The token is missing or not valid.
        Unauthenticated = "unauthenticated",
        /// The token is valid, but does not permit this.
        PermissionDenied = "permission-denied",
        /// The thing is gone, or was never there.
        NotFound = "not-found",
        /// The thing is there already.
        AlreadyExists = "already-exists",
        /// The request is wrong, whatever the state of the service.
        InvalidArgument = "invalid-argument",
        /// The state of the thing does not allow it now.
        FailedPrecondition = "failed-precondition",
        /// There are as many things as there may be.
        LimitReached = "limit-reached",
        /// Too fast.
        RateLimited = "rate-limited",
        /// The user has chosen to refuse it.
        BlockedByUser = "blocked-by-user",
        /// Moderation refused the content.
        BlockedByModeration = "blocked-by-moderation",
        /// The service cannot answer now.
        Unavailable = "unavailable",
        /// The service failed.
        Internal = "internal",
    }
}

named! {
    /// Who can do something about an answer.
    #[non_exhaustive]
    pub enum Fault {
        /// The user, or an administrator: expected in operation, so tell them and raise no alert.
        User = "user",
        /// The author of the application: a bug.
        Application = "application",
        /// The service.
        Service = "service",
    }
}

named! {
    /// Whether a client may send the same request again.
    pub enum Retry {
        /// Not as it is: nothing is known that a wait would change.
        No = "no",
        /// After a wait: it was refused before anything was done.
        Wait = "wait",
        /// After a wait, if it can be repeated: it may have been carried out.
        IfIdempotent = "if-idempotent",
    }
}
