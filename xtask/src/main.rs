//! The commands of this repository: `cargo xtask <command>`.
//!
//! One command a file. Results go to standard output, messages to standard error; 0 means done, 1 that something was found
//! wrong, 2 that the command was not understood.

mod ci;
mod codegen;
mod completions;
mod diff;
mod explain;
mod git;
mod history;
mod import;
mod paths;
mod report;
mod side;
mod vendor;
mod version;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Tables of gateway codes, and the crate that is generated from them.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask", version, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    color: colorchoice_clap::Color,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Codegen(codegen::Codegen),
    Import(import::Import),
    Diff(diff::Diff),
    Explain(explain::Explain),
    Vendor(vendor::Vendor),
    Completions(completions::Completions),
    Version(version::Version),
    History(history::History),
    Ci(ci::Ci),
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    cli.color.write_global();
    let ended = match cli.command {
        Command::Codegen(command) => command.run(),
        Command::Import(command) => command.run(),
        Command::Diff(command) => command.run(),
        Command::Vendor(command) => command.run(),
        Command::Explain(command) => command.run(),
        Command::Completions(command) => command.run(),
        Command::Version(command) => command.run(),
        Command::History(command) => command.run(),
        Command::Ci(command) => command.run(),
    };
    match ended {
        Ok(End::Done) => ExitCode::SUCCESS,
        Ok(End::FoundWrong) => ExitCode::from(1),
        Ok(End::BadInput) => ExitCode::from(2),
        Err(failure) => {
            report::failure(failure.as_ref());
            ExitCode::from(1)
        }
    }
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum End {
    /// All is well.
    Done,
    /// Something is wrong, and has been reported.
    FoundWrong,
    /// What was asked for cannot be looked at, which has been reported.
    BadInput,
}

/// What a command returns; an error is one that it could not go on after.
type Ended = Result<End, Box<dyn std::error::Error>>;
