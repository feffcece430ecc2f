//! A gateway on the loopback interface that tests how clients reconnect: it ends connections in every way that a table lists,
//! watches what the client does then, and says whether that is what the table answers.
//!
//! The tests of the generated crate use the same gateway, with a clock that they set.

include!(concat!(env!("OUT_DIR"), "/connections.rs"));

mod connection;
pub mod endings;
pub mod judge;
pub mod loopback;
pub mod messages;
pub mod play;
pub mod report;
pub mod time;
