//! From the lines of a sheet to parts of one file, with the tags that the sheet gives them.

use std::time::Duration;

use ferrotape_domain::{AudioFacts, Part, TagSet};

use crate::cue::sheet::{CueFile, CueSheet, CueTrack, FRAMES_A_SECOND, Start};

/// A recording that is part of a file.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedPart {
    /// Which stretch.
    pub part: Part,
    /// What the sheet says of it, over what the file's tags say of the album.
    pub tags: TagSet,
}

/// No sound is longer; where its length is not known, no track begins later.
const MOST: Duration = Duration::from_secs(100 * 3_600);
/// Sound before the first track that is more than a gap: a hidden track.
pub(super) const HIDDEN: Duration = Duration::from_secs(10);

/// The parts that `file` of `sheet` cuts a file with these facts and tags into, and what should be said about that.
///
/// None where there is but one, which is the whole file with tags of its own, or where the sheet is about another
/// file: an album that was cut into its tracks later often left its sheet in each of them.
pub fn parts_of(
    sheet: &CueSheet,
    file: &CueFile,
    facts: &AudioFacts,
    tags: &TagSet,
) -> (Vec<NamedPart>, Vec<String>) {
    let rate = u64::from(facts.sample_rate);
    let whole = facts.duration.map(|whole| (whole.as_secs_f64() * rate as f64).ceil() as u64);
    let mut problems = Vec::new();
    let mut starts: Vec<(u64, &CueTrack)> = Vec::new();
    for track in &file.tracks {
        let Some(start) = track.start.map(|start| start.sample(rate)) else { continue };
        if start >= whole.unwrap_or(rate * MOST.as_secs()) {
            let number = track.number;
            problems.push(format!("track {number} begins behind the end of the sound, so it is left whole"));
            return (Vec::new(), problems);
        } else if starts.last().is_some_and(|(before, _)| start <= *before) {
            problems.push(format!("track {} begins before the one that it follows", track.number));
        } else {
            starts.push((start, track));
        }
    }
    if rate == 0 || starts.len() < 2 || is_one_of(file, tags) {
        return (Vec::new(), problems);
    }
    if let Some((first, track)) = starts.first()
        && *first > HIDDEN.as_secs() * rate
    {
        let seconds = first / rate;
        problems.push(format!("{seconds} s of sound before track {} belong to no track", track.number));
    }
    let ends = starts.iter().skip(1).map(|(start, _)| Some(*start)).chain([None]);
    let parts =
        starts.iter().zip(ends).filter(|((_, track), _)| track.is_sound).map(|((start, track), end)| {
            let part = Part { number: track.number, sample_rate: facts.sample_rate, start: *start, end };
            NamedPart { part, tags: tags_of(sheet, track, tags) }
        });
    (parts.collect(), problems)
}

/// Whether a file with these tags is one of the tracks that the sheet names, not all of them.
fn is_one_of(file: &CueFile, tags: &TagSet) -> bool {
    let (Some(title), Some(number)) = (&tags.title, tags.track_number) else { return false };
    let folded = |title: &str| title.trim().to_lowercase();
    file.tracks.iter().any(|track| track.number == number && folded(&track.title) == folded(title))
}

impl Start {
    /// The nearest sample: the same for the end of one part and the start of the next.
    fn sample(self, rate: u64) -> u64 {
        match self {
            Self::Frame(frame) => (frame * rate + FRAMES_A_SECOND / 2) / FRAMES_A_SECOND,
            Self::Sample(sample) => sample,
        }
    }
}

/// What the file says of the album stays true for each track of it; what it says of a recording does not.
pub(super) fn tags_of(sheet: &CueSheet, track: &CueTrack, file: &TagSet) -> TagSet {
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    let one = |text: &str| some(text).into_iter().collect::<Vec<_>>();
    let first_of =
        |ours: Vec<String>, theirs: &[String]| if ours.is_empty() { theirs.to_vec() } else { ours };
    let album_artists = first_of(one(&sheet.performer), &file.album_artists);
    let album_artists = first_of(album_artists, &file.artists);
    let composers = first_of(one(&track.songwriter), &one(&sheet.songwriter));
    let total = sheet.files.iter().map(|file| file.tracks.len()).sum::<usize>();
    TagSet {
        title: some(&track.title).or_else(|| Some(format!("Track {}", track.number))),
        artists: first_of(one(&track.performer), &album_artists),
        album: some(&sheet.title).or_else(|| file.album.clone()),
        track_number: Some(track.number),
        track_total: u32::try_from(total).ok(),
        disc_number: sheet.disc.0.or(file.disc_number),
        disc_total: sheet.disc.1.or(file.disc_total),
        date: some(&sheet.date).or_else(|| file.date.clone()),
        genres: first_of(one(&sheet.genre), &file.genres),
        composers: first_of(composers, &file.composers),
        isrc: track.isrc.clone(),
        track_gain: track.gain,
        album_gain: sheet.album_gain.or(file.album_gain),
        title_sort: None,
        artist_sort: None,
        comment: None,
        lyrics: None,
        bpm: None,
        recording_mbid: None,
        track_mbid: None,
        artist_mbids: Vec::new(),
        spotify: None,
        album_artists,
        ..file.clone()
    }
}
