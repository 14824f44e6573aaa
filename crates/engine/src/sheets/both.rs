//! A sheet beside a file and one inside of it: they must make the same tracks of it, else neither counts. What one of them
//! does not say of a track the other may.

use ferrotape_audio::{CueFile, CueSheet, CueTrack, NamedPart, Probed, parts_of};

/// A sheet, and which of its files is meant.
pub(super) type Cut<'s> = (&'s CueSheet, &'s CueFile);

/// The parts of a file, and what is to be said of them.
pub(super) type Parts = (Vec<NamedPart>, Vec<String>);

pub(super) fn by_one((sheet, file): Cut<'_>, probed: &Probed) -> Parts {
    parts_of(sheet, file, &probed.facts, &probed.tags)
}

/// By the sheet `beside` a file, which people can mend, and what it lacks by the one `inside`; `None` where they make different
/// tracks of it.
pub(super) fn by_both(beside: Cut<'_>, inside: Cut<'_>, probed: &Probed) -> Option<Parts> {
    let (by_beside, by_inside) = (by_one(beside, probed), by_one(inside, probed));
    // What makes no tracks of this file is about another.
    if by_beside.0.is_empty() || by_inside.0.is_empty() {
        return Some(by_beside);
    }
    let are_cut_alike = by_beside.0.iter().map(|one| one.part).eq(by_inside.0.iter().map(|one| one.part));
    if !are_cut_alike || !may_be_called_alike(beside, inside) {
        return None;
    }
    let (sheet, file) = together(beside, inside);
    Some(by_one((&sheet, &file), probed))
}

/// Whether no track is called something else by both. Who plays it is often said of the whole sheet only.
fn may_be_called_alike((sheet, file): Cut<'_>, (its, of_it): Cut<'_>) -> bool {
    file.tracks.iter().all(|track| {
        of_number(of_it, track.number).is_none_or(|other| {
            let titles = (title(track), title(other));
            may_be_same(titles.0, titles.1) && may_be_same(performer(sheet, track), performer(its, other))
        })
    })
}

fn of_number(file: &CueFile, number: u32) -> Option<&CueTrack> {
    file.tracks.iter().find(|track| track.number == number)
}

fn may_be_same(one: &str, other: &str) -> bool {
    let folded = |text: &str| text.trim().to_lowercase();
    one.is_empty() || other.is_empty() || folded(one) == folded(other)
}

/// What a track is called; empty where that is its number alone, as programs write that know no names.
fn title(track: &CueTrack) -> &str {
    let folded = track.title.trim().to_lowercase();
    let bare = folded.strip_prefix("audio").unwrap_or(&folded).trim_start();
    let number = bare.strip_prefix("track").unwrap_or(bare).trim_start();
    if number.chars().all(|digit| digit.is_ascii_digit()) && number.parse::<u32>() == Ok(track.number) {
        return "";
    }
    &track.title
}

fn performer<'t>(sheet: &'t CueSheet, track: &'t CueTrack) -> &'t str {
    if track.performer.is_empty() { &sheet.performer } else { &track.performer }
}

/// The first sheet, with what only the second says.
fn together((sheet, file): Cut<'_>, (its, of_it): Cut<'_>) -> (CueSheet, CueFile) {
    let fill = |ours: &mut String, theirs: &str| {
        if ours.is_empty() {
            theirs.clone_into(ours);
        }
    };
    let (mut sheet, mut file) = (sheet.clone(), file.clone());
    for track in &mut file.tracks {
        let Some(other) = of_number(of_it, track.number) else { continue };
        if title(track).is_empty() && !title(other).is_empty() {
            other.title.clone_into(&mut track.title);
        }
        // Where a sheet names one for all, that is meant of each track.
        if performer(&sheet, track).is_empty() {
            fill(&mut track.performer, performer(its, other));
        }
        fill(&mut track.songwriter, &other.songwriter);
        track.isrc = track.isrc.take().or_else(|| other.isrc.clone());
        track.gain = track.gain.or(other.gain);
    }
    fill(&mut sheet.title, &its.title);
    fill(&mut sheet.performer, &its.performer);
    fill(&mut sheet.songwriter, &its.songwriter);
    fill(&mut sheet.date, &its.date);
    fill(&mut sheet.genre, &its.genre);
    sheet.disc = (sheet.disc.0.or(its.disc.0), sheet.disc.1.or(its.disc.1));
    sheet.album_gain = sheet.album_gain.or(its.album_gain);
    (sheet, file)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ferrotape_domain::{AudioFacts, AudioFormat, ContentId, TagSet};

    use super::*;

    fn probed() -> Probed {
        let facts = AudioFacts {
            format: AudioFormat::Flac,
            duration: Some(Duration::from_secs(60)),
            sample_rate: 44_100,
            channels: 2,
            bitrate_kbps: None,
            bits_per_sample: None,
        };
        let content = ContentId(String::new());
        Probed { facts, tags: TagSet::default(), content, embedded_cover: None, sheet: None, note: None }
    }

    /// A sheet of tracks of 20 seconds, by their titles.
    fn sheet(head: &str, titles: &[&str]) -> String {
        let mut text = format!("{head}\nFILE \"a.wav\" WAVE\n");
        for (at, title) in titles.iter().enumerate() {
            let (number, seconds) = (at + 1, at * 20);
            text += &format!("TRACK {number:02} AUDIO\n{title}\nINDEX 01 00:{seconds:02}:00\n");
        }
        text
    }

    /// Titles and artists of the parts; `None` where neither sheet counts.
    fn made(beside: &str, inside: &str) -> Option<Vec<(String, String)>> {
        let (beside, inside) = (CueSheet::parse(beside), CueSheet::parse(inside));
        let (parts, _) = by_both((&beside, &beside.files[0]), (&inside, &inside.files[0]), &probed())?;
        let named = |one: NamedPart| (one.tags.title.unwrap(), one.tags.artists.concat());
        Some(parts.into_iter().map(named).collect())
    }

    #[test]
    fn each_says_what_the_other_does_not() {
        let both = Some(vec![
            ("Ebb".to_owned(), "Mara Quill".to_owned()),
            ("Undertow".to_owned(), "Mara Quill".to_owned()),
        ]);
        let named = sheet("PERFORMER \"Mara Quill\"", &["TITLE \"Ebb\"", "TITLE \"Undertow\""]);
        for bare in [["", ""], ["TITLE \"Track 01\"", "TITLE \"02\""], ["TITLE \"ebb\"", ""]] {
            let bare = sheet("", &bare);
            assert_eq!(made(&named, &bare), both, "{bare}");
            let turned = made(&bare, &named).unwrap();
            assert_eq!(turned[1], both.as_ref().unwrap()[1], "{bare}");
            assert_eq!(turned[0].0.to_lowercase(), "ebb", "{bare}");
        }
        assert_eq!(made(&named, &named), both);
    }

    #[test]
    fn where_they_differ_neither_counts() {
        let titles = ["TITLE \"Ebb\"", "TITLE \"Undertow\""];
        let right = sheet("PERFORMER \"Mara Quill\"", &titles);
        let swapped = sheet("PERFORMER \"Mara Quill\"", &["TITLE \"Undertow\"", "TITLE \"Ebb\""]);
        let of_others = sheet("PERFORMER \"Nordlys\"", &titles);
        let earlier = right.replace("00:20:00", "00:18:00");
        let more = sheet("PERFORMER \"Mara Quill\"", &[titles[0], titles[1], "TITLE \"Flood\""]);
        for other in [swapped, of_others, earlier, more] {
            assert_eq!(made(&right, &other), None, "{other}");
            assert_eq!(made(&other, &right), None, "{other}");
        }
        // One that ends behind the file is about another.
        let longer = right.replace("00:20:00", "02:20:00");
        assert!(made(&right, &longer).is_some_and(|parts| parts.len() == 2));
    }
}
