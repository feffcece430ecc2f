//! What the generated crate costs its users: the compiler's time, and the size of a program that uses all of it.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use crate::crates::{DERIVES, Enum, all_enums, cargo, derived, generated, package, timed_cargo};
use crate::report::{self, Goal, goals};
use crate::timed::{self, Cost};

/// The two ways to compile, as arguments of Cargo.
const WAYS: [&[&str]; 2] = [&["check"], &["build", "--release"]];

/// Measures clean builds, programs and large tables.
pub fn section() -> String {
    let parts = [
        ("A clean build of all tables, with all that they depend on", clean_builds()),
        ("What a program has more than an empty one", linked_sizes()),
    ];
    let (mut reached, mut text) = (Vec::new(), String::new());
    for (title, (table, of_part)) in parts {
        let _ = write!(text, "\n### {title}\n\n{table}");
        reached.extend(of_part);
    }
    format!("{}{text}", goals(&reached))
}

fn clean_builds() -> (String, Vec<Goal>) {
    let crates = [
        ("wirecodes", generated(), String::new()),
        ("(empty crate)", String::new(), String::new()),
        ("num_enum + strum", DERIVES.to_owned(), derived(&all_enums())),
    ];
    let costs = crates.map(|(name, dependencies, source)| {
        eprintln!("clean build: {name}");
        let folder = tempfile::tempdir().expect("a folder can be made");
        package(folder.path(), &dependencies, &source);
        // What is fetched once is there for both.
        let is_fetched = cargo(folder.path(), &["fetch"]);
        let costs = WAYS.map(|way| {
            drop(fs::remove_dir_all(folder.path().join("target")));
            timed_cargo(folder.path(), way).filter(|_| is_fetched)
        });
        (name, costs)
    });
    let mut reached = Vec::new();
    for (way, arguments) in WAYS.iter().enumerate() {
        let what = format!("clean `{}`, of num_enum + strum", arguments.join(" "));
        reached.push(Goal { what, measured: ratio(costs[0].1[way], costs[2].1[way]), most: [0.12, 0.19][way] });
    }
    let row = |(name, costs): &(&str, [Option<Cost>; 2])| {
        [vec![(*name).to_owned()], costs.map(|cost| timed::cells(cost)[0].clone()).to_vec()].concat()
    };
    (report::table(&["crate", "check", "build --release"], &costs.iter().map(row).collect::<Vec<_>>()), reached)
}

fn ratio(ours: Option<Cost>, theirs: Option<Cost>) -> Option<f64> {
    Some(ours?.seconds / theirs?.seconds)
}

/// A program that asks every enum for everything that the derives have too.
fn asking(before: &str, enums: &[Enum], ask: impl Fn(&Enum) -> [String; 2], answer: &str) -> String {
    let mut text = format!(
        "{before}\nfn main() {{\n    let number = std::env::args().count();\n    \
         let text = std::env::args().next().unwrap_or_default();\n    let mut sum = 0;\n"
    );
    for one in enums {
        for question in ask(one) {
            let _ = writeln!(text, "    if let Some(code) = {question} {{ sum += {answer}; }}");
        }
    }
    text + "    println!(\"{sum} {number} {text}\");\n}\n"
}

fn linked_sizes() -> (String, Vec<Goal>) {
    let enums = all_enums();
    let ours =
        |Enum { path, repr, .. }: &Enum| [format!("{path}::from_code(number as {repr})"), format!("text.parse::<{path}>().ok()")];
    let numbers = |Enum { path, repr, .. }: &Enum| {
        let question = format!("{path}::from_code(number as {repr})");
        [question.clone(), format!("wirecodes::Wire::<{path}>::from(number as {repr}).known()")]
    };
    let theirs = |Enum { name, repr, .. }: &Enum| {
        [format!("{name}::try_from(number as {repr}).ok()"), format!("text.parse::<{name}>().ok()")]
    };
    let programs = [
        ("(empty program)", String::new(), asking("", &[], ours, "0usize").replace("let mut sum = 0", "let sum = 0")),
        ("wirecodes, numbers alone", generated(), asking("", &enums, numbers, "code.code() as usize")),
        ("wirecodes, all", generated(), asking("", &enums, ours, "code.name().len() + code.code() as usize")),
        (
            "num_enum + strum, all",
            DERIVES.to_owned(),
            asking(&derived(&enums), &enums, theirs, "<&str>::from(code).len() + code as usize"),
        ),
    ];
    let sizes = programs.map(|(name, dependencies, source)| {
        eprintln!("linked size: {name}");
        linked_size(&dependencies, &source)
    });
    let more = |program: usize| Some([0, 1].map(|at| Some((sizes[program]?[at] - sizes[0]?[at]) / 1024.0)));
    let more = |program: usize, at: usize| more(program).and_then(|sizes| sizes[at]);
    let row = |(program, name): (usize, &str)| {
        let size = |at| more(program, at).map_or("not measured".to_owned(), |size| format!("{size:.1} KiB"));
        vec![name.to_owned(), size(0), size(1)]
    };
    let names = [(1, "wirecodes, numbers alone"), (2, "wirecodes, all"), (3, "num_enum + strum, all")];
    let table = report::table(&["program", "file, stripped", "`.text`"], &names.map(row));
    let what = "linked size of numbers alone, of all with num_enum + strum".to_owned();
    let measured = more(1, 0).zip(more(3, 0)).map(|(ours, theirs)| ours / theirs);
    (table, vec![Goal { what, measured, most: 0.25 }])
}

/// The size of a program, and that of its machine code.
fn linked_size(dependencies: &str, source: &str) -> Option<[f64; 2]> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    package(folder.path(), dependencies, source);
    if !cargo(folder.path(), WAYS[1]) {
        return None;
    }
    let program = folder.path().join("target/release/krate");
    let output = Command::new("size").arg("-A").arg(&program).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let code = text.lines().find_map(|line| line.strip_prefix(".text")?.split_whitespace().next()?.parse().ok())?;
    Some([fs::metadata(&program).ok()?.len() as f64, code])
}
