//! Processes that share a budget through a real Redis, as in `examples/redis_fleet.rs`: one is killed while it has a turn, and the
//! server is killed and forgets all.

#[path = "../examples/redis_fleet.rs"]
mod example;

use std::cell::Cell;
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Mutex, mpsc};
use std::time::{Duration, Instant, SystemTime};
use std::{env, io, thread};

use example::{GatewayBot, SharedFleet, identify};
use wirecodes_tests::skip;

const EVERY: Duration = Duration::from_millis(250);
const PAUSE: Duration = Duration::from_millis(300);
const BUCKETS: u32 = 2;
/// The shards of each process. Each shard starts two sessions, one after the other.
const PROCESSES: [&[u32]; 4] = [&[0, 1], &[3, 4], &[VICTIM], &[5]];
/// This one is killed while it has its first turn.
const VICTIM: u32 = 2;

/// A process that is killed at the end.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A server that keeps nothing on disk. None where it is not installed.
fn start_server(port: u16) -> Option<Process> {
    let mut command = Command::new("redis-server");
    command.args(["--bind", "127.0.0.1", "--port", &port.to_string(), "--save", "", "--appendonly", "no"]);
    let mut server = Process(command.stdout(Stdio::null()).spawn().ok()?);
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert_eq!(server.0.try_wait().expect("its state"), None, "redis-server does not start");
        thread::sleep(Duration::from_millis(2));
    }
    Some(server)
}

/// The same on a free port. Where it is not installed, a line says so.
fn any_server() -> Option<(Process, u16)> {
    let port = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a free port").port();
    let server = start_server(port);
    if server.is_none() {
        skip("redis-server cannot be run");
    }
    Some((server?, port))
}

fn fleet(port: u16, every: Duration, pause: Duration, get_gateway_bot: fn() -> io::Result<GatewayBot>) -> SharedFleet {
    SharedFleet { address: format!("127.0.0.1:{port}"), every, pause, get_gateway_bot, redis: None }
}

/// What one of the processes does: its shards start sessions, and it says what they do and when.
fn process(port: u16, shards: &[u32]) {
    let bot = || Ok(GatewayBot { remaining: 1000, reset_after: Duration::from_hours(1), max_concurrency: BUCKETS });
    let fleet = Mutex::new(fleet(port, EVERY, PAUSE, bot));
    let say = |what: &str, shard: u32| {
        println!("{what}: {shard} {}", SystemTime::UNIX_EPOCH.elapsed().expect("a time after 1970").as_micros());
    };
    thread::scope(|scope| {
        for &shard in shards {
            let (fleet, say) = (&fleet, &say);
            scope.spawn(move || {
                let turns = Cell::new(0);
                let prepare = || {
                    let (what, pause) = match (shard, turns.replace(turns.get() + 1)) {
                        (VICTIM, _) => ("dies", Duration::MAX),
                        (0 | 1, _) => ("in time", PAUSE * 4 / 5),
                        (3 | 4, 0) => ("too late", PAUSE * 2),
                        _ => ("at once", Duration::ZERO),
                    };
                    say(what, shard);
                    thread::sleep(pause);
                };
                for _ in 0..2 {
                    identify(fleet, shard, prepare, || say("sent", shard));
                }
            });
        }
    });
}

/// Starts a process: this program once more, which finds its shards in its environment. Its lines are sent on.
fn start(index: usize, port: u16, lines: &mpsc::Sender<String>) -> Process {
    let mut command = Command::new(env::current_exe().expect("a test knows where it is"));
    command.args(["--exact", "redis::no_identify_is_too_early", "--nocapture"]).env("REDIS_FLEET", format!("{index} {port}"));
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it runs");
    let (output, lines) = (BufReader::new(child.stdout.take().expect("a pipe")), lines.clone());
    thread::spawn(move || output.lines().map_while(Result::ok).try_for_each(|line| lines.send(line)));
    Process(child)
}

/// A line of a process: what, which shard, and the time.
fn event(line: &str) -> Option<(&str, u32, Duration)> {
    let (what, numbers) = line.split_once(": ")?;
    let (shard, time) = numbers.split_once(' ')?;
    Some((what, shard.parse().ok()?, Duration::from_micros(time.parse().ok()?)))
}

#[test]
fn no_identify_is_too_early() {
    if let Ok(process_and_port) = env::var("REDIS_FLEET") {
        let (index, port) = process_and_port.split_once(' ').expect("two numbers");
        return process(port.parse().expect("a port"), PROCESSES[index.parse::<usize>().expect("a process")]);
    }
    let Some((server, port)) = any_server() else { return };
    let mut server = Some(server);
    let (sender, lines) = mpsc::channel();
    let mut processes = [0, 1, 2].map(|index| start(index, port, &sender)).into_iter().collect::<Vec<_>>();
    let mut sender = Some(sender);
    let mut sent = BTreeMap::<u32, Vec<(Duration, u32)>>::new();
    // Its end is that of the last process.
    while let Ok(line) = lines.recv_timeout(Duration::from_secs(20)) {
        match event(&line) {
            Some(("dies", ..)) => processes[2].0.kill().expect("it runs"),
            // Its Identify comes after the server has come back and knows nothing of it, and a further process has started.
            Some(("in time", 1, _)) => {
                if let Some(sender) = sender.take() {
                    drop(server.take());
                    server = start_server(port);
                    processes.push(start(3, port, &sender));
                }
            }
            Some(("sent", shard, time)) => sent.entry(shard % BUCKETS).or_default().push((time, shard)),
            _ => {}
        }
    }
    drop((server, processes));
    let mut up = Vec::new();
    for bucket in sent.values_mut() {
        bucket.sort_unstable();
        for (one, next) in bucket.iter().zip(&bucket[1..]) {
            assert!(next.0 >= one.0 + EVERY, "{next:?} comes too soon after {one:?}");
        }
        up.extend(bucket.iter().map(|(_, shard)| *shard));
    }
    up.sort_unstable();
    assert_eq!(up, [0, 0, 1, 1, 3, 3, 4, 4, 5, 5], "all but the one that was killed");
}

#[test]
fn the_sessions_of_a_day_are_shared() {
    let Some((_server, port)) = any_server() else { return };
    let bot = || Ok(GatewayBot { remaining: 2, reset_after: Duration::from_millis(2500), max_concurrency: 16 });
    let pause = Duration::from_millis(50);
    let mut fleets = [(); 2].map(|()| fleet(port, Duration::from_millis(1), pause, bot));
    let mut turn = |fleet: usize, shard| {
        let start = Instant::now();
        while start.elapsed() < 20 * pause {
            match fleets[fleet].turn(shard) {
                Err(wait) if wait < 2 * pause => thread::sleep(wait),
                answer => return answer,
            }
        }
        panic!("no answer to shard {shard}")
    };
    assert!(turn(0, 0).is_ok() && turn(1, 1).is_ok(), "two buckets, and two sessions are left");
    let wait = turn(0, 2).expect_err("no session is left");
    assert!(turn(1, 3).is_err());
    thread::sleep(wait);
    assert!(turn(1, 3).is_ok(), "the count has started again");
}
