//! Takes the tables into the program, for where no folder of tables is around, and the commit that they are of.

use std::path::Path;
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    // A package has a copy of the tables; in the repository they are beside this folder, and `tables` is a link to them.
    let is_package = fs::symlink_metadata("tables").is_ok_and(|tables| tables.is_dir());
    let tables = if is_package { "tables" } else { "../codes" };
    println!("cargo::rerun-if-changed={tables}");
    let mut list = String::new();
    add(&Path::new(env!("CARGO_MANIFEST_DIR")).join(tables), "", &mut list)?;
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    fs::write(Path::new(&out).join("tables.rs"), format!("&[\n{list}]\n"))?;
    if is_package {
        // Cargo writes into a package of which commit it is, and whether something was not committed.
        let commit = fs::read_to_string(".cargo_vcs_info.json").unwrap_or_default();
        let sha1 = commit.split('"').skip_while(|word| *word != "sha1").nth(2);
        if let Some(sha1) = sha1.filter(|_| !commit.contains("\"dirty\"")) {
            println!("cargo::rustc-env=REVISION_OF_TABLES={sha1}");
        }
        return Ok(());
    }
    // Who works on the tables has the repository to ask, and builds less often without this.
    if env::var_os("PROFILE").is_some_and(|profile| profile == "release") && Path::new("../.git/logs/HEAD").is_file() {
        println!("cargo::rerun-if-changed=../.git/logs/HEAD");
        if git(&["status", "--porcelain", "../codes"]).is_some_and(|changes| changes.is_empty()) {
            println!("cargo::rustc-env=REVISION_OF_TABLES={}", git(&["rev-parse", "HEAD"]).unwrap_or_default());
        }
    }
    Ok(())
}

/// Adds the files below a folder, each by its path there.
fn add(folder: &Path, prefix: &str, list: &mut String) -> io::Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<io::Result<Vec<_>>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            add(&entry.path(), &format!("{name}/"), list)?;
        } else if !entry.file_name().to_string_lossy().starts_with('.') {
            let path = entry.path().display().to_string();
            list.push_str(&format!("    ({name:?}, include_bytes!({path:?})),\n"));
        }
    }
    Ok(())
}

fn git(arguments: &[&str]) -> Option<String> {
    let output = Command::new("git").args(arguments).output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
