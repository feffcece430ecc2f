//! `cargo xtask vendor`: a copy of the generated crate in another project.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use wirecodes_codegen::{Feature, VendorOptions, Vendoring, check_copy, revision_of, vendor};

use crate::paths::{folder_option, repository, tables, word};
use crate::{CommandResult, Outcome, built_in, report};

/// Copy the generated crate, or a part of it, into another project, or update such a copy
///
/// The copy builds by itself. VENDORED.toml in it records what was selected and what it was made from, so that the same
/// command without options updates it. Files of the copy that were edited are printed, and overwritten only with --force. Other
/// files in the folder are never touched, but --check names them and fails: what is compiled there shall be what was reviewed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask vendor ../bot/vendor/wirecodes
  cargo xtask vendor ../bot/vendor/wirecodes --only discord/v10 --only websocket
  cargo xtask vendor ../bot/src/codes --as-module --only discord/v10/gateway-close-codes
  cargo xtask vendor ../bot/vendor/wirecodes --check
  cargo xtask vendor ../bot/vendor/wirecodes --check --offline")]
#[allow(clippy::struct_excessive_bools, reason = "each is an option of the command")]
pub struct Vendor {
    /// The folder of the copy: new, empty, or an earlier copy
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Copy this system, edition or table only, with what it needs; may be repeated [default: as the copy was made]
    #[arg(long, value_name = "SYSTEM[/EDITION[/TABLE]]")]
    only: Vec<String>,
    /// Copy it as a module of the crate around DIR, which then says `mod <name of DIR>;`
    #[arg(long)]
    as_module: bool,
    /// Leave out the code of this feature; may be repeated [default: a crate has all features]
    #[arg(long, value_name = "FEATURE", value_enum)]
    without: Vec<FeatureName>,
    /// Have the code of this feature; may be repeated [default: a module has `std`, and needs no other crate]
    #[arg(long, value_name = "FEATURE", value_enum)]
    with: Vec<FeatureName>,
    /// Write nothing; print every edited, missing, changed, old and foreign file, and fail if there is one
    #[arg(long)]
    check: bool,
    /// Check the copy against its own list alone, without the tables: whether anything was edited
    #[arg(long, requires = "check", conflicts_with_all = ["only", "as_module", "with", "without", "codes"])]
    offline: bool,
    /// Overwrite files of the copy that were edited, and print what was changed in them
    #[arg(long)]
    force: bool,
    /// The folder of tables [default: codes]
    #[arg(long, value_name = "DIR")]
    codes: Option<PathBuf>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum FeatureName {
    /// Codes as bare numbers; needs the crate `serde_core`
    Serde,
    /// Errors as those of `std`
    Std,
}

impl From<FeatureName> for Feature {
    fn from(name: FeatureName) -> Self {
        match name {
            FeatureName::Serde => Self::Serde,
            FeatureName::Std => Self::Std,
        }
    }
}

impl Vendor {
    pub fn run(self) -> CommandResult {
        if let Some(name) = self.with.iter().find(|name| self.without.contains(name)).and_then(FeatureName::to_possible_value) {
            let name = name.get_name();
            report::error(&format!("`--with {name}` and `--without {name}` contradict each other; leave one of them out"));
            return Ok(Outcome::Usage);
        }
        let Some(vendored) = (if self.offline { Some(check_copy(&self.folder)?) } else { self.vendored()? }) else {
            return Ok(Outcome::Failure);
        };
        if let Some(fault) = &vendored.usage {
            report::error(fault);
            return Ok(Outcome::Usage);
        }
        anstream::print!("{}", vendored.text);
        for (fault, help) in &vendored.faults {
            report::error(fault);
            let command = || format!("run `{}`", self.command());
            report::help(&help.map_or_else(command, str::to_owned));
        }
        vendored.advice.iter().for_each(|advice| report::help(advice));
        Ok(if vendored.faults.is_empty() { Outcome::Done } else { Outcome::Failure })
    }

    /// What became of the copy, unless the tables cannot be read.
    fn vendored(&self) -> Result<Option<Vendoring>, Box<dyn std::error::Error>> {
        let codes = tables(self.codes.as_deref());
        let Some(registry) = report::registry(codes.as_deref()) else { return Ok(None) };
        let features = |names: &[FeatureName]| names.iter().copied().map(Feature::from).collect();
        let generated = repository().map(|root| root.join("generated"));
        let options = VendorOptions {
            codes: codes.as_deref(),
            generated: generated.as_deref(),
            revision: codes.as_deref().map_or_else(|| built_in::REVISION.map(str::to_owned), revision_of),
            only: self.only.clone(),
            as_module: self.as_module,
            without: features(&self.without),
            with: features(&self.with),
            check: self.check,
            force: self.force,
        };
        Ok(Some(vendor(registry, &self.folder, &options)?))
    }

    /// The same command without `--check`.
    fn command(&self) -> String {
        let mut words = vec!["cargo xtask vendor".to_owned(), word(&self.folder)];
        words.extend(self.only.iter().map(|name| format!("--only {}", word(Path::new(name)))));
        words.extend(self.as_module.then(|| "--as-module".to_owned()));
        let name = |feature: &FeatureName| feature.to_possible_value().map(|value| value.get_name().to_owned());
        words.extend(self.without.iter().filter_map(name).map(|name| format!("--without {name}")));
        words.extend(self.with.iter().filter_map(name).map(|name| format!("--with {name}")));
        words.join(" ") + &folder_option("codes", self.codes.as_deref())
    }
}
