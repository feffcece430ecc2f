//! What tables of status codes and error codes have in common.

use super::code::Code;
use super::group::{Fault, Group, Retry};

/// A table of status codes or error codes: how a request ended.
///
/// The methods that take a number also ask the ranges. They give `None` where the table has neither a code nor a range for it: what
/// a number means that is newer than the table, and whether to send again after it, is the caller's decision.
pub trait ResponseCode: Code {
    /// Whether a client may send the same request again.
    ///
    /// [`Retry::No`] where no document and no decision of this crate says so: a wait is not known to change the answer.
    fn retry(self) -> Retry;

    /// The kind of the answer, such as not found, where this crate has decided on one.
    fn group(self) -> Option<Group>;

    /// Who can do something about it. `None` where it is no failure, or this crate has not decided.
    fn fault(self) -> Option<Fault>;

    /// Who does what about it, in a sentence, where something can be done.
    fn fix(self) -> Option<&'static str>;

    /// How many there may be, of a code that says that there are as many.
    fn limit(self) -> Option<u32>;

    /// The HTTP status that comes with the code, where a document says so.
    fn http(self) -> Option<u16>;

    /// The documented range that has this number, such as 500 to 599.
    ///
    /// A range is not a code: its numbers have no variant unless they also have a row of their own.
    fn range_of(number: Self::Number) -> Option<&'static CodeRange>;

    /// Whether a client may send the same request again after the answer with this number.
    fn retry_for(number: Self::Number) -> Option<Retry>;

    /// The kind of the answer with this number.
    fn group_for(number: Self::Number) -> Option<Group>;

    /// Who can do something about the answer with this number.
    fn fault_for(number: Self::Number) -> Option<Fault>;
}

/// A documented range of numbers that share a meaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct CodeRange {
    /// The first number.
    pub first: u32,
    /// The last number.
    pub last: u32,
    /// The documented name, without markup.
    pub name: &'static str,
    /// What the numbers mean, in a sentence. Where the name says it all, it is the name.
    pub summary: &'static str,
    /// Who does what about it, in a sentence, where something can be done.
    pub fix: Option<&'static str>,
    /// Whether a client may send the same request again.
    pub retry: Retry,
    /// The kind of the answer, where this crate has decided on one.
    pub group: Option<Group>,
    /// Who can do something about it.
    pub fault: Option<Fault>,
}

/// What follows from a status code or an error code.
#[derive(Clone, Copy)]
pub(crate) struct Response {
    pub(crate) retry: Retry,
    pub(crate) fix: Option<&'static str>,
    pub(crate) group: Option<Group>,
    pub(crate) fault: Option<Fault>,
    pub(crate) http: Option<u16>,
    pub(crate) limit: Option<u32>,
}

/// The range that has this number.
pub(crate) const fn range_of(ranges: &'static [CodeRange], number: u32) -> Option<&'static CodeRange> {
    let mut at = 0;
    while at < ranges.len() {
        let range = &ranges[at];
        if range.first <= number && number <= range.last {
            return Some(range);
        }
        at += 1;
    }
    None
}

/// Implements what tables of status codes and error codes share.
macro_rules! response_code {
    ($Enum:ident, $Number:ty) => {
        runtime::methods! { $Enum: runtime::ResponseCode {}
            /// Whether a client may send the same request again.
            ///
            /// [`Retry::No`](runtime::Retry::No) where no document and no decision of this crate says so: a wait is not known to
            /// change the answer.
            fn retry(self) -> runtime::Retry { row(self).effect.retry }

            /// The kind of the answer, such as not found, where this crate has decided on one.
            fn group(self) -> ::core::option::Option<runtime::Group> { row(self).effect.group }

            /// Who can do something about it. `None` where it is no failure, or this crate has not decided.
            fn fault(self) -> ::core::option::Option<runtime::Fault> { row(self).effect.fault }

            /// Who does what about it, in a sentence, where something can be done.
            fn fix(self) -> ::core::option::Option<&'static str> { row(self).effect.fix }

            /// How many there may be, of a code that says that there are as many.
            fn limit(self) -> ::core::option::Option<u32> { row(self).effect.limit }

            /// The HTTP status that comes with the code, where a document says so.
            fn http(self) -> ::core::option::Option<u16> { row(self).effect.http }

            /// The documented range that has this number, such as 500 to 599.
            ///
            /// A range is not a code: its numbers have no variant unless they also have a row of their own.
            fn range_of()(number: $Number) -> ::core::option::Option<&'static runtime::CodeRange> {
                #[allow(clippy::cast_lossless)]
                runtime::range_of(RANGES, number as u32)
            }

            /// Whether a client may send the same request again after the answer with this number, of a code or a range.
            ///
            /// `None` where the table has neither: the number is newer than the table, and what to do is the caller's decision.
            fn retry_for()(number: $Number) -> ::core::option::Option<runtime::Retry> {
                match (Self::from_code(number), Self::range_of(number)) {
                    (Some(code), _) => Some(code.retry()),
                    (None, Some(range)) => Some(range.retry),
                    (None, None) => None,
                }
            }

            /// The kind of the answer with this number, of a code or a range. `None` where the table has neither.
            fn group_for()(number: $Number) -> ::core::option::Option<runtime::Group> {
                match (Self::from_code(number), Self::range_of(number)) {
                    (Some(code), _) => code.group(),
                    (None, Some(range)) => range.group,
                    (None, None) => None,
                }
            }

            /// Who can do something about the answer with this number, of a code or a range. `None` where the table has neither.
            fn fault_for()(number: $Number) -> ::core::option::Option<runtime::Fault> {
                match (Self::from_code(number), Self::range_of(number)) {
                    (Some(code), _) => code.fault(),
                    (None, Some(range)) => range.fault,
                    (None, None) => None,
                }
            }
        }
    };
}

pub(crate) use response_code;
