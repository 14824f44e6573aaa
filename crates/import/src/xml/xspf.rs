//! XSPF: a `playlist` with a `title` and a `trackList` of `track`s.

use std::io::BufRead;
use std::time::Duration;

use ferrotape_domain::{PlaylistKind, SpotifyUri};

use super::pull::{Broken, Pull, Tag};
use super::tell;
use crate::Limits;
use crate::collector::{Collector, Tally};
use crate::json::{Credited, Entry, Maybe, Text};
use crate::playlist_track::PlaylistTrack;
use crate::text::{list_name, shown};
use crate::wanted::link_of;

/// Reads the one playlist of the file; answers what ended it early.
pub(super) fn read(
    pull: &mut Pull<impl BufRead>,
    file: &str,
    limits: &Limits,
    tally: &mut Tally,
    collector: &mut Collector,
) -> Option<Broken> {
    let mut list = List { name: list_name(file), kind: PlaylistKind::Playlist, link: None, place: None };
    let (mut rows, mut track) = (0, None::<PlaylistTrack>);
    loop {
        match pull.next() {
            Ok(None) => {
                list.place(collector);
                return None;
            }
            Ok(Some(Tag::Open(name))) => {
                if name == "track" && pull.open(1) == "trackList" {
                    track = Some(PlaylistTrack::default());
                }
            }
            Ok(Some(Tag::Close { name, text })) => match (&mut track, name.as_str(), pull.open(0)) {
                (None, field, parent @ ("playlist" | "list")) => list.hear(field, parent, &text, collector),
                (Some(_), "track", "trackList") => {
                    rows += 1;
                    match track.take().unwrap_or_default().wanted() {
                        Ok((wanted, odd, added)) => {
                            if let Some(odd) = odd {
                                collector.remark(tally, Some(rows), odd);
                            }
                            let list = list.place(collector);
                            collector.entry(tally, list, wanted, added);
                        }
                        Err(reason) => collector.refuse(tally, rows, reason),
                    }
                    if collector.rows() > limits.rows {
                        return None;
                    }
                }
                (Some(track), field, "track") => set(track, field, text),
                (Some(track), field, "entry") => set_more(track.more.get_or_insert_default(), field, text),
                _ => {}
            },
            Err(broken) => {
                list.place(collector);
                tell(&broken, track.map(|_| rows + 1), tally, collector);
                return Some(broken);
            }
        }
    }
}

/// The list that the file is. Where its tracks come first, it is a playlist.
struct List {
    name: String,
    kind: PlaylistKind,
    link: Option<SpotifyUri>,
    place: Option<usize>,
}

impl List {
    fn hear(&mut self, field: &str, parent: &str, text: &str, collector: &mut Collector) {
        match (parent, field) {
            ("playlist", "title") if !text.is_empty() => self.name = shown(text),
            ("playlist", "location" | "identifier") => {
                self.link = self.link.take().or_else(|| link_of(Some(text)));
            }
            ("list", "kind") => self.kind = PlaylistKind::from_word(text).unwrap_or(self.kind),
            _ => return,
        }
        if let Some(place) = self.place {
            self.tell(place, collector);
        }
    }

    fn place(&mut self, collector: &mut Collector) -> usize {
        if let Some(place) = self.place {
            return place;
        }
        let place = collector.list(self.kind, &self.name);
        self.place = Some(place);
        self.tell(place, collector);
        place
    }

    fn tell(&self, place: usize, collector: &mut Collector) {
        collector.rename(place, &self.name);
        if let Some(link) = &self.link {
            collector.link(place, link.clone());
        }
    }
}

/// A field of ferrotape's extension. A wrong one is told with the row.
fn set_more(more: &mut Entry, field: &str, text: String) {
    let field = match field {
        "kind" => &mut more.kind,
        "isrc" => &mut more.isrc,
        "disc_number" => &mut more.disc_number,
        "released" => &mut more.released,
        "release_link" => &mut more.release_link,
        "feed" => &mut more.feed,
        "added" => &mut more.added,
        "explicit" => {
            more.explicit = Maybe(text.parse().ok());
            return;
        }
        "artist" | "release_artist" => {
            let credit = if field == "artist" { &mut more.artists } else { &mut more.release_artists };
            credit.0.get_or_insert_default().push(Credited::named(text));
            return;
        }
        _ => return,
    };
    *field = Text::of(text);
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
