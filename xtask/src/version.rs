//! `cargo xtask version`: whether the version of the generated crate fits what changed since its last release.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use semver::Version as Number;
use wirecodes_codegen::{Comparison, Sides, diff};

use crate::paths::{in_root, tables_to_write};
use crate::{CommandResult, Outcome, report};

/// Check whether the version of the generated crate fits what changed in the tables since its last tag
///
/// Releases are tagged `v1.2.3`. Tags that are no versions are skipped. Where cargo-semver-checks is installed, it compares the
/// whole crate with the tag as well.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask version
  cargo xtask version --codes their/codes --out their/crate")]
pub struct Version {
    /// The folder of tables [default: codes]
    #[arg(long, value_name = "DIR")]
    codes: Option<PathBuf>,
    /// The folder of the generated crate [default: generated]
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

impl Version {
    pub fn run(self) -> CommandResult {
        let codes = tables_to_write(self.codes.as_deref())?;
        let out = self.out.unwrap_or_else(|| in_root("generated"));
        let mut sides = Sides::new(&codes);
        let registry = match sides.registry() {
            Ok(registry) => registry,
            Err(diagnostics) => {
                report::diagnostics(&diagnostics);
                return Ok(Outcome::Failure);
            }
        };
        let version = registry.package.version.parse::<Number>()?;
        let last =
            sides.last_release().map_err(|why| format!("whether {version} fits the last release cannot be checked: {why}"))?;
        let Some((tag, released)) = last else {
            anstream::eprintln!("warning: no release is tagged (v<version>), so that {version} cannot be checked");
            return Ok(Outcome::Done);
        };
        let (old, new) = (sides.at_tag(&tag), sides.side(&codes.display().to_string()));
        let (Some(old), Some(new)) = (report::usable(old), report::usable(new)) else { return Ok(Outcome::Failure) };
        let comparison = diff(&old, &new);
        let fits = print_verdict(&comparison, &version, &released, &tag, &codes);
        let fits_lints = semver_checks(&out, &tag);
        Ok(if fits && fits_lints { Outcome::Done } else { Outcome::Failure })
    }
}

fn print_verdict(comparison: &Comparison, version: &Number, released: &Number, tag: &str, codes: &Path) -> bool {
    let (needed, summary) = (comparison.needed(), comparison.summary());
    if needed.fits(version, released) {
        anstream::println!("{version} fits what changed in the tables since {tag}: {summary}");
        return true;
    }
    report::error(&format!("the version {version} does not fit what changed in the tables since {tag}: {summary}"));
    let lowest = needed.lowest_version(released);
    report::help(&format!("write `version = \"{lowest}\"` in {}/crate.toml, and run `cargo xtask codegen`", codes.display()));
    false
}

/// Runs cargo-semver-checks where it is installed: it also sees what is in no table. Whether it found nothing.
fn semver_checks(out: &Path, tag: &str) -> bool {
    let is_installed =
        Command::new("cargo").args(["semver-checks", "--version"]).output().is_ok_and(|output| output.status.success());
    if !is_installed {
        anstream::println!("cargo-semver-checks is not installed: only the tables were compared, not the code that they share");
        return true;
    }
    let manifest = out.join("Cargo.toml");
    let status = Command::new("cargo").args(["semver-checks", "--baseline-rev", tag, "--manifest-path"]).arg(manifest).status();
    if status.is_ok_and(|status| status.success()) {
        anstream::println!("cargo-semver-checks agrees");
        return true;
    }
    report::error(&format!("cargo-semver-checks found changes since {tag} that the version does not allow"));
    false
}
