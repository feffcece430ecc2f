//! `cargo xtask man`: the help of the commands as manual pages.

use std::io::{self, Write as _};

use clap::{Args, CommandFactory as _};
use clap_mangen::Man as Page;
use roff::{Roff, roman};
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
        io::stdout().write_all(&page(found)?)?;
        Ok(Outcome::Done)
    }
}

/// The manual page of a command. The examples stand in it as they are typed, each on its line.
fn page(command: &clap::Command) -> io::Result<Vec<u8>> {
    let page = Page::new(command.clone()).source(concat!("wirecodes ", env!("CARGO_PKG_VERSION"))).manual("wirecodes");
    let mut bytes = Vec::new();
    page.render_title(&mut bytes)?;
    page.render_name_section(&mut bytes)?;
    page.render_synopsis_section(&mut bytes)?;
    page.render_description_section(&mut bytes)?;
    page.render_options_section(&mut bytes)?;
    if command.has_subcommands() {
        page.render_subcommands_section(&mut bytes)?;
    }
    let help = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    if let Some((title, lines)) = help.split_once('\n') {
        let mut examples = Roff::new();
        let title = title.trim_end_matches(':').to_uppercase();
        examples.control("SH", [title.as_str()]).control("nf", []).text([roman(lines)]).control("fi", []);
        examples.to_writer(&mut bytes)?;
    }
    Ok(bytes)
}
