//! What was expected and what was seen, for readers and for programs.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::{Value, json};
use wirecodes::Action;

use crate::endings::Ending;
use crate::judge::{Observation, Verdict};
use crate::loopback::Seen;

/// A line of the table.
pub struct Row {
    /// What was played.
    pub ending: Ending,
    /// What came of it.
    pub observation: Observation,
}

/// The table for readers. Its last line counts.
#[must_use]
pub fn text(rows: &[Row]) -> String {
    let mut lines = vec![["connection", "ending", "expected", "seen", "verdict"].map(str::to_owned)];
    for Row { ending, observation } in rows {
        let (expected, seen) = (expected(ending), seen(ending, observation));
        lines.push([connection(ending).to_owned(), ending.name.clone(), expected, seen, observation.verdict.to_string()]);
    }
    let widths: Vec<usize> = (0..4).map(|at| lines.iter().map(|cells| cells[at].len()).max().unwrap_or(0)).collect();
    let mut text = String::new();
    for [a, b, c, d, verdict] in &lines {
        let (w, x, y, z) = (widths[0], widths[1], widths[2], widths[3]);
        let _ = writeln!(text, "{a:w$}  {b:x$}  {c:y$}  {d:z$}  {verdict}");
    }
    let right = rows.iter().filter(|row| row.observation.verdict == Verdict::Right).count();
    let _ = writeln!(text, "\n{right} of {} right", rows.len());
    text
}

/// The same for programs.
#[must_use]
pub fn json(rows: &[Row]) -> Value {
    let row = |Row { ending, observation }: &Row| {
        let seen = match &observation.opening {
            Some(Seen::Resume { session, sequence, at_resume_url }) => json!({
                "action": "resume", "after_seconds": observation.after.as_secs_f64(), "session": session,
                "sequence": sequence, "at_resume_url": at_resume_url, "on_same_connection": observation.is_same_connection,
            }),
            Some(_) => json!({ "action": "new-session", "after_seconds": observation.after.as_secs_f64() }),
            None => json!({ "action": "none" }),
        };
        let action = match ending.action {
            Action::Resume => "resume",
            Action::NewSession => "new-session",
            Action::Stop => "stop",
        };
        json!({
            "connection": connection(ending), "ending": ending.name,
            "expected": { "action": action, "after_seconds": ending.earliest.as_secs_f64() },
            "seen": seen, "closed_with": observation.closed_with, "verdict": observation.verdict.to_string(),
        })
    };
    rows.iter().map(row).collect()
}

fn connection(ending: &Ending) -> &'static str {
    if ending.messages.is_voice { "voice" } else { "gateway" }
}

fn expected(ending: &Ending) -> String {
    match ending.earliest {
        Duration::ZERO => ending.action.to_string(),
        wait => format!("{} after {} s or more", ending.action, wait.as_secs_f64()),
    }
}

fn seen(ending: &Ending, observation: &Observation) -> String {
    let mut text = match &observation.opening {
        Some(Seen::Resume { .. }) if observation.is_same_connection => "resume on the same connection".to_owned(),
        // A voice gateway gives no URL for it.
        Some(Seen::Resume { .. }) if ending.messages.is_voice => "resume".to_owned(),
        Some(Seen::Resume { at_resume_url, .. }) => {
            format!("resume at the {} url", if *at_resume_url { "resume" } else { "main" })
        }
        Some(_) => "new session".to_owned(),
        None => "nothing".to_owned(),
    };
    if observation.opening.is_some() {
        let _ = write!(text, " after {:.1} s", observation.after.as_secs_f64());
    }
    if let Some(code) = observation.closed_with {
        let _ = write!(text, ", closed with {code}");
    }
    text
}
