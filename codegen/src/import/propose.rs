//! What a documented sentence advises, and the first policy of a close code that is new.
//!
//! Without documented advice a new code gets the answer that it had as an unknown one. It is marked `reviewed = false`, and it is reviewed like the proposed identifier.

use crate::model::{
    Action, Basis, ClientVotes, Compared, Despite, Facts, Group, NewSessionBy, Number, Policy, Reconnect, Wait, thousands,
};
use crate::text::{Text, key_word};

/// What a sentence says to do after a close code, if it does.
///
/// The whole sentence counts: "do not reconnect with this session; start a new one" asks for a new session, and "do not reconnect
/// until the limit resets" does not say to stop.
pub fn advice(sentence: &str) -> Option<Action> {
    const STOP: [&str; 5] =
        ["not reconnect", "not attempt to reconnect", "not try to reconnect", "never reconnect", "cannot reconnect"];
    const LIMITS: [&str; 9] =
        ["until", "before", "unless", "immediately", "right away", "at once", "with this session", "with the same", "too "];
    const NEW: [&str; 4] = ["start a new", "starting a new", "new session", "identify again"];
    const RESUME: [&str; 5] = ["try resuming", "try to resume", "should resume", "can resume", "and resume"];
    let sentence = sentence.to_lowercase();
    let says = |phrases: &[&str]| phrases.iter().any(|phrase| sentence.contains(phrase) && !is_denied(&sentence, phrase));
    let stop = STOP.iter().find_map(|phrase| sentence.find(phrase).map(|at| &sentence[at + phrase.len()..]));
    let is_limited = |rest: &str| LIMITS.iter().any(|limit| first_clause(rest).contains(limit));
    if says(&NEW) {
        Some(Action::NewSession)
    } else if let Some(rest) = stop {
        (!is_limited(rest)).then_some(Action::Stop)
    } else if says(&RESUME) {
        Some(Action::Resume)
    } else {
        None
    }
}

/// Whether a phrase of a sentence has "not" among the few words in front of it.
fn is_denied(sentence: &str, phrase: &str) -> bool {
    const DENIALS: [&str; 5] = ["not", "never", "cannot", "without", "no"];
    let before = sentence.find(phrase).map_or("", |at| &sentence[..at]);
    let clause = before.rsplit(['.', ';', '!', ',']).next().unwrap_or_default();
    clause.split_whitespace().rev().take(3).any(|word| DENIALS.contains(&word) || word.ends_with("n't"))
}

fn first_clause(text: &str) -> &str {
    text.split(['.', ';', '!']).next().unwrap_or_default()
}

/// The group that the words of a name speak for. It is a guess, and marked like one.
pub fn group(name: &str) -> Group {
    const WORDS: [(Group, &[&str]); 8] = [
        (Group::RateLimited, &["rate limit", "too fast", "slow"]),
        (Group::LimitReached, &["maximum", "too many", "limit"]),
        (Group::NotFound, &["unknown", "not found"]),
        (Group::AlreadyExists, &["already"]),
        (Group::Unauthenticated, &["unauthorized", "token"]),
        (Group::PermissionDenied, &["permission", "access", "forbidden", "not allowed"]),
        (Group::Unavailable, &["unavailable", "overloaded", "timed out", "temporarily"]),
        (Group::Internal, &["internal"]),
    ];
    let name = name.to_lowercase();
    let found = WORDS.iter().find(|(_, words)| words.iter().any(|word| name.contains(word)));
    found.map_or(Group::InvalidArgument, |(group, _)| *group)
}

/// The policy of a new close code. `unknown` is the answer of its table to unknown codes.
pub fn policy(facts: &Facts, unknown: &Policy, resumable: bool, votes: &ClientVotes) -> Policy {
    let documented = match (facts.reconnect, facts.resume) {
        (Some(false), _) => Some((Action::Stop, Basis::Documented)),
        (_, Some(false)) => Some((Action::NewSession, Basis::Documented)),
        (_, Some(true)) => Some((Action::Resume, Basis::Documented)),
        _ => None,
    };
    let said = facts.advice.map(|advice| match advice {
        Action::Stop => (advice, Basis::Documented),
        _ => (advice, Basis::DocumentedText),
    });
    let answer = documented.or(said).filter(|(action, _)| resumable || *action != Action::Resume);
    let (action, basis, wait) =
        answer.map_or((unknown.action, Basis::Judgement, unknown.wait), |(action, basis)| (action, basis, Wait::None));
    let reason = match (answer.is_some(), action) {
        (false, _) => "Not reviewed yet: treated like an unknown code.".to_owned(),
        (true, Action::Stop) => "The document says not to reconnect.".to_owned(),
        (true, action) => format!("The document says what to do: {}.", key_word(action).replace('-', " ")),
    };
    new_policy(action, wait, basis, &reason, votes.contradict(action))
}

/// The answers of a table of close codes that is new, with these rows.
pub fn reconnect(facts: &[&Facts], compared: &Compared<'_>) -> Reconnect {
    let resumes = facts.iter().any(|facts| facts.resume == Some(true) || facts.advice == Some(Action::Resume));
    let action = if resumes { Action::Resume } else { Action::NewSession };
    let answer = |despite: bool, reason: &str| new_policy(action, Wait::Backoff([1, 300]), Basis::Judgement, reason, despite);
    let codes = facts.iter().filter(|facts| matches!(facts.number, Number::Value(_))).map(|facts| facts.number.first());
    let despite_unknown = thousands(codes).into_iter().any(|thousand| compared.after_unknown(thousand).contradict(action));
    let despite_absent = compared.without_code().contradict(action);
    Reconnect {
        absent: answer(despite_absent, "Not reviewed yet: the connection ended without a close code."),
        unknown: answer(despite_unknown, "Not reviewed yet: the close code is in no table."),
        extends: None,
        resumable: true,
        sent: None,
        heartbeat_timeout: None,
        new_session_by: NewSessionBy::default(),
        events: Vec::new(),
        clients: None,
    }
}

fn new_policy(action: Action, wait: Wait, basis: Basis, reason: &str, despite: bool) -> Policy {
    let despite = if despite { vec![Despite::Clients] } else { Vec::new() };
    let reason =
        if despite.is_empty() { reason.to_owned() } else { format!("{reason} Most of the compared clients do otherwise.") };
    let reason = Text::new(reason);
    let wait = if action == Action::NewSession { wait.before_new_session() } else { wait };
    Policy {
        action,
        wait,
        basis,
        reason,
        fix: None,
        cause: None,
        unless: Vec::new(),
        close_with: None,
        new_sessions_before_stop: None,
        despite,
    }
}
