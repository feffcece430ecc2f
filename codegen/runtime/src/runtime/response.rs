//! What tables of status codes and error codes have in common.

use super::code::Code;
use super::group::{Fault, Group};

/// A table of status codes or error codes: how a request ended.
pub trait ResponseCode: Code {
    /// Whether a client may send the same request again after a wait.
    ///
    /// `false` where no document and no decision of this crate says so: a wait is not known to change the answer.
    fn is_retryable(self) -> bool;

    /// The kind of the answer, such as not found, where this crate has decided on one.
    fn group(self) -> Option<Group>;

    /// Who can do something about it. `None` where it is no failure, or this crate has not decided.
    fn fault(self) -> Option<Fault>;

    /// Who does what about it, in a sentence, where something can be done.
    fn fix(self) -> Option<&'static str>;

    /// The documented range that has this number, such as 500 to 599.
    ///
    /// A range is not a code: its numbers have no variant unless they also have a row of their own.
    fn range_of(number: Self::Number) -> Option<&'static CodeRange>;
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
    /// Whether a client may send the same request again after a wait.
    pub is_retryable: bool,
}

/// What follows from a status code or an error code.
#[derive(Clone, Copy)]
pub(crate) struct Response {
    pub(crate) is_retryable: bool,
    pub(crate) fix: Option<&'static str>,
    pub(crate) group: Option<Group>,
    pub(crate) fault: Option<Fault>,
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
        impl $Enum {
            /// Whether a client may send the same request again after a wait.
            ///
            /// `false` where no document and no decision of this crate says so: a wait is not known to change the answer.
            #[must_use]
            #[inline]
            pub const fn is_retryable(self) -> bool {
                row(self).effect.is_retryable
            }

            /// The kind of the answer, such as not found, where this crate has decided on one.
            #[must_use]
            #[inline]
            pub const fn group(self) -> ::core::option::Option<runtime::Group> {
                row(self).effect.group
            }

            /// Who can do something about it. `None` where it is no failure, or this crate has not decided.
            #[must_use]
            #[inline]
            pub const fn fault(self) -> ::core::option::Option<runtime::Fault> {
                row(self).effect.fault
            }

            /// Who does what about it, in a sentence, where something can be done.
            #[must_use]
            #[inline]
            pub const fn fix(self) -> ::core::option::Option<&'static str> {
                row(self).effect.fix
            }

            /// The documented range that has this number, such as 500 to 599.
            ///
            /// A range is not a code: its numbers have no variant unless they also have a row of their own.
            #[must_use]
            #[inline]
            pub const fn range_of(number: $Number) -> ::core::option::Option<&'static runtime::CodeRange> {
                #[allow(clippy::cast_lossless)]
                runtime::range_of(RANGES, number as u32)
            }
        }

        impl runtime::ResponseCode for $Enum {
            runtime::forward! {
                is_retryable(self) -> bool;
                group(self) -> ::core::option::Option<runtime::Group>;
                fault(self) -> ::core::option::Option<runtime::Fault>;
                fix(self) -> ::core::option::Option<&'static str>;
                range_of(number: $Number) -> ::core::option::Option<&'static runtime::CodeRange>;
            }
        }
    };
}

pub(crate) use response_code;
