//! What all tables share: real files under `codegen/runtime/src`, where rustfmt, clippy and a reader see them.

use super::Examples;
use crate::model::Registry;
use crate::tree::{MARK, Tree};

/// A file under `codegen/runtime/src`, with its path there.
macro_rules! file {
    ($path:literal) => {
        ($path, include_str!(concat!("../../../runtime/src/", $path)))
    };
}

/// The files that every crate has.
const FILES: [(&str, &str); 12] = [
    file!("runtime/close_code.rs"),
    file!("runtime/code.rs"),
    file!("runtime/limits.rs"),
    file!("runtime/macros.rs"),
    file!("runtime/names.rs"),
    file!("runtime/opcode.rs"),
    file!("runtime/policy.rs"),
    file!("runtime/reconnector.rs"),
    file!("runtime/response.rs"),
    file!("runtime/row.rs"),
    file!("runtime/wire.rs"),
    file!("runtime.rs"),
];

/// The files behind a feature, and how their module is declared.
const FEATURES: [(&str, &str, &str); 2] = [
    ("runtime/error.rs", include_str!("../../../runtime/src/runtime/error.rs"), "#[cfg(feature = \"std\")]\nmod error;\n"),
    (
        "runtime/serde.rs",
        include_str!("../../../runtime/src/runtime/serde.rs"),
        "#[cfg(feature = \"serde\")]\nmod serde;\n#[cfg(feature = \"serde\")]\npub(crate) use serde::serde_code;\n",
    ),
];

pub(super) fn render(registry: &Registry, tree: &mut Tree) {
    let examples = Examples::new(registry);
    let declarations: Vec<&str> = FEATURES.iter().map(|(_, _, declaration)| *declaration).collect();
    for (path, text) in FILES.into_iter().chain(FEATURES.map(|(path, text, _)| (path, text))) {
        let declarations = if path == "runtime.rs" { format!("\n{}", declarations.join("\n")) } else { String::new() };
        let text = examples.in_runtime(text);
        let header = format!("// {MARK} from codegen/runtime/src/{path}. Do not edit.\n\n");
        tree.insert(format!("src/{path}"), format!("{header}{text}{declarations}"));
    }
}
