//! What to do after a connection ended: three answers, each with its reason.

use core::fmt;

/// What a client does after its connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Reconnect {
    /// Connect again and resume the session that was open.
    ///
    /// A client that holds no session starts a new one instead.
    Resume,
    /// Connect again and start a new session: the old one is gone.
    NewSession,
    /// Stay away: connecting again would fail the same way until a person has mended the cause.
    Stop,
}

impl Reconnect {
    /// Whether the client connects again by itself.
    #[must_use]
    pub const fn can_reconnect(self) -> bool {
        !matches!(self, Self::Stop)
    }
}

impl fmt::Display for Reconnect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Resume => "resume",
            Self::NewSession => "new session",
            Self::Stop => "stop",
        })
    }
}

/// How long to wait before the first attempt to connect again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Wait {
    /// Try at once. When that attempt fails too, wait before the next one.
    None,
    /// Wait before the first attempt already, and longer before each further one.
    Backoff,
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::None => "at once",
            Self::Backoff => "after a wait",
        })
    }
}

/// What an answer rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Basis {
    /// The document has a column for it, or says in so many words that one should not reconnect.
    Documented,
    /// The documented sentence says what to do.
    DocumentedText,
    /// The document is silent; most of the clients that were looked at agree.
    Consensus,
    /// Neither the document nor the clients settle it; the reason says why this answer was chosen.
    Judgement,
}

impl fmt::Display for Basis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Documented => "documented",
            Self::DocumentedText => "documented text",
            Self::Consensus => "consensus of clients",
            Self::Judgement => "judgement",
        })
    }
}

/// What to do after a connection ended, and why.
///
/// ```
/// use wirecodes::{discord::v10::GatewayCloseCode, Reconnect};
///
/// let policy = GatewayCloseCode::reconnect_for(Some(4014));
/// assert_eq!(policy.action, Reconnect::Stop);
/// println!("gateway closed: {policy}");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Policy {
    /// What to do.
    pub action: Reconnect,
    /// How long to wait before doing it.
    pub wait: Wait,
    /// What the answer rests on.
    pub basis: Basis,
    /// Why, in a sentence for the person who reads the log.
    pub reason: &'static str,
    /// The event that overrules [`Reconnect::Stop`] when it follows, by its name on the wire.
    ///
    /// After `Some("VOICE_SERVER_UPDATE")` a client waits for that event for a moment, and connects anew if it arrives.
    pub unless: Option<&'static str>,
}

impl Policy {
    /// A policy without an exception.
    #[must_use]
    pub const fn new(
        action: Reconnect,
        wait: Wait,
        basis: Basis,
        reason: &'static str,
    ) -> Self {
        Self { action, wait, basis, reason, unless: None }
    }

    /// The same policy, overruled when the named event follows.
    #[must_use]
    pub const fn unless(mut self, event: &'static str) -> Self {
        self.unless = Some(event);
        self
    }
}

impl fmt::Display for Policy {
    /// Writes the answer and its reason on one line, as for a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.action)?;
        if self.action.can_reconnect() {
            write!(f, " {}", self.wait)?;
        }
        if let Some(event) = self.unless {
            write!(f, " unless {event} follows")?;
        }
        write!(f, ": {}", self.reason)
    }
}
