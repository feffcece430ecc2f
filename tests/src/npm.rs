//! Packages of npm that a test uses, installed once below `target/`.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use crate::root;

/// The folder of a package. It is installed if it is not there.
///
/// # Errors
///
/// If it can not be installed: why, for the line that says that a test is skipped.
pub fn package(name: &str, version: &str) -> Result<PathBuf, String> {
    let home = root().join("target/npm").join(format!("{name}-{version}"));
    let folder = home.join("node_modules").join(name);
    if folder.join("package.json").exists() {
        return Ok(folder);
    }
    fs::create_dir_all(&home).map_err(|error| format!("{} cannot be made: {error}", home.display()))?;
    let install =
        ["install", "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel=error", "--fetch-retries=1"];
    let npm = Command::new(if cfg!(windows) { "npm.cmd" } else { "npm" })
        .args(install)
        .arg(format!("{name}@{version}"))
        .current_dir(&home)
        .output();
    match npm {
        Ok(output) if output.status.success() && folder.join("package.json").exists() => Ok(folder),
        Ok(output) => Err(format!("npm cannot install {name}: {}", String::from_utf8_lossy(&output.stderr).trim())),
        Err(error) => Err(format!("npm cannot be run: {error}")),
    }
}
