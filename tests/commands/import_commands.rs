//! The commands `import` and `update`, run as their users run them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Value, json};
use wirecodes_tests::json_schema::Schema;
use wirecodes_tests::{Run, files, installed_in, xtask, xtask_program};

/// A folder with a page, tables and a repository.
struct Desk {
    folder: tempfile::TempDir,
}

impl Desk {
    fn new() -> Self {
        let desk = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir_all(desk.path("codes")).unwrap();
        let manifest = "name = \"my-codes\"\nversion = \"0.1.0\"\ndescription = \"Codes.\"\n";
        fs::write(desk.path("codes/crate.toml"), manifest).unwrap();
        desk
    }

    /// With an empty repository of pages beside the tables.
    fn with_repository() -> Self {
        let desk = Self::new();
        fs::create_dir_all(desk.path("repo")).unwrap();
        desk.git(&["init", "-q"]);
        desk
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn import(&self, page: &str, options: &[&str]) -> Run {
        let path = self.path("my page.md");
        fs::write(&path, page).unwrap();
        self.run("import", &[path.to_str().unwrap(), "--into", "test/v1"], options)
    }

    fn run(&self, command: &str, arguments: &[&str], options: &[&str]) -> Run {
        let codes = self.path("codes").display().to_string();
        xtask(&[&[command], arguments, options, &["--codes", &codes]].concat())
    }

    fn text(&self, table: &str) -> String {
        fs::read_to_string(self.path("codes/test/v1").join(table).with_extension("toml")).unwrap()
    }

    fn git(&self, arguments: &[&str]) {
        let identity = ["-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main"];
        let output = Command::new("git").args(identity).args(arguments).current_dir(self.path("repo")).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn commit(&self, path: &str, page: &str, date: &str) {
        let file = self.path("repo").join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, page).unwrap();
        self.git(&["add", "-A"]);
        self.git(&["commit", "-qm", "page", "--date", date]);
    }
}

fn page(rows: &str) -> String {
    format!(
        "# Codes\n\n###### Gateway Close Codes\n\n| Code | Description | Explanation | Reconnect |\n|---|---|---|---|\n{rows}"
    )
}

const ROWS: &str = "| 4000 | Unknown error | Who knows. | true |\n| 4001 | Kicked | Should not reconnect. | false |\n";

/// The modification times of all files of a folder.
fn times(folder: &Path) -> Vec<(PathBuf, std::time::SystemTime)> {
    let mut times = Vec::new();
    for entry in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap()) {
        if entry.file_type().unwrap().is_dir() {
            times.extend(self::times(&entry.path()));
        } else {
            times.push((entry.path(), entry.metadata().unwrap().modified().unwrap()));
        }
    }
    times.sort();
    times
}

#[test]
fn a_new_edition_is_ready_for_codegen_and_a_second_import_touches_no_file() {
    let desk = Desk::new();
    let run = desk.import(&page(ROWS), &["--date", "2026-07-21"]).ends(0);
    assert!(run.stdout.contains("to review (2)") && run.stdout.contains("Next: cargo xtask codegen --codes"), "{}", run.stdout);
    let out = desk.path("out").display().to_string();
    let run = desk.run("codegen", &[], &["--out", &out]).ends(0);
    assert!(run.stderr.contains("not-reviewed"), "{}", run.stderr);
    let before = times(&desk.path("codes"));
    for options in [&["--date", "2026-07-21"][..], &[], &["--check"]] {
        let run = desk.import(&page(ROWS), options).ends(0);
        assert!(run.stdout.contains("up to date"), "{}", run.stdout);
        assert_eq!(times(&desk.path("codes")), before);
    }
}

#[test]
fn check_and_dry_run_write_nothing() {
    let desk = Desk::new();
    let _ = desk.import(&page(ROWS), &["--check"]).ends(1);
    let _ = desk.import(&page(ROWS), &["--dry-run"]).ends(0);
    assert!(!desk.path("codes/test").exists());
}

#[test]
fn what_was_not_read_is_not_up_to_date() {
    let desk = Desk::new();
    let _ = desk.import(&page(ROWS), &[]).ends(0);
    assert!(desk.import(&page(ROWS), &[]).ends(0).stdout.contains("up to date"));
    let twice = page(ROWS) + "\n" + &page(ROWS);
    let run = desk.import(&twice, &[]).ends(1);
    assert!(!run.stdout.contains("up to date") && run.stdout.contains("no file changed"), "{}", run.stdout);
    let run = xtask(&["import", "https://example.org/page.md", "--into", "test/v1"]).ends(1);
    assert!(run.stderr.contains("let `update` read its repository"), "{}", run.stderr);
    let unread = page(&format!("{ROWS}| 40O9 | Odd | Odd. | true |\n"));
    let run = desk.import(&unread, &[]).ends(1);
    assert!(!run.stdout.contains("up to date") && run.stdout.contains("no file changed"), "{}", run.stdout);
}

#[test]
fn the_json_is_what_its_schema_says() {
    let schema = wirecodes_codegen::schema_of("import").unwrap();
    let schema = Schema::new(&schema);
    let desk = Desk::new();
    let check = |page: &str, code: i32| -> Value {
        let run = desk.import(page, &["--dry-run", "--format", "json"]).ends(code);
        let json: Value = serde_json::from_str(&run.stdout).unwrap();
        assert_eq!(schema.fault(&json), None, "{json:#}");
        json
    };
    let other = "\n## Limits\n\n| Value | What |\n|---|---|\n| 5 | Guilds |\n\n###### HTTP Response Codes\n\n| Code | Meaning |\n|---|---|\n\
                 | 502 (GATEWAY UNAVAILABLE) | Wait. |\n| 5xx (SERVER ERROR) | Bad. |\n| | Lost |\n| 200 (OK) | Fine. |\n";
    let json = check(&(page(ROWS) + other), 1);
    assert_eq!(json["tables"][0]["table"], "gateway-close-codes");
    let codes = &json["tables"][1]["codes"];
    assert_eq!(
        (&codes[0]["value"], &codes[0]["name"], &codes[0]["status"]),
        (&json!(502), &json!("GATEWAY UNAVAILABLE"), &json!("active"))
    );
    assert_eq!(codes[1]["range"], json!([500, 599]));
    let not_read = json["not_read"].as_array().unwrap();
    assert!(not_read.contains(&json!({ "rule": "skipped-table", "what": "Limits", "rows": 1 })), "{not_read:?}");
    let error = json["diagnostics"].as_array().unwrap().iter().find(|found| found["level"] == "error").unwrap();
    assert!(error["line"].is_u64() && error["file"].as_str().unwrap().ends_with("my page.md"), "{error}");
    // A second import compares: every kind of change is in the schema.
    let _ = desk.import(&page(ROWS), &[]).ends(0);
    let changed = "| 4000 | Unknown Error | Who. Try resuming. | true |\n| 4002 | New | One. | true |\n| ~~4001~~ | ~~Kicked~~ | ~~Should not reconnect.~~ | |\n";
    let json = check(&page(changed), 0);
    let kinds: Vec<&str> = json["changes"].as_array().unwrap().iter().map(|change| change["kind"].as_str().unwrap()).collect();
    for kind in ["struck-out", "added", "restyled", "advice"] {
        assert!(kinds.contains(&kind), "{kind}: {json:#}");
    }
    let _ = check("nothing", 1);
}

#[test]
fn the_report_fits_eighty_columns() {
    let desk = Desk::new();
    let long = "This sentence goes on and on, so that it must be broken over several lines of the terminal, word by word.";
    let _ = desk.import(&page(&format!("| 4000 | Unknown error | {long} | true |\n")), &[]).ends(0);
    let import = |columns: Option<&str>| {
        let mut command = Command::new(xtask_program());
        command
            .arg("import")
            .arg(desk.path("my page.md"))
            .args(["--into", "test/v2", "--dry-run", "--codes"])
            .arg(desk.path("codes"));
        let command = command.env_remove("COLUMNS").envs(columns.map(|columns| ("COLUMNS", columns)));
        String::from_utf8_lossy(&command.output().unwrap().stdout).into_owned()
    };
    let piped = import(None);
    assert!(piped.lines().any(|line| line.contains(long)), "what another program reads is not wrapped: {piped}");
    let stdout = import(Some("80"));
    let report: Vec<&str> = stdout.lines().filter(|line| !line.contains("Next:") && !line.contains(".md")).collect();
    assert!(report.iter().all(|line| line.chars().count() <= 80), "{stdout}");
    let words = stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(long), "{stdout}");
}

#[test]
fn bad_input_gets_a_clear_error() {
    let desk = Desk::new();
    let run = desk.run("import", &["no/such/page.md", "--into", "test/v1"], &[]).ends(1);
    assert!(run.stderr.contains("no/such/page.md") && run.stderr.contains("cannot read"), "{}", run.stderr);
    fs::write(desk.path("utf16.md"), [0xFF, 0xFE, 0x41, 0x00]).unwrap();
    let utf16 = desk.path("utf16.md").display().to_string();
    assert!(desk.run("import", &[&utf16, "--into", "test/v1"], &[]).ends(1).stderr.contains("UTF-16"));
    for arguments in [
        &["page.md", "--into", "Discord"][..],
        &["--into", "test/v1"],
        &["page.md", "--into", "test/v1", "--date", "yesterday"],
        &["page.md", "--into", "test/v1", "--table", "nothing"],
        &["page.md", "--into", "test/v1", "--revision", ""],
    ] {
        let _ = desk.run("import", arguments, &[]).ends(2);
    }
    assert!(!desk.path("codes/test").exists());
}

#[test]
fn update_finds_a_moved_page_and_takes_date_and_revision_from_the_commit() {
    let desk = Desk::with_repository();
    desk.commit("docs/old page.md", &page(ROWS), "2026-01-01T00:00:00Z");
    let _ = desk.import(&page(ROWS), &["--date", "2020-01-01"]).ends(0);
    let sources = desk.path("codes/test/v1/sources.toml");
    let place = "repository = \"https://example.org/docs\"\npath = \"docs/old page.md\"\n";
    fs::write(&sources, desk.text("sources") + place).unwrap();
    let (repo, out) = (desk.path("repo").display().to_string(), desk.path("out").display().to_string());
    let update = |options: &[&str]| desk.run("update", &["test/v1", "--from", &repo, "--out", &out], options);

    let before = times(&desk.path("codes"));
    let run = update(&[]).ends(0);
    assert!(run.stdout.lines().count() == 1 && run.stdout.contains("up to date"), "{}", run.stdout);
    assert_eq!(times(&desk.path("codes")), before);

    desk.git(&["mv", "docs/old page.md", "moved.mdx"]);
    desk.git(&["commit", "-qm", "move"]);
    desk.commit("other/codes.md", "# Other\n\n| Code | Name |\n|---|---|\n| 1 | x |\n", "2026-01-01T00:00:00Z");
    desk.commit("moved.mdx", &page(&format!("{ROWS}| 4002 | New one | Fresh. | true |\n")), "2026-02-03T00:00:00Z");
    let dry = update(&["--dry-run"]).ends(0);
    assert_eq!(times(&desk.path("codes")), before);
    let run = update(&[]).ends(0);
    assert_eq!(dry.stdout.replace("would change: ", "changed: "), run.stdout);
    assert!(run.stdout.starts_with("## ") && run.stdout.contains("**added** 4002 `NewOne`"), "{}", run.stdout);
    assert!(run.stdout.contains("To review (1)") && run.stdout.contains("needs: minor"), "{}", run.stdout);
    let text = desk.text("sources");
    assert!(text.contains("path = \"moved.mdx\"") && text.contains("revision = \"") && !text.contains("2020-01-01"), "{text}");
    assert!(desk.path("out/Cargo.toml").exists(), "codegen ran");

    // Without a path the page is found by the headings of its tables.
    let pathless: String = text
        .lines()
        .filter(|line| !line.starts_with("path") && !line.starts_with("repository"))
        .map(|line| format!("{line}\n"))
        .collect();
    fs::write(&sources, pathless).unwrap();
    let run = update(&[]).ends(0);
    assert!(run.stdout.starts_with("test/v1 ← moved.mdx (") && run.stdout.ends_with("): up to date\n"), "{}", run.stdout);
    assert!(desk.run("update", &["test/v9", "--from", &repo], &[]).ends(2).stderr.contains("test/v9"));
}

#[test]
fn of_two_pages_that_may_be_the_page_neither_is_taken() {
    let desk = Desk::with_repository();
    for path in ["codes.md", "zh/codes.md"] {
        desk.commit(path, &page(&format!("{ROWS}| 4002 | New one | Fresh. | true |\n")), "2026-01-01T00:00:00Z");
    }
    let _ = desk.import(&page(ROWS), &["--date", "2020-01-01"]).ends(0);
    let before = times(&desk.path("codes"));
    let repo = desk.path("repo").display().to_string();
    let run = desk.run("update", &["test/v1", "--from", &repo], &[]).ends(1);
    assert!(run.stderr.contains("each of `codes.md` and `zh/codes.md` may be the page; write its `path`"), "{}", run.stderr);
    assert_eq!(times(&desk.path("codes")), before);
}

#[test]
fn a_change_of_advice_is_shown_with_both_sentences() {
    let desk = desk_with_page(ROWS);
    let repo = desk.path("repo").display().to_string();
    let update = |options: &[&str]| desk.run("update", &["test/v1", "--from", &repo], options).ends(0).stdout;
    let with = |sentence: &str| page(&format!("{ROWS}| 4002 | New one | {sentence} | |\n"));
    desk.commit("page.md", &with("Fresh."), "2026-02-03T00:00:00Z");
    let _ = update(&[]);
    desk.commit("page.md", &with("Should not reconnect."), "2026-02-04T00:00:00Z");
    let report = update(&["--dry-run"]);
    assert!(report.contains("the page now says \"Should not reconnect.\", and said \"Fresh.\" before"), "{report}");
}

#[test]
fn a_table_with_a_byte_order_mark_is_updated() {
    let desk = Desk::new();
    let _ = desk.import(&page(ROWS), &["--date", "2020-01-01"]).ends(0);
    let table = desk.path("codes/test/v1/gateway-close-codes.toml");
    fs::write(&table, format!("\u{FEFF}{}", desk.text("gateway-close-codes"))).unwrap();
    let more = page(&format!("{ROWS}| 4002 | New one | Fresh. | true |\n"));
    let _ = desk.import(&more, &["--date", "2020-01-02"]).ends(0);
    assert!(desk.text("gateway-close-codes").contains("NewOne"));
    assert!(desk.import(&more, &["--date", "2020-01-02"]).ends(0).stdout.contains("up to date"));
}

/// What an error of `update` advises is an option of `update`, and helps.
#[test]
fn update_takes_what_it_advises() {
    let desk = Desk::with_repository();
    desk.commit("page.md", &page(ROWS), "2026-01-01T00:00:00Z");
    let others: String = (4002..4020).map(|code| format!("| {code} | Number {code} | Who knows. | true |\n")).collect();
    let _ = desk.import(&page(&others), &["--date", "2099-01-01"]).ends(0);
    let (repo, out) = (desk.path("repo").display().to_string(), desk.path("out").display().to_string());
    let mut arguments: Vec<String> = ["test/v1", "--from", &repo, "--out", &out, "--dry-run"].map(str::to_owned).into();
    let mut errors = 0;
    loop {
        let run = desk.run("update", &arguments.iter().map(String::as_str).collect::<Vec<_>>(), &[]);
        if run.code == 0 {
            break;
        }
        errors += 1;
        let advised: Vec<String> = run.stderr.split('`').filter(|text| text.starts_with("--")).map(str::to_owned).collect();
        let is_new = advised.iter().any(|option| !arguments.contains(option));
        assert!(run.code == 1 && is_new, "{run:?}");
        arguments.extend(advised);
    }
    assert!(errors > 1 && arguments.contains(&"--allow-older".to_owned()), "{arguments:?}");
}

#[test]
fn a_shallow_clone_does_not_know_when_a_page_changed() {
    let desk = Desk::with_repository();
    desk.commit("page.md", &page(ROWS), "2020-01-01T00:00:00Z");
    desk.commit("other.txt", "Something else.\n", "2024-05-05T00:00:00Z");
    let _ = desk.import(&page(ROWS), &["--date", "2019-01-01"]).ends(0);
    let before = times(&desk.path("codes"));
    let [repo, out] = ["repo", "out"].map(|path| desk.path(path).display().to_string());
    let clone = |name: &str, depth: &str| {
        let clone = desk.path(name).display().to_string();
        desk.git(&["clone", "-q", "--depth", depth, &format!("file://{repo}"), &clone]);
        clone
    };
    let refuses = |run: &Run| assert!(run.code != 0 && run.stderr.contains("git fetch --unshallow"), "{run:?}");
    let update = |clone: &str| desk.run("update", &["test/v1", "--from", clone, "--out", &out], &[]);
    let dates = |clone: &str| desk.run("history", &[clone, "page.md", "--into", "test/v1"], &[]);
    let last = clone("last", "1");
    refuses(&update(&last));
    refuses(&dates(&last));
    // The day of the newest change is known, and since when there are codes is not.
    desk.commit("page.md", &page(&format!("{ROWS}| 4002 | New one | Fresh. | true |\n")), "2025-01-01T00:00:00Z");
    let newest = clone("newest", "2");
    refuses(&dates(&newest));
    assert_eq!(times(&desk.path("codes")), before);
    let _ = update(&newest).ends(0);
    assert!(desk.text("gateway-close-codes").contains("NewOne"));
}

#[test]
fn update_reads_an_address_as_it_reads_a_clone() {
    let desk = Desk::with_repository();
    desk.commit("page.md", &page(ROWS), "2026-01-01T00:00:00Z");
    let _ = desk.import(&page(ROWS), &["--date", "2020-01-01"]).ends(0);
    desk.commit("page.md", &page(&format!("{ROWS}| 4002 | New one | Fresh. | true |\n")), "2026-02-03T00:00:00Z");

    let (repo, out) = (desk.path("repo").display().to_string(), desk.path("out").display().to_string());
    let from = |place: &str| desk.run("update", &["test/v1", "--from", place, "--out", &out, "--dry-run"], &[]).ends(0).stdout;
    let local = from(&repo);
    assert!(local.contains("**added** 4002 `NewOne`"), "{local}");
    assert_eq!(from(&format!("file://{repo}")), local);
    // Six pages of the edition are in it.
    let missing = xtask(&["update", "discord/v10", "--from", "file:///no/such/repository", "--dry-run"]).ends(1).stderr;
    assert!(missing.matches("git: ").count() == 1 && missing.contains("name a clone of it with `--from`"), "{missing}");
}

/// The pages of each repository that can be read are read; of the others it is said why, once, and it ends with 1.
#[test]
fn a_repository_that_cannot_be_read_keeps_no_other_from_being_read() {
    let desk = Desk::with_repository();
    desk.commit("page.md", &page(ROWS), "2026-01-01T00:00:00Z");
    for edition in ["a/v1", "b/v1", "b/v2", "c/v1"] {
        let path = desk.path("repo/page.md").display().to_string();
        let _ = desk.run("import", &[&path, "--into", edition, "--date", "2020-01-01"], &[]).ends(0);
        let repo = desk.path("repo").display().to_string();
        let place = if edition.starts_with('b') { "file:///no/such/@place" } else { &repo };
        let sources = desk.path("codes").join(edition).join("sources.toml");
        let text = fs::read_to_string(&sources).unwrap();
        fs::write(&sources, format!("{text}repository = \"{place}\"\npath = \"page.md\"\n")).unwrap();
    }
    desk.commit("page.md", &page(&format!("{ROWS}| 4002 | New one | Fresh. | true |\n")), "2026-02-03T00:00:00Z");
    let run = desk.run("update", &["--out", desk.path("out").to_str().unwrap()], &[]).ends(1);
    for edition in ["a/v1", "c/v1"] {
        let table = fs::read_to_string(desk.path("codes").join(edition).join("gateway-close-codes.toml")).unwrap();
        assert!(table.contains("NewOne"), "{edition}: {}", run.stderr);
    }
    assert_eq!(
        run.stderr.matches("b/v1 (codes), b/v2 (codes): `file:///no/such/@place` cannot be read: git: ").count(),
        1,
        "{}",
        run.stderr
    );
    // Nobody is notified of what a repository is called.
    let section = "## Not read\n\nb/v1 (codes), b/v2 (codes): `file:///no/such/\\@place` cannot be read";
    assert!(run.stdout.contains(section), "{}", run.stdout);
}

/// A desk whose table was reviewed, with the same table beside it as it is now, and a page in its repository.
fn desk_with_page(rows: &str) -> Desk {
    let desk = Desk::with_repository();
    let _ = desk.import(&page(ROWS), &["--date", "2020-01-01"]).ends(0);
    let reviewed = desk.text("gateway-close-codes").replace("reviewed = false\n", "");
    fs::write(desk.path("codes/test/v1/gateway-close-codes.toml"), reviewed).unwrap();
    fs::create_dir_all(desk.path("before/test/v1")).unwrap();
    for file in ["crate.toml", "test/v1/gateway-close-codes.toml", "test/v1/sources.toml"] {
        fs::copy(desk.path("codes").join(file), desk.path("before").join(file)).unwrap();
    }
    desk.commit("page.md", &page(rows), "2026-01-01T00:00:00Z");
    desk
}

/// One change has one account: `import` and `update` report what `diff` says of the tables before and after.
#[test]
fn import_and_update_report_what_diff_says() {
    let swapped = ROWS
        .replace("Unknown error | Who knows.", "Kicked | Should not reconnect.")
        .replace("| 4001 | Kicked | Should", "| 4001 | Unknown error | Could");
    for rows in [
        ROWS,
        &ROWS.replace("Should not reconnect. | false", "Try resuming. | true"),
        &ROWS.replace("Kicked", "Removed by a person"),
        &swapped,
        "| 4000 | Unknown error | Who knows. | true |\n| ~~4001~~ | ~~Kicked~~ | | |\n| 4001 | Again | Fresh. | true |\n",
        &format!("{ROWS}| 4002 | New one | You should not reconnect. | false |\n"),
        "| 4001 | Kicked | Should not reconnect. | false |\n| 4100 | Unknown error | Who knows. | true |\n",
    ] {
        let desk = desk_with_page(rows);
        let options = ["--date", "2026-01-01", "--accept-removals"];
        let imported = desk.import(&page(rows), &[&options[..], &["--dry-run", "--format", "json"]].concat()).ends(0).stdout;
        let imported: Value = serde_json::from_str(&imported).unwrap();
        let repo = desk.path("repo").display().to_string();
        let report = desk.run("update", &["test/v1", "--from", &repo, "--accept-removals"], &["--dry-run"]).ends(0).stdout;
        let _ = desk.import(&page(rows), &options).ends(0);
        let [before, after] = ["before", "codes"].map(|path| desk.path(path).display().to_string());
        let diff = |format: &str| xtask(&["diff", &before, &after, "--format", format]).ends(0).stdout;
        let found: Value = serde_json::from_str(&diff("json")).unwrap();
        let kinds = |changes: &Value| -> Vec<String> {
            let of =
                |change: &Value| format!("{} {} {} {}", change["kind"], change["bump"], change["code"], change["fingerprint"]);
            changes.as_array().unwrap().iter().map(of).collect()
        };
        assert_eq!(kinds(&imported["changes"]), kinds(&found["changes"]), "{rows}");
        if report.contains("up to date") {
            // Only the date of the page differs, which `update` writes where something else does.
            assert!(kinds(&found["changes"]).iter().all(|kind| kind.starts_with("\"source\"")), "{report}");
        } else {
            let markdown = diff("markdown");
            let verdict = markdown.lines().find(|line| line.contains("needs: ")).expect("a verdict");
            assert!(report.contains(verdict), "{report}\n{markdown}");
        }
    }
}

/// Only the tables of the repository have the crate beside them: other tables never write over it.
#[test]
fn update_of_other_tables_writes_no_crate_of_ours() {
    let desk = Desk::with_repository();
    desk.commit("page.md", &page(ROWS), "2026-01-01T00:00:00Z");
    let _ = desk.import(&page(ROWS), &["--date", "2020-01-01"]).ends(0);
    desk.commit("page.md", &page(&format!("{ROWS}| 4002 | New one | Fresh. | true |\n")), "2026-02-03T00:00:00Z");
    let home = desk.path("home");
    fs::create_dir_all(home.join("codes")).unwrap();
    fs::copy(desk.path("codes/crate.toml"), home.join("codes/crate.toml")).unwrap();
    fs::create_dir_all(home.join("generated")).unwrap();
    fs::write(home.join("generated/kept.rs"), "// @generated by `cargo xtask codegen`\n").unwrap();
    let program = installed_in(&home);
    let output = Command::new(&program)
        .args(["update", "test/v1", "--from"])
        .arg(desk.path("repo"))
        .arg("--codes")
        .arg(desk.path("codes"))
        .current_dir(&home)
        .env_remove("CARGO_MANIFEST_DIR")
        .output()
        .unwrap();
    let run = Run::of(&output).ends(0);
    assert!(desk.text("gateway-close-codes").contains("NewOne"), "{}", run.stdout);
    assert_eq!(times(&home.join("generated")).len(), 1);
    assert!(run.stderr.contains("wirecodes codegen --codes"), "{}", run.stderr);
}

/// Rows that a new edition has from another one are reviewed as well, where the page says something else.
#[test]
fn what_a_new_edition_copies_is_reviewed() {
    let desk = desk_with_page(ROWS);
    let changed = ROWS.replace("Who knows. | true", "You should not reconnect. | false").replace("Kicked", "Thrown out");
    let path = desk.path("other.md");
    fs::write(&path, page(&changed)).unwrap();
    let arguments = [path.to_str().unwrap(), "--into", "test/v2", "--like", "test/v1", "--dry-run"];
    let said = desk.run("import", &arguments, &[]).ends(0).stdout;
    for line in ["policy-contradicted  4000 gateway close codes", "renamed", "is now called `Thrown out`"] {
        assert!(said.split_whitespace().collect::<Vec<_>>().join(" ").contains(&line.replace("  ", " ")), "{line}:\n{said}");
    }
}

/// What was not read is said by `update` as well: a table that the page no longer has is not up to date.
#[test]
fn update_says_what_it_did_not_read() {
    let desk = Desk::with_repository();
    let opcodes = "\n###### Gateway Opcodes\n\n| Code | Name |\n|---|---|\n| 1 | Hello |\n| 2 | Bye |\n";
    let _ = desk.import(&(page(ROWS) + opcodes), &["--date", "2020-01-01"]).ends(0);
    let repo = desk.path("repo").display().to_string();
    for (page, said) in [
        (page(ROWS), "not on the page, and left as they are: `gateway-opcodes`"),
        (page(ROWS).replace("| Reconnect |", "| Again |") + opcodes, "has no column any more for: reconnect"),
    ] {
        desk.commit("page.md", &page, "2026-01-01T00:00:00Z");
        let run = desk.run("update", &["test/v1", "--from", &repo], &["--dry-run"]).ends(1);
        assert!(run.stdout.contains("### Not read (") && run.stdout.contains(said), "{said}:\n{}", run.stdout);
        assert!(run.stdout.contains(if said.starts_with("not") { "(test/v1)" } else { "(page.md:" }), "{}", run.stdout);
        assert!(!run.stdout.contains("up to date"), "{}", run.stdout);
    }
}

/// A reviewer of a pull request reads the row, and once for each document that shows it, when its page was read.
#[test]
fn a_new_row_of_the_page_changes_at_most_eight_files_and_nothing_but_it_and_the_date() {
    let desk = Desk::new();
    let others = |title: &str| format!("\n###### {title}\n\n| Code | Description |\n|---|---|\n| 1 | One thing |\n");
    let page = |rows: &str| page(rows) + &others("JSON Error Codes") + &others("RPC Error Codes");
    let _ = desk.import(&page(ROWS), &["--date", "2026-01-01", "--revision", "abc"]).ends(0);
    let out = desk.path("out").display().to_string();
    let _ = desk.run("codegen", &[], &["--out", &out]).ends(0);
    let before = [files(&desk.path("codes")), files(&desk.path("out"))].concat();
    let more = format!("{ROWS}| 4117 | Too slow | Hurry up. | true |\n");
    let _ = desk.import(&page(&more), &["--date", "2026-02-02", "--revision", "def"]).ends(0);
    let _ = desk.run("codegen", &[], &["--out", &out]).ends(0);
    let after = [files(&desk.path("codes")), files(&desk.path("out"))].concat();
    let changed: Vec<&str> =
        before.iter().zip(&after).filter(|(one, other)| one != other).map(|(_, (path, _))| path.as_str()).collect();
    let names: Vec<&String> = before.iter().map(|(path, _)| path).collect();
    assert_eq!(names, after.iter().map(|(path, _)| path).collect::<Vec<_>>(), "no file is added");
    // The list of files with their digests says by its purpose that others changed.
    let changed: Vec<&str> = changed.into_iter().filter(|path| !path.starts_with('.')).collect();
    assert!(changed.len() <= 8, "{changed:?}");
    for path in ["README.md", "docs/README.md"] {
        let text = |files: &[(String, Vec<u8>)]| files.iter().find(|(file, _)| file == path).map(|(_, bytes)| bytes.clone());
        let text = String::from_utf8(text(&after).unwrap()).unwrap();
        assert!(!text.contains("2026-") && !text.contains("def"), "{path} has a date or a revision: {text}");
    }
    let table = |name: &str| format!("src/test/v1/{name}.rs");
    assert!(!changed.contains(&table("json_error_codes").as_str()), "another table of the page is not touched: {changed:?}");
}

/// A table that left its page was last there when the page was read before.
#[test]
fn a_table_that_left_its_page_keeps_the_date_of_that_page() {
    let desk = Desk::new();
    let errors = "\n###### JSON Error Codes\n\n| Code | Description |\n|---|---|\n| 1 | One thing |\n";
    let _ = desk.import(&(page(ROWS) + errors), &["--date", "2026-01-01", "--revision", "abc"]).ends(0);
    let more = format!("{ROWS}| 4117 | Too slow | Hurry up. | true |\n");
    let run = desk.import(&page(&more), &["--date", "2026-02-02", "--revision", "def"]);
    assert!(run.stdout.contains("not read (1)") && run.stdout.contains("`json-error-codes`"), "{}", run.stdout);
    let source = "source = { document = \"Codes\", date = 2026-01-01, revision = \"abc\" }";
    assert!(desk.text("json-error-codes").contains(source), "{}", desk.text("json-error-codes"));
    assert!(desk.text("sources").contains("date = 2026-02-02\nrevision = \"def\""), "{}", desk.text("sources"));
    assert!(desk.text("gateway-close-codes").contains("source = \"codes\""));
    let out = desk.path("out").display().to_string();
    let _ = desk.run("codegen", &[], &["--out", &out]).ends(0);
}
