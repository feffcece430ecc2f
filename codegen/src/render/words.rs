//! The sentences about a code that both rustdoc and the Markdown pages say.

use crate::markdown::{escape, sentence};
use crate::model::{Action, Code, Detail, Direction, Policy, Status, Value, Wait};

/// What a code means, as one sentence of Markdown.
pub(super) fn meaning(code: &Code) -> String {
    sentence(&escape(code.meaning()))
}

/// What is documented of a code beside its number: its name where the meaning is not that already, and its status.
pub(super) fn documented(code: &Code) -> Vec<String> {
    let mut sentences = Vec::new();
    if code.summary.is_some() {
        sentences.push(format!("Documented as \"{}\".", escape(&code.name)));
    }
    if let Value::Range { first, last, .. } = code.value.value {
        sentences.push(format!("It covers {first} to {last}, as far as these have no variant of their own."));
    }
    match code.status {
        Status::Active => {}
        Status::Deprecated => sentences.push("The document calls it deprecated.".to_owned()),
        Status::Removed => sentences.push("The document no longer has it.".to_owned()),
    }
    sentences
}

/// What follows from a code: which way it travels, what to do after it.
pub(super) fn consequences(code: &Code) -> Vec<String> {
    let mut sentences = Vec::new();
    match &code.detail {
        Detail::Opcode { direction, format, ends } => {
            let travels = match direction {
                Some(Direction::Send) => "The client sends it",
                Some(Direction::Receive) => "The client receives it",
                Some(Direction::Both) => "The client sends and receives it",
                None => "It travels",
            };
            let format = format.map(|format| format!(", as {}", format.word())).unwrap_or_default();
            if direction.is_some() || !format.is_empty() {
                sentences.push(format!("{travels}{format}."));
            }
            if let Some(ends) = ends {
                sentences.push(answer(&ends.resumable));
                if ends.otherwise != ends.resumable {
                    sentences
                        .push(format!("If its message says that the session cannot be resumed: {}", answer(&ends.otherwise)));
                }
            }
        }
        Detail::CloseCode { policy, .. } => sentences.push(answer(policy)),
        Detail::Response { retry: true } => sentences.push("The document says to wait and try again.".to_owned()),
        Detail::Response { retry: false } => {}
    }
    sentences
}

/// What to do, and why: "Start a **new session** at once: the page says so (documented text)."
pub(super) fn answer(policy: &Policy) -> String {
    let wait = match policy.wait {
        Wait::None => "at once",
        Wait::Backoff => "after a wait",
    };
    let what = match policy.action.value {
        Action::Resume => format!("**Resume** {wait}"),
        Action::NewSession => format!("Start a **new session** {wait}"),
        Action::Stop => match &policy.unless {
            Some(event) => format!("**Stop**, unless `{}` follows", event.value),
            None => "**Stop**".to_owned(),
        },
    };
    format!("{what} ({}): {}", policy.basis.words(), sentence(&escape(&policy.reason.value)))
}

/// What to do, in a word or two, for a cell of a table.
pub(super) fn action(policy: &Policy) -> String {
    match &policy.unless {
        Some(event) => format!("{}, unless `{}` follows", policy.action.value.words(), event.value),
        None => policy.action.value.words().to_owned(),
    }
}

/// How long to wait, in a word or two, for a cell of a table.
pub(super) fn wait(policy: &Policy) -> &'static str {
    match (policy.action.value, policy.wait) {
        (Action::Stop, _) => "",
        (_, Wait::None) => "at once",
        (_, Wait::Backoff) => "after a wait",
    }
}
