//! What tables of opcodes have in common.

use core::fmt;

use super::code::Code;
use super::policy::Policy;

/// A table of opcodes: what a message is.
pub trait Opcode: Code {
    /// Who sends the message, where the document says so.
    fn direction(self) -> Option<Direction>;

    /// How the payload is encoded, where the document says so.
    fn format(self) -> Option<Format>;

    /// Whether the document says that the client sends it.
    fn is_sent(self) -> bool;

    /// Whether the document says that the client receives it.
    fn is_received(self) -> bool;

    /// What to do on receiving an opcode that ends the connection or the session. `None` for all other opcodes.
    ///
    /// `resumable` is what the message says of the session. Pass `true` if it does not say.
    fn policy(self, resumable: bool) -> Option<&'static Policy>;
}

/// Who sends a message, from the client's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Direction {
    /// The client sends it.
    Send,
    /// The client receives it.
    Receive,
    /// The client sends and receives it.
    Both,
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Send => "send",
            Self::Receive => "receive",
            Self::Both => "send and receive",
        })
    }
}

/// How the payload of a message is encoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Format {
    /// JSON text.
    Json,
    /// Bytes in a binary frame.
    Binary,
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Json => "JSON",
            Self::Binary => "binary",
        })
    }
}

/// What a table keeps of an opcode.
#[derive(Clone, Copy)]
pub(crate) struct OpcodeFacts {
    pub(crate) direction: Option<Direction>,
    pub(crate) format: Option<Format>,
    /// What to do after it, where it ends the connection or the session, and the session can be resumed or the message does
    /// not say.
    pub(crate) resumable: Option<&'static Policy>,
    /// The same where the message says that it cannot be resumed.
    pub(crate) lost: Option<&'static Policy>,
}

/// Implements what tables of opcodes share.
macro_rules! opcode {
    ($Enum:ident) => {
        impl $Enum {
            /// Who sends the message, where the document says so.
            #[must_use]
            #[inline]
            pub const fn direction(self) -> ::core::option::Option<runtime::Direction> {
                row(self).effect.direction
            }

            /// How the payload is encoded, where the document says so.
            #[must_use]
            #[inline]
            pub const fn format(self) -> ::core::option::Option<runtime::Format> {
                row(self).effect.format
            }

            /// Whether the document says that the client sends it.
            #[must_use]
            #[inline]
            pub const fn is_sent(self) -> bool {
                matches!(self.direction(), Some(runtime::Direction::Send | runtime::Direction::Both))
            }

            /// Whether the document says that the client receives it.
            #[must_use]
            #[inline]
            pub const fn is_received(self) -> bool {
                matches!(self.direction(), Some(runtime::Direction::Receive | runtime::Direction::Both))
            }

            /// What to do on receiving an opcode that ends the connection or the session. `None` for all other opcodes.
            ///
            /// `resumable` is what the message says of the session. Pass `true` if it does not say.
            #[must_use]
            #[inline]
            pub const fn policy(self, resumable: bool) -> ::core::option::Option<&'static runtime::Policy> {
                if resumable {
                    row(self).effect.resumable
                } else {
                    row(self).effect.lost
                }
            }
        }

        impl runtime::Opcode for $Enum {
            runtime::forward! {
                direction(self) -> ::core::option::Option<runtime::Direction>;
                format(self) -> ::core::option::Option<runtime::Format>;
                is_sent(self) -> bool;
                is_received(self) -> bool;
                policy(self, resumable: bool) -> ::core::option::Option<&'static runtime::Policy>;
            }
        }
    };
}

pub(crate) use opcode;
