//! What all tables share: the types and traits that the crate exports, and the parts that every table's enum is built from.

mod budget;
mod close_code;
mod code;
mod decide;
mod fleet;
mod group;
mod limits;
mod macros;
mod moves;
mod names;
mod opcode;
mod plan;
mod policy;
mod reconnector;
mod response;
mod row;
mod saved;
mod wire;
pub(crate) mod words;

pub use close_code::CloseCode;
pub use code::{Code, Number, UnknownCode, UnknownName};
pub use fleet::{Fleet, Turn};
pub use group::{Fault, Group, Retry};
pub use limits::{Limits, NewSessionBy};
pub use opcode::{Direction, Format, Opcode};
pub use plan::{Ending, Failure, Instead, Plan, Stage, Url, Why};
pub use policy::{Action, Basis, Cause, Level, Policy, Unless, Wait};
pub use reconnector::{End, Reconnector};
pub use response::{CodeRange, ResponseCode};
pub use saved::Saved;
pub use wire::Wire;

pub(crate) use close_code::{close_code, Answers, PolicyRange};
pub(crate) use code::sealed;
pub(crate) use macros::{code, lookup, methods};
pub(crate) use names::find_name;
pub(crate) use opcode::{opcode, OpcodeFacts};
pub(crate) use response::{range_of, response_code, Response};
pub(crate) use row::{Row, Status};
