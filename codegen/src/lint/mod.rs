//! What well-formed tables should also be: one rule a file, with its explanation and its check.
//!
//! Rules read keys, never prose. A row or a table that a rule does not suit says so with `allow`.

mod against_clients;
mod against_text;
mod basis_without_source;
mod despite_nothing;
mod documented_no_means_stop;
mod new_session_too_soon;
mod not_reviewed;
mod stop_without_fix;
mod summary_missing;
mod unknown_rule;
mod unless_unknown_event;

use crate::diagnostic::Diagnostic;
use crate::facts::Action;
use crate::model::{CloseCodes, Codes, Registry, Table};
use crate::ours::{Despite, Policy, Reconnect};
use crate::source::Span;
use crate::table::Place;
use crate::tally::{Tally, thousands};
use crate::text::Text;

/// One rule.
pub struct Rule {
    /// Its name, as diagnostics show it.
    pub name: &'static str,
    /// What it asks for, and why.
    pub explanation: &'static str,
    check: for<'a> fn(&'a Registry, &'a Table) -> Vec<Finding<'a>>,
}

/// A diagnostic, and the rules that its row allows to break.
struct Finding<'a> {
    allow: &'a [Text],
    diagnostic: Diagnostic,
}

/// All rules. A new rule is a new file and a new line here.
pub const RULES: [Rule; 11] = [
    documented_no_means_stop::RULE,
    against_text::RULE,
    against_clients::RULE,
    despite_nothing::RULE,
    new_session_too_soon::RULE,
    basis_without_source::RULE,
    unless_unknown_event::RULE,
    stop_without_fix::RULE,
    not_reviewed::RULE,
    summary_missing::RULE,
    unknown_rule::RULE,
];

/// Checks all tables by all rules.
#[must_use]
pub fn lint(registry: &Registry) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for table in registry.tables() {
        for rule in &RULES {
            let allows = |allow: &[Text]| allow.iter().any(|name| name.as_str() == rule.name);
            let findings =
                (rule.check)(registry, table).into_iter().filter(|finding| !allows(finding.allow) && !allows(&table.allow));
            diagnostics.extend(findings.map(|finding| finding.diagnostic));
        }
    }
    diagnostics
}

/// A policy of a table of close codes, and what it is compared with.
struct Answered<'a> {
    /// The code, or "no close code", or "unknown codes".
    what: String,
    policy: &'a Policy,
    allow: &'a [Text],
    /// The document's column on whether to reconnect.
    documented: Option<bool>,
    /// What the documented sentence says to do.
    advice: Option<Action>,
    /// What real clients do.
    tally: Tally,
    place: &'a Place,
    key: &'static str,
}

impl<'a> Answered<'a> {
    /// The place of a key of the policy.
    fn span(&self, key: &str) -> Span {
        self.place.key(&format!("{}.{key}", self.key))
    }

    fn contradicts(&self, what: Despite) -> bool {
        match what {
            Despite::Clients => self.tally.decided() > 0 && !self.tally.most_agree(self.policy.action),
            Despite::Document => self.advice.is_some_and(|advice| advice != self.policy.action),
        }
    }

    fn finding(&self, diagnostic: Diagnostic) -> Finding<'a> {
        Finding { allow: self.allow, diagnostic }
    }
}

/// Every policy of a table of close codes.
fn policies<'a>(registry: &Registry, table: &'a Table) -> Vec<Answered<'a>> {
    let Codes::CloseCodes(close) = &table.codes else { return Vec::new() };
    let mut policies: Vec<Answered<'a>> = Vec::new();
    for code in &close.codes {
        let variant = &code.variant;
        policies.push(Answered {
            what: variant.number.to_string(),
            policy: &code.decision,
            allow: &variant.ours.allow,
            documented: variant.facts.reconnect,
            advice: variant.facts.advice,
            tally: Tally::of_code(registry, close, variant.number),
            place: &variant.place,
            key: "policy",
        });
    }
    for range in &close.ranges {
        policies.push(Answered {
            what: range.facts.number.to_string(),
            policy: &range.decision,
            allow: &range.ours.allow,
            documented: range.facts.reconnect,
            advice: range.facts.advice,
            tally: Tally::default(),
            place: &range.place,
            key: "policy",
        });
    }
    policies.extend(fallbacks(registry, close).into_iter().map(|(what, policy, tally, key)| Answered {
        what,
        policy,
        allow: &[],
        documented: None,
        advice: None,
        tally,
        place: &table.place,
        key,
    }));
    policies
}

/// The policies for what has no row, each with what it is about, what clients do, and its key.
fn fallbacks<'a>(registry: &Registry, close: &'a CloseCodes) -> Vec<(String, &'a Policy, Tally, &'static str)> {
    let Reconnect { absent, unknown, silence, sent, .. } = &close.reconnect;
    let mut fallbacks = vec![("no close code".to_owned(), absent, Tally::of_none(registry, close), "reconnect.absent")];
    for thousand in thousands(close) {
        let what = if thousand == 0 { "unknown codes".to_owned() } else { format!("unknown codes from {thousand}000") };
        fallbacks.push((what, unknown, Tally::of_unknown(registry, close, thousand), "reconnect.unknown"));
    }
    let ours = silence.iter().map(|silence| ("a missed heartbeat", silence, "reconnect.silence"));
    let ours = ours.chain(sent.iter().map(|sent| ("closing with these codes", &sent.policy, "reconnect.sent.policy")));
    let others = sent.iter().filter_map(|sent| sent.others.as_ref());
    let ours = ours.chain(others.map(|others| ("closing with other codes", others, "reconnect.sent.others")));
    fallbacks.extend(ours.map(|(what, policy, key)| (what.to_owned(), policy, Tally::default(), key)));
    fallbacks
}
