//! Where the folders of this repository are, from wherever a command is run.

use std::env;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// A folder of the repository, as short as it can be said from here.
pub fn in_root(name: &str) -> PathBuf {
    if env::current_dir().is_ok_and(|here| here == root()) { PathBuf::from(name) } else { root().join(name) }
}
