//! A client of a chat gateway and of its voice gateway that keeps its sessions alive, and has no table of codes of its own.
//!
//! Whatever ends a connection, the [`Reconnector`] says what to do next, how long to wait, and where to connect. Run it with
//! `cargo run --package wirecodes-tests --example gateway_client -- ws://127.0.0.1:8080 TOKEN`.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Error;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};
use wirecodes::discord::v10::{GatewayCloseCode, GatewayOpcode, VoiceOpcode};
use wirecodes::{Action, CloseCode, Ending, Failure, Limits, NewSessionBy, Opcode, Plan, Reconnector, Stage, Url};

/// Whom a client asks for the time. Tests have a clock that they move themselves.
#[allow(async_fn_in_trait, reason = "the client runs on one thread")]
pub trait Time {
    /// The time since some moment.
    fn now(&self) -> Duration;
    /// Waits before the next attempt.
    async fn pause(&self, delay: Duration);
    /// Waits until a moment of an open connection.
    async fn until(&self, moment: Duration);
}

/// The messages of a gateway that a client has to know.
#[derive(Clone, Copy)]
pub struct Protocol<T> {
    /// The server greets.
    pub hello: u8,
    /// The client opens a session.
    pub identify: u8,
    /// The client goes on with a session.
    pub resume: u8,
    /// The client is alive.
    pub heartbeat: u8,
    /// The server has seen that.
    pub heartbeat_ack: u8,
    /// The server delivers an event, where it delivers any.
    pub dispatch: Option<u8>,
    /// The server accepts a new session: an opcode, or an event.
    pub ready: (u8, Option<&'static str>),
    /// The server accepts a resumed session.
    pub resumed: (u8, Option<&'static str>),
    /// Asks what to do after an opcode.
    pub after_opcode: AfterOpcode<T>,
}

/// Asks a reconnector what to do after an opcode: its number, whether the session can be resumed, the time, a random number.
pub type AfterOpcode<T> = fn(&mut Reconnector<T>, u32, bool, Duration, u32) -> Option<Plan>;

/// The gateway, with the opcodes of some edition.
pub fn gateway<T: CloseCode>(after_opcode: AfterOpcode<T>) -> Protocol<T> {
    Protocol {
        hello: GatewayOpcode::Hello.code(),
        identify: GatewayOpcode::Identify.code(),
        resume: GatewayOpcode::Resume.code(),
        heartbeat: GatewayOpcode::Heartbeat.code(),
        heartbeat_ack: GatewayOpcode::HeartbeatAck.code(),
        dispatch: Some(GatewayOpcode::Dispatch.code()),
        ready: (GatewayOpcode::Dispatch.code(), Some("READY")),
        resumed: (GatewayOpcode::Dispatch.code(), Some("RESUMED")),
        after_opcode,
    }
}

/// The voice gateway, with the opcodes of some edition.
pub fn voice<T: CloseCode>(after_opcode: AfterOpcode<T>) -> Protocol<T> {
    Protocol {
        hello: VoiceOpcode::Hello.code(),
        identify: VoiceOpcode::Identify.code(),
        resume: VoiceOpcode::Resume.code(),
        heartbeat: VoiceOpcode::Heartbeat.code(),
        heartbeat_ack: VoiceOpcode::HeartbeatAck.code(),
        dispatch: None,
        ready: (VoiceOpcode::Ready.code(), None),
        resumed: (VoiceOpcode::Resumed.code(), None),
        after_opcode,
    }
}

/// Asks after an opcode of a table.
pub fn after_opcode<T: CloseCode, O: Opcode>(
    reconnector: &mut Reconnector<T>,
    code: u32,
    resumable: bool,
    now: Duration,
    random: u32,
) -> Option<Plan> {
    reconnector.after_opcode(O::from_code(O::Number::try_from(code).ok()?)?, resumable, now, random)
}

/// What a session is resumed with.
struct Session {
    id: String,
    sequence: u64,
    /// Where the server wants it to be resumed.
    url: String,
}

/// The address and the token for new sessions.
#[derive(Clone)]
pub struct Access {
    /// Where to connect.
    pub url: String,
    /// What the client proves itself with.
    pub token: String,
}

/// One client.
pub struct Client<'a, T, C> {
    protocol: Protocol<T>,
    reconnector: Reconnector<T>,
    time: &'a C,
    session: Option<Session>,
    /// Where the voice server is, as the main connection said last.
    server: Option<Access>,
    /// What the program wants to send.
    commands: mpsc::UnboundedReceiver<Value>,
    /// What the program wants to hear.
    events: mpsc::UnboundedSender<Value>,
}

/// The other end of a client, for the program around it.
pub struct Handle {
    /// Sends a message, as soon as the limits allow it.
    pub commands: mpsc::UnboundedSender<Value>,
    /// The events that arrived.
    pub events: mpsc::UnboundedReceiver<Value>,
}

impl<'a, T: CloseCode, C: Time> Client<'a, T, C> {
    /// A client without a session, and its handle.
    pub fn new(protocol: Protocol<T>, time: &'a C) -> (Self, Handle) {
        let (send_command, commands) = mpsc::unbounded_channel();
        let (events, receive_event) = mpsc::unbounded_channel();
        let client = Self { protocol, reconnector: Reconnector::new(), time, session: None, server: None, commands, events };
        (client, Handle { commands: send_command, events: receive_event })
    }

    /// Connects again and again, until a plan says to stop. Returns that plan.
    pub async fn run(mut self, access: &Access) -> Plan {
        let mut plan = self.reconnector.start(self.time.now(), random());
        while plan.action != Action::Stop {
            println!("gateway: {plan}");
            self.time.pause(plan.delay).await;
            plan = self.carry_out(plan, access, None).await;
        }
        plan
    }

    /// The same for voice, whose sessions the main connection opens. `join` is the message that asks it.
    pub async fn run_voice(mut self, main: &mut Handle, join: &Value) -> Plan {
        let mut plan = self.reconnector.start(self.time.now(), random());
        loop {
            println!("voice: {plan}");
            let time = self.time;
            if plan.action == Action::Stop {
                // An event may overrule it. The address of a server that has gone takes any time.
                let end = match plan.ending {
                    Ending::Gone => Duration::MAX,
                    _ => self.reconnector.deadline().unwrap_or_default(),
                };
                tokio::select! {
                    biased;
                    next = self.hear_next(main) => plan = next,
                    () = time.until(end) => return plan,
                }
                continue;
            }
            tokio::select! {
                biased;
                () = time.pause(plan.delay) => {}
                next = self.hear_next(main) => { plan = next; continue }
            }
            self.reconnector.connecting(time.now());
            if plan.by == NewSessionBy::MainConnection && !self.ask(main, join).await {
                plan = self.reconnector.after_timeout(Stage::Upgrade, time.now(), random());
            } else if let Some(server) = self.server.clone() {
                plan = self.carry_out(plan, &server, Some(main)).await;
            }
            if main.commands.is_closed() {
                return plan;
            }
        }
    }

    /// Asks the main connection for a voice session. Whether its address has come in time.
    async fn ask(&mut self, main: &mut Handle, join: &Value) -> bool {
        while main.events.try_recv().is_ok() {}
        self.server = None;
        let _ = main.commands.send(join.clone());
        let end = self.reconnector.deadline().unwrap_or(Duration::MAX);
        while self.server.is_none() {
            tokio::select! {
                event = main.events.recv() => match event {
                    Some(event) => { self.hear(&event); }
                    None => return false,
                },
                () = self.time.until(end) => return false,
            }
        }
        true
    }

    /// Waits for an event of the main connection that makes another plan.
    async fn hear_next(&mut self, main: &mut Handle) -> Plan {
        while let Some(event) = main.events.recv().await {
            if let Some(plan) = self.hear(&event) {
                return plan;
            }
        }
        std::future::pending().await
    }

    /// An event of the main connection. They may come in any order.
    fn hear(&mut self, event: &Value) -> Option<Plan> {
        let now = self.time.now();
        match event["t"].as_str()? {
            "VOICE_SERVER_UPDATE" => {
                let server = voice_server(event);
                let has_endpoint = server.is_some();
                self.server = server.or(self.server.take());
                self.reconnector.server_moved(has_endpoint, now)
            }
            "VOICE_STATE_UPDATE" => self.reconnector.voice_state(!event["d"]["channel_id"].is_null(), now),
            other => self.reconnector.after_event(other, now, random()),
        }
    }

    /// One connection, from its opening to the plan after its end.
    async fn carry_out(&mut self, plan: Plan, access: &Access, main: Option<&mut Handle>) -> Plan {
        if plan.action == Action::NewSession {
            self.session = None;
        }
        let url = match (&self.session, plan.url) {
            (Some(session), Url::Resume) => &session.url,
            _ => &access.url,
        };
        self.reconnector.connecting(self.time.now());
        let end = self.reconnector.deadline().unwrap_or(Duration::MAX);
        let connected = tokio::select! {
            biased;
            // Small messages must not wait for each other.
            connected = tokio_tungstenite::connect_async_with_config(url, None, true) => connected,
            () = self.time.until(end) => return self.reconnector.after_timeout(Stage::Upgrade, self.time.now(), random()),
        };
        let mut socket = match connected {
            Ok((socket, _)) => socket,
            Err(error) => return self.reconnector.after_failed_connect(failure(&error), self.time.now(), random()),
        };
        self.reconnector.opened(self.time.now());
        let plan = self.live(&mut socket, access, main).await;
        if let Some(code) = plan.close_with {
            let frame = CloseFrame { code: code.into(), reason: "".into() };
            let _ = socket.close(Some(frame)).await;
        }
        plan
    }

    /// A connection that is open.
    async fn live(&mut self, socket: &mut Socket, access: &Access, mut main: Option<&mut Handle>) -> Plan {
        let mut heart = Heart::default();
        let mut pace = Pace::default();
        loop {
            let now = self.time.now();
            let deadline = self.reconnector.deadline().unwrap_or(Duration::MAX);
            tokio::select! {
                // An acknowledgement that has arrived counts, so messages come first.
                biased;
                message = socket.next() => match self.message(message, access, &mut heart) {
                    Reaction::Send(answer) => send(socket, &answer).await,
                    Reaction::End(plan) => return plan,
                    Reaction::None => {}
                },
                event = next_event(&mut main) => if let Some(plan) = self.hear(&event) {
                    return plan;
                },
                () = self.time.until(deadline) => if let Some(stage) = self.reconnector.stage() {
                    return self.reconnector.after_timeout(stage, self.time.now(), random());
                },
                () = self.time.until(heart.next.unwrap_or(Duration::MAX)) => {
                    if !heart.is_acknowledged {
                        return self.reconnector.after_heartbeat_timeout(self.time.now(), random());
                    }
                    heart.beat(self.time.now());
                    send(socket, &self.heartbeat()).await;
                }
                command = next_command(&mut self.commands, self.time, pace.free_from(&T::LIMITS, now)), if heart.is_live => {
                    pace.count(self.time.now());
                    send(socket, &command).await;
                }
            }
        }
    }

    /// What to do after a message, or the end of the connection.
    fn message(&mut self, message: Option<Result<Message, Error>>, access: &Access, heart: &mut Heart) -> Reaction {
        let code = match message {
            Some(Ok(Message::Text(text))) => {
                return self.receive(&serde_json::from_str(&text).unwrap_or_default(), access, heart);
            }
            Some(Ok(Message::Close(frame))) => frame.map(|frame| frame.code.into()),
            Some(Ok(_)) => return Reaction::None,
            Some(Err(_)) | None => None,
        };
        Reaction::End(self.reconnector.after_close(code, self.time.now(), random()))
    }

    /// What to do after a message.
    fn receive(&mut self, payload: &Value, access: &Access, heart: &mut Heart) -> Reaction {
        let protocol = &self.protocol;
        let Some(code) = payload["op"].as_u64().and_then(|code| u32::try_from(code).ok()) else { return Reaction::None };
        let event = payload["t"].as_str();
        let is = |(opcode, name): (u8, Option<&str>)| code == u32::from(opcode) && (name.is_none() || name == event);
        if let (Some(session), Some(sequence)) = (&mut self.session, payload["s"].as_u64()) {
            session.sequence = sequence;
        }
        let now = self.time.now();
        if let Some(plan) = (protocol.after_opcode)(&mut self.reconnector, code, payload["d"] == true, now, random()) {
            return Reaction::End(plan);
        }
        if code == u32::from(protocol.hello) {
            heart.start(payload, now);
            self.reconnector.identified(now);
            return Reaction::Send(self.greet(access));
        }
        if code == u32::from(protocol.heartbeat_ack) {
            heart.is_acknowledged = true;
        } else if code == u32::from(protocol.heartbeat) {
            return Reaction::Send(self.heartbeat());
        } else if is(protocol.ready) {
            heart.is_live = true;
            self.session = Some(session(payload, access));
            self.reconnector.ready(now);
        } else if is(protocol.resumed) {
            heart.is_live = true;
            self.reconnector.resumed(now);
        }
        if self.protocol.dispatch.map(u32::from) == Some(code) {
            let _ = self.events.send(payload.clone());
        }
        Reaction::None
    }

    /// The answer to a greeting.
    fn greet(&self, access: &Access) -> Value {
        let token = &access.token;
        match &self.session {
            Some(Session { id, sequence, .. }) => {
                json!({ "op": self.protocol.resume, "d": { "token": token, "session_id": id, "seq": sequence } })
            }
            None => json!({ "op": self.protocol.identify, "d": { "token": token } }),
        }
    }

    fn heartbeat(&self) -> Value {
        json!({ "op": self.protocol.heartbeat, "d": self.session.as_ref().map(|session| session.sequence) })
    }
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

/// Sends a message. If the connection has ended, the next read says so.
async fn send(socket: &mut Socket, message: &Value) {
    let _ = socket.send(Message::text(message.to_string())).await;
}

/// What follows from a message.
enum Reaction {
    None,
    Send(Value),
    End(Plan),
}

/// The heartbeats of a connection.
struct Heart {
    interval: Duration,
    next: Option<Duration>,
    is_acknowledged: bool,
    /// The server has accepted the session, so that commands may be sent.
    is_live: bool,
}

impl Default for Heart {
    fn default() -> Self {
        Self { interval: Duration::ZERO, next: None, is_acknowledged: true, is_live: false }
    }
}

impl Heart {
    /// The first heartbeat comes after a random part of the interval, so that not all clients send theirs at the same time.
    fn start(&mut self, hello: &Value, now: Duration) {
        self.interval = Duration::from_millis(hello["d"]["heartbeat_interval"].as_u64().unwrap_or(41_250));
        self.next = Some(now + self.interval.mul_f64(f64::from(random()) / f64::from(u32::MAX)));
    }

    fn beat(&mut self, now: Duration) {
        self.is_acknowledged = false;
        self.next = Some(now + self.interval);
    }
}

/// How fast commands are sent: a tenth of the limit is kept free for heartbeats.
#[derive(Default)]
struct Pace {
    since: Duration,
    sent: u32,
}

impl Pace {
    const MINUTE: Duration = Duration::from_mins(1);

    /// When the next command may be sent.
    fn free_from(&self, limits: &Limits, now: Duration) -> Duration {
        let most = limits.commands_per_minute.map_or(u32::MAX, |most| most - most / 10);
        if self.sent < most { now } else { self.since + Self::MINUTE }
    }

    fn count(&mut self, now: Duration) {
        if self.sent == 0 || now >= self.since + Self::MINUTE {
            *self = Self { since: now, sent: 0 };
        }
        self.sent += 1;
    }
}

/// The next command, not before a moment.
async fn next_command(commands: &mut mpsc::UnboundedReceiver<Value>, time: &impl Time, from: Duration) -> Value {
    time.until(from).await;
    match commands.recv().await {
        Some(command) => command,
        None => std::future::pending().await,
    }
}

/// The session that a message of the server opens.
fn session(ready: &Value, access: &Access) -> Session {
    let text = |key: &str| ready["d"][key].as_str().map(str::to_owned);
    Session {
        id: text("session_id").unwrap_or_default(),
        sequence: ready["s"].as_u64().unwrap_or(0),
        url: text("resume_gateway_url").unwrap_or_else(|| access.url.clone()),
    }
}

/// The next event of the main connection, where there is one.
async fn next_event(main: &mut Option<&mut Handle>) -> Value {
    match main {
        Some(main) => match main.events.recv().await {
            Some(event) => event,
            None => std::future::pending().await,
        },
        None => std::future::pending().await,
    }
}

/// Why a connection could not be opened. A status of HTTP is no close code.
fn failure(error: &Error) -> Failure {
    let Error::Http(response) = error else { return Failure::Network };
    let seconds = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
    Failure::Status { code: response.status().as_u16(), retry_after: seconds.map(Duration::from_secs) }
}

/// The voice server that an event names. A server that has gone has no endpoint.
fn voice_server(event: &Value) -> Option<Access> {
    let url = event["d"]["endpoint"].as_str().filter(|_| event["t"] == "VOICE_SERVER_UPDATE")?;
    Some(Access { url: url.to_owned(), token: event["d"]["token"].as_str()?.to_owned() })
}

/// A random number, of the standard library's own source.
fn random() -> u32 {
    let hash = RandomState::new().hash_one(());
    u32::try_from(hash >> 32).unwrap_or(0)
}

/// The clock of the machine.
struct Clock(tokio::time::Instant);

impl Time for Clock {
    fn now(&self) -> Duration {
        self.0.elapsed()
    }

    async fn pause(&self, delay: Duration) {
        tokio::time::sleep(delay).await;
    }

    async fn until(&self, moment: Duration) {
        match self.0.checked_add(moment) {
            Some(moment) => tokio::time::sleep_until(moment).await,
            None => std::future::pending().await,
        }
    }
}

#[tokio::main(flavor = "current_thread")]
#[allow(dead_code, reason = "the tests use the client without its command line")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let (Some(url), Some(token)) = (arguments.next(), arguments.next()) else {
        return eprintln!("usage: gateway_client URL TOKEN");
    };
    let clock = Clock(tokio::time::Instant::now());
    let protocol = gateway(after_opcode::<GatewayCloseCode, GatewayOpcode>);
    let (client, _handle) = Client::new(protocol, &clock);
    let plan = client.run(&Access { url, token }).await;
    println!("stopped: {plan}");
}
