//! What is written, and what never is: the only place that writes generated files.

use std::fs;

use wirecodes_codegen::{List, Mode, Owner, Tree, sync};

fn tree(files: &[(&str, &str)]) -> Tree {
    let mut tree = Tree::default();
    for (path, text) in files {
        tree.insert(*path, *text);
    }
    tree
}

#[test]
fn line_ends_of_a_check_out_and_files_of_others_are_no_difference() {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in [("a", "1\r\n2\r\n"), (".DS_Store", "x"), ("Cargo.lock", "x")] {
        fs::write(folder.path().join(path), text).expect("a file");
    }
    assert_eq!(sync(&tree(&[("a", "1\n2\n")]), folder.path(), Mode::Verify, Owner::Whole).expect("it can be read"), []);
}

#[test]
fn a_list_never_leads_out_of_the_folder() {
    let home = tempfile::tempdir().expect("a folder");
    let [folder, outside] = ["copy", "outside"].map(|name| home.path().join(name));
    fs::create_dir(&folder).expect("a folder");
    fs::write(&outside, "text").expect("a file");
    for path in ["../outside", "a/../../outside", &outside.display().to_string()] {
        let list = List { digests: [(path.to_owned(), Vec::new())].into(), ..List::default() };
        let owner = Owner::Listed { list: &list, overwrite: true };
        let error = sync(&tree(&[("b", "1")]), &folder, Mode::Write, owner).expect_err(path);
        assert!(error.to_string().contains("leads out of the folder"), "{error}");
        assert!(outside.exists() && !folder.join("b").exists(), "{path}");
    }
}

#[test]
fn what_is_left_behind_is_removed() {
    let home = tempfile::tempdir().expect("a folder");
    let tree = tree(&[("a", "text"), ("b/c", "text")]);
    let sync = |mode| sync(&tree, home.path(), mode, Owner::Rendered);
    // A folder is in the place of a file.
    fs::create_dir(home.path().join("a")).expect("a folder");
    assert!(sync(Mode::Write).expect_err("a folder").to_string().contains("it is not a file"));
    fs::remove_dir(home.path().join("a")).expect("a folder");
    sync(Mode::Write).expect("nothing is in the way");
    // The start of a text, and a user's files of such a name.
    let files = [
        (".wirecodes-a-Ab12Cd", "te", false),
        ("b/.wirecodes-c-Ef34Gh", "", false),
        (".wirecodes-a-backup", "mine", true),
        (".wirecodes-a-of-monday", "te", true),
    ];
    for (path, text, _) in files {
        fs::write(home.path().join(path), text).expect("a file");
    }
    assert_eq!(sync(Mode::Write).expect("nothing differs"), []);
    for (path, _, stays) in files {
        assert_eq!(home.path().join(path).exists(), stays, "{path}");
    }
}

#[test]
fn a_file_that_changed_since_it_was_read_is_not_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("a");
    let is_blocked = |read: Option<&str>| {
        let read = [("a".to_owned(), read.map(str::to_owned))];
        sync(&tree(&[("a", "new")]), folder.path(), Mode::Write, Owner::Read(&read)).expect("drift")[0].blocks()
    };
    assert!(is_blocked(Some("read")), "it was removed");
    fs::write(&file, "\u{FEFF}theirs").expect("a file");
    assert!(is_blocked(None), "it came");
    assert!(is_blocked(Some("read")), "it was changed");
    assert_eq!(fs::read_to_string(&file).expect("a file"), "\u{FEFF}theirs");
    assert!(!is_blocked(Some("theirs")));
    assert_eq!(fs::read_to_string(&file).expect("a file"), "new");
}

#[cfg(unix)]
#[test]
fn two_runs_at_once_do_not_mix() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = || sync(&tree(&[("a", "1")]), folder.path(), Mode::Write, Owner::Rendered);
    let other = fs::File::open(folder.path()).expect("a folder");
    other.try_lock().expect("a lock");
    let error = run().expect_err("the other run has the lock");
    assert!(error.to_string().contains("another run"), "{error}");
    drop(other);
    assert_eq!(run().expect("the lock is free").len(), 1);
}

/// A run that is interrupted between two steps leaves a list that has the old and the new files, whatever it had done.
#[cfg(unix)]
#[test]
fn while_files_are_replaced_the_list_has_the_old_and_the_new() {
    let folder = tempfile::tempdir().expect("a folder");
    let new = tree(&[("a", "2"), ("b", "2"), ("list", "new")]);
    fs::create_dir(folder.path().join("gone")).expect("a folder");
    for path in ["a", "gone/c", "list"] {
        fs::write(folder.path().join(path), "1").expect("a file");
    }
    // One file under two names can be removed once: the run ends there.
    let digests = ["a", "gone/./c", "gone/c", "list"].map(|path| (path.to_owned(), Vec::new())).into();
    let list = List { path: "list".to_owned(), digests, while_writing: "both".to_owned() };
    let run = || sync(&new, folder.path(), Mode::Write, Owner::Listed { list: &list, overwrite: true });
    assert!(run().expect_err("the file is gone").to_string().contains("cannot remove"));
    let texts = || ["list", "a", "b"].map(|path| fs::read_to_string(folder.path().join(path)).expect("a file"));
    assert_eq!(texts(), ["both", "2", "2"]);
    run().expect("the next run needs no help");
    assert_eq!(texts(), ["new", "2", "2"]);
    // The list comes before all files.
    assert_eq!(first_of(Owner::Listed { list: &List { path: long("z"), ..list }, overwrite: true }), long("z"));
}

#[cfg(unix)]
#[test]
fn texts_are_replaced_in_the_order_in_which_they_are_read() {
    for order in [["a", "b", "z"], ["b", "z", "a"], ["z", "a", "b"]] {
        assert_eq!(first_of(Owner::Read(&order.map(|name| (long(name), None)))), long(order[0]));
    }
}

/// No file system has names that long for the file that is written first, and then takes the place of this one.
#[cfg(unix)]
fn long(name: &str) -> String {
    name.repeat(250)
}

/// The name of the first of three files that cannot be written, as the error has it.
#[cfg(unix)]
fn first_of(owner: Owner<'_>) -> String {
    let folder = tempfile::tempdir().expect("a folder");
    let names = ["a", "b", "z"].map(long);
    let tree = tree(&names.each_ref().map(|name| (name.as_str(), "1")));
    let error = sync(&tree, folder.path(), Mode::Write, owner).expect_err("the names are too long").to_string();
    let (_, file) = error.split_once(": ").map_or(("", ""), |(path, _)| path.rsplit_once('/').unwrap_or_default());
    assert!(names.iter().any(|name| name == file), "what is written before the file is no name to show: {error}");
    file.to_owned()
}

#[cfg(unix)]
#[test]
fn a_replaced_file_keeps_its_rights() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a");
    fs::write(&path, "old").expect("a file");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).expect("rights");
    sync(&tree(&[("a", "new")]), folder.path(), Mode::Write, Owner::Rendered).expect("it is written");
    assert_eq!(fs::read_to_string(&path).expect("a file"), "new");
    assert_eq!(fs::metadata(&path).expect("a file").permissions().mode() & 0o777, 0o640);
}
