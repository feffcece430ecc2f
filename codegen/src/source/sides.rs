//! One side of a comparison, as it is named on the command line: an edition, a table, a folder of tables or a page, now or at a
//! revision.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use semver::Version;

use super::git::Git;
use super::pages::read_tables;
use super::store::{Kind, Store};
use crate::diff::Side;
use crate::model::{Edition, Registry};
use crate::read::lowered;
use crate::text::{Diagnostic, Files, Severity, SourceFile, closest, did_you_mean, display_path, quoted};

/// Reads sides; a folder that two of them need is read once.
pub struct Sides {
    codes: PathBuf,
    registries: BTreeMap<String, Arc<Registry>>,
}

/// A side and the warnings about it, or the errors that make it unusable.
pub type Found = Result<(Side, Vec<Diagnostic>), Vec<Diagnostic>>;

impl Sides {
    /// With a folder of tables, in which editions are looked for.
    #[must_use]
    pub fn new(codes: &Path) -> Self {
        Self { codes: codes.to_owned(), registries: BTreeMap::new() }
    }

    /// With tables that are in no folder.
    ///
    /// # Errors
    ///
    /// If they have an error.
    pub fn of(files: &Files) -> Result<Self, Vec<Diagnostic>> {
        let registries = BTreeMap::from([(String::new(), Arc::new(lowered(files)?))]);
        Ok(Self { codes: PathBuf::new(), registries })
    }

    /// Reads a side as it was named on the command line.
    pub fn side(&mut self, name: &str) -> Found {
        match name.split_once(':') {
            Some((revision, place)) if !Path::new(name).exists() => self.at_revision(name, revision, place),
            _ => {
                let codes = self.codes.to_string_lossy().into_owned();
                if let Some(edition) = edition_of(name).filter(|edition| self.editions().contains(edition)) {
                    let registry = self.folder(&Store::Disk, &codes, name)?;
                    return found(name, registry, edition);
                }
                self.in_store(&Store::Disk, name, name)
            }
        }
    }

    /// A side of pages. Rows that cannot be read are warnings: the others are compared.
    pub fn pages(name: &str, sources: &[Arc<SourceFile>]) -> Found {
        let (tables, diagnostics): (Vec<_>, Vec<_>) = sources.iter().map(read_tables).unzip();
        let (side, mut diagnostics) = (Side::from_page(name, tables.concat()), diagnostics.concat());
        for diagnostic in &mut diagnostics {
            diagnostic.severity = Severity::Warning;
        }
        if side.is_empty() {
            diagnostics.push(no_tables(name));
            return Err(diagnostics);
        }
        Ok((side, diagnostics))
    }

    /// The registry of the folder of tables.
    pub fn registry(&mut self) -> Result<Arc<Registry>, Vec<Diagnostic>> {
        let codes = self.codes.to_string_lossy().into_owned();
        self.folder(&Store::Disk, &codes, &codes)
    }

    /// The newest release that is tagged, of those that the current commit descends from, and its version.
    ///
    /// # Errors
    ///
    /// If it is not known whether there is one: the tables are in no repository, or in a shallow clone of one.
    pub fn last_release(&self) -> Result<Option<(String, Version)>, String> {
        let git = Git::open(&folder_of(&self.codes))?;
        let tags = git.text(&["tag", "--merged", "HEAD", "--list", "v*"])?;
        let release = |tag: &str| Some((tag.to_owned(), tag.strip_prefix('v')?.parse::<Version>().ok()?));
        let newest = tags.lines().filter_map(release).max_by(|a, b| a.1.cmp_precedence(&b.1).then_with(|| a.0.cmp(&b.0)));
        if newest.is_none() && git.is_shallow()? {
            return Err("the clone is shallow and has no tag; fetch the whole history: `git fetch --unshallow --tags`".to_owned());
        }
        Ok(newest)
    }

    /// The folder of tables at a revision of the repository that it is in.
    pub fn at_tag(&mut self, revision: &str) -> Found {
        let (root, store) = self.commit_of(&folder_of(&self.codes), revision)?;
        let name = format!("{revision}:{root}");
        let side = self.in_store(&store, &name, &root);
        with_revision(side, revision)
    }

    /// An edition of the folder of tables, if the revision has it, or else what is at the path.
    fn at_revision(&mut self, name: &str, revision: &str, place: &str) -> Found {
        if let Some(edition) = edition_of(place) {
            let (root, store) = self.commit_of(&folder_of(&self.codes), revision)?;
            let folder = if root.is_empty() { edition.clone() } else { format!("{root}/{edition}") };
            if store.kind(&folder)?.is_some() {
                let registry = self.folder(&store, &root, name)?;
                return with_revision(found(name, registry, edition), revision);
            }
        }
        let (_, store) = self.commit_of(Path::new("."), revision)?;
        with_revision(self.in_store(&store, name, place.trim_matches('/')), revision)
    }

    /// A commit of the repository around a folder, and the path of the folder of tables in it.
    fn commit_of(&self, folder: &Path, revision: &str) -> Result<(String, Store), Vec<Diagnostic>> {
        let git = Git::open(folder).map_err(|error| vec![unknown_revision(None, revision).help(error.to_string())])?;
        let Some(commit) = git.commit(revision) else { return Err(vec![unknown_revision(Some(&git), revision)]) };
        Ok((self.root_in(&git), Store::Commit { git, commit }))
    }

    /// The path of the folder of tables, from the root of the repository.
    fn root_in(&self, git: &Git) -> String {
        let root = if self.codes.is_dir() { git.prefix().to_owned() } else { display_path(&self.codes) };
        root.trim_end_matches('/').to_owned()
    }

    /// A side by its path.
    fn in_store(&mut self, store: &Store, name: &str, place: &str) -> Found {
        let is_disk = matches!(store, Store::Disk);
        match store.kind(place)? {
            None if is_disk => Err(vec![self.unknown(name)]),
            None => Err(vec![no_tables(name)]),
            Some(Kind::File) if !is_table(place) => Self::pages(name, &[store.text(place)?]),
            Some(Kind::File) => self.table(store, name, place),
            Some(Kind::Folder) => {
                let names = store.names(place)?;
                let is_edition = names.iter().any(|name| is_table(name)) && !names.iter().any(|name| name == "crate.toml");
                let edition = whole(store, place).and_then(|whole| below(&whole, 2)).filter(|_| is_edition);
                let (path, root) = match edition {
                    Some((edition, root)) => (edition, root),
                    None => (String::new(), PathBuf::from(place)),
                };
                let registry = self.folder(store, &nearest(store, &root), name)?;
                found(name, registry, path)
            }
        }
    }

    /// A table, in the folder of tables that it is in, or else alone.
    fn table(&mut self, store: &Store, name: &str, place: &str) -> Found {
        if let Some((table, root)) = whole(store, place).and_then(|whole| below(&whole.with_extension(""), 3))
            && let Ok(registry) = self.folder(store, &nearest(store, &root), name)
            && registry.tables().any(|other| other.path.to_string() == table)
        {
            return found(name, registry, table);
        }
        let mut files = Files::new("");
        let stem = Path::new(place).file_stem().unwrap_or_default().to_string_lossy();
        files.insert_source(format!("{ALONE}/{stem}.toml"), store.text(place)?);
        let registry = lowered(&files)?;
        found(name, Arc::new(registry), format!("{ALONE}/{stem}"))
    }

    fn folder(&mut self, store: &Store, path: &str, name: &str) -> Result<Arc<Registry>, Vec<Diagnostic>> {
        let key = match store {
            Store::Disk => path.to_owned(),
            Store::Commit { commit, .. } => format!("{commit}:{path}"),
        };
        if let Some(registry) = self.registries.get(&key) {
            return Ok(Arc::clone(registry));
        }
        let files = store.files(path)?;
        if files.paths().next().is_none() {
            return Err(vec![no_tables(name)]);
        }
        let registry = Arc::new(lowered(&files)?);
        self.registries.insert(key, Arc::clone(&registry));
        Ok(registry)
    }

    /// What is near a name that names no side: an edition, or the file of a table.
    fn unknown(&self, name: &str) -> Diagnostic {
        let files = Files::from_folder(&self.codes).map(|files| files.paths().map(str::to_owned).collect::<Vec<_>>());
        let tables: Vec<String> = files.into_iter().flatten().filter(|path| is_table(path)).collect();
        let editions = self.editions();
        let file = |table: &String| display_path(&self.codes.join(table));
        // A table as elsewhere in messages, without the folder that it is in.
        let exact = tables.iter().find(|table| table.trim_end_matches(".toml") == name.trim_end_matches(".toml"));
        let near = exact.map(file).or_else(|| {
            let files: Vec<String> = tables.iter().map(file).collect();
            closest(name, editions.iter().chain(&files).map(String::as_str)).map(str::to_owned)
        });
        Diagnostic::error("unknown-side", format!("no edition, file or folder is called {}", quoted(name)))
            .help_if(near.map(|near| format!("did you mean {}?", quoted(&near))))
            .help(format!("the editions are: {}", editions.join(", ")))
    }

    /// All editions of the folder of tables.
    #[must_use]
    pub fn editions(&self) -> Vec<String> {
        if let Some(built_in) = self.registries.get("") {
            return built_in.editions().map(Edition::path).collect();
        }
        let folders = |path: &Path| -> Vec<String> {
            let entries = std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
            let folders = entries.filter(|entry| entry.path().is_dir());
            let mut names: Vec<String> = folders.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect();
            names.sort();
            names
        };
        let editions = |system: String| {
            folders(&self.codes.join(&system)).into_iter().map(move |edition| format!("{system}/{edition}")).collect::<Vec<_>>()
        };
        folders(&self.codes).into_iter().flat_map(editions).collect()
    }
}

/// The commit that a folder of tables is at; nothing where it differs from that, or is in no repository.
#[must_use]
pub fn revision_of(codes: &Path) -> Option<String> {
    let git = Git::open(codes).ok()?;
    let (commit, prefix) = (git.commit("HEAD")?, git.prefix().trim_end_matches('/').to_owned());
    let committed = Store::Commit { git, commit: commit.clone() }.files(&prefix).ok()?;
    let present = Files::from_folder(codes).ok()?;
    let text = |files: &Files, path: &str| Some(files.get(path)?.ok()?.text.clone());
    let is_same =
        present.paths().eq(committed.paths()) && present.paths().all(|path| text(&present, path) == text(&committed, path));
    is_same.then_some(commit)
}

/// Where a table is that is in no folder of tables.
const ALONE: &str = "table/alone";

/// The whole path of a place; nothing if it is not there.
fn whole(store: &Store, place: &str) -> Option<PathBuf> {
    match store {
        Store::Disk => Path::new(place).canonicalize().ok(),
        Store::Commit { .. } => Some(PathBuf::from(place)),
    }
}

/// The last components of a path, and the path before them.
fn below(path: &Path, count: usize) -> Option<(String, PathBuf)> {
    let root = path.ancestors().nth(count)?;
    let names: Vec<String> = path.strip_prefix(root).ok()?.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    (names.len() == count).then(|| (names.join("/"), root.to_owned()))
}

/// A path as it would be typed: relative to the current folder, where it is below it.
fn nearest(store: &Store, path: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    match path.strip_prefix(here) {
        Ok(relative) if !relative.as_os_str().is_empty() && matches!(store, Store::Disk) => {
            relative.to_string_lossy().into_owned()
        }
        _ => path.to_string_lossy().into_owned(),
    }
}

/// The folder around a path, or the path itself if it is a folder.
fn folder_of(path: &Path) -> PathBuf {
    let folder = if path.is_dir() { path } else { path.parent().unwrap_or(path) };
    if folder.as_os_str().is_empty() { PathBuf::from(".") } else { folder.to_owned() }
}

fn found(name: &str, registry: Arc<Registry>, path: String) -> Found {
    let side = Side::new(name, registry, path);
    if side.is_empty() { Err(vec![no_tables(name)]) } else { Ok((side, Vec::new())) }
}

fn with_revision(found: Found, revision: &str) -> Found {
    found.map(|(side, diagnostics)| (Side { revision: Some(revision.to_owned()), ..side }, diagnostics))
}

/// Whether a path is that of a table; the files of clients and of the crate are none.
fn is_table(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_toml = Path::new(name).extension().is_some_and(|extension| extension == "toml");
    is_toml && !matches!(name, "clients.toml" | "crate.toml")
}

/// The edition that a text names: `<system>/<edition>`.
fn edition_of(text: &str) -> Option<String> {
    let text = text.trim_end_matches('/');
    let (system, edition) = text.split_once('/')?;
    let is_name = |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
    (is_name(system) && is_name(edition)).then(|| text.to_owned())
}

fn no_tables(name: &str) -> Diagnostic {
    Diagnostic::error("no-tables", format!("{} has no tables to compare", quoted(name))).help(
        "name an edition (chat/v10), a table file, a folder of tables, a page, or one of these after a revision (main:chat/v10); \
         a revision may be older than the tables",
    )
}

fn unknown_revision(git: Option<&Git>, revision: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error("unknown-revision", format!("no revision is called {}", quoted(revision)));
    let names = git.map(Git::names).unwrap_or_default();
    match did_you_mean(revision, names.iter().map(String::as_str)) {
        Some(near) => diagnostic.help(near),
        None if names.is_empty() => diagnostic.help("`git log --oneline` lists revisions"),
        None => diagnostic
            .help(format!("the branches and tags are: {}", names.iter().take(20).cloned().collect::<Vec<_>>().join(", "))),
    }
}
