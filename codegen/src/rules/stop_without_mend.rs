//! A stop says what the person must mend.

use super::{Rule, policies};
use crate::diagnostic::Diagnostic;
use crate::model::{Action, Registry, Table};

pub(super) const RULE: Rule = Rule {
    name: "stop-without-mend",
    explanation: "After a stop only a person can go on. The reason begins with what to do (\"Replace the token: …\"), or says that \
                  nothing is to be mended.",
    check,
};

/// The words that begin a reason which says what to do.
const MENDS: [&str; 14] = [
    "Close",
    "Connect",
    "Enable",
    "Get",
    "Give",
    "Look",
    "Mend",
    "Nothing is to be mended",
    "Pair",
    "Raise",
    "Replace",
    "Shard",
    "Update",
    "Use",
];

fn check(registry: &Registry, table: &Table, diagnostics: &mut Vec<Diagnostic>) {
    for answered in policies(registry, table) {
        let policy = answered.policy;
        let says_what = MENDS.iter().any(|mend| policy.reason.value.starts_with(mend));
        if policy.action.value == Action::Stop && !says_what {
            diagnostics.push(
                Diagnostic::warning(
                    RULE.name,
                    format!("after {} a person has to mend something, and the reason does not say what", answered.what),
                )
                .at(&policy.reason.span, "does not begin with what to do")
                .help(format!("begin with one of: {}", MENDS.join(", "))),
            );
        }
    }
}
