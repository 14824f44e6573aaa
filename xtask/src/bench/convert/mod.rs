//! `bench convert`: the whole `convert` of the release binary against what people would use otherwise.
//!
//! Four cases: (a) a FLAC collection to V0 and to 320, (b) to V0 with its loudness measured, (c) one long file, (d) an
//! MP3 collection that only needs tags. In each round every program runs once, ours first, so that a busy machine
//! disturbs all alike; the medians count. Collections run under `xargs` on every core for the peers, which start one
//! process per file. A peer that is missing or fails is said and left out.

mod music;
mod ours;
mod peers;
mod timed;

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::{Report, Row, median};
pub(super) use music::{Input, Kind, input};
use peers::{CASES, Case, Peer};
use timed::Used;

/// What the developer asked for.
pub(crate) struct Request {
    pub(crate) program: PathBuf,
    /// Real music instead of made-up sound.
    pub(crate) music: Option<PathBuf>,
    /// Only the cases that begin with this letter.
    pub(crate) case: Option<String>,
    pub(crate) rounds: usize,
    /// Minutes of made-up music in the collection, and of the long file.
    pub(crate) minutes: Option<u32>,
}

pub(crate) fn measure(request: &Request) -> Result<Report> {
    let wanted = request.case.as_deref().unwrap_or("");
    let cases: Vec<&Case> = CASES.iter().filter(|case| case.name.starts_with(wanted)).collect();
    if cases.is_empty() {
        bail!("“{wanted}” is no case – choose a, b, c or d");
    }
    peers::install()?;
    let can_leave_loudness = ours::can_leave_loudness(&request.program)?;
    println!(
        "Counted as ours: scan of the folder, matching, decoding, encoding, tags, publishing by rename, manifest; not \
         counted: import of the list of what is wanted.\nCounted as theirs: reading and writing each file, tags as \
         the program keeps them. Both until everything is on the disk (`sync -f` for theirs), because a player is pulled \
         out then. Memory is that of the largest single process."
    );
    let mut report = Report::default();
    for case in cases {
        let input = input(case.input, request.music.as_deref(), request.minutes)?;
        if !case.loudness && !can_leave_loudness {
            println!("{}: ferrotape has no --loudness here, so it measured loudness all the same", case.name);
        }
        let leave = !case.loudness && can_leave_loudness;
        one_case(request, case, &input, leave, &mut report)?;
    }
    Ok(report)
}

fn one_case(
    request: &Request,
    case: &Case,
    input: &Input,
    leave_loudness: bool,
    report: &mut Report,
) -> Result<()> {
    let mut ours = Vec::new();
    let mut theirs: Vec<(&Peer, Vec<Used>)> = case
        .peers
        .iter()
        .filter(|peer| peers::found(peer, case.name))
        .map(|peer| (peer, Vec::new()))
        .collect();
    for round in 0..request.rounds.max(1) {
        eprintln!("bench: {}, round {} of {}", case.name, round + 1, request.rounds.max(1));
        ours.push(ours::convert(&request.program, input, case.preset, leave_loudness)?);
        theirs.retain_mut(|(peer, runs)| match peers::run(peer, input) {
            Ok(used) => {
                runs.push(used);
                true
            }
            Err(error) => {
                println!("{}: {} is left out: {error:#}", case.name, peer.name);
                false
            }
        });
    }
    let own = middle(&ours);
    for (peer, runs) in &theirs {
        let their = middle(runs);
        let ratio = their.seconds / own.seconds.max(0.001);
        report.rows.push(Row {
            what: format!("{} ({} {} files) against {}", case.what, input.count, input.kind, peer.name),
            ours: own.to_string(),
            theirs: their.to_string(),
            ratio: format!("{ratio:.2} × as fast"),
            goal: case.goal,
        });
        report.ratios.push(format!("ratio {} {} {ratio:.2}", case.name, peer.name));
    }
    Ok(())
}

/// The medians of each figure.
fn middle(runs: &[Used]) -> Used {
    let of = |figure: fn(&Used) -> f64| median(&runs.iter().map(figure).collect::<Vec<_>>());
    Used {
        seconds: of(|run| run.seconds),
        processor_seconds: of(|run| run.processor_seconds),
        peak_megabytes: of(|run| run.peak_megabytes),
    }
}
