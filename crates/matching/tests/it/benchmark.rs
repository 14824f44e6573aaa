//! The benchmark of the test kit, held to the figures kept beside this file.
//!
//! Wrong picks of no class may rise, and no class may find fewer of its files. Better figures are kept with
//! `cargo xtask bench matching --update-ratchet`; `--show CLASS` there prints the rows in question.

use ferrotape_domain::{Cancel, Offer, Silent, Wanted};
use ferrotape_matching::{Explanation, Index, Knowledge, Policy, Question, choose_all_with_near};
use ferrotape_testkit::benchmark::{Answer, BenchRow, Benchmark, Ratchet, Scores, Setting, Truth};

const FIGURES: &str = include_str!("benchmark/figures.csv");
const ROWS: &str = include_str!("benchmark/rows.csv");

fn explained(index: &Index, wanted: &[&Wanted]) -> Vec<Explanation> {
    let policy = Policy::default();
    let questions: Vec<Question<'_>> =
        wanted.iter().map(|wanted| Question { wanted, policy: &policy }).collect();
    choose_all_with_near(index, &questions, &Knowledge::nothing(), 3, &Silent, &Cancel::default())
}

fn scores(benchmark: &Benchmark, index: &Index, setting: Setting) -> Scores {
    let asked = benchmark.asked(setting);
    let rows: Vec<&BenchRow> = asked.iter().map(|(row, _)| *row).collect();
    let wanted: Vec<&Wanted> = asked.iter().map(|(_, wanted)| wanted).collect();
    let answers: Vec<Answer> = explained(index, &wanted)
        .iter()
        .map(|one| {
            let near: Vec<(i64, f32)> = one.near.iter().map(|n| (n.found.file_id, n.found.score)).collect();
            Answer::of(&one.choice, &near)
        })
        .collect();
    Scores::of(setting, &rows, &answers)
}

#[test]
fn no_class_has_more_wrong_picks_or_finds_less_than_it_did() {
    let benchmark = Benchmark::made();
    let index = Index::build(&benchmark.offers);
    let now: Vec<Scores> = Setting::ALL.iter().map(|one| scores(&benchmark, &index, *one)).collect();
    let (kept, now) = (Ratchet::read(FIGURES, ROWS).unwrap(), Ratchet::of(&benchmark, &now));
    let update = "cargo xtask bench matching --update-ratchet";
    assert_eq!(
        kept.digest, now.digest,
        "the benchmark's rows changed, so its figures must be kept anew: {update}"
    );
    let worse = kept.worse(&now);
    assert!(worse.is_empty(), "matching got worse:\n{}", worse.join("\n"));
    if kept.differs(&now) {
        println!("matching got better – keep the figures: {update}");
    }
}

#[test]
fn the_same_answers_in_any_order_and_on_any_number_of_threads() {
    let benchmark = Benchmark::made();
    let asked = benchmark.asked(Setting::Times);
    // Every seventh row is enough to meet every class.
    let wanted: Vec<&Wanted> = asked.iter().step_by(7).map(|(_, wanted)| wanted).collect();
    let decide = |offers: &[Offer], threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| explained(&Index::build(offers), &wanted))
    };
    let mut offers = benchmark.offers.clone();
    let first = decide(&offers, 1);
    offers.reverse();
    assert_eq!(first, decide(&offers, 4));
    let middle = offers.len() / 2;
    offers.rotate_left(middle);
    assert_eq!(first, decide(&offers, 3));
}

#[test]
fn every_class_asks_for_files_that_are_there_and_for_some_that_are_not() {
    let benchmark = Benchmark::made();
    let classes: std::collections::BTreeSet<&str> =
        benchmark.rows.iter().map(|row| row.class.as_str()).collect();
    assert!(classes.len() > 120 && benchmark.rows.len() > 3_000, "{} classes", classes.len());
    for class in classes {
        let rows = benchmark.rows.iter().filter(|row| row.class == class);
        let present = rows.clone().filter(|row| matches!(row.truth, Truth::Present { .. })).count();
        let all = rows.count();
        let whole_class = class.starts_with("copies: ") || class.starts_with("asked: ");
        assert!(whole_class || (present >= 10 && all - present >= 6), "{class}: {present} of {all}");
    }
    assert_eq!(benchmark.digest(), Benchmark::made().digest(), "it is the same every time");
}
