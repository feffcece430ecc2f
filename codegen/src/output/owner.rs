//! Which files of a folder are generated.

use std::collections::BTreeMap;

/// Which files of a folder are generated.
#[derive(Clone, Copy, Debug)]
pub enum Owner<'a> {
    /// All files: each has the generator's mark.
    Whole,
    /// Those of the tree. Other files are not looked at.
    Rendered,
    /// Those of the tree, which were made from the texts that were read at these paths, and are replaced in this order. Other
    /// files are not looked at, and one that was changed since it was read is not overwritten.
    Read(&'a [(String, Option<String>)]),
    /// Those in a list. Other files are never touched; `foreign` names them.
    Listed {
        /// The list.
        list: &'a List,
        /// Whether to overwrite files that were edited.
        overwrite: bool,
    },
}

/// A list of generated files, which is itself one of the files of the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct List {
    /// The path of the list.
    pub path: String,
    /// For each file the digests of the texts that may have been written there.
    pub digests: BTreeMap<String, Vec<String>>,
    /// The text of the list while files are being replaced: it has the old and the new digest of each.
    pub while_writing: String,
}
