//! What well-formed tables should also be: one rule a file, with its explanation and its check.
//!
//! A row or a table that a rule does not suit says so with `allow`.

mod against_clients;
mod against_text;
mod basis_without_source;
mod despite_nothing;
mod documented_no_means_stop;
mod group_missing;
mod import_warnings;
mod name_against_group;
mod new_session_too_soon;
mod not_reviewed;
mod reason_against_action;
mod reason_too_long;
mod stop_without_fix;
mod summary_missing;
mod summary_repeats_name;
mod unknown_rule;
mod unless_unknown_event;

use crate::model::{Action, ClientVotes, Compared, Despite, Fallback, Policy, Reconnect, Registry, Table, thousands};
use crate::text::{Diagnostic, Place, Span, Text};

pub use import_warnings::IMPORT_WARNINGS;

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
pub const RULES: &[Rule] = &[
    documented_no_means_stop::RULE,
    against_text::RULE,
    against_clients::RULE,
    despite_nothing::RULE,
    new_session_too_soon::RULE,
    basis_without_source::RULE,
    reason_against_action::RULE,
    reason_too_long::RULE,
    unless_unknown_event::RULE,
    stop_without_fix::RULE,
    not_reviewed::RULE,
    summary_missing::RULE,
    summary_repeats_name::RULE,
    group_missing::RULE,
    name_against_group::RULE,
    unknown_rule::RULE,
];

/// Checks all tables by all rules.
#[must_use]
pub fn lint(registry: &Registry) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for table in registry.tables() {
        for rule in RULES {
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
    /// `false`: import proposed it, which a rule of its own says.
    reviewed: bool,
    allow: &'a [Text],
    /// The document's column on whether to reconnect.
    documented: Option<bool>,
    /// What the documented sentence says to do.
    advice: Option<Action>,
    /// What real clients do.
    votes: ClientVotes,
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
            Despite::Clients => self.votes.contradict(self.policy.action),
            Despite::Document => self.advice.is_some_and(|advice| advice != self.policy.action),
        }
    }

    fn finding(&self, diagnostic: Diagnostic) -> Finding<'a> {
        Finding { allow: self.allow, diagnostic }
    }
}

/// Every policy of a table of close codes.
fn policies<'a>(registry: &Registry, table: &'a Table) -> Vec<Answered<'a>> {
    let Some(fallback) = table.fallback.as_deref() else { return Vec::new() };
    let compared = Compared::new(registry, fallback);
    let rows = table.rows.iter().filter_map(|row| {
        Some(Answered {
            what: row.facts.number.to_string(),
            policy: row.policy()?,
            reviewed: row.ours.reviewed,
            allow: &row.ours.allow,
            documented: row.facts.reconnect,
            advice: row.facts.advice,
            votes: row.variant().map(|variant| compared.after(variant.number)).unwrap_or_default(),
            place: &row.place,
            key: "policy",
        })
    });
    let of_table = fallbacks(&compared, table, fallback).into_iter().map(|(what, policy, votes, key)| Answered {
        what,
        policy,
        reviewed: true,
        allow: &[],
        documented: None,
        advice: None,
        votes,
        place: &table.place,
        key,
    });
    rows.chain(of_table).collect()
}

/// The policies for what has no row, each with what it is about, what clients do, and its key.
fn fallbacks<'a>(
    compared: &Compared<'_>,
    table: &Table,
    fallback: &'a Fallback,
) -> Vec<(String, &'a Policy, ClientVotes, &'static str)> {
    let Reconnect { absent, unknown, heartbeat_timeout, sent, .. } = &fallback.reconnect;
    let mut fallbacks = vec![("no close code".to_owned(), absent, compared.without_code(), "reconnect.absent")];
    for thousand in thousands(table.variants().map(|variant| variant.number)) {
        let what = if thousand == 0 { "unknown codes".to_owned() } else { format!("unknown codes from {thousand}000") };
        fallbacks.push((what, unknown, compared.after_unknown(thousand), "reconnect.unknown"));
    }
    let ours = heartbeat_timeout
        .iter()
        .map(|heartbeat_timeout| ("a missed heartbeat", heartbeat_timeout, "reconnect.heartbeat_timeout"));
    let ours = ours.chain(sent.iter().map(|sent| ("closing with these codes", &sent.policy, "reconnect.sent.policy")));
    let others = sent.iter().filter_map(|sent| sent.others.as_ref());
    let ours = ours.chain(others.map(|others| ("closing with other codes", others, "reconnect.sent.others")));
    fallbacks.extend(ours.map(|(what, policy, key)| (what.to_owned(), policy, ClientVotes::default(), key)));
    fallbacks
}
