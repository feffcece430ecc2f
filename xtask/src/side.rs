//! One side of a comparison: an edition, a table, a folder of tables or a page, now or at a revision.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use wirecodes_codegen::changes::Listing;
use wirecodes_codegen::diagnostic::{Diagnostic, any_error};
use wirecodes_codegen::import::observe;
use wirecodes_codegen::read::{is_module, shown};
use wirecodes_codegen::source::SourceFile;

use crate::git;

/// The tables of one side, or what is wrong with it.
pub fn listings(side: &str, codes: &Path, diagnostics: &mut Vec<Diagnostic>) -> Vec<Listing> {
    let found = match side.split_once(':') {
        Some((revision, place)) if !Path::new(side).exists() => at_revision(revision, place, codes),
        _ => on_disk(side, codes),
    };
    let files = match found {
        Ok(files) => files,
        Err(mistake) => {
            diagnostics.push(*mistake);
            return Vec::new();
        }
    };
    let mut listings = Vec::new();
    for (name, source) in files {
        match name {
            Name::Table(name) => listings.push(Listing::of_file(&name, &source, diagnostics)),
            Name::Page => listings.extend(observe(&source, None, diagnostics).tables.iter().map(Listing::of_page)),
        }
    }
    if listings.is_empty() && !any_error(diagnostics) {
        diagnostics.push(no_tables(side));
    }
    listings
}

/// What a file is to the comparison.
enum Name {
    Table(String),
    Page,
}

type Files = Vec<(Name, Arc<SourceFile>)>;
type Found = Result<Files, Box<Diagnostic>>;

fn no_tables(side: &str) -> Diagnostic {
    Diagnostic::error("no-tables", format!("nothing to compare: {side} has no tables"))
        .help("name an edition (discord/v10), a table file, a folder of tables, a page, or any of these after a revision (main:discord/v10)")
}

fn on_disk(side: &str, codes: &Path) -> Found {
    let path = Path::new(side);
    let edition = codes.join(side);
    if is_edition(side) && edition.is_dir() {
        folder(&edition)
    } else if path.is_file() {
        Ok(vec![(name_of(path), read(path)?)])
    } else if path.is_dir() {
        folder(path)
    } else {
        Err(Box::new(unknown(side, &editions(codes))))
    }
}

/// All tables below a folder, each called by its path in it without `.toml`.
fn folder(root: &Path) -> Found {
    let mut paths = Vec::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let entries = std::fs::read_dir(&folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        for entry in entries.map_err(|error| Diagnostic::error("unreadable-folder", error.to_string()).in_file(shown(&folder)))? {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if is_table(&shown(&path)) {
                paths.push(path);
            }
        }
    }
    paths.sort();
    let name = |path: &PathBuf| Name::Table(shown(path.strip_prefix(root).unwrap_or(path)).trim_end_matches(".toml").to_owned());
    paths.iter().map(|path| Ok((name(path), read(path)?))).collect()
}

fn read(path: &Path) -> Result<Arc<SourceFile>, Box<Diagnostic>> {
    let mut diagnostics = Vec::new();
    wirecodes_codegen::read::file(path, &mut diagnostics).ok_or_else(|| {
        Box::new(
            diagnostics
                .pop()
                .unwrap_or_else(|| Diagnostic::error("unreadable-file", "cannot read the file").in_file(shown(path))),
        )
    })
}

fn at_revision(revision: &str, place: &str, codes: &Path) -> Found {
    let failed = |error: git::GitError| {
        Box::new(
            Diagnostic::error("unknown-revision", format!("cannot look at {revision}:{place}: {error}"))
                .help("`git log --oneline` lists revisions"),
        )
    };
    git::run(Path::new("."), &["rev-parse", "--verify", "--quiet", &format!("{revision}^{{commit}}")]).map_err(|_| {
        Box::new(
            Diagnostic::error("unknown-revision", format!("no such revision: {revision}"))
                .help("`git log --oneline` lists revisions"),
        )
    })?;
    let prefix = if is_edition(place) {
        format!("{}/{place}", codes.file_name().map_or_else(|| "codes".to_owned(), |name| name.display().to_string()))
    } else {
        place.to_owned()
    };
    let listed = git::run(Path::new("."), &["ls-tree", "-r", "--full-tree", "--name-only", "-z", revision, "--", &prefix])
        .map_err(failed)?;
    let listed = String::from_utf8_lossy(&listed).into_owned();
    let mut files = Vec::new();
    for path in listed.split('\0').filter(|path| !path.is_empty()) {
        let single = path == prefix;
        if !single && !is_table(path) {
            continue;
        }
        let text = git::show(Path::new("."), revision, path).map_err(failed)?;
        let source = SourceFile::new(format!("{revision}:{path}"), String::from_utf8_lossy(&text));
        let name = match path.strip_prefix(&format!("{prefix}/")) {
            Some(name) => Name::Table(name.trim_end_matches(".toml").to_owned()),
            None => name_of(Path::new(path)),
        };
        files.push((name, source));
    }
    if files.is_empty() {
        return Err(Box::new(
            Diagnostic::error("no-tables", format!("{revision} has no tables at {prefix}"))
                .help("the revision may be older than the tables; choose a later one"),
        ));
    }
    Ok(files)
}

/// Whether a path is that of a table; the files of clients are none.
fn is_table(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "toml") && !path.ends_with("/clients.toml")
}

fn name_of(path: &Path) -> Name {
    match path.file_name().map(|name| name.display().to_string()) {
        Some(name) if is_table(&format!("/{name}")) => Name::Table(name.trim_end_matches(".toml").to_owned()),
        _ => Name::Page,
    }
}

fn is_edition(text: &str) -> bool {
    text.split_once('/').is_some_and(|(system, edition)| is_module(system) && is_module(edition))
}

fn unknown(side: &str, editions: &[String]) -> Diagnostic {
    let diagnostic = Diagnostic::error("unknown-side", format!("no edition, file or folder is called {side}"));
    let names: BTreeMap<usize, &String> =
        editions.iter().map(|edition| (strsim::damerau_levenshtein(side, edition), edition)).collect();
    match names.first_key_value() {
        Some((distance, nearest)) if *distance <= 3 => diagnostic.help(format!("did you mean `{nearest}`?")),
        _ => diagnostic.help(format!("the editions are: {}", editions.join(", "))),
    }
}

/// All editions of a folder of tables.
fn editions(codes: &Path) -> Vec<String> {
    let mut diagnostics = Vec::new();
    let (files, _) = wirecodes_codegen::read::read(codes, &mut diagnostics);
    let mut editions: Vec<String> = files.iter().map(|file| format!("{}/{}", file.path.system, file.path.edition)).collect();
    editions.dedup();
    editions
}
