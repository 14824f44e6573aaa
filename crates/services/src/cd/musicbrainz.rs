//! MusicBrainz by a disc's identity: what its tracks are called.

use std::collections::BTreeMap;

use ferrotape_domain::{DiscToc, Mbid, TagSet};
use serde::Deserialize;

use crate::answers::folded;

pub(super) const LARGEST: u64 = 4 << 20;

pub(super) fn address(disc_id: &str) -> String {
    format!("https://musicbrainz.org/ws/2/discid/{disc_id}?fmt=json&inc=artist-credits+recordings")
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    releases: Vec<Release>,
}

#[derive(Deserialize)]
struct Release {
    id: String,
    title: String,
    #[serde(default)]
    date: String,
    #[serde(default, rename = "artist-credit")]
    artists: Vec<Credit>,
    #[serde(default)]
    media: Vec<Medium>,
}

#[derive(Deserialize)]
struct Credit {
    name: String,
    #[serde(default)]
    joinphrase: String,
}

#[derive(Deserialize)]
struct Medium {
    #[serde(default)]
    position: u32,
    #[serde(default)]
    discs: Vec<Disc>,
    #[serde(default)]
    tracks: Vec<Track>,
}

#[derive(Deserialize)]
struct Disc {
    id: String,
}

#[derive(Deserialize)]
struct Track {
    position: u32,
    title: String,
    #[serde(default, rename = "artist-credit")]
    artists: Vec<Credit>,
    recording: Option<Recording>,
}

#[derive(Deserialize)]
struct Recording {
    id: String,
}

fn joined(credits: &[Credit]) -> Vec<String> {
    let name: String = credits.iter().flat_map(|one| [one.name.as_str(), one.joinphrase.as_str()]).collect();
    if name.trim().is_empty() { Vec::new() } else { vec![name.trim().to_owned()] }
}

/// The tracks of the disc; of several releases with the same disc the oldest, whose id is given only when it is alone: a
/// disc is called as it was first printed, and a translation has no day of its own or a later one. Of one day, or none,
/// the first by id. An error where the disc does not tell which of several albums it is, or where the answer cannot be read.
pub(super) fn read(
    body: &[u8],
    disc_id: &str,
    disc: &DiscToc,
) -> Result<Option<BTreeMap<u32, TagSet>>, String> {
    let answer: Answer = serde_json::from_slice(body)
        .map_err(|error| format!("MusicBrainz' answer about this disc cannot be read ({error})"))?;
    let is_this = |medium: &Medium| {
        medium.discs.iter().any(|disc| disc.id == disc_id) && medium.tracks.len() >= disc.tracks.len()
    };
    let with_disc = |release: &'_ Release| release.media.iter().position(is_this);
    let mut found: Vec<(&Release, &Medium)> = answer
        .releases
        .iter()
        .filter_map(|release| Some((release, release.media.get(with_disc(release)?)?)))
        .collect();
    found.sort_by_key(|(release, _)| (release.date.is_empty(), release.date.clone(), release.id.clone()));
    let Some((release, medium)) = found.first().copied() else { return Ok(None) };
    if let Some((other, _)) = found.iter().find(|one| is_another((release, medium), **one)) {
        return Err(format!(
            "MusicBrainz knows this disc as “{}” and as “{}”, so none of their names was taken",
            release.title, other.title
        ));
    }
    let agreed = |track: &Track| {
        let agrees = |other: &Release, one: &Track| {
            let is_one = || name(other, one) == name(release, track);
            one.position == track.position && is_one_recording(one, track).unwrap_or_else(is_one)
        };
        found.iter().all(|(other, its)| its.tracks.iter().any(|one| agrees(other, one)))
    };
    let is_alone = found.len() == 1;
    let of_track = |track: &Track| {
        let mut tags = tags(release, medium, track, is_alone);
        tags.recording_mbid = tags.recording_mbid.filter(|_| agreed(track));
        (track.position, tags)
    };
    Ok(Some(medium.tracks.iter().map(of_track).collect()))
}

/// Whether these are two albums. Editions of one spell some of its titles in their own way.
fn is_another((release, medium): (&Release, &Medium), (other, its): (&Release, &Medium)) -> bool {
    let has = |track: &&Track| its.tracks.iter().any(|one| is_same((release, *track), (other, one)));
    let (same, all) = (medium.tracks.iter().filter(has).count(), medium.tracks.len());
    same * 2 < all || (same < all && folded(&other.title) != folded(&release.title))
}

/// Whether these are one track, for discs of the same lengths may be other albums: of one recording, in whatever letters its
/// name is, or of one name, for two editions may each have a recording of their own.
fn is_same((release, track): (&Release, &Track), (other, one): (&Release, &Track)) -> bool {
    track.position == one.position
        && (is_one_recording(track, one) == Some(true) || name(release, track) == name(other, one))
}

/// `None` where one of them does not say which it is.
fn is_one_recording(one: &Track, other: &Track) -> Option<bool> {
    Some(one.recording.as_ref()?.id == other.recording.as_ref()?.id)
}

/// What a track is called and who plays it.
fn name(release: &Release, track: &Track) -> (String, String) {
    let artist = track.artists.first().or(release.artists.first()).map(|one| folded(&one.name));
    (folded(&track.title), artist.unwrap_or_default())
}

fn tags(release: &Release, medium: &Medium, track: &Track, is_alone: bool) -> TagSet {
    let discs = u32::try_from(release.media.len()).ok();
    TagSet {
        title: Some(track.title.clone()),
        artists: Some(joined(&track.artists))
            .filter(|artists| !artists.is_empty())
            .unwrap_or_else(|| joined(&release.artists)),
        album: Some(release.title.clone()),
        album_artists: joined(&release.artists),
        date: Some(release.date.clone()).filter(|date| !date.is_empty()),
        disc_number: Some(medium.position).filter(|_| discs.is_some_and(|discs| discs > 1)),
        disc_total: discs.filter(|discs| *discs > 1),
        recording_mbid: track.recording.as_ref().and_then(|recording| Mbid::parse(&recording.id).ok()),
        release_mbid: Mbid::parse(&release.id).ok().filter(|_| is_alone),
        ..TagSet::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ferrotape_domain::DiscTrack;

    #[test]
    fn the_medium_with_the_disc_is_read() {
        let track = |at: u32, title: &str| {
            format!(
                r#"{{"position":{at},"title":"{title}","recording":{{"id":"0f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b"}}}}"#
            )
        };
        let body = format!(
            r#"{{"id":"x","releases":[{{"id":"1a2b3c4d-5e6f-4a0b-8c1d-2e3f4a5b6c7d","title":"Two Harbours","date":"2003-05",
            "artist-credit":[{{"name":"Nia Orrin","joinphrase":" & "}},{{"name":"Tin Parade"}}],
            "media":[{{"position":1,"tracks":[{}],"discs":[{{"id":"other"}}]}},
            {{"position":2,"tracks":[{},{}],"discs":[{{"id":"this-"}}]}}]}}]}}"#,
            track(1, "No"),
            track(1, "Moor"),
            track(2, "Ferry"),
        );
        let one = DiscTrack { number: 1, start: 0, sectors: 400 };
        let disc = DiscToc {
            tracks: vec![one, DiscTrack { number: 2, start: 400, ..one }],
            data_start: None,
            leadout: 800,
        };
        let texts = read(body.as_bytes(), "this-", &disc).unwrap().unwrap();
        let second = &texts[&2];
        assert_eq!((second.title.as_deref(), second.album.as_deref()), (Some("Ferry"), Some("Two Harbours")));
        assert_eq!(
            (&second.artists[..], second.disc_number),
            (&["Nia Orrin & Tin Parade".to_owned()][..], Some(2))
        );
        assert!(second.recording_mbid.is_some() && second.release_mbid.is_some());
        assert!(read(body.as_bytes(), "unknown", &disc).unwrap().is_none());
        assert!(read(b"<html>", "this-", &disc).unwrap_err().contains("cannot be read"));
    }

    #[test]
    fn a_disc_that_may_be_either_of_two_albums_gets_the_names_of_none() {
        let release = |id: char, title: &str, track: &str| {
            format!(
                r#"{{"id":"{id}a2b3c4d-5e6f-4a0b-8c1d-2e3f4a5b6c7d","title":"{title}","date":"199{id}",
                "artist-credit":[{{"name":"Nia Orrin"}}],
                "media":[{{"position":1,"tracks":[{{"position":1,"title":"{track}"}}],"discs":[{{"id":"this-"}}]}}]}}"#
            )
        };
        let disc = DiscToc {
            tracks: vec![DiscTrack { number: 1, start: 0, sectors: 400 }],
            data_start: None,
            leadout: 400,
        };
        let of = |one: &str, other: &str| {
            let body = format!(
                r#"{{"releases":[{},{}]}}"#,
                release('2', "Later", one),
                release('1', "First", other)
            );
            read(body.as_bytes(), "this-", &disc)
        };
        let why = of("Moor", "Ferry").unwrap_err();
        assert!(why.contains("“First” and as “Later”"), "{why}");
        let same = of("Moor", "MOOR!").unwrap().unwrap();
        assert_eq!(same[&1].album.as_deref(), Some("First"));
        assert!(same[&1].release_mbid.is_none(), "either of two editions");
        let editions = |id: char, title: &str, second: &str| {
            release(id, title, "Moor").replace(
                r#""title":"Moor"}"#,
                &format!(
                    r#""title":"Moor","recording":{{"id":"0f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b"}}}},
                    {{"position":2,"title":"{second}","recording":{{"id":"1f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b"}}}}"#
                ),
            )
        };
        let body = format!(
            r#"{{"releases":[{},{}]}}"#,
            editions('1', "First", "Ferry, Pt. 2"),
            editions('2', "First", "Ferry, Part 2")
        );
        let spelt = read(body.as_bytes(), "this-", &disc).unwrap().unwrap();
        assert!(spelt[&1].recording_mbid.is_some() && spelt[&2].recording_mbid.is_some(), "{spelt:?}");
        let body = body.replacen("1f3b8a2c", "2f3b8a2c", 1);
        let unsure = read(body.as_bytes(), "this-", &disc).unwrap().unwrap();
        assert!(unsure[&1].recording_mbid.is_some() && unsure[&2].recording_mbid.is_none(), "either of two");
    }

    #[test]
    fn a_disc_with_a_translated_edition_is_called_as_it_was_first_printed() {
        let edition = |id: char, date: &str, title: &str, tracks: [(&str, &str); 2]| {
            let track = |at: usize| {
                let (title, recording) = tracks[at];
                let position = at + 1;
                format!(
                    r#"{{"position":{position},"title":"{title}","recording":{{"id":"{recording}f3b8a2c-4d5e-4f60-8a7b-1c2d3e4f5a6b"}}}}"#
                )
            };
            format!(
                r#"{{"id":"{id}a2b3c4d-5e6f-4a0b-8c1d-2e3f4a5b6c7d","title":"{title}","date":"{date}",
                "artist-credit":[{{"name":"Nia Orrin"}}],
                "media":[{{"position":1,"tracks":[{},{}],"discs":[{{"id":"this-"}}]}}]}}"#,
                track(0),
                track(1)
            )
        };
        let one = DiscTrack { number: 1, start: 0, sectors: 400 };
        let tracks = vec![one, DiscTrack { number: 2, start: 400, ..one }];
        let disc = DiscToc { tracks, data_start: None, leadout: 800 };
        let of = |first: &str, second: &str| {
            let body = format!(r#"{{"releases":[{first},{second}]}}"#);
            read(body.as_bytes(), "this-", &disc)
        };
        let printed = edition('9', "1999-03-10", "ファースト", [("港", "0"), ("渡し船", "1")]);
        let translated = [("Harbour", "0"), ("Ferry", "1")];
        for date in ["", "1999-03-11"] {
            let translated = edition('1', date, "First", translated);
            for (one, other) in [(&printed, &translated), (&translated, &printed)] {
                let texts = of(one, other).unwrap().unwrap();
                let second = &texts[&2];
                assert_eq!(
                    (second.title.as_deref(), second.album.as_deref()),
                    (Some("渡し船"), Some("ファースト")),
                    "{date}"
                );
                assert!(second.recording_mbid.is_some() && second.release_mbid.is_none(), "{date}");
            }
        }
        // Other recordings under other names are another album, and the same place on it is not the same track.
        for tracks in [[("Harbour", "2"), ("Ferry", "3")], [("Harbour", "1"), ("Ferry", "0")]] {
            let why = of(&printed, &edition('1', "2004", "First", tracks)).unwrap_err();
            assert!(why.contains("“ファースト” and as “First”"), "{why}");
        }
    }
}
