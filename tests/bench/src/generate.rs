//! Generating from a list of codes: time and memory of a process that goes from tables in memory to the whole crate.

use std::path::Path;

use wirecodes_codegen::{Files, Form, generate, load};

use crate::inputs;
use crate::report::{self, Goal, goals};
use crate::timed::{self, Cost};

/// How many rows there are.
const SIZES: [usize; 4] = [100, 1000, 10_000, 100_000];

/// Measures all sizes.
pub fn section() -> String {
    let program = std::env::current_exe().expect("a program has a path").display().to_string();
    let measure = |rows: usize| {
        eprintln!("generate: {rows} rows");
        let runs = if rows < 100_000 { 3 } else { 1 };
        timed::run(runs, Path::new("."), &[&program, "generate-once", &rows.to_string()])
    };
    let costs: [Option<Cost>; 4] = SIZES.map(measure);
    let rows = SIZES.iter().zip(costs).map(|(size, cost)| {
        let [time, memory] = timed::cells(cost);
        vec![size.to_string(), time, memory]
    });
    let table = report::table(&["rows", "time", "memory"], &rows.collect::<Vec<_>>());
    let seconds = |at: usize| Some(costs[at]?.seconds);
    let growth = seconds(3).zip(seconds(2)).map(|(more, less)| (more / less).log10());
    let reached = goals(&[
        Goal { what: "10,000 rows, in seconds".to_owned(), measured: seconds(2), most: 0.5 },
        Goal { what: "growth from 10,000 to 100,000 rows: the exponent".to_owned(), measured: growth, most: 1.1 },
    ]);
    format!("{reached}\n{table}")
}

/// Generates once.
pub fn once(rows: usize) {
    let mut files = Files::new("codes");
    files.insert("crate.toml", inputs::MANIFEST.as_bytes().to_vec());
    files.insert("a/v1/error-codes.toml", inputs::table(rows, false).into_bytes());
    let (registry, _) = load(&files);
    let size: usize = generate(&registry.expect("the table is valid"), &Form::default()).iter().map(|(_, text)| text.len()).sum();
    eprintln!("{size} bytes");
}
