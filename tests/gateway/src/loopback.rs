//! A gateway on the loopback interface that follows the documents: it greets, takes heartbeats, accepts and resumes sessions,
//! counts messages and new sessions, and ends connections as a script says.
//!
//! With a virtual clock nothing sleeps: it moves while a connection is open, and whenever the client waits for its next attempt.

use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio::sync::watch;
use tokio::task::JoinSet;
use wirecodes::Stage;

use crate::connection::{Connection, SILENCE};
use crate::messages::{Messages, over_http};
use crate::time::{Time, VirtualTime};

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
    /// The socket is dropped, and for some time no connection opens: each gets a status of HTTP, or is dropped.
    Outage(Option<u16>),
}

/// How long no connection opens.
pub const OUTAGE: Duration = Duration::from_secs(30);

/// What the gateway saw of the client.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seen {
    /// The client opens a session.
    Identify {
        /// With what it proves itself.
        token: String,
    },
    /// The client goes on with a session.
    Resume {
        /// The name of the session.
        session: String,
        /// The number of the last message that it has.
        sequence: u64,
        /// Whether it does so at the URL that the gateway gave for it.
        at_resume_url: bool,
    },
    /// The client tried to connect, in vain.
    Refused,
    /// The client closed the connection.
    Closed(Option<u16>),
    /// The client did what no client should do.
    Strange(&'static str),
    /// The gateway itself ended the connection, or said that it has ended.
    Ended,
}

impl Seen {
    /// Whether the client opens a session, or goes on with one.
    #[must_use]
    pub const fn is_opening(&self) -> bool {
        matches!(self, Self::Identify { .. } | Self::Resume { .. })
    }
}

/// When something was seen, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When.
    pub at: Duration,
    /// On which connection, from 0.
    pub connection: usize,
    /// What.
    pub seen: Seen,
}

impl Event {
    /// Whether the client tried to connect, in vain or not.
    #[must_use]
    pub fn is_attempt(&self) -> bool {
        self.seen == Seen::Refused || self.seen.is_opening()
    }
}

/// What a gateway does, and how long it waits.
#[derive(Clone)]
pub struct Setup {
    /// The messages that it knows.
    pub messages: Messages,
    /// Its clock.
    pub time: Time,
    /// One a connection.
    pub scripts: VecDeque<Script>,
    /// What happens after the last one.
    pub last: Script,
    /// Where it listens. 0: at some free port.
    pub port: u16,
    /// The time between two heartbeats.
    pub interval: Duration,
    /// How long it waits for a message, or for a client that does not come back.
    pub patience: Duration,
    /// How long it waits for a client that connects for the first time.
    pub start: Duration,
    /// How long a session lives before it is ended, so that the client knows of it.
    pub life: Duration,
    /// Where the voice server is, for a main gateway.
    pub voice: Option<String>,
    /// What stands before that in a test. Documented is nothing.
    pub voice_scheme: &'static str,
}

impl Setup {
    /// A gateway that waits for ever, and drops what connects.
    #[must_use]
    pub fn new(time: Time) -> Self {
        Self {
            messages: Messages::gateway(),
            time,
            scripts: VecDeque::new(),
            last: Script::Drop,
            port: 0,
            interval: Duration::from_secs(40),
            patience: Duration::MAX,
            start: Duration::MAX,
            life: Duration::ZERO,
            voice: None,
            voice_scheme: "",
        }
    }
}

/// A running gateway.
pub struct Gateway {
    /// Where clients connect.
    pub url: String,
    /// What it saw.
    pub log: watch::Sender<Vec<Event>>,
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
    /// Starts a gateway with a virtual clock that follows the scripts. After the last one it closes with `last`.
    ///
    /// # Panics
    ///
    /// If there is no free port.
    pub async fn start(messages: Messages, time: &VirtualTime, scripts: Vec<Script>, last: u16) -> Self {
        let (scripts, last) = (scripts.into(), Script::Close(last));
        let setup = Setup { messages, scripts, last, ..Setup::new(Time::Virtual(time.clone())) };
        Self::open(setup).await.expect("a port on the loopback interface")
    }

    /// Starts a gateway.
    pub async fn open(mut setup: Setup) -> io::Result<Self> {
        let listener = listen(setup.port).await?;
        let url = format!("ws://{}/", listener.local_addr()?);
        // Voice clients ask there for their own address. If the port is taken, they ask in vain.
        let udp = if setup.messages.is_voice { UdpSocket::bind(listener.local_addr()?).await.ok() } else { None };
        let scripts = Mutex::new(std::mem::take(&mut setup.scripts));
        let (log, commands, ended) = (watch::Sender::default(), Arc::default(), Arc::default());
        let shared = Shared {
            setup,
            scripts,
            url: url.clone(),
            log: log.clone(),
            commands: Arc::clone(&commands),
            outage: Mutex::default(),
            has_session: AtomicBool::new(false),
            connections: AtomicUsize::new(0),
            ended: Arc::clone(&ended),
        };
        let task = tokio::spawn(Arc::new(shared).serve(listener, udp));
        Ok(Self { url, log, commands, ended, task })
    }

    /// What it saw of the client, without the times.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.log.borrow().iter().map(|event| event.seen.clone()).filter(|seen| *seen != Seen::Ended).collect()
    }
}

/// What the connections of a gateway share.
pub(crate) struct Shared {
    pub setup: Setup,
    pub url: String,
    pub commands: Arc<Mutex<Vec<Value>>>,
    /// Whether it has accepted a session, which may be resumed.
    pub has_session: AtomicBool,
    scripts: Mutex<VecDeque<Script>>,
    /// Until when no connection opens, and the status.
    outage: Mutex<(Duration, Option<u16>)>,
    log: watch::Sender<Vec<Event>>,
    connections: AtomicUsize,
    ended: Arc<AtomicUsize>,
}

impl Shared {
    async fn serve(self: Arc<Self>, listener: TcpListener, udp: Option<UdpSocket>) {
        let mut connections = JoinSet::new();
        if let Some(udp) = udp {
            connections.spawn(tell_address(udp));
        }
        loop {
            match listener.accept().await {
                Ok((stream, _)) => drop(connections.spawn(Arc::clone(&self).take(stream))),
                // No more files can be opened: later they can.
                Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
            }
            while connections.try_join_next().is_some() {}
        }
    }

    async fn take(self: Arc<Self>, mut stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        if self.keeps_silent() {
            self.setup.time.advance(SILENCE).await;
            // Until the client has dropped it.
            let _ = stream.readable().await;
            return;
        }
        let number = self.connections.load(Ordering::Relaxed);
        let path = match self.setup.time.within(self.setup.patience, request(&stream)).await {
            Some(Request::Upgrade(path)) => path,
            Some(Request::Http(path)) => return answer(&mut stream, "200 OK", &over_http(&path, &self.url).to_string()).await,
            Some(Request::Nothing) => return,
            Some(Request::Other) | None => return self.saw(number, Seen::Strange("no handshake")),
        };
        let (until, status) = *self.outage.lock().unwrap();
        if self.setup.time.now() < until {
            self.saw(number, Seen::Refused);
            if let Some(status) = status {
                answer(&mut stream, &format!("{status} Unavailable"), "").await;
            }
            return;
        }
        let accepted = self.setup.time.within(self.setup.patience, tokio_tungstenite::accept_async(stream)).await;
        let Some(Ok(socket)) = accepted else { return self.saw(number, Seen::Strange("no handshake")) };
        let number = self.connections.fetch_add(1, Ordering::Relaxed);
        let script = self.scripts.lock().unwrap().pop_front().unwrap_or(self.setup.last);
        let connection = Connection::new(Arc::clone(&self), socket, script, number, path.starts_with("/resume"));
        if let Some(script) = connection.run().await {
            self.scripts.lock().unwrap().push_front(script);
        }
        self.ended.fetch_add(1, Ordering::Relaxed);
    }

    /// Whether the next connection does not even open.
    fn keeps_silent(&self) -> bool {
        let mut scripts = self.scripts.lock().unwrap();
        scripts.front() == Some(&Script::Silent(Stage::Upgrade)) && scripts.pop_front().is_some()
    }

    /// From now on no connection opens for some time.
    pub fn fail(&self, status: Option<u16>) {
        *self.outage.lock().unwrap() = (self.setup.time.now().saturating_add(OUTAGE), status);
    }

    pub fn saw(&self, connection: usize, seen: Seen) {
        self.log.send_modify(|log| log.push(Event { at: self.setup.time.now(), connection, seen }));
    }
}

/// Listens at a port, which another gateway may be about to leave.
async fn listen(port: u16) -> io::Result<TcpListener> {
    let mut attempts = 0..20;
    loop {
        match TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], port))).await {
            Err(error) if error.kind() == io::ErrorKind::AddrInUse && attempts.next().is_some() => {
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            done => return done,
        }
    }
}

/// How a connection begins.
enum Request {
    /// It asks for a web socket at a path.
    Upgrade(String),
    /// It asks for something else at a path.
    Http(String),
    /// It is no HTTP.
    Other,
    /// It was closed before anything came.
    Nothing,
}

/// Looks how a connection begins. What came stays to be read.
async fn request(stream: &TcpStream) -> Request {
    let mut bytes = vec![0; 8192];
    loop {
        let length = match stream.peek(&mut bytes).await {
            Ok(0) | Err(_) => return Request::Nothing,
            Ok(length) => length,
        };
        let text = String::from_utf8_lossy(&bytes[..length]);
        if let (true, Some(path)) = (text.contains("\r\n\r\n"), text.split(' ').nth(1)) {
            let is_upgrade = text.to_ascii_lowercase().contains("upgrade: websocket");
            return if is_upgrade { Request::Upgrade(path.to_owned()) } else { Request::Http(path.to_owned()) };
        }
        if length == bytes.len() {
            return Request::Other;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// Answers a request that was not read yet.
async fn answer(stream: &mut TcpStream, status: &str, body: &str) {
    let mut bytes = vec![0; 8192];
    let _ = stream.read(&mut bytes).await;
    let head = "Content-Type: application/json\r\nConnection: close\r\nContent-Length:";
    let _ = stream.write_all(format!("HTTP/1.1 {status}\r\n{head} {}\r\n\r\n{body}", body.len()).as_bytes()).await;
    let _ = stream.shutdown().await;
}

/// Tells voice clients their own address: 74 bytes, whose first two say whether it is the question or the answer.
async fn tell_address(udp: UdpSocket) {
    let mut packet = [0; 128];
    loop {
        let Ok((74, client)) = udp.recv_from(&mut packet).await else { continue };
        if packet[..2] != [0, 1] {
            continue;
        }
        packet[1] = 2;
        packet[8..72].fill(0);
        let address = client.ip().to_string();
        packet[8..8 + address.len()].copy_from_slice(address.as_bytes());
        packet[72..74].copy_from_slice(&client.port().to_be_bytes());
        let _ = udp.send_to(&packet[..74], client).await;
    }
}
