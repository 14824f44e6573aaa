//! A file that is one track of a sheet: a disc that was ripped into a file for each track, whose names only the sheet has.

use ferrotape_domain::TagSet;

use super::parts::{HIDDEN, tags_of};
use super::sheet::{CueFile, CueSheet, FRAMES_A_SECOND, Start};

/// What `sheet` says of `file` as a whole; `None` where that is not one track of sound from its beginning to its end.
pub fn whole_file_tags(sheet: &CueSheet, file: &CueFile) -> Option<TagSet> {
    let [track] = file.tracks.as_slice() else { return None };
    // What is left of an album is not the album.
    if file.has_lost {
        return None;
    }
    // What begins later is not all of the file: something is hidden before it.
    let begins = match track.start? {
        Start::Frame(frame) => frame <= HIDDEN.as_secs() * FRAMES_A_SECOND,
        Start::Sample(_) => false,
    };
    let title = Some(track.title.clone()).filter(|title| !title.is_empty());
    (track.is_sound && begins).then(|| TagSet { title, ..tags_of(sheet, track, &TagSet::default()) })
}

/// Fills what the tags of a file do not say with what its sheet says of it. Of a file that says that it is something
/// else, by title, album or number, the sheet knows nothing: sheets are left behind where their tracks are renamed.
pub fn fill_from_sheet(tags: &mut TagSet, said: &TagSet) {
    if speaks_of_another(tags, said) {
        return;
    }
    fill(&mut tags.title, &said.title);
    fill_all(&mut tags.artists, &said.artists);
    fill_all(&mut tags.album_artists, &said.album_artists);
    fill(&mut tags.album, &said.album);
    // A total goes with the number that it counts to.
    if tags.track_number.is_none() {
        (tags.track_number, tags.track_total) = (said.track_number, said.track_total);
    }
    if tags.disc_number.is_none() {
        (tags.disc_number, tags.disc_total) = (said.disc_number, said.disc_total);
    }
    fill(&mut tags.date, &said.date);
    fill_all(&mut tags.genres, &said.genres);
    fill_all(&mut tags.composers, &said.composers);
    tags.isrc = tags.isrc.take().or_else(|| said.isrc.clone());
}

fn speaks_of_another(tags: &TagSet, said: &TagSet) -> bool {
    let folded = |text: &String| text.trim().to_lowercase();
    let differ = |own: &Option<String>, said: &Option<String>| match (own, said) {
        (Some(own), Some(said)) => !own.trim().is_empty() && folded(own) != folded(said),
        _ => false,
    };
    let other_number = tags.track_number.is_some() && tags.track_number != said.track_number;
    differ(&tags.title, &said.title) || differ(&tags.album, &said.album) || other_number
}

fn fill(own: &mut Option<String>, said: &Option<String>) {
    if own.as_ref().is_none_or(|own| own.trim().is_empty()) {
        own.clone_from(said);
    }
}

fn fill_all(own: &mut Vec<String>, said: &[String]) {
    if own.iter().all(|own| own.trim().is_empty()) {
        *own = said.to_vec();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SHEET: &str = "PERFORMER \"Mara Quill\"\nTITLE \"Low Water\"\nREM DATE 2003\nREM DISCNUMBER 2\n\
        FILE \"Track01.wav\" WAVE\nTRACK 01 AUDIO\nTITLE \"Ebb\"\nINDEX 01 00:00:00\n\
        TRACK 02 AUDIO\nTITLE \"Flood\"\nPERFORMER \"Oda Brenn\"\nISRC GBAYE0000351\nINDEX 00 03:58:00\n\
        FILE \"Track02.wav\" WAVE\nINDEX 01 00:00:00\n\
        FILE \"Track03.wav\" WAVE\nTRACK 03 AUDIO\nINDEX 01 03:00:00\n\
        FILE \"Track04.bin\" BINARY\nTRACK 04 MODE1/2352\nINDEX 01 00:00:00\n";

    fn said() -> Vec<Option<TagSet>> {
        let sheet = CueSheet::parse(SHEET);
        sheet.files.iter().map(|file| whole_file_tags(&sheet, file)).collect()
    }

    #[test]
    fn a_track_is_of_the_file_in_which_it_begins_wherever_its_gap_is() {
        let said = said();
        let (ebb, flood) = (said[0].clone().unwrap(), said[1].clone().unwrap());
        assert_eq!((ebb.title.as_deref(), ebb.track_number), (Some("Ebb"), Some(1)));
        assert_eq!((flood.title.as_deref(), flood.track_number), (Some("Flood"), Some(2)));
        assert_eq!((ebb.artists, ebb.disc_number), (vec!["Mara Quill".to_owned()], Some(2)));
        assert_eq!(flood.artists, ["Oda Brenn"]);
        assert!(flood.isrc.is_some() && flood.date.as_deref() == Some("2003"));
        assert_eq!(said[2..], [None, None], "neither what is hidden before a track, nor data");
    }

    #[test]
    fn an_album_of_which_only_a_track_was_understood_is_not_that_track() {
        let named = |lines: &str| {
            let sheet = CueSheet::parse(&format!("FILE \"album.flac\" WAVE\n{lines}"));
            sheet.files.iter().map(|file| whole_file_tags(&sheet, file).is_some()).collect::<Vec<bool>>()
        };
        let ebb = "TRACK 01 AUDIO\nTITLE \"Ebb\"\nINDEX 01 00:00:00\n";
        let lost = "TRACK 02 AUDIO\nTITLE \"Flood\"\nINDEX 01 4:12\n";
        assert_eq!(named(ebb), [true]);
        assert_eq!(named(&format!("{ebb}{lost}")), [false], "a time of two fields");
        assert_eq!(named(&format!("{ebb}TRACK two AUDIO\nINDEX 01 04:12:00\n")), [false], "no number");
        // Nobody can say in which of two files it begins; the one behind them is as it was.
        let next = |file: u32| format!("FILE \"{file}.flac\" WAVE\n");
        let slack = "TRACK 03 AUDIO\nINDEX 01 00:00:00\n";
        let ended = "TRACK 09 AUDIO\nINDEX 01 00:00:00\n";
        assert_eq!(named(&format!("{ebb}{lost}{}{slack}{}{ended}", next(2), next(3))), [false, false, true]);
    }

    #[test]
    fn tags_win_and_a_file_that_says_it_is_another_stays_as_it_is() {
        let said = said()[1].clone().unwrap();
        let mut silent = TagSet { artists: vec!["O. Brenn".to_owned()], ..TagSet::default() };
        fill_from_sheet(&mut silent, &said);
        assert_eq!((silent.title.as_deref(), &silent.artists[0][..]), (Some("Flood"), "O. Brenn"));
        assert_eq!((silent.track_number, silent.album.as_deref()), (Some(2), Some("Low Water")));
        let others = [
            TagSet { title: Some("Slack".to_owned()), ..TagSet::default() },
            TagSet { track_number: Some(7), ..TagSet::default() },
            TagSet { album: Some("The Best".to_owned()), ..TagSet::default() },
        ];
        for other in others {
            let mut filled = other.clone();
            fill_from_sheet(&mut filled, &said);
            assert_eq!(filled, other);
        }
    }
}
