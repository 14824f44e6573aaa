//! Which planned tracks make up a whole album, so that it has a loudness of its own.
//!
//! An album is whole when every track of it that your sources hold is planned. A few liked songs of one are none: their
//! gain would change with every further song, and all would have to be made anew. A whole album changes only when it
//! becomes one or a track is added to the sources, and is made anew then.

use std::collections::{BTreeSet, HashMap};

use ferrotape_audio::LoudnessUse;
use ferrotape_device::Shelf;
use ferrotape_domain::{Offer, TagSet};

use super::step_1_plan::PlannedTrack;

/// More tracks than this are kept open at once only in vain; no album has so many.
const MOST_TRACKS: usize = 200;

/// A track's place on its album: disc, number, and title where it has no number.
type Slot = (Option<u32>, Option<u32>, String);

#[derive(Default)]
struct Found {
    slots: BTreeSet<Slot>,
    planned_slots: BTreeSet<Slot>,
    members: BTreeSet<usize>,
}

/// The whole albums of two tracks and more, as indices of planned tracks; `at_identity` finds those by content.
pub(super) fn whole_albums(
    planned: &[PlannedTrack],
    at_identity: &HashMap<String, usize>,
    offers: &[Offer],
    purpose: LoudnessUse,
) -> Vec<Vec<usize>> {
    let mut albums: HashMap<(String, String), Found> = HashMap::new();
    let track_of = |offer: &Offer| at_identity.get(&offer.content.0).copied();
    for offer in offers.iter().filter(|offer| track_of(offer).is_some()) {
        albums.extend(key(&offer.tags).map(|key| (key, Found::default())));
    }
    for offer in offers {
        let Some(album) = key(&offer.tags).and_then(|key| albums.get_mut(&key)) else { continue };
        album.slots.insert(slot(offer));
        if let Some(track) = track_of(offer) {
            album.planned_slots.insert(slot(offer));
            album.members.insert(track);
        }
    }
    let is_whole = |album: &Found| {
        // A podcast grows for ever, and would be made anew with every episode.
        let grows = |track: &PlannedTrack| matches!(track.shelf, Shelf::Podcast { .. });
        let measured = |track: &usize| {
            planned.get(*track).is_some_and(|track| !is_trusted(track, purpose) && !grows(track))
        };
        (2..=MOST_TRACKS).contains(&album.members.len())
            && album.slots == album.planned_slots
            && album.members.iter().all(measured)
    };
    let whole = albums.into_values().filter(is_whole).map(|album| album.members.into_iter().collect());
    let mut whole: Vec<Vec<usize>> = whole.collect();
    whole.sort_unstable();
    whole
}

/// A copied MP3 that brings a gain keeps what it brings, its album's included, unless its frames get another volume.
fn is_trusted(track: &PlannedTrack, purpose: LoudnessUse) -> bool {
    let applied = matches!(purpose, LoudnessUse::Apply { .. });
    track.copy_mp3 && !applied && track.tags.track_gain.is_some()
}

fn key(tags: &TagSet) -> Option<(String, String)> {
    let folded = |text: &str| text.trim().to_lowercase();
    let album = folded(tags.album.as_deref()?);
    let artist = match (tags.compilation, tags.album_artists.is_empty()) {
        (true, _) => String::new(),
        (false, false) => folded(&tags.album_artists.join(", ")),
        (false, true) => folded(&tags.artists.join(", ")),
    };
    (!album.is_empty()).then_some((artist, album))
}

fn slot(offer: &Offer) -> Slot {
    let tags = &offer.tags;
    let title = tags.title.as_deref().filter(|_| tags.track_number.is_none()).unwrap_or_default();
    (tags.disc_number, tags.track_number, title.trim().to_lowercase())
}
