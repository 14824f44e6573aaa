//! The outside benchmark: wanted recordings and files kept as two CSV tables, answers as a third.
//!
//! The engine and its policy are the product's own. Answers are sorted by `wid` and files known by a hash of their
//! `fid`, so that neither the order of the rows nor the number of threads can show.

use std::collections::BTreeSet;
use std::fs::File;
use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use ferrotape_domain::{
    ArtistCredit, AudioFacts, AudioFormat, Cancel, Choice, ContentId, Isrc, Offer, Silent, TagSet, Wanted,
    WantedKind,
};
use ferrotape_matching::{
    Explanation, Index, IndexBuilder, Knowledge, Policy, Question, choose_all_with_near,
};

use super::memory::{self, Memory};
use super::table::{Row, Table};

const WANTED_COLUMNS: &[&str] = &["title", "artists", "album", "duration_ms"];
const FILE_COLUMNS: &[&str] = &["path", "title", "artist", "album", "duration_ms"];
/// Nearest files told per wanted recording.
const NEAREST: usize = 3;

/// What to read and where to write.
#[derive(Debug, Clone)]
pub(crate) struct Paths {
    pub(crate) wanted: PathBuf,
    pub(crate) files: PathBuf,
    pub(crate) answers: PathBuf,
    pub(crate) review: Option<PathBuf>,
}

/// What one run took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Took {
    pub(crate) files: usize,
    pub(crate) wanted: usize,
    /// Reading the files' table and building the index.
    pub(crate) index: Duration,
    pub(crate) decide: Duration,
    pub(crate) total: Duration,
    /// What the process grew by from before the files were read until the index stood.
    pub(crate) index_bytes: u64,
    pub(crate) peak_bytes: u64,
}

/// Reads, decides and writes; prints what could not be understood.
pub(crate) fn run(paths: &Paths) -> Result<Took> {
    let began = Instant::now();
    let mut asked = wanted(&paths.wanted)?;
    asked.sort_by(|a, b| (&a.0, a.1.label()).cmp(&(&b.0, b.1.label())));
    let before = Memory::now();
    let (index, names) = index(&paths.files)?;
    let (indexed, after) = (began.elapsed(), Memory::now());
    let policy = Policy::default();
    let questions: Vec<Question<'_>> =
        asked.iter().map(|(_, wanted)| Question { wanted, policy: &policy }).collect();
    let deciding = Instant::now();
    let (known, cancel) = (Knowledge::nothing(), Cancel::default());
    let answers = choose_all_with_near(&index, &questions, &known, NEAREST, &Silent, &cancel);
    let decide = deciding.elapsed();
    let wids: Vec<&str> = asked.iter().map(|(wid, _)| wid.as_str()).collect();
    write_answers(&paths.answers, &wids, &answers, &names)?;
    if let Some(review) = &paths.review {
        write_nearest(review, &wids, &answers, &names)?;
    }
    Ok(Took {
        files: index.len(),
        wanted: asked.len(),
        index: indexed,
        decide,
        total: began.elapsed(),
        index_bytes: after.resident.saturating_sub(before.resident),
        peak_bytes: Memory::now().peak,
    })
}

impl Took {
    /// For a reader.
    pub(crate) fn told(&self) -> String {
        format!(
            "{} files indexed in {:.2} s ({} MB), {} decisions in {:.2} s, {:.2} s in all, peak memory {} MB",
            self.files,
            self.index.as_secs_f64(),
            memory::megabytes(self.index_bytes),
            self.wanted,
            self.decide.as_secs_f64(),
            self.total.as_secs_f64(),
            memory::megabytes(self.peak_bytes)
        )
    }
}

fn wanted(path: &Path) -> Result<Vec<(String, Wanted)>> {
    let mut all = Vec::new();
    let mut seen = BTreeSet::new();
    let spoilt = Table::open(path, "wid", WANTED_COLUMNS)?.for_each(|row| {
        let wid = row.key("wid");
        if !seen.insert(wid.clone()) {
            row.bad("wid", "stands there twice, both answered", &wid);
        }
        all.push((wid, wanted_of(row)));
    })?;
    spoilt.lines(&name_of(path)).iter().for_each(|line| println!("{line}"));
    Ok(all)
}

fn wanted_of(row: &Row<'_>) -> Wanted {
    let artists = row.text("artists").unwrap_or_default();
    Wanted {
        title: row.text("title").unwrap_or_default(),
        artists: ArtistCredit::of_names(&artists.split(';').collect::<Vec<_>>()),
        release: row.text("album"),
        duration: row.number("duration_ms").map(Duration::from_millis),
        isrc: row.read("isrc", |text| Isrc::parse(text).ok()),
        explicit: row.read("explicit", |text| match text.to_lowercase().as_str() {
            "true" | "1" | "yes" => Some(true),
            "false" | "0" | "no" => Some(false),
            _ => None,
        }),
        released: row.text("release_date"),
        ..Wanted::of_kind(WantedKind::Recording)
    }
}

/// The files' own names by the number the engine knows them by.
#[derive(Default)]
struct Names {
    text: String,
    /// Number, and where the name begins and ends; sorted by number once all are there.
    places: Vec<(i64, usize, usize)>,
}

impl Names {
    fn add(&mut self, fid: &str) -> i64 {
        // 63 bits: among a million files two share a number once in ten million runs.
        let hash = BuildHasherDefault::<DefaultHasher>::default().hash_one(fid);
        let number = i64::try_from(hash >> 1).unwrap_or(0);
        let start = self.text.len();
        self.text.push_str(fid);
        self.places.push((number, start, self.text.len()));
        number
    }

    fn get(&self, number: i64) -> &str {
        let at = self.places.binary_search_by_key(&number, |place| place.0);
        let place = at.ok().and_then(|at| self.places.get(at));
        place.and_then(|(_, start, end)| self.text.get(*start..*end)).unwrap_or_default()
    }
}

fn index(path: &Path) -> Result<(Index, Names)> {
    let (mut names, mut builder) = (Names::default(), IndexBuilder::default());
    let spoilt = Table::open(path, "fid", FILE_COLUMNS)?.for_each(|row| {
        let fid = row.key("fid");
        builder.add(&offer(row, names.add(&fid), fid));
    })?;
    names.places.sort_unstable();
    let repeated = names.places.windows(2).filter(|pair| matches!(pair, [a, b] if a.0 == b.0)).count();
    spoilt.lines(&name_of(path)).iter().for_each(|line| println!("{line}"));
    if repeated > 0 {
        println!("{}: {repeated} rows repeat a fid; all are kept", name_of(path));
    }
    Ok((builder.finish(), names))
}

fn offer(row: &Row<'_>, file_id: i64, fid: String) -> Offer {
    let path = row.text("path").unwrap_or_default();
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    let format = match ending.as_str() {
        "flac" => AudioFormat::Flac,
        "ogg" | "oga" => AudioFormat::Vorbis,
        "opus" => AudioFormat::Opus,
        "m4a" | "aac" | "mp4" => AudioFormat::Aac,
        "wav" => AudioFormat::Wav,
        "aif" | "aiff" => AudioFormat::Aiff,
        _ => AudioFormat::Mp3,
    };
    let many = |column| row.text(column).into_iter().collect::<Vec<_>>();
    Offer {
        file_id,
        path: PathBuf::from(path),
        part: None,
        size: row.number("size").unwrap_or(0),
        content: ContentId(fid),
        facts: AudioFacts {
            format,
            duration: row.number("duration_ms").map(Duration::from_millis),
            sample_rate: 44_100,
            channels: 2,
            bits_per_sample: None,
            bitrate_kbps: row.number("bitrate"),
        },
        tags: TagSet {
            title: row.text("title"),
            artists: many("artist"),
            album: row.text("album"),
            album_artists: many("albumartist"),
            track_number: row.number("track"),
            disc_number: row.number("disc"),
            date: row.text("year"),
            isrc: row.read("isrc", |text| Isrc::parse(text).ok()),
            ..TagSet::default()
        },
        cover: String::new(),
    }
}

fn name_of(path: &Path) -> String {
    path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn write_answers(path: &Path, wids: &[&str], answers: &[Explanation], names: &Names) -> Result<()> {
    write(path, &["wid", "fid", "decision", "score"], |rows| {
        for (wid, answer) in wids.iter().zip(answers) {
            let decision = match &answer.choice {
                Choice::Chosen(_) => "accept",
                Choice::Review(..) => "review",
                Choice::None(_) => "none",
            };
            let best = answer.near.first();
            let fid = best.map_or("", |near| names.get(near.found.file_id));
            let score = best.map_or(0.0, |near| near.found.score);
            rows.write_record([*wid, fid, decision, &format!("{score:.6}")])?;
        }
        Ok(())
    })
}

fn write_nearest(path: &Path, wids: &[&str], answers: &[Explanation], names: &Names) -> Result<()> {
    write(path, &["wid", "rank", "fid", "score", "why"], |rows| {
        for (wid, answer) in wids.iter().zip(answers) {
            let why = match &answer.choice {
                Choice::Chosen(_) => "",
                Choice::Review(_, why) | Choice::None(why) => why,
            };
            for (rank, near) in answer.near.iter().enumerate() {
                let (rank, score) = ((rank + 1).to_string(), format!("{:.6}", near.found.score));
                rows.write_record([*wid, &rank, names.get(near.found.file_id), &score, why])?;
            }
        }
        Ok(())
    })
}

/// Writes a table beside its place and moves it there, so that no half table is ever taken for a whole one.
fn write(
    path: &Path,
    header: &[&str],
    fill: impl FnOnce(&mut csv::Writer<BufWriter<File>>) -> csv::Result<()>,
) -> Result<()> {
    let could_not = || format!("could not write {}", path.display());
    let beside = path.with_extension("csv-being-written");
    let file = File::create(&beside).with_context(could_not)?;
    let mut rows = csv::Writer::from_writer(BufWriter::new(file));
    rows.write_record(header).with_context(could_not)?;
    fill(&mut rows).with_context(could_not)?;
    rows.into_inner().map_err(|error| error.into_error()).with_context(could_not)?.flush()?;
    std::fs::rename(&beside, path).with_context(could_not)
}

#[cfg(test)]
mod tests;
