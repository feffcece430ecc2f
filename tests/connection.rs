//! The policies at work: a gateway on the loopback interface that ends connections in every way, and the client of
//! `examples/gateway_client.rs`, which has no table of its own and asks the generated crate alone.
//!
//! What the client has to do is read from the TOML here, without the generated crate. Nothing sleeps: the client is given a
//! pause that only takes notes.

#[path = "examples/gateway_client.rs"]
mod client;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use client::{GATEWAY, Protocol, VOICE, run};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use wirecodes_tests::root;

/// How the gateway ends a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// With a close code.
    Close(u16),
    /// With a close frame that has no code.
    CleanClose,
    /// By dropping the socket.
    Drop,
    /// With an opcode, whose payload is the flag.
    Opcode(u8, bool),
}

/// What the gateway saw of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Seen {
    Identify,
    Resume { session: String, sequence: u64 },
    Stayed,
}

/// A gateway that ends its first connections as told, and every later one for good.
async fn serve(listener: TcpListener, protocol: Protocol, endings: Vec<Ending>, last: u16, seen: Arc<Mutex<Vec<Seen>>>) {
    for (index, ending) in endings.into_iter().chain(std::iter::repeat(Ending::Close(last))).enumerate() {
        let Ok((stream, _)) = listener.accept().await else { return };
        let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else { return };
        let mut send = async |payload: Value| socket.send(Message::text(payload.to_string())).await.is_ok();
        send(json!({ "op": protocol.hello, "d": { "heartbeat_interval": 3_600_000 } })).await;
        let answer = loop {
            let Some(Ok(Message::Text(text))) = socket.next().await else { return };
            let payload: Value = serde_json::from_str(&text).expect("the client sends JSON");
            if payload["op"] != protocol.heartbeat {
                break payload;
            }
        };
        let mut send = async |payload: Value| socket.send(Message::text(payload.to_string())).await.is_ok();
        if answer["op"] == protocol.identify {
            seen.lock().unwrap().push(Seen::Identify);
            send(json!({ "op": protocol.ready, "s": 1, "t": "READY", "d": { "session_id": format!("session-{index}") } })).await;
        } else {
            assert_eq!(answer["op"], protocol.resume);
            let session = answer["d"]["session_id"].as_str().expect("a session to resume").to_owned();
            let sequence = answer["d"]["seq"].as_u64().expect("a sequence to resume from");
            seen.lock().unwrap().push(Seen::Resume { session, sequence });
            send(json!({ "op": protocol.ready, "s": sequence + 1, "t": "RESUMED", "d": {} })).await;
        }
        send(json!({ "op": protocol.ready, "s": 40 + index, "t": "EVENT", "d": {} })).await;
        match ending {
            Ending::Close(code) => {
                let frame = CloseFrame { code: CloseCode::from(code), reason: "".into() };
                let _ = socket.close(Some(frame)).await;
                while socket.next().await.is_some_and(|message| message.is_ok()) {}
            }
            Ending::CleanClose => {
                let _ = socket.close(None).await;
                while socket.next().await.is_some_and(|message| message.is_ok()) {}
            }
            Ending::Drop => drop(socket),
            Ending::Opcode(opcode, flag) => {
                let _ = socket.send(Message::text(json!({ "op": opcode, "d": flag }).to_string())).await;
                while socket.next().await.is_some_and(|message| message.is_ok()) {}
            }
        }
    }
}

/// What a client did after one ending: what the gateway saw next, and whether the client waited before.
async fn after(protocol: Protocol, ending: Ending, last: u16) -> (Seen, bool) {
    let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a port on the loopback interface");
    let url = format!("ws://{}", listener.local_addr().expect("an address"));
    let seen = Arc::new(Mutex::new(Vec::new()));
    let gateway = tokio::spawn(serve(listener, protocol, vec![ending], last, Arc::clone(&seen)));
    let mut pauses: Vec<Duration> = Vec::new();
    let ended = run(protocol, &url, "token", async |pause| pauses.push(pause));
    let policy = tokio::time::timeout(Duration::from_secs(20), ended).await.expect("the client ends");
    assert!(!policy.action.can_reconnect());
    gateway.abort();
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen[0], Seen::Identify, "{ending:?}");
    (seen.get(1).cloned().unwrap_or(Seen::Stayed), !pauses.is_empty())
}

/// A table of close codes, read without the generator.
struct Policies {
    table: toml::Table,
    extended: toml::Table,
}

impl Policies {
    fn read(path: &str) -> Self {
        let read = |path: &str| -> toml::Table {
            let text = std::fs::read_to_string(root().join("codes").join(format!("{path}.toml"))).expect("a table");
            text.parse().expect("TOML")
        };
        let table = read(path);
        let extended = read(table["reconnect"]["extends"].as_str().expect("the table extends another"));
        Self { table, extended }
    }

    /// The documented codes of a table that may arrive in a close frame.
    fn codes(table: &toml::Table) -> Vec<u16> {
        let rows = table["code"].as_array().expect("rows");
        let codes = rows.iter().map(|row| u16::try_from(row["value"].as_integer().expect("a number")).expect("a close code"));
        codes.filter(|code| CloseCode::from(*code).is_allowed()).collect()
    }

    /// What the client must be seen doing after an ending, and whether it must wait before.
    fn expected(&self, ending: Ending) -> (Seen, bool) {
        let row = |table: &toml::Table, code: u16| {
            let rows = table["code"].as_array().expect("rows").clone();
            rows.into_iter().find(|row| row["value"].as_integer() == Some(code.into())).map(|row| row["policy"].clone())
        };
        let reconnect = &self.table["reconnect"];
        let policy = match ending {
            Ending::Close(code) => {
                row(&self.table, code).or_else(|| row(&self.extended, code)).unwrap_or_else(|| reconnect["unknown"].clone())
            }
            Ending::CleanClose | Ending::Drop => reconnect["absent"].clone(),
            Ending::Opcode(..) => panic!("opcodes have their own test"),
        };
        expectation(&policy)
    }
}

fn expectation(policy: &toml::Value) -> (Seen, bool) {
    let waits = policy.get("wait").and_then(toml::Value::as_str) == Some("backoff");
    match policy["action"].as_str().expect("an action") {
        "resume" => (Seen::Resume { session: "session-0".to_owned(), sequence: 40 }, waits),
        "new-session" => (Seen::Identify, waits),
        _ => (Seen::Stayed, false),
    }
}

async fn every_ending_has_its_answer(protocol: Protocol, path: &str, last: u16, minimum: usize) {
    let policies = Policies::read(path);
    let documented = [Policies::codes(&policies.table), Policies::codes(&policies.extended)].concat();
    let unknown = [3000, 4006, 4042, 4999];
    let endings = documented.iter().chain(&unknown).map(|code| Ending::Close(*code));
    let endings: Vec<Ending> = endings.chain([Ending::CleanClose, Ending::Drop]).collect();
    assert!(endings.len() >= minimum, "only {} endings", endings.len());
    for ending in endings {
        assert_eq!(after(protocol, ending, last).await, policies.expected(ending), "{path}: {ending:?}");
    }
}

#[tokio::test]
async fn the_gateway() {
    every_ending_has_its_answer(GATEWAY, "discord/v10/gateway-close-codes", 4004, 30).await;
}

#[tokio::test]
async fn the_voice_gateway() {
    every_ending_has_its_answer(VOICE, "discord/v10/voice-close-codes", 4021, 30).await;
}

#[tokio::test]
async fn the_opcodes_that_end_a_session() {
    let text = std::fs::read_to_string(root().join("codes/discord/v10/gateway-opcodes.toml")).expect("a table");
    let table: toml::Table = text.parse().expect("TOML");
    let rows = table["code"].as_array().expect("rows");
    for (opcode, flag) in [(7, false), (7, true), (9, false), (9, true)] {
        let row = rows.iter().find(|row| row["value"].as_integer() == Some(opcode.into())).expect("the opcode has a row");
        let policy = row.get("policy_unless_resumable").filter(|_| !flag).unwrap_or(&row["policy"]);
        let did = after(GATEWAY, Ending::Opcode(opcode, flag), 4004).await;
        assert_eq!(did, expectation(policy), "opcode {opcode}, flag {flag}");
    }
    let identified = after(GATEWAY, Ending::Opcode(9, false), 4004).await;
    assert_eq!(identified, (Seen::Identify, true), "an invalid session starts anew, after a wait");
}

#[tokio::test]
async fn a_disconnected_voice_client_says_what_it_would_wait_for() {
    let policy = (VOICE.reconnect_for)(Some(4014));
    assert_eq!(policy.unless, Some("VOICE_SERVER_UPDATE"));
    assert_eq!(after(VOICE, Ending::Close(4014), 4021).await, (Seen::Stayed, false));
}

#[test]
fn a_client_that_closes_by_itself_may_end_its_session() {
    use wirecodes::Reconnect;
    use wirecodes::discord::v10::GatewayCloseCode;
    for code in 0..=u16::MAX {
        let ends = matches!(code, 1000 | 1001);
        let expected = if ends { Reconnect::NewSession } else { Reconnect::Resume };
        assert_eq!(GatewayCloseCode::reconnect_after_sending(Some(code)).action, expected, "{code}");
    }
    assert_eq!(GatewayCloseCode::reconnect_after_sending(None).action, Reconnect::Resume);
    assert_eq!(GatewayCloseCode::reconnect_for(Some(1000)).action, Reconnect::Resume);
}
