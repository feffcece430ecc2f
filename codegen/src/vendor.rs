//! A copy of the generated crate in another project: all of it or a part, as a crate or a module, with a list of what it was
//! made from.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::model::{Date, Edition, Registry, TablePath, fault_of_module};
use crate::output::{
    Drift, DriftKind, Feature, Form, Layout, List, Mode, Owner, SyncError, Tree, altered, drift_text, foreign, is_among_tables,
    is_inside, present, sync, written_text,
};
use crate::render::generate;
use crate::text::{SourceFile, did_you_mean, digest, display_path, quoted};

/// The name of the list.
const VENDORED: &str = "VENDORED.toml";

/// What a copy was made from, and which files it has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
struct Vendored {
    /// The version of the generated crate.
    version: String,
    /// The commit of the tables that it was made from, where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<String>,
    /// The systems, editions and tables that were selected; all of them if it is empty.
    #[serde(default)]
    only: Vec<String>,
    /// Whether it is a module of another crate.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    module: bool,
    /// The features that it has; those that its kind of copy has by default if they are not listed.
    #[serde(skip_serializing_if = "Option::is_none")]
    features: Option<BTreeSet<Feature>>,
    /// The tables that it has, with the document of each.
    #[serde(default)]
    table: Vec<Origin>,
    /// Its files, with the digest of each as it was written.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// The digests of earlier texts that may still be there, because an update was interrupted.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    replaced: BTreeMap<String, Vec<String>>,
}

/// What is asked of a copy, besides what an earlier one was asked.
#[derive(Clone, Debug, Default)]
pub struct VendorOptions<'a> {
    /// The folder of tables, which no copy is written into.
    pub codes: Option<&'a Path>,
    /// The folder of the generated crate, which no copy is written into.
    pub generated: Option<&'a Path>,
    /// The commit of the tables, where that is known.
    pub revision: Option<String>,
    /// The systems, editions and tables; as the copy was made, if it is empty.
    pub only: Vec<String>,
    /// Whether it is a module of the crate around it.
    pub as_module: bool,
    /// Features to leave out.
    pub without: Vec<Feature>,
    /// Features to have.
    pub with: Vec<Feature>,
    /// Whether nothing is written.
    pub check: bool,
    /// Whether files that were edited are overwritten.
    pub force: bool,
}

/// What became of a copy.
#[derive(Debug, Default)]
pub struct Vendoring {
    /// Why what was asked cannot be done.
    pub usage: Option<String>,
    /// What to print as the result.
    pub text: String,
    /// What is wrong, and how to fix it.
    pub faults: Vec<(&'static str, Option<&'static str>)>,
    /// What the other project has to say for a new copy to be used.
    pub advice: Vec<String>,
}

/// Makes, updates or checks a copy of the generated crate in a folder.
///
/// # Errors
///
/// If a file cannot be read or written.
pub fn vendor(registry: Registry, folder: &Path, options: &VendorOptions<'_>) -> Result<Vendoring, SyncError> {
    let name = display_path(folder);
    let (registry, only, form, earlier) = match prepared(registry, folder, options) {
        Ok(prepared) => prepared,
        Err(usage) => return Ok(Vendoring { usage: Some(usage), ..Vendoring::default() }),
    };
    let mut tree = generate(&registry, &form);
    let made_from = Vendored { revision: options.revision.clone(), only, ..Vendored::default() };
    let list = add_list(&registry, made_from, &form, &earlier, &mut tree);
    let owner = Owner::Listed { list: &list, overwrite: options.force };
    let mut drift = sync(&tree, folder, if options.check { Mode::Verify } else { Mode::Write }, owner)?;
    if options.check {
        drift.extend(foreign(&tree, folder, &list)?);
    }
    let faults = faults(&drift, options.check);
    let text = match (drift.is_empty(), options.check || !faults.is_empty()) {
        (true, _) => format!("{name} is up to date: {} files\n", tree.len()),
        (false, true) => drift_text(&drift, folder),
        (false, false) => written_text(&drift, &tree, folder),
    };
    let advice = if faults.is_empty() { advice(folder, &registry, &form, &earlier) } else { Vec::new() };
    Ok(Vendoring { usage: None, text, faults, advice })
}

/// What the copy is to have and to be, and what it was; or why what was asked cannot be done.
fn prepared(
    registry: Registry,
    folder: &Path,
    options: &VendorOptions<'_>,
) -> Result<(Registry, Vec<String>, Form, Vendored), String> {
    let fault = |fault: String| format!("cannot write a copy to {}: {fault}", display_path(folder));
    if let Some(among) = options.codes.and_then(|codes| is_among_tables(folder, codes)) {
        return Err(fault(among));
    }
    let earlier = earlier(folder, options.generated).map_err(fault)?;
    let form = form(folder, options, &earlier).map_err(fault)?;
    let only = if options.only.is_empty() { earlier.only.clone() } else { options.only.clone() };
    Ok((select(registry, &only)?, only, form, earlier))
}

/// What is wrong with a copy, each with how to fix it; nothing where the same command without `--check` does.
fn faults(drift: &[Drift], check: bool) -> Vec<(&'static str, Option<&'static str>)> {
    let (foreign, others): (Vec<&Drift>, Vec<&Drift>) = drift.iter().partition(|drift| drift.kind == DriftKind::Foreign);
    let mut faults = Vec::new();
    if others.iter().any(|drift| matches!(drift.kind, DriftKind::Edited(_))) {
        let help = "keep your changes outside of the copy, or overwrite them with `--force`";
        faults.push(("the copy has local changes; nothing was written", Some(help)));
    } else if check && !others.is_empty() {
        faults.push(("the copy differs from the tables", None));
    }
    if !foreign.is_empty() {
        let help = "move them out of the folder; no command touches them";
        faults.push(("the folder has files that are not part of the copy", Some(help)));
    }
    faults
}

/// Holds a copy against its own list alone, without the tables.
///
/// # Errors
///
/// If a file cannot be read.
pub fn check_copy(folder: &Path) -> Result<Vendoring, SyncError> {
    let name = display_path(folder);
    let listed = earlier(folder, None)
        .and_then(|listed| if listed.files.is_empty() { Err("it is no copy".to_owned()) } else { Ok(listed) });
    let listed = match listed {
        Ok(listed) => listed.files,
        Err(fault) => return Ok(Vendoring { usage: Some(format!("cannot check {name}: {fault}")), ..Vendoring::default() }),
    };
    let count = listed.len();
    let digests = listed.into_iter().map(|(path, digest)| (path, vec![digest])).collect();
    let drift = altered(folder, &List { digests, ..List::default() })?;
    if drift.is_empty() {
        return Ok(Vendoring { text: format!("{name} is as it was written: {count} files\n"), ..Vendoring::default() });
    }
    let help = "make the copy again with `vendor --force`, and move files that are not part of it out of the folder";
    Ok(Vendoring {
        text: drift_text(&drift, folder),
        faults: vec![("the copy is not as it was written", Some(help))],
        ..Vendoring::default()
    })
}

/// What the other project has to say for a copy to be used, as far as it did not for the earlier one.
fn advice(folder: &Path, registry: &Registry, form: &Form, earlier: &Vendored) -> Vec<String> {
    let is_new = earlier.files.is_empty();
    let package = &registry.package.name;
    // The manifest of the project around the copy, and the path from there.
    let whole = folder.canonicalize().unwrap_or_else(|_| folder.to_owned());
    let around = whole.ancestors().skip(1).find(|around| around.join("Cargo.toml").is_file());
    let path = around.and_then(|around| whole.strip_prefix(around).ok()).map(display_path);
    let manifest = around.map_or_else(|| "Cargo.toml".to_owned(), |around| display_path(&around.join("Cargo.toml")));
    let add = |line: String| format!("add to the dependencies in {manifest}: {line}");
    let as_seen = || format!("{package} = {{ path = \"{}\" }}, the path as seen from there", display_path(folder));
    let Layout::Module(name) = &form.layout else {
        let line = path.map_or_else(as_seen, |path| format!("{package} = {{ path = \"{path}\" }}"));
        return is_new.then(|| add(line)).into_iter().collect();
    };
    let is_new_serde = form.features.contains(&Feature::Serde)
        && !(earlier.module && earlier.features.as_ref().is_some_and(|features| features.contains(&Feature::Serde)));
    let serde = is_new_serde.then(|| add("serde_core = { version = \"1\", default-features = false }".to_owned()));
    is_new.then(|| format!("add to the file of its parent module: mod {name};")).into_iter().chain(serde).collect()
}

/// What the copy is to be: what it was, as far as the options do not say otherwise.
fn form(folder: &Path, options: &VendorOptions<'_>, earlier: &Vendored) -> Result<Form, String> {
    let is_module = options.as_module || earlier.module;
    let remembered = earlier.features.clone().filter(|_| earlier.module == is_module);
    let default = || if is_module { BTreeSet::from([Feature::Std]) } else { Feature::ALL.into() };
    let mut features = remembered.unwrap_or_else(default);
    features.extend(options.with.iter().copied());
    features.retain(|feature| !options.without.contains(feature));
    let layout = if is_module { Layout::Module(module_name(folder)?) } else { Layout::Crate };
    Ok(Form { layout, features })
}

/// The list of an earlier copy; an empty one for a new copy; or why the folder cannot have a copy.
fn earlier(folder: &Path, generated: Option<&Path>) -> Result<Vendored, String> {
    if generated.is_some_and(|generated| is_inside(folder, generated)) {
        return Err("it is inside the generated crate; name another folder".to_owned());
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
    if present(folder).map_err(|error| format!("it cannot be read: {}", error.error))?.is_empty() {
        return Ok(Vendored::default());
    }
    let list = folder.join(VENDORED);
    let is_file = list.symlink_metadata().is_ok_and(|metadata| metadata.is_file());
    if !is_file {
        return Err(format!("it is not empty and has no {VENDORED}, so it is not an earlier copy; name a new folder"));
    }
    let text = &SourceFile::read(&list).map_err(|error| format!("{VENDORED}: {}", error.message))?.text;
    let read = toml::from_str::<Vendored>(text).map(|mut vendored| {
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
    match fault_of_module(&name) {
        Some(fault) => Err(format!("a module is called like its folder, but {} {fault}; name another folder", quoted(&name))),
        None => Ok(name),
    }
}

impl Vendored {
    fn to_text(&self) -> String {
        let header =
            "# Written by `cargo xtask vendor`: what this copy was made from, and the digest of each file as it was written.\n\n";
        format!("{header}{}", toml::to_string(self).unwrap_or_default())
    }
}

/// Where a table comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
struct Origin {
    /// Its edition and file.
    name: String,
    /// The document.
    document: String,
    /// The date of the document.
    date: Date,
    /// The revision of the document, where known.
    #[serde(skip_serializing_if = "Option::is_none")]
    revision: Option<String>,
}

/// The selected systems, editions and tables, and the tables that they extend; all of them if none was selected.
///
/// # Errors
///
/// If a selection names none of them: a sentence that says what there is.
fn select(mut registry: Registry, only: &[String]) -> Result<Registry, String> {
    let mut wanted: BTreeSet<TablePath> = BTreeSet::new();
    for name in only {
        let is_of = |path: &&TablePath| [path.system.clone(), path.edition_path(), path.to_string()].contains(name);
        let mut selected = registry.tables().map(|table| &table.path).filter(is_of).cloned().peekable();
        if selected.peek().is_none() {
            return Err(unknown(&registry, name));
        }
        wanted.extend(selected);
    }
    let extended = |wanted: &BTreeSet<TablePath>| -> Vec<TablePath> {
        let tables = registry.tables().filter(|table| wanted.contains(&table.path));
        tables.filter_map(|table| table.fallback.as_ref()?.extends.clone()).collect()
    };
    let mut known = 0;
    while known < wanted.len() {
        known = wanted.len();
        wanted.extend(extended(&wanted));
    }
    if only.is_empty() {
        return Ok(registry);
    }
    for system in &mut registry.systems {
        system.editions.iter_mut().for_each(|edition| edition.tables.retain(|table| wanted.contains(&table.path)));
        system.editions.retain(|edition| !edition.tables.is_empty());
    }
    registry.systems.retain(|system| !system.editions.is_empty());
    Ok(registry)
}

fn unknown(registry: &Registry, name: &str) -> String {
    let editions: Vec<String> = registry.editions().map(Edition::path).collect();
    let tables = registry.tables().map(|table| table.path.to_string());
    let names: Vec<String> =
        registry.systems.iter().map(|system| system.name.clone()).chain(editions.iter().cloned()).chain(tables).collect();
    let near = did_you_mean(name, names.iter().map(String::as_str)).map(|near| format!(" {near}")).unwrap_or_default();
    format!("no system, edition or table is called {};{near} the editions are {}", quoted(name), editions.join(", "))
}

/// Adds the list of all files to a tree, and returns it with the digests of an earlier copy.
fn add_list(registry: &Registry, made_from: Vendored, form: &Form, earlier: &Vendored, tree: &mut Tree) -> List {
    let origins = registry.tables().filter_map(|table| {
        let source = table.source.as_ref()?;
        Some(Origin {
            name: table.path.to_string(),
            document: source.document.to_string(),
            date: source.date,
            revision: source.revision.as_ref().map(ToString::to_string),
        })
    });
    let files: BTreeMap<String, String> = tree.iter().map(|(path, text)| (path.to_owned(), digest(text))).collect();
    // A copy of the same texts is as old as it was: other commits changed nothing of it.
    let is_same = earlier.files.iter().filter(|(path, _)| *path != VENDORED).eq(&files);
    let list = Vendored {
        version: registry.package.version.clone(),
        revision: if is_same { earlier.revision.clone() } else { made_from.revision },
        only: made_from.only,
        module: form.is_module(),
        features: Some(form.features.clone()),
        table: origins.collect(),
        files,
        replaced: BTreeMap::new(),
    };
    tree.insert(VENDORED, list.to_text());
    // For each file the digests of the texts that may have been written there.
    let mut digests = earlier.replaced.clone();
    for (path, digest) in &earlier.files {
        digests.entry(path.clone()).or_default().push(digest.clone());
    }
    let mut replaced = digests.clone();
    // The list cannot contain its own digest.
    replaced.remove(VENDORED);
    List { path: VENDORED.to_owned(), digests, while_writing: Vendored { replaced, ..list }.to_text() }
}
