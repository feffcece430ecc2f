//! A repository of pages that is somebody else's.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use wirecodes_tests::{copy_of, root, xtask_in};

/// Its settings name programs, and none of them is run.
#[test]
fn a_repository_runs_no_program() {
    let home = tempfile::tempdir().unwrap();
    let (codes, ran) = (home.path().join("codes"), home.path().join("ran"));
    fs::create_dir_all(codes.join("test")).unwrap();
    fs::rename(copy_of("tests/fixture/phone/v6").keep(), codes.join("test/v1")).unwrap();
    fs::copy(root().join("tests/fixture/crate.toml"), codes.join("crate.toml")).unwrap();
    let repository = hostile_repository(home.path(), &ran);
    // Git does run the program where nothing keeps it from that.
    let _ = Command::new("git").args(["log", "-1"]).current_dir(&repository).output().unwrap();
    assert!(ran.exists(), "the settings name no program that git would run");
    fs::remove_file(&ran).unwrap();
    let name = repository.display().to_string();
    for arguments in [
        &["update", "test/v1", "--from", &name, "--dry-run", "--out", "out"][..],
        &["history", &name, "page.md"],
        &["diff", "repository/page.md", "codes"],
    ] {
        let run = xtask_in(home.path(), arguments);
        assert!(!run.stdout.is_empty(), "{arguments:?} printed nothing: {}", run.stderr);
        assert!(!ran.exists(), "{arguments:?} ran {}", fs::read_to_string(&ran).unwrap());
    }
    let run = xtask_in(&repository, &["diff", "HEAD:page.md", "page.md"]);
    assert!(!ran.exists() && run.code == 0, "{run:#?}");
}

/// A repository with a signed commit of a page, whose settings name a program that says in a file that it ran.
fn hostile_repository(home: &Path, ran: &Path) -> PathBuf {
    use std::os::unix::fs::PermissionsExt as _;
    let (repository, program) = (home.join("repository"), home.join("program"));
    fs::write(&program, format!("#!/bin/sh\necho \"$0 $*\" >> {}\n", ran.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    fs::create_dir(&repository).unwrap();
    let git = |arguments: &[&str]| git_with(&repository, arguments, "");
    git(&["init", "--quiet", "--initial-branch=main"]);
    let page = "# Errors\n\n###### Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | One |\n";
    fs::write(repository.join("page.md"), page).unwrap();
    fs::write(repository.join(".gitattributes"), "*.md diff=x filter=x\n").unwrap();
    git(&["add", "--all"]);
    let tree = git(&["write-tree"]);
    let person = "T <t@example.org> 1700000000 +0000";
    let signature = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n x\n -----END PGP SIGNATURE-----";
    let commit = format!("tree {tree}\nauthor {person}\ncommitter {person}\n{signature}\n\npage\n");
    let commit = git_with(&repository, &["hash-object", "-t", "commit", "-w", "--stdin"], &commit);
    git(&["update-ref", "HEAD", &commit]);
    for setting in PROGRAMS {
        git(&["config", setting, &program.display().to_string()]);
    }
    git(&["config", "log.showSignature", "true"]);
    repository
}

/// Settings by which git runs programs.
const PROGRAMS: [&str; 13] = [
    "core.fsmonitor",
    "core.pager",
    "pager.log",
    "gpg.program",
    "diff.external",
    "diff.x.command",
    "diff.x.textconv",
    "filter.x.smudge",
    "core.editor",
    "core.sshCommand",
    "core.askPass",
    "credential.helper",
    "uploadpack.packObjectsHook",
];

fn git_with(repository: &Path, arguments: &[&str], input: &str) -> String {
    let mut command = Command::new("git");
    command.args(["-c", "user.name=T", "-c", "user.email=t@example.org"]).args(arguments).current_dir(repository);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    // Git may end without reading anything.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "git {arguments:?}");
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}
