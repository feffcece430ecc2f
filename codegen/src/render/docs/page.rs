//! The HTML page of all tables: one file that needs nothing else, not even JavaScript.
//!
//! Takes the model and returns HTML. The template escapes every text; the style sheet and the script are files of the
//! generator and hold nothing of a table.

use std::collections::BTreeSet;

use askama::Template;

use super::class_of;
use super::decision::Decision;
use super::matrix::{Cell, Matrix, matrices};
use super::timeline::Timeline;
use super::view::{Answer, Entry, Section};
use crate::model::{Package, Registry, Source, Status};
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
    systems: Vec<SystemPart<'a>>,
    matrices: &'a [Matrix<'a>],
    tables: BTreeSet<&'a str>,
    /// The kinds of answers, and whose faults they are.
    groups: BTreeSet<&'a str>,
    faults: BTreeSet<&'a str>,
    codes: usize,
}

/// A system, its newest edition first.
struct SystemPart<'a> {
    name: &'a str,
    editions: Vec<EditionPart<'a>>,
}

/// An edition.
struct EditionPart<'a> {
    path: String,
    sources: Vec<&'a Source>,
    sections: Vec<TablePart<'a>>,
}

/// A table with its drawings.
struct TablePart<'a> {
    section: &'a Section<'a>,
    decision: Option<Decision>,
    timeline: Option<Timeline>,
}

/// Renders the page.
pub(super) fn render(registry: &Registry) -> String {
    let sections: Vec<Section<'_>> = registry.tables().map(|table| Section::new(registry, table)).collect();
    let part = |section| TablePart {
        section,
        decision: Decision::new(registry, section.table, false),
        timeline: Timeline::new(section.table, false),
    };
    let of_edition = |path: &str| sections.iter().filter(|section| section.table.path.edition_path() == path).map(part).collect();
    let systems = registry.systems.iter().map(|system| {
        let editions = system.editions.iter().rev().map(|edition| {
            let path = edition.path();
            EditionPart { sources: edition.sources(), sections: of_edition(&path), path }
        });
        SystemPart { name: &system.name, editions: editions.collect() }
    });
    let entries = || sections.iter().flat_map(|section| &section.entries);
    let page = Page {
        mark: MARK,
        style: include_str!("../../../templates/reference.css"),
        script: include_str!("../../../templates/reference.js"),
        package: &registry.package,
        systems: systems.collect(),
        matrices: &matrices(&sections),
        tables: registry.tables().map(|table| table.path.file.as_str()).collect(),
        groups: entries().filter_map(|entry| entry.group.as_deref()).collect(),
        faults: entries().filter_map(|entry| entry.fault.as_deref()).collect(),
        codes: sections.iter().map(Section::count).sum(),
    };
    page.render().unwrap_or_default()
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

impl Cell<'_> {
    /// The class and the words of each answer.
    fn answers(&self) -> Vec<(String, String)> {
        let answers = self.entry.iter().flat_map(|entry| &entry.answers);
        answers.map(|answer| (answer.class(), answer.action())).collect()
    }
}

/// A file name in words.
fn words(file: &str) -> String {
    file.replace('-', " ")
}
