//! What tables of opcodes have in common.

use super::code::Code;
use super::macros::named;
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

named! {
    /// Who sends a message, from the client's side.
    #[non_exhaustive]
    pub enum Direction {
        /// The client sends it.
        Send = "send",
        /// The client receives it.
        Receive = "receive",
        /// The client sends and receives it.
        Both = "both" shown "send and receive",
    }
}

named! {
    /// How the payload of a message is encoded.
    #[non_exhaustive]
    pub enum Format {
        /// JSON text.
        Json = "json" shown "JSON",
        /// Bytes in a binary frame.
        Binary = "binary",
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
        runtime::methods! { $Enum: runtime::Opcode {}
            /// Who sends the message, where the document says so.
            fn direction(self) -> ::core::option::Option<runtime::Direction> { row(self).effect.direction }

            /// How the payload is encoded, where the document says so.
            fn format(self) -> ::core::option::Option<runtime::Format> { row(self).effect.format }

            /// Whether the document says that the client sends it.
            fn is_sent(self) -> bool {
                matches!(self.direction(), Some(runtime::Direction::Send | runtime::Direction::Both))
            }

            /// Whether the document says that the client receives it.
            fn is_received(self) -> bool {
                matches!(self.direction(), Some(runtime::Direction::Receive | runtime::Direction::Both))
            }

            /// What to do on receiving an opcode that ends the connection or the session. `None` for all other opcodes.
            ///
            /// `resumable` is what the message says of the session. Pass `true` if it does not say.
            fn policy(self)(resumable: bool) -> ::core::option::Option<&'static runtime::Policy> {
                if resumable { row(self).effect.resumable } else { row(self).effect.lost }
            }
        }
    };
}

pub(crate) use opcode;
