//! An audit in words, and as JSON.

use schemars::JsonSchema;
use serde::Serialize;

use super::{Audit, Enum, Finding, FindingKind};
use crate::model::Bump;
use crate::print::{Report, Row, Section};
use crate::text::{Span, counted, visible};

impl FindingKind {
    /// The word for it.
    fn word(self) -> &'static str {
        match self {
            Self::Renamed => "renamed",
            Self::Unknown => "unknown",
            Self::Missing => "missing",
            Self::Answer => "answer",
            Self::Wrong => "wrong",
        }
    }

    /// What it means.
    fn why(self) -> &'static str {
        match self {
            Self::Renamed => "The document has another name for the code.",
            Self::Unknown => "The source has a number that the document does not list.",
            Self::Missing => "The document lists a code that the source does not have.",
            Self::Answer => "The source says to connect again, or not to, and the document says otherwise.",
            Self::Wrong => "The name belongs to another number.",
        }
    }
}

impl Audit {
    /// The whole as a report. Codes that have another name alone are folded up.
    #[must_use]
    pub fn report(&self, is_verbose: bool) -> Report {
        let sections = self.enums.iter().flat_map(|one| [section(one, false), section(one, true)]);
        let complete = self.enums.iter().filter(|one| one.findings.iter().all(|finding| finding.kind == FindingKind::Renamed));
        let complete: Vec<String> = complete.map(|one| format!("{}: {}", place(one), about(one))).collect();
        let complete = (!complete.is_empty()).then(|| format!("complete: {}", complete.join("; ")));
        let others = self.others.iter().filter(|_| is_verbose);
        let other = |(place, name, rows): &(Span, String, usize)| {
            format!("{}:{}: {} of {}: of no table", place.file.path, place.line(), quoted(name), counted(*rows, "number"))
        };
        Report {
            title: counted(self.files, "source file"),
            summary: self.summary(),
            sections: sections.filter(|section| !section.rows.is_empty()).collect(),
            closing: complete.into_iter().chain(others.map(other)).collect(),
        }
    }

    /// "3 enums: 6 codes missing, 0 wrong".
    fn summary(&self) -> String {
        let count = |kinds: &[FindingKind]| {
            let findings = self.enums.iter().flat_map(|one| &one.findings);
            findings.filter(|finding| kinds.contains(&finding.kind)).count()
        };
        let [missing, unknown] = [FindingKind::Missing, FindingKind::Unknown].map(|kind| count(&[kind]));
        let wrong = count(&[FindingKind::Wrong, FindingKind::Answer]);
        let unknown = if unknown > 0 { format!(", {unknown} unknown") } else { String::new() };
        match self.enums.len() {
            0 => "no enum, constants or look-up of a table that is known".to_owned(),
            enums => format!("{}: {} missing, {wrong} wrong{unknown}", counted(enums, "enum"), counted(missing, "code")),
        }
    }

    /// The whole for programs.
    #[must_use]
    pub fn json(&self) -> AuditJson {
        AuditJson { version: 1, files: self.files, enums: self.enums.iter().map(EnumJson::new).collect() }
    }
}

fn quoted(name: &str) -> String {
    if name.is_empty() { "a group".to_owned() } else { format!("`{}`", visible(name)) }
}

/// The findings about one enum: those that matter, or those that do not.
fn section(one: &Enum, is_folded: bool) -> Section {
    let about = about(one);
    let mut findings: Vec<&Finding> =
        one.findings.iter().filter(|finding| (finding.kind == FindingKind::Renamed) == is_folded).collect();
    findings.sort_by_key(|finding| (std::cmp::Reverse(finding.kind), finding.number));
    let rows = findings.into_iter().map(|finding| row(finding, &about)).collect();
    Section { title: place(one), is_folded, rows }
}

/// Where an enum is.
fn place(one: &Enum) -> String {
    format!("{}:{}", one.place.file.path, one.place.line())
}

/// What an enum is: "`CloseCode` is Voice Close Event Codes of discord/v10 (12 of 16)".
fn about(one: &Enum) -> String {
    format!("{} is {} of {} ({} of {})", quoted(&one.name), one.title, edition(&one.table), one.has, one.of)
}

/// "discord/v10" of "discord/v10/voice-close-codes".
fn edition(table: &str) -> &str {
    table.rsplit_once('/').map_or(table, |(edition, _)| edition)
}

fn row(finding: &Finding, group: &str) -> Row {
    let Finding { kind, number, name, says, paste, place } = finding;
    let (value, aside) = match paste {
        Some(line) if says.is_empty() => (line.clone(), name.clone()),
        Some(line) => (line.clone(), format!("{name}: {says}")),
        None => (format!("{}: {says}", quoted(name)), String::new()),
    };
    Row {
        group: group.to_owned(),
        kind: kind.word(),
        why: kind.why(),
        bump: (*kind <= FindingKind::Unknown).then_some(Bump::None),
        subject: number.to_string(),
        values: [None, Some(value)],
        asides: Some(aside).filter(|aside| !aside.is_empty()).into_iter().collect(),
        places: [None, Some(place.clone())],
        ..Row::default()
    }
}

/// The output of `audit --format json`.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "audit", inline)]
pub struct AuditJson {
    /// The version of this format.
    version: u32,
    /// How many source files were read.
    files: usize,
    /// The enums, blocks of constants, objects and look-ups that are of a table.
    enums: Vec<EnumJson>,
}

/// An enum that is of a table.
#[derive(Debug, Serialize, JsonSchema)]
struct EnumJson {
    /// Its name, or what its members start with. Empty where it has neither.
    name: String,
    /// The file.
    file: String,
    /// The line of its first member, from 1.
    line: usize,
    /// The table that it is of.
    table: String,
    /// How many documented codes it has.
    has: usize,
    /// How many there are.
    of: usize,
    /// The part of its members, among the numbers of the table, that has both number and name of it.
    sure: f32,
    /// What differs.
    findings: Vec<FindingJson>,
}

/// What differs in one code.
#[derive(Debug, Serialize, JsonSchema)]
struct FindingJson {
    /// `missing`, `wrong`, `answer`, `unknown` or `renamed`.
    kind: &'static str,
    /// The number.
    value: u32,
    /// The name in the source; of a missing code, the documented one.
    name: String,
    /// What is documented instead, or else to be said.
    #[serde(skip_serializing_if = "String::is_empty")]
    says: String,
    /// A missing code as a line that can be pasted.
    #[serde(skip_serializing_if = "Option::is_none")]
    paste: Option<String>,
    /// The file.
    file: String,
    /// The line, from 1; of a missing code, that of the number before it.
    line: usize,
    /// The table.
    table: String,
}

impl EnumJson {
    fn new(one: &Enum) -> Self {
        let finding = |finding: &Finding| FindingJson {
            kind: finding.kind.word(),
            value: finding.number,
            name: finding.name.clone(),
            says: finding.says.clone(),
            paste: finding.paste.clone(),
            file: finding.place.file.path.clone(),
            line: finding.place.line(),
            table: one.table.clone(),
        };
        Self {
            name: one.name.clone(),
            file: one.place.file.path.clone(),
            line: one.place.line(),
            table: one.table.clone(),
            has: one.has,
            of: one.of,
            sure: one.sure,
            findings: one.findings.iter().map(finding).collect(),
        }
    }
}
