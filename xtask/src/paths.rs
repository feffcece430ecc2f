//! Where the folders of tables and of the generated crate are, from wherever a command is run.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the repository: the nearest folder around the current one that has tables, or else that of this program.
pub fn root() -> PathBuf {
    let here = env::current_dir().unwrap_or_default();
    let has_tables = |folder: &&Path| folder.join("codes/crate.toml").is_file();
    let of_program = || Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    here.ancestors().find(has_tables).unwrap_or_else(of_program).to_owned()
}

/// A folder of the repository, by the shortest path from the current folder.
pub fn in_root(name: &str) -> PathBuf {
    let root = root();
    if env::current_dir().is_ok_and(|here| here == root) { PathBuf::from(name) } else { root.join(name) }
}
