//! Look-ups: time and instructions of the generated crate beside the same tables written in other ways.

use std::collections::HashMap;
use std::process::Command;

use crate::measure::{Measured, QUESTIONS, Way, measure};
use crate::report::{self, Goal, goals};
use crate::tables::{Job, jobs};

/// How the questions of a round are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Draw {
    /// Each code is asked as often as each other, and a fifth of the questions is about none.
    Random,
    /// The second code is asked half as often as the first, the third a third as often, and so on.
    Skewed,
    /// No question is about a code of the table.
    Unknown,
}

impl Draw {
    fn question(self, job: &Job, random: &mut fastrand::Rng) -> usize {
        let is_known = match self {
            Self::Random => job.questions == job.known || random.u32(0..5) > 0,
            Self::Skewed => true,
            Self::Unknown => false,
        };
        match (is_known, self) {
            (false, _) => random.usize(job.known..job.questions),
            // The logarithm of the rank is uniform. A factor scatters the ranks over the table.
            (true, Self::Skewed) => ((job.known as f64).powf(random.f64()) as usize * 101) % job.known,
            (true, _) => random.usize(0..job.known),
        }
    }
}

/// What was measured of each contender: by job, draw, way and name.
#[derive(Default)]
struct Results {
    times: HashMap<(String, Draw, &'static str), [Measured; 2]>,
    instructions: HashMap<(String, &'static str), f64>,
}

/// Measures the jobs whose title has a text.
pub fn section(title: &str) -> String {
    let mut results = Results::default();
    let mut text = String::new();
    let has_callgrind = Command::new("valgrind").arg("--version").output().is_ok_and(|output| output.status.success());
    for job in jobs().into_iter().filter(|job| job.title.contains(title)) {
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
    let draws: &[Draw] =
        if job.questions > job.known { &[Draw::Random, Draw::Skewed, Draw::Unknown] } else { &[Draw::Random, Draw::Skewed] };
    let mut header = vec!["time of one, and wirecodes ÷ this".to_owned()];
    let mut rows: Vec<Vec<String>> = job.contenders.iter().map(|contender| vec![contender.name.to_owned()]).collect();
    for draw in draws {
        let mut random = fastrand::Rng::with_seed(1);
        let [latency, throughput] = [Way::Latency, Way::Throughput]
            .map(|way| measure(&job.contenders, way, &mut random, |random| draw.question(job, random)));
        header.extend([Way::Latency, Way::Throughput].map(|way| format!("{draw:?}, {way:?}").to_lowercase()));
        for ((contender, row), pair) in job.contenders.iter().zip(&mut rows).zip(latency.into_iter().zip(throughput)) {
            let pair = [pair.0, pair.1];
            row.extend(pair.map(|measured| format!("{:.1} ns {:.2}", measured.nanoseconds, measured.ratio)));
            results.times.insert((job.title.clone(), *draw, contender.name), pair);
        }
    }
    header.push("instructions".to_owned());
    for row in &mut rows {
        let counted = results.instructions.iter().find(|((title, name), _)| *title == job.title && *name == row[0]);
        row.push(counted.map_or("not measured".to_owned(), |(_, count)| format!("{count:.1}")));
    }
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    report::table(&header, &rows)
}

impl Results {
    fn ratio(&self, job: &str, way: Way, other: &'static str) -> Option<f64> {
        self.times.get(&(job.to_owned(), Draw::Random, other)).map(|pair| pair[way as usize].ratio)
    }

    /// Instructions over those of an empty call, of the generated crate and another.
    fn instructions(&self, job: &str, other: &'static str) -> Option<f64> {
        let count = |name| self.instructions.get(&(job.to_owned(), name)).copied();
        let empty = count("(empty call)")?;
        Some((count("wirecodes")? - empty) / (count(other)? - empty))
    }

    fn goals(&self) -> Vec<Goal> {
        let goal = |job: &str, way: Way, other, most| {
            let what = format!("{job}, {}, of {other}", format!("{way:?}").to_lowercase());
            Goal { what, measured: self.ratio(job, way, other), most }
        };
        let [json, close, opcodes] =
            ["JSON error codes", "Close codes", "Opcodes"].map(|table| format!("{table}: number → enum"));
        let [name, parsed] = ["enum → name", "name → enum"].map(|what| format!("JSON error codes: {what}"));
        let mut goals = vec![
            goal(&json, Way::Latency, "num_enum", 0.45),
            goal(&json, Way::Throughput, "num_enum", 0.25),
            goal(&json, Way::Latency, "(one load)", 1.5),
            Goal {
                what: format!("{json}, instructions over an empty call, of num_enum"),
                measured: self.instructions(&json, "num_enum"),
                most: 0.4,
            },
        ];
        for (job, [throughput, latency]) in [(&close, [0.75, 1.0]), (&opcodes, [0.7, 1.25])] {
            for other in ["num_enum", "twilight"] {
                goals.push(goal(job, Way::Throughput, other, throughput));
                goals.push(goal(job, Way::Latency, other, latency));
            }
        }
        goals.extend([
            goal(&name, Way::Latency, "strum", 0.35),
            goal(&name, Way::Throughput, "strum", 0.35),
            goal(&parsed, Way::Latency, "strum", 0.5),
            goal(&parsed, Way::Latency, "phf", 0.35),
            goal(&parsed, Way::Throughput, "strum", 0.5),
            goal(&parsed, Way::Throughput, "phf", 0.35),
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
    let order: Vec<usize> = (0..QUESTIONS).map(|_| Draw::Random.question(job, &mut random)).collect();
    contender.run(Way::Throughput, &order, repeats);
}
