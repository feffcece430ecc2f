//! The disk: what is read and written there, with care for what else may be there.

use std::collections::BTreeSet;
use std::fs::{self, File, TryLockError};
use std::io::{self, Write as _};
use std::path::{Component, Path, PathBuf};

use tempfile::NamedTempFile;

use super::MARK;
use crate::text::{display_path, fits, read_bytes};

/// A file or folder that could not be read or written.
#[derive(Debug)]
pub struct SyncError {
    /// What was tried.
    pub action: &'static str,
    /// The path.
    pub path: PathBuf,
    /// Why it failed.
    pub error: io::Error,
}

impl std::fmt::Display for SyncError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cannot {} {}: {}", self.action, display_path(&self.path), self.error)
    }
}

impl std::error::Error for SyncError {}

/// Keeps other runs from writing into a folder until it is dropped, or the process ends for whatever reason.
///
/// A file system that has no locks is written without one: the files are whole all the same.
pub(super) fn lock(root: &Path) -> Result<Option<File>, SyncError> {
    let failed = |error| SyncError { action: "write into", path: root.to_owned(), error };
    fs::create_dir_all(root).map_err(failed)?;
    // The folder itself is locked, so that no other file appears anywhere. Not every system can.
    let Ok(file) = File::open(root) else { return Ok(None) };
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => {
            Err(failed(io::Error::other("another run is writing there; try again when it has ended")))
        }
        Err(TryLockError::Error(_)) => Ok(None),
    }
}

/// The start of the name of a file that is being written.
pub(super) const STAGED: &str = ".wirecodes-";

/// How many random letters are at its end.
pub(super) const RANDOM: usize = 6;

/// Writes a text to the disk beside the file that it will replace, with the rights of that file.
pub(super) fn stage(path: &Path, text: &str) -> Result<NamedTempFile, SyncError> {
    let failed = |error: io::Error| SyncError { action: "write", path: path.to_owned(), error: without_path(error) };
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder).map_err(failed)?;
    let mut options = tempfile::Builder::new();
    let prefix = staged_prefix(path);
    options.prefix(&prefix).rand_bytes(RANDOM);
    #[cfg(unix)]
    options.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = options.tempfile_in(folder).map_err(failed)?;
    if let Ok(present) = path.symlink_metadata() {
        file.as_file().set_permissions(present.permissions()).map_err(failed)?;
    }
    file.write_all(text.as_bytes()).map_err(failed)?;
    Ok(file)
}

/// The start of the name of a file that is being written, before it takes the place of another.
pub(super) fn staged_prefix(path: &Path) -> String {
    format!("{STAGED}{}-", path.file_name().unwrap_or_default().to_string_lossy())
}

/// The text of a file below a folder, if there is one.
///
/// Nothing but a plain file is opened: a link could lead out of the folder, and reading from a pipe could take forever.
pub(super) fn text_at(root: &Path, path: &str) -> Result<Option<String>, SyncError> {
    stays_inside(root, path)?;
    let full = root.join(path);
    let failed = |error: io::Error| SyncError { action: "read", path: full.clone(), error };
    let metadata = match full.symlink_metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(failed(error)),
    };
    if metadata.is_symlink() {
        return Err(failed(io::Error::other("it is a symbolic link; remove it")));
    }
    if !metadata.is_file() {
        return Err(failed(io::Error::other("it is not a file; remove it")));
    }
    fits(metadata.len()).map_err(|why| failed(io::Error::other(why)))?;
    let bytes = fs::read(&full).map_err(failed)?;
    Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
}

/// What cargo leaves in the folder of a crate.
pub(super) const OF_CARGO: [&str; 2] = ["Cargo.lock", "target"];

/// The paths of all files below a folder. A link counts as a file. Names that start with a dot, and what cargo writes, belong to
/// other programs.
pub(crate) fn present(root: &Path) -> Result<BTreeSet<String>, SyncError> {
    let mut files = BTreeSet::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        let failed = |error: io::Error| SyncError { action: "read the folder", path: folder.clone(), error };
        let listing = match fs::read_dir(&folder) {
            // It is not there yet, or has gone since it was listed.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            listing => listing.map_err(failed)?,
        };
        for entry in listing {
            let entry = entry.map_err(failed)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || (folder == root && OF_CARGO.contains(&name.as_str())) {
                continue;
            }
            if entry.file_type().map_err(failed)?.is_dir() {
                folders.push(entry.path());
            } else if let Ok(path) = entry.path().strip_prefix(root) {
                files.insert(display_path(path));
            }
        }
    }
    Ok(files)
}

/// Whether the first lines of a file say that it was generated.
pub(super) fn has_mark(path: &Path) -> bool {
    let is_link = path.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink());
    let text = if is_link { None } else { read_bytes(path).ok().and_then(|bytes| String::from_utf8(bytes).ok()) };
    text.is_some_and(|text| text.lines().take(3).any(|line| line.contains(MARK)))
}

/// Removes a file, and the folders that are empty without it.
pub(super) fn remove(path: &Path, root: &Path) -> Result<(), SyncError> {
    fs::remove_file(path).map_err(|error| SyncError { action: "remove", path: path.to_owned(), error })?;
    let parents = path.ancestors().skip(1).take_while(|folder| *folder != root);
    for folder in parents {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
    Ok(())
}

/// The error without the name of the staged file, which says nothing to the user: the name of the file is printed beside it.
fn without_path(error: io::Error) -> io::Error {
    // The crate that makes the file puts its name around the error, and does not hand out what is inside.
    if error.get_ref().is_some() { io::Error::from(error.kind()) } else { error }
}

/// Rejects a path that could lead out of the folder: by its own words, or through a symbolic link.
fn stays_inside(root: &Path, path: &str) -> Result<(), SyncError> {
    if !Path::new(path).components().all(|part| matches!(part, Component::Normal(_))) {
        let error = io::Error::other("it leads out of the folder");
        return Err(SyncError { action: "read", path: root.join(path), error });
    }
    let below = Path::new(path).ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty());
    for folder in below.map(|folder| root.join(folder)) {
        if folder.symlink_metadata().is_ok_and(|metadata| metadata.is_symlink()) {
            let error = io::Error::other("it is a symbolic link; remove it");
            return Err(SyncError { action: "write into", path: folder, error });
        }
    }
    Ok(())
}
