//! Faults while the commands write: killed, a full disk, missing rights, links, pipes, and other runs at the same time.
//!
//! After each of them every file is the old one or the new one, nothing else has changed, and the next run ends as if nothing
//! had happened. `FAULTS=long` tries more points of time and more places.

use std::collections::BTreeMap;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;
use std::thread::sleep;
use std::time::{Duration, Instant};
use std::{env, fs};

use tempfile::TempDir;
use wirecodes_tests::{Run, copy_of, files, skip, xtask_in, xtask_program};

/// A folder, and a command that changes files in it.
struct Scene {
    home: TempDir,
    arguments: Vec<&'static str>,
    /// The folder that is written, below the home.
    out: &'static str,
    /// Whether all is written in one go, so that a full disk leaves everything as it was.
    is_one_step: bool,
    old: Texts,
    new: Texts,
}

type Texts = BTreeMap<String, Vec<u8>>;

/// All commands that write.
static SCENES: LazyLock<Vec<Scene>> = LazyLock::new(|| {
    let import =
        ["import", "page.md", "--into", "test/v1", "--date", "2026-07-21", "--table", "JSON Error Codes=json-error-codes"];
    vec![
        Scene::new(
            |home| {
                tables(home);
            },
            &["codegen"],
            "generated",
            true,
        ),
        Scene::new(
            |home| {
                tables(home);
                run(home, &["codegen"]);
                edit_tables(home);
            },
            &["codegen"],
            "generated",
            true,
        ),
        Scene::new(
            |home| {
                tables(home);
            },
            &["vendor", "copy"],
            "copy",
            true,
        ),
        Scene::new(
            |home| {
                tables(home);
                run(home, &["vendor", "copy"]);
                edit_tables(home);
            },
            &["vendor", "copy"],
            "copy",
            true,
        ),
        Scene::new(
            |home| {
                imported(home);
                fs::write(home.join("page.md"), page(true)).unwrap();
            },
            &import,
            "codes/test",
            true,
        ),
        Scene::new(with_repository, &["update", "test/v1", "--from", "repository"], "codes/test", false),
        Scene::new(with_repository, &["history", "repository", "page.md", "--into", "test/v1"], "codes/test", true),
    ]
});

impl Scene {
    fn new(build: fn(&Path), arguments: &[&'static str], out: &'static str, is_one_step: bool) -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        build(home.path());
        let old = texts(home.path());
        let mut scene = Self { home, arguments: arguments.to_vec(), out, is_one_step, old, new: Texts::new() };
        let trial = scene.trial();
        let _ = xtask_in(trial.home.path(), &scene.arguments).ends(0);
        scene.new = texts(trial.home.path());
        assert_ne!(scene.old, scene.new, "{arguments:?} changes nothing");
        scene
    }

    fn trial(&self) -> Trial<'_> {
        let home = copy_of(&self.home.path().display().to_string());
        fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
        let stamps = stamps(home.path());
        Trial { scene: self, home, stamps }
    }

    /// The files that the command writes anew or replaces.
    fn written(&self) -> Vec<&str> {
        let is_written = |path: &&String| self.old.get(*path) != self.new.get(*path) && path.starts_with(self.out);
        self.new.keys().filter(is_written).map(String::as_str).collect()
    }
}

/// A copy of a scene in which something goes wrong.
struct Trial<'a> {
    scene: &'a Scene,
    home: TempDir,
    /// The number and the time of each file as it was before.
    stamps: BTreeMap<String, (u64, i64, i64)>,
}

impl Trial<'_> {
    fn path(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    fn command(&self) -> Command {
        let mut command = Command::new(xtask_program());
        command.args(&self.scene.arguments).current_dir(self.home.path());
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Every file is old or new as a whole; what was staged has a name of its own.
    #[track_caller]
    fn is_whole(&self) {
        for (path, text) in texts(self.home.path()) {
            let is_known = self.scene.old.get(&path) == Some(&text) || self.scene.new.get(&path) == Some(&text);
            // While files are replaced, the list of a copy has the digests of both.
            let is_list = || {
                path == "copy/VENDORED.toml"
                    && toml::from_slice::<toml::Table>(&text).is_ok_and(|list| list.contains_key("replaced"))
            };
            assert!(is_known || is_staged(&path) || is_list(), "{:?}: {path} is neither old nor new", self.scene.arguments);
        }
        for path in self.scene.old.keys().filter(|path| self.scene.new.contains_key(*path)) {
            assert!(self.path(path).exists(), "{:?}: {path} is lost", self.scene.arguments);
        }
    }

    /// Every file is as it was.
    #[track_caller]
    fn is_old(&self) {
        let mut present = texts(self.home.path());
        present.retain(|path, _| !is_staged(path));
        assert_eq!(names_of_changes(&self.scene.old, &present), [""; 0], "{:?}", self.scene.arguments);
    }

    /// The next run needs no help, leaves nothing behind and touches no file that is as it should be.
    #[track_caller]
    fn recovers(&self) {
        let run = Run::of(&ended(self.command().spawn().unwrap()));
        assert_eq!(run.code, 0, "{:?}\n{}\n{}", self.scene.arguments, run.stdout, run.stderr);
        let present = texts(self.home.path());
        assert_eq!(names_of_changes(&self.scene.new, &present), [""; 0], "{:?}", self.scene.arguments);
        let now = stamps(self.home.path());
        let unchanged = self.stamps.iter().filter(|(path, _)| self.scene.old.get(*path) == self.scene.new.get(*path));
        for (path, stamp) in unchanged {
            assert_eq!(now.get(path), Some(stamp), "{:?} touched {path}", self.scene.arguments);
        }
    }
}

#[test]
fn killed_at_any_moment() {
    let mut interrupted = 0;
    for scene in SCENES.iter() {
        let count = scene.written().len();
        let moments = if is_long() { (1..=count).collect() } else { vec![count.div_ceil(2)] };
        for moment in moments {
            for staged in [true, false] {
                let trial = scene.trial();
                let before = stamps(trial.home.path());
                let mut child = trial.command().spawn().unwrap();
                while child.try_wait().unwrap().is_none() {
                    let now = stamps(trial.home.path());
                    let is_due = |path: &String| {
                        if staged { is_staged(path) } else { now.get(path) != before.get(path) && !is_staged(path) }
                    };
                    if now.keys().filter(|path| is_due(path)).count() >= moment {
                        let _ = child.kill();
                        break;
                    }
                    sleep(Duration::from_micros(100));
                }
                let _ = child.wait().unwrap();
                trial.is_whole();
                interrupted += u32::from(texts(trial.home.path()) != scene.new);
                trial.recovers();
            }
        }
    }
    eprintln!("{interrupted} runs were interrupted");
    assert!(interrupted > 0, "no run was interrupted");
}

/// No file may have more than so many blocks: the command is killed by the signal, or gets an error where that is ignored.
#[test]
fn a_full_disk_changes_nothing() {
    for scene in SCENES.iter() {
        for limit in if is_long() { vec!["0", "1", "2", "4", "8", "16"] } else { vec!["1"] } {
            for ignored in ["trap '' XFSZ; ", ""] {
                let trial = scene.trial();
                let mut command = Command::new("sh");
                command.args(["-c", &format!("{ignored}ulimit -c 0; ulimit -f {limit}; exec \"$0\" \"$@\"")]);
                command.arg(xtask_program()).args(&scene.arguments).current_dir(trial.home.path());
                let output = command.output().unwrap();
                assert!(!output.status.success() || is_long(), "{:?} wrote all with a limit of {limit}", scene.arguments);
                if !output.status.success() && !ignored.is_empty() {
                    let stderr = String::from_utf8_lossy(&output.stderr);
                    assert!(output.status.code() == Some(1) && stderr.contains("cannot write"), "{stderr}");
                    assert!(!stderr.contains("/.wirecodes-"), "the name of a temporary file: {stderr}");
                }
                trial.is_whole();
                if !output.status.success() && scene.is_one_step {
                    trial.is_old();
                }
                trial.recovers();
            }
        }
    }
}

/// A disk of a few pages, where this user may mount one.
#[test]
fn a_small_disk_changes_nothing() {
    let Some(disk) = Disk::new() else { return skip("no disk can be mounted here") };
    for scene in SCENES.iter().filter(|scene| scene.out == "generated" || scene.out == "copy") {
        let trial = scene.trial();
        let out = trial.path(scene.out);
        let moved = disk.0.path().join("out");
        let arguments: Vec<String> = match scene.arguments[0] {
            "codegen" => vec!["codegen".to_owned(), "--out".to_owned(), moved.display().to_string()],
            _ => vec!["vendor".to_owned(), moved.display().to_string()],
        };
        if out.exists() {
            assert!(Command::new("cp").arg("-r").args([&out, &moved]).status().unwrap().success());
        }
        disk.fill();
        let before = disk.0.path().join("out").exists().then(|| texts(&moved));
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let run = xtask_in(trial.home.path(), &arguments).ends(1);
        assert!(run.stderr.contains("cannot write"), "{}", run.stderr);
        assert_eq!(before.unwrap_or_default(), if moved.exists() { texts(&moved) } else { Texts::new() });
        disk.free();
        let _ = xtask_in(trial.home.path(), &arguments).ends(0);
        let wanted: Texts = scene
            .new
            .iter()
            .filter_map(|(path, text)| Some((path.strip_prefix(scene.out)?.get(1..)?.to_owned(), text.clone())))
            .collect();
        assert_eq!(names_of_changes(&wanted, &texts(&moved)), [""; 0]);
        fs::remove_dir_all(&moved).unwrap();
    }
}

/// A mounted disk of half a mebibyte.
struct Disk(TempDir);

impl Disk {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", "size=2m", "tmpfs"]).arg(folder.path()).stderr(Stdio::null());
        mount.status().is_ok_and(|status| status.success()).then(|| Self(folder))
    }

    fn fill(&self) {
        let _ = fs::write(self.0.path().join("filler"), vec![0; 4 << 20]);
    }

    fn free(&self) {
        fs::remove_file(self.0.path().join("filler")).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).status();
    }
}

#[test]
fn without_the_right_to_write_nothing_changes() {
    for scene in SCENES.iter().filter(|scene| scene.old.keys().any(|path| path.starts_with(scene.out))) {
        let trial = scene.trial();
        let out = trial.path(scene.out);
        let chmod = |rights: &str| assert!(Command::new("chmod").args(["-R", rights]).arg(&out).status().unwrap().success());
        chmod("a-w");
        let mut command = trial.command();
        if fs::metadata(trial.home.path()).unwrap().uid() == 0 {
            // Root may write anywhere.
            command.uid(65534).gid(65534);
        }
        let run = Run::of(&ended(command.spawn().unwrap()));
        assert!(run.code > 0, "{:?}\n{}\n{}", scene.arguments, run.stdout, run.stderr);
        assert!(run.stderr.contains("error") && !run.stderr.contains("/.wirecodes-"), "{}", run.stderr);
        trial.is_old();
        chmod("u+w");
        trial.recovers();
    }
}

/// In the place of a file or a folder that is written there is a link that leads elsewhere.
#[test]
fn links_are_not_followed() {
    for scene in SCENES.iter() {
        for place in places(scene) {
            let (trial, outside) = (scene.trial(), tempfile::tempdir().unwrap());
            let (path, target) = (trial.path(&place), outside.path().join("target"));
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            if path.exists() {
                fs::rename(&path, &target).unwrap();
            } else if scene.new.contains_key(&place) {
                fs::write(&target, "theirs").unwrap();
            } else {
                fs::create_dir(&target).unwrap();
            }
            symlink(&target, &path).unwrap();
            let before = texts(outside.path());
            let run = Run::of(&ended(trial.command().spawn().unwrap()));
            assert!(run.code == 1 || run.code == 2, "{:?} with {place}\n{}\n{}", scene.arguments, run.stdout, run.stderr);
            assert!(path.is_symlink(), "{:?} replaced {place}", scene.arguments);
            assert_eq!(before, texts(outside.path()), "{:?} wrote through {place}", scene.arguments);
        }
    }
}

/// Nobody writes into the pipe: who reads from it waits forever.
#[test]
fn pipes_are_not_read() {
    let home = tempfile::tempdir().unwrap();
    tables(home.path());
    for path in ["page.md", "codes/pipe"] {
        assert!(Command::new("mkfifo").arg(home.path().join(path)).status().unwrap().success());
    }
    for arguments in [
        &["import", "page.md", "--into", "test/v1"][..],
        &["diff", "page.md", "codes"],
        &["diff", "codes", "codes", "--waivers", "page.md"],
        &["audit", "page.md"],
        &["codegen"],
    ] {
        let mut command = Command::new(xtask_program());
        command.args(arguments).current_dir(home.path()).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let run = Run::of(&ended(command.spawn().unwrap()));
        assert!(run.code > 0 && run.stderr.contains("it is not a"), "{arguments:?}: {run:?}");
    }
    for scene in SCENES.iter() {
        let pipe_beside = format!("{}/src/pipe", scene.out);
        let beside = ["codes/pipe.toml", "codes/test/v1/pipe.toml", &pipe_beside].map(str::to_owned);
        for place in places(scene).into_iter().filter(|place| scene.new.contains_key(place)).chain(beside) {
            let trial = scene.trial();
            let path = trial.path(&place);
            if !path.parent().unwrap().is_dir() {
                continue;
            }
            let _ = fs::remove_file(&path);
            assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
            let run = Run::of(&ended(trial.command().spawn().unwrap()));
            // Files beside those of a copy or of an edition are not looked at.
            let is_beside = place.ends_with("/pipe") || place.ends_with("/pipe.toml");
            assert!(run.code > 0 || is_beside, "{:?} with {place}\n{}\n{}", scene.arguments, run.stdout, run.stderr);
            assert!(path.symlink_metadata().unwrap().file_type().is_fifo(), "{:?} replaced {place}", scene.arguments);
            fs::remove_file(&path).unwrap();
        }
    }
}

#[test]
fn two_runs_at_once() {
    for scene in SCENES.iter() {
        for _ in 0..if is_long() { 20 } else { 1 } {
            let trial = scene.trial();
            let children: Vec<Child> = (0..3).map(|_| trial.command().spawn().unwrap()).collect();
            let runs: Vec<Run> = children.into_iter().map(|child| Run::of(&ended(child))).collect();
            assert!(runs.iter().any(|run| run.code == 0), "{runs:#?}");
            for run in runs.iter().filter(|run| run.code != 0) {
                let says_so = ["another run is writing there", "was changed by somebody else"];
                assert!(says_so.iter().any(|said| run.stderr.contains(said)), "{run:#?}");
            }
            trial.is_whole();
            trial.recovers();
        }
    }
}

/// Somebody removes the output while it is written.
#[test]
fn a_folder_that_changes_underneath() {
    for scene in SCENES.iter().filter(|scene| scene.out == "generated") {
        for _ in 0..if is_long() { 30 } else { 2 } {
            let trial = scene.trial();
            let mut child = trial.command().spawn().unwrap();
            while child.try_wait().unwrap().is_none() {
                let _ = fs::remove_dir_all(trial.path("generated/src"));
                sleep(Duration::from_micros(500));
            }
            let run = Run::of(&ended(child));
            assert!(run.code == 0 || run.stderr.contains("cannot "), "{run:#?}");
            let run = Run::of(&ended(trial.command().spawn().unwrap()));
            assert_eq!((run.code, names_of_changes(&scene.new, &texts(trial.home.path()))), (0, Vec::new()), "{run:#?}");
        }
    }
}

/// The output cannot be printed: that is an error that is named, and no panic. A pipe that nobody reads any more is none to name,
/// and in the place of a closed output Rust opens `/dev/null`.
#[test]
fn a_closed_or_full_output_is_no_panic() {
    let home = tempfile::tempdir().unwrap();
    tables(home.path());
    for redirection in ["> /dev/full", "2> /dev/full > /dev/full", "| true", ">&-"] {
        for command in [
            "codegen --check",
            "explain 4001",
            "completions bash",
            "--help",
            "--version",
            "diff codes codes",
            "codegen --codes nowhere",
        ] {
            let script = format!("{{ \"$0\" {command}; echo $? >&9; }} 9> code {redirection}");
            let output = Command::new("sh").args(["-c", &script]).arg(xtask_program()).current_dir(home.path()).output().unwrap();
            let code = fs::read_to_string(home.path().join("code")).unwrap();
            assert!(["0", "1", "2"].contains(&code.trim()), "{command} {redirection}: {code}");
            let said = String::from_utf8_lossy(&output.stderr);
            assert!(!said.contains("panicked"), "{command} {redirection}: {output:?}");
            let is_named = said.ends_with("error: cannot print to stdout: No space left on device (os error 28)\n");
            let is_lost = redirection == "> /dev/full" && !command.ends_with("nowhere");
            assert_eq!(is_named, is_lost, "{command} {redirection}: {output:?}");
            assert!(!is_lost || code.trim() == "1", "{command} {redirection}: {code}");
        }
    }
}

fn is_long() -> bool {
    env::var("FAULTS").is_ok_and(|value| value == "long")
}

fn is_staged(path: &str) -> bool {
    path.rsplit('/').next().is_some_and(|name| name.starts_with(".wirecodes-"))
}

/// Files that the command writes, and the folders around them.
fn places(scene: &Scene) -> Vec<String> {
    let written = scene.written();
    let chosen: Vec<&str> = if is_long() { written } else { vec![written[0], written[written.len() - 1]] };
    let mut places: Vec<String> = Vec::new();
    for path in chosen {
        let above = path.match_indices('/').map(|(end, _)| &path[..end]).filter(|folder| folder.len() > scene.out.len());
        places.extend(above.chain([path]).map(str::to_owned));
    }
    places.sort();
    places.dedup();
    places
}

/// Waits for a command, which must end by itself.
fn ended(mut child: Child) -> std::process::Output {
    let end = Instant::now() + Duration::from_mins(1);
    while child.try_wait().unwrap().is_none() {
        if Instant::now() > end {
            let _ = child.kill();
            panic!("it does not end: {:?}", child.wait_with_output());
        }
        sleep(Duration::from_millis(2));
    }
    child.wait_with_output().unwrap()
}

fn texts(folder: &Path) -> Texts {
    files(folder).into_iter().filter(|(path, _)| !path.starts_with("repository/")).collect()
}

fn names_of_changes(wanted: &Texts, present: &Texts) -> Vec<String> {
    let all = wanted.keys().chain(present.keys().filter(|path| !wanted.contains_key(*path)));
    all.filter(|path| wanted.get(*path) != present.get(*path)).cloned().collect()
}

/// The number and the time of every file.
fn stamps(folder: &Path) -> BTreeMap<String, (u64, i64, i64)> {
    let mut stamps = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten().flatten() {
            let Ok(metadata) = entry.metadata() else { continue };
            let path = entry.path();
            let name = path.strip_prefix(folder).unwrap().display().to_string();
            if metadata.is_dir() && name != "repository" {
                folders.push(path);
            } else if metadata.is_file() {
                stamps.insert(name, (metadata.ino(), metadata.mtime(), metadata.mtime_nsec()));
            }
        }
    }
    stamps
}

fn run(home: &Path, arguments: &[&str]) {
    let _ = xtask_in(home, arguments).ends(0);
}

/// The tables of the fixture.
fn tables(home: &Path) {
    let fixture = copy_of("tests/fixture");
    fs::rename(fixture.path(), home.join("codes")).unwrap();
    fs::create_dir_all(fixture.path()).unwrap();
}

/// A name changes, a system leaves, and a table comes.
fn edit_tables(home: &Path) {
    let table = home.join("codes/chat/v2/opcodes.toml");
    let text = fs::read_to_string(&table).unwrap().replace("\"Hello\"", "\"Welcome\"");
    fs::write(home.join("codes/chat/v1/opcodes.toml"), &text).unwrap();
    fs::write(table, text).unwrap();
    fs::remove_dir_all(home.join("codes/phone")).unwrap();
}

/// A page of close codes, opcodes and errors; a later one has one code more in each table, and a third table.
fn page(is_later: bool) -> String {
    let mut page = "# Codes\n".to_owned();
    let mut table = |heading: &str, first: u32, count: u32| {
        page.push_str(&format!("\n###### {heading}\n\n| Code | Meaning |\n|---|---|\n"));
        for code in first..first + count {
            page.push_str(&format!("| {code} | Meaning number {code} |\n"));
        }
    };
    table("HTTP Response Codes", 500, 20 + u32::from(is_later));
    table("RPC Error Codes", 4000, 20 + u32::from(is_later));
    if is_later {
        table("JSON Error Codes", 10000, 20);
    }
    page
}

/// Tables that were imported from the earlier page.
fn imported(home: &Path) {
    fs::create_dir_all(home.join("codes")).unwrap();
    let manifest = "name = \"my-codes\"\nversion = \"0.1.0\"\ndescription = \"Codes.\"\n";
    fs::write(home.join("codes/crate.toml"), manifest).unwrap();
    fs::write(home.join("page.md"), page(false)).unwrap();
    run(home, &["import", "page.md", "--into", "test/v1", "--date", "2020-01-01"]);
    run(home, &["codegen"]);
}

/// Such tables, and a repository that has both pages.
fn with_repository(home: &Path) {
    imported(home);
    let repository = home.join("repository");
    fs::create_dir(&repository).unwrap();
    let git = |arguments: &[&str]| {
        let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"];
        let output = Command::new("git").args(identity).args(arguments).current_dir(&repository).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    };
    git(&["init", "--quiet", "--template="]);
    for (is_later, date) in [(false, "2020-01-01T00:00:00Z"), (true, "2026-07-21T00:00:00Z")] {
        fs::write(repository.join("page.md"), page(is_later)).unwrap();
        git(&["add", "--all"]);
        git(&["commit", "--quiet", "--message", "page", "--date", date]);
    }
    let sources = home.join("codes/test/v1/sources.toml");
    let place = "repository = \"https://example.org/docs\"\npath = \"page.md\"\nignore = [\"JSON Error Codes\"]\n";
    fs::write(&sources, fs::read_to_string(&sources).unwrap() + place).unwrap();
    run(home, &["codegen"]);
}
