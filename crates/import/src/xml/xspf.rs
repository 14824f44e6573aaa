//! XSPF: a `playlist` with a `title` and a `trackList` of `track`s.

use std::io::BufRead;
use std::time::Duration;

use super::pull::{Broken, Pull, Tag};
use super::tell;
use crate::Limits;
use crate::collector::{Collector, Tally};
use crate::playlist_track::PlaylistTrack;
use crate::text::{list_name, shown};

/// Reads the one playlist of the file; answers what ended it early.
pub(super) fn read(
    pull: &mut Pull<impl BufRead>,
    file: &str,
    limits: &Limits,
    tally: &mut Tally,
    collector: &mut Collector,
) -> Option<Broken> {
    let list = collector.playlist(&list_name(file));
    let (mut rows, mut track) = (0, None::<PlaylistTrack>);
    loop {
        match pull.next() {
            Ok(None) => return None,
            Ok(Some(Tag::Open(name))) => {
                if name == "track" && pull.open(1) == "trackList" {
                    track = Some(PlaylistTrack::default());
                }
            }
            Ok(Some(Tag::Close { name, text })) => match (&mut track, name.as_str(), pull.open(0)) {
                (None, "title", "playlist") if !text.is_empty() => collector.rename(list, &shown(&text)),
                (Some(_), "track", "trackList") => {
                    rows += 1;
                    match track.take().unwrap_or_default().wanted() {
                        Ok(wanted) => collector.entry(tally, list, wanted, None),
                        Err(reason) => collector.refuse(tally, rows, reason),
                    }
                    if collector.rows() > limits.rows {
                        return None;
                    }
                }
                (Some(track), field, "track") => set(track, field, text),
                _ => {}
            },
            Err(broken) => {
                tell(&broken, track.map(|_| rows + 1), tally, collector);
                return Some(broken);
            }
        }
    }
}

fn set(track: &mut PlaylistTrack, field: &str, text: String) {
    match field {
        "identifier" => track.addresses.insert(0, text),
        "location" => track.addresses.push(text),
        "title" => track.title = text,
        "creator" => track.creator = text,
        "album" => track.album = text,
        "trackNum" => track.track_number = text.parse().ok().filter(|number| *number > 0),
        "duration" => {
            let time = text.parse().ok().map(Duration::from_millis);
            track.duration = time.filter(|time| !time.is_zero() && time.as_secs() < 7 * 24 * 3600);
        }
        _ => {}
    }
}
