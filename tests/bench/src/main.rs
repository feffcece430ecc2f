//! Measures the project beside what people use instead, and prints a section of `BENCHMARKS.md`.
//!
//! `cargo xtask bench` runs it and puts what it prints into its place.

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

use std::process::ExitCode;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["lookups"] => print!("{}", lookups::section("")),
        ["lookups", title] => print!("{}", lookups::section(title)),
        ["generate"] => print!("{}", generate::section()),
        ["rustc"] => print!("{}", rustc::section()),
        ["scale"] => print!("{}", scale::section()),
        ["generate-once", rows] => generate::once(rows.parse().expect("a number of rows")),
        ["count", job, contender, repeats] => {
            lookups::count(job, contender, repeats.parse().expect("a number of repeats"));
        }
        _ => {
            eprintln!("usage: wirecodes-bench lookups [TITLE] | generate | rustc | scale");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
