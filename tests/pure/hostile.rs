//! Hostile input: what holds for any bytes, tried with the inputs of `fuzz/corpus`, the tables of the repository and edits of
//! these. `HOSTILE_SECONDS` says how long new edits are tried.

use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs, panic, thread};

use wirecodes_tests::{files, root};

#[path = "../fuzz/mutate.rs"]
mod mutate;
#[path = "../fuzz/properties.rs"]
mod properties;

/// The inputs of a target: its corpus and, where it takes tables, those of the repository.
fn seeds(target: &str) -> Vec<(String, Vec<u8>)> {
    let corpus = root().join("tests/fuzz/corpus").join(target);
    let mut seeds = files(&corpus);
    assert!(!seeds.is_empty(), "{} is empty", corpus.display());
    if ["table", "render"].contains(&target) {
        for folder in ["tests/bad_tables", "codes/discord/v10"] {
            let tables = files(&root().join(folder)).into_iter().filter(|(path, _)| is_table(path));
            seeds.extend(tables.map(|(path, bytes)| (format!("{folder}/{path}"), bytes)));
        }
    }
    seeds
}

fn is_table(path: &str) -> bool {
    Path::new(path).extension().is_some_and(|extension| extension == "toml")
}

/// Tries an input, and prints it if it breaks the property.
fn try_input(target: &str, property: properties::Property, name: &str, bytes: &[u8]) {
    let result = panic::catch_unwind(|| property(bytes));
    if let Err(reason) = result {
        let kept = env::temp_dir().join(format!("hostile-{target}"));
        fs::write(&kept, bytes).unwrap();
        eprintln!("{target} breaks with an edit of {name}; the input is in {}", kept.display());
        panic::resume_unwind(reason);
    }
}

#[test]
fn what_was_found_once_holds() {
    for (target, property) in properties::ALL {
        for (name, bytes) in seeds(target) {
            try_input(target, property, &name, &bytes);
        }
    }
}

#[test]
fn what_is_close_to_it_holds_too() {
    let seconds = env::var("HOSTILE_SECONDS").ok().and_then(|seconds| seconds.parse().ok());
    thread::scope(|scope| {
        for (target, property) in properties::ALL {
            scope.spawn(move || {
                let seeds = seeds(target);
                let mut numbers = mutate::Numbers(1);
                let end = seconds.map(|seconds| Instant::now() + Duration::from_secs(seconds));
                // Without a time the edits are the same in every run.
                let mut rounds = 0;
                while end.map_or(rounds < ROUNDS, |end| Instant::now() < end) {
                    let (name, bytes) = &seeds[numbers.below(seeds.len())];
                    let edited = mutate::mutated(&String::from_utf8_lossy(bytes), &mut numbers);
                    try_input(target, property, name, edited.as_bytes());
                    rounds += 1;
                }
                if end.is_some() {
                    eprintln!("{target}: {rounds} edits");
                }
            });
        }
    });
}

/// Each property has a fuzz target, which a workflow runs each week.
#[test]
fn each_property_has_a_target() {
    let text = |path: &str| fs::read_to_string(root().join(path)).unwrap();
    let (manifest, weekly) = (text("tests/fuzz/Cargo.toml"), text(".github/workflows/weekly.yml"));
    let names: Vec<&str> = properties::ALL.iter().map(|(name, _)| *name).collect();
    assert!(weekly.contains(&format!("target: [{}]", names.join(", "))), "{names:?}");
    for name in names {
        assert!(root().join(format!("tests/fuzz/targets/{name}.rs")).is_file(), "{name}");
        assert!(manifest.contains(&format!("name = \"{name}\"\npath = \"targets/{name}.rs\"")), "{name}");
    }
}

/// How many edits of each target are tried.
const ROUNDS: usize = 60;

/// What an input is full of, and how to write so many of it.
type Shape = (&'static str, fn(usize) -> String);

/// A row, a cell, a finding and a name of a page are each looked at once.
#[test]
fn time_grows_with_the_input_and_no_faster() {
    let header = "###### JSON Error Codes\n\n| Code | Meaning |\n|---|---|\n";
    let shapes: [Shape; 9] = [
        ("rows", |count| (0..count).map(|code| format!("| {code} | Meaning {code} |\n")).collect()),
        ("rows without numbers", |count| (0..count).map(|code| format!("| code-{code} | Meaning |\n")).collect()),
        ("one name", |count| format!("| 1 | {} |\n", "word ".repeat(count))),
        ("one number", |count| (0..count).map(|code| format!("| 7 | Meaning {code} |\n")).collect()),
        ("cells", |count| format!("| 1 | a {}\n", "| b ".repeat(count))),
        ("HTML rows", |count| format!("\n<table>{}</table>\n", "<tr><td>1</td><td>One</td></tr>\n".repeat(count))),
        ("HTML tables", |count| "\n<table><tr><td>1</table>\n".repeat(count)),
        ("escaped backticks", |count| format!("| 1 | {} |\n", "x\\``".repeat(count * 4))),
        ("open brackets", |count| format!("| 1 | {} |\n", "[`(".repeat(count))),
    ];
    grows_no_faster(&shapes, |shape| properties::page(format!("{header}{shape}").as_bytes()));
}

/// A bracket, a name and an enum of a source are each looked at once.
#[test]
fn the_time_of_an_audit_grows_no_faster() {
    let shapes: [Shape; 6] = [
        ("enums", |count| {
            let codes =
                "UnknownError = 4000, UnknownOpcode = 4001, DecodeError = 4002, NotAuthenticated = 4003, InvalidSeq = 4007";
            (0..count).map(|at| format!("enum Close{at} {{ {codes}, ...Other }}\n")).collect()
        }),
        ("constants", |count| (0..count * 10).map(|at| format!("UNKNOWN_ERROR_{at} = {}\n", 4000 + at % 20)).collect()),
        ("one constant", |count| "UNKNOWN_ERROR = 4000\nUNKNOWN_OPCODE = 4001\nDECODE_ERROR = 4003\n".repeat(count * 5)),
        ("brackets", |count| format!("{}{}", "(".repeat(count * 10), "]".repeat(count * 10))),
        ("quotes", |count| format!("{};\n", "'\\".repeat(count * 10))),
        ("a long name", |count| format!("{}unknown_error = 4000\nunknown_opcode = 4001\n", "a_".repeat(count * 5))),
    ];
    grows_no_faster(&shapes, |shape| properties::audited(shape.as_bytes()));
}

/// Twenty times the input takes about twenty times as long.
fn grows_no_faster(shapes: &[Shape], run: impl Fn(&str)) {
    let times = shapes.iter().map(|(name, shape)| {
        let time = |count: usize| {
            let text = shape(count);
            let start = Instant::now();
            run(&text);
            start.elapsed()
        };
        (name, time(50), time(1000))
    });
    // Quadratic growth is 400 times as much; the rest is for a busy machine.
    let slow: Vec<_> = times.filter(|(_, few, many)| *many >= *few * 80 + Duration::from_secs(1)).collect();
    assert!(slow.is_empty(), "{slow:?}");
}
