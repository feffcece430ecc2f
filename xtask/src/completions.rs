//! `cargo xtask completions`: a script by which a shell completes the commands.

use crate::{Cli, CommandResult, Outcome, named, paths};
use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

/// Print a script by which a shell completes the commands
///
/// It completes the installed program; that of `cargo xtask` completes `xtask`, for `alias xtask='cargo xtask'`.
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
        let name = paths::program().trim_start_matches("cargo ");
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut named(Cli::command()).name(name).bin_name(name), name, &mut script);
        anstream::print!("{}", String::from_utf8(script)?);
        Ok(Outcome::Done)
    }
}
