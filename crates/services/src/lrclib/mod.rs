//! LRCLIB: lyrics, also with times.
//!
//! It is asked for exactly this track on this album, then without the album, for one that it does not know makes it find
//! nothing; then it is searched. Whatever comes counts only where title, artist and playing time agree, and its album is none
//! of another version.

mod wire;

use std::time::Duration;

use ferrotape_domain::{Cancel, Fault, FoundLyrics, LyricsArchive, SungTrack};

use crate::answers::{Many, SEARCHED, ask, folded, own_address, seconds, without_guests};
use crate::net::{Keep, Line, Net, Request};
use wire::Entry;

/// Its name, and that of its line.
pub const NAME: &str = "lrclib";
/// It states no limit.
const GAP: Duration = Duration::from_millis(300);
/// Answers are much smaller.
const LARGEST: u64 = 4 << 20;
const MOST_HITS: usize = 50;
/// Lengths that differ by less are of one recording, if all else agrees.
const NEAR: Duration = Duration::from_secs(2);
/// The playing times that it knows, in seconds.
const LENGTHS: std::ops::RangeInclusive<u64> = 1..=3600;

/// The archive.
#[derive(Debug, Clone)]
pub struct LrcLib {
    net: Net,
}

/// What is looked for.
#[derive(Clone, Copy)]
struct Sought<'a> {
    track: &'a SungTrack,
    /// Whether tracks of an album of this name may be it.
    may_be_of: &'a dyn Fn(&str) -> bool,
}

impl LrcLib {
    /// Asked through `net`.
    pub fn new(net: Net) -> Self {
        Self { net }
    }

    /// The entry of exactly this track, on this album if one is given.
    fn exactly(
        &self,
        sought: Sought<'_>,
        album: Option<&str>,
        cancel: &Cancel,
    ) -> Result<Option<FoundLyrics>, Fault> {
        let track = sought.track;
        let length = rounded(track.duration).to_string();
        let mut parameters = vec![("duration", length.as_str())];
        parameters.extend(album.map(|album| ("album_name", album)));
        let request = request("get", track, &parameters, Keep::FACTS)?.unless_told(wire::told_by_entry);
        let entry: Option<Entry> = ask(&self.net, &request, wire::says_none, cancel)?;
        Ok(entry.filter(|entry| agrees(entry, sought)).and_then(|entry| entry.lyrics()))
    }

    /// The best of what its search finds: with times, then the nearest in length.
    fn searched(&self, sought: Sought<'_>, cancel: &Cancel) -> Result<Option<FoundLyrics>, Fault> {
        let track = sought.track;
        let request = request("search", track, &[], SEARCHED)?.unless_told(wire::told_by_search);
        let hits: Option<Many<Entry, MOST_HITS>> = ask(&self.net, &request, wire::says_none, cancel)?;
        let hits = hits.unwrap_or_default().0;
        let found =
            hits.iter().filter(|hit| agrees(hit, sought)).filter_map(|hit| Some((hit, hit.lyrics()?)));
        let rank = |(hit, lyrics): &(&Entry, FoundLyrics)| {
            (lyrics.synced.is_none(), lyrics.plain.is_none(), distance(hit, track))
        };
        Ok(found.min_by_key(rank).map(|(_, lyrics)| lyrics))
    }
}

fn request(step: &str, track: &SungTrack, more: &[(&str, &str)], keep: Keep) -> Result<Request, Fault> {
    let mut address = own_address(NAME, "https://lrclib.net/api")?
        .below([step])
        .with("track_name", track.title.trim())
        .with("artist_name", track.artist.trim());
    for (name, value) in more {
        address = address.with(name, value);
    }
    let request = Request::get(&Line::public(NAME, GAP), address).kept(keep);
    Ok(Request { max_bytes: LARGEST, ..request })
}

fn agrees(entry: &Entry, Sought { track, may_be_of }: Sought<'_>) -> bool {
    let title = folded(&without_guests(&track.title));
    let same_title = entry.track_name.first().is_some_and(|own| folded(&without_guests(own)) == title);
    let same_artist = entry.artist_name.first().is_some_and(|own| folded(own) == folded(&track.artist));
    let same_version = entry.album_name.first().is_none_or(may_be_of);
    same_title && same_artist && same_version && distance(entry, track).is_some_and(|far| far <= NEAR)
}

fn distance(entry: &Entry, track: &SungTrack) -> Option<Duration> {
    entry.duration.first().and_then(seconds).map(|length| length.abs_diff(track.duration))
}

fn rounded(length: Duration) -> u64 {
    length.saturating_add(Duration::from_millis(500)).as_secs()
}

impl LyricsArchive for LrcLib {
    fn name(&self) -> &str {
        NAME
    }

    fn lyrics(
        &self,
        track: &SungTrack,
        may_be_of: &dyn Fn(&str) -> bool,
        cancel: &Cancel,
    ) -> Result<Option<FoundLyrics>, Fault> {
        let is_named = !folded(&without_guests(&track.title)).is_empty() && !folded(&track.artist).is_empty();
        if !is_named || !LENGTHS.contains(&rounded(track.duration)) {
            return Ok(None);
        }
        self.net.surely(Option::is_some, |net| Self::new(net).look(Sought { track, may_be_of }, cancel))
    }
}

impl LrcLib {
    fn look(&self, sought: Sought<'_>, cancel: &Cancel) -> Result<Option<FoundLyrics>, Fault> {
        let album = sought.track.album.as_deref().map(str::trim).filter(|album| !album.is_empty());
        if album.is_some()
            && let Some(found) = self.exactly(sought, album, cancel)?
        {
            return Ok(Some(found));
        }
        match self.exactly(sought, None, cancel)? {
            Some(found) => Ok(Some(found)),
            None => self.searched(sought, cancel),
        }
    }
}
