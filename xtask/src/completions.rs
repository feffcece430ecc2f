//! `cargo xtask completions`: a script by which a shell completes the commands.

use crate::{Cli, CommandResult, Outcome};
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

/// Print a script by which a shell completes the commands
///
/// It completes the program `xtask`; for `cargo xtask`, add `alias xtask='cargo xtask'`.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  cargo xtask completions bash > ~/.local/share/bash-completion/completions/xtask")]
pub struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

impl Completions {
    pub fn run(self) -> CommandResult {
        // A completed command is one word.
        let mut command = Cli::command().name("xtask").bin_name("xtask");
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "xtask", &mut script);
        anstream::print!("{}", String::from_utf8(script)?);
        Ok(Outcome::Done)
    }
}
