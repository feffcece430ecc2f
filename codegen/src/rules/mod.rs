//! What well-formed tables must or should also be: one rule a file, its name and its documentation beside its check.

mod against_clients;
mod against_text;
mod basis_without_source;
mod documented_no_means_stop;
mod policy_unreviewed;
mod stop_without_mend;
mod summary_missing;
mod unless_unknown_event;

use crate::clients::Tally;
use crate::diagnostic::Diagnostic;
use crate::model::{Action, Code, Detail, Edition, Kind, Policy, Registry, Table};

/// One rule.
pub struct Rule {
    /// Its name, as diagnostics show it.
    pub name: &'static str,
    /// What it asks and why.
    pub explanation: &'static str,
    check: fn(&Registry, &Table, &mut Vec<Diagnostic>),
}

/// All rules. A new rule is a new file and a new line here.
pub const RULES: [Rule; 8] = [
    documented_no_means_stop::RULE,
    against_text::RULE,
    against_clients::RULE,
    basis_without_source::RULE,
    unless_unknown_event::RULE,
    stop_without_mend::RULE,
    policy_unreviewed::RULE,
    summary_missing::RULE,
];

/// Holds all tables against all rules.
#[must_use]
pub fn lint(registry: &Registry) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let editions: Vec<&Edition> = registry.systems.iter().flat_map(|system| &system.editions).collect();
    for table in editions.iter().flat_map(|edition| &edition.tables) {
        for rule in &RULES {
            (rule.check)(registry, table, &mut diagnostics);
        }
    }
    diagnostics
}

/// A policy of a table of close codes, and what it answers for.
struct Answered<'a> {
    /// The code, or "no close code", or "unknown codes".
    what: String,
    policy: &'a Policy,
    /// The documented answer to whether to reconnect.
    documented: Option<bool>,
    /// What the documented sentence says to do.
    advice: Option<Action>,
    /// What real clients do.
    tally: Tally,
}

/// Every policy of a table of close codes.
fn policies<'a>(registry: &Registry, table: &'a Table) -> Vec<Answered<'a>> {
    let Kind::CloseCodes(fallback) = &table.kind else { return Vec::new() };
    let of_code = |code: &'a Code| match &code.detail {
        Detail::CloseCode { documented, advice, policy } => {
            let tally = Tally::of_code(registry, fallback, code.value.value.discriminant());
            Some(Answered { what: code.value.value.to_string(), policy, documented: *documented, advice: *advice, tally })
        }
        _ => None,
    };
    let of_fallback =
        |what: &str, policy: &'a Policy, tally| Answered { what: what.to_owned(), policy, documented: None, advice: None, tally };
    let mut policies: Vec<Answered<'a>> = table.codes.iter().filter_map(of_code).collect();
    policies.push(of_fallback("no close code", &fallback.absent, Tally::of_none(registry, fallback)));
    policies.push(of_fallback("unknown codes", &fallback.unknown, Tally::of_unknown(registry, fallback)));
    policies
}
