//! What differs between two rows about one code: first what the documents say, then what people decided.

use super::api::ItemChanges;
use super::change::{Change, ItemChange};
use super::side::{Listing, Row};
use crate::fact_change::FactChange;
use crate::facts::{Fingerprint, Number, Status};
use crate::ident::Ident;
use crate::model::Codes;
use crate::ours::Ours;
use crate::text::{normalized_name, plain_name};

/// A difference of a code, with the items that it explains.
pub(super) type Found = (Change, Vec<ItemChange>);

/// What differs between two rows.
pub(super) fn between(tables: (&Listing<'_>, &Listing<'_>), old: &Row<'_>, new: &Row<'_>, items: &mut ItemChanges) -> Vec<Found> {
    let mut facts = FactChange::between(old.facts, new.facts);
    facts.retain(|fact| is_of_kind(tables, fact));
    let mut found = Vec::new();
    found.extend(ident(old, new, items));
    for fact in &facts {
        found.extend(fact_change(tables, (old, new), &facts, fact, items));
    }
    found.extend(ours(old, new));
    found
}

/// Whether tables of this kind hold a fact: a sentence of a page about an opcode may sound like advice.
fn is_of_kind(tables: (&Listing<'_>, &Listing<'_>), fact: &FactChange) -> bool {
    let kind = tables.0.table.or(tables.1.table).map(|(_, table)| &table.codes);
    match fact {
        FactChange::Direction { .. } | FactChange::Format { .. } => {
            !matches!(kind, Some(Codes::CloseCodes(_) | Codes::Responses(_)))
        }
        FactChange::Reconnect { .. } | FactChange::Resume { .. } | FactChange::Advice { .. } => {
            !matches!(kind, Some(Codes::Opcodes(_) | Codes::Responses(_)))
        }
        _ => true,
    }
}

/// The identifier. Aliases and former identifiers are items, and are compared as such.
fn ident(old: &Row<'_>, new: &Row<'_>, items: &mut ItemChanges) -> Option<Found> {
    let (before, after) = (old.ident()?, new.ident()?);
    // The old code of a number that is used again has no variant: what goes is `before` alone, and nothing is called `after`.
    if before == after || !old.has_variant || !new.has_variant {
        return None;
    }
    let taken = items.take([before, after]);
    Some((Change::IdentRenamed { old: before.to_owned(), new: after.to_owned() }, taken))
}

fn fact_change(
    tables: (&Listing<'_>, &Listing<'_>),
    (old, new): (&Row<'_>, &Row<'_>),
    facts: &[FactChange],
    fact: &FactChange,
    items: &mut ItemChanges,
) -> Option<Found> {
    let sentences = || (old.sentence.map(str::to_owned), new.sentence.map(str::to_owned));
    let plain = |change| Some((change, Vec::new()));
    match fact {
        FactChange::Number { old: before, new: after } => {
            let taken = items.take(idents(old).chain(idents(new)));
            Some((number(*before, *after), taken))
        }
        FactChange::Name { .. } => plain(name(tables.0, old, new, facts)),
        FactChange::Style { old, new } => plain(Change::Restyled { old: old.to_string(), new: new.to_string() }),
        FactChange::Status { old: before, new: after } => {
            let successor = successor(tables.1, old, new);
            let taken = if old.has_variant == new.has_variant { Vec::new() } else { items.take(idents(old).chain(idents(new))) };
            Some((status(old, *before, *after, successor), taken))
        }
        FactChange::Direction { old, new } => plain(Change::Direction { old: *old, new: *new }),
        FactChange::Format { old, new } => plain(Change::Format { old: *old, new: *new }),
        FactChange::Reconnect { old, new } => plain(Change::Reconnect { old: *old, new: *new }),
        FactChange::Resume { old, new } => plain(Change::Resume { old: *old, new: *new }),
        FactChange::Advice { old, new } => {
            let (old_sentence, new_sentence) = sentences();
            plain(Change::Advice { old: *old, new: *new, old_sentence, new_sentence })
        }
        // Both dates are one change.
        FactChange::Until { .. } if facts.iter().any(|fact| matches!(fact, FactChange::Since { .. })) => None,
        FactChange::Since { .. } | FactChange::Until { .. } => plain(listed(old, new)),
        FactChange::Text { .. } if is_redefined(tables.0, old, new, facts) => None,
        FactChange::Text { old, new } => {
            let (old_sentence, new_sentence) = sentences();
            plain(Change::Reworded { old: old.clone(), new: new.clone(), old_sentence, new_sentence })
        }
    }
}

fn number(old: Number, new: Number) -> Change {
    match (old, new) {
        (Number::Value(_), Number::Value(_)) => Change::Renumbered { old, new },
        _ => Change::RangeChanged { old, new },
    }
}

/// Another name: of the same code, or of another meaning.
fn name(table: &Listing<'_>, old: &Row<'_>, new: &Row<'_>, facts: &[FactChange]) -> Change {
    let (before, after) = (old.facts.name.to_string(), new.facts.name.to_string());
    if !is_redefined(table, old, new, facts) {
        return Change::Renamed { old: before, new: after };
    }
    let (old_sentence, new_sentence) = (old.sentence.map(str::to_owned), new.sentence.map(str::to_owned));
    Change::Redefined { old: before, new: after, old_sentence, new_sentence, name_was_of: name_was_of(table, old, new) }
}

/// Whether a number means something else: name and sentence are both new, or the name was that of another code.
fn is_redefined(table: &Listing<'_>, old: &Row<'_>, new: &Row<'_>, facts: &[FactChange]) -> bool {
    let has_other_name = facts.iter().any(|fact| matches!(fact, FactChange::Name { .. }));
    // Where a table has one column for both, the name is the sentence.
    let is_apart =
        |row: &Row<'_>| row.facts.text.as_ref().is_some_and(|text| *text != Fingerprint::new(&plain_name(&row.facts.name)));
    let has_other_sentence = old.facts.text != new.facts.text && is_apart(old) && is_apart(new);
    has_other_name && (has_other_sentence || name_was_of(table, old, new).is_some())
}

/// The other number of the old table whose name a code has now.
fn name_was_of(table: &Listing<'_>, old: &Row<'_>, new: &Row<'_>) -> Option<Number> {
    let name = normalized_name(&new.facts.name);
    if name == normalized_name(&old.facts.name) {
        return None;
    }
    table.live_rows_named(&name).map(|row| row.facts.number).find(|number| *number != old.facts.number)
}

/// The code that has the number of a removed one now.
fn successor<'a>(table: &Listing<'a>, old: &Row<'_>, new: &Row<'_>) -> Option<&'a str> {
    if !old.facts.is_live() || new.facts.is_live() {
        return None;
    }
    let first = table.rows.partition_point(|row| row.facts.number.first() < new.facts.number.first());
    let same = table.rows[first..].iter().take_while(|row| row.facts.number.first() == new.facts.number.first());
    let mut live = same.filter(|row| row.facts.number == new.facts.number && row.facts.is_live());
    live.next().map(|row| row.facts.name.as_str())
}

fn status(old: &Row<'_>, before: Status, after: Status, successor: Option<&str>) -> Change {
    match (before, after, successor) {
        (_, _, Some(successor)) => Change::Recycled { name: old.facts.name.to_string(), new: successor.to_owned() },
        (_, Status::Removed, None) => Change::StruckOut { was_deprecated: before == Status::Deprecated },
        (Status::Removed, _, None) => Change::Restored { is_deprecated: after == Status::Deprecated },
        (_, Status::Deprecated, None) => Change::Deprecated,
        (_, Status::Active, None) => Change::Undeprecated,
    }
}

fn listed(old: &Row<'_>, new: &Row<'_>) -> Change {
    let text = |date: Option<crate::date::Date>| date.map(|date| date.to_string());
    Change::Listed {
        old_since: text(old.facts.since),
        new_since: text(new.facts.since),
        old_until: text(old.facts.until),
        new_until: text(new.facts.until),
    }
}

/// What people decided for codes of all kinds.
fn ours(old: &Row<'_>, new: &Row<'_>) -> Vec<Found> {
    let (Some(before), Some(after)) = (old.ours, new.ours) else { return Vec::new() };
    // Without `..`. Names are compared as items; `reviewed` and `allow` are for the lints and are in no output.
    let Ours { ident: _, aliases: _, renamed_from: _, summary, note, reviewed: _, allow: _, documented } = after;
    let text = |text: &Option<crate::text::Text>| text.as_ref().map(ToString::to_string);
    let mut found = Vec::new();
    if before.summary != *summary {
        found.push((Change::Summary { old: text(&before.summary), new: text(summary) }, Vec::new()));
    }
    if before.note != *note {
        found.push((Change::Note { old: text(&before.note), new: text(note) }, Vec::new()));
    }
    if before.documented != *documented {
        let what = if *documented { "the document lists the code" } else { "the document does not list the code" };
        found.push((Change::Docs { what: what.to_owned() }, Vec::new()));
    }
    found
}

/// All names of a code in the enum.
pub(super) fn idents<'a>(row: &Row<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let ours = row.ours;
    let others = ours.into_iter().flat_map(|ours| ours.aliases.iter().chain(&ours.renamed_from));
    ours.and_then(|ours| ours.ident.as_ref()).into_iter().chain(others).map(Ident::as_str)
}
