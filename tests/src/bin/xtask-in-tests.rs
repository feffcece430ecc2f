//! The commands as the tests run them: built together with the tests, with the same dependencies.

use std::process::ExitCode;

fn main() -> ExitCode {
    xtask::main()
}
