//! What all tables share: real files under `codegen/runtime/src`, where rustfmt, clippy and a reader see them.

use super::Examples;
use crate::output::{Feature, Form, MARK};

/// A file under `codegen/runtime/src`, with its path there.
macro_rules! file {
    ($path:literal) => {
        ($path, include_str!(concat!("../../../runtime/src/", $path)))
    };
}

/// The files that every crate has.
const FILES: [(&str, &str); 20] = [
    file!("runtime/budget.rs"),
    file!("runtime/close_code.rs"),
    file!("runtime/code.rs"),
    file!("runtime/decide.rs"),
    file!("runtime/fleet.rs"),
    file!("runtime/group.rs"),
    file!("runtime/limits.rs"),
    file!("runtime/macros.rs"),
    file!("runtime/moves.rs"),
    file!("runtime/names.rs"),
    file!("runtime/opcode.rs"),
    file!("runtime/plan.rs"),
    file!("runtime/policy.rs"),
    file!("runtime/reconnector.rs"),
    file!("runtime/response.rs"),
    file!("runtime/row.rs"),
    file!("runtime/saved.rs"),
    file!("runtime/wire.rs"),
    file!("runtime/words.rs"),
    file!("runtime.rs"),
];

/// The files behind a feature, and how their modules are declared.
const FEATURES: [(Feature, (&str, &str), &[&str]); 2] = [
    (Feature::Std, file!("runtime/error.rs"), &["mod error;"]),
    (Feature::Serde, file!("runtime/serde.rs"), &["mod serde;", "pub(crate) use serde::serde_code;"]),
];

/// The files that a form has, with their paths below the root.
pub(super) fn files(form: &Form, examples: &Examples<'_>) -> Vec<(String, String)> {
    let features = FEATURES.iter().filter(|(feature, ..)| form.features.contains(feature));
    let mut declarations = String::new();
    let mut files = FILES.to_vec();
    for (feature, file, lines) in features {
        let lines: String = lines.iter().map(|line| form.behind(*feature, line)).collect();
        declarations += &format!("\n{lines}");
        files.push(*file);
    }
    let with_header = |(path, text): (&str, &str)| {
        let header = format!("// {MARK} from codegen/runtime/src/{path}. Do not edit.\n\n");
        let declarations = if path == "runtime.rs" { &*declarations } else { "" };
        (path.to_owned(), format!("{header}{}{declarations}", examples.in_runtime(text)))
    };
    files.into_iter().map(with_header).collect()
}
