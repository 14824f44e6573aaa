//! Listing a whole server: everything that a made-up one on this computer has, and whether anything has changed.
//!
//! The server makes each row while it is asked, in this very process, so time and memory are of both sides. Last comes what
//! a user sees: the program itself looks for one thing on such a server, keeps the listing in its library, and does so again.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::Arc;

use anyhow::{Context, Result, anyhow, ensure};
use ferrotape_domain::{Asked, Cancel, Catalogue, Fault, ListsAll};
use ferrotape_services::Secret;
use ferrotape_services::jellyfin::{Access, Jellyfin};
use ferrotape_services::net::{Address, Net, Ways};
use ferrotape_services::subsonic::{Credentials, Subsonic};
use ferrotape_testkit::fake_jellyfin::{FakeJellyfin, JELLYFIN_KEY};
use ferrotape_testkit::fake_subsonic::{EmptySearch, FakeSubsonic, PASSWORD, SubsonicKind, USER};
use ferrotape_testkit::{FakeCollection, MemoryOnly};

use super::matching::memory::{Clock, Memory, megabytes};
use super::{Row, median};
use crate::watch::{self, UNLIMITED, Watched};

const FIRST: &str = "≤ 60 s";
const AGAIN: &str = "≤ 5 s";

pub(crate) fn measure(program: &Path, tracks: usize, rounds: usize) -> Result<Vec<Row>> {
    let collection = FakeCollection::of(tracks);
    let net = || Net::new(Arc::new(MemoryOnly::default()), &Ways::default());
    let mut rows = Vec::new();
    let by_albums = SubsonicKind { empty_search: EmptySearch::Nothing, ..SubsonicKind::with_tokens() };
    for (how, kind) in [("", SubsonicKind::with_tokens()), (", album by album", by_albums)] {
        let fake = FakeSubsonic::start(kind, collection)?;
        let credentials = Credentials::password(USER, Secret::new(PASSWORD));
        let subsonic = Subsonic::new("bench", address(&fake.server().address())?, credentials, net()?);
        rows.extend(listed(&format!("Subsonic{how}"), &subsonic, tracks, rounds)?);
    }
    let fake = FakeJellyfin::start(collection)?;
    let access = Access::api_key(Secret::new(JELLYFIN_KEY));
    let jellyfin = Jellyfin::new("bench", address(&fake.server().address())?, access, net()?);
    rows.extend(listed("Jellyfin", &jellyfin, tracks, rounds)?);
    rows.extend(by_the_program(program, collection, tracks, rounds)?);
    Ok(rows)
}

/// One thing that the server does not have is looked for, so that nothing is fetched.
fn by_the_program(
    program: &Path,
    collection: FakeCollection,
    tracks: usize,
    rounds: usize,
) -> Result<Vec<Row>> {
    let fake = FakeSubsonic::start(SubsonicKind::with_tokens(), collection)?;
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for round in 1..=rounds {
        eprintln!("bench: {tracks} tracks by the program, round {round}");
        let home = tempfile::tempdir()?;
        fs::write(home.path().join("password"), PASSWORD)?;
        fs::write(
            home.path().join("wanted.csv"),
            "Track Name,Artist Name(s)\nNobody Has This,Nobody At All\n",
        )?;
        let ferrotape = |words: &str| {
            let mut command = Command::new(program);
            command.env("HOME", home.path()).current_dir(home.path()).args([
                "--library",
                "library",
                "--quiet",
            ]);
            let ran = watch::run(command.args(words.split(' ')), UNLIMITED)?;
            ensure!(
                ran.status.success(),
                "{words}: {:?} – it said: {}",
                ran.status.code(),
                ran.stderr.trim()
            );
            Ok::<Watched, anyhow::Error>(ran)
        };
        let server = fake.server().address();
        ferrotape(&format!(
            "source add subsonic --name bench --address {server} --user {USER} --password-file password"
        ))?;
        first.push(ferrotape("convert wanted.csv --to ./player --yes")?);
        again.push(ferrotape("convert wanted.csv --to ./player --yes")?);
    }
    let row = |what: &str, runs: &[Watched], goal| {
        let seconds: Vec<f64> = runs.iter().map(|run| run.seconds).collect();
        let peak = runs.iter().map(|run| run.peak_bytes).max().unwrap_or_default() / 1_000_000;
        Row {
            what: format!("`ferrotape convert` with {tracks} tracks on a Subsonic server, {what}"),
            ours: format!("{:.1} s, {peak} MB", median(&seconds)),
            theirs: "–".into(),
            ratio: "–".into(),
            goal,
        }
    };
    Ok(vec![row("the first time", &first, FIRST), row("again", &again, AGAIN)])
}

fn address(text: &str) -> Result<Address> {
    Address::parse(text).map_err(|why| anyhow!("{text}: {why}"))
}

fn listed(name: &str, catalogue: &dyn Catalogue, tracks: usize, rounds: usize) -> Result<Vec<Row>> {
    let Asked::Whole(lists) = catalogue.asked() else { return Err(anyhow!("{name} lists nothing")) };
    let (mut lists_took, mut marks_took, mut processors) = (Vec::new(), Vec::new(), Vec::new());
    for round in 1..=rounds {
        eprintln!("bench: {tracks} tracks of {name}, round {round}");
        let clock = Clock::start();
        let before = lists.mark(&Cancel::default())?;
        let found = count(lists)?;
        let took = clock.took();
        ensure!(found == tracks, "{name} listed {found} of {tracks} tracks");
        lists_took.push(took.seconds);
        processors.push(took.processor_seconds);
        let clock = Clock::start();
        let after = lists.mark(&Cancel::default())?;
        marks_took.push(clock.took().seconds);
        ensure!(after.context("it has no mark")? == before.unwrap_or_default(), "{name} changed by itself");
    }
    let row =
        |what: String, ours: String, goal| Row {
            what, ours, theirs: "–".into(), ratio: "–".into(), goal
        };
    let (list, processor) = (median(&lists_took), median(&processors));
    let peak = megabytes(Memory::now().peak);
    Ok(vec![
        row(
            format!("{name}: {tracks} tracks, listed"),
            format!("{list:.1} s, {processor:.1} s of processor, {peak} MB"),
            FIRST,
        ),
        row(format!("{name}: the same again, nothing new"), format!("{:.3} s", median(&marks_took)), AGAIN),
    ])
}

fn count(lists: &dyn ListsAll) -> Result<usize, Fault> {
    let mut found = 0;
    lists.list(&Cancel::default(), &mut |page| {
        found += page.len();
        Ok(())
    })?;
    Ok(found)
}
