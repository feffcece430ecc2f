//! The event that overrules a stop is one that the connection knows.

use super::{Rule, policies};
use crate::diagnostic::Diagnostic;
use crate::model::{Kind, Registry, Table};

pub(super) const RULE: Rule = Rule {
    name: "unless-unknown-event",
    explanation: "`unless` names an event by its name on the wire. A client compares it with what arrives, so a misspelt one would \
                  never match: it has to stand in `events` under `[reconnect]`.",
    check,
};

fn check(registry: &Registry, table: &Table, diagnostics: &mut Vec<Diagnostic>) {
    let Kind::CloseCodes(fallback) = &table.kind else { return };
    for answered in policies(registry, table) {
        let Some(event) = &answered.policy.unless else { continue };
        if !fallback.events.contains(&event.value) {
            let known: Vec<&str> = fallback.events.iter().map(String::as_str).collect();
            // A table that lists no events at all has not said which it knows.
            let message = format!("`unless` of {} names no known event", answered.what);
            let mut diagnostic =
                if known.is_empty() { Diagnostic::warning(RULE.name, message) } else { Diagnostic::error(RULE.name, message) }
                    .at(&event.span, "not known");
            if let Some(meant) = crate::raw::closest(&event.value, &known) {
                diagnostic = diagnostic.help(format!("did you mean `{meant}`?"));
            }
            diagnostics.push(diagnostic.help("list the event under `[reconnect]`: `events = [\"…\"]`"));
        }
    }
}
