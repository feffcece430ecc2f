//! Whether a client did what it should, from what the gateway saw.

use std::fmt;
use std::time::Duration;

use wirecodes::Action;

use crate::endings::Ending;
use crate::loopback::{Event, Script, Seen};
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
    /// Its waits did not grow while no connection opened.
    NotSlower,
    /// Its waits were not short again after a session that lived a minute.
    NotReset,
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
            Self::NotSlower => "waits do not grow",
            Self::NotReset => "waits never start again",
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

/// After an outage a client comes back so soon, where it resumes at once.
const SOON: Duration = Duration::from_secs(5);

/// Whether nothing that comes now would change the verdict.
#[must_use]
pub fn is_decided(ending: &Ending, log: &[Event]) -> bool {
    let last = usize::from(matches!(ending.script, Script::Outage(_)));
    let is_back = ended(log, last).is_some_and(|end| log[end + 1..].iter().any(|event| event.seen.is_opening()));
    is_back || log.iter().any(|event| matches!(event.seen, Seen::Strange(_)))
}

/// Where the log says that a connection has ended, the first one or a later one.
#[must_use]
pub fn ended(log: &[Event], number: usize) -> Option<usize> {
    log.iter().enumerate().filter(|(_, event)| event.seen == Seen::Ended).nth(number).map(|(at, _)| at)
}

/// Judges a client from the log of a gateway that played an ending.
#[must_use]
pub fn judge(ending: &Ending, log: &[Event]) -> Observation {
    let Script::Outage(_) = ending.script else { return after_ending(ending, log) };
    let again = ended(log, 1);
    let mut observation = after_ending(ending, &log[..again.unwrap_or(log.len())]);
    observation.verdict = match again {
        _ if !grows(&waits(log)) => Verdict::NotSlower,
        _ if observation.verdict != Verdict::Right => observation.verdict,
        Some(end) if is_soon(&log[end..]) => Verdict::Right,
        Some(_) => Verdict::NotReset,
        None => strange(log).unwrap_or(Verdict::Silent),
    };
    observation
}

/// The times between the attempts to come back, up to the one that opened a connection.
fn waits(log: &[Event]) -> Vec<Duration> {
    let attempts: Vec<&Event> = log.iter().filter(|event| event.is_attempt()).skip(1).collect();
    let opened = attempts.iter().position(|event| event.seen.is_opening()).map_or(attempts.len(), |at| at + 1);
    attempts[..opened].windows(2).map(|pair| pair[1].at.saturating_sub(pair[0].at)).collect()
}

/// Whether the later half of the waits is twice as long as the earlier one. So few waits are long ones in any case.
fn grows(waits: &[Duration]) -> bool {
    let half = waits.len() / 2;
    let (early, late): (Duration, Duration) = (waits[..half].iter().sum(), waits[waits.len() - half..].iter().sum());
    half < 2 || late >= (2 * early).max(Duration::from_secs(1))
}

/// Whether a client came back soon after the ending with which the log begins.
fn is_soon(log: &[Event]) -> bool {
    let next = log.iter().find(|event| event.is_attempt());
    next.is_some_and(|next| next.at.saturating_sub(log[0].at) <= SOON)
}

fn strange(log: &[Event]) -> Option<Verdict> {
    log.iter().find_map(|event| if let Seen::Strange(what) = event.seen { Some(Verdict::Strange(what)) } else { None })
}

fn after_ending(ending: &Ending, log: &[Event]) -> Observation {
    let (before, rest) = log.split_at(ended(log, 0).unwrap_or(log.len()));
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
    // After an outage the client may have given the URL up.
    let any_url = next.connection == end.connection || matches!(ending.script, Script::Outage(_));
    if any_url || *at_resume_url { Verdict::Right } else { Verdict::WrongUrl }
}
