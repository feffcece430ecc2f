//! `cargo xtask completions`: a script by which a shell completes the commands.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::{Cli, End, Ended};

/// Print a script by which a shell completes the commands
#[derive(Debug, Args)]
#[command(after_help = "Example:
  cargo xtask completions bash > ~/.local/share/bash-completion/completions/xtask")]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    #[allow(clippy::unnecessary_wraps, reason = "every command is run the same way")]
    pub fn run(self) -> Ended {
        clap_complete::generate(self.shell, &mut Cli::command(), "xtask", &mut std::io::stdout());
        Ok(End::Done)
    }
}
