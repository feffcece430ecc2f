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
    /// How long a connection may take to open, in seconds; 10 if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upgrade: Option<Limit>,
    /// How long the server may take to greet after that, in seconds; 30 if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hello: Option<Limit>,
    /// How long the server may take to accept a new session, in seconds; 30 if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ready: Option<Limit>,
    /// How long the server may take to accept a resumed session, in seconds; 60 if it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resumed: Option<Limit>,
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
    /// The keys of times, each with its seconds where a table gives none.
    pub const TIMES: [(&'static str, u32); 5] =
        [("identify_every", 5), ("upgrade", 10), ("hello", 30), ("ready", 30), ("resumed", 60)];

    /// The number of failed resumes where a table gives none.
    pub const RESUMES_BEFORE_NEW: u32 = 3;

    /// The limits by their keys.
    pub fn by_key(&self) -> impl Iterator<Item = (&'static str, &Limit)> {
        let Self { identifies_per_day, identify_every, commands_per_minute, resumes_before_new, upgrade, hello, ready, resumed } =
            self;
        let all = [
            ("identifies_per_day", identifies_per_day),
            ("identify_every", identify_every),
            ("commands_per_minute", commands_per_minute),
            ("resumes_before_new", resumes_before_new),
            ("upgrade", upgrade),
            ("hello", hello),
            ("ready", ready),
            ("resumed", resumed),
        ];
        all.into_iter().filter_map(|(key, limit)| Some((key, limit.as_ref()?)))
    }

    /// The shortest time between two new sessions, in seconds.
    #[must_use]
    pub fn seconds_between_sessions(&self) -> u32 {
        self.times()[0].1
    }

    /// Each of the times with its key, in seconds.
    #[must_use]
    pub fn times(&self) -> [(&'static str, u32); 5] {
        Self::TIMES.map(|(key, usual)| {
            let own = self.by_key().find(|(own, _)| *own == key);
            (key, own.map_or(usual, |(_, limit)| limit.value))
        })
    }
}
