//! The ways in which title and artist can stand in a file's tags and in its name.

use std::sync::OnceLock;

use std::borrow::Cow;

use super::{Credit, From, Reading};
use crate::readings::disc_folders::without_disc;
use crate::readings::names::says_nobody;
use crate::readings::paths::{NameRead, PathWords, without_track_number};
use crate::readings::title::Title;
use crate::texts::dashes::is_dash;
use crate::texts::normalise::fold;
use crate::versions::claims::claims_of_segment;
use crate::versions::table::{Claim, Kind};

/// Every way to read the tags: as they stand, swapped, and with the artist in the title.
pub(super) fn from_tags(
    readings: &mut Vec<Reading>,
    title: &str,
    artists: &str,
    album_artists: &str,
    path: &PathWords<'_>,
) {
    let own: Vec<&str> = if artists.is_empty() { Vec::new() } else { vec![artists] };
    let fallback: Vec<&str> =
        [album_artists, path.grandparent].into_iter().filter(|t| !t.is_empty() && !says_nobody(t)).collect();
    let (names, credit) = if own.is_empty() { (&fallback, Credit::Indirect) } else { (&own, Credit::Own) };
    add(readings, From::Tags, title, names, credit);
    if !album_artists.is_empty() && credit == Credit::Own && album_artists != artists {
        add(readings, From::Tags, title, &[album_artists], Credit::Contradicted);
    }
    let bare = without_track_number(title);
    if bare != title {
        add(readings, From::Tags, bare, names, credit);
    }
    for keeps_numbers in [false, true] {
        let pieces = pieces(title, keeps_numbers);
        if let [artist, .., last] = pieces.as_slice()
            && pieces.len() <= 4
        {
            let rest = pieces.get(1..).unwrap_or_default().join(" - ");
            let rest = if keeps_numbers { rest.as_str() } else { without_track_number(&rest) };
            add(readings, From::ArtistInTitle, rest, &[artist], Credit::Own);
            let before = pieces.split_last().map_or(String::new(), |(_, before)| before.join(" - "));
            add(readings, From::ArtistInTitle, &before, &[last], Credit::Own);
        }
    }
    if !artists.is_empty() {
        add(readings, From::Swapped, artists, &[title], Credit::Own);
    }
}

/// Every way to read the name; it may begin with a number that is a track's or a word.
pub(super) fn from_file_name(
    readings: &mut Vec<Reading>,
    path: &PathWords<'_>,
    artists: &str,
    album_artists: &str,
) {
    for name in path.names() {
        let before = readings.len();
        from_name(readings, &name, path, artists, album_artists);
        for reading in readings.iter_mut().skip(before) {
            reading.may_be_part = name.may_be_part;
        }
    }
}

fn from_name(
    readings: &mut Vec<Reading>,
    name: &NameRead,
    path: &PathWords<'_>,
    artists: &str,
    album_artists: &str,
) {
    let parts = pieces(&name.text, name.keeps_numbers);
    // `Artist - CD 2` has its dash before the disc only.
    let mut folder_names = [without_disc(path.parent), path.parent].into_iter();
    let folder_artist = folder_names.find_map(|name| Some(name.split_once(" - ")?.0)).unwrap_or_default();
    let above: Vec<&str> = [artists, album_artists, path.grandparent, folder_artist]
        .into_iter()
        .filter(|text| !text.is_empty() && !says_nobody(text))
        .collect();
    let above: Vec<&str> = if artists.is_empty() { above } else { vec![artists] };
    if let Some((first, rest)) = parts.split_first().filter(|(_, rest)| !rest.is_empty()) {
        let title = rest.join(" - ");
        let bare = if name.keeps_numbers { title.as_str() } else { without_track_number(&title) };
        add(readings, From::FileName, bare, &[first], Credit::Own);
        // `Artist - 05 - 21 Answers` has its track's number already.
        let lost_number = !name.keeps_numbers && parts.len() < pieces(&name.text, true).len();
        if lost_number {
            add(readings, From::FileName, &title, &[first], Credit::Own);
        }
        if let Some((last, before)) = parts.split_last() {
            add(readings, From::FileNameSwapped, &before.join(" - "), &[last], Credit::Own);
        }
        // "Title - Artist (Live)": the claim stands behind the artist, so it is the title's.
        if parts.len() == 3
            && let [a, b, c] = parts.as_slice()
        {
            add(readings, From::FileNameSwapped, &format!("{a} - {c}"), &[b], Credit::Own);
        }
    }
    if !above.is_empty() {
        add(
            readings,
            From::FileName,
            &parts.join(" - "),
            &above,
            if artists.is_empty() { Credit::Indirect } else { Credit::Own },
        );
    }
    if above.is_empty() && parts.len() == 1 {
        add(readings, From::FileName, &name.text, &[], Credit::Indirect);
    }
}

/// The parts between dashes; unless they are kept, without numbers before them and numbers that stand alone.
fn pieces(text: &str, keeps_numbers: bool) -> Vec<Cow<'_, str>> {
    let numbered =
        |piece: &str| !keeps_numbers && piece.len() <= 3 && piece.bytes().all(|b| b.is_ascii_digit());
    let text = if keeps_numbers { text } else { without_track_number(text) };
    let mut parts: Vec<&str> = Vec::new();
    let mut start = 0;
    for (at, dash) in text.char_indices().filter(|(_, c)| is_dash(*c)) {
        let end = at + dash.len_utf8();
        let spaced = text.get(..at).is_some_and(|t| t.ends_with(' '))
            && text.get(end..).is_some_and(|t| t.starts_with(' '));
        if spaced && at >= start {
            parts.push(text.get(start..at).unwrap_or_default());
            start = end;
        }
    }
    parts.push(text.get(start..).unwrap_or_default());
    let parts = parts.into_iter().map(str::trim);
    parts.filter(|piece| !piece.is_empty() && !numbered(piece)).map(Cow::Borrowed).collect()
}

/// Ways to read one file; more are hostile.
const MOST_READINGS: usize = 40;

fn add(readings: &mut Vec<Reading>, from: From, title: &str, artists: &[&str], credit: Credit) {
    let title = title.trim();
    let claimed = matches!(from, From::ArtistInTitle | From::FileName | From::FileNameSwapped)
        && artists.iter().any(|text| says_version(text));
    let is_known = |known: &Reading| {
        let same = known.from == from && known.credit == credit && known.text == title;
        same && known.artists.iter().map(String::as_str).eq(artists.iter().copied())
    };
    if title.is_empty() || readings.len() >= MOST_READINGS || claimed || readings.iter().any(is_known) {
        return;
    }
    let parsed = Title::parse(title);
    readings.push(Reading {
        from,
        text: title.to_owned(),
        folded: fold(title),
        length: title.chars().count(),
        title: parsed,
        artists: artists.iter().map(|text| (*text).to_owned()).collect(),
        sort_names: String::new(),
        players: String::new(),
        names: OnceLock::new(),
        credit,
        may_be_part: false,
        unsaid: String::new(),
    });
}

/// `In the Style of Somebody`, `Somebody Cover`: a piece that says which version it is names no artist of it.
fn says_version(text: &str) -> bool {
    const BEGIN: &[&str] = &[
        "in the style of ",
        "originally performed by ",
        "made famous by ",
        "made popular by ",
        "tribute to ",
    ];
    const END: &[&str] = &[" cover", " remix", " version", " edit", " mix"];
    let folded = fold(text);
    // `Lisk Remix (Japanese Ver.)`
    let before = text.split(['(', '[']).next().map(fold).unwrap_or_default();
    BEGIN.iter().any(|start| folded.starts_with(start))
        || [&folded, &before].iter().any(|text| END.iter().any(|end| text.trim_end().ends_with(end)))
        || is_somebodys_version(&before, text)
}

/// `Modha & Lisk Rework`, but neither a band called `Live` nor a name with a year's mark behind it.
fn is_somebodys_version(folded: &str, raw: &str) -> bool {
    use Kind::{Cover, Karaoke, Language, ReRecording, Remix};
    let is_of_hands = |claim: &Claim| matches!(claim.kind, Remix | Cover | Karaoke | Language | ReRecording);
    folded.trim().contains(' ') && claims_of_segment(folded.trim(), raw).iter().any(is_of_hands)
}
