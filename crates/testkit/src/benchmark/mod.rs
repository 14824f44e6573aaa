//! A benchmark for matching: a made-up catalogue in which every wanted recording meets one named difficulty.
//!
//! Each row plants the right file, damaged in one way, or (a third of the rows) no right file at all; beside it lie
//! recordings that look like it and are not. What nobody could decide by texts and times is labelled so: there the
//! right answer is to ask. The same rows are asked twice, with all that an export with playing times tells, and with
//! first artist, title and album only. Everything is invented and the same on every run.
//!
//! [`Benchmark::made`] makes it, [`Scores::of`] counts answers per class, [`Ratchet`] compares them with figures kept
//! in a file.

mod classes;
mod damage_editions;
mod damage_fields;
mod damage_texts;
mod frontier;
mod kit;
mod ratchet;
mod score;
mod scripts;
mod sheet;
mod traps;
mod versions;
mod whole;
mod words;

use ferrotape_domain::{ArtistCredit, Offer, Wanted};

pub use frontier::{Point, calibration_error, frontier};
pub use ratchet::{Ratchet, RatchetError};
pub use score::{Answer, Answered, Figures, Scores, Verdict};

/// The rows and the files they are asked against.
pub struct Benchmark {
    /// Every file.
    pub offers: Vec<Offer>,
    /// Every row, class by class.
    pub rows: Vec<BenchRow>,
}

/// One wanted recording and what is true of it.
#[derive(Debug, Clone)]
pub struct BenchRow {
    /// Which difficulty it meets.
    pub class: String,
    /// Class and number: `typo in the title #3`.
    pub name: String,
    /// All that is known of it.
    pub wanted: Wanted,
    /// The right answer.
    pub truth: Truth,
    /// In which setting it is asked.
    pub asked: Asked,
}

/// The right answer of a row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Truth {
    /// This file.
    Present {
        /// The best copy.
        best: i64,
        /// Lesser copies of the same recording: not wrong, but not the best.
        copies: Vec<i64>,
    },
    /// No file is it.
    Absent,
    /// Nobody could tell: a person must be asked.
    Undecidable,
}

/// In which setting a row has an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// In both.
    Always,
    /// Only with playing times.
    WithTimes,
    /// Only without.
    WithoutTimes,
}

/// What is told of the wanted recordings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Setting {
    /// Artists, title, album, playing time, some ISRCs.
    Times,
    /// First artist, title and album.
    Names,
}

impl Setting {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Times, Self::Names];

    /// A stable word for files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Times => "times",
            Self::Names => "names",
        }
    }
}

impl Benchmark {
    /// Makes it; every call gives the same.
    pub fn made() -> Self {
        let sheet = sheet::Sheet::filled();
        Self { offers: sheet.offers, rows: sheet.rows }
    }

    /// The rows of a setting and what is told of them.
    pub fn asked(&self, setting: Setting) -> Vec<(&BenchRow, Wanted)> {
        let other = if setting == Setting::Times { Asked::WithoutTimes } else { Asked::WithTimes };
        let told = |row: &BenchRow| match setting {
            Setting::Times => row.wanted.clone(),
            Setting::Names => names_only(&row.wanted),
        };
        self.rows.iter().filter(|row| row.asked != other).map(|row| (row, told(row))).collect()
    }

    /// A short text that changes whenever a row or a file does.
    pub fn digest(&self) -> String {
        let all = format!("{:?}{:?}", self.rows, self.offers);
        blake3::hash(all.as_bytes()).to_hex().chars().take(16).collect()
    }
}

fn names_only(wanted: &Wanted) -> Wanted {
    let first: Vec<&str> = wanted.artists.names().take(1).collect();
    Wanted {
        title: wanted.title.clone(),
        artists: ArtistCredit::of_names(&first),
        release: wanted.release.clone(),
        ..Wanted::of_kind(wanted.kind)
    }
}
