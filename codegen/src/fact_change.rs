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
    Number {
        /// The value before.
        old: Number,
        /// The value now.
        new: Number,
    },
    /// The name says something else.
    Name {
        /// The value before.
        old: Text,
        /// The value now.
        new: Text,
    },
    /// The name differs in case, punctuation or markup only.
    Style {
        /// The value before.
        old: Text,
        /// The value now.
        new: Text,
    },
    /// Whether the document still lists the code.
    Status {
        /// The value before.
        old: Status,
        /// The value now.
        new: Status,
    },
    /// Who sends the message.
    Direction {
        /// The value before.
        old: Option<Direction>,
        /// The value now.
        new: Option<Direction>,
    },
    /// How the payload is encoded.
    Format {
        /// The value before.
        old: Option<Format>,
        /// The value now.
        new: Option<Format>,
    },
    /// The column on whether to reconnect.
    Reconnect {
        /// The value before.
        old: Option<bool>,
        /// The value now.
        new: Option<bool>,
    },
    /// The column on whether the session can be resumed.
    Resume {
        /// The value before.
        old: Option<bool>,
        /// The value now.
        new: Option<bool>,
    },
    /// What the sentence says to do.
    Advice {
        /// The value before.
        old: Option<Action>,
        /// The value now.
        new: Option<Action>,
    },
    /// When the document first listed the code.
    Since {
        /// The value before.
        old: Option<Date>,
        /// The value now.
        new: Option<Date>,
    },
    /// When the document last listed the code.
    Until {
        /// The value before.
        old: Option<Date>,
        /// The value now.
        new: Option<Date>,
    },
    /// The wording of the sentence.
    Text {
        /// The value before.
        old: Option<Fingerprint>,
        /// The value now.
        new: Option<Fingerprint>,
    },
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
