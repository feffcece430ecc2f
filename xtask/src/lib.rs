//! The commands of this repository: `cargo xtask <command>`.
//!
//! One command a file: it parses arguments, calls the library, and prints. Results go to standard output, messages to standard
//! error. The exit code is 0 on success, 1 if something is wrong, and 2 for bad usage.

mod audit;
mod built_in;
mod ci;
mod codegen;
mod completions;
mod diff;
mod explain;
mod history;
mod import;
mod paths;
mod report;
mod update;
mod vendor;
mod version;

use std::io::{self, Write as _};
use std::panic;
use std::process::{self, ExitCode};

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

/// Tables of gateway codes, and the crate that is generated from them.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, disable_help_subcommand = true)]
#[command(after_help = "Examples:
  cargo xtask update                          tables and crate after pages changed
  cargo xtask vendor ../bot/vendor/wirecodes  the crate in another project
  cargo xtask diff discord/v6 discord/v10     what breaks between two versions")]
struct Cli {
    #[command(flatten)]
    color: colorchoice_clap::Color,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Codegen(codegen::Codegen),
    Audit(audit::Audit),
    Diff(diff::Diff),
    Explain(explain::Explain),
    History(history::History),
    Version(version::Version),
    Import(Box<import::Import>),
    Update(update::Update),
    Vendor(vendor::Vendor),
    Completions(completions::Completions),
    Ci(ci::Ci),
}

/// Runs the command that the arguments of this process name.
#[must_use]
pub fn main() -> ExitCode {
    exit_quietly_on_broken_pipe();
    let cli = named(Cli::command()).try_get_matches().and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = cli.unwrap_or_else(|said| {
        if said.use_stderr() {
            said.exit();
        }
        // `exit` says nothing of a page that cannot be printed.
        anstream::print!("{}", said.render().ansi());
        process::exit(said.exit_code());
    });
    cli.color.write_global();
    let result = match cli.command {
        Command::Codegen(command) => command.run(),
        Command::Audit(command) => command.run(),
        Command::Diff(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::History(command) => command.run(),
        Command::Version(command) => command.run(),
        Command::Import(command) => command.run(),
        Command::Update(command) => command.run(),
        Command::Vendor(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Ci(command) => command.run(),
    };
    match result {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::Failure) => ExitCode::from(1),
        Ok(Outcome::Usage) => ExitCode::from(2),
        Err(error) => {
            report::error(&error.to_string());
            ExitCode::from(1)
        }
    }
}

/// The commands as whoever runs them calls them. What only this repository needs is not shown elsewhere.
fn named(command: clap::Command) -> clap::Command {
    let program = paths::program();
    let renamed = |command: clap::Command| {
        let help = command.get_after_help().map(|help| help.to_string().replace("cargo xtask", program));
        let is_hidden = program == "wirecodes" && command.get_name() == "ci";
        command.after_help(help.unwrap_or_default()).hide(is_hidden)
    };
    let version = format!("{} (tables of {})", env!("CARGO_PKG_VERSION"), built_in::date());
    renamed(command).mut_subcommands(renamed).name(program).bin_name(program).version(version)
}

/// Exits with 1 instead of panicking when printing fails, and silently on a broken pipe.
fn exit_quietly_on_broken_pipe() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |panicked| {
        let Some(fault) = panicked.payload_as_str().and_then(|text| text.strip_prefix("failed printing to ")) else {
            return usual(panicked);
        };
        if !fault.contains("Broken pipe") {
            let _ = writeln!(io::stderr(), "error: cannot print to {fault}");
        }
        process::exit(1);
    }));
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// It did what was asked.
    Done,
    /// Something is wrong, and has been printed.
    Failure,
    /// The arguments name something that does not exist, which has been printed.
    Usage,
}

/// What a command returns; an error is one that made it stop.
type CommandResult = Result<Outcome, Box<dyn std::error::Error>>;
