//! The tags of a finished track: what the file says, with the gaps filled from what was wanted.
//!
//! The file is the user's own edition, so its words win: album, numbers and date must stay together or the player
//! sorts them apart. What the file lacks is taken from the wanted recording, and a text that ID3v1 cut off at 30
//! characters is completed from it.

use ferrotape_audio::read_all_tags;
use ferrotape_device::Shelf;
use ferrotape_domain::{Offer, TagSet, Wanted};

use super::spoken::of_shelf;
use super::step_1_plan::PlannedTrack;

/// ID3v1 keeps 30 characters of a text.
const ID3V1_LENGTH: usize = 30;

/// The tags to write for `offer` as the answer to `wanted`.
pub(super) fn final_tags(offer: &Offer, wanted: &Wanted) -> TagSet {
    let mut tags = offer.tags.clone();
    fill_recording(&mut tags, wanted);
    fill_release(&mut tags, wanted);
    if tags.title.is_none() {
        tags.title = offer.path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
    }
    tags
}

/// The tags of `track` with what its file says beyond what the library keeps. They depend on the source's bytes alone,
/// so the recipe need not name them. A file whose tags cannot be read keeps what is known of it.
pub(super) fn complete_tags(track: &PlannedTrack) -> TagSet {
    let mut tags = track.tags.clone();
    // What a file says beyond the album is not about one part of it.
    if tags.more.is_none() && track.part.is_none() {
        tags.more = read_all_tags(&track.source).ok().and_then(|found| found.more);
    }
    track.from_place.add_to(&mut tags.more);
    if let Some(lyrics) = &track.timed_lyrics {
        tags.more.get_or_insert_default().synced_lyrics.get_or_insert_with(|| lyrics.clone());
    }
    if track.shelf != Shelf::Music {
        tags.more = of_shelf(tags.more.take(), &track.shelf, track.keeps_chapters);
    }
    tags
}

/// What of a wanted recording holds for another that stands in for it: its identifiers do not.
pub(super) fn of_another_recording(wanted: &Wanted) -> Wanted {
    Wanted { isrc: None, recording_mbid: None, ..wanted.clone() }
}

fn fill_recording(tags: &mut TagSet, wanted: &Wanted) {
    let title = Some(wanted.title.clone()).filter(|title| !title.is_empty());
    let names: Vec<String> = wanted.artists.names().map(str::to_owned).collect();
    tags.title = complete(tags.title.take(), title);
    if tags.artists.is_empty() {
        tags.artists = names;
    } else if let ([printed], [name]) = (tags.artists.as_mut_slice(), names.as_slice())
        && is_cut_off(printed, name)
    {
        printed.clone_from(name);
    }
    tags.isrc = tags.isrc.take().or_else(|| wanted.isrc.clone());
    tags.recording_mbid = tags.recording_mbid.take().or_else(|| wanted.recording_mbid.clone());
    tags.spotify.clone_from(&wanted.spotify);
}

/// Album, artist of the album, numbers and date belong to one edition: gaps are filled only when the file names the
/// same album, or none.
fn fill_release(tags: &mut TagSet, wanted: &Wanted) {
    tags.album = complete(tags.album.take(), wanted.release.clone());
    let folded = |album: &Option<String>| album.as_deref().map(|album| album.trim().to_lowercase());
    if folded(&tags.album) != folded(&wanted.release) {
        return;
    }
    if tags.album_artists.is_empty() {
        tags.album_artists = wanted.release_artists.names().map(str::to_owned).collect();
    }
    tags.track_number = tags.track_number.or(wanted.track_number);
    tags.disc_number = tags.disc_number.or(wanted.disc_number);
    tags.date = tags.date.take().or_else(|| wanted.released.clone());
}

fn complete(own: Option<String>, wanted: Option<String>) -> Option<String> {
    match (own, wanted) {
        (Some(own), Some(wanted)) if is_cut_off(&own, &wanted) => Some(wanted),
        (own, wanted) => own.or(wanted),
    }
}

fn is_cut_off(own: &str, whole: &str) -> bool {
    let length = own.chars().count();
    // A cut before a space loses the space as well.
    (ID3V1_LENGTH - 1..=ID3V1_LENGTH).contains(&length) && whole.len() > own.len() && whole.starts_with(own)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use ferrotape_domain::{ArtistCredit, AudioFacts, AudioFormat, ContentId, WantedKind};

    use super::*;

    fn offer(tags: TagSet) -> Offer {
        let facts = AudioFacts {
            format: AudioFormat::Flac,
            duration: None,
            sample_rate: 44_100,
            channels: 2,
            bits_per_sample: Some(16),
            bitrate_kbps: None,
        };
        let content = ContentId("c".to_owned());
        let path = PathBuf::from("/music/05 Low Water.flac");
        Offer { file_id: 1, path, part: None, size: 1, content, facts, tags, cover: String::new() }
    }

    fn wanted() -> Wanted {
        let mut wanted = Wanted::of_kind(WantedKind::Recording);
        wanted.title = "The Very Long Ballad of the Low Water".to_owned();
        wanted.artists = ArtistCredit::printed("Mara Quill");
        wanted.release = Some("Tides".to_owned());
        wanted.track_number = Some(9);
        wanted
    }

    #[test]
    fn the_files_own_album_keeps_its_own_numbers() {
        let own = TagSet { album: Some("Best of".to_owned()), track_number: Some(2), ..TagSet::default() };
        let tags = final_tags(&offer(own), &wanted());
        assert_eq!((tags.album.as_deref(), tags.track_number), (Some("Best of"), Some(2)));
        assert_eq!(tags.artists, ["Mara Quill"]);
    }

    #[test]
    fn the_same_album_fills_the_gaps_of_the_files_tags() {
        let own = TagSet { album: Some("tides".to_owned()), ..TagSet::default() };
        let tags = final_tags(&offer(own), &wanted());
        assert_eq!((tags.album.as_deref(), tags.track_number), (Some("tides"), Some(9)));
    }

    #[test]
    fn an_untagged_file_is_tagged_from_what_was_wanted() {
        let tags = final_tags(&offer(TagSet::default()), &wanted());
        assert_eq!((tags.album.as_deref(), tags.track_number), (Some("Tides"), Some(9)));
        assert_eq!(tags.title.as_deref(), Some("The Very Long Ballad of the Low Water"));
    }

    #[test]
    fn a_title_cut_at_thirty_characters_is_completed() {
        let own = TagSet { title: Some("The Very Long Ballad of the Lo".to_owned()), ..TagSet::default() };
        assert_eq!(
            final_tags(&offer(own), &wanted()).title.as_deref(),
            Some("The Very Long Ballad of the Low Water")
        );
    }
}
