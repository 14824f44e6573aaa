//! Measures matching on a set of wanted recordings and files kept as two CSV tables.
//!
//! `matching_bench --wanted W.csv --files F.csv --answers OUT.csv` reads `wid,title,artists,album,duration_ms,isrc,
//! explicit,release_date` and `fid,path,title,artist,album,albumartist,track,disc,year,isrc,duration_ms,bitrate,size`,
//! writes `wid,fid,decision,score`, and prints index time, decision time and peak memory.

#![expect(clippy::print_stdout, clippy::expect_used, reason = "a measuring tool, not product code")]

use std::collections::HashMap;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use ferrotape_domain::{
    ArtistCredit, AudioFacts, AudioFormat, Cancel, Choice, ContentId, Isrc, Offer, Silent, TagSet, Wanted,
    WantedKind,
};
use ferrotape_matching::{IndexBuilder, Knowledge, Policy, Question, choose_all};

type Row = HashMap<String, String>;

fn argument(name: &str) -> String {
    let mut arguments = std::env::args().skip_while(|argument| argument != name);
    arguments.nth(1).unwrap_or_else(|| panic!("{name} is missing"))
}

fn rows(path: &str) -> Vec<Row> {
    let mut reader = csv::Reader::from_path(path).expect("the table can be opened");
    reader.deserialize().collect::<Result<_, _>>().expect("the table can be read")
}

fn text(row: &Row, column: &str) -> Option<String> {
    row.get(column).map(|cell| cell.trim().to_owned()).filter(|cell| !cell.is_empty())
}

fn number<N: std::str::FromStr>(row: &Row, column: &str) -> Option<N> {
    text(row, column).and_then(|cell| cell.parse().ok())
}

fn duration(row: &Row) -> Option<Duration> {
    number(row, "duration_ms").filter(|ms| *ms > 0).map(Duration::from_millis)
}

fn wanted(row: &Row) -> Wanted {
    let artists = text(row, "artists").unwrap_or_default();
    Wanted {
        title: text(row, "title").unwrap_or_default(),
        artists: ArtistCredit::of_names(&artists.split(';').collect::<Vec<_>>()),
        release: text(row, "album"),
        duration: duration(row),
        isrc: text(row, "isrc").and_then(|isrc| Isrc::parse(&isrc).ok()),
        explicit: text(row, "explicit").map(|word| word == "true"),
        released: text(row, "release_date"),
        ..Wanted::of_kind(WantedKind::Recording)
    }
}

fn offer(at: usize, row: &Row) -> Offer {
    let path = text(row, "path").unwrap_or_default();
    let format = match path.rsplit('.').next().unwrap_or_default() {
        "flac" => AudioFormat::Flac,
        "ogg" => AudioFormat::Vorbis,
        "opus" => AudioFormat::Opus,
        "m4a" => AudioFormat::Aac,
        "wav" => AudioFormat::Wav,
        _ => AudioFormat::Mp3,
    };
    let many = |column| text(row, column).into_iter().collect::<Vec<_>>();
    Offer {
        file_id: i64::try_from(at).unwrap_or(0),
        path: PathBuf::from(path),
        size: number(row, "size").unwrap_or(0),
        content: ContentId(text(row, "fid").unwrap_or_default()),
        facts: AudioFacts {
            format,
            duration: duration(row),
            sample_rate: 44_100,
            channels: 2,
            bits_per_sample: None,
            bitrate_kbps: number(row, "bitrate"),
        },
        tags: TagSet {
            title: text(row, "title"),
            artists: many("artist"),
            album: text(row, "album"),
            album_artists: many("albumartist"),
            track_number: number(row, "track"),
            disc_number: number(row, "disc"),
            date: text(row, "year"),
            isrc: text(row, "isrc").and_then(|isrc| Isrc::parse(&isrc).ok()),
            ..TagSet::default()
        },
        cover: String::new(),
    }
}

fn peak_memory_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kb| kb / 1_024)
}

fn main() {
    let wanted_rows = rows(&argument("--wanted"));
    let all: Vec<Wanted> = wanted_rows.iter().map(wanted).collect();
    let begin = Instant::now();
    let mut reader = csv::Reader::from_path(argument("--files")).expect("the table can be opened");
    let mut builder = IndexBuilder::default();
    let mut fids: Vec<String> = Vec::new();
    let mut reading = Duration::ZERO;
    let mut rows = reader.deserialize::<Row>();
    loop {
        let before = Instant::now();
        let Some(row) = rows.next() else { break };
        let row = row.expect("the table can be read");
        let one = offer(fids.len(), &row);
        fids.push(one.content.0.clone());
        reading += before.elapsed();
        builder.add(&one);
    }
    let index = builder.finish();
    let indexed = begin.elapsed() - reading;
    println!("index: {} MB", peak_memory_mb().unwrap_or(0));
    let policy = Policy::default();
    let questions: Vec<Question<'_>> =
        all.iter().map(|wanted| Question { wanted, policy: &policy }).collect();
    let begin = Instant::now();
    let choices = choose_all(&index, &questions, &Knowledge::nothing(), &Silent, &Cancel::default());
    let decided = begin.elapsed();
    let mut out = csv::Writer::from_path(argument("--answers")).expect("the answers can be written");
    out.write_record(["wid", "fid", "decision", "score", "why"]).expect("a row can be written");
    for (row, choice) in wanted_rows.iter().zip(&choices) {
        let (best, decision, why) = match choice {
            Choice::Chosen(best) => (Some(best), "accept", String::new()),
            Choice::Review(near, why) => (near.first(), "review", why.clone()),
            Choice::None(why) => (None, "none", why.clone()),
        };
        let fid = best.and_then(|m| fids.get(usize::try_from(m.file_id).ok()?)).map_or("", String::as_str);
        let score = best.map_or(0.0, |m| m.score).to_string();
        let because = best.map_or(String::new(), |m| {
            m.evidence.iter().map(|e| format!("{} {:+.1}", e.says, e.weight)).collect::<Vec<_>>().join("; ")
        });
        let why = format!("{why} | {because}");
        out.write_record([row["wid"].as_str(), fid, decision, &score, &why]).expect("a row can be written");
    }
    println!(
        "{} files indexed in {:.2} s, {} decisions in {:.2} s, peak memory {} MB",
        fids.len(),
        indexed.as_secs_f64(),
        all.len(),
        decided.as_secs_f64(),
        peak_memory_mb().unwrap_or(0)
    );
}
