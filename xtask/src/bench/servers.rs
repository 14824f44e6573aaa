//! Listing a whole server: everything that a made-up one on this computer has, and whether anything has changed.
//!
//! The server makes each row while it is asked, in this very process, so time and memory are of both sides. What the
//! library does with the pages is not measured here.

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

pub(crate) fn measure(tracks: usize, rounds: usize) -> Result<Vec<Row>> {
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
    Ok(rows)
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
            "≤ 60 s",
        ),
        row(format!("{name}: the same again, nothing new"), format!("{:.3} s", median(&marks_took)), "≤ 5 s"),
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
