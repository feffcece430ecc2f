//! What the generated crate costs its users: the compiler's time, and the size of a program that uses all of it.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use crate::crates::{DERIVES, Enum, all_enums, cargo, derived, generate_large, generated, large_enum, package, timed_cargo};
use crate::inputs::write;
use crate::report::{self, Goal, goals};
use crate::timed::{self, Cost};

/// The two ways to compile, as arguments of Cargo.
const WAYS: [&[&str]; 2] = [&["check"], &["build", "--release"]];

/// How many rows the large tables have.
const SIZES: [usize; 3] = [240, 3162, 10_000];

/// Measures clean builds, programs and large tables.
pub fn section() -> String {
    let parts = [
        ("A clean build of all tables, with all that they depend on", clean_builds()),
        ("What a program that uses all of them has more than an empty one", linked_sizes()),
        ("One large table, without what it depends on", large_tables()),
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
        ("twilight-model", "twilight-model = \"0.17\"\n".to_owned(), String::new()),
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
        for ((other, theirs), most) in costs[1..].iter().zip([3.0, 0.07, 0.02]) {
            let what = format!("clean `{}`, of {other}", arguments.join(" "));
            reached.push(Goal { what, measured: ratio(costs[0].1[way], theirs[way]), most });
        }
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
    let theirs = |Enum { name, repr, .. }: &Enum| {
        [format!("{name}::try_from(number as {repr}).ok()"), format!("text.parse::<{name}>().ok()")]
    };
    let programs = [
        ("(empty program)", String::new(), asking("", &[], ours, "0usize").replace("let mut sum = 0", "let sum = 0")),
        ("wirecodes", generated(), asking("", &enums, ours, "code.name().len() + code.code() as usize")),
        (
            "num_enum + strum",
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
    let goal = |what: &str, at, most| {
        let measured = more(1, at).zip(more(2, at)).map(|(ours, theirs)| ours / theirs);
        Goal { what: format!("{what}, of num_enum + strum"), measured, most }
    };
    let table = report::table(&["program", "file, stripped", "`.text`"], &[(1, "wirecodes"), (2, "num_enum + strum")].map(row));
    (table, vec![goal("linked size", 0, 0.75), goal("linked machine code", 1, 0.2)])
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

fn large_tables() -> (String, Vec<Goal>) {
    let (mut rows, mut reached) = (Vec::new(), Vec::new());
    for size in SIZES {
        eprintln!("one table: {size} rows");
        let folder = tempfile::tempdir().expect("a folder can be made");
        let [ours, theirs] = ["ours", "theirs"].map(|name| folder.path().join(name));
        generate_large(size, &ours);
        package(&theirs, DERIVES, &derived(&[large_enum(size)]));
        let costs = [compile(&ours, &WAYS), compile(&theirs, if size < 10_000 { &WAYS } else { &WAYS[..1] })];
        for (name, costs) in ["wirecodes", "num_enum + strum"].into_iter().zip(&costs) {
            rows.push(
                [vec![format!("{name}, {size} rows")], costs.iter().flat_map(|cost| timed::cells(*cost)).collect()].concat(),
            );
        }
        for (way, arguments) in WAYS.iter().enumerate().filter(|_| size == 3162) {
            let what = format!("{size} rows, `{}`, of num_enum + strum", arguments.join(" "));
            reached.push(Goal { what, measured: ratio(costs[0][way], costs[1][way]), most: 0.15 });
        }
        if size == 10_000 {
            let measured = costs[0][0].map(|cost| cost.seconds);
            reached.push(Goal { what: format!("{size} rows, `check`, of a second"), measured, most: 5.0 });
        }
    }
    (report::table(&["the crate alone", "check", "", "build --release", ""], &rows), reached)
}

/// What a crate takes alone, in both ways: what it depends on was built before. A way that is left out is not measured.
fn compile(folder: &Path, ways: &[&[&str]]) -> [Option<Cost>; 2] {
    let mut costs = [None, None];
    for (cost, way) in costs.iter_mut().zip(ways) {
        if !cargo(folder, way) {
            continue;
        }
        // Cargo compiles again what was written later.
        let source = folder.join("src/lib.rs");
        let text = fs::read_to_string(&source).expect("the crate has a root");
        write(&source, &format!("{text}\n"));
        *cost = timed_cargo(folder, way);
    }
    costs
}
