//! What the generated crate costs its users: the compiler's time, and the size of a program that uses all of it. Beside it are
//! the same enums with derives, and a library that has some of them.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;
use wirecodes_codegen::{Files, Mode, Owner, load, render, sync};

use crate::inputs::{self, write};
use crate::report::{self, Goal, goals};
use crate::timed::{self, Cost};

/// An enum: its name, the type of its numbers, and its codes.
struct Enum {
    name: String,
    repr: String,
    codes: Vec<(u64, String)>,
}

/// Measures all crates.
pub fn section() -> String {
    let (clean, clean_goals) = clean_builds();
    let (sizes, size_goals) = linked_sizes();
    let (large, large_goals) = large_tables();
    let reached: Vec<Goal> = clean_goals.into_iter().chain(size_goals).chain(large_goals).collect();
    format!(
        "{}\n### A clean build of all tables\n\n{clean}\n### A program that uses all of them\n\n{sizes}\n### One large table\n\n{large}",
        goals(&reached)
    )
}

/// A package with a library, in a folder of its own.
fn package(folder: &Path, dependencies: &str, source: &str, is_program: bool) {
    let file = if is_program { "src/main.rs" } else { "src/lib.rs" };
    let profile = "[profile.release]\nstrip = true\n";
    let manifest = format!(
        "[workspace]\n\n[package]\nname = \"krate\"\nversion = \"0.1.0\"\nedition = \"2021\"\n\n[dependencies]\n{dependencies}\n{profile}"
    );
    write(folder.join("Cargo.toml"), &manifest);
    write(folder.join(file), source);
}

const DERIVES: &str =
    "num_enum = { version = \"0.7\", default-features = false }\nstrum = { version = \"0.28\", features = [\"derive\"] }\n";

/// Enums with the derives that people use.
fn derived(enums: &[Enum]) -> String {
    let mut text = "#![allow(dead_code)]\n".to_owned();
    for Enum { name, repr, codes } in enums {
        let _ = write!(
            text,
            "#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, num_enum::TryFromPrimitive, num_enum::IntoPrimitive, strum::EnumString, strum::IntoStaticStr)]\n#[repr({repr})]\npub enum {name} {{\n"
        );
        for (number, ident) in codes {
            let _ = writeln!(
                text,
                "    #[strum(to_string = \"Error number {number}\", serialize = \"{ident}\")] {ident} = {number},"
            );
        }
        text.push_str("}\n");
    }
    text
}

/// All enums of the generated crate, with the path of their module.
fn all_enums() -> Vec<(String, Enum)> {
    let data: Value = serde_json::from_str(include_str!("../../../generated/codes.json")).expect("the tables are JSON");
    let text = |value: &Value, key: &str| value[key].as_str().unwrap_or_default().to_owned();
    let mut enums = Vec::new();
    for edition in data["editions"].as_array().into_iter().flatten() {
        let module = format!("{}::{}", text(edition, "system"), text(edition, "edition"));
        for table in edition["tables"].as_array().into_iter().flatten() {
            let codes = table["codes"].as_array().into_iter().flatten();
            let codes = codes.filter_map(|code| Some((code["value"].as_u64()?, text(code, "ident")))).collect();
            enums.push((module.clone(), Enum { name: text(table, "enum"), repr: text(table, "repr"), codes }));
        }
    }
    enums
}

/// All enums with derives. Each has a name of its own.
fn all_derived() -> String {
    let enums: Vec<Enum> =
        all_enums().into_iter().enumerate().map(|(at, (_, one))| Enum { name: format!("{}{at}", one.name), ..one }).collect();
    derived(&enums)
}

/// The path of the generated crate as a dependency.
fn generated() -> String {
    format!("wirecodes = {{ path = {:?} }}\n", Path::new(env!("CARGO_MANIFEST_DIR")).join("../../generated"))
}

fn clean_builds() -> (String, Vec<Goal>) {
    let crates = [
        ("empty crate", String::new(), String::new()),
        ("wirecodes", generated(), String::new()),
        ("num_enum + strum", DERIVES.to_owned(), all_derived()),
        ("twilight-model", "twilight-model = \"0.17\"\n".to_owned(), String::new()),
    ];
    let mut costs: Vec<[Option<Cost>; 2]> = Vec::new();
    let mut rows = Vec::new();
    for (name, dependencies, source) in crates {
        eprintln!("clean build: {name}");
        let folder = tempfile::tempdir().expect("a folder can be made");
        package(folder.path(), &dependencies, &source, false);
        let built = cargo(folder.path(), &["fetch", "--quiet"]).is_some();
        let build = |arguments: &[&str]| {
            drop(fs::remove_dir_all(folder.path().join("target")));
            built.then(|| cargo(folder.path(), arguments)).flatten()
        };
        let pair = [build(&["check", "--quiet"]), build(&["build", "--quiet", "--release"])];
        rows.push([vec![name.to_owned()], pair.iter().map(|cost| timed::cells(*cost)[0].clone()).collect()].concat());
        costs.push(pair);
    }
    let ratio = |other: usize, way: usize| Some(costs[1][way]?.seconds / costs[other][way]?.seconds);
    let mut reached = Vec::new();
    for (way, word) in ["check", "build --release"].into_iter().enumerate() {
        for (other, name, most) in [(2, "num_enum + strum", 0.07), (3, "twilight-model", 0.02), (0, "an empty crate", 3.0)] {
            reached.push(Goal { what: format!("clean `{word}`, of {name}"), measured: ratio(other, way), most });
        }
    }
    (report::table(&["crate, with all that it depends on", "check", "build --release"], &rows), reached)
}

/// Runs Cargo, with the time of all that it starts.
fn cargo(folder: &Path, arguments: &[&str]) -> Option<Cost> {
    let status = Command::new("cargo").args(arguments).current_dir(folder).env_remove("RUSTFLAGS").output().ok()?;
    if !status.status.success() {
        eprintln!("{}", String::from_utf8_lossy(&status.stderr));
        return None;
    }
    drop(fs::remove_dir_all(folder.join("target")));
    timed::run(1, folder, &[&["cargo"], arguments].concat())
}

/// A program that asks every enum for everything that the derives have too.
fn asking(uses: &str, enums: impl Iterator<Item = (String, String)>, name: &str, number: &str) -> String {
    let mut text = format!(
        "{uses}\nfn main() {{\n    let number: u32 = std::env::args().count() as u32;\n    let text = std::env::args().next().unwrap_or_default();\n    let mut sum = 0;\n"
    );
    for (path, repr) in enums {
        let _ = writeln!(
            text,
            "    if let Ok(code) = {path}::try_from(number as {repr}) {{ sum += {name}.len() + {number} as usize; }}"
        );
        let _ = writeln!(text, "    if let Ok(code) = text.parse::<{path}>() {{ sum += {name}.len() + {number} as usize; }}");
    }
    text + "    println!(\"{sum}\");\n}\n"
}

fn linked_sizes() -> (String, Vec<Goal>) {
    let enums = all_enums();
    let own = asking(
        "",
        enums.iter().map(|(module, one)| (format!("wirecodes::{module}::{}", one.name), one.repr.clone())),
        "code.name()",
        "code.code()",
    );
    let derives = enums.iter().enumerate().map(|(at, (_, one))| (format!("{}{at}", one.name), one.repr.clone()));
    let derives = format!("{}\n{}", all_derived(), asking("", derives, "<&str>::from(code)", "code as u32"));
    let empty = asking("", std::iter::empty(), "", "");
    let programs = [
        ("empty program", String::new(), empty),
        ("wirecodes", generated(), own),
        ("num_enum + strum", DERIVES.to_owned(), derives),
    ];
    let sizes = programs.map(|(name, dependencies, source)| {
        eprintln!("linked size: {name}");
        let folder = tempfile::tempdir().expect("a folder can be made");
        package(folder.path(), &dependencies, &source, true);
        let output = Command::new("cargo").args(["build", "--quiet", "--release"]).current_dir(folder.path()).output().ok()?;
        if !output.status.success() {
            eprintln!("{}", String::from_utf8_lossy(&output.stderr));
        }
        let program = folder.path().join("target/release/krate");
        let size = fs::metadata(&program).ok()?.len();
        Some((name, [size, text_section(&program)?]))
    });
    let [Some((_, base)), own, derives] = sizes else { return ("not measured\n".to_owned(), Vec::new()) };
    let over = |pair: Option<(&'static str, [u64; 2])>| {
        pair.map(|(_, size)| [0, 1].map(|at| size[at].saturating_sub(base[at]) as f64 / 1024.0))
    };
    let rows = [("wirecodes", over(own)), ("num_enum + strum", over(derives))].map(|(name, size)| {
        let cells =
            size.map_or(["not measured", "not measured"].map(str::to_owned), |size| size.map(|size| format!("{size:.1} KiB")));
        [vec![name.to_owned()], cells.to_vec()].concat()
    });
    let ratio = |at: usize| Some(over(own)?[at] / over(derives)?[at]);
    let reached = vec![
        Goal { what: "linked size, of num_enum + strum".to_owned(), measured: ratio(0), most: 0.75 },
        Goal { what: "linked size, its `.text`, of num_enum + strum".to_owned(), measured: ratio(1), most: 0.2 },
    ];
    (report::table(&["over an empty program", "file, stripped", "`.text`"], &rows), reached)
}

/// The size of the machine code of a program.
fn text_section(program: &Path) -> Option<u64> {
    let output = Command::new("size").arg("-A").arg(program).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines().find_map(|line| line.strip_prefix(".text")?.split_whitespace().next()?.parse().ok())
}

fn large_tables() -> (String, Vec<Goal>) {
    let (mut rows, mut reached) = (Vec::new(), Vec::new());
    for size in [240, 3162, 10_000] {
        eprintln!("rustc: {size} rows");
        let folder = tempfile::tempdir().expect("a folder can be made");
        render_crate(size, &folder.path().join("own"));
        let codes = (0..size).map(|row| (inputs::number(row) as u64, inputs::ident(row))).collect();
        let one = Enum { name: "ErrorCode".to_owned(), repr: "u32".to_owned(), codes };
        package(&folder.path().join("derived"), DERIVES, &derived(&[one]), false);
        let costs = ["own", "derived"].map(|name| compile(&folder.path().join(name), name == "derived" && size == 10_000));
        for (name, costs) in ["wirecodes", "num_enum + strum"].into_iter().zip(&costs) {
            let cells = costs.iter().flat_map(|cost| timed::cells(*cost));
            rows.push(std::iter::once(format!("{name}, {size} rows")).chain(cells).collect());
        }
        for (way, word) in ["check", "build --release"].into_iter().enumerate().filter(|_| size == 3162) {
            let measured = costs[0][way].zip(costs[1][way]).map(|(own, derived)| own.seconds / derived.seconds);
            reached.push(Goal { what: format!("{size} rows, `{word}`, of num_enum + strum"), measured, most: 0.15 });
        }
        if size == 10_000 {
            let measured = costs[0][0].map(|cost| cost.seconds);
            reached.push(Goal { what: format!("{size} rows, seconds of `check`"), measured, most: 5.0 });
        }
    }
    (report::table(&["the crate alone", "check", "", "build --release", ""], &rows), reached)
}

fn render_crate(size: usize, folder: &Path) {
    let mut files = Files::new("codes");
    files.insert("crate.toml", inputs::MANIFEST.as_bytes().to_vec());
    files.insert("a/v1/error-codes.toml", inputs::table(size, false).into_bytes());
    let (registry, _) = load(&files);
    sync(&render(&registry.expect("the table is valid")), folder, Mode::Write, Owner::Whole).expect("the crate can be written");
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).expect("the crate has a manifest");
    write(folder.join("Cargo.toml"), &format!("{manifest}\n[workspace]\n"));
}

/// The time for a crate alone: what it depends on is built before. A release build of the derives takes minutes for the largest.
fn compile(folder: &Path, is_check_only: bool) -> [Option<Cost>; 2] {
    ["check", "build --release"].map(|command| {
        if is_check_only && command != "check" {
            return None;
        }
        let arguments: Vec<&str> = command.split(' ').chain(["--quiet"]).collect();
        let output = Command::new("cargo").args(&arguments).current_dir(folder).output().ok()?;
        if !output.status.success() {
            eprintln!("{}", String::from_utf8_lossy(&output.stderr));
            return None;
        }
        // A later time of the file is a change.
        let source = folder.join("src/lib.rs");
        let text = fs::read_to_string(&source).expect("the crate has a root");
        write(&source, &format!("{text}\n"));
        timed::run(1, folder, &[&["cargo"], arguments.as_slice()].concat())
    })
}
