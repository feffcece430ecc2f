//! How much a client may do: the limits of a kind of connection, and who opens its sessions.

use core::time::Duration;

use super::macros::named;

/// How much a client may do on a connection.
///
/// Each table of close codes has the limits of its connection in
/// [`CloseCode::LIMITS`](super::CloseCode::LIMITS), with the documents that they come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Limits {
    /// How many new sessions a client may start in 24 hours. `None`: no limit is documented.
    pub identifies_per_day: Option<u32>,
    /// The shortest time between two new sessions.
    pub identify_every: Duration,
    /// How many messages a client may send in 60 seconds. `None`: no limit is documented.
    pub commands_per_minute: Option<u32>,
    /// How many resumes in a row may fail before the client gives the session up.
    pub resumes_before_new: u32,
    /// How long a connection may take to open.
    pub upgrade: Duration,
    /// How long the server may take to greet after that.
    pub hello: Duration,
    /// How long the server may take to accept a new session.
    pub ready: Duration,
    /// How long the server may take to accept a resumed session.
    pub resumed: Duration,
}

impl Limits {
    /// The limits with another number of new sessions a day, as the server reports it for this account.
    #[must_use]
    pub const fn with_identifies_per_day(self, identifies: u32) -> Self {
        Self { identifies_per_day: Some(identifies), ..self }
    }
}

named! {
    /// Who opens a new session.
    #[non_exhaustive]
    pub enum NewSessionBy {
        /// The connection itself, after it has connected again.
        Connection = "connection",
        /// Another connection, the main one: it asks for the session and receives its address.
        MainConnection = "main-connection" shown "main connection",
        /// A person, for example by pairing a device. A program cannot do it.
        Person = "person",
    }
}
