//! Names that the generated code uses itself. [`lower`](crate::lower) asks here and rejects them.
//!
//! The list is short because generated code names types by their full path, and its private items have names that no
//! identifier of a table can have.

/// Why a system cannot have this name, if it cannot. Its module is at the root of the crate.
#[must_use]
pub fn module(name: &str) -> Option<&'static str> {
    match name {
        "lib" => Some("`src/lib.rs` is the root of the crate"),
        "runtime" => Some("the module `runtime` has what all tables share"),
        "alloc" | "core" | "std" => Some("a module of this name would hide the standard library"),
        _ => None,
    }
}

/// Why a variant, an alias or a former identifier cannot have this name, if it cannot.
#[must_use]
pub fn variant(ident: &str) -> Option<&'static str> {
    match ident {
        "ALL" => Some("every enum has a constant `ALL` with all its codes; choose another name"),
        "LIMITS" => {
            Some("every enum of close codes has a constant `LIMITS` with the limits of its connection; choose another name")
        }
        "TITLE" => Some("every enum has a constant `TITLE` with its documented title; choose another name"),
        _ => None,
    }
}
