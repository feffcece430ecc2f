//! The endings that an edition lists, and what its policies say to do.

use std::time::Duration;

use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode as FrameCode;
use wirecodes::{Action, CloseCode, NewSessionBy, Opcode, Policy, Wait};

use crate::loopback::Script;
use crate::messages::Messages;

/// One way in which a connection ends.
#[derive(Clone)]
pub struct Ending {
    /// Its edition, for example `discord/v10`.
    pub edition: &'static str,
    /// What it is called, for example `4014`.
    pub name: String,
    /// What the gateway does.
    pub script: Script,
    /// The messages of the connection.
    pub messages: Messages,
    /// What a client should do.
    pub action: Action,
    /// How long it should wait at least.
    pub earliest: Duration,
    /// Whether that is the distance of two new sessions, which counts from the last one.
    pub is_distance: bool,
    /// How long it may wait, if it waits for the first time.
    pub latest: Duration,
    /// A close code after which a client stops for good.
    pub last: u16,
    /// What becomes of the session after the client has closed with a code.
    pub after_sending: fn(Option<u16>) -> &'static Policy,
}

/// The endings of all connections that can be played: those with sessions that a program opens.
#[must_use]
pub fn endings() -> Vec<Ending> {
    let mut all = Vec::new();
    macro_rules! add {
        ($module:ident, $table:ty, [], $path:literal) => {
            if <$table as CloseCode>::NEW_SESSION_BY == NewSessionBy::MainConnection {
                all.extend(of_connection::<$table>($path, Vec::new()));
            }
        };
        ($module:ident, $table:ty, [$opcodes:ty], $path:literal) => {
            if <$opcodes as wirecodes::Code>::ALL.iter().any(|code| code.name() == "Identify") {
                all.extend(of_connection::<$table>($path, of_opcodes::<$opcodes>()));
            }
        };
    }
    connections!(add);
    all
}

fn of_connection<T: CloseCode>(path: &'static str, opcodes: Vec<(String, Script, &'static Policy)>) -> Vec<Ending> {
    let (Some((edition, _)), Some(last)) = (path.rsplit_once('/'), last_stop::<T>()) else { return Vec::new() };
    let of_codes = |before: &'static str, script: fn(u16) -> Script| {
        let all = codes::<T>().into_iter();
        all.map(move |code| (format!("{before}{code}"), script(code), T::policy_for(Some(code))))
    };
    let named = |name: &str, script, policy| (name.to_owned(), script, policy);
    let others = [
        named("no-code", Script::CleanClose, T::policy_for(None)),
        named("dropped", Script::Drop, T::policy_for(None)),
        named("refused", Script::Unanswered, T::policy_for(None)),
        named("outage", Script::Outage(None), T::policy_for(None)),
        named("outage-503", Script::Outage(Some(503)), T::policy_for(None)),
        named("no-heartbeat-ack", Script::HeartbeatTimeout, T::policy_after_heartbeat_timeout()),
    ];
    let ending = |(name, script, policy): (String, Script, &Policy)| {
        let action = match (policy.action, script) {
            // No session was accepted yet.
            (Action::Resume, Script::Refuse(_) | Script::Unanswered) => Action::NewSession,
            (action, _) => action,
        };
        let must_wait = action == Action::NewSession && (action != policy.action || policy.wait == Wait::None);
        let shortest = if must_wait { T::LIMITS.identify_every } else { Duration::ZERO };
        let earliest = policy.wait.delay(0, 0).max(shortest);
        Ending {
            edition,
            name,
            script,
            messages: Messages::of::<T>(),
            action,
            earliest,
            is_distance: action == Action::NewSession && earliest == T::LIMITS.identify_every,
            latest: policy.wait.delay(0, u32::MAX).max(shortest),
            last,
            after_sending: T::policy_after_sending,
        }
    };
    let refused = of_codes("refused-", Script::Refuse);
    of_codes("", Script::Close).chain(others).chain(opcodes).chain(refused).map(ending).collect()
}

/// The opcodes that end a connection or a session.
fn of_opcodes<O: Opcode>() -> Vec<(String, Script, &'static Policy)> {
    let mut list = Vec::new();
    for code in O::ALL {
        let number: u32 = code.code().into();
        let (resumable, otherwise) = (code.policy(true), code.policy(false));
        if let Some(policy) = resumable {
            list.push((format!("opcode-{number}"), Script::Opcode(number, true), policy));
        }
        if let Some(policy) = otherwise.filter(|_| otherwise != resumable) {
            list.push((format!("opcode-{number}-lost"), Script::Opcode(number, false), policy));
        }
    }
    list
}

/// A code after which a client stops for good, for the end of a test.
#[must_use]
pub fn last_stop<T: CloseCode>() -> Option<u16> {
    let stops = |code: &u16| {
        let policy = T::policy_for(Some(*code));
        policy.action == Action::Stop && policy.unless.is_empty() && FrameCode::from(*code).is_allowed()
    };
    (1000..5000).rev().find(stops)
}

/// The close codes that may be in a close frame and that the table answers by name, and some that it does not know.
#[must_use]
pub fn codes<T: CloseCode>() -> Vec<u16> {
    let unknown = T::policy_for(Some(4998));
    let named = |code: &u16| FrameCode::from(*code).is_allowed() && T::policy_for(Some(*code)) != unknown;
    (1000..5000).filter(named).chain([2999 + 2, 4998, 4999]).collect()
}
