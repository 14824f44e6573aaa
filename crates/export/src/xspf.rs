//! XSPF: each recording's MusicBrainz address as `identifier`, its Spotify address as `location`.
//!
//! What XSPF has no element for stands in an `extension` of ours, one element of plain text for each.

use std::io;

use ferrotape_domain::{Wanted, WantedKind};

use crate::account::{Cost, Teller};
use crate::entry::milliseconds;
use crate::field::is_plainly_joined;
use crate::list::{Entry, List};
use crate::places::{address, musicbrainz};
use crate::xml::{NOT_XML, Xml, fits};

/// The names of our elements.
const OURS: (&str, &str) = ("xmlns:ferrotape", "urn:ferrotape");

/// Writes one playlist.
pub(crate) fn write(list: &List<'_>, teller: &mut Teller) -> io::Result<Vec<u8>> {
    let mut xml = Xml::new()?;
    xml.open("playlist", &[("version", "1"), ("xmlns", "http://xspf.org/ns/0/"), OURS])?;
    xml.text("title", list.name)?;
    if let Some(link) = list.link {
        xml.text("location", &link.web_address())?;
    }
    xml.open("extension", &[("application", "urn:ferrotape:list:1")])?;
    xml.open("ferrotape:list", &[])?;
    xml.text("ferrotape:kind", list.kind.as_str())?;
    xml.close("ferrotape:list")?;
    xml.close("extension")?;
    xml.open("trackList", &[])?;
    for entry in &list.entries {
        if !all_fits(entry.wanted) {
            teller.entry(list, entry, Cost::Altered, NOT_XML);
        }
        track(entry, &mut xml)?;
    }
    xml.close("trackList")?;
    xml.close("playlist")?;
    Ok(xml.finish())
}

fn all_fits(wanted: &Wanted) -> bool {
    let credits = [&wanted.artists, &wanted.release_artists];
    fits(&wanted.title)
        && wanted.release.as_deref().is_none_or(fits)
        && credits.iter().all(|credit| fits(&credit.to_string()))
}

fn track(entry: &Entry<'_>, xml: &mut Xml) -> io::Result<()> {
    let wanted = entry.wanted;
    let number = |number: Option<u32>| number.map(|number| number.to_string()).unwrap_or_default();
    xml.open("track", &[])?;
    xml.text("location", &address(wanted).unwrap_or_default())?;
    xml.text("identifier", &wanted.recording_mbid.as_ref().map(musicbrainz).unwrap_or_default())?;
    xml.text("title", &wanted.title)?;
    xml.text("creator", &wanted.artists.to_string())?;
    xml.text("album", wanted.release.as_deref().unwrap_or_default())?;
    xml.text("trackNum", &number(wanted.track_number))?;
    xml.text("duration", &milliseconds(wanted).map(|ms| ms.to_string()).unwrap_or_default())?;
    beyond(entry, &ours(entry), xml)?;
    xml.close("track")
}

fn beyond(entry: &Entry<'_>, fields: &[(&str, String)], xml: &mut Xml) -> io::Result<()> {
    let wanted = entry.wanted;
    let several = wanted.artists.credited().len() > 1 && is_plainly_joined(&wanted.artists);
    let artists = wanted.artists.names().filter(|_| several);
    let release_artists: Vec<String> = if is_plainly_joined(&wanted.release_artists) {
        wanted.release_artists.names().map(str::to_owned).collect()
    } else {
        vec![wanted.release_artists.to_string()]
    };
    if fields.iter().all(|(_, text)| text.is_empty()) && !several && wanted.release_artists.is_empty() {
        return Ok(());
    }
    xml.open("extension", &[("application", "urn:ferrotape:entry:1")])?;
    xml.open("ferrotape:entry", &[])?;
    for (name, text) in fields {
        xml.text(name, text)?;
    }
    for name in artists {
        xml.text("ferrotape:artist", name)?;
    }
    for name in &release_artists {
        xml.text("ferrotape:release_artist", name)?;
    }
    xml.close("ferrotape:entry")?;
    xml.close("extension")
}

fn ours(entry: &Entry<'_>) -> [(&'static str, String); 8] {
    let wanted = entry.wanted;
    let kind = if wanted.kind == WantedKind::Recording { "" } else { wanted.kind.as_str() };
    let of = |text: Option<&str>| text.unwrap_or_default().to_owned();
    [
        ("ferrotape:kind", kind.to_owned()),
        ("ferrotape:isrc", of(wanted.isrc.as_ref().map(|isrc| isrc.as_str()))),
        ("ferrotape:disc_number", wanted.disc_number.map(|number| number.to_string()).unwrap_or_default()),
        ("ferrotape:released", of(wanted.released.as_deref())),
        ("ferrotape:explicit", wanted.explicit.map(|explicit| explicit.to_string()).unwrap_or_default()),
        (
            "ferrotape:release_link",
            wanted.spotify_release.as_ref().map(ToString::to_string).unwrap_or_default(),
        ),
        ("ferrotape:feed", of(wanted.feed.as_deref())),
        ("ferrotape:added", of(entry.added)),
    ]
}
