//! What well-formed tables must or should also be: one rule a file, its name and its documentation beside its check.

mod documented_no_means_stop;
mod policy_unreviewed;
mod summary_missing;

use crate::diagnostic::Diagnostic;
use crate::model::{Edition, Registry, Table};

/// One rule.
pub struct Rule {
    /// Its name, as diagnostics show it.
    pub name: &'static str,
    /// What it asks and why.
    pub explanation: &'static str,
    check: fn(&Table, &mut Vec<Diagnostic>),
}

/// All rules. A new rule is a new file and a new line here.
pub const RULES: [Rule; 3] = [documented_no_means_stop::RULE, policy_unreviewed::RULE, summary_missing::RULE];

/// Holds all tables against all rules.
#[must_use]
pub fn lint(registry: &Registry) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let editions: Vec<&Edition> = registry.systems.iter().flat_map(|system| &system.editions).collect();
    for table in editions.iter().flat_map(|edition| &edition.tables) {
        for rule in &RULES {
            (rule.check)(table, &mut diagnostics);
        }
    }
    diagnostics
}
