//! The steps by which a folder becomes equal to a tree: each is done as a whole or not at all.

use std::path::Path;

use super::disk::{SyncError, remove, stage};
use super::{Drift, Owner, Tree};

/// One change of a folder, which is done as a whole or not at all: a path, and the text of the file there. Without a text the file
/// is removed.
type Step<'a> = (&'a str, Option<&'a str>);

/// What removes the differences, in the order in which it is done.
///
/// Between any two steps the next run knows every file as generated, also when it starts from other tables: a list of files is
/// replaced first, by one that has the old and the new digests, and at the end by the one that was rendered.
pub(super) fn steps<'a>(tree: &'a Tree, drift: &'a [Drift], owner: Owner<'a>) -> Vec<Step<'a>> {
    let list = match owner {
        Owner::Listed { list, .. } if !drift.is_empty() => Some(list),
        _ => None,
    };
    let is_list = |path: &str| list.is_some_and(|list| list.path == path);
    let (rendered, stale): (Vec<&Drift>, Vec<&Drift>) = drift.iter().partition(|drift| tree.get(&drift.path).is_some());
    let mut changed: Vec<&Drift> = rendered.into_iter().filter(|drift| !is_list(&drift.path)).collect();
    if let Owner::Read(texts) = owner {
        changed.sort_by_key(|drift| texts.iter().position(|(path, _)| *path == drift.path));
    }
    let mut steps: Vec<Step<'a>> = Vec::new();
    steps.extend(list.map(|list| (list.path.as_str(), Some(list.while_writing.as_str()))));
    steps.extend(changed.into_iter().chain(stale).map(|drift| (drift.path.as_str(), tree.get(&drift.path))));
    steps.extend(list.and_then(|list| Some((list.path.as_str(), Some(tree.get(&list.path)?)))));
    steps
}

/// Does the steps.
///
/// All texts are on the disk before the first file is replaced, and each file is replaced in one step: when the disk is full or
/// a folder cannot be written, every file is as it was, and at no time does a reader see half of one.
pub(super) fn write(root: &Path, steps: &[Step<'_>]) -> Result<(), SyncError> {
    let mut staged = Vec::new();
    for (path, text) in steps {
        let path = root.join(path);
        let file = text.map(|text| stage(&path, text)).transpose()?;
        staged.push((path, file));
    }
    for (path, file) in staged {
        if let Some(file) = file {
            file.persist(&path).map_err(|error| SyncError { action: "write", path, error: error.error })?;
        } else {
            remove(&path, root)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::fs;

    use super::*;
    use crate::output::{List, Mode, sync};

    #[test]
    fn texts_are_replaced_in_the_order_in_which_they_are_given() {
        let tree = Tree::marked(&[("a", "1"), ("b", "1"), ("c", "1")]);
        let folder = tempfile::tempdir().expect("a folder");
        let texts = ["b", "c", "a"].map(|path| (path.to_owned(), None));
        let drift = sync(&tree, folder.path(), Mode::Verify, Owner::Read(&texts)).expect("drift");
        let steps = steps(&tree, &drift, Owner::Read(&texts));
        assert!(matches!(steps[..], [("b", _), ("c", _), ("a", _)]), "{steps:?}");
    }

    #[test]
    fn after_any_number_of_steps_every_listed_file_is_known() {
        let (old, new) = (
            Tree::marked(&[("a", "1"), ("b", "1"), ("c", "1"), ("l", "1")]),
            Tree::marked(&[("a", "2"), ("b", "2"), ("d", "2"), ("l", "2")]),
        );
        let digests = |trees: &[&Tree]| {
            let mut digests: BTreeMap<String, Vec<String>> = BTreeMap::new();
            for (path, text) in trees.iter().flat_map(|tree| tree.iter()) {
                digests.entry(path.to_owned()).or_default().push(crate::text::digest(text));
            }
            digests
        };
        let list = List { path: "l".to_owned(), digests: digests(&[&old]), while_writing: "both".to_owned() };
        let owner = Owner::Listed { list: &list, overwrite: false };
        let mut done = 0;
        loop {
            let folder = tempfile::tempdir().expect("a folder");
            sync(&old, folder.path(), Mode::Write, Owner::Rendered).expect("the first copy");
            let drift = sync(&new, folder.path(), Mode::Verify, owner).expect("drift");
            let all = steps(&new, &drift, owner);
            write(folder.path(), &all[..done]).expect("some steps");
            // What the list says now decides what is known: the old texts, both, or the new ones.
            let known = match fs::read_to_string(folder.path().join("l")).expect("a list") {
                text if text == "both" => digests(&[&old, &new]),
                text if Some(text.as_str()) == new.get("l") => digests(&[&new]),
                _ => digests(&[&old]),
            };
            let mut known = List { digests: known, path: "l".to_owned(), while_writing: "both".to_owned() };
            known.digests.remove("l");
            let third = Tree::marked(&[("a", "3"), ("d", "3")]);
            let drift =
                sync(&third, folder.path(), Mode::Verify, Owner::Listed { list: &known, overwrite: false }).expect("drift");
            assert!(!drift.iter().any(Drift::blocks), "after {done} steps: {drift:?}");
            if done == all.len() {
                break;
            }
            done += 1;
        }
        assert_eq!(done, 6, "the list, three files, one removal, the list");
    }

    #[test]
    fn an_error_names_the_file_and_not_what_is_written_before_it() {
        let folder = tempfile::tempdir().expect("a folder");
        // No file system has names that long: the staged file is longer than the file, and fails first.
        let name = "n".repeat(250);
        let error = write(folder.path(), &[(&name, Some("new"))]).expect_err("the name is too long");
        let text = error.to_string();
        assert!(text.contains(&format!("/{name}: ")) && !text.contains(crate::output::disk::STAGED), "{text}");
    }

    #[cfg(unix)]
    #[test]
    fn a_replaced_file_keeps_its_rights() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a");
        fs::write(&path, "old").expect("a file");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("rights");
        write(folder.path(), &[("a", Some("new"))]).expect("a step");
        assert_eq!(fs::read_to_string(&path).expect("a file"), "new");
        assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o640);
    }
}
