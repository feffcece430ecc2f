//! How much a client may do on a connection, each limit with where it is known from.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::text::Text;

/// The limits of a connection: `[limits]` of a table of close codes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Limits {
    /// How many new sessions a client may start in 24 hours.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifies_per_day: Option<Limit>,
    /// The shortest time between two new sessions, in seconds; 5 if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identify_every: Option<Limit>,
    /// How many messages a client may send in 60 seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commands_per_minute: Option<Limit>,
    /// How many resumes in a row may fail before a new session follows; 3 if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumes_before_new: Option<Limit>,
}

/// One limit. It has a document, or else a reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Limit {
    /// The number.
    pub value: u32,
    /// The title of the document that sets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub document: Option<Text>,
    /// Where the document is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Text>,
    /// Why this number, in our own words. Needed where no document sets it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Text>,
}

impl Limits {
    /// The shortest time between two new sessions where a table gives none, in seconds.
    pub const IDENTIFY_EVERY: u32 = 5;

    /// The number of failed resumes where a table gives none.
    pub const RESUMES_BEFORE_NEW: u32 = 3;

    /// The limits by their keys.
    pub fn by_key(&self) -> impl Iterator<Item = (&'static str, &Limit)> {
        let Self { identifies_per_day, identify_every, commands_per_minute, resumes_before_new } = self;
        let all = [
            ("identifies_per_day", identifies_per_day),
            ("identify_every", identify_every),
            ("commands_per_minute", commands_per_minute),
            ("resumes_before_new", resumes_before_new),
        ];
        all.into_iter().filter_map(|(key, limit)| Some((key, limit.as_ref()?)))
    }

    /// The shortest time between two new sessions, in seconds.
    #[must_use]
    pub fn seconds_between_sessions(&self) -> u32 {
        self.identify_every.as_ref().map_or(Self::IDENTIFY_EVERY, |limit| limit.value)
    }
}
