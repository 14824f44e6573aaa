//! Which planned tracks make up a whole album, so that it has a loudness of its own.
//!
//! An album is whole when every track of it that your sources hold is planned. A few liked songs of one are none: their
//! gain would change with every further song, and all would have to be made anew. A whole album changes only when it
//! becomes one or a track is added to the sources, and is made anew then.
//!
//! Tracks that this run does not name, and that stay on the player for other lists, count as planned: else a run of one
//! list would make its tracks anew, out of proportion to the others of their album, and the next run of all would make
//! them once more. And tracks that find no room on the player do not count: a run of one list would not count them either.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use ferrotape_audio::LoudnessUse;
use ferrotape_device::{Profile, Shelf};
use ferrotape_domain::{Offer, TagSet};

use super::planned_tracks::copies_mp3;
use super::step_1_plan::PlannedTrack;

/// More tracks than this are kept open at once only in vain; no album has so many.
const MOST_TRACKS: usize = 200;

/// A track's place on its album: disc, number, and title where it has no number.
type Slot = (Option<u32>, Option<u32>, String);

#[derive(Default)]
struct Found<'o> {
    slots: BTreeSet<Slot>,
    /// Those that are filled after this run.
    filled: BTreeSet<Slot>,
    members: BTreeSet<usize>,
    /// By content.
    staying: BTreeMap<&'o str, &'o Offer>,
}

/// What is planned, and what of the player this run leaves as it is.
pub(super) struct AfterRun<'a> {
    pub(super) planned: &'a [PlannedTrack],
    /// The planned tracks by content.
    pub(super) at_identity: &'a HashMap<String, usize>,
    /// Contents of what stays on the player for other lists.
    pub(super) staying: &'a HashSet<String>,
    /// Planned tracks that find no room.
    pub(super) no_room: &'a HashSet<usize>,
    pub(super) profile: &'a Profile,
}

/// A whole album.
pub(super) struct Whole<'o> {
    /// Indices of planned tracks, at least one.
    pub(super) tracks: Vec<usize>,
    /// Its tracks that are not planned, and stay on the player.
    pub(super) staying: Vec<&'o Offer>,
}

/// The whole albums of two tracks and more of which something is planned.
pub(super) fn whole_albums<'o>(
    after: &AfterRun<'_>,
    offers: &'o [Offer],
    purpose: LoudnessUse,
) -> Vec<Whole<'o>> {
    let AfterRun { planned, at_identity, staying, no_room, profile } = *after;
    let mut albums: HashMap<(String, String), Found<'o>> = HashMap::new();
    let track_of =
        |offer: &Offer| at_identity.get(&offer.content.0).copied().filter(|track| !no_room.contains(track));
    for offer in offers.iter().filter(|offer| track_of(offer).is_some()) {
        albums.extend(key(&offer.tags).map(|key| (key, Found::default())));
    }
    for offer in offers {
        let Some(album) = key(&offer.tags).and_then(|key| albums.get_mut(&key)) else { continue };
        album.slots.insert(slot(offer));
        if let Some(track) = track_of(offer) {
            album.filled.insert(slot(offer));
            album.members.insert(track);
        } else if staying.contains(&offer.content.0) {
            album.filled.insert(slot(offer));
            album.staying.insert(&offer.content.0, offer);
        }
    }
    let is_whole = |album: &Found<'o>| {
        // A podcast grows for ever, and would be made anew with every episode.
        let grows = |track: &PlannedTrack| matches!(track.shelf, Shelf::Podcast { .. });
        let measured = |track: &usize| {
            planned
                .get(*track)
                .is_some_and(|track| !is_trusted((track.copy_mp3, &track.tags), purpose) && !grows(track))
        };
        let was_measured =
            |offer: &&Offer| !is_trusted((copies_mp3(profile, &offer.facts), &offer.tags), purpose);
        (2..=MOST_TRACKS).contains(&(album.members.len() + album.staying.len()))
            && album.slots == album.filled
            && album.members.iter().all(measured)
            && album.staying.values().all(was_measured)
    };
    let whole = albums.into_values().filter(is_whole).map(|album| Whole {
        tracks: album.members.into_iter().collect(),
        staying: album.staying.into_values().collect(),
    });
    let mut whole: Vec<Whole<'o>> = whole.collect();
    whole.sort_unstable_by(|a, b| a.tracks.cmp(&b.tracks));
    whole
}

/// A copied MP3 that brings a gain keeps what it brings, its album's included, unless its frames get another volume.
fn is_trusted((copy_mp3, tags): (bool, &TagSet), purpose: LoudnessUse) -> bool {
    let applied = matches!(purpose, LoudnessUse::Apply { .. });
    copy_mp3 && !applied && tags.track_gain.is_some()
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
