//! What the documentation says of each table, before it is Markdown or HTML.
//!
//! In comes the model, out come plain texts in which only code spans are marked up. Nothing here knows a format.

use std::collections::HashSet;

use crate::facts::{Action, Facts, Status};
use crate::folder::TablePath;
use crate::ident::Ident;
use crate::model::{CloseCodes, Code, Codes, Ending, Range, Registry, Responses, Table, Variant};
use crate::ours::{Ours, Policy, Sent};
use crate::render::sentences;
use crate::tally::{Tally, thousands};
use crate::text::{capitalized, key_word, list, sentence};

/// One table.
#[derive(Debug)]
pub(super) struct Section<'a> {
    /// The table.
    pub table: &'a Table,
    /// The path of its enum in Rust.
    pub rust: String,
    /// Its rows: in numeric order, then the answers for what has no row.
    pub entries: Vec<Entry<'a>>,
    /// Whether some row says who sends it or how it is encoded.
    pub travels: bool,
    /// Whether its codes answer requests, which may be sent again or not.
    pub responds: bool,
}

/// One row.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    /// What names it within its table, in links.
    pub id: String,
    /// Its number or numbers, or what takes their place, such as `no code`.
    pub label: String,
    /// The first and the last number, where it has numbers of its own.
    pub numbers: Option<[u32; 2]>,
    /// The documented name, or what the row is about.
    pub name: &'a str,
    /// Whether the document still lists it.
    pub status: Status,
    /// Its identifiers, the main one first.
    pub idents: Vec<&'a Ident>,
    /// What it means, in sentences.
    pub meaning: Vec<String>,
    /// What to do, each with the condition under which it holds.
    pub answers: Vec<Answer<'a>>,
    /// The table that has the answer, and whether a resume becomes a new session.
    pub see: Option<(&'a TablePath, bool)>,
    /// Who sends it and how it is encoded, of opcodes.
    pub travels: Option<String>,
    /// Whether the request may be sent again, of responses.
    pub is_retryable: Option<bool>,
    /// What the compared clients do.
    pub clients: Option<Tally>,
}

/// What to do.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer<'a> {
    /// When it holds, if not always.
    pub when: Option<&'static str>,
    /// The policy.
    pub policy: &'a Policy,
}

impl<'a> Section<'a> {
    pub(super) fn new(registry: &'a Registry, table: &'a Table) -> Self {
        let TablePath { system, edition, .. } = &table.path;
        let rust = format!("{}::{system}::{edition}::{}", registry.package.library(), table.enum_name);
        let mut entries: Vec<Entry<'a>> = match &table.codes {
            Codes::Opcodes(codes) => codes.iter().map(opcode).collect(),
            Codes::CloseCodes(close) => close_codes(registry, close),
            Codes::Responses(responses) => responded(responses),
        };
        entries.extend(table.recycled.iter().map(recycled));
        entries.sort_by_key(|entry| (entry.numbers, entry.id.len()));
        if let Codes::CloseCodes(close) = &table.codes {
            entries.extend(unlisted(registry, close));
        }
        make_unique(&mut entries);
        let travels = entries.iter().any(|entry| entry.travels.is_some());
        let responds = entries.iter().any(|entry| entry.is_retryable.is_some());
        Self { table, rust, entries, travels, responds }
    }

    /// How many codes have a row, ranges included.
    pub(super) fn count(&self) -> usize {
        self.entries.iter().filter(|entry| entry.numbers.is_some()).count()
    }

    /// Whether what to do has columns of its own: each close code has an answer, few opcodes do.
    pub(super) fn has_answers(&self) -> bool {
        matches!(self.table.codes, Codes::CloseCodes(_))
    }
}

impl Answer<'_> {
    /// The action, such as `New session`.
    pub(super) fn action(&self) -> String {
        capitalized(self.policy.action.words())
    }

    /// How long to wait, what overrules the answer, and the code to close the connection with.
    pub(super) fn conditions(&self) -> String {
        let wait = (self.policy.action != Action::Stop).then(|| sentences::wait(self.policy.wait));
        let close = self.policy.close_with.map(|code| format!("after closing with {code}"));
        wait.into_iter().chain(close).chain(sentences::unless(self.policy)).collect::<Vec<_>>().join(", ")
    }

    /// Why, in a sentence.
    pub(super) fn reason(&self) -> String {
        sentence(&self.policy.reason)
    }

    /// What a person can do, in a sentence.
    pub(super) fn fix(&self) -> Option<String> {
        self.policy.fix.as_ref().map(|fix| sentence(fix))
    }

    /// What the answer is based on.
    pub(super) fn basis(&self) -> &'static str {
        sentences::basis(self.policy.basis)
    }
}

fn entry<'a>(facts: &'a Facts, ours: &'a Ours, numbers: [u32; 2]) -> Entry<'a> {
    let [first, last] = numbers;
    let texts = ours.summary.iter().chain(&ours.note).map(|text| sentence(text));
    let (id, label) = if first == last {
        (first.to_string(), first.to_string())
    } else {
        (format!("{first}-{last}"), format!("{first} to {last}"))
    };
    Entry {
        id,
        label,
        numbers: Some(numbers),
        name: &facts.name,
        status: facts.status,
        idents: Vec::new(),
        meaning: texts.chain(listed(facts)).collect(),
        answers: Vec::new(),
        see: None,
        travels: travels(facts),
        is_retryable: None,
        clients: None,
    }
}

fn variant(variant: &Variant) -> Entry<'_> {
    let idents = std::iter::once(&variant.ident).chain(&variant.ours.aliases).collect();
    Entry { idents, ..entry(&variant.facts, &variant.ours, [variant.number, variant.number]) }
}

fn recycled(removed: &Variant) -> Entry<'_> {
    let entry = variant(removed);
    Entry { id: format!("{}-removed", entry.id), ..entry }
}

fn range<D>(range: &Range<D>) -> Entry<'_> {
    entry(&range.facts, &range.ours, [range.first, range.last])
}

fn opcode(code: &Code<Option<Ending>>) -> Entry<'_> {
    let answers = match &code.decision {
        None => Vec::new(),
        Some(ending) if ending.lost == ending.resumable => vec![Answer { when: None, policy: &ending.resumable }],
        Some(ending) => vec![
            Answer { when: Some("If the session can be resumed"), policy: &ending.resumable },
            Answer { when: Some("If it cannot"), policy: &ending.lost },
        ],
    };
    Entry { answers, ..variant(&code.variant) }
}

fn responded(responses: &Responses) -> Vec<Entry<'_>> {
    let codes = responses.codes.iter().map(|code| Entry { is_retryable: Some(code.decision), ..variant(&code.variant) });
    codes.chain(responses.ranges.iter().map(|row| Entry { is_retryable: Some(row.decision), ..range(row) })).collect()
}

fn close_codes<'a>(registry: &Registry, close: &'a CloseCodes) -> Vec<Entry<'a>> {
    let codes = close.codes.iter().map(|code| Entry {
        answers: vec![Answer { when: None, policy: &code.decision }],
        clients: decided(Tally::of_code(registry, close, code.variant.number)),
        ..variant(&code.variant)
    });
    let ranges =
        close.ranges.iter().map(|row| Entry { answers: vec![Answer { when: None, policy: &row.decision }], ..range(row) });
    codes.chain(ranges).collect()
}

/// The rows for what has no row: no code, the codes of another table, unknown codes, and codes that the client sent.
fn unlisted<'a>(registry: &Registry, close: &'a CloseCodes) -> Vec<Entry<'a>> {
    let reconnect = &close.reconnect;
    let none = decided(Tally::of_none(registry, close));
    // The codes that a protocol on top may define are in the highest thousand.
    let unknown = thousands(close).last().and_then(|thousand| decided(Tally::of_unknown(registry, close, *thousand)));
    let absent = row("none", "no code", "Ended without a close code", Some(&reconnect.absent));
    let mut rows = vec![Entry { clients: none, ..absent }];
    if let Some(path) = &close.extends {
        let others = row("others", "others", "A code of another table", None);
        rows.push(Entry { see: Some((path, !reconnect.resumable)), ..others });
    }
    let other = row("unknown", "unknown", "Any other code", Some(&reconnect.unknown));
    rows.push(Entry { clients: unknown, ..other });
    if let Some(silence) = &reconnect.silence {
        rows.push(row("silence", "silence", "A heartbeat is not acknowledged", Some(silence)));
    }
    rows.extend(reconnect.sent.iter().flat_map(closed_by_client));
    rows
}

/// A row that stands for no documented code.
fn row<'a>(id: &str, label: &str, name: &'static str, policy: Option<&'a Policy>) -> Entry<'a> {
    Entry {
        id: id.to_owned(),
        label: label.to_owned(),
        numbers: None,
        name,
        status: Status::Active,
        idents: Vec::new(),
        meaning: Vec::new(),
        answers: policy.map(|policy| Answer { when: None, policy }).into_iter().collect(),
        see: None,
        travels: None,
        is_retryable: None,
        clients: None,
    }
}

/// The rows for the codes that the client itself closes with.
fn closed_by_client(sent: &Sent) -> Vec<Entry<'_>> {
    let codes: Vec<String> = sent.codes.iter().map(ToString::to_string).collect();
    let label = format!("sent {}", list(&codes, "or"));
    let policy = Some(&sent.policy);
    let others = sent
        .others
        .as_ref()
        .map(|others| row("sent-others", "sent", "The client itself closed the connection with another code", Some(others)));
    let sent = row("sent", &label, "The client itself closed the connection with this code", policy);
    [sent].into_iter().chain(others).collect()
}

fn decided(tally: Tally) -> Option<Tally> {
    (tally.decided() > 0).then_some(tally)
}

/// Since when and until when a document lists a code.
fn listed(facts: &Facts) -> Option<String> {
    match (facts.since, facts.until) {
        (None, None) => None,
        (Some(since), None) => Some(format!("Since {since}.")),
        (None, Some(until)) => Some(format!("Until {until}.")),
        (Some(since), Some(until)) => Some(format!("From {since} until {until}.")),
    }
}

/// Who sends an opcode, and how its payload is encoded.
fn travels(facts: &Facts) -> Option<String> {
    let words = [facts.direction.map(key_word), facts.format.map(key_word)];
    let words: Vec<String> = words.into_iter().flatten().collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// Several removed codes may have had one number.
fn make_unique(entries: &mut [Entry<'_>]) {
    let mut taken = HashSet::new();
    for entry in entries {
        let mut count = 1;
        let id = entry.id.clone();
        while !taken.insert(entry.id.clone()) {
            count += 1;
            entry.id = format!("{id}-{count}");
        }
    }
}
