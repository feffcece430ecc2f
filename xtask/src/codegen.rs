//! `cargo xtask codegen`: from the tables to the generated crate.

use std::path::{Path, PathBuf};

use clap::Args;
use wirecodes_codegen::load;
use wirecodes_codegen::read::shown;
use wirecodes_codegen::render::render;
use wirecodes_codegen::sync::{Drift, DriftKind, Mode, Owner, sync};

use crate::paths::in_root;
use crate::{End, Ended, report};

/// Generate the crate from the tables
///
/// Reads every table under the folder of tables and writes the generated crate: Rust, documentation and manifest. All
/// mistakes of all tables are reported at once; when there is one, nothing is written.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask codegen            write generated/
  cargo xtask codegen --check    tell whether generated/ is up to date, and write nothing")]
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
    pub fn run(self) -> Ended {
        let codes = self.codes.clone().unwrap_or_else(|| in_root("codes"));
        let out = self.out.clone().unwrap_or_else(|| in_root("generated"));
        let mut diagnostics = Vec::new();
        let registry = load(&codes, &mut diagnostics);
        report::diagnostics(&diagnostics);
        let Some(registry) = registry else { return Ok(End::FoundWrong) };
        let tree = render(&registry);
        let mode = if self.check { Mode::Verify } else { Mode::Write };
        let drift = sync(&tree, &out, mode, Owner::Whole)?;
        let foreign = drift.iter().any(Drift::is_in_the_way);
        if self.check || foreign {
            tell_drift(&drift, &out);
            if drift.is_empty() {
                anstream::println!("{} is up to date: {} files", shown(&out), tree.iter().count());
                return Ok(End::Done);
            }
            self.tell_mend(foreign);
            return Ok(End::FoundWrong);
        }
        tell_written(&drift, &out, tree.iter().count());
        Ok(End::Done)
    }

    fn tell_mend(&self, foreign: bool) {
        let option =
            |name: &str, dir: &Option<PathBuf>| dir.as_ref().map(|dir| format!(" --{name} {}", shown(dir))).unwrap_or_default();
        let command = format!("cargo xtask codegen{}{}", option("codes", &self.codes), option("out", &self.out));
        if foreign {
            report::message("foreign files are in the way; nothing was written");
            anstream::eprintln!("help: move them elsewhere: every file of this folder is generated; then run `{command}`");
        } else {
            report::message("the generated crate is not what the tables say");
            anstream::eprintln!("help: run `{command}` and commit what it writes");
        }
    }
}

pub fn tell_drift(drift: &[Drift], out: &Path) {
    for difference in drift {
        let path = format!("{}/{}", shown(out), difference.path);
        match &difference.kind {
            DriftKind::Missing => anstream::println!("missing  {path}"),
            DriftKind::Stale => anstream::println!("stale    {path} (nothing generates it any more)"),
            DriftKind::Foreign => anstream::println!("foreign  {path} (not generated)"),
            DriftKind::Changed { diff } => anstream::println!("changed  {path}\n{diff}"),
            DriftKind::Edited { diff } => anstream::println!("edited   {path} (by somebody else)\n{diff}"),
        }
    }
}

pub fn tell_written(drift: &[Drift], out: &Path, files: usize) {
    if drift.is_empty() {
        anstream::println!("{} is up to date: {files} files", shown(out));
        return;
    }
    for difference in drift {
        let verb = match difference.kind {
            DriftKind::Stale => "removed",
            DriftKind::Missing => "added  ",
            DriftKind::Changed { .. } | DriftKind::Foreign | DriftKind::Edited { .. } => "changed",
        };
        anstream::println!("{verb}  {}/{}", shown(out), difference.path);
    }
    anstream::println!("{} of {files} files written to {}", drift.len(), shown(out));
}
