//! Where files are read from: the disk, or a commit of a repository. Whoever reads does not ask which.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::git::{Blob, Git, GitError};
use crate::text::{Diagnostic, Files, SourceFile, display_path, quoted};

/// Where files are read from.
#[derive(Clone, Debug)]
pub enum Store {
    /// The disk, as it is now.
    Disk,
    /// A commit.
    Commit {
        /// The repository.
        git: Git,
        /// The commit's name.
        commit: String,
    },
}

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
}

impl Store {
    /// What is at a path, if anything is.
    pub fn kind(&self, path: &str) -> Result<Option<Kind>, Vec<Diagnostic>> {
        match self {
            Self::Disk => {
                let metadata = Path::new(path).metadata().ok();
                Ok(metadata.map(|metadata| if metadata.is_dir() { Kind::Folder } else { Kind::File }))
            }
            Self::Commit { .. } => {
                let blobs = self.blobs(path)?;
                let is_file = blobs.iter().any(|blob| blob.path == path);
                Ok((!blobs.is_empty()).then_some(if is_file { Kind::File } else { Kind::Folder }))
            }
        }
    }

    /// The names of the files directly in a folder.
    pub fn names(&self, folder: &str) -> Result<Vec<String>, Vec<Diagnostic>> {
        if let Self::Commit { .. } = self {
            let prefix = prefix_of(folder);
            let blobs = self.blobs(folder)?;
            let names = blobs.iter().filter_map(|blob| blob.path.strip_prefix(&prefix));
            return Ok(names.filter(|name| !name.contains('/')).map(str::to_owned).collect());
        }
        let entries = fs::read_dir(folder).map_err(|error| {
            let message = format!("cannot read it: {error}");
            vec![Diagnostic::error("unreadable-file", message).in_file(display_path(Path::new(folder)))]
        })?;
        Ok(entries.filter_map(Result::ok).map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
    }

    /// The text of a file.
    pub fn text(&self, path: &str) -> Result<Arc<SourceFile>, Vec<Diagnostic>> {
        if let Self::Commit { git, .. } = self {
            let blobs = self.blobs(path)?;
            let blob = blobs.iter().find(|blob| blob.path == path);
            let texts = git.objects(blob).map_err(|error| unreadable(path, &error))?;
            let text = texts.into_values().next().ok_or_else(|| lacks(path))?;
            return Ok(SourceFile::new(path, String::from_utf8_lossy(&text)));
        }
        SourceFile::read(Path::new(path)).map_err(|error| vec![error])
    }

    /// The files of a folder of tables.
    pub fn files(&self, folder: &str) -> Result<Files, Vec<Diagnostic>> {
        let Self::Commit { git, .. } = self else {
            // Code hosts know paths from the root of the repository.
            let prefix = Git::open(Path::new(folder)).map(|git| git.prefix().trim_end_matches('/').to_owned());
            let name = prefix.ok().filter(|prefix| !prefix.is_empty()).unwrap_or_else(|| display_path(Path::new(folder)));
            return Files::from_folder_named(Path::new(folder), name).map_err(|error| vec![error]);
        };
        let blobs = self.blobs(folder)?;
        let texts = git.objects(&blobs).map_err(|error| unreadable(folder, &error))?;
        let mut files = Files::new(folder);
        let prefix = prefix_of(folder);
        for Blob { path, object } in &blobs {
            let Some(below) = path.strip_prefix(&prefix).filter(|below| !below.split('/').any(|name| name.starts_with('.')))
            else {
                continue;
            };
            // Two files with one text are one object.
            files.insert(below, texts.get(object).ok_or_else(|| lacks(path))?.clone());
        }
        Ok(files)
    }

    fn blobs(&self, path: &str) -> Result<Vec<Blob>, Vec<Diagnostic>> {
        match self {
            Self::Disk => Ok(Vec::new()),
            Self::Commit { git, commit } => git.blobs(commit, path).map_err(|error| unreadable(path, &error)),
        }
    }
}

fn prefix_of(folder: &str) -> String {
    if folder.is_empty() { String::new() } else { format!("{folder}/") }
}

/// A partial clone has not all texts.
fn lacks(path: &str) -> Vec<Diagnostic> {
    let help = "fetch it: `git fetch --refetch --no-filter`, or check the revision out";
    vec![Diagnostic::error("missing-text", format!("the clone lacks the text of {}", quoted(path))).help(help)]
}

fn unreadable(path: &str, error: &GitError) -> Vec<Diagnostic> {
    vec![Diagnostic::error("unknown-revision", format!("cannot read {}: {error}", quoted(path)))]
}
