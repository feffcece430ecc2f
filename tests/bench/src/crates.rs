//! Crates that are compiled to be measured: the generated one, and the same enums with the derives that people use.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;
use crate::inputs::write;
use crate::timed::{self, Cost};

/// The derives, as dependencies.
pub const DERIVES: &str =
    "num_enum = { version = \"0.7\", default-features = false }\nstrum = { version = \"0.28\", features = [\"derive\"] }\n";

/// Without incremental compilation: a changed file is compiled as a new one.
const PROFILES: &str = "[profile.dev]\nincremental = false\n\n[profile.release]\nstrip = true\n";

/// An enum of the generated crate.
pub struct Enum {
    /// Its path in the generated crate.
    pub path: String,
    /// Its name as one of many enums in one module.
    pub name: String,
    /// The type of its numbers.
    pub repr: String,
    /// The number, the identifier and the documented name of each code.
    pub codes: Vec<(u64, String, String)>,
}

/// All enums of the generated crate that have a variant.
pub fn all_enums() -> Vec<Enum> {
    let data: Value = serde_json::from_str(include_str!("../../../generated/codes.json")).expect("the tables are JSON");
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let mut enums = Vec::new();
    for edition in list(&data, "editions") {
        for table in list(&edition, "tables") {
            let codes = list(&table, "codes");
            let codes: Vec<_> = codes
                .iter()
                .filter_map(|code| Some((code["value"].as_u64()?, text(code, "ident"), text(code, "name"))))
                .collect();
            let name = text(&table, "enum");
            let path = format!("wirecodes::{}::{}::{name}", text(&edition, "system"), text(&edition, "edition"));
            if !codes.is_empty() {
                enums.push(Enum { path, name: format!("{name}{}", enums.len()), repr: text(&table, "repr"), codes });
            }
        }
    }
    enums
}

/// The same enums with derives.
pub fn derived(enums: &[Enum]) -> String {
    let mut text = "#![allow(warnings)]\n".to_owned();
    for Enum { name, repr, codes, .. } in enums {
        let _ = write!(
            text,
            "#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, num_enum::TryFromPrimitive, \
             num_enum::IntoPrimitive, strum::EnumString, strum::IntoStaticStr)]\n#[repr({repr})]\npub enum {name} {{\n"
        );
        for (number, ident, documented) in codes {
            let _ = writeln!(text, "    #[strum(to_string = {documented:?}, serialize = \"{ident}\")] {ident} = {number},");
        }
        text.push_str("}\n");
    }
    text
}

/// The generated crate, as a dependency.
pub fn generated() -> String {
    format!("wirecodes = {{ path = {:?} }}\n", Path::new(env!("CARGO_MANIFEST_DIR")).join("../../generated"))
}

/// Writes a package of one file: a program if it has a `main`, else a library.
pub fn package(folder: &Path, dependencies: &str, source: &str) {
    let file = if source.contains("fn main()") { "src/main.rs" } else { "src/lib.rs" };
    let manifest = format!(
        "[workspace]\n\n[package]\nname = \"krate\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n\
         [dependencies]\n{dependencies}\n{PROFILES}"
    );
    write(folder.join("Cargo.toml"), &manifest);
    write(folder.join(file), source);
}

/// Runs Cargo, and says whether it succeeded.
pub fn cargo(folder: &Path, arguments: &[&str]) -> bool {
    let mut command = Command::new("cargo");
    command.args(arguments).arg("--quiet").current_dir(folder).env_remove("CARGO_TARGET_DIR").stdout(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

/// Runs Cargo, with the time of all that it starts.
pub fn timed_cargo(folder: &Path, arguments: &[&str]) -> Option<Cost> {
    timed::run(1, folder, &[&["cargo"], arguments, &["--quiet"]].concat())
}
