//! `cargo xtask version`: whether the version of the generated crate fits what changed since its last release.

use std::path::{Path, PathBuf};
use std::process::Command;

use clap::Args;
use semver::Version as Number;
use wirecodes_codegen::{Comparison, changes, display_path, summary};

use crate::git::{Git, folder_of};
use crate::paths::in_root;
use crate::side::Sides;
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
        let codes = self.codes.unwrap_or_else(|| in_root("codes"));
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
        let git = Git::new(folder_of(&codes));
        let Some((tag, released)) = last_release(&git) else {
            anstream::eprintln!("warning: no release is tagged (v<version>), so that {version} cannot be checked");
            return Ok(Outcome::Done);
        };
        let Some(comparison) = since(&mut sides, &git, &tag, &codes) else { return Ok(Outcome::Failure) };
        let fits = print_verdict(&comparison, &version, &released, &tag, &codes);
        let fits_lints = semver_checks(&out, &tag);
        Ok(if fits && fits_lints { Outcome::Done } else { Outcome::Failure })
    }
}

/// The newest release that is tagged, of those that the current commit descends from.
fn last_release(git: &Git) -> Option<(String, Number)> {
    let tags = git.text(&["tag", "--merged", "HEAD", "--list", "v*"]).ok()?;
    let release = |tag: &str| Some((tag.to_owned(), tag.strip_prefix('v')?.parse::<Number>().ok()?));
    tags.lines().filter_map(release).max_by(|a, b| a.1.cmp_precedence(&b.1).then_with(|| a.0.cmp(&b.0)))
}

/// What changed in the tables since a tag.
fn since(sides: &mut Sides, git: &Git, tag: &str, codes: &Path) -> Option<Comparison> {
    let path = git.prefix().filter(|prefix| !prefix.is_empty()).unwrap_or_else(|| display_path(codes));
    let old = sides.side_in(git, &format!("{tag}:{path}"), tag, path.trim_end_matches('/'));
    let new = sides.side(&codes.display().to_string());
    match (old, new) {
        (Ok((old, _)), Ok((new, _))) => Some(changes(&old, &new)),
        (old, new) => {
            for diagnostics in [old.err(), new.err()].into_iter().flatten() {
                report::diagnostics(&diagnostics);
            }
            None
        }
    }
}

fn print_verdict(comparison: &Comparison, version: &Number, released: &Number, tag: &str, codes: &Path) -> bool {
    let (needed, summary) = (comparison.needed(), summary(comparison));
    if needed.fits(version, released) {
        anstream::println!("{version} fits what changed in the tables since {tag}: {summary}");
        return true;
    }
    report::error(&format!("the version {version} does not fit what changed in the tables since {tag}: {summary}"));
    let lowest = needed.lowest_version(released);
    report::help(&format!("write `version = \"{lowest}\"` in {}/crate.toml, and run `cargo xtask codegen`", display_path(codes)));
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
