//! Takes the tables into the program, for where no folder of tables is around, and the commit that they are of.

use std::path::Path;
use std::process::Command;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=../codes");
    let mut list = String::new();
    add(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../codes"), "", &mut list)?;
    let out = env::var_os("OUT_DIR").unwrap_or_default();
    fs::write(Path::new(&out).join("tables.rs"), format!("&[\n{list}]\n"))?;
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
