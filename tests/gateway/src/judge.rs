//! Whether a client did what it should, from what the gateway saw.

use std::fmt;
use std::time::Duration;

use wirecodes::Action;

use crate::endings::Ending;
use crate::loopback::{Event, Seen};
use crate::messages::last_sequence;

/// What the gateway thinks of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The client did what the policy says.
    Right,
    /// It resumed, and should stay disconnected.
    ResumedNotStopped,
    /// It opened a new session, and should stay disconnected.
    StartedNotStopped,
    /// It opened a new session, and should resume.
    StartedNotResumed,
    /// It resumed, and should open a new session.
    ResumedNotStarted,
    /// It did the right thing before the shortest wait was over.
    TooEarly,
    /// It did not come back in time.
    Silent,
    /// It resumed at another URL than the one that the gateway gave for it.
    WrongUrl,
    /// It resumed with another session, or from another message, than the last one.
    WrongSession,
    /// It closed with a code that ends the session which it then resumed.
    WrongCloseCode,
    /// It opened a new voice session with the old token, without asking the main gateway.
    NotAsked,
    /// It did not connect at all.
    NeverConnected,
    /// It did what no client should do.
    Strange(&'static str),
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Right => "right",
            Self::ResumedNotStopped => "resumed where it should stop",
            Self::StartedNotStopped => "new session where it should stop",
            Self::StartedNotResumed => "new session instead of resume",
            Self::ResumedNotStarted => "resumed instead of new session",
            Self::TooEarly => "too early",
            Self::Silent => "silent",
            Self::WrongUrl => "wrong url",
            Self::WrongSession => "wrong session",
            Self::WrongCloseCode => "close code ends the session",
            Self::NotAsked => "did not ask the main gateway",
            Self::NeverConnected => "never connected",
            Self::Strange(what) => what,
        })
    }
}

/// What the gateway saw after the ending, and the verdict.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Observation {
    /// What the client sent first.
    pub opening: Option<Seen>,
    /// Whether it did not connect again for it.
    pub is_same_connection: bool,
    /// How long after the ending.
    pub after: Duration,
    /// How the client closed a connection that the gateway did not close.
    pub closed_with: Option<u16>,
    /// What follows.
    pub verdict: Verdict,
}

/// A clock of a client may be so much ahead.
const TOLERANCE: Duration = Duration::from_millis(20);

/// Whether nothing that comes now would change the verdict.
#[must_use]
pub fn is_decided(log: &[Event]) -> bool {
    let is_decisive = |event: &Event| event.seen.is_opening() || matches!(event.seen, Seen::Strange(_));
    match ended(log) {
        Some(end) => log[end + 1..].iter().any(is_decisive),
        None => log.iter().any(|event| matches!(event.seen, Seen::Strange(_))),
    }
}

/// Where the log says that the first connection has ended.
#[must_use]
pub fn ended(log: &[Event]) -> Option<usize> {
    log.iter().position(|event| event.seen == Seen::Ended)
}

/// Judges a client from the log of a gateway that played an ending.
#[must_use]
pub fn judge(ending: &Ending, log: &[Event]) -> Observation {
    let (before, rest) = log.split_at(ended(log).unwrap_or(log.len()));
    let strange = |log: &[Event]| {
        log.iter().find_map(|event| if let Seen::Strange(what) = event.seen { Some(Verdict::Strange(what)) } else { None })
    };
    let nothing =
        |verdict| Observation { opening: None, is_same_connection: false, after: Duration::ZERO, closed_with: None, verdict };
    if let Some(verdict) = strange(before) {
        return nothing(verdict);
    }
    let Some((end, rest)) = rest.split_first() else { return nothing(Verdict::NeverConnected) };
    let closed_with = rest.iter().find_map(|event| if let Seen::Closed(code) = event.seen { code } else { None });
    let Some(next) = rest.iter().find(|event| event.seen.is_opening()) else {
        let verdict = if ending.action == Action::Stop { Verdict::Right } else { Verdict::Silent };
        return Observation { closed_with, ..nothing(strange(rest).unwrap_or(verdict)) };
    };
    let after = next.at.saturating_sub(end.at);
    let mut verdict = match (ending.action, &next.seen) {
        (Action::Stop, Seen::Resume { .. }) => Verdict::ResumedNotStopped,
        (Action::Stop, _) => Verdict::StartedNotStopped,
        (Action::NewSession, Seen::Resume { .. }) => Verdict::ResumedNotStarted,
        (Action::NewSession, again) if ending.messages.is_voice && before.iter().any(|event| event.seen == *again) => {
            Verdict::NotAsked
        }
        (Action::NewSession, _) => Verdict::Right,
        (Action::Resume, Seen::Resume { .. }) => resumed(ending, end, next, closed_with),
        (Action::Resume, _) => Verdict::StartedNotResumed,
    };
    let from = before.iter().rfind(|event| ending.is_distance && event.seen.is_opening()).unwrap_or(end);
    if verdict == Verdict::Right && next.at.saturating_sub(from.at) + TOLERANCE < ending.earliest {
        verdict = Verdict::TooEarly;
    }
    let is_same_connection = next.connection == end.connection;
    Observation { opening: Some(next.seen.clone()), is_same_connection, after, closed_with, verdict }
}

/// Whether a client that should resume did so in the right way. A voice client has neither a URL for it nor a common sequence.
fn resumed(ending: &Ending, end: &Event, next: &Event, closed_with: Option<u16>) -> Verdict {
    let Seen::Resume { session, sequence, at_resume_url } = &next.seen else { return Verdict::Right };
    let ends_session = |code| (ending.after_sending)(Some(code)).action != Action::Resume;
    if closed_with.is_some_and(ends_session) {
        return Verdict::WrongCloseCode;
    }
    if ending.messages.is_voice {
        return Verdict::Right;
    }
    if *session != format!("session-{}", end.connection) || *sequence != last_sequence(end.connection) {
        return Verdict::WrongSession;
    }
    if next.connection != end.connection && !at_resume_url { Verdict::WrongUrl } else { Verdict::Right }
}
