//! A gateway on the loopback interface that follows the documents: it greets, takes heartbeats, accepts and resumes sessions,
//! counts messages and new sessions, and ends connections as a script says.
//!
//! Its clock is virtual: it moves while a connection is open, and whenever the client waits for its next attempt. Nothing sleeps.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use wirecodes::Stage;

use super::client::{Protocol, Time};

/// Time between two heartbeats.
pub const INTERVAL: Duration = Duration::from_secs(40);

/// Longer than a client waits for any answer.
const SILENCE: Duration = Duration::from_secs(61);

/// A clock that moves only when it is set, and the pauses that the client made.
#[derive(Clone)]
pub struct VirtualTime {
    now: watch::Sender<Duration>,
    pauses: Arc<Mutex<Vec<Duration>>>,
}

impl VirtualTime {
    pub fn new() -> Self {
        Self { now: watch::Sender::new(Duration::from_secs(1)), pauses: Arc::default() }
    }

    pub fn advance(&self, time: Duration) {
        self.now.send_modify(|now| *now += time);
    }

    pub fn pauses(&self) -> Vec<Duration> {
        self.pauses.lock().unwrap().clone()
    }
}

impl Time for VirtualTime {
    fn now(&self) -> Duration {
        *self.now.borrow()
    }

    async fn pause(&self, delay: Duration) {
        self.pauses.lock().unwrap().push(delay);
        self.advance(delay);
    }

    async fn until(&self, moment: Duration) {
        let mut now = self.now.subscribe();
        let _ = now.wait_for(|now| *now >= moment).await;
    }
}

/// What happens on one connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Script {
    /// It is closed with a code, right after an event.
    Close(u16),
    /// It is closed with a code before the session is accepted.
    Refuse(u16),
    /// It is closed without a code.
    CleanClose,
    /// The socket is dropped.
    Drop,
    /// It gets an opcode, whose payload is the flag.
    Opcode(u32, bool),
    /// Heartbeats are no longer acknowledged.
    HeartbeatTimeout,
    /// It lives for so many heartbeats, and then is dropped.
    Live(u32),
    /// The socket is dropped before the session is accepted.
    Unanswered,
    /// An answer does not come.
    Silent(Stage),
    /// It takes so many commands, and then is closed with a code.
    Commands(u32, u16),
}

/// What the gateway saw of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    Identify {
        token: String,
    },
    Resume {
        session: String,
        sequence: u64,
        at_resume_url: bool,
    },
    /// The client closed the connection.
    Closed(Option<u16>),
}

/// The messages of the gateway, without what only a client needs.
#[derive(Clone, Copy)]
pub struct Messages {
    hello: u8,
    identify: u8,
    heartbeat: u8,
    heartbeat_ack: u8,
    ready: (u8, Option<&'static str>),
    resumed: (u8, Option<&'static str>),
    has_events: bool,
}

impl<T> From<Protocol<T>> for Messages {
    fn from(protocol: Protocol<T>) -> Self {
        let Protocol { hello, identify, heartbeat, heartbeat_ack, ready, resumed, dispatch, .. } = protocol;
        Self { hello, identify, heartbeat, heartbeat_ack, ready, resumed, has_events: dispatch.is_some() }
    }
}

/// A running gateway.
pub struct Gateway {
    pub url: String,
    pub seen: Arc<Mutex<Vec<(Duration, Seen)>>>,
    /// Commands that arrived, for a main gateway that answers them.
    pub commands: Arc<Mutex<Vec<Value>>>,
    /// How many connections have ended.
    pub ended: Arc<AtomicUsize>,
    task: tokio::task::JoinHandle<()>,
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Gateway {
    /// Starts a gateway that follows the scripts, one a connection. After the last one it closes with `last`.
    pub async fn start(messages: Messages, time: &VirtualTime, scripts: Vec<Script>, last: u16) -> Self {
        let listener = TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0))).await.expect("a port on the loopback interface");
        let url = format!("ws://{}/", listener.local_addr().expect("an address"));
        let (seen, commands, ended) = (Arc::default(), Arc::default(), Arc::default());
        let state = State {
            messages,
            time: time.clone(),
            url: url.clone(),
            seen: Arc::clone(&seen),
            commands: Arc::clone(&commands),
            connection: 0,
            ended: Arc::clone(&ended),
        };
        let task = tokio::spawn(state.serve(listener, scripts.into(), last));
        Self { url, seen, commands, ended, task }
    }

    /// What it saw, without the times.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().iter().map(|(_, seen)| seen.clone()).collect()
    }
}

struct State {
    messages: Messages,
    time: VirtualTime,
    url: String,
    seen: Arc<Mutex<Vec<(Duration, Seen)>>>,
    commands: Arc<Mutex<Vec<Value>>>,
    connection: usize,
    ended: Arc<AtomicUsize>,
}

type Socket = WebSocketStream<TcpStream>;

async fn send(socket: &mut Socket, payload: Value) {
    let _ = socket.send(Message::text(payload.to_string())).await;
}

impl State {
    async fn serve(mut self, listener: TcpListener, mut scripts: VecDeque<Script>, last: u16) {
        loop {
            let Ok((stream, _)) = listener.accept().await else { return };
            stream.set_nodelay(true).expect("an open socket");
            let script = scripts.pop_front().unwrap_or(Script::Close(last));
            if script == Script::Silent(Stage::Upgrade) {
                self.advance(SILENCE).await;
                // Until the client has dropped it.
                let _ = stream.readable().await;
                continue;
            }
            let mut path = String::new();
            #[allow(clippy::result_large_err, reason = "the type is that of tungstenite")]
            let read_path = |request: &tokio_tungstenite::tungstenite::handshake::server::Request, response| {
                request.uri().path().clone_into(&mut path);
                Ok(response)
            };
            let Ok(mut socket) = tokio_tungstenite::accept_hdr_async(stream, read_path).await else { continue };
            if self.accept(&mut socket, script, path == "/resume").await.is_some() {
                self.follow(&mut socket, script).await;
            }
            self.connection += 1;
            self.ended.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Moves the clock, after the client has read what was sent to it.
    async fn advance(&self, time: Duration) {
        for _ in 0..2 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        self.time.advance(time);
    }

    fn saw(&self, seen: Seen) {
        self.seen.lock().unwrap().push((self.time.now(), seen));
    }

    /// Greets, and accepts what the client opens or resumes.
    async fn accept(&mut self, socket: &mut Socket, script: Script, at_resume_url: bool) -> Option<()> {
        if script == Script::Silent(Stage::Hello) {
            return self.keep_silent(socket).await;
        }
        let millis = u64::try_from(INTERVAL.as_millis()).expect("a short time");
        send(socket, json!({ "op": self.messages.hello, "d": { "heartbeat_interval": millis } })).await;
        let answer = self.message(socket).await?;
        let text = |key: &str| answer["d"][key].as_str().unwrap_or_default().to_owned();
        let (accepted, payload) = if answer["op"] == self.messages.identify {
            self.saw(Seen::Identify { token: text("token") });
            let session = format!("session-{}", self.connection);
            (self.messages.ready, json!({ "session_id": session, "resume_gateway_url": format!("{}resume", self.url) }))
        } else {
            let sequence = answer["d"]["seq"].as_u64().expect("a sequence to resume from");
            self.saw(Seen::Resume { session: text("session_id"), sequence, at_resume_url });
            (self.messages.resumed, json!({}))
        };
        if let Script::Refuse(code) = script {
            self.close(socket, Some(code)).await;
            return None;
        }
        match script {
            Script::Unanswered => return None,
            Script::Silent(_) => return self.keep_silent(socket).await,
            _ => {}
        }
        let sequence = 40 + self.connection;
        send(socket, json!({ "op": accepted.0, "s": sequence - 1, "t": accepted.1, "d": payload })).await;
        if self.messages.has_events {
            send(socket, json!({ "op": accepted.0, "s": sequence, "t": "EVENT", "d": {} })).await;
        }
        Some(())
    }

    /// Says nothing for a long time, until the client gives up.
    async fn keep_silent(&self, socket: &mut Socket) -> Option<()> {
        self.advance(SILENCE).await;
        self.wait_for_close(socket).await;
        None
    }

    async fn follow(&mut self, socket: &mut Socket, script: Script) {
        match script {
            Script::Close(code) | Script::Refuse(code) => self.close(socket, Some(code)).await,
            Script::CleanClose => self.close(socket, None).await,
            Script::Drop | Script::Unanswered | Script::Silent(_) => {}
            Script::Opcode(opcode, flag) => {
                send(socket, json!({ "op": opcode, "d": flag })).await;
                self.wait_for_close(socket).await;
            }
            Script::HeartbeatTimeout => {
                self.advance(INTERVAL).await;
                assert_eq!(
                    self.message_of_any_kind(socket).await.map(|beat| beat["op"].clone()),
                    Some(json!(self.messages.heartbeat))
                );
                self.advance(INTERVAL).await;
                self.wait_for_close(socket).await;
            }
            Script::Live(heartbeats) => {
                for _ in 0..heartbeats {
                    self.advance(INTERVAL).await;
                    let beat = self.message_of_any_kind(socket).await.expect("a heartbeat");
                    assert_eq!(beat["op"], json!(self.messages.heartbeat));
                    send(socket, json!({ "op": self.messages.heartbeat_ack })).await;
                }
            }
            Script::Commands(count, code) => self.take_commands(socket, count, code).await,
        }
    }

    /// Takes commands and answers those of a main gateway; closes with 4008 after more than 120 messages in 60 seconds.
    async fn take_commands(&mut self, socket: &mut Socket, count: u32, code: u16) {
        let mut times = VecDeque::new();
        for _ in 0..count {
            let Some(command) = self.command(socket).await else { return };
            let now = self.time.now();
            times.push_back(now);
            while times.front().is_some_and(|time| *time + Duration::from_mins(1) <= now) {
                times.pop_front();
            }
            if times.len() > 120 {
                return self.close(socket, Some(4008)).await;
            }
            self.commands.lock().unwrap().push(command.clone());
            if let Some(endpoint) = command["d"]["endpoint"].as_str() {
                let token = format!("voice-token-{}", self.commands.lock().unwrap().len());
                let gone = json!({ "op": 0, "s": 50, "t": "VOICE_SERVER_UPDATE", "d": { "endpoint": null, "token": token } });
                send(socket, gone).await;
                let update =
                    json!({ "op": 0, "s": 51, "t": "VOICE_SERVER_UPDATE", "d": { "endpoint": endpoint, "token": token } });
                send(socket, update).await;
            }
        }
        self.close(socket, Some(code)).await;
    }

    /// The next command. The clock moves only while the client sends none.
    async fn command(&self, socket: &mut Socket) -> Option<Value> {
        loop {
            match tokio::time::timeout(Duration::from_millis(20), self.message(socket)).await {
                Ok(command) => return command,
                Err(_) => self.advance(Duration::from_mins(1)).await,
            }
        }
    }

    async fn close(&self, socket: &mut Socket, code: Option<u16>) {
        let frame = code.map(|code| CloseFrame { code: code.into(), reason: "".into() });
        let _ = socket.close(frame).await;
        while socket.next().await.is_some_and(|message| message.is_ok()) {}
    }

    async fn wait_for_close(&self, socket: &mut Socket) {
        while let Some(Ok(message)) = socket.next().await {
            if let Message::Close(frame) = message {
                return self.saw(Seen::Closed(frame.map(|frame| frame.code.into())));
            }
        }
        self.saw(Seen::Closed(None));
    }

    /// The next message that is no heartbeat. Heartbeats are acknowledged.
    async fn message(&self, socket: &mut Socket) -> Option<Value> {
        loop {
            let payload = self.message_of_any_kind(socket).await?;
            if payload["op"] != json!(self.messages.heartbeat) {
                return Some(payload);
            }
            send(socket, json!({ "op": self.messages.heartbeat_ack })).await;
        }
    }

    async fn message_of_any_kind(&self, socket: &mut Socket) -> Option<Value> {
        loop {
            match socket.next().await?.ok()? {
                Message::Text(text) => return serde_json::from_str(&text).ok(),
                Message::Close(_) => return None,
                _ => {}
            }
        }
    }
}
