//! `cargo gateway`: plays the endings of an edition to a client, and says whether it does what it should.

use std::io::{self, Write as _};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::Arc;
use std::time::Duration;

use clap::{Parser, ValueEnum};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use wirecodes_gateway::endings::{Ending, endings};
use wirecodes_gateway::judge::Verdict;
use wirecodes_gateway::loopback::Setup;
use wirecodes_gateway::play::play;
use wirecodes_gateway::report::{Row, json, text};
use wirecodes_gateway::time::Time;

/// Test how a client reconnects: end its connection in every way, and watch what it does then
///
/// The gateway listens on the loopback interface and answers GET /gateway/bot too. Each ending is played to a client without a
/// session. With a command, it starts the client for each ending, with the URL in the variable `GATEWAY_URL` and in place of {url}. Without
/// one it waits for a client that somebody else starts, again and again.
#[derive(Debug, Parser)]
#[command(name = "cargo gateway", bin_name = "cargo gateway", version)]
#[command(after_help = "Examples:
  cargo gateway --all -- node bot.js       the client is started for each ending
  cargo gateway --play 4014 --port 8080    ws://127.0.0.1:8080/ waits for a client
  cargo gateway --all --voice --patience 30 --format json -- python bot.py")]
struct Cli {
    /// Whose codes and policies
    #[arg(long, value_name = "SYSTEM/EDITION", default_value = "discord/v10")]
    edition: String,
    /// Play the endings of the voice connection
    #[arg(long)]
    voice: bool,
    /// Play these endings: a close code, refused-4004, no-code, dropped, outage, outage-503, no-heartbeat-ack, opcode-7 …
    #[arg(long, value_name = "ENDING", required_unless_present = "all")]
    play: Vec<String>,
    /// Play all endings
    #[arg(long, conflicts_with = "play")]
    all: bool,
    /// How long to wait for a client that stays silent, after the longest wait that is right
    #[arg(long, value_name = "SECONDS", default_value_t = 15, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    patience: u64,
    /// The time between two heartbeats
    #[arg(long, value_name = "SECONDS", default_value_t = 2, value_parser = clap::value_parser!(u64).range(1..=3600))]
    heartbeat: u64,
    /// Where to listen [default: any free port]
    #[arg(long, default_value_t = 0, hide_default_value = true)]
    port: u16,
    /// How many clients to run at the same time
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u64).range(1..=64))]
    jobs: u64,
    /// Show what the client prints
    #[arg(long)]
    show_client: bool,
    /// How to print it
    #[arg(long, value_enum, default_value_t = Format::Text)]
    format: Format,
    /// The client, and its arguments
    #[arg(last = true)]
    client: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// For readers
    Text,
    /// For programs
    Json,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = match chosen(&cli) {
        Ok(endings) => run(&cli, endings).await.map_err(|error| error.to_string()),
        Err(error) => Err(error),
    };
    let rows = match result {
        Ok(rows) => rows,
        Err(error) => {
            eprintln!("error: {error}");
            return ExitCode::from(2);
        }
    };
    let shown = if cli.format == Format::Json { format!("{:#}\n", json(&rows)) } else { text(&rows) };
    // A reader that has seen enough is no error.
    let _ = io::stdout().write_all(shown.as_bytes());
    let is_right = rows.iter().all(|row| row.observation.verdict == Verdict::Right);
    if is_right { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// The endings that were asked for.
fn chosen(cli: &Cli) -> Result<Vec<Ending>, String> {
    let all = endings();
    if all.iter().all(|ending| ending.edition != cli.edition) {
        let mut known: Vec<&str> = all.iter().map(|ending| ending.edition).collect();
        known.dedup();
        return Err(format!("no connection of `{}` can be played; there are: {}", cli.edition, known.join(", ")));
    }
    let fits = |ending: &Ending| ending.edition == cli.edition && ending.messages.is_voice == cli.voice;
    let all: Vec<Ending> = all.into_iter().filter(fits).collect();
    if let Some(unknown) = cli.play.iter().find(|name| all.iter().all(|ending| ending.name != **name)) {
        let known: Vec<&str> = all.iter().map(|ending| ending.name.as_str()).collect();
        return Err(format!("no ending is called `{unknown}`; there are: {}", known.join(", ")));
    }
    Ok(all.into_iter().filter(|ending| cli.all || cli.play.contains(&ending.name)).collect())
}

/// Plays the endings, each to a client of its own.
async fn run(cli: &Cli, endings: Vec<Ending>) -> io::Result<Vec<Row>> {
    let by_hand = cli.client.is_empty();
    let patience = Duration::from_secs(cli.patience);
    let setup = Setup {
        port: cli.port,
        patience,
        start: if by_hand { patience.max(Duration::from_mins(1)) } else { patience },
        interval: Duration::from_secs(cli.heartbeat),
        life: Duration::from_millis(500),
        ..Setup::new(Time::real())
    };
    if by_hand {
        return run_by_hand(setup, endings).await;
    }
    // One port is for one client at a time.
    let most = if cli.port == 0 { usize::try_from(cli.jobs).unwrap_or(1) } else { 1 };
    let places = Arc::new(Semaphore::new(most));
    let mut running = JoinSet::new();
    for (at, ending) in endings.into_iter().enumerate() {
        let (setup, command, places) = (setup.clone(), cli.client.clone(), Arc::clone(&places));
        let is_shown = cli.show_client;
        running.spawn(async move {
            let _place = places.acquire().await;
            let mut started = Ok(());
            let observation = play(&ending, &setup, async |url| started = run_client(&command, &url, is_shown).await).await;
            started.and(observation).map(|observation| (at, Row { ending, observation }))
        });
    }
    let mut rows = Vec::new();
    while let Some(row) = running.join_next().await {
        let (at, row) = row.expect("no task panics")?;
        eprintln!("{}: {}", row.ending.name, row.observation.verdict);
        rows.push((at, row));
    }
    rows.sort_by_key(|(at, _)| *at);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}

/// Plays the endings to clients that somebody else starts, all at the same port.
async fn run_by_hand(mut setup: Setup, endings: Vec<Ending>) -> io::Result<Vec<Row>> {
    if setup.port == 0 {
        setup.port = std::net::TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
    }
    let (mut rows, count) = (Vec::new(), endings.len());
    for ending in endings {
        eprintln!("{}: start the client with ws://127.0.0.1:{}/", ending.name, setup.port);
        let observation = play(&ending, &setup, |_| std::future::pending()).await?;
        eprintln!("{}: {}", ending.name, observation.verdict);
        let is_absent = observation.verdict == Verdict::NeverConnected;
        rows.push(Row { ending, observation });
        if is_absent {
            let (seconds, left) = (setup.start.as_secs(), count - rows.len());
            eprintln!("no client connected within {seconds} s; endings that were not played: {left}");
            break;
        }
    }
    Ok(rows)
}

/// A client that ends with the test.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts a client, and waits until it has ended by itself.
async fn run_client(command: &[String], url: &str, is_shown: bool) -> io::Result<()> {
    let mut words = command.iter().map(|word| word.replace("{url}", url));
    let program = words.next().unwrap_or_default();
    let mut command = Command::new(&program);
    command.args(words).env("GATEWAY_URL", url).stdin(Stdio::null());
    let output = || if is_shown { Stdio::from(io::stderr()) } else { Stdio::null() };
    command.stdout(output()).stderr(output());
    let started = command.spawn().map_err(|error| io::Error::other(format!("cannot start `{program}`: {error}")));
    let mut running = Running(started?);
    while running.0.try_wait()?.is_none() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(())
}
