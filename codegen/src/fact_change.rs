//! What differs between two documents about one code: what import writes, and what a comparison of versions reports.

use schemars::JsonSchema;
use serde::Serialize;

use crate::date::Date;
use crate::facts::{Action, Direction, Facts, Fingerprint, Format, Number, Status};
use crate::text::{Text, normalized_name};

/// One difference, with both values.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(tag = "fact", rename_all = "kebab-case")]
#[allow(missing_docs, reason = "each variant has the value before and the value after")]
pub enum FactChange {
    /// The number, or the bounds of the range.
    Number { old: Number, new: Number },
    /// The name says something else.
    Name { old: Text, new: Text },
    /// The name differs in case, punctuation or markup only.
    Style { old: Text, new: Text },
    /// Whether the document still lists the code.
    Status { old: Status, new: Status },
    /// Who sends the message.
    Direction { old: Option<Direction>, new: Option<Direction> },
    /// How the payload is encoded.
    Format { old: Option<Format>, new: Option<Format> },
    /// The column on whether to reconnect.
    Reconnect { old: Option<bool>, new: Option<bool> },
    /// The column on whether the session can be resumed.
    Resume { old: Option<bool>, new: Option<bool> },
    /// What the sentence says to do.
    Advice { old: Option<Action>, new: Option<Action> },
    /// When the document first listed the code.
    Since { old: Option<Date>, new: Option<Date> },
    /// When the document last listed the code.
    Until { old: Option<Date>, new: Option<Date> },
    /// The wording of the sentence.
    Text { old: Option<Fingerprint>, new: Option<Fingerprint> },
}

impl FactChange {
    /// Every difference between what two documents say, in the order of the keys of a table.
    #[must_use]
    pub fn between(old: &Facts, new: &Facts) -> Vec<Self> {
        // Without `..`: a new fact that is not compared does not compile.
        let Facts { number, name, status, direction, format, reconnect, resume, advice, since, until, text } = new;
        let name_change = || {
            let (old, new) = (old.name.clone(), name.clone());
            let same = normalized_name(&old) == normalized_name(&new);
            if same { Self::Style { old, new } } else { Self::Name { old, new } }
        };
        let changes = [
            (old.number != *number).then_some(Self::Number { old: old.number, new: *number }),
            (old.name != *name).then(name_change),
            (old.status != *status).then_some(Self::Status { old: old.status, new: *status }),
            (old.direction != *direction).then_some(Self::Direction { old: old.direction, new: *direction }),
            (old.format != *format).then_some(Self::Format { old: old.format, new: *format }),
            (old.reconnect != *reconnect).then_some(Self::Reconnect { old: old.reconnect, new: *reconnect }),
            (old.resume != *resume).then_some(Self::Resume { old: old.resume, new: *resume }),
            (old.advice != *advice).then_some(Self::Advice { old: old.advice, new: *advice }),
            (old.since != *since).then_some(Self::Since { old: old.since, new: *since }),
            (old.until != *until).then_some(Self::Until { old: old.until, new: *until }),
            (old.text != *text).then(|| Self::Text { old: old.text.clone(), new: text.clone() }),
        ];
        changes.into_iter().flatten().collect()
    }
}
