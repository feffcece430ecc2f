//! Times functions beside each other, so that what disturbs one disturbs all.
//!
//! Every round asks all contenders the same questions in the same new order, and the contenders run in a new order too. Of the
//! rounds the median is reported, and of ratios the median of the ratios within a round.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// How many questions a round has. They fit into the first cache, and are too many for the branch predictor to learn in a round.
pub const QUESTIONS: usize = 1 << 13;

/// How many rounds there are.
const ROUNDS: usize = 61;

/// Whether a question waits for the answer before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Each question waits for the answer before it, as in code that acts on one message after the other.
    Latency,
    /// All questions are known from the start.
    Throughput,
}

/// One of the functions that answer the same questions.
pub struct Contender {
    /// What people call it.
    pub name: &'static str,
    run: Box<dyn Fn(Way, &[usize], usize) -> Duration>,
}

impl Contender {
    /// A function that answers these questions.
    pub fn new<T: Copy + 'static>(name: &'static str, questions: Vec<T>, answer: impl Fn(T) -> u32 + 'static) -> Self {
        let run = move |way, order: &[usize], repeats| {
            let asked: Vec<T> = order.iter().map(|at| questions[*at]).collect();
            let start = Instant::now();
            for _ in 0..repeats {
                black_box(ask(way, black_box(&asked), &answer));
            }
            start.elapsed()
        };
        Self { name, run: Box::new(run) }
    }

    /// Asks all questions of an order some times over.
    pub fn run(&self, way: Way, order: &[usize], repeats: usize) -> Duration {
        (self.run)(way, order, repeats)
    }
}

fn ask<T: Copy>(way: Way, asked: &[T], answer: &impl Fn(T) -> u32) -> u32 {
    // The compiler does not know that it is zero: the place of the next question depends on the answer.
    let zero: u32 = black_box(0);
    match way {
        Way::Latency => (0..asked.len()).fold(0, |carry, at| call(answer, asked[at + (carry & zero) as usize])),
        Way::Throughput => asked.iter().fold(0, |sum, question| sum ^ call(answer, *question)),
    }
}

/// A real call, so that no contender's look-up is merged with the loop.
#[inline(never)]
fn call<T>(answer: &impl Fn(T) -> u32, question: T) -> u32 {
    answer(question)
}

/// What was measured of one contender.
#[derive(Clone, Copy, Debug)]
pub struct Measured {
    /// The median of the time for one question, in nanoseconds.
    pub nanoseconds: f64,
    /// The median of the ratio of the first contender's time to this one's.
    pub ratio: f64,
}

/// Times all contenders, in their order. `questions` draws the questions of a round.
pub fn measure(
    contenders: &[Contender],
    way: Way,
    random: &mut fastrand::Rng,
    questions: impl Fn(&mut fastrand::Rng) -> usize,
) -> Vec<Measured> {
    let mut times: Vec<Vec<f64>> = vec![Vec::new(); contenders.len()];
    let mut turns: Vec<usize> = (0..contenders.len()).collect();
    // The first round warms up the caches.
    for round in 0..=ROUNDS {
        let order: Vec<usize> = (0..QUESTIONS).map(|_| questions(random)).collect();
        random.shuffle(&mut turns);
        for turn in &turns {
            let time = contenders[*turn].run(way, &order, 1);
            if round > 0 {
                times[*turn].push(time.as_secs_f64() * 1e9 / QUESTIONS as f64);
            }
        }
    }
    let ratio = |times_of_one: &[f64]| median(times[0].iter().zip(times_of_one).map(|(first, other)| first / other).collect());
    times.iter().map(|of_one| Measured { nanoseconds: median(of_one.clone()), ratio: ratio(of_one) }).collect()
}

/// The middle one.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
