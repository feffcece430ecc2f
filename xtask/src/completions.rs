//! `cargo xtask completions`: a script by which a shell completes the commands.

use clap::builder::PossibleValuesParser;
use clap::{Args, Command, CommandFactory as _};
use clap_complete::Shell;
use wirecodes_codegen::{Files, RULES, Registry, load};

use crate::paths::in_root;
use crate::{Cli, CommandResult, Outcome};

/// Print a script by which a shell completes the commands
///
/// It completes the program `xtask`, and with it the editions and tables that there are now. Who types `cargo xtask` gives that
/// the name: `alias xtask='cargo xtask'`.
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
        // The program is called `xtask`: a name with a space would be no word of a shell.
        let mut command = Cli::command().name("xtask").bin_name("xtask");
        // A folder that has mistakes, or none at all, has no names to complete.
        let registry = Files::from_folder(&in_root("codes")).ok().and_then(|files| load(&files).0);
        if let Some(registry) = registry {
            command = with_names(command, &Names::new(&registry));
        }
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut command, "xtask", &mut script);
        anstream::print!("{}", String::from_utf8(script)?);
        Ok(Outcome::Done)
    }
}

/// The names that arguments may have.
struct Names {
    editions: Vec<String>,
    /// Systems and editions.
    selections: Vec<String>,
    /// The files of tables, without `.toml`.
    files: Vec<String>,
}

impl Names {
    fn new(registry: &Registry) -> Self {
        let editions: Vec<String> = registry.editions().map(wirecodes_codegen::Edition::path).collect();
        let systems = registry.systems.iter().map(|system| system.name.clone());
        let selections = systems.chain(editions.iter().cloned()).collect();
        let mut files: Vec<String> = registry.tables().map(|table| table.path.file.clone()).collect();
        files.sort();
        files.dedup();
        Self { editions, selections, files }
    }
}

/// The commands, with the names that some of their arguments may have.
fn with_names(command: Command, names: &Names) -> Command {
    let rules: Vec<String> = RULES.iter().map(|rule| rule.name.to_owned()).collect();
    let arguments = [
        ("diff", "sides", &names.editions),
        ("explain", "asked", &rules),
        ("explain", "edition", &names.selections),
        ("history", "into", &names.editions),
        ("history", "table", &names.files),
        ("import", "into", &names.editions),
        ("import", "like", &names.editions),
        ("import", "accept_removals", &names.files),
        ("update", "editions", &names.editions),
        ("vendor", "only", &names.selections),
    ];
    arguments.into_iter().fold(command, |command, (name, argument, values)| {
        command.mut_subcommand(name, |command| {
            command.mut_arg(argument, |argument| argument.value_parser(PossibleValuesParser::new(values.clone())))
        })
    })
}
