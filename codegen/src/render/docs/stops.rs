//! What the user does after each stop, for the front page.

use crate::model::{Action, Policy, Registry, Table};
use crate::render::sentences;
use crate::text::markdown::{code, escape, grouped, table as markdown_table};
use crate::text::sentence;

/// Every stop of the newest edition of each system, with what to do about it. Tables that agree share a row.
pub(in crate::render) fn stops(registry: &Registry) -> Vec<String> {
    let [current, _] = registry.current_and_older();
    let mut stops: Vec<([String; 3], Vec<String>)> = Vec::new();
    for table in current.into_iter().flat_map(|edition| &edition.tables) {
        for stop in of_table(table) {
            let known = stops.iter().position(|(known, _)| *known == stop);
            let at = known.unwrap_or(stops.len());
            if known.is_none() {
                stops.push((stop, Vec::new()));
            }
            stops[at].1.push(code(&table.rust_path()));
        }
    }
    let rows = stops.into_iter().map(|(stop, tables)| std::iter::once(tables.join(", ")).chain(stop).collect());
    markdown_table(&["table", "code", "what happened", "what to do"], &grouped(rows.collect()))
}

/// The code of each stop, what it means, and what to do about it.
fn of_table(table: &Table) -> impl Iterator<Item = [String; 3]> {
    let stops = table.rows.iter().filter_map(|row| Some((row, row.policy().filter(|policy| policy.action == Action::Stop)?)));
    stops.map(|(row, policy)| [row.first().to_string(), sentence(&escape(row.meaning())), what_to_do(policy)])
}

/// The fix, and the events that make it unnecessary.
fn what_to_do(policy: &Policy) -> String {
    let fix = policy.fix.as_ref().map(|fix| sentence(&escape(fix)));
    let events = sentences::events(policy).map(|events| format!("The client goes on by itself if {}.", escape(&events)));
    fix.into_iter().chain(events).collect::<Vec<_>>().join(" ")
}
