//! `cargo xtask codegen`: from the tables to the generated crate.

use std::path::{Path, PathBuf};

use clap::Args;
use wirecodes_codegen::{Drift, DriftKind, Mode, Owner, Tree, display_path, generate_all, render_schema, sync};

use crate::paths::{folder_option, in_root};
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
        let codes = self.codes.clone().unwrap_or_else(|| in_root("codes"));
        let out = self.out.clone().unwrap_or_else(|| in_root("generated"));
        let Some(registry) = report::registry(&codes) else { return Ok(Outcome::Failure) };
        let tree = generate_all(&registry);
        let mode = if self.check { Mode::Verify } else { Mode::Write };
        let drift = sync(&tree, &out, mode, Owner::Whole)?;
        let is_blocked = drift.iter().any(Drift::blocks);
        let mode_of_schema = if is_blocked { Mode::Verify } else { mode };
        let schema = render_schema();
        let drift_of_schema = sync(&schema, &codes, mode_of_schema, Owner::Rendered)?;
        if drift.is_empty() && drift_of_schema.is_empty() {
            anstream::println!("{} is up to date: {} files", display_path(&out), tree.len());
            return Ok(Outcome::Done);
        }
        if self.check || is_blocked {
            print_drift(&drift, &out);
            print_drift(&drift_of_schema, &codes);
            self.print_fix(is_blocked);
            return Ok(Outcome::Failure);
        }
        print_written(&drift, &tree, &out);
        print_written(&drift_of_schema, &schema, &codes);
        Ok(Outcome::Done)
    }

    fn print_fix(&self, is_blocked: bool) {
        let folders = [folder_option("codes", self.codes.as_deref()), folder_option("out", self.out.as_deref())];
        let command = format!("cargo xtask codegen{}", folders.concat());
        if is_blocked {
            report::error("there are files that were not generated; nothing was written");
            report::help(&format!("move them out of the folder, which has generated files only, and run `{command}`"));
        } else {
            report::error("the generated crate differs from the tables");
            report::help(&format!("run `{command}` and commit what it writes"));
        }
    }
}

/// Prints how a folder differs.
pub fn print_drift(drift: &[Drift], out: &Path) {
    for difference in drift {
        let path = format!("{}/{}", display_path(out), difference.path);
        match &difference.kind {
            DriftKind::Missing => anstream::println!("missing  {path}"),
            DriftKind::Stale => anstream::println!("stale    {path} (no longer generated)"),
            DriftKind::Foreign => anstream::println!("foreign  {path} (not generated)"),
            DriftKind::Changed { diff } => anstream::println!("changed  {path}\n{diff}"),
            DriftKind::Edited { diff } | DriftKind::Overwritten { diff } => {
                anstream::println!("edited   {path} (changed since it was written)\n{diff}");
            }
        }
    }
}

/// Prints what was written, and how much. What a person had changed is printed too, so that nothing is lost without a word.
pub fn print_written(drift: &[Drift], tree: &Tree, out: &Path) {
    let is_removed = |difference: &Drift| tree.get(&difference.path).is_none();
    for difference in drift {
        let path = format!("{}/{}", display_path(out), difference.path);
        match &difference.kind {
            DriftKind::Overwritten { diff } if is_removed(difference) => {
                anstream::println!("removed  {path} (it was edited)\n{diff}");
            }
            DriftKind::Overwritten { diff } => anstream::println!("overwrote  {path} (it was edited)\n{diff}"),
            DriftKind::Stale => anstream::println!("removed  {path}"),
            DriftKind::Missing => anstream::println!("added    {path}"),
            DriftKind::Changed { .. } | DriftKind::Foreign | DriftKind::Edited { .. } => anstream::println!("changed  {path}"),
        }
    }
    let removed = drift.iter().filter(|difference| is_removed(difference)).count();
    let and_removed = if removed == 0 { String::new() } else { format!(", {removed} removed") };
    if !drift.is_empty() {
        anstream::println!("{}: {} written{and_removed}", display_path(out), drift.len() - removed);
    }
}
