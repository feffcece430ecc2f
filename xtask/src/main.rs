//! `cargo xtask <command>`, and the program that is installed.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::main()
}
