//! The sentences about a code that rustdoc and the Markdown pages share.

use crate::model::{
    Action, Basis, Direction, Effect, Facts, Format, Key, Limit, Limits, Ours, Policy, Retry, Row, Status, Unless, Wait,
};
use crate::text::markdown::{code, escape, link};
use crate::text::{Text, capitalized, key_word, list, normalized_name, sentence};

/// What a code means, as a sentence of Markdown.
pub(super) fn meaning(row: &Row) -> String {
    sentence(&escape(row.meaning()))
}

/// What is documented beside the number: the name where the meaning says more than the name, the dates, and the status.
pub(super) fn documented(row: &Row) -> Vec<String> {
    let facts = &row.facts;
    let mut sentences = Vec::new();
    let says_more = |summary: &Text| normalized_name(summary) != normalized_name(&facts.name);
    if !row.ours.documented {
        sentences.push("The document does not list it.".to_owned());
    } else if row.ours.summary.as_ref().is_some_and(says_more) {
        sentences.push(format!("Documented as \"{}\".", escape(&facts.name)));
    }
    sentences.extend(status(facts));
    sentences
}

/// The kind of an answer and who can do something about it, in a sentence.
pub(super) fn group(ours: &Ours) -> Option<String> {
    let group = ours.group.map(|group| format!("Group `{}`", key_word(group)))?;
    let fault = ours.whose_fault().map(|fault| format!(", fault `{}`", key_word(fault)));
    Some(format!("{group}{}.", fault.unwrap_or_default()))
}

/// Whether the document still lists a code, and since when it does.
fn status(facts: &Facts) -> Option<String> {
    let since = facts.since.map(|since| format!("since {since}"));
    let until = facts.until.map(|until| format!("until {until}"));
    let dates: Vec<String> = since.into_iter().chain(until).collect();
    let dates = dates.join(" ");
    match (facts.status, dates.is_empty()) {
        (Status::Active, true) => None,
        (Status::Active, false) => Some(format!("Listed {dates}.")),
        (Status::Deprecated, true) => Some("The document calls it deprecated.".to_owned()),
        (Status::Deprecated, false) => Some(format!("The document calls it deprecated. Listed {dates}.")),
        (Status::Removed, true) => Some("The document no longer lists it.".to_owned()),
        (Status::Removed, false) => Some(format!("The document no longer lists it. Listed {dates}.")),
    }
}

/// The facts on which programs may rely: who sends an opcode and how its payload is encoded in a sentence, others by their names.
pub(super) fn said(facts: &Facts) -> Vec<String> {
    let others = Key::said(facts).filter(|(key, _)| ![Key::Direction, Key::Format].contains(key));
    let others = others.map(|(key, value)| format!("{}: {value}.", capitalized(key.noun())));
    transport(facts).into_iter().chain(others).collect()
}

fn transport(facts: &Facts) -> Option<String> {
    let who = match facts.direction {
        Some(Direction::Send) => "The client sends it",
        Some(Direction::Receive) => "The client receives it",
        Some(Direction::Both) => "The client sends and receives it",
        None => "Its payload is sent",
    };
    let format = match facts.format {
        Some(Format::Json) => " as JSON",
        Some(Format::Binary) => " as binary data",
        None => "",
    };
    (facts.direction.is_some() || facts.format.is_some()).then(|| format!("{who}{format}."))
}

/// What follows from a code, a paragraph each.
pub(super) fn effect(effect: &Effect) -> Vec<String> {
    if let Some(retry) = effect.retry() {
        return vec![format!("{}: {}.", again(retry), retry.reason())];
    }
    let when = |resumable: Option<bool>| match resumable {
        None => "",
        Some(true) => "If the session can be resumed: ",
        Some(false) => "If it cannot: ",
    };
    effect.policies().into_iter().map(|(resumable, policy)| format!("{}{}", when(resumable), self::policy(policy))).collect()
}

/// What follows from a code, in a few words of Markdown.
pub(super) fn brief(effect: &Effect) -> String {
    if let Some(retry) = effect.retry() {
        return again(retry);
    }
    let policies: Vec<String> = effect.policies().into_iter().map(|(_, policy)| what_to_do(policy)).collect();
    match policies.as_slice() {
        [resumable, lost] if resumable != lost => format!("{resumable}; if the session is lost: {lost}"),
        [first, ..] => first.clone(),
        [] => String::new(),
    }
}

/// What to do and why: "**Resume** at once (documented). The server asks for it. **Fix:** …".
pub(super) fn policy(policy: &Policy) -> String {
    let reason = sentence(&escape(&policy.reason));
    let fix = policy.fix.as_ref().map(|fix| format!(" **Fix:** {}", sentence(&escape(fix)))).unwrap_or_default();
    format!("{}. {reason}{fix}", what_to_do_because(policy, &format!(" ({})", basis(policy.basis))))
}

/// What to do, in a few words of Markdown.
pub(super) fn what_to_do(policy: &Policy) -> String {
    what_to_do_because(policy, "")
}

fn what_to_do_because(policy: &Policy, basis: &str) -> String {
    let action = match policy.action {
        Action::Resume => "**Resume**",
        Action::NewSession => "**New session**",
        Action::Stop => "**Stop**",
    };
    let wait = if policy.action == Action::Stop { String::new() } else { format!(" {}", wait(policy.wait)) };
    let unless = unless(policy).map(|unless| format!(" {}", escape(&unless))).unwrap_or_default();
    let most = policy.new_sessions_before_stop.map(|most| format!(", stop after {most} in a row")).unwrap_or_default();
    format!("{action}{wait}{most}{basis}{unless}")
}

/// Whether a request may be sent again, in a few words of Markdown: bold like the other actions.
pub(super) fn again(retry: Retry) -> String {
    let when = retry.when().map(|when| format!(" {when}")).unwrap_or_default();
    format!("**{}**{when}", capitalized(retry.action()))
}

/// The events that overrule a stop, as a text with code spans: "unless `READY` follows within 30 s".
pub(super) fn unless(policy: &Policy) -> Option<String> {
    events(policy).map(|events| format!("unless {events}"))
}

/// The events that overrule a stop, each with its conditions, as a text with code spans.
pub(super) fn events(policy: &Policy) -> Option<String> {
    let one = |unless: &Unless| unless.in_words(&code(&unless.event));
    let events: Vec<String> = policy.unless.iter().map(one).collect();
    (!events.is_empty()).then(|| list(&events, "or"))
}

/// How long to wait, in words.
pub(super) fn wait(wait: Wait) -> String {
    match wait {
        Wait::None => "at once".to_owned(),
        Wait::Jitter([from, to]) => format!("after {from} to {to} s"),
        Wait::Backoff([first, max]) => format!("after a backoff of {first} to {max} s"),
    }
}

/// The limits of a connection, as lines of Markdown: each with its document or its reason.
pub(super) fn limits(limits: &Limits) -> Vec<String> {
    let mut lines = vec!["How much a client may do on this connection.".to_owned(), String::new()];
    let known: Vec<_> = limits.by_key().collect();
    if known.is_empty() {
        lines.push("No document sets a limit; these are the usual ones.".to_owned());
    }
    lines.extend(known.into_iter().map(|(key, limit)| format!("- {}", self::limit(key, limit))));
    lines
}

fn limit(key: &str, limit: &Limit) -> String {
    let value = limit.value;
    let what = match key {
        "identifies_per_day" => format!("{value} new sessions in 24 hours"),
        "identify_every" => format!("a new session every {value} s"),
        "commands_per_minute" => format!("{value} messages in 60 s"),
        "upgrade" => format!("{value} s until the connection is open"),
        "hello" => format!("{value} s until the server greets"),
        "ready" => format!("{value} s until the server accepts a new session"),
        "resumed" => format!("{value} s until the server accepts a resumed session"),
        _ => format!("{value} failed resumes before a new session"),
    };
    let document = limit.document.as_ref().map(|document| match &limit.url {
        Some(url) => link(document, url),
        None => format!("\"{}\"", escape(document)),
    });
    let document = document.map(|document| format!(" ({document})")).unwrap_or_default();
    let reason = limit.reason.as_ref().map(|reason| format!(" {}", sentence(&escape(reason)))).unwrap_or_default();
    format!("{what}{document}.{reason}")
}

/// What an answer is based on, in words.
pub(super) fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Documented => "documented",
        Basis::DocumentedText => "documented text",
        Basis::Consensus => "consensus of clients",
        Basis::Judgement => "judgement",
    }
}
