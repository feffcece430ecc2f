//! What differs between two states of the tables, and what it means for whoever uses the generated crate.
//!
//! [`changes`] is pure: two lists of tables go in, one list of [`Change`]s comes out. The formats beside this file print it.

mod github;
mod json;
mod listing;
mod markdown;
mod sarif;
mod text;
mod waivers;

use std::collections::{BTreeMap, HashSet};

pub use github::github;
pub use json::json;
pub use listing::{Entry, Listing, Policy};
pub use markdown::markdown;
pub use sarif::sarif;
pub use text::{Verbosity, summary, text};
pub use waivers::waive;

use crate::import::ObservedValue;
use crate::import::merge::{fingerprint, restyled};
use crate::model::Status;
use crate::source::Span;

/// One difference.
#[derive(Clone, Debug)]
pub struct Change {
    /// The table it is in, by the name of its file.
    pub table: String,
    /// What kind of difference it is.
    pub kind: Kind,
    /// The code it is about; nothing for a table as a whole.
    pub value: Option<ObservedValue>,
    /// The identifier of that code, or its name where it has none.
    pub subject: String,
    /// What was there.
    pub old: Option<String>,
    /// What is there now.
    pub new: Option<String>,
    /// The version that the generated crate needs because of it.
    pub bump: Bump,
    /// Why, for a person.
    pub why: &'static str,
    /// Whether the two codes were paired by likeness rather than by number, identifier or declaration.
    pub guess: bool,
    /// The place before.
    pub old_span: Option<Span>,
    /// The place now.
    pub new_span: Option<Span>,
}

impl Change {
    /// A short mark by which the change is known again, as in a waiver: the same for the same change, whatever its place.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let value = self.value.map(|value| value.to_string()).unwrap_or_default();
        let of = |text: &Option<String>| text.clone().unwrap_or_default();
        fingerprint(
            &[&self.table, self.kind.name(), &value, &self.subject, &of(&self.old), &of(&self.new)]
                .map(|part| format!("{part};"))
                .concat(),
        )
    }
}

/// What kind of difference a change is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A policy differs.
    Policy,
    /// The documented answer to whether to reconnect differs.
    Reconnect,
    /// An edition is gone.
    EditionAbsent,
    /// An edition is new.
    EditionAdded,
    /// A table is gone.
    TableAbsent,
    /// A table is new.
    TableAdded,
    /// The type of the numbers differs.
    Repr,
    /// The enum has another name.
    EnumRenamed,
    /// A code is gone.
    Removed,
    /// Another code has taken the number.
    Recycled,
    /// A code has another number.
    Renumbered,
    /// A code is in another table.
    Moved,
    /// The identifier differs.
    IdentRenamed,
    /// The name and the sentence differ: the number means something else.
    Redefined,
    /// A code is new.
    Added,
    /// The document has struck a code out.
    StruckOut,
    /// The document has a code again.
    Restored,
    /// The document calls a code deprecated.
    Deprecated,
    /// The document no longer calls a code deprecated.
    Undeprecated,
    /// The name differs; the identifier does not.
    Renamed,
    /// An opcode travels another way.
    Direction,
    /// A payload is encoded another way.
    Format,
    /// There is another alias, or one less.
    Alias,
    /// The documented sentence differs.
    Reworded,
    /// Our sentence differs.
    Summary,
    /// The reason of a policy differs, and what to do does not.
    Reason,
    /// The name differs in case, punctuation or markup alone.
    Restyled,
    /// The title of a table differs.
    Retitled,
}

impl Kind {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Policy => "policy",
            Self::Reconnect => "reconnect",
            Self::EditionAbsent => "edition-absent",
            Self::EditionAdded => "edition-added",
            Self::TableAbsent => "table-absent",
            Self::TableAdded => "table-added",
            Self::Repr => "repr",
            Self::EnumRenamed => "enum-renamed",
            Self::Removed => "removed",
            Self::Recycled => "recycled",
            Self::Renumbered => "renumbered",
            Self::Moved => "moved",
            Self::IdentRenamed => "ident-renamed",
            Self::Redefined => "redefined",
            Self::Added => "added",
            Self::StruckOut => "struck-out",
            Self::Restored => "restored",
            Self::Deprecated => "deprecated",
            Self::Undeprecated => "undeprecated",
            Self::Renamed => "renamed",
            Self::Direction => "direction",
            Self::Format => "format",
            Self::Alias => "alias",
            Self::Reworded => "reworded",
            Self::Summary => "summary",
            Self::Reason => "reason",
            Self::Restyled => "restyled",
            Self::Retitled => "retitled",
        }
    }

    /// What it says, in a sentence.
    #[must_use]
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Policy => "What to do after a code differs: clients will act otherwise.",
            Self::Reconnect => "The documented answer to whether to reconnect differs.",
            Self::EditionAbsent => "An edition is gone, with all its tables.",
            Self::EditionAdded => "An edition is new.",
            Self::TableAbsent => "A table is gone, with its enum.",
            Self::TableAdded => "A table is new.",
            Self::Repr => "The numbers of a table have another type.",
            Self::EnumRenamed => "The enum of a table has another name.",
            Self::Removed => "A code is gone, with its variant.",
            Self::Recycled => "Another code has taken the number; the variant is gone.",
            Self::Renumbered => "A code has another number.",
            Self::Moved => "A code is in another table.",
            Self::IdentRenamed => "A variant has another name.",
            Self::Redefined => "Name and sentence of a code differ: it may mean something else.",
            Self::Added => "A code is new.",
            Self::StruckOut => "The document no longer has a code; its variant stays, deprecated.",
            Self::Restored => "The document has a code again.",
            Self::Deprecated => "The document calls a code deprecated.",
            Self::Undeprecated => "The document no longer calls a code deprecated.",
            Self::Renamed => "The documented name differs; the identifier stays.",
            Self::Direction => "An opcode travels another way.",
            Self::Format => "A payload is encoded another way.",
            Self::Alias => "A code has another alias, or one less.",
            Self::Reworded => "The documented sentence differs.",
            Self::Summary => "Our sentence differs.",
            Self::Reason => "The reason of a policy differs; what to do does not.",
            Self::Restyled => "The documented name differs in case, punctuation or markup alone.",
            Self::Retitled => "The title of a table differs.",
        }
    }

    /// Whether it is only a matter of wording, which reports leave out unless asked.
    #[must_use]
    pub fn is_wording(self) -> bool {
        matches!(self, Self::Reworded | Self::Summary | Self::Reason | Self::Restyled | Self::Retitled)
    }
}

/// The version that the generated crate needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bump {
    /// None: nothing differs.
    None,
    /// A patch: texts differ.
    Patch,
    /// A minor version: something was added.
    Minor,
    /// A minor version with a heading of its own: clients will act otherwise.
    Policy,
    /// A major version: users' code may no longer compile.
    Major,
}

impl Bump {
    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Patch => "patch",
            Self::Minor => "minor",
            Self::Policy => "policy",
            Self::Major => "major",
        }
    }
}

/// The version that all changes together need.
#[must_use]
pub fn needed(changes: &[Change]) -> Bump {
    changes.iter().map(|change| change.bump).max().unwrap_or(Bump::None)
}

/// Everything that differs, table by table in the order of their names, and in each by number.
#[must_use]
pub fn changes(old: &[Listing], new: &[Listing]) -> Vec<Change> {
    let mut changes = Vec::new();
    let mut left = Vec::new();
    let mut come = Vec::new();
    let (gone, new_editions) = (editions_without(old, new), editions_without(new, old));
    for (edition, tables) in &gone {
        let change = of(tables[0], Kind::EditionAbsent, Bump::Major, "a module is gone, with all its enums");
        let what = Some(format!("{} tables", tables.len()));
        let change = Change { table: edition.clone(), subject: edition.clone(), old: what, new_span: None, ..change };
        changes.push(Change { old_span: Some(tables[0].span.clone()), ..change });
    }
    for (edition, tables) in &new_editions {
        let change = of(tables[0], Kind::EditionAdded, Bump::Minor, "a module is new");
        let what = Some(format!("{} tables", tables.len()));
        changes.push(Change { table: edition.clone(), subject: edition.clone(), new: what, ..change });
    }
    let told = |listing: &Listing| {
        listing.edition().is_some_and(|edition| gone.contains_key(&edition) || new_editions.contains_key(&edition))
    };
    for before in old.iter().filter(|listing| !told(listing)) {
        let Some(after) = new.iter().find(|after| after.table == before.table) else {
            let what = Some(format!("{} codes", before.entries.len()));
            let change = Change { old: what, ..of(before, Kind::TableAbsent, Bump::Major, "the enum is gone") };
            changes.push(Change { new_span: None, old_span: Some(before.span.clone()), ..change });
            continue;
        };
        let unpaired = of_table(before, after, &mut changes);
        left.extend(unpaired.left.into_iter().map(|entry| (before, entry)));
        come.extend(unpaired.come.into_iter().map(|entry| (after, entry)));
    }
    for after in new.iter().filter(|after| !told(after) && old.iter().all(|before| before.table != after.table)) {
        let what = Some(format!("{} codes", after.entries.len()));
        changes.push(Change { new: what, ..of(after, Kind::TableAdded, Bump::Minor, "an enum is new") });
    }
    unpaired(left, come, &mut changes);
    changes.sort_by(|a, b| {
        (&a.table, a.kind == Kind::Policy, a.value, a.kind, &a.subject).cmp(&(
            &b.table,
            b.kind == Kind::Policy,
            b.value,
            b.kind,
            &b.subject,
        ))
    });
    changes
}

/// The editions of one side that have no table on the other, with their tables. Only whole folders of tables name editions.
fn editions_without<'a>(side: &'a [Listing], other: &[Listing]) -> BTreeMap<String, Vec<&'a Listing>> {
    let kept: HashSet<String> = other.iter().filter_map(Listing::edition).collect();
    let mut editions: BTreeMap<String, Vec<&Listing>> = BTreeMap::new();
    for listing in side {
        if let Some(edition) = listing.edition().filter(|edition| !kept.contains(edition)) {
            editions.entry(edition).or_default().push(listing);
        }
    }
    editions
}

/// The codes of one table that no number paired.
struct Unpaired<'a> {
    left: Vec<&'a Entry>,
    come: Vec<&'a Entry>,
}

fn of_table<'a>(before: &'a Listing, after: &'a Listing, changes: &mut Vec<Change>) -> Unpaired<'a> {
    if let (Some(old), Some(new)) = (before.repr, after.repr)
        && old != new
    {
        let change = of(after, Kind::Repr, Bump::Major, "the numbers have another type");
        changes.push(Change { old: Some(old.name().to_owned()), new: Some(new.name().to_owned()), ..change });
    }
    if let (Some(old), Some(new)) = (&before.enum_name, &after.enum_name)
        && old != new
    {
        let change = of(after, Kind::EnumRenamed, Bump::Major, "the enum has another name");
        changes.push(Change { old: Some(old.clone()), new: Some(new.clone()), ..change });
    }
    if before.title != after.title {
        let change = of(after, Kind::Retitled, Bump::Patch, "only wording");
        changes.push(Change { old: Some(before.title.clone()), new: Some(after.title.clone()), ..change });
    }
    for (what, new) in &after.fallback {
        let old = before.fallback.iter().find(|(other, _)| other == what).map(|(_, old)| old);
        if let Some((kind, bump, why)) = old.and_then(|old| policy_change(old, new)) {
            let change = Change { subject: fallback_words(what).to_owned(), ..of(after, kind, bump, why) };
            changes.push(Change { old: old.map(ToString::to_string), new: Some(format!("{new}: {}", new.reason)), ..change });
        }
    }
    let mut unpaired = Unpaired { left: Vec::new(), come: Vec::new() };
    let mut paired: HashSet<usize> = HashSet::new();
    for old in &before.entries {
        let candidates = || after.entries.iter().enumerate().filter(|(at, new)| new.value == old.value && !paired.contains(at));
        let same_state = candidates().find(|(_, new)| new.is_live() == old.is_live());
        let same_code = candidates().find(|(_, new)| is_same(old, new));
        match same_code.or(same_state).or_else(|| candidates().next()) {
            Some((at, new)) => {
                paired.insert(at);
                of_code(before, after, old, new, changes);
            }
            None => unpaired.left.push(old),
        }
    }
    unpaired.come.extend(after.entries.iter().enumerate().filter(|(at, _)| !paired.contains(at)).map(|(_, new)| new));
    unpaired
}

/// Whether two codes of the same number are the same code, whatever its state.
fn is_same(old: &Entry, new: &Entry) -> bool {
    match (&old.ident, &new.ident) {
        (Some(old), Some(new)) => old == new,
        _ => restyled(&old.name) == restyled(&new.name),
    }
}

/// All differences between two states of one code.
fn of_code(before: &Listing, after: &Listing, old: &Entry, new: &Entry, changes: &mut Vec<Change>) {
    let recycled = |listing: &Listing, entry: &Entry| {
        !entry.is_live() && listing.entries.iter().any(|other| other.is_live() && other.value == entry.value)
    };
    let mut push = |kind: Kind, bump: Bump, why: &'static str, was: Option<String>, is: Option<String>| {
        changes.push(Change { old: was, new: is, ..between(after, old, new, kind, bump, why) });
    };
    match (old.status, new.status) {
        (Status::Removed, Status::Removed) if recycled(after, new) && !recycled(before, old) => {
            push(Kind::Recycled, Bump::Major, "the variant is gone: its number means something else now", None, None);
        }
        (Status::Active | Status::Deprecated, Status::Removed) if recycled(after, new) => {
            push(Kind::Recycled, Bump::Major, "the variant is gone: its number means something else now", None, None);
        }
        (Status::Active | Status::Deprecated, Status::Removed) => {
            push(Kind::StruckOut, Bump::Minor, "the variant stays, marked as deprecated", None, None);
        }
        (Status::Removed, Status::Active | Status::Deprecated) => {
            push(Kind::Restored, Bump::Minor, "the variant is no longer marked as removed", None, None);
        }
        (Status::Active, Status::Deprecated) => {
            push(Kind::Deprecated, Bump::Minor, "the variant is marked as deprecated", None, None);
        }
        (Status::Deprecated, Status::Active) => {
            push(Kind::Undeprecated, Bump::Minor, "the variant is no longer marked as deprecated", None, None);
        }
        (Status::Active, Status::Active) | (Status::Deprecated, Status::Deprecated) | (Status::Removed, Status::Removed) => {}
    }
    let renamed = restyled(&old.name) != restyled(&new.name);
    // Where the sentence is the name, another name is not another meaning.
    let name_is_sentence = new.text.as_deref() == Some(&fingerprint(&new.name));
    let reworded = matches!((&old.text, &new.text), (Some(old), Some(new)) if old != new) && !name_is_sentence;
    let ident_renamed = matches!((&old.ident, &new.ident), (Some(was), Some(is)) if was != is);
    if ident_renamed {
        push(Kind::IdentRenamed, Bump::Major, "the variant has another name", old.ident.clone(), new.ident.clone());
    }
    let (was, is) = (Some(old.name.clone()), Some(new.name.clone()));
    if renamed && reworded {
        push(Kind::Redefined, Bump::Minor, "name and sentence are new: see whether the number means something else", was, is);
    } else if renamed && !ident_renamed {
        push(Kind::Renamed, Bump::Patch, "the identifier stays", was, is);
    } else if old.name != new.name && !renamed {
        push(Kind::Restyled, Bump::Patch, "only case, punctuation or markup", was, is);
    }
    if reworded && !renamed {
        push(Kind::Reworded, Bump::Patch, "the document says it in other words", None, None);
    }
    if let (Some(was), Some(is)) = (old.direction, new.direction)
        && was != is
    {
        push(Kind::Direction, Bump::Minor, "it travels another way", Some(was.words().to_owned()), Some(is.words().to_owned()));
    }
    if let (Some(was), Some(is)) = (old.format, new.format)
        && was != is
    {
        push(
            Kind::Format,
            Bump::Minor,
            "its payload is encoded another way",
            Some(was.word().to_owned()),
            Some(is.word().to_owned()),
        );
    }
    if old.reconnect != new.reconnect && (new.reconnect.is_some() || new.ident.is_some()) {
        let word = |reconnect: Option<bool>| reconnect.map_or("not documented".to_owned(), |reconnect| reconnect.to_string());
        push(
            Kind::Reconnect,
            Bump::Policy,
            "the document answers otherwise",
            Some(word(old.reconnect)),
            Some(word(new.reconnect)),
        );
    }
    let policies = [(&old.policy, &new.policy), (&old.policy_unless_resumable, &new.policy_unless_resumable)];
    for (was, is) in policies {
        if let (Some(was), Some(is)) = (was, is)
            && let Some((kind, bump, why)) = policy_change(was, is)
        {
            push(kind, bump, why, Some(was.to_string()), Some(format!("{is}: {}", is.reason)));
        }
    }
    for alias in new.aliases.iter().filter(|alias| !old.aliases.contains(alias)) {
        push(Kind::Alias, Bump::Minor, "the code has another name", None, Some(alias.clone()));
    }
    if new.ident.is_some() {
        for alias in old.aliases.iter().filter(|alias| !new.aliases.contains(alias)) {
            push(Kind::Alias, Bump::Major, "the constant is gone", Some(alias.clone()), None);
        }
    }
    if new.ident.is_some() && old.ident.is_some() && old.summary != new.summary {
        push(Kind::Summary, Bump::Patch, "only wording", old.summary.clone(), new.summary.clone());
    }
}

fn policy_change(was: &Policy, is: &Policy) -> Option<(Kind, Bump, &'static str)> {
    if !was.acts_like(is) {
        Some((Kind::Policy, Bump::Policy, "clients will act otherwise"))
    } else if was == is {
        None
    } else {
        Some((Kind::Reason, Bump::Patch, "only the reason"))
    }
}

/// Codes that no number paired: moved to another number or another table, or really gone and really new.
fn unpaired(left: Vec<(&Listing, &Entry)>, mut come: Vec<(&Listing, &Entry)>, changes: &mut Vec<Change>) {
    for (before, old) in left {
        let declared = come.iter().position(|(after, new)| {
            after.table == before.table && old.ident.as_ref().is_some_and(|ident| new.renamed_from.contains(ident))
        });
        let by_ident =
            || come.iter().position(|(after, new)| after.table == before.table && old.ident.is_some() && old.ident == new.ident);
        let by_name = || {
            come.iter().position(|(after, new)| {
                let alike = restyled(&old.name) == restyled(&new.name) || old.text.is_some() && old.text == new.text;
                (after.table == before.table || old.text.is_some() && old.text == new.text) && alike
            })
        };
        let (found, guess) = match declared.or_else(by_ident) {
            Some(at) => (Some(at), false),
            None => (by_name(), true),
        };
        let Some(at) = found else {
            let change = between(before, old, old, Kind::Removed, Bump::Major, "the variant is gone");
            changes.push(Change { old: Some(old.name.clone()), new_span: None, ..change });
            continue;
        };
        let (after, new) = come.remove(at);
        let moved = after.table != before.table;
        let kind = if moved { Kind::Moved } else { Kind::Renumbered };
        let why = if moved { "the variant is in another enum" } else { "the variant has another number" };
        let place = |listing: &Listing, entry: &Entry| {
            if moved { format!("{} {}", listing.table, entry.value) } else { entry.value.to_string() }
        };
        let change = between(before, old, new, kind, Bump::Major, why);
        changes.push(Change { old: Some(place(before, old)), new: Some(place(after, new)), guess, ..change });
    }
    for (after, new) in come {
        let (kind, why) = (Kind::Added, if new.is_live() { "a variant is new" } else { "a variant is new, marked as removed" });
        let text = new.policy.as_ref().map_or_else(|| new.name.clone(), |policy| format!("{}: {policy}", new.name));
        changes.push(Change { old_span: None, new: Some(text), ..between(after, new, new, kind, Bump::Minor, why) });
    }
}

/// A change of a table as a whole.
fn of(listing: &Listing, kind: Kind, bump: Bump, why: &'static str) -> Change {
    Change {
        table: listing.table.clone(),
        kind,
        value: None,
        subject: listing.enum_name.clone().unwrap_or_else(|| listing.title.clone()),
        old: None,
        new: None,
        bump,
        why,
        guess: false,
        old_span: None,
        new_span: Some(listing.span.clone()),
    }
}

/// A change of a code.
fn between(listing: &Listing, old: &Entry, new: &Entry, kind: Kind, bump: Bump, why: &'static str) -> Change {
    Change {
        value: Some(new.value),
        subject: new.ident.clone().or_else(|| old.ident.clone()).unwrap_or_else(|| new.name.clone()),
        old_span: Some(old.span.clone()),
        new_span: Some(new.span.clone()),
        ..of(listing, kind, bump, why)
    }
}

fn fallback_words(what: &str) -> &'static str {
    match what {
        "absent" => "no close code",
        "sent" => "close codes that the client sends",
        _ => "unknown close codes",
    }
}
