//! Look-ups: time and instructions of the generated crate beside the same tables written in other ways.

use std::collections::HashMap;
use std::process::Command;

use crate::measure::{Measured, QUESTIONS, Way, measure};
use crate::report::{self, Goal, goals};
use crate::tables::{Job, jobs};

/// One question at random: each code as often as each other, and a fifth about no code where a job has such questions.
fn question(job: &Job, random: &mut fastrand::Rng) -> usize {
    let is_known = job.questions == job.known || random.u32(0..5) > 0;
    if is_known { random.usize(0..job.known) } else { random.usize(job.known..job.questions) }
}

/// What was measured of each contender: by job, way and name.
#[derive(Default)]
struct Results {
    times: HashMap<(String, &'static str), [Measured; 2]>,
    instructions: HashMap<(String, &'static str), f64>,
}

/// Measures all jobs.
pub fn section() -> String {
    let mut results = Results::default();
    let mut text = String::new();
    let has_callgrind = Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success());
    for job in jobs() {
        eprintln!("{}", job.title);
        if has_callgrind {
            results.instructions.extend(
                job.contenders
                    .iter()
                    .map(|contender| ((job.title.clone(), contender.name), instructions(&job.title, contender.name))),
            );
        }
        text.push_str(&format!("\n### {}\n\n{}", job.title, job_table(&job, &mut results)));
    }
    format!("{}{text}", goals(&results.goals()))
}

fn job_table(job: &Job, results: &mut Results) -> String {
    let mut random = fastrand::Rng::with_seed(1);
    let mut measured = |way| measure(&job.contenders, way, &mut random, |random| question(job, random));
    let (latency, throughput) = (measured(Way::Latency), measured(Way::Throughput));
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (contender, pair) in job.contenders.iter().zip(latency.into_iter().zip(throughput)) {
        let pair = [pair.0, pair.1];
        let counted = results.instructions.get(&(job.title.clone(), contender.name));
        let counted = counted.map_or("not measured".to_owned(), |count| format!("{count:.1}"));
        let times = pair.map(|measured| format!("{:.1} ns {:.2}", measured.nanoseconds, measured.ratio));
        rows.push(std::iter::once(contender.name.to_owned()).chain(times).chain([counted]).collect());
        results.times.insert((job.title.clone(), contender.name), pair);
    }
    report::table(&["time of one, and wirecodes ÷ this", "latency", "throughput", "instructions"], &rows)
}

impl Results {
    fn ratio(&self, job: &str, way: Way, other: &'static str) -> Option<f64> {
        self.times.get(&(job.to_owned(), other)).map(|pair| pair[way as usize].ratio)
    }

    /// The times over that of a call that does nothing: the loop around it takes most of a throughput.
    fn over_empty(&self, job: &str, other: &'static str) -> Option<f64> {
        let time = |name| Some(self.times.get(&(job.to_owned(), name))?[Way::Throughput as usize].nanoseconds);
        let empty = time("(empty call)")?;
        Some(((time("wirecodes")? - empty) / (time(other)? - empty)).max(0.0))
    }

    fn goals(&self) -> Vec<Goal> {
        let goal = |job: &str, way: Way, other, most| {
            let what = format!("{job}, {}, of {other}", format!("{way:?}").to_lowercase());
            Goal { what, measured: self.ratio(job, way, other), most }
        };
        let of = |table: &str, what: &str| format!("{table}: {what}");
        let mut goals = Vec::new();
        for (table, others, [latency, throughput]) in [
            ("JSON error codes", &["num_enum"][..], [0.4, 0.1]),
            ("Close codes", &["num_enum", "twilight"], [0.9, 0.35]),
            ("Opcodes", &["num_enum"], [1.05, 0.35]),
        ] {
            for other in others {
                goals.push(goal(&of(table, "number → enum"), Way::Latency, other, latency));
                let what = format!("{table}: number → enum, throughput over an empty call, of {other}");
                goals.push(Goal { what, measured: self.over_empty(&of(table, "number → enum"), other), most: throughput });
            }
        }
        goals.extend([
            goal("Close codes: number → action", Way::Latency, "match", 1.3),
            goal("Close codes: number → action", Way::Throughput, "match", 1.2),
            goal("JSON error codes: name → enum", Way::Latency, "strum", 1.05),
            goal("JSON error codes: name → enum", Way::Throughput, "strum", 1.05),
            goal("JSON error codes: enum → name", Way::Latency, "strum", 0.5),
        ]);
        goals
    }
}

/// The instructions for one question: how many more there are if all are asked three times as often.
fn instructions(job: &str, contender: &str) -> f64 {
    let counted = |repeats: usize| -> f64 {
        let program = std::env::current_exe().expect("a program has a path");
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(program)
            .args(["count", job, contender, &repeats.to_string()])
            .output()
            .expect("valgrind runs");
        let text = String::from_utf8_lossy(&output.stderr);
        let count = text.lines().find_map(|line| line.split_once("Collected :")).expect("callgrind prints its count");
        count.1.trim().parse().expect("a number")
    };
    (counted(3) - counted(1)) / (2 * QUESTIONS) as f64
}

/// Asks one contender of one job, to be counted.
pub fn count(job: &str, contender: &str, repeats: usize) {
    let jobs = jobs();
    let job = jobs.iter().find(|other| other.title == job).expect("the job is one of the list");
    let contender = job.contenders.iter().find(|other| other.name == contender).expect("the contender is one of the job's");
    let mut random = fastrand::Rng::with_seed(1);
    let order: Vec<usize> = (0..QUESTIONS).map(|_| question(job, &mut random)).collect();
    contender.run(Way::Throughput, &order, repeats);
}
