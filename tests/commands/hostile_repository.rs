//! A repository of pages that is somebody else's.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use wirecodes_tests::{Run, copy_of, root, xtask_in, xtask_program};

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
    let (repository, program) = (home.join("repository"), program(home, ran));
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
        git(&["config", setting, &program]);
    }
    git(&["config", "log.showSignature", "true"]);
    repository
}

/// A program that says in a file that it ran.
fn program(home: &Path, ran: &Path) -> String {
    use std::os::unix::fs::PermissionsExt as _;
    let program = home.join("program");
    fs::write(&program, format!("#!/bin/sh\necho \"$0 $*\" >> {}\n", ran.display())).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    program.display().to_string()
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

fn git_in(folder: &Path, arguments: &[&str]) {
    let _ = git_with(folder, arguments, "");
}

/// A folder of tables with two commits: `main`, and `evil`, which changes a policy of one table.
fn repository_with_tables(home: &Path) -> PathBuf {
    let repository = home.join("tables");
    fs::create_dir(&repository).unwrap();
    git_in(&repository, &["init", "--quiet", "--initial-branch=main"]);
    fs::rename(copy_of("tests/fixture").keep(), repository.join("codes")).unwrap();
    git_in(&repository, &["add", "--all"]);
    git_in(&repository, &["commit", "--quiet", "-m", "tables"]);
    git_in(&repository, &["checkout", "--quiet", "-b", "evil"]);
    let table = repository.join("codes/ws/v1/close-codes.toml");
    let text = fs::read_to_string(&table).unwrap();
    // What the table said before is in another file, for whoever mixes them up.
    fs::write(repository.join("before.txt"), &text).unwrap();
    let changed = text.replacen("action = \"resume\"", "action = \"stop\", fix = \"None.\"", 1);
    assert_ne!(changed, text);
    fs::write(&table, changed).unwrap();
    repository
}

/// Whatever the files of a revision are called, each table has its own text.
#[test]
fn a_file_with_a_line_end_in_its_name_hides_nothing() {
    let home = tempfile::tempdir().unwrap();
    let repository = repository_with_tables(home.path());
    for (name, code) in [("before\nHEAD:before.txt", 1), ("codes/ws/v1/a\nHEAD:before.txt", 2)] {
        fs::write(repository.join(name), "x").unwrap();
        git_in(&repository, &["add", "--all"]);
        git_in(&repository, &["commit", "--quiet", "-m", "evil"]);
        // Among the tables it is named: it is no table.
        let run = xtask_in(&repository, &["diff", "main:codes", "evil:codes", "--fail-on", "policy"]).ends(code);
        let said = if code == 1 { "policy, clients act differently" } else { "is not a table" };
        assert!((run.stdout + &run.stderr).contains(said), "{name:?}");
    }
}

/// Which repository and which files are read is said by the path that was given, and not by a setting.
#[test]
fn no_setting_leads_to_another_repository() {
    let home = tempfile::tempdir().unwrap();
    let [named, private] = ["named", "private"].map(|name| {
        let folder = home.path().join(name);
        fs::create_dir(&folder).unwrap();
        git_in(&folder, &["init", "--quiet", "--initial-branch=main"]);
        fs::write(folder.join("page.md"), format!("###### Codes\n\n| Code | Name |\n|---|---|\n| 7 | {name} |\n")).unwrap();
        git_in(&folder, &["add", "--all"]);
        git_in(&folder, &["commit", "--quiet", "-m", &format!("subject of {name}")]);
        folder
    });
    for setting in [["core.worktree", private.to_str().unwrap()], ["core.bare", "true"]] {
        git_in(&named, &["config", setting[0], setting[1]]);
        let run = xtask_in(home.path(), &["history", "named", "page.md"]).ends(0);
        assert!(run.stdout.contains("subject of named") && !run.stdout.contains("private"), "{setting:?}: {}", run.stdout);
        let run = xtask_in(home.path(), &["history", "named", "page.md", "--format", "json"]).ends(0);
        assert!(!run.stdout.contains("private"), "{setting:?}: {}", run.stdout);
    }
}

/// No setting makes git print what is not UTF-8.
#[test]
fn no_setting_changes_what_git_prints() {
    let home = tempfile::tempdir().unwrap();
    let repository = repository_with_tables(home.path());
    fs::write(repository.join("page.md"), "###### Codes\n\n| Code | Name |\n|---|---|\n| 7 | Seven |\n").unwrap();
    git_in(&repository, &["add", "--all"]);
    git_in(&repository, &["commit", "--quiet", "-m", "pagé"]);
    git_in(&repository, &["config", "i18n.logOutputEncoding", "UTF-16"]);
    let run = xtask_in(&repository, &["history", ".", "page.md"]).ends(0);
    assert!(run.stdout.contains("pagé") && run.stdout.contains("1 code"), "{}", run.stdout);
}

/// Whenever a commit says that it is of: nothing later is older than its page, and what is odd is named.
#[test]
fn a_commit_of_the_future_is_one_of_today() {
    for (seconds, day) in [("4300000000", "2106-04-06"), ("253402300800", "10000-01-01")] {
        let home = tempfile::tempdir().unwrap();
        let (codes, repository) = (home.path().join("codes"), home.path().join("docs"));
        fs::create_dir_all(&codes).unwrap();
        fs::create_dir(&repository).unwrap();
        fs::copy(root().join("tests/fixture/crate.toml"), codes.join("crate.toml")).unwrap();
        git_in(&repository, &["init", "--quiet", "--initial-branch=main"]);
        let commit = |rows: &str, date: &str| {
            let page = format!("# Codes\n\n## Error Codes\n\n| Code | Meaning |\n|---|---|\n{rows}");
            fs::write(repository.join("page.md"), page).unwrap();
            git_in(&repository, &["add", "--all"]);
            let mut command = Command::new("git");
            command.args(["-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "--quiet", "-m", "page"]);
            command.env("GIT_COMMITTER_DATE", format!("@{date} +0000")).env("GIT_AUTHOR_DATE", format!("@{date} +0000"));
            assert!(command.current_dir(&repository).status().unwrap().success());
        };
        commit("| 1 | One |\n", "1700000000");
        let imported = ["import", "docs/page.md", "--into", "test/v1", "--codes", "codes", "--date", "2023-11-14"];
        let _ = xtask_in(home.path(), &imported).ends(0);
        let sources = codes.join("test/v1/sources.toml");
        let first = git_with(&repository, &["rev-parse", "--short=8", "HEAD"], "");
        let of_page = format!("path = \"page.md\"\nrevision = \"{first}\"\n");
        fs::write(&sources, fs::read_to_string(&sources).unwrap() + &of_page).unwrap();
        commit("| 1 | One |\n| 2 | Two |\n", seconds);
        let arguments = ["update", "test/v1", "--from", "docs", "--codes", "codes", "--out", "out"];
        let run = xtask_in(home.path(), &arguments).ends(0);
        let named = git_with(&repository, &["rev-parse", "--short=8", "HEAD"], "");
        let says = format!("the commit {named} is dated {day}, after today");
        let said = run.stdout + &run.stderr;
        assert!(said.contains(&says), "{says}: {said}");
        let table = fs::read_to_string(codes.join("test/v1/error-codes.toml")).unwrap();
        let dated = fs::read_to_string(&sources).unwrap() + &table;
        assert!(dated.contains("since = ") && !dated.contains(&day[..4]), "{dated}");
        let run = xtask_in(home.path(), &["history", "docs", "page.md", "--since", "2024-01-01"]).ends(0);
        assert!(run.stdout.contains("added"), "{}", run.stdout);
        assert!(!run.stdout.contains(&format!("{day} {named}")) && (run.stdout + &run.stderr).contains(&says), "{says}");
        commit("| 1 | One |\n| 2 | Two |\n| 3 | Three |\n", "1900000000");
        let _ = xtask_in(home.path(), &arguments).ends(0);
    }
}

/// A setting that makes git read from a pipe makes no command wait for ever.
#[test]
fn a_setting_that_names_a_pipe_makes_nothing_hang() {
    let home = tempfile::tempdir().unwrap();
    let repository = repository_with_tables(home.path());
    fs::write(repository.join("page.md"), "###### Codes\n\n| Code | Name |\n|---|---|\n| 7 | Seven |\n").unwrap();
    git_in(&repository, &["add", "--all"]);
    git_in(&repository, &["commit", "--quiet", "-m", "page"]);
    let pipe = home.path().join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    git_in(&repository, &["config", "mailmap.file", pipe.to_str().unwrap()]);
    let run = xtask_in(&repository, &["history", ".", "page.md"]).ends(0);
    assert!(run.stdout.contains("1 code"), "{}", run.stdout);
}

/// Whatever a repository does to git: it is ended when it has been silent for half a minute.
#[test]
#[ignore = "it waits for half a minute"]
fn a_git_that_says_nothing_is_ended() {
    let home = tempfile::tempdir().unwrap();
    let git = home.path().join("git");
    fs::write(&git, "#!/bin/sh\nsleep 50\nexit 1\n").unwrap();
    fs::set_permissions(&git, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:{}", home.path().display(), std::env::var("PATH").unwrap());
    let mut command = Command::new(xtask_program());
    let run = Run::of(&command.args(["history", ".", "page.md"]).current_dir(home.path()).env("PATH", path).output().unwrap());
    assert!(run.ends(2).stderr.contains("git does not answer"));
}

/// A clone without all texts names what it lacks: a table that cannot be read is not one that was added.
#[test]
fn a_clone_that_lacks_a_text_says_so() {
    let home = tempfile::tempdir().unwrap();
    let repository = repository_with_tables(home.path());
    git_in(&repository, &["commit", "--quiet", "--all", "-m", "evil"]);
    git_in(&repository, &["config", "uploadpack.allowFilter", "true"]);
    let address = format!("file://{}", repository.display());
    git_in(home.path(), &["clone", "--quiet", "--filter=blob:none", &address, "partial"]);
    for side in ["origin/main:codes", "origin/main:codes/ws/v1/close-codes.toml"] {
        let run = xtask_in(&home.path().join("partial"), &["diff", side, "codes"]).ends(2);
        assert!(run.stderr.contains("the clone lacks the text of"), "{}", run.stderr);
    }
}

/// What a clone lacks is not fetched: git would run a program that the settings of the clone name.
#[test]
fn what_a_clone_lacks_is_not_fetched() {
    let home = tempfile::tempdir().unwrap();
    let (repository, ran) = (repository_with_tables(home.path()), home.path().join("ran"));
    fs::write(repository.join("page.md"), "###### Codes\n\n| Code | Name |\n|---|---|\n| 7 | Seven |\n").unwrap();
    git_in(&repository, &["add", "--all"]);
    git_in(&repository, &["commit", "--quiet", "-m", "page"]);
    git_in(&repository, &["config", "uploadpack.allowFilter", "true"]);
    let address = format!("file://{}", repository.display());
    git_in(home.path(), &["clone", "--quiet", "--filter=blob:none", "--no-checkout", &address, "partial"]);
    let partial = home.path().join("partial");
    git_in(&partial, &["config", "remote.origin.uploadpack", &program(home.path(), &ran)]);
    let _ = Command::new("git").args(["cat-file", "-p", "HEAD:page.md"]).current_dir(&partial).output().unwrap();
    assert!(ran.exists(), "git itself fetches nothing");
    fs::remove_file(&ran).unwrap();
    for arguments in
        [&["history", "partial", "page.md"][..], &["update", "ws/v1", "--from", "partial", "--codes", "tables/codes"]]
    {
        let run = xtask_in(home.path(), arguments).ends(1);
        assert!(!ran.exists(), "{arguments:?} ran {}\n{}", fs::read_to_string(&ran).unwrap(), run.stderr);
    }
    let run = xtask_in(&partial, &["diff", "HEAD:codes", "../tables/codes"]).ends(2);
    assert!(!ran.exists(), "{}", run.stderr);
}

/// What is too large is refused by its size, before memory is taken for it.
#[test]
fn what_is_too_large_is_refused_by_its_size() {
    let home = tempfile::tempdir().unwrap();
    let repository = repository_with_tables(home.path());
    let file = |path: &Path, megabytes: u64| fs::File::create(path).unwrap().set_len(megabytes << 20).unwrap();
    let refused = |arguments: &[&str], code: i32, says: &str| {
        // The memory that is left is less than the file has.
        let mut command = Command::new("sh");
        command.args(["-c", "ulimit -v 500000; exec \"$0\" \"$@\""]).arg(xtask_program()).args(arguments);
        let run = Run::of(&command.current_dir(home.path()).output().unwrap()).ends(code);
        assert!(run.stderr.contains(says), "{arguments:?}: {}", run.stderr);
    };
    file(&home.path().join("page.md"), 600);
    for (arguments, code) in [
        (&["import", "page.md", "--into", "ws/v1", "--codes", "tables/codes"][..], 1),
        (&["diff", "page.md", "tables/codes", "--codes", "tables/codes"], 2),
        (&["audit", "page.md", "--codes", "tables/codes"], 2),
    ] {
        refused(arguments, code, "it has 600 MB; nothing above 16 MB is read");
    }
    let table = repository.join("codes/ws/v1/large.toml");
    file(&table, 600);
    refused(&["codegen", "--codes", "tables/codes", "--out", "out"], 1, "it has 600 MB");
    fs::remove_file(table).unwrap();
    fs::create_dir(home.path().join("copy")).unwrap();
    file(&home.path().join("copy/VENDORED.toml"), 600);
    refused(&["vendor", "copy", "--check", "--offline"], 2, "it has 600 MB");
    // Small as they are on the disk, and in a repository.
    file(&repository.join("page.md"), 17);
    git_in(&repository, &["add", "page.md"]);
    git_in(&repository, &["commit", "--quiet", "-m", "large"]);
    refused(&["history", "tables", "page.md"], 1, "it has 17 MB; nothing above 16 MB is read");
    for version in 0..18 {
        fs::write(repository.join("many.md"), vec![b'x'; (15 << 20) - version]).unwrap();
        git_in(&repository, &["add", "many.md"]);
        git_in(&repository, &["commit", "--quiet", "-m", "many"]);
    }
    refused(&["history", "tables", "many.md"], 1, "18 texts have together 270 MB; nothing above 256 MB is read");
}

/// Wherever the tables are in a repository, their revisions are found; what is hidden is left out, as on the disk.
#[test]
fn tables_are_found_wherever_they_are() {
    let home = tempfile::tempdir().unwrap();
    let repository = home.path().join("tables");
    fs::rename(copy_of("tests/fixture").keep(), &repository).unwrap();
    fs::write(repository.join(".gitignore"), "target\n").unwrap();
    fs::write(repository.join("chat/.keep"), "").unwrap();
    git_in(&repository, &["init", "--quiet", "--initial-branch=main"]);
    git_in(&repository, &["add", "--all"]);
    git_in(&repository, &["commit", "--quiet", "-m", "tables"]);
    for arguments in
        [&["diff", "HEAD:chat/v2", "chat/v2", "--codes", "tables"][..], &["diff", "HEAD:ws/v1", "ws/v1", "--codes", "tables"]]
    {
        let run = xtask_in(home.path(), arguments).ends(0);
        assert!(run.stdout.contains("no change"), "{arguments:?}: {}", run.stdout);
    }
    // From inside of the folder of tables, too, where an edition is also a path.
    let moved = home.path().join("around/codes");
    fs::create_dir(home.path().join("around")).unwrap();
    fs::rename(repository.join(".git"), home.path().join("around/.git")).unwrap();
    fs::rename(&repository, &moved).unwrap();
    git_in(&home.path().join("around"), &["add", "--all"]);
    git_in(&home.path().join("around"), &["commit", "--quiet", "-m", "around"]);
    let run = xtask_in(&moved, &["diff", "HEAD:chat/v2", "chat/v2", "--codes", "."]).ends(0);
    assert!(run.stdout.contains("no change"), "{}", run.stdout);
    fs::rename(&moved, &repository).unwrap();
    fs::rename(home.path().join("around/.git"), repository.join(".git")).unwrap();
    git_in(&repository, &["add", "--all"]);
    git_in(&repository, &["commit", "--quiet", "-m", "back"]);
    git_in(&repository, &["mv", "chat", "talk"]);
    git_in(&repository, &["commit", "--quiet", "-m", "moved"]);
    let run = xtask_in(&repository, &["diff", "HEAD~1:chat/v2", "talk/v2", "--codes", "."]).ends(0);
    assert!(run.stdout.contains("no change") || run.stdout.contains("only wording"), "{}", run.stdout);
}
