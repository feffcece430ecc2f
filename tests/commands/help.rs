//! Every command line in the help and in the front page, run in a shell as a reader would type it.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;
use wirecodes_tests::{Run, copy_of, root, xtask, xtask_in, xtask_program};

/// The names of all commands.
fn commands() -> Vec<String> {
    let help = xtask(&["--help"]).ends(0).stdout;
    let lines = help.lines().skip_while(|line| *line != "Commands:").skip(1).take_while(|line| !line.is_empty());
    let names = lines.filter_map(|line| line.strip_prefix("  ")?.split(' ').next()).filter(|name| !name.is_empty());
    names.map(str::to_owned).collect()
}

/// The command lines of the examples in the help of a command, or of the whole, without what is said of them beside.
fn examples(command: Option<&str>) -> Vec<String> {
    let arguments: Vec<&str> = command.into_iter().chain(["--help"]).collect();
    let help = xtask(&arguments).ends(0).stdout;
    let lines = help.lines().filter_map(|line| line.strip_prefix("  ").filter(|line| line.starts_with("cargo xtask")));
    lines.map(|line| line.split("  ").next().unwrap_or(line).to_owned()).collect()
}

#[test]
fn every_command_has_help_with_an_example() {
    let commands = commands();
    assert!(commands.iter().any(|name| name == "codegen") && commands.iter().any(|name| name == "explain"), "{commands:?}");
    for command in commands {
        // What a level or a format means is said beside it; colours and shells need no word.
        let help = xtask(&[&command, "--help"]).ends(0).stdout;
        let bare =
            help.lines().find(|line| line.contains("[possible values: ") && !line.contains("auto, al") && !line.contains("bash"));
        assert_eq!(bare, None, "{command}");
        let examples = examples(Some(&command));
        assert!(examples.iter().any(|line| line.starts_with(&format!("cargo xtask {command}"))), "{command}: {examples:?}");
    }
}

/// However wide the terminal says that it is.
#[test]
fn no_width_of_a_terminal_is_too_odd() {
    let folder = tempfile::tempdir().unwrap();
    let page = format!("###### Error Codes\n\n| Code | Meaning |\n|---|---|\n| 1 | {} |\n", "word ".repeat(600));
    fs::write(folder.path().join("page.md"), page).unwrap();
    let codes = root().join("codes").display().to_string();
    for columns in ["0", "1", "65535", "18446744073709551615", "-1"] {
        for arguments in [
            &["diff", "discord/v6", "discord/v10"][..],
            &["explain", "4014"],
            &["audit", "page.md"],
            &["import", "page.md", "--into", "test/v1", "--dry-run"],
        ] {
            let mut command = Command::new(xtask_program());
            command.args(arguments).args(["--codes", &codes]).current_dir(folder.path()).env("COLUMNS", columns);
            let run = Run::of(&command.output().unwrap());
            assert!(run.code <= 1 && !run.stderr.contains("panicked"), "{columns}: {arguments:?}: {run:?}");
            let widest = run.stdout.lines().map(|line| line.chars().count()).max().unwrap_or(0);
            assert!(widest <= 1000, "{columns}: {arguments:?}: a line of {widest} characters");
        }
        let help = Command::new(xtask_program()).args(["import", "--help"]).env("COLUMNS", columns).output().unwrap();
        assert!(help.status.success(), "{columns}");
    }
}

/// A folder with the repository, and around it what the examples name.
struct Home {
    folder: TempDir,
    /// Each repository of a document, with the clone that takes its place.
    clones: BTreeMap<String, PathBuf>,
}

impl Home {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (codes, generated) = (copy_of("codes"), copy_of("generated"));
        let mut home = Self { folder, clones: BTreeMap::new() };
        for path in ["repo", "bin", "docs", ".local/share/bash-completion/completions"] {
            fs::create_dir_all(home.path(path)).unwrap();
        }
        copy(codes.path(), &home.path("repo/codes"));
        forget_sentences(&home.path("repo/codes"));
        copy(generated.path(), &home.path("repo/generated"));
        let _ = xtask_in(&home.path("repo"), &["codegen"]).ends(0);
        for name in ["their", "my"] {
            copy(copy_of("tests/fixture").path(), &home.path("repo").join(name).join("codes"));
        }
        let documents = documents();
        fs::create_dir_all(home.path("bot/src")).unwrap();
        let ops = "enum Op { Dispatch = 0, Heartbeat = 1, Identify = 2, PresenceUpdate = 3, VoiceStateUpdate = 4, Resume = 6 }";
        fs::write(home.path("bot/src/op.rs"), ops).unwrap();
        for page in ["repo/opcodes.mdx", "repo/page.mdx", "repo/new-page.mdx", "docs/gateway.md"] {
            fs::write(home.path(page), &documents[&("discord/v10".to_owned(), String::new())].text).unwrap();
        }
        fs::write(home.path("docs/errors.md"), "# Errors\n").unwrap();
        for ((_, path), document) in documents.iter().filter(|((_, path), _)| !path.is_empty()) {
            let name = document.repository.rsplit('/').next().unwrap();
            let file = home.path(name).join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, &document.text).unwrap();
            home.clones.insert(document.repository.clone(), home.path(name));
        }
        for repository in home.clones.values().cloned().chain([home.path("repo"), home.path("docs")]) {
            let _ = home.sh(&repository, "git init -qb main && git add -A && git commit -qm pages").ends(0);
        }
        // `cargo xtask` without building it again, and without showing a page.
        let program = xtask_program();
        let program = program.display();
        home.script(
            "cargo",
            &format!("[ \"$1\" = xtask ] || while [ \"$1\" != -- ]; do shift; done\nshift\nexec '{program}' \"$@\""),
        );
        home
    }

    fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    fn script(&self, name: &str, text: &str) {
        let path = self.path("bin").join(name);
        fs::write(&path, format!("#!/bin/sh\n{text}\n")).unwrap();
        fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    }

    /// Runs a line in a shell. The repositories of the documents are the clones.
    fn sh(&self, folder: &Path, line: &str) -> Run {
        let mut command = Command::new("sh");
        command.args(["-c", line]).current_dir(folder).env("HOME", self.folder.path());
        command.env("PATH", format!("{}:{}", self.path("bin").display(), std::env::var("PATH").unwrap()));
        let identity = ["user.name=Test", "user.email=test@example.org"].map(|pair| pair.split_once('=').unwrap());
        let urls = self.clones.iter().map(|(url, clone)| (format!("url.file://{}.insteadOf", clone.display()), url.clone()));
        let settings: Vec<(String, String)> =
            identity.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).chain(urls).collect();
        command.env("GIT_CONFIG_COUNT", settings.len().to_string());
        for (at, (key, value)) in settings.iter().enumerate() {
            command.env(format!("GIT_CONFIG_KEY_{at}"), key).env(format!("GIT_CONFIG_VALUE_{at}"), value);
        }
        Run::of(&command.output().unwrap())
    }

    /// Runs a line in the repository as it was at first, or in the application beside it.
    fn run(&self, line: &str) {
        let _ = self.sh(&self.path("repo"), "git reset -q --hard && git clean -qfd").ends(0);
        let folder = if line.starts_with("cargo run") { "bot" } else { "repo" };
        let run = self.sh(&self.path(folder), line);
        assert_eq!(run.code, 0, "{line}\n{}\n{}", run.stdout, run.stderr);
    }
}

/// The pages here have no sentences, so the tables have none, either.
fn forget_sentences(codes: &Path) {
    for (path, bytes) in wirecodes_tests::files(codes) {
        if Path::new(&path).extension().is_some_and(|extension| extension == "toml") {
            let text = String::from_utf8(bytes).unwrap();
            let lines = text.lines().filter(|line| !line.starts_with("text = ") && !line.starts_with("advice = "));
            fs::write(codes.join(path), lines.map(|line| format!("{line}\n")).collect::<String>()).unwrap();
        }
    }
}

fn copy(from: &Path, to: &Path) {
    for (path, bytes) in wirecodes_tests::files(from) {
        let file = to.join(path);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, bytes).unwrap();
    }
}

/// A page that says what some tables say.
#[derive(Default)]
struct Document {
    repository: String,
    text: String,
}

/// The pages of all tables that name a repository, by edition and path; and under no path, all tables of an edition on one page.
fn documents() -> BTreeMap<(String, String), Document> {
    let mut documents: BTreeMap<(String, String), Document> = BTreeMap::new();
    for (path, bytes) in wirecodes_tests::files(&root().join("codes")) {
        let table: toml::Table = String::from_utf8(bytes).unwrap().parse().unwrap_or_default();
        let [system, edition, file] = path.split('/').collect::<Vec<_>>()[..] else { continue };
        let Some(source) = table.get("source") else { continue };
        let pages: toml::Table = fs::read_to_string(root().join("codes").join(system).join(edition).join("sources.toml"))
            .unwrap_or_default()
            .parse()
            .unwrap();
        let source = source.as_str().map_or(source, |name| &pages[name]).clone();
        let text = |key: &str| source.get(key).and_then(toml::Value::as_str).unwrap_or_default().to_owned();
        let edition = format!("{system}/{edition}");
        // The page of everything has each heading once, and one that an example names.
        let named = if file == "rpc-opcodes.toml" { "RPC Opcodes" } else { table["title"].as_str().unwrap() };
        let all = documents.entry((edition.clone(), String::new())).or_default();
        all.text += &section(named, "Code", rows(&table, None));
        if !text("path").is_empty() {
            let document = documents.entry((edition.clone(), text("path"))).or_default();
            document.repository = text("repository");
            document.text += &section(table["title"].as_str().unwrap(), "Code", rows(&table, None));
        }
        let file = file.trim_end_matches(".toml");
        for (name, page) in pages {
            let Some(headings) = page.get("tables").and_then(|tables| tables.get(file)) else { continue };
            let heading = headings.as_array().unwrap().first().unwrap_or(&page["document"]).as_str().unwrap();
            let document = documents.entry((edition.clone(), page["path"].as_str().unwrap().to_owned())).or_default();
            page["repository"].as_str().unwrap().clone_into(&mut document.repository);
            let header = if table["kind"].as_str() == Some("status-codes") { "HTTP Status" } else { "Code" };
            let listed = Some(rows(&table, Some(&name))).filter(|rows| !rows.is_empty());
            // Without codes of its own it repeats one of the table's page.
            document.text += &section(heading, header, listed.unwrap_or_else(|| rows(&table, None)[..1].to_vec()));
        }
    }
    documents
}

/// The rows of a table that a page lists: its own page, or a further one.
fn rows<'a>(table: &'a toml::Table, page: Option<&str>) -> Vec<&'a toml::Value> {
    let is_listed = |row: &&toml::Value| row.get("status").is_none() && row.get("documented").is_none();
    let is_of_page = |row: &&toml::Value| row.get("source").and_then(toml::Value::as_str) == page;
    table["code"].as_array().unwrap().iter().filter(is_listed).filter(is_of_page).collect()
}

/// A table under a heading, with the columns that it was read from.
fn section(title: &str, header: &str, rows: Vec<&toml::Value>) -> String {
    let columns = [
        ("reconnect", "Reconnect"),
        ("resume", "Resume"),
        ("direction", "Client Action"),
        ("format", "Format"),
        ("http", "HTTP Status"),
    ];
    let columns: Vec<_> = columns.into_iter().filter(|(key, _)| rows.iter().any(|row| row.get(*key).is_some())).collect();
    let mut text = format!(
        "## {title}\n\n| {header} | Name |{}\n",
        columns.iter().map(|(_, head)| format!(" {head} |")).collect::<String>()
    );
    let _ = writeln!(text, "|---|---|{}", "---|".repeat(columns.len()));
    for row in rows {
        let number = match row.get("range") {
            Some(range) => format!("{}-{}", range[0], range[1]),
            None => row["value"].to_string(),
        };
        let _ = write!(text, "| {number} | {} |", row["name"].as_str().unwrap().replace('|', "\\|"));
        for (key, _) in &columns {
            let cell = match row.get(*key) {
                Some(toml::Value::Boolean(yes)) => yes.to_string(),
                Some(toml::Value::Integer(number)) => number.to_string(),
                Some(value) if value.as_str() == Some("both") => "Send/Receive".to_owned(),
                Some(value) => value.as_str().unwrap().to_owned(),
                None => String::new(),
            };
            let _ = write!(text, " {cell} |");
        }
        text.push('\n');
    }
    text + "\n"
}

#[test]
fn every_example_of_the_help_and_the_front_page_does_what_it_says() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let is_command = |part: &&str| part.starts_with("cargo xtask ") || part.starts_with("cargo run ");
    let spans = readme.lines().filter_map(|line| line.trim_start_matches("$ ").split('`').find(is_command));
    let mut lines: Vec<String> = spans.map(|line| line.split("  ").next().unwrap_or(line).to_owned()).collect();
    assert!(lines.len() > 12, "{lines:?}");
    // In their order: a copy is made before it is checked.
    let examples = commands().into_iter().map(Some).chain([None]).flat_map(|command| examples(command.as_deref()));
    let others: BTreeSet<String> = examples.filter(|line| !lines.contains(line)).collect();
    lines.extend(others);
    // `ci` runs these tests.
    lines.retain(|line| !line.starts_with("cargo xtask ci"));
    let home = Home::new();
    for line in lines {
        home.run(&line);
    }
    let script = fs::read_to_string(home.path(".local/share/bash-completion/completions/xtask")).unwrap();
    assert!(script.contains("vendor"), "{script}");
}

/// What the front page shows of a command is what it prints.
#[test]
fn the_output_on_the_front_page_is_what_the_command_prints() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let mut shown = 0;
    for block in readme.split("```console\n").skip(1) {
        let (block, _) = block.split_once("```").unwrap();
        let (line, output) = block.split_once('\n').unwrap();
        let arguments: Vec<&str> = line.strip_prefix("$ cargo xtask ").unwrap().split(' ').collect();
        let mut command = Command::new(xtask_program());
        command.args(arguments).current_dir(root()).env("COLUMNS", "100");
        let printed = Run::of(&command.output().unwrap()).ends(0).stdout;
        assert!(printed.trim_end() == output.trim_end(), "`{line}` on the front page is out of date; it prints\n{printed}");
        shown += 1;
    }
    assert!(shown > 0, "the front page shows no output");
}
