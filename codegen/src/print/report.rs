//! A report: a title, a summary, and rows in sections.

use crate::model::Bump;
use crate::text::{Span, visible};

/// What a command has to say.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// What it is about.
    pub title: String,
    /// The whole in one line.
    pub summary: String,
    /// The rows, the most urgent section first.
    pub sections: Vec<Section>,
    /// What is said at the end.
    pub closing: Vec<String>,
}

/// Rows about one thing.
#[derive(Clone, Debug)]
pub struct Section {
    /// What its rows have in common.
    pub title: String,
    /// Whether it matters so little that it is folded up, or only counted.
    pub is_folded: bool,
    /// Its rows. Those of one group follow each other.
    pub rows: Vec<Row>,
}

/// One line of a report.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The table, or what else its neighbours share with it.
    pub group: String,
    /// The name of what happened.
    pub kind: &'static str,
    /// What that means, in a sentence.
    pub why: &'static str,
    /// What it needs of the version; nothing where it needs none.
    pub bump: Option<Bump>,
    /// The number, or what it is about.
    pub subject: String,
    /// The identifier of the code, or its name where it has none.
    pub ident: String,
    /// The value before and now.
    pub values: [Option<String>; 2],
    /// What else is to be said.
    pub asides: Vec<String>,
    /// Why it does not count, if a waiver accepts it.
    pub waived: Option<String>,
    /// The mark by which a waiver knows it.
    pub fingerprint: Option<String>,
    /// The places before and now.
    pub places: [Option<Span>; 2],
}

impl Report {
    /// All rows with the section that they are in.
    pub(super) fn rows(&self) -> impl Iterator<Item = (&Section, &Row)> {
        self.sections.iter().flat_map(|section| section.rows.iter().map(move |row| (section, row)))
    }
}

impl Row {
    /// "old → new", or the one that is there, or what the kind means.
    pub(super) fn what(&self) -> String {
        match &self.values {
            [Some(old), Some(new)] => format!("{old} → {new}"),
            [Some(one), None] | [None, Some(one)] => one.clone(),
            [None, None] => self.why.to_owned(),
        }
    }

    /// What else is to be said, the waiver last.
    pub(super) fn all_asides(&self) -> impl Iterator<Item = String> {
        self.asides.iter().cloned().chain(self.waived.iter().map(|reason| format!("waived: {reason}")))
    }

    /// All of it in one line without colours.
    pub(super) fn message(&self) -> String {
        let subject: Vec<&str> =
            [&self.group, &self.subject, &self.ident].into_iter().map(String::as_str).filter(|part| !part.is_empty()).collect();
        let asides: String = self.all_asides().map(|aside| format!(" ({aside})")).collect();
        visible(&format!("{}: {}: {}{asides}", subject.join(" "), self.kind, self.what()))
    }

    /// How serious it is for tools that show findings, which have different words for what is not.
    pub(super) fn level(&self, harmless: &'static str) -> &'static str {
        match self.bump {
            Some(Bump::Major) => "error",
            Some(Bump::Policy) | None => "warning",
            Some(Bump::Minor | Bump::Patch | Bump::None) => harmless,
        }
    }

    /// Where it is now, or where it was.
    pub(super) fn place(&self) -> Option<&Span> {
        let [old, new] = &self.places;
        new.as_ref().or(old.as_ref())
    }
}
