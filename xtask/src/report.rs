//! Messages to the person at the terminal, on standard error.

use anstyle::{AnsiColor, Style};
use clap::ValueEnum;
use wirecodes_codegen::{Diagnostic, Files, Registry, counted, load, printable, schema_of};

use crate::{CommandResult, Outcome, built_in, paths};

use std::io::IsTerminal as _;
use std::path::Path;

const ERROR: Style = AnsiColor::BrightRed.on_default().bold();
const HELP: Style = AnsiColor::BrightCyan.on_default().bold();

/// The registry of a folder of tables, or that of the program. All that is wrong with it is printed; without an error there is one.
pub fn registry(codes: Option<&Path>) -> Option<Registry> {
    let (registry, found) = match codes.map_or_else(|| Ok(built_in::files()), Files::from_folder) {
        Ok(files) => load(&files),
        Err(unreadable) => (None, vec![unreadable]),
    };
    diagnostics(&found);
    registry
}

/// Prints findings, and how many there are.
pub fn diagnostics(diagnostics: &[Diagnostic]) {
    if diagnostics.is_empty() {
        return;
    }
    anstream::eprint!("{}", Diagnostic::render(diagnostics, terminal_width()));
    let errors = diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
    let counts = [(errors, "error"), (diagnostics.len() - errors, "warning")];
    let counts = counts.iter().filter(|(count, _)| *count > 0).map(|(count, noun)| counted(*count, noun));
    anstream::eprintln!("{}", counts.collect::<Vec<_>>().join(", "));
}

/// A side of a comparison, if it can be used. What is wrong with it is printed.
pub fn usable<T>(found: Result<(T, Vec<Diagnostic>), Vec<Diagnostic>>) -> Option<T> {
    let (side, found) = match found {
        Ok((side, warnings)) => (Some(side), warnings),
        Err(found) => (None, found),
    };
    diagnostics(&found);
    side
}

/// What was found, unless something is wrong, which is printed.
pub fn found<T>(found: Result<T, Diagnostic>) -> Option<T> {
    found.map_err(|wrong| diagnostics(&[wrong])).ok()
}

/// How to print what a command says to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For a terminal
    Text,
    /// For programs
    Json,
    /// What the JSON looks like
    JsonSchema,
}

/// How to print what a command found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// For a terminal
    Text,
    /// For a changelog or a pull request
    Markdown,
    /// For programs
    Json,
    /// For annotations in a GitHub workflow
    Github,
    /// For tools that show findings
    Sarif,
    /// What the JSON looks like
    JsonSchema,
}

/// Prints the JSON Schema of what a command prints.
pub fn schema(command: &str) -> CommandResult {
    let schema = schema_of(command).ok_or("the command prints no JSON")?;
    anstream::println!("{schema:#}");
    Ok(Outcome::Done)
}

/// Prints an error that has no place in a file.
pub fn error(message: &str) {
    anstream::eprintln!("{ERROR}error{ERROR:#}: {}", printable(&message.replace("cargo xtask", paths::program())));
}

/// Prints how to fix what was printed before.
pub fn help(message: &str) {
    anstream::eprintln!("{HELP}help{HELP:#}: {}", printable(&message.replace("cargo xtask", paths::program())));
}

/// How many columns a line of a report may have: as many as it needs where another program reads it.
pub fn width() -> usize {
    let is_shown = std::io::stdout().is_terminal() || std::env::var_os("COLUMNS").is_some();
    if is_shown { terminal_width() } else { usize::MAX }
}

/// The columns of the terminal, or 100 where there is none.
fn terminal_width() -> usize {
    const USUAL: usize = 100;
    // Nobody reads wider lines, and memory for one may be more than there is.
    const WIDEST: usize = 1000;
    let columns = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok());
    let of_terminal = || terminal_size::terminal_size().map(|(terminal_size::Width(columns), _)| columns.into());
    columns.or_else(of_terminal).unwrap_or(USUAL).clamp(40, WIDEST)
}

/// One line on the terminal that says how far a command is, which is wiped away at the end. Nothing is printed elsewhere.
pub struct Progress {
    /// The characters of the line, or nothing where no terminal shows it.
    length: Option<usize>,
}

impl Progress {
    pub fn new(text: &str) -> Self {
        let mut progress = Self { length: std::io::stderr().is_terminal().then_some(0) };
        progress.say(text);
        progress
    }

    pub fn say(&mut self, text: &str) {
        if let Some(length) = &mut self.length {
            let text: String = text.chars().take(terminal_width() - 1).collect();
            eprint!("\r{text:<length$}");
            *length = text.chars().count();
        }
    }
}

/// Runs what says how much of all it has done, and shows that: "history: 34 of 177 versions".
pub fn watched<T>(command: &str, what: &str, run: impl FnOnce(&mut dyn FnMut(usize, usize)) -> T) -> T {
    let mut progress = Progress::new("");
    run(&mut |done, all| progress.say(&format!("{command}: {done} of {all} {what}")))
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.say("");
        self.say("");
    }
}
