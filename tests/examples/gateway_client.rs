//! A client of a chat gateway that keeps its session alive, and has no table of codes of its own.
//!
//! Whatever ends a connection, the crate `wirecodes` says what to do next: resume, start a new session, or stop. Run it with
//! `cargo run --package wirecodes-tests --example gateway_client -- ws://127.0.0.1:8080 TOKEN`.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::time::{Instant, Interval};
use tokio_tungstenite::tungstenite::Message;
use wirecodes::discord::v10::{GatewayCloseCode, GatewayOpcode, VoiceCloseCode, VoiceOpcode, reconnect_after};
use wirecodes::{Policy, Reconnect, Wait};
/// The opcodes that a client of either gateway has to know, and whom to ask when a connection ended.
#[derive(Clone, Copy)]
pub struct Protocol {
    /// The server greets.
    pub hello: u8,
    /// The client opens a session.
    pub identify: u8,
    /// The server accepts it.
    pub ready: u8,
    /// The client goes on with a session.
    pub resume: u8,
    /// The client is alive.
    pub heartbeat: u8,
    /// What to do when the connection was closed.
    pub reconnect_for: fn(Option<u16>) -> Policy,
    /// What to do after an opcode that ends the session.
    pub reconnect_after: fn(u8, bool) -> Option<Policy>,
}

/// The gateway.
pub const GATEWAY: Protocol = Protocol {
    hello: GatewayOpcode::Hello.code(),
    identify: GatewayOpcode::Identify.code(),
    ready: GatewayOpcode::Dispatch.code(),
    resume: GatewayOpcode::Resume.code(),
    heartbeat: GatewayOpcode::Heartbeat.code(),
    reconnect_for: GatewayCloseCode::reconnect_for,
    reconnect_after: |opcode, resumable| reconnect_after(GatewayOpcode::from_code(opcode)?, resumable),
};

/// The voice gateway.
pub const VOICE: Protocol = Protocol {
    hello: VoiceOpcode::Hello.code(),
    identify: VoiceOpcode::Identify.code(),
    ready: VoiceOpcode::Ready.code(),
    resume: VoiceOpcode::Resume.code(),
    heartbeat: VoiceOpcode::Heartbeat.code(),
    reconnect_for: VoiceCloseCode::reconnect_for,
    reconnect_after: |_, _| None,
};

/// A session that can be resumed.
struct Session {
    id: String,
    sequence: u64,
}

/// Connects again and again, until a policy says to stop. Returns that policy. `pause` waits before a further attempt.
pub async fn run(protocol: Protocol, url: &str, token: &str, mut pause: impl AsyncFnMut(Duration)) -> Policy {
    let mut session: Option<Session> = None;
    let mut attempt = 0;
    loop {
        let policy = connect(protocol, url, token, &mut session, &mut attempt).await;
        println!("connection ended: {policy}");
        match policy.action {
            Reconnect::Resume => {}
            Reconnect::NewSession => session = None,
            _ => return policy,
        }
        // The first attempt may come at once; when it fails as well, wait.
        if policy.wait == Wait::Backoff || attempt > 0 {
            pause(Duration::from_secs(1 << attempt.min(6))).await;
        }
        attempt += 1;
    }
}

/// One connection, from its opening to its end. Returns what to do next.
async fn connect(protocol: Protocol, url: &str, token: &str, session: &mut Option<Session>, attempt: &mut u32) -> Policy {
    let dropped = (protocol.reconnect_for)(None);
    let Ok((mut socket, _)) = tokio_tungstenite::connect_async(url).await else { return dropped };
    let mut heartbeat = every(Duration::MAX);
    loop {
        let message = tokio::select! {
            message = socket.next() => message,
            _ = heartbeat.tick() => {
                let sequence = session.as_ref().map(|session| session.sequence);
                let beat = json!({ "op": protocol.heartbeat, "d": sequence });
                if socket.send(Message::text(beat.to_string())).await.is_err() {
                    return dropped;
                }
                continue;
            }
        };
        let text = match message {
            Some(Ok(Message::Close(frame))) => return (protocol.reconnect_for)(frame.map(|frame| frame.code.into())),
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(_)) => continue,
            Some(Err(_)) | None => return dropped,
        };
        let Ok(payload) = serde_json::from_str::<Value>(&text) else { continue };
        let opcode = payload["op"].as_u64().and_then(|opcode| u8::try_from(opcode).ok());
        if let (Some(session), Some(sequence)) = (session.as_mut(), payload["s"].as_u64()) {
            session.sequence = sequence;
        }
        if opcode == Some(protocol.hello) {
            let interval = payload["d"]["heartbeat_interval"].as_u64().unwrap_or(41_250);
            heartbeat = every(Duration::from_millis(interval));
            let hello = match session {
                Some(session) => {
                    json!({ "op": protocol.resume, "d": { "token": token, "session_id": session.id, "seq": session.sequence } })
                }
                None => json!({ "op": protocol.identify, "d": { "token": token } }),
            };
            if socket.send(Message::text(hello.to_string())).await.is_err() {
                return dropped;
            }
        } else if let Some(policy) = opcode.and_then(|opcode| (protocol.reconnect_after)(opcode, payload["d"] == true)) {
            // Close without a code: 1000 and 1001 would end the session, which may still be resumed.
            let _ = socket.close(None).await;
            return policy;
        } else {
            *attempt = 0;
            if let (true, Some(id)) = (opcode == Some(protocol.ready), payload["d"]["session_id"].as_str()) {
                *session = Some(Session { id: id.to_owned(), sequence: payload["s"].as_u64().unwrap_or(0) });
            }
        }
    }
}

/// A timer whose first tick is a period away.
fn every(period: Duration) -> Interval {
    let period = period.min(Duration::from_hours(24));
    tokio::time::interval_at(Instant::now() + period, period)
}

#[tokio::main(flavor = "current_thread")]
#[allow(dead_code, reason = "the tests use the client without its command line")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(token)) = (arguments.next(), arguments.next()) else {
        return eprintln!("usage: gateway_client URL TOKEN");
    };
    let policy = run(GATEWAY, &url, &token, tokio::time::sleep).await;
    println!("staying away: {}", policy.reason);
}
