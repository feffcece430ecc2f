//! What an audit found: as data, in words, and as JSON.

use std::cmp::Reverse;

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::Bump;
use crate::print::{Report, Row, Section};
use crate::text::{Span, counted};

/// What was found in the sources. As JSON it is the output of `audit --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "audit", inline)]
pub struct Audit {
    /// The version of this format.
    version: u32,
    /// How many source files were read.
    files: usize,
    /// The enums, blocks of constants, objects and look-ups that are of a table.
    pub(super) enums: Vec<Enum>,
    /// Groups that are of no table: their places, names and sizes.
    #[serde(skip)]
    pub(super) others: Vec<(Span, String, usize)>,
}

/// An enum that is of a table.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Enum {
    /// Its name, or what its members start with. Empty where it has neither.
    pub name: String,
    /// Where its first member is: file and line.
    #[serde(flatten)]
    pub place: Span,
    /// The table that it is of.
    pub table: String,
    #[serde(skip)]
    pub title: String,
    /// How many documented codes it has.
    pub has: usize,
    /// How many there are.
    pub of: usize,
    /// The part of its members, among the numbers of the table, that has both number and name of it.
    pub sure: f32,
    /// What differs.
    pub findings: Vec<Finding>,
}

/// What is to be said of one code.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Finding {
    pub kind: FindingKind,
    /// The number.
    pub value: u32,
    /// The name in the source; of a missing code, the documented one.
    pub name: String,
    /// What is documented instead, or else to be said.
    pub says: String,
    /// A missing code as a line that can be pasted.
    pub paste: Option<String>,
    /// File and line; of a missing code, that of the number before it.
    #[serde(flatten)]
    pub place: Span,
    /// The table.
    pub table: String,
}

/// The kinds of findings, from those that matter least to the worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FindingKind {
    /// The code has another name than in the document.
    Renamed,
    /// The source has the name of the code, and a number that cannot be read.
    Unread,
    /// The table has no such number.
    Unknown,
    /// The document lists a code that the source does not have.
    Missing,
    /// The source says to connect again, or not to, and the document says otherwise.
    Answer,
    /// The name belongs to another number.
    Wrong,
}

impl FindingKind {
    /// The word for it, and what it means.
    fn words(self) -> [&'static str; 2] {
        match self {
            Self::Renamed => ["renamed", "The document has another name for the code."],
            Self::Unread => ["unread", "The source has the name of the code, and a number that cannot be read."],
            Self::Unknown => ["unknown", "The source has a number that the document does not list."],
            Self::Missing => ["missing", "The document lists a code that the source does not have."],
            Self::Answer => ["answer", "The source says to connect again, or not to, and the document says otherwise."],
            Self::Wrong => ["wrong", "The name belongs to another number."],
        }
    }
}

impl Audit {
    pub(super) fn new(files: usize) -> Self {
        Self { version: 1, files, enums: Vec::new(), others: Vec::new() }
    }

    /// Whether no table was recognized.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.enums.is_empty()
    }

    /// The worst finding.
    #[must_use]
    pub fn worst(&self) -> Option<FindingKind> {
        self.enums.iter().flat_map(|one| &one.findings).map(|finding| finding.kind).max()
    }

    /// The whole as a report. Codes that have another name alone are folded up.
    #[must_use]
    pub fn report(&self, is_verbose: bool) -> Report {
        let sections = self.enums.iter().flat_map(|one| [one.section(false), one.section(true)]);
        let is_complete = |one: &&Enum| one.findings.iter().all(|finding| finding.kind == FindingKind::Renamed);
        let complete = self.enums.iter().filter(is_complete).map(|one| format!("{}: {}", place(&one.place), one.about()));
        let others = self.others.iter().filter(|_| is_verbose);
        let others = others.map(|(span, name, rows)| format!("{}: {} ({rows})", place(span), quoted(name)));
        let listed = [("complete", complete.collect::<Vec<_>>()), ("of no table", others.collect())];
        let listed = listed.into_iter().filter(|(_, all)| !all.is_empty());
        Report {
            title: counted(self.files, "source file"),
            summary: self.summary(),
            sections: sections.filter(|section| !section.rows.is_empty()).collect(),
            closing: listed.map(|(what, all)| format!("{what}: {}", all.join("; "))).collect(),
        }
    }

    /// "3 enums: 6 codes missing, 0 wrong".
    fn summary(&self) -> String {
        let findings = || self.enums.iter().flat_map(|one| &one.findings);
        let count = |from: FindingKind, to: FindingKind| findings().filter(|one| (from..=to).contains(&one.kind)).count();
        let missing = counted(count(FindingKind::Missing, FindingKind::Missing), "code");
        let wrong = count(FindingKind::Answer, FindingKind::Wrong);
        let more = [(FindingKind::Unknown, "unknown"), (FindingKind::Unread, "could not be read")];
        let more = more.into_iter().map(|(kind, words)| (count(kind, kind), words)).filter(|(count, _)| *count > 0);
        let more: String = more.map(|(count, words)| format!(", {count} {words}")).collect();
        match self.enums.len() {
            0 => "no enum, constants or look-up of a table that is known".to_owned(),
            enums => format!("{}: {missing} missing, {wrong} wrong{more}", counted(enums, "enum")),
        }
    }
}

impl Enum {
    /// The findings: those that matter, or those that do not.
    fn section(&self, is_folded: bool) -> Section {
        let mut findings: Vec<&Finding> =
            self.findings.iter().filter(|finding| (finding.kind == FindingKind::Renamed) == is_folded).collect();
        findings.sort_by_key(|finding| (Reverse(finding.kind), finding.value));
        let rows = findings.into_iter().map(|finding| finding.row(self.about())).collect();
        Section { title: place(&self.place), is_folded, rows }
    }

    /// What it is: "`CloseCode` is Voice Close Event Codes of discord/v10 (12 of 16)".
    fn about(&self) -> String {
        let edition = self.table.rsplit_once('/').map_or("", |(edition, _)| edition);
        format!("{} is {} of {edition} ({} of {})", quoted(&self.name), self.title, self.has, self.of)
    }
}

impl Finding {
    fn row(&self, group: String) -> Row {
        let Self { kind, value, name, says, paste, place, .. } = self;
        let [word, why] = kind.words();
        let aside = if says.is_empty() { name.clone() } else { format!("{name}: {says}") };
        let (what, asides) = match paste {
            Some(line) => (line.clone(), vec![aside]),
            None => (format!("{}: {says}", quoted(name)), Vec::new()),
        };
        let bump = (*kind <= FindingKind::Unknown).then_some(Bump::None);
        let (values, places) = ([None, Some(what)], [None, Some(place.clone())]);
        Row { group, kind: word, why, bump, subject: value.to_string(), values, asides, places, ..Row::default() }
    }
}

/// Whoever prints it escapes what cannot be printed.
fn quoted(name: &str) -> String {
    if name.is_empty() { "a group".to_owned() } else { format!("`{name}`") }
}

fn place(span: &Span) -> String {
    format!("{}:{}", span.file.path, span.line())
}
