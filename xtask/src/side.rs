//! One side of a comparison: an edition, a table, a folder of tables or a page, now or at a revision.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wirecodes_codegen::{
    Diagnostic, Files, Registry, Scope, Side, SourceFile, any_error, closest, display_path, lower, quoted, read, read_file,
};

use crate::git::{Git, folder_of};
use crate::page::read_tables;

/// Reads sides; a folder that two of them need is read once.
pub struct Sides {
    codes: PathBuf,
    registries: BTreeMap<String, Arc<Registry>>,
}

/// A side and the warnings about it, or the errors that make it unusable.
pub type Found = Result<(Side, Vec<Diagnostic>), Vec<Diagnostic>>;

impl Sides {
    pub fn new(codes: &Path) -> Self {
        Self { codes: codes.to_owned(), registries: BTreeMap::new() }
    }

    /// Reads a side as it was named on the command line.
    pub fn side(&mut self, name: &str) -> Found {
        match name.split_once(':') {
            Some((revision, place)) if !Path::new(name).exists() => self.at_revision(name, revision, place),
            _ => self.on_disk(name),
        }
    }

    /// The registry of the folder of tables.
    pub fn registry(&mut self) -> Result<Arc<Registry>, Vec<Diagnostic>> {
        let codes = self.codes.clone();
        self.folder(&codes)
    }

    fn on_disk(&mut self, name: &str) -> Found {
        let path = Path::new(name);
        if let Some(edition) = edition_of(name)
            && self.codes.join(&edition).is_dir()
        {
            let registry = self.registry()?;
            return found(name, registry, Scope::Edition(edition));
        }
        if path.is_file() {
            return if is_table(name) {
                self.table(name, path)
            } else {
                page(name, None, &read_file(path).map_err(|error| vec![error])?)
            };
        }
        if path.is_dir() {
            return self.any_folder(name, path);
        }
        Err(vec![self.unknown(name)])
    }

    /// A folder of tables, or that of an edition in one.
    fn any_folder(&mut self, name: &str, path: &Path) -> Found {
        let entries = std::fs::read_dir(path).map_err(|error| vec![unreadable(path, &error)])?;
        let has_tables = entries.filter_map(Result::ok).any(|entry| is_table(&entry.file_name().to_string_lossy()));
        let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if let (true, Some((edition, root))) = (has_tables && !whole.join("crate.toml").is_file(), below(&whole, 2)) {
            let registry = self.folder(&nearest_name(&root))?;
            return found(name, registry, Scope::Edition(edition));
        }
        let registry = self.folder(path)?;
        found(name, registry, Scope::All)
    }

    /// A table, in the folder of tables that it is in, or else alone.
    fn table(&mut self, name: &str, path: &Path) -> Found {
        let whole = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        if let Some((table, root)) = below(&whole.with_extension(""), 3)
            && let Ok(registry) = self.folder(&nearest_name(&root))
            && registry.tables().any(|other| other.path.to_string() == table)
        {
            return found(name, registry, Scope::Table(table));
        }
        let mut files = Files::new("");
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        files.insert(format!("{ALONE}/{stem}.toml"), std::fs::read(path).map_err(|error| vec![unreadable(path, &error)])?);
        let registry = lowered(&files)?;
        found(name, Arc::new(registry), Scope::Table(format!("{ALONE}/{stem}")))
    }

    fn folder(&mut self, path: &Path) -> Result<Arc<Registry>, Vec<Diagnostic>> {
        let key = display_path(path);
        if let Some(registry) = self.registries.get(&key) {
            return Ok(Arc::clone(registry));
        }
        // Code hosts know paths from the root of the repository.
        let name = Git::new(path).prefix().filter(|prefix| !prefix.is_empty()).unwrap_or_else(|| key.clone());
        let files = Files::from_folder_named(path, name.trim_end_matches('/')).map_err(|error| vec![error])?;
        let registry = Arc::new(lowered(&files)?);
        self.registries.insert(key, Arc::clone(&registry));
        Ok(registry)
    }

    fn at_revision(&mut self, name: &str, revision: &str, place: &str) -> Found {
        let Some(edition) = edition_of(place).filter(|edition| !Path::new(edition).is_dir()) else {
            return self.side_in(&Git::new("."), name, revision, place);
        };
        let git = Git::new(folder_of(&self.codes));
        let Some(commit) = git.commit(revision) else { return Err(vec![unknown_revision(&git, revision)]) };
        let root = git.prefix().filter(|_| self.codes.is_dir()).unwrap_or_else(|| display_path(&self.codes));
        let registry = self.tree(&git, &commit, root.trim_end_matches('/'), name)?;
        with_revision(found(name, registry, Scope::Edition(edition)), revision)
    }

    /// A side by its path in a repository, at a revision.
    pub fn side_in(&mut self, git: &Git, name: &str, revision: &str, place: &str) -> Found {
        let Some(commit) = git.commit(revision) else { return Err(vec![unknown_revision(git, revision)]) };
        let failed = |error: crate::git::GitError| {
            vec![Diagnostic::error("unknown-revision", format!("cannot read {}: {error}", quoted(name)))]
        };
        let place = place.trim_matches('/');
        let paths = git.paths(&commit, place).map_err(failed)?;
        if paths == [place] && !is_table(place) {
            let object = format!("{commit}:{place}");
            let text = git.objects(std::slice::from_ref(&object)).map_err(failed)?.remove(&object).unwrap_or_default();
            return page(name, Some(revision), &SourceFile::new(place, String::from_utf8_lossy(&text)));
        }
        if paths.is_empty() {
            return Err(vec![no_tables(name)]);
        }
        let whole = Path::new(place);
        let is_edition =
            paths.iter().any(|path| Path::new(path).parent() == Some(whole) && is_table(path) && !path.ends_with("crate.toml"));
        let (scope, root) = if paths == [place] {
            below(&whole.with_extension(""), 3).map_or((Scope::All, PathBuf::new()), |(table, root)| (Scope::Table(table), root))
        } else if is_edition {
            below(whole, 2).map_or((Scope::All, PathBuf::new()), |(edition, root)| (Scope::Edition(edition), root))
        } else {
            (Scope::All, whole.to_owned())
        };
        let registry = self.tree(git, &commit, &display_path(&root), name)?;
        with_revision(found(name, registry, scope), revision)
    }

    /// The folder of tables at a path of a commit.
    fn tree(&mut self, git: &Git, commit: &str, root: &str, name: &str) -> Result<Arc<Registry>, Vec<Diagnostic>> {
        let key = format!("{commit}:{root}");
        if let Some(registry) = self.registries.get(&key) {
            return Ok(Arc::clone(registry));
        }
        let failed = |error: crate::git::GitError| {
            vec![Diagnostic::error("unknown-revision", format!("cannot read {}: {error}", quoted(name)))]
        };
        let paths = git.paths(commit, root).map_err(failed)?;
        let objects: Vec<String> = paths.iter().map(|path| format!("{commit}:{path}")).collect();
        let mut contents = git.objects(&objects).map_err(failed)?;
        let mut files = Files::new(root);
        let prefix = if root.is_empty() { String::new() } else { format!("{root}/") };
        for (path, object) in paths.iter().zip(&objects) {
            if let (Some(path), Some(bytes)) = (path.strip_prefix(&prefix), contents.remove(object)) {
                files.insert(path, bytes);
            }
        }
        if files.paths().next().is_none() {
            return Err(vec![no_tables(name)]);
        }
        let registry = Arc::new(lowered(&files)?);
        self.registries.insert(key, Arc::clone(&registry));
        Ok(registry)
    }

    /// What is near a name that names no side: an edition, or the file of a table.
    fn unknown(&self, name: &str) -> Diagnostic {
        let editions = self.editions();
        let paths = Files::from_folder(&self.codes).map(|files| files.paths().map(str::to_owned).collect::<Vec<_>>());
        let tables: Vec<String> = paths.into_iter().flatten().filter(|path| is_table(path)).collect();
        let file = |table: &String| display_path(&self.codes.join(table));
        // A table as messages name it, without the folder that it is in.
        let same = tables.iter().find(|table| table.trim_end_matches(".toml") == name.trim_end_matches(".toml"));
        let files: Vec<String> = tables.iter().map(file).collect();
        let near = same.map(file).or_else(|| closest(name, editions.iter().chain(&files).map(String::as_str)).map(str::to_owned));
        let diagnostic = Diagnostic::error("unknown-side", format!("no edition, file or folder is called {}", quoted(name)));
        match near {
            Some(near) => diagnostic.help(format!("did you mean {}?", quoted(&near))).help(listed(&editions)),
            None => diagnostic.help(listed(&editions)),
        }
    }

    /// All editions of the folder of tables.
    pub fn editions(&self) -> Vec<String> {
        let folders = |path: &Path| -> Vec<String> {
            let entries = std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
            let mut names: Vec<String> = entries
                .filter(|entry| entry.path().is_dir())
                .map(|entry| entry.file_name().to_string_lossy().into_owned())
                .collect();
            names.sort();
            names
        };
        let editions = |system: String| {
            folders(&self.codes.join(&system)).into_iter().map(move |edition| format!("{system}/{edition}")).collect::<Vec<_>>()
        };
        folders(&self.codes).into_iter().flat_map(editions).collect()
    }
}

/// Where a table is that is in no folder of tables.
const ALONE: &str = "table/alone";

/// The last components of a path, and the path before them.
fn below(path: &Path, count: usize) -> Option<(String, PathBuf)> {
    let root = path.ancestors().nth(count)?;
    let names: Vec<String> = path.strip_prefix(root).ok()?.iter().map(|name| name.to_string_lossy().into_owned()).collect();
    (names.len() == count).then(|| (names.join("/"), root.to_owned()))
}

/// A path relative to the current folder, where it is below it.
fn nearest_name(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    match path.strip_prefix(here) {
        Ok(relative) if !relative.as_os_str().is_empty() => relative.to_owned(),
        _ => path.to_owned(),
    }
}

fn lowered(files: &Files) -> Result<Registry, Vec<Diagnostic>> {
    let (folder, mut diagnostics) = read(files);
    let (registry, mut found) = lower(&folder);
    diagnostics.append(&mut found);
    match registry {
        Some(registry) if !any_error(&diagnostics) => Ok(registry),
        _ => Err(diagnostics),
    }
}

fn found(name: &str, registry: Arc<Registry>, scope: Scope) -> Found {
    let is_in = |path: String| match &scope {
        Scope::All => true,
        Scope::Edition(edition) => path.starts_with(&format!("{edition}/")),
        Scope::Table(table) => path == *table,
    };
    if registry.tables().any(|table| is_in(table.path.to_string())) {
        Ok((Side::new(name, registry, scope), Vec::new()))
    } else {
        Err(vec![no_tables(name)])
    }
}

fn with_revision(found: Found, revision: &str) -> Found {
    found.map(|(mut side, diagnostics)| {
        side.revision = Some(revision.to_owned());
        (side, diagnostics)
    })
}

/// A page. Rows that cannot be read are warnings: the others are compared.
fn page(name: &str, revision: Option<&str>, source: &Arc<SourceFile>) -> Found {
    let (tables, mut diagnostics) = read_tables(source);
    for diagnostic in &mut diagnostics {
        diagnostic.severity = wirecodes_codegen::Severity::Warning;
    }
    if tables.is_empty() {
        diagnostics.push(no_tables(name));
        return Err(diagnostics);
    }
    let mut side = Side::from_page(name, tables);
    side.revision = revision.map(str::to_owned);
    Ok((side, diagnostics))
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

fn listed(editions: &[String]) -> String {
    format!("the editions are: {}", editions.join(", "))
}

fn unknown_revision(git: &Git, revision: &str) -> Diagnostic {
    let diagnostic = Diagnostic::error("unknown-revision", format!("no revision is called {}", quoted(revision)));
    let names = git.names();
    match closest(revision, names.iter().map(String::as_str)) {
        Some(near) => diagnostic.help(format!("did you mean {}?", quoted(near))),
        None if names.is_empty() => diagnostic.help("`git log --oneline` lists revisions"),
        None => diagnostic
            .help(format!("the branches and tags are: {}", names.iter().take(20).cloned().collect::<Vec<_>>().join(", "))),
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diagnostic {
    Diagnostic::error("unreadable-file", format!("cannot read it: {error}")).in_file(display_path(path))
}
