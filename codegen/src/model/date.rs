//! The date of a document or of a fact: a day, or a month where the day is not known.

use std::fmt;

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use toml::value::Datetime;

/// A day, or a month where the day is not known. Dates are ordered by time; a month comes before its days.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: u16,
    month: u8,
    day: Option<u8>,
}

impl Date {
    /// Reads `2026-07-21` or `2026-07`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = |text: &str, count: usize| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next());
        if parts.next().is_some() || !digits(year, 4) || !digits(month, 2) || day.is_some_and(|day| !digits(day, 2)) {
            return None;
        }
        // The days of each month are known to the TOML crate.
        let whole = format!("{year}-{month}-{}", day.unwrap_or("01"));
        whole.parse::<Datetime>().ok()?;
        Some(Self { year: year.parse().ok()?, month: month.parse().ok()?, day: day.map(str::parse).transpose().ok()? })
    }

    /// So many days after 1970-01-01.
    #[must_use]
    pub fn from_days(days: u32) -> Self {
        // Years begin in March here, so that a leap day is the last day of one; an era has 400 years of them.
        let days = days + 719_468;
        let (era, day) = (days / 146_097, days % 146_097);
        let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let small = |number: u32| u8::try_from(number).unwrap_or(u8::MAX);
        let (year, month_of_year) = (era * 400 + year + u32::from(month >= 10), if month < 10 { month + 3 } else { month - 9 });
        let year = u16::try_from(year).unwrap_or(u16::MAX);
        Self { year, month: small(month_of_year), day: Some(small(day - (153 * month + 2) / 5 + 1)) }
    }

    /// Whether it is certainly before another date: a month is not before its own days.
    #[must_use]
    pub fn is_before(self, other: Self) -> bool {
        let month = (self.year, self.month).cmp(&(other.year, other.month));
        month.is_lt() || month.is_eq() && self.day.zip(other.day).is_some_and(|(day, other)| day < other)
    }

    /// Its place on a drawn time axis: days, where each month counts 31.
    #[must_use]
    pub fn on_axis(self) -> u32 {
        u32::from(self.year) * 372 + (u32::from(self.month) - 1) * 31 + u32::from(self.day.unwrap_or(1)) - 1
    }

    /// The date as TOML has it: a date where the day is known, or else a string.
    #[must_use]
    pub fn to_toml(self) -> String {
        if self.day.is_some() { self.to_string() } else { format!("\"{self}\"") }
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)?;
        match self.day {
            Some(day) => write!(f, "-{day:02}"),
            None => Ok(()),
        }
    }
}

impl std::str::FromStr for Date {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or_else(|| "write a day as 2026-07-21, or a month as 2026-07".to_owned())
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Day(Datetime),
            Text(String),
        }
        let text = match Written::deserialize(deserializer)? {
            Written::Day(day) => day.to_string(),
            Written::Text(text) => text,
        };
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl JsonSchema for Date {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Date".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-or-month", "description": "A TOML date, or a month as a string: \"2026-07\"." })
    }
}
