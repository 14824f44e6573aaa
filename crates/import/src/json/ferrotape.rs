//! ferrotape's own export, and the object by which it describes one thing, which JSPF and XSPF carry as an extension.
//!
//! It comes back from anywhere and is taken for as hostile as any other input. A field that cannot be read is told and
//! costs nothing else; a row without kind, or without anything that names it, is set aside.

use ferrotape_domain::{
    ArtistCredit, CreditedArtist, Isrc, Mbid, Noted, PlaySource, PlaylistKind, SpotifyKind, SpotifyUri,
    Wanted, WantedKind,
};
use serde::Deserialize;

use super::cutter::{Piece, cut};
use super::lenient::{self, Maybe, Text};
use super::{ended_early, expect_list};
use crate::Limits;
use crate::collector::{Collector, Played, Tally};
use crate::text::{date, shown};
use crate::wanted::{link_of, says_something};

/// Keys of the outermost object that hold lists.
pub(super) const KEYS: [&str; 3] = ["lists", "noted", "plays"];
/// The newest version of the format that is known here.
const VERSION: u32 = 1;
/// Bytes of one entry; a title and its credits are far below.
const LONGEST_ENTRY: usize = 1 << 20;

/// One thing. Every field may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Entry {
    pub(crate) kind: Text,
    pub(crate) title: Text,
    pub(crate) artists: Maybe<Vec<Credited>>,
    pub(crate) release: Text,
    pub(crate) release_artists: Maybe<Vec<Credited>>,
    pub(crate) track_number: Text,
    pub(crate) disc_number: Text,
    pub(crate) released: Text,
    pub(crate) duration_ms: Text,
    pub(crate) isrc: Text,
    pub(crate) recording_mbid: Text,
    pub(crate) explicit: Maybe<bool>,
    pub(crate) link: Text,
    pub(crate) release_link: Text,
    pub(crate) feed: Text,
    pub(crate) added: Text,
}

/// One name of a credit.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default)]
pub(crate) struct Credited {
    pub(crate) name: Text,
    join: Maybe<String>,
}

impl Credited {
    /// A name that `, ` joins to the next.
    pub(crate) fn named(name: String) -> Self {
        Self { name: Text::of(name), join: Maybe(Some(", ".to_owned())) }
    }
}

impl Entry {
    /// When it was added to its list.
    pub(crate) fn added(&self) -> Option<String> {
        self.added.get().map(str::to_owned)
    }

    /// Adds to a thing what is said here; what is said here goes before what is known. Answers the names of the fields
    /// that cannot be read.
    pub(crate) fn tell(&self, wanted: &mut Wanted) -> Vec<&'static str> {
        let mut odd = Vec::new();
        // `$known` stays as it is where nothing is said, or nothing that can be read.
        macro_rules! take {
            ($name:literal, $text:expr, $known:expr, $read:expr) => {
                if let Some(text) = $text.get() {
                    match $read(text) {
                        Some(value) => $known = value,
                        None => odd.push($name),
                    }
                }
            };
        }
        let number = |text: &str| text.parse::<u32>().ok().filter(|number| *number > 0).map(Some);
        let thing = |text: &str| link_of(Some(text)).filter(|uri| names_a_thing(uri.kind)).map(Some);
        take!("kind", self.kind, wanted.kind, WantedKind::from_word);
        take!("title", self.title, wanted.title, |text: &str| Some(text.to_owned()));
        take!("release", self.release, wanted.release, |text: &str| Some(Some(text.to_owned())));
        take!("track_number", self.track_number, wanted.track_number, number);
        take!("disc_number", self.disc_number, wanted.disc_number, number);
        take!("released", self.released, wanted.released, |text| date(text).map(Some));
        take!("duration_ms", self.duration_ms, wanted.duration, |_| self
            .duration_ms
            .playing_time()
            .map(Some));
        take!("isrc", self.isrc, wanted.isrc, |text| Isrc::parse(text).ok().map(Some));
        take!("recording_mbid", self.recording_mbid, wanted.recording_mbid, |text| Mbid::parse(text)
            .ok()
            .map(Some));
        take!("link", self.link, wanted.spotify, thing);
        take!("release_link", self.release_link, wanted.spotify_release, |text| link_of(Some(text))
            .map(Some));
        take!("feed", self.feed, wanted.feed, feed);
        wanted.explicit = self.explicit.0.or(wanted.explicit);
        if let Some(credit) = credit(&self.artists) {
            wanted.artists = credit;
        }
        if let Some(credit) = credit(&self.release_artists) {
            wanted.release_artists = credit;
        }
        odd
    }

    /// As a thing of its own, with what is odd about it.
    fn wanted(&self) -> Result<(Wanted, Option<String>), String> {
        if self.kind.get().and_then(WantedKind::from_word).is_none() {
            return Err("its kind is missing, or none that ferrotape knows".into());
        }
        let mut wanted = Wanted::of_kind(WantedKind::Recording);
        let odd = self.tell(&mut wanted);
        if !says_something(&wanted) && wanted.kind != WantedKind::Unavailable {
            return Err("it has neither a title nor a link".into());
        }
        Ok((wanted, unreadable(&odd)))
    }
}

/// Says which fields of a row are left out.
pub(crate) fn unreadable(odd: &[&str]) -> Option<String> {
    let named: Vec<String> = odd.iter().map(|name| format!("“{name}”")).collect();
    (!odd.is_empty()).then(|| format!("its {} cannot be read and is left out", named.join(", ")))
}

fn names_a_thing(kind: SpotifyKind) -> bool {
    crate::links::wanted_kind(kind).is_some()
}

fn feed(text: &str) -> Option<Option<String>> {
    let is_web = text.starts_with("https://") || text.starts_with("http://");
    (is_web && !text.contains(char::is_control)).then(|| Some(text.to_owned()))
}

fn credit(given: &Maybe<Vec<Credited>>) -> Option<ArtistCredit> {
    let credited = given.0.iter().flatten().filter_map(|one| {
        let name = one.name.get()?.to_owned();
        Some(CreditedArtist { name, join_phrase: one.join.0.clone().unwrap_or_default() })
    });
    let mut credited: Vec<CreditedArtist> = credited.collect();
    if let Some(last) = credited.last_mut() {
        last.join_phrase.clear();
    }
    (!credited.is_empty()).then(|| ArtistCredit::of_credited(credited))
}

/// A row kept on record.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct NotedRow {
    kind: Text,
    name: Text,
    link: Text,
}

/// A play of the thing it stands with.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct PlayRow {
    ended_at: Text,
    played_ms: Text,
    source: Text,
}

/// Takes one list, one noted row, or the plays of one thing.
pub(super) fn piece(piece: &Piece<'_>, limits: &Limits, tally: &mut Tally, collector: &mut Collector) {
    if !piece.in_list {
        head(piece, tally, collector);
        return;
    }
    let number = tally.next_of(piece.key);
    match piece.key {
        "lists" => list(number, piece, limits, tally, collector),
        "noted" => {
            if let Err(reason) = noted(piece, tally, collector) {
                collector.refuse(tally, number, format!("in “noted”: {reason}"));
            }
        }
        "plays" => plays(number, piece, limits, tally, collector),
        _ => {} // The list is named once, at the end.
    }
}

/// What stands before the lists.
fn head(piece: &Piece<'_>, tally: &mut Tally, collector: &mut Collector) {
    if KEYS.contains(&piece.key) {
        expect_list(piece, tally, collector);
        return;
    }
    let text: Text = serde_json::from_slice(piece.text).unwrap_or_default();
    match piece.key {
        "format" if text.get() != Some("ferrotape-library") => {
            collector.remark(
                tally,
                None,
                "its “format” is not “ferrotape-library”; it is read as if it were",
            );
        }
        "version" if text.number().is_some_and(|version| version > VERSION) => {
            let reason = "a newer ferrotape wrote it; what this one does not know of is left out";
            collector.remark(tally, None, reason);
        }
        _ => {}
    }
}

fn list(number: u64, piece: &Piece<'_>, limits: &Limits, tally: &mut Tally, collector: &mut Collector) {
    if piece.text.first() != Some(&b'{') {
        collector.refuse(tally, number, "this list is not an object");
        return;
    }
    // What the list is may stand behind its entries, so it is looked for first.
    let (mut kind, mut name, mut link, mut is_list) =
        (Text::default(), Text::default(), Text::default(), false);
    let _ = cut(piece.text, limits, |part| {
        let text = || serde_json::from_slice::<Text>(part.text).unwrap_or_default();
        match (part.key, part.in_list) {
            ("kind", false) => kind = text(),
            ("name", false) => name = text(),
            ("link", false) => link = text(),
            ("entries", false) => is_list |= part.begins_list(),
            _ => {}
        }
        !part.is_broken
    });
    let name = name.get().map_or_else(|| format!("Playlist {number}"), shown);
    let known = kind.get().and_then(PlaylistKind::from_word);
    let place = collector.list(known.unwrap_or(PlaylistKind::Playlist), &name);
    collector.rename(place, &name);
    let within = format!("in list “{name}”: ");
    if known.is_none() {
        let reason =
            format!("{within}its kind is missing, or none that ferrotape knows; it is read as a playlist");
        collector.remark(tally, None, reason);
    }
    match link_of(link.get()) {
        Some(link) => collector.link(place, link),
        None if link.get().is_some() => {
            collector.remark(tally, None, format!("{within}its link cannot be read"));
        }
        None => {}
    }
    if !is_list && !piece.is_broken {
        collector.remark(
            tally,
            None,
            format!("{within}it has no list of “entries”, though one was expected there"),
        );
    }
    entries(piece, place, &within, limits, tally, collector);
}

fn entries(
    piece: &Piece<'_>,
    list: usize,
    within: &str,
    limits: &Limits,
    tally: &mut Tally,
    collector: &mut Collector,
) {
    let mut row = 0;
    let done = cut(piece.text, limits, |part| {
        if part.is_broken {
            return false; // Its row is counted below.
        }
        if part.key == "entries" && part.in_list {
            row += 1;
            match entry(part.text) {
                Ok((wanted, odd, added)) => {
                    if let Some(odd) = odd {
                        collector.remark(tally, Some(row), format!("{within}{odd}"));
                    }
                    collector.entry(tally, list, wanted, added);
                }
                Err(reason) => collector.refuse(tally, row, format!("{within}{reason}")),
            }
        }
        collector.rows() <= limits.rows
    });
    if let Err(trouble) = done {
        ended_early(&trouble, row, within, tally, collector);
    }
}

type Row = (Wanted, Option<String>, Option<String>);

fn entry(text: &[u8]) -> Result<Row, String> {
    if text.len() > LONGEST_ENTRY {
        return Err(format!("it is longer than {LONGEST_ENTRY} bytes"));
    }
    let entry: Entry = lenient::object(text)?;
    let (wanted, odd) = entry.wanted()?;
    Ok((wanted, odd, entry.added()))
}

fn noted(piece: &Piece<'_>, tally: &mut Tally, collector: &mut Collector) -> Result<(), String> {
    if piece.is_broken {
        return Err("it is cut off".into());
    }
    let row: NotedRow = lenient::object(piece.text)?;
    let kind = row.kind.get().and_then(Noted::kind_from_word);
    let kind = kind.ok_or("its kind is missing, or none that ferrotape knows")?;
    let spotify: Option<SpotifyUri> = link_of(row.link.get());
    let name = row.name.or_empty().to_owned();
    if name.is_empty() && spotify.is_none() {
        return Err("it has neither a name nor a link".into());
    }
    collector.note(tally, Noted { kind, name, spotify });
    Ok(())
}

/// Every play is a row; the thing is described once for all of them.
fn plays(number: u64, piece: &Piece<'_>, limits: &Limits, tally: &mut Tally, collector: &mut Collector) {
    if piece.text.first() != Some(&b'{') {
        collector.refuse(tally, number, "in “plays”: this thing is not an object");
        return;
    }
    let thing = if piece.is_broken { Err("it is cut off".to_owned()) } else { played_thing(piece.text) };
    let label =
        thing.as_ref().map_or_else(|_| format!("thing {number}"), |(wanted, _)| shown(&wanted.label()));
    let within = format!("in “plays”, {label}: ");
    if let Ok((_, Some(odd))) = &thing {
        collector.remark(tally, None, format!("{within}{odd}"));
    }
    let mut row = 0;
    let done = cut(piece.text, limits, |part| {
        if part.is_broken {
            return false; // Its row is counted below.
        }
        if part.key == "played" && part.in_list {
            row += 1;
            let found = thing.as_ref().map_err(Clone::clone);
            match found.and_then(|(wanted, _)| Ok((wanted, play(part.text)?))) {
                Ok((wanted, play)) => collector.play(tally, wanted.clone(), play),
                Err(reason) => collector.refuse(tally, row, format!("{within}{reason}")),
            }
        }
        collector.rows() <= limits.rows
    });
    if let Err(trouble) = done {
        ended_early(&trouble, row, &within, tally, collector);
    } else if row == 0 {
        collector.remark(tally, None, format!("{within}it holds no plays"));
    }
}

fn played_thing(text: &[u8]) -> Result<(Wanted, Option<String>), String> {
    lenient::object::<Entry>(text)?.wanted()
}

fn play(text: &[u8]) -> Result<Played, String> {
    let row: PlayRow = lenient::object(text)?;
    let ended_at =
        row.ended_at.get().and_then(|text| text.parse().ok()).ok_or("it does not say when it was")?;
    let source = row.source.get().and_then(PlaySource::from_word);
    let source = source.ok_or("its source is missing, or none that ferrotape knows")?;
    Ok(Played { ended_at, played_ms: row.played_ms.milliseconds().unwrap_or_default(), source })
}
