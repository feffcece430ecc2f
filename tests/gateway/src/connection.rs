//! One connection of the gateway, from the greeting to the end.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use wirecodes::Stage;
use wirecodes::discord::v10::{GatewayCloseCode, GatewayOpcode, VoiceCloseCode, VoiceOpcode};

use crate::loopback::{Script, Seen, Shared};
use crate::messages::{Messages, last_sequence, ready, session_description, voice_events};
use crate::time::Time;

/// Longer than a client waits for any answer.
pub const SILENCE: Duration = Duration::from_secs(61);

/// How many messages a client may send in a minute.
const MOST: usize = 120;

pub struct Connection {
    shared: Arc<Shared>,
    socket: WebSocketStream<TcpStream>,
    script: Script,
    number: usize,
    at_resume_url: bool,
    /// Whether the client has opened a session, or gone on with one.
    is_opened: bool,
    /// When the messages of the last minute came.
    times: VecDeque<Duration>,
}

impl Connection {
    pub fn new(
        shared: Arc<Shared>,
        socket: WebSocketStream<TcpStream>,
        script: Script,
        number: usize,
        at_resume_url: bool,
    ) -> Self {
        Self { shared, socket, script, number, at_resume_url, is_opened: false, times: VecDeque::new() }
    }

    /// Follows the script. Gives it back if the client has opened no session.
    pub async fn run(mut self) -> Option<Script> {
        if self.accept().await.is_some() {
            self.follow().await;
        }
        (!self.is_opened).then_some(self.script)
    }

    fn messages(&self) -> Messages {
        self.shared.setup.messages
    }

    fn time(&self) -> &Time {
        &self.shared.setup.time
    }

    fn saw(&self, seen: Seen) {
        self.shared.saw(self.number, seen);
    }

    async fn send(&mut self, payload: Value) {
        // A client that does not read must not stop the gateway.
        let send = self.socket.send(Message::text(payload.to_string()));
        let _ = self.shared.setup.time.within(self.shared.setup.patience, send).await;
    }

    /// Greets, and accepts what the client opens or resumes.
    async fn accept(&mut self) -> Option<()> {
        if self.script == Script::Silent(Stage::Hello) {
            self.is_opened = true;
            return self.keep_silent().await;
        }
        let millis = u64::try_from(self.shared.setup.interval.as_millis()).unwrap_or(u64::MAX);
        self.send(json!({ "op": self.messages().hello, "d": { "heartbeat_interval": millis } })).await;
        let (time, patience) = (self.time().clone(), self.shared.setup.patience);
        let Some(opening) = time.within(patience, self.opening()).await else {
            self.saw(Seen::Strange("neither Identify nor Resume"));
            return None;
        };
        let opening = opening?;
        self.is_opened = true;
        let is_new = matches!(opening, Seen::Identify { .. });
        self.saw(opening);
        match self.script {
            Script::Refuse(code) => {
                self.end(Some(code)).await;
                return None;
            }
            Script::Unanswered => {
                self.saw(Seen::Ended);
                return None;
            }
            Script::Silent(_) => return self.keep_silent().await,
            _ => {}
        }
        self.shared.has_session.store(true, Ordering::Relaxed);
        let messages = self.messages();
        let (accepted, payload) =
            if is_new { (messages.ready, ready(messages, &self.shared.url, self.number)) } else { (messages.resumed, json!({})) };
        let sequence = last_sequence(self.number);
        self.send(json!({ "op": accepted.0, "s": sequence - 1, "t": accepted.1, "d": payload })).await;
        if !messages.is_voice {
            self.send(json!({ "op": accepted.0, "s": sequence, "t": "EVENT", "d": {} })).await;
        }
        Some(())
    }

    /// The message that opens a session or goes on with one. A session of nobody is refused, as the documents say.
    async fn opening(&mut self) -> Option<Seen> {
        loop {
            let payload = self.message().await?;
            let has_session = self.shared.has_session.load(Ordering::Relaxed);
            match self.as_opening(&payload) {
                Some(Seen::Resume { .. }) if !has_session && self.messages().is_voice => {
                    self.close(Some(VoiceCloseCode::SessionNoLongerValid.code())).await;
                    return None;
                }
                Some(Seen::Resume { .. }) if !has_session => {
                    self.send(json!({ "op": GatewayOpcode::InvalidSession.code(), "d": false })).await;
                }
                Some(opening) => return Some(opening),
                None => {}
            }
        }
    }

    fn as_opening(&self, payload: &Value) -> Option<Seen> {
        let data = &payload["d"];
        let text = |key: &str| data[key].as_str().unwrap_or_default().to_owned();
        if payload["op"] == self.messages().identify {
            Some(Seen::Identify { token: text("token") })
        } else if payload["op"] == self.messages().resume {
            let sequence = data["seq"].as_u64().unwrap_or_default();
            Some(Seen::Resume { session: text("session_id"), sequence, at_resume_url: self.at_resume_url })
        } else {
            None
        }
    }

    /// Says nothing for a long time, until the client gives up.
    async fn keep_silent(&mut self) -> Option<()> {
        self.time().advance(SILENCE).await;
        self.wait_for_close().await;
        None
    }

    /// Lets a session live for some time. Whether the client did so too.
    async fn live(&mut self) -> bool {
        let (time, life) = (self.time().clone(), self.shared.setup.life);
        let living = async {
            while let Some(payload) = self.message().await {
                if self.messages().is_voice && payload["op"] == VoiceOpcode::SelectProtocol.code() {
                    self.send(session_description(&payload)).await;
                }
            }
            self.saw(Seen::Strange("closed before the ending"));
        };
        life.is_zero() || time.within(life, living).await.is_none()
    }

    async fn follow(&mut self) {
        if !self.live().await {
            return;
        }
        let interval = self.shared.setup.interval;
        match self.script {
            Script::Close(code) | Script::Refuse(code) => self.end(Some(code)).await,
            Script::CleanClose => self.end(None).await,
            Script::Drop | Script::Unanswered | Script::Silent(_) => self.saw(Seen::Ended),
            Script::Outage(status) => {
                self.shared.fail(status);
                self.saw(Seen::Ended);
            }
            Script::Opcode(opcode, flag) => {
                self.saw(Seen::Ended);
                self.send(json!({ "op": opcode, "d": flag })).await;
                self.wait_for_close().await;
            }
            Script::HeartbeatTimeout => {
                self.time().advance(interval).await;
                if self.heartbeat().await.is_some() {
                    self.saw(Seen::Ended);
                    self.time().advance(interval).await;
                    self.wait_for_close().await;
                }
            }
            Script::Live(heartbeats) => {
                for _ in 0..heartbeats {
                    self.time().advance(interval).await;
                    if self.heartbeat().await.is_none() {
                        return;
                    }
                    self.send(json!({ "op": self.messages().heartbeat_ack })).await;
                }
                self.saw(Seen::Ended);
            }
            Script::Commands(count, code) => self.take_commands(count, code).await,
        }
    }

    /// Takes commands, and answers those of a main gateway.
    async fn take_commands(&mut self, count: u32, code: u16) {
        for _ in 0..count {
            let Some(command) = self.command().await else { return };
            let number = {
                let mut commands = self.shared.commands.lock().unwrap();
                commands.push(command.clone());
                commands.len()
            };
            let voice = self.shared.setup.voice.clone();
            for event in voice_events(&command, voice.as_deref(), &format!("voice-token-{number}")) {
                self.send(event).await;
            }
        }
        self.end(Some(code)).await;
    }

    /// The next command. A virtual clock moves only while the client sends none.
    async fn command(&mut self) -> Option<Value> {
        loop {
            match tokio::time::timeout(Duration::from_millis(20), self.message()).await {
                Ok(command) => return command,
                Err(_) => self.time().advance(Duration::from_mins(1)).await,
            }
        }
    }

    /// Ends the connection, as the script says.
    async fn end(&mut self, code: Option<u16>) {
        self.saw(Seen::Ended);
        self.close(code).await;
    }

    async fn close(&mut self, code: Option<u16>) {
        let frame = code.map(|code| CloseFrame { code: code.into(), reason: "".into() });
        let (time, patience) = (self.time().clone(), self.shared.setup.patience);
        let closing = async {
            let _ = self.socket.close(frame).await;
            while self.socket.next().await.is_some_and(|message| message.is_ok()) {}
        };
        let _ = time.within(patience, closing).await;
    }

    /// Waits until the client closes the connection, or opens a session on it.
    async fn wait_for_close(&mut self) {
        loop {
            match self.receive().await {
                Ok(payload) => {
                    if let Some(opening) = self.as_opening(&payload) {
                        self.saw(opening);
                    }
                }
                Err(code) => return self.saw(Seen::Closed(code)),
            }
        }
    }

    /// Waits for a heartbeat.
    async fn heartbeat(&mut self) -> Option<()> {
        let (time, heartbeat) = (self.time().clone(), self.messages().heartbeat);
        let most = self.shared.setup.interval.saturating_add(self.shared.setup.patience);
        let beat = async {
            while self.receive().await.ok()?["op"] != heartbeat {}
            Some(())
        };
        let beat = time.within(most, beat).await.flatten();
        if beat.is_none() {
            self.saw(Seen::Strange("no heartbeat"));
        }
        beat
    }

    /// The next message that is no heartbeat. Heartbeats are acknowledged.
    async fn message(&mut self) -> Option<Value> {
        loop {
            let payload = self.receive().await.ok()?;
            if payload["op"] != self.messages().heartbeat {
                return Some(payload);
            }
            self.send(json!({ "op": self.messages().heartbeat_ack })).await;
        }
    }

    /// The next message, or the code with which the client closed the connection.
    async fn receive(&mut self) -> Result<Value, Option<u16>> {
        loop {
            let bytes = match self.socket.next().await {
                Some(Ok(Message::Text(text))) => text.as_bytes().to_vec(),
                Some(Ok(Message::Binary(bytes))) => bytes.to_vec(),
                Some(Ok(Message::Close(frame))) => return Err(frame.map(|frame| frame.code.into())),
                Some(Ok(_)) => continue,
                Some(Err(_)) | None => return Err(None),
            };
            if self.is_too_much() {
                self.saw(Seen::Strange("too many messages"));
                self.close(Some(GatewayCloseCode::RateLimited.code())).await;
                return Err(None);
            }
            match serde_json::from_slice::<Value>(&bytes) {
                Ok(payload) if payload["op"].is_u64() => return Ok(payload),
                _ => self.saw(Seen::Strange("a message that is no JSON with an opcode")),
            }
            self.close(Some(GatewayCloseCode::DecodeError.code())).await;
            return Err(None);
        }
    }

    /// Counts a message. Whether there were too many in a minute.
    fn is_too_much(&mut self) -> bool {
        let now = self.time().now();
        self.times.push_back(now);
        while self.times.front().is_some_and(|time| *time + Duration::from_mins(1) <= now) {
            self.times.pop_front();
        }
        self.times.len() > MOST
    }
}
