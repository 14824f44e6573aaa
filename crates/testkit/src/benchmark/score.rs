//! Counting answers per class.

use std::collections::BTreeMap;

use ferrotape_domain::Choice;

use super::{BenchRow, Setting, Truth};

/// What matching said of one row.
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    /// What it did.
    pub answered: Answered,
    /// The nearest files, best first.
    pub near: Vec<i64>,
    /// The score of the first.
    pub score: f32,
}

/// What matching did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answered {
    /// Took the nearest file.
    Took,
    /// Asked.
    Asks,
    /// Found nothing worth asking about.
    Nothing,
}

impl Answer {
    /// Of a choice and the nearest files with their scores, best first.
    pub fn of(choice: &Choice, near: &[(i64, f32)]) -> Self {
        let answered = match choice {
            Choice::Chosen(_) => Answered::Took,
            Choice::Review(..) => Answered::Asks,
            Choice::None(_) => Answered::Nothing,
        };
        Self {
            answered,
            near: near.iter().map(|one| one.0).collect(),
            score: near.first().map_or(0.0, |one| one.1),
        }
    }
}

/// How good an answer was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The best copy was taken.
    Right,
    /// Nothing was taken, as it must be.
    Abstained,
    /// The recording, but a lesser copy.
    Lesser,
    /// The file is there, and a person is asked.
    Asked,
    /// The file is there and nothing was offered.
    Missed,
    /// Another recording was taken, or one that nobody could be sure of.
    Wrong,
}

impl Verdict {
    /// A stable word for files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Right => "right",
            Self::Abstained => "abstained",
            Self::Lesser => "lesser copy",
            Self::Asked => "asked",
            Self::Missed => "missed",
            Self::Wrong => "wrong",
        }
    }

    fn of(truth: &Truth, answer: &Answer) -> Self {
        let took = answer.near.first().filter(|_| answer.answered == Answered::Took);
        match (truth, took) {
            (Truth::Present { best, .. }, Some(file)) if file == best => Self::Right,
            (Truth::Present { copies, .. }, Some(file)) if copies.contains(file) => Self::Lesser,
            (_, Some(_)) => Self::Wrong,
            (Truth::Present { .. }, None) if answer.answered == Answered::Asks => Self::Asked,
            (Truth::Present { .. }, None) => Self::Missed,
            (_, None) => Self::Abstained,
        }
    }
}

/// The counts of one class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[expect(missing_docs, reason = "named like the verdicts")]
pub struct Figures {
    pub rows: u32,
    /// Rows whose file is there.
    pub present: u32,
    pub right: u32,
    pub lesser: u32,
    pub asked: u32,
    pub missed: u32,
    pub wrong: u32,
    /// Rows without a file, or undecidable, where nothing was taken.
    pub abstained: u32,
    /// Rows whose file is there and among the three nearest.
    pub top_three: u32,
}

impl Figures {
    /// Adds the counts of another class.
    pub fn add(&mut self, other: &Self) {
        self.rows += other.rows;
        self.present += other.present;
        self.right += other.right;
        self.lesser += other.lesser;
        self.asked += other.asked;
        self.missed += other.missed;
        self.wrong += other.wrong;
        self.abstained += other.abstained;
        self.top_three += other.top_three;
    }

    fn count(&mut self, truth: &Truth, answer: &Answer, verdict: Verdict) {
        self.rows += 1;
        if let Truth::Present { best, copies } = truth {
            self.present += 1;
            let is_it = |file: &i64| file == best || copies.contains(file);
            self.top_three += u32::from(answer.near.iter().take(3).any(is_it));
        }
        *match verdict {
            Verdict::Right => &mut self.right,
            Verdict::Abstained => &mut self.abstained,
            Verdict::Lesser => &mut self.lesser,
            Verdict::Asked => &mut self.asked,
            Verdict::Missed => &mut self.missed,
            Verdict::Wrong => &mut self.wrong,
        } += 1;
    }
}

/// The counts of every class in one setting, and every row's verdict.
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    /// What was told of the wanted recordings.
    pub setting: Setting,
    /// Class and counts, in the order of the rows.
    pub classes: Vec<(String, Figures)>,
    /// Name of the row and what its answer was.
    pub verdicts: BTreeMap<String, Verdict>,
}

impl Scores {
    /// Counts the answers; `answers[i]` belongs to `rows[i]`.
    pub fn of(setting: Setting, rows: &[&BenchRow], answers: &[Answer]) -> Self {
        let mut scores = Self { setting, classes: Vec::new(), verdicts: BTreeMap::new() };
        for (row, answer) in rows.iter().zip(answers) {
            let verdict = Verdict::of(&row.truth, answer);
            if scores.classes.last().is_none_or(|(class, _)| *class != row.class) {
                scores.classes.push((row.class.clone(), Figures::default()));
            }
            if let Some((_, figures)) = scores.classes.last_mut() {
                figures.count(&row.truth, answer, verdict);
            }
            scores.verdicts.insert(row.name.clone(), verdict);
        }
        scores
    }

    /// All classes together.
    pub fn total(&self) -> Figures {
        let mut total = Figures::default();
        self.classes.iter().for_each(|(_, figures)| total.add(figures));
        total
    }

    /// A table for a reader.
    pub fn table(&self) -> String {
        let mut text = format!(
            "{:<48} {:>5} {:>7} {:>6} {:>6} {:>6} {:>6} {:>6} {:>9} {:>6}\n",
            self.setting.as_str(),
            "rows",
            "present",
            "right",
            "lesser",
            "asked",
            "missed",
            "wrong",
            "abstained",
            "top 3"
        );
        let total = self.total();
        let all = self.classes.iter().map(|(class, figures)| (class.as_str(), figures));
        for (class, f) in all.chain([("all", &total)]) {
            let cells = [f.present, f.right, f.lesser, f.asked, f.missed, f.wrong];
            let cells: String = cells.iter().map(|count| format!(" {count:>6}")).collect();
            text.push_str(&format!(
                "{class:<48} {:>5} {cells} {:>9} {:>6}\n",
                f.rows, f.abstained, f.top_three
            ));
        }
        text
    }
}
