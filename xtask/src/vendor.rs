//! `cargo xtask vendor`: a copy of the generated crate in one's own tree.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::Args;
use wirecodes_codegen::load;
use wirecodes_codegen::model::Registry;
use wirecodes_codegen::read::shown;
use wirecodes_codegen::render::render;
use wirecodes_codegen::sync::{Drift, Mode, Owner, fingerprint, sync};
use wirecodes_codegen::vendor::{MANIFEST, Manifest, add_manifest, only};

use crate::codegen::{tell_drift, tell_written};
use crate::paths::{in_root, root};
use crate::{End, Ended, report};

/// Copy the generated crate, whole or part, into a folder of your own, or bring such a copy up to date
///
/// The copy builds alone. VENDORED.toml in it tells what it was made from. Files of yours beside it are never touched; files
/// of the copy that you have edited are reported, and overwritten only with --force.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask vendor ../bot/vendor/wirecodes
  cargo xtask vendor ../bot/vendor/wirecodes --only discord/v10
  cargo xtask vendor ../bot/vendor/wirecodes --only discord/v10 --check")]
pub struct Vendor {
    /// The folder of the copy: new, empty, or an earlier copy
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Copy this edition alone, with what it needs; may be repeated
    #[arg(long, value_name = "SYSTEM/EDITION")]
    only: Vec<String>,
    /// Write nothing; print every difference, and fail if there is one
    #[arg(long)]
    check: bool,
    /// Overwrite files of the copy that were edited
    #[arg(long)]
    force: bool,
    /// The folder of tables [default: codes]
    #[arg(long, value_name = "DIR")]
    codes: Option<PathBuf>,
}

impl Vendor {
    pub fn run(self) -> Ended {
        let codes = self.codes.clone().unwrap_or_else(|| in_root("codes"));
        let mut diagnostics = Vec::new();
        let registry = load(&codes, &mut diagnostics);
        report::diagnostics(&diagnostics);
        let Some(registry) = registry else { return Ok(End::FoundWrong) };
        if let Some(unknown) = self.unknown_edition(&registry) {
            report::message(&unknown);
            return Ok(End::BadInput);
        }
        let manifest = match manifest(&self.folder)? {
            Ok(manifest) => manifest,
            Err(fault) => {
                report::message(&format!("cannot vendor into {}: {fault}", shown(&self.folder)));
                return Ok(End::BadInput);
            }
        };
        let registry = only(registry, &self.only);
        let mut tree = render(&registry);
        add_manifest(&registry, &mut tree);
        let owner = if self.force { Owner::ListedAndForced(&manifest.files) } else { Owner::Listed(&manifest.files) };
        let mode = if self.check { Mode::Verify } else { Mode::Write };
        let drift = sync(&tree, &self.folder, mode, owner)?;
        if !self.check && !drift.iter().any(Drift::is_in_the_way) {
            tell_written(&drift, &self.folder, tree.iter().count());
            return Ok(End::Done);
        }
        tell_drift(&drift, &self.folder);
        if drift.is_empty() {
            anstream::println!("{} is up to date", shown(&self.folder));
            return Ok(End::Done);
        }
        if drift.iter().any(Drift::is_in_the_way) {
            report::message("files of the copy were edited, or others stand in their place; nothing was written");
            anstream::eprintln!("help: keep your changes outside of the copy, or overwrite them with `--force`");
        } else {
            report::message("the copy is not what the tables say");
            anstream::eprintln!("help: run the same command without `--check`");
        }
        Ok(End::FoundWrong)
    }

    /// What is wrong with `--only`, if anything is.
    fn unknown_edition(&self, registry: &Registry) -> Option<String> {
        let editions: Vec<String> =
            registry.systems.iter().flat_map(|system| &system.editions).map(wirecodes_codegen::model::Edition::path).collect();
        let unknown = self.only.iter().find(|edition| !editions.contains(edition))?;
        Some(format!("no edition is called {unknown}; there are {}", editions.join(", ")))
    }
}

/// The list of an earlier copy; an empty one for a new copy; or why the folder cannot hold a copy.
fn manifest(folder: &Path) -> io::Result<Result<Manifest, String>> {
    let Ok(metadata) = folder.symlink_metadata() else { return Ok(in_generated(folder).map_or(Ok(Manifest::default()), Err)) };
    if metadata.is_symlink() {
        return Ok(Err("it is a symbolic link; name the folder itself".to_owned()));
    }
    if !metadata.is_dir() {
        return Ok(Err("it is a file; name a folder".to_owned()));
    }
    if let Some(fault) = in_generated(folder) {
        return Ok(Err(fault));
    }
    if fs::read_dir(folder)?.next().is_none() {
        return Ok(Ok(Manifest::default()));
    }
    let Ok(text) = fs::read_to_string(folder.join(MANIFEST)) else {
        return Ok(Err(format!("it is not empty and has no {MANIFEST}, so that it is not a copy of ours; name a new folder")));
    };
    let read = toml::from_str::<Manifest>(&text).map(|mut manifest| {
        // The list cannot hold its own fingerprint; what it says is what was written.
        manifest.files.insert(MANIFEST.to_owned(), fingerprint(&text));
        manifest
    });
    Ok(read.map_err(|error| format!("its {MANIFEST} cannot be read: {}; remove the folder, and vendor anew", error.message())))
}

/// Whether a folder is the generated crate itself, or inside it.
fn in_generated(folder: &Path) -> Option<String> {
    let existing = folder.ancestors().find_map(|ancestor| {
        let ancestor = if ancestor.as_os_str().is_empty() { Path::new(".") } else { ancestor };
        ancestor.canonicalize().ok()
    })?;
    let generated = root().join("generated").canonicalize().ok()?;
    existing.starts_with(generated).then(|| "it is inside of the generated crate; name a folder elsewhere".to_owned())
}
