//! The HTML page of all tables: one file that needs nothing else, not even JavaScript.
//!
//! Takes the model and returns HTML. The template escapes every text; the style sheet and the script are files of the
//! generator and hold nothing of a table.

use std::collections::BTreeSet;

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

use super::class_of;
use super::decision::Decision;
use super::view::{Answer, Entry, SEND_AGAIN, Section};
use crate::model::{Date, Edition, Package, Registry, Source, Status};
use crate::output::MARK;
use crate::text::markdown::spans;
use crate::text::{capitalized, counted, key_word, sentence};

/// The page, as its template prints it.
#[derive(Template)]
#[template(path = "reference.html", escape = "html")]
struct Page<'a> {
    mark: &'static str,
    style: &'static str,
    script: &'static str,
    package: &'a Package,
    editions: &'a [EditionPart<'a>],
    tables: BTreeSet<&'a str>,
    /// The kinds of answers, and whose faults they are.
    groups: BTreeSet<&'a str>,
    faults: BTreeSet<&'a str>,
    codes: usize,
}

/// An edition.
struct EditionPart<'a> {
    path: String,
    is_older: bool,
    tables: Vec<TablePart<'a>>,
}

/// A table with its drawing.
struct TablePart<'a> {
    section: Section<'a>,
    decision: Option<Decision>,
}

/// Renders the page.
pub(super) fn render(registry: &Registry) -> String {
    let editions = registry.current_and_older().into_iter().zip([false, true]);
    let editions: Vec<EditionPart<'_>> = editions
        .flat_map(|(editions, is_older)| editions.into_iter().map(move |edition| part(registry, edition, is_older)))
        .collect();
    let sections = || editions.iter().flat_map(|edition| &edition.tables).map(|table| &table.section);
    let entries = || sections().flat_map(|section| &section.entries);
    let page = Page {
        mark: MARK,
        style: include_str!("../../../templates/reference.css"),
        script: include_str!("../../../templates/reference.js"),
        package: &registry.package,
        tables: registry.tables().map(|table| table.path.file.as_str()).collect(),
        groups: entries().filter_map(|entry| entry.group.as_deref()).collect(),
        faults: entries().filter_map(|entry| entry.fault.as_deref()).collect(),
        codes: sections().map(Section::count).sum(),
        editions: &editions,
    };
    page.render().unwrap_or_default()
}

fn part<'a>(registry: &'a Registry, edition: &'a Edition, is_older: bool) -> EditionPart<'a> {
    let table = |table| TablePart { section: Section::new(registry, table), decision: Decision::new(registry, table, false) };
    EditionPart { path: edition.path(), is_older, tables: edition.tables.iter().map(table).collect() }
}

impl TablePart<'_> {
    /// The pages that it was read from, its own first.
    fn sources(&self) -> impl Iterator<Item = &Source> {
        self.section.table.source.iter().chain(self.section.table.further.iter().map(|(_, source)| source))
    }
}

/// The parts of a text: code, dates, which are not broken at their hyphens, and what is neither.
fn parts(text: &str) -> Vec<(&'static str, &str)> {
    let mut parts = Vec::new();
    for span in spans(text) {
        if span.is_code {
            parts.push(("code", span.text));
            continue;
        }
        let is_in_date = |c: char| c.is_ascii_digit() || c == '-';
        let words = span.text.split_inclusive(|c| !is_in_date(c));
        for word in words {
            let (date, rest) = word.split_at(word.find(|c| !is_in_date(c)).unwrap_or(word.len()));
            parts.extend([(if Date::parse(date).is_some() { "time" } else { "" }, date), ("", rest)]);
        }
    }
    parts
}

/// By which a policy of a page allows its own script or style, and no other.
fn hash(text: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)))
}

impl Answer<'_> {
    /// The class of its action.
    fn class(&self) -> String {
        class_of(self.policy.action)
    }
}

impl Entry<'_> {
    fn is_removed(&self) -> bool {
        self.status == Status::Removed
    }

    fn is_deprecated(&self) -> bool {
        self.status == Status::Deprecated
    }

    /// How many of the compared clients do as the answer says, and which others do what.
    fn agreement(&self) -> Option<(String, Vec<String>)> {
        let (action, votes) = (self.answers.first()?.policy.action, self.clients.as_ref()?);
        let others = votes.clients.iter().filter(|(other, _)| !other.agrees_with(action));
        let others =
            others.map(|(other, clients)| format!("{}: {}", capitalized(&key_word(other).replace('-', " ")), clients.join(", ")));
        Some((format!("{} of {}", votes.agreeing(action), counted(votes.decided(), "client")), others.collect()))
    }
}

/// A file name in words.
fn words(file: &str) -> String {
    file.replace('-', " ")
}
