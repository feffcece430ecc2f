//! The event that overrules a stop is one that the connection knows.

use super::{Finding, Rule, policies};
use crate::model::{Registry, Table};
use crate::text::{Diagnostic, Text, did_you_mean};

pub(super) const RULE: Rule = Rule {
    name: "unless-unknown-event",
    explanation: "`unless` names an event as it is sent. A client compares it with what it receives, so a misspelt name would never \
                  match: it must be in `events` under `[reconnect]`.",
    check,
};

fn check<'a>(registry: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    let Some(fallback) = &table.fallback else { return Vec::new() };
    let events = &fallback.reconnect.events;
    let mut findings = Vec::new();
    for answered in policies(registry, table) {
        for unless in answered.policy.unless.iter().filter(|unless| !events.contains(&unless.event)) {
            let message = format!("`unless` of {} names no known event", answered.what);
            let near = did_you_mean(&unless.event, events.iter().map(Text::as_str));
            // A table that lists no events has not said which it knows.
            let new = if events.is_empty() { Diagnostic::warning } else { Diagnostic::error };
            findings.push(
                answered.finding(
                    new(RULE.name, message)
                        .at(&answered.span("unless"), "not known")
                        .help_if(near)
                        .help("list the event under `[reconnect]`: `events = [\"…\"]`"),
                ),
            );
        }
    }
    findings
}
