//! Which way an opcode travels, and how its payload is encoded.

use core::fmt;

/// Which way a message travels, seen from the client.
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
    /// A JSON text.
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
