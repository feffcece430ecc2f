//! What to do next on one connection, and why: a plan explains itself.

use core::fmt;
use core::time::Duration;

use super::limits::NewSessionBy;
use super::macros::named;
use super::policy::{Action, Policy};

/// What to do next on one connection.
///
/// Its [`Display`](fmt::Display) is one line for a log: what is done, when, after what, why so, and how to repair it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Plan {
    /// What to do.
    pub action: Action,
    /// How long to wait first. Keep it also if the program does other things meanwhile.
    pub delay: Duration,
    /// The code to close the connection with now, if it is still open.
    pub close_with: Option<u16>,
    /// Where to connect.
    pub url: Url,
    /// Who acts: on a connection whose sessions another one opens, that one asks for the new session.
    pub by: NewSessionBy,
    /// The answer that the plan follows, with its reason and its fix.
    pub policy: &'static Policy,
    /// What the plan follows.
    pub ending: Ending,
    /// Why the action is not the one of the policy, where it is not.
    pub instead: Option<Instead>,
    /// Why the delay is as long as it is.
    pub why: Why,
}

named! {
    /// Where to connect.
    #[non_exhaustive]
    pub enum Url {
        /// The address for resuming that the server gave, or the last one where it gives none.
        Resume = "resume",
        /// The address for new sessions.
        Main = "main",
    }
}

/// What a plan follows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ending {
    /// The client starts.
    Start,
    /// The connection ended with a close code, which the table may have a name for, or without one.
    Close(Option<u16>, Option<&'static str>),
    /// The client closed the connection itself, with a close code or without one.
    Sent(Option<u16>),
    /// A message ended the connection or the session: its opcode, and the name of it.
    Opcode(u32, &'static str),
    /// A heartbeat was not acknowledged.
    HeartbeatTimeout,
    /// The server did not answer in time.
    Timeout(Stage),
    /// The connection could not be opened.
    Failure(Failure),
    /// The server moved, and its new address is known.
    Moved,
    /// The server has gone, and its new address is not known yet.
    Gone,
    /// An event overruled a stop.
    Event(&'static str),
    /// The client leaves.
    Left,
    /// The client was stopped, or waited, when it was saved.
    Restored,
}

/// Which answer of the server a client waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Stage {
    /// The connection opens. Where the main connection opens sessions, this includes its answer.
    Upgrade,
    /// The server greets.
    Hello,
    /// The server accepts a new session.
    Ready,
    /// The server accepts a resumed session.
    Resumed,
}

/// Why a connection could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// The server was not reached.
    Network,
    /// The server refused with an HTTP status, which is no close code.
    Status {
        /// The status.
        code: u16,
        /// The header Retry-After, where there is one.
        retry_after: Option<Duration>,
    },
}

/// Why an action is not the one of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Instead {
    /// There is no session to resume.
    NoSession,
    /// So many resumes in a row failed.
    ResumesFailed(u32),
    /// The server moved.
    Moved,
    /// An event overrules the stop.
    Event,
    /// Only a person can open a new session.
    OnlyPerson,
    /// The limits allow no new session at all.
    NoBudget,
    /// So many new sessions in a row ended like this.
    NewSessionsFailed(u32),
    /// So many sessions in a row ended soon after they were accepted.
    GaveUp(u32),
    /// The server said when the cause of the stop ends.
    Ends,
    /// The client is in no channel any more, so no event overrules the stop.
    NotInChannel,
}

/// Why a delay is as long as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Why {
    /// The policy says so.
    Policy,
    /// It grows after failures.
    Backoff {
        /// How many in a row.
        failures: u32,
    },
    /// New sessions keep their distance.
    Distance,
    /// The number of new sessions is limited.
    Budget {
        /// How many the server still allows, as far as it has said so. The rest is spread over the time.
        left: u32,
        /// When the next one may start, on the scale of `now`.
        until: Duration,
    },
    /// The server said so.
    RetryAfter,
    /// An event says that it can be tried now.
    Event,
    /// An earlier wait goes on.
    Waiting,
}

impl fmt::Display for Plan {
    /// Writes one line for a log.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.action)?;
        match self.delay {
            _ if !self.action.reconnects() => {}
            Duration::ZERO => f.write_str(" at once")?,
            delay => write!(f, " in {}", Span(delay))?,
        }
        write!(f, " {}", self.ending)?;
        let why = if self.delay == Duration::ZERO { Why::Policy } else { self.why };
        match (self.instead, why) {
            (None, Why::Policy | Why::Event) => {}
            (Some(instead @ Instead::Ends), Why::RetryAfter) | (Some(instead), Why::Policy | Why::Event) => {
                write!(f, " ({instead})")?;
            }
            (None, why) => write!(f, " ({why})")?,
            (Some(instead), why) => write!(f, " ({instead}; {why})")?,
        }
        if self.action == Action::Stop && self.instead.is_none() {
            self.policy.write_unless(f)?;
        }
        self.policy.write_reason(f)
    }
}

/// A time for people.
struct Span(Duration);

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, tenths) = (self.0.as_secs(), self.0.subsec_millis() / 100);
        match seconds {
            0 => write!(f, "{} ms", self.0.as_millis().max(1)),
            1..=119 if tenths > 0 => write!(f, "{seconds}.{tenths} s"),
            1..=119 => write!(f, "{seconds} s"),
            120..=7199 => write!(f, "{} min {} s", seconds / 60, seconds % 60),
            _ => write!(f, "{} h {} min", seconds / 3600, seconds / 60 % 60),
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Start => "at the start",
            Self::Close(Some(code), Some(name)) => return write!(f, "after close code {code} ({name})"),
            Self::Close(Some(code), None) => return write!(f, "after close code {code}"),
            Self::Close(None, _) => "after the connection was lost",
            Self::Sent(Some(code)) => return write!(f, "after the client closed with {code}"),
            Self::Sent(None) => "after the client dropped the connection",
            Self::Opcode(code, name) => return write!(f, "after opcode {code} ({name})"),
            Self::HeartbeatTimeout => "after a heartbeat was not acknowledged",
            Self::Timeout(Stage::Upgrade) => "after the connection did not open in time",
            Self::Timeout(Stage::Hello) => "after the server did not greet in time",
            Self::Timeout(Stage::Ready) => "after a new session was not accepted in time",
            Self::Timeout(Stage::Resumed) => "after a resume was not accepted in time",
            Self::Failure(Failure::Network) => "after the connection could not be opened",
            Self::Failure(Failure::Status { code, .. }) => return write!(f, "after HTTP status {code}"),
            Self::Moved => "after the server moved",
            Self::Gone => "after the server went away",
            Self::Event(event) => return write!(f, "after {event}"),
            Self::Left => "as the client leaves",
            Self::Restored => "as before the restart",
        })
    }
}

impl fmt::Display for Instead {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSession => "there is no session to resume",
            Self::ResumesFailed(count) => return write!(f, "resumes failed: {count}"),
            Self::Moved => "the server moved",
            Self::Event => "the event overrules the stop",
            Self::OnlyPerson => "only a person can open a new session",
            Self::NoBudget => "the limits allow no new session",
            Self::NewSessionsFailed(count) => return write!(f, "new sessions in a row that ended so: {count}"),
            Self::GaveUp(count) => return write!(f, "sessions in a row that ended soon: {count}"),
            Self::Ends => "the server said when it ends",
            Self::NotInChannel => "the client is in no channel any more",
        })
    }
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Policy => "the policy says so",
            Self::Backoff { failures } => return write!(f, "failures in a row: {failures}"),
            Self::Distance => "new sessions keep their distance",
            Self::Budget { left: 0, .. } => "no new session is left until then",
            Self::Budget { left, .. } => return write!(f, "new sessions left: {left}, spread over the day"),
            Self::RetryAfter => "the server said how long",
            Self::Event => "an event says that it can be tried now",
            Self::Waiting => "an earlier wait goes on",
        })
    }
}
