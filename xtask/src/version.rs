//! `cargo xtask version`: whether the version of the generated crate suits what changed since its last release.

use std::fs;

use clap::Args;
use semver::Version as Number;
use wirecodes_codegen::changes::{Bump, Change, changes, needed, summary};
use wirecodes_codegen::diagnostic::any_error;

use crate::paths::{in_root, root};
use crate::side::listings;
use crate::{End, Ended, git, report};

/// Tell whether the version of the generated crate suits what changed in the tables since its last tag
///
/// Releases are tagged `v1.2.3`. Without a tag there is nothing to compare, which is a warning.
#[derive(Debug, Args)]
#[command(after_help = "Example:
  cargo xtask version")]
pub struct Version {}

impl Version {
    #[allow(clippy::unused_self, reason = "every command is run the same way")]
    pub fn run(self) -> Ended {
        let manifest: toml::Table = fs::read_to_string(root().join("codegen/runtime/manifest.toml"))?.parse()?;
        let version = manifest["package"]["version"].as_str().unwrap_or_default().parse::<Number>()?;
        let describe = git::run(root(), &["describe", "--tags", "--abbrev=0", "--match", "v[0-9]*"]);
        let Ok(tag) = describe.map(|tag| String::from_utf8_lossy(&tag).trim().to_owned()) else {
            anstream::eprintln!("warning: no release is tagged yet (v<version>), so that {version} cannot be checked");
            return Ok(End::Done);
        };
        let released = tag.trim_start_matches('v').parse::<Number>()?;
        let changed = since(&tag)?;
        let least = least(&released, needed(&changed));
        if version < least {
            report::message(&format!("the version {version} does not suit what changed since {tag}: {}", summary(&changed)));
            anstream::eprintln!(
                "help: set `version = \"{least}\"` in codegen/runtime/manifest.toml and Cargo.toml, and run `cargo xtask codegen`"
            );
            return Ok(End::FoundWrong);
        }
        anstream::println!("{version} suits what changed since {tag}: {}", summary(&changed));
        Ok(End::Done)
    }
}

/// What changed in the tables since a tag.
fn since(tag: &str) -> Result<Vec<Change>, Box<dyn std::error::Error>> {
    let codes = in_root("codes");
    let mut diagnostics = Vec::new();
    let old = listings(&format!("{tag}:codes"), &codes, &mut diagnostics);
    let new = listings(&codes.display().to_string(), &codes, &mut diagnostics);
    report::diagnostics(&diagnostics);
    if any_error(&diagnostics) {
        return Err("the tables cannot be compared".into());
    }
    Ok(changes(&old, &new))
}

/// The lowest version that suits a change. Below 1.0 the minor number takes the place of the major one.
fn least(released: &Number, bump: Bump) -> Number {
    let Number { major, minor, patch, .. } = *released;
    match bump {
        Bump::None => released.clone(),
        Bump::Major if major > 0 => Number::new(major + 1, 0, 0),
        Bump::Major => Number::new(0, minor + 1, 0),
        Bump::Policy | Bump::Minor if major > 0 => Number::new(major, minor + 1, 0),
        Bump::Policy | Bump::Minor | Bump::Patch => Number::new(major, minor, patch + 1),
    }
}

#[cfg(test)]
mod tests {
    use super::least;
    use semver::Version as Number;
    use wirecodes_codegen::changes::Bump;

    #[test]
    fn each_change_asks_for_its_version() {
        let ask = |released: &str, bump| least(&released.parse::<Number>().unwrap(), bump).to_string();
        assert_eq!(ask("1.2.3", Bump::None), "1.2.3");
        assert_eq!(ask("1.2.3", Bump::Patch), "1.2.4");
        assert_eq!(ask("1.2.3", Bump::Policy), "1.3.0");
        assert_eq!(ask("1.2.3", Bump::Major), "2.0.0");
        assert_eq!(ask("0.2.3", Bump::Minor), "0.2.4");
        assert_eq!(ask("0.2.3", Bump::Major), "0.3.0");
    }
}
