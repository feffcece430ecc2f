//! Messages to the person at the terminal, on standard error.

use std::error::Error;

use anstyle::{AnsiColor, Style};
use wirecodes_codegen::diagnostic::{self, Diagnostic, Severity};

const ERROR: Style = AnsiColor::BrightRed.on_default().bold();

/// Prints findings, and how many there were.
pub fn diagnostics(diagnostics: &[Diagnostic]) {
    if diagnostics.is_empty() {
        return;
    }
    anstream::eprint!("{}", diagnostic::render(diagnostics));
    let count = |severity| diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count();
    let counted = |count: usize, word| match count {
        0 => None,
        1 => Some(format!("1 {word}")),
        _ => Some(format!("{count} {word}s")),
    };
    let counts = [counted(count(Severity::Error), "error"), counted(count(Severity::Warning), "warning")];
    anstream::eprintln!("{}", counts.into_iter().flatten().collect::<Vec<_>>().join(", "));
}

/// Prints why a command could not go on.
pub fn failure(error: &dyn Error) {
    message(&error.to_string());
}

/// Prints an error that has no place in a file.
pub fn message(text: &str) {
    anstream::eprintln!("{ERROR}error{ERROR:#}: {text}");
}

/// The day it is, such as `2026-07-21`: the only clock of these commands.
pub fn today() -> String {
    jiff::Zoned::now().date().to_string()
}
