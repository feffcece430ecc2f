//! A new session never comes sooner than the limits of the connection allow.

use super::{Finding, Rule, policies};
use crate::model::{Action, Registry, Table, Wait};
use crate::text::Diagnostic;

pub(super) const RULE: Rule = Rule {
    name: "new-session-too-soon",
    explanation: "New sessions are limited, by the day and in their distance: a client that starts one at once after each ending uses \
                  up the day's number in minutes. The shortest wait before a new session is `identify_every` of `[limits]`, or 5 \
                  seconds, and a backoff grows to 300 seconds or more.",
    check,
};

/// The least that a backoff has to grow to, in seconds: below, its attempts of a day are more than the usual number allows.
const LONGEST: u32 = 300;

fn check<'a>(registry: &'a Registry, table: &'a Table) -> Vec<Finding<'a>> {
    let Some(fallback) = &table.fallback else { return Vec::new() };
    let least = fallback.limits.seconds_between_sessions();
    let new = policies(registry, table).into_iter().filter(|answered| answered.policy.action == Action::NewSession);
    let report = |answered: super::Answered<'a>| {
        let fault = match answered.policy.wait {
            Wait::None => Some("no wait".to_owned()),
            Wait::Jitter([from, _]) | Wait::Backoff([from, _]) if from < least => Some(format!("only {from} s")),
            Wait::Backoff([_, max]) if max < LONGEST => Some(format!("grows to {max} s only")),
            _ => None,
        }?;
        let span = if answered.policy.wait == Wait::None { answered.span("action") } else { answered.span("wait") };
        let longest = LONGEST.max(least);
        Some(
            answered.finding(
                Diagnostic::warning(RULE.name, format!("the new session after {} comes too soon", answered.what))
                    .at(&span, fault)
                    .help(format!("write `wait = {{ backoff = [{least}, {longest}] }}`")),
            ),
        )
    };
    new.filter_map(report).collect()
}
