//! Generating an enum from a list of codes: time and memory, beside generators that do something like it.
//!
//! Each one runs in a process of its own, as a library, from an input in memory to formatted Rust.

use std::path::Path;

use prost_types::{EnumDescriptorProto, EnumValueDescriptorProto, FileDescriptorProto, FileDescriptorSet};
use wirecodes_codegen::{Feature, Files, Form, Layout, generate, load};

use crate::inputs;
use crate::report::{self, Goal, goals};
use crate::timed::{self, Cost};

/// The generators. The crate of this project has documentation, a README, pages and methods that the others do not write; its
/// source alone is what `vendor` copies into another crate.
const GENERATORS: [&str; 4] = ["wirecodes", SOURCE_ALONE, "typify", "prost-build"];

const SOURCE_ALONE: &str = "wirecodes, its source alone";

/// How many rows there are.
const SIZES: [usize; 4] = [100, 1000, 10_000, 100_000];

/// Measures all generators.
pub fn section() -> String {
    let program = std::env::current_exe().expect("a program has a path").display().to_string();
    let mut costs: Vec<Vec<Option<Cost>>> = Vec::new();
    for generator in GENERATORS {
        let measure = |rows: &usize| {
            eprintln!("{generator}: {rows} rows");
            timed::run(
                if *rows < 100_000 { 3 } else { 1 },
                Path::new("."),
                &[&program, "generate-once", generator, &rows.to_string()],
            )
        };
        costs.push(SIZES.iter().map(measure).collect());
    }
    let row = |(name, costs): (&&str, &Vec<Option<Cost>>)| {
        let cells = costs.iter().flat_map(|cost| timed::cells(*cost));
        std::iter::once((*name).to_owned()).chain(cells).collect()
    };
    let header = ["generator", "100 rows", "", "1,000 rows", "", "10,000 rows", "", "100,000 rows", ""];
    let table = report::table(&header, &GENERATORS.iter().zip(&costs).map(row).collect::<Vec<_>>());
    let ratio = |one: usize, other: usize, of: fn(Cost) -> f64| Some(of(costs[one][2]?) / of(costs[other][2]?));
    let growth = || Some((costs[0][3]?.seconds / costs[0][2]?.seconds).log10());
    let goal = |what: &str, measured, most| Goal { what: what.to_owned(), measured, most };
    let reached = goals(&[
        goal("10,000 rows, time, of typify", ratio(0, 2, |cost| cost.seconds), 0.5),
        goal("10,000 rows, time, of prost-build", ratio(0, 3, |cost| cost.seconds), 0.5),
        goal("10,000 rows, memory, of typify", ratio(0, 2, |cost| cost.mebibytes), 0.7),
        goal("10,000 rows, the source alone, time, of typify", ratio(1, 2, |cost| cost.seconds), 0.5),
        goal("10,000 rows, the source alone, time, of prost-build", ratio(1, 3, |cost| cost.seconds), 0.5),
        goal("growth from 10,000 to 100,000 rows: the exponent", growth(), 1.1),
    ]);
    format!("{reached}\n{table}")
}

/// Runs one generator.
pub fn once(generator: &str, rows: usize) {
    let size = match generator {
        "wirecodes" => wirecodes(rows, &Form::default()),
        SOURCE_ALONE => wirecodes(rows, &Form { layout: Layout::Module("codes".to_owned()), features: Feature::ALL.into() }),
        "typify" => typify(rows),
        _ => prost(rows),
    };
    eprintln!("{size} bytes");
}

fn wirecodes(rows: usize, form: &Form) -> usize {
    let mut files = Files::new("codes");
    files.insert("crate.toml", inputs::MANIFEST.as_bytes().to_vec());
    files.insert("a/v1/error-codes.toml", inputs::table(rows, false).into_bytes());
    let (registry, _) = load(&files);
    generate(&registry.expect("the table is valid"), form).iter().map(|(_, text)| text.len()).sum()
}

fn typify(rows: usize) -> usize {
    let names: Vec<String> = (0..rows).map(inputs::ident).collect();
    let schema = serde_json::json!({ "definitions": { "ErrorCode": { "type": "string", "enum": names } } });
    let schema: schemars::schema::RootSchema = serde_json::from_value(schema).expect("a schema");
    let mut types = typify::TypeSpace::default();
    types.add_root_schema(schema).expect("the schema is simple");
    let file = syn::parse2(types.to_stream()).expect("it generates Rust");
    prettyplease::unparse(&file).len()
}

fn prost(rows: usize) -> usize {
    let value = |row: usize| EnumValueDescriptorProto {
        name: Some(format!("ERROR_NUMBER_{row}")),
        number: i32::try_from(inputs::number(row)).ok(),
        options: None,
    };
    let codes = EnumDescriptorProto {
        name: Some("ErrorCode".to_owned()),
        value: (0..rows).map(value).collect(),
        ..EnumDescriptorProto::default()
    };
    let file = FileDescriptorProto {
        name: Some("codes.proto".to_owned()),
        package: Some("codes".to_owned()),
        syntax: Some("proto3".to_owned()),
        enum_type: vec![codes],
        ..FileDescriptorProto::default()
    };
    let out = tempfile::tempdir().expect("a folder can be made");
    let set = FileDescriptorSet { file: vec![file] };
    prost_build::Config::new().out_dir(out.path()).compile_fds(set).expect("the enum is simple");
    std::fs::read(out.path().join("codes.rs")).expect("it writes a file").len()
}
