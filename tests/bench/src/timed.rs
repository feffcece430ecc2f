//! Runs a program and asks the system what it took. Time is that of the processor, with all that the program started: it
//! depends less on what else the machine does than the time on the clock.

use std::path::Path;
use std::process::{Command, Stdio};

/// What a program took.
#[derive(Clone, Copy, Debug)]
pub struct Cost {
    /// Seconds of the processor.
    pub seconds: f64,
    /// The most memory of any of its processes, in MiB.
    pub mebibytes: f64,
}

/// Runs a program some times; the least that it took. It may end with 1, as a check that finds something does; where it cannot be
/// run, or does not understand its arguments, nothing is measured.
pub fn run(times: usize, folder: &Path, program: &[&str]) -> Option<Cost> {
    (0..times).filter_map(|_| run_once(folder, program)).min_by(|one, other| one.seconds.total_cmp(&other.seconds))
}

fn run_once(folder: &Path, program: &[&str]) -> Option<Cost> {
    let output = Command::new("/usr/bin/time")
        .args(["--quiet", "--format=%U %S %M"])
        .args(program)
        .current_dir(folder)
        .stdout(Stdio::null())
        .output()
        .ok()?;
    if !matches!(output.status.code(), Some(0 | 1)) {
        return None;
    }
    let text = String::from_utf8_lossy(&output.stderr);
    let numbers: Vec<f64> = text.lines().last()?.split(' ').filter_map(|number| number.parse().ok()).collect();
    let [user, system, kibibytes] = numbers.as_slice() else { return None };
    Some(Cost { seconds: user + system, mebibytes: kibibytes / 1024.0 })
}

/// Seconds and memory as cells of a table.
pub fn cells(cost: Option<Cost>) -> [String; 2] {
    match cost {
        Some(Cost { seconds, mebibytes }) => [format!("{seconds:.2} s"), format!("{mebibytes:.0} MiB")],
        None => ["not measured", "not measured"].map(str::to_owned),
    }
}
