//! A line of a table: one code, or a range of codes.

use std::ops::Deref;

use super::{Facts, Ident, Number, Ours, Policy, Retry};
use crate::text::Place;

/// A row.
#[derive(Clone, Debug)]
pub struct Row {
    /// What the document says.
    pub facts: Facts,
    /// What the authors decided, for codes of all kinds.
    pub ours: Ours,
    /// What follows from it. It fits the kind of the table.
    pub effect: Effect,
    /// Where it is.
    pub place: Place,
}

/// What follows from a code, by the kind of its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Nothing: of an opcode that ends nothing, and of a recycled code.
    None,
    /// What to do after an opcode that ends the connection or the session.
    Ending(Ending),
    /// What to do after a close code.
    Close(Policy),
    /// What to do after a status code or an error code.
    Response(Response),
}

/// What to do after an opcode that ends the connection or the session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ending {
    /// When the session can be resumed, or the message does not say.
    pub resumable: Policy,
    /// When the message says that it cannot.
    pub lost: Policy,
}

/// What to do after a status code or an error code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Response {
    /// Whether the request may be sent again.
    pub retry: Retry,
}

impl Effect {
    /// Each policy, and whether it is for a session that can be resumed, where that matters.
    #[must_use]
    pub fn policies(&self) -> Vec<(Option<bool>, &Policy)> {
        match self {
            Self::None | Self::Response(_) => Vec::new(),
            Self::Close(policy) => vec![(None, policy)],
            Self::Ending(Ending { resumable, lost }) if lost == resumable => vec![(None, resumable)],
            Self::Ending(Ending { resumable, lost }) => vec![(Some(true), resumable), (Some(false), lost)],
        }
    }

    /// Whether the request may be sent again: of responses.
    #[must_use]
    pub fn retry(&self) -> Option<Retry> {
        if let Self::Response(response) = self { Some(response.retry) } else { None }
    }
}

impl Row {
    /// The first number.
    #[must_use]
    pub fn first(&self) -> u32 {
        self.facts.number.first()
    }

    /// The last number.
    #[must_use]
    pub fn last(&self) -> u32 {
        self.facts.number.last()
    }

    /// Whether it has this number.
    #[must_use]
    pub fn has(&self, number: u32) -> bool {
        self.first() <= number && number <= self.last()
    }

    /// Whether it is a range, which has no variant.
    #[must_use]
    pub fn is_range(&self) -> bool {
        matches!(self.facts.number, Number::Range(_))
    }

    /// The variant, of a code.
    #[must_use]
    pub fn variant(&self) -> Option<Variant<'_>> {
        match (self.facts.number, &self.ours.ident) {
            (Number::Value(number), Some(ident)) => Some(Variant { number, ident, row: self }),
            _ => None,
        }
    }

    /// The policy, of a close code.
    #[must_use]
    pub fn policy(&self) -> Option<&Policy> {
        if let Effect::Close(policy) = &self.effect { Some(policy) } else { None }
    }

    /// What to do after an opcode that ends the connection or the session.
    #[must_use]
    pub fn ending(&self) -> Option<&Ending> {
        if let Effect::Ending(ending) = &self.effect { Some(ending) } else { None }
    }

    /// What the code means: our summary, or else the documented name.
    #[must_use]
    pub fn meaning(&self) -> &str {
        self.ours.summary.as_ref().unwrap_or(&self.facts.name)
    }

    /// Other and former identifiers.
    pub fn other_idents(&self) -> impl Iterator<Item = &Ident> {
        self.ours.aliases.iter().chain(&self.ours.renamed_from)
    }
}

/// A row of one code, with what names it.
#[derive(Clone, Copy, Debug)]
pub struct Variant<'a> {
    /// The number.
    pub number: u32,
    /// The name of the variant.
    pub ident: &'a Ident,
    /// The row.
    pub row: &'a Row,
}

impl Deref for Variant<'_> {
    type Target = Row;

    fn deref(&self) -> &Row {
        self.row
    }
}
