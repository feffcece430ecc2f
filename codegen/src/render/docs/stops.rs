//! What the user does after each stop, for the front page.

use std::collections::BTreeMap;

use crate::model::{Action, Policy, Registry, Table};
use crate::render::sentences;
use crate::text::markdown::{code, escape, table as markdown_table};
use crate::text::sentence;

/// A code, what it means, and what to do about it.
type Stop = (u32, String, String);

/// Every stop of the newest edition of each system, with what to do about it. Tables that agree share a row.
pub(in crate::render) fn stops(registry: &Registry) -> Vec<String> {
    let newest = registry.systems.iter().filter_map(|system| system.editions.last());
    let mut tables: BTreeMap<Stop, Vec<String>> = BTreeMap::new();
    for (edition, table) in newest.flat_map(|edition| edition.tables.iter().map(move |table| (edition, table))) {
        let name = code(&format!("{}::{}::{}", edition.system, edition.name, table.enum_name));
        for stop in of_table(table) {
            tables.entry(stop).or_default().push(name.clone());
        }
    }
    let row = |((code, meaning, answer), tables): (Stop, Vec<String>)| vec![code.to_string(), tables.join(", "), meaning, answer];
    let rows: Vec<Vec<String>> = tables.into_iter().map(row).collect();
    markdown_table(&["code", "table", "what happened", "what to do"], &rows)
}

fn of_table(table: &Table) -> Vec<Stop> {
    let stops = table.rows.iter().filter_map(|row| Some((row, row.policy().filter(|policy| policy.action == Action::Stop)?)));
    stops.map(|(row, policy)| (row.first(), sentence(&escape(row.meaning())), what_to_do(policy))).collect()
}

/// The fix, and the events that make it unnecessary.
fn what_to_do(policy: &Policy) -> String {
    let fix = policy.fix.as_ref().map(|fix| sentence(&escape(fix)));
    let events = sentences::events(policy).map(|events| format!("The client goes on by itself if {}.", escape(&events)));
    fix.into_iter().chain(events).collect::<Vec<_>>().join(" ")
}
