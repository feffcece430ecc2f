//! One budget of new sessions for a bot that runs as several processes: they share it through Redis.
//!
//! `cargo run --package wirecodes-tests --example redis_fleet -- 127.0.0.1:6379 0 4` plays the shards 0 and 4 of a bot. Start it
//! several times, with other shards: no two of them send Identify within five seconds.

use std::io::{self, BufRead as _, BufReader, Error, Write as _};
use std::net::TcpStream;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

/// Gives a turn and counts it, both or neither. The answer is 0 if it is given, else in how many milliseconds to ask again, and -1
/// if it is not known how many new sessions are left.
const TURN: &str = "
    local left = redis.call('GET', KEYS[1])
    if not left then return -1 end
    if left == '0' then return redis.call('PTTL', KEYS[1]) + 1 end
    if not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return redis.call('PTTL', KEYS[2]) + 1 end
    redis.call('DECR', KEYS[1])
    return 0";

/// The key that counts the new sessions that are left. A cluster keeps keys with equal braces together.
const LEFT: &str = "{identify}:left";

/// What Get Gateway Bot says.
#[derive(Clone, Copy)]
pub struct GatewayBot {
    /// How many new sessions are left.
    pub remaining: u32,
    /// When their count starts again.
    pub reset_after: Duration,
    /// How many buckets there are.
    pub max_concurrency: u32,
}

/// The budget, as one process sees it. Its reconnectors are made `without_budget`.
pub struct SharedFleet {
    /// Where Redis is.
    pub address: String,
    /// The shortest time between two Identifies of a bucket.
    pub every: Duration,
    /// The longest time that this process takes from asking for a turn to sending.
    pub pause: Duration,
    /// Asks for Get Gateway Bot.
    pub get_gateway_bot: fn() -> io::Result<GatewayBot>,
    /// The connection to Redis, if there is one.
    pub redis: Option<Redis>,
}

impl SharedFleet {
    /// Asks for the turn of a shard. `Ok`: it may send Identify until then. `Err`: it has to ask again after so long.
    pub fn turn(&mut self, shard: u32) -> Result<Instant, Duration> {
        self.ask(shard).unwrap_or_else(|error| {
            eprintln!("Redis, or Get Gateway Bot: {error}");
            self.redis = None;
            Err(self.every / 5)
        })
    }

    fn ask(&mut self, shard: u32) -> io::Result<Result<Instant, Duration>> {
        // So long after a turn was given, its Identify has been sent for as long as the distance, whatever became of it.
        let life = self.every + self.pause;
        let redis = match &mut self.redis {
            Some(redis) => redis,
            none => none.insert(Redis::connect(&self.address)?),
        };
        // The server may have lost its keys. Those who had a turn from it must be waited for.
        let known = life.saturating_sub(redis.since.elapsed());
        if known > Duration::ZERO {
            return Ok(Err(known));
        }
        let max_concurrency = match redis.max_concurrency {
            Some(number) => number,
            None => redis.set_left((self.get_gateway_bot)()?, life)?,
        };
        let key = format!("{{identify}}:{}", shard % max_concurrency);
        // The time counts from before the question: the answer may be late.
        let asked = Instant::now();
        let answer = redis.call(&["EVAL", TURN, "2", LEFT, &key, &shard.to_string(), &life.as_millis().to_string()])?;
        Ok(match answer.strip_prefix(':').and_then(|number| number.parse::<i64>().ok()) {
            Some(0) => Ok(asked + self.pause),
            Some(-1) => {
                redis.max_concurrency = None;
                Err(Duration::ZERO)
            }
            Some(wait) => Err(Duration::from_millis(wait.unsigned_abs())),
            None => return Err(Error::other(answer)),
        })
    }
}

/// Waits for the turn of a shard at Hello, and sends Identify. `prepare` is what the program has to do first.
///
/// # Panics
///
/// If another shard panicked while it asked.
pub fn identify(fleet: &Mutex<SharedFleet>, shard: u32, prepare: impl Fn(), send: impl FnOnce()) {
    loop {
        let turn = fleet.lock().unwrap().turn(shard);
        match turn {
            // A client reads on meanwhile, and sends heartbeats.
            Err(wait) => thread::sleep(wait),
            Ok(until) => {
                prepare();
                // Too late: another shard may have the next turn.
                if Instant::now() < until {
                    return send();
                }
            }
        }
    }
}

/// A connection to Redis: the least of what the crate `redis` does, which also knows passwords and TLS.
pub struct Redis {
    stream: BufReader<TcpStream>,
    since: Instant,
    max_concurrency: Option<u32>,
}

impl Redis {
    fn connect(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_read_timeout(Some(Duration::from_secs(2)))?;
        Ok(Self { stream: BufReader::new(stream), since: Instant::now(), max_concurrency: None })
    }

    /// Sends a command whose answer is one line.
    fn call(&mut self, words: &[&str]) -> io::Result<String> {
        let words: Vec<String> = words.iter().map(|word| format!("${}\r\n{word}\r\n", word.len())).collect();
        self.stream.get_mut().write_all(format!("*{}\r\n{}", words.len(), words.concat()).as_bytes())?;
        let mut answer = String::new();
        self.stream.read_line(&mut answer)?;
        match answer.trim_end() {
            "" => Err(io::ErrorKind::UnexpectedEof.into()),
            error if error.starts_with('-') => Err(Error::other(error)),
            answer => Ok(answer.to_owned()),
        }
    }

    /// Takes up what Get Gateway Bot says, unless another process has, and for a `life` at least. Returns the number of buckets.
    fn set_left(&mut self, bot: GatewayBot, life: Duration) -> io::Result<u32> {
        let reset_after = bot.reset_after.max(life).as_millis();
        self.call(&["SET", LEFT, &bot.remaining.to_string(), "NX", "PX", &reset_after.to_string()])?;
        Ok(*self.max_concurrency.insert(bot.max_concurrency.max(1)))
    }
}

#[allow(dead_code, reason = "the tests play other shards")]
fn main() {
    let mut arguments = std::env::args().skip(1);
    let Some(address) = arguments.next() else {
        return eprintln!("usage: redis_fleet ADDRESS SHARD…");
    };
    let (every, pause) = (Duration::from_secs(5), Duration::from_millis(500));
    // A program asks the API here.
    let get_gateway_bot = || Ok(GatewayBot { remaining: 1000, reset_after: Duration::from_hours(24), max_concurrency: 1 });
    let fleet = Mutex::new(SharedFleet { address, every, pause, get_gateway_bot, redis: None });
    thread::scope(|scope| {
        for shard in arguments.filter_map(|shard| shard.parse().ok()) {
            let fleet = &fleet;
            scope.spawn(move || identify(fleet, shard, || (), || println!("shard {shard} sends Identify")));
        }
    });
}
