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
    let start_of = |track: &CueTrack| track.start.map(|start| start.sample(rate));
    let starts: Vec<(u64, &CueTrack)> =
        file.tracks.iter().filter_map(|track| Some((start_of(track)?, track))).collect();
    let most = whole.unwrap_or(rate * MOST.as_secs());
    if let Some((_, track)) = starts.iter().find(|(start, _)| *start >= most) {
        let number = track.number;
        let says = format!("track {number} begins behind the end of the sound, so it is left whole");
        return (Vec::new(), vec![says]);
    }
    if rate == 0 || starts.len() < 2 || is_one_of(file, tags) {
        return (Vec::new(), Vec::new());
    }
    let mut problems = Vec::new();
    if let Some((first, track)) = starts.first()
        && *first > HIDDEN.as_secs() * rate
    {
        let seconds = first / rate;
        problems.push(format!("{seconds} s of sound before track {} belong to no track", track.number));
    }
    let (sure, left_out) = with_ends(&starts, facts.sample_rate);
    let named = |(part, track): (Part, &CueTrack)| NamedPart { part, tags: tags_of(sheet, track, tags) };
    let parts = sure.into_iter().map(named).collect();
    problems.extend(left_out.says());
    (parts, problems)
}

/// The numbers of tracks whose beginning or end nobody knows: each of them would be played with another's sound.
#[derive(Default)]
struct LeftOut {
    /// A place where they begin or end is behind that of a track which follows.
    out_of_order: Vec<u32>,
    /// See [`CueTrack::has_no_end`].
    endless: Vec<u32>,
}

/// The tracks of sound whose beginning and end are known.
fn with_ends<'t>(starts: &[(u64, &'t CueTrack)], sample_rate: u32) -> (Vec<(Part, &'t CueTrack)>, LeftOut) {
    let unsure = out_of_order(starts);
    let is_unsure = |at: usize| unsure.get(at).is_some_and(|unsure| *unsure);
    let (mut sure, mut left_out) = (Vec::new(), LeftOut::default());
    for (at, (start, track)) in starts.iter().enumerate().filter(|(_, (_, track))| track.is_sound) {
        if is_unsure(at) || is_unsure(at + 1) {
            left_out.out_of_order.push(track.number);
        } else if track.has_no_end {
            left_out.endless.push(track.number);
        } else {
            let end = starts.get(at + 1).map(|(end, _)| *end);
            sure.push((Part { number: track.number, sample_rate, start: *start, end }, *track));
        }
    }
    (sure, left_out)
}

/// Of each start whether it is not behind one that is named before it, or not before one that is named behind it. One of
/// the two is wrong, and nobody can say which.
fn out_of_order(starts: &[(u64, &CueTrack)]) -> Vec<bool> {
    let mut unsure = Vec::with_capacity(starts.len());
    let mut latest: Option<u64> = None;
    for (start, _) in starts {
        unsure.push(latest.is_some_and(|latest| *start <= latest));
        latest = latest.max(Some(*start));
    }
    let mut earliest = u64::MAX;
    for ((start, _), unsure) in starts.iter().zip(unsure.iter_mut()).rev() {
        *unsure |= *start >= earliest;
        earliest = earliest.min(*start);
    }
    unsure
}

impl LeftOut {
    fn says(&self) -> Vec<String> {
        let of = |numbers: &[u32], why: &str| {
            (!numbers.is_empty()).then(|| format!("{}: {why}", numbered(numbers)))
        };
        let out_of_order = of(&self.out_of_order, "the times there are out of order");
        let endless = of(&self.endless, "the next track cannot be used, so the end is not known");
        [out_of_order, endless].into_iter().flatten().collect()
    }
}

/// `track 1 is left out`, `tracks 1, 4 are left out`; of very many the first.
fn numbered(numbers: &[u32]) -> String {
    const MOST_NAMED: usize = 10;
    let named: Vec<String> = numbers.iter().take(MOST_NAMED).map(u32::to_string).collect();
    let (s, are) = if numbers.len() == 1 { ("", "is") } else { ("s", "are") };
    let more = numbers.len().saturating_sub(MOST_NAMED);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    format!("track{s} {}{more} {are} left out", named.join(", "))
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

#[cfg(test)]
mod tests {
    use ferrotape_domain::AudioFormat;

    use super::*;

    /// The parts of a file, as number, first second and last, and what is said.
    type Cut = (Vec<(u32, u64, Option<u64>)>, Vec<String>);

    /// Those of each `FILE`; each file has a minute.
    fn cut(lines: &str) -> Vec<Cut> {
        let rate = 44_100;
        let facts = AudioFacts {
            format: AudioFormat::Flac,
            duration: Some(Duration::from_secs(60)),
            sample_rate: rate,
            channels: 2,
            bitrate_kbps: None,
            bits_per_sample: None,
        };
        let sheet = CueSheet::parse(lines);
        let second = |sample: u64| sample / u64::from(rate);
        let of_part =
            |found: &NamedPart| (found.part.number, second(found.part.start), found.part.end.map(second));
        let of_file = |file: &CueFile| -> Cut {
            let (parts, says) = parts_of(&sheet, file, &facts, &TagSet::default());
            (parts.iter().map(of_part).collect(), says)
        };
        sheet.files.iter().map(of_file).collect()
    }

    fn file(name: &str) -> String {
        format!("FILE \"{name}.wav\" WAVE\n")
    }

    /// Tracks from number 1 on, which begin at these times.
    fn tracks(times: &[&str]) -> String {
        let track = |(time, number): (&&str, u32)| format!("TRACK {number:02} AUDIO\nINDEX 01 {time}\n");
        times.iter().zip(1..).map(track).collect()
    }

    fn one(times: &[&str]) -> Cut {
        cut(&(file("a") + &tracks(times))).remove(0)
    }

    #[test]
    fn a_track_before_one_that_cannot_be_used_is_left_out() {
        let (parts, says) = one(&["00:00:00", "0:06", "00:12:00", "00:18:00"]);
        assert_eq!(parts, [(3, 12, Some(18)), (4, 18, None)]);
        assert!(says.len() == 1 && says[0].starts_with("track 1 is left out:"), "{says:?}");
        // Several in a row; and the last, behind which only the end of the file is left.
        assert_eq!(one(&["00:00:00", "0:06", "x", "00:18:00", "00:30:00"]).0.len(), 2);
        let (parts, says) = one(&["00:00:00", "00:06:00", "0:12"]);
        assert_eq!(parts, [(1, 0, Some(6))]);
        assert!(says[0].starts_with("track 2 is left out:"), "{says:?}");
        // Nothing ends where the first begins.
        let hidden =
            format!("{}TRACK 00 AUDIO\nINDEX 01 00:00:00\n{}", file("a"), tracks(&["00:02:00", "00:06:00"]));
        assert_eq!(cut(&hidden), [(vec![(1, 2, Some(6)), (2, 6, None)], Vec::new())]);
    }

    #[test]
    fn a_lost_track_of_another_file_is_nothing_to_this_one() {
        let whole = tracks(&["00:00:00", "00:06:00"]);
        let lost = "TRACK 03 AUDIO\nINDEX 01 0:00\nTRACK 04 AUDIO\nINDEX 01 00:06:00\nTRACK 05 AUDIO\nINDEX 01 00:09:00\n";
        let both = cut(&[file("a"), whole.clone(), file("b"), lost.to_owned()].concat());
        assert_eq!(both[0], (vec![(1, 0, Some(6)), (2, 6, None)], Vec::new()));
        assert_eq!(both[1].0, [(4, 6, Some(9)), (5, 9, None)]);
        // Named in the first file, and perhaps begun there.
        let either = "TRACK 03 AUDIO\nINDEX 00 00:30:00\n".to_owned();
        let both = cut(&[file("a"), whole, either, file("b"), "INDEX 01 0:00\n".to_owned()].concat());
        assert_eq!(both[0].0, [(1, 0, Some(6))]);
    }

    #[test]
    fn a_track_that_begins_twice_hides_another_and_is_lost() {
        let named = |titles: [&str; 2], second: &str| {
            let [first, title] = titles.map(|title| format!("TITLE \"{title}\"\n"));
            let lost = format!("{second} 02 AUDIO\n{title}INDEX 01 00:06:00\n");
            let rest = "TRACK 03 AUDIO\nINDEX 01 00:12:00\nTRACK 04 AUDIO\nINDEX 01 00:20:00\n";
            let lines = format!("{}TRACK 01 AUDIO\n{first}INDEX 01 00:00:00\n{lost}{rest}", file("a"));
            cut(&lines).remove(0).0
        };
        assert_eq!(named(["Ebb", "Flood"], "TRACK").len(), 4);
        assert_eq!(named(["Ebb", "Flood"], "TRAK"), [(3, 12, Some(20)), (4, 20, None)]);
    }

    #[test]
    fn where_times_are_out_of_order_all_that_hangs_on_them_is_left_out() {
        // Either the second or the third is wrong, and the first ends where the second begins.
        let (parts, says) = one(&["00:00:00", "00:30:00", "00:12:00", "00:40:00", "00:50:00"]);
        assert_eq!(parts, [(4, 40, Some(50)), (5, 50, None)]);
        assert!(says.len() == 1 && says[0].starts_with("tracks 1, 2, 3 are left out:"), "{says:?}");
        let (parts, _) = one(&["00:00:00", "00:06:00", "00:06:00", "00:12:00"]);
        assert_eq!(parts, [(4, 12, None)]);
        assert!(one(&["00:06:00", "00:00:00"]).0.is_empty());
    }
}
