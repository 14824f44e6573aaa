//! Figures kept in two readable files, so that matching can only get better.

use std::collections::BTreeMap;

use thiserror::Error;

use super::{Benchmark, Figures, Scores, Verdict};

/// The kept figures, and the verdict of every row that was not answered as it should be.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ratchet {
    /// [`Benchmark::digest`] of the rows the figures belong to.
    pub digest: String,
    /// By setting and class.
    figures: BTreeMap<(String, String), Figures>,
    /// By setting and row.
    short_of_right: BTreeMap<(String, String), String>,
}

/// A kept file cannot be understood.
#[derive(Debug, Error)]
pub enum RatchetError {
    /// It is no table.
    #[error("the kept figures are no table: {0}")]
    Table(#[from] csv::Error),
    /// A cell is no number.
    #[error("the kept figures hold “{0}” where a number should be")]
    Number(String),
}

const HEADER: [&str; 11] = [
    "setting",
    "class",
    "rows",
    "present",
    "right",
    "lesser",
    "asked",
    "missed",
    "wrong",
    "abstained",
    "top_three",
];

impl Ratchet {
    /// What these scores would be kept as.
    pub fn of(benchmark: &Benchmark, all: &[Scores]) -> Self {
        let mut ratchet = Self { digest: benchmark.digest(), ..Self::default() };
        for scores in all {
            let setting = scores.setting.as_str().to_owned();
            for (class, figures) in &scores.classes {
                ratchet.figures.insert((setting.clone(), class.clone()), *figures);
            }
            for (row, verdict) in &scores.verdicts {
                if !matches!(verdict, Verdict::Right | Verdict::Abstained) {
                    let key = (setting.clone(), row.clone());
                    ratchet.short_of_right.insert(key, verdict.as_str().to_owned());
                }
            }
        }
        ratchet
    }

    /// Reads the two files' texts.
    ///
    /// # Errors
    /// When a file is no table, or a count no number.
    pub fn read(figures: &str, rows: &str) -> Result<Self, RatchetError> {
        let table = |text: &str| -> Result<Vec<csv::StringRecord>, csv::Error> {
            let mut reader = csv::ReaderBuilder::new().comment(Some(b'#')).from_reader(text.as_bytes());
            reader.records().collect()
        };
        let first = figures.lines().next().unwrap_or_default();
        let digest = first.rsplit(' ').next().unwrap_or_default().to_owned();
        let mut ratchet = Self { digest, ..Self::default() };
        for record in table(figures)? {
            let text = |at: usize| record.get(at).unwrap_or_default().to_owned();
            let number = |at: usize| text(at).parse().map_err(|_| RatchetError::Number(text(at)));
            let counts = Figures {
                rows: number(2)?,
                present: number(3)?,
                right: number(4)?,
                lesser: number(5)?,
                asked: number(6)?,
                missed: number(7)?,
                wrong: number(8)?,
                abstained: number(9)?,
                top_three: number(10)?,
            };
            ratchet.figures.insert((text(0), text(1)), counts);
        }
        for record in table(rows)? {
            let text = |at: usize| record.get(at).unwrap_or_default().to_owned();
            ratchet.short_of_right.insert((text(0), text(1)), text(2));
        }
        Ok(ratchet)
    }

    /// The two files' texts: figures per class, and the rows that fall short.
    ///
    /// # Errors
    /// Never in practice: it writes into memory.
    pub fn texts(&self) -> Result<(String, String), RatchetError> {
        let mut figures = csv::Writer::from_writer(Vec::new());
        figures.write_record(HEADER)?;
        for ((setting, class), f) in &self.figures {
            let counts =
                [f.rows, f.present, f.right, f.lesser, f.asked, f.missed, f.wrong, f.abstained, f.top_three];
            let cells = counts.map(|count| count.to_string());
            figures.write_record([setting, class].into_iter().chain(&cells))?;
        }
        let mut rows = csv::Writer::from_writer(Vec::new());
        rows.write_record(["setting", "row", "verdict"])?;
        for ((setting, row), verdict) in &self.short_of_right {
            rows.write_record([setting, row, verdict])?;
        }
        let text = |writer: csv::Writer<Vec<u8>>| {
            String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
        };
        let note = "written by cargo xtask bench matching --update-ratchet for the rows with the digest";
        Ok((format!("# {note} {}\n{}", self.digest, text(figures)), text(rows)))
    }

    /// What got worse from these kept figures to `now`, class by class with the rows that changed; empty when nothing
    /// did. Figures of other rows (another digest) cannot be compared.
    pub fn worse(&self, now: &Self) -> Vec<String> {
        let mut complaints = Vec::new();
        for ((setting, class), old) in &self.figures {
            let Some(new) = now.figures.get(&(setting.clone(), class.clone())) else {
                complaints.push(format!("{setting}: the class “{class}” is gone"));
                continue;
            };
            if new.wrong > old.wrong {
                let says = format!("{} wrong picks, {} before", new.wrong, old.wrong);
                complaints.push(self.complaint(now, setting, class, &says));
            }
            if new.right < old.right {
                let says = format!("{} of {} right, {} before", new.right, new.present, old.right);
                complaints.push(self.complaint(now, setting, class, &says));
            }
        }
        complaints
    }

    /// Whether any figure differs.
    pub fn differs(&self, now: &Self) -> bool {
        self != now
    }

    fn complaint(&self, now: &Self, setting: &str, class: &str, says: &str) -> String {
        let rows = self.changed(now, setting, class);
        format!("{setting}: {class}: {says}\n    {}", rows.join("\n    "))
    }

    /// The rows of a class whose verdict changed.
    fn changed(&self, now: &Self, setting: &str, class: &str) -> Vec<String> {
        let of_class = |key: &&(String, String)| {
            key.0 == setting && key.1.rsplit_once(" #").is_some_and(|(name, _)| name == class)
        };
        let mut keys: Vec<&(String, String)> =
            self.short_of_right.keys().chain(now.short_of_right.keys()).filter(of_class).collect();
        keys.sort();
        keys.dedup();
        let verdict = |of: &Self, key: &(String, String)| {
            of.short_of_right.get(key).cloned().unwrap_or_else(|| "as it should be".to_owned())
        };
        keys.into_iter()
            .map(|key| (key, verdict(self, key), verdict(now, key)))
            .filter(|(_, before, after)| before != after)
            .map(|(key, before, after)| format!("{}: was {before}, is now {after}", key.1))
            .collect()
    }
}
