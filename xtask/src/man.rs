//! `cargo xtask man`: the help of the commands as manual pages.

use std::io::{self, Write as _};

use clap::{Args, CommandFactory as _};
use clap_mangen::Man as Page;
use wirecodes_codegen::{closest, quoted};

use crate::{Cli, CommandResult, Outcome, report};

/// Print the manual page of a command, or an overview of all commands
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask man vendor | man -l -
  cargo xtask man > ~/.local/share/man/man1/xtask.1")]
pub struct Man {
    /// The command [default: an overview of all]
    #[arg(value_name = "COMMAND")]
    command: Option<String>,
}

impl Man {
    pub fn run(self) -> CommandResult {
        let mut command = Cli::command().name("xtask").bin_name("xtask");
        command.build();
        let found = match &self.command {
            None => &command,
            Some(name) => {
                let Some(found) = command.find_subcommand(name) else {
                    let names = command.get_subcommands().map(clap::Command::get_name);
                    report::error(&format!("no command is called {}", quoted(name)));
                    if let Some(near) = closest(name, names) {
                        report::help(&format!("did you mean {}?", quoted(near)));
                    }
                    return Ok(Outcome::Usage);
                };
                found
            }
        };
        let mut page = Vec::new();
        Page::new(found.clone()).render(&mut page)?;
        io::stdout().write_all(&page)?;
        Ok(Outcome::Done)
    }
}
