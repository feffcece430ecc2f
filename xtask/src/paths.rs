//! Where the folders of tables and of the generated crate are, from wherever a command is run.

use std::env;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use wirecodes_codegen::Date;

/// The root of the repository, or the current folder if there is none.
pub fn root() -> PathBuf {
    repository().unwrap_or_else(|| env::current_dir().unwrap_or_default())
}

/// The nearest folder around the current one that has tables, or else that of this program.
///
/// A program that was installed belongs to no repository: it neither reads nor writes the folder that it was once built in.
pub fn repository() -> Option<PathBuf> {
    let here = env::current_dir().unwrap_or_default();
    here.ancestors().find(|folder| has_tables(folder)).map(Path::to_owned).or_else(of_program)
}

fn has_tables(folder: &Path) -> bool {
    folder.join("codes/crate.toml").is_file()
}

/// How the program is called by whoever runs it.
pub fn program() -> &'static str {
    if of_program().is_some() { "cargo xtask" } else { "wirecodes" }
}

/// The folder of tables: the one that was given, or the nearest. Without one the program has the tables of its build.
pub fn tables(given: Option<&Path>) -> Option<PathBuf> {
    given.map(Path::to_owned).or_else(|| repository().map(|_| in_root("codes")))
}

/// The folder of tables, for what writes there or beside it.
pub fn tables_to_write(given: Option<&Path>) -> Result<PathBuf, &'static str> {
    tables(given).ok_or("no folder of tables is around, and those of the program cannot be written; name one with `--codes`")
}

/// The repository that this program was built in, if it is run by its cargo or from its folder.
fn of_program() -> Option<PathBuf> {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().filter(|folder| has_tables(folder))?;
    let is_inside = || env::current_exe().is_ok_and(|program| program.starts_with(repository));
    // Cargo tells the programs that it runs of which package they are.
    let is_run = || env::var_os("CARGO_MANIFEST_DIR").is_some_and(|package| Path::new(&package).parent() == Some(repository));
    (is_run() || is_inside()).then(|| repository.to_owned())
}

/// The day it is in UTC: the only clock of these commands.
pub fn today() -> Date {
    let seconds = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default().as_secs();
    Date::from_days(u32::try_from(seconds / 86_400).unwrap_or_default())
}

/// An option with a folder, as it is typed after a command; nothing if it was not given.
pub fn folder_option(name: &str, folder: Option<&Path>) -> String {
    folder.map(|folder| format!(" --{name} {}", word(folder))).unwrap_or_default()
}

/// A path as one word of a command, as a reader sees it: in quotes where a shell would read it as something else.
pub fn word(path: &Path) -> String {
    let shown = path.display().to_string().replace('\\', "/");
    shlex::try_quote(&shown).map_or_else(|_| shown.clone(), std::borrow::Cow::into_owned)
}

/// A folder of the repository, by the shortest path from the current folder.
pub fn in_root(name: &str) -> PathBuf {
    let root = root();
    if env::current_dir().is_ok_and(|here| here == root) { PathBuf::from(name) } else { root.join(name) }
}
