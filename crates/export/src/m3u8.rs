//! M3U8: a line for each entry with its link, described by the lines before it.
//!
//! `#EXTINF` alone cannot say where `Artist - Title` is to be split when a name has a dash of its own, so `#EXTART`
//! always tells the artist, even where there is none.

use std::time::Duration;

use ferrotape_domain::Wanted;

use crate::account::{Cost, Teller};
use crate::list::List;
use crate::places::{musicbrainz, uri};

/// Writes one playlist.
pub(crate) fn write(list: &List<'_>, teller: &mut Teller) -> Vec<u8> {
    let mut out = String::from("#EXTM3U\n");
    add(&mut out, "#PLAYLIST:", &one_line(list.name));
    for entry in &list.entries {
        let wanted = entry.wanted;
        let (artist, title) = (wanted.artists.to_string(), wanted.title.as_str());
        let album = wanted.release.as_deref().unwrap_or_default();
        if [artist.as_str(), title, album].iter().any(|text| one_line(text) != *text) {
            teller.entry(list, entry, Cost::Altered, "line breaks in its names became spaces");
        }
        let (artist, title) = (one_line(&artist), one_line(title));
        let named = |title: &str| match (artist.is_empty(), title.is_empty()) {
            (false, false) => format!("{artist} - {title}"),
            _ => title.to_owned(),
        };
        let says = named(&title);
        let about = |out: &mut String, seconds: &str, says: &str, album: &str| {
            add(out, "#EXTINF:", &format!("{seconds},{says}"));
            add(out, "#EXTART:", &artist);
            if !album.is_empty() {
                add(out, "#EXTALB:", &one_line(album));
            }
        };
        if entry.files.is_empty() {
            about(&mut out, &seconds(wanted.duration), &says, album);
            add(&mut out, "", &place(wanted, &says));
        }
        for file in entry.files {
            match &file.part {
                None => about(&mut out, &seconds(wanted.duration), &says, album),
                // What the entry is called is the album that it is of.
                Some((part, length)) => about(&mut out, &seconds(*length), &named(&one_line(part)), &title),
            }
            add(&mut out, "", &file.path);
        }
    }
    out.into_bytes()
}

fn add(out: &mut String, word: &str, text: &str) {
    out.push_str(word);
    out.push_str(text);
    out.push('\n');
}

/// Whole seconds, rounded; -1 where it is not known.
fn seconds(duration: Option<Duration>) -> String {
    let rounded = duration.map(|time| time.as_secs() + u64::from(time.subsec_millis() >= 500));
    rounded.map_or_else(|| "-1".to_owned(), |seconds| seconds.to_string())
}

fn one_line(text: &str) -> String {
    text.replace("\r\n", " ").replace(['\n', '\r'], " ").trim().to_owned()
}

/// The link, or MusicBrainz's page, or a file name that stands for a recording of which only names are known.
fn place(wanted: &Wanted, says: &str) -> String {
    let by_mbid = || wanted.recording_mbid.as_ref().map(musicbrainz);
    let by_name = || format!("./{}", says.replace(['/', '\\'], "-"));
    uri(wanted).or_else(by_mbid).unwrap_or_else(by_name)
}
