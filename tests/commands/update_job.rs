//! The scheduled job: its script, with a local repository for the host's and a stand-in for the host's program.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use tempfile::TempDir;
use wirecodes_tests::{Run, root, xtask_program};

/// What `gh` does here: it keeps pull requests and issues as files, and refuses what the host refuses.
const GH: &str = r#"#!/bin/sh
set -e
echo "$*" >> "$STATE/log"
kind=$1 verb=$2; shift 2
while [ $# -gt 0 ]; do
  case $1 in
    --body-file) body=$2; shift;;
    --title) title=$2; shift;;
    --*) shift;;
    *) number=$1;;
  esac
  shift
done
if [ -n "$body" ] && [ "$(wc -m < "$body")" -gt 65536 ]; then echo "body is too long (maximum is 65536 characters)" >&2; exit 1; fi
case $kind-$verb in
  *-list) ls "$STATE/$kind" | grep open | sed 's/-.*//' || true;;
  pr-create)
    if [ "$(git rev-parse origin/main)" = "$(git rev-parse origin/update/pages)" ]; then echo "no commits between main and update/pages" >&2; exit 1; fi
    cp "$body" "$STATE/pr/1-open";;
  issue-create) echo "$title" > "$STATE/title"; cp "$body" "$STATE/issue/7-open";;
  *-edit) cp "$body" "$STATE/$kind/$number-open";;
  *-close) mv "$STATE/$kind/$number-open" "$STATE/$kind/$number-closed";;
esac
"#;

/// A clone of a repository of tables, the page that they are read from, and what the host has.
struct Job {
    folder: TempDir,
}

impl Job {
    fn new() -> Self {
        let job = Self { folder: tempfile::tempdir().expect("a folder") };
        for path in ["bin", "docs", "state/pr", "state/issue", "temp", "work/codes", "work/generated"] {
            fs::create_dir_all(job.path(path)).expect("a folder");
        }
        job.script("gh", GH);
        job.script(
            "cargo",
            &format!("#!/bin/sh\nshift\nexec '{}' \"$@\" --codes codes --out generated\n", xtask_program().display()),
        );
        job.write("work/codes/crate.toml", "name = \"some-codes\"\nversion = \"0.1.0\"\ndescription = \"Codes.\"\n");
        job.page(&[4000, 4001, 4002, 4003, 4004]);
        let _ = job.sh("docs", "git init -qb main && git add -A && git commit -qm page").ends(0);
        let revision = job.sh("docs", "git rev-parse --short=8 HEAD").ends(0).stdout;
        let first = format!("--codes codes --date 2026-01-01 --revision {}", revision.trim());
        let imported = job.sh("work", &format!("'{}' import ../docs/page.md --into chat/v1 {first}", xtask_program().display()));
        assert_eq!(imported.code, 0, "{}{}", imported.stdout, imported.stderr);
        let sources = fs::read_to_string(job.path("work/codes/chat/v1/sources.toml")).expect("the pages");
        let repository = "repository = \"https://host.example/docs\"\npath = \"page.md\"\n";
        job.write("work/codes/chat/v1/sources.toml", &(sources.trim_end().to_owned() + "\n" + repository));
        let set_up = "git init -q --bare -b main ../origin.git && git init -qb main && git remote add origin ../origin.git";
        let generated = format!("'{}' codegen --codes codes --out generated", xtask_program().display());
        let run =
            job.sh("work", &format!("{generated} && {set_up} && git add -A && git commit -qm tables && git push -q origin main"));
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
        job
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn write(&self, path: &str, text: &str) {
        fs::write(self.path(path), text).expect("a file can be written");
    }

    fn script(&self, name: &str, text: &str) {
        self.write(&format!("bin/{name}"), text);
        let executable = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs::set_permissions(self.path("bin").join(name), executable).expect("a script");
    }

    /// The page with these codes, under a heading that says what they are.
    fn page(&self, codes: &[u32]) {
        let row = |code: &u32| format!("| {code} | Code {code} | It means {code} and nothing else in the world. | true |\n");
        let head = "# Page\n\n## Gateway Close Codes\n\n| Code | Name | Description | Reconnect |\n|---|---|---|---|\n";
        self.write("docs/page.md", &(head.to_owned() + &codes.iter().map(row).collect::<String>()));
    }

    fn commit(&self) {
        let _ = self.sh("docs", "git commit -qam change").ends(0);
    }

    fn sh(&self, folder: &str, line: &str) -> Run {
        let mut command = Command::new("bash");
        command.args(["-c", line]).current_dir(self.path(folder)).env("HOME", self.folder.path());
        command.env("PATH", format!("{}:{}", self.path("bin").display(), std::env::var("PATH").expect("a path")));
        let instead = format!("url.file://{}.insteadOf", self.path("docs").display());
        let settings = [("user.name", "Test"), ("user.email", "test@example.org"), (&instead, "https://host.example/docs")];
        command.env("GIT_CONFIG_COUNT", "3").env("EDITIONS", "chat/v1");
        for (at, (key, value)) in settings.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{at}"), key).env(format!("GIT_CONFIG_VALUE_{at}"), value);
        }
        command
            .env("STATE", self.path("state"))
            .env("RUNNER_TEMP", self.path("temp"))
            .env("GITHUB_STEP_SUMMARY", self.path("summary"));
        Run::of(&command.output().expect("bash runs"))
    }

    /// Runs the job in a fresh state of the main branch, as a server does.
    fn run(&self, code: i32) -> String {
        let _ = self.sh("work", "git switch -qf main && git clean -qfd").ends(0);
        let run = self.sh("work", &format!("'{}'", root().join(".github/update.sh").display()));
        assert_eq!(run.code, code, "{}{}", run.stdout, run.stderr);
        fs::read_to_string(self.path("state/log")).unwrap_or_default()
    }

    fn has(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.path("state").join(path)).ok()
    }
}

#[test]
fn the_job_opens_and_updates_one_pull_request() {
    let job = Job::new();
    let log = job.run(0);
    assert!(!log.contains("create") && job.has("pr/1-open").is_none(), "nothing changed: {log}");
    job.page(&[4000, 4001, 4002, 4003, 4004, 4005]);
    job.commit();
    let log = job.run(0);
    let body = job.has("pr/1-open").expect("a pull request");
    assert!(log.contains("pr create") && body.contains("**added** 4005"), "{log}\n{body}");
    job.page(&[4000, 4001, 4002, 4003, 4004, 4005, 4006]);
    job.commit();
    let log = job.run(0);
    assert!(log.contains("pr edit 1") && log.matches("pr create").count() == 1, "{log}");
    assert!(job.has("pr/1-open").expect("it is open").contains("4006"));
    // A new code has the day of the commit that first listed it.
    let table = fs::read_to_string(job.path("work/codes/chat/v1/gateway-close-codes.toml")).expect("the table");
    let day = job.sh("docs", "git log -1 --format=%cs HEAD~1").ends(0).stdout;
    let row = table.split("[[code]]").find(|row| row.contains("value = 4005")).expect("the row");
    assert!(row.contains(&format!("since = {}", day.trim())), "{row}");
    assert_eq!(table.matches("since = ").count(), 2, "{table}");
}

#[test]
fn what_is_not_read_is_an_issue_until_it_is_read() {
    let job = Job::new();
    let page = fs::read_to_string(job.path("docs/page.md")).expect("the page");
    job.write("docs/page.md", &page.replace("| Reconnect |", "| Retries |"));
    job.commit();
    for _ in 0..2 {
        let log = job.run(1);
        assert_eq!(log.matches("issue create").count(), 1, "{log}");
        assert!(job.has("issue/7-open").expect("an issue").contains("**lost-column**"));
        assert_eq!(job.has("title").expect("a title").trim(), "A page could not be read as a whole");
        assert!(job.has("pr/1-open").is_none(), "no file changed");
    }
    job.write("docs/page.md", &page);
    job.commit();
    let log = job.run(0);
    assert!(log.contains("issue close 7") && job.has("issue/7-closed").is_some(), "{log}");
}

#[test]
fn a_long_report_fits_the_host_and_is_whole_in_the_summary() {
    let job = Job::new();
    job.page(&(4000..4900).collect::<Vec<_>>());
    job.commit();
    let _ = job.run(0);
    let body = job.has("pr/1-open").expect("a pull request");
    assert!(body.chars().count() <= 65_536 && body.contains("more lines do not fit here"), "{} characters", body.len());
    assert_eq!(body.matches("<details>").count(), body.matches("</details>").count());
    let summary = fs::read_to_string(job.path("summary")).expect("the summary");
    assert!(summary.len() > 65_536 && summary.contains("4899"), "{} bytes", summary.len());
}
