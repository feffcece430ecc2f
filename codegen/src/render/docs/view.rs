//! What the documentation says of each table, before it is Markdown or HTML.
//!
//! Takes the model and returns plain texts in which only code spans are marked up. Nothing here knows a format.

use std::collections::HashSet;

use heck::ToSnakeCase as _;

use crate::model::{
    Action, ClientVotes, Compared, Facts, Fallback, Ident, Kind, Policy, Registry, Retry, Row, Sent, Status, Table, TablePath,
    thousands,
};
use crate::render::sentences;
use crate::text::{capitalized, key_word, list, normalized_name, sentence};

/// What holds for all codes that answer requests: few of them may be sent again.
pub(super) const SEND_AGAIN: &str = "Send a request again only where its row says so.";

/// One table.
#[derive(Debug)]
pub(super) struct Section<'a> {
    /// The table.
    pub table: &'a Table,
    /// The path of its enum in Rust.
    pub rust: String,
    /// Its rows: in numeric order, then the answers for what has no row.
    pub entries: Vec<Entry<'a>>,
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
    /// Whether the request may be sent again, of responses.
    pub retry: Option<Retry>,
    /// The kind of the answer: of responses.
    pub group: Option<String>,
    /// Who can do something about it.
    pub fault: Option<String>,
    /// What the compared clients do.
    pub clients: Option<ClientVotes>,
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
        let compared = table.fallback.as_ref().map(|fallback| Compared::new(registry, fallback)).unwrap_or_default();
        let mut entries: Vec<Entry<'a>> = table.rows.iter().map(|row| entry(row, &compared)).collect();
        entries.extend(table.recycled.iter().map(recycled));
        entries.sort_by_key(|entry| (entry.numbers, entry.id.len()));
        if let Some(fallback) = &table.fallback {
            entries.extend(unlisted(table, fallback, &compared));
        }
        make_unique(&mut entries);
        Self { table, rust, entries }
    }

    /// The documented title, with the enum where it lacks what the enum is of: a page may call its table just "Opcodes".
    pub(super) fn title(&self) -> String {
        let Table { title, enum_name, .. } = self.table;
        let subject = enum_name.to_snake_case();
        let subject = subject.split('_').next().unwrap_or_default();
        if normalized_name(title).contains(subject) { title.to_string() } else { format!("{title} ({enum_name})") }
    }

    /// How many codes have a row, ranges included.
    pub(super) fn count(&self) -> usize {
        self.entries.iter().filter(|entry| entry.numbers.is_some()).count()
    }

    /// Whether its codes answer requests, which may be sent again or not.
    pub(super) fn responds(&self) -> bool {
        matches!(self.table.kind, Kind::StatusCodes | Kind::ErrorCodes)
    }

    /// Whether what to do has columns of its own: each close code has an answer, few opcodes do.
    pub(super) fn has_answers(&self) -> bool {
        self.table.kind == Kind::CloseCodes
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

    /// What the user can do, in a sentence.
    pub(super) fn fix(&self) -> Option<String> {
        self.policy.fix.as_ref().map(|fix| sentence(fix))
    }

    /// What the answer is based on.
    pub(super) fn basis(&self) -> &'static str {
        sentences::basis(self.policy.basis)
    }
}

/// What is said of a row.
fn entry<'a>(row: &'a Row, compared: &Compared<'_>) -> Entry<'a> {
    let (facts, ours) = (&row.facts, &row.ours);
    let (first, last) = (row.first(), row.last());
    let since = facts.since.map(|date| format!("Since {date}."));
    let until = facts.until.map(|date| format!("Until {date}."));
    // A limit stands in the name.
    let said = sentences::said(&Facts { limit: None, ..facts.clone() });
    let fix = ours.fix.iter().map(|fix| format!("Fix: {}", sentence(fix)));
    let texts = ours.summary.iter().map(|text| sentence(text)).chain(fix).chain(ours.note.iter().map(|note| sentence(note)));
    let (id, label) = if first == last {
        (first.to_string(), first.to_string())
    } else {
        (format!("{first}-{last}"), format!("{first} to {last}"))
    };
    let when = |resumable: Option<bool>| {
        resumable.map(|resumable| if resumable { "If the session can be resumed" } else { "If it cannot" })
    };
    let answers = row.effect.policies().into_iter().map(|(resumable, policy)| Answer { when: when(resumable), policy });
    Entry {
        id,
        label,
        numbers: Some([first, last]),
        name: &facts.name,
        status: facts.status,
        idents: ours.ident.iter().chain(&ours.aliases).collect(),
        meaning: texts.chain(said).chain(since).chain(until).collect(),
        answers: answers.collect(),
        see: None,
        group: ours.group.map(key_word),
        fault: ours.whose_fault().map(key_word),
        retry: row.effect.retry(),
        clients: row.policy().filter(|_| !row.is_range()).and_then(|_| decided(compared.after(first))),
    }
}

/// What is said of a removed code whose number another code has now.
fn recycled(row: &Row) -> Entry<'_> {
    let entry = entry(row, &Compared::default());
    Entry { id: format!("{}-removed", entry.id), ..entry }
}

/// The rows for what has no row: no code, the codes of another table, unknown codes, and codes that the client sent.
fn unlisted<'a>(table: &Table, fallback: &'a Fallback, compared: &Compared<'_>) -> Vec<Entry<'a>> {
    let reconnect = &fallback.reconnect;
    let none = decided(compared.without_code());
    // The codes that a protocol on top may define are in the highest thousand.
    let thousands = thousands(table.variants().map(|variant| variant.number));
    let unknown = thousands.last().and_then(|thousand| decided(compared.after_unknown(*thousand)));
    let absent = row("none", "no code", "Ended without a close code", Some(&reconnect.absent));
    let mut rows = vec![Entry { clients: none, ..absent }];
    if let Some(path) = &fallback.extends {
        let others = row("others", "others", "A code of another table", None);
        rows.push(Entry { see: Some((path, !reconnect.resumable)), ..others });
    }
    let other = row("unknown", "unknown", "Any other code", Some(&reconnect.unknown));
    rows.push(Entry { clients: unknown, ..other });
    if let Some(heartbeat_timeout) = &reconnect.heartbeat_timeout {
        rows.push(row("heartbeat-timeout", "heartbeat timeout", "A heartbeat is not acknowledged", Some(heartbeat_timeout)));
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
        group: None,
        fault: None,
        retry: None,
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

fn decided(votes: ClientVotes) -> Option<ClientVotes> {
    (votes.decided() > 0).then_some(votes)
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
