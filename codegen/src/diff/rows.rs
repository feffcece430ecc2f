//! What differs between two rows about one code: first what the documents say, then what the authors decided.

use super::api::{ItemChange, ItemChanges, take};
use super::change::Change;
use super::kinds::{DOCS, FAULT, FIX, GROUP, IDENT, NOTE, RENAMED, RESTYLED, SUMMARY};
use super::side::{ComparedTable, Row};
use crate::model::{Facts, Fingerprint, Ident, Key, Number, Ours, Value};
use crate::text::{Text, key_word, normalized_name, plain_name, share_a_word};

/// A difference of a code, with the names of the crate that it explains.
pub(super) type Found = (Change, Vec<ItemChange>);

/// What differs between two rows.
pub(super) fn between(
    tables: (&ComparedTable<'_>, &ComparedTable<'_>),
    old: &Row<'_>,
    new: &Row<'_>,
    items: &mut ItemChanges,
) -> Vec<Found> {
    let mut found = Vec::new();
    found.extend(ident(old, new, items));
    // Without `..`: a new fact that every row has is compared here, the others are keys.
    let Facts { number: before, name: name_before, status: status_before, .. } = old.facts;
    let Facts { number, name, status, .. } = new.facts;
    if before != number {
        let taken = take(items, idents(old).chain(idents(new)));
        found.push((Change::Renumbered { old: *before, new: *number }, taken));
    }
    let name_was_of = name_was_of(tables, old, new);
    let is_redefined = name_was_of.is_some() || is_redefined(old, new);
    if name_before != name {
        let change = if normalized_name(name_before) == normalized_name(name) {
            Change::between(RESTYLED, name_before, name)
        } else if is_redefined {
            Change::Redefined { old: name_before.to_string(), new: name.to_string(), name_was_of }
        } else {
            Change::between(RENAMED, name_before, name)
        };
        found.push((change, Vec::new()));
    }
    if status_before != status {
        let taken = if old.has_variant == new.has_variant { Vec::new() } else { take(items, idents(old).chain(idents(new))) };
        found.push((another_status(tables.1, old, new), taken));
    }
    let is_known = |key: &Key| is_known(tables, (old, new), *key) && !(is_redefined && *key == Key::Text);
    for key in Key::differing(old.facts, new.facts).into_iter().filter(is_known) {
        found.push((Change::of_key(key, key.get(old.facts), key.get(new.facts)), Vec::new()));
    }
    found.extend(ours(old, new).into_iter().map(|change| (change, Vec::new())));
    found
}

/// Whether both sides can say something about a key: tables of their kind have it, the newer page has a column for it, and both
/// cells were understood.
fn is_known(tables: (&ComparedTable<'_>, &ComparedTable<'_>), rows: (&Row<'_>, &Row<'_>), key: Key) -> bool {
    let kind = tables.0.table.or(tables.1.table).map(|(_, table)| table.kind);
    kind.is_none_or(|kind| key.is_of(kind))
        && key.column().is_none_or(|column| {
            tables.1.page.is_none_or(|page| page.columns.contains(&column))
                && [rows.0, rows.1].iter().all(|row| row.unclear.is_none_or(|unclear| !unclear.contains(&column)))
        })
}

/// The identifier. Aliases and former identifiers are names of the crate, and are compared as such.
fn ident(old: &Row<'_>, new: &Row<'_>, items: &mut ItemChanges) -> Option<Found> {
    let (before, after) = (old.ident()?, new.ident()?);
    // The old code of a number that is used again has no variant: what goes is `before` alone, and nothing is called `after`.
    if before == after || !old.has_variant || !new.has_variant {
        return None;
    }
    let taken = take(items, [before, after]);
    Some((Change::between(IDENT, before, after), taken))
}

/// Another status: of the same code, or its number was given to another one.
fn another_status(table: &ComparedTable<'_>, old: &Row<'_>, new: &Row<'_>) -> Change {
    let is_removed = old.facts.is_live() && !new.facts.is_live();
    match table.rows_of(new.facts.number).find(|row| is_removed && row.facts.is_live()) {
        Some(successor) => Change::Recycled { name: old.facts.name.to_string(), new: successor.facts.name.to_string() },
        None => Change::Status { old: old.facts.status, new: new.facts.status },
    }
}

/// Whether a number may mean something else: name and sentence are both new and the names have no word in common, or both are new
/// and the document says to do something else.
fn is_redefined(old: &Row<'_>, new: &Row<'_>) -> bool {
    if normalized_name(&old.facts.name) == normalized_name(&new.facts.name) {
        return false;
    }
    // Where a table has one column for both, the name is the sentence.
    let is_apart =
        |row: &Row<'_>| row.facts.text.as_ref().is_some_and(|text| *text != Fingerprint::new(&plain_name(&row.facts.name)));
    let has_other_sentence = old.facts.text != new.facts.text && is_apart(old) && is_apart(new);
    let has_other_advice = [Key::Reconnect, Key::Advice].into_iter().any(|key| {
        let (before, after) = (key.get(old.facts), key.get(new.facts));
        before.is_some() && after.is_some() && before != after
    });
    let is_unlike = !share_a_word(&old.facts.name, &new.facts.name);
    has_other_sentence && (is_unlike || has_other_advice)
}

/// The other number of the old table that lost the name that a code has now. A code that left the document loses it, too.
fn name_was_of(tables: (&ComparedTable<'_>, &ComparedTable<'_>), old: &Row<'_>, new: &Row<'_>) -> Option<Number> {
    let name = normalized_name(&new.facts.name);
    if name == normalized_name(&old.facts.name) {
        return None;
    }
    let is_same = |before: &Row<'_>, after: &Row<'_>| {
        before.facts.number == after.facts.number && (after.facts.is_live() || !before.facts.is_live())
    };
    let mut others = tables.0.rows_named(&name).filter(|before| before.facts.number != old.facts.number);
    others.find(|before| !tables.1.rows_named(&name).any(|after| is_same(before, after))).map(|before| before.facts.number)
}

/// What the authors decided for codes of all kinds.
fn ours(old: &Row<'_>, new: &Row<'_>) -> Vec<Change> {
    let (Some(before), Some(after)) = (old.ours, new.ours) else { return Vec::new() };
    // Without `..`. Names are compared as such; `reviewed` and `allow` are for the lints and are in no output.
    let Ours { ident: _, aliases: _, renamed_from: _, summary, group, fault: _, fix, note, reviewed: _, allow: _, documented } =
        after;
    let text = |text: &Option<Text>| text.as_ref().map(|text| Value::from(text.as_str()));
    let word = |word: String| Value::from(word.as_str());
    let fields = [
        (SUMMARY, text(&before.summary), text(summary)),
        (FIX, text(&before.fix), text(fix)),
        (NOTE, text(&before.note), text(note)),
        (GROUP, before.group.map(key_word).map(word), group.map(key_word).map(word)),
        (FAULT, before.whose_fault().map(key_word).map(word), after.whose_fault().map(key_word).map(word)),
    ];
    let differing = fields.into_iter().filter(|(_, old, new)| old != new);
    let mut found: Vec<Change> = differing.map(|(field, old, new)| Change::Field { field, old, new }).collect();
    if before.documented != *documented {
        let what = if *documented { "the document lists the code" } else { "the document does not list the code" };
        found.push(Change::Field { field: DOCS, old: None, new: Some(what.into()) });
    }
    found
}

/// All names of a code in the enum.
pub(super) fn idents<'a>(row: &Row<'a>) -> impl Iterator<Item = &'a str> + use<'a> {
    let ours = row.ours;
    let others = ours.into_iter().flat_map(|ours| ours.aliases.iter().chain(&ours.renamed_from));
    ours.and_then(|ours| ours.ident.as_ref()).into_iter().chain(others).map(Ident::as_str)
}
