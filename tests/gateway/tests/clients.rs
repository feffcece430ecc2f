//! Clients that are wrong in one way each, and the example client, which is right in all.

#[path = "../../examples/gateway_client.rs"]
mod client;

use std::time::Duration;

use client::{Access, Client, after_opcode, gateway, voice};
use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};
use wirecodes::discord::v10::{GatewayCloseCode, GatewayOpcode, VoiceCloseCode, VoiceOpcode};
use wirecodes_gateway::endings::{Ending, endings};
use wirecodes_gateway::judge::{Observation, Verdict, judge};
use wirecodes_gateway::loopback::{Event, Seen, Setup};
use wirecodes_gateway::play::play;
use wirecodes_gateway::report::{Row, text};
use wirecodes_gateway::time::{Time, VirtualTime};

impl client::Time for VirtualTime {
    fn now(&self) -> Duration {
        self.now()
    }

    async fn pause(&self, delay: Duration) {
        self.pause(delay);
    }

    async fn until(&self, moment: Duration) {
        self.until(moment).await;
    }
}

fn of_discord(is_voice: bool) -> impl Iterator<Item = Ending> {
    endings().into_iter().filter(move |ending| ending.edition == "discord/v10" && ending.messages.is_voice == is_voice)
}

fn setup() -> Setup {
    let (patience, interval, life) = (Duration::from_millis(1500), Duration::from_millis(100), Duration::from_millis(20));
    Setup { patience, start: 2 * patience, interval, life, ..Setup::new(Time::real()) }
}

/// What a wrong client does: whether it closes, and what it sends on its second connection.
#[derive(Clone, Copy)]
enum Wrong {
    /// It never connects.
    Absent,
    /// It opens a socket, sends this, and waits.
    Socket(&'static [u8]),
    /// It opens a web socket, sends so many texts, and waits.
    Texts(usize, &'static str),
    /// It does not notice that the connection has ended.
    Asleep,
    /// It ends itself before the gateway ends the connection.
    Leaves,
    /// It ends itself after that.
    Gone,
    /// It opens a new session at once.
    Starts,
    /// It resumes at once: whether at the main URL, from how many messages before the last one, having closed with a code.
    Resumes(bool, u64, Option<u16>),
    /// It connects again, and says nothing.
    Mute,
    /// It resumes an old session, which is refused, and then is right.
    Late,
}

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

async fn open(url: &str) -> Socket {
    let (mut socket, _) = connect_async(url).await.expect("the gateway listens");
    receive(&mut socket).await.expect("it greets");
    socket
}

/// Opens a socket, without a handshake.
async fn send_raw(url: &str, bytes: &[u8]) -> TcpStream {
    let mut stream =
        TcpStream::connect(url.trim_start_matches("ws://").trim_end_matches('/')).await.expect("the gateway listens");
    stream.write_all(bytes).await.expect("it takes bytes");
    stream
}

async fn receive(socket: &mut Socket) -> Option<Value> {
    let message = socket.next().await?.ok()?;
    serde_json::from_str(message.to_text().ok()?).ok()
}

async fn send(socket: &mut Socket, payload: Value) {
    let _ = socket.send(Message::text(payload.to_string())).await;
}

async fn identify(socket: &mut Socket, is_voice: bool) {
    send(socket, json!({ "op": if is_voice { 0 } else { 2 }, "d": { "token": "token" } })).await;
}

/// A client of the main gateway that joins a channel, and learns where the voice server is.
async fn join(url: &str) -> (Socket, String) {
    let mut main = open(url).await;
    identify(&mut main, false).await;
    send(&mut main, json!({ "op": 4, "d": { "guild_id": "1", "channel_id": "2" } })).await;
    loop {
        let event = receive(&mut main).await.expect("an event");
        if let Some(endpoint) = event["d"]["endpoint"].as_str() {
            return (main, format!("ws://{endpoint}"));
        }
    }
}

/// Runs a wrong client until it does nothing more.
async fn be_wrong(wrong: Wrong, is_voice: bool, main: String) {
    if let Wrong::Absent = wrong {
        return std::future::pending().await;
    }
    if is_voice {
        let (_main, url) = join(&main).await;
        return lives(wrong, true, url).await;
    }
    let Wrong::Late = wrong else { return lives(wrong, false, main).await };
    let mut socket = open(&main).await;
    send(&mut socket, json!({ "op": 6, "d": { "session_id": "session-0", "seq": 40 } })).await;
    assert_eq!(receive(&mut socket).await, Some(json!({ "op": 9, "d": false })));
    drop(socket);
    sleep(Duration::from_millis(50)).await;
    // The sequence of the second connection is one further.
    lives(Wrong::Resumes(false, u64::MAX, None), false, main).await;
}

async fn lives(wrong: Wrong, is_voice: bool, url: String) {
    if let Wrong::Socket(bytes) = wrong {
        let _stream = send_raw(&url, bytes).await;
        return sleep(Duration::from_secs(9)).await;
    }
    let mut socket = open(&url).await;
    if let Wrong::Texts(count, text) = wrong {
        for _ in 0..count {
            let _ = socket.send(Message::text(text)).await;
        }
        return sleep(Duration::from_secs(9)).await;
    }
    identify(&mut socket, is_voice).await;
    let ready = receive(&mut socket).await.unwrap_or_default();
    match wrong {
        Wrong::Asleep => return std::future::pending().await,
        Wrong::Leaves => return,
        _ => {}
    }
    if let Wrong::Resumes(_, _, Some(code)) = wrong {
        while receive(&mut socket).await.is_some_and(|message| message["op"] != 7) {}
        let _ = socket.close(Some(CloseFrame { code: code.into(), reason: "".into() })).await;
    }
    while receive(&mut socket).await.is_some() {}
    match wrong {
        Wrong::Resumes(at_main, missing, _) => {
            let resume_url = ready["d"]["resume_gateway_url"].as_str().unwrap_or(&url);
            let mut again = open(if at_main { &url } else { resume_url }).await;
            let data = json!({ "session_id": ready["d"]["session_id"], "seq": 40_u64.wrapping_sub(missing) });
            send(&mut again, json!({ "op": if is_voice { 7 } else { 6 }, "d": data })).await;
        }
        Wrong::Starts => identify(&mut open(&url).await, is_voice).await,
        Wrong::Mute => {
            let _open = open(&url).await;
            std::future::pending::<()>().await;
        }
        _ => {}
    }
}

const RESUMES: Wrong = Wrong::Resumes(false, 0, None);

#[rustfmt::skip]
const CASES: [(&str, bool, Wrong, Verdict); 29] = [
    ("dropped", false, RESUMES, Verdict::Right),
    ("dropped", false, Wrong::Late, Verdict::Right),
    ("4004", false, Wrong::Gone, Verdict::Right),
    ("4004", false, Wrong::Asleep, Verdict::Right),
    ("4004", false, RESUMES, Verdict::ResumedNotStopped),
    ("4004", false, Wrong::Starts, Verdict::StartedNotStopped),
    ("dropped", false, Wrong::Starts, Verdict::StartedNotResumed),
    ("4007", false, RESUMES, Verdict::ResumedNotStarted),
    ("4007", false, Wrong::Starts, Verdict::TooEarly),
    ("refused-4004", false, Wrong::Gone, Verdict::Right),
    ("refused-4004", false, Wrong::Starts, Verdict::StartedNotStopped),
    ("refused-4000", false, Wrong::Starts, Verdict::TooEarly),
    ("refused", true, Wrong::Starts, Verdict::NotAsked),
    ("dropped", false, Wrong::Gone, Verdict::Silent),
    ("dropped", false, Wrong::Asleep, Verdict::Silent),
    ("dropped", false, Wrong::Mute, Verdict::Strange("neither Identify nor Resume")),
    ("dropped", false, Wrong::Resumes(true, 0, None), Verdict::WrongUrl),
    ("dropped", false, Wrong::Resumes(false, 1, None), Verdict::WrongSession),
    ("opcode-7", false, Wrong::Resumes(false, 0, Some(1000)), Verdict::WrongCloseCode),
    ("opcode-7", false, Wrong::Resumes(false, 0, Some(4000)), Verdict::Right),
    ("4006", true, Wrong::Starts, Verdict::NotAsked),
    ("dropped", true, RESUMES, Verdict::Right),
    ("4000", false, Wrong::Leaves, Verdict::Strange("closed before the ending")),
    ("4000", false, Wrong::Absent, Verdict::NeverConnected),
    ("4000", false, Wrong::Socket(b"GET / HTTP/1.1\r\n"), Verdict::Strange("no handshake")),
    ("4000", false, Wrong::Socket(&[0xff; 9000]), Verdict::Strange("no handshake")),
    ("4000", false, Wrong::Texts(1, "{]"), Verdict::Strange("a message that is no JSON with an opcode")),
    ("4000", false, Wrong::Texts(20_000, r#"{"op":3}"#), Verdict::Strange("too many messages")),
    ("no-heartbeat-ack", false, Wrong::Asleep, Verdict::Strange("no heartbeat")),
];

#[tokio::test]
async fn wrong_clients_get_their_verdict() {
    let mut running = JoinSet::new();
    for (name, is_voice, wrong, verdict) in CASES {
        let ending = of_discord(is_voice).find(|ending| ending.name == name).expect(name);
        running.spawn(async move {
            let life = if let Wrong::Leaves = wrong { Duration::from_secs(9) } else { setup().life };
            let setup = Setup { life, ..setup() };
            let played = play(&ending, &setup, |url| be_wrong(wrong, is_voice, url));
            let observation = tokio::time::timeout(Duration::from_secs(12), played).await.expect("it ends").unwrap();
            assert_eq!(observation.verdict, verdict, "{name}: {observation:?}");
        });
    }
    running.join_all().await;
}

/// A client that tries again after a second, then after so many times the last wait. Whether a good session ends that.
async fn try_again(times: u32, resets: bool, time: &VirtualTime, url: String) {
    let (mut wait, mut session) = (Duration::from_secs(1), Value::Null);
    loop {
        if let Ok((mut socket, _)) = connect_async(&url).await {
            receive(&mut socket).await;
            let opening = if session.is_null() {
                json!({ "op": 2, "d": { "token": "token" } })
            } else {
                json!({ "op": 6, "d": { "session_id": session, "seq": 40 } })
            };
            send(&mut socket, opening).await;
            while let Some(message) = receive(&mut socket).await {
                if message["t"] == "READY" {
                    session = message["d"]["session_id"].clone();
                }
                send(&mut socket, json!({ "op": 1, "d": null })).await;
            }
            if resets {
                wait = Duration::from_secs(1);
            }
        }
        time.pause(wait);
        wait *= times;
    }
}

#[tokio::test]
async fn waits_grow_and_start_again() {
    for name in ["outage", "outage-503"] {
        let ending = of_discord(false).find(|ending| ending.name == name).expect(name);
        for (times, resets, verdict) in [(2, true, Verdict::Right), (1, true, Verdict::NotSlower), (2, false, Verdict::NotReset)]
        {
            let time = VirtualTime::new();
            let setup = Setup::new(Time::Virtual(time.clone()));
            let observation = play(&ending, &setup, |url| try_again(times, resets, &time, url)).await.unwrap();
            assert_eq!(observation.verdict, verdict, "{name}: {observation:?}");
        }
    }
}

/// What clients of the tests would need seconds for.
#[test]
fn waits_count_from_where_they_should() {
    let identify = Seen::Identify { token: "token".to_owned() };
    let resume = Seen::Resume { session: "session-0".to_owned(), sequence: 40, at_resume_url: false };
    // The next message, its time in milliseconds, and its connection. The session lived from 0 to 1 s.
    for (name, seen, millis, connection, verdict) in [
        // New sessions keep their distance: five seconds from Identify to Identify.
        ("4007", &identify, 5000, 1, Verdict::Right),
        ("4007", &identify, 4900, 1, Verdict::TooEarly),
        // The policy says to wait one second, from the message on.
        ("opcode-9-lost", &identify, 2000, 0, Verdict::Right),
        ("opcode-9-lost", &identify, 1900, 0, Verdict::TooEarly),
        // There is no other URL where there is no other connection.
        ("opcode-9", &resume, 2000, 0, Verdict::Right),
        ("opcode-9", &resume, 2000, 1, Verdict::WrongUrl),
    ] {
        let ending = of_discord(false).find(|ending| ending.name == name).expect(name);
        let events = [(0, 0, &identify), (1000, 0, &Seen::Ended), (millis, connection, seen)];
        let log = events.map(|(at, connection, seen)| Event { at: Duration::from_millis(at), connection, seen: seen.clone() });
        assert_eq!(judge(&ending, &log).verdict, verdict, "{name}: {log:?}");
    }
}

/// The example client, whose clock moves when it waits.
async fn example(time: &VirtualTime, is_voice: bool, url: String) {
    let protocol = gateway(after_opcode::<GatewayCloseCode, GatewayOpcode>);
    let access = Access { url, token: "token".to_owned() };
    if !is_voice {
        let (client, _handle) = Client::new(protocol, time);
        client.run(&access).await;
        return;
    }
    let main_time = VirtualTime::new();
    let (main, mut handle) = Client::new(protocol, &main_time);
    let (client, _commands) = Client::new(voice(after_opcode::<VoiceCloseCode, VoiceOpcode>), time);
    let join = json!({ "op": GatewayOpcode::VoiceStateUpdate.code(), "d": { "guild_id": "1", "channel_id": "2" } });
    tokio::select! {
        _ = client.run_voice(&mut handle, &join) => {}
        _ = main.run(&access) => {}
        // The time for an event that overrules a stop goes by.
        () = async { loop { sleep(Duration::from_millis(10)).await; time.advance(Duration::from_millis(500)); } } => {}
    }
}

#[tokio::test]
async fn the_example_client_is_right() {
    let mut rows = Vec::new();
    for ending in of_discord(false).chain(of_discord(true)) {
        let time = VirtualTime::new();
        let setup = Setup { voice_scheme: "ws://", ..Setup::new(Time::Virtual(time.clone())) };
        let observation = play(&ending, &setup, |url| example(&time, ending.messages.is_voice, url)).await.unwrap();
        rows.push(Row { ending, observation });
    }
    let is_right = |Row { observation: Observation { verdict, .. }, .. }: &Row| *verdict == Verdict::Right;
    assert!(rows.len() > 50 && rows.iter().all(is_right), "{}", text(&rows));
}

/// Runs the program, and returns its exit code and what it printed.
fn program(arguments: &str) -> (Option<i32>, String, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_wirecodes-gateway"));
    let output = command.args(arguments.split(' ')).output().expect("it starts");
    let text = |bytes| String::from_utf8(bytes).expect("it prints text");
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn the_program_says_what_is_wrong() {
    for (arguments, message) in [
        ("--all --edition discord/v9 -- true", "no connection of `discord/v9` can be played; there are: discord/v10"),
        ("--play 4999999 -- true", "no ending is called `4999999`; there are: 1000, 1001"),
        ("--play 4000 -- no-such-program", "cannot start `no-such-program`"),
        ("--edition discord/v10", "--play <ENDING>"),
    ] {
        let (code, _, stderr) = program(arguments);
        assert!(code == Some(2) && stderr.contains(message), "{arguments}: {code:?} {stderr}");
    }
    let (code, stdout, _) = program("--play 4000 --play opcode-7 --format json -- true");
    let rows: Value = serde_json::from_str(&stdout).expect("it prints JSON");
    assert_eq!((code, rows.as_array().map(Vec::len)), (Some(1), Some(2)), "{rows}");
    assert_eq!(rows[0]["verdict"], "never connected");
    let (code, stdout, _) = program("--help");
    assert!(code == Some(0) && stdout.contains("cargo gateway --all -- node bot.js"), "{stdout}");
}

/// One port for one client after another, as those that are started by hand use it.
#[tokio::test]
async fn endings_follow_each_other_at_one_port() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for ending in of_discord(false).filter(|ending| ["dropped", "no-code"].contains(&ending.name.as_str())) {
        let setup = Setup { port, ..setup() };
        let observation = play(&ending, &setup, |url| be_wrong(RESUMES, false, url)).await.unwrap();
        assert_eq!(observation.verdict, Verdict::Right);
    }
}

/// A library asks over HTTP where the gateway is, and who it is.
#[tokio::test]
async fn a_client_may_ask_where_the_gateway_is() {
    let ending = of_discord(false).next().expect("an ending");
    let ask = |url: String| async move {
        drop(send_raw(&url, b"").await);
        // Nobody else can: all addresses of this machine's loopback begin like this one.
        let port = url.trim_end_matches('/').rsplit(':').next().expect("a port");
        assert!(TcpStream::connect(format!("127.0.0.2:{port}")).await.is_err(), "{url}");
        for (path, expected) in
            [("/api/v10/gateway/bot?x=1", url.as_str()), ("/api/users/@me", "\"username\":\"bot\""), ("/", "{}")]
        {
            let mut stream = send_raw(&url, format!("GET {path} HTTP/1.1\r\n\r\n").as_bytes()).await;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).await.unwrap();
            assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.contains(expected), "{path}: {answer}");
        }
    };
    let observation = play(&ending, &setup(), ask).await.unwrap();
    assert_eq!(observation.verdict, Verdict::NeverConnected);
}
