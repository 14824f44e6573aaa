//! The one table that says which field is which tag, for reading (lofty's keys, which know every format's own
//! names) and for writing (ID3v2.3 frames).
//!
//! | field | frame | remark |
//! |---|---|---|
//! | title, album | TIT2, TALB | |
//! | artists, album artists, composers | TPE1, TPE2, TCOM | ID3v2.3 has one value: joined by `", "` |
//! | track, disc | TRCK, TPOS | plain numbers |
//! | totals | none | read only: `3/12` is the one form players know, and it confuses others |
//! | date | TYER, TDAT | a month without a day has no frame and is left out |
//! | genres | TCON | joined by `"; "` |
//! | publisher, copyright, BPM, ISRC | TPUB, TCOP, TBPM, TSRC | |
//! | compilation | TCMP | iTunes' frame, `1` |
//! | sort names | TSOT, TSOP, TSOA, TSO2 | |
//! | comment, lyrics | COMM, USLT | empty description, language `und` |
//! | recording MBID | UFID `http://musicbrainz.org` | as Picard does |
//! | other MBIDs | TXXX with Picard's names | several joined by `/`, Picard's default for ID3v2.3 |
//! | Spotify link | WXXX `Spotify` | neither WOAF nor WOAS: the sound is not from there |
//! | ReplayGain | TXXX REPLAYGAIN_… | `-7.03 dB`, true peak with six digits; or R128_…, see `tags::gain` |
//! | cover | APIC | type 3, `image/jpeg`, Latin-1, no description: car units insist |

use ferrotape_domain::{Isrc, Mbid, ReplayGain, TagSet};
use lofty::tag::ItemKey;

/// The ID3v2.3 frame a field is written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Frame {
    /// A text frame of that name.
    Text(&'static str),
    /// TXXX with that description.
    Extended(&'static str),
    /// WXXX with that description.
    Link(&'static str),
    /// UFID of that owner.
    Ufid(&'static str),
    /// COMM without description.
    Comment,
    /// USLT without description.
    Lyrics,
    /// Read, never written.
    Unwritten,
}

/// One line of the table.
pub(crate) struct Row {
    pub(crate) frame: Frame,
    /// Keys to read, best first.
    pub(crate) read: &'static [ItemKey],
    /// The text to write.
    pub(crate) get: fn(&TagSet) -> Option<String>,
    /// Takes the values found under one key.
    pub(crate) set: fn(&mut TagSet, Vec<String>),
}

macro_rules! row {
    ($frame:expr, [$($key:ident),*], $get:expr, $set:expr) => {
        Row { frame: $frame, read: &[$(ItemKey::$key),*], get: $get, set: $set }
    };
}

use Frame::{Comment, Extended, Link, Lyrics, Text, Ufid, Unwritten};

/// Every field.
pub(crate) const TABLE: &[Row] = &[
    row!(Text("TIT2"), [TrackTitle], |t| t.title.clone(), |t, v| t.title = every(v)),
    row!(Text("TPE1"), [TrackArtist], |t| joined(&t.artists, ", "), |t, v| t.artists = v),
    row!(Text("TALB"), [AlbumTitle], |t| t.album.clone(), |t, v| t.album = one(v)),
    row!(Text("TPE2"), [AlbumArtist, AlbumArtists], |t| joined(&t.album_artists, ", "), |t, v| t
        .album_artists =
        v),
    row!(Text("TRCK"), [TrackNumber], |t| number(t.track_number), |t, v| {
        counted(&v, &mut t.track_number, &mut t.track_total);
    }),
    row!(Unwritten, [TrackTotal], |_| None, |t, v| t.track_total = whole(&v)),
    row!(Text("TPOS"), [DiscNumber], |t| number(t.disc_number), |t, v| {
        counted(&v, &mut t.disc_number, &mut t.disc_total);
    }),
    row!(Unwritten, [DiscTotal], |_| None, |t, v| t.disc_total = whole(&v)),
    row!(Text("TYER"), [RecordingDate, Year, ReleaseDate], year, |t, v| t.date =
        one(v).and_then(|text| date(&text))),
    row!(Text("TDAT"), [], day_and_month, |_, _| {}),
    row!(Text("TCON"), [Genre], |t| joined(&t.genres, "; "), |t, v| t.genres = v),
    row!(Text("TCOM"), [Composer], |t| joined(&t.composers, ", "), |t, v| t.composers = v),
    row!(Text("TPUB"), [Publisher, Label], |t| t.publisher.clone(), |t, v| t.publisher = one(v)),
    row!(Text("TCOP"), [CopyrightMessage], |t| t.copyright.clone(), |t, v| t.copyright = one(v)),
    row!(Text("TBPM"), [IntegerBpm, Bpm], |t| number(t.bpm), |t, v| t.bpm = whole(&v).filter(|bpm| *bpm > 0)),
    row!(Text("TSRC"), [Isrc], |t| t.isrc.as_ref().map(ToString::to_string), |t, v| {
        t.isrc = v.iter().find_map(|text| Isrc::parse(text).ok());
    }),
    row!(Text("TCMP"), [FlagCompilation], |t| t.compilation.then(|| "1".to_owned()), |t, v| {
        t.compilation =
            v.iter().any(|text| matches!(text.to_ascii_lowercase().as_str(), "1" | "true" | "yes"));
    }),
    row!(Text("TSOT"), [TrackTitleSortOrder], |t| t.title_sort.clone(), |t, v| t.title_sort = one(v)),
    row!(Text("TSOP"), [TrackArtistSortOrder], |t| t.artist_sort.clone(), |t, v| t.artist_sort = one(v)),
    row!(Text("TSOA"), [AlbumTitleSortOrder], |t| t.album_sort.clone(), |t, v| t.album_sort = one(v)),
    row!(Text("TSO2"), [AlbumArtistSortOrder], |t| t.album_artist_sort.clone(), |t, v| t.album_artist_sort =
        one(v)),
    row!(Comment, [Comment], |t| t.comment.clone(), |t, v| t.comment = one(v)),
    row!(Lyrics, [UnsyncLyrics, Lyrics], |t| t.lyrics.clone(), |t, v| t.lyrics = one(v)),
    row!(
        Ufid("http://musicbrainz.org"),
        [MusicBrainzRecordingId],
        |t| id(t.recording_mbid.as_ref()),
        |t, v| {
            t.recording_mbid = ids(&v).into_iter().next();
        }
    ),
    row!(
        Extended("MusicBrainz Album Id"),
        [MusicBrainzReleaseId],
        |t| id(t.release_mbid.as_ref()),
        |t, v| {
            t.release_mbid = ids(&v).into_iter().next();
        }
    ),
    row!(
        Extended("MusicBrainz Release Group Id"),
        [MusicBrainzReleaseGroupId],
        |t| id(t.release_group_mbid.as_ref()),
        |t, v| t.release_group_mbid = ids(&v).into_iter().next()
    ),
    row!(
        Extended("MusicBrainz Release Track Id"),
        [MusicBrainzTrackId],
        |t| id(t.track_mbid.as_ref()),
        |t, v| {
            t.track_mbid = ids(&v).into_iter().next();
        }
    ),
    row!(Extended("MusicBrainz Artist Id"), [MusicBrainzArtistId], |t| all_ids(&t.artist_mbids), |t, v| {
        t.artist_mbids = ids(&v);
    }),
    row!(
        Extended("MusicBrainz Album Artist Id"),
        [MusicBrainzReleaseArtistId],
        |t| all_ids(&t.album_artist_mbids),
        |t, v| t.album_artist_mbids = ids(&v)
    ),
    row!(Link("Spotify"), [], |t| t.spotify.as_ref().map(|uri| uri.web_address()), |_, _| {}),
    row!(Extended("REPLAYGAIN_TRACK_GAIN"), [ReplayGainTrackGain], |t| gain(t.track_gain), |t, v| {
        set_gain(&mut t.track_gain, &v);
    }),
    row!(Extended("REPLAYGAIN_TRACK_PEAK"), [ReplayGainTrackPeak], |t| peak(t.track_gain), |t, v| {
        set_peak(&mut t.track_gain, &v);
    }),
    row!(Extended("REPLAYGAIN_ALBUM_GAIN"), [ReplayGainAlbumGain], |t| gain(t.album_gain), |t, v| {
        set_gain(&mut t.album_gain, &v);
    }),
    row!(Extended("REPLAYGAIN_ALBUM_PEAK"), [ReplayGainAlbumPeak], |t| peak(t.album_gain), |t, v| {
        set_peak(&mut t.album_gain, &v);
    }),
];

fn one(values: Vec<String>) -> Option<String> {
    values.into_iter().next()
}

/// A file with several titles is several tracks in one, or a medley. Taking the first would pass it off as that one
/// track, so all are kept in one text.
fn every(mut values: Vec<String>) -> Option<String> {
    let mut seen = std::collections::HashSet::new();
    values.retain(|value| seen.insert(value.trim().to_lowercase()));
    joined(&values, " / ")
}

fn joined(values: &[String], by: &str) -> Option<String> {
    (!values.is_empty()).then(|| values.join(by))
}

fn number(value: Option<u32>) -> Option<String> {
    value.map(|value| value.to_string())
}

/// The number a text begins with; sane sizes only.
fn leading(text: &str) -> Option<u32> {
    let digits: String = text.trim().chars().take_while(char::is_ascii_digit).take(6).collect();
    digits.parse().ok()
}

fn whole(values: &[String]) -> Option<u32> {
    values.iter().find_map(|text| leading(text))
}

/// `3`, `03` or `3/12`.
fn counted(values: &[String], number: &mut Option<u32>, total: &mut Option<u32>) {
    *number = whole(values).filter(|number| *number > 0);
    let behind = values.iter().find_map(|text| text.split_once('/')).and_then(|(_, total)| leading(total));
    if let Some(behind) = behind.filter(|total| *total > 0) {
        *total = Some(behind);
    }
}

/// `YYYY`, `YYYY-MM` or `YYYY-MM-DD` from what stands in files; `None` when there is no year.
fn date(text: &str) -> Option<String> {
    let text = text.trim();
    let digits = |from: usize, to: usize| {
        text.get(from..to).filter(|part| part.bytes().all(|byte| byte.is_ascii_digit()))
    };
    let within = |part: &str, most: u32| part.parse().is_ok_and(|value: u32| (1..=most).contains(&value));
    let year = digits(0, 4).filter(|year| *year != "0000")?;
    let parted = |at: usize| matches!(text.as_bytes().get(at), Some(b'-' | b'/' | b'.'));
    let Some(month) = digits(5, 7).filter(|month| parted(4) && within(month, 12)) else {
        return Some(year.to_owned());
    };
    match digits(8, 10).filter(|day| parted(7) && within(day, 31)) {
        Some(day) => Some(format!("{year}-{month}-{day}")),
        None => Some(format!("{year}-{month}")),
    }
}

fn year(tags: &TagSet) -> Option<String> {
    tags.date.as_deref().and_then(date).and_then(|date| date.get(..4).map(str::to_owned))
}

fn day_and_month(tags: &TagSet) -> Option<String> {
    let date = tags.date.as_deref().and_then(date)?;
    Some(format!("{}{}", date.get(8..10)?, date.get(5..7)?))
}

fn id(mbid: Option<&Mbid>) -> Option<String> {
    mbid.map(ToString::to_string)
}

fn all_ids(mbids: &[Mbid]) -> Option<String> {
    (!mbids.is_empty()).then(|| mbids.iter().map(Mbid::as_str).collect::<Vec<_>>().join("/"))
}

fn ids(values: &[String]) -> Vec<Mbid> {
    let parts = values.iter().flat_map(|text| text.split(|c: char| "/;, \0".contains(c)));
    parts.filter_map(|part| Mbid::parse(part).ok()).take(64).collect()
}

fn gain(gain: Option<ReplayGain>) -> Option<String> {
    gain.map(|gain| format!("{:.2} dB", gain.gain_db))
}

fn peak(gain: Option<ReplayGain>) -> Option<String> {
    gain.map(|gain| format!("{:.6}", gain.peak))
}

/// Gains beyond ±60 dB and peaks beyond 64 are taken for rubbish.
fn set_gain(gain: &mut Option<ReplayGain>, values: &[String]) {
    let text = values.first().map_or("", |text| text.trim());
    let text = text.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c.is_whitespace());
    let parsed = text.trim_start_matches('+').replace(',', ".").parse::<f64>().ok();
    if let Some(gain_db) = parsed.filter(|db| db.abs() <= 60.0) {
        let peak = gain.map_or(f64::NAN, |gain| gain.peak);
        *gain = Some(ReplayGain { gain_db, peak });
    }
}

fn set_peak(gain: &mut Option<ReplayGain>, values: &[String]) {
    let parsed = values.first().and_then(|text| text.trim().replace(',', ".").parse::<f64>().ok());
    if let (Some(gain), Some(peak)) = (gain, parsed.filter(|peak| (0.0..=64.0).contains(peak))) {
        gain.peak = peak;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_found_become_dates_as_kept() {
        for (found, kept) in [
            ("1999", Some("1999")),
            ("1999-12", Some("1999-12")),
            ("1999-12-31T00:00:00Z", Some("1999-12-31")),
            ("1999/12/31", Some("1999-12-31")),
            ("1999-00-00", Some("1999")),
            ("0000", None),
            ("née", None),
            ("", None),
        ] {
            assert_eq!(date(found).as_deref(), kept, "{found}");
        }
    }

    #[test]
    fn numbers_may_carry_a_total() {
        let (mut number, mut total) = (None, None);
        counted(&["3/12".to_owned()], &mut number, &mut total);
        assert_eq!((number, total), (Some(3), Some(12)));
        let (mut number, mut total) = (None, Some(9));
        counted(&["A1".to_owned()], &mut number, &mut total);
        assert_eq!((number, total), (None, Some(9)));
    }

    #[test]
    fn gains_are_read_in_the_forms_files_have() {
        for text in ["-7.03 dB", "-7,03", "-7.03dB"] {
            let mut found = None;
            set_gain(&mut found, &[text.to_owned()]);
            assert_eq!(gain(found).as_deref(), Some("-7.03 dB"), "{text}");
        }
        let mut found = None;
        set_gain(&mut found, &["9999 dB".to_owned()]);
        assert!(found.is_none());
    }
}
