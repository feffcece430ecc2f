//! Where the document says not to reconnect, the policy is to stop.

use super::Rule;
use crate::diagnostic::Diagnostic;
use crate::model::{Action, Detail, Registry, Table};

pub(super) const RULE: Rule = Rule {
    name: "documented-no-means-stop",
    explanation: "A row with `reconnect = false` documents that a client must not reconnect. Any action but `stop` would let \
                  clients loop against a server that has said no.",
    check,
};

fn check(_: &Registry, table: &Table, diagnostics: &mut Vec<Diagnostic>) {
    for code in &table.codes {
        let Detail::CloseCode { documented: Some(false), policy, .. } = &code.detail else { continue };
        if policy.action.value != Action::Stop {
            diagnostics.push(
                Diagnostic::error(RULE.name, format!("{} is documented as final, but its policy reconnects", code.value.value))
                    .at(&policy.action.span, "reconnects")
                    .at(&code.value.span, "has `reconnect = false`")
                    .help("set `action = \"stop\"`"),
            );
        }
    }
}
