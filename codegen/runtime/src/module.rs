#![forbid(unsafe_code)]
// A crate uses some of the codes.
#![allow(dead_code, unreachable_pub, unused_imports, unused_macros)]
// A code that a document has removed keeps its variant, marked as deprecated. The tables still name it.
#![allow(deprecated)]
// Names, numbers and texts are as documented. The style of the crate around it is its own.
#![allow(clippy::all, clippy::pedantic, clippy::nursery)]
