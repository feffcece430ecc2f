//! The commands on large inputs, and on this repository.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::inputs;
use crate::report;
use crate::timed::{self, Cost};

/// A row of the report: what was run, and what it may take.
type Measured = (String, Option<Cost>, Option<f64>);

/// Measures the commands of the release build.
pub fn section() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").canonicalize().expect("the repository is there");
    let built = Command::new("cargo").args(["build", "--release", "--package", "xtask"]).current_dir(&root).status();
    assert!(built.is_ok_and(|status| status.success()), "the commands cannot be built");
    let xtask = root.join("target/release/wirecodes").display().to_string();
    let mut rows = on_this_repository(&root, &xtask);
    for size in [10_000, 100_000] {
        rows.extend(on_large_inputs(&xtask, size));
    }
    let row = |(what, cost, most): Measured| {
        let [seconds, memory] = timed::cells(cost);
        let verdict = match (cost, most) {
            (Some(cost), Some(most)) if cost.seconds > most => "**missed**",
            (Some(_), Some(_)) => "met",
            _ => "",
        };
        vec![what, seconds, memory, most.map(|most| format!("≤ {most} s")).unwrap_or_default(), verdict.to_owned()]
    };
    report::table(&["command", "time", "memory", "goal", ""], &rows.into_iter().map(row).collect::<Vec<_>>())
}

fn on_this_repository(root: &Path, xtask: &str) -> Vec<Measured> {
    let check = timed::run(5, root, &[xtask, "codegen", "--check"]);
    let mut rows = vec![("`codegen --check` of this repository".to_owned(), check, Some(0.15))];
    // Where a clone of the documents is, if there is one.
    match std::env::var_os("WIRECODES_DOCS").map(PathBuf::from).filter(|path| path.exists()) {
        Some(docs) => {
            let docs = docs.display().to_string();
            let path = "developers/topics/opcodes-and-status-codes.mdx";
            rows.push((
                "`history` of one page of Discord's documents".to_owned(),
                timed::run(3, root, &[xtask, "history", &docs, path]),
                Some(5.0),
            ));
        }
        None => rows.push(("`history`: set `WIRECODES_DOCS` to a clone of discord-api-docs".to_owned(), None, None)),
    }
    rows
}

fn on_large_inputs(xtask: &str, size: usize) -> Vec<Measured> {
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = |name: &str| folder.path().join(name);
    inputs::write(path("page.md"), &inputs::page(size));
    inputs::write(path("bad.md"), &inputs::bad_page(size));
    inputs::write(path("new/crate.toml"), inputs::MANIFEST);
    inputs::write(path("codes/crate.toml"), inputs::MANIFEST);
    inputs::write(path("codes/a/v1/error-codes.toml"), &inputs::table(size, false));
    inputs::write(path("codes/a/v2/error-codes.toml"), &inputs::table(size, true));
    let most = (size == 100_000).then_some(3.0);
    let run = |what: &str, arguments: &[&str]| {
        eprintln!("{what}: {size} rows");
        let command = [&[xtask], arguments].concat();
        (format!("{what}, {size} rows"), timed::run(3, folder.path(), &command), most)
    };
    let take = ["--dry-run", "--table", "Error Codes=error-codes", "--codes", "new"];
    let old = ["--dry-run", "--codes", "codes"];
    let import = |page, options: &[&'static str]| [&["import", page, "--into", "a/v1"], options].concat();
    let json = |options: Vec<&'static str>| [options, vec!["--format", "json"]].concat();
    let diff = vec!["diff", "a/v1", "a/v2", "--codes", "codes"];
    vec![
        run("`import` of a new table", &import("page.md", &take)),
        run("`import` of a new table, JSON", &json(import("page.md", &take))),
        run("`import` into the same table", &import("page.md", &old)),
        run("`import` of a bad page", &import("bad.md", &old)),
        run("`import` of a bad page, JSON", &json(import("bad.md", &old))),
        run("`diff` of two editions", &diff),
        run("`diff` of two editions, JSON", &json(diff.clone())),
    ]
}
