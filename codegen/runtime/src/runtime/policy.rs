//! What to do after a connection ended: three actions, each with its reason.

use core::fmt;
use core::time::Duration;

use super::macros::named;

named! {
    /// What a client does after its connection ended.
    ///
    /// There will never be a fourth action, so a `match` needs no wildcard.
    pub enum Action {
        /// Resume: reconnects and replays missed events.
        ///
        /// A client without a session starts a new one instead.
        Resume = "resume",
        /// New session: reconnects and authenticates again. The old session is lost.
        NewSession = "new-session" shown "new session",
        /// Stop: stays disconnected. Reconnecting fails the same way until the user has fixed the cause.
        Stop = "stop",
    }
}

impl Action {
    /// Whether the client reconnects by itself.
    #[must_use]
    pub const fn reconnects(self) -> bool {
        !matches!(self, Self::Stop)
    }
}

/// How long to wait before the attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Wait {
    /// Not at all. If the attempt fails, back off before the next one.
    None,
    /// A random time between two limits.
    Jitter {
        /// The shortest wait.
        from: Duration,
        /// The longest wait.
        to: Duration,
    },
    /// A random time that doubles with each failed attempt.
    Backoff {
        /// The shortest first wait.
        first: Duration,
        /// The longest wait of all.
        max: Duration,
    },
}

impl Wait {
    /// The wait before an attempt.
    ///
    /// `attempt` counts the attempts that failed since the last success, from 0. `random` is a random number; its whole range
    /// is used. The crate has no source of randomness and no clock of its own.
    ///
    /// ```
    /// use core::time::Duration;
    /// use wirecodes::Wait;
    ///
    /// let wait = Wait::Backoff { first: Duration::from_secs(1), max: Duration::from_secs(300) };
    /// assert_eq!(wait.delay(0, 0), Duration::from_secs(1));
    /// assert_eq!(wait.delay(3, 0), Duration::from_secs(8));
    /// assert!(wait.delay(30, u32::MAX) <= Duration::from_secs(300));
    /// ```
    #[must_use]
    pub const fn delay(self, attempt: u32, random: u32) -> Duration {
        let (low, high) = match self {
            Self::None => return Duration::ZERO,
            Self::Jitter { from, to } => (millis(from), millis(to)),
            Self::Backoff { first, max } => {
                let (first, max) = (millis(first), millis(max));
                // The lower limit stops at half of the maximum, so that long waits stay random.
                let top = if max / 2 > first { max / 2 } else { first };
                let doubled = first.saturating_mul(1 << if attempt < 40 { attempt } else { 40 });
                let low = if doubled < top { doubled } else { top };
                let high = low.saturating_mul(2);
                (low, if high < max { high } else { max })
            }
        };
        let span = high.saturating_sub(low);
        // At most 2^32 - 1 parts of a span below 2^64: computed with the upper and the lower half apart.
        let extra = (span >> 32) * random as u64 + (((span & 0xFFFF_FFFF) * random as u64) >> 32);
        Duration::from_millis(low.saturating_add(extra))
    }
}

/// A duration in whole milliseconds.
#[allow(clippy::cast_possible_truncation)]
pub(crate) const fn millis(duration: Duration) -> u64 {
    let millis = duration.as_millis();
    if millis > u64::MAX as u128 {
        u64::MAX
    } else {
        millis as u64
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("at once"),
            Self::Jitter { from, to } => write!(f, "after {from:?} to {to:?}"),
            Self::Backoff { first, max } => write!(f, "after a backoff of {first:?} to {max:?}"),
        }
    }
}

named! {
    /// What an answer is based on.
    #[non_exhaustive]
    pub enum Basis {
        /// A documented column, or a sentence that says not to reconnect.
        Documented = "documented",
        /// The documented sentence says what to do.
        DocumentedText = "documented-text" shown "documented text",
        /// The document does not say. Most of the clients that were compared agree.
        Consensus = "consensus" shown "consensus of clients",
        /// Neither the document nor the clients settle it. The reason says why this answer was chosen.
        Judgement = "judgement",
    }
}

named! {
    /// What has to change before the same thing can succeed, for programs that act on it.
    #[non_exhaustive]
    pub enum Cause {
        /// The token or another credential.
        Token = "token",
        /// The number of shards, or the shard.
        Shards = "shards",
        /// The events that the client asked for.
        Intents = "intents",
        /// The version of the API.
        ApiVersion = "api-version" shown "API version",
        /// The protocol that the client chose, or an extension of it.
        Protocol = "protocol",
        /// The encryption mode that the client chose.
        Encryption = "encryption",
        /// Support for end-to-end encryption.
        EndToEndEncryption = "end-to-end-encryption" shown "end-to-end encryption",
        /// The account: banned for good or logged out. What it was paired with is lost.
        Account = "account",
        /// The program: it sent something that the server does not accept.
        ClientBug = "client-bug" shown "client bug",
        /// The server.
        Server = "server",
        /// The network.
        Network = "network",
    }
}

/// An event that overrules [`Action::Stop`] when it follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Unless {
    /// The name of the event, as it is sent.
    pub event: &'static str,
    /// How long to wait for it.
    pub within: Duration,
    /// How long before the ending it may have come instead.
    pub before: Duration,
    /// When the event does not overrule, in words: "its endpoint is null".
    ///
    /// An event that has such an exception brings the new address.
    pub except: Option<&'static str>,
}

impl Unless {
    /// Whether the event brings the new address.
    pub(super) fn has_address(&self) -> bool {
        self.except.is_some()
    }
}

impl fmt::Display for Unless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} follows within {:?}", self.event, self.within)?;
        if self.before > Duration::ZERO {
            write!(f, " or came up to {:?} before", self.before)?;
        }
        match self.except {
            Some(except) => write!(f, " (not if {except})"),
            None => Ok(()),
        }
    }
}

/// What to do after a connection ended, and why.
///
/// Its [`Display`](fmt::Display) is one line for a log, with the fix.
///
/// ```
/// use wirecodes::example::AnyCloseCode;
///
/// let policy = AnyCloseCode::policy_for(Some(65_535));
/// println!("connection closed: {policy}");
/// assert!(policy.to_string().contains(policy.reason));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Policy {
    /// What to do.
    pub action: Action,
    /// How long to wait before doing it.
    pub wait: Wait,
    /// What the answer is based on.
    pub basis: Basis,
    /// What has to change, where it is known.
    pub cause: Option<Cause>,
    /// Why, in a sentence.
    pub reason: &'static str,
    /// What the user can do about it, in a sentence.
    pub fix: Option<&'static str>,
    /// The events that overrule [`Action::Stop`].
    pub unless: &'static [Unless],
    /// The code to close the connection with, where the client has to close it.
    pub close_with: Option<u16>,
    /// How many new sessions in a row may follow this ending, before a [`Reconnector`](super::Reconnector) stops.
    pub new_sessions_before_stop: Option<u32>,
}

/// Answers that a program gives itself: [`Reconnector::with_answers`](super::Reconnector::with_answers).
impl Policy {
    /// An answer of the program's own: what to do at once, and why, in a sentence.
    ///
    /// ```
    /// use wirecodes::{Action, Policy};
    ///
    /// const LATER: Policy = Policy::new(Action::Resume, "Another client is connected.").backoff(30, 300);
    /// assert_eq!(LATER.to_string(), "resume after a backoff of 30s to 300s: Another client is connected.");
    /// ```
    #[must_use]
    pub const fn new(action: Action, reason: &'static str) -> Self {
        Self {
            action,
            wait: Wait::None,
            basis: Basis::Judgement,
            cause: None,
            reason,
            fix: None,
            unless: &[],
            close_with: None,
            new_sessions_before_stop: None,
        }
    }

    /// After a random time between two limits in seconds.
    #[must_use]
    pub const fn jitter(self, from: u64, to: u64) -> Self {
        Self { wait: Wait::Jitter { from: Duration::from_secs(from), to: Duration::from_secs(to) }, ..self }
    }

    /// After a random time that doubles with each failed attempt: the shortest first one and the longest, in seconds.
    #[must_use]
    pub const fn backoff(self, first: u64, max: u64) -> Self {
        Self { wait: Wait::Backoff { first: Duration::from_secs(first), max: Duration::from_secs(max) }, ..self }
    }

    /// With what has to change first.
    #[must_use]
    pub const fn cause(self, cause: Cause) -> Self {
        Self { cause: Some(cause), ..self }
    }

    /// With what the user can do about it, in a sentence.
    #[must_use]
    pub const fn fix(self, fix: &'static str) -> Self {
        Self { fix: Some(fix), ..self }
    }

    /// With events that overrule the stop.
    #[must_use]
    pub const fn unless(self, unless: &'static [Unless]) -> Self {
        Self { unless, ..self }
    }

    /// With the code to close the connection with.
    #[must_use]
    pub const fn close_with(self, code: u16) -> Self {
        Self { close_with: Some(code), ..self }
    }

    /// With the number of new sessions in a row after which a reconnector stops.
    #[must_use]
    pub const fn new_sessions_before_stop(self, most: u32) -> Self {
        Self { new_sessions_before_stop: Some(most), ..self }
    }
}

named! {
    /// How much a policy matters to whoever reads the log.
    pub enum Level {
        /// The connection goes on by itself, or has ended as it should.
        Info = "info",
        /// It goes on by itself, and the program or its settings should be looked at.
        Warn = "warn",
        /// It stays down until somebody repairs what the fix names.
        Error = "error",
    }
}

impl Policy {
    /// How much it matters: from the action, and from the cause where there is one.
    #[must_use]
    pub const fn level(&self) -> Level {
        match (self.action, self.cause) {
            (Action::Stop, Some(_)) => Level::Error,
            (_, None | Some(Cause::Server | Cause::Network)) => Level::Info,
            (_, Some(_)) => Level::Warn,
        }
    }
}

impl fmt::Display for Policy {
    /// Writes the action, the reason and the fix on one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.action)?;
        if self.action.reconnects() {
            write!(f, " {}", self.wait)?;
        }
        self.write_unless(f)?;
        self.write_reason(f)
    }
}

impl Policy {
    pub(super) fn write_unless(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut word = "unless";
        for unless in self.unless {
            write!(f, " {word} {unless}")?;
            word = "or";
        }
        Ok(())
    }

    pub(super) fn write_reason(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, ": {}", self.reason)?;
        match self.fix {
            Some(fix) => write!(f, " Fix: {fix}"),
            None => Ok(()),
        }
    }
}
