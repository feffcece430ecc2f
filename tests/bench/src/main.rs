//! Measures the project beside what people use instead, and writes the sections of `BENCHMARKS.md`.
//!
//! Only ratios within a run mean something: close other programs, and run it twice. `dry-run` prints what was measured, and
//! writes nothing.

mod crates;
mod generate;
mod inputs;
mod lookups;
mod measure;
mod report;
mod rustc;
mod scale;
mod tables;
mod timed;

use std::path::Path;

const SECTIONS: [(&str, fn() -> String); 4] =
    [("lookups", lookups::section), ("generate", generate::section), ("rustc", rustc::section), ("scale", scale::section)];

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    // What a section runs of this program.
    match arguments.as_slice() {
        ["generate-once", rows] => return generate::once(rows.parse().expect("a number of rows")),
        ["count", job, contender, repeats] => {
            return lookups::count(job, contender, repeats.parse().expect("a number of repeats"));
        }
        _ => {}
    }
    let (wanted, is_dry) = match arguments.split_last() {
        Some((&"dry-run", wanted)) => (wanted, true),
        _ => (arguments.as_slice(), false),
    };
    let known = SECTIONS.map(|(name, _)| name);
    if let Some(unknown) = wanted.iter().find(|name| !known.contains(name)) {
        eprintln!("no section is called `{unknown}`; there are {known:?}, and `dry-run` behind them");
        std::process::exit(2);
    }
    for (name, section) in SECTIONS.iter().filter(|(name, _)| wanted.is_empty() || wanted.contains(name)) {
        let measured = section();
        if is_dry {
            print!("{measured}");
        } else {
            write(name, measured.trim());
        }
    }
}

/// Puts a section into its place in the report: between two comments, which a reader does not see.
fn write(name: &str, measured: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../BENCHMARKS.md");
    let text = std::fs::read_to_string(&path).expect("the report can be read");
    let (open, close) = (format!("<!-- {name} -->\n"), format!("\n<!-- end of {name} -->"));
    let (before, rest) = text.split_once(&open).expect("the report has a place for the section");
    let (_, after) = rest.split_once(&close).expect("the place has an end");
    std::fs::write(path, format!("{before}{open}\n{measured}\n{close}{after}")).expect("the report can be written");
}
