//! Our own benchmark: a table per class, the frontier, and the figures that CI holds matching to.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use ferrotape_domain::{Cancel, Silent, Wanted};
use ferrotape_matching::{Explanation, Index, Knowledge, Policy, Question, choose_all_with_near};
use ferrotape_testkit::benchmark::{
    Answer, BenchRow, Benchmark, Point, Ratchet, Scores, Setting, calibration_error, frontier,
};

use super::{plot, show};
use crate::workspace;

/// Where the kept figures lie, from the project's root.
const FIGURES: &str = "crates/matching/tests/it/benchmark/figures.csv";
const ROWS: &str = "crates/matching/tests/it/benchmark/rows.csv";
const PLOT: &str = "docs/matching-frontier.svg";
/// Nearest files counted: enough for the top three.
const NEAREST: usize = 3;

pub(super) fn run(update: bool, show: Option<&str>) -> Result<()> {
    let benchmark = Benchmark::made();
    let index = Index::build(&benchmark.offers);
    println!("{} rows against {} files", benchmark.rows.len(), benchmark.offers.len());
    let (mut all, mut curves) = (Vec::new(), Vec::new());
    for setting in Setting::ALL {
        let asked = benchmark.asked(setting);
        let rows: Vec<&BenchRow> = asked.iter().map(|(row, _)| *row).collect();
        let wanted: Vec<&Wanted> = asked.iter().map(|(_, wanted)| wanted).collect();
        let explained = explained(&index, &wanted);
        let answers: Vec<Answer> = explained.iter().map(answer).collect();
        let scores = Scores::of(setting, &rows, &answers);
        if let Some(class) = show {
            show::print(&benchmark, &scores, class, &rows, &explained);
            continue;
        }
        let curve = frontier(&rows, &answers);
        println!("{}{}", scores.table(), summary(&scores, &rows, &answers, &curve));
        all.push(scores);
        curves.push((setting, curve));
    }
    if show.is_some() {
        return Ok(());
    }
    let root = workspace::metadata()?.workspace_root.into_std_path_buf();
    let now = Ratchet::of(&benchmark, &all);
    let worse = compare(&root, &now, update)?;
    if update {
        let drawn = plot::drawn(&curves);
        fs::write(root.join(PLOT), drawn).with_context(|| format!("could not write {PLOT}"))?;
    }
    if worse.is_empty() {
        Ok(())
    } else {
        bail!("matching got worse in {} classes – see above", worse.len())
    }
}

fn explained(index: &Index, wanted: &[&Wanted]) -> Vec<Explanation> {
    let policy = Policy::default();
    let questions: Vec<Question<'_>> =
        wanted.iter().map(|wanted| Question { wanted, policy: &policy }).collect();
    let known = Knowledge::nothing();
    choose_all_with_near(index, &questions, &known, NEAREST, &Silent, &Cancel::default())
}

fn answer(explained: &Explanation) -> Answer {
    let near: Vec<(i64, f32)> =
        explained.near.iter().map(|near| (near.found.file_id, near.found.score)).collect();
    Answer::of(&explained.choice, &near)
}

fn summary(scores: &Scores, rows: &[&BenchRow], answers: &[Answer], curve: &[Point]) -> String {
    let total = scores.total();
    let share = |part: u32, whole: u32| f64::from(part) / f64::from(whole.max(1));
    let taken = total.right + total.lesser + total.wrong;
    let mut text = format!(
        "precision {:.4}, recall {:.4}, wrong {:.4} of all rows, right file in the top three {:.4}, \
         calibration error {:.4}\nfrontier:",
        share(total.right + total.lesser, taken),
        share(total.right, total.present),
        share(total.wrong, total.rows),
        share(total.top_three, total.present),
        calibration_error(rows, answers),
    );
    for least in [0.9, 0.95, 0.99, 0.995, 0.999] {
        let best = curve
            .iter()
            .filter(|point| point.precision >= least)
            .max_by(|a, b| a.recall.total_cmp(&b.recall));
        if let Some(best) = best {
            text += &format!(" recall {:.3} at precision ≥ {least} (score {:.2});", best.recall, best.floor);
        }
    }
    text + "\n"
}

/// Compares with the kept figures, and keeps these when asked to and nothing got worse. Gives what got worse.
fn compare(root: &Path, now: &Ratchet, update: bool) -> Result<Vec<String>> {
    let path = |name: &str| -> PathBuf { root.join(name) };
    let read = |name: &str| fs::read_to_string(path(name)).unwrap_or_default();
    let kept =
        Ratchet::read(&read(FIGURES), &read(ROWS)).with_context(|| format!("could not read {FIGURES}"))?;
    let same_rows = kept.digest == now.digest;
    let worse = if same_rows { kept.worse(now) } else { Vec::new() };
    for complaint in &worse {
        eprintln!("worse: {complaint}");
    }
    if !same_rows {
        println!("the rows are not those of {FIGURES}: nothing to compare with");
    } else if worse.is_empty() && kept.differs(now) {
        println!("matching got better than {FIGURES} – keep it: cargo xtask bench matching --update-ratchet");
    }
    if update && worse.is_empty() {
        let (figures, rows) = now.texts()?;
        for (name, text) in [(FIGURES, figures), (ROWS, rows)] {
            fs::write(path(name), text).with_context(|| format!("could not write {name}"))?;
        }
        println!("kept in {FIGURES}");
    }
    Ok(worse)
}
