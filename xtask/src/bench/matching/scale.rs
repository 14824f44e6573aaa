//! How fast and how large: a million made-up files against the goals.

use anyhow::{Context, Result, bail};
use ferrotape_domain::{Cancel, Choice, Silent, Wanted};
use ferrotape_matching::{
    Explanation, Index, IndexBuilder, Knowledge, Policy, Question, choose_all_with_near,
};

use super::crowd::Crowd;
use super::memory::{Clock, Memory, Took, megabytes};

/// Wanted recordings against all files.
const WANTED: u64 = 10_000;
/// A library as most people have it.
const SMALL: (u64, u64) = (20_000, 300);
/// Files and wanted recordings for which every order and number of threads is tried.
const SAME: (u64, u64) = (60_000, 2_000);

/// What a measurement should not exceed.
struct Goal {
    what: String,
    took: f64,
    most: f64,
    unit: &'static str,
    /// What else to tell of it.
    beside: String,
}

impl Goal {
    fn told(&self) -> String {
        let Self { what, took, most, unit, beside } = self;
        let met = if took <= most { "met" } else { "MISSED" };
        format!("| {what} | {took:.2} {unit}{beside} | ≤ {most} {unit} | {met} |")
    }
}

pub(super) fn run(files: u64, threads: &rayon::ThreadPool) -> Result<()> {
    // The large one first: afterwards the peak would be somebody else's.
    let mut goals = threads.install(|| large(files));
    goals.extend(threads.install(small));
    println!("| what | measured | goal | |\n| --- | --- | --- | --- |");
    goals.iter().for_each(|goal| println!("{}", goal.told()));
    same_in_any_order()
}

fn large(files: u64) -> Vec<Goal> {
    let crowd = Crowd::of(files);
    let before = Memory::now();
    let clock = Clock::start();
    let index = index(&crowd, 0..files);
    let (indexed, after) = (clock.took(), Memory::now());
    println!("the index alone: {} MB", megabytes(after.resident.saturating_sub(before.resident)));
    let (answers, decided) = decide(&crowd, &index, WANTED);
    println!("{}", mix(&answers));
    let peak = Memory::now().peak as f64 / 1e9;
    let million = (files as f64 / 1e6).max(1.0);
    let what = format!("peak memory, {files} files and {WANTED} decisions");
    vec![
        time(format!("index of {files} files"), indexed, 60.0 * million),
        Goal { what, took: peak, most: 1.5 * million, unit: "GB", beside: String::new() },
        time(format!("{WANTED} decisions"), decided, 20.0),
    ]
}

fn time(what: String, took: Took, most: f64) -> Goal {
    let beside = format!(" ({:.2} s of processors)", took.processor_seconds);
    Goal { what, took: took.seconds, most, unit: "s", beside }
}

fn small() -> Vec<Goal> {
    let crowd = Crowd::of(SMALL.0);
    let clock = Clock::start();
    let index = index(&crowd, 0..SMALL.0);
    let (answers, _) = decide(&crowd, &index, SMALL.1);
    let what = format!("{} wanted against {} files, in all", answers.len(), index.len());
    vec![time(what, clock.took(), 1.0)]
}

fn index(crowd: &Crowd, order: impl Iterator<Item = u64>) -> Index {
    let mut builder = IndexBuilder::default();
    for number in order {
        builder.add(&crowd.file(number));
    }
    builder.finish()
}

fn decide(crowd: &Crowd, index: &Index, count: u64) -> (Vec<Explanation>, Took) {
    let wanted: Vec<Wanted> = (0..count).map(|number| crowd.wanted(number)).collect();
    let policy = Policy::default();
    let questions: Vec<Question<'_>> =
        wanted.iter().map(|wanted| Question { wanted, policy: &policy }).collect();
    let clock = Clock::start();
    let known = Knowledge::nothing();
    let answers = choose_all_with_near(index, &questions, &known, 3, &Silent, &Cancel::default());
    (answers, clock.took())
}

fn mix(answers: &[Explanation]) -> String {
    let count = |is: fn(&Choice) -> bool| answers.iter().filter(|one| is(&one.choice)).count();
    format!(
        "{} accepted, {} to review, {} not found",
        count(|choice| matches!(choice, Choice::Chosen(_))),
        count(|choice| matches!(choice, Choice::Review(..))),
        count(|choice| matches!(choice, Choice::None(_)))
    )
}

/// One, two and three threads, and the files in another order, must give the same answers to the last bit.
fn same_in_any_order() -> Result<()> {
    let crowd = Crowd::of(SAME.0);
    let answers = |threads: usize, shuffled: bool| -> Result<Vec<Explanation>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
        Ok(pool.context("could not start the threads")?.install(|| {
            // A step without a common divisor with the number of files meets every one once.
            let step = if shuffled { 7_919 } else { 1 };
            let index = index(&crowd, (0..crowd.len()).map(|at| at * step % crowd.len()));
            decide(&crowd, &index, SAME.1).0
        }))
    };
    let first = answers(1, false)?;
    for (threads, shuffled) in [(2, false), (3, false), (2, true)] {
        if answers(threads, shuffled)? != first {
            let order = if shuffled { "another order" } else { "the same order" };
            bail!("{threads} threads and {order} of the files gave other answers than one thread");
        }
    }
    println!("the same answers with 1, 2 and 3 threads and in another order of the files");
    Ok(())
}
