//! What a person does after each stop, for the front page.

use std::collections::BTreeMap;

use crate::facts::Action;
use crate::model::{Codes, Edition, Registry, Table};
use crate::ours::Policy;
use crate::render::markdown::{code, escape, table as markdown_table};
use crate::render::sentences;
use crate::text::{list, sentence};

/// Every stop of the newest edition of each system, with what to do about it.
pub(in crate::render) fn stops(registry: &Registry) -> Vec<String> {
    let newest = registry.systems.iter().filter_map(|system| system.editions.last());
    let rows: Vec<Vec<String>> = newest.flat_map(of_edition).collect();
    markdown_table(&["table", "code", "what happened", "what to do"], &rows)
}

fn of_edition(edition: &Edition) -> Vec<Vec<String>> {
    edition.tables.iter().flat_map(|table| of_table(edition, table)).collect()
}

/// The stops of a table. Codes with the same fix share a row.
fn of_table(edition: &Edition, table: &Table) -> Vec<Vec<String>> {
    let Codes::CloseCodes(close) = &table.codes else { return Vec::new() };
    let codes = close.codes.iter().map(|code| (code.variant.number, code.variant.number.to_string(), &code.decision));
    let ranges = close.ranges.iter().map(|range| (range.first, range.facts.number.to_string(), &range.decision));
    let mut by_answer: BTreeMap<(u32, String), Vec<String>> = BTreeMap::new();
    for (first, number, policy) in codes.chain(ranges).filter(|(_, _, policy)| policy.action == Action::Stop) {
        let same = by_answer.iter_mut().find(|((_, answer), _)| *answer == what_to_do(policy));
        match same {
            Some((_, numbers)) => numbers.push(number),
            None => drop(by_answer.insert((first, what_to_do(policy)), vec![number])),
        }
    }
    let reason = |numbers: &[String]| {
        let codes = close.codes.iter().filter(|code| numbers.contains(&code.variant.number.to_string()));
        codes.map(|code| sentence(&escape(code.variant.meaning()))).collect::<Vec<_>>().join(" ")
    };
    let name = code(&format!("{}::{}", edition.path().replace('/', "::"), table.enum_name));
    let row = |((_, answer), numbers): ((u32, String), Vec<String>)| {
        vec![name.clone(), list(&numbers, "and"), reason(&numbers), answer]
    };
    by_answer.into_iter().map(row).collect()
}

/// The fix, and the events that make it unnecessary.
fn what_to_do(policy: &Policy) -> String {
    let fix = policy.fix.as_ref().map(|fix| sentence(&escape(fix)));
    let events: Vec<String> = policy.unless.iter().map(sentences::unless).collect();
    let events = (!events.is_empty()).then(|| format!("The client goes on by itself if {}.", list(&events, "or")));
    fix.into_iter().chain(events).collect::<Vec<_>>().join(" ")
}
