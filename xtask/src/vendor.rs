//! `cargo xtask vendor`: a copy of the generated crate in another project.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use wirecodes_codegen::{
    Drift, DriftKind, Feature, Form, Layout, Mode, Owner, Registry, Tree, VENDORED, Vendored, add_list, digest, display_path,
    foreign, generate, module_name_fault, quoted, select, sync,
};

use crate::codegen::{print_drift, print_written};
use crate::paths::{folder_option, in_root, root, word};
use crate::{CommandResult, Outcome, report};

/// Copy the generated crate, or a part of it, into another project, or update such a copy
///
/// The copy builds by itself. VENDORED.toml in it records what was selected and what it was made from, so that the same
/// command without options updates it. Files of the copy that were edited are printed, and overwritten only with --force. Other
/// files in the folder are never touched, but --check names them and fails: what is compiled there shall be what was reviewed.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo xtask vendor ../bot/vendor/wirecodes
  cargo xtask vendor ../bot/vendor/wirecodes --only discord/v10 --only websocket
  cargo xtask vendor ../bot/src/codes --as-module
  cargo xtask vendor ../bot/vendor/wirecodes --check")]
pub struct Vendor {
    /// The folder of the copy: new, empty, or an earlier copy
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Copy this system or edition only, with what it needs; may be repeated [default: as the copy was made]
    #[arg(long, value_name = "SYSTEM[/EDITION]")]
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
        let codes = self.codes.clone().unwrap_or_else(|| in_root("codes"));
        let Some(registry) = report::registry(&codes) else { return Ok(Outcome::Failure) };
        let prepared = vendored(&self.folder).and_then(|earlier| self.form(&earlier).map(|form| (earlier, form)));
        let (earlier, form) = match prepared {
            Ok(prepared) => prepared,
            Err(fault) => {
                report::error(&format!("cannot write a copy to {}: {fault}", display_path(&self.folder)));
                return Ok(Outcome::Usage);
            }
        };
        let only = if self.only.is_empty() { &earlier.only } else { &self.only };
        let registry = match select(registry, only) {
            Ok(registry) => registry,
            Err(unknown) => {
                report::error(&unknown);
                return Ok(Outcome::Usage);
            }
        };
        let mut tree = generate(&registry, &form);
        let list = add_list(&registry, only, &form, &earlier, &mut tree);
        let owner = Owner::Listed { list: &list, overwrite: self.force };
        let mode = if self.check { Mode::Verify } else { Mode::Write };
        let mut drift = sync(&tree, &self.folder, mode, owner)?;
        if self.check {
            drift.extend(foreign(&tree, &self.folder, &list)?);
        }
        let outcome = self.print(&drift, &tree);
        if outcome == Outcome::Done && earlier.files.is_empty() {
            self.print_use(&registry, &form);
        }
        Ok(outcome)
    }

    /// What the copy is to be: what it was, as far as the options do not say otherwise.
    fn form(&self, earlier: &Vendored) -> Result<Form, String> {
        let is_module = self.as_module || earlier.module;
        let remembered = earlier.features.clone().filter(|_| earlier.module == is_module);
        let default = || if is_module { BTreeSet::from([Feature::Std]) } else { Feature::ALL.into() };
        let mut features = remembered.unwrap_or_else(default);
        features.extend(self.with.iter().copied().map(Feature::from));
        features.retain(|feature| !self.without.iter().any(|name| Feature::from(*name) == *feature));
        let layout = if is_module { Layout::Module(module_name(&self.folder)?) } else { Layout::Crate };
        Ok(Form { layout, features })
    }

    /// Prints what the other project has to say for a new copy to be used.
    fn print_use(&self, registry: &Registry, form: &Form) {
        let folder = display_path(&self.folder);
        match &form.layout {
            Layout::Crate => {
                let name = &registry.package.name;
                report::help(&format!(
                    "add to the dependencies in Cargo.toml, the path as seen from there: {name} = {{ path = \"{folder}\" }}"
                ));
            }
            Layout::Module(name) => report::help(&format!("add to the file of its parent module: mod {name};")),
        }
        if form.is_module() && form.features.contains(&Feature::Serde) {
            report::help("add to the dependencies in Cargo.toml: serde_core = { version = \"1\", default-features = false }");
        }
    }

    fn print(&self, drift: &[Drift], tree: &Tree) -> Outcome {
        let folder = display_path(&self.folder);
        if drift.is_empty() {
            anstream::println!("{folder} is up to date: {} files", tree.len());
            return Outcome::Done;
        }
        let is_edited = drift.iter().any(|drift| matches!(drift.kind, DriftKind::Edited { .. }));
        if !self.check && !is_edited {
            print_written(drift, tree, &self.folder);
            return Outcome::Done;
        }
        print_drift(drift, &self.folder);
        self.print_fix(drift, is_edited);
        Outcome::Failure
    }

    /// The same command without `--check`.
    fn command(&self) -> String {
        let mut words = vec!["cargo xtask vendor".to_owned(), word(&display_path(&self.folder))];
        words.extend(self.only.iter().map(|name| format!("--only {}", word(name))));
        words.extend(self.as_module.then(|| "--as-module".to_owned()));
        let name = |feature: &FeatureName| feature.to_possible_value().map(|value| value.get_name().to_owned());
        words.extend(self.without.iter().filter_map(name).map(|name| format!("--without {name}")));
        words.extend(self.with.iter().filter_map(name).map(|name| format!("--with {name}")));
        words.join(" ") + &folder_option("codes", self.codes.as_deref())
    }

    fn print_fix(&self, drift: &[Drift], is_edited: bool) {
        let (foreign, others): (Vec<&Drift>, Vec<&Drift>) = drift.iter().partition(|drift| drift.kind == DriftKind::Foreign);
        if is_edited {
            report::error("files of the copy were edited, or other files are in their place; nothing was written");
            report::help("keep your changes outside of the copy, or overwrite them with `--force`");
        } else if !others.is_empty() {
            report::error("the copy differs from the tables");
            report::help(&format!("run `{}`", self.command()));
        }
        if !foreign.is_empty() {
            report::error("there are files in the folder of the copy that are not of it");
            report::help("move them out of the folder; no command touches them");
        }
    }
}

/// The list of an earlier copy; an empty one for a new copy; or why the folder cannot have a copy.
fn vendored(folder: &Path) -> Result<Vendored, String> {
    if let Some(fault) = in_generated(folder) {
        return Err(fault);
    }
    if let Some(file) = folder.ancestors().skip(1).find(|ancestor| ancestor.is_file()) {
        return Err(format!("{} is a file; name another folder", display_path(file)));
    }
    let Ok(metadata) = folder.symlink_metadata() else { return Ok(Vendored::default()) };
    if metadata.is_symlink() {
        return Err("it is a symbolic link; name the folder itself".to_owned());
    }
    if !metadata.is_dir() {
        return Err("it is a file; name a folder".to_owned());
    }
    match has_files(folder) {
        Ok(true) => {}
        Ok(false) => return Ok(Vendored::default()),
        Err(error) => return Err(format!("it cannot be read: {error}")),
    }
    let list = folder.join(VENDORED);
    let is_file = list.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    if !is_file {
        return Err(format!("it is not empty and has no {VENDORED}, so it is not an earlier copy; name a new folder"));
    }
    let text = fs::read_to_string(list).map_err(|error| format!("its {VENDORED} cannot be read: {error}"))?;
    let read = toml::from_str::<Vendored>(&text).map(|mut vendored| {
        // The list cannot contain its own digest; its text is what was written.
        vendored.files.insert(VENDORED.to_owned(), digest(&text.replace("\r\n", "\n")));
        vendored
    });
    read.map_err(|error| format!("its {VENDORED} cannot be read: {}; remove the folder and make the copy again", error.message()))
}

/// The name of the module that a folder is, which is the same from wherever the command is run.
fn module_name(folder: &Path) -> Result<String, String> {
    let full = std::path::absolute(folder).map_err(|error| error.to_string())?;
    let name = full.file_name().unwrap_or_default().to_string_lossy().into_owned();
    match module_name_fault(&name) {
        Some(fault) => Err(format!("a module is called like its folder, but {} {fault}; name another folder", quoted(&name))),
        None => Ok(name),
    }
}

/// Whether there are files below a folder. Names that start with a dot belong to other programs, or to a run that was interrupted.
fn has_files(folder: &Path) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with('.') {
            continue;
        }
        if !entry.file_type()?.is_dir() || has_files(&entry.path())? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether a folder is the generated crate itself, or inside it.
fn in_generated(folder: &Path) -> Option<String> {
    let existing = folder.ancestors().find_map(|ancestor| {
        let ancestor = if ancestor.as_os_str().is_empty() { Path::new(".") } else { ancestor };
        ancestor.canonicalize().ok()
    })?;
    let generated = root().join("generated").canonicalize().ok()?;
    existing.starts_with(generated).then(|| "it is inside the generated crate; name another folder".to_owned())
}
