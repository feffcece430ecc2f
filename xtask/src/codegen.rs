//! `cargo xtask codegen`: from the tables to the generated crate.

use std::path::PathBuf;

use clap::Args;
use wirecodes_codegen::build;

use crate::paths::{folder_option, in_root, tables_to_write};
use crate::{CommandResult, Outcome, report};

/// Generate the crate from the tables
///
/// Reads every table and writes the generated crate: Rust, documentation and manifest. All mistakes of all tables are printed
/// at once; when there is one, nothing is written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask codegen            write generated/
  cargo xtask codegen --check    print whether generated/ is up to date, and write nothing
  cargo xtask codegen --codes their/codes --out their/crate")]
pub struct Codegen {
    /// Write nothing; print every difference, and fail if there is one
    #[arg(long)]
    check: bool,
    /// The folder of tables [default: codes]
    #[arg(long, value_name = "DIR")]
    codes: Option<PathBuf>,
    /// The folder of the generated crate [default: generated]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Codegen {
    pub fn run(self) -> CommandResult {
        let codes = tables_to_write(self.codes.as_deref())?;
        let out = self.out.clone().unwrap_or_else(|| in_root("generated"));
        let Some(registry) = report::registry(Some(&codes)) else { return Ok(Outcome::Failure) };
        let built = build(&registry, &codes, &out, self.check)?;
        anstream::print!("{}", built.text);
        if !built.differs {
            return Ok(Outcome::Done);
        }
        let folders = [folder_option("codes", self.codes.as_deref()), folder_option("out", self.out.as_deref())];
        let command = format!("cargo xtask codegen{}", folders.concat());
        if built.is_blocked {
            report::error("there are files that were not generated; nothing was written");
            report::help(&format!("move them out of the folder, which has generated files only, and run `{command}`"));
        } else {
            report::error("the generated crate differs from the tables");
            report::help(&format!("run `{command}` and commit what it writes"));
        }
        Ok(Outcome::Failure)
    }
}
